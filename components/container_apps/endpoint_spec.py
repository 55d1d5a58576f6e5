"""The shape of a private endpoint of a Container Apps environment."""

from typing import Annotated, ClassVar

from pydantic import Field

from components.interfaces.spec import ResourceSpec
from components.references import NetworkKey, SubnetKey, ZoneKey


class EndpointSpec(ResourceSpec):
    """A private endpoint of the environment."""

    arm_type: ClassVar[str] = "Microsoft.Network/privateEndpoints"

    network: NetworkKey
    subnet: SubnetKey
    dns_zone: Annotated[
        ZoneKey | None,
        Field(
            description="Its zone, by key or id. Default: one shared by the region's environments; none if others write the "
            "records of private endpoints."
        ),
    ] = None
