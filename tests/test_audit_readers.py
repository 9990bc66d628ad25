"""Pages read back by the audit: Markdown as CommonMark means it, HTML as a browser builds it, figures by rule."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace
from support.audited_pages import ALPHA, BETA, CARDS, alpha, audit_pair, beta, make_renderer, rendered_pair

from cardwatch.auditing import figure_text, markdown_reader
from cardwatch.auditing.rendered_page import RenderedHeading, RenderedPage

HOSTILE = (
    "<script>alert(1)</script>", "a | b", "`code` **bold** _it_", "[x](javascript:alert(1))", "1. first", "- dash",
    "# head", "\\| \\", "&amp; &lt;", "\u202eevil", "> quote", "+ plus", "~~gone~~", "http://x.example/?a=1&b=(2)",
    "2\\) two", "x" * 400, "----", "***", "![i](http://x.example/i.png)", "$x$ ^y^", "*", "__init__",
)  # fmt: skip


def by_commonmark(text: str) -> Iterator[str]:
    """Yield the texts of headings, paragraphs, list items and cells as a CommonMark parser reads them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    for token in tokens:
        if token.type == "inline":
            yield " ".join("".join(_words(token)).split())


def _words(inline: Token) -> Iterator[str]:
    for child in inline.children or ():
        yield " " if child.type in {"softbreak", "hardbreak"} else child.content


def by_audit(view: RenderedPage) -> Iterator[str]:
    """Yield the same as the audit reads them."""
    yield view.title
    for section in view.sections.values():
        yield section.title
        for block in section.blocks:
            if hasattr(block, "text"):
                yield block.text
            else:
                yield from (cell for row in (block.head, *block.rows) for cell in row)


def test_markdown_is_read_as_commonmark_reads_it() -> None:
    for pair in ((ALPHA, BETA), tuple(CARDS)[1:3]):
        text = rendered_pair(*pair)[2].markdown
        assert [*by_audit(markdown_reader.read_markdown_page(text))] == [*by_commonmark(text)]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:12])
def test_hostile_names_read_the_same_in_every_form_and_break_no_check(name: str) -> None:
    hostile = replace(alpha(), name=name, vendor=name)
    text = make_renderer().rendered(hostile, beta()).markdown
    assert [*by_audit(markdown_reader.read_markdown_page(text))] == [*by_commonmark(text)]
    assert [*audit_pair(hostile, beta(), forget=2)] == []


def test_html_is_read_without_its_drawings_and_drawers() -> None:
    _, view = rendered_pair(ALPHA, BETA)[2].views
    told = "$1.50 first seen 2026-04-01, $1.25 between 2026-04-20 and 2026-04-29"
    assert view.section("price-history").table().rows[0][-1] == told
    assert [type(block) for block in view.section("switching").blocks].count(RenderedHeading) == 2
    assert len(view.section("sources").tables()) == 1
    assert ("1.05M", "1,047,576") in view.details.hovers
    assert view.details.marks["data-level"] == "fresh"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0"), (999, "999"), (1000, "1K"), (8192, "8.19K"), (131072, "131K"), (999_499, "999K"), (999_999, "1M"),
     (1_000_000, "1M"), (1_047_576, "1.05M"), (10_485_760, "10.5M"), (1_760_000_000_000, "1.76T")],
)  # fmt: skip
def test_counts_have_three_digits(count: int, text: str) -> None:
    assert figure_text.count_text(count) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [("0", "free"), ("0.004", "under $0.01"), ("0.005", "$0.01"), ("99.994", "$99.99"), ("99.999", "$100.00"),
     ("100", "$100"), ("117.5", "$118"), ("3500", "$3,500"), ("680.65", "$681")],
)  # fmt: skip
def test_months_are_whole_dollars_from_a_hundred(usd: str, text: str) -> None:
    assert figure_text.month_text(Decimal(usd)) == text


@given(st.integers(0, 10**15))
def test_tokens_never_go_beyond_millions(count: int) -> None:
    assert figure_text.count_text(count, "KM")[-1] in "0123456789KM"


def test_figures_of_a_sentence() -> None:
    text = "· is 80.5% cheaper: $1,681.25 from ·, 1.05M tokens, 2 of 3."
    assert figure_text.find_figures(text) == ["80.5%", "$1,681.25", "1.05M", "2", "3"]
