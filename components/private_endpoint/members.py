"""Reads the address of each member of a private endpoint, once Azure has assigned all of them.

A registry's members follow a new replica or the regional switch asynchronously: right after the update the network
interface may lack some [PE-3]. So it is read until it is complete, a limited number of times. Members that are about
to be deleted are ignored: the engine deletes a replica only after the program has ended.
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
        attempts: number of reads, at least 1.
        interval_seconds: time between two reads; 0 for none.
    """

    attempts: int = 60
    interval_seconds: float = 10.0


class MembersIncompleteError(RuntimeError):
    """The interface did not list every member in time."""


def addresses_by_member(
    *,
    interface_name: str,
    resource_group_name: pulumi.Input[str],
    expected: Sequence[str],
    patience: Patience,
    depends_on: Sequence[pulumi.Resource],
    parent: pulumi.Resource | None = None,
) -> pulumi.Output[Mapping[str, str]]:
    """Return the private address of every member; unknown in a preview of a change that affects it.

    Args:
        interface_name: the endpoint's network interface.
        resource_group_name: where it is.
        expected: the members to wait for.
        patience: how long to wait for them.
        depends_on: resources that must exist first: the endpoint, the registry and its replicas.
        parent: the component whose provider reads the interface; by default the program's own.

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
        # A preview does not add the missing members, so waiting for them would not end.
        if pulumi.runtime.is_dry_run():
            return pulumi.Output.from_input(UNKNOWN)
        if attempt >= patience.attempts:
            raise MembersIncompleteError(
                f"{interface_name} shows {len(expected) - len(missing)} of {len(expected)} addresses after {attempt} reads: "
                f"missing {', '.join(missing)}; Azure is still adding them; run pulumi up again later"
            )
        # An asynchronous pause: a blocking one would stop the registration of all other resources.
        pause = pulumi.Output.from_input(asyncio.sleep(patience.interval_seconds))
        return pause.apply(lambda _: read(attempt + 1))

    return read(1)


def table(interface: azure_native.network.GetNetworkInterfaceResult) -> dict[str, str]:
    """Return the private address of each member of a network interface; other addresses are omitted."""
    found = {}
    for configuration in interface.ip_configurations or []:
        link = configuration.private_link_connection_properties
        if link is not None and link.required_member_name and configuration.private_ip_address:
            found[link.required_member_name] = configuration.private_ip_address
    return found
