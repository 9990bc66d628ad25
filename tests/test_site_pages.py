"""Pages and their data: links that lead somewhere, values that agree with the catalog, nothing loaded from outside."""

from __future__ import annotations

import json
import posixpath
import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lxml import html
from msgspec.structs import replace
from support.card_builders import card, fact, offer, seed_cards
from support.made_sites import NOW, SINCE, made_content, made_site, source_status, write_made_site
from support.random_cards import one_card

from cardwatch.compare.comparison import display_order
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import build_side
from cardwatch.db.query.cards import Change, ClaimedValue, HeldValue, ModelCard, PricePoint
from cardwatch.db.query.reports import Conflict, Hold
from cardwatch.db.staleness import stale_facts
from cardwatch.db.staleness.stale_facts import PageState, PublishedFact
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.site.chart import price_charts
from cardwatch.site.places import Pair
from cardwatch.site.stale_page import stale_html

GPT, QWEN = "openai/gpt-4.1", "alibaba/qwen3.5-4b"
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)


ADDRESS = "https://models.example/"


def all_pairs(cards: dict[str, ModelCard]) -> list[Pair]:
    return [(a, QWEN) if display_order(a) < display_order(QWEN) else (QWEN, a) for a in cards if a != QWEN]


def stepped(card: ModelCard) -> ModelCard:
    """Return the card with a price that fell from $3 to $2 between two looks."""
    points = (
        PricePoint(
            "openrouter", "input_price", "3", "2026-03-10T12:00:00Z", "2026-05-15T12:00:00Z", "seed_pages"
        ),
        PricePoint(
            "openrouter",
            "input_price",
            "2",
            "2026-05-15T12:00:00Z",
            None,
            "seed_pages",
            seen_before="2026-03-12T12:00:00Z",
        ),
    )
    return replace(card, prices=points, changes=(change("3", "2"),))


def change(old: str, new: str) -> Change:
    url = "https://openrouter.ai/api/v1/models"
    return Change(
        "2026-05-15T12:00:00Z", GPT, "openrouter", "openrouter", "input_price", old, new, "curated", url
    )


