"""Every command line of the documents is run, in a copy of the project, or stands in a table with the reason why not.

Pages of the tutorial and the how-to guides are followed by `test_pages.py`. A verb alone is only named.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import Copy, steps
from tests.docs.test_pages import GUIDES, TUTORIAL
from tests.verbs.test_documented import LINE, texts

REMOTE = (
    "git remote add origin https://github.com/contoso/infra",
    "git update-ref refs/remotes/origin/main HEAD",
    "git update-ref refs/remotes/origin/release HEAD",
)
"""What a clone has."""
SESSION = """
check prod
check --json
explain prod
explain prod clusters
explain prod networks
explain prod registry.replicas --json
ledger prod
ledger prod --json
firewall prod
firewall prod --form rules
firewall prod --json > firewall.json
firewall prod --since firewall.json
cost prod
cost prod --json
cost prod --base HEAD
cost prod --base origin/main
profiles prod --out profiles --schema
profiles prod --group eastus --format json
fleet --out deploy
fleet --out deploy --commit 3f1c2a9b7d5e4f60718293a4b5c6d7e8f9012345
fleet --form github --out .github/workflows
fleet --out .github/workflows --form github
policy prod
policy prod --json > findings.json
policy prod --sarif policies.sarif --markdown comment.md
report prod
report prod --base origin/main --out prod.html
report prod --findings findings.json
rules --profile minimal --json
schema --verify
docs --verify
manifests prod --out build
preflight prod --local
up prod
outputs prod --json > outputs.json
manifests prod --out build --outputs outputs.json
preview prod
preview prod --json
preview prod -- --diff --refresh
up prod -- --refresh
up prod --json
drift prod --quiet
refresh prod
pulumi --local -- stack export --stack prod --file state.json
policy --from state.json --json
policy --from state.json --save-baseline policies/baseline.json
pr prod --from-state state.json
pr prod --from-state state.json --output rehearsal
pr prod --base origin/release
drain eastus prod --dry-run
drain eastus --dry-run
drain eastus prod --local --manifests build
undrain eastus --dry-run
undrain eastus prod --local --manifests build
pulumi --local -- package get-schema azure-native
down prod -- --continue-on-error
up
plan local --local
plan local --local --json
down
init test --from one-region --yes
down test
rename test staging
remove staging --yes
init test --from three-regions --region swedencentral --region canadacentral --run apps --range 10.200.0.0/19 --yes
remove test --yes
""".strip().splitlines()
"""Command lines in an order in which each has what it needs."""
NOT_RUN = {
    r".*\b(ARGS|CHECKOUT|DIR|FILE|ID|REGION|STACK)\b.*": "a word in capitals stands for a value",
    r".*--subscription .*|preflight \w+( --json)?": "reads a subscription",
    r"(plan|preview) prod( --apply)?|(un)?drain (eastus prod|westeurope shop)": "applies a stack in Azure",
    r"pulumi -- .*|pulumi --local": "runs the CLI as it is",
    r"adopt prod .*": "needs a list of what is in Azure; tests/up/test_adoption.py adopts programs",
    r"rename test staging --state state\.json": "needs the state of a stack in Azure; tests/tools/test_stack_names.py",
    r"token prod .*": "no stack here has a token; tests/verbs/test_token.py",
    r"profiles prod --agent main": "no stack here has an agent; tests/stacks/test_agents.py",
    r"policy --report report\.json --github": "prints the report of another run; tests/verbs/test_policy.py",
    r"cost --refresh": "reads the price list of Azure; tests/tools/cost",
    r"lock|types .*": "reads packages or published types from the network",
    r"(bench|fuzz) .*": "takes minutes; tests/bench and tests/tools/test_fuzz.py",
    r"foreign .*": "needs the programs of somebody else; tests/tools/test_foreign_on_engine.py",
    r"azure (serve|plugin) .*": "serves until it is interrupted; every test on the engine starts both",
    r"(up|down) --all.*": "applies all stacks; tests/up/test_fleet.py",
    r"pulumi --local -- (-C .*|cancel|import .*|package gen-sdk .*|package get-schema azure-native .+)": (
        "needs another program or an interrupted update; tests/tools/test_local_pulumi.py and tests/up/test_imports.py"
    ),
    r"init (meridian|shop|test) --from .*": "asks, or its shared stack is not deployed; test_pages.py and test_templates.py",
    r"plan hubs --local --apply": "tests/tools/test_rollout_on_engine.py applies a plan",
    r"doctor --json": "reports that a copy has no environment of its own; tests/verbs/test_doctor.py",
    r"azure (outage|reach|serve)": "named without arguments",
    r"pr pr --base main": "a stack named like the verb",
    r"outputs dev": "tests/up/test_enterprise.py applies that stack",
    r"remove test": "asks; tests/verbs/test_stack_files.py",
}
"""Command lines that are not run here, as patterns, with the reason and the test of what they do."""


def documented() -> dict[str, str]:
    """Command lines of documents other than the changelog and the decisions, and a file that has each."""
    found: dict[str, str] = {}
    for path, text in texts(".md").items():
        if path != "CHANGELOG.md" and not path.startswith("docs/adr/"):
            found |= {match[1].split("   ")[0].rstrip(" "): path for match in LINE.finditer(text)}
    return {line: path for line, path in found.items() if " " in line}


def on_pages() -> set[str]:
    commands = (step.command for page in [*TUTORIAL, *GUIDES] for step in steps(page))
    return {line for command in commands for line in re.findall(r"\./moorings ([^|#>;&\n]*[^|#>;&\n\s])", command)}


def test_every_documented_command_line_is_run_or_has_a_reason() -> None:
    run = {line.partition(" > ")[0] for line in SESSION} | on_pages()
    left = {line: path for line, path in documented().items() if line not in run}
    assert {line: path for line, path in left.items() if not any(re.fullmatch(each, line) for each in NOT_RUN)} == {}
    assert [each for each in NOT_RUN if not any(re.fullmatch(each, line) for line in left)] == []


@pytest.mark.engine
def test_documented_command_lines_succeed(tmp_path: Path) -> None:
    copy = Copy(tmp_path)
    for line in [*REMOTE, *(f"./moorings {line}" for line in SESSION)]:
        copy.run(line)
