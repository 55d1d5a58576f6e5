"""Whether a name that becomes part of a host name is free in all of Azure: storage accounts and sites [NAME-CHECK]."""

from __future__ import annotations

import re

from local_azure.services.cloud import Answer, Cloud, Request, ScopeAction


def checker(type_name: str, pattern: str) -> ScopeAction:
    """Return the action checkNameAvailability of a type.

    Args:
        type_name: the type, in whose resources of every subscription the name is looked up.
        pattern: what a name has to match.
    """

    def check(cloud: Cloud, request: Request) -> Answer:
        name = str((request.body or {}).get("name") or "")
        noun = type_name.rpartition("/")[2]
        if not re.fullmatch(pattern, name):
            return _taken("AccountNameInvalid", f"{name} is not a valid name of {noun} (wording chosen).")
        if any(True for _ in cloud.store.named(type_name, name)):
            return _taken("AlreadyExists", f"The name {name} of {noun} is already taken (wording chosen).")
        return Answer(200, {"nameAvailable": True})

    return check


def _taken(reason: str, message: str) -> Answer:
    return Answer(200, {"nameAvailable": False, "reason": reason, "message": message})
