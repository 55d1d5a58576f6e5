"""The shape of a registry's webhooks."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from components.spec import Region, Secret, Spec, is_insecure
from planning.names import NameRule
from planning.problems import Path

NAME = NameRule("webhook", re.compile(r"[a-zA-Z0-9]*"), 5, 50, "letters and digits only", "ACR-WEBHOOK")

MOST: Mapping[str, int] = {"Basic": 2, "Standard": 10, "Premium": 500}
"""Webhooks of a registry by SKU [ACR-SKU]."""

_SCOPE = r"^[a-z0-9]+([._/-]+[a-z0-9]+)*(:(\*|[A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?$"


class WebhookSpec(Spec):
    """A webhook: a POST for each event in the repositories of one replica [ACR-WEBHOOK]."""

    service_uri: Annotated[
        Secret, Field(description="Receiver: an https address, set with pulumi config set --secret.")
    ]
    headers: Annotated[
        dict[str, Secret], Field(description="Headers of each request, such as Authorization; set as secrets.")
    ] = {}
    location: Annotated[
        Region | None,
        Field(description="Region of the replica whose events are sent. Default: the home region of the registry."),
    ] = None
    actions: Annotated[
        list[Literal["push", "delete", "quarantine", "chart_push", "chart_delete"]],
        Field(min_length=1, description="Events that are sent."),
    ] = ["push"]
    scope: Annotated[
        str | None,
        Field(
            pattern=_SCOPE,
            description="Repository, repository:tag, or repository:* for all its tags. Default: the whole registry.",
        ),
    ] = None
    enabled: Annotated[bool, Field(description="Whether events are sent.")] = True

    def _problems(self) -> Iterator[tuple[Path, str]]:
        # An encrypted value is empty until the engine decrypts it, and a placeholder in a rehearsal.
        if is_insecure(self.service_uri):
            message = "is not an https address, so that events and headers can be read on the way; use https"
            yield ("service_uri",), f"{message} [ACR-WEBHOOK]"
        if len(set(self.actions)) < len(self.actions):
            yield ("actions",), "names an action twice; remove one"


def problems(webhooks: Mapping[str, WebhookSpec], *, sku: str, quarantine: bool) -> Iterator[tuple[Path, str]]:
    """Yield names that ARM refuses, more webhooks than the SKU has, and events that never occur."""
    for key, webhook in webhooks.items():
        problem = NAME.problem(key)
        if problem:
            yield ("webhooks", key), problem
        if "quarantine" in webhook.actions and not quarantine:
            message = "quarantine, but no image is quarantined: set policies.quarantine: true, or remove the action"
            yield ("webhooks", key, "actions"), f"{message} [ACR-WEBHOOK]"
    if len(webhooks) > MOST[sku]:
        yield ("webhooks",), f"has {len(webhooks)} entries, {MOST[sku]} at most with sku {sku} [ACR-SKU]"
