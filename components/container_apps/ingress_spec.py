"""The shape of the ingress of an app: how it is reached, from where, and by which revisions."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from components.spec import Spec, held_to
from planning import networks
from planning.container_apps import HTTP_PORTS, suffix_problem
from planning.problems import Path

Port = Annotated[int, Field(ge=1, le=65535)]

RevisionSuffix = Annotated[
    str, held_to(suffix_problem), WithJsonSchema({"type": "string", "pattern": "^[a-z0-9](-?[a-z0-9])*$"})
]


def _range(text: str) -> str:
    if not networks.is_range(text):
        raise ValueError(f"{text!r} is not an address or a range; write one such as 203.0.113.0/24 [CAE-12]")
    return text


class IpRuleSpec(Spec):
    """A rule that allows or denies a range; all rules of an app have the same action [CAE-12]."""

    range: Annotated[str, AfterValidator(_range), Field(description="An address, or a range such as 203.0.113.0/24.")]
    action: Literal["Allow", "Deny"] = "Allow"


class TrafficSpec(Spec):
    """The share of requests of a revision."""

    weight: Annotated[int, Field(ge=0, le=100)]
    revision: Annotated[
        RevisionSuffix | None, Field(description="Suffix of the revision, such as v2. Default: the latest revision.")
    ] = None
    label: str | None = None


class IngressSpec(Spec):
    """Ingress of an app. By default HTTPS only, and within the environment only."""

    target_port: Port
    external: Annotated[
        bool, Field(description="Reachable from outside the environment: its network, or the internet.")
    ] = False
    transport: Literal["auto", "http", "http2", "tcp"] = "auto"
    exposed_port: Annotated[Port | None, Field(description="Port that clients of a tcp transport use.")] = None
    allow_insecure: Annotated[bool, Field(description="Serve plain HTTP instead of redirecting to HTTPS.")] = False
    sticky_sessions: bool = False
    client_certificates: Literal["ignore", "accept", "require"] = "ignore"
    ip_rules: dict[str, IpRuleSpec] = {}
    traffic: list[TrafficSpec] = []

    @property
    def port(self) -> int:
        """The port that clients of a tcp transport use: the target port unless another one is exposed [CAE-25]."""
        return self.target_port if self.exposed_port is None else self.exposed_port

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.exposed_port is not None and self.transport != "tcp":
            yield ("exposed_port",), f"{self.exposed_port} goes with transport tcp only, not {self.transport} [CAE-12]"
        if self.transport == "tcp":
            yield from self._tcp_problems()
        if len({rule.action for rule in self.ip_rules.values()}) > 1:
            yield ("ip_rules",), "some allow and some deny; give all the same action [CAE-12]"
        total = sum(share.weight for share in self.traffic)
        if self.traffic and total != 100:
            yield ("traffic",), f"weights come to {total}; make them 100 [CAE-13]"

    def _tcp_problems(self) -> Iterator[tuple[Path, str]]:
        """Settings and ports that only HTTP has."""
        stated: dict[str, object] = {
            "client_certificates": self.client_certificates if self.client_certificates != "ignore" else None,
            "sticky_sessions": self.sticky_sessions or None,
            "allow_insecure": self.allow_insecure or None,
        }
        for member, value in stated.items():
            if value is not None:
                shown = "true" if value is True else value
                message = f"{shown} is a setting of HTTP and has no effect with transport tcp"
                yield (member,), f"{message}; remove it, or write transport: auto [CAE-12]"
        for index, share in enumerate(self.traffic):
            if share.label is not None:
                message = f"{share.label}, but revisions have no labels with transport tcp; remove it"
                yield ("traffic", str(index), "label"), f"{message} [CAE-25]"
        if self.port in HTTP_PORTS:
            member = "target_port" if self.exposed_port is None else "exposed_port"
            message = f"{self.port} is a port of HTTP ingress, which tcp cannot expose; state another exposed_port"
            yield (member,), f"{message}, such as {8000 + self.port} [CAE-25]"
