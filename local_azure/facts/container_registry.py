"""Microsoft.ContainerRegistry: what a registry holds besides its replications; no service here makes these."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

REGISTRIES = "Microsoft.ContainerRegistry/registries"

FAMILY = Family(
    types=(
        TypeRow(f"{REGISTRIES}/cacheRules", "containerregistry", "CacheRule", ("registryName", "cacheRuleName")),
        TypeRow(
            f"{REGISTRIES}/credentialSets", "containerregistry", "CredentialSet", ("registryName", "credentialSetName")
        ),
        TypeRow(f"{REGISTRIES}/scopeMaps", "containerregistry", "ScopeMap", ("registryName", "scopeMapName")),
        TypeRow(f"{REGISTRIES}/tasks", "containerregistry", "Task", ("registryName", "taskName")),
        TypeRow(f"{REGISTRIES}/tokens", "containerregistry", "Token", ("registryName", "tokenName")),
        TypeRow(f"{REGISTRIES}/webhooks", "containerregistry", "Webhook", ("registryName", "webhookName")),
    ),
)
