"""Mirrors of the registry's global host for containerd on nodes: regional hosts, that of the cluster's region first [CTRD-1]."""

from __future__ import annotations

from collections.abc import Sequence

from planning.image_hosts import mirror_regions
from stacks.manifests.view import View


def mirrors(view: View) -> Sequence[str] | None:
    """Return the regional hosts that stand in front of the global host, in the order in which containerd tries them.

    Empty while the region is drained to the global host. None if the region has no regional host: the global host then
    leads to a replica near the cluster.
    """
    if view.own_host() is None:
        return None
    spec = view.stack.spec
    hosts = map(view.regional_host, mirror_regions(view.region, spec.rotation, spec.routed))
    return [host for host in hosts if host is not None]
