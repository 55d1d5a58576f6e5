"""The shape of a key vault that is made elsewhere: its id, by which its readers are granted access."""

from typing import Annotated

from pydantic import Field

from components.spec import Spec


class KeyVaultSpec(Spec):
    """A vault whose secrets are referred to; its key is its name."""

    id: Annotated[
        str,
        Field(
            pattern=r"(?i)^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+$",
            description="ARM id. Every identity that reads a secret of the vault is granted that.",
        ),
    ]
