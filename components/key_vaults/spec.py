"""The shape of a key vault that is made elsewhere: its id, by which its readers are granted access."""

from typing import Annotated

from pydantic import Field

from components.elsewhere import MadeElsewhere
from components.spec import Spec
from planning.resource_ids import VAULT


class KeyVaultSpec(Spec):
    """A vault whose secrets are referred to; its key is its name."""

    id: Annotated[
        str,
        MadeElsewhere(VAULT),
        Field(description="Every identity that reads a secret of the vault is granted that."),
    ]
