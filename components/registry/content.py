"""What a registry contains besides images: tokens with their scope maps, webhooks, tasks and agent pools.

It owns the children of a registry that no image pull waits for. It deliberately does not own the registry, replicas or
cache rules. [ACR-TOKEN, ACR-WEBHOOK, ACR-TASKS]
"""

from collections.abc import Mapping

import pulumi

from components.registry.spec import RegistrySpec
from components.registry.tasks import TaskWiring, make_tasks
from components.registry.tokens import Place, make_tokens
from components.registry.webhooks import make_webhooks


class RegistryContent(pulumi.ComponentResource):
    """The content of one registry; makes the types that the modules of its nouns name."""

    token_ids: pulumi.Output[Mapping[str, str]]
    task_principal_ids: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        spec: RegistrySpec,
        *,
        registry_id: pulumi.Input[str],
        registry_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        location: str,
        tags: Mapping[str, str],
        wiring: TaskWiring | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the content.

        Args:
            name: logical name; children's names start with it.
            spec: the registry.
            registry_id: its ARM id.
            registry_name: its name, known once it exists.
            resource_group_name: the resource group of the registry.
            location: home region of the registry.
            tags: set on children that take tags.
            wiring: ids of what tasks and agent pools refer to.
            opts: options of the component itself.
        """
        super().__init__("moorings:registry:RegistryContent", name, None, opts)
        place = Place(registry_name=registry_name, resource_group_name=resource_group_name)
        tokens = make_tokens(self, spec.scope_maps, spec.tokens, registry_id=registry_id, place=place)
        make_webhooks(self, spec.webhooks, location=location, tags=tags, place=place)
        self.task_principal_ids = make_tasks(
            self,
            spec.agent_pools,
            spec.tasks,
            wiring or TaskWiring(),
            location=location,
            tags=tags,
            place=place,
        )
        self.token_ids = pulumi.Output.all(**{key: token.id for key, token in tokens.items()})
        self.register_outputs({"token_ids": self.token_ids, "task_principal_ids": self.task_principal_ids})
