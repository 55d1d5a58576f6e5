"""What `reach` is asked, and its answers as lines and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local_azure import outages
from local_azure.reach.consumers import (
    PULL,
    Consumer,
    Place,
    PullsError,
    host_of,
    in_arm,
    places,
    sign_in_of,
    stated,
)
from local_azure.reach.estate import Estate
from local_azure.reach.resolution import resolve
from local_azure.reach.verdict import FAILS, UNDETERMINED, WORKS, Verdict, judge
from local_azure.store import Store

_SHOWN = {WORKS: "works", FAILS: "FAILS", UNDETERMINED: "unknown"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        source: id of a consumer, or of where it is; empty for every consumer.
        image: image instead of the consumers' own; of a name resolution, the host or an image of it.
        action: what the consumers want to do; empty for what each of them does.
    """

    source: str = ""
    image: str = ""
    action: str = ""


def snapshot(store: Store) -> Estate:
    """Return what a store holds now."""
    return Estate(store.every(), store.allocations(), outages.down(store.connection))


def consumers(estate: Estate, document: Any, question: Question) -> list[Consumer]:
    """Return who is asked about: all consumers, or those of one source, with the image and action of the question.

    Raises:
        PullsError: the document has another shape, or the source does not exist.
    """
    everybody = [*in_arm(estate), *(stated(estate, document) if document is not None else ())]
    found = [each for each in everybody if _concerned(each, question.source)]
    if question.source and not found:
        found = [_newcomer(estate, question)]
    if question.image:
        # One line for each consumer, not one for each image that it has besides.
        found = list({each.id: each.of(question.image, each.action) for each in found}.values())
    return [each.of(each.image, question.action or each.action) for each in found]


def _concerned(consumer: Consumer, source: str) -> bool:
    wanted = source.lower().rstrip("/")
    inside = {consumer.id.lower(), *(p.subnet for p in consumer.places), *(p.network for p in consumer.places)}
    return not wanted or wanted in inside or any(key.startswith(f"{wanted}/") for key in inside)


def _newcomer(estate: Estate, question: Question) -> Consumer:
    """Return a consumer at a place where none is yet."""
    source = estate.get(question.source)
    if source is None:
        raise PullsError(f"there is no {question.source}")
    if not question.image:
        raise PullsError(f"nothing pulls from {question.source}: name an image")
    return Consumer(
        source.id, "place", source.name, question.image, places(estate, source), {"": sign_in_of(estate, source)}
    )


def verdicts(estate: Estate, asked: list[Consumer]) -> list[Verdict]:
    """Judge all of them."""
    return [judge(estate, consumer) for consumer in asked]


def lines(found: list[Verdict]) -> list[str]:
    """Return a line for each consumer, and the count."""
    width = max((len(_subject(v.consumer)) for v in found), default=0)
    shown = [f"{_SHOWN[v.status]:<8}{_subject(v.consumer):<{width}}  {v.consumer.image}{_why(v)}" for v in found]
    return [*shown, summary(found)]


def summary(found: list[Verdict]) -> str:
    """Return the count in one line, such as `pulls: 14 of 14 work`."""
    words = {v.consumer.action for v in found} or {PULL}
    noun = f"{next(iter(words))}es" if words == {"push"} else "pulls" if words == {PULL} else "pulls and pushes"
    return f"{noun}: {sum(v.broken is None for v in found)} of {len(found)} work"


def _subject(consumer: Consumer) -> str:
    return f"{consumer.kind} {consumer.name}{'' if consumer.action == PULL else f' ({consumer.action})'}"


def _why(verdict: Verdict) -> str:
    broken = verdict.broken
    return f"\n        {broken.link}: {broken.message}\n        {broken.resource}".rstrip() if broken else ""


def rows(found: list[Verdict]) -> list[dict[str, Any]]:
    """Return the same as objects."""
    return [
        {
            "id": v.consumer.id,
            "kind": v.consumer.kind,
            "name": v.consumer.name,
            "image": v.consumer.image,
            "action": v.consumer.action,
            "status": v.status,
            **({"link": v.broken.link, "resource": v.broken.resource, "message": v.broken.message} if v.broken else {}),
        }
        for v in found
    ]


def resolutions(estate: Estate, asked: list[Consumer]) -> list[dict[str, Any]]:
    """Return what the host of each consumer's image resolves to from each of its places."""
    rows: list[dict[str, Any]] = []
    for consumer in asked:
        host = host_of(consumer.image) if "/" in consumer.image else consumer.image.lower()
        rows += [_resolution(estate, consumer, host, place) for place in consumer.places]
    return rows


def _resolution(estate: Estate, consumer: Consumer, host: str, place: Place) -> dict[str, Any]:
    answer = resolve(estate, host, place)
    broken = answer.problem
    return {
        "name": consumer.name,
        "place": place.subnet or place.network or place.owner,
        "host": host,
        "address": answer.address or ("" if broken else "public"),
        "resource": broken.resource if broken else answer.record,
        "status": WORKS if broken is None else FAILS if broken.certain else UNDETERMINED,
        **({"link": broken.link, "message": broken.message} if broken else {}),
    }


def resolution_lines(rows: list[dict[str, Any]]) -> list[str]:
    """Return a line for each resolution."""
    return [
        "  ".join((_SHOWN[r["status"]], r["name"], r["host"], r.get("message") or r["address"], r["resource"])).rstrip()
        for r in rows
    ]
