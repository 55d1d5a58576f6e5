"""Another region replaces a resource."""

from collections.abc import Callable

import pulumi

from components.moves import replaced_by_a_move
from components.testing import Recording

Record = Callable[..., Recording]


class Parent(pulumi.ComponentResource):
    def __init__(self) -> None:
        super().__init__("t:t:Parent", "p", None, pulumi.ResourceOptions(transformations=[replaced_by_a_move]))
        own = pulumi.ResourceOptions(parent=self, replace_on_changes=["kind"])
        pulumi.CustomResource("t:t:Placed", "placed", {"location": "eastus"}, own)
        pulumi.CustomResource("t:t:Loose", "loose", {"size": 1}, pulumi.ResourceOptions(parent=self))


def test_what_has_a_location_is_replaced_by_another_one_beside_its_own_properties(record: Record) -> None:
    recording = record(Parent)
    assert recording.named("placed").replace_on_changes == ("kind", "location")


def test_what_has_none_is_left_alone(record: Record) -> None:
    assert record(Parent).named("loose").replace_on_changes == ()
