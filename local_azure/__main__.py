"""Command line of the local Azure: serve it, bridge the engine to it, and look into its store."""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from local_azure import outages
from local_azure import store as stores
from local_azure.clock import Clock
from local_azure.errors import ArmError
from local_azure.facts.container_registry import REGISTRIES
from local_azure.http import Server, create_app
from local_azure.services import UnservedTypesError, open_cloud, regions
from local_azure.services.settings import Settings, SwitchInFullSubnet

cli = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)

StoreOption = Annotated[Path, typer.Option("--store", help="Folder that holds the store.", show_default=False)]
DownOption = Annotated[
    list[str] | None, typer.Option("--down", help="Let an outage of the registry service begin in this region.")
]
ScaleOption = Annotated[float, typer.Option(help="Multiplies every wait: 1 is real, 0 immediate.", min=0)]


class Action(StrEnum):
    """What a consumer does with an image."""

    PULL = "pull"
    PUSH = "push"
    RESOLVE = "resolve"


def _wrong(problem: str) -> typer.Exit:
    """Return the end of a command that was used wrongly."""
    print(problem, file=sys.stderr)
    return typer.Exit(2)


def _refuse(problem: str) -> typer.Exit:
    print(problem, file=sys.stderr)
    return typer.Exit(1)


@cli.command()
def serve(
    store: StoreOption,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.", min=0, max=65535)] = 0,
    time_scale: ScaleOption = 0.0,
    switch_in_full_subnet: Annotated[
        SwitchInFullSubnet, typer.Option(help="What switching regional endpoints on does in a full subnet.")
    ] = "refuse",
    data_endpoint_reads_enabled: Annotated[
        bool, typer.Option(help="Whether dataEndpointEnabled reads true once a private endpoint exists.")
    ] = True,
    functions_assumed: Annotated[
        bool, typer.Option(help="Whether a function app counts as having any function that is named.")
    ] = True,
    generic: Annotated[
        bool, typer.Option(help="Serve every type of the installed SDK; those without rules by their shape alone.")
    ] = True,
    down: DownOption = None,
) -> None:
    """Serve ARM over HTTP; prints one JSON line with the URL when ready."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    settings = Settings(
        switch_in_full_subnet, data_endpoint_reads_enabled, functions_assumed=functions_assumed, generic=generic
    )
    try:
        opened = stores.Store(store, serve=True)
    except (stores.StoreLockedError, OSError) as error:
        raise _refuse(f"cannot serve: {error}") from error
    _switch(opened, down, None)
    try:
        server = Server(
            create_app(open_cloud(opened, Clock(time_scale), settings)),
            port,
            ready=lambda url: print(json.dumps({"url": url}), flush=True),
        )
    except (UnservedTypesError, OSError) as error:
        opened.close()
        what = f" on port {port}: {error.strerror}" if isinstance(error, OSError) else f": {error}"
        raise _refuse(f"cannot serve{what}") from error
    server.serve_until_signal()
    opened.close()


@cli.command()
def plugin(
    arm: Annotated[str, typer.Option(help="URL of the local Azure.")],
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 picks a free one.", min=0, max=65535)] = 0,
    time_scale: ScaleOption = 0.0,
) -> None:
    """Serve the bridge from the Pulumi engine to the local Azure; prints what PULUMI_DEBUG_PROVIDERS needs."""
    from local_azure.plugin.server import serve as serve_plugin  # noqa: PLC0415 - needs the engine's protocol

    serve_plugin(arm, port, time_scale)


@cli.command()
def requests(
    store: StoreOption,
    every: Annotated[bool, typer.Option("--all", help="Add PATCH requests, and each one's method.")] = False,
) -> None:
    """Print every accepted PUT as JSON: type, apiVersion, name and the body as it came, secrets masked."""
    print(json.dumps(_look(store, lambda opened: opened.requests(every=every)), indent=1))


@cli.command(name="list")
def list_resources(store: StoreOption) -> None:
    """Print the ids of all resources as a JSON list."""
    print(json.dumps(_look(store, lambda opened: opened.ids()), indent=1))


def _look(folder: Path, question: Callable[[stores.Store], list[Any]]) -> list[Any]:
    """Return what a store answers; nothing where there is none."""
    opened = _opened(folder)
    try:
        return question(opened) if opened else []
    except (sqlite3.DatabaseError, ValueError) as error:
        raise _refuse(f"cannot read: {folder} is damaged ({error})") from error


def _opened(folder: Path) -> stores.Store | None:
    """Open a store to look into it; None where there is none."""
    try:
        return stores.Store(folder) if stores.present(folder) else None
    except OSError as error:
        raise _refuse(f"cannot read: {error}") from error


@cli.command()
def reach(
    store: StoreOption,
    source: Annotated[
        str, typer.Option("--from", help="Only this consumer, or those in this network, subnet, group.")
    ] = "",
    image: Annotated[str, typer.Option(help="Ask about this image instead of their own.")] = "",
    pulls: Annotated[Path | None, typer.Option(help="JSON file of further consumers, see docs/reach.md.")] = None,
    action: Annotated[
        Action | None, typer.Option(help="What to ask about; by default what each consumer does.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell whether each consumer can pull its image now, and which link is broken; exits with 1 where one cannot."""
    from local_azure.reach import command  # noqa: PLC0415 - no other command needs it
    from local_azure.reach.consumers import PullsError  # noqa: PLC0415 - as said

    opened = _opened(store)
    if opened is None:
        raise _wrong(f"there is no store in {store}")
    resolving = action is Action.RESOLVE
    asked = command.Question(source, image, "" if action is None or resolving else action.value)
    try:
        document = json.loads(pulls.read_text(encoding="utf-8")) if pulls else None
        estate = command.snapshot(opened)
        consumers = command.consumers(estate, document, asked)
    except (PullsError, OSError, ValueError) as error:
        raise _wrong(str(error)) from error
    found = [] if resolving else command.verdicts(estate, consumers)
    rows = command.resolutions(estate, consumers) if resolving else command.rows(found)
    if as_json:
        print(json.dumps(rows, indent=1))
    else:
        print("\n".join(command.resolution_lines(rows) if resolving else command.lines(found)))
    if any(row["status"] != "works" for row in rows):
        raise typer.Exit(1)


