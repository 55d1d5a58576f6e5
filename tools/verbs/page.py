"""The page docs/commands.md, generated from the help of the verbs."""

from __future__ import annotations

from typer.core import TyperGroup
from typer.main import get_command

from tools.verbs.command import ROOT, load

FILE = ROOT / "docs" / "commands.md"

_HEAD = """\
# Commands

`./moorings VERB` in the root folder of the project runs all verbs with the Python of `.venv`, which `make setup` creates. This
page contains the help of the verbs. `./moorings docs` generates it.

| exit code | meaning |
|---|---|
| 0 | success |
| 1 | something needs fixing: a stack file, a mandatory finding, a refused change, a failed run |
| 2 | the command line is wrong |

There are no other exit codes. With `--json`, standard output contains JSON only. Output has colors on a terminal, unless
`NO_COLOR` is set. Arguments after `--` go to the Pulumi CLI; the verbs up, preview, down and pulumi accept them.

`./moorings --install-completion` installs completion of verbs, options and stacks for your shell. Zsh and fish need the
command on the PATH: run `ln -s "$PWD/moorings" ~/.local/bin/moorings`. The command then works from any folder.
"""
_WIDTH = 110


def text() -> str:
    """Return the page: general usage, and the help of each verb."""
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
