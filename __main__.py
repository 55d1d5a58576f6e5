"""Provision one environment: what happens is in `stacks.program`, what is made in `stacks.platform`."""

import gc
import os

# What is imported and made from here on, the SDK's half a million objects among it, lives to the end: looking it over again
# and again is a fifth of a preview's time. Pydantic would look for plugins in every installed package as well.
gc.disable()
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from stacks.program import main  # noqa: E402 - after what speeds it up

main()
gc.freeze()
gc.enable()
