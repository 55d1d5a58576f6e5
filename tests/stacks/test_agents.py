"""SRE agents and Durable Task schedulers of a stack: what is refused, what is reported, and the agent's policy."""

import json

import pytest

from stacks import profile_files
from tests.stacks.stack_files import FILE, Files, changed, line_here

WEST = "          registry: {prefix: 10.60.0.0/24, purpose: private_endpoints}\n"
SUBNETS = (
    WEST,
    WEST + "          agent: {prefix: 10.60.1.0/27, delegation: Microsoft.App/environments}\n"
    "          tight: {prefix: 10.60.2.0/28, delegation: Microsoft.App/environments}\n"
    "          small: {prefix: 10.60.3.0/29, delegation: Microsoft.App/environments}\n",
)
VNET = "{mode: azure_vnet, network: westeurope, subnet: agent}"


def stack_of(section: str, line: str) -> str:
    """A description with identities and one thing in a section."""
    text = f"    dns: {{}}\n    identities: {{sre: {{}}, app: {{}}}}\n    {section}:\n      {line}\n"
    return changed(SUBNETS, ("    dns: {}\n", text))


def agent(egress: str = "{mode: limited}", more: str = "") -> str:
    return stack_of("agents", f"main: {{identity: sre, egress: {egress}{more}}} # here")


def scheduler(more: str) -> str:
    return stack_of("task_schedulers", f"main: {{ip_allow_list: [10.0.0.0/8], task_hubs: {{jobs: {{}}}}{more}}} # here")


def sandboxes(
    profile: str = "{image: 'a/b:1', task_hub: jobs, language: python, activities: [Run]}",
    head: str = "preview_acknowledged: true, identity: app, orchestrator_host: aks",
    access: str = ", access: {app: {identity: app, action: worker}}",
) -> str:
    return scheduler(f"{access}, on_demand_sandboxes: {{{head}, profiles: {{run: {profile}}}}}")


WORKER = sandboxes(head="preview_acknowledged: true, identity: app, orchestrator_host: container_apps")
CONTRIBUTOR = ("action: worker}", "action: worker}, orchestrator: {identity: sre, action: contributor}")


def orchestrator(
    hub: str = "scheduler: main, hub: jobs, worker: run", *, env: str = "", text: str = WORKER, further: str = "sre"
) -> str:
    """A description with an app that works on a task hub."""
    before, after = CONTRIBUTOR
    app = (
        f"container_apps: {{west: {{apps: {{flow: {{identity: app, identities: [{further}], task_hub: {{{hub}}}, # here\n"
        f"      containers: {{flow: {{image: 'a/flow:1', env: {{{env}}}}}}}}}}}}}}}\n"
    )
    return text.replace(" # here", "").replace(before, after) + f"    {app}"


SCOPE = "/subscriptions/22222222-2222-2222-2222-222222222222"

