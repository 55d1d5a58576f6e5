"""Ports of URLs and hosts."""

import pytest

from planning.urls import port_problem


@pytest.mark.parametrize(
    "address",
    ["elastic", "elastic:1", "elastic:65535", "https://a.b", "https://a.b:443/v1", "https://a.b/v1:99999", "a/b:0"],
)
def test_a_port_is_left_out_or_within_its_range(address: str) -> None:
    assert port_problem(address) is None


@pytest.mark.parametrize(
    ("address", "port"),
    [("elastic:0", "0"), ("elastic:65536", "65536"), ("https://a.b:99999/v1", "99999"), ("http://a.b:00?q", "00")],
)
def test_another_port_is_reported(address: str, port: str) -> None:
    assert port_problem(address) == f"{address!r} has port {port}; write one from 1 to 65535"
