"""Kubernetes: quantities, labels and taints, and which images a cluster may run.

The image policy is derived from the registry's regions, so it allows the co-located host only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

ALLOWED_IMAGES_POLICY = "febd0533-8e55-448f-b837-bd0e06f16469"
"""Azure's own policy "Kubernetes cluster containers should only use allowed images" [K8S-1]."""

SYSTEM_NAMESPACES = ("kube-system", "gatekeeper-system", "azure-arc")
"""Namespaces that the policy leaves out unless it is told otherwise [K8S-1]."""

_SUFFIXES = {
    "m": Decimal("0.001"),
    "": Decimal(1),
    "k": Decimal(10**3),
    "M": Decimal(10**6),
    "G": Decimal(10**9),
    "T": Decimal(10**12),
    "Ki": Decimal(2**10),
    "Mi": Decimal(2**20),
    "Gi": Decimal(2**30),
    "Ti": Decimal(2**40),
}
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?")
_LABEL_PREFIX = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_LABEL_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(/[a-z0-9._/-]*)?")


def quantity(text: str) -> Decimal | None:
    """Return the number that a quantity such as ``250m`` or ``1.5Gi`` stands for, or None where it is none [K8S-2]."""
    match = _QUANTITY.fullmatch(text)
    return Decimal(match[1]) * _SUFFIXES[match[2] or ""] if match else None


def quantity_problem(text: str, example: str) -> str | None:
    """Return the problem with a quantity in one line, or None."""
    number = quantity(text)
    if number is not None and number > 0:
        return None
    return f"{text!r} is not a quantity above 0; write one such as {example} [K8S-2]"


def label_problem(key: str, value: str) -> str | None:
    """Return the problem with a label in one line, or None [K8S-6]."""
    prefix, slash, name = key.rpartition("/")
    if not _LABEL_NAME.fullmatch(name) or (slash and not _LABEL_PREFIX.fullmatch(prefix)):
        return (
            f"{key!r} is not the name of a label: up to 63 letters, digits, '.', '_' and '-', a letter or digit first and "
            "last, after a domain and '/' if any; write one such as team or contoso.com/team [K8S-6]"
        )
    if value and not _LABEL_NAME.fullmatch(value):
        return (
            f"{value!r} is not the value of a label: up to 63 letters, digits, '.', '_' and '-', a letter or digit first "
            "and last [K8S-6]"
        )
    return None


def taint_problem(text: str) -> str | None:
    """Return the problem with a taint such as ``team=a:NoSchedule`` in one line, or None [K8S-6]."""
    label, _, effect = text.rpartition(":")
    key, _, value = label.partition("=")
    if effect not in _EFFECTS or label_problem(key, value):
        return f"{text!r} is not a taint; write key=value:EFFECT with EFFECT one of {', '.join(_EFFECTS)} [K8S-6]"
    return None


def prefix_problem(text: str) -> str | None:
    """Return the problem with the start of an image's name in one line, or None: a host, and a path if any."""
    if _PREFIX.fullmatch(text):
        return None
    return f"{text!r} is not a host, or a host and a path; write one such as mcr.microsoft.com/oss [K8S-1]"


def image_pattern(prefix: str) -> str:
    """Return the expression for images of a host, or of a path and below it, and for no others [K8S-1].

    ``mcr.microsoft.com/oss`` stands for ``mcr.microsoft.com/oss/…`` and, where it is a repository itself, for its tags and
    digests, but not for ``mcr.microsoft.com/ossie``: a prefix that ends in the middle of a name would let in what somebody else
    may register. A path that ends in a slash stands for what is below it alone.
    """
    escaped = prefix.rstrip("/").replace(".", r"\.")
    return f"^{escaped}[:@/].+$" if "/" in prefix and not prefix.endswith("/") else f"^{escaped}/.+$"


def image_patterns(hosts: Sequence[str], further: Sequence[str]) -> list[str]:
    """Return the expressions of all images that a cluster may run, each once, the registry's own hosts first."""
    return list(dict.fromkeys(image_pattern(prefix) for prefix in (*hosts, *further)))
