"""docs/commands.md, written from the command's own help."""

from __future__ import annotations

from typer.core import TyperGroup
from typer.main import get_command

from tools.verbs.command import ROOT, load

FILE = ROOT / "docs" / "commands.md"

_HEAD = """\
# Commands

`./moorings VERB` at the root of the project runs everything, with the Python of `.venv`; `make setup` provides that. This page is
the help of the command, written by `./moorings docs`.

| exit code | meaning |
|---|---|
| 0 | all is right |
| 1 | something is to be mended: a stack file, a mandatory finding, a refused change, a failed run |
| 2 | the command line is wrong |

There are no other exit codes. With `--json` standard output holds JSON and nothing else. Colours appear on a terminal
only, and not where `NO_COLOR` is set. For up, preview, down and pulumi, arguments after `--` go to the Pulumi CLI.

`./moorings --install-completion` installs completion of verbs, options and stacks for your shell. Zsh and fish look the
command up on the PATH: `ln -s "$PWD/moorings" ~/.local/bin/moorings` puts it there, and it runs from any folder.
"""
_WIDTH = 110


def text() -> str:
    """Return the page: how the command is used in general, and the help of each verb."""
    group = get_command(load())
    assert isinstance(group, TyperGroup)
    parts = [_HEAD]
    for name, command in group.commands.items():
        context = command.make_context(f"./moorings {name}", [], resilient_parsing=True, terminal_width=_WIDTH)
        parts.append(f"## {name}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def write() -> None:
    """Write the page."""
    FILE.write_text(text(), encoding="utf-8")


def stale() -> list[str]:
    """Return the path of the page if it differs from the help."""
    fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
    return [] if fresh else [FILE.relative_to(ROOT).as_posix()]
