"""The shape of an existing key vault: its id, for the role assignments of its readers."""

from typing import Annotated

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.spec import Spec
from planning.resource_ids import VAULT


class KeyVaultSpec(Spec):
    """A vault whose secrets are referenced; its key is its name."""

    id: Annotated[
        str,
        MadeElsewhere(VAULT),
        Field(description="Every identity that reads a secret of the vault is granted that."),
    ]
