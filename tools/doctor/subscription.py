"""Checks of the way to Azure: backend, subscription, credential and resource providers. Nothing is changed."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from planning.problems import SpecError
from stacks.files import DIRECTORY, stack_names
from stacks.loader import load
from tools.doctor.machine import MISSING, NOTE, OK, Check
from tools.preflight.arm import Arm, DeniedError, MissingError, UnreachableError, azure
from tools.preflight.rights import namespaces

_API = "2022-12-01"


def checks(subscription: str, arm: Arm | None = None, directory: Path = DIRECTORY) -> list[Check]:
    """Return the findings on the way to Azure.

    Args:
        subscription: GUID of the subscription; empty if none is stated, so that Azure is not asked.
        arm: reader of the subscription. Default: Azure with the credential that azure-identity finds.
        directory: folder of the stack files, whose resource providers are checked.
    """
    return [_backend(), *_subscription(subscription, arm, directory)]


def _backend() -> Check:
    url = os.environ.get("PULUMI_BACKEND_URL") or _logged_in()
    if url:
        return Check("backend", OK, url)
    return Check("backend", NOTE, "none: run pulumi login before a run on Azure; the local Azure has its own")


def _logged_in() -> str:
    """Return the backend of the last `pulumi login`; empty without one."""
    file = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi") / "credentials.json"
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return str(json.loads(file.read_text(encoding="utf-8")).get("current") or "")
    return ""


def _subscription(subscription: str, arm: Arm | None, directory: Path) -> Iterator[Check]:
    if not subscription:
        yield Check(
            "subscription", NOTE, "none stated: for a run on Azure, state --subscription or ARM_SUBSCRIPTION_ID"
        )
        return
    arm = arm or azure(subscription)
    try:
        found = arm.get(arm.scope, _API)
    except UnreachableError as error:
        yield Check("credential", MISSING, str(error))
        return
    except MissingError:
        yield Check("subscription", MISSING, f"{subscription} does not exist, or this credential is not assigned to it")
        return
    except DeniedError as error:
        yield Check("subscription", MISSING, f"{subscription} cannot be read: {error.permission} is missing")
        return
    yield Check("credential", OK, "azure-identity has a credential that Azure accepts")
    state = found.get("state", "unknown")
    name = f"{found.get('displayName', subscription)} ({subscription}) is {state}"
    yield (
        Check("subscription", OK, name) if state == "Enabled" else Check("subscription", MISSING, f"{name}: enable it")
    )
    yield _providers(arm, directory)


def _providers(arm: Arm, directory: Path) -> Check:
    """The resource providers that the stack files of this project need."""
    wanted: set[str] = set()
    for stack in stack_names(directory):
        with contextlib.suppress(SpecError):
            wanted |= set(namespaces(load(stack, directory=directory)))
    try:
        states = {name: arm.get(f"{arm.scope}/providers/{name}", "2021-04-01") for name in sorted(wanted)}
    except (DeniedError, MissingError, UnreachableError) as error:
        return Check("providers", NOTE, f"cannot be read: {error}")
    lacking = [name for name, found in states.items() if found.get("registrationState") != "Registered"]
    if lacking:
        return Check("providers", MISSING, f"run az provider register --namespace for {', '.join(lacking)}")
    return Check("providers", OK, f"{len(states)} of {len(states)} are registered")