@pytest.fixture(scope="module")
def dest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed models as a site, with a change, a conflict and a hold."""
    cards = {**seed_cards()}
    cards[GPT] = stepped(cards[GPT])
    values = tuple(
        ClaimedValue(s, v, f"https://{s}.example/", "2026-05-20") for s, v in (("x", "2"), ("y", "3"))
    )
    conflict = Conflict(GPT, "openrouter", "openrouter", "input_price", {}, values, "2", "first seen", "800")
    held = Hold(
        7,
        "x",
        "https://x.example/",
        GPT,
        "openrouter",
        "openrouter",
        "input_price",
        "2",
        "2000",
        "far",
        SINCE,
    )
    made = made_content(
        cards.values(), all_pairs(cards), changes=[change("3", "2")], conflicts=[conflict], holds=[held],
        sources=[source_status("curated"), source_status("x")],
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("out") / "site"
    write_made_site(made_site(made, base_url=ADDRESS), folder)
    return folder


def pages(dest: Path) -> list[Path]:
    found = sorted(dest.rglob("*.html"))
    assert len(found) > 15
    return found


def test_every_link_inside_leads_to_a_file_and_a_place_in_it(dest: Path) -> None:
    ids = {page: {*re.findall(r' id="([^"]+)"', page.read_text())} for page in pages(dest)}
    for page in ids:
        for _, name, address, _ in html.document_fromstring(page.read_text()).iterlinks():
            parts = urlsplit(address.removeprefix(ADDRESS))
            if parts.scheme:
                assert name == "href"
                continue
            here = dest if address.startswith(ADDRESS) else page.parent
            target = Path(posixpath.normpath(here / parts.path)) if parts.path else page
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{page.relative_to(dest)}: {address}"
            assert not parts.fragment or parts.fragment in ids[target], f"{page.relative_to(dest)}: {address}"


def test_nothing_is_loaded_from_outside_and_no_page_runs_what_it_carries(dest: Path) -> None:
    for page in pages(dest):
        document = html.document_fromstring(page.read_text())
        [policy] = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy == CSP
        loaded = document.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src")
        assert all(not urlsplit(address.removeprefix(ADDRESS)).scheme for address in loaded)
        inline = "//script[not(@src)][not(@type='application/ld+json')] | //style | //*[@style] | //iframe"
        assert document.xpath(inline) == []
        assert not [a for a in document.xpath("//@*") if a.attrname.startswith("on")]


def test_every_page_has_one_title_a_language_and_its_data_beside(dest: Path) -> None:
    for page in pages(dest):
        document = html.document_fromstring(page.read_text())
        assert len(document.xpath("//h1")) == 1
        assert document.get("lang") == "en"
        if page.name == "404.html":
            continue
        beside = page.with_suffix(".json") if page.parent != dest else dest / "models.json"
        assert json.loads(beside.read_text()) is not None
        address = page.relative_to(dest).parent.as_posix()
        folder = "" if address == "." else f"{address}/"
        assert document.xpath("//link[@rel='canonical']/@href") == [ADDRESS + folder]


def words(element: html.HtmlElement) -> str:
    """Return the text of an element with a space between cells."""
    return " ".join(" ".join(element.itertext()).split())


def text_of(dest: Path, path: str) -> str:
    return words(html.document_fromstring((dest / path).read_text()))


def test_a_model_page_shows_offers_evidence_history_and_comparisons(dest: Path) -> None:
    document = html.document_fromstring((dest / "models/openai/gpt-4.1/index.html").read_text())
    shown = words(document)
    assert "openai/gpt-4.1" in shown
    named = document.xpath("//table[@class='offers stacked']//tr[@class='named']")
    assert next(words(row) for row in named).startswith("Fresh OpenRouter")
    assert "$3 first seen 2026-03-10, $2 between 2026-03-12 and 2026-05-15" in shown
    [chart] = document.xpath("//figure//svg[@role='img']/@aria-label")
    assert chart == (
        "Input price per 1M tokens: OpenRouter $3 first seen 2026-03-10, $2 between 2026-03-12 and 2026-05-15"
    )
    assert "../../../compare/gpt-4.1-vs-qwen3.5-4b/index.html" in document.xpath("//@href")
    window = words(document.xpath("//tr[@id='fact-context_window']")[0])
    assert window.startswith("Fresh Context window 1.05M evidence")
    assert "2026-05-22" in window


def test_a_pair_page_frames_the_comparison_with_prices_for_other_traffic(dest: Path) -> None:
    page = dest / "compare/gpt-4.1-vs-qwen3.5-4b"
    document = html.document_fromstring((page / "index.html").read_text())
    data = json.loads((page / "index.json").read_text())
    [article] = document.xpath("//article")
    assert article.get("data-snapshot") == data["snapshot"]
    [cost] = document.xpath("//section[@id='cost']")
    assert (cost.get("data-input-mtok"), cost.get("data-output-mtok")) == ("800", "250")
    assert data["cost"]["a"]["display"] in cost.text_content()
    linked = [a.get("href") for a in document.xpath("//nav[@aria-label='On this page']//a")]
    assert linked == [f"#{section.get('id')}" for section in article.xpath("./section")]
    assert len(data["related"]) == 4


def test_lists_show_the_change_the_conflict_and_the_hold(dest: Path) -> None:
    assert "Input price, OpenRouter $3 $2 , down -33.3 %" in text_of(dest, "changes/index.html")
    assert "$800" in text_of(dest, "conflicts/index.html")
    assert "$2 $2,000 far" in text_of(dest, "holds/index.html")
    assert json.loads((dest / "holds/index.json").read_text())[0]["id"] == 7
    assert "Every fact is within its limit." in text_of(dest, "stale/index.html")


def test_the_sitemap_lists_every_page(dest: Path) -> None:
    listed = re.findall(r"<loc>(.*?)</loc>", (dest / "sitemap.xml").read_text())
    there = {page.relative_to(dest).parent.as_posix() for page in pages(dest)}
    assert {address.removeprefix(ADDRESS).rstrip("/") or "." for address in listed} == there
    assert (dest / "robots.txt").read_text().endswith(f"Sitemap: {ADDRESS}sitemap.xml\n")


def test_without_an_address_links_stay_relative(tmp_path: Path) -> None:
    cards = [card("acme/one"), card("acme/two")]
    write_made_site(made_site(made_content(cards, [("acme/one", "acme/two")])), tmp_path / "site")
    assert "canonical" not in (tmp_path / "site/index.html").read_text()
    assert not (tmp_path / "site/sitemap.xml").exists()


def structured(dest: Path, path: str) -> dict[str, Any]:
    document = html.document_fromstring((dest / path).read_text())
    [script] = document.xpath("//script[@type='application/ld+json']/text()")
    found: dict[str, Any] = json.loads(script)
    return found


def test_a_model_is_a_product_whose_offers_have_the_prices_of_its_page(dest: Path) -> None:
    data = structured(dest, "models/openai/gpt-4.1/index.html")
    assert (data["@type"], data["sku"], data["brand"]["name"]) == ("Product", GPT, "OpenAI")
    prices = {
        (offer["name"], price["unitText"], price["price"])
        for offer in data["offers"]
        for price in offer["priceSpecification"]
    }
    shown = json.loads((dest / "models/openai/gpt-4.1/part.json").read_text())["offers"]
    for one in shown:
        if one["listed"] and one["input_price"] is not None and one["kind"] != "plan":
            assert (one["name"], "million input tokens", one["input_price"]) in prices


def test_the_catalog_is_a_data_set_whose_files_are_there(dest: Path) -> None:
    data = structured(dest, "index.html")
    files = [one["contentUrl"].removeprefix(ADDRESS) for one in data["distribution"]]
    assert data["@type"] == "Dataset"
    assert files
    assert all((dest / file).is_file() for file in files)


def test_a_long_list_has_pages_below_200_kb_and_all_its_rows_beside(tmp_path: Path) -> None:
    cards = [card(f"acme/model-{n}", name=f"</script><b>{n}</b> {'long ' * 30}") for n in range(400)]
    write_made_site(made_site(made_content(cards), base_url=ADDRESS), tmp_path / "site")
    listed = sorted((tmp_path / "site").glob("*.html"))
    assert len(listed) > 3
    assert max(page.stat().st_size for page in listed) < 200_000
    rows = [
        href
        for page in listed
        for href in html.document_fromstring(page.read_text()).xpath("//tbody/tr/th/a/@href")
    ]
    script = (tmp_path / "site/rows.js").read_text()
    assert sorted(rows) == sorted(f"models/acme/model-{n}/index.html" for n in range(400))
    assert "<" not in script
    assert len(json.loads(script.removeprefix("cardwatchRows(").removesuffix(");\n"))) == 400
    document = html.document_fromstring((tmp_path / "site/page-2.html").read_text())
    assert document.xpath("//link[@rel='canonical']/@href") == [f"{ADDRESS}page-2.html"]
    assert document.xpath("//nav[@aria-label='Pages']//a[@aria-current]/@href") == ["page-2.html"]


def test_an_empty_catalog_makes_a_whole_site(tmp_path: Path) -> None:
    write_made_site(made_site(made_content([])), tmp_path / "site")
    assert "0 models" in text_of(tmp_path / "site", "index.html")


@pytest.mark.parametrize("seed", range(4))
def test_any_card_can_be_shown(tmp_path: Path, seed: int) -> None:
    from random import Random

    rng = Random(seed)
    cards = [one_card(rng, f"maker/model-{n}") for n in range(6)]
    pairs = [("maker/model-0", f"maker/model-{n}") for n in range(1, 6)]
    write_made_site(made_site(made_content(cards, pairs)), tmp_path / "site")
    for made in cards:
        beside = json.loads((tmp_path / "site" / "models" / made.id / "index.json").read_text())
        assert beside["model"]["id"] == made.id


def test_an_unknown_price_is_never_drawn_or_free() -> None:
    free = offer("acme/one", "openrouter", "0", "0")
    made = build_side(card("acme/one", {}, [free, offer("acme/one", "openai")]), "a", CompareSettings())
    assert price_charts(made) == []


def test_equal_steps_are_one_line_and_rank_decides_what_is_drawn() -> None:
    model = "acme/one"
    providers = [f"host-{n}" for n in range(9)]
    offers = [offer(model, provider, "2", "8") for provider in providers]
    points = tuple(PricePoint(p, "input_price", v, s, None, "curated")
                   for p in providers for v, s in (("3", "2026-01-01"), ("2", "2026-03-01")))  # fmt: skip
    side = build_side(replace(card(model, {}, offers), prices=points), "a", CompareSettings())
    [chart] = price_charts(side)
    assert [(line.name, line.more) for line in chart.lines] == [("Host-0", 8)]
    assert (chart.more, len(chart.steps), chart.remark, chart.drawn) == (0, 9, "", True)


def test_what_waits_stands_beside_the_value() -> None:
    waits = HeldValue("9", "lister", "2026-05-20", "jumps")
    made = made_site(made_content([card("acme/one")]))
    row = made.rows.fact(fact("acme/one", "input_price", "2", held=waits), "Input price")
    assert (row.value, row.held) == ("$2", "held since 2026-05-20: lister now says $9")


def test_unknown_values_say_why() -> None:
    made = made_site(made_content([card("acme/one", {"context_window": None})]))
    row = made.rows.fact(fact("acme/one", "context_window", None), "Context window")
    assert (row.value, row.why_not, row.badge.level) == ("unknown", "no source says", "none")


def test_the_stale_report_stands_alone() -> None:
    report = stale_facts.build_report(
        [PublishedFact("acme/<b>", "", "context_window", "x", "aggregator", SINCE, "2026-01-01", 1, False, 12.5)],
        lambda _: {1: PageState("verified_same", 200, None, None, 2.0, SINCE, SINCE)},
        now=NOW, limits=FreshnessLimits(), interval=timedelta(days=1), last_run=SINCE, never_sourced=3, held=2,
        quarantined=1,
    )  # fmt: skip
    document = html.document_fromstring(stale_html(report))
    assert document.xpath("//@src | //link/@href | //a/@href") == []
    assert document.xpath("//meta[@http-equiv]/@content")[0].startswith("default-src 'none'; style-src")
    shown = words(document)
    assert "acme/<b>: context window 1 2026-05-22 144 d 60 d" in shown
    assert document.xpath("//svg/@aria-label") == ["x: 0 fresh, 0 review due, 1 out of date"]
