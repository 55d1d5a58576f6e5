"""The engine's copy of a stack file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import stack_file
from tools.local_services import ROOT

TEXT = """\
# yaml-language-server: $schema=schema.json
secretsprovider: azurekeyvault://vault.example/keys/k
encryptedkey: >-
  QUJD
  REVG

encryptionsalt: v1:old
config:
  moorings:stack:
    version: 1.30
    since: 2026-11-21
    password:
      secure: AAAB
    inline: {secure: AAAC}
    after: kept   # comment
"""


def test_what_looks_like_a_number_or_a_date_keeps_its_text() -> None:
    copy = stack_file.local_copy(TEXT, None).text
    assert "    version: 1.30\n" in copy
    assert "    since: 2026-11-21\n" in copy
    assert "    after: kept   # comment\n" in copy


def test_keys_that_bind_to_another_secrets_provider_are_left_out_with_their_continuations() -> None:
    copy = stack_file.local_copy(TEXT, None).text
    for gone in ("secretsprovider", "encryptedkey", "QUJD", "REVG", "v1:old"):
        assert gone not in copy


def test_the_local_salt_is_at_the_head() -> None:
    assert stack_file.local_copy(TEXT, "v1:new").text.startswith("encryptionsalt: v1:new\n")


def test_a_secret_of_another_key_becomes_a_placeholder_and_its_line_is_reported() -> None:
    copy = stack_file.local_copy(TEXT, None)
    assert "    password: local-placeholder\n" in copy.text
    assert "    inline: local-placeholder\n" in copy.text
    assert copy.secret_lines == (13, 14)


def test_a_file_without_any_of_that_is_copied_letter_by_letter() -> None:
    text = "config:\n  a:b: '1.30'\n"
    assert stack_file.local_copy(text, None).text == text


def test_the_runner_loads_no_spec_and_none_of_the_sdk() -> None:
    asked = "import sys, tools.stack; print(*{name.split('.')[0] for name in sys.modules})"
    report = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "stacks" in report.split()
    assert not {"pydantic", "pulumi", "components"} & set(report.split())


def test_a_missing_stack_is_refused_with_the_stacks_there_are(tmp_path: Path) -> None:
    for name in ("Pulumi.local.yaml", "Pulumi.prod.yaml", "_base.yaml", "schema.json"):
        (tmp_path / name).touch()
    with pytest.raises(stack_file.NoStackFileError, match=r"'nope'.*there are: local, prod$"):
        stack_file.find(tmp_path, "nope")
    assert stack_file.find(tmp_path, "prod") == tmp_path / "Pulumi.prod.yaml"


def test_a_stack_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "Pulumi.x").mkdir()
    (tmp_path / "stacks" / "evil.yaml").touch()
    with pytest.raises(stack_file.NoStackFileError):
        stack_file.find(tmp_path / "stacks", "x/../evil")


def test_the_salt_is_read_from_the_file_that_the_engine_wrote(tmp_path: Path) -> None:
    assert stack_file.salt_in(tmp_path / "absent") is None
    (tmp_path / "s.yaml").write_text("encryptionsalt: v1:abc:v1:x/y=\n")
    assert stack_file.salt_in(tmp_path / "s.yaml") == "v1:abc:v1:x/y="


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"config: {\n", r"stacks/Pulumi.dev.yaml:2: not YAML: "),
        (b"a: \xff\n", r"stacks/Pulumi.dev.yaml: cannot be read: "),
    ],
)
def test_a_file_that_yaml_cannot_read_is_named_with_its_own_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "stacks" / "Pulumi.dev.yaml"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(stack_file.StackFileError, match=said):
        stack_file.text_of(path)
