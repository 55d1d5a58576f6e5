"""What the fixer of address drift listens to, and the roles that it takes."""

import pytest

from local_azure.services.role_definitions import BUILT_IN
from planning.address_drift import GROUPS, STORAGE, TELEMETRY, ZONES, event_types, subject_prefix
from planning.roles import Role


@pytest.mark.parametrize("role", [STORAGE, GROUPS, ZONES, TELEMETRY], ids=lambda role: role.name)
def test_roles_have_their_published_ids(role: Role) -> None:
    assert BUILT_IN[role.guid] == role.name


def test_writes_and_deletions_are_always_listened_to_and_actions_on_request() -> None:
    written = ["Microsoft.Resources.ResourceWriteSuccess", "Microsoft.Resources.ResourceDeleteSuccess"]
    assert event_types(actions=False) == written
    assert event_types(actions=True) == [*written, "Microsoft.Resources.ResourceActionSuccess"]


def test_only_container_groups_of_the_resource_group_are_listened_to() -> None:
    prefix = subject_prefix("/subscriptions/s/resourceGroups/rg")
    assert prefix == "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/"
