"""What a refusal of a compute system advises, applied: the refused description, the message, and the change that
passes."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import ValidationError

from components.aks.spec import ClusterSpec
from components.container_apps.spec import EnvironmentSpec
from components.spec import Spec

APP: dict[str, Any] = {"identity": "puller", "containers": {"web": {"image": "team-a/web:1"}}}
PLACE: dict[str, Any] = {"network": "eastus", "subnet": "apps"}
CLUSTER: dict[str, Any] = {"network": "eastus", "subnet": "nodes", "identity": "plane", "kubelet_identity": "kubelet"}
SYSTEM: dict[str, Any] = {"mode": "System"}
REMOVED = object()


@dataclass(frozen=True)
class Case:
    """A description that is refused.

    Attributes:
        spec: of what it is one.
        stated: the description.
        path: where the refusal is.
        message: what it says, in part.
        advised: each of the changes that it advises: path to what is stated there, `REMOVED` for nothing.
    """

    spec: type[Spec]
    stated: Mapping[str, Any]
    path: str
    message: str
    advised: tuple[Mapping[str, Any], ...]


def apps(**stated: Any) -> dict[str, Any]:
    return {**PLACE, "apps": {key: {**APP, **entry} for key, entry in stated.items()}}


def tcp(port: int, **more: Any) -> dict[str, Any]:
    return {"ingress": {"target_port": port, "transport": "tcp", **more}}


def pools(**stated: Any) -> dict[str, Any]:
    return {**CLUSTER, "pools": {"system": SYSTEM, **stated}}


INGRESS = "apps.web.ingress"

CASES: dict[str, Case] = {
    "client certificates of tcp": Case(
        EnvironmentSpec,
        apps(web=tcp(8080, client_certificates="require")),
        f"{INGRESS}.client_certificates",
        "require is a setting of HTTP and has no effect with transport tcp",
        ({f"{INGRESS}.client_certificates": REMOVED}, {f"{INGRESS}.transport": "auto"}),
    ),
    "sticky sessions of tcp": Case(
        EnvironmentSpec,
        apps(web=tcp(8080, sticky_sessions=True)),
        f"{INGRESS}.sticky_sessions",
        "true is a setting of HTTP",
        ({f"{INGRESS}.sticky_sessions": REMOVED}, {f"{INGRESS}.transport": "auto"}),
    ),
    "plain HTTP of tcp": Case(
        EnvironmentSpec,
        apps(web=tcp(8080, allow_insecure=True)),
        f"{INGRESS}.allow_insecure",
        "true is a setting of HTTP",
        ({f"{INGRESS}.allow_insecure": REMOVED}, {f"{INGRESS}.transport": "auto"}),
    ),
    "sticky sessions of several revisions": Case(
        EnvironmentSpec,
        apps(web={"revisions": "Multiple", "ingress": {"target_port": 80, "sticky_sessions": True}}),
        f"{INGRESS}.sticky_sessions",
        "session affinity needs single-revision mode",
        ({"apps.web.revisions": "Single"}, {f"{INGRESS}.sticky_sessions": REMOVED}),
    ),
    "a port of HTTP exposed by tcp": Case(
        EnvironmentSpec,
        apps(web=tcp(8883, exposed_port=443)),
        f"{INGRESS}.exposed_port",
        "443 is a port of HTTP ingress, which tcp cannot expose; state another exposed_port, such as 8443",
        ({f"{INGRESS}.exposed_port": 8443},),
    ),
    "a target port of HTTP by tcp": Case(
        EnvironmentSpec,
        apps(web=tcp(80)),
        f"{INGRESS}.target_port",
        "80 is a port of HTTP ingress",
        ({f"{INGRESS}.exposed_port": 8080},),
    ),
    "one exposed port of two apps": Case(
        EnvironmentSpec,
        apps(mqtt=tcp(8883, external=True), web=tcp(1883, exposed_port=8883, external=True)),
        f"{INGRESS}.exposed_port",
        "8883 is exposed by app mqtt too; the apps of an environment share one address, state another exposed_port",
        ({f"{INGRESS}.exposed_port": 8884},),
    ),
    "one target port of two apps": Case(
        EnvironmentSpec,
        apps(mqtt=tcp(8883, external=True), web=tcp(8883, external=True)),
        f"{INGRESS}.target_port",
        "8883 is exposed by app mqtt too",
        ({f"{INGRESS}.exposed_port": 8884},),
    ),
    "tcp from outside without a network": Case(
        EnvironmentSpec,
        {"apps": apps(web=tcp(8883, external=True))["apps"]},
        f"{INGRESS}.external",
        "true with transport tcp needs a network and a subnet",
        (PLACE,),
    ),
    "one Dapr id of two apps": Case(
        EnvironmentSpec,
        apps(other={"dapr": {"app_id": "orders"}}, web={"dapr": {"app_id": "orders"}}),
        "apps.web.dapr.app_id",
        "orders is the id of app other too",
        ({"apps.web.dapr.app_id": "orders-web"},),
    ),
    "connections counted without ingress": Case(
        EnvironmentSpec,
        apps(web={"scale": {"rules": {"busy": {"tcp_concurrent_connections": 10}}}}),
        "apps.web.scale.rules.busy",
        "counts connections, but the app has no ingress; give it one",
        ({INGRESS: {"target_port": 8883, "transport": "tcp"}},),
    ),
    "a scaler that is misspelt": Case(
        EnvironmentSpec,
        apps(web={"scale": {"rules": {"hub": {"type": "azure-event-hub"}}}}),
        "apps.web.scale.rules.hub.type",
        "azure-event-hub is not a KEDA scaler; write azure-eventhub",
        ({"apps.web.scale.rules.hub.type": "azure-eventhub"},),
    ),
    "a scaler by identity without its namespace": Case(
        EnvironmentSpec,
        apps(
            web={
                "scale": {
                    "rules": {
                        "bus": {
                            "type": "azure-servicebus",
                            "metadata": {"accountName": "bus", "queueName": "q"},
                            "identity": "puller",
                        }
                    }
                }
            }
        ),
        "apps.web.scale.rules.bus.metadata",
        "azure-servicebus with an identity needs namespace in its metadata",
        ({"apps.web.scale.rules.bus.metadata.namespace": "bus"},),
    ),
    "an ephemeral disk without room": Case(
        ClusterSpec,
        pools(work={"vm_size": "Standard_D2ds_v5", "os_disk_type": "Ephemeral"}),
        "pools.work.os_disk_type",
        "Standard_D2ds_v5 has room for an ephemeral OS disk of 75 GiB, 128 GiB are requested",
        (
            {"pools.work.os_disk_size_gb": 75},
            {"pools.work.os_disk_type": "Managed"},
            {"pools.work.vm_size": "Standard_D4ds_v5"},
        ),
    ),
    "an ephemeral disk without a local disk": Case(
        ClusterSpec,
        pools(work={"vm_size": "Standard_D4s_v5", "os_disk_type": "Ephemeral"}),
        "pools.work.os_disk_type",
        "Standard_D4s_v5 has no local disk",
        ({"pools.work.os_disk_type": "Managed"}, {"pools.work.vm_size": "Standard_D4ds_v5"}),
    ),
    "a System pool without room for its pods": Case(
        ClusterSpec,
        {**CLUSTER, "pools": {"system": {**SYSTEM, "count": 2, "max_pods": 10}}},
        "pools.system.max_pods",
        "10 on 2 nodes leaves room for 20 pods, a System pool has room for 30 at least; write 15 or more [AKS-19]",
        ({"pools.system.max_pods": 15}, {"pools.system.count": 3}),
    ),
    "pods among nodes": Case(
        ClusterSpec,
        {**pools(work={"pod_subnet": "nodes"}), "network_plugin_mode": "flat"},
        "pools.work.pod_subnet",
        "nodes has nodes in it, and pods need a subnet of their own",
        ({"pools.work.pod_subnet": "pods"}, {"pools.work.pod_subnet": REMOVED}),
    ),
    "pods among the nodes of another pool": Case(
        ClusterSpec,
        {**pools(work={"pod_subnet": "gpu"}, gpu={"subnet": "gpu"}), "network_plugin_mode": "flat"},
        "pools.work.pod_subnet",
        "gpu has nodes in it",
        ({"pools.work.pod_subnet": "pods"}, {"pools.work.pod_subnet": REMOVED}),
    ),
}


def changed(stated: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    data = deepcopy(dict(stated))
    for path, value in changes.items():
        *above, key = path.split(".")
        place = data
        for step in above:
            place = place[step]
        if value is REMOVED:
            del place[key]
        else:
            place[key] = value
    return data


def problems(refusal: ValidationError) -> list[tuple[str, str]]:
    """Every problem that was found, with its path."""
    return [
        (".".join(map(str, (*error["loc"], *path))), message)
        for error in refusal.errors()
        for path, message in error.get("ctx", {}).get("problems", [])
    ]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_refused_at_its_place(case: Case) -> None:
    with pytest.raises(ValidationError) as refusal:
        case.spec.model_validate(case.stated)
    ((path, message),) = problems(refusal.value)
    assert path == case.path
    assert case.message in message


@pytest.mark.parametrize(
    ("case", "change"),
    [(case, change) for case in CASES.values() for change in case.advised],
    ids=[f"{name}-{number}" for name, case in CASES.items() for number, _ in enumerate(case.advised)],
)
def test_each_change_that_it_advises_passes(case: Case, change: Mapping[str, Any]) -> None:
    case.spec.model_validate(changed(case.stated, change))
