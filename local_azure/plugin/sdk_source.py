"""Reads the generated Python of the installed SDK: classes, enums and functions, with their descriptions and defaults.

The package is never imported: its modules are large, and what a schema needs stands in their text. Names are the
schema's own (camelCase), because the SDK keeps them beside each Python name [SDK-PYTHON].
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from local_azure.arm_facts import FACTS

_CLASS = re.compile(r"^class (\w+)\(?", re.MULTILINE)
GETTER = re.compile(
    r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(self\) -> (.+):\n(?:        """\n((?:.*\n)*?)        """)?'
)
_CLASS_DOC = re.compile(r'\A.*\n    """\n((?:.*\n)*?)    """')
_CONSTRUCTOR_DOC = re.compile(r'    def __init__\(__self__,(?:.*\n)*?.*\):\n        """\n((?:.*\n)*?)        """')
_DEFAULT = re.compile(r"^ +if (\w+) is None:\n +\1 = (.+)$", re.MULTILINE)
_CONSTANT = re.compile(r"""^ +pulumi\.set\(__self__, "(\w+)", ('.*')\)$""", re.MULTILINE)
_SECRET = re.compile(r'__props__\.__dict__\["(\w+)"\] = .*pulumi\.Output\.secret\(')
_ALIAS = re.compile(r'pulumi\.Alias\(type_="([^"]+)"\)')
_ENUM_VALUE = re.compile(r'^    [A-Z]\w* = (.+)\n(?:    """\n((?:    .*\n|\n)*?)    """)?', re.MULTILINE)
_ARGUMENT = re.compile(r"^    __args__\['(\w+)'\] = (\w+)$", re.MULTILINE)
_PARAMETER = re.compile(r"^[( ]*(\w+): pulumi\.Input\[(.+)\] = None,?$")
_TOKEN = re.compile(r"invoke\('azure-native:\w+:(\w+)'")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WRAPPERS: Final = frozenset({"Input", "Output"})


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a class or argument of a function.

    Attributes:
        name: the schema's name, such as `addressSpace`.
        annotation: its Python type without `Input`, `Output` and the outer `Optional`.
        optional: whether it may be left out.
        description: the SDK's documentation, empty where it has none.
        default: the value that the SDK sends when it is left out, or None.
        const: the only value that it may have, or None.
        secret: whether the SDK marks it as a secret.
    """

    name: str
    annotation: ast.expr
    optional: bool
    description: str
    default: Any = None
    const: str | None = None
    secret: bool = False


class Source:
    """One generated file, cut into classes by name."""

    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        found = [(match[1], match.start()) for match in _CLASS.finditer(self.text)]
        ends = [start for _, start in found[1:]] + [len(self.text)]
        self._spans = {name: (start, end) for (name, start), end in zip(found, ends, strict=True)}

    def __contains__(self, name: str) -> bool:
        return name in self._spans

    @cached_property
    def _secrets(self) -> frozenset[str]:
        return frozenset(_SECRET.findall(self.text))

    def properties(self, cls: str) -> tuple[Property, ...]:
        """The properties of a class in the order of the file."""
        text = self.class_text(cls)
        defaults = dict(_DEFAULT.findall(text))
        constants = dict(_CONSTANT.findall(text))
        found = []
        for match in GETTER.finditer(text):
            name, python, annotation, doc = match.groups()
            expression, optional = _unwrapped(ast.parse(annotation, mode="eval").body)
            found.append(
                Property(
                    name=name or python,
                    annotation=expression,
                    optional=optional,
                    description=_dedented(doc or "", 8),
                    default=ast.literal_eval(defaults[python]) if python in defaults else None,
                    const=ast.literal_eval(constants[python]) if python in constants else None,
                    secret=python in self._secrets,
                )
            )
        return tuple(found)

    def description(self, cls: str) -> str:
        """What the SDK says of a class, without its parameters."""
        text = self.class_text(cls)
        match = _CLASS_DOC.search(text)
        if match:
            return _summary(_dedented(match[1], 4))
        match = _CONSTRUCTOR_DOC.search(text)
        return _summary(_dedented(match[1], 8)) if match else ""

    def aliases(self) -> tuple[str, ...]:
        """The type tokens under which the resource of this file was known before."""
        return tuple(_ALIAS.findall(self.text))

    def enum(self, cls: str) -> tuple[tuple[str, str], ...]:
        """Values of an enum with what the SDK says of each, in the order published."""
        body = _CLASS_DOC.sub("", self.class_text(cls), count=1)
        return tuple((ast.literal_eval(value), _dedented(doc, 4)) for value, doc in _ENUM_VALUE.findall(body))

    def arguments(self, python_name: str) -> tuple[Property, ...]:
        """The arguments of a function, such as `get_registry`, in the order of the file."""
        head, _, body = self._function(f"{python_name}_output")
        wire = {python: name for name, python in _ARGUMENT.findall(body)}
        documented = _parameters(_docstring(body))
        found = []
        for line in head.splitlines():
            match = _PARAMETER.match(line.removeprefix(f"def {python_name}_output"))
            if match is None:
                continue
            # Every argument may be left out in Python; an inner Optional says that the provider agrees.
            annotation, _ = _unwrapped(ast.parse(match[2], mode="eval").body)
            annotation, optional = _unwrapped(annotation)
            found.append(Property(wire[match[1]], annotation, optional, documented.get(match[1], "")))
        return tuple(found)

    def function_description(self, python_name: str) -> str:
        """What the SDK says of a function, without its parameters."""
        _, _, body = self._function(f"{python_name}_output")
        return _summary(_docstring(body))

    def class_text(self, name: str) -> str:
        """The text of a class; raises KeyError where the file has no such class."""
        start, end = self._spans[name]
        return self.text[start:end]

    def _function(self, name: str) -> tuple[str, str, str]:
        start = self.text.index(f"def {name}(")
        return self.text[start:].partition(") -> ")


