"""Stack files for tests: a description that holds, changed line by line. ``# here`` marks the line that is at fault."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from planning.problems import Problem, SpecError
from stacks.loader import Stack, load

HERE = "# here"

IN_ORDER = """\
config:
  moorings:stack:
    name: contoso
    environment: test
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        peers: []
        subnets:
          registry: {prefix: 10.50.0.0/24, purpose: private_endpoints}
      westeurope:
        address_space: [10.60.0.0/16]
        peers: []
        subnets:
          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}
    dns: {}
    registry:
      name: contosotest
      regional_endpoints: true
      headroom: 1
      replicas:
        westeurope: {}
      private_endpoints:
        eastus: {network: eastus, subnet: registry}
        westeurope: {network: westeurope, subnet: registry}
"""
"""Two regions, each with a network, an endpoint and a zone of its own: 5 addresses in each subnet."""

FILE = "stacks/Pulumi.test.yaml"
WEST = "        westeurope: {network: westeurope, subnet: registry}\n"
EAST = "eastus: {network: eastus, subnet: registry}"
NO_ENDPOINTS = ((EAST, "{}"), (WEST, ""))
THEIRS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/theirs"
OUTSIDE = ("[10.60.0.0/16]", f"[10.60.0.0/16]\n        id: {THEIRS}")
WEST_SUBNET = "registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}"
MEMBERS = ["registry", "registry_data_eastus", "registry_data_westeurope", "registry_eastus", "registry_westeurope"]
NO_HEADROOM = ("headroom: 1", "headroom: 0")


@dataclass(frozen=True)
class Files:
    """Stack files in a directory of the test's own, called ``stacks`` as the project's."""

    directory: Path

    def write(self, text: str, name: str = "Pulumi.test.yaml") -> None:
        """Write one file."""
        self.directory.mkdir(exist_ok=True)
        (self.directory / name).write_text(text, encoding="utf-8")

    def load(self, text: str, *, base: str | None = None, engine: Mapping[str, Any] | None = None) -> Stack:
        """Write the stack file, and the base if there is one, and load the stack ``test``."""
        self.write(text)
        if base is not None:
            self.write(base, "_base.yaml")
        return load("test", directory=self.directory, engine=engine)

    def refusals(self, text: str, *, base: str | None = None, engine: Mapping[str, Any] | None = None) -> list[str]:
        """Load what must be refused and return the lines."""
        with pytest.raises(SpecError) as refusal:
            self.load(text, base=base, engine=engine)
        lines = list(refusal.value.lines)
        assert lines
        assert not [line for line in lines if "\n" in line]
        assert str(refusal.value) == "\n".join(lines)
        return lines

    def problems(self, text: str) -> tuple[Problem, ...]:
        """Load what must be refused and return the problems, warnings among them."""
        with pytest.raises(SpecError) as refusal:
            self.load(text)
        return refusal.value.problems

    def warnings(self, text: str) -> list[str]:
        """Load what holds and return what is worth telling."""
        return list(self.load(text).warnings)


def changed(*changes: tuple[str, str]) -> str:
    """Return the description that holds with each first text replaced by the second, which must stand there once."""
    text = IN_ORDER
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def line_here(text: str) -> int:
    """Return the number of the line that is marked."""
    (number,) = (number for number, line in enumerate(text.splitlines(), start=1) if HERE in line)
    return number


def static(*addresses: str) -> str:
    """Return the endpoint in eastus with these fixed addresses, one a member."""
    table = ", ".join(f"{member}: {address}" for member, address in zip(MEMBERS, addresses, strict=False))
    return f"eastus: {{network: eastus, subnet: registry, static_addresses: {{{table}}}}} # here"
