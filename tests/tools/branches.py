"""Branches to rehearse: a project of its own in a repository of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tools.engine import Workspace
from tools.local_services import ROOT
from tools.provision import cli
from tools.pull_request.base import extract
from tools.pull_request.rehearsal import Outcome, Rehearser

OURS = "from pathlib import Path\n\nfrom stacks.program import main\n\nmain(Path.cwd() / 'stacks')\n"
"""Text of the toolkit's own program."""


def project_of(folder: Path, stack: str, text: str) -> Workspace:
    """Write a project with the toolkit's own program and one stack file, and return where it runs locally."""
    project = folder / "project"
    (project / "stacks").mkdir(parents=True)
    options = f"runtime: {{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
    (project / "Pulumi.yaml").write_text(f"name: moorings\n{options}\nstackConfigDir: stacks\n", encoding="utf-8")
    (project / "__main__.py").write_text(OURS, encoding="utf-8")
    (project / "stacks" / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
    return Workspace(project, project / "stacks", folder / "local", cli.chosen(ROOT))


class Branch:
    """A repository with one commit on main, a branch checked out beside it, and the check."""

    def __init__(self, folder: Path, base: str, program: str = OURS) -> None:
        self.root = folder / "project"
        self.local = folder / "local"
        (self.root / "stacks").mkdir(parents=True)
        (self.root / "Pulumi.yaml").write_text(
            "name: moorings\nruntime: {name: python, options: {virtualenv: .venv}}\nstackConfigDir: stacks\n"
        )
        (self.root / ".gitignore").write_text(".venv\n")
        (self.root / "__main__.py").write_text(program)
        (self.root / ".venv").symlink_to(ROOT / ".venv")
        self.stack_file = self.root / "stacks" / "Pulumi.pr.yaml"
        self.stack_file.write_text(base)
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("add", ".")
        self.git("commit", "--quiet", "--message", "base")

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=t", "-c", "user.email=t@contoso.example")
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True)

    def change(self, *changes: tuple[str, str]) -> None:
        text = self.stack_file.read_text()
        for before, after in changes:
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        self.stack_file.write_text(text)

    def rehearse(self, state: Path | None = None, pack: Path | None = None) -> Outcome:
        tree = None if state else extract(self.root, None, self.local / "base")
        rehearser = Rehearser(self.root, self.local, cli.chosen(ROOT), tree, state, pack=pack)
        return rehearser.rehearse("pr")
