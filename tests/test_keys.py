"""A source's key goes to its own host alone, and is kept and told nowhere, whatever an answer says."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.https_proxy import ProxiedHosts
from support.loopback import Answer, LoopbackSite
from support.loopback_crawls import archived_visits, crawl_loopback, crawl_one_visit, items, listing

from cardwatch.crawler.documents import Outcome
from cardwatch.crawler.middlewares import key_host
from cardwatch.crawler.secrets import SecretFilter, hide_secrets, is_secret_name

KEY = "sk-Zq81+x/77&b<"
KEYED = {"Authorization": f"Bearer {KEY}", "X-Api-Key": KEY, "acme-version": "2023-06-01"}


@pytest.fixture
def other() -> Iterator[LoopbackSite]:
    with LoopbackSite() as other:
        yield other


def keyed(site: LoopbackSite, **more: object) -> type:
    return items(site, headers=lambda self: KEYED, **more)


def test_a_listing_that_goes_on_elsewhere_gets_no_key(
    site: LoopbackSite, other: LoopbackSite, tmp_path: Path
) -> None:
    second = other.put("/2", listing("2", next=site.url("/3")))
    site.put("/list", listing("1", next=second))
    site.put("/3", listing("3"))
    assert crawl_one_visit(tmp_path, keyed(site)).outcome is Outcome.READ
    assert [asked.headers.get("X-Api-Key") for asked in site.log] == [None, KEY, KEY]
    assert KEY not in str(other.log)
    assert [asked.url for asked in other.log] == ["/robots.txt", "/2"]


def test_a_page_found_elsewhere_gets_no_key(site: LoopbackSite, other: LoopbackSite, tmp_path: Path) -> None:
    site.put("/list", listing("1", more=[other.put("/found", listing("2"))]))
    crawl_loopback(tmp_path, keyed(site))
    assert "/found" in other.paths
    assert KEY not in str(other.log)


def test_a_redirect_and_back_leaves_the_key_behind(
    site: LoopbackSite, other: LoopbackSite, tmp_path: Path
) -> None:
    site.put("/list", Answer("", 307, {"Location": other.url("/away")}))
    other.put("/away", Answer("", 307, {"Location": site.put("/back", listing("1"))}))
    assert crawl_one_visit(tmp_path, keyed(site)).outcome is Outcome.READ
    assert KEY not in str(other.log)


def test_hosts_are_allowed_per_source(site: LoopbackSite, tmp_path: Path) -> None:
    with LoopbackSite("127.0.0.2") as neighbour:
        site.put("/list", Answer("", 302, {"Location": neighbour.put("/list", listing("1"))}))
        own = items(neighbour, name="neighbour")
        crawl_loopback(tmp_path, items(site), own)
        visits = {visit.source: visit for visit in archived_visits(tmp_path, items(site), own)}
        assert "host 127.0.0.2 is not on the list" in visits["items"].detail
        assert visits["neighbour"].outcome is Outcome.READ
        assert neighbour.paths == ["/list"]


@pytest.mark.parametrize("way", ["redirect", "next", "more"])
def test_https_never_becomes_http(internet: ProxiedHosts, tmp_path: Path, way: str) -> None:
    url, plain = "https://acme.example/list", "http://acme.example/list"
    internet.put(plain, listing("666"))
    internet.put(url, Answer("", 302, {"Location": plain}) if way == "redirect" else listing("1", **{
        way: plain if way == "next" else [plain]}))  # fmt: skip
    source = keyed(internet, url=url)
    crawl_loopback(tmp_path / "archive", source, allow_private=False, contact="me@acme.example")
    visits = archived_visits(tmp_path / "archive", source)
    assert any("https became http" in visit.detail for visit in visits)
    assert plain not in [asked.url for asked in internet.log]


ECHOES = [
    Answer(f"Incorrect API key provided: {KEY}. Docs: https://a.example/?client_secret=hunter2000", 401),
    Answer(f"no {quote(KEY, safe='')} {json.dumps(KEY)} sk-Zq81+x/77&amp;b&lt;", 500, {"X-Asked": f"k={KEY}"}),
    Answer(listing("1").body, headers={"Content-Type": "application/json", "X-Echo": f"Bearer {KEY}", "ETag": f'"{KEY}"'}),
    Answer("", 302, {"Location": f"/other?api_key={quote(KEY)}&X-Amz-Signature=hunter2000&X-Amz-Security-Token=hunter2000"}),
]  # fmt: skip


@pytest.mark.parametrize("echo", ECHOES, ids=["401", "500", "headers", "redirect"])
def test_a_key_that_a_server_repeats_is_kept_nowhere(
    site: LoopbackSite, tmp_path: Path, echo: Answer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site.put("/list", echo)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ACME_KEY", KEY)
        crawl_loopback(tmp_path, keyed(site, key_env="ACME_KEY"), overrides={"RETRY_ENABLED": False})
    (file,) = tmp_path.glob("*.warc.gz")
    kept = gzip.decompress(file.read_bytes()).decode("latin-1")
    for secret in (KEY, quote(KEY, safe=""), quote(KEY), json.dumps(KEY)[1:-1], "hunter2000", "sk-Zq81"):
        assert secret not in kept, secret
        assert secret not in caplog.text, secret
    assert "hidden" in kept


NAMES = """
    key api_key apikey API-Key access_token refresh_token id_token token client_secret secret sig Signature
    X-Amz-Signature X-Amz-Security-Token X-Amz-Credential X-Goog-Signature AWSAccessKeyId subscription-key
    password auth Authorization Cookie x-goog-api-key jwt session_id client%5Fsecret"""


@pytest.mark.parametrize("name", NAMES.split())
def test_names_of_keys(name: str) -> None:
    assert is_secret_name(name)
    for url in (f"https://a.example/x?a=1&{name}=hunter2000#f", f"see /x?{name}=hunter2000, and", f"#{name}=hunter2000",
                f"https://a.example/?to=https%3A%2F%2Fb.example%2F%3F{name}%3Dhunter2000%26b%3D2",
                f"&amp;{name}=hunter2000&amp;b=2", f"\\u0026{name}=hunter2000"):  # fmt: skip
        assert "hunter2000" not in hide_secrets(url), url
        assert "hidden" in hide_secrets(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/?page_token=abc&b=2",
        "https://a.example/?pageToken=abc&nextToken=x&$skiptoken=7&sort_key=a&continuation_token=4",
        "https://a.example/monkey?q=a=b&keyword=x&b=%20x#top",
        "https://a.example/@scope/pkg?x=1",
    ],
)
def test_what_is_no_key_stays(url: str) -> None:
    assert hide_secrets(url) == url


def test_a_value_ends_where_the_next_parameter_begins() -> None:
    assert hide_secrets("/x?signature=a;b&c=1") == "/x?signature=hidden&c=1"
    assert (
        key_host("https://a.example:0/")
        != key_host("https://a.example/")
        == key_host("HTTPS://A.example:443/")
    )


def test_a_password_before_a_host_is_hidden() -> None:
    assert hide_secrets("at https://me:word@a.example/x, or") == "at https://hidden@a.example/x, or"


@given(st.text(), st.text(min_size=6).filter(lambda key: " " not in key and key not in "hidden"))
def test_no_text_keeps_a_key(around: str, key: str) -> None:
    hidden = SecretFilter.of(key, {}).text(f"{around}{key}{around}")
    assert key not in hidden.replace("hidden", "")
