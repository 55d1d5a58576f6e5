"""Gateways and network policies in a cluster: who is let in, and by which listener."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Objects = Callable[..., dict[str, list[dict[str, Any]]]]

IDLE = ("        identity: alb\n", "        identity: alb\n        frontends: {public: {}, idle: {}}\n")
AT_PUBLIC = (
    ("shop: {hosts: [shop.contoso.com],", "shop: {frontend: public, hosts: [shop.contoso.com],"),
    ("api: {hosts: [shop.contoso.com],", "api: {frontend: public, hosts: [shop.contoso.com],"),
)


def policy(objects: dict[str, list[dict[str, Any]]], cluster: str, name: str) -> dict[str, Any]:
    (found,) = [p for p in objects[f"{cluster}/network-policies.yaml"] if p["metadata"]["name"] == name]
    return found["spec"]


def kinds(objects: dict[str, list[dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [entry for entry in objects["east/gateway-web.yaml"] if entry["kind"] == kind]


def test_two_routes_of_one_host_share_a_listener(objects: Objects) -> None:
    (gateway,) = kinds(objects(), "Gateway")
    (listener,) = gateway["spec"]["listeners"]
    assert (listener["name"], listener["port"], listener["hostname"]) == (
        "https.shop.contoso.com",
        443,
        "shop.contoso.com",
    )
    assert listener["allowedRoutes"]["namespaces"]["selector"]["matchExpressions"][0]["values"] == ["shop"]
    assert gateway["metadata"]["annotations"] == {"alb.networking.azure.io/alb-id": "/subscriptions/s/controller"}


def test_weights_come_through(objects: Objects) -> None:
    (route,) = [found for found in kinds(objects(), "HTTPRoute") if found["metadata"]["name"] == "web.shop"]
    backends = route["spec"]["rules"][0]["backendRefs"]
    assert [(found["name"], found["weight"]) for found in backends] == [("web", 80), ("web-next", 20)]


def test_the_firewall_is_bound_to_the_gateway(objects: Objects) -> None:
    (bound,) = kinds(objects(), "WebApplicationFirewallPolicy")
    assert bound["spec"]["targetRef"]["name"] == "web.public"
    assert bound["spec"]["webApplicationFirewall"] == {"id": "/subscriptions/s/firewall"}


def test_a_frontend_without_routes_has_no_gateway(objects: Objects) -> None:
    found = kinds(objects(IDLE, *AT_PUBLIC), "Gateway")
    assert [gateway["metadata"]["name"] for gateway in found] == ["web.public"]


def test_ingress_names_its_class_and_the_gateway_by_annotations(objects: Objects) -> None:
    changes = (
        ("        identity: alb\n", "        identity: alb\n        api: ingress\n        firewall: null\n"),
        ("{web: 80, web-next: 20}", "{web: 80}"),
    )
    found = kinds(objects(*changes), "Ingress")
    assert {ingress["spec"]["ingressClassName"] for ingress in found} == {"azure-alb-external"}
    assert {ingress["metadata"]["annotations"]["alb.networking.azure.io/alb-frontend"] for ingress in found} == {
        "public"
    }
    assert found[0]["spec"]["tls"] == [{"secretName": "shop-contoso-com", "hosts": ["shop.contoso.com"]}]


def test_a_namespace_is_closed_but_for_pods_on_virtual_nodes(objects: Objects) -> None:
    found = [p for p in objects()["west/network-policies.yaml"] if p["metadata"]["name"] == "moorings.closed"]
    assert {p["metadata"]["namespace"] for p in found} == {"agent", "shop"}
    assert found[0]["spec"]["podSelector"]["matchExpressions"] == [
        {"key": "moorings/placement", "operator": "NotIn", "values": ["virtual-nodes"]}
    ]
    assert "ingress" not in found[0]["spec"]


def test_who_is_named_is_let_in_and_so_is_the_gateway(objects: Objects) -> None:
    (rule,) = policy(objects(), "east", "api")["ingress"]
    assert rule["ports"] == [{"protocol": "TCP", "port": 8080}]
    labelled, gateway = rule["from"]
    assert labelled["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "web"}
    assert labelled["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "shop"}
    assert gateway == {"ipBlock": {"cidr": "10.50.4.0/24"}}


def test_a_peer_on_virtual_nodes_is_let_in_by_its_subnet(objects: Objects) -> None:
    (rule,) = policy(objects(), "west", "api")["ingress"]
    assert rule["from"] == [{"ipBlock": {"cidr": "10.60.4.0/24"}}]


def test_nobody_is_let_in_where_nobody_is_named(objects: Objects) -> None:
    assert "ingress" not in policy(objects(), "east", "agent")


def test_pods_on_virtual_nodes_have_no_policy(objects: Objects) -> None:
    assert "render" not in {p["metadata"]["name"] for p in objects()["west/network-policies.yaml"]}


def test_egress_is_open_unless_ranges_are_named(objects: Objects) -> None:
    assert policy(objects(), "east", "web")["policyTypes"] == ["Ingress"]
    named = policy(objects(), "east", "api")
    assert named["policyTypes"] == ["Ingress", "Egress"]
    assert named["egress"][0]["ports"] == [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
    assert named["egress"][1:] == [{"to": [{"ipBlock": {"cidr": "10.60.8.0/24"}}]}]


def test_who_lets_a_workload_in_is_in_its_egress(objects: Objects) -> None:
    change = ("health_path: /healthz}", "health_path: /healthz, egress: []}")
    _, to_api = policy(objects(change), "east", "web")["egress"]
    assert to_api["to"][0]["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "api"}
