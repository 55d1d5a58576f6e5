"""The shape of a stated resource group; a group that is not stated has a name of this project."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.interfaces.spec import ResourceSpec
from components.spec import Region, held_to, settings_of_others
from planning.names import RESOURCE_GROUP as RULE
from planning.problems import Path
from planning.resource_ids import RESOURCE_GROUP


class ResourceGroupSpec(ResourceSpec):
    """One resource group by its role, such as ``registry`` or ``network-westeurope``.

    With ``id`` the group is made elsewhere: resources are put in it, and it is neither changed nor deleted.
    """

    arm_type: ClassVar[str] = "Microsoft.Resources/resourceGroups"

    id: Annotated[
        Annotated[str, MadeElsewhere(RESOURCE_GROUP)] | None,
        Field(description="A resource group made elsewhere, in the subscription of the stack."),
    ] = None
    name: Annotated[
        Annotated[str, held_to(RULE.problem)] | None,
        Field(description="Name in Azure. Roles with one name share one group. Another name replaces what is in it."),
    ] = None
    location: Annotated[
        Region | None,
        Field(description="Region of the group. Default: of its role; with a name, the stack's home location."),
    ] = None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id",))
