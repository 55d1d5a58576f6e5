"""The command itself: its parser, its exit codes, and how a verb joins it."""

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
    "up",
    "preview",
    "down",
    "policy",
    "pr",
    "check",
    "explain",
    "ledger",
    "manifests",
    "profiles",
    "rules",
    "azure",
    "pulumi",
    "bench",
    "schema",
    "docs",
    "types",
    "lock",
)
"""Every verb, in the order of `--help`. `tools/verbs/<verb>.py` holds the function of that name."""

RIGHT, TO_MEND, WRONG_USE = 0, 1, 2
"""The exit codes, and there are no others: all is right, something is to be mended, the command line is wrong."""

# Plain help: the parser starts in a third of the time that it takes with panels, which need rich.
app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)


class Verb(TyperCommand):
    """A verb: its own arguments end at `--`, and what follows is for the program that it runs, and stands in `ctx.args`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the verb's own arguments; refuse what follows `--` unless the verb passes it on."""
        end = args.index("--") if "--" in args else len(args)
        own, passed = args[:end], args[end + 1 :]
        if passed and not ctx.allow_extra_args:
            raise typer.BadParameter(f"{self.name} passes nothing on: leave out `--` and what follows it", ctx)
        super().parse_args(ctx, own)
        if ctx.args:
            raise typer.BadParameter(f"unexpected {ctx.args[0]!r}: arguments of the Pulumi CLI come after `--`", ctx)
        ctx.args = passed
        return passed


class Front(TyperCommand):
    """A verb that is the front of another command: all arguments are that command's, but for `--help` alone."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Leave the arguments as they are, in `ctx.args`."""
        super().parse_args(ctx, args if args == ["--help"] else [])
        ctx.args = args
        return args


def verb(
    *examples: str, passes_on: bool = False, kind: type[TyperCommand] = Verb
) -> Callable[[Callable[..., int | None]], Callable[..., None]]:
    """Make a function a verb of the command: its parameters are the arguments, its docstring is the help.

    The function returns the exit code; None counts as right. A refusal that it raises becomes lines on standard error.

    Args:
        examples: command lines that the help shows.
        passes_on: whether arguments after `--` go to another program; the function finds them in `ctx.args`.
        kind: how the arguments are parsed.
    """

    def register(function: Callable[..., int | None]) -> Callable[..., None]:
        @functools.wraps(function)
        def answered(*args: Any, **options: Any) -> None:
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
                code = TO_MEND
            raise typer.Exit(_code(code))

        return app.command(
            cls=kind,
            epilog="\b\nExamples:\n" + "\n".join(f"  {each}" for each in examples),
            context_settings={"allow_extra_args": passes_on},
        )(answered)

    return register


def _code(code: object) -> int:
    """Return the exit code of the command for one of a verb, or of a program that it ran."""
    return RIGHT if code in {None, RIGHT} else WRONG_USE if code == WRONG_USE else TO_MEND


def _print_version(asked: bool) -> None:
    if asked:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        print(f"{project['name']} {project['version']}")
        raise typer.Exit(RIGHT)


@app.callback(
    epilog="`./moorings VERB --help` explains a verb. Exit codes: 0 right, 1 something is to be mended, 2 wrong use."
)
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Check, rehearse, judge and provision the environment that a stack file describes."""


def load() -> typer.Typer:
    """Return the command with all of its verbs."""
    if not app.registered_commands:
        for name in VERBS:
            importlib.import_module(f"tools.verbs.{name}")
    return app


def main() -> int:
    """Run the command line and return the exit code, which is one of three."""
    try:
        load()(prog_name="moorings")
    except SystemExit as error:
        return _code(error.code)
    return RIGHT
