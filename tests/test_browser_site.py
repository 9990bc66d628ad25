"""The demo's site as a reader meets it in Chromium, from a folder and from a server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from support.browser import chromium, serious_findings, serve_folder, watch_page
from support.typed_commands import run_typed

pytestmark = pytest.mark.browser
PAIR = "compare/gpt-4.1-vs-qwen3.5-4b/index.html"
MODEL = "models/openai/gpt-4.1/index.html"
GPT, QWEN = "openai/gpt-4.1", "alibaba/qwen3.5-4b"
PAGES = ("index.html", MODEL, PAIR, "compare/index.html", "changes/index.html", "conflicts/index.html",
         "stale/index.html", "holds/index.html", "sources/index.html",
         "coverage/index.html")  # fmt: skip
PHONE = {"viewport": {"width": 375, "height": 740}}
WIDE_TABLES = """[...document.querySelectorAll("table")]
    .filter(table => table.parentElement.scrollWidth > table.parentElement.clientWidth)
    .map(table => table.className)"""
"""Script: the tables that have to be scrolled sideways."""
WRONG_LABELS = """[...document.querySelectorAll(".stacked td[data-as]")].filter(cell => {
    const row = cell.parentElement, headings = cell.closest("table").tHead.rows[0].cells;
    return headings[cell.cellIndex + (row.querySelector("th") ? 0 : 1)].textContent !== cell.dataset.as;
  }).map(cell => cell.dataset.as)"""
"""Script: the labels of cells on a phone that are not the heading of their column."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def site(demo_home: Path, shared_folder: Path) -> Path:
    """The demo's site, written by the first worker that asks."""
    folder = shared_folder / "demo-site"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            run_typed("export", str(folder), home=demo_home)
    return folder


