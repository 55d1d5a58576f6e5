"""The interfaces of resources: which entries have them, what is made, and in which order."""

import copy
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from components.interfaces.spec import ResourceSpec
from components.spec import Spec
from components.testing import Recording, run_recorded
from planning.endpoints import members
from planning.interfaces import DIAGNOSTICS
from planning.problems import SpecError
from stacks import program
from stacks.interfaces.kinds import KINDS
from stacks.loader import Stack, describe
from stacks.spec import StackSpec
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import THEIRS, Files, changed
from tests.stacks.systems import two_regions
from tests.stacks.test_fields_have_effect import loaded

ON_REGISTRY = ("      headroom: 1\n", "      headroom: 1\n      lock: {kind: CanNotDelete, notes: keep it}\n")
ON_NETWORK = (
    "      westeurope:\n        address_space",
    "      westeurope:\n        lock: {kind: ReadOnly, name: frozen}\n        address_space",
)


def made(stack: Stack) -> Recording:
    known = answers([addressed(members(stack.plan.shape))])
    return run_recorded(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=known)


@pytest.fixture
def locked(files: Files) -> Recording:
    return made(files.load(changed(ON_REGISTRY, ON_NETWORK)))


def patterns(model: type[Spec], path: tuple[str, ...] = ()) -> Iterator[tuple[str, type[ResourceSpec]]]:
    """Every path below a spec at which a resource with interfaces is described."""
    for name, field in model.model_fields.items():
        yield from of_annotation(field.annotation, (*path, name))


def of_annotation(annotation: Any, path: tuple[str, ...]) -> Iterator[tuple[str, type[ResourceSpec]]]:
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        if issubclass(annotation, ResourceSpec):
            yield ".".join(path), annotation
        yield from patterns(annotation, path)
        return
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is dict:
        yield from of_annotation(arguments[1], (*path, "*"))
        return
    for each in arguments:
        yield from of_annotation(each, path)


def test_the_table_has_every_entry_with_interfaces_and_no_other() -> None:
    assert {path for path, _ in patterns(StackSpec)} == {kind.path for kind in KINDS}


def test_a_lock_names_the_resource_the_kind_and_the_notes(locked: Recording) -> None:
    lock = locked.named("contoso-test-registry-lock-lock")
    assert dict(lock.inputs) == {
        "lockName": "lock-CanNotDelete",
        "scope": "contoso-test-registry-registry-id",
        "level": "CanNotDelete",
        "notes": "keep it",
    }
    other = locked.named("contoso-test-network-westeurope-lock-lock")
    assert (other.inputs["lockName"], other.inputs["level"]) == ("frozen", "ReadOnly")


def test_a_lock_comes_after_every_other_resource(locked: Recording) -> None:
    locks = {urn for urn, found in locked.resources.items() if found.type.endswith("ManagementLockByScope")}
    others = {urn for urn, found in locked.resources.items() if found.custom} - locks
    assert len(locks) == 2
    for urn in locks:
        assert locked.resources[urn].depends_on >= others


def test_a_stack_without_locks_makes_none(files: Files) -> None:
    assert made(files.load(changed())).of_type("ManagementLockByScope") == []


def test_a_lock_on_what_is_made_elsewhere_is_refused(files: Files) -> None:
    theirs = (
        "      westeurope:\n        address_space: [10.60.0.0/16]",
        f"      westeurope:\n        lock: {{kind: ReadOnly}}\n        id: {THEIRS}",
    )
    with pytest.raises(SpecError, match=r"networks\.westeurope\.lock: is a setting of what is made elsewhere"):
        files.load(changed(theirs))


def test_a_lock_takes_azures_kinds_only(files: Files) -> None:
    with pytest.raises(SpecError, match="kind"):
        files.load(changed(("      headroom: 1\n", "      headroom: 1\n      lock: {kind: NoDelete}\n")))


ROLES_AND_LOGS = (
    "      headroom: 1\n",
    """      headroom: 1
      tags: {tier: gold}
      role_assignments:
        auditors:
          role: Reader
          principal_id: 22222222-2222-2222-2222-222222222222
          principal_type: Group
          description: reads settings
        puller: {role: 43d0d8ad-25c7-4714-9337-8ba259a9fe05, identity: puller}
      diagnostic_settings:
        central: {workspace: logs}
        archive:
          storage_account_resource_id: /subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a
          log_groups: [audit]
          metric_categories: []
""",
)
LOGS = ("    dns: {}\n", "    monitoring: {workspaces: {logs: {}}}\n    identities: {puller: {}}\n    dns: {}\n")


@pytest.fixture
def stated(files: Files) -> Recording:
    return made(files.load(changed(ROLES_AND_LOGS, LOGS)))


def test_a_role_is_assigned_on_the_resource_by_name_or_by_the_guid_of_its_definition(stated: Recording) -> None:
    auditors = stated.named("contoso-test-registry-interfaces-role-auditors").inputs
    assert auditors["scope"] == "contoso-test-registry-registry-id"
    assert auditors["roleDefinitionId"].endswith("/acdd72a7-3385-48ef-bd42-f606fba81ae7")
    assert (auditors["principalType"], auditors["description"]) == ("Group", "reads settings")
    puller = stated.named("contoso-test-registry-interfaces-role-puller").inputs
    assert puller["roleDefinitionId"].endswith("/43d0d8ad-25c7-4714-9337-8ba259a9fe05")
    assert puller["principalType"] == "ServicePrincipal"
    assert auditors["roleAssignmentName"] != puller["roleAssignmentName"]


