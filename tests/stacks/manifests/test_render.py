"""Manifests: each against its schema, images pinned to the replica beside the cluster, nothing that only Azure knows
generated."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from planning.problems import SpecError
from planning.virtual_nodes import value_problems
from tests.stacks.manifests.schemas import schema_of

Rendered = Callable[..., dict[str, str]]
Objects = Callable[..., dict[str, list[dict[str, Any]]]]

EAST, WEST = "contosok8s.eastus.geo.azurecr.io", "contosok8s.westeurope.geo.azurecr.io"
GATEKEEPER = ("    workloads:\n", "    image_policy: {effect: audit, global_host: true}\n    workloads:\n")
INGRESS = (
    ("        identity: alb\n", "        identity: alb\n        api: ingress\n        firewall: null\n"),
    ("{web: 80, web-next: 20}", "{web: 80}"),
)
WINDOWS = (
    ('"platform/agent:7", kind: DaemonSet', '"platform/agent:7", kind: DaemonSet, os_type: Windows'),
    ("        azure_policy: false\n", "        azure_policy: false\n        network_dataplane: azure\n"),
    ("vm_size: Standard_D8ds_v5}", "vm_size: Standard_D8ds_v5}\n          win: {os_type: Windows}"),
    ("agent: {clusters: [east, west]", "agent: {clusters: [west]"),
    ("nodes: {prefix: 10.60.0.0/23}", "nodes: {prefix: 10.60.8.0/21}"),
    ("egress: [10.60.8.0/24]", "egress: []"),
)


def containers(objects: dict[str, list[dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Cluster and container of every workload."""
    return [
        (path.partition("/")[0], container)
        for path, found in objects.items()
        for entry in found
        if entry["kind"] in {"Deployment", "DaemonSet", "Job"}
        for container in entry["spec"]["template"]["spec"]["containers"]
    ]


VARIANTS = [
    *(pytest.param(version, (), id=version) for version in ("1.33", "1.34", "1.35", "1.36")),
    pytest.param("1.36", INGRESS, id="ingress"),
    pytest.param("1.36", (GATEKEEPER,), id="audit"),
    pytest.param("1.36", WINDOWS, id="windows"),
]


@pytest.mark.parametrize(("version", "changes"), VARIANTS)
def test_every_object_fits_its_schema(objects: Objects, version: str, changes: tuple[tuple[str, str], ...]) -> None:
    checked = 0
    for found in objects(*changes).values():
        for entry in found:
            schema = schema_of(entry["apiVersion"], entry["kind"])
            if schema is not None:
                jsonschema.validate(entry, schema)
            elif entry["kind"] != "Kustomization":
                kubernetes_validate.validate(entry, version, strict=True)
            checked += 1
    assert checked > 30


def test_images_are_pinned_to_the_replica_beside_the_cluster(objects: Objects) -> None:
    hosts = {(cluster, container["image"].partition("/")[0]) for cluster, container in containers(objects())}
    assert hosts == {("east", EAST), ("west", WEST)}


def test_a_cluster_whose_nodes_are_too_old_pulls_from_the_global_host(objects: Objects) -> None:
    old = ("        azure_policy: false\n", "        azure_policy: false\n        node_os_upgrade_channel: None\n")
    hosts = {(cluster, container["image"].partition("/")[0]) for cluster, container in containers(objects(old))}
    assert hosts == {("east", EAST), ("west", "contosok8s.azurecr.io")}


def test_what_a_cluster_reported_of_its_host_counts(rendered: Rendered) -> None:
    from tests.stacks.cluster_files import OUTPUTS  # noqa: PLC0415 - the one test that changes them

    compute = {**OUTPUTS["compute"], "clusters": {"east": {"image_host": "contosok8s.azurecr.io"}}}
    files = rendered(outputs={**OUTPUTS, "compute": compute})
    assert "contosok8s.azurecr.io/shop/web:1.4.2" in files["east/workload-web.yaml"]


def test_every_image_that_is_written_is_allowed_by_what_is_written(rendered: Rendered, objects: Objects) -> None:
    files = rendered()
    allowed = {
        "east": json.loads(files["east/policy/azure-policy.json"])["properties"]["parameters"][
            "allowedContainerImagesRegex"
        ]["value"],
        "west": "|".join(YAML(typ="safe").load(files["west/policy/constraint.yaml"])["spec"]["parameters"]["images"]),
    }
    for cluster, container in containers(objects()):
        assert re.search(allowed[cluster], container["image"])
        assert not re.search(allowed["west" if cluster == "east" else "east"], container["image"])


