"""The shape of an existing key vault: its id, for the role assignments of its readers."""

from typing import Annotated

from pydantic import Field

from components.spec import Spec


class KeyVaultSpec(Spec):
    """A vault whose secrets are referenced; its key is its name."""

    id: Annotated[
        str,
        Field(
            pattern=r"(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+$",
            description="ARM id. Every identity that reads a secret of the vault receives the role for it.",
        ),
    ]
