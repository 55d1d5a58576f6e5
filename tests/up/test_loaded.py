"""A stack's exported state, loaded into an empty local Azure, is a cloud in which nothing is left to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local_azure.loading import load_store, read_state
from local_azure.store import Store
from tests.engine import rehearsal

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
LEDGER = "SELECT subnet, number, owner, member FROM addresses ORDER BY subnet, number"


@pytest.mark.parametrize("program", ["waf_aligned", "routing"])
def test_neither_refresh_nor_up_finds_a_change_on_a_loaded_state(program: str, tmp_path: Path) -> None:
    exported, store = tmp_path / "state.json", tmp_path / "local" / "azure"
    with rehearsal(tmp_path, HERE / program, "") as first:
        assert first.up().code == 0
        assert first.refresh().code == 0
        exported.write_text(json.dumps(first.export()))
    before = Store(store)
    ids, ledger = sorted(before.ids()), before.connection.execute(LEDGER).fetchall()
    before.connection.close()
    store.rename(tmp_path / "before")
    (tmp_path / "project").rename(tmp_path / "done")

    assert load_store(store, read_state(exported)).missing == []
    after = Store(store)
    assert sorted(after.ids()) == ids
    assert after.connection.execute(LEDGER).fetchall() == ledger
    after.connection.close()

    with rehearsal(tmp_path, HERE / program, "") as again:
        refreshed = again.refresh()
        assert (refreshed.code, refreshed.changes) == (0, {}), refreshed.output
        unchanged = again.up()
        assert (unchanged.code, unchanged.steps) == (0, []), unchanged.output
