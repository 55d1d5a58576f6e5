"""A management lock on a resource.

It owns the lock. It deliberately does not own the resource. A lock is created once all resources of the environment exist,
because a ReadOnly lock refuses the writes of what is in its scope, and is deleted before any of them, because every lock
refuses their deletion. [LOCK-ACT]
"""

from collections.abc import Sequence

import pulumi
import pulumi_azure_native as azure_native

from components.interfaces.spec import LockSpec


class Lock(pulumi.ComponentResource):
    """One lock; makes Microsoft.Authorization/locks."""

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: LockSpec,
        *,
        scope: pulumi.Input[str],
        after: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the lock.

        Args:
            name: logical name; the child's name starts with it.
            spec: the lock.
            scope: ARM id of the resource or the resource group that is locked.
            after: every other resource of the environment.
            opts: options of the component itself.
        """
        super().__init__("moorings:interfaces:Lock", name, None, opts)
        lock = azure_native.authorization.ManagementLockByScope(
            f"{name}-lock",
            lock_name=spec.lock_name,
            scope=scope,
            level=spec.kind,
            notes=spec.notes,
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(after)),
        )
        self.id = lock.id
        self.register_outputs({"id": self.id})
