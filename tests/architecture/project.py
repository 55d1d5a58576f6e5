"""The project's tracked files, read and parsed once."""

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


# Imports, functions and classes are not in expressions, so only these nodes are searched, which is several times faster.
_BLOCKS = (ast.stmt, ast.ExceptHandler, ast.match_case)


def blocks(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements and blocks below a node."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _BLOCKS):
            yield child
            yield from blocks(child)


@dataclass(frozen=True)
class Module:
    """One file: its path from the root, its text, and its syntax tree, which is parsed when a test needs it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        # The garbage collector would search the growing trees, which contain no garbage, again and again.
        gc.disable()
        try:
            return ast.parse(self.text)
        finally:
            gc.enable()
            gc.freeze()

    @cached_property
    def imported(self) -> set[str]:
        """Full names of the modules that it imports anywhere in the file."""
        found: set[str] = set()
        for node in blocks(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return found

    @cached_property
    def used(self) -> set[str]:
        """Dotted names that it reads, such as ``datetime.now``."""
        return {ast.unparse(node) for node in ast.walk(self.tree) if isinstance(node, ast.Attribute | ast.Name)}

    @cached_property
    def _functions(self) -> tuple[tuple[str, Function], ...]:

        def below(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
            for child in ast.iter_child_nodes(node):
                if not isinstance(child, _BLOCKS):
                    continue
                if isinstance(child, Function):
                    yield f"{prefix}{child.name}", child
                    yield from below(child, f"{prefix}{child.name}.<locals>.")
                elif isinstance(child, ast.ClassDef):
                    yield from below(child, f"{prefix}{child.name}.")
                else:
                    yield from below(child, prefix)

        return tuple(below(self.tree, f"{self.path}:"))

    def functions(self) -> tuple[tuple[str, Function], ...]:
        """Return every function with its dotted name, including those within functions."""
        return self._functions


@cache
def _listed() -> tuple[str, ...]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return tuple(path for path in sorted(set(listed)) if (ROOT / path).is_file())


def tracked(*suffixes: str) -> list[str]:
    """Return the tracked files and the untracked ones that git does not ignore, with one of the suffixes if there are any."""
    return [path for path in _listed() if not suffixes or path.endswith(suffixes)]


@cache
def text_of(path: str) -> str:
    """Return the text of a file; empty if it is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def modules() -> tuple[Module, ...]:
    """Return every Python file of the project."""
    return tuple(Module(path, (ROOT / path).read_text(encoding="utf-8")) for path in tracked(".py"))


def within(*folders: str) -> tuple[Module, ...]:
    """Return the Python files below some folders."""
    return tuple(module for module in modules() if module.path.startswith(tuple(f"{folder}/" for folder in folders)))


def product() -> tuple[Module, ...]:
    """Return the Python files that are not tests."""
    return tuple(module for module in modules() if not module.path.startswith("tests/"))
