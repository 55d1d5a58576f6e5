"""The shape of virtual networks: one section of a stack file, one argument of a component."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from components.elsewhere import MadeElsewhere, is_elsewhere
from components.interfaces.spec import LoggingResourceSpec
from components.references import NatGatewayKey, NetworkKey, RouteTableKey
from components.spec import Address, Cidr, Region, Spec, held_to
from planning import names, networks
from planning.addresses import usable
from planning.problems import Path
from planning.resource_ids import APPLICATION_GROUP, NETWORK, SECURITY_GROUP

SubnetPurpose = Literal["private_endpoints", "general"]


Delegation = Literal[
    "Microsoft.App/environments",
    "Microsoft.App/sandboxGroups",
    "Microsoft.ContainerInstance/containerGroups",
    "Microsoft.ContainerService/managedClusters",
    "Microsoft.ServiceNetworking/trafficControllers",
]
"""Services that need a delegated subnet [NET-7]."""


Ports = Annotated[str, held_to(networks.ports_problem)]


Peer = Annotated[str, held_to(networks.peer_problem)]
SecurityGroupId = Annotated[str, MadeElsewhere(SECURITY_GROUP, only=False)]


def _is_a_key(peer: object) -> object:
    """Refuse a peering with options among the keys, with the field that takes them."""
    if isinstance(peer, Mapping):
        raise ValueError(
            "takes the key of a network; state options of a peering under peerings, by that key: {hub: {…}}"
        )
    return peer


PeerKey = Annotated[NetworkKey, BeforeValidator(_is_a_key)]
ApplicationGroupId = Annotated[str, MadeElsewhere(APPLICATION_GROUP)]


class SecurityRuleSpec(Spec):
    """One rule of a subnet's network security group [NSG-1]."""

    description: Annotated[str | None, Field(max_length=140, description="What the rule is for.")] = None
    priority: Annotated[
        int, Field(ge=100, le=4096, description="Unique within a direction; lower numbers are evaluated first.")
    ]
    direction: Literal["Inbound", "Outbound"]
    access: Literal["Allow", "Deny"]
    protocol: Literal["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"] = "Tcp"
    source: Annotated[Peer | None, Field(description="A range, a service tag, or * for any source.")] = None
    sources: Annotated[list[Peer], Field(description="Several ranges, instead of source.")] = []
    source_groups: Annotated[
        list[ApplicationGroupId], Field(description="Groups of interfaces, instead of source.")
    ] = []
    source_ports: list[Ports] = ["*"]
    destination: Annotated[Peer | None, Field(description="A range, a service tag, or * for any destination.")] = None
    destinations: Annotated[list[Peer], Field(description="Several ranges, instead of destination.")] = []
    destination_groups: Annotated[
        list[ApplicationGroupId], Field(description="Groups of interfaces, instead of destination.")
    ] = []
    destination_ports: Annotated[list[Ports], Field(min_length=1)]

    def _problems(self) -> Iterator[tuple[Path, str]]:
        for side in ("source", "destination"):
            keys = [key for key in (side, f"{side}s", f"{side}_groups") if getattr(self, key)]
            if len(keys) != 1:
                found = f"{' and '.join(keys)} are stated" if keys else "none is stated"
                yield (
                    (keys[-1] if keys else side,),
                    f"expected one of {side}, {side}s and {side}_groups, {found}; state one [NSG-1]",
                )
            tags = [each for each in getattr(self, f"{side}s") if not networks.is_range(each)]
            if tags:
                yield (
                    (f"{side}s",),
                    f"{tags[0]!r} is no range, and a list takes ranges only; write it as {side} [NSG-1]",
                )


class SubnetSpec(Spec):
    """One subnet.

    A subnet of this stack states its ``prefix``. A subnet of a network made elsewhere may state ``free_addresses``
    instead: the number that is free without this stack. Without it the ledger says *undetermined*, never *fits*.
    """

    short_forms: ClassVar[tuple[str, ...]] = ("size", "addresses", "reserved")

    prefix: Cidr | None = None
    purpose: SubnetPurpose = "general"
    free_addresses: Annotated[int, Field(ge=0)] | None = None
    delegation: Annotated[
        Delegation | None,
        Field(description="The service that the subnet is delegated to; it excludes all others."),
    ] = None
    default_outbound_access: Annotated[
        bool, Field(description="Whether virtual machines get default outbound access to the internet.")
    ] = False
    private_endpoint_network_policies: Annotated[
        Literal["Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"],
        Field(description="Network policies that apply to private endpoints in the subnet; Azure's default is none."),
    ] = "Disabled"
    route_table: Annotated[RouteTableKey | None, Field(description="Key of the table that routes what leaves it.")] = (
        None
    )
    nat_gateway: Annotated[
        NatGatewayKey | None, Field(description="Key of the NAT gateway by which it reaches the internet.")
    ] = None
    service_endpoints: Annotated[
        list[Annotated[str, Field(pattern=r"^Microsoft\.[A-Za-z.]+$")]],
        Field(description="Services, such as Microsoft.Storage, that are reached from it by its own address."),
    ] = []
    network_security_group: Annotated[
        SecurityGroupId | None,
        Field(description="Left out, one of its own. The ARM id of one made elsewhere, or none."),
    ] = None
    security_group_name: Annotated[
        Annotated[str, held_to(names.NETWORK_SECURITY_GROUP.problem)] | None,
        Field(description="Name of its own network security group in Azure. Default: made of the keys."),
    ] = None
    security_rules: Annotated[
        dict[str, SecurityRuleSpec], Field(description="Rules by name, in the subnet's network security group.")
    ] = {}

    @property
    def own_security_group(self) -> bool:
        """Whether the stack makes a network security group for it, if its name takes one."""
        return self.network_security_group is None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        named = self.network_security_group
        if named is not None and named != "none" and not is_elsewhere(named):
            yield (
                ("network_security_group",),
                f"{named} is neither the ARM id of one made elsewhere nor none; write one of the two",
            )
        for key in ("security_rules", "security_group_name"):
            if getattr(self, key) and not self.own_security_group:
                yield (key,), "are for a group that the stack makes; remove them, or network_security_group"
        taken: dict[tuple[str, int], str] = {}
        for rule_name, rule in self.security_rules.items():
            other = taken.setdefault((rule.direction, rule.priority), rule_name)
            if other != rule_name:
                message = f"{rule.priority} is used by {other}, also {rule.direction}; give each rule its own [NSG-1]"
                yield ("security_rules", rule_name, "priority"), message


