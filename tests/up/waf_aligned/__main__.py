"""The program as somebody else would write it: this folder's stack file, the toolkit's components."""

import os
import sys
from pathlib import Path

import pulumi

from components import program
from planning.problems import SpecError
from stacks.loader import load

try:
    stack = load(pulumi.get_stack(), directory=Path.cwd() / "stacks", engine=pulumi.Config("moorings").get_object("stack"))
except SpecError as error:
    sys.exit("\n".join(f"error: {line}" for line in error.lines))

program.run(stack, os.environ)
