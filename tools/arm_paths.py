"""Writes local_azure/generic/paths.json: the ARM type and path of every resource class of the installed SDK.

The Python SDK contains the inputs and the API version of a class, but not its ARM type. Azure's published types contain the
resource types of a provider at a version, and their bodies. This module combines both, and needs a checkout of
https://github.com/Azure/bicep-types-az:

    ./moorings types ../bicep-types-az --paths

A class belongs to the type of its version whose body accepts its inputs and whose name is most similar; the remaining inputs
are the segments of the path. Nested classes without the `properties` container of their object are recorded as flattened.
"""

from __future__ import annotations

import difflib
import json
import re
import subprocess
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any, Final

from local_azure.arm_types_build import package_folder
from local_azure.plugin.sdk_source import Property, Source, head, without_wrappers
from tools.arm_nesting import Nesting
from tools.published_arm import Class, Published

Json = dict[str, Any]

TARGET: Final = Path(__file__).resolve().parents[1] / "local_azure" / "generic" / "paths.json"
REPOSITORY: Final = "https://github.com/Azure/bicep-types-az"
GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
"""Prefix that the table omits from paths."""
_VERSION = re.compile(r"Uses Azure REST API version ([\w-]+)\.")
_CLASS = re.compile(r"^class (\w+)\(pulumi\.CustomResource\)", re.MULTILINE)
_SCOPES: Final = (
    "scope",
    "scopeId",
    "resourceUri",
    "resourceId",
    "resourceScope",
    "parentResourceId",
    "connectedMachineResourceUri",
)
_MANAGEMENT: Final = ("managementGroupId", "managementGroupName", "groupId")
_TENANT_BIT, _MANAGEMENT_BIT, _SUBSCRIPTION_BIT, _GROUP_BIT, _EXTENSION_BIT = 1, 2, 4, 8, 16
_PLACED: Final = frozenset({"resourceGroupName", "subscriptionId"})
_ENOUGH: Final = 2.0
_ENOUGH_AT_HOME: Final = 0.8
"""Minimum score of a match: the name or the inputs of the class must indicate the type."""


def classes(folder: Path) -> Iterator[Class]:
    """Yield every resource class with an API version; the others belong to the provider itself and have no ARM type."""
    for path in sorted(folder.glob("*/*.py")):
        text = path.read_text(encoding="utf-8")
        found, version = _CLASS.search(text), _VERSION.search(text)
        if not found or not version:
            continue
        source, name = Source(path), found[1]
        arguments = next(each for each in (f"{name}InitArgs", f"{name}Args") if each in source)
        outputs = frozenset(item.name for item in source.properties(name))
        yield Class(path.parent.name, name, version[1], source.properties(arguments), outputs)


class Library:
    """The published types of a checkout, by API version."""

    def __init__(self, checkout: Path) -> None:
        self._files: dict[str, list[Path]] = {}
        for path in checkout.glob("generated/*/*/*/types.json"):
            self._files.setdefault(path.parent.name, []).append(path)

    @lru_cache(maxsize=64)  # noqa: B019 - one library exists as long as the process
    def of(self, version: str) -> tuple[Published, ...]:
        """Return the resource types of a version without duplicates."""
        found: dict[str, Published] = {}
        for path in sorted(self._files.get(version, ())):
            types = json.loads(path.read_text(encoding="utf-8"))
            for entry in types:
                if entry["$type"] == "ResourceType":
                    body = types[int(entry["body"]["$ref"].rpartition("/")[2])]
                    for each in _variants(entry, types, body):
                        found.setdefault(f"{each.name}/{each.fixed}".lower(), each)
        return tuple(found.values())

    @cache  # noqa: B019 - as above
    def near(self, version: str, namespace: str) -> tuple[str, ...]:
        """Return the versions at which a provider publishes types, in order of their distance to a version."""
        known = {v for v, paths in self._files.items() if any(p.parts[-3] == namespace for p in paths)}
        day = date.fromisoformat(version[:10])
        return tuple(sorted(known, key=lambda v: (abs((date.fromisoformat(v[:10]) - day).days), v)))

    def constant(self, name: str, version: str) -> str:
        """Return the fixed name of resources of a type at a version; empty for any other type."""
        return next((t.constant for t in self.of(version) if t.name.lower() == name.lower()), "")


def _variants(entry: Json, types: list[Json], body: Json) -> Iterator[Published]:
    """Yield the type of an entry; if its body depends on the name, one type for each name."""
    name, scopes = entry["name"].partition("@")[0], entry.get("writableScopes", 0)
    whole = Published(name, types, body, scopes)
    if body.get("discriminator") != "name":
        yield whole
        return
    base = body.get("baseProperties", {})
    for fixed, reference in body["elements"].items():
        variant = whole.at(reference)
        members = {**base, **variant.get("properties", {})}
        yield Published(name, types, {"$type": "ObjectType", "properties": members}, scopes, fixed)


