"""The project's tracked Python files, parsed once."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: its path from the root, its text, and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def imported(self) -> set[str]:
        """Full names of the modules that it imports, wherever in the file."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return found

    @property
    def used(self) -> set[str]:
        """Dotted names that it reads, such as ``datetime.now``."""
        return {ast.unparse(node) for node in ast.walk(self.tree) if isinstance(node, ast.Attribute | ast.Name)}

    def functions(self) -> Iterator[tuple[str, Function]]:
        """Every function with its dotted name, those within functions too."""

        def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, Function):
                    yield f"{prefix}{child.name}", child
                    yield from below(child, f"{prefix}{child.name}.<locals>.")
                elif isinstance(child, ast.ClassDef):
                    yield from below(child, f"{prefix}{child.name}.")
                else:
                    yield from below(child, prefix)

        yield from below(self.tree, f"{self.path}:")


def tracked(*suffixes: str) -> list[str]:
    """Return the files that git knows or would know, ignored ones left out, by suffix where suffixes are given."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [
        path for path in sorted(set(listed)) if (ROOT / path).is_file() and (not suffixes or path.endswith(suffixes))
    ]


@cache
def modules() -> tuple[Module, ...]:
    """Return every Python file of the project."""
    found = []
    for path in tracked(".py"):
        text = (ROOT / path).read_text(encoding="utf-8")
        found.append(Module(path, text, ast.parse(text)))
    return tuple(found)


def within(*folders: str) -> tuple[Module, ...]:
    """Return the Python files below some folders."""
    return tuple(module for module in modules() if module.path.startswith(tuple(f"{folder}/" for folder in folders)))


def product() -> tuple[Module, ...]:
    """Return the Python files that are not tests."""
    return tuple(module for module in modules() if not module.path.startswith("tests/"))
