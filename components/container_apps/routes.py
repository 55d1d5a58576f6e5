"""An HTTP route configuration: one host name in front of several apps of an environment [CAE-17]."""

from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.container_apps.route_spec import RouteMatchSpec, RouteRuleSpec, RoutesSpec, RouteTargetSpec


class Routes(pulumi.ComponentResource):
    """One configuration; makes Microsoft.App/managedEnvironments/httpRouteConfigs."""

    id: pulumi.Output[str]
    fqdn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: RoutesSpec,
        *,
        route_name: str,
        environment_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        after: list[pulumi.Resource],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the configuration.

        Args:
            name: logical name; the child's name starts with it.
            spec: rules and their targets.
            route_name: physical name, part of the host name.
            environment_name: physical name of the environment.
            resource_group_name: where the environment is.
            after: the target apps, which must exist first.
            opts: options of the component itself.
        """
        super().__init__("moorings:container_apps:Routes", name, None, opts)
        routes = azure_native.app.HttpRouteConfig(
            f"{name}-routes",
            http_route_name=route_name,
            environment_name=environment_name,
            resource_group_name=resource_group_name,
            properties={"rules": [_rule(rule) for rule in spec.rules]},
            opts=pulumi.ResourceOptions(parent=self, depends_on=after),
        )
        self.id = routes.id
        self.fqdn = routes.properties.apply(lambda found: found.fqdn)
        self.register_outputs({"id": self.id, "fqdn": self.fqdn})


def _rule(spec: RouteRuleSpec) -> Any:
    return {
        "description": spec.description,
        "routes": [_route(match) for match in spec.matches],
        "targets": [_target(target) for target in spec.targets],
    }


def _route(spec: RouteMatchSpec) -> dict[str, Any]:
    match = {
        "prefix": spec.prefix,
        "path": spec.path,
        "path_separated_prefix": spec.path_separated_prefix,
        "case_sensitive": spec.case_sensitive,
    }
    return {"match": match, "action": {"prefix_rewrite": spec.rewrite} if spec.rewrite else None}


def _target(spec: RouteTargetSpec) -> dict[str, Any]:
    revision = f"{spec.app}--{spec.revision}" if spec.revision else None
    return {"container_app": spec.app, "revision": revision, "label": spec.label, "weight": spec.weight}
