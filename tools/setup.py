"""Set-up: the virtual environment and the Pulumi CLI. This file must remain valid in old versions of Python."""

import importlib
import os
import sys

if sys.hexversion < 0x030B0000:
    sys.exit(
        "Python 3.11 or newer is needed, this is "
        + sys.version.split()[0]
        + ": install one and run `make PYTHON=/path/to/python3.11 setup`"
    )

sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.exit(importlib.import_module("tools.provision.main").main())
