"""Tests of the project. Importing this package lets Python cache bytecode."""

import os
import sys

# Many container images set this variable. Every run would then recompile the SDKs, which takes longer than most tests.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
