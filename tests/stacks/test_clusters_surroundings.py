"""Gateways, virtual nodes and workloads of a stack: what is refused, and what is reported."""

import pytest

from tests.stacks.cluster_files import clusters
from tests.stacks.stack_files import FILE, Files, line_here

GATEWAY = "          gateway: {prefix: 10.50.4.0/24, delegation: Microsoft.ServiceNetworking/trafficControllers}"
CG = "          cg: {prefix: 10.60.4.0/24, delegation: Microsoft.ContainerInstance/containerGroups}"
ROUTE = "api: {hosts: [shop.contoso.com], path: /api, tls_secret: shop-contoso-com, backends: {api: 1}}"
VIRTUAL = "west: {pods: 40, identity: burst, tags: {team: shop}}"
RENDER = '        image: "shop/render:3.1"\n'
WEB = "web: {clusters: [east]"
FLAT = "        network_plugin_mode: flat\n"

REFUSALS = {
    "a private frontend": (
        [
            (
                "        identity: alb\n",
                "        identity: alb\n        frontends: {inside: {visibility: private}} # here\n",
            )
        ],
        "gateways.web.frontends.inside.visibility: private, but Application Gateway for Containers has public frontends only",
    ),
    "a gateway for a cluster that is not there": (
        [("        cluster: east\n", "        cluster: north # here\n")],
        "gateways.web.cluster: there is no cluster 'north'; there are: east, west",
    ),
    "a gateway's subnet that is too small": (
        [(GATEWAY, GATEWAY.replace("/24", "/25") + " # here")],
        "networks.eastus.subnets.gateway: 10.50.4.0/25 in vnet-contoso-k8s-eastus leaves 123 addresses, 250 are needed "
        "(250 for proxies), and /24 is the smallest taken; give /24 (1 free) or larger [AGC-1]",
    ),
    "a gateway's subnet without its delegation": (
        [
            (GATEWAY, "          gateway: {prefix: 10.50.4.0/24}"),
            ("        subnet: gateway\n", "        subnet: gateway # here\n"),
        ],
        "gateways.web.subnet: gateway is delegated to nothing; set delegation: Microsoft.ServiceNetworking/trafficControllers",
    ),
    "a gateway's subnet that is not there": (
        [("        subnet: gateway\n", "        subnet: front # here\n")],
        "gateways.web.subnet: there is no subnet 'front'; there are: nodes, gateway",
    ),
    "a controller that cannot act as its identity": (
        [
            ("          alb: {identity: alb, namespace: azure-alb-system, service_account: alb-controller-sa}\n", ""),
            ("        identity: alb\n", "        identity: alb # here\n"),
        ],
        "gateways.web.identity: cluster east does not let the controller act as alb; add alb: {identity: alb, "
        "namespace: azure-alb-system, service_account: alb-controller-sa} to clusters.east.workload_identities [AGC-7]",
    ),
    "a route to a workload that is not there": (
        [(ROUTE, ROUTE.replace("{api: 1}", "{apis: 1}") + " # here")],
        "gateways.web.routes.api.backends.apis: there is no workload 'apis'; there are: web, web-next, api, render, agent",
    ),
    "a route to a workload of another cluster": (
        [(ROUTE, ROUTE.replace("{api: 1}", "{render: 1}") + " # here")],
        "gateways.web.routes.api.backends.render: render does not run in east; add east to workloads.render.clusters",
    ),
    "a route to a workload without a port": (
        [(ROUTE, ROUTE.replace("{api: 1}", "{agent: 1}") + " # here")],
        "gateways.web.routes.api.backends.agent: agent has no port to route to; state workloads.agent.port",
    ),
    "a route whose backends are in two namespaces": (
        [
            (ROUTE, ROUTE.replace("{api: 1}", "{api: 1, web-next: 1}") + " # here"),
            ('image: "shop/web:1.5.0", namespace: shop', 'image: "shop/web:1.5.0", namespace: next'),
            ("{web: 80, web-next: 20}", "{web: 80}"),
        ],
        "gateways.web.routes.api.backends: backends are in namespaces next, shop; a route reaches one",
    ),
    "two certificates for one host": (
        [(ROUTE, ROUTE.replace("shop-contoso-com", "other") + " # here")],
        "gateways.web.routes.api.tls_secret: differs from the certificate that route shop names for shop.contoso.com",
    ),
    "weights in Ingress": (
        [
            ("        identity: alb\n", "        identity: alb\n        api: ingress\n"),
            ("backends: {web: 80, web-next: 20}}", "backends: {web: 80, web-next: 20}} # here"),
        ],
        "gateways.web.routes.shop.backends: 2 backends, but Ingress has no weights; keep one, or write api: gateway",
    ),
    "a variable whose name holds an equals sign": (
        [('REGION: "yes"}', 'REGION: "yes", A=B: c} # here')],
        "workloads.api.env.A=B: 'A=B' is not an environment variable name: printable ASCII characters without '=' [K8S-7]",
    ),
    "a route that reaches nobody": (
        [(ROUTE, ROUTE.replace("{api: 1}", "{api: 0}") + " # here")],
        "gateways.web.routes.api.backends: all have weight 0, so every request would fail",
    ),
    "virtual nodes with an overlay": (
        [(FLAT, ""), (VIRTUAL, VIRTUAL + " # here")],
        "virtual_nodes.west: the cluster has network_plugin_mode overlay; virtual nodes need pods with addresses "
        "of the virtual network",
    ),
    "virtual nodes with kubenet": (
        [(FLAT, "        network_plugin: kubenet\n"), (VIRTUAL, VIRTUAL + " # here")],
        "virtual_nodes.west: the cluster has kubenet; virtual nodes need pods with addresses of the virtual network",
    ),
    "virtual nodes of a cluster that is not there": (
        [(VIRTUAL, "north: {pods: 40} # here\n      west: {pods: 40}")],
        "virtual_nodes.north: there is no cluster 'north'; there are: east, west",
    ),
    "virtual nodes without room on a machine": (
        [("vm_size: Standard_D8ds_v5", "vm_size: Standard_D2ds_v5"), (VIRTUAL, VIRTUAL + " # here")],
        "virtual_nodes.west.nodes: 1 virtual nodes need 3 vCPU and 12 GiB each, on one node; there is room for 0",
    ),
    "more pods than virtual nodes run": (
        [(VIRTUAL, VIRTUAL.replace("40", "201") + " # here")],
        "virtual_nodes.west.pods: 201 pods, but 1 virtual nodes run 200; write nodes: 2 [VN-3]",
    ),
    "virtual nodes with authorised ranges": (
        [
            (FLAT, FLAT + "        api_server: {private: false, authorized_ranges: [203.0.113.0/24]}\n"),
            (VIRTUAL, VIRTUAL + " # here"),
        ],
        "virtual_nodes.west: cluster west has authorized_ranges, which block virtual nodes; write private: true there",
    ),
    "a subnet of pods without its delegation": (
        [(CG, "          cg: {prefix: 10.60.4.0/24}"), (VIRTUAL, VIRTUAL + " # here")],
        "virtual_nodes.west.subnet: cg is delegated to nothing; set delegation: Microsoft.ContainerInstance/containerGroups",
    ),
    "a subnet one pod short": (
        [(CG, CG.replace("/24", "/26") + " # here"), (VIRTUAL, VIRTUAL.replace("40", "60"))],
        "networks.westeurope.subnets.cg: 10.60.4.0/26 in vnet-contoso-k8s-westeurope leaves 59 addresses, 60 are needed "
        "(60 pods); give /25 (63 free) or larger [VN-2]",
    ),
    "workloads with more pods than there are": (
        [(VIRTUAL, VIRTUAL.replace("40", "9") + " # here")],
        "virtual_nodes.west.pods: 9, but workloads run 10 on them (render: 10 + 0 during an update); raise it [VN-3]",
    ),
    "a pod above what needs no quota": (
        [('resources: {cpu: "2", memory: 4Gi}', 'resources: {cpu: "8", memory: 4Gi} # here')],
        "workloads.render.resources: a pod of 8 vCPU / 4.29497 GB in all is above 4 vCPU / 16 GB, for which quota has to be",
    ),
    "a tag that parts entries": (
        [(VIRTUAL, "west: {pods: 40, tags: {team: a;b}} # here")],
        "virtual_nodes.west.tags.team: team=(not shown) contains ',', ';' or '=', which separate entries in the chart; remove it",
    ),
    "a DaemonSet on virtual nodes": (
        [("        kind: Job\n        replicas: 10\n", "        kind: DaemonSet # here\n")],
        "workloads.render.kind: DaemonSet does not run on virtual nodes; write Deployment, or virtual_nodes: false [VN-4]",
    ),
    "Windows on virtual nodes": (
        [(RENDER, RENDER + "        os_type: Windows # here\n        read_only_root: false\n")],
        "workloads.render.os_type: Windows does not run on virtual nodes; write Linux, or virtual_nodes: false [VN-4]",
    ),
    "IPv6 on virtual nodes": (
        [(RENDER, RENDER + "        ip_families: [IPv4, IPv6] # here\n")],
        "workloads.render.ip_families: IPv6 is not served on virtual nodes; write [IPv4], or virtual_nodes: false [VN-4]",
    ),
    "a network policy on virtual nodes": (
        [(RENDER, RENDER + "        egress: [10.60.8.0/24] # here\n")],
        "workloads.render.egress: needs a network policy, which has no effect on virtual nodes",
    ),
    "a workload on virtual nodes that are not there": (
        [("        clusters: [west]\n" + RENDER, "        clusters: [west, east] # here\n" + RENDER)],
        "workloads.render.clusters.1: east has no virtual nodes; add virtual_nodes.east, or write virtual_nodes: false [VN-4]",
    ),
    "a workload in a cluster that is not there": (
        [(WEB + ', image: "shop/web:1.4.2"', 'web: {clusters: [east, north], image: "shop/web:1.4.2"')],
        "workloads.web.clusters.1: there is no cluster 'north'; there are: east, west",
    ),
    "an image with a host": (
        [('"shop/web:1.4.2"', '"docker.io/shop/web:1.4.2"')],
        "workloads.web.image: docker.io/shop/web:1.4.2 is covered by no cache rule; add artifact_cache.rules.KEY",
    ),
    "an image without a tag": (
        [('"shop/web:1.4.2"', '"shop/web"')],
        "workloads.web.image: 'shop/web' has neither a tag nor a digest",
    ),
    "an identity that the cluster does not know": (
        [("        identity: api\n", "        identity: burst # here\n")],
        "workloads.api.identity: cluster east does not let it use burst; add api: {identity: burst, namespace: shop, "
        "service_account: api} to clusters.east.workload_identities",
    ),
    "a peer that is not there": (
        [("from_workloads: [web, render]", "from_workloads: [webb, render] # here")],
        "workloads.api.from_workloads.0: there is no workload 'webb'; there are: web, web-next, api, render, agent",
    ),
    "Windows in a cluster without machines for it": (
        [
            ('"platform/agent:7", kind: DaemonSet', '"platform/agent:7", kind: DaemonSet, os_type: Windows'),
        ],
        "workloads.agent.os_type: Windows, but no pool of cluster east is; add one",
    ),
    "a quantity that is none": (
        [('resources: {cpu: "2", memory: 4Gi}', 'resources: {cpu: "2", memory: 4 GB} # here')],
        "workloads.render.resources.memory: '4 GB' is not a quantity above 0; write one such as 256Mi [K8S-2]",
    ),
    "an image policy that lets everything in": (
        [("    workloads:\n", "    image_policy: {further: ['.*']} # here\n    workloads:\n")],
        "image_policy.further.0: '.*' is not a host, or a host and a path",
    ),
}


