"""The questions of `./moorings init`. Each has a default and a rule, and can be answered by an option instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final

from planning import names, networks, regions
from planning.resource_ids import ResourceId, problem
from planning.roles import LEGACY
from tools.new_stack.project import Project, Shared

REGISTRY_TYPE: Final = "Microsoft.ContainerRegistry/registries"
WHAT: Final = {
    "clusters": "Kubernetes clusters",
    "apps": "a Container Apps environment with an app and a job",
    "sessions": "session pools",
    "sandboxes": "sandbox groups",
    "groups": "container groups",
}
"""What can run in each region, with a description for the question."""

_NOTHING = "nothing"
_FURTHER = ("eastus", "westeurope", "southeastasia")
_NAMES = ("dev", "test", "staging", "prod")
_NETWORK_PREFIX = 16
SMALLEST_NETWORK: Final = 22
"""Longest prefix of a network in which all subnets of a template fit (chosen)."""


@dataclass(frozen=True)
class Template:
    """A kind of stack that a new file starts from.

    Attributes:
        file: name of its template, without suffixes.
        title: what it describes, in a few words.
        regions: number of regions by default; 0 for those of the shared registry.
        what: what runs in each region by default.
    """

    file: str
    title: str
    regions: int
    what: tuple[str, ...] = ()


TEMPLATES: Final = {
    "one-region": Template("regions", "a registry and its network in one region", 1),
    "three-regions": Template("regions", "a replica, a network and an endpoint in each region", 3),
    "hub-and-spoke": Template("hub-and-spoke", "a hub with a firewall, and a spoke in each region", 2, ("apps",)),
    "workload": Template("workload", "workloads that pull from the registry of another stack", 0, ("apps",)),
    "everything": Template("regions", "three regions with every kind of compute", 3, tuple(WHAT)),
}
"""The templates by the name that `--from` takes."""


@dataclass(frozen=True)
class Answers:
    """The answers to all questions, from which the templates are rendered.

    Attributes:
        stack: name of the stack, and of its environment.
        template: name of the template.
        name: name of the workload.
        regions: the regions, the home region first.
        what: what runs in each region.
        networks: the range of each network, in the order of the regions; that of a hub comes first.
        registry: name of the registry that the stack creates; empty for a shared one.
        shared: the registry of another stack.
    """

    stack: str
    template: str
    name: str
    regions: tuple[str, ...]
    what: tuple[str, ...]
    networks: tuple[IPv4Network, ...]
    registry: str = ""
    shared: Shared | None = None

    @property
    def home(self) -> str:
        """The home region."""
        return self.regions[0]

    @property
    def zones(self) -> list[str]:
        """Availability zones of the home region."""
        return regions.zones_of(self.home)

    @property
    def hub_range(self) -> IPv4Network:
        """Range of the hub."""
        return self.networks[0]

    @property
    def ranges(self) -> dict[str, IPv4Network]:
        """Range of the network of each region."""
        return dict(zip(self.regions, self.networks[-len(self.regions) :], strict=True))


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        key: name of the answer, and of its option.
        text: the question.
        default: returns the answer that Enter gives, or an empty text if there is none.
        parse: returns the value of an answer, or raises ValueError with what is wrong in one line.
        applies: returns whether the question is asked after the answers so far.
    """

    key: str
    text: str
    default: Callable[[Project, Mapping[str, Any]], str]
    parse: Callable[[Project, Mapping[str, Any], str], Any]
    applies: Callable[[Mapping[str, Any]], bool] = lambda _: True


def _template(so_far: Mapping[str, Any]) -> Template:
    return TEMPLATES[so_far["template"]]


def _first_unused(project: Project, _: Mapping[str, Any]) -> str:
    return next((name for name in _NAMES if name not in project.stacks), "")


def _stack(project: Project, _: Mapping[str, Any], text: str) -> str:
    wrong = names.SHORT_NAME.problem(text)
    if wrong:
        raise ValueError(wrong)
    if project.file(text).exists():
        raise ValueError(f"stacks/{project.file(text).name} exists and is not overwritten; choose another name")
    return text


