"""A private endpoint of a Container Apps environment."""

from components.service_endpoint import ServiceEndpoint

GROUP = "managedEnvironments"
"""The only group id of an environment [CAE-9]."""


class EnvironmentEndpoint(ServiceEndpoint):
    """One endpoint of an environment, whose zone all environments of a region share [CAE-9]."""

    token = "moorings:container_apps:EnvironmentEndpoint"
    group = GROUP
    zone = "environment"
