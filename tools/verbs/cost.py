"""`./moorings cost`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tools.verbs.arguments import Json, PricedStack
from tools.verbs.command import verb
from tools.verbs.printing import show_columns, show_json
from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from planning.meters import Meter
    from tools.cost.costs import Costs


@verb("./moorings cost prod", "./moorings cost prod --base origin/main", "./moorings cost --refresh")
def cost(
    stack: PricedStack = None,
    base: Annotated[str | None, typer.Option(help="Branch, tag or commit to compare with.", show_default=False)] = None,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read the prices of all meters from the Azure Retail Prices API first.")
    ] = False,
    json: Json = False,
) -> int:
    """Estimate what a stack costs in a month at list prices.

    Each resource has an amount, or a range from its fewest to its most nodes and replicas. Usage that no stack file states,
    such as the content of the registry, is stated in stacks/_cost.yaml; what is not known is listed and in no total. Prices
    are a dated table of the project. With --refresh, it is read again, for all regions, without credentials.
    """
    if stack is None and not refresh:
        raise typer.BadParameter("state a STACK, or --refresh")
    if stack is None and base is not None:
        raise typer.BadParameter("--base compares a STACK; state it")
    code = _refresh() if refresh else 0
    if stack is not None:
        found = _costs(stack, base)
        if json:
            from tools.cost.text import as_json

            show_json({"stack": stack, **as_json(found)})
        else:
            _show(stack, found)
    return code


def _costs(stack: str, reference: str | None) -> Costs:
    from stacks.files import DIRECTORY
    from stacks.loader import load
    from tools.bases import base_of
    from tools.cost.costs import costs

    base = base_of(stack, reference).stack if reference else None
    return costs(stack, load(stack), base, DIRECTORY)


def _refresh() -> int:
    """Read the table again, and print a line on standard error for each meter whose prices stay as they were."""
    import datetime
    import sys
    import time

    from tools.cost import api, table
    from tools.cost.refresh import refresh

    today = datetime.datetime.now(tz=datetime.UTC).date()
    try:
        done = refresh(table.load(), _meters(), api.Api(api.URL, time.sleep), today)
    except api.PricesError as error:
        raise RefusedError(f"the prices are as they were: {error}") from None
    table.save(done.table)
    for problem in done.problems:
        print(problem, file=sys.stderr)
    print(f"{done.read} meters read, {len(done.problems)} not", file=sys.stderr)
    return int(bool(done.problems))


def _meters() -> set[Meter]:
    """Return the meters of all stacks whose files are valid."""
    import contextlib

    from planning.charges import Charge
    from planning.problems import SpecError
    from stacks.charges import charges
    from stacks.files import stack_names
    from stacks.loader import load
    from stacks.usage import Usage

    found: set[Meter] = set()
    for name in stack_names():
        with contextlib.suppress(SpecError):
            found |= {each.meter for each in charges(load(name), Usage()) if isinstance(each, Charge)}
    return found


def _show(stack: str, found: Costs) -> None:
    from tools.cost.costs import unknown_lines
    from tools.cost.text import change_rows, headline, region_rows, rows

    print(f"stack {stack}: {headline(found)}, at {found.dated}")
    print(f"usage: {found.assumed}")
    for table in (change_rows(found) if found.before else rows(found), region_rows(found)):
        if len(table) > 1:
            print()
            show_columns(table)
    unknown = list(unknown_lines(found))
    if unknown:
        print("\nnot in the total:")
        for line in unknown:
            print(f"  {line}")
