"""Events of a registry in a stack: what is made, and what is refused."""

from collections.abc import Callable

import pytest
from pulumi.runtime.rpc import unwrap_rpc_secret
from pydantic import SecretStr, ValidationError

from components.registry_events.events import RegistryEvents
from components.registry_events.spec import RegistryEventsSpec
from components.testing import Recording
from planning.problems import SpecError
from stacks import program
from tests.components.azure_answers import answers
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

THEIRS = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/apps/providers"
ACCOUNT = f"{THEIRS}/Microsoft.Storage/storageAccounts/queues"
FILE = f"""\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: eastus
    registry:
      name: fabrikamdev
      public_network_access: Enabled
      replicas: {{westeurope: {{}}}}
    registry_events:
      subscriptions:
        deploy:
          repositories: team-a/
          function: {{function_app: {THEIRS}/Microsoft.Web/sites/deployer, name: pushed}}
        audit:
          events: [ImagePushed, ImageDeleted]
          every_replica: true
          storage_queue: {{account: {ACCOUNT}, queue: registry-events}}
"""


def ran(record: Record, files: Files) -> Recording:
    stack = files.load(FILE)
    return record(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=answers())


def refusals(files: Files, old: str, new: str) -> list[str]:
    assert old in FILE
    with pytest.raises(SpecError) as refused:
        files.load(FILE.replace(old, new, 1))
    return [problem.message for problem in refused.value.problems if problem.severity == "error"]


def test_the_topic_is_in_the_home_region_of_the_registry(record: Record, files: Files) -> None:
    topic = ran(record, files).one("eventgrid:SystemTopic").inputs
    assert (topic["location"], topic["topicType"], topic["source"]) == (
        "eastus",
        "Microsoft.ContainerRegistry.Registries",
        "fabrikam-dev-registry-registry-id",
    )


def test_a_receiver_sees_each_push_once_by_default(record: Record, files: Files) -> None:
    sent = ran(record, files).named("fabrikam-dev-registry-events-subscription-deploy").inputs
    assert sent["filter"] == {
        "includedEventTypes": ["Microsoft.ContainerRegistry.ImagePushed"],
        "subjectBeginsWith": "team-a/",
        "isSubjectCaseSensitive": False,
        "advancedFilters": [{"key": "data.location", "operatorType": "StringIn", "values": ["eastus"]}],
    }
    assert sent["destination"]["resourceId"] == f"{THEIRS}/Microsoft.Web/sites/deployer/functions/pushed"


def test_a_receiver_may_take_the_event_of_every_replica(record: Record, files: Files) -> None:
    sent = ran(record, files).named("fabrikam-dev-registry-events-subscription-audit").inputs
    types = [f"Microsoft.ContainerRegistry.{event}" for event in ("ImagePushed", "ImageDeleted")]
    assert sent["filter"] == {"includedEventTypes": types, "isSubjectCaseSensitive": False}
    assert (sent["destination"]["resourceId"], sent["destination"]["queueName"]) == (ACCOUNT, "registry-events")


def test_the_address_of_a_webhook_is_secret_and_https(record: Record) -> None:
    hook = "https://hooks.contoso.com/registry?code=topsecret"
    spec = RegistryEventsSpec.model_validate({"subscriptions": {"deploy": {"webhook": SecretStr(hook)}}})
    place = {"topic_name": "t", "registry_id": "r", "location": "eastus", "resource_group_name": "rg", "tags": {}}
    made = record(lambda: RegistryEvents("e", spec, **place)).named("e-subscription-deploy")
    assert unwrap_rpc_secret(made.inputs["destination"])["endpointUrl"] == hook
    assert "destination" in made.secret_outputs
    with pytest.raises(ValidationError) as refused:
        RegistryEventsSpec.model_validate(
            {"subscriptions": {"deploy": {"webhook": SecretStr("http://hooks.contoso.com/?code=topsecret")}}}
        )
    assert "is not an https address" in str(refused.value)
    assert "topsecret" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("        deploy:", "        go:", "'go' is not a name for a subscription to events"),
        ("repositories: team-a/\n          function", "events: [ImagePulled]\n          function", "ImagePulled"),
        (
            "every_replica: true\n",
            f"function: {{function_app: {THEIRS}/Microsoft.Web/sites/deployer, name: pushed}}\n",
            "has function and storage_queue; state one of webhook, function, storage_queue",
        ),
        ("queue: registry-events", "queue: Registry", "Registry"),
    ],
)
def test_what_event_grid_would_not_take_is_refused(files: Files, old: str, new: str, words: str) -> None:
    assert any(words in each for each in refusals(files, old, new))


def test_events_of_a_registry_made_elsewhere_belong_to_its_own_stack(files: Files) -> None:
    registry = f"{THEIRS}/Microsoft.ContainerRegistry/registries/fabrikamdev"
    assert any(
        "a registry has one system topic" in each for each in refusals(files, "name: fabrikamdev", f"id: {registry}")
    )


def test_events_need_a_registry(files: Files) -> None:
    registry = "    registry:\n      name: fabrikamdev\n      public_network_access: Enabled\n      replicas: {westeurope: {}}\n"
    (found,) = refusals(files, registry, "")
    assert found.startswith("is about the registry, and this stack has none")
