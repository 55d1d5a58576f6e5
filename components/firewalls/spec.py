"""The shape of an Azure Firewall: one section of a stack file, one argument of a component."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.interfaces.spec import LoggingResourceSpec
from components.references import NetworkKey
from components.spec import Address, Cidr, Host, Spec, settings_of_others
from planning import names
from planning.problems import Path
from planning.resource_ids import FIREWALL, FIREWALL_POLICY


class AdmissionSpec(Spec):
    """Hosts that ranges may reach, besides what the stack's own compute needs."""

    sources: Annotated[list[Cidr], Field(min_length=1, description="Ranges that the traffic comes from.")]
    hosts: Annotated[list[Host], Field(min_length=1, description="Hosts, each with `*.` for all below a domain.")]
    port: Annotated[int, Field(ge=1, le=64000, description="443 and others are HTTPS, 80 is HTTP.")] = 443


class FirewallSpec(LoggingResourceSpec):
    """One firewall in the subnet AzureFirewallSubnet of its network [FW-SUBNET].

    It admits what the clients need whose subnets route to it, and what ``admissions`` say; everything else is denied.
    With ``policy`` it has the rules of a policy made elsewhere and none of this stack. With ``id`` it is made elsewhere.
    """

    arm_type: ClassVar[str] = "Microsoft.Network/azureFirewalls"

    id: Annotated[
        Annotated[str, MadeElsewhere(FIREWALL)] | None,
        Field(description="A firewall made elsewhere, in any subscription."),
    ] = None
    address: Annotated[
        Address | None, Field(description="With id: its private address, to which routes that name it lead.")
    ] = None
    network: Annotated[
        NetworkKey | None, Field(description="Key of the network that has the subnet AzureFirewallSubnet.")
    ] = None
    policy: Annotated[
        Annotated[str, MadeElsewhere(FIREWALL_POLICY)] | None,
        Field(description="A policy made elsewhere, with all rules of the firewall; this stack then makes none."),
    ] = None
    base_policy: Annotated[
        Annotated[str, MadeElsewhere(FIREWALL_POLICY)] | None,
        Field(description="A policy made elsewhere whose rules come before those of this stack. Fixed."),
    ] = None
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

    @property
    def admits(self) -> bool:
        """Whether the rules of the firewall are made by this stack."""
        return self.id is None and self.policy is None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id", "address"))
        if self.id is None and self.network is None:
            yield (), "a firewall of this stack needs a network; state it, or give the id of a firewall made elsewhere"
        if self.id is None and self.address is not None:
            yield ("address",), "Azure gives it to a firewall of this stack; remove it [FW-ADDRESS]"
        if self.id is not None and self.address is None:
            yield ("address",), "is missing: state the private address of the firewall, to which routes lead"
        for name in ("base_policy", "admissions", "dns_proxy", "threat_intelligence") if self.policy else ():
            if name in self.model_fields_set:
                yield (name,), "is a setting of the policy, which is made elsewhere and is not changed; remove it"
        for name in self.admissions:
            problem = names.SECURITY_RULE.problem(name)
            if problem:
                yield ("admissions", name), problem
