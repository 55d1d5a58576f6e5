"""Pages whose commands are run: blocks of a terminal session, and changes of files, in the order of the page.

A block ``console`` holds commands after ``$ `` with what they print. ``…`` stands for any text, and on a line of its own for any
lines. A block ``diff`` with a title changes the file of that name; its lines without a sign locate the change.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.project import ROOT, tracked
from tests.docs.terminal import Terminal
from tools.provision import cli
from tools.provision.report import Report

_BLOCK = re.compile(r'^( *)```(\w+)(?: title="([^"]*)")?\n(.*?)^\1```$', re.M | re.S)
_QUESTION = re.compile(r"^(.*(?:\]|\?): )(.*)$")


@dataclass(frozen=True)
class Step:
    """A command with its expected output, or the change of a file.

    Attributes:
        line: its place on the page, counted from 1.
        command: the command; empty for a change.
        text: the expected output, or the lines of the change.
        file: the file that is changed.
    """

    line: int
    command: str
    text: str
    file: str = ""

    @property
    def typed(self) -> list[str]:
        """The lines that a person types: the command, and the answers if it asks."""
        questions = (_QUESTION.search(line) for line in self.text.splitlines()) if self.asks else ()
        return [self.command, *(question[2] for question in questions if question)]

    @property
    def asks(self) -> bool:
        """Whether the command asks questions."""
        return bool(self.command and self.text and _QUESTION.search(self.text.splitlines()[0]))


def steps(page: Path) -> list[Step]:
    """Return the steps of a page."""
    text = page.read_text(encoding="utf-8")
    found: list[Step] = []
    for match in _BLOCK.finditer(text):
        indent, kind, title, body = match[1], match[2], match[3], match[4]
        first = text.count("\n", 0, match.start(4)) + 1
        lines = [line.removeprefix(indent) for line in body.splitlines()]
        if kind == "console":
            found += _session(lines, first)
        elif kind == "diff":
            found.append(Step(first, "", "\n".join(lines) + "\n", title or ""))
    return found


def _session(lines: list[str], first: int) -> Iterator[Step]:
    starts = [index for index, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        output = "".join(f"{line}\n" for line in lines[start + 1 : end])
        yield Step(first + start, lines[start][2:].split("   #")[0].rstrip(), output)


def matches(expected: str, shown: str) -> bool:
    """Return whether an output is as expected."""
    lines = [line.rstrip() for line in expected.strip().splitlines()]
    pattern = "".join("(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n" for line in lines)
    plain = "".join(f"{line.rstrip()}\n" for line in shown.strip().splitlines())
    return re.fullmatch(pattern, plain) is not None


class Copy:
    """A copy of the project, in which pages are followed."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "moorings"
        for path in tracked():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / path, self.root / path)
        # Set-up has run in this project; the copy uses its results.
        (self.root / ".venv").symlink_to(ROOT / ".venv")
        (self.root / "tools" / "setup.py").write_text("", encoding="utf-8")
        own = cli.chosen(ROOT)
        hidden = ("PULUMI_", "ARM_", "AZURE_", "MAKE", "MFLAGS", "GIT_", "STACK", "ARGS")
        self._environment = {name: text for name, text in os.environ.items() if not name.startswith(hidden)}
        self._environment |= {
            "PATH": os.pathsep.join([str(own.parent), os.environ["PATH"]]),
            "HOME": str(folder),
            "NO_COLOR": "1",
            "TERM": "dumb",
            "GIT_AUTHOR_NAME": "t",
            "GIT_AUTHOR_EMAIL": "t@contoso.example",
            "GIT_COMMITTER_NAME": "t",
            "GIT_COMMITTER_EMAIL": "t@contoso.example",
        }
        before = os.environ["PATH"]
        os.environ["PATH"] = self._environment["PATH"]
        try:
            cli.ensure(self.root, Report())
        finally:
            os.environ["PATH"] = before
        for words in (
            ["init", "--quiet", "--initial-branch", "main"],
            ["add", "."],
            ["commit", "--quiet", "-m", "start"],
        ):
            subprocess.run(["git", *words], cwd=self.root, env=self._environment, check=True)

    def follow(self, page: Path) -> None:
        """Do what a page says, and compare what it shows."""
        for step in steps(page):
            place = f"{page.relative_to(ROOT)}:{step.line}"
            if not step.command:
                self._change(step, place)
                continue
            shown, code = self._asked(step) if step.asks else self._ran(step.command)
            fails = "error: " in step.text or "refused" in step.text
            assert (code != 0) == fails, f"{place}: exit code {code}\n{shown}"
            assert not step.text or matches(step.text, shown), f"{place}\nshown:\n{shown}\nexpected:\n{step.text}"

    def run(self, command: str) -> str:
        """Run a command that succeeds, and return what it prints."""
        shown, code = self._ran(command)
        assert code == 0, f"{command}: exit code {code}\n{shown}"
        return shown

    def _ran(self, command: str) -> tuple[str, int]:
        done = subprocess.run(
            command,
            shell=True,
            cwd=self.root,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=600,
        )
        return done.stdout, done.returncode

    def _asked(self, step: Step) -> tuple[str, int]:
        """Run a command that asks, and give the answers of the page."""
        terminal = Terminal(["sh", "-c", step.command], self.root, self._environment)
        for line in step.text.splitlines():
            question = _QUESTION.search(line)
            if question:
                terminal.until(question[1])
                terminal.type(question[2])
        code = terminal.end()
        return terminal.shown, code

    def _change(self, step: Step, place: str) -> None:
        path = self.root / step.file
        lines = step.text.splitlines(keepends=True)
        before = "".join(line[1:] for line in lines if line[0] in " -")
        after = "".join(line[1:] for line in lines if line[0] in " +")
        text = path.read_text(encoding="utf-8")
        assert text.count(before) == 1, f"{place}: {step.file} has these lines {text.count(before)} times:\n{before}"
        path.write_text(text.replace(before, after), encoding="utf-8")
