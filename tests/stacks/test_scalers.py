"""Scalers of apps and jobs that look under an identity: the role that it needs is reported [KEDA-2]."""

from tests.stacks.stack_files import Files
from tests.stacks.test_container_apps import with_apps

JOB = 'containers: {tidy: {image: "team-a/tidy:1"}}\n'
QUEUE = "{type: azure-servicebus, metadata: {namespace: bus, queueName: orders}, identity: puller}"
RULES = f"            scale: {{rules: {{queue: {QUEUE}}}}}\n"


def test_the_role_is_reported_once_for_an_identity_and_a_type(files: Files) -> None:
    text = with_apps(
        (JOB, f"{JOB}            events: {{queue: {QUEUE}}}\n"), ("          web:\n", f"          web:\n{RULES}")
    )
    (report,) = [line for line in files.load(text).warnings if "KEDA-2" in line]
    assert "container_apps.west.apps.web.scale.rules.queue.identity: azure-servicebus uses identity puller" in report
    assert "which needs Azure Service Bus Data Receiver, and has no role here" in report


def test_a_scaler_by_secret_needs_no_role(files: Files) -> None:
    secret = QUEUE.replace("identity: puller", "auth: {connection: bus}")
    stated = f"            secrets: {{bus: {{key_vault_url: 'https://kv.vault.azure.net/secrets/bus'}}}}\n{JOB}"
    text = with_apps(
        (f"            {JOB}", f"{stated.replace(JOB, '')}            {JOB}            events: {{queue: {secret}}}\n")
    )
    assert not [line for line in files.load(text).warnings if "KEDA-2" in line]
