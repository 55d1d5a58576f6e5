"""The artifact cache of a container registry.

It owns cache rules and credential sets. It deliberately does not own the registry, nor the grants by which credential sets read
their secrets. [ACR-CACHE]
"""

from collections.abc import Mapping
from typing import Any

import pulumi

from components.artifact_cache.spec import ArtifactCacheSpec, CacheRuleSpec, CredentialSetSpec
from components.parameterized import CONTAINER_REGISTRY, ParameterizedResource
from components.stable import own_principal

FIXED = ["sourceRepository", "targetRepository"]
"""What Azure changes in no cache rule, and the provider takes for something that can be changed [ACR-CACHE-FIXED]."""


class ArtifactCache(pulumi.ComponentResource):
    """The cache rules of one registry.

    Makes one Microsoft.ContainerRegistry/registries/credentialSets per credential set and one cacheRules per rule.
    ``principal_ids`` are the principals by which credential sets read their secrets, by key.
    """

    principal_ids: dict[str, pulumi.Output[str]]
    """Principals by which credential sets read their secrets, by the key of the set."""
    rule_ids: pulumi.Output[Mapping[str, str]]
    """ARM ids of the cache rules, by their keys."""

    def __init__(
        self,
        name: str,
        spec: ArtifactCacheSpec,
        *,
        registry_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        identity_ids: Mapping[str, pulumi.Input[str]] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cache rules.

        Args:
            name: logical name; children's names start with it.
            spec: what is cached.
            registry_name: the registry.
            resource_group_name: the resource group of the registry.
            identity_ids: ARM ids of the identities that rules name, by key.
            opts: options of the component itself.
        """
        super().__init__("moorings:artifact_cache:ArtifactCache", name, None, opts)
        self._name = name
        self._identity_ids = identity_ids or {}
        self._place = {"registryName": registry_name, "resourceGroupName": resource_group_name}
        sets = {key: self._credential_set(key, credentials) for key, credentials in spec.credential_sets.items()}
        rules = {key: self._rule(key, rule, sets) for key, rule in spec.rules.items()}
        self.principal_ids = {key: own_principal(each, each.output("identity")) for key, each in sets.items()}
        self.rule_ids = pulumi.Output.all(**{key: rule.id for key, rule in rules.items()})
        self.register_outputs({"principal_ids": self.principal_ids, "rule_ids": self.rule_ids})

    def _credential_set(self, key: str, spec: CredentialSetSpec) -> ParameterizedResource:
        return ParameterizedResource(
            CONTAINER_REGISTRY,
            "CredentialSet",
            f"{self._name}-credentials-{key}",
            inputs={
                **self._place,
                "credentialSetName": key,
                "identity": {"type": "SystemAssigned"},
                "loginServer": spec.login_server,
                "authCredentials": [
                    {
                        "name": "Credential1",
                        "usernameSecretIdentifier": spec.username_secret,
                        "passwordSecretIdentifier": spec.password_secret,
                    }
                ],
            },
            outputs=("identity",),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _rule(self, key: str, spec: CacheRuleSpec, sets: Mapping[str, ParameterizedResource]) -> ParameterizedResource:
        credentials: dict[str, Any] = {}
        if spec.credential_set:
            credentials["credentialSetResourceId"] = sets[spec.credential_set].id
        if spec.identity:
            users = [self._identity_ids[spec.identity]]
            credentials["identity"] = {"type": "UserAssigned", "userAssignedIdentities": users}
        return ParameterizedResource(
            CONTAINER_REGISTRY,
            "CacheRule",
            f"{self._name}-rule-{key}",
            inputs={
                **self._place,
                "cacheRuleName": key,
                "sourceRepository": spec.source,
                "targetRepository": spec.target,
                **credentials,
            },
            outputs=(),
            # Azure takes a name, and a target, once.
            opts=pulumi.ResourceOptions(parent=self, replace_on_changes=FIXED, delete_before_replace=True),
        )
