"""Physical names: the rules ARM holds them to, and how ours are made [NAME-1].

A name is made of words joined by hyphens, the resource's own abbreviation first, and never depends on position or time:
the same description gives the same names, so a second create is refused by Azure instead of making a twin.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameRule:
    """What ARM accepts as a name of one type.

    Attributes:
        noun: the type in plain words, for messages.
        pattern: the expression that the whole name matches.
        shortest: fewest characters.
        longest: most characters.
        words: the rule in words, for messages.
    """

    noun: str
    pattern: re.Pattern[str]
    shortest: int
    longest: int
    words: str

    def problem(self, name: str) -> str | None:
        """Return what is wrong with a name in one line, or None when ARM would take it."""
        if self.shortest <= len(name) <= self.longest and self.pattern.fullmatch(name):
            return None
        return (
            f"{name!r} is not a name for a {self.noun}: {self.shortest} to {self.longest} characters, {self.words} "
            f"(it has {len(name)}) [NAME-1]"
        )


_NETWORK = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?")
_NETWORK_WORDS = "letters, digits, '.', '_' and '-', starting with a letter or digit and ending with one or '_'"

REGISTRY = NameRule("container registry", re.compile(r"[a-zA-Z0-9]*"), 5, 50, "letters and digits only")
RESOURCE_GROUP = NameRule(
    "resource group",
    re.compile(r"[-\w._()]*[-\w_()]"),
    1,
    90,
    "letters, digits, '-', '_', '.', '(' and ')', no final '.'",
)
VIRTUAL_NETWORK = NameRule("virtual network", _NETWORK, 2, 64, _NETWORK_WORDS)
SUBNET = NameRule("subnet", _NETWORK, 1, 80, _NETWORK_WORDS)
NETWORK_SECURITY_GROUP = NameRule("network security group", _NETWORK, 1, 80, _NETWORK_WORDS)
SECURITY_RULE = NameRule("security rule", _NETWORK, 1, 80, _NETWORK_WORDS)
VIRTUAL_NETWORK_LINK = NameRule("virtual network link", _NETWORK, 1, 80, _NETWORK_WORDS)
PRIVATE_ENDPOINT = NameRule("private endpoint", _NETWORK, 2, 64, _NETWORK_WORDS)
USER_ASSIGNED_IDENTITY = NameRule(
    "user-assigned identity",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*"),
    3,
    128,
    "letters, digits, '_' and '-', starting with a letter or digit",
)
FEDERATED_IDENTITY_CREDENTIAL = NameRule(
    "federated identity credential",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*"),
    3,
    120,
    "letters, digits, '_' and '-', starting with a letter or digit",
)
SHORT_NAME = NameRule(
    "stack part", re.compile(r"[a-z][a-z0-9]*"), 2, 12, "lower-case letters and digits, starting with a letter"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of everything that one environment owns.

    Attributes:
        workload: the description's ``name``, 2 to 12 lower-case letters and digits.
        environment: its ``environment``, under the same rule.
    """

    workload: str
    environment: str

    def _join(self, kind: str, *parts: str) -> str:
        return "-".join((kind, self.workload, self.environment, *parts))

    def resource_group(self, role: str, *parts: str) -> str:
        """Return the name of the resource group for a role, such as ``registry``, and a region."""
        return self._join("rg", role, *parts)

    def virtual_network(self, network: str) -> str:
        """Return the name of the virtual network with that key."""
        return self._join("vnet", network)

    def network_security_group(self, network: str, subnet: str) -> str:
        """Return the name of a subnet's network security group."""
        return self._join("nsg", network, subnet)

    def private_endpoint(self, registry: str, key: str) -> str:
        """Return the name of a registry's private endpoint with that key."""
        return "-".join(("pe", registry, key))

    def network_interface(self, registry: str, key: str) -> str:
        """Return the name of the network interface that carries a private endpoint's addresses."""
        return "-".join(("nic", "pe", registry, key))

    def user_assigned_identity(self, key: str) -> str:
        """Return the name of the user-assigned identity with that key."""
        return self._join("id", key)

    def workspace(self, key: str) -> str:
        """Return the name of the Log Analytics workspace with that key."""
        return self._join("log", key)