def test_the_policy_is_azures_own_where_the_cluster_has_its_add_on(rendered: Rendered) -> None:
    policies = sorted(path for path in rendered() if "/policy/" in path)
    assert policies == [
        "east/policy/azure-policy.json",
        "west/policy/constraint-template.yaml",
        "west/policy/constraint.yaml",
    ]


def test_the_effect_and_the_global_host_of_the_image_policy(rendered: Rendered) -> None:
    files = rendered(GATEKEEPER)
    stated = json.loads(files["east/policy/azure-policy.json"])["properties"]["parameters"]
    assert stated["effect"] == {"value": "Audit"}
    assert r"^contosok8s\.azurecr\.io/.+$" in stated["allowedContainerImagesRegex"]["value"]
    assert "enforcementAction: dryrun" in files["west/policy/constraint.yaml"]


def test_the_expressions_of_the_constraint_are_read_from_its_parameters(rendered: Rendered) -> None:
    template = YAML(typ="safe").load(rendered()["west/policy/constraint-template.yaml"])
    rego = template["spec"]["targets"][0]["rego"]
    assert rego.startswith("package mooringsallowedimages\n")
    assert [kind for kind in ("containers", "initContainers", "ephemeralContainers") if f"spec.{kind}[_]" in rego] == [
        "containers",
        "initContainers",
        "ephemeralContainers",
    ]


def test_pods_on_virtual_nodes_ask_for_them_and_others_do_not(objects: Objects) -> None:
    found = objects()
    render = found["west/workload-render.yaml"][1]["spec"]["template"]
    assert render["spec"]["nodeSelector"]["virtualization"] == "virtualnode2"
    assert render["spec"]["tolerations"] == [
        {"key": "virtual-kubelet.io/provider", "operator": "Exists", "effect": "NoSchedule"}
    ]
    assert render["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "2", "memory": "4Gi"}
    agent = found["west/workload-agent.yaml"][1]["spec"]["template"]["spec"]
    assert "tolerations" not in agent
    assert agent["nodeSelector"] == {"kubernetes.io/os": "linux"}


def test_values_come_through_as_they_are(objects: Objects) -> None:
    (_, container), *_ = [found for found in containers(objects()) if found[1]["name"] == "api"]
    assert container["env"] == [
        {"name": "LOG_LEVEL", "value": "info: 'all' \"of it\""},
        {"name": "REGION", "value": "yes"},
    ]


def test_a_workload_acts_as_its_identity(objects: Objects) -> None:
    account, deployment, *_ = objects()["east/workload-api.yaml"]
    assert account["metadata"]["annotations"] == {"azure.workload.identity/client-id": "api-client"}
    assert deployment["spec"]["template"]["metadata"]["labels"]["azure.workload.identity/use"] == "true"


def test_the_chart_of_virtual_nodes_receives_what_it_reads(rendered: Rendered) -> None:
    values = YAML(typ="safe").load(rendered()["west/helm/virtual-nodes.yaml"])
    assert list(value_problems(values)) == []
    assert (values["aciSubnetName"], values["customTags"]) == ("cg", "team=shop")
    assert values["acrTrustedAccess"]["identityPrincipalId"] == "principal"


def test_the_chart_of_the_controller_receives_its_identity(rendered: Rendered) -> None:
    values = YAML(typ="safe").load(rendered()["east/helm/alb-controller.yaml"])
    assert values == {"albController": {"namespace": "azure-alb-system", "podIdentity": {"clientID": "alb-client"}}}


def test_what_only_azure_knows_is_asked_for_all_at_once(rendered: Rendered) -> None:
    with pytest.raises(SpecError) as refusal:
        rendered(outputs=None)
    assert [
        line.partition(": is known after the first update: run `pulumi stack output")[0] for line in refusal.value.lines
    ] == [
        "workloads.api: client id of api",
        "gateways.web: its firewall's id",
        "gateways.web: its id",
        "clusters.east: client id of alb",
        "virtual_nodes.west: id of burst",
        "virtual_nodes.west: id of burst's principal",
    ]


def test_the_kustomization_names_every_object_of_the_cluster(rendered: Rendered) -> None:
    files = rendered()
    listed = YAML(typ="safe").load(files["west/kustomization.yaml"])["resources"]
    own = {path.removeprefix("west/") for path in files if path.startswith("west/") and path.count("/") == 1}
    assert sorted(listed) == sorted(own - {"kustomization.yaml"})


def test_the_same_description_gives_the_same_files(rendered: Rendered) -> None:
    assert rendered() == rendered()