@pytest.mark.parametrize(("changes", "message"), REFUSALS.values(), ids=REFUSALS)
def test_it_is_refused_at_its_line(files: Files, changes: list[tuple[str, str]], message: str) -> None:
    text = clusters(*changes)
    lines = files.refusals(text)
    found = [line for line in lines if message in line]
    assert len(found) == 1, lines
    if "# here" in text:
        assert found[0].startswith(f"{FILE}:{line_here(text)} ")


WARNINGS = {
    "a gateway without certificates": (
        [
            ("tls_secret: shop-contoso-com, backends: {web", "backends: {web"),
            ("tls_secret: shop-contoso-com, backends: {api", "backends: {api"),
        ],
        "gateways.web.routes: no route has a tls_secret, so traffic is not encrypted",
    ),
    "a firewall in front of Ingress": (
        [
            ("        identity: alb\n", "        identity: alb\n        api: ingress\n"),
            ("{web: 80, web-next: 20}", "{web: 80}"),
        ],
        "gateways.web.firewall: applies to objects of the Gateway API only, so it protects nothing",
    ),
    "a range that virtual nodes want free": (
        [
            ("address_space: [10.60.0.0/16]", "address_space: [10.60.0.0/16, 10.0.0.0/24]"),
            ("{prefix: 10.60.0.0/23}", "{prefix: 10.60.0.0/23}\n          old: {prefix: 10.0.0.0/26}"),
        ],
        "networks.westeurope.subnets.old: 10.0.0.0/26 overlaps 10.0.0.0/24, which virtual nodes reserve",
    ),
    "pods that cannot pull": (
        [
            ("      public_network_access: Enabled\n", ""),
            ("pods: 40, identity: burst", "pods: 40"),
        ],
        "virtual_nodes.west: the registry has no public access; pods pull images only with an identity",
    ),
    "a registry that does not trust virtual nodes": (
        [("      public_network_access: Enabled\n", "      trusted_services_bypass: false\n")],
        "registry.trusted_services_bypass: false, but virtual nodes pull as a trusted service",
    ),
    "peers that never meet": (
        [
            ("from_workloads: [web, render]", "from_workloads: [web, render]\n        # none"),
            ("        clusters: [east, west]\n", "        clusters: [west]\n"),
            ("{api: 1}", "{web: 1}"),
        ],
        "workloads.api.from_workloads.0: web runs in no cluster that api runs in; remove it",
    ),
}


@pytest.mark.parametrize(("changes", "message"), WARNINGS.values(), ids=WARNINGS)
def test_it_is_reported(files: Files, changes: list[tuple[str, str]], message: str) -> None:
    assert [line for line in files.warnings(clusters(*changes)) if message in line]


def test_a_system_pool_of_a_small_size_is_a_warning(files: Files) -> None:
    small = clusters(("vm_size: Standard_D8ds_v5", "vm_size: Standard_B8ms"))
    (line,) = (line for line in files.warnings(small) if "AKS-22" in line)
    assert "vm_size: Standard_B8ms is for no System pool, which needs 4 vCPUs" in line


def test_the_file_itself_is_in_order_but_for_its_unreachable_registry(files: Files) -> None:
    assert ["ACR-11" in line for line in files.warnings(clusters())] == [True]


def test_who_pulls_for_virtual_nodes_is_granted_it(files: Files) -> None:
    plan = files.load(clusters()).plan
    assert {puller.identity for puller in plan.pullers if puller.path[0] == "virtual_nodes"} == {"burst"}
    assert plan.grants["pull-burst"].action == "pull"
