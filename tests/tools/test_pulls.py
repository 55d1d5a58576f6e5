"""The line on pulls at the end of `make up`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local_azure.clock import Clock
from local_azure.services import open_cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store
from tools import pulls

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net"


def create(folder: Path, **registry: Any) -> Path:
    """A store with a registry that admits everybody, and a network."""
    store = Store(folder, serve=True)
    cloud = open_cloud(store, Clock())
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}
    bodies = {
        (GROUP, "2024-03-01"): {"location": "eastus"},
        (REGISTRY, "2025-11-01"): {"location": "eastus", "sku": {"name": "Premium"}, "properties": registry},
        (NETWORK, "2024-05-01"): {"location": "eastus", "properties": space},
    }
    for (path, version), body in bodies.items():
        handle(cloud, "PUT", path, {"api-version": version}, body)
    store.close()
    return folder


def outputs(*images: str) -> dict[str, Any]:
    return {"pulls": [{"name": image, "from": NETWORK, "image": f"contoso.azurecr.io/{image}:1"} for image in images]}


def test_what_works_is_counted(tmp_path: Path) -> None:
    store = create(tmp_path, anonymousPullEnabled=True)
    assert list(pulls.lines(store, outputs("web", "api"))) == ["pulls: 2 of 2 work"]


def test_what_does_not_work_is_named_first(tmp_path: Path) -> None:
    store = create(tmp_path, anonymousPullEnabled=True, publicNetworkAccess="Disabled")
    first, last = pulls.lines(store, outputs("web"))
    assert first.startswith(
        "network web cannot pull contoso.azurecr.io/web:1: contoso.azurecr.io resolves to the public"
    )
    assert first.endswith(f"({REGISTRY})")
    assert last == "pulls: 0 of 1 work"


def test_a_stack_without_consumers_says_nothing(tmp_path: Path) -> None:
    assert list(pulls.lines(create(tmp_path), {"pulls": None})) == []