def singular(word: str) -> str:
    """Return a word in the singular, such as `policy` for `policies`, in lower case with letters and digits only."""
    plain = re.sub(r"[^a-z0-9]", "", word.lower())
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("ses", "se"), ("s", "")):
        if plain.endswith(ending) and not plain.endswith("ss"):
            return plain.removesuffix(ending) + instead
    return plain


@cache
def likeness(left: str, right: str) -> float:
    """Return the similarity of two names, from 0 to 1."""
    if left == right:
        return 1.0
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio()


def named(parameter: str, segment: str) -> float:
    """Return how well an input matches a segment of a path, such as `vmName` and `virtualMachines`."""
    stem = re.sub(r"(Resource)?(Name|Id|Guid)$", "", parameter) or parameter
    if stem in ("name", "resource"):
        return 0.7
    initials = "".join(re.findall(r"^[a-z]|[A-Z]", segment)).lower()
    return max(likeness(singular(stem), singular(segment)), 0.9 if stem.lower() == initials else 0.0)


def _is_text(item: Property) -> bool:
    node = without_wrappers(item.annotation)
    return head(node) in ("str", "Union")


def _name_score(cls: Class, published: Published) -> float:
    words = [singular(word) for word in (*published.words, *filter(None, [published.fixed]))]
    name = singular(cls.name)
    best = max(likeness(name, "".join(words[start:])) for start in range(len(words)))
    return best + (0.5 if best == 1.0 else 0.0)


def place(cls: Class, published: Published, library: Library, version: str) -> tuple[float, str] | None:
    """Return the score of a class for a type, and its path; None if the class lacks inputs for the path."""
    namespace, body = published.name.split("/")[0], published.flat()
    taken = {item.name for item in cls.inputs}
    free = {i.name: not i.optional for i in cls.inputs if _is_text(i) and i.name not in body | _PLACED}
    free |= {i.name: not i.optional for i in cls.inputs if _is_text(i) and i.name not in cls.outputs | _PLACED}
    prefix, used = _scope(published, taken)
    if prefix is None:
        return None
    words = published.words
    fixed = {n: library.constant("/".join((namespace, *words[: n + 1])), version) for n in range(len(words) - 1)}
    fixed[len(words) - 1] = published.constant
    options = [name for name in free if name not in used]
    # Some classes have an input for a name that is fixed, such as `blobServicesName`.
    fixed = {n: "" if any(named(name, words[n]) > 0.9 for name in options) else name for n, name in fixed.items()}
    wanted = [n for n in range(len(words)) if not fixed[n]]
    if len(options) < len(wanted):
        options += _repeated(cls, [words[n] for n in wanted], {*options, *used})[: len(wanted) - len(options)]
        free |= {i.name: not i.optional for i in cls.inputs}
    if len(options) < len(wanted):
        fixed, wanted = _with_defaults(words, fixed, wanted, len(options))
    best = max(_orders(options, wanted, words, free), default=None)
    if best is None:
        return None
    segments = [fixed[n] or "{" + best[1][wanted.index(n)] + "}" for n in range(len(words))]
    path = prefix + "".join(f"/{word}/{segment}" for word, segment in zip(words, segments, strict=True))
    known = taken & body
    leftover = taken - body - {"resourceGroupName", *used, *best[1]}
    fit = (len(known) - len(leftover)) / max(1, len(known) + len(leftover))
    same = singular(namespace.partition(".")[2]) == singular(cls.module)
    score = fit + 2 * _name_score(cls, published) + best[0] / max(1, len(wanted)) + (0.3 if same else 0)
    return score - 0.2 * (len(options) - len(wanted)), path


def _repeated(cls: Class, words: list[str], without: set[str]) -> list[str]:
    """Return inputs that match a segment and are also members of the body; some bodies repeat the name of a parent."""
    texts = [item.name for item in cls.inputs if item.name not in without and _is_text(item)]
    close = {name: max(named(name, word) for word in words) for name in texts}
    return sorted((name for name in texts if close[name] > 0.8), key=lambda name: -close[name])


def _with_defaults(
    words: list[str], fixed: dict[int, str], wanted: list[int], count: int
) -> tuple[dict[int, str], list[int]]:
    """Name inner segments without an input `default`, starting with the outermost inner segment."""
    inner = [n for n in wanted if 0 < n < len(words) - 1] or [n for n in wanted if n > 0]
    for n in inner[: len(wanted) - count]:
        fixed = {**fixed, n: "default"}
    return fixed, [n for n in wanted if not fixed[n]]


