"""Values that may not be passed on: on no page, in no file, but with the way to the source."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from support.card_builders import card, evidence, fact, offer
from support.made_sites import made_content, made_site, source_status, write_made_site

from cardwatch.compare.settings import CompareSettings
from cardwatch.db.query.cards import Change, ClaimedValue, Evidence, HeldValue, ModelCard, PricePoint
from cardwatch.db.query.reports import Conflict, Hold, ModelSummary
from cardwatch.site.redistribution import (
    WITHHELD,
    redact_card,
    redact_conflict,
    redact_fact,
    redact_hold,
    redact_summary,
)

MODEL = "acme/large"
CLOSED = {"closed"}
SECRET = "73.19"


def by(source: str) -> tuple[Evidence, ...]:
    return evidence(source=source)


def test_a_value_that_another_source_states_stays_with_that_source() -> None:
    both = fact(MODEL, "context_window", 5, evidence=(*by("closed"), *by("open")))
    found = redact_fact(both, CLOSED)
    assert found.value == 5
    assert [place.source for place in found.evidence] == ["open"]


def test_a_value_of_a_closed_source_alone_goes_and_says_where_to_look() -> None:
    found = redact_fact(fact(MODEL, "context_window", 5, evidence=by("closed")), CLOSED)
    assert (found.state, found.value, found.reason) == ("unknown", None, WITHHELD)
    assert found.evidence[0].url.startswith("https://")


def test_what_was_not_chosen_goes_too() -> None:
    others = (
        ClaimedValue("closed", 7, "https://c.example/", ""),
        ClaimedValue("open", 8, "https://o.example/", ""),
    )
    found = redact_fact(fact(MODEL, "context_window", 5, others=others), CLOSED)
    assert [other.value for other in found.others] == [8]


def test_a_card_without_closed_sources_is_left_alone() -> None:
    plain = card(MODEL, {"context_window": 5})
    assert redact_card(plain, CLOSED) is plain
    assert redact_card(plain, ()) is plain


def closed_card() -> ModelCard:
    """Return a card on which a closed source says everything that is `SECRET`."""
    route = offer(MODEL, "openrouter", "2", "8")
    waits = HeldValue(SECRET, "closed", "2026-05-20", "no longer free")
    limit = fact(MODEL, "max_output_tokens", 5, offer="openrouter", held=waits)
    price = fact(MODEL, "cache_read_price", SECRET, offer="openrouter", evidence=by("closed"))
    made = card(
        MODEL,
        {"context_window": 128_000},
        [replace(route, facts={**route.facts, "cache_read_price": price, "max_output_tokens": limit})],
        [fact(MODEL, "benchmark.mmlu_pro", SECRET, unit="percent", evidence=by("closed"))],
    )
    at, url = "2026-05-20T00:00:00Z", "https://closed.example/"
    change = Change(at, MODEL, "openrouter", "openrouter", "cache_read_price", "1", SECRET, "closed", url)
    point = PricePoint("openrouter", "cache_read_price", SECRET, at, None, "closed")
    return replace(made, changes=(change,), prices=(point,))


def test_no_file_of_the_site_has_a_closed_value(tmp_path: Path) -> None:
    full = closed_card()
    rival = card("acme/small", {"context_window": 5}, [offer("acme/small", "openai", "1", "2")])
    cards = [redact_card(full, CLOSED), rival]
    sources = [source_status("curated"), source_status("closed", redistribute=False)]
    write_made_site(
        made_site(made_content(cards, [("acme/large", "acme/small")], sources=sources)), tmp_path / "site"
    )
    leaks = [path for path in (tmp_path / "site").rglob("*.*") if SECRET.encode() in path.read_bytes()]
    assert leaks == []
    page = (tmp_path / "site" / "models" / "acme" / "large" / "index.html").read_text()
    assert WITHHELD in page
    assert "https://source.example/closed" in page
    pair = (tmp_path / "site" / "compare" / "large-vs-small" / "index.html").read_text()
    assert WITHHELD in pair
    assert "Values are not passed on" in (tmp_path / "site" / "sources" / "index.html").read_text()


def value(source: str, text: str) -> ClaimedValue:
    return ClaimedValue(source, text, f"https://{source}.example/", "2026-05-20")


def conflict(*values: ClaimedValue, chosen: str) -> Conflict:
    return Conflict(MODEL, None, None, "context_window", {}, values, chosen, "first seen", "12")


def test_conflicts_among_open_sources_stay() -> None:
    whole = conflict(value("a", "1"), value("b", "2"), chosen="1")
    assert redact_conflict(whole, CLOSED) is whole
    assert redact_conflict(conflict(value("closed", "1"), value("b", "2"), chosen="1"), CLOSED) is None
    three = redact_conflict(
        conflict(value("closed", "9"), value("a", "1"), value("b", "2"), chosen="9"), CLOSED
    )
    assert three is not None
    assert (three.chosen, three.why, three.monthly_usd) == (None, WITHHELD, None)
    kept = redact_conflict(
        conflict(value("a", "1"), value("closed", "9"), value("b", "2"), chosen="1"), CLOSED
    )
    assert kept is not None
    assert kept.chosen == "1"


def test_what_waits_is_named_without_its_values() -> None:
    held = Hold(
        1, "closed", "https://c.example/", MODEL, None, None, "context_window", 1, 2, "1 to 2", "2026"
    )
    assert (redact_hold(held, CLOSED).new, redact_hold(held, CLOSED).reason) == (None, WITHHELD)
    assert redact_hold(held, ()) is held


def test_a_summary_follows_the_open_card() -> None:
    line = ModelSummary(MODEL, "L", "Acme", None, None, 9, SECRET, SECRET, 1, None)
    found = redact_summary(line, redact_card(closed_card(), CLOSED), CompareSettings())
    assert (found.context_window, found.cheapest_input, found.cheapest_output) == (128_000, "2", "8")
