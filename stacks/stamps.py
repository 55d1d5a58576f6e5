"""Regions that are described once: a stamp is the description of one region, and is expanded for each before specs are read.

``stamp`` has the sections of a stack file. ``<region>`` in a key or a value stands for the name of the region. ``regions`` lists
the regions; what one of them states besides its address space is laid over its stamp. What the file states in a section itself
is laid over both. The result is the description that one would write by hand; each value has the line that it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from planning import regions
from planning.problems import Path, Problem
from stacks.document import Document, Origin, Place, layer, value_at
from stacks.messages import model_at
from stacks.spec import StackSpec

REGIONS, STAMP = StackSpec.short_forms
ADDRESS_SPACE: Final = "address_space"
PLACEHOLDER: Final = "<region>"

_FOLLOWED: Final = ("location", "network", "environment", "cluster")
"""Keys of an entry that decide its region."""


def stamped(document: Document) -> tuple[Document, list[Problem]]:
    """Return a description with the stamp of every region expanded, and what is wrong with the stamps.

    Args:
        document: a description as files state it.
    """
    data = document.data
    if not isinstance(data, dict) or not {REGIONS, STAMP} & set(data):
        return document, []
    problems = list(_problems(data))
    if problems:
        return document, problems
    expansion = _Expansion(document)
    for region in data[REGIONS]:
        expansion.add(region)
    return expansion.document(), expansion.problems


@cache
def sections_with_location() -> tuple[Path, ...]:
    """Return the paths of the sections whose entries have a ``location``, such as ``("monitoring", "workspaces")``."""
    found: list[Path] = []
    for section in StackSpec.model_fields:
        whole = model_at(StackSpec, (section,))
        for path in [(section, part) for part in whole.model_fields] if whole else [(section,)]:
            entry = model_at(StackSpec, (*path, "*"))
            if entry and "location" in entry.model_fields:
                found.append(path)
    return tuple(found)


def _problems(data: Mapping[str, Any]) -> Iterator[Problem]:
    """What cannot be expanded at all."""
    stamp, listed = data.get(STAMP, {}), data.get(REGIONS)
    if not isinstance(stamp, dict):
        yield Problem((STAMP,), f"expected a map of sections, got {_kind(stamp)}; write one, such as networks")
    if REGIONS not in data:
        yield Problem((STAMP,), f"is used by no region; list the regions under {REGIONS}")
    elif not isinstance(listed, dict):
        yield Problem((REGIONS,), f"expected a map by region, got {_kind(listed)}; write one, such as westeurope: {{}}")
    for region, its in listed.items() if isinstance(listed, dict) else ():
        if not regions.is_well_formed(region):
            meant = regions.suggestion(region) or "it as ARM does, such as westeurope"
            yield Problem((REGIONS, region), f"{region!r} is not the name of a region; write {meant} [REGION-1]")
        if not isinstance(its, dict):
            yield Problem(
                (REGIONS, region), f"expected a map, got {_kind(its)}; write {{}} for a region as the stamp has it"
            )


def _kind(value: object) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "nothing" if value is None else "a list" if isinstance(value, list) else "text"


@dataclass
class _Expansion:
    """The stamps of the regions so far.

    Attributes:
        written: the description as files state it.
        made: what the regions have so far, one laid over the other.
        owners: the region that states a path, for everything that holds no map.
        problems: what is wrong, by the paths of the files.
    """

    written: Document
    made: Document = field(default_factory=lambda: Document({}))
    owners: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, region: str) -> None:
        """Expand the stamp for one region."""
        stamp, own = self._substituted((STAMP,), region), self._own(region)
        self._hold_apart(region, stamp)
        self._hold_apart(region, own)
        whole = layer(stamp, own)
        replicas = ("registry", "replicas")
        in_stamp, in_own = (region in (value_at(part.data, replicas) or ()) for part in (stamp, own))
        if region == self.written.data.get("location") and in_stamp and not in_own:
            # The registry itself is there.
            whole = layer(whole, Document(None).lifted((*replicas, region)))
        self.made = layer(self.made, self._in_region(region, whole))

    def _hold_apart(self, region: str, part: Document) -> None:
        """Refuse what every region would state, and what another region states already."""
        for path in _leaves((), part.data):
            owner = self.owners.setdefault(path, region)
            stated = _stated(part, path)
            if not any(region in key for key in path):
                message = (
                    f"no key of it names the region; write {PLACEHOLDER} in one, or state it outside of {stated[0]}"
                )
                self._refuse(stated, message)
            elif owner != region:
                message = f"{'.'.join(path)} is stated for {owner} and for {region}; give each region a key of its own"
                self._refuse(stated, message)

    def document(self) -> Document:
        """Return the whole description: the sections of the file laid over the stamps."""
        data = {key: value for key, value in self.written.data.items() if key not in (REGIONS, STAMP)}
        return layer(self.made, Document(data, self.written.places))

    def _refuse(self, path: Path, message: str) -> None:
        if not any(problem.path == path for problem in self.problems):
            self.problems.append(Problem(path, message))

    def _own(self, region: str) -> Document:
        """What the region states itself; its address space is that of the network with its name."""
        own = self._substituted((REGIONS, region), region)
        if ADDRESS_SPACE not in own.data:
            return own
        space = own.below((ADDRESS_SPACE,)).lifted(("networks", region, ADDRESS_SPACE))
        place = own.places.get((ADDRESS_SPACE,))
        if place is not None:
            space.places.update({("networks",): place, ("networks", region): place})
        del own.data[ADDRESS_SPACE]
        return layer(space, own)

    def _substituted(self, path: Path, region: str) -> Document:
        """The part of the file at a path with the region's name in the place of the placeholder."""
        places: dict[Path, Place] = {}
        return Document(self._value(value_at(self.written.data, path) or {}, path, (), region, places), places)

    def _value(self, value: Any, stated: Path, path: Path, region: str, places: dict[Path, Place]) -> Any:
        place = self.written.places.get(stated)
        if place is not None:
            text = place.text and place.text.replace(PLACEHOLDER, region)
            places[path] = replace(place, text=text, origin=Origin(stated, region))
        if isinstance(value, dict):
            found: dict[str, Any] = {}
            for key, each in value.items():
                name = key.replace(PLACEHOLDER, region)
                if name in found:
                    self._refuse((*stated, key), f"{name} is stated twice for {region}; keep one")
                found[name] = self._value(each, (*stated, key), (*path, name), region, places)
            return found
        if isinstance(value, list):
            return [
                self._value(each, (*stated, str(i)), (*path, str(i)), region, places) for i, each in enumerate(value)
            ]
        return value.replace(PLACEHOLDER, region) if isinstance(value, str) else value

    def _in_region(self, region: str, whole: Document) -> Document:
        """Every entry that would be in the home region for want of a location is in the stamp's region."""
        for section in sections_with_location():
            entries = value_at(whole.data, section)
            for key, entry in entries.items() if isinstance(entries, dict) else ():
                path = (*section, key)
                if isinstance(entry, dict) and path != ("networks", region) and not set(_FOLLOWED) & set(entry):
                    place = whole.place(path) or Place("", 0)
                    place = replace(place, text=region, origin=Origin(_stated(whole, path), region))
                    location = Document(region, {(): place}).lifted((*path, "location"))
                    whole = layer(whole, location)
        return whole


def _leaves(path: Path, data: Any) -> Iterator[Path]:
    """Paths of everything that is no map with something in it."""
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _leaves((*path, key), value)
    elif path:
        yield path


def _stated(document: Document, path: Path) -> Path:
    """Where the files state what has a path in an expanded description."""
    place = document.place(path)
    return place.origin.path if place and place.origin else path
