"""Names, values and addresses that want to be more than text: shown as text, run by nobody, leading nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from support.browser import chromium, watch_page
from support.card_builders import card, fact, offer
from support.made_sites import SINCE, made_content, made_site, source_status, write_made_site

from cardwatch.db.query.cards import Change, ClaimedValue, Evidence, ModelCard
from cardwatch.db.query.reports import Conflict, Hold

pytestmark = pytest.mark.browser
RAN = "document.documentElement.dataset.ran='yes'"
HOSTILE = {
    "script": f'<script>{RAN}</script><img src=x onerror="{RAN}">',
    "attribute": f'" onmouseover="{RAN}" autofocus onfocus="{RAN}" x=\'',
    "table": "| pipes | `ticks` | [x](javascript:alert(1)) {{ 7 * 7 }} {% raw %}",
    "reversed": "abc\u202egnirts\u2066 \u200e\x00\x07end",
    "long": "X" * 10_000,
}
URLS = (
    "javascript:document.title='ran'",
    "data:text/html,<script>1</script>",
    'https://ok.example/"><script>',
)


def hostile(id_: str, text: str, url: str) -> ModelCard:
    """Return a card that says `text` wherever text can be said, and `url` wherever an address can."""
    place = (Evidence(text[:50], url, text[:90], text, f"{SINCE}", "2026-05-22"),)
    others = (ClaimedValue(text[:50], text, url, "2026-05-20"),)
    values = {
        name: fact(id_, name, text, evidence=place, others=others, why=text)
        for name in ("name", "vendor", "architecture", "license", "replacement", "parameters_note")
    }
    route = offer(id_, "openrouter", "2", "8", provider_model=text, quantization=text, provider_name=text)
    scores = [
        fact(id_, "benchmark.mmlu_pro", "81", unit="percent", qualifier={"harness": text, "reporter": text})
    ]
    made = card(id_, {"context_window": 128_000}, [route], scores)
    change = Change(SINCE, id_, "openrouter", "openrouter", "architecture", text, text[::-1], text[:50], url)
    return replace(
        made, name=text, vendor=text, facts={**made.facts, **values}, changes=(change,), aliases=(text,)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    cards = [hostile(f"acme/{name}", text, URLS[n % 3]) for n, (name, text) in enumerate(HOSTILE.items())]
    cards.append(hostile("acme/../../etc/<b>", HOSTILE["script"], URLS[0]))
    first = cards[0]
    values = tuple(ClaimedValue(HOSTILE["script"], text, URLS[0], "") for text in (*HOSTILE.values(),))
    conflict = Conflict(first.id, None, None, "architecture", {}, values, HOSTILE["script"], HOSTILE["table"])
    held = Hold(1, HOSTILE["script"], URLS[0], None, None, None, "", None, None, HOSTILE["script"], SINCE)
    pairs = [("acme/attribute", "acme/script"), ("acme/long", "acme/reversed"), ("acme/script", "acme/table")]
    made = made_content(
        cards, pairs, changes=[c for one in cards for c in one.changes], conflicts=[conflict], holds=[held],
        sources=[source_status(HOSTILE["script"][:40], title=HOSTILE["script"], terms=HOSTILE["attribute"])],
    )  # fmt: skip
    dest = tmp_path_factory.mktemp("hostile") / "site"
    write_made_site(made_site(made), dest)
    return dest


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


def test_no_file_leaves_the_folder(folder: Path) -> None:
    assert {path.name for path in folder.parent.iterdir()} <= {"site", ".site.lock"}
    assert all(path.resolve().is_relative_to(folder) for path in folder.rglob("*"))


def test_hostile_text_is_text_on_every_page(browser: Any, folder: Path) -> None:
    with watch_page(browser) as seen:
        for path in sorted(folder.rglob("*.html")):
            page = seen.opens(path.as_uri())
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            assert page.evaluate("document.documentElement.dataset.ran") is None, path
            assert (
                page.locator(
                    "main script, main img, main [onerror], main [onfocus], main [onmouseover]"
                ).count()
                == 0
            )
            schemes = page.evaluate("[...document.links].map((one) => one.protocol)")
            assert {*schemes} <= {"file:", "https:", ":"}, path
    assert (seen.complaints, seen.outside(f"{folder.as_uri()}/")) == ([], [])


def test_markup_is_shown_as_it_was_written(browser: Any, folder: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens((folder / "models/acme/script/index.html").as_uri())
        assert page.get_by_role("heading", level=1).inner_text().startswith("<script>document")
        page = seen.opens((folder / "models/acme/table/index.html").as_uri())
        assert page.get_by_role("heading", level=1).inner_text() == HOSTILE["table"]
        page = seen.opens((folder / "models/acme/reversed/index.html").as_uri())
        assert page.get_by_role("heading", level=1).inner_text() == "abcgnirts end"


@pytest.mark.parametrize("width", [375, 1280])
def test_a_name_of_ten_thousand_letters_breaks_no_page(browser: Any, folder: Path, width: int) -> None:
    with watch_page(browser, viewport={"width": width, "height": 800}) as seen:
        for path in ("index.html", "models/acme/long/index.html", "compare/long-vs-reversed/index.html",
                     "changes/index.html", "compare/index.html"):  # fmt: skip
            page = seen.opens((folder / path).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_searching_for_markup_finds_it(browser: Any, folder: Path) -> None:
    with watch_page(browser) as seen:
        page = seen.opens((folder / "index.html").as_uri())
        page.get_by_role("searchbox").fill("pipes `ticks`")
        assert page.locator("#models tbody tr:visible").count() == 1
    assert seen.complaints == []
