"""Assigns the readers of secrets their role on the key vaults of a stack."""

from components.permissions import Permission, Permissions
from planning.key_vaults import READER
from stacks.context import BuildContext, Built
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.key_vaults.system import SECTION, readers


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``key_vaults``: one grant for each pair of vault and identity, on which readers depend."""
    permissions = {
        f"{reader.vault}-{reader.identity}": Permission(
            READER, spec.key_vaults[reader.vault].id, context.identity(reader.identity).principal_id
        )
        for reader in readers(spec)
        if reader.vault in spec.key_vaults
    }
    if not permissions:
        return Built({})
    namespace = f"{spec.namespace}/key-vaults"
    name = f"{context.name}-key-vaults"
    return Built({}, {SECTION: Permissions(name, permissions, namespace=namespace, opts=context.options())})
