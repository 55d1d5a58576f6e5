"""The content of a registry in a stack file: what is held against its replicas."""

from components.testing import run_recorded
from planning.endpoints import members
from stacks import program
from tests.components.azure_answers import addressed, answers
from tests.stacks.stack_files import Files, changed

HOOK = """\
      headroom: 1
      webhooks:
        deployer: {service_uri: {secure: v1:abc}, location: PLACE}
"""


def with_a_webhook_in(region: str) -> str:
    return changed(("      headroom: 1\n", HOOK.replace("PLACE", region)))


def test_a_webhook_is_in_a_region_of_the_registry(files: Files) -> None:
    (line,) = files.refusals(with_a_webhook_in("uksouth"))
    assert "registry.webhooks.deployer.location: uksouth has no replica" in line
    assert "write one of eastus, westeurope, or add the replica [ACR-WEBHOOK]" in line


def test_a_webhook_may_be_in_the_home_region_or_that_of_a_replica(files: Files) -> None:
    for region in ("eastus", "westeurope"):
        assert files.load(with_a_webhook_in(region))


NETWORK = "          registry: {prefix: 10.50.0.0/24, purpose: private_endpoints}\n"
BUILD_SUBNET = f"{NETWORK}          build: {{prefix: 10.50.1.0/27}}\n"
PURGE = "steps: acr purge"


def with_tasks(*lines: str, mode: str = "") -> str:
    content = "".join(f"      {line}\n" for line in (*lines, *([f"role_assignment_mode: {mode}"] if mode else [])))
    return changed((NETWORK, BUILD_SUBNET), ("      headroom: 1\n", f"      headroom: 1\n{content}"))


def about(files: Files, text: str) -> list[str]:
    return [line for line in files.warnings(text) if "registry.tasks" in line or "registry.agent_pools" in line]


POOL = "agent_pools: {builders: {network: eastus, subnet: build}}"


def test_a_task_on_an_agent_pool_in_the_home_region_passes(files: Files) -> None:
    assert about(files, with_tasks(POOL, f"tasks: {{purge: {{agent_pool: builders, {PURGE}}}}}")) == []


def test_the_instances_of_an_agent_pool_take_addresses(files: Files) -> None:
    plan = files.load(with_tasks(POOL.replace("build}", "build, count: 3}"))).plan
    (row,) = (row for row in plan.ledger if row.subnet.key == ("eastus", "build"))
    assert [(consumer.name, consumer.need) for consumer in row.consumers] == [("agent pool builders", 3)]


def test_an_agent_pool_in_another_region_is_refused(files: Files) -> None:
    text = with_tasks("agent_pools: {builders: {network: westeurope, subnet: registry}}")
    (line,) = (line for line in files.refusals(text) if "registry.agent_pools" in line)
    assert "registry.agent_pools.builders.network: westeurope is in westeurope, and tasks run in eastus" in line


def test_more_cores_than_the_quota_are_a_warning(files: Files) -> None:
    (line,) = about(files, with_tasks("agent_pools: {builders: {tier: S3, count: 3}}"))
    assert "have 24 cores of standard and 0 of isolated pools; a registry has 16 and 0" in line


def test_a_task_outside_the_network_is_a_warning_unless_it_may_bypass_the_rules(files: Files) -> None:
    (line,) = about(files, with_tasks(f"tasks: {{purge: {{{PURGE}}}}}"))
    assert "runs on shared machines, and the network rules of the registry do not admit it" in line
    bypass = with_tasks("tasks_bypass: true", f"tasks: {{purge: {{identity: system, {PURGE}}}}}")
    assert about(files, bypass) == []


def test_a_task_needs_an_identity_with_a_role_in_abac_mode(files: Files) -> None:
    mode = "AbacRepositoryPermissions"
    (line,) = files.refusals(with_tasks(POOL, f"tasks: {{purge: {{agent_pool: builders, {PURGE}}}}}", mode=mode))
    assert "registry.tasks.purge.identity: is missing: in AbacRepositoryPermissions a task has no access" in line
    task = f"tasks: {{purge: {{identity: builder, agent_pool: builders, {PURGE}}}}}"
    identities = "    identities: {builder: {}}\n"
    text = with_tasks(POOL, task, mode=mode) + identities
    (line,) = files.refusals(text)
    assert "builder has no role on the registry; add access.KEY with identity: builder and action: push" in line
    assert files.load(text + "    access: {builds: {identity: builder, action: push}}\n")
    own = with_tasks(POOL, f"tasks: {{purge: {{identity: system, agent_pool: builders, {PURGE}}}}}", mode=mode)
    assert files.load(own)


def test_a_webhook_comes_after_the_replica_that_it_belongs_to(files: Files) -> None:
    stack = files.load(with_a_webhook_in("westeurope"))
    known = answers([addressed(members(stack.plan.shape))])
    recording = run_recorded(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=known)
    webhook = recording.named("contoso-test-registry-content-webhook-deployer")
    assert recording.urn_of(recording.named("contoso-test-registry-replica-westeurope")) in webhook.depends_on