@cli.command()
def outage(
    store: StoreOption,
    down: DownOption = None,
    up: Annotated[list[str] | None, typer.Option("--up", help="Let the outage in this region end.")] = None,
) -> None:
    """Let outages of the registry service begin and end, also while the store is served; prints the regions that are down."""
    opened = _opened(store)
    if opened is None:
        raise _wrong(f"there is no store in {store}")
    _switch(opened, down, up)
    print(json.dumps(sorted(outages.down(opened.connection))))


def _switch(store: stores.Store, down: list[str] | None, up: list[str] | None) -> None:
    """Let outages begin and end; raises Exit for a region that does not exist."""
    try:
        begin, end = ([regions.checked(each, REGISTRIES) for each in names or ()] for names in (down, up))
    except ArmError as error:
        store.close()
        raise _wrong(error.message) from error
    for region in begin:
        outages.begin(store.connection, region)
    for region in end:
        outages.end(store.connection, region)


@cli.command()
def load(
    store: StoreOption,
    from_state: Annotated[
        Path | None, typer.Option("--from-state", help="What `pulumi stack export` printed.", show_default=False)
    ] = None,
    from_arm: Annotated[
        list[Path] | None,
        typer.Option(
            "--from-arm", help="JSON of a Resource Graph query, `az resource list` or GETs.", show_default=False
        ),
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Add to a store; what it holds stays as it is.")] = False,
) -> None:
    """Bring a store to a state or a saved listing; one line for each resource that could not be loaded."""
    from local_azure import loading  # noqa: PLC0415 - needs the engine's protocol

    if (from_state is None) == (not from_arm):
        raise _wrong("state either --from-state or --from-arm")
    try:
        listing = loading.read_listing(from_arm or ())
        state = loading.read_state(from_state) if from_state else loading.state_of_listing(listing)
        result = loading.load_store(store, state, add=add)
    except (loading.StateError, loading.ListingError, stores.StoreLockedError, OSError) as error:
        raise _refuse(f"cannot load: {error}") from error
    for line in (*result.notes, *result.missing):
        print(line, file=sys.stderr)
    print(json.dumps({"resources": result.resources, "missing": len(result.missing)}))
    if result.missing:
        raise typer.Exit(1)


@cli.command()
def reset(store: StoreOption) -> None:
    """Delete everything in the store."""
    try:
        stores.reset(store)
    except (stores.StoreLockedError, OSError) as error:
        raise _refuse(f"cannot reset: {error}") from error


if __name__ == "__main__":
    cli()
