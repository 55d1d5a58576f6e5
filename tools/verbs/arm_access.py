"""Shared by the verbs that call Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from planning.endpoints import Endpoints
    from stacks.loader import Stack
    from tools.preflight.arm import Arm

Result = TypeVar("Result")


def locally(action: Callable[[Arm], Result], principal: str = "") -> Result:
    """Return the result of an action on the local Azure of this project, which is started for it.

    Args:
        action: what to do with the access.
        principal: object id of the caller; empty for the owner.
    """
    from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
    from tools.local_services import local_azure
    from tools.preflight import arm
    from tools.run_lock import one_run
    from tools.verbs.running import workspace

    here = workspace().local
    with one_run(here), local_azure(here / "azure", here / "local-azure.log") as served:
        return action(arm.local(served.url, DEFAULT_SUBSCRIPTION, principal))


def registry_hosts(stack: Stack, login_server: str | None) -> Endpoints | None:
    """Return the registry's host names; None for a stack without a registry.

    Args:
        stack: the description.
        login_server: login server of a registry whose host names have a hash.

    Raises:
        RefusedError: the host names contain a hash, and no login server is stated.
    """
    from planning.endpoints import endpoints

    shape = stack.plan.shape
    if shape is None:
        return None
    if login_server:
        return endpoints(login_server.partition(".")[0], shape)
    if stack.plan.endpoints is None:
        raise RefusedError(
            "the registry's host names contain a hash that Azure generates; state --login-server, which `pulumi stack output "
            "endpoints` shows"
        )
    return stack.plan.endpoints
