"""The two sides of the comparison on the engine."""

from __future__ import annotations

import pytest

from bench.engine import both_sides, same_bodies, served
from bench.shapes import PROD
from tools.local_services import resource_ids


@pytest.mark.engine
def test_both_sides_send_the_same_bodies_and_delete_what_they_created() -> None:
    with served() as (folder, azure):
        flat, toolkit = both_sides(PROD, folder, azure)
        count = same_bodies(flat, toolkit, azure)
        left = resource_ids(azure.store)
    # A resource group for the registry and one in each region; a registry with two replicas; in each region a network, a security
    # group, an endpoint with its zone group, a zone and its link.
    assert count == 4 + 3 + 3 * 6
    assert left == []
