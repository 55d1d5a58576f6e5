"""The program as somebody else would write it: this folder's stack file, the toolkit's components."""

from pathlib import Path

from stacks.program import main

main(Path.cwd() / "stacks")
