"""Subnets that a description states by size: each gets its range from the address space of its network before specs are read.

``size`` is a prefix length, ``addresses`` the number of addresses that the subnet is to have; a ``prefix`` beside either pins
the range. ``reserved`` keeps a range without a subnet. Ranges are carved in the order in which the file states the subnets.
Therefore all sizes of a network are stated in one place: what is added to a second place would come in the middle of that order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import IPv4Network
from typing import Any, Final

from components.network.spec import SubnetSpec
from planning import networks
from planning.carving import addresses_problem, carve, prefix_length, size_problem
from planning.problems import Path, Problem
from stacks.document import Document, Origin, Place, layer

KEYS: Final = SubnetSpec.short_forms
"""Keys of a subnet that are read here and are not part of the description that comes out."""
SIZE, ADDRESSES, RESERVED = KEYS


def carved(document: Document) -> tuple[Document, list[Problem]]:
    """Return a description in which every subnet with a size has a prefix, and what is wrong with the sizes."""
    described = document.data.get("networks") if isinstance(document.data, dict) else None
    problems: list[Problem] = []
    data: dict[str, Any] = {}
    places: dict[Path, Place] = {}
    for key, network in described.items() if isinstance(described, dict) else ():
        subnets = network.get("subnets") if isinstance(network, dict) else None
        if isinstance(subnets, dict) and any(_is_sized(subnet) for subnet in subnets.values()):
            path = ("networks", key)
            found = list(_problems(document, path, network))
            problems += found or _range_problems(document, path, network, data.setdefault(key, {}), places)
    if not data or problems:
        return document, problems
    over = {"networks": {key: {"subnets": subnets} for key, subnets in data.items()}}
    return layer(document, Document(over, places)), []


def _is_sized(subnet: object) -> bool:
    return isinstance(subnet, dict) and bool(set(KEYS) & set(subnet))


def _problems(document: Document, path: Path, network: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the sizes of one network before anything is carved."""
    sized = {key: subnet for key, subnet in network["subnets"].items() if _is_sized(subnet)}
    for key, subnet in sized.items():
        at = (*path, "subnets", key)
        if "id" in network and _carved_by(subnet):
            yield Problem(
                at, "the network is made elsewhere (it has an id); state the prefix that the subnet has there"
            )
        yield from _wrong_values(at, subnet)
        if subnet.get(RESERVED) is True and set(subnet) - {*KEYS, "prefix"}:
            rest = ", ".join(sorted(set(subnet) - {*KEYS, "prefix"}))
            yield Problem(
                (*at, RESERVED), f"true keeps a range without a subnet, which has no {rest}; remove one of the two"
            )
    by_size = [key for key in sized if _carved_by(sized[key])]
    yield from _other_places(document, path, by_size)
    if "id" in network or not by_size:
        return
    space = network.get("address_space")
    if not isinstance(space, list) or not space:
        yield Problem(path, "subnets are carved from an address_space; state it, such as [10.0.0.0/16]")
    for index, text in enumerate(space if isinstance(space, list) else ()):
        problem = _range_problem(text)
        if problem:
            yield Problem((*path, "address_space", str(index)), problem)


def _wrong_values(at: Path, subnet: Mapping[str, Any]) -> Iterator[Problem]:
    if SIZE in subnet and (problem := size_problem(subnet[SIZE])):
        yield Problem((*at, SIZE), problem)
    if ADDRESSES in subnet and (problem := addresses_problem(subnet[ADDRESSES])):
        yield Problem((*at, ADDRESSES), problem)
    if SIZE in subnet and ADDRESSES in subnet:
        yield Problem((*at, ADDRESSES), "is stated beside a size; keep one of the two")
    if not isinstance(subnet.get(RESERVED, False), bool):
        yield Problem((*at, RESERVED), f"expected true or false, got {subnet[RESERVED]!r}; write one of the two")
    if not {SIZE, ADDRESSES, "prefix"} & set(subnet):
        yield Problem((*at, RESERVED), "a range needs a size; state one, such as /24")
    if "prefix" in subnet and (problem := _range_problem(subnet["prefix"])):
        yield Problem((*at, "prefix"), problem)


def _range_problem(text: object) -> str | None:
    if not isinstance(text, str):
        return f"expected a range, got {text!r}; write one such as 10.0.0.0/16"
    try:
        networks.parse(text)
    except ValueError as error:
        return str(error)
    return None


def _carved_by(subnet: Mapping[str, Any]) -> str | None:
    """The key that decides how much is carved; None for a subnet that states its range."""
    return None if "prefix" in subnet else next((key for key in (SIZE, ADDRESSES) if key in subnet), None)


def _other_places(document: Document, path: Path, keys: list[str]) -> Iterator[Problem]:
    """Sizes outside the map that states the first size of the network."""
    first: tuple[object, ...] | None = None
    for key in keys:
        subnet = document.data[path[0]][path[1]]["subnets"][key]
        at = (*path, "subnets", key, str(_carved_by(subnet)))
        place = document.places.get(at)
        if place is None:
            continue
        stated = (place.file, (place.origin.path if place.origin else at)[:-2])
        first = first or stated
        if stated != first:
            message = (
                f"the sizes of {path[1]} are stated in {first[0]} under {'.'.join(map(str, first[1]))}, where a later subnet "
                "would move this one; state it there, or give it a prefix"
            )
            yield Problem(at, message)


def _range_problems(
    document: Document, path: Path, network: Mapping[str, Any], changes: dict[str, Any], places: dict[Path, Place]
) -> list[Problem]:
    """Replace the sizes of a network's subnets by ranges, and return the problems of those that have no room.

    Args:
        document: the description.
        path: path of the network.
        network: the network, whose sizes are in order.
        changes: takes what is to be laid over the subnets, by key.
        places: takes the places of that.
    """
    subnets: dict[str, Any] = network["subnets"]
    space = [networks.parse(text) for text in network.get("address_space") or () if _range_problem(text) is None]
    wanted: dict[str, IPv4Network | int] = {}
    for key, subnet in subnets.items():
        if _is_sized(subnet) and "prefix" not in subnet:
            wanted[key] = prefix_length(subnet.get(SIZE), subnet.get(ADDRESSES))
        elif isinstance(subnet, dict) and _range_problem(subnet.get("prefix")) is None:
            wanted[key] = networks.parse(subnet["prefix"])
    problems = []
    for (key, asked), prefix in zip(wanted.items(), carve(space, wanted.values()), strict=True):
        at, subnet = (*path, "subnets", key), subnets[key]
        if prefix is None:
            inside = ", ".join(map(str, space))
            message = (
                f"{inside} has no room for a /{asked} after the subnets before it; take a smaller one, or add a range"
            )
            problems.append(Problem(at, f"{message} [NET-3]"))
        elif subnet.get(RESERVED) is True:
            changes[key] = None
        elif _is_sized(subnet):
            # None removes a key in the merge: the spec of a subnet has a prefix and no size.
            changes[key] = {each: None for each in KEYS if each in subnet}
            by = _carved_by(subnet)
            if by:
                changes[key]["prefix"] = str(prefix)
                places[*at, "prefix"] = _place(document, (*at, by), str(prefix))
    return problems


def _place(document: Document, size: Path, text: str) -> Place:
    """The place of a range: that of the size by which it was carved."""
    place = document.place(size) or Place("", 0)
    region = place.origin.region if place.origin else None
    return replace(place, text=text, quoted=False, origin=Origin(place.origin.path if place.origin else size, region))