def _orders(
    options: list[str], wanted: list[int], words: list[str], required: dict[str, bool]
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Yield every assignment of inputs to segments with its score; outer segments need required inputs."""
    if len(options) > 9:
        options = [name for name in options if name.endswith(("Name", "Id", "name"))][:9]
    for order in permutations(options, len(wanted)):
        if all(required[name] for name in order[:-1]):
            yield sum(named(name, words[n]) for name, n in zip(order, wanted, strict=True)), order


def _scope(published: Published, taken: set[str]) -> tuple[str | None, set[str]]:
    """Return the path before the type, and the inputs in it; None if the type does not support the scope."""
    namespace = published.name.split("/")[0]
    if "resourceGroupName" in taken:
        return f"{GROUP}{namespace}", set()
    scope = next((name for name in _SCOPES if name in taken), "")
    if scope and published.scopes & _EXTENSION_BIT:
        return f"/{{{scope}}}/providers/{namespace}", {scope}
    group = next((name for name in _MANAGEMENT if name in taken), "")
    if group and published.scopes & _MANAGEMENT_BIT and namespace != "Microsoft.Management":
        return f"/providers/Microsoft.Management/managementGroups/{{{group}}}/providers/{namespace}", {group}
    if published.scopes & _SUBSCRIPTION_BIT:
        return f"/subscriptions/{{subscriptionId}}/providers/{namespace}", set()
    if published.scopes & _TENANT_BIT or not published.scopes:
        return f"/providers/{namespace}", set()
    return (f"/subscriptions/{{subscriptionId}}/providers/{namespace}", set()) if published.scopes else (None, set())


def best_place(cls: Class, library: Library, namespaces: Collection[str] = ()) -> tuple[Published, str] | None:
    """Return the type of a class and its path; None if no published type matches.

    With `namespaces`, the providers of the module's other classes, types of the nearest versions are considered too.
    """
    found: list[tuple[float, str, Published]] = []
    for version, published in _candidates(cls, library, namespaces):
        placed = place(cls, published, library, version)
        if placed is not None:
            found.append((*placed, published))
    best = max(found, key=lambda each: each[0], default=None)
    enough = _ENOUGH_AT_HOME if namespaces else _ENOUGH
    return (best[2], best[1]) if best is not None and best[0] >= enough else None


def _candidates(cls: Class, library: Library, namespaces: Collection[str]) -> Iterator[tuple[str, Published]]:
    for published in library.of(cls.version):
        if namespaces and published.name.split("/")[0].lower() not in namespaces:
            continue
        if _name_score(cls, published) >= 0.45 or published.namespace == cls.module:
            yield cls.version, published
    for namespace in namespaces:
        for version in library.near(cls.version, namespace)[:2]:
            for published in library.of(version):
                if published.name.split("/")[0].lower() == namespace:
                    yield version, published


def paths(library: Library, known: Iterable[Class]) -> Iterator[tuple[Class, Published, str]]:
    """Yield every class with an ARM type, with its type and path."""
    homes: dict[str, Counter[str]] = {}
    left: list[Class] = []
    for cls in sorted(known, key=lambda each: each.version):
        found = best_place(cls, library)
        if found is None:
            left.append(cls)
            continue
        homes.setdefault(cls.module, Counter())[found[0].name.split("/")[0].lower()] += 1
        yield cls, *found
    for cls in left:
        home = [name for name, _ in homes.get(cls.module, Counter()).most_common(2)] or [f"microsoft.{cls.module}"]
        found = best_place(cls, library, home)
        if found is not None:
            yield cls, *found


def rewrite(checkout: Path) -> list[str]:
    """Write the table from a checkout of bicep-types-az, and return the classes without an ARM type.

    Raises:
        CalledProcessError: the folder is not a checkout.
    """
    git = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    known = tuple(classes(package_folder()))
    written: dict[str, dict[str, str]] = {}
    nesting = Nesting(package_folder())
    for cls, published, path in paths(Library(checkout), known):
        written.setdefault(cls.module, {})[cls.name] = path.removeprefix(GROUP)
        nesting.add(cls, published)
    table = {
        "source": f"{REPOSITORY} {commit}",
        "paths": {module: dict(sorted(found.items())) for module, found in sorted(written.items())},
        "flattened": nesting.flattened(),
        "top": nesting.top(),
    }
    TARGET.write_text(json.dumps(table, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")
    return [f"{cls.module}:{cls.name}" for cls in known if cls.name not in written.get(cls.module, {})]