REFUSALS = {
    "an orchestrator of a scheduler that is not there": (
        orchestrator("scheduler: other, hub: jobs"),
        "container_apps.west.apps.flow.task_hub.scheduler: there is no scheduler of task_schedulers 'other'; there are: main",
    ),
    "an orchestrator of a hub that is not there": (
        orchestrator("scheduler: main, hub: other"),
        "container_apps.west.apps.flow.task_hub.hub: there is no task hub 'other'; there are: jobs",
    ),
    "a worker that is not there": (
        orchestrator("scheduler: main, hub: jobs, worker: walk"),
        "container_apps.west.apps.flow.task_hub.worker: there is no profile 'walk'; there are: run",
    ),
    "a worker of a scheduler without sandboxes": (
        orchestrator(text=scheduler("")),
        "container_apps.west.apps.flow.task_hub.worker: run, but scheduler main has no on_demand_sandboxes",
    ),
    "a worker of another hub": (
        orchestrator(
            "scheduler: main, hub: more, worker: run", text=WORKER.replace("{jobs: {}}", "{jobs: {}, more: {}}")
        ),
        "container_apps.west.apps.flow.task_hub.worker: run uses task hub jobs, the app more; change one [DTS-6]",
    ),
    "a worker for orchestrators elsewhere": (
        orchestrator(text=sandboxes()),
        "container_apps.west.apps.flow.task_hub.worker: run, but orchestrator_host of scheduler main is aks; write",
    ),
    "an unknown identity": (
        stack_of("agents", "main: {identity: bot, egress: {mode: limited}} # here"),
        "agents.main.identity: there is no identity 'bot'; there are: sre, app",
    ),
    "no egress mode": (stack_of("agents", "main: {identity: sre} # here"), "agents.main.egress"),
    "hosts of another mode": (
        agent("{mode: unrestricted, hosts: [a.example.com]}"),
        "agents.main.egress.hosts: mode unrestricted allows everything; remove it, or choose limited or azure_vnet [SRE-2]",
    ),
    "a bypass, which the file once had": (
        agent("{mode: limited, bypass: {package_registries: true}}"),
        "agents.main.egress.bypass: is ARM's form: state hosts, registries, code_repositories",
    ),
    "a subnet that is missing": (agent("{mode: azure_vnet}"), "agents.main.egress: mode azure_vnet needs a network"),
    "a subnet that is not delegated": (
        agent("{mode: azure_vnet, network: westeurope, subnet: registry}"),
        "agents.main.egress.subnet: registry is delegated to nothing; set delegation: Microsoft.App/environments",
    ),
    "a rule that is none": (
        agent(more=", tools: {everywhere: {deny: ['bash(']}}"),
        "agents.main.tools.everywhere.deny.0: 'bash('",
    ),
    "a matcher that is none": (
        agent(more=", hooks: {h: {kind: prompt, matcher: '(', body: x}}"),
        "agents.main.hooks.h.matcher: '(' is not a regular expression",
    ),
    "a command without a language": (
        agent(more=", hooks: {h: {kind: command, matcher: x, body: x}}"),
        "agents.main.hooks.h.language: a command hook needs a language: bash or python",
    ),
    "a role that no agent needs": (
        agent(more=f", scopes: {{a: {{id: {SCOPE}, roles: [Owner]}}}}"),
        "agents.main.scopes.a.roles.0: there is no role for an agent 'Owner'",
    ),
    "more than the mode lets it do": (
        agent(more=", scopes: {a: {resource_group: rg, roles: [Contributor]}}"),
        "agents.main.scopes.a.roles: Contributor beside mode Review, access_level Low",
    ),
    "a role twice in one place": (
        agent(more=", scopes: {a: {resource_group: rg}, b: {resource_group: RG, roles: [Reader]}}"),
        "agents.main.scopes.b.roles: gives sre the role Reader, as main.scopes.a does; remove one [ROLE-7]",
    ),
    "a capacity of Consumption": (scheduler(", capacity: 2"), "task_schedulers.main.capacity: 2 is for sku Dedicated"),
    "nobody let in": (
        stack_of("task_schedulers", "main: {task_hubs: {jobs: {}}} # here"),
        "task_schedulers.main.ip_allow_list: an empty list denies every client",
    ),
    "an unknown hub": (
        scheduler(", access: {a: {identity: app, action: reader, task_hub: job}}"),
        "task_schedulers.main.access.a.task_hub: there is no task hub 'job'; there are: jobs",
    ),
    "a retention beyond 90 days": (
        scheduler(", retention: {default_days: 91}"),
        "task_schedulers.main.retention.default_days: ",
    ),
    "a preview that nobody acknowledged": (
        sandboxes(head="preview_acknowledged: false, identity: app, orchestrator_host: aks"),
        "task_schedulers.main.on_demand_sandboxes.preview_acknowledged: on-demand sandboxes are a limited preview",
    ),
    "the Functions host": (
        sandboxes(head="preview_acknowledged: true, identity: app, orchestrator_host: functions"),
        "task_schedulers.main.on_demand_sandboxes.orchestrator_host: functions: on-demand sandboxes support the standalone SDKs",
    ),
    "another language": (
        sandboxes("{image: 'a/b:1', task_hub: jobs, language: java, activities: [Run]}"),
        "task_schedulers.main.on_demand_sandboxes.profiles.run.language: ",
    ),
    "a size that no sandbox has": (
        sandboxes("{image: 'a/b:1', task_hub: jobs, language: python, activities: [Run], cpu_millicores: 8000}"),
        "task_schedulers.main.on_demand_sandboxes.profiles.run: 8000m is not between 250m and 4000m",
    ),
    "more at a time than fit": (
        sandboxes("{image: 'a/b:1', task_hub: jobs, language: python, activities: [R], max_concurrent_activities: 99}"),
        "task_schedulers.main.on_demand_sandboxes.profiles.run.max_concurrent_activities: 99 concurrent activities",
    ),
    "workers that may not take work": (
        sandboxes(access=""),
        "task_schedulers.main.on_demand_sandboxes.identity: app has no role on the scheduler",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_refused(files: Files, case: str) -> None:
    text, message = REFUSALS[case]
    found = files.refusals(text)
    assert any(report.startswith(f"{FILE}:{line_here(text)} {message}") for report in found), found


@pytest.mark.parametrize("subnet", ["small", "tight"])
def test_a_subnet_under_27_is_refused_and_the_advised_one_is_taken(files: Files, subnet: str) -> None:
    (line,) = files.refusals(agent(VNET.replace("subnet: agent", f"subnet: {subnet}")))
    assert "27 are needed (27 for the agent)" in line
    assert "/27 is the smallest taken; give /27" in line
    files.load(agent(VNET))


def test_what_skips_the_subnet_is_reported(files: Files) -> None:
    report = files.warnings(agent(VNET.replace("}", ", registries: [pypi], remote_mcp_servers: true}")))
    assert any(
        "what registries, remote_mcp_servers names is reached directly, past the subnet" in line for line in report
    )
    assert not any("past the subnet;" in line or "reached directly" in line for line in files.warnings(agent(VNET)))


def test_limited_egress_is_in_order_silently(files: Files) -> None:
    assert not [line for line in files.warnings(agent("{mode: limited, hosts: ['*.contoso.com']}")) if "egress" in line]


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (agent(VNET), "traffic of connectors still uses the public internet"),
        (agent("{mode: unrestricted}"), "unrestricted lets the agent send data to any destination"),
        (
            agent(more=", hooks: {h: {kind: prompt, matcher: x, body: y, fail_mode: allow}}"),
            "allow permits the call when",
        ),
        (
            agent(
                more=", tools: {everywhere: {deny: ['bash(az * delete *)']}, threads: {t: {allow: ['bash(az vm delete *)']}}}"
            ),
            "agents.main.tools.threads.t.allow.0: bash(az vm delete *) has no effect: deny bash(az * delete *) takes precedence",
        ),
        (scheduler("").replace("10.0.0.0/8", "0.0.0.0/0"), "0.0.0.0/0 allows every address"),
        (
            orchestrator(further="app"),
            "apps.flow.identities: none of them has a role on task hub jobs; add one to which access of "
            "scheduler main gives contributor (Durable Task Data Contributor) [DTS-4]",
        ),
    ],
)
def test_what_holds_little_back_is_reported(files: Files, text: str, warning: str) -> None:
    assert any(warning in report for report in files.warnings(text))


