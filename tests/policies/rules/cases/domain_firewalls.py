"""Domain rules on the hosts that firewalls allow."""

from collections.abc import Sequence

from tests.policies.rules.cases.domain_registry import ABROAD, UNTIL_KNOWN
from tests.policies.rules.cases.registries import REPLICA, registry
from tests.policies.rules.programs import Made, U, azure, several

HOSTS = ["contoso.azurecr.io", "contoso.eastus.data.azurecr.io", "contoso.westeurope.data.azurecr.io"]
REGIONAL = {"dataEndpointEnabled": True, "regionalEndpoints": "Enabled"}
POLICY = azure("network:FirewallPolicy", firewallPolicyName="fw", resourceGroupName="rg", location="westeurope")


def firewall(
    *hosts: object, group: str = "apps", policy: str = "fw", sources: Sequence[str] = ("*",), action: str = "Allow"
) -> Made:
    rule = {
        "ruleType": "ApplicationRule",
        "name": "registry",
        "targetFqdns": list(hosts),
        "sourceAddresses": list(sources),
    }
    return azure(
        "network:FirewallPolicyRuleCollectionGroup",
        firewallPolicyName=policy,
        ruleCollectionGroupName=group,
        resourceGroupName="rg",
        ruleCollections=[
            {
                "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
                "name": "all",
                "action": {"type": action},
                "rules": [rule],
            }
        ],
    )


CASES = [
    several(
        "MOOR-DOM-005",
        "firewall",
        [
            {"registry": registry(dataEndpointEnabled=True), "replica": REPLICA, "firewall": firewall(*HOSTS[:2])},
            {
                "registry": registry(dataEndpointEnabled=True),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS, "*.blob.core.windows.net"),
            },
            {"registry": registry(), "firewall": firewall("contoso.azurecr.io")},
            {"registry": registry(**REGIONAL), "replica": REPLICA, "firewall": firewall(*HOSTS)},
            {"registry": registry(), "firewall": firewall("contoso.azurecr.io", "*.blob.core.windows.net"), **ABROAD},
            {
                "registry": registry(dataEndpointEnabled=True),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS[:1]),
                "other": firewall(*HOSTS[1:], group="layers", policy="another"),
            },
            {
                "registry": registry(dataEndpointEnabled=True),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS[:1], sources=["10.1.0.0/24", "10.2.0.0/24"]),
                "other": firewall(*HOSTS[1:], group="layers", sources=["10.1.0.0/24"]),
            },
            {
                "registry": registry(dataEndpointEnabled=True),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS[:1]),
                "other": firewall(*HOSTS[1:], group="closed", action="Deny"),
            },
        ],
        [],
    ),
    several(
        "MOOR-DOM-005",
        "registry",
        [],
        [
            {"registry": registry(dataEndpointEnabled=True), "replica": REPLICA, "firewall": firewall(*HOSTS)},
            {
                "registry": registry(**REGIONAL),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS, "contoso.westeurope.geo.azurecr.io"),
            },
            {"registry": registry(), "firewall": firewall("contoso.azurecr.io", "*.blob.core.windows.net")},
            {"registry": registry(), "firewall": firewall("github.com")},
            {
                "registry": registry(dataEndpointEnabled=True),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS[:1], sources=["10.1.0.0/24"]),
                "other": firewall(*HOSTS, group="layers", sources=["10.1.0.0/16"]),
            },
            {
                "registry": registry(dataEndpointEnabled=True),
                "replica": REPLICA,
                "firewall": firewall(*HOSTS),
                "other": firewall("contoso.azurecr.io", "*.blob.core.windows.net", group="closed", action="Deny"),
            },
        ],
        off={"registry": registry()},
        later=[
            {"registry": registry(dataEndpointEnabled=U), "firewall": firewall(*HOSTS)},
            {"registry": registry(dataEndpointEnabled=True), "replica": UNTIL_KNOWN, "firewall": firewall(*HOSTS)},
        ],
    ),
    several(
        "MOOR-RES-002",
        "firewall",
        {"registry": registry(), "policy": POLICY, "firewall": firewall(*HOSTS)},
        {
            "registry": registry(),
            "policy": POLICY,
            "firewall": firewall("contoso.westeurope.geo.azurecr.io", HOSTS[2], "github.com"),
        },
        later={"registry": registry(), "policy": POLICY, "firewall": firewall(U)},
        config={"regions": ["westeurope"]},
    ),
    several(
        "MOOR-RES-002", "firewall", [], [], off={"registry": registry(), "policy": POLICY, "firewall": firewall(*HOSTS)}
    ),
]
