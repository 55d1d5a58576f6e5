"""Gateways: what the subnet has to hold, and how routes become listeners."""

import pytest

from planning.addresses import Subnet, ledger
from planning.gateways import Listener, clashes, consumer, host_problem, listeners, path_problem
from planning.networks import parse


@pytest.mark.parametrize(
    ("prefix", "verdict"), [("10.0.0.0/24", "fits"), ("10.0.0.0/25", "short"), ("10.0.0.0/23", "fits")]
)
def test_a_subnet_of_a_gateway_is_a_24_or_larger(prefix: str, verdict: str) -> None:
    (row,) = ledger([Subnet("n", "gateway", parse(prefix))], [consumer(("n", "gateway"), "web")])
    assert (row.need, row.verdict, row.longest_prefix) == (250, verdict, 24)


def test_nothing_else_fits_beside_a_gateway() -> None:
    both = [consumer(("n", "gateway"), "web"), consumer(("n", "gateway"), "other")]
    (row,) = ledger([Subnet("n", "gateway", parse("10.0.0.0/24"))], both)
    assert (row.verdict, row.fitting_prefix) == ("short", 23)


@pytest.mark.parametrize("host", ["contoso.com", "*.contoso.com", "a-b.contoso.co.uk"])
def test_host_names(host: str) -> None:
    assert host_problem(host) is None


@pytest.mark.parametrize(
    "host", ["contoso", "Contoso.com", "a.*.com", "-a.com", "a..com", "https://a.com", f"{'a.' * 130}com"]
)
def test_what_is_no_host_name(host: str) -> None:
    assert "is not a host name; write one such as app.contoso.com" in str(host_problem(host))


@pytest.mark.parametrize(
    ("path", "right"), [("/", True), ("/api/v1", True), ("api", False), ("/a//b", False), ("/a b", False)]
)
def test_paths(path: str, right: bool) -> None:
    assert (path_problem(path) is None) is right


def test_each_host_has_a_listener_whose_name_no_other_host_has() -> None:
    hosts = ["a.b.com", "*.b.com", "any.b.com", "a-b.com"]
    names = [listener.name for listener in listeners(hosts, "secret")]
    assert names == ["https.a.b.com", "https-any.b.com", "https.any.b.com", "https.a-b.com"]


def test_a_route_without_hosts_or_certificate_listens_to_any_host_in_plain_text() -> None:
    assert listeners([], None) == (Listener("http", 80, None, None),)


def test_two_certificates_for_one_host_clash() -> None:
    routes = {
        "a": listeners(["x.com"], "one"),
        "b": listeners(["y.com", "x.com"], "two"),
        "c": listeners(["x.com"], None),
    }
    assert list(clashes(routes)) == [("b", "a", "x.com")]
