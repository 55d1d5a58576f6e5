"""Protects subnets, security rules and routes that were created outside this stack.

Azure replaces the subnets of a network, the rules of a group and the routes of a table as whole lists: an update deletes the
entries that it does not name [NET-NOSUBNETS, NSG-RULES]. So before the engine updates one, in a preview as well, the list is read
from Azure, and the update is refused if it would delete an entry that this program did not create.
"""

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pulumi
from pulumi.runtime.settings import get_monitor

from components.provider_functions import call

_LISTS: Final = {
    "VirtualNetwork": ("subnets", "subnet", "azure-native:network:getVirtualNetwork", "virtualNetworkName"),
    "NetworkSecurityGroup": (
        "securityRules",
        "security rule",
        "azure-native:network:getNetworkSecurityGroup",
        "networkSecurityGroupName",
    ),
    "RouteTable": ("routes", "route", "azure-native:network:getRouteTable", "routeTableName"),
}
"""The list of each type, the noun for its entries, and the function that reads the resource."""

_READERS: Final = 4
"""Resources that are read at a time."""
_SECONDS: Final = 60
"""Seconds after which a read is given up."""


@dataclass(frozen=True, slots=True)
class Member:
    """Location of a list in the stack file.

    Attributes:
        path: the map that states the entries, such as ``networks.hub.subnets``.
        entry: the entry that takes ``exclusive``, such as ``networks.hub``.
        created: names that this program created earlier; None if there is no record.
    """

    path: str
    entry: str
    created: frozenset[str] | None = field(default=None)


class MadeByOthersError(RuntimeError):
    """An update would delete entries that were created outside this stack."""


def guard(members: Mapping[str, Member], provider: str = "", suffix: str = "") -> pulumi.ResourceHookBinding:
    """Return hooks that refuse such an update.

    Args:
        members: where entries are stated, by the logical name of the network, group or table; other resources are ignored.
        provider: reference of the provider that reads, ``URN::ID``. A read that names its provider is answered at once.
            Without the name, the engine first looks up the default provider, one lookup at a time, and a lookup that registers
            a provider, such as that of a parameterized package, takes one of the slots for updates. All of them may belong to
            updates that wait for their reads here, and none of these would ever end [PUL-DEFAULT-PROVIDER].
        suffix: end of the hook's name, which is unique in a program.
    """
    readers = ThreadPoolExecutor(_READERS, "keep-what-others-made")

    async def refuse(args: pulumi.ResourceHookArgs) -> None:
        await refuse_update(members, readers, args, provider)

    hook = pulumi.ResourceHook(f"keep-what-others-made{suffix}", refuse, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


async def refuse_update(
    members: Mapping[str, Member], readers: Executor, args: pulumi.ResourceHookArgs, provider: str = ""
) -> None:
    """Refuse an update that would delete entries that were created outside this stack.

    Args:
        members: as for `guard`.
        readers: runs the reads. Registrations that wait for this hook hold the threads of the event loop's own executor, so a
            read there, such as that of `pulumi.runtime.invoke_async`, could wait forever.
        args: the update.
        provider: as for `guard`.

    Raises:
        MadeByOthersError: the update would delete such entries.
        RuntimeError: the resource cannot be read.
    """
    kind = args.type.rpartition(":")[2]
    member = members.get(args.name)
    if member is None or kind not in _LISTS:
        return
    inputs = args.new_inputs or {}
    _, _, token, name = _LISTS[kind]
    asked = {name: inputs.get(name), "resourceGroupName": inputs.get("resourceGroupName")}
    read = partial(call, get_monitor(), token, asked, provider=provider)
    reading = asyncio.get_running_loop().run_in_executor(readers, copy_context().run, read)
    try:
        found = await asyncio.wait_for(reading, _SECONDS)
    except TimeoutError:
        message = (
            f"{inputs.get(name)} was not read within {_SECONDS} s, so what the update would delete is not known; run again, "
            "with --parallel 64 if many updates wait"
        )
        raise RuntimeError(message) from None
    problem = made_by_others(kind, member, found, inputs, args.old_inputs or {})
    if problem:
        raise MadeByOthersError(problem)


def made_by_others(
    kind: str, member: Member, found: Mapping[str, Any], new: Mapping[str, Any], old: Mapping[str, Any]
) -> str | None:
    """Return the problem in one line if an update would delete entries of others, or None.

    Args:
        kind: ``VirtualNetwork``, ``NetworkSecurityGroup`` or ``RouteTable``.
        member: where its entries are stated.
        found: the resource in Azure.
        new: its inputs after the update.
        old: its inputs before. After a refresh they include entries of others, so they count only if there is no
            record.
    """
    key, word, _, _ = _LISTS[kind]
    created = _names(old, key) if member.created is None else {name.lower() for name in member.created}
    foreign = [each["name"] for each in found.get(key) or () if each["name"].lower() not in created | _names(new, key)]
    if not foreign:
        return None
    were, them = ("was", "it") if len(foreign) == 1 else ("were", "them")
    return (
        f"{member.path}: {word}{'' if them == 'it' else 's'} {', '.join(foreign)} of {found.get('name')} {were} not made by this "
        f"stack, and the update would delete {them}; state {them} there, or state {member.entry}.exclusive: true to have "
        "nothing but what the file states [NET-NOSUBNETS]"
    )


def _names(inputs: Mapping[str, Any], key: str) -> set[str]:
    return {str(each["name"]).lower() for each in inputs.get(key) or ()}
