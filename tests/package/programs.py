"""The example programs that use the package, on the real engine and a local Azure of their own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.engine import Rehearsal, rehearsal
from tools import provider_plugin
from tools.local_services import ROOT

PACKAGE = ROOT / "package"
EXAMPLES = ROOT / "examples"


@contextlib.contextmanager
def example(folder: Path, name: str, *hosts: Path) -> Iterator[Rehearsal]:
    """Lay out an example, with the package at its path on this machine.

    Args:
        folder: an empty folder.
        name: the example.
        hosts: folders of language hosts.
    """
    with rehearsal(folder, "") as created:
        (created.program / "__main__.py").unlink()
        shutil.copytree(EXAMPLES / name, created.program, dirs_exist_ok=True)
        project = (created.program / "Pulumi.yaml").read_text(encoding="utf-8")
        assert "../../package" in project
        text = f"{project.replace('../../package', str(PACKAGE))}stackConfigDir: stacks\n"
        (created.program / "Pulumi.yaml").write_text(text, encoding="utf-8")
        use(created, *hosts)
        created.engine.prepare()
        yield created


def use(created: Rehearsal, *folders: Path) -> None:
    """Let a program find its language host, and neither modules of this project nor a provider of the user."""
    engine = created.engine
    paths = [str(engine.workspace.pulumi.absolute().parent), *map(str, folders), os.environ.get("PATH", "")]
    engine.environment["PATH"] = os.pathsep.join(paths)
    # The package finds its own modules.
    del engine.environment["PYTHONPATH"]
    provider_plugin.install(engine.workspace.local / "home")
