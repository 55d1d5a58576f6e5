"""Microsoft.ContainerRegistry: what a registry holds besides its replications."""

from __future__ import annotations

from local_azure.arm_family import REQUIRED_TEXT, Family, Marks, TypeRow

REGISTRIES = "Microsoft.ContainerRegistry/registries"
CACHE_RULES = f"{REGISTRIES}/cacheRules"
CREDENTIAL_SETS = f"{REGISTRIES}/credentialSets"
TOKENS = f"{REGISTRIES}/tokens"
SCOPE_MAPS = f"{REGISTRIES}/scopeMaps"
WEBHOOKS = f"{REGISTRIES}/webhooks"

# Cache rules of the preview in which they authenticate by an identity of their own [ACR-2026].
_RULE = "containerregistry~2026/CacheRule"
_AUTHENTICATION = "containerregistry~2026:AdditionalAuthenticationProperties"


FAMILY = Family(
    types=(
        TypeRow(CACHE_RULES, "containerregistry", "CacheRule", ("registryName", "cacheRuleName")),
        TypeRow(CREDENTIAL_SETS, "containerregistry", "CredentialSet", ("registryName", "credentialSetName")),
        TypeRow(SCOPE_MAPS, "containerregistry", "ScopeMap", ("registryName", "scopeMapName")),
        TypeRow(f"{REGISTRIES}/tasks", "containerregistry", "Task", ("registryName", "taskName")),
        TypeRow(TOKENS, "containerregistry", "Token", ("registryName", "tokenName")),
        TypeRow(WEBHOOKS, "containerregistry", "Webhook", ("registryName", "webhookName")),
    ),
    required={f"containerregistry/{cls}": frozenset({"location"}) for cls in ("Task", "Webhook")},
    derived={
        _AUTHENTICATION: (
            "",
            {
                name: {**REQUIRED_TEXT, "wire": name}
                for name in ("authenticationType", "projectNumber", "workloadIdentityPool", "workloadIdentityProvider")
            },
        ),
        _RULE: (
            "containerregistry/CacheRule",
            {
                "identity": {
                    "type": {"k": "ref", "ref": "containerregistry~2025:IdentityProperties"},
                    "wire": "identity",
                },
                "additionalAuthenticationProperties": {"type": {"k": "ref", "ref": _AUTHENTICATION}},
            },
        ),
    },
    variants={CACHE_RULES: {"2026-03-01-preview": _RULE}},
    # A webhook is created by a body of its own, whose location is not marked.
    marks={
        **dict.fromkeys(
            (CACHE_RULES, *(f"{REGISTRIES}/{kind}" for kind in ("credentialSets", "scopeMaps", "tokens", "webhooks"))),
            Marks("azure-mgmt-containerregistry 15.0.0 (2025-11-01)"),
        ),
        f"{REGISTRIES}/tasks": Marks(
            "azure-mgmt-containerregistrytasks 1.0.0b1 (2025-03-01-preview)", frozenset({"location"})
        ),
    },
)
