"""Secrets in plain text in a stack file: refused where a reference is possible, warned of elsewhere, and never repeated."""

import pytest

from tests.stacks.stack_files import FILE, NO_HEADROOM, Files, changed, line_here
from tests.stacks.test_container_apps import with_apps
from tests.stacks.test_container_instances import stack as with_groups

ENV = "containers: {main: {image: 'team/web:1', ports: [80]}}"
URL = "postgres://me:hunter2@db.example/app"


def in_group(members: str) -> str:
    return with_groups((ENV, f"containers: {{main: {{image: 'team/web:1', ports: [80], {members}}}}}"))


def in_app(env: str, more: str = "") -> str:
    plain = 'containers: {web: {image: "team-a/web:1"}}'
    return with_apps((plain, more + plain.replace('"}}', f'", env: {env}}}}}')))


@pytest.mark.parametrize("environment", ["{DB_PASSWORD: hunter2}", f"{{DATABASE: '{URL}'}}"])
def test_a_secret_in_the_environment_of_a_container_group_is_refused_with_what_to_write(
    files: Files, environment: str
) -> None:
    (line,) = files.refusals(in_group(f"environment: {environment}"))
    assert "container_groups.web.containers.main.environment.D" in line
    assert "is in plain text" in line
    assert "move it to the container's secrets" in line
    assert "hunter2" not in line


def test_what_is_advised_for_a_container_group_holds(files: Files) -> None:
    secret = "secrets: {DB_PASSWORD: {key_vault: 'https://contoso.vault.azure.net/secrets/db'}}"
    assert not [
        each for each in files.load(in_group(f"environment: {{MODE: a}}, {secret}")).warnings if "plain text" in each
    ]


def test_a_secret_in_the_variables_of_an_app_is_refused_and_what_is_advised_holds(files: Files) -> None:
    (line,) = files.refusals(in_app("{DB_PASSWORD: hunter2}"))
    assert "write {secret: NAME} here [CAE-11]" in line
    assert "hunter2" not in line
    secrets = "secrets: {db: {key_vault_url: 'https://contoso.vault.azure.net/secrets/db'}}\n            "
    assert not [
        each for each in files.load(in_app("{DB_PASSWORD: {secret: db}}", secrets)).warnings if "plain text" in each
    ]


def test_a_variable_of_a_pool_which_takes_no_reference_is_a_warning(files: Files) -> None:
    image = 'image: "team-a/box:1", port: 80'
    text = with_apps((image, f"{image}, env: {{API_KEY: hunter2}}"))
    (warning,) = [each for each in files.load(text).warnings if "plain text" in each]
    assert "a pool supports no references" in warning
    assert "hunter2" not in warning


@pytest.mark.parametrize(
    "text",
    [
        in_app("{}", 'secrets: {db: "hunter2!"}\n            '),
        in_app("{DB_PASSWORD: [hunter2]}"),
        in_app("{DB: {secret: hunter2}}").replace("secret: hunter2", "password: hunter2"),
        in_group("environment: {'DB:PASSWORD': hunter2}"),
        in_group("secrets: {DB: hunter2}"),
        in_group("secrets: hunter2"),
        in_group("environment: hunter2"),
        changed(("name: contosotest", f"name: '{URL}'")),
    ],
)
def test_no_message_shows_what_may_be_a_secret(files: Files, text: str) -> None:
    assert not [line for line in files.refusals(text) if "hunter2" in line]


def test_a_secret_where_a_reference_is_meant_is_reported_with_what_to_write(files: Files) -> None:
    lines = files.refusals(in_app("{}", 'secrets: {db: "hunter2!"}\n            '))
    assert any("expected a mapping, got (not shown); known keys: key_vault_url, identity" in each for each in lines)


def test_a_connection_string_anywhere_else_is_a_warning(files: Files) -> None:
    tags = ("    dns: {}", f"    dns: {{}}\n    tags: {{db: '{URL}'}} # here")
    (warning,) = [line for line in files.load(changed(tags, NO_HEADROOM)).warnings if "plain text" in line]
    assert warning.startswith(
        f"{FILE}:{line_here(changed(tags))} tags.db: is in plain text, and has the form of a secret"
    )
    assert "hunter2" not in warning


def test_a_secret_in_a_command_line_is_a_warning_with_what_to_write_instead(files: Files) -> None:
    text = in_group('command: ["/app", "--password", "hunter2"]')
    (warning,) = [each for each in files.load(text).warnings if "plain text" in each]
    assert "container_groups.web.containers.main.command.2: is in plain text" in warning
    assert "pass it as a variable that refers to a secret" in warning
    assert "hunter2" not in warning


def test_what_is_advised_for_a_command_line_holds(files: Files) -> None:
    secret = "secrets: {DB_PASSWORD: {key_vault: 'https://contoso.vault.azure.net/secrets/db'}}"
    text = in_group(f'{secret}, command: ["/app", "--password", "$(DB_PASSWORD)"]')
    assert not [each for each in files.load(text).warnings if "plain text" in each]


def test_a_tag_that_is_named_as_a_secret_is_a_warning(files: Files) -> None:
    text = changed(
        ("    location: eastus\n    networks", "    location: eastus\n    tags: {db-password: hunter2}\n    networks")
    )
    (warning,) = [each for each in files.load(text).warnings if "plain text" in each]
    assert "tags.db-password: is in plain text" in warning
    assert "hunter2" not in warning
