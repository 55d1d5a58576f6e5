"""Physical names: ARM's naming rules, and the names of this project [NAME-1].

A name is made of words joined by hyphens, the resource's own abbreviation first, and never depends on position or time:
the same description gives the same names, so Azure refuses to create a resource twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class NameRule:
    """What ARM accepts as a name of one type.

    Attributes:
        noun: the type in plain words, for messages.
        pattern: the expression that the whole name matches.
        shortest: fewest characters.
        longest: most characters.
        words: the rule in words, for messages.
        source: id of the source that states it.
        has_endpoint: whether the name is part of a host name, so that reserved words are refused.
    """

    noun: str
    pattern: re.Pattern[str]
    shortest: int
    longest: int
    words: str
    source: str = "NAME-1"
    has_endpoint: bool = False

    def problem(self, name: str) -> str | None:
        """Return the problem with a name in one line, or None when ARM would take it."""
        if self.shortest <= len(name) <= self.longest and self.pattern.fullmatch(name):
            return _reserved_problem(name) if self.has_endpoint else None
        return (
            f"{name!r} is not a name for a {self.noun}: {self.shortest} to {self.longest} characters, {self.words} "
            f"(it has {len(name)}) [{self.source}]"
        )


_RESERVED_WORDS = """
    access app_code app_themes app_data app_globalresources app_localresources app_webreferences app_browsers azure bing
    bizspark biztalk cortana directx dotnet dynamics excel exchange forefront groove hololens hyperv kinect lync msdn o365
    office office365 onedrive onenote outlook powerpoint sharepoint skype visio visualstudio web.config xbox
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
_RESERVED_WITHIN = ("microsoft", "windows")
_RESERVED_FIRST = "login"


def _reserved_problem(name: str) -> str | None:
    """Return which reserved word a name that is part of a host name has, in one line, or None [NAME-RESERVED]."""
    lower = name.lower()
    within = next((word for word in _RESERVED_WITHIN if word in lower), None)
    if lower in _RESERVED:
        return f"{name!r} is a reserved word; take another name [NAME-RESERVED]"
    if within:
        return f"{name!r} has the reserved word {within!r} in it; take another name [NAME-RESERVED]"
    if lower.startswith(_RESERVED_FIRST):
        return f"{name!r} starts with the reserved word {_RESERVED_FIRST!r}; take another name [NAME-RESERVED]"
    return None


_NETWORK = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9_])?")
_NETWORK_WORDS = "letters, digits, '.', '_' and '-', starting with a letter or digit and ending with one or '_'"