def test_limited_egress_that_names_nothing_is_reported_with_what_to_name(files: Files) -> None:
    (report,) = [each for each in files.warnings(agent("{mode: limited}")) if "egress.mode" in each]
    assert "limited allows what is named, and nothing is: the agent reaches no host outside" in report
    assert not [each for each in files.warnings(agent("{mode: limited, hosts: [a.example]}")) if "egress.mode" in each]


def test_workers_pull_and_are_granted_that(files: Files) -> None:
    assert files.load(sandboxes()).plan.grants["pull-app"].identity == "app"


def test_an_orchestrator_that_may_work_on_its_hub_is_in_order(files: Files) -> None:
    assert not [report for report in files.warnings(orchestrator()) if "flow" in report]


def test_a_variable_that_the_task_hub_sets_is_not_stated_as_well(files: Files) -> None:
    (line,) = files.refusals(orchestrator(env="DTS_SANDBOX_IMAGE: mine"))
    assert "apps.flow.containers.flow.env.DTS_SANDBOX_IMAGE: is set by task_hub too; remove one [DTS-6]" in line
    files.load(orchestrator("scheduler: main, hub: jobs", env="DTS_SANDBOX_IMAGE: mine"))


def test_a_policy_fails_closed_and_reports_rules_and_hooks(files: Files) -> None:
    hooks = ", hooks: {h: {kind: command, matcher: 'Run.*', language: bash, body: exit 0}}"
    stack = files.load(agent(VNET, ", tools: {everywhere: {deny: ['bash(rm *)']}}" + hooks))
    created = json.loads(profile_files.policies(stack, None, "json")["sre-contoso-test-main.json"])
    assert "egress" not in created
    assert created["toolPolicy"]["failClosed"] is True
    assert created["toolPolicy"]["global"]["deny"] == ["bash(rm *)"]
    assert created["hooks"][0]["failMode"] == "Block"
