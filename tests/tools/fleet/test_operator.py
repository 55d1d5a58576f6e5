"""The resources of the Pulumi Kubernetes Operator: their shape, their order, and what each setting writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from planning.problems import SpecError
from stacks.files import stack_names
from stacks.order import Order, order
from tests.tools.fleet.operator_fields import problems
from tools.fleet.operator import TOKEN_FILE, resources
from tools.fleet.settings import Settings

ENTERPRISE = Path(__file__).parents[2] / "up" / "enterprise" / "files"
REPOSITORY = "https://github.com/contoso/infra"
EVERYTHING: dict[str, Any] = {
    "source": "flux",
    "folder": "infra",
    "image": "contoso.azurecr.io/pulumi:1",
    "client_id": "11111111-1111-1111-1111-111111111111",
    "tenant_id": "22222222-2222-2222-2222-222222222222",
    "subscription_id": "33333333-3333-3333-3333-333333333333",
    "environments": ("infra/{stack}", "infra/base"),
    "config": {"azure-native:location": "westeurope"},
    "drift": "report",
    "repository_secret": "infra-git",
}
SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    EVERYTHING,
    {"drift": "report", "repository_secret": "infra-git"},
    {"repository": "ssh://git@github.com/contoso/infra.git", "repository_secret": "infra-git"},
    {"backend": "azblob://state", "storage_account": "contosostate", "secrets_provider": "azurekeyvault://kv/keys/k"},
)


def fleet(commit: str | None = None, **settings: Any) -> dict[str, list[dict[str, Any]]]:
    found = order(stack_names(ENTERPRISE), "moorings", ENTERPRISE)
    return resources(found, "moorings", Settings(**{"repository": REPOSITORY, **settings}), commit)


def specs(commit: str | None = None, **settings: Any) -> dict[str, dict[str, Any]]:
    """The spec of each Stack by its name, in the order of the kustomization."""
    files = fleet(commit, **settings)
    paths = [path for path in files["kustomization.yaml"][0]["resources"] if path.startswith("stacks/")]
    return {each["metadata"]["name"]: each["spec"] for path in paths for each in files[path]}


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_stack_has_fields_that_the_operator_takes(settings: dict[str, Any]) -> None:
    for name, spec in specs(**settings).items():
        assert list(problems(spec)) == [], name


def test_the_table_of_fields_finds_what_is_wrong() -> None:
    [good, *_] = specs().values()
    assert list(problems({**good, "stack": 1})) == ["spec.stack: 1 is no string"]
    assert list(problems({**good, "refresh": "yes"})) == ["spec.refresh: 'yes' is no boolean"]
    assert list(problems({**good, "prerequisites": [{}]})) == ["spec.prerequisites[0]: name is missing"]
    assert list(problems({**good, "prerequisite": []})) == ["spec: prerequisite is no field"]
    assert list(problems({**good, "workspaceReclaimPolicy": "Never"})) != []
    assert list(problems({name: value for name, value in good.items() if name != "stack"})) == [
        "spec: stack is missing"
    ]


def test_the_other_resources_are_valid_for_kubernetes() -> None:
    files = fleet(**EVERYTHING)
    for document in [*files["namespace.yaml"], *files["access.yaml"]]:
        kubernetes_validate.validate(document, "1.33", strict=True)


def test_stacks_are_listed_in_order_and_wait_for_those_that_they_need() -> None:
    found = specs()
    assert list(found) == ["hub", "dev", "shared", "test", "work"]
    needs = {name: [each["name"] for each in spec.get("prerequisites", [])] for name, spec in found.items()}
    assert needs == {"hub": [], "dev": ["hub"], "shared": ["hub"], "test": ["hub"], "work": ["dev", "shared"]}


def test_the_kustomization_names_every_file_once() -> None:
    for settings in ({}, EVERYTHING):
        files = fleet(**settings)
        [kustomization] = files["kustomization.yaml"]
        assert kustomization["resources"] == [path for path in files if path != "kustomization.yaml"]
        assert kustomization["namespace"] == "moorings"


def test_the_source_is_a_repository_or_what_flux_fetched_of_it() -> None:
    git = specs(branch="release", folder="infra")["hub"]
    assert (git["projectRepo"], git["branch"], git["repoDir"]) == (REPOSITORY, "release", "infra")
    assert "fluxSource" not in git
    files = fleet(**EVERYTHING)
    [fetched] = files["source.yaml"]
    assert (fetched["kind"], fetched["spec"]["url"], fetched["spec"]["ref"]) == (
        "GitRepository",
        REPOSITORY,
        {"branch": "main"},
    )
    spec = files["stacks/hub.yaml"][0]["spec"]
    assert spec["fluxSource"]["sourceRef"]["name"] == fetched["metadata"]["name"]
    assert spec["fluxSource"]["dir"] == "infra"
    assert "projectRepo" not in spec


def test_drift_is_corrected_by_an_update_at_intervals() -> None:
    found = specs(resync_minutes=90)
    assert list(found) == ["hub", "dev", "shared", "test", "work"]
    hub = found["hub"]
    assert (hub["refresh"], hub["continueResyncOnCommitMatch"], hub["resyncFrequencySeconds"]) == (True, True, 5400)
    never = specs(resync_minutes=0)["hub"]
    assert not {"continueResyncOnCommitMatch", "resyncFrequencySeconds"} & set(never)


def test_drift_is_reported_by_a_preview_that_expects_no_changes_after_the_stack_succeeded() -> None:
    # Operator 2 ignores expectNoRefreshChanges [PKO-NO-CHANGES].
    found = specs(drift="report", resync_minutes=90)
    assert list(found)[:4] == ["hub", "hub-drift", "dev", "dev-drift"]
    deployed, looked = found["dev"], found["dev-drift"]
    assert not {"refresh", "continueResyncOnCommitMatch", "preview"} & set(deployed)
    assert looked["stack"] == deployed["stack"]
    assert (looked["preview"], looked["refresh"], looked["useLocalStackOnly"]) == (True, True, True)
    assert looked["updateTemplate"] == {"spec": {"expectNoChanges": True}}
    assert (looked["continueResyncOnCommitMatch"], looked["resyncFrequencySeconds"]) == (True, 5400)
    assert looked["prerequisites"] == [{"name": "dev"}]
    assert list(specs(drift="report", resync_minutes=0)) == ["hub", "dev", "shared", "test", "work"]


def test_a_commit_takes_the_place_of_the_branch() -> None:
    commit = "3f1c2a9b7d5e4f60718293a4b5c6d7e8f9012345"
    for spec in specs(commit).values():
        assert spec["commit"] == commit
        assert "branch" not in spec


def test_a_private_repository_is_read_with_a_secret_by_its_name() -> None:
    https = specs(repository_secret="infra-git")["hub"]
    assert https["gitAuth"] == {
        "accessToken": {"type": "Secret", "secret": {"name": "infra-git", "key": "accessToken"}}
    }
    ssh = specs(repository="ssh://git@github.com/contoso/infra.git", repository_secret="infra-git")["hub"]
    assert ssh["gitAuth"] == {
        "sshAuth": {"sshPrivateKey": {"type": "Secret", "secret": {"name": "infra-git", "key": "sshPrivateKey"}}}
    }
    [fetched] = fleet(**EVERYTHING)["source.yaml"]
    assert fetched["spec"]["secretRef"] == {"name": "infra-git"}


def test_nothing_is_destroyed_with_a_stack_and_flux_does_not_delete_it() -> None:
    for settings in ({}, EVERYTHING):
        for path, documents in fleet(**settings).items():
            for document in documents if path.startswith("stacks/") else ():
                # Absent, it is false [PKO-STACK].
                assert document["spec"].get("destroyOnFinalize", False) is False
                assert document["metadata"]["annotations"] == {"kustomize.toolkit.fluxcd.io/prune": "disabled"}


def test_workspaces_act_as_a_managed_identity_without_a_secret() -> None:
    files = fleet(**EVERYTHING)
    account, binding = files["access.yaml"]
    spec = files["stacks/hub.yaml"][0]["spec"]
    assert account["metadata"]["annotations"]["azure.workload.identity/client-id"] == EVERYTHING["client_id"]
    assert binding["roleRef"]["name"] == "system:auth-delegator"
    assert binding["subjects"] == [
        {"kind": "ServiceAccount", "name": account["metadata"]["name"], "namespace": "moorings"}
    ]
    assert spec["serviceAccountName"] == account["metadata"]["name"]
    pod = spec["workspaceTemplate"]["spec"]["podTemplate"]
    assert pod["metadata"]["labels"] == {"azure.workload.identity/use": "true"}
    values = {name: each["literal"]["value"] for name, each in spec["envRefs"].items() if each["type"] == "Literal"}
    assert values == {
        "ARM_USE_OIDC": "true",
        "ARM_CLIENT_ID": EVERYTHING["client_id"],
        "ARM_TENANT_ID": EVERYTHING["tenant_id"],
        "ARM_SUBSCRIPTION_ID": EVERYTHING["subscription_id"],
        "ARM_OIDC_TOKEN_FILE_PATH": TOKEN_FILE,
    }


def test_without_an_identity_nothing_names_one() -> None:
    files = fleet()
    assert "annotations" not in files["access.yaml"][0]["metadata"]
    assert list(files["stacks/hub.yaml"][0]["spec"]["envRefs"]) == ["PULUMI_ACCESS_TOKEN"]


def test_a_backend_of_ones_own_needs_no_token_of_pulumi_cloud() -> None:
    spec = specs(backend="azblob://state", storage_account="contosostate")["hub"]
    assert spec["backend"] == "azblob://state"
    assert list(spec["envRefs"]) == ["AZURE_STORAGE_ACCOUNT"]


def test_environments_and_configuration_are_those_of_each_stack() -> None:
    spec = specs(**EVERYTHING)["dev"]
    assert spec["environment"] == ["infra/dev", "infra/base"]
    assert spec["config"] == {"azure-native:location": "westeurope"}
    assert spec["stack"] == "organization/moorings/dev"


def named(*stacks: str, **settings: Any) -> dict[str, list[dict[str, Any]]]:
    order_ = Order(dict.fromkeys(stacks, ()), {})
    return resources(order_, "moorings", Settings(repository=REPOSITORY, **settings))


def test_names_are_those_of_kubernetes_and_unique() -> None:
    [stack] = named("EU.Prod_1")["stacks/eu-prod-1.yaml"]
    assert (stack["metadata"]["name"], stack["spec"]["stack"]) == ("eu-prod-1", "organization/moorings/EU.Prod_1")
    with pytest.raises(SpecError, match=r"stacks a\.b and a_b would both be the Stack a-b"):
        named("a.b", "a_b")


def test_a_name_leaves_space_for_what_the_operator_and_kubernetes_add() -> None:
    # NAME-workspace-0123456789 is a label of 63 characters at most [PKO-WORKSPACE] [K8S-SET].
    assert f"stacks/{'x' * 42}.yaml" in named("x" * 42)
    with pytest.raises(SpecError, match="makes no name of 1 to 42 characters"):
        named("x" * 43)
    with pytest.raises(SpecError, match="makes no name of 1 to 42 characters"):
        named("__")
    assert f"stacks/{'x' * 36}.yaml" in named("x" * 36, drift="report")
    with pytest.raises(SpecError, match="makes no name of 1 to 36 characters"):
        named("x" * 37, drift="report")


def test_the_stack_that_looks_for_drift_has_no_name_of_another() -> None:
    with pytest.raises(SpecError, match="stacks dev and dev-drift would both be the Stack dev-drift"):
        named("dev", "dev-drift", drift="report")
    assert len(named("dev", "dev-drift")) == 5
