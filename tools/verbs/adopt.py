"""`./moorings adopt`."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.verbs.arguments import Json, StackName
from tools.verbs.command import verb
from tools.verbs.printing import show_json
from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from local_azure.loading.listings import Listing
    from tools.adopt.adoption import Adoption, Wanted


@verb(
    "./moorings adopt prod --from-arm prod-arm.json",
    "./moorings adopt prod --subscription 00000000-0000-0000-0000-000000000001 --elsewhere rg-hub",
    "./moorings adopt prod --from-arm prod-arm.json --keep --force",
    "./moorings adopt prod --from-arm prod-arm.json --state state.json",
)
def adopt(
    stack: StackName,
    from_arm: Annotated[
        list[Path] | None,
        typer.Option(help="A file of answers of Azure: a Resource Graph query, lists, GETs. May be repeated."),
    ] = None,
    subscription: Annotated[
        str, typer.Option(help="Read this subscription instead, as `./moorings preflight` does.")
    ] = "",
    local: Annotated[bool, typer.Option("--local", help="Read the local Azure of this project instead.")] = False,
    registry: Annotated[str, typer.Option(help="Name of the registry, where several are shown.")] = "",
    name: Annotated[str, typer.Option(help="Name of the workload. Default: as the resources' names have it.")] = "",
    environment: Annotated[
        str, typer.Option(help="Name of the environment. Default: likewise, else the stack's.")
    ] = "",
    elsewhere: Annotated[
        list[str] | None, typer.Option(metavar="GROUP", help="A resource group that others own. May be repeated.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="After the import: what `pulumi stack export` printed. Its successor is written beside it."),
    ] = None,
    reads: Annotated[
        bool, typer.Option("--reads", help="Only print the URLs that --from-arm needs besides the answer of a query.")
    ] = False,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Keep the stack file that is there, and write the imports of what it describes."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    json: Json = False,
) -> int:
    """Describe resources that exist in a stack file.

    It writes the smallest description that fits to `stacks/Pulumi.STACK.yaml`, and `STACK-imports.json` for `pulumi import
    --file`. Nothing in Azure is changed. What the description does not express is listed with its id: it stays as it is. What
    the first update would change or create is listed too, and the exit code is 1 then.
    """
    from stacks import files
    from tools.adopt.adoption import Wanted

    listing = _shown(from_arm or [], subscription, local)
    if reads:
        from tools.adopt.reading import urls

        print("\n".join(urls(listing)))
        return 0
    if state is not None:
        return _settle(stack, state, listing, force)
    found = _found(listing, Wanted(stack, registry, name, environment, elsewhere or [], files.DIRECTORY), keep)
    _write(found, stack, keep, force)
    if json:
        show_json(found.as_dict())
    else:
        for line in found.lines():
            print(line)
    return int(bool(found.differences or found.missing))


def _found(listing: Listing, wanted: Wanted, keep: bool) -> Adoption:
    """What is found of a new description, or of the one that is there."""
    from stacks.loader import load
    from tools.adopt.adoption import adopt as run
    from tools.adopt.adoption import compare
    from tools.adopt.estate import AdoptionError

    try:
        return (
            compare(listing, load(wanted.stack, directory=wanted.directory), wanted) if keep else run(listing, wanted)
        )
    except AdoptionError as error:
        raise RefusedError(str(error)) from None


def _shown(files: list[Path], subscription: str, local: bool) -> Listing:
    """What Azure shows: in files, in a subscription, or in the local Azure."""
    from local_azure.loading.listings import ListingError, read_listing

    if sum((bool(files), bool(subscription), local)) != 1:
        raise RefusedError("state one of --from-arm, --subscription and --local")
    if files:
        try:
            return read_listing(files)
        except ListingError as error:
            raise RefusedError(str(error)) from None
    from tools.adopt.reading import read
    from tools.preflight.arm import DeniedError, UnreachableError, azure

    try:
        return _locally() if local else read(azure(subscription))
    except DeniedError as error:
        raise RefusedError(f"the permission {error.permission} is missing") from None
    except UnreachableError as error:
        raise RefusedError(str(error)) from None


def _locally() -> Listing:
    """What the local Azure of this project shows, which is served meanwhile."""
    from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
    from tools.adopt.reading import read
    from tools.local_services import local_azure
    from tools.preflight import arm
    from tools.run_lock import one_run
    from tools.verbs.running import workspace

    here = workspace()
    with one_run(here.local), local_azure(here.local / "azure", here.local / "local-azure.log") as served:
        return read(arm.local(served.url, DEFAULT_SUBSCRIPTION))


def _write(found: Adoption, stack: str, keep: bool, force: bool) -> None:
    from stacks import files

    described = {} if keep else {files.DIRECTORY / f"Pulumi.{stack}.yaml": found.stack_file()}
    _written({**described, Path(f"{stack}-imports.json"): found.imports(stack)}, force)


def _settle(stack: str, state: Path, listing: Listing, force: bool) -> int:
    """Write the successor of a state after the import."""
    from stacks import files
    from tools.adopt.adoption import Wanted
    from tools.adopt.settling import settle

    try:
        document: dict[str, Any] = json_format.loads(state.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RefusedError(f"{state}: not JSON ({error}); what `pulumi stack export` prints is expected") from None
    found = _found(listing, Wanted(stack, directory=files.DIRECTORY), keep=True)
    done = settle(document, found.planned)
    target = state.with_name(f"{state.stem}-adopted{state.suffix}")
    _written({target: json_format.dumps(done.state, indent=4) + "\n"}, force)
    print(f"{target}: {done.changed} resources state what the program states, {len(done.added)} are added")
    return 0


def _written(texts: dict[Path, str], force: bool) -> None:
    from tools.adopt.files import FileThereError, write_all

    try:
        write_all(texts, force=force)
    except FileThereError as error:
        raise RefusedError(str(error)) from None
