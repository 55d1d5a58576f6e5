"""User-assigned identities with their federated credentials."""

from __future__ import annotations

from typing import Final

from local_azure.loading.listings import Listed
from planning.identities import AUDIENCES
from tools.adopt.estate import Estate, Json, keyed, region, stated

IDENTITIES: Final = "Microsoft.ManagedIdentity/userAssignedIdentities"
CREDENTIALS: Final = f"{IDENTITIES}/federatedIdentityCredentials"
OF_CLUSTERS: Final = "aks-"
"""How names of credentials begin by which service accounts of a stack's clusters act as an identity."""


def read(estate: Estate) -> Json:
    """Return the section `identities`."""
    found: Json = {}
    for each in estate.owned(IDENTITIES):
        key, follows = keyed(each, estate.names.user_assigned_identity(""), found)
        estate.describe(("identities", key), each)
        found[key] = stated(
            name=None if follows else each.name,
            location=None if region(each) == estate.home else region(each),
            federated_credentials=_credentials(estate, each),
        )
    return found


def principals(estate: Estate) -> dict[str, str]:
    """Return the keys of the stack's identities by their principals."""
    owned = ((each, estate.key(each.id)) for each in estate.owned(IDENTITIES))
    return {str(each.properties.get("principalId")).lower(): key for each, key in owned if key}


def _credentials(estate: Estate, identity: Listed) -> Json:
    found: Json = {}
    for each in estate.listing.below(identity.id, CREDENTIALS):
        if each.name.startswith(OF_CLUSTERS):
            continue
        audiences = list(each.properties.get("audiences") or ())
        if len(audiences) > 1:
            estate.remark(each, "audiences", f"{', '.join(audiences)}: a credential of a stack has one audience")
        audience = audiences[0] if audiences else None
        found[each.name] = stated(
            issuer=each.properties.get("issuer"),
            subject=each.properties.get("subject"),
            audience=None if audience == AUDIENCES["public"] else audience,
        )
    return found
