"""The functions of the package: what `planning` computes, before anything is deployed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv4Network
from typing import Annotated, Any, get_type_hints

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from components.spec import Cidr
from package.casing import as_specs_take_it, camel, pascal
from package.face import argument_texts
from package.platform import PLATFORM
from package.refusals import RefusedError
from package.spec_types import Types, spec_schema
from planning import addresses, endpoints, networks
from planning.carving import carve, size_problem
from planning.clouds import CloudName
from planning.endpoints import RegistryShape
from stacks.egress import clients
from stacks.loader import Stack


class Endpoints(BaseModel):
    """Host names of a registry, and the members of its private endpoints."""

    login_server: Annotated[str, Field(description="The host that Azure routes to a replica near the client.")]
    regional: Annotated[dict[str, str], Field(description="The host of each replica by region; empty where disabled.")]
    data: Annotated[dict[str, str], Field(description="The host of layers by region; empty without data endpoints.")]
    hosts: Annotated[list[str], Field(description="Every host that a client must reach over port 443.")]
    members: Annotated[
        list[str], Field(description="Members of a private endpoint; each takes one address of its subnet.")
    ]


class FittingPrefix(BaseModel):
    """The smallest subnet with room for a number of addresses."""

    prefix_length: Annotated[int, Field(description="Its prefix length, such as 28.")]
    usable: Annotated[int, Field(description="Addresses that it has, less the five that Azure reserves.")]


class SubnetRanges(BaseModel):
    """Ranges carved from an address space."""

    ranges: Annotated[list[str], Field(description="The range of each subnet, in the order in which they are stated.")]


class LedgerRow(BaseModel):
    """One subnet of the address ledger; all counts are addresses."""

    network: Annotated[str, Field(description="Key of the network.")]
    subnet: Annotated[str, Field(description="Key of the subnet.")]
    prefix: Annotated[str | None, Field(description="Its range, if it is known.")]
    need: Annotated[int, Field(description="Addresses in use by what is described.")]
    free: Annotated[int | None, Field(description="The rest, if the capacity is known.")]
    next_replica: Annotated[int, Field(description="Further addresses for one more replica of the registry.")]
    fitting_prefix: Annotated[int, Field(description="Prefix length of the smallest subnet for need and headroom.")]
    verdict: Annotated[str, Field(description="fits, tight, short or undetermined.")]


class Ledger(BaseModel):
    """The address ledger of a description."""

    rows: Annotated[list[LedgerRow], Field(description="Every subnet.")]
    warnings: Annotated[list[str], Field(description="Warnings about the description, one line each.")]


class FirewallHost(BaseModel):
    """What a client must reach outside of its network."""

    client: Annotated[str, Field(description="Such as `cluster eastus`.")]
    region: Annotated[str, Field(description="Where the client runs.")]
    name: Annotated[str, Field(description="A host, a pattern such as *.example.com, or a service tag.")]
    protocol: Annotated[str, Field(description="Https or Http for a host, TCP or UDP for a service tag.")]
    port: Annotated[int, Field(description="Destination port.")]
    purpose: Annotated[str, Field(description="What it is needed for.")]


class FirewallHosts(BaseModel):
    """What the compute of a description must reach outside of its networks."""

    hosts: Annotated[
        list[FirewallHost], Field(description="By client; open new ones before a change, close old ones after it.")
    ]


def get_endpoints(
    name: str,
    regions: list[str],
    regional_endpoints: bool = False,
    dedicated_data_endpoints: bool = True,
    cloud: CloudName = "public",
) -> Endpoints:
    """Compute the host names of a registry, which follow from its name and its regions.

    Args:
        name: name of the registry, or the first label of its login server where that contains a hash.
        regions: home region and regions of replicas.
        regional_endpoints: whether each replica has its own host name.
        dedicated_data_endpoints: whether layers are served by the registry's dedicated data hosts.
        cloud: decides the suffixes.
    """
    shape = RegistryShape(frozenset(regions), regional_endpoints, dedicated_data_endpoints, cloud)
    found = endpoints.endpoints(name, shape)
    return Endpoints(
        login_server=found.global_,
        regional=dict(found.regional),
        data=dict(found.data),
        hosts=list(found.hosts()),
        members=list(endpoints.members(shape)),
    )


def get_fitting_prefix(addresses_needed: Annotated[int, Field(ge=0)]) -> FittingPrefix:
    """Compute the smallest subnet with room for a number of addresses, beside those that Azure reserves.

    Args:
        addresses_needed: how many addresses are to be used.
    """
    length = addresses.fitting_prefix(addresses_needed)
    return FittingPrefix(prefix_length=length, usable=addresses.usable(length))


def get_subnet_ranges(address_space: list[Cidr], subnets: list[str]) -> SubnetRanges:
    """Carve the ranges of subnets from the address space of a network; a subnet that is added at the end moves no other.

    Args:
        address_space: ranges of the network; they are used in this order.
        subnets: the size of each subnet, such as /26, or the range of one that exists.

    Raises:
        RefusedError: a subnet states neither, or there is no room for it.
    """
    wanted: list[IPv4Network | int] = []
    for index, stated in enumerate(subnets):
        problem = size_problem(stated) if stated.startswith("/") else None
        if problem:
            raise RefusedError([(f"subnets[{index}]", problem)])
        wanted.append(int(stated[1:]) if stated.startswith("/") else networks.parse(stated))
    found = carve(address_space, wanted)
    full = [
        (f"subnets[{index}]", f"{subnets[index]} has no room left") for index, each in enumerate(found) if each is None
    ]
    if full:
        raise RefusedError(full)
    return SubnetRanges(ranges=[str(each) for each in found])


def get_ledger(stack: Stack) -> Ledger:
    """Compute for each subnet of a description how many addresses are used, and how many one more replica needs."""
    rows = [
        LedgerRow(
            network=row.subnet.network,
            subnet=row.subnet.name,
            prefix=str(row.subnet.prefix) if row.subnet.prefix else None,
            need=row.need,
            free=row.free,
            next_replica=row.next_replica,
            fitting_prefix=row.fitting_prefix,
            verdict=row.verdict,
        )
        for row in stack.plan.ledger
    ]
    return Ledger(rows=rows, warnings=list(stack.warnings))


def get_firewall_hosts(stack: Stack) -> FirewallHosts:
    """List the hosts, ports and service tags that the compute of a description must reach outside of its networks."""
    return FirewallHosts(hosts=list(_hosts(stack)))


def _hosts(stack: Stack) -> Iterator[FirewallHost]:
    for client in clients(stack.spec, stack.plan, stack.plan.endpoints):
        for each in (*client.registry, *client.own):
            yield FirewallHost(
                client=client.name,
                region=client.region,
                name=each.name,
                protocol=each.protocol,
                port=each.port,
                purpose=each.purpose,
            )


@dataclass(frozen=True)
class Function:
    """One function of the package.

    Attributes:
        token: its token.
        answer: what computes it; its docstring documents it. One that takes a stack has the inputs of a platform.
    """

    token: str
    answer: Callable[..., BaseModel]

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return get_type_hints(self.answer, include_extras=True)

    @property
    def _takes_a_stack(self) -> bool:
        return self._hints.get("stack") is Stack

    def call(self, stated: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer by the names of the package.

        Args:
            stated: arguments by the names of the package.

        Raises:
            RefusedError: an argument is not valid, by its path.
        """
        if self._takes_a_stack:
            return as_programs_take_it(self.answer(PLATFORM.described(stated, None)))
        names = {camel(name): name for name in inspect.signature(self.answer).parameters}
        unknown = [(key, f"is not an argument; there are: {', '.join(names)}") for key in stated if key not in names]
        if unknown:
            raise RefusedError(unknown)
        return as_programs_take_it(
            self.answer(**{names[key]: self._valid(key, names[key], each) for key, each in stated.items()})
        )

    def _valid(self, key: str, name: str, value: Any) -> Any:
        adapter = TypeAdapter(self._hints[name])
        try:
            return adapter.validate_python(as_specs_take_it(value, adapter.json_schema(), {}))
        except ValidationError as error:
            raise RefusedError([(key, detail["msg"]) for detail in error.errors()]) from None

    def schema(self, types: Types) -> dict[str, Any]:
        """Return the schema of the function.

        Args:
            types: takes the types that it refers to.
        """
        result = spec_schema(self._hints["return"])
        outputs = types.properties(result, result.get("$defs", {}), self.token)
        return {
            "description": inspect.cleandoc(self.answer.__doc__ or "").partition("\n")[0],
            "inputs": self._inputs(types),
            "outputs": {
                "type": "object",
                "properties": {name: without_plain(each) for name, each in outputs.items()},
                "required": sorted(camel(each) for each in result.get("required", ())),
            },
        }

    def _inputs(self, types: Types) -> dict[str, Any]:
        if self._takes_a_stack:
            resource = PLATFORM.resource(types)
            return {"type": "object", "properties": resource["inputProperties"], "required": resource["requiredInputs"]}
        module, _, name = self.token.rpartition(":")
        texts = argument_texts(self.answer)
        parameters = inspect.signature(self.answer).parameters.values()
        nodes = {each.name: TypeAdapter(self._hints[each.name]).json_schema() for each in parameters}
        stated = {
            each.name: {
                **nodes[each.name],
                "description": texts[each.name],
                **({} if each.default is each.empty else {"default": each.default}),
            }
            for each in parameters
        }
        return {
            "type": "object",
            "properties": types.properties({"properties": stated}, {}, f"{module}:{pascal(name)}"),
            "required": sorted(camel(each.name) for each in parameters if each.default is each.empty),
        }


def without_plain(node: Any) -> Any:
    """Return the schema of an output, of which `plain` says nothing."""
    if isinstance(node, dict):
        return {key: without_plain(each) for key, each in node.items() if key != "plain"}
    return [without_plain(each) for each in node] if isinstance(node, list) else node


def as_programs_take_it(value: Any) -> Any:
    """Return an answer as plain data, with its fields by the names of the package; keys of maps stay."""
    if isinstance(value, BaseModel):
        fields = {camel(name): as_programs_take_it(getattr(value, name)) for name in type(value).model_fields}
        return {name: each for name, each in fields.items() if each is not None}
    if isinstance(value, list):
        return [as_programs_take_it(each) for each in value]
    return value


FUNCTIONS: tuple[Function, ...] = (
    Function("moorings:planning:getEndpoints", get_endpoints),
    Function("moorings:planning:getFittingPrefix", get_fitting_prefix),
    Function("moorings:planning:getSubnetRanges", get_subnet_ranges),
    Function("moorings:planning:getLedger", get_ledger),
    Function("moorings:planning:getFirewallHosts", get_firewall_hosts),
)
"""Every function."""
