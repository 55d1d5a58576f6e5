"""The command line of Moorings: the parser, the exit codes, and how a verb is registered."""

from __future__ import annotations

import functools
import importlib
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from tools.verbs.refusals import lines_of

ROOT = Path(__file__).resolve().parents[2]

VERBS = (
    "init",
    "doctor",
    "up",
    "preview",
    "refresh",
    "drift",
    "outputs",
    "down",
    "rename",
    "remove",
    "policy",
    "pr",
    "plan",
    "drain",
    "undrain",
    "check",
    "preflight",
    "adopt",
    "explain",
    "ledger",
    "report",
    "cost",
    "firewall",
    "token",
    "manifests",
    "profiles",
    "fleet",
    "rules",
    "azure",
    "pulumi",
    "bench",
    "foreign",
    "fuzz",
    "schema",
    "docs",
    "types",
    "lock",
)
"""Every verb, in the order of `--help`. `tools/verbs/<verb>.py` contains the function of that name."""

SUCCESS, FAILURE, USAGE_ERROR = 0, 1, 2
"""The exit codes; there are no others."""

# Help is plain text: panels need rich, whose import takes longer than everything else that help needs.
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


class Verb(TyperCommand):
    """A verb. Its own arguments end at `--`; the arguments after it, in `ctx.args`, are for the program that the verb runs."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the verb's own arguments; refuse arguments after `--` unless the verb passes them on."""
        end = args.index("--") if "--" in args else len(args)
        own, passed = args[:end], args[end + 1 :]
        if passed and not ctx.allow_extra_args:
            raise typer.BadParameter(f"{self.name} takes no arguments after `--`", ctx)
        super().parse_args(ctx, own)
        if ctx.args:
            raise typer.BadParameter(
                f"unexpected argument {ctx.args[0]!r}; arguments of the Pulumi CLI follow `--`", ctx
            )
        ctx.args = passed
        return passed


class PassThrough(TyperCommand):
    """A verb that passes all arguments to another command line, except for a single `--help`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Store the arguments unchanged in `ctx.args`."""
        super().parse_args(ctx, args if args == ["--help"] else [])
        ctx.args = args
        return args


def verb(
    *examples: str, passes_on: bool = False, kind: type[TyperCommand] = Verb
) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Register a function as a verb: its parameters are the arguments, its docstring is the help.

    The function returns the exit code; None means success. An expected exception is printed on standard error, without a
    traceback.

    Args:
        examples: command lines that the help shows.
        passes_on: whether arguments after `--` go to another program; the function reads them from `ctx.args`.
        kind: the parser of the arguments.
    """

    def register(function: Callable[..., int | None]) -> Callable[..., None]:
        @functools.wraps(function)
        def run(*args: Any, **options: Any) -> None:
            try:
                code = function(*args, **options)
            except (typer.Exit, typer.BadParameter):
                raise
            except (Exception, KeyboardInterrupt) as error:
                lines = lines_of(error)
                if lines is None:
                    raise
                for line in lines:
                    print(line, file=sys.stderr)
                code = FAILURE
            raise typer.Exit(_code(code))

        return app.command(
            cls=kind,
            epilog="\b\nExamples:\n" + "\n".join(f"  {each}" for each in examples),
            context_settings={"allow_extra_args": passes_on},
        )(run)

    return register


def _code(code: object) -> int:
    """Return the exit code of the command for the exit code of a verb or of a program that it ran."""
    return SUCCESS if code in {None, SUCCESS} else USAGE_ERROR if code == USAGE_ERROR else FAILURE


def _print_version(requested: bool) -> None:
    if requested:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"{project['name']} {project['version']}")
        raise typer.Exit(SUCCESS)


@app.callback(
    epilog="`./moorings VERB --help` explains a verb. Exit codes: 0 success, 1 something needs fixing, 2 wrong usage."
)
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Check, rehearse, evaluate and provision the environment in a stack file."""


@functools.cache
def load() -> typer.Typer:
    """Import every verb, and return the command line."""
    for name in VERBS:
        importlib.import_module(f"tools.verbs.{name}")
    # A module that was imported before this registered its verb first.
    app.registered_commands.sort(key=lambda each: VERBS.index(getattr(each.callback, "__name__", "")))
    return app


def main() -> int:
    """Run the command line and return the exit code."""
    try:
        load()(prog_name="moorings")
    except SystemExit as error:
        return _code(error.code)
    return SUCCESS