REGISTRY = NameRule(
    "container registry", re.compile(r"[a-zA-Z0-9]*"), 5, 50, "letters and digits only", has_endpoint=True
)
RESOURCE_GROUP = NameRule(
    "resource group",
    re.compile(r"[-\w._()]*[-\w_()]"),
    1,
    90,
    "letters, digits, '-', '_', '.', '(' and ')', no final '.'",
)
VIRTUAL_NETWORK = NameRule("virtual network", _NETWORK, 2, 64, _NETWORK_WORDS)
SUBNET = NameRule("subnet", _NETWORK, 1, 80, _NETWORK_WORDS)
NETWORK_SECURITY_GROUP = NameRule("network security group", _NETWORK, 1, 80, _NETWORK_WORDS)
ROUTE_TABLE = NameRule("route table", _NETWORK, 1, 80, _NETWORK_WORDS)
ROUTE = NameRule("route", _NETWORK, 1, 80, _NETWORK_WORDS)
NAT_GATEWAY = NameRule("NAT gateway", _NETWORK, 1, 80, _NETWORK_WORDS)
PUBLIC_IP_PREFIX = NameRule("public IP prefix", _NETWORK, 1, 80, _NETWORK_WORDS)
AZURE_FIREWALL = NameRule("firewall", _NETWORK, 1, 56, _NETWORK_WORDS)
AZURE_FIREWALL_POLICY = NameRule("firewall policy", _NETWORK, 1, 80, _NETWORK_WORDS)
PUBLIC_IP_ADDRESS = NameRule("public IP address", _NETWORK, 1, 80, _NETWORK_WORDS)
BASTION_HOST = NameRule("Bastion host", _NETWORK, 1, 80, _NETWORK_WORDS)
NETWORK_INTERFACE = NameRule("network interface", _NETWORK, 1, 80, _NETWORK_WORDS)
VIRTUAL_MACHINE = NameRule(
    "virtual machine", re.compile(r"[A-Za-z0-9](-?[A-Za-z0-9])*"), 1, 64, "letters, digits and single '-' between them"
)
SECURITY_RULE = NameRule("security rule", _NETWORK, 1, 80, _NETWORK_WORDS)
VIRTUAL_NETWORK_LINK = NameRule("virtual network link", _NETWORK, 1, 80, _NETWORK_WORDS)
PRIVATE_ENDPOINT = NameRule("private endpoint", _NETWORK, 2, 64, _NETWORK_WORDS)
NETWORK_INTERFACE = NameRule("network interface", _NETWORK, 1, 80, _NETWORK_WORDS)
USER_ASSIGNED_IDENTITY = NameRule(
    "user-assigned identity",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*"),
    3,
    128,
    "letters, digits, '_' and '-', starting with a letter or digit",
)
FEDERATED_IDENTITY_CREDENTIAL = NameRule(
    "federated identity credential",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*"),
    3,
    120,
    "letters, digits, '_' and '-', starting with a letter or digit",
)
_HYPHENATED = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?")
_HYPHENATED_WORDS = "letters, digits and '-', starting and ending with a letter or digit"
_CONTENT = re.compile(r"[a-zA-Z0-9-]*")
CACHE_RULE = NameRule("cache rule", _CONTENT, 5, 50, "letters, digits and '-'", "ACR-CACHE-NAMES")
CREDENTIAL_SET = NameRule("credential set", _CONTENT, 5, 50, "letters, digits and '-'", "ACR-CACHE-NAMES")
_LOWER_WORDS = "lower-case letters, digits and single '-', starting with a letter and ending with a letter or digit"
MANAGED_ENVIRONMENT = NameRule("managed environment", re.compile(r"[a-z](-?[a-z0-9])*"), 2, 60, _LOWER_WORDS)
CONTAINER_APP = NameRule("container app", re.compile(r"[a-z](-?[a-z0-9])*"), 2, 32, _LOWER_WORDS)
JOB = NameRule("job", re.compile(r"[a-z](-?[a-z0-9])*"), 2, 32, _LOWER_WORDS)
HTTP_ROUTE = NameRule(
    "HTTP route configuration", re.compile(r"[a-z][a-z0-9]*"), 3, 63, "lower-case letters and digits, a letter first"
)
SESSION_POOL = NameRule(
    "session pool", re.compile(r"[a-z][a-z0-9]*"), 3, 63, "lower-case letters and digits, a letter first"
)
WORKLOAD_PROFILE = NameRule(
    "workload profile",
    re.compile(r"[A-Za-z]([A-Za-z0-9_-]*[A-Za-z0-9])?"),
    1,
    15,
    "letters, digits, '_' and '-', starting with a letter and ending with a letter or digit",
    "CAE-20",
)
CONTAINER_APP_SECRET = NameRule(
    "secret of an app or a job",
    re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
    1,
    253,
    "lower-case letters, digits and '-', starting and ending with a letter or digit",
    "CAE-22",
)
SANDBOX_GROUP = NameRule(
    "sandbox group", re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*"), 1, 32, "letters, digits and '-', not first"
)
AGENT = NameRule(
    "SRE agent",
    re.compile(r"[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?"),
    2,
    32,
    "letters, digits and '-', starting with a letter and ending with a letter or digit",
)
TASK_SCHEDULER = NameRule("task scheduler", re.compile(r"[A-Za-z0-9-]*"), 3, 64, "letters, digits and '-'")
TASK_HUB = NameRule("task hub", re.compile(r"[A-Za-z0-9-]*"), 3, 64, "letters, digits and '-'")
MANAGED_CLUSTER = NameRule(
    "managed cluster",
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?"),
    1,
    54,
    "letters, digits, '_' and '-', starting and ending with a letter or digit; its DNS prefix takes no more",
)
CLUSTER = NameRule(
    "cluster",
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?"),
    1,
    63,
    "letters, digits, '_' and '-', starting and ending with a letter or digit",
)
"""A cluster whose DNS prefix is stated apart; `MANAGED_CLUSTER` is one whose name is its prefix too."""
CLUSTER_DNS_PREFIX = NameRule("DNS prefix of a cluster", _HYPHENATED, 1, 54, _HYPHENATED_WORDS)
AGENT_POOL = NameRule(
    "Linux agent pool", re.compile(r"[a-z][a-z0-9]*"), 1, 12, "lower-case letters and digits, a letter first"
)
WINDOWS_AGENT_POOL = NameRule(
    "Windows agent pool", re.compile(r"[a-z][a-z0-9]*"), 1, 6, "lower-case letters and digits, a letter first"
)
FUNCTION_APP = NameRule(
    "function app",
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
    2,
    60,
    "letters, digits and '-' within",
    has_endpoint=True,
)
STORAGE_ACCOUNT = NameRule(
    "storage account", re.compile(r"[a-z0-9]*"), 3, 24, "lower-case letters and digits only", has_endpoint=True
)
KEY_VAULT = NameRule(
    "key vault",
    re.compile(r"[a-zA-Z](-?[a-zA-Z0-9])*"),
    3,
    24,
    "letters, digits and single '-', starting with a letter and ending with a letter or digit",
)
KEY_VAULT_OBJECT = NameRule(
    "key or secret of a key vault", re.compile(r"[a-zA-Z0-9-]+"), 1, 127, "letters, digits and '-'"
)
CONTAINER_GROUP = NameRule(
    "container group",
    re.compile(r"(?!.*--)[a-z0-9]([a-z0-9-]*[a-z0-9])?"),
    1,
    63,
    "lower-case letters, digits and single '-' within",
)
WORKSPACE = NameRule(
    "Log Analytics workspace",
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
    4,
    63,
    "letters, digits and '-' within",
)
AZURE_MONITOR_WORKSPACE = NameRule(
    "Azure Monitor workspace",
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"),
    2,
    44,
    "letters, digits and '-' within",
    "AMW-1",
)
SYSTEM_TOPIC = NameRule("system topic", re.compile(r"[A-Za-z0-9-]*"), 3, 50, "letters, digits and '-'")
TRAFFIC_CONTROLLER = NameRule(
    "Application Gateway for Containers",
    re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?"),
    1,
    64,
    "letters, digits, '_', '.' and '-', starting and ending with a letter or digit",
)
FIREWALL_POLICY = NameRule("firewall policy", _NETWORK, 1, 128, _NETWORK_WORDS)
DNS_LABEL = NameRule(
    "Kubernetes object",
    re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"),
    1,
    63,
    "lower-case letters, digits and '-' within",
)
SECRET = NameRule(
    "Kubernetes secret",
    re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"),
    1,
    253,
    "lower-case letters, digits, and '-' and '.' within",
)
SHORT_NAME = NameRule(
    "stack part", re.compile(r"[a-z][a-z0-9]*"), 2, 12, "lower-case letters and digits, starting with a letter"
)


