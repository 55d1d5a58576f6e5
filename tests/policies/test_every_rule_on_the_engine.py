"""Every rule fires in a preview on the real engine: all failing cases in one program, each in its own resource group."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from policies.configuration import FILE
from policies.fronts.pack import REPORT_VARIABLE
from policies.rules import RULES
from tests.engine import rehearsal
from tests.policies.rules.cases import CASES
from tests.policies.rules.programs import Case, Program

PROGRAM = Path(__file__).parent / "programs" / "registered"
PACK = Path(__file__).resolve().parents[2] / "policies"
REFUSED = {
    ("MOOR-ACR-024", "con-toso"): "no name of a registry",
    ("MOOR-ACR-024", "abc"): "no name of a registry",
    ("MOOR-AKS-018", "imageIntegrity"): "only previews of clusters have it",
    ("MOOR-AKS-045", "-aks"): "no name of a cluster",
    ("MOOR-AKS-045", "Nodes"): "no name of a pool",
    ("MOOR-KV-113", "a_b"): "no name of a key",
    ("MOOR-LOG-001", "replication"): "the SDK's own class of workspaces does not have it",
    ("MOOR-LOG-004", "a_b"): "no name of a workspace",
}
"""Members and values, by rule, that the provider refuses in a preview before any rule sees them [AN-BOUNDS]."""
NEVER: Mapping[str, str] = {
    "MOOR-ACR-024": "azure-native checks the names of registries itself",
    "MOOR-KV-113": "azure-native checks the names of keys and secrets itself",
}
"""Rules that no preview can make fire, each with the reason."""
BESIDE_OTHERS = {
    ("MOOR-DOM-009", "registry"): "compute pulls from the program's only registry, where no image names one",
    ("MOOR-DOM-109", "replica"): "as above",
    ("MOOR-DOM-011", "cluster"): "as above",
    ("MOOR-ACR-030", "registry"): "alerts on Service Health of other cases hold for the whole subscription",
}
"""Cases that need a program of their own; their rules fire in other cases all the same."""


def failing() -> Iterator[tuple[Case, Program]]:
    """Every failing program under the configuration of its rule's first failing case: one run knows one configuration."""
    configs = configurations()
    for case in CASES:
        for program in case.programs.get("fail", ()) if case.config == configs.get(case.rule) else ():
            reported = json.dumps([each.inputs for each in program.values()])
            if not any(rule == case.rule and f'"{text}"' in reported for rule, text in REFUSED):
                yield case, program


def configurations() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for case in CASES:
        if case.programs.get("fail"):
            found.setdefault(case.rule, case.config)
    return found


def apart(value: Any, number: int) -> Any:
    """A value with the names that cases share made different, so that no case sees into another."""
    if isinstance(value, str):
        if value == "rg":
            return f"rg-{number:03}"
        placed = re.sub(r"/resourceGroups/rg(?=/|$)", f"/resourceGroups/rg-{number:03}", value)
        return placed.replace("contoso", f"contoso{number:03}")
    if isinstance(value, Mapping):
        return {key: apart(item, number) for key, item in value.items()}
    return [apart(item, number) for item in value] if isinstance(value, list | tuple) else value


def registered(program: Program, number: int) -> Iterator[dict[str, Any]]:
    """The resources of a case as the program reads them."""
    for name, each in program.items():
        yield {
            "name": f"{number:03}-{name}",
            "token": each.token,
            "inputs": apart(each.inputs, number),
            "made_from": {
                key: [f"{number:03}-{other}" for other in others if other in program]
                for key, others in each.made_from.items()
            },
            "protect": each.protect,
        }


@pytest.mark.engine
def test_every_rule_fires_in_a_preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "report.json"
    monkeypatch.setenv(REPORT_VARIABLE, str(report))
    cases = list(failing())
    resources = [each for number, (_, program) in enumerate(cases) for each in registered(program, number)]
    levels = dict.fromkeys(("critical", "high", "medium", "low"), "advisory")
    settings = {"profile": "regulated", "levels": levels, "rules": configurations()}
    with rehearsal(tmp_path / "run", PROGRAM, generic=True) as rehearsed:
        (rehearsed.program / "resources.json").write_text(json.dumps(resources), encoding="utf-8")
        (rehearsed.program / "policies").mkdir()
        (rehearsed.program / "policies" / FILE).write_text(json.dumps(settings), encoding="utf-8")
        outcome = rehearsed.preview("--policy-pack", str(PACK))
    assert report.exists(), outcome.output
    rows = json.loads(report.read_text(encoding="utf-8"))["findings"]
    fired = {(row["rule"], row["resource"]) for row in rows if row["status"] == "fail"}
    silent = {
        (case.rule, case.subject)
        for number, (case, _) in enumerate(cases)
        if (case.rule, f"{number:03}-{case.subject}") not in fired
    }
    assert outcome.code == 0, outcome.output
    assert {rule.id for rule in RULES} - {rule for rule, _ in fired} == set(NEVER)
    assert silent == set(BESIDE_OTHERS)
    assert [row for row in rows if row["rule"] not in {rule.id for rule in RULES}] == []
