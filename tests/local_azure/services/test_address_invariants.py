"""Any order of endpoints, replicas and switches keeps the ledger, the interfaces and the members in step."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from arm_client import GROUP, NETWORK, REGISTRY, version_for
from hypothesis import given, settings
from hypothesis import strategies as st

from local_azure.clock import Clock
from local_azure.errors import ArmError
from local_azure.services import addresses, open_cloud, private_links
from local_azure.services.cloud import Cloud
from local_azure.store import Store

REGIONS = ("westeurope", "uksouth", "japaneast")
NAMES = ("a", "b", "c")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("attach"), st.sampled_from(NAMES)),
        st.tuples(st.just("detach"), st.sampled_from(NAMES)),
        st.tuples(st.just("replicate"), st.sampled_from(REGIONS)),
        st.tuples(st.just("drop"), st.sampled_from(REGIONS)),
        st.tuples(st.just("switch"), st.sampled_from(("Enabled", "Disabled"))),
        st.tuples(st.just("look"), st.sampled_from(NAMES)),
    ),
    max_size=14,
)


def _send(cloud: Cloud, method: str, path: str, body: Any = None) -> Any:
    from local_azure.services.dispatch import handle  # noqa: PLC0415 - keeps the module's names short

    try:
        return handle(cloud, method, path, {"api-version": version_for(path)}, body).body
    except ArmError as refused:
        if refused.status >= 500:
            raise
        return None


def _network() -> dict[str, Any]:
    prefixes = {"a": "10.0.0.0/28", "b": "10.0.0.16/29", "c": "10.0.0.24/29"}
    subnets = [{"name": n, "properties": {"addressPrefix": p}} for n, p in prefixes.items()]
    return {
        "location": "eastus",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/24"]}, "subnets": subnets},
    }


def _step(cloud: Cloud, step: str, what: str) -> None:
    endpoint, replica = f"{NETWORK}/privateEndpoints/{what}", f"{REGISTRY}/replications/{what}"
    if step == "attach":
        connection = {"name": what, "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
        subnet = {"id": f"{NETWORK}/virtualNetworks/hub/subnets/{what}"}
        properties = {"subnet": subnet, "privateLinkServiceConnections": [connection]}
        _send(cloud, "PUT", endpoint, {"location": "eastus", "properties": properties})
    elif step == "detach":
        _send(cloud, "DELETE", endpoint)
    elif step == "replicate":
        _send(cloud, "PUT", replica, {"location": what, "properties": {}})
    elif step == "drop":
        _send(cloud, "DELETE", replica)
    elif step == "switch":
        _send(cloud, "PATCH", REGISTRY, {"properties": {"regionalEndpoints": what}})
    else:
        _send(cloud, "GET", endpoint)


def _check(cloud: Cloud) -> None:
    cloud.settle()
    seen: set[str] = set()
    for name in NAMES:
        subnet = cloud.get(f"{NETWORK}/virtualNetworks/hub/subnets/{name}")
        assert subnet is not None
        taken = addresses.taken(cloud, subnet)
        assert set(taken) <= set(addresses.usable(subnet))
        endpoint = cloud.get(f"{NETWORK}/privateEndpoints/{name}")
        held = addresses.held(cloud, endpoint.id) if endpoint else {}
        assert len(taken) == len(held)
        assert not seen & set(held.values())
        seen |= set(held.values())
        if endpoint is not None:
            assert {m.name for m in private_links.members(cloud, endpoint)} <= set(held)


def _settled(cloud: Cloud) -> None:
    """Once everybody has looked, interfaces show the members of now and nothing else is taken."""
    for name in NAMES:
        endpoint = f"{NETWORK}/privateEndpoints/{name}"
        _send(cloud, "GET", endpoint)
        shown = _send(cloud, "GET", endpoint)
        if shown is None:
            continue
        interface = _send(cloud, "GET", shown["properties"]["networkInterfaces"][0]["id"])
        configurations = [c["properties"] for c in interface["properties"]["ipConfigurations"]]
        members = {
            c["privateLinkConnectionProperties"]["requiredMemberName"]: c["privateIPAddress"] for c in configurations
        }
        stored = cloud.get(endpoint)
        assert stored is not None
        assert members == addresses.held(cloud, endpoint)
        assert set(members) == {m.name for m in private_links.members(cloud, stored)}


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_addresses_interfaces_and_members_agree_in_any_order(steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        cloud = open_cloud(store, Clock())
        _send(cloud, "PUT", GROUP, {"location": "eastus"})
        _send(cloud, "PUT", f"{NETWORK}/virtualNetworks/hub", _network())
        _send(cloud, "PUT", REGISTRY, {"location": "eastus", "sku": {"name": "Premium"}})
        for step, what in steps:
            _step(cloud, step, what)
            _check(cloud)
        _settled(cloud)
        _send(cloud, "DELETE", GROUP)
        cloud.settle()
        assert store.ids() == []
        assert store.connection.execute("SELECT count(*) FROM addresses").fetchone() == (0,)
        store.close()
