"""Microsoft.ContainerRegistry: what a registry holds besides its replications."""

from __future__ import annotations

from local_azure.arm_family import REQUIRED_TEXT, TEXT, Family, Marks, Member, TypeRow

REGISTRIES = "Microsoft.ContainerRegistry/registries"
CACHE_RULES = f"{REGISTRIES}/cacheRules"
CREDENTIAL_SETS = f"{REGISTRIES}/credentialSets"
TOKENS = f"{REGISTRIES}/tokens"
SCOPE_MAPS = f"{REGISTRIES}/scopeMaps"
WEBHOOKS = f"{REGISTRIES}/webhooks"
TASKS = f"{REGISTRIES}/tasks"
AGENT_POOLS = f"{REGISTRIES}/agentPools"

# Cache rules of the preview in which they authenticate by an identity of their own [ACR-2026].
_RULE = "containerregistry~2026/CacheRule"
_AUTHENTICATION = "containerregistry~2026:AdditionalAuthenticationProperties"

# Identities as a list of ids, whose values are read-only [ACR-2026].
_IDENTITY: dict[str, Member] = {
    "identity": {"type": {"k": "ref", "ref": "containerregistry~2025:IdentityProperties"}, "wire": "identity"}
}

# Tasks of the preview in which they sign in to their own registry by an identity [ACR-TASKS].
_SOURCE = "containerregistry~tasks:SourceRegistryCredentials"
_CREDENTIALS = "containerregistry~tasks:Credentials"
_TASK = "containerregistry~tasks/Task"


FAMILY = Family(
    types=(
        TypeRow(CACHE_RULES, "containerregistry", "CacheRule", ("registryName", "cacheRuleName")),
        TypeRow(CREDENTIAL_SETS, "containerregistry", "CredentialSet", ("registryName", "credentialSetName")),
        TypeRow(SCOPE_MAPS, "containerregistry", "ScopeMap", ("registryName", "scopeMapName")),
        TypeRow(AGENT_POOLS, "containerregistry", "AgentPool", ("registryName", "agentPoolName")),
        TypeRow(TASKS, "containerregistry", "Task", ("registryName", "taskName")),
        TypeRow(TOKENS, "containerregistry", "Token", ("registryName", "tokenName")),
        TypeRow(WEBHOOKS, "containerregistry", "Webhook", ("registryName", "webhookName")),
    ),
    required={f"containerregistry/{cls}": frozenset({"location"}) for cls in ("AgentPool", "Task", "Webhook")},
    derived={
        _AUTHENTICATION: (
            "",
            {
                name: {**REQUIRED_TEXT, "wire": name}
                for name in ("authenticationType", "projectNumber", "workloadIdentityPool", "workloadIdentityProvider")
            },
        ),
        _SOURCE: ("containerregistry:SourceRegistryCredentials", {"identity": {**TEXT, "wire": "identity"}}),
        _CREDENTIALS: (
            "containerregistry:Credentials",
            {"sourceRegistry": {"type": {"k": "ref", "ref": _SOURCE}, "wire": "sourceRegistry"}},
        ),
        _TASK: ("containerregistry/Task", {**_IDENTITY, "credentials": {"type": {"k": "ref", "ref": _CREDENTIALS}}}),
        _RULE: (
            "containerregistry/CacheRule",
            {
                **_IDENTITY,
                "additionalAuthenticationProperties": {"type": {"k": "ref", "ref": _AUTHENTICATION}},
            },
        ),
    },
    variants={CACHE_RULES: {"2026-03-01-preview": _RULE}, TASKS: {"2025-03-01-preview": _TASK}},
    # A webhook is created by a body of its own, whose location is not marked.
    marks={
        **dict.fromkeys(
            (CACHE_RULES, *(f"{REGISTRIES}/{kind}" for kind in ("credentialSets", "scopeMaps", "tokens", "webhooks"))),
            Marks("azure-mgmt-containerregistry 15.0.0 (2025-11-01)"),
        ),
        **dict.fromkeys(
            (TASKS, AGENT_POOLS),
            Marks("azure-mgmt-containerregistrytasks 1.0.0b1 (2025-03-01-preview)", frozenset({"location"})),
        ),
    },
)
