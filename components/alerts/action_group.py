"""An action group: who is notified when an alert fires.

It owns the group only. Addresses of webhooks hold keys, so they are secret in the state. [MON-ACTION]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.alerts.spec import ActionGroupSpec
from planning.alerts import LONGEST_SHORT_NAME, ROLES

COMMON_SCHEMA = True
"""Every receiver gets the one schema that all kinds of alerts share."""


class ActionGroup(pulumi.ComponentResource):
    """One action group; makes Microsoft.Insights/actionGroups, or nothing for one made elsewhere."""

    id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: ActionGroupSpec,
        *,
        key: str,
        group_name: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the group.

        Args:
            name: logical name; the child's name starts with it.
            spec: its receivers.
            key: its key, from which the short name is taken if none is stated.
            group_name: physical name.
            resource_group_name: where it goes.
            tags: set on the group.
            opts: options of the component itself.
        """
        super().__init__("moorings:alerts:ActionGroup", name, None, opts)
        if spec.id is not None:
            self.id = pulumi.Output.from_input(spec.id)
        else:
            self.id = self._group(name, spec, key, group_name, resource_group_name, tags).id
        self.register_outputs({"id": self.id})

    def _group(
        self,
        name: str,
        spec: ActionGroupSpec,
        key: str,
        group_name: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
    ) -> "azure_native.monitor.ActionGroup":
        return azure_native.monitor.ActionGroup(
            f"{name}-group",
            action_group_name=group_name,
            resource_group_name=resource_group_name,
            # Service Health notifies groups in this location only [ACR-HEALTH].
            location="Global",
            group_short_name=spec.short_name or key[:LONGEST_SHORT_NAME],
            enabled=True,
            email_receivers=[
                {"name": each, "email_address": to, "use_common_alert_schema": COMMON_SCHEMA}
                for each, to in spec.email.items()
            ],
            sms_receivers=[
                {"name": each, "country_code": phone.country_code, "phone_number": phone.phone_number}
                for each, phone in spec.sms.items()
            ],
            webhook_receivers=[
                {
                    "name": each,
                    "service_uri": pulumi.Output.secret(address.get_secret_value()),
                    "use_common_alert_schema": COMMON_SCHEMA,
                }
                for each, address in spec.webhooks.items()
            ],
            arm_role_receivers=[
                {"name": role, "role_id": ROLES[role].guid, "use_common_alert_schema": COMMON_SCHEMA}
                for role in spec.roles
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["webhookReceivers"]),
        )
