"""The shape of a private endpoint of a Container Apps environment."""

from typing import Annotated

from pydantic import Field

from components.references import NetworkKey, SubnetKey, ZoneKey
from components.spec import Spec


class EndpointSpec(Spec):
    """A private endpoint of the environment."""

    network: NetworkKey
    subnet: SubnetKey
    dns_zone: Annotated[
        ZoneKey | None,
        Field(
            description="Its zone, by key or id. Default: one shared by the region's environments; none if others write the "
            "records of private endpoints."
        ),
    ] = None
