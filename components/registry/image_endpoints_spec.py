"""The shape of section ``image_endpoints``: how images are named, by service."""

from typing import Annotated

from pydantic import Field

from components.spec import Spec
from planning.image_hosts import PROVEN, Choice

Named = Annotated[
    Choice, Field(description="regional: host of the co-located replica; global: host that Azure routes.")
]


class ImageEndpointsSpec(Spec):
    """The host of images of each service where an entry states no ``endpoint`` [IMAGE-HOST]."""

    workloads: Named = PROVEN["workloads"]
    container_apps: Named = PROVEN["container_apps"]
    session_pools: Named = PROVEN["session_pools"]
    sandbox_groups: Named = PROVEN["sandbox_groups"]
    container_groups: Named = PROVEN["container_groups"]
    task_schedulers: Named = PROVEN["task_schedulers"]
