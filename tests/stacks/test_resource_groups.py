"""Resource groups of a stack file: stated names, regions and tags, groups that roles share, and groups made elsewhere."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from components.testing import Recording
from planning.problems import SpecError
from stacks.loader import Session, Stack, load
from tests.stacks.stack_files import Files
from tests.stacks.test_elsewhere import ran

Record = Callable[..., Recording]

OURS = "00000000-0000-0000-0000-000000000001"
"""The subscription that `components.testing` answers for the session."""

GROUP = f"/subscriptions/{OURS}/resourceGroups/rg-platform"
OTHER = "/subscriptions/00000000-0000-0000-0000-00000000000f/resourceGroups/rg-platform"

FILE = """\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: westeurope
    tags: {team: platform}
    networks:
      westeurope:
        address_space: [10.1.0.0/16]
        subnets:
          registry: {prefix: 10.1.0.0/27, purpose: private_endpoints}
    registry:
      name: fabrikamdev
      private_endpoints:
        westeurope: {network: westeurope, subnet: registry}
    identities: {puller: {}}
"""


def nothing(stack: str) -> Mapping[str, Any]:
    raise ValueError(f"the outputs of stack {stack} cannot be read (unknown stack)")


SESSION = Session(nothing, lambda: OURS)


def loaded(files: Files, groups: str) -> Stack:
    files.write(f"{FILE}    resource_groups:\n{groups}")
    return load("test", directory=files.directory, session=SESSION)


def groups_of(recording: Recording) -> dict[str, str]:
    created = recording.of_type("resources:ResourceGroup")
    return {each.inputs["resourceGroupName"]: each.inputs["location"] for each in created}


def test_a_stated_name_takes_the_place_of_the_generated_one(record: Record, files: Files) -> None:
    created = ran(record, loaded(files, "      registry: {name: rg-images}\n"))
    assert "rg-images" in groups_of(created)
    assert "rg-fabrikam-dev-registry" not in groups_of(created)
    (registry,) = created.of_type("containerregistry:Registry")
    assert registry.inputs["resourceGroupName"] == "rg-images"


def test_roles_with_one_name_share_one_group(record: Record, files: Files) -> None:
    stated = "{name: rg-all, location: northeurope, tags: {owner: images}}"
    created = ran(record, loaded(files, f"      registry: {stated}\n      identity: {stated}\n"))
    shared = [
        each for each in created.of_type("resources:ResourceGroup") if each.inputs["resourceGroupName"] == "rg-all"
    ]
    assert len(shared) == 1
    assert shared[0].inputs["location"] == "northeurope"
    assert shared[0].inputs["tags"] == {"team": "platform", "environment": "dev", "owner": "images"}
    (identity,) = created.of_type("managedidentity:UserAssignedIdentity")
    assert identity.inputs["resourceGroupName"] == "rg-all"
    assert identity.inputs["location"] == "westeurope"


def test_a_group_made_elsewhere_is_used_and_not_made(record: Record, files: Files) -> None:
    created = ran(record, loaded(files, f"      network-westeurope: {{id: {GROUP}}}\n"))
    assert set(groups_of(created)) == {"rg-fabrikam-dev-registry", "rg-fabrikam-dev-identity"}
    for kind in ("network:VirtualNetwork", "privatedns:PrivateZone", "privatedns:VirtualNetworkLink"):
        (resource,) = created.of_type(kind)
        assert resource.inputs["resourceGroupName"] == "rg-platform"


@pytest.mark.parametrize(
    ("groups", "refusal"),
    [
        pytest.param(
            "      registrry: {name: rg-images}\n",
            "resource_groups.registrry: there is no role of a resource group 'registrry'; there are: identity, "
            "network-westeurope, registry; did you mean registry?",
            id="unknown role",
        ),
        pytest.param(
            "      monitoring: {name: rg-logs}\n",
            "resource_groups.monitoring: there is no role of a resource group 'monitoring'",
            id="role without a resource",
        ),
        pytest.param(
            f"      registry: {{id: {GROUP}, location: westeurope}}\n",
            "resource_groups.registry.location: is a setting of what is made elsewhere (it has an id) and is not changed",
            id="setting of a group made elsewhere",
        ),
        pytest.param(
            f"      registry: {{id: {GROUP}/providers/Microsoft.Network/virtualNetworks/hub}}\n",
            "is the id of a resource of type Microsoft.Network/virtualNetworks; write that of a resource of type "
            "Microsoft.Resources/resourceGroups [ARM-ID]",
            id="id of another type",
        ),
        pytest.param(
            f"      registry: {{id: {OTHER}}}\n",
            "resource_groups.registry.id: is in subscription 00000000-0000-0000-0000-00000000000f, and this stack works in "
            f"{OURS}",
            id="other subscription",
        ),
        pytest.param(
            "      registry: {name: rg-all}\n      identity: {name: RG-All, location: northeurope}\n",
            "resource_groups.identity.name: RG-All is the group of registry too, with other settings",
            id="one name, two settings",
        ),
        pytest.param(
            "      registry: {name: rg-images.}\n",
            "resource_groups.registry.name: 'rg-images.' is not a name for a resource group",
            id="name that ARM refuses",
        ),
    ],
)
def test_a_group_that_cannot_be_used_is_refused(files: Files, groups: str, refusal: str) -> None:
    with pytest.raises(SpecError) as refused:
        loaded(files, groups)
    assert refusal in str(refused.value)