class Module:
    """One module of the SDK, such as `network`: its types, enums, resources and functions."""

    def __init__(self, package: Path, name: str) -> None:
        self.name = name
        self._folder = package / name

    @cached_property
    def inputs(self) -> Source | None:
        """Argument classes of nested objects; None where the module has none."""
        return self._optional("_inputs.py")

    @cached_property
    def outputs(self) -> Source | None:
        """Classes of nested objects as they are read; None where the module has none."""
        return self._optional("outputs.py")

    @cached_property
    def enums(self) -> Source | None:
        """Enum classes; None where the module has none."""
        return self._optional("_enums.py")

    def resource(self, cls: str) -> Source:
        """The file of a resource class."""
        path = self._folder / f"{FACTS.file_names.get((self.name, cls), snake(cls))}.py"
        if not path.is_file():
            path = next(each for each in self._folder.glob("*.py") if each.stem.replace("_", "") == cls.lower())
        return Source(path)

    def function_names(self) -> list[str]:
        """Names of the module's functions, such as `listRegistryCredentials`, in the order of their files."""
        files = sorted([*self._folder.glob("list_*.py"), *self._folder.glob("get_*.py")])
        found = (_TOKEN.search(path.read_text(encoding="utf-8")) for path in files)
        return [match.group(1) for match in found if match]

    def function(self, name: str) -> Source | None:
        """The file of a function such as `listRegistryCredentials`; None where the SDK has no such function."""
        cls = name.removeprefix("get")
        stem = FACTS.file_names.get((self.name, cls))
        return self._optional(f"get_{stem}.py" if stem else f"{snake(name)}.py")

    def _optional(self, file: str) -> Source | None:
        path = self._folder / file
        return Source(path) if path.is_file() else None


def snake(name: str) -> str:
    """The SDK's file name of a class or function: `NetworkSecurityGroup` becomes `network_security_group`."""
    return _WORDS.sub("_", name).lower()


def _unwrapped(node: ast.expr) -> tuple[ast.expr, bool]:
    """The annotation without `Input`, `Output` and one `Optional`, and whether there was an `Optional`."""
    node = without_wrappers(node)
    if isinstance(node, ast.Subscript) and head(node) == "Optional":
        return without_wrappers(node.slice), True
    return node, False


def without_wrappers(node: ast.expr) -> ast.expr:
    """The annotation without outer `pulumi.Input` and `pulumi.Output`."""
    while isinstance(node, ast.Subscript) and head(node) in _WRAPPERS:
        node = node.slice
    return node


def head(node: ast.expr) -> str:
    """Last name of an annotation: `Sequence` of `Sequence[str]`, `str` of `_builtins.str`; empty for a forward reference."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _docstring(body: str) -> str:
    match = re.search(r'\A.*\n    """\n((?:.*\n)*?)    """', body)
    return _dedented(match[1], 4) if match else ""


def _summary(doc: str) -> str:
    """A docstring without its parameters."""
    return f"\n{doc}".split("\n:param ")[0].removeprefix("\n").removesuffix("\n")


def _parameters(doc: str) -> dict[str, str]:
    """Python name and description of each documented parameter; continuation lines lose their indentation."""
    found: dict[str, str] = {}
    for part in f"\n{doc}".split("\n:param ")[1:]:
        declaration, _, text = part.partition(": ")
        found[declaration.rpartition(" ")[2]] = re.sub(r"\n +", "\n", text).strip()
    return found


def _dedented(doc: str, spaces: int) -> str:
    """A docstring's text as the schema has it: without the file's indentation and the escapes of the generator."""
    lines = [line[spaces:] if line[:spaces].isspace() else line for line in doc.splitlines()]
    return "\n".join(lines).strip("\n").replace(r"\"\"\"", '"""').replace("\\\\", "\\")
