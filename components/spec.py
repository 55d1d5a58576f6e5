"""The base of every system's spec: frozen and strict, without unknown keys.

A spec is both a section of a stack file and the argument of a component, so each fact about an input is stated once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from planning import images, names, networks, regions
from planning.image_hosts import Choice
from planning.problems import Path


class Spec(BaseModel):
    """Base of all specs.

    Attributes:
        retired_names: former and commonly mistaken keys, and what to write instead.
        short_forms: further keys that a stack file may state; they are written out before the spec is read.
    """

    # Built at first use: a stack file is validated as a whole, so most sections need no validator.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=False, defer_build=True)

    retired_names: ClassVar[Mapping[str, str]] = {}
    short_forms: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _has_no_problem(self) -> Self:
        refuse(self._problems())
        return self

    def _problems(self) -> Iterable[tuple[Path, str]]:
        """Yield what is wrong with the spec beyond the types of its fields: path within it, and message."""
        return ()


_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?")

REFUSED = "refused"
"""Type of the pydantic error of a spec's own problems, which are in its context under ``problems``."""


def refuse(problems: Iterable[tuple[Path, str]]) -> None:
    """Report the problems of a spec, each at its own path.

    Args:
        problems: path within the spec, and the message; none if the spec is valid.

    Raises:
        PydanticCustomError: of type `REFUSED`, where there is a problem.
    """
    found = list(problems)
    if found:
        text = "\n".join(f"{'.'.join(path)}: {message}" if path else message for path, message in found)
        raise PydanticCustomError(REFUSED, "{text}", {"text": text, "problems": found})


def settings_of_others(spec: Spec, *, except_for: Iterable[str]) -> Iterator[tuple[Path, str]]:
    """Yield the fields that a spec with an ``id`` states, although what is made elsewhere is used and never changed.

    Args:
        spec: the entry; nothing is wrong with one without an id.
        except_for: fields that say how to use the resource, or what it is like.
    """
    if "id" in spec.model_fields_set and getattr(spec, "id", None) is not None:
        for name in sorted(spec.model_fields_set - set(except_for)):
            yield (name,), "is a setting of what is made elsewhere (it has an id) and is not changed; remove it"


def held_to(rule: Callable[[str], str | None]) -> AfterValidator:
    """Return the validator of a text field for a rule of `planning`, which returns the problem in one line."""

    def check(text: str) -> str:
        problem = rule(text)
        if problem:
            raise ValueError(problem)
        return text

    return AfterValidator(check)


def _region(name: str) -> str:
    if regions.is_well_formed(name):
        return name
    meant = regions.suggestion(name)
    raise ValueError(
        f"{name!r} is not a region's name; write {meant or 'it as ARM does, such as westeurope'} [REGION-1]"
    )


def _range(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a range; write one such as 10.0.0.0/16")
    return networks.parse(value)


def _tags(tags: dict[str, str]) -> dict[str, str]:
    refuse(((key,), problem) for key, value in tags.items() if (problem := names.tag_problem(key, value)))
    if len(tags) > names.MOST_TAGS:
        raise ValueError(f"{len(tags)} tags, {names.MOST_TAGS} at most; remove some [TAG-1]")
    return tags


def _address(value: object) -> object:
    try:
        return IPv4Address(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError(f"{value!r} is not an IPv4 address; write one such as 10.0.0.4") from None


Address = Annotated[IPv4Address, BeforeValidator(_address), Field(description="An IPv4 address such as 10.0.0.4.")]
ResourceGroup = Annotated[str, held_to(names.RESOURCE_GROUP.problem)]
Region = Annotated[str, AfterValidator(_region), Field(description="An Azure region as ARM names it: westeurope.")]
Cidr = Annotated[IPv4Network, BeforeValidator(_range), Field(description="An IPv4 range such as 10.0.0.0/16.")]
Tags = Annotated[
    dict[str, str], AfterValidator(_tags), Field(description="Tags set on every resource that takes tags.")
]


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise ValueError(
            f"{text!r} is not a host or a pattern; write one without scheme, port or path, such as *.github.com"
        )
    return text


def _secret(value: object) -> SecretStr:
    """A value that the engine decrypted, or that is still encrypted."""
    if isinstance(value, SecretStr):
        return value
    if isinstance(value, dict) and set(value) == {"secure"}:
        return SecretStr("")
    raise ValueError("is in plain text; set it with pulumi config set --secret --path, so that it reads secure: here")


Secret = Annotated[
    SecretStr,
    BeforeValidator(_secret),
    WithJsonSchema({"type": "object", "properties": {"secure": {"type": "string"}}, "required": ["secure"]}),
]


def is_insecure(address: SecretStr) -> bool:
    """Return whether a secret is an address of another scheme than https; a placeholder in a rehearsal has no scheme."""
    scheme, separator, _ = address.get_secret_value().partition("://")
    return bool(separator) and scheme.lower() != "https"


Image = Annotated[
    str,
    held_to(images.image_problem),
    Field(description="repository:tag, or with a digest; the registry's host is prepended, see endpoint."),
]
ImageEndpoint = Annotated[
    Choice | None,
    Field(
        description="regional: images are named with the host of the co-located replica; global: with the host that Azure "
        "routes. Default: what image_endpoints states for the service."
    ),
]
Host = Annotated[str, AfterValidator(_host), Field(description="A host, or *. and a domain for all below it.")]
