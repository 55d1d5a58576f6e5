"""The description of one environment: every system's spec put together.

Problems within one system are found by that system's spec; problems between systems by `stacks.checks`.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from components.access.spec import GrantSpec
from components.dns.spec import DnsSpec
from components.identity.spec import IdentitySpec
from components.monitoring.spec import MonitoringSpec
from components.network.spec import NetworkSpec
from components.registry.spec import RegistrySpec
from components.spec import Region, Spec, Tags
from planning import names
from planning.clouds import CloudName


def _short_name(name: str) -> str:
    problem = names.SHORT_NAME.problem(name)
    if problem:
        raise ValueError(problem)
    return name


ShortName = Annotated[str, AfterValidator(_short_name)]


class PlanningSpec(Spec):
    """How strictly the plan is held to."""

    addresses: Annotated[
        Literal["refuse", "warn", "off"], Field(description="What a subnet that is short of addresses does to the run.")
    ] = "refuse"


class StackSpec(Spec):
    """One environment, whole."""

    name: Annotated[
        ShortName, Field(description="The workload; part of every name. 2 to 12 lower-case letters, digits.")
    ]
    environment: Annotated[ShortName, Field(description="The environment; part of every name, such as prod.")]
    location: Annotated[Region, Field(description="Home region; a registry's home cannot change after creation.")]
    cloud: Annotated[CloudName, Field(description="Regional endpoints exist in the public cloud only.")] = "public"
    tags: Tags = {}
    planning: PlanningSpec = PlanningSpec()
    networks: Annotated[dict[str, NetworkSpec], Field(description="Virtual networks by key, usually a region.")] = {}
    dns: DnsSpec = DnsSpec()
    registry: RegistrySpec
    identities: Annotated[
        dict[str, IdentitySpec], Field(description="User-assigned identities by key, which grants and workloads name.")
    ] = {}
    access: Annotated[
        dict[str, GrantSpec], Field(description="Who may do what with the registry's content, by a key that stays.")
    ] = {}
    monitoring: MonitoringSpec = MonitoringSpec()
    version_aliases: Annotated[
        Literal["drop", "keep"],
        Field(description="Keep the SDK's aliases of older API versions, for a stack that came from such type tokens."),
    ] = "drop"
