"""`./moorings firewall`."""

from __future__ import annotations

import json as json_format
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tools.verbs.arguments import Json, StackName
from tools.verbs.arm_access import registry_hosts
from tools.verbs.command import verb
from tools.verbs.printing import show_columns, show_json
from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from planning.egress import Destination
    from stacks.egress import Client
    from stacks.loader import Stack

Form = Literal["list", "rules"]


@verb(
    "./moorings firewall prod",
    "./moorings firewall prod --json > firewall.json",
    "./moorings firewall prod --since firewall.json",
    "./moorings firewall prod --form rules",
)
def firewall(
    stack: StackName,
    form: Annotated[
        Form, typer.Option(help="list: a line for each destination. rules: rule collection groups of Azure Firewall.")
    ] = "list",
    since: Annotated[
        Path | None,
        typer.Option(help="An earlier list with --json: show what to open before the change and close after."),
    ] = None,
    login_server: Annotated[
        str | None, typer.Option(help="Login server of a registry whose host names have a hash.")
    ] = None,
    json: Json = False,
) -> None:
    """List the outside destinations of a stack's compute.

    The list contains the hosts, ports and service tags of each region. The hosts of the registry are the global host, the host
    of the region, and the data hosts of every replica that serves the global host. Open new destinations before the change that
    needs them, and close old ones after it.
    """
    from stacks.egress import by_region, clients, groups
    from stacks.loader import load

    described = load(stack)
    found = clients(described.spec, described.plan, registry_hosts(described, login_server))
    if form == "rules":
        from planning.firewall_rules import group_properties

        collections = groups(described.spec, found)
        show_json([{"name": name, "properties": group_properties(name, each)} for name, each in collections.items()])
        return
    rows = [row for region, each in by_region(found).items() for row in _rows(region, each)]
    if since is not None:
        _show_changes(since, rows, json)
    elif json:
        show_json({"destinations": rows})
    else:
        show_columns([[_cell(row, column) for column in _COLUMNS] for row in rows] or [["no outside destinations"]])
        for line in _outlook(described, found):
            print(line)


_COLUMNS = ("region", "destination", "port", "clients", "purpose", "source")


def _rows(region: str, found: Sequence[Client]) -> list[dict[str, Any]]:
    """Return one row for each destination of a region, with the clients that need it."""
    rows: dict[tuple[str, str, int], dict[str, Any]] = {}
    for client in found:
        for each in (*client.registry, *client.own):
            row = rows.setdefault((each.name, each.protocol, each.port), _row(region, each))
            row["clients"].append(client.name)
            if each in client.registry and client.private:
                row["private"].append(client.name)
    return list(rows.values())


def _row(region: str, each: Destination) -> dict[str, Any]:
    return {
        "region": region,
        "destination": each.name,
        "port": f"{each.protocol.lower()}:{each.port}",
        "kind": "service tag" if each.is_service_tag else "host",
        "purpose": each.purpose,
        "source": each.source,
        "clients": [],
        "private": [],
    }


def _cell(row: dict[str, Any], column: str) -> str:
    if column == "purpose" and row["private"] and row["private"] == row["clients"]:
        return f"{row['purpose']} (leads to a private endpoint)"
    return ", ".join(row[column]) if column == "clients" else str(row[column])


def _outlook(stack: Stack, found: Sequence[Client]) -> list[str]:
    """Return the requirements of the next changes of the registry, in order."""
    from stacks.egress import next_changes

    hosts = registry_hosts(stack, None) if stack.plan.endpoints else None
    return ["", *next_changes(stack.plan, hosts)] if hosts and found else []


def _show_changes(since: Path, rows: Sequence[dict[str, Any]], json: bool) -> None:
    from planning.firewall_rules import changes

    try:
        earlier = json_format.loads(since.read_text(encoding="utf-8"))["destinations"]
        before = _by_region(earlier)
    except (OSError, ValueError, KeyError, TypeError):
        raise RefusedError(f"{since}: is not a list of `./moorings firewall --json`") from None
    steps = changes(before, _by_region(rows))
    if json:
        show_json({"open_before": steps.opened, "close_after": steps.closed})
        return
    lines = [["open before the change", region, name] for region, names in steps.opened.items() for name in names]
    lines += [["close after the change", region, name] for region, names in steps.closed.items() for name in names]
    show_columns(lines or [["nothing changes"]])


def _by_region(rows: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row["region"]), []).append(f"{row['destination']} {row['port']}")
    return found
