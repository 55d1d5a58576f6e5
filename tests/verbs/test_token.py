"""`./moorings token`: a pull secret with an entry for each host, from a password that is kept nowhere."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from stacks import loader
from tests.verbs.asking import run
from tools.preflight import arm
from tools.preflight.arm import DeniedError

MAX = Path(__file__).parents[1] / "up" / "max" / "stacks"
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
LOGIN_SERVER = "contosomax-ffb4cphwfsc2gbgg.azurecr.io"
WORDS = ("token", "max", "edge-site-1", "--subscription", SUBSCRIPTION, "--login-server", LOGIN_SERVER)

Asked = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What Resource Manager is asked, by a stack with tokens."""
    requests: Asked = []
    real = loader.load

    class Answers:
        def act(self, path: str, version: str, body: dict[str, Any]) -> dict[str, Any]:
            requests.append((path, body))
            if body["tokenId"].endswith("edge-site-2"):
                raise DeniedError("Microsoft.ContainerRegistry/registries/generateCredentials/action on x")
            return {"username": "edge-site-1", "passwords": [{"name": body["name"], "value": "opened"}]}

    monkeypatch.setattr(loader, "load", lambda name, **more: real("test", directory=MAX, **more))
    monkeypatch.setattr(arm, "azure", lambda subscription: Answers())
    return requests


def test_the_secret_has_an_entry_for_each_host_to_sign_in_to(asked: Asked) -> None:
    result = run(*WORDS, "--namespace", "web")
    assert result.exit_code == 0, result.stderr
    secret = json.loads(result.stdout)
    assert secret["type"] == "kubernetes.io/dockerconfigjson"
    assert secret["metadata"] == {"name": "edge-site-1", "namespace": "web"}
    auths = json.loads(base64.b64decode(secret["data"][".dockerconfigjson"]))["auths"]
    label = LOGIN_SERVER.partition(".")[0]
    regions = ("northeurope", "uksouth", "westeurope")
    assert set(auths) == {LOGIN_SERVER, *(f"{label}.{region}.geo.azurecr.io" for region in regions)}
    entry = {"username": "edge-site-1", "password": "opened", "auth": base64.b64encode(b"edge-site-1:opened").decode()}
    assert list(auths.values()) == [entry] * 4


def test_one_password_of_the_token_is_generated_with_an_expiry(asked: Asked) -> None:
    assert run(*WORDS, "--password", "password2", "--days", "30").exit_code == 0
    ((path, body),) = asked
    assert path.endswith("/registries/contosomax/generateCredentials")
    assert body["tokenId"] == f"{path.rpartition('/')[0]}/tokens/edge-site-1"
    assert body["name"] == "password2"
    assert body["expiry"].endswith("Z")


def test_a_token_that_the_stack_does_not_have_is_refused_before_anything_is_generated(asked: Asked) -> None:
    result = run("token", "max", "edge-site-9", "--subscription", SUBSCRIPTION)
    assert (result.exit_code, asked) == (1, [])
    assert result.stderr == "error: registry.tokens of stack max has no edge-site-9\n"


def test_a_missing_permission_is_named(asked: Asked) -> None:
    result = run("token", "max", "edge-site-2", *WORDS[3:])
    assert result.exit_code == 1
    assert "missing the permission Microsoft.ContainerRegistry/registries/generateCredentials/action" in result.stderr


def test_a_host_name_with_a_hash_has_to_be_stated_first(asked: Asked) -> None:
    result = run(*WORDS[:5])
    assert (result.exit_code, asked) == (1, [])
    assert "state --login-server" in result.stderr
