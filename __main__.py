"""Provision one environment: read its file, check it, make what it describes, export what others need."""

import os
import sys

import pulumi

from planning.problems import SpecError
from stacks.loader import load

try:
    stack = load(pulumi.get_stack(), engine=pulumi.Config("moorings").get_object("stack"))
except SpecError as error:
    sys.exit("\n".join(f"error: {line}" for line in error.lines))

from components import program

program.run(stack, os.environ)