def _one_of(options: Sequence[str], text: str) -> str:
    if text not in options:
        raise ValueError(f"{text!r} is none of {', '.join(options)}")
    return text


def _short_name(_: Project, __: Mapping[str, Any], text: str) -> str:
    wrong = names.SHORT_NAME.problem(text)
    if wrong:
        raise ValueError(wrong)
    return text


def _first_shared(project: Project, _: Mapping[str, Any]) -> str:
    return next((stack for stack in project.stacks if project.shared(stack)), "")


def _shared(project: Project, _: Mapping[str, Any], text: str) -> Shared:
    if text.startswith("/"):
        wrong, parsed = problem(text, REGISTRY_TYPE), ResourceId.parse(text)
        if wrong or parsed is None:
            raise ValueError(wrong)
        # Azure is not read here: the regions follow from the next answer, and the file says what to compare.
        return Shared(text, parsed.name, "", (), False, True, LEGACY)
    found = project.shared(text)
    if found is None:
        there = ", ".join(stack for stack in project.stacks if project.shared(stack)) or "none"
        raise ValueError(f"{text!r} is no stack with a registry of its own (there are: {there}), and no ARM id of one")
    return found


def _regions_by_default(project: Project, so_far: Mapping[str, Any]) -> str:
    shared: Shared | None = so_far.get("shared")
    if shared and shared.home:
        return ", ".join(shared.regions)
    home = project.inherited("location", _FURTHER[0])
    further = [region for region in _FURTHER if region != home]
    return ", ".join([home, *further][: _template(so_far).regions or 1])


def _regions(_: Project, so_far: Mapping[str, Any], text: str) -> tuple[str, ...]:
    found = [regions.normalise(part) for part in _parts(text)]
    if not found:
        raise ValueError("at least one region is needed, such as westeurope")
    for region in found:
        cloud = next((cloud for cloud, there in regions.REGIONS.items() if cloud != "public" and region in there), None)
        if cloud:
            raise ValueError(
                f"{region} is a region of cloud {cloud}, and the templates are for the public cloud; take a region of that, "
                "then change `cloud` and the regions in the file [REGION-1]"
            )
        if not regions.is_known(region):
            meant = regions.suggestion(region)
            raise ValueError(f"{region} is not a known region{f'; did you mean {meant}?' if meant else ''} [REGION-1]")
        if found.count(region) > 1:
            raise ValueError(f"{region} is named twice")
    shared: Shared | None = so_far.get("shared")
    missing = [region for region in found if shared and shared.home and region not in shared.regions]
    if shared and missing:
        there = ", ".join(shared.regions)
        raise ValueError(f"registry {shared.name} has no replica in {missing[0]}; it is in {there}")
    return tuple(found)


def _registry_by_default(_: Project, so_far: Mapping[str, Any]) -> str:
    return f"{so_far['name']}{so_far['stack']}".ljust(names.REGISTRY.shortest, "0")


def _registry(_: Project, __: Mapping[str, Any], text: str) -> str:
    wrong = names.REGISTRY.problem(text)
    if wrong:
        raise ValueError(wrong)
    return text


def _what(_: Project, __: Mapping[str, Any], text: str) -> tuple[str, ...]:
    chosen = [_one_of([*WHAT, _NOTHING], part) for part in _parts(text)]
    return tuple(each for each in WHAT if each in chosen)


def _count(so_far: Mapping[str, Any]) -> int:
    return len(so_far["regions"]) + (so_far["template"] == "hub-and-spoke")


def _bits(count: int) -> int:
    return (count - 1).bit_length()


def _range_by_default(project: Project, so_far: Mapping[str, Any]) -> str:
    return str(project.free_range(_NETWORK_PREFIX - _bits(_count(so_far))) or "")


