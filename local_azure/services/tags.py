"""Tags of resources: how many, and of which characters."""

from __future__ import annotations

from typing import Any

from local_azure.errors import bad_request

MOST = 50
"""Tags of one resource [TAG-1]."""

LONGEST_NAME, LONGEST_VALUE = 512, 256
"""Characters of a tag [TAG-1]."""

SHORTER = {"Microsoft.Storage/storageAccounts": 128}
"""Characters of a tag's name where a type takes fewer [TAG-1]."""

_FORBIDDEN = frozenset("<>%&\\?/")


def refuse(type_name: str, tags: Any) -> None:
    """Raise ArmError for tags that Resource Manager does not take (codes chosen) [TAG-1]."""
    if not isinstance(tags, dict):
        return
    if len(tags) > MOST:
        raise bad_request("TooManyTags", f"The resource has {len(tags)} tags; the maximum is {MOST}.", "tags")
    longest = SHORTER.get(type_name, LONGEST_NAME)
    for name, value in tags.items():
        if not 1 <= len(name) <= longest or _FORBIDDEN & set(name):
            message = (
                f"The tag name '{name[:60]}' is invalid: it has 1 to {longest} characters, none of < > % & \\ ? /."
            )
            raise bad_request("InvalidTagName", message, "tags")
        if len(str(value or "")) > LONGEST_VALUE:
            message = f"The value of tag '{name}' is longer than {LONGEST_VALUE} characters."
            raise bad_request("InvalidTagValueLength", message, "tags")
