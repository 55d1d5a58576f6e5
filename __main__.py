"""Provision one environment: what happens is in `stacks.program`, what is made in `components.platform`."""

import gc
import os

# What is imported from here on lives to the end, and pydantic would look for plugins in every installed package: together a
# twentieth of a preview's time.
gc.disable()
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from stacks.program import main  # noqa: E402 - after what speeds it up

main()
