"""Which names and texts are secrets, by the names that Azure's samples use and the forms that its services hand out."""

import pytest

from planning.secret_names import is_plain_secret, is_sensitive, looks_secret, secrets_in_command


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD", "db-password", "password", "PGPASSWORD", "DB_PASS", "SMTP_PWD", "API_KEY", "apiKey", "OPENAI_API_KEY",
        "APPINSIGHTS_INSTRUMENTATIONKEY", "daprAIInstrumentationKey", "daprAIConnectionString",
        "APPLICATIONINSIGHTS_CONNECTION_STRING", "AZURE_CLIENT_SECRET", "GITHUB_TOKEN", "GITHUB_PAT", "sharedKey",
        "storageAccountKey", "workspaceKey", "AZURE_STORAGE_KEY", "SigningKey", "registryCredentials", "SAS", "SSH_KEY",
        "contextAccessToken", "adminPassword", "certificatePassword",
    ],
)  # fmt: skip
def test_names_of_secrets(name: str) -> None:
    assert is_sensitive(name)


@pytest.mark.parametrize(
    "name",
    [
        "MODE", "PORT", "TOKEN_ENDPOINT", "TOKEN_ISSUER", "PASSWORD_POLICY", "SECRET_NAME", "secretRef", "keyVaultUrl",
        "AZURE_KEY_VAULT_NAME", "passwordSecretIdentifier", "usernameSecretIdentifier", "credentialHealth", "COMPASS_MODE",
        "PATTERN", "PARTITION_KEY", "PUBLIC_KEY", "MONKEY", "TOKEN_LIFETIME", "passwordFromEnv", "clientSecretSettingName",
        "SASKIA", "BYPASS", "azureADAuthenticationAsArmPolicy",
    ],
)  # fmt: skip
def test_names_of_other_things(name: str) -> None:
    assert not is_sensitive(name)


@pytest.mark.parametrize(
    "text",
    [
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net",
        "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=c2VjcmV0",
        "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://westeurope.in.applicationinsights.azure.com/",
        "Server=tcp:a.database.windows.net;User ID=me;Password=hunter2",
        "postgres://me:hunter2@db.example/app",
        "redis://:hunter2@cache.example:6380",
        "https://a.blob.core.windows.net/c/b?sv=2024-01-01&sig=c2VjcmV0",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_texts_of_secrets(text: str) -> None:
    assert looks_secret(text)
    assert is_plain_secret("MODE", text)


@pytest.mark.parametrize(
    "text",
    [
        "", "production", "https://me@db.example", "https://a.blob.core.windows.net/c?sv=1", "10.0.0.0/16", "http://a:8080/b@c",
        "team/web:1@sha256:00", "-----BEGIN PUBLIC KEY-----",
        "Endpoint=sb://a.servicebus.windows.net/;Authentication=Managed Identity",
    ],
)  # fmt: skip
def test_texts_of_other_things(text: str) -> None:
    assert not looks_secret(text)


@pytest.mark.parametrize(
    "value",
    ["", "true", "False", "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/a)", "$(OTHER)", "${OTHER}"],
)
def test_a_value_that_refers_to_a_secret_is_none(value: str) -> None:
    assert not is_plain_secret("DB_PASSWORD", value)
    assert is_plain_secret("DB_PASSWORD", "hunter2")


@pytest.mark.parametrize(
    ("words", "held"),
    [
        (["run", "--db-password=hunter2"], [1]),
        (["run", "--db-password", "hunter2", "--verbose"], [2]),
        (["sh", "-c", "export DB_PASSWORD=hunter2; exec run"], [2]),
        (["sh", "-c", "exec run --api-key 'hunter2'"], [2]),
        (["curl", "-H", "Authorization: Bearer hunter2", "https://a.example"], [2]),
        (["curl", "-H", "X-Api-Key: hunter2"], [2]),
        (["run", "--database", "postgres://me:hunter2@db.example/app"], [2]),
    ],
)
def test_words_of_a_command_line_that_hold_a_secret(words: list[str], held: list[int]) -> None:
    assert secrets_in_command(words) == held


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["run", "--token=$(TOKEN)", "--api-key", "${API_KEY}", "--password-file", "/run/password"],
        ["sh", "-c", "export TOKEN=$SOURCE; exec run --token $TOKEN"],
        ["docker", "login", "--password-stdin", "contoso.azurecr.io"],
        ["run", "--token", "--verbose", "--mode=fast"],
        ["curl", "-H", "Accept: application/json"],
    ],
)
def test_words_of_a_command_line_without_a_secret(words: list[str]) -> None:
    assert secrets_in_command(words) == []


def test_a_long_text_is_searched_in_linear_time() -> None:
    # A scheme of any length would take minutes here.
    assert not looks_secret("x" * 1_000_000)