@pytest.fixture(scope="module", params=["folder", "server"])
def address(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Where the site is read: from the disk, or from a server."""
    if request.param == "folder":
        yield f"{site.as_uri()}/"
        return
    with serve_folder(site) as url:
        yield url


def test_a_reader_walks_from_the_index_to_the_evidence(browser: Any, address: str) -> None:
    with watch_page(browser) as seen:
        page = seen.opens(f"{address}index.html")
        page.get_by_role("searchbox").fill("gpt-4.1")
        page.get_by_role("link", name="GPT-4.1", exact=True).click()
        assert page.get_by_role("heading", level=1).inner_text() == "GPT-4.1"
        page.get_by_role("link", name="GPT-4.1 vs Qwen3.5-4B").click()
        assert page.get_by_role("heading", level=1).inner_text() == "GPT-4.1 vs Qwen3.5-4B"
        page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Qwen3.5-4B").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Qwen3.5-4B"
        fact = page.locator("#fact-context_window")
        fact.locator("summary").click()
        assert re.search(r"sha256:[0-9a-f]{64}", fact.inner_text())
        assert (seen.complaints, seen.outside(address)) == ([], [])


def test_the_evidence_of_a_fact_stands_on_the_models_page(browser: Any, site: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens((site / MODEL).as_uri())
        row = page.locator("#fact-context_window")
        assert not row.get_by_text("Archived document").first.is_visible()
        row.locator("summary").click()
        assert re.search(r"sha256:[0-9a-f]{64}", row.inner_text())
        assert "Place in it" in row.inner_text()


def test_every_page_is_quiet_and_asks_nobody_else(browser: Any, site: Path) -> None:
    with watch_page(browser) as seen:
        for path in PAGES:
            seen.opens((site / path).as_uri())
    assert (seen.complaints, seen.outside(f"{site.as_uri()}/")) == ([], [])


def shown(page: Any) -> list[str]:
    return [text for text in page.locator("#models tbody tr:visible th a").all_inner_texts() if text]


def test_filters_and_order(browser: Any, site: Path) -> None:
    lines = {line["id"]: line for line in json.loads((site / "models.json").read_text())}
    with watch_page(browser) as seen:
        page = seen.opens((site / "index.html").as_uri())
        assert page.locator("#count").inner_text() == f"{len(lines)} models"
        page.get_by_label("Vendor").select_option("Anthropic")
        assert len(shown(page)) == sum(line["vendor"] == "Anthropic" for line in lines.values())
        assert page.locator("#count").inner_text() == f"{len(shown(page))} of {len(lines)} models"
        page.get_by_label("Input up to").fill("1")
        cheap = [
            x for x in lines.values() if x["vendor"] == "Anthropic" and float(x["cheapest_input"] or 9) <= 1
        ]
        assert len(shown(page)) == len(cheap)
        page.reload()
        assert len(shown(page)) == len(cheap)
        page.get_by_role("button", name="Clear").click()
        page.locator("#count").filter(has_text=re.compile(r"^\d+ models$")).wait_for()
        more = page.get_by_role("button", name="Show")
        while more.is_visible():
            more.click()
        assert len(shown(page)) == len(lines)
        page.get_by_label("Context from").select_option("1000000")
        assert len(shown(page)) == sum((x["context_window"] or 0) >= 1_000_000 for x in lines.values())
        page.get_by_label("Context from").select_option("")
        page.get_by_label("Capability").select_option("vision")
        assert 0 < len(shown(page)) < len(lines)
        page.get_by_label("Capability").select_option("")
        page.get_by_label("Freshness").select_option("fresh")
        left = page.locator("#models tbody tr:visible").evaluate_all(
            "rows => rows.map((row) => row.dataset.fresh)"
        )
        assert {*left} == {"fresh"}
    assert seen.complaints == []


def test_sorting_puts_unknown_last_both_ways(browser: Any, site: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens((site / "index.html").as_uri())
        for _ in range(2):
            page.get_by_role("button", name="Input per 1M").click()
            rows = page.locator("#models tbody tr").evaluate_all(
                "rows => rows.map((row) => row.dataset.input)"
            )
            known = [float(price) for price in rows if price]
            assert rows[len(known) :] == [""] * (len(rows) - len(known))
            down = page.locator("th[aria-sort=descending]").count()
            assert known == sorted(known, reverse=bool(down))


def test_without_script_the_pages_are_complete(browser: Any, site: Path) -> None:
    with watch_page(browser, java_script_enabled=False) as seen:
        page = seen.opens((site / "index.html").as_uri())
        assert not page.get_by_role("searchbox").is_visible()
        listed = page.locator("#models tbody tr:visible").count()
        links = page.get_by_role("navigation", name="Pages").get_by_role("link")
        for href in links.evaluate_all("links => links.map((link) => link.href)")[1:]:
            page.goto(href)
            listed += page.locator("#models tbody tr:visible").count()
        assert listed == len(json.loads((site / "models.json").read_text()))
        page.goto((site / PAIR).as_uri())
        document = json.loads((site / PAIR).with_suffix(".json").read_text())
        assert document["cost"]["a"]["display"] in page.locator("#cost").inner_text()


def test_the_address_carries_filters_and_order(browser: Any, site: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens(f"{(site / 'index.html').as_uri()}?vendor=Anthropic&sort=-context")
        page.locator("#count").filter(has_text=" of ").wait_for()
        windows = page.locator("#models tbody tr").evaluate_all(
            "rows => rows.map((row) => row.dataset.context)"
        )
        known = [int(window) for window in windows if window]
        assert known == sorted(known, reverse=True)
        assert len(known) > 3
        page.get_by_label("Input up to").fill("-1")
        assert page.locator("#count").inner_text() == "A price is not below zero."
        page.get_by_label("Input up to").fill("2")
        assert page.evaluate("location.search") == "?vendor=Anthropic&price=2&sort=-context"


def test_any_two_models_stand_side_by_side(browser: Any, site: Path) -> None:
    kept = json.loads((site / "models/openai/gpt-4.1/kept.json").read_text())
    lines = json.loads((site / "models.json").read_text())
    other = next(x for x in lines if x["vendor"] == "Google" and x["cheapest_input"] and x["id"] not in kept)
    part = json.loads((site / "models" / other["id"] / "part.json").read_text())
    with serve_folder(site) as url, watch_page(browser) as seen:
        page = seen.opens(f"{url}{MODEL}")
        page.get_by_label("Compare GPT-4.1 with").fill("no such model")
        page.get_by_role("button", name="Compare").click()
        page.get_by_text("No model has the name or id “no such model”.").wait_for()
        page.get_by_label("Compare GPT-4.1 with").fill(other["id"])
        page.get_by_role("button", name="Compare").click()
        page.get_by_role("heading", level=1, name=f"GPT-4.1 vs {other['name']}").wait_for()
        assert cost(page)[1] == part["cost"]["display"]
        page.get_by_label("Input, million tokens a month").fill("-5")
        assert "found “-5”" in page.locator("#cost output").inner_text()
        page.get_by_label("Input, million tokens a month").fill("1")
        page.get_by_label("Output, million tokens a month").fill("0")
        assert page.evaluate("location.search").endswith("&input=1&output=0")
        row = page.locator("#facts tr", has=page.get_by_role("rowheader", name="Context window"))
        fact = next(fact for fact in part["facts"] if fact["attribute"] == "context_window")
        assert row.locator("td").nth(1).inner_text() == fact["display"]
        assert serious_findings(page) == []
        page = seen.opens(f"{url}compare/index.html?a={GPT}&b={QWEN}")
        page.wait_for_url("**/compare/gpt-4.1-vs-qwen3.5-4b/index.html")
        page = seen.opens(f"{url}compare/index.html?a={GPT}&b=nobody/nothing")
        page.get_by_text("No model has the name or id “nobody/nothing”.").wait_for()
    assert (seen.complaints, seen.outside(url)) == ([], [])


def cost(page: Any) -> list[str]:
    return list(page.locator("table.cost tbody tr").first.locator("td").all_inner_texts())


def test_other_traffic_changes_the_cost(browser: Any, site: Path) -> None:
    document = json.loads((site / PAIR).with_suffix(".json").read_text())
    offers = json.loads((site / MODEL).with_name("part.json").read_text())["offers"]
    paid = [offer for offer in offers if offer["counts"] and float(offer["monthly_usd"] or 0)]
    with watch_page(browser) as seen:
        page = seen.opens((site / PAIR).as_uri())
        before, gap = cost(page), page.locator("table.gap").inner_text()
        assert before == [document["cost"][side_id]["display"] for side_id in "ab"]
        page.get_by_label("Input, million tokens a month").fill("1")
        page.get_by_label("Output, million tokens a month").fill("0")
        assert cost(page)[0] == f"${min(float(offer['input_price']) for offer in paid):.2f}"
        assert page.locator("table.gap").inner_text() != gap
        assert "written for 800M and 250M" in page.locator("#cost output").inner_text()
        page.get_by_role("button", name="Default").click()
        page.locator("#cost output:empty").wait_for(state="attached")
        assert (cost(page), page.locator("table.gap").inner_text()) == (before, gap)
    assert seen.complaints == []


def test_traffic_below_zero_is_refused_with_a_word(browser: Any, site: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens(f"{(site / PAIR).as_uri()}?input=-3&output=1")
        document = json.loads((site / PAIR).with_suffix(".json").read_text())
        assert "found “-3”" in page.locator("#cost output").inner_text()
        assert cost(page) == [document["cost"][side_id]["display"] for side_id in "ab"]
    assert seen.complaints == []


@pytest.mark.parametrize("name", ["input=2000&output=0", "input=0&output=500"])
def test_a_shared_address_carries_its_traffic(browser: Any, site: Path, name: str) -> None:
    with serve_folder(site) as url, watch_page(browser) as seen:
        page = seen.opens(f"{url}{PAIR}?{name}")
        millions = [page.locator(f"#cost input[name={key}]").input_value() for key in ("input", "output")]
        assert f"input={millions[0]}&output={millions[1]}" == name
        assert cost(page)[0].startswith("$")


def test_pages_agree_with_their_data_at_the_usual_traffic(browser: Any, site: Path) -> None:
    """The script's arithmetic is that of the page: recalculating at the default changes nothing."""
    with watch_page(browser) as seen:
        for path in sorted(site.glob("compare/*/index.html"))[:25]:
            page = seen.opens(path.as_uri())
            before = page.locator("article").inner_text()
            page.locator("#cost input[name=input]").fill("801")
            page.locator("#cost input[name=input]").fill("800")
            assert page.locator("article").inner_text() == before, path.parent.name
    assert seen.complaints == []


def test_the_keyboard_reaches_everything_in_reading_order(browser: Any, site: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens((site / "index.html").as_uri())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to content"
        page.keyboard.press("Enter")
        order = []
        for _ in range(14):
            page.keyboard.press("Tab")
            order.append(
                page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
            )
        names = ["q", "vendor", "price", "context", "capability", "lifecycle", "fresh", "Clear"]
        assert [name for name in order if name in names] == names
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.goto((site / PAIR).as_uri())
        page.locator("#cost input[name=input]").focus()
        page.keyboard.press("ArrowUp")
        assert page.locator("#cost input[name=input]").input_value() == "801"
        page.goto((site / MODEL).as_uri())
        page.locator("#fact-context_window summary").focus()
        page.keyboard.press("Enter")
        assert page.locator("#fact-context_window").get_by_text("Archived document").first.is_visible()


def test_dark_is_dark_and_light_is_light(browser: Any, site: Path) -> None:
    found = {}
    for scheme in ("light", "dark"):
        with watch_page(browser, color_scheme=scheme) as seen:
            page = seen.opens((site / "index.html").as_uri())
            colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
            found[scheme] = sum(int(part) for part in re.findall(r"\d+", colour)[:3])
    assert found["light"] > 700
    assert found["dark"] < 100


def test_a_phone_never_scrolls_sideways(browser: Any, site: Path) -> None:
    with watch_page(browser, **PHONE) as seen:
        for path in PAGES:
            page = seen.opens((site / path).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == 375, path
            assert page.evaluate(WIDE_TABLES) == [], path
            assert page.evaluate(WRONG_LABELS) == [], path


@pytest.mark.parametrize(("scheme", "paths"), [("light", PAGES), ("dark", ("index.html", MODEL, PAIR))])
def test_axe_finds_nothing_serious(browser: Any, site: Path, scheme: str, paths: tuple[str, ...]) -> None:
    with watch_page(browser, color_scheme=scheme) as seen:
        found = [(path, serious_findings(seen.opens((site / path).as_uri()))) for path in paths]
    assert found == [(path, []) for path in paths]


def test_axe_finds_nothing_serious_on_a_phone(browser: Any, site: Path) -> None:
    with watch_page(browser, **PHONE) as seen:
        for path in ("index.html", PAIR):
            assert serious_findings(seen.opens((site / path).as_uri())) == []
