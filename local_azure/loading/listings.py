"""What Azure shows of resources: the answers of a Resource Graph query, of `az resource list` and of GETs, by ARM id.

One file may hold several answers, one after the other. An answer is a query's ``{data: […]}``, a list's ``{value: […]}``, an
array, or one resource. The same resource may be in several; a summary is completed by the body of a GET [ARG-1].
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure.errors import ArmError
from local_azure.resource_id import ResourceId

Json = dict[str, Any]

_LISTS = ("data", "value")
_COLUMNS = ("resourceGroup", "subscriptionId", "tenantId")
"""What Resource Graph adds to a resource, beside members that a resource may have and that are empty [ARG-1]."""


class ListingError(Exception):
    """The file holds no resources as ARM shows them; the message is one line."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A resource as Azure shows it.

    Attributes:
        id: its ARM id, as it is shown.
        body: all that is shown of it, empty members left out.
    """

    id: str
    body: Json

    @property
    def key(self) -> str:
        """Text by which ids are compared: lower case."""
        return self.id.lower()

    @property
    def address(self) -> ResourceId:
        """The parts of the id."""
        return ResourceId.parse(self.id)

    @property
    def type(self) -> str:
        """Its type in lower case, such as microsoft.network/virtualnetworks."""
        return self.address.type.lower()

    @property
    def name(self) -> str:
        """Its name, without those of its parents."""
        return self.address.name

    @property
    def properties(self) -> Json:
        """The properties that are shown; empty for a summary."""
        found = self.body.get("properties")
        return found if isinstance(found, dict) else {}


class Listing:
    """Resources by id, in the order in which they are shown."""

    def __init__(self, resources: Iterable[Listed] = ()) -> None:
        """Take resources; of one that is shown twice, both bodies are kept, and the later value where they differ."""
        self._by_key: dict[str, Listed] = {}
        for each in resources:
            known = self._by_key.get(each.key)
            self._by_key[each.key] = Listed(known.id, _joined(known.body, each.body)) if known else each

    def __iter__(self) -> Iterator[Listed]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, arm_id: str) -> Listed | None:
        """Return a resource by its id, in whatever letter case."""
        return self._by_key.get(arm_id.lower())

    def of_type(self, kind: str) -> list[Listed]:
        """Return the resources of a type, in order."""
        return [each for each in self if each.type == kind.lower()]

    def below(self, arm_id: str, kind: str = "") -> list[Listed]:
        """Return the child and extension resources of one, at any depth; only those of a type if one is given."""
        start = f"{arm_id.lower()}/"
        return [each for each in self if each.key.startswith(start) and (not kind or each.type == kind.lower())]


def read_listing(paths: Sequence[Path]) -> Listing:
    """Read files of resources as ARM shows them.

    Raises:
        ListingError: a file cannot be read, or holds something else.
    """
    found: list[Listed] = []
    for path in paths:
        try:
            documents = list(_documents(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise ListingError(f"{path}: {error.strerror}") from error
        except ValueError as error:
            raise ListingError(f"{path}: not JSON ({error})") from error
        if not documents:
            raise ListingError(f"{path}: is empty; the answer of a query, a list or a GET is expected")
        try:
            found += listed(documents)
        except ListingError as error:
            raise ListingError(f"{path}: {error}") from None
    return Listing(found)


def listed(documents: Iterable[Any]) -> list[Listed]:
    """Return the resources in the answers of queries, lists and GETs.

    Raises:
        ListingError: something in an answer is no resource.
    """
    found: list[Listed] = []
    for document in documents:
        if isinstance(document, list):
            found += listed(document)
            continue
        if not isinstance(document, Mapping):
            raise ListingError(f"{json.dumps(document)[:60]} is no resource; an object with an id is expected")
        rows = next((document[name] for name in _LISTS if isinstance(document.get(name), list)), None)
        if rows is not None and "id" not in document:
            _refuse_a_part(document)
            found += listed(rows)
        else:
            found.append(_resource(document))
    return found


def _refuse_a_part(answer: Mapping[str, Any]) -> None:
    """Raise ListingError for one page of several."""
    more = next((name for name in ("nextLink", "skipToken", "skip_token", "$skipToken") if answer.get(name)), None)
    if more:
        raise ListingError(f"is one page of several (it has {more}); add the others, and remove {more}")


def _resource(shown: Mapping[str, Any]) -> Listed:
    arm_id = shown.get("id")
    try:
        address = ResourceId.parse(str(arm_id or ""))
    except ArmError:
        address = None
    if address is None or address.is_collection:
        described = json.dumps(arm_id) if arm_id else f"an object with {', '.join(map(str, shown)) or 'nothing'}"
        raise ListingError(f"{described} is not the id of a resource; what ARM shows of resources is expected")
    body = {name: item for name, item in shown.items() if name not in _COLUMNS and item not in (None, "", {}, [])}
    return Listed(str(arm_id).rstrip("/"), body)


def _joined(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return {**first, **{name: _joined(first.get(name), item) for name, item in second.items()}}
    return second


def _documents(text: str) -> Iterator[Any]:
    """The JSON documents of a text, one after the other."""
    decoder, at = json.JSONDecoder(), 0
    text = text.removeprefix("\ufeff")
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        document, at = decoder.raw_decode(text, at)
        yield document
