"""A stack of another cloud, with the hosts and zones of that cloud, comes up on the local Azure and is gone again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine import rehearsal
from tests.up.test_elsewhere import PROGRAM

pytestmark = pytest.mark.engine

STACK = """
config:
  moorings:stack:
    name: fabrikam
    environment: gov
    cloud: {cloud}
    location: {region}
    networks:
      home:
        location: {region}
        address_space: [10.1.0.0/16]
        subnets:
          registry: {{size: /26, purpose: private_endpoints}}
    registry:
      name: fabrikamgov
      protect: false
      replicas: {{{replica}: {{}}}}
      private_endpoints:
        home: {{network: home, subnet: registry}}
"""


@pytest.mark.parametrize(
    ("cloud", "region", "replica", "suffix"),
    [
        ("usgovernment", "usgovvirginia", "usgovarizona", "azurecr.us"),
        ("china", "chinanorth3", "chinaeast2", "azurecr.cn"),
    ],
)
def test_a_stack_of_another_cloud_has_the_hosts_of_that_cloud(
    cloud: str, region: str, replica: str, suffix: str, tmp_path: Path
) -> None:
    text = STACK.format(cloud=cloud, region=region, replica=replica)
    with rehearsal(tmp_path, PROGRAM, text) as stack:
        first = stack.up()
        assert first.code == 0, first.output
        hosts = stack.outputs()["endpoints"]
        assert hosts["global"] == f"fabrikamgov.{suffix}"
        assert hosts["data"][replica] == f"fabrikamgov.{replica}.data.{suffix}"
        assert [each for each in stack.ids() if each.endswith(f"/privateDnsZones/privatelink.{suffix}")]
        again = stack.up()
        assert (again.code, again.steps) == (0, []), again.output
        gone = stack.destroy()
        assert gone.code == 0, gone.output
        assert stack.ids() == []
