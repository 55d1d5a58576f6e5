"""The shape of route tables and NAT gateways: two sections of a stack file, two arguments of components."""

from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.interfaces.spec import ResourceSpec
from components.references import FirewallKey
from components.spec import Address, Cidr, Region, Spec, held_to, settings_of_others
from planning import names
from planning.problems import Path
from planning.resource_ids import NAT_GATEWAY, ROUTE_TABLE

NextHop = Literal["VirtualAppliance", "VirtualNetworkGateway", "VnetLocal", "Internet", "None"]

DEFAULT_ROUTE = IPv4Network("0.0.0.0/0")


class RouteSpec(Spec):
    """One route: where traffic to a range goes [RT-1]."""

    prefix: Cidr
    next_hop: Annotated[NextHop, Field(description="What the traffic is sent to. None drops it.")] = "VirtualAppliance"
    address: Annotated[
        Address | None,
        Field(description="Private address of the appliance, such as a firewall's."),
    ] = None

    firewall: Annotated[
        FirewallKey | None, Field(description="Key of a firewall of this stack, instead of address.")
    ] = None
    planned: Annotated[
        bool,
        Field(
            description="Whether the route is not created yet, while its firewall already admits what will be routed to it. "
            "`./moorings plan` states it."
        ),
    ] = False

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.planned and self.firewall is None:
            yield (
                ("planned",),
                "is for a route to a firewall of this stack, which admits beforehand; remove it [FW-ORDER]",
            )
        stated = [key for key in ("address", "firewall") if getattr(self, key) is not None]
        if self.next_hop == "VirtualAppliance" and not stated:
            yield ("address",), "VirtualAppliance needs the private address of the appliance; state it [RT-1]"
        if self.next_hop != "VirtualAppliance" and stated:
            yield (stated[0],), f"{self.next_hop} has no {stated[0]}; remove it, or write VirtualAppliance [RT-1]"
        if len(stated) > 1:
            yield ("firewall",), "is stated beside an address; keep one of the two"


class RouteTableSpec(ResourceSpec):
    """A route table that subnets name.

    With ``id`` it is made elsewhere, and ``routes`` says which routes it has.
    """

    arm_type: ClassVar[str] = "Microsoft.Network/routeTables"

    id: Annotated[
        Annotated[str, MadeElsewhere(ROUTE_TABLE)] | None, Field(description="A route table made elsewhere.")
    ] = None
    name: Annotated[
        Annotated[str, held_to(names.ROUTE_TABLE.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another table."),
    ] = None
    location: Annotated[Region | None, Field(description="Region of its subnets. Left out, the home region.")] = None
    routes: Annotated[dict[str, RouteSpec], Field(description="Routes by name.")] = {}
    exclusive: Annotated[
        bool, Field(description="Whether routes made elsewhere are deleted. Default: such an update is refused.")
    ] = False
    propagate_gateway_routes: Annotated[
        bool, Field(description="Whether the routes that gateways learn apply too. Fixed to off for forced tunnels.")
    ] = True

    @property
    def has_known_routes(self) -> bool:
        """Whether the routes are those of the table; unknown for a table made elsewhere that states none."""
        return self.id is None or "routes" in self.model_fields_set

    @property
    def default_route(self) -> RouteSpec | None:
        """The route of everything that no other route has; None where Azure's own applies."""
        route = self.next_default_route
        return None if route and route.planned else route

    @property
    def next_default_route(self) -> RouteSpec | None:
        """The same, also if it is planned only."""
        return next((route for route in self.routes.values() if route.prefix == DEFAULT_ROUTE), None)

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id", "location", "routes"))
        taken: dict[IPv4Network, str] = {}
        for name, route in self.routes.items():
            path = ("routes", name)
            problem = names.ROUTE.problem(name)
            if problem:
                yield path, problem
            other = taken.setdefault(route.prefix, name)
            if other != name:
                yield (*path, "prefix"), f"{route.prefix} is the range of {other} too; keep one [RT-1]"


class NatGatewaySpec(ResourceSpec):
    """A NAT gateway that subnets name, with a prefix of public addresses of its own [NAT-1].

    With ``id`` it is made elsewhere.
    """

    arm_type: ClassVar[str] = "Microsoft.Network/natGateways"

    id: Annotated[
        Annotated[str, MadeElsewhere(NAT_GATEWAY)] | None, Field(description="A NAT gateway made elsewhere.")
    ] = None
    name: Annotated[
        Annotated[str, held_to(names.NAT_GATEWAY.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another gateway."),
    ] = None
    public_prefix_name: Annotated[
        Annotated[str, held_to(names.PUBLIC_IP_PREFIX.problem)] | None,
        Field(
            description="Name of its public IP prefix in Azure. Default: made of key and size. Another size needs another."
        ),
    ] = None
    location: Annotated[Region | None, Field(description="Region of its subnets. Left out, the home region.")] = None
    public_prefix: Annotated[
        Literal["/28", "/29", "/30", "/31"],
        Field(
            description="Size of its public prefix: /28 has 16 addresses, /31 has 2. Another size is another prefix."
        ),
    ] = "/31"
    zone: Annotated[
        Literal["1", "2", "3"] | None, Field(description="Zone of the gateway. Left out, Azure chooses one.")
    ] = None
    idle_timeout_minutes: Annotated[int, Field(ge=4, le=120, description="After which idle connections end.")] = 4

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from settings_of_others(self, except_for=("id", "location"))
