"""`./moorings undrain`."""

from __future__ import annotations

from tools.verbs.arguments import DryRun, Local, LocalStack, Manifests, RegionName
from tools.verbs.command import verb


@verb(
    "./moorings undrain eastus prod",
    "./moorings undrain eastus prod --local --manifests build",
    "./moorings undrain eastus --dry-run",
)
def undrain(
    region: RegionName,
    stack: LocalStack = "local",
    local: Local = False,
    manifests: Manifests = None,
    dry_run: DryRun = False,
) -> int:
    """Take a region of the registry back into use.

    The command prints who pulls from where, writes registry.drained of the stack file, and with --local provisions the
    stack on the local Azure. The last region in global routing is refused.
    Run it again after an interruption; `drain` is its undo.
    """
    from tools.verbs.rotation import rotate

    return rotate(region, stack, out=False, local=local, manifests=manifests, dry_run=dry_run)