MOST_TAGS = 50
"""Tags that a resource takes [TAG-1]."""

_LONGEST_TAG, _LONGEST_TAG_VALUE = 512, 256
_NOT_IN_TAGS = frozenset("<>%&\\?/")


def tag_problem(key: str, value: str) -> str | None:
    """Return the problem with a tag in one line, or None [TAG-1]."""
    if not key or len(key) > _LONGEST_TAG or not key.isprintable() or _NOT_IN_TAGS & set(key):
        return f"{key!r} is not a tag name: 1 to {_LONGEST_TAG} characters without {' '.join(sorted(_NOT_IN_TAGS))} [TAG-1]"
    if len(value) > _LONGEST_TAG_VALUE:
        return f"has {len(value)} characters, a tag's value {_LONGEST_TAG_VALUE} at most; shorten it [TAG-1]"
    return None


def _cut(name: str, longest: int) -> str:
    """The first characters of a name, the last of them a letter or digit."""
    return name[:longest].rstrip("-_")


@dataclass(frozen=True, slots=True)
class Names:
    """Names of everything that one environment owns.

    Attributes:
        workload: the description's ``name``, 2 to 12 lower-case letters and digits.
        environment: its ``environment``, under the same rule.
        stated: names that the description states, by the kind of name and the keys that it is otherwise made of.
    """

    workload: str
    environment: str
    stated: Mapping[tuple[str, ...], str] = field(default_factory=dict, hash=False)

    def _join(self, kind: str, *parts: str) -> str:
        return self.stated.get((kind, *parts)) or "-".join((kind, self.workload, self.environment, *parts))

    def resource_group(self, role: str, *parts: str) -> str:
        """Return the name of the resource group for a role, such as ``registry``, and a region."""
        return self._join("rg", role, *parts)

    def virtual_network(self, network: str) -> str:
        """Return the name of the virtual network with that key."""
        return self._join("vnet", network)

    def network_security_group(self, network: str, subnet: str) -> str:
        """Return the name of a subnet's network security group."""
        return self._join("nsg", network, subnet)

    def routing(self, abbreviation: str, key: str) -> str:
        """Return the name of a route table, a NAT gateway or a firewall, or of a part of one, such as ``rt`` or ``afwp``."""
        return self._join(abbreviation, key)

    def private_endpoint(self, registry: str, key: str) -> str:
        """Return the name of a registry's private endpoint with that key."""
        return self.stated.get(("pe", registry, key)) or "-".join(("pe", registry, key))

    def network_interface(self, registry: str, key: str) -> str:
        """Return the name of the network interface that carries a private endpoint's addresses."""
        return self.stated.get(("nic", registry, key)) or "-".join(("nic", "pe", registry, key))

    def user_assigned_identity(self, key: str) -> str:
        """Return the name of the user-assigned identity with that key."""
        return self._join("id", key)

    def workspace(self, key: str) -> str:
        """Return the name of the Log Analytics workspace with that key."""
        return self._join("log", key)

    def metrics_workspace(self, key: str) -> str:
        """Return the name of the Azure Monitor workspace with that key."""
        return self._join("amw", key)

    def metrics_endpoint(self, region: str, cluster: str) -> str:
        """Return the name of the data collection endpoint of a cluster's metrics, as in Azure's clients [PROM-2]."""
        return _cut(f"MSProm-{region}-{self.managed_cluster(cluster)}", 44).replace("_", "")

    def metrics_rule(self, region: str, cluster: str) -> str:
        """Return the name of the data collection rule of a cluster's metrics, as in Azure's clients [PROM-2]."""
        return _cut(f"MSProm-{region}-{self.managed_cluster(cluster)}", 64)

    def managed_environment(self, key: str) -> str:
        """Return the name of the Container Apps environment with that key."""
        return self._join("cae", key)

    def session_pool(self, key: str) -> str:
        """Return the name of the session pool with that key, which takes no hyphens."""
        return self.stated.get(("sessions", key)) or "".join((self.workload, self.environment, key))

    def sandbox_group(self, key: str) -> str:
        """Return the name of the sandbox group with that key."""
        return self._join("sbx", key)

    def agent(self, key: str) -> str:
        """Return the name of the SRE agent with that key."""
        return self._join("sre", key)

    def task_scheduler(self, key: str) -> str:
        """Return the name of the Durable Task scheduler with that key."""
        return self._join("dts", key)

    def managed_cluster(self, key: str) -> str:
        """Return the name of the Kubernetes cluster with that key, also its DNS prefix."""
        return self._join("aks", key)

    def node_resource_group(self, key: str) -> str:
        """Return the name of the resource group that Azure makes for the nodes of the cluster with that key."""
        return self._join("rg-nodes", key)

    def function_app(self, role: str) -> str:
        """Return the name of the function app of a role; it is a host name, unique in Azure."""
        return self._join("func", role)

    def app_service_plan(self, role: str) -> str:
        """Return the name of the App Service plan of a role."""
        return self._join("asp", role)

    def storage_account(self, role: str) -> str:
        """Return the name of the storage account of a role: 24 characters at most, cut where the parts are longer."""
        return f"st{f'{self.workload}{self.environment}'[: 22 - len(role)]}{role}"

    def system_topic(self, key: str) -> str:
        """Return the name of the system topic with that key."""
        return self._join("evgst", key)

    def data_collection_endpoint(self, role: str) -> str:
        """Return the name of the data collection endpoint of a role."""
        return self._join("dce", role)

    def data_collection_rule(self, role: str) -> str:
        """Return the name of the data collection rule of a role."""
        return self._join("dcr", role)

    def application_insights(self, role: str) -> str:
        """Return the name of the Application Insights component of a role."""
        return self._join("appi", role)

    def federated_credential(self, cluster: str, account: str) -> str:
        """Return the name of the credential by which a service account of a cluster acts as an identity."""
        return f"aks-{cluster}-{account}"

    def traffic_controller(self, key: str) -> str:
        """Return the name of the Application Gateway for Containers with that key."""
        return self._join("agc", key)

    def firewall_policy(self, key: str) -> str:
        """Return the name of the web application firewall policy of the gateway with that key."""
        return self._join("waf", key)
