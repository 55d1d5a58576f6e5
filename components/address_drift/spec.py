"""The shape of address drift: the networks whose container groups are followed, their zones, and who resolves them."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from components.references import NetworkKey, WorkspaceKey
from components.spec import Region, Spec, held_to, refuse
from planning import names

ZONE_NAME = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$"


class SpokeSpec(Spec):
    """One network whose container groups are followed; reverse zones follow from their subnets."""

    zone: Annotated[
        str,
        Field(pattern=ZONE_NAME, description="Private DNS zone in which each group is NAME.ZONE, with an A record."),
    ]
    links: Annotated[
        list[NetworkKey],
        Field(
            description="Keys of the networks that resolve the names and addresses; a reverse lookup in a network without a link "
            "finds nothing. Default: the network itself."
        ),
    ] = []


class AddressDriftSpec(Spec):
    """A function app that keeps A and PTR records of container groups right whenever an address changes [DRIFT-1]."""

    location: Annotated[Region | None, Field(description="Region of the app. Default: the home region.")] = None
    spokes: Annotated[
        dict[NetworkKey, SpokeSpec],
        Field(min_length=1, description="Networks whose container groups are followed, by key."),
    ]
    ttl_seconds: Annotated[int, Field(ge=1, le=86400, description="Time to live of the records.")] = 30
    actions: Annotated[
        bool,
        Field(description="Whether restarts, starts and stops trigger it too, not only writes and deletions."),
    ] = True
    workspace: Annotated[
        WorkspaceKey | None,
        Field(description="Key of the workspace for traces and the tracker's findings. Default: neither is kept."),
    ] = None
    deployed: Annotated[
        bool,
        Field(
            description="Whether the app's package is deployed: Event Grid accepts a function as a destination only then. "
            "Apply with false, deploy as the output `deploy` says, then set true and apply again."
        ),
    ] = False
    function_app: Annotated[
        Annotated[str, held_to(names.FUNCTION_APP.problem)] | None,
        Field(description="Name of the app, unique in Azure. Default: func-NAME-ENVIRONMENT-drift."),
    ] = None
    storage_account: Annotated[
        Annotated[str, held_to(names.STORAGE_ACCOUNT.problem)] | None,
        Field(description="Name of its storage account, unique in Azure. Default: derived from name and environment."),
    ] = None

    @model_validator(mode="after")
    def _zones_are_apart(self) -> Self:
        seen: dict[str, str] = {}
        problems = []
        for key, spoke in self.spokes.items():
            other = seen.setdefault(spoke.zone, key)
            if other != key:
                message = f"{spoke.zone} is the zone of {other}; give each network its own [DRIFT-4]"
                problems.append((("spokes", key, "zone"), message))
        refuse(problems)
        return self
