"""The artifact cache of the registry: cache rules and the credential sets with which they sign in."""

from __future__ import annotations

from typing import Any, Final

from components.access.spec import GrantSpec
from components.artifact_cache.spec import ArtifactCacheSpec, CacheRuleSpec
from local_azure.loading.listings import Listed
from planning.artifact_cache import is_login_server_of, upstream
from planning.roles import ABAC, assignment_name, role_for
from tools.adopt.access import ASSIGNMENTS
from tools.adopt.estate import REGISTRY, Estate, Json, dig, stated

RULES: Final = f"{REGISTRY}/cacheRules"
CREDENTIALS: Final = f"{REGISTRY}/credentialSets"


def read(estate: Estate) -> Json:
    """Return the section `artifact_cache`; identities come first."""
    sets = _credential_sets(estate)
    return stated(credential_sets=sets, rules=_rules(estate, sets))


def _credential_sets(estate: Estate) -> Json:
    found: Json = {}
    for each in estate.listing.below(estate.registry.id, CREDENTIALS):
        pairs = list(each.properties.get("authCredentials") or ())
        if len(pairs) != 1 or "SystemAssigned" not in str(dig(each.body, "identity", "type")):
            estate.remark(
                each, "authCredentials", "a credential set of a stack has one pair and an identity of its own"
            )
            continue
        found[each.name] = stated(
            login_server=each.properties.get("loginServer"),
            username_secret=pairs[0].get("usernameSecretIdentifier"),
            password_secret=pairs[0].get("passwordSecretIdentifier"),
        )
    return found


def _rules(estate: Estate, sets: Json) -> Json:
    found: Json = {}
    for each in estate.listing.below(estate.registry.id, RULES):
        shown = each.properties
        credentials = str(shown.get("credentialSetResourceId") or "").rpartition("/")[2] or None
        user = next(iter(dig(each.body, "identity", "userAssignedIdentities") or {}), None)
        identity = estate.key(user)
        if (credentials and credentials not in sets) or (user and identity is None):
            reason = f"signs in by {credentials or user}, which is not described; the rule stays as it is"
            estate.remark(each, "credentialSetResourceId" if credentials else "identity", reason)
            continue
        entry = stated(
            source=shown.get("sourceRepository"),
            target=shown.get("targetRepository"),
            credential_set=credentials,
            identity=identity,
        )
        found[each.name] = {**entry, **_upstream(estate, entry)}
    return _granted(estate, found)


def _upstream(estate: Estate, entry: Json) -> Json:
    """The id of an upstream registry that is shown as well; other registries are named by their host alone."""
    if "identity" not in entry:
        return {}
    host = upstream(str(entry["source"]))
    registries = estate.listing.of_type(REGISTRY)
    known = next((each for each in registries if is_login_server_of(host, each.name)), None)
    return {"upstream_id": known.id} if known else {}


def _granted(estate: Estate, rules: Json) -> Json:
    """The rules, with the id of an upstream only where the grants on it are those that a stack makes."""
    spec: Any = ArtifactCacheSpec.model_construct(
        rules={key: CacheRuleSpec.model_construct(**each) for key, each in rules.items()}
    )
    namespace = f"{estate.registry.name}/artifact-cache"
    made = {
        upstream_id: all(
            _is_made(estate, upstream_id, f"{namespace}/{upstream_id}", key, grant) for key, grant in grants.items()
        )
        for upstream_id, grants in spec.upstream_grants.items()
    }
    return {
        key: {name: value for name, value in each.items() if name != "upstream_id" or made[value]}
        for key, each in rules.items()
    }


def _is_made(estate: Estate, registry: str, namespace: str, key: str, grant: GrantSpec) -> bool:
    name = assignment_name(namespace, key, role_for(grant.action or "pull", ABAC))
    shown: Listed | None = estate.listing.get(f"{registry}/providers/{ASSIGNMENTS}/{name}")
    return shown is not None
