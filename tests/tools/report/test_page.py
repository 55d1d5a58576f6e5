"""The report as a document: complete without a network, without color and by keyboard, and what it says of a change."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from policies.model import Finding
from policies.report import Report, RuleText
from stacks.loader import Stack, load
from tests.tools.report.conftest import changed_prod
from tools.bases import Base
from tools.report.changes import address_rows
from tools.report.page import page
from tools.report.picture import picture
from tools.report.settings import differences

UP = Path(__file__).parents[2] / "up"
_URL = ("src", "srcset", "action", "data", "poster", "background")


class Document(HTMLParser):
    """What the tests ask of a page: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_nothing_is_loaded_and_the_policy_admits_one_style_and_one_script(grown: str) -> None:
    document = Document(grown)
    assert not {tag for tag, _ in document.elements} & {"link", "img", "iframe", "object", "embed", "base", "form"}
    assert len(document.all("script")) == len(document.all("style")) == 1
    assert [
        each
        for _, attributes in document.elements
        for each in attributes
        if each in _URL or each == "style" or each.startswith("on")
    ] == []
    assert all(each["href"].startswith("#") for each in document.all("a"))
    assert set(re.findall(r"url\(.", grown)) == {"url(#"}
    assert "@import" not in grown
    policy = next(each for each in document.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    style, script = (re.search(f"<{tag}>(.*?)</{tag}>", grown, re.S) for tag in ("style", "script"))
    assert style
    assert script
    # CSP Level 3: a hash source is the base64 of the digest of the text between the tags [CSP-HASH].
    digests = [b64encode(sha256(each[1].encode()).digest()).decode() for each in (style, script)]
    assert policy["content"].split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digests[0]}'",
        f"script-src 'sha256-{digests[1]}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_the_document_has_landmarks_headings_in_order_and_references_that_exist(grown: str) -> None:
    document = Document(grown)
    for landmark in ("header", "nav", "main", "footer"):
        assert len(document.all(landmark)) == 1
    assert document.all("html")[0]["lang"] == "en"
    ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in document.elements:
        for name in ("aria-labelledby", "href"):
            if name in attributes:
                assert attributes[name].lstrip("#") in ids
    levels = [int(tag[1]) for tag, _ in document.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_headers_and_what_scrolls_can_be_reached_by_keyboard(grown: str) -> None:
    document = Document(grown)
    assert document.all("th")
    assert all(each.get("scope") in {"col", "row"} for each in document.all("th"))
    scrolling = [each for each in document.all("div") if "wide" in each.get("class", "")]
    assert len(scrolling) >= 4
    assert all(each["tabindex"] == "0" and each["role"] == "region" and each["aria-label"] for each in scrolling)
    assert ":focus-visible { outline: 3px solid" in grown
    pictures = [each for each in document.all("svg") if each.get("aria-hidden") != "true"]
    assert {each["role"] for each in pictures} == {"img", "group"}
    assert all(each.get("aria-label") or each.get("aria-labelledby") for each in pictures)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("color", "least"), [("text", 7.0), ("quiet", 4.5), ("link", 4.5), ("edge", 3.0), ("bar", 3.0)]
)
def test_colors_have_the_contrast_of_wcag_on_the_ground(grown: str, scheme: int, color: str, least: float) -> None:
    # WCAG 2.2: 4.5 for text (1.4.3), 7 for enhanced text (1.4.6), 3 for graphics (1.4.11).
    values = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", re.findall(r":root \{(.*?)\}", grown)[scheme]))
    for ground in ("ground", "fill"):
        assert contrast(values[color], values[ground]) >= least, (color, ground)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colors, by the formula of WCAG 2."""

    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_a_new_region_is_listed_with_what_it_opens_in_the_firewalls(grown: str) -> None:
    text = Document(grown).text
    for line in ("new: replica southeastasia", "new: network southeastasia", "new: consumer cluster southeastasia"):
        assert line in text
    # The private endpoints get addresses for the new replica, and nothing else of the other regions changes.
    assert set(re.findall(r"changed: (\S+ \S+)", text)) == {"subnet eastus/registry", "subnet westeurope/registry"} | {
        "registry 10.50.0.0/24",
        "registry 10.60.0.0/24",
        "subnet eastus",
        "subnet westeurope",
    }
    # A replica in global routing adds its data host to what the others download from [ACR-1].
    assert "eastus: contosoprod.southeastasia.data.azurecr.io https:443" in text
    assert "Close in the firewall" not in text
    # A replica, a network with four subnets and an endpoint, and three consumers.
    assert len(re.findall(r"<text[^>]*>new: ", grown)) == len(re.findall(r'class="node \w+ new', grown)) == 1 + 6 + 3


def test_the_reverse_change_is_listed_as_removed_and_closed(smaller: Stack) -> None:
    text = Document(page("prod", smaller, Base("abc1234", load("prod")))).text
    assert "removed: network southeastasia" in text
    assert "Close in the firewall after the change eastus: contosoprod.southeastasia.data.azurecr.io" in text
    assert "Open in the firewall" not in text


def test_hosts_that_a_change_adds_or_removes_are_marked(grown: str, smaller: Stack) -> None:
    assert "new data southeastasia contosoprod.southeastasia.data.azurecr.io" in Document(grown).text
    text = Document(page("prod", smaller, Base("abc1234", load("prod")))).text
    assert "removed regional southeastasia contosoprod.southeastasia.geo.azurecr.io" in text


def test_texts_of_the_stack_file_are_no_markup_and_show_what_reverses_their_direction(tmp_path: Path) -> None:
    nodes = "            nodes: {size: /24}\n"
    rule = "priority: 200, direction: Inbound, access: Deny, source: '*', destination: '*', destination_ports: ['22']"
    text = '"</script><img src=x onerror=alert(1)> \\u202e &"'
    rules = f"security_rules: {{ssh: {{{rule}, description: {text}}}}}"
    first = nodes.replace("}", f", {rules}}}")
    base = changed_prod(tmp_path, (nodes, first.replace("onerror", "onload")))
    after = changed_prod(tmp_path, (nodes, first))
    written = page("prod", after, Base("<abc>", base))
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt; \\u202e &amp;" in written
    document = Document(written)
    assert len(document.all("script")) == 1
    assert document.all("img") == []
    assert "Against <abc>:" in document.text


def test_addresses_are_shown_before_after_and_with_headroom(smaller: Stack) -> None:
    rows = {(row.network, row.subnet): row for row in address_rows(load("prod"), smaller)}
    row = rows["eastus", "registry"]
    # One global address, and a data and a regional one for each of two, three and four regions [ACR-7].
    assert (row.before, row.need, row.wanted) == (1 + 2 * 2, 1 + 2 * 3, 1 + 2 * 4)
    assert row.capacity == 256 - 5
    assert rows["southeastasia", "registry"].before is None


def test_pull_paths_lead_through_the_endpoint_of_the_network_to_the_own_replica() -> None:
    stack = load("prod")
    found = {each.name: each for each in picture(stack, stack.plan.endpoints).consumers}
    cluster = found["cluster westeurope"]
    (source,) = cluster.sources
    assert (cluster.way, cluster.endpoint, source.replica) == ("private", "westeurope", "westeurope")
    assert source.host == "contosoprod.westeurope.geo.azurecr.io"
    assert source.layers == ("contosoprod.westeurope.data.azurecr.io",)
    assert cluster.steps(source)[1] == "network westeurope"
    # Images of Container Apps are named with the global host, for which no source says that regional hosts work [IMAGE-HOST].
    environment = found["environment westeurope"]
    (source,) = environment.sources
    assert (source.host, source.replica) == ("contosoprod.azurecr.io", None)
    assert source.pulled_by == ("app web-westeurope in westeurope", "job nightly-westeurope in westeurope")
    assert environment.steps(source)[-1] == "nearest replica in global routing"


def test_each_host_of_a_consumer_is_shown_with_the_workloads_that_use_it(tmp_path: Path) -> None:
    job = "nightly-<region>: {identity: puller-<region>, "
    stack = changed_prod(tmp_path, (job, f"{job}endpoint: regional, "))
    found = {each.name: each for each in picture(stack, stack.plan.endpoints).consumers}
    assert {each.host: each.pulled_by for each in found["environment eastus"].sources} == {
        "contosoprod.azurecr.io": ("app web-eastus in eastus",),
        "contosoprod.eastus.geo.azurecr.io": ("job nightly-eastus in eastus",),
    }
    text = Document(page("prod", stack)).text
    assert "environment eastus (job nightly-eastus in eastus) eastus contosoprod.eastus.geo.azurecr.io" in text


@pytest.mark.parametrize(("public", "way"), [("Disabled", "elsewhere"), ("Enabled", "public")])
def test_a_consumer_of_a_registry_of_another_stack_may_use_an_endpoint_of_that_stack(
    tmp_path: Path, public: str, way: str
) -> None:
    text = (UP / "enterprise" / "files" / "Pulumi.work.yaml").read_text(encoding="utf-8")
    name = "      name: contososhared\n"
    assert text.count(name) == 1
    (tmp_path / "Pulumi.work.yaml").write_text(text.replace(name, f"{name}      public_network_access: {public}\n"))
    stack = load("work", directory=tmp_path)
    (jobs,) = picture(stack, stack.plan.endpoints).consumers
    assert (jobs.way, jobs.endpoint, jobs.hosts) == (way, None, "contososhared.azurecr.io")
    words = {"elsewhere": "private endpoint made elsewhere", "public": "public endpoint"}[way]
    written = page("work", stack)
    assert f"container group jobs → network spoke → {words} → contososhared.azurecr.io" in Document(written).text
    # What the hub's stack makes has a dotted outline.
    assert 'class="node network  elsewhere"' in written


@pytest.mark.parametrize("name", ["hub", "shared", "dev"])
def test_stacks_without_a_registry_or_without_consumers_have_a_report(name: str) -> None:
    written = page(name, load(name, directory=UP / "enterprise" / "files"))
    assert "Nothing in this stack pulls images." in Document(written).text
    assert ("This stack has no registry." in Document(written).text) == (name != "shared")


def test_the_report_on_ten_regions_with_fifty_consumers_each_is_small_enough_to_send(large: str) -> None:
    assert len(re.findall(r'<a class="node consumer', large)) == 10 * 50
    assert len(large.encode()) < 3_000_000


def test_settings_of_every_section_are_compared_and_secrets_are_not_shown(tmp_path: Path) -> None:
    base = changed_prod(
        tmp_path,
        ("retention: {days: 30}", "retention: {days: 7}"),
        ("minimum_count: 3", "minimum_count: 2"),
        ('cost-center: "1042"', "cost-center: hunter2"),
    )
    found = {".".join(each.path): each for each in differences(load("prod"), base)}
    assert found.keys() == {
        "tags.cost-center",
        "registry.policies.retention.days",
        *(f"clusters.{region}.pools.work.minimum_count" for region in ("eastus", "westeurope", "southeastasia")),
    }
    days = found["registry.policies.retention.days"]
    assert (days.mark, days.before, days.after) == ("changed", "7", "30")
    assert (found["tags.cost-center"].before, found["tags.cost-center"].after) == ("(not shown)", "(not shown)")
    written = page("prod", load("prod"), Base("abc1234", base))
    assert "hunter2" not in written
    text = Document(written).text
    assert "changed: clusters.eastus.pools.work.minimum_count 2 → 3" in text
    assert "changed: consumer cluster eastus" in text
    assert "changed: registry contosoprod" in text


def test_without_a_base_nothing_is_compared_and_without_findings_none_are_claimed() -> None:
    text = Document(page("prod", load("prod"))).text
    assert "nothing is compared" in text
    assert "No findings were given" in text
    assert "No finding is open" in Document(page("prod", load("prod"), policies=Report("prod", (), {}))).text


def test_findings_have_their_remedy_and_belong_to_a_part_and_text_from_files_is_no_markup() -> None:
    name = "contoso-prod-cluster-eastus-cluster"
    message = "<b>open</b> & public</script><script>alert(1)</script>\u202e"
    finding = Finding("MOOR-X-1", "urn", "fail", message, resource=name, severity="high")
    rule = RuleText("MOOR-X-1", "The vault is open", "", "", "Close it.", "https://example.com/x", "high", "security")
    written = page("prod", load("prod"), policies=Report("prod", (finding,), {"MOOR-X-1": rule}))
    assert "&lt;b&gt;open&lt;/b&gt; &amp; public&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;\\u202e" in written
    assert "\u202e" not in written
    document = Document(written)
    assert len(document.all("script")) == 1
    assert "The vault is open" in document.text
    assert "Remedy: Close it." in document.text
    links = [each for each in document.all("a") if not each["href"].startswith("#")]
    assert [(each["href"], each["rel"]) for each in links] == [("https://example.com/x", "noopener noreferrer")]
    assert "MOOR-X-1, high: &lt;b&gt;open" in written


@pytest.mark.parametrize("name", ["dev", "local", "prod"])
def test_every_stack_of_this_project_has_a_report(name: str) -> None:
    stack = load(name)
    document = Document(page(name, stack))
    assert all(row.subnet.name in document.text for row in stack.plan.ledger)
    assert all(line in document.text for line in (" ".join(warning.split()) for warning in stack.warnings))
