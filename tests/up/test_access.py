"""Identities and grants on the real engine: what each receives, and what a change of the registry's mode does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine import rehearsal
from tests.up import findings
from tests.up.judge import requests, violations

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
KINDS = ("access-kubelet", "access-builder", "access-auditors")


def roles(store: Path) -> list[str]:
    """The GUIDs of the roles that were assigned, in the order of the requests."""
    bodies = [request["body"] for request in requests(store) if str(request["type"]).endswith("/roleAssignments")]
    return [str(body["properties"]["roleDefinitionId"]).rpartition("/")[2] for body in bodies if isinstance(body, dict)]


def test_grants_stay_as_they_are_and_follow_the_registrys_mode(tmp_path: Path) -> None:
    with rehearsal(tmp_path, HERE / "access", "") as stack:
        findings.check(stack, "access", "before")
        first = stack.up()
        assert (first.code, set(first.changes)) == (0, {"create"}), first.output
        assert violations(stack.azure.store) == []
        findings.check(stack, "access", "after")
        assert set(stack.outputs()["identities"]) == {"kubelet", "builder"}
        assert sorted(roles(stack.azure.store)) == [
            "2a1e307c-b015-4ebd-883e-5b7698a07328",  # Repository Writer
            "b93aa761-3e63-49ed-ac28-beffa264f7ac",  # Repository Reader
            "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",  # Catalog Lister
        ]

        assert stack.refresh().code == 0
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output

        text = stack.stack_file.read_text(encoding="utf-8")
        text = text.replace("AbacRepositoryPermissions", "LegacyRegistryPermissions")
        stack.stack_file.write_text(text.replace(", repositories: [team-a/*, shared/base]", ""), encoding="utf-8")
        changed = stack.up()
        assert changed.code == 0, changed.output
        replaced = {name for op, _, name in changed.steps if op == "replace"}
        assert replaced == {f"contoso-access-{kind}" for kind in KINDS}
        assert sorted(roles(stack.azure.store)[3:]) == [
            "7f951dda-4ed3-4680-a7ca-43fe172d538d",  # AcrPull
            "7f951dda-4ed3-4680-a7ca-43fe172d538d",  # AcrPull, for the catalog
            "8311e382-0749-4cb8-b61a-304f252e45ec",  # AcrPush
        ]

        gone = stack.destroy()
        assert gone.code == 0, gone.output
        assert stack.ids() == []
