"""Budgets: length of files and functions, annotations, docstrings and suppressions."""

import ast
import functools
import io
import re
import tokenize
from collections import Counter
from pathlib import PurePosixPath

from tests.architecture.project import ROOT, Function, blocks, modules, product, text_of, tracked, within


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_file_is_longer_than_400_lines() -> None:
    counts = {module.path: len(module.text.splitlines()) for module in modules()}
    assert {path: count for path, count in counts.items() if count > 400} == {}


def test_no_function_is_longer_than_60_lines() -> None:
    counts = {name: length(node) for module in modules() for name, node in module.functions()}
    assert {name: count for name, count in counts.items() if count > 60} == {}


def test_no_constructor_of_a_component_is_longer_than_60_lines() -> None:
    found = {name: length(node) for module in within("components") for name, node in module.functions()}
    constructors = {name: count for name, count in found.items() if name.endswith(".__init__")}
    assert len(constructors) >= 6
    assert {name: count for name, count in constructors.items() if count > 60} == {}


def test_the_program_is_25_lines_at_most() -> None:
    assert len((ROOT / "__main__.py").read_text().splitlines()) <= 25


def test_every_argument_and_every_return_is_annotated() -> None:
    bare = []
    for module in modules():
        for name, node in module.functions():
            spec = node.args
            every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg]
            unsaid = [each.arg for each in every if each and not each.annotation and each.arg not in {"self", "cls"}]
            bare += [f"{name}({argument})" for argument in unsaid]
            bare += [f"{name} ->"] if node.returns is None else []
    assert bare == []


def test_everything_public_has_a_docstring() -> None:
    bare = []
    for module in product():
        bare += [] if ast.get_docstring(module.tree) else [module.path]
        classes = [node for node in blocks(module.tree) if isinstance(node, ast.ClassDef)]
        bare += [
            f"{module.path}:{node.name}" for node in classes if node.name[0] != "_" and not ast.get_docstring(node)
        ]
        for name, node in module.functions():
            words = name.split(":", 1)[1].split(".")
            if not any(word.startswith("_") or word == "<locals>" for word in words) and not ast.get_docstring(node):
                bare.append(name)
    assert bare == []


def test_every_docstring_starts_with_one_sentence_in_one_line() -> None:
    found = []
    for module in product():
        nodes = [module.tree, *(node for node in blocks(module.tree) if isinstance(node, ast.ClassDef | Function))]
        for node in nodes:
            first, _, rest = (ast.get_docstring(node) or ".").partition("\n")
            if not first.rstrip("`").endswith((".", ":", "?")) or rest.partition("\n")[0].strip():
                found.append(f"{module.path}: {first}")
    assert found == []


SUPPRESSION = re.compile(r"(noqa|type: ?ignore|pyright: ?(ignore|basic)|pragma: no cover)")
REASON = re.compile(r"(noqa(: [A-Z0-9, ]+)?|ignore(\[[^]]*\])?) - \S.*\S")


@functools.cache
def suppressions() -> dict[str, str]:
    """Comments that suppress a message of a tool, by place."""
    found = {}
    for module in modules():
        if not SUPPRESSION.search(module.text):
            continue
        for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
            if token.type == tokenize.COMMENT and SUPPRESSION.search(token.string):
                found[f"{module.path}:{token.start[0]}"] = token.string
    return found


def test_every_suppression_gives_its_reason() -> None:
    assert {place: text for place, text in suppressions().items() if not REASON.search(text)} == {}


def test_there_is_one_suppression_in_a_thousand_lines_at_most() -> None:
    lines = sum(len(module.text.splitlines()) for module in modules())
    assert len(suppressions()) <= lines / 1000, sorted(suppressions())


UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX")) + r")\b")


def test_nothing_is_left_for_later() -> None:
    assert [path for path in tracked() if UNFINISHED.search(text_of(path))] == []


MACHINES_PATH = re.compile(
    r"(?<![\w./{}-])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me", "Us" + "ers")) + r")/\w"
)


def test_no_file_names_a_path_of_a_machine() -> None:
    found = [
        f"{path}:{number}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if MACHINES_PATH.search(line)
    ]
    assert found == []


DOWNLOADS = re.compile(
    "|".join(
        re.escape(".".join(words))
        for words in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("proxy", "golang", "org"),
            ("sum", "golang", "org"),
            ("get", "pulumi", "com"),
            ("registry", "npmjs", "org"),
        )
    )
    + "|--(extra-)?index"
    + "-url"
)


def test_no_file_names_a_host_to_download_from() -> None:
    found = [
        f"{path}:{number}"
        for path in tracked()
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if DOWNLOADS.search(line)
    ]
    assert found == []


def test_test_files_in_folders_that_are_no_packages_have_names_of_their_own() -> None:
    """Pytest imports two such files as one module, and collects neither when both are run."""
    paths = [PurePosixPath(path) for path in tracked(".py") if path.startswith("tests/")]
    packages = {path.parent for path in paths if path.name == "__init__.py"}
    names = Counter(path.name for path in paths if path.name.startswith("test_") and path.parent not in packages)
    assert {name: count for name, count in names.items() if count > 1} == {}
