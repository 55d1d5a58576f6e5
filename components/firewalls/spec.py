"""The shape of an Azure Firewall: one section of a stack file, one argument of a component."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.references import NetworkKey
from components.spec import Cidr, Host, Spec, refuse
from planning import names
from planning.problems import Path


class AdmissionSpec(Spec):
    """Hosts that ranges may reach, besides what the stack's own compute needs."""

    sources: Annotated[list[Cidr], Field(min_length=1, description="Ranges that the traffic comes from.")]
    hosts: Annotated[list[Host], Field(min_length=1, description="Hosts, each with `*.` for all below a domain.")]
    port: Annotated[int, Field(ge=1, le=64000, description="443 and others are HTTPS, 80 is HTTP.")] = 443


class FirewallSpec(Spec):
    """One firewall in the subnet AzureFirewallSubnet of its network [FW-SUBNET].

    It admits what the clients need whose subnets route to it, and what ``admissions`` say; everything else is denied.
    """

    network: Annotated[NetworkKey, Field(description="Key of the network that has the subnet AzureFirewallSubnet.")]
    tier: Annotated[Literal["Standard", "Premium"], Field(description="Another tier is another policy.")] = "Standard"
    zones: Annotated[
        list[Literal["1", "2", "3"]], Field(description="Zones that it spreads over. Fixed. Left out, none.")
    ] = []
    dns_proxy: Annotated[bool, Field(description="Answer the name queries of networks that name it as a server.")] = (
        True
    )
    threat_intelligence: Annotated[
        Literal["Off", "Alert", "Deny"], Field(description="What happens to traffic with known malicious hosts.")
    ] = "Deny"
    admissions: Annotated[dict[str, AdmissionSpec], Field(description="Further hosts that are admitted, by name.")] = {}
    protect: Annotated[
        bool, Field(description="Refuses deletion and replacement. To do so: false, up, then change.")
    ] = True

    @model_validator(mode="after")
    def _names_are_rules(self) -> Self:
        refuse(self._problems())
        return self

    def _problems(self) -> Iterator[tuple[Path, str]]:
        for name in self.admissions:
            problem = names.SECURITY_RULE.problem(name)
            if problem:
                yield ("admissions", name), problem
