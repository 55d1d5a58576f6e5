"""The shape of the interfaces that resources have beside their own settings, under the names of Azure Verified Modules."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from components.elsewhere import MadeElsewhere
from components.references import IdentityKey, WorkspaceKey
from components.spec import Spec, Tags, held_to, refuse
from planning.interfaces import (
    ALL_LOGS,
    ALL_METRICS,
    DIAGNOSTICS,
    LOCK,
    LONGEST_NOTES,
    MOST_SETTINGS,
    SETTING,
    Diagnostics,
    LockKind,
    lock_name,
    role_of,
    role_problem,
)
from planning.problems import Path
from planning.roles import LONGEST_CONDITION, PrincipalType, principal_problem

_EVENT_HUB_RULE = r"^/subscriptions/.+/providers/Microsoft\.EventHub/namespaces/[^/]+/[Aa]uthorization[Rr]ules/[^/]+$"


class LockSpec(Spec):
    """A management lock on a resource, which holds for everything in it [LOCK-ACT]."""

    retired_names: ClassVar = {"level": "is called kind here, as in Azure Verified Modules [AVM-INTERFACES]"}

    kind: Annotated[
        LockKind,
        Field(description="CanNotDelete refuses deletion; ReadOnly refuses every change as well, also by this stack."),
    ]
    name: Annotated[
        Annotated[str, held_to(LOCK.problem)] | None, Field(description="Name in Azure. Default: lock- and the kind.")
    ] = None
    notes: Annotated[str | None, Field(max_length=LONGEST_NOTES, description="Why the resource is locked.")] = None

    @property
    def lock_name(self) -> str:
        """Name in Azure."""
        return self.name or lock_name(self.kind)


class RoleAssignmentSpec(Spec):
    """One role assignment on a resource [ROLE-4]."""

    retired_names: ClassVar = {
        "role_definition_id_or_name": "is called role here: a built-in role's name, or the GUID of a definition"
    }

    name: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            description="GUID that names the assignment in Azure. Default: made of the resource, the key and the role.",
        ),
    ] = None
    role: Annotated[
        Annotated[str, held_to(role_problem)],
        Field(description="A built-in role by its published name, or the GUID of a role definition."),
    ]
    identity: Annotated[IdentityKey | None, Field(description="Key of an identity of this stack that receives it.")] = (
        None
    )
    principal_id: Annotated[
        Annotated[str, held_to(principal_problem)] | None,
        Field(description="Object id of a principal made elsewhere that receives it."),
    ] = None
    principal_type: Annotated[PrincipalType | None, Field(description="Type of the principal made elsewhere.")] = None
    condition: Annotated[
        str | None, Field(max_length=LONGEST_CONDITION, description="Condition of the assignment, version 2.0.")
    ] = None
    description: Annotated[str | None, Field(description="Why the role is assigned.")] = None

    @property
    def who(self) -> str:
        """Key of the identity or id of the principal that receives the role."""
        return self.identity or self.principal_id or ""

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if (self.identity is None) == (self.principal_id is None):
            yield (), "needs either an identity of this stack or a principal_id, and not both"
        if (self.principal_id is None) != (self.principal_type is None):
            message = (
                "expected principal_type beside principal_id, and only there: User, Group or ServicePrincipal [ROLE-8]"
            )
            yield ("principal_type",), message


class DiagnosticSettingSpec(Spec):
    """Where a resource sends its logs and metrics; at most one destination of each kind [DIAG-1]."""

    retired_names: ClassVar = {
        "workspace_resource_id": "is called workspace here: the key of a workspace, or the id of one made elsewhere",
        "log_analytics_destination_type": "is called dedicated_tables here: true (Dedicated) or false (AzureDiagnostics)",
    }

    name: Annotated[
        Annotated[str, held_to(SETTING.problem)] | None, Field(description="Name in Azure. Default: the key.")
    ] = None
    workspace: Annotated[
        WorkspaceKey | None, Field(description="Log Analytics workspace: its key, or the id of one made elsewhere.")
    ] = None
    storage_account_resource_id: Annotated[
        Annotated[str, MadeElsewhere("Microsoft.Storage/storageAccounts")] | None,
        Field(description="ARM id of a storage account in the region of the resource."),
    ] = None
    event_hub_authorization_rule_resource_id: Annotated[
        Annotated[str, Field(pattern=_EVENT_HUB_RULE)] | None,
        Field(
            description="ARM id of an authorization rule of an Event Hubs namespace, which may send, listen and manage."
        ),
    ] = None
    event_hub_name: Annotated[
        str | None, Field(description="Event hub in that namespace. Default: one for each category.")
    ] = None
    marketplace_partner_resource_id: Annotated[
        str | None, Field(pattern="^/subscriptions/", description="ARM id of an Azure Monitor partner solution.")
    ] = None
    log_groups: Annotated[
        list[str] | None,
        Field(description="Category groups, such as audit. Default: allLogs, unless categories are stated."),
    ] = None
    log_categories: Annotated[list[str], Field(description="Categories of logs, instead of groups.")] = []
    metric_categories: Annotated[
        list[str] | None, Field(description="Categories of metrics. Default: AllMetrics; [] for none.")
    ] = None
    dedicated_tables: Annotated[
        bool,
        Field(description="Whether a workspace gets resource-specific tables, where the resource has them."),
    ] = True

    def groups(self, sends: Diagnostics) -> list[str]:
        """Return the category groups of logs that are sent."""
        if self.log_groups is not None:
            return self.log_groups
        return [ALL_LOGS] if sends.logs and not self.log_categories else []

    def metrics(self, sends: Diagnostics) -> list[str]:
        """Return the categories of metrics that are sent."""
        if self.metric_categories is not None:
            return self.metric_categories
        return [ALL_METRICS] if sends.metrics else []

    def _problems(self) -> Iterator[tuple[Path, str]]:
        sinks = (
            self.workspace,
            self.storage_account_resource_id,
            self.event_hub_authorization_rule_resource_id,
            self.marketplace_partner_resource_id,
        )
        if not any(sinks):
            message = (
                "has no destination; state workspace, storage_account_resource_id, "
                "event_hub_authorization_rule_resource_id or marketplace_partner_resource_id [DIAG-1]"
            )
            yield (), message
        if self.event_hub_name and not self.event_hub_authorization_rule_resource_id:
            yield ("event_hub_name",), "needs event_hub_authorization_rule_resource_id beside it; add it [DIAG-1]"
        if self.log_groups and self.log_categories:
            yield ("log_categories",), "are stated beside log_groups, and Azure takes one of them; remove one [DIAG-1]"


class ResourceSpec(Spec):
    """Base of the specs of resources: what every resource can have [AVM-INTERFACES].

    Attributes:
        arm_type: type of the resource.
    """

    arm_type: ClassVar[str] = ""

    lock: Annotated[
        LockSpec | None, Field(description="Management lock, created after everything else and deleted first.")
    ] = None
    role_assignments: Annotated[
        dict[str, RoleAssignmentSpec], Field(description="Role assignments on the resource, by a stable key.")
    ] = {}
    tags: Annotated[Tags, Field(description="Tags of the resource, besides those of the stack.")] = {}

    @property
    def has_interfaces(self) -> bool:
        """Whether something is stated that is made on the resource."""
        return bool(self.lock or self.role_assignments or self.settings)

    @property
    def settings(self) -> dict[str, DiagnosticSettingSpec]:
        """Diagnostic settings by key; none for a type that sends nothing."""
        return {}

    @model_validator(mode="after")
    def _interfaces_are_in_order(self) -> Self:
        refuse((*self._of_others(), *self._twins()))
        return self

    def _of_others(self) -> Iterator[tuple[Path, str]]:
        """Interfaces of a resource made elsewhere."""
        if getattr(self, "id", None) is None:
            return
        for name in (*ResourceSpec.model_fields, "diagnostic_settings"):
            if name in self.model_fields_set:
                yield (name,), "is a setting of what is made elsewhere (it has an id) and is not changed; remove it"

    def _twins(self) -> Iterator[tuple[Path, str]]:
        """Assignments that Azure treats as duplicates [RBAC-EXISTS]."""
        seen: dict[tuple[str, str], str] = {}
        for key, each in self.role_assignments.items():
            other = seen.setdefault((role_of(each.role).guid, each.who), key)
            if other != key:
                message = (
                    f"assigns {each.role} to {each.who}, as {other} does, and Azure takes one; remove it [RBAC-EXISTS]"
                )
                yield ("role_assignments", key), message


class LoggingResourceSpec(ResourceSpec):
    """Base of the specs of resources that have logs or metrics to send [DIAG-TYPES]."""

    diagnostic_settings: Annotated[
        dict[str, DiagnosticSettingSpec],
        Field(max_length=MOST_SETTINGS, description="Where logs and metrics are sent, by key; five at most."),
    ] = {}

    @property
    def settings(self) -> dict[str, DiagnosticSettingSpec]:
        """Diagnostic settings by key."""
        return self.diagnostic_settings

    @model_validator(mode="after")
    def _settings_are_in_order(self) -> Self:
        refuse((*self._unsent(), *self._same_sinks()))
        return self

    def _unsent(self) -> Iterator[tuple[Path, str]]:
        """Logs or metrics that the type does not have."""
        sends = DIAGNOSTICS[self.arm_type]
        for key, each in self.diagnostic_settings.items():
            path = ("diagnostic_settings", key)
            for name, has in (
                ("log_groups", sends.logs),
                ("log_categories", sends.logs),
                ("metric_categories", sends.metrics),
            ):
                if getattr(each, name) and not has:
                    yield (*path, name), f"{self.arm_type} sends none by diagnostic settings; remove it [DIAG-TYPES]"
            if not (each.groups(sends) or each.log_categories or each.metrics(sends)):
                yield path, "sends nothing; state log_groups, log_categories or metric_categories [DIAG-1]"

    def _same_sinks(self) -> Iterator[tuple[Path, str]]:
        """Two settings that send one category to one workspace [DIAG-1]."""
        seen: dict[tuple[str, str], str] = {}
        for key, each in self.diagnostic_settings.items():
            for category in (*each.groups(DIAGNOSTICS[self.arm_type]), *each.log_categories) if each.workspace else ():
                other = seen.setdefault((each.workspace or "", category), key)
                if other != key:
                    message = (
                        f"sends {category} to {each.workspace}, as {other} does, and Azure refuses that; remove one"
                    )
                    yield ("diagnostic_settings", key), f"{message} [DIAG-1]"