def test_a_diagnostic_setting_sends_all_logs_and_metrics_by_default(stated: Recording) -> None:
    central = stated.named("contoso-test-registry-interfaces-setting-central").inputs
    assert central["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
    assert central["metrics"] == [{"category": "AllMetrics", "enabled": True}]
    assert central["workspaceId"] == "contoso-test-workspace-logs-workspace-id"
    assert central["logAnalyticsDestinationType"] == "Dedicated"
    archive = stated.named("contoso-test-registry-interfaces-setting-archive").inputs
    assert archive["logs"] == [{"categoryGroup": "audit", "enabled": True}]
    assert "metrics" not in archive
    assert archive["storageAccountId"].endswith("/storageAccounts/a")


def test_an_entry_has_tags_of_its_own_besides_the_stacks(stated: Recording) -> None:
    assert stated.named("contoso-test-registry-registry").inputs["tags"] == {"environment": "test", "tier": "gold"}
    assert stated.named("contoso-test-network-eastus-vnet").inputs["tags"] == {"environment": "test"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("role_assignments: {a: {role: AcrPull, identity: puller}}", "is a grant on the content of the registry"),
        ("role_assignments: {a: {role: Owners, identity: puller}}", "did you mean Owner?"),
        ("role_assignments: {a: {role: Reader}}", "needs either an identity of this stack or a principal_id"),
        (
            "role_assignments: {a: {role: Reader, identity: puller}, b: {role: Reader, identity: puller}}",
            "assigns Reader to puller, as a does",
        ),
        (
            "role_assignments: {a: {role: Reader, identity: puller, principal_type: User}}",
            "expected principal_type beside principal_id, and only there",
        ),
        ("diagnostic_settings: {a: {}}", "has no destination"),
        (
            "diagnostic_settings: {a: {workspace: logs, log_groups: [audit], log_categories: [X]}}",
            "are stated beside log_groups",
        ),
        ("diagnostic_settings: {a: {workspace: logs, event_hub_name: h}}", "needs event_hub_authorization_rule"),
        ("diagnostic_settings: {a: {workspace: logs, log_groups: [], metric_categories: []}}", "sends nothing"),
        (
            "diagnostic_settings: {a: {workspace: logs}, b: {workspace: logs}}",
            "sends allLogs to logs, as a does",
        ),
        ("workspace: logs\n      diagnostic_settings: {a: {workspace: logs}}", "receives logs by workspace already"),
        (
            "workspace: logs\n      diagnostic_settings: {workspace: {marketplace_partner_resource_id: /subscriptions/s/x}}",
            "as the setting that workspace makes",
        ),
    ],
)
def test_what_azure_refuses_or_another_section_says_is_refused(files: Files, text: str, problem: str) -> None:
    with pytest.raises(SpecError) as refused:
        files.load(changed(LOGS, ("      headroom: 1\n", f"      headroom: 1\n      {text}\n")))
    assert any(problem in line for line in refused.value.lines), refused.value.lines


def test_metrics_of_a_type_that_sends_logs_only_are_refused(files: Files) -> None:
    settings = "{a: {workspace: logs, metric_categories: [AllMetrics]}}"
    bastion = f"    bastion: {{network: eastus, diagnostic_settings: {settings}}}\n"
    with pytest.raises(SpecError, match="sends none by diagnostic settings"):
        files.load(changed((LOGS[0], LOGS[1] + bastion)))


def test_the_types_that_send_something_are_those_of_the_specs_with_diagnostic_settings() -> None:
    found = {spec.arm_type for _, spec in patterns(StackSpec) if "diagnostic_settings" in spec.model_fields}
    assert found == set(DIAGNOSTICS)
    assert all(spec.arm_type for _, spec in patterns(StackSpec))


def everywhere(data: Any, value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """State a lock in every entry of a description that is made by the stack, and yield the paths."""
    if isinstance(value, ResourceSpec) and getattr(value, "id", None) is None:
        data["lock"] = {"kind": "CanNotDelete"}
        yield path
    if isinstance(value, Spec):
        for name in type(value).model_fields:
            if isinstance(data, dict) and name in data:
                yield from everywhere(data[name], getattr(value, name), (*path, name))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from everywhere(data[key], each, (*path, key))


def test_every_entry_of_a_stack_with_all_systems_can_be_locked() -> None:
    data = copy.deepcopy(describe("test", directory=two_regions.FOLDER).data)
    data["resource_groups"] = {"registry": {}, "identity": {"name": "rg-people"}}
    paths = list(everywhere(data, StackSpec.model_validate(data)))
    stack = loaded(data)
    known = answers([addressed(members(stack.plan.shape))])
    recording = run_recorded(
        lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}),
        answers={**two_regions.azure(), "getNetworkInterface": known["getNetworkInterface"]},
    )
    locks = recording.of_type("ManagementLockByScope")
    assert len(locks) == len(paths)
    assert len({each.inputs["scope"] for each in locks}) == len(paths)
    assert {path[0] for path in paths} >= {
        "registry",
        "resource_groups",
        "networks",
        "clusters",
        "container_apps",
        "agents",
    }
