"""Ordering: what a whole component comes after."""

from collections.abc import Callable

import pulumi

from components.ordering import comes_after
from components.testing import Recording

Record = Callable[..., Recording]


class Thing(pulumi.CustomResource):
    """A resource of no particular type."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Thing", name, {}, opts)


class Group(pulumi.ComponentResource):
    """A component with one thing in it."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Group", name, None, opts)
        own = pulumi.ResourceOptions(parent=self, ignore_changes=["size"])
        self.thing = Thing(f"{name}-thing", own)
        self.register_outputs({})


def test_what_is_in_a_component_comes_after_what_is_in_another_and_keeps_its_own_options(record: Record) -> None:
    def program() -> None:
        first = Group("first")
        Group("second", pulumi.ResourceOptions(transformations=[comes_after([first])]))

    recording = record(program)
    second = recording.named("second-thing")
    assert recording.urn_of(recording.named("first-thing")) in second.depends_on
    assert second.ignore_changes == ("size",)
    assert not recording.named("first-thing").depends_on
