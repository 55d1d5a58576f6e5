"""`./moorings drain`."""

from __future__ import annotations

from tools.verbs.arguments import DryRun, Local, LocalStack, Manifests, RegionName
from tools.verbs.command import verb


@verb(
    "./moorings drain eastus prod",
    "./moorings drain eastus prod --local --manifests build",
    "./moorings drain eastus --dry-run",
)
def drain(
    region: RegionName,
    stack: LocalStack = "local",
    local: Local = False,
    manifests: Manifests = None,
    dry_run: DryRun = False,
) -> int:
    """Take a region of the registry out of use.

    The region leaves global routing, and consumers that are pinned to it pull from their fallback.

    The command prints who pulls from where, writes registry.drained of the stack file, and with --local provisions the
    stack on the local Azure. The last region in global routing is refused.
    Run it again after an interruption; `undrain` is its undo.
    """
    from tools.verbs.rotation import rotate

    return rotate(region, stack, out=True, local=local, manifests=manifests, dry_run=dry_run)
