"""Numbers, words and escapes of the page, with figures worked out by hand."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cardwatch.compare.wording import escaping, grammar, number_format


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1K"),
        (4_096, "4.1K"),
        (8_192, "8.19K"),
        (128_000, "128K"),
        (131_072, "131K"),
        (192_000, "192K"),
        (262_144, "262K"),
        (999_499, "999K"),
        (999_500, "1M"),
        (999_999, "1M"),
        (1_000_000, "1M"),
        (1_047_576, "1.05M"),
        (1_045_000, "1.05M"),
        (10_000_000, "10M"),
        (2_000_000_000, "2000M"),
    ],
)
def test_tokens_have_three_digits_half_up(count: int, text: str) -> None:
    assert number_format.format_token_limit(count) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [("187.2", "$187.20"), ("187", "$187.00"), ("4125.125", "$4,125.125"), ("0.0025", "$0.0025")],
)
def test_an_amount_in_full_has_cents_at_least(usd: str, text: str) -> None:
    assert number_format.format_exact_amount(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [("0.4", "0.40"), ("1.60", "1.60"), ("2.00", "2"), ("0.04", "0.04"), ("0.0001", "0.0001"), ("1250.5", "1250.50"),
     ("0", "0"), ("0.125", "0.125")],
)  # fmt: skip
def test_a_price_has_cents_from_ten_cents_up(usd: str, text: str) -> None:
    assert number_format.price_digits(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("count", "text"), [(4_000_000_000, "4B"), (1_760_000_000_000, "1.76T"), (7_250, "7.25K")]
)
def test_parameters(count: int, text: str) -> None:
    assert number_format.format_count(count) == text


@given(st.integers(0, 10**12))
def test_short_counts_are_within_half_a_percent_and_never_shrink(count: int) -> None:
    scale = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
    text = number_format.format_count(count)
    value = Decimal(text[:-1]) * scale[text[-1]] if text[-1] in scale else Decimal(text)
    assert abs(value - count) <= Decimal(count) / 200
    assert len(re.sub(r"\D", "", text)) <= 3


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        ("0", "free"),
        ("0.001", "under $0.01"),
        ("0.005", "$0.01"),
        ("61.5", "$61.50"),
        ("99.994", "$99.99"),
        ("99.996", "$100.00"),
        ("99.999999", "$100.00"),
        ("100", "$100"),
        ("100.5", "$101"),
        ("117.5", "$118"),
        ("3600", "$3,600"),
        ("18000", "$18,000"),
    ],
)
def test_a_month_is_in_dollars_from_100_before_rounding_and_in_cents_below(usd: str, text: str) -> None:
    assert number_format.format_monthly_cost(Decimal(usd)) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [("0", "free"), ("0.125", "$0.125"), ("2", "$2"), ("1250", "$1,250"), ("0.0375", "$0.0375")],
)
def test_prices_are_never_rounded(usd: str, text: str) -> None:
    assert number_format.format_unit_price(usd) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [("3500", "4900", "28.6"), ("3600", "4900", "26.5"), ("0.065", "0.1", "35.0"), ("87", "117.5", "26.0")],
)
def test_percent_less_is_one_minus_low_over_high(low: str, high: str, text: str) -> None:
    assert number_format.percent_less(Decimal(low), Decimal(high)) == text


@pytest.mark.parametrize(
    ("value", "text"), [("2.70", "2.7"), ("1E+3", "1000"), ("10", "10"), ("0.000", "0"), ("0.125", "0.125")]
)
def test_canonical_decimals(value: str, text: str) -> None:
    assert number_format.plain_decimal(Decimal(value)) == text


@pytest.mark.parametrize(
    ("items", "text"), [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")]
)
def test_listing(items: tuple[str, ...], text: str) -> None:
    assert grammar.join_words(items) == text


def test_plurals_articles_and_dates() -> None:
    assert (grammar.count_noun(1, "provider"), grammar.count_noun(4, "provider")) == (
        "1 provider",
        "4 providers",
    )
    assert grammar.with_article("open-weights model") == "an open-weights model"
    assert grammar.with_article("coding-specialized model") == "a coding-specialized model"
    assert [grammar.date_phrase(d) for d in ("2025", "2025-04", "2025-04-14")] == [
        "in 2025",
        "in April 2025",
        "on 14 April 2025",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GPT-4.1", "GPT-4.1"),
        (" two  words\n", "two words"),
        ("tab\there", "tab here"),
        ("right\u202eleft\u200f", "rightleft"),
        ("null\x00\x1b[31m", "null[31m"),
        ("x" * 10_000, "x" * 119 + "…"),
        ("モデル", "モデル"),
    ],
)
def test_names_are_one_short_line_without_hidden_marks(text: str, shown: str) -> None:
    assert grammar.clean_text(text) == shown


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        (
            "https://example.org/)](javascript:alert(1))",
            "https://example.org/%29%5D%28javascript:alert%281%29%29",
        ),
        ("javascript:alert(1)", None),
        ("JAVASCRIPT:alert(1)", None),
        ("data:text/html,<script>", None),
        ("//example.org/", None),
        ("https://", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_only_http_addresses_become_links(url: str, target: str | None) -> None:
    assert escaping.link_target(url) == target


LINES = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), max_size=60).map(
    lambda text: " ".join(text.split())
)


@given(LINES)
def test_markdown_shows_any_line_as_it_stands(line: str) -> None:
    parser = MarkdownIt("commonmark").enable("table").enable("strikethrough")
    table = f"|  |  |\n|---|---|\n| {escaping.escape_markdown(line)} | x |"
    for source in (f"- {escaping.escape_markdown(line)}", escaping.escape_markdown(line), table):
        tokens = [t for token in parser.parse(source) for t in token.children or ()]
        kinds = {token.type for token in tokens}
        text = "".join(token.content for token in tokens)
        assert kinds <= {"text", "text_special"}, source
        assert text == (f"{line}x" if source is table else line)


@given(LINES)
def test_html_shows_any_line_as_it_stands(line: str) -> None:
    shown = escaping.escape_html(line)
    assert not set("<>\"'") & set(shown)
    assert re.sub("&(amp|lt|gt|quot|#x27);", "", shown).count("&") == 0


@pytest.mark.parametrize(
    ("score", "text"),
    [("0.096793708409", "0.0968"), ("0.00604960677556", "0.006"), ("0", "0"), ("0.5", "0.5"), ("0.99995", "1"),
     ("137.32", "137.32"), ("55.8922", "55.89"), ("81.80", "81.8"), ("1234", "1234"), ("-0.00004", "0")],
)  # fmt: skip
def test_a_score_has_four_decimals_below_one_and_two_above(score: str, text: str) -> None:
    assert number_format.format_score(score) == text
