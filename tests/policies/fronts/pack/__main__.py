"""The tiny rules as a policy pack."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT))

from policies.fronts.pack import serve  # noqa: E402 - the engine runs the folder, which knows no project
from tests.policies.tiny_rules import TINY  # noqa: E402 - the same

serve(TINY, Path.cwd())