def _networks(_: Project, so_far: Mapping[str, Any], text: str) -> tuple[IPv4Network, ...]:
    whole, count = networks.parse(text), _count(so_far)
    length = whole.prefixlen + _bits(count)
    if length > SMALLEST_NETWORK:
        least = SMALLEST_NETWORK - _bits(count)
        each = "a network" if count == 1 else f"{count} networks"
        raise ValueError(f"{whole} is too small for {each} of /{SMALLEST_NETWORK} or larger; give /{least} or larger")
    if not any(whole.subnet_of(private) for private in networks.PRIVATE):
        recommended = ", ".join(map(str, networks.PRIVATE))
        raise ValueError(f"{whole} is public address space; give a range of {recommended} [NET-3]")
    return tuple(whole.subnets(new_prefix=length))[:count]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


QUESTIONS: Final = (
    Question("stack", "Name of the stack", _first_unused, _stack),
    Question(
        "template",
        "Template\n" + "".join(f"  {name:<15} {each.title}\n" for name, each in TEMPLATES.items()) + "Start from",
        lambda *_: "one-region",
        lambda _, __, text: _one_of(list(TEMPLATES), text),
    ),
    Question(
        "name",
        "Name of the workload, part of every name",
        lambda project, _: project.inherited("name", "contoso"),
        _short_name,
    ),
    Question(
        "shared",
        "Stack that creates the registry, or the ARM id of the registry",
        _first_shared,
        _shared,
        lambda so_far: so_far["template"] == "workload",
    ),
    Question("regions", "Regions, the home region first, separated by commas", _regions_by_default, _regions),
    Question(
        "registry",
        "Name of the registry, unique in Azure",
        _registry_by_default,
        _registry,
        lambda so_far: so_far["template"] != "workload",
    ),
    Question(
        "what",
        f"What runs in each region: {', '.join(WHAT)} or {_NOTHING}, separated by commas",
        lambda _, so_far: ", ".join(_template(so_far).what) or _NOTHING,
        _what,
        lambda so_far: so_far["template"] != "everything",
    ),
    Question("networks", "Address range, which is divided among the networks", _range_by_default, _networks),
)
"""Every question, in the order in which they are asked. A default may depend on the answers before it."""


class AnswerError(Exception):
    """An answer is wrong, or one without a default is missing: the key of the question, and the reason in one line."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.key = key


def answers(
    project: Project, given: Mapping[str, str], ask: Callable[[Question, str, Callable[[str], Any]], Any] | None
) -> Answers:
    """Return all answers.

    Args:
        project: the project of the new stack.
        given: answers by key that are not asked for.
        ask: asks a question with its default, and returns the value that its last argument makes of the text; None to
            take the defaults.

    Raises:
        AnswerError: a given answer is wrong or does not apply, or a default does not exist.
    """
    found: dict[str, Any] = {}
    for question in QUESTIONS:
        if not question.applies(found):
            if question.key in given:
                raise AnswerError(question.key, f"does not apply to template {found['template']}")
            if question.key == "what":
                found["what"] = _template(found).what
            continue

        def parse(text: str, question: Question = question) -> Any:
            return question.parse(project, found, text)

        default = given.get(question.key) or question.default(project, found)
        if ask is not None and question.key not in given:
            found[question.key] = ask(question, default, parse)
            continue
        if not default:
            raise AnswerError(question.key, "has no default here; state it")
        try:
            found[question.key] = parse(default)
        except ValueError as error:
            raise AnswerError(question.key, str(error)) from None
    return Answers(**{**found, "shared": _located(found)})


def _located(found: Mapping[str, Any]) -> Shared | None:
    """Return the shared registry; one that only its id describes is taken to be in the regions of the stack."""
    shared: Shared | None = found.get("shared")
    if shared is None or shared.home:
        return shared
    home, *further = found["regions"]
    return Shared(
        shared.reference,
        shared.name,
        home,
        tuple(further),
        shared.regional_endpoints,
        shared.data_endpoints,
        shared.mode,
    )
