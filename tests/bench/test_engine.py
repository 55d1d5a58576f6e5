"""The two sides of the comparison on the engine."""

from __future__ import annotations

import pytest

from bench.engine import both_sides, same_bodies, served
from bench.shapes import Shape
from tools.local_services import resource_ids


@pytest.mark.engine
def test_both_sides_send_the_same_bodies_and_delete_what_they_created() -> None:
    with served() as (folder, azure):
        flat, toolkit = both_sides(Shape("test", spokes=1), folder, azure)
        count = same_bodies(flat, toolkit, azure)
        left = resource_ids(azure.store)
    # A resource group for the registry and one for each of six networks; a registry with two replicas; six networks with a
    # security group; in each region an endpoint with its zone group, a zone with two links, and a peering both ways.
    assert count == 7 + 3 + 6 * 2 + 3 * (2 + 3 + 2)
    assert left == []
