"""Closed vocabularies: a printed word is one of ours, says nothing, or is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.parse_attempts import parse_or_error
from support.recorded_pages import spiders

from cardwatch.crawler.listing_source import ListingSource
from cardwatch.normalize.attributes import ATTRIBUTES
from cardwatch.normalize.text import ParseError
from cardwatch.normalize.vocabulary import (
    display_name,
    parse_one_word_variant,
    parse_qualifier,
    parse_variant,
    plain_text,
    vendor_name,
)
from cardwatch.normalize.words import (
    VOCABULARIES,
    WORDS_FILE,
    catalog_word,
    parse_flag,
    parse_modalities,
    vocabulary_table,
)

WORDS = [
    ("product_type", "Coding-specialized model", "coding-specialized model"),
    ("product_type", "embedding", "embedding model"),
    ("product_type", "language", None),
    ("openness", "Open source", "open source"),
    ("openness", "false", "proprietary"),
    ("commercial_use", "Commercial use with conditions", "with conditions"),
    ("lifecycle", "GA", "active"),
    ("lifecycle", "LEGACY", "deprecated"),
    ("lifecycle", "beta", "preview"),
    ("quantization", "FP8", "fp8"),
    ("quantization", "unknown", None),
    ("availability", "-10", "degraded"),
    ("availability", "0", "listed"),
    ("lifecycle", "", None),
]


@pytest.mark.parametrize(("vocabulary", "text", "wanted"), WORDS)
def test_a_word(vocabulary: str, text: str, wanted: str | None) -> None:
    assert catalog_word(vocabulary, text) == wanted


@pytest.mark.parametrize("vocabulary", ["product_type", "lifecycle", "quantization", "tier", "openness"])
def test_an_unknown_word_is_refused_with_the_file_to_edit(vocabulary: str) -> None:
    with pytest.raises(ParseError, match="'shiny'") as caught:
        catalog_word(vocabulary, "shiny")
    assert WORDS_FILE in str(caught.value)


def test_every_word_of_the_file_is_in_the_closed_list() -> None:
    for vocabulary, ours in VOCABULARIES.items():
        assert {*vocabulary_table(vocabulary).values()} - {""} <= {*ours}, vocabulary
        assert all(catalog_word(vocabulary, own) == own for own in ours), vocabulary
    for name in ATTRIBUTES:
        if name.startswith("capability."):
            assert {*vocabulary_table(name).values()} <= {"yes", "no", ""}, name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('["text","image"]', ("image", "text")),
        ("text, image", ("image", "text")),
        ("Text, Vision, PDF", ("file", "image", "text")),
        ("TEXT", ("text",)),
        ('["embeddings"]', ("embedding",)),
        ("[]", None),
        ("", None),
    ],
)
def test_modalities(text: str, wanted: tuple[str, ...] | None) -> None:
    assert parse_modalities(text) == wanted


@pytest.mark.parametrize("text", ["smell", '["text", 3]', '[["text"]]', '["text"', "[" * 50_000])
def test_what_is_no_list_of_modalities_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        parse_modalities(text)


@pytest.mark.parametrize(
    ("attribute", "text", "wanted"),
    [
        ("capability.vision", "true", True),
        ("capability.vision", "Not supported", False),
        ("capability.function_calling", "tools", True),
        ("capability.tool_use", "tool-use", True),
        ("capability.structured_outputs", "structured_outputs", True),
        ("capability.multimodal", '["text", "image"]', True),
        ("capability.multimodal", '["text", "file"]', None),
        ("capability.reasoning", "", None),
        ("osi_approved", "yes", True),
        ("osi_approved", "unknown", None),
    ],
)
def test_a_flag(attribute: str, text: str, wanted: bool | None) -> None:
    assert parse_flag(attribute, text) is wanted


@pytest.mark.parametrize(("attribute", "text"), [("capability.vision", "sees"), ("osi_approved", "tools")])
def test_an_unknown_flag_is_refused(attribute: str, text: str) -> None:
    with pytest.raises(ParseError, match=r"words\.toml"):
        parse_flag(attribute, text)


def test_a_variant_in_the_catalogs_words() -> None:
    printed = {"tier": "On-Demand", "region": "Data Zone", "quantization": "FP8", "snapshot": "2025-04-14"}
    assert parse_variant(printed) == {"region": "data-zone", "snapshot": "2025-04-14", "quantization": "fp8"}
    assert parse_variant({"tier": "Priority", "region": "eastus2"}) == {
        "tier": "priority",
        "region": "eastus2",
    }
    assert parse_variant({"region": "us-east-1", "mode": "Thinking"}) == {
        "region": "us-east-1",
        "mode": "thinking",
    }
    assert parse_variant({"tier": "standard", "region": "", "quantization": "unknown"}) == {}


@pytest.mark.parametrize(
    "printed",
    [
        {"tier": "shiny"},
        {"region": "East US 2!"},
        {"region": "a" * 70 + "!"},
        {"colour": "red"},
        {"snapshot": "a b; drop"},
        {"mode": "x" * 99},
    ],
)
def test_a_variant_nobody_decided_about_is_refused(printed: dict[str, str]) -> None:
    with pytest.raises(ParseError):
        parse_variant(printed)


def test_a_qualifier_in_the_catalogs_words() -> None:
    assert parse_qualifier({"context_above": "200K", "ttl": "5 minutes"}) == {
        "context_above": "200000",
        "ttl": "5m",
    }
    assert parse_qualifier({"ttl": "1-hour", "from": "2026-09-01T00:00:00Z"}) == {
        "ttl": "1h",
        "from": "2026-09-01",
    }
    assert parse_qualifier({"mode": "thinking", "harness": "", "version": "v6"}) == {
        "version": "v6",
        "mode": "thinking",
    }


@pytest.mark.parametrize(
    "printed", [{"ttl": "soon"}, {"promo_until": "2026-12"}, {"to": "2026-02-30"}, {"why": "x"}]
)
def test_a_qualifier_that_is_not_one_is_refused(printed: dict[str, str]) -> None:
    with pytest.raises(ParseError):
        parse_qualifier(printed)


def test_a_variant_given_as_one_word() -> None:
    given = ["batch", "fp8", "2025-04-14", "thinking", "tier=flex; mode=thinking"]
    keys = ["tier", "quantization", "snapshot", "mode", "tier"]
    assert [next(iter(parse_one_word_variant(text))) for text in given] == keys
    assert parse_variant(parse_one_word_variant(given[-1])) == {"tier": "flex", "mode": "thinking"}


def test_names_without_what_a_list_adds() -> None:
    assert display_name("OpenAI: GPT-4.1 (free)") == "GPT-4.1"
    assert display_name("Claude Haiku 4.5 (latest)") == "Claude Haiku 4.5"
    assert display_name("Something: Else") == "Something: Else"
    assert display_name("Qwen/Qwen3-VL-32B-Thinking") == "Qwen3-VL-32B-Thinking"
    assert display_name("Stepfun-Ai/Gelab Zero 4b Preview") == "Gelab Zero 4b Preview"
    assert display_name("Claude 2.0 / 2.1") == "Claude 2.0 / 2.1"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    readers: list[Callable[[str], Any]] = [
        parse_modalities,
        plain_text,
        vendor_name,
        display_name,
        parse_one_word_variant,
    ]
    readers += [lambda t, v=vocabulary: catalog_word(v, t) for vocabulary in VOCABULARIES]  # type: ignore[misc]
    readers += [lambda t, k=key: parse_variant({k: t}) for key in ("tier", "region", "snapshot", "mode")]  # type: ignore[misc]
    readers += [
        lambda t, k=key: parse_qualifier({k: t}) for key in ("context_above", "ttl", "from", "window")
    ]  # type: ignore[misc]
    readers.append(lambda t: parse_flag("capability.vision", t))
    for read in readers:
        parse_or_error(read, text)


def test_a_word_that_a_listing_shows_a_capability_by_is_known_to_normalization() -> None:
    listings = [source for source in spiders().values() if issubclass(source, ListingSource)]
    found = [
        (word, name)
        for source in listings
        for words in source.words.values()
        for word, shown in words.items()
        for name in shown
        if name.startswith("capability.")
    ]
    assert len(found) > 10
    assert [(word, name) for word, name in found if parse_flag(name, word) is not True] == []
