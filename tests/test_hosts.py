"""Which hosts and addresses may be reached, as rules and on a real crawl."""

from __future__ import annotations

from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import crawl_one_visit, items, listing

from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.host_rules import HostRules, is_public

RULES = HostRules(frozenset({"models.dev"}))


CLOSED = """
    127.0.0.1 127.8.8.8 10.1.2.3 172.16.0.1 192.168.1.1 100.64.0.1 169.254.169.254 0.0.0.0 224.0.0.1
    240.0.0.1 255.255.255.255 192.0.2.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fec0::1 ff02::1 2001:db8::1
    ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::7f00:1 2002:7f00:1::1 2002:808:808::1 2001:0:53aa:64c::f5ff:fffe
    64:ff9b::7f00:1 64:ff9b::a00:1 64:ff9b:1::1 64:ff9b::c058:6301 192.0.0.9 192.0.0.10 192.31.196.1 192.52.193.1
    192.88.99.1 192.175.48.1 100::1 100:0:0:1::1 2001:1::1 2001:3::1 2001:4:112::1 2001:20::1 2001:30::1
    2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff:ffff::1 5f00::1 4000::1 ff0e::1 ::8.8.8.8"""


@pytest.mark.parametrize("address", CLOSED.split())
def test_an_address_that_is_not_of_the_open_internet(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "104.18.2.115", "2606:4700::6812:273", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_no_mapping_hides_a_private_address(address: object) -> None:
    mapped = ip_address(f"64:ff9b::{int(address) >> 16:x}:{int(address) & 0xFFFF:x}")  # type: ignore[call-overload]
    assert is_public(mapped) == is_public(ip_address(int(address)))  # type: ignore[call-overload]


REFUSED = [
    ("https://evil.example/", "host evil.example is not on the list of hosts"),
    ("https://models.dev.evil.example/", "not on the list"),
    ("https://www.models.dev/", "not on the list"),
    ("https://models.dev\\@evil.example/", "two readers may read differently"),
    ("https://evil.example\\models.dev/", "two readers may read differently"),
    ("https://models.dev@evil.example/", "two readers may read differently"),
    ("https://user:word@models.dev/", "two readers may read differently"),
    ("https://models.dev\t.evil.example/", "two readers may read differently"),
    ("https://[::1/", "not a URL"),
    ("https:///api.json", "two readers may read differently"),
    ("ftp://models.dev/", "ftp scheme: wanted http or https"),
    ("file:///etc/passwd", "file scheme"),
    ("data:text/plain,1", "data scheme"),
    ("s3://models.dev/x", "s3 scheme"),
]


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_a_url_that_leads_elsewhere_is_refused(url: str, why: str) -> None:
    assert why in RULES.refusal(url)


@pytest.mark.parametrize("url", ["https://models.dev/api.json", "http://MODELS.dev:8080/?x=1"])
def test_a_url_of_a_listed_host_passes(url: str) -> None:
    assert RULES.refusal(url) == ""


@given(st.text())
def test_any_text_is_refused_or_of_a_listed_host(url: str) -> None:
    assert RULES.refusal(url) or "models.dev" in url.lower()


@pytest.mark.parametrize("host", ["10.0.0.1", "[::1]", "169.254.169.254"])
def test_a_listed_address_must_be_public(host: str) -> None:
    rules = HostRules.of([f"http://{host}/"])
    assert "not a public address" in rules.refusal(f"http://{host}/")


def test_a_source_at_a_private_address_is_not_asked(site: LoopbackSite, tmp_path: Path) -> None:
    visit = crawl_one_visit(tmp_path, items(site), allow_private=False)
    assert (visit.outcome, site.log) == (Outcome.ERROR, [])
    assert "host 127.0.0.1 is at 127.0.0.1, which is not a public address" in visit.detail


NAMES = [
    ("localhost", "which is not a public address"),
    ("0x7f.1", "two readers may read differently"),
    ("2130706433", "two readers may read differently"),
    ("0x7f000001", "two readers may read differently"),
]


@pytest.mark.parametrize(("name", "why"), NAMES)
def test_a_name_that_resolves_to_a_private_address_is_not_asked(
    site: LoopbackSite, tmp_path: Path, name: str, why: str
) -> None:
    url = f"http://{name}:{site.port}/list"
    visit = crawl_one_visit(tmp_path, items(site, url=url), allow_private=False, contact="me@acme.example")
    assert (visit.outcome, site.log) == (Outcome.ERROR, [])
    assert why in visit.detail


def test_a_redirect_to_a_private_name_is_not_followed(site: LoopbackSite, tmp_path: Path) -> None:
    with LoopbackSite() as inside:
        inside.put("/list", listing("9"))
        site.put("/list", Answer("", 302, {"Location": f"http://localhost:{inside.port}/list"}))
        visit = crawl_one_visit(tmp_path, items(site))
        assert "host localhost is not on the list of hosts" in visit.detail
        assert (visit.outcome, inside.log) == (Outcome.ERROR, [])


def test_a_key_stays_behind_when_a_redirect_leaves_its_origin(site: LoopbackSite, tmp_path: Path) -> None:
    with LoopbackSite() as other:
        site.put("/list", Answer("", 302, {"Location": other.put("/list", listing("1"))}))
        source = items(site, headers=lambda self: {"X-Api-Key": "s3cret", "Authorization": "s3cret"})
        assert crawl_one_visit(tmp_path, source).outcome is Outcome.READ
        assert site.asked("/list")[0].headers["X-Api-Key"] == "s3cret"
        assert "s3cret" not in str(other.log)