class PeeringSpec(Spec):
    """This network's side of a peering; the other network states its own [NET-PEERING]."""

    name: Annotated[
        Annotated[str, held_to(names.VIRTUAL_NETWORK_LINK.problem)] | None,
        Field(description="Name of this side in Azure. Default: made of the keys of both networks."),
    ] = None
    forwarded_traffic: Annotated[
        bool, Field(description="Take traffic that comes from beyond the other network, such as from a firewall in it.")
    ] = False
    gateway_transit: Annotated[bool, Field(description="Let the other network use this one's gateway.")] = False
    use_remote_gateways: Annotated[bool, Field(description="Use the other network's gateway.")] = False


class NetworkSpec(LoggingResourceSpec):
    """One virtual network, in the region that its key names unless ``location`` says otherwise.

    With ``id`` the network was made elsewhere: it is used but never changed, and its subnets may state their free
    addresses.
    """

    arm_type: ClassVar[str] = "Microsoft.Network/virtualNetworks"

    name: Annotated[
        Annotated[str, held_to(names.VIRTUAL_NETWORK.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another network."),
    ] = None
    location: Region | None = None
    id: (
        Annotated[
            str, MadeElsewhere(NETWORK), Field(description="A virtual network made elsewhere, in any subscription.")
        ]
        | None
    ) = None
    address_space: list[Cidr] = []
    subnets: Annotated[dict[str, SubnetSpec], Field(min_length=1)]
    dns_servers: Annotated[
        list[Address],
        Field(description="Name servers of the network, such as a firewall or a resolver. Left out, Azure's own."),
    ] = []
    exclusive: Annotated[
        bool,
        Field(
            description="Whether subnets and security rules made elsewhere are deleted. Default: such an update is refused."
        ),
    ] = False
    peers: Annotated[
        list[PeerKey],
        Field(description="Keys of networks to peer with; both directions are created, naming one is enough."),
    ] = []
    peerings: Annotated[
        dict[NetworkKey, PeeringSpec],
        Field(description="By the key of a network to peer with: what this network's side of the peering allows."),
    ] = {}

    @property
    def peered(self) -> tuple[str, ...]:
        """Keys of the networks that it states to be peered with."""
        return tuple(dict.fromkeys((*self.peers, *self.peerings)))

    @property
    def outside(self) -> bool:
        """Whether the network is made elsewhere."""
        return self.id is not None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        """Fields of the other kind of network, and missing ones of this kind."""
        if not self.outside and not self.address_space:
            yield (), "a network of this stack needs an address_space such as [10.0.0.0/16]; or give the id of one"
        for key in ("exclusive", "dns_servers", "tags", "name") if self.outside else ():
            if getattr(self, key):
                yield (key,), "the network is made elsewhere (it has an id) and is not changed; remove it"
        for key, subnet in self.subnets.items():
            path = ("subnets", key)
            yield from _at_odds_with_its_name(path, key, subnet)
            problem = names.SUBNET.problem(key)
            if problem:
                yield path, problem
            if not self.outside and subnet.prefix is None:
                yield path, "a subnet of this stack needs a prefix, such as 10.0.0.0/27, or a size, such as /27"
            if not self.outside and subnet.free_addresses is not None:
                yield (
                    (*path, "free_addresses"),
                    f"{subnet.free_addresses} is for networks made elsewhere (with an id); remove it, the ledger computes it",
                )
            most = usable(subnet.prefix.prefixlen) if subnet.prefix is not None else None
            if self.outside and most is not None and (subnet.free_addresses or 0) > most:
                yield (
                    (*path, "free_addresses"),
                    f"{subnet.free_addresses} in {subnet.prefix}, which has {most} at most; state those that are free [NET-2]",
                )
            for kept in _OF_OUR_SUBNETS if self.outside else ():
                if getattr(subnet, kept):
                    yield (*path, kept), "the network is made elsewhere (it has an id) and is not changed; remove them"


_OF_OUR_SUBNETS = (
    *("security_rules", "security_group_name", "route_table", "nat_gateway", "service_endpoints"),
    "network_security_group",
)
"""What only a subnet that this stack makes can have."""


def _at_odds_with_its_name(path: Path, key: str, subnet: SubnetSpec) -> Iterator[tuple[Path, str]]:
    """Settings that a reserved subnet name excludes."""
    if subnet.security_rules and not networks.takes_security_group(key):
        yield (*path, "security_rules"), f"{key} supports no network security group; remove them [POL-SUBNETS]"
    if subnet.delegation and networks.is_reserved(key):
        yield (*path, "delegation"), f"{key} is reserved for {networks.reserved_for(key)}; remove it [NET-RESERVED]"
    if subnet.purpose == "private_endpoints" and networks.is_reserved(key):
        message = f"{key} is reserved for {networks.reserved_for(key)} and cannot have private endpoints; remove it"
        yield (*path, "purpose"), f"{message} [PE-SUBNET]"
