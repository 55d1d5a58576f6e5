"""The archive that is deployed: complete, the same every time, and importable as it stands."""

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from components.address_drift.package import REQUIREMENTS, archive, digest, files

RUN = """
import function_app
functions = function_app.app.get_functions()
print(sorted(function.get_function_name() for function in functions),
      {function.get_trigger().get_dict_repr()["type"] for function in functions})
"""


def test_the_archive_is_the_same_every_time() -> None:
    assert archive() == archive()
    assert len(digest()) == 64


def test_the_archive_holds_what_the_host_looks_for_and_no_time_or_owner() -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as read:
        entries = read.infolist()
        assert [entry.filename for entry in entries] == sorted(files())
        assert {"function_app.py", "host.json", "requirements.txt", "address_drift/app.py"} <= set(files())
        assert {(entry.date_time, entry.external_attr >> 16) for entry in entries} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644)
        }


def test_requirements_are_pinned() -> None:
    assert all("==" in requirement for requirement in REQUIREMENTS)


def test_the_host_finds_two_functions_that_event_grid_triggers(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as read:
        read.extractall(tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-c", RUN]
    found = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert found.stdout.strip() == "['reconcile', 'track'] {'eventGridTrigger'}"
