"""Application Gateway for Containers: ingress for one cluster, outside it.

It owns the traffic controller, its frontends, the one association with a delegated subnet, the firewall policy with the
security policy that refers to it, and its logs. It deliberately does not own routes, which are objects in the cluster,
nor the controller's role assignments. [AGC-1, AGC-2, AGC-5]
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

from components.gateways.spec import FirewallSpec, GatewaySpec

LOGS = ("TrafficControllerAccessLog", "TrafficControllerFirewallLog")
"""Log categories of a gateway; the second is empty without a firewall [AGC-8]."""


@dataclass(frozen=True)
class Wiring:
    """Names and ids for a gateway.

    Attributes:
        controller_name: physical name of the gateway.
        firewall_name: physical name of the firewall policy.
        subnet_id: the delegated subnet.
        workspace_id: workspace of its logs, or None.
    """

    controller_name: str
    firewall_name: str
    subnet_id: pulumi.Input[str]
    workspace_id: pulumi.Input[str] | None


class Gateway(pulumi.ComponentResource):
    """One gateway.

    Makes Microsoft.ServiceNetworking/trafficControllers with frontends, an association and, with a firewall, a
    securityPolicies and Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies.
    """

    id: pulumi.Output[str]
    hosts: pulumi.Output[Mapping[str, str]]
    """Host name of each frontend, by its key."""
    firewall_id: pulumi.Output[str | None]
    """ARM id of the web application firewall policy, if there is one."""

    def __init__(
        self,
        name: str,
        spec: GatewaySpec,
        wiring: Wiring,
        *,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the gateway.

        Args:
            name: logical name; children's names start with it.
            spec: frontends and firewall; routes are ignored.
            wiring: names and ids.
            location: region; that of the subnet and of the cluster.
            resource_group_name: where everything goes.
            tags: set on every resource that takes tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:gateways:Gateway", name, None, opts)
        self._name, self._spec, self._wiring = name, spec, wiring
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        controller = self._controller()
        self._associate(controller)
        frontends = {key: self._frontend(controller, key) for key in spec.frontends}
        self.id = controller.id
        self.hosts = pulumi.Output.all(**{key: frontend.fqdn for key, frontend in frontends.items()})
        self.firewall_id = pulumi.Output.from_input(None)
        if spec.firewall is not None:
            self.firewall_id = self._firewall(controller, spec.firewall)
        if wiring.workspace_id is not None:
            self._log(controller)
        self.register_outputs({"id": self.id, "hosts": self.hosts, "firewall_id": self.firewall_id})

    def _controller(self) -> azure_native.servicenetworking.TrafficControllerInterface:
        return azure_native.servicenetworking.TrafficControllerInterface(
            f"{self._name}-controller",
            traffic_controller_name=self._wiring.controller_name,
            opts=pulumi.ResourceOptions(parent=self, protect=self._spec.protect),
            **self._place,
        )

    def _associate(self, controller: azure_native.servicenetworking.TrafficControllerInterface) -> None:
        azure_native.servicenetworking.AssociationsInterface(
            f"{self._name}-association",
            association_name="subnet",
            traffic_controller_name=controller.name,
            association_type="subnets",
            subnet={"id": self._wiring.subnet_id},
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )

    def _frontend(
        self,
        controller: azure_native.servicenetworking.TrafficControllerInterface,
        key: str,
    ) -> azure_native.servicenetworking.FrontendsInterface:
        return azure_native.servicenetworking.FrontendsInterface(
            f"{self._name}-frontend-{key}",
            frontend_name=key,
            traffic_controller_name=controller.name,
            opts=pulumi.ResourceOptions(parent=self, protect=self._spec.protect),
            **self._place,
        )

    def _firewall(
        self,
        controller: azure_native.servicenetworking.TrafficControllerInterface,
        spec: FirewallSpec,
    ) -> pulumi.Output[str | None]:
        rule_sets = [("Microsoft_DefaultRuleSet", spec.default_rule_set)]
        if spec.bot_manager:
            rule_sets.append(("Microsoft_BotManagerRuleSet", spec.bot_manager))
        policy = azure_native.network.WebApplicationFirewallPolicy(
            f"{self._name}-firewall",
            policy_name=self._wiring.firewall_name,
            policy_settings={"state": "Enabled", "mode": spec.mode, "request_body_check": True},
            managed_rules={
                "managed_rule_sets": [
                    {"rule_set_type": kind, "rule_set_version": version} for kind, version in rule_sets
                ]
            },
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )
        azure_native.servicenetworking.SecurityPoliciesInterface(
            f"{self._name}-security-policy",
            security_policy_name="firewall",
            traffic_controller_name=controller.name,
            waf_policy={"id": policy.id},
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )
        # Outputs are invariant in their type: the function only widens `str` to `str | None`.
        return policy.id.apply(lambda arm_id: arm_id)

    def _log(self, controller: azure_native.servicenetworking.TrafficControllerInterface) -> None:
        azure_native.monitor.DiagnosticSetting(
            f"{self._name}-logs",
            name="workspace",
            resource_uri=controller.id,
            workspace_id=self._wiring.workspace_id,
            logs=[{"category": category, "enabled": True} for category in LOGS],
            opts=pulumi.ResourceOptions(parent=self),
        )
