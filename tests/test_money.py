"""Prices as sources print them: read exactly, or refused with the text and the rule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parse_attempts import parse_or_error

from cardwatch.normalize.prices import parse_price, parse_usd_per_mtok, same_when_rounded
from cardwatch.normalize.text import ParseError, canonical_number
from cardwatch.normalize.units import STATED_UNITS, unit_measure

READ = [
    # printed                     unit stated          per million tokens   seen in
    ("0.00000125", "usd/token", "1.25", "OpenRouter, gpt-5.1-codex-max"),
    ("4.0000000000000003e-07", "usd/token", "0.4", "LiteLLM: a binary float's noise"),
    ("2.1429999999999996e-06", "usd/token", "2.143", "LiteLLM"),
    ("0.20000000000000002000000", "usd/1M tokens", "0.2", "a float written with more zeros"),
    ("0.44999999999999996", "usd/1M tokens", "0.45", "models.dev"),
    ("1.75", "usd/1M tokens", "1.75", "models.dev, gpt-5.2-codex"),
    ("$1.75", "usd/1M tokens", "1.75", "OpenAI's model page"),
    ("$5 / MTok", "usd/1M tokens", "5", "Anthropic"),
    ("$5 / MTok", "", "5", "the text states its own unit"),
    ("$ 2.50 / 1M tokens", "usd/1M tokens", "2.5", "2.501 when only digits are kept"),
    ("$0.0025 / 1K tokens", "usd/1K tokens", "2.5", "an old price page"),
    ("0.002", "usd/1K tokens", "2", "Azure, gpt 4.1 Inp glbl"),
    ("0.0000600000", "usd/1K tokens", "0.06", "AWS: ten decimals"),
    ("0.000125", "cents/token", "1.25", "Portkey, in cents"),
    ("20000", "1e-10 usd/token", "2", "xAI's embedded blob"),
    ("$1,250.50", "usd/1M tokens", "1250.5", "thousands"),
    ("0", "usd/token", "0", "free is a price"),
    ("0.0", "usd/1M tokens", "0", "and is written one way"),
]


@pytest.mark.parametrize(("text", "unit", "wanted", "seen_in"), READ)
def test_a_token_price_in_dollars(text: str, unit: str, wanted: str, seen_in: str) -> None:
    assert canonical_number(parse_usd_per_mtok(text, unit)) == wanted, seen_in


OTHER = [
    ("0.01", "usd/search", "usd_per_search", "0.01", "OpenRouter's web search"),
    ("10", "usd/1K searches", "usd_per_search", "0.01", "Vercel's: the same price"),
    ("$0.111", "usd/hour", "usd_per_hour", "0.111", "Groq's speech to text"),
    ("0.006", "usd/minute", "usd_per_hour", "0.36", "a transcription by the minute"),
    ("200000000", "1e-10 usd/image", "usd_per_image", "0.02", "an image in xAI's unit"),
    ("$40.00", "usd/1M characters", "usd_per_mchar", "40", "Groq's text to speech"),
    ("0.005", "usd/request", "usd_per_request", "0.005", "a search model"),
    ("0.0001", "usd/second", "usd_per_second", "0.0001", "video"),
]


@pytest.mark.parametrize(("text", "unit", "catalog", "wanted", "seen_in"), OTHER)
def test_other_meters(text: str, unit: str, catalog: str, wanted: str, seen_in: str) -> None:
    amount, found = parse_price(text, unit, catalog_unit=catalog)
    assert (canonical_number(amount), found) == (wanted, catalog), seen_in


@pytest.mark.parametrize(
    ("text", "unit", "catalog"), [("2", "cny/1M tokens", "cny"), ("€0.5", "eur/1M tokens", "eur")]
)
def test_a_foreign_price_keeps_its_currency(text: str, unit: str, catalog: str) -> None:
    assert parse_price(text, unit, catalog_unit="usd_per_mtok")[1] == f"{catalog}_per_mtok"
    with pytest.raises(ParseError, match="wanted US dollars"):
        parse_usd_per_mtok(text, unit)


REFUSED = [
    ("0,15 $", "usd/1M tokens", "one number"),
    ("1.299,00 €", "eur/1M tokens", "one number"),
    ("1,299 €", "eur/1M tokens", "no comma"),
    ("1,299", "eur/1M tokens", "no comma"),
    ("12.5-15", "usd/1M tokens", "one number"),
    ("$0.75 through December 31, 2026. $1.50", "usd/1M tokens", "one amount"),
    ("$2.00, prompts <= 200k tokens $4.00", "usd/1M tokens", "one"),
    ("$0.15 input$0.60 output", "usd/1M tokens", "one"),
    ("$0.25 / MTok1", "usd/1M tokens", "known measure"),
    ("NaN", "usd/token", "one number"),
    ("Infinity", "usd/token", "one number"),
    ("-1", "usd/token", "no negative number"),
    ("-$1", "usd/token", "no negative number"),
    ("1_000", "usd/1M tokens", "one number"),
    ("١.٢", "usd/1M tokens", "one number"),
    ("1e400", "usd/token", "magnitude"),
    ("Contact sales", "usd/1M tokens", "one"),
    ("", "usd/1M tokens", "one"),
    ("1.75", "", "price without a unit"),
    ("$1.75", "", "price without a unit"),
    ("1.75", "usd/fortnight", "price unit: wanted one of"),
    ("$0.0025 / 1K tokens", "usd/1M tokens", "per 1M tokens"),
    ("€2", "usd/1M tokens", "currency"),
    ("$2 €", "usd/1M tokens", "currency"),
    ("0.111", "usd/hour", "one for usd_per_mtok"),
]


@pytest.mark.parametrize(("text", "unit", "rule"), REFUSED)
def test_what_is_not_one_price_is_refused(text: str, unit: str, rule: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse_usd_per_mtok(text, unit)
    assert rule in str(caught.value)
    assert caught.value.found in f"{text} {unit}"


def test_vercel_rounds_and_openrouter_does_not() -> None:
    cached, rounded = (parse_usd_per_mtok(text, "usd/token") for text in ("0.000000125", "0.00000013"))
    assert same_when_rounded(cached, rounded, places=2)
    assert not same_when_rounded(cached, parse_usd_per_mtok("0.00000014", "usd/token"), places=2)


def test_every_stated_unit_leads_to_a_catalog_unit() -> None:
    for unit, row in STATED_UNITS.items():
        assert row.factor > 0, unit
        assert row.catalog.startswith(unit.split("/")[0].split()[-1].replace("cents", "usd")), unit
    assert {unit_measure(unit.catalog) for unit in STATED_UNITS.values()} == {
        "mtok",
        "image",
        "request",
        "search",
        "hour",
        "second",
        "mchar",
    }


amounts = st.decimals(min_value=0, max_value=10_000, places=9)


@given(amounts)
def test_writing_and_reading_a_price_is_a_round_trip(amount: Decimal) -> None:
    shown = canonical_number(amount)
    assert "e" not in shown.lower()
    assert Decimal(shown) == amount
    assert canonical_number(Decimal(shown)) == shown


@given(st.decimals(min_value=0, max_value=10_000, places=6))
def test_the_same_price_in_every_token_unit_is_one_price(amount: Decimal) -> None:
    for unit, row in STATED_UNITS.items():
        if row.catalog == "usd_per_mtok":
            found = parse_usd_per_mtok(canonical_number(amount / row.factor), unit)
            assert abs(found - amount) <= amount * Decimal("1e-11"), unit


@given(
    st.text(max_size=40) | st.from_regex(r"\$?-?[0-9,.eE+-]{1,12} ?(/ ?[A-Za-z0-9 ]{1,8})?", fullmatch=True)
)
def test_any_text_is_a_price_or_a_parse_error(text: str) -> None:
    for unit in ("usd/token", "cny/1M tokens", "usd/hour", "", "?"):
        found = parse_or_error(parse_price, text, unit, catalog_unit="usd_per_mtok")
        if isinstance(found, ParseError):
            assert found.found or not text.strip()
            continue
        amount, catalog = found
        assert amount >= 0
        assert amount.is_finite()
        assert catalog.endswith("_per_mtok")
        assert len(canonical_number(amount)) < 60
