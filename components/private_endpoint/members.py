"""Reading which address each member of a private endpoint has, once Azure has given all of them.

A registry's members follow a new replica or the regional switch asynchronously: right after the update the network interface
may still lack some [PE-3]. So the table is read until it is whole, a bounded number of times. Members that are to go are
left out and not waited for: the engine deletes a replica only after the program has ended.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_azure_native as azure_native
from pulumi.output import UNKNOWN


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for members.

    Attributes:
        attempts: how often the interface is read, at least once.
        interval_seconds: between two reads; 0 reads again at once.
    """

    attempts: int = 60
    interval_seconds: float = 10.0


class MembersIncompleteError(RuntimeError):
    """The interface did not show every member within the patience that was given."""


def addresses_by_member(
    *,
    interface_name: str,
    resource_group_name: pulumi.Input[str],
    expected: Sequence[str],
    patience: Patience,
    depends_on: Sequence[pulumi.Resource],
    parent: pulumi.Resource | None = None,
) -> pulumi.Output[Mapping[str, str]]:
    """Return member to private address, complete; unknown in a preview of a change that will move it.

    Args:
        interface_name: the endpoint's network interface.
        resource_group_name: where it is.
        expected: every member that must appear.
        patience: how long to wait for them.
        depends_on: what must exist first: the endpoint, the registry and its replicas.
        parent: whose provider reads it; by default the program's own.

    Raises:
        MembersIncompleteError: through the output, naming the members that are missing.
    """

    def read(attempt: int) -> pulumi.Output[Mapping[str, str]]:
        interface = azure_native.network.get_network_interface_output(
            network_interface_name=interface_name,
            resource_group_name=resource_group_name,
            opts=pulumi.InvokeOutputOptions(parent=parent, depends_on=list(depends_on)),
        )
        return interface.apply(lambda found: judge(table(found), attempt))

    def judge(seen: Mapping[str, str], attempt: int) -> Any:
        missing = sorted(set(expected) - set(seen))
        if not missing:
            return {member: seen[member] for member in expected}
        if pulumi.runtime.is_dry_run():
            return pulumi.Output.from_input(UNKNOWN)
        if attempt >= patience.attempts:
            raise MembersIncompleteError(
                f"{interface_name} shows {len(expected) - len(missing)} of {len(expected)} addresses after {attempt} reads: "
                f"missing {', '.join(missing)}; Azure is still at it, run pulumi up again later"
            )
        pause = pulumi.Output.from_input(asyncio.sleep(patience.interval_seconds))
        return pause.apply(lambda _: read(attempt + 1))

    return read(1)


def table(interface: azure_native.network.GetNetworkInterfaceResult) -> dict[str, str]:
    """Return member to private address as a network interface shows them; addresses of no member are left out."""
    found = {}
    for configuration in interface.ip_configurations or []:
        link = configuration.private_link_connection_properties
        if link is not None and link.required_member_name and configuration.private_ip_address:
            found[link.required_member_name] = configuration.private_ip_address
    return found
