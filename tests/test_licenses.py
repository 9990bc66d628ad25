"""Licences by SPDX id, and what follows from those whose terms somebody read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.parse_attempts import parse_or_error

from cardwatch.normalize.licenses import license_terms, parse_license
from cardwatch.normalize.text import ParseError
from cardwatch.normalize.words import VOCABULARIES

IDS = [
    ("apache-2.0", "Apache-2.0"),
    ("Apache 2.0", "Apache-2.0"),
    ("Apache License 2.0", "Apache-2.0"),
    ("mit", "MIT"),
    ("MIT License", "MIT"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
    ("MIT OR Apache-2.0", "MIT OR Apache-2.0"),
    ("proprietary", "Proprietary"),
    ("Proprietary", "Proprietary"),
    ("qwen", "LicenseRef-qwen"),
    ("tongyi-qianwen", "LicenseRef-qwen"),
    ("llama3.1", "LicenseRef-llama3.1"),
    ("gemma", "LicenseRef-gemma"),
    ("Acme-Open-1.0", "LicenseRef-acme-open-1.0"),
    ("other", None),
    ("unknown", None),
    ("-", None),
]


@pytest.mark.parametrize(("text", "wanted"), IDS)
def test_a_licence_by_its_id(text: str, wanted: str | None) -> None:
    assert parse_license(text) == wanted


@pytest.mark.parametrize("text", ["see the LICENSE file", "((((", "MIT AND", "MIT WITH Apache-2.0", "x" * 90])
def test_prose_is_no_licence(text: str) -> None:
    with pytest.raises(ParseError, match="license"):
        parse_license(text)


@pytest.mark.parametrize(
    ("license_", "osi", "openness", "use"),
    [
        ("Apache-2.0", True, "open source", "allowed"),
        ("LicenseRef-llama3.1", False, "open weights", "with conditions"),
        ("CC-BY-NC-4.0", False, "open weights", "not allowed"),
        ("Proprietary", False, "proprietary", None),
    ],
)
def test_what_follows_from_a_licence(license_: str, osi: bool, openness: str, use: str | None) -> None:
    found = license_terms(license_)
    assert found is not None
    assert (found.osi, found.openness, found.use) == (osi, openness, use)
    assert found.because


def test_nothing_follows_from_a_licence_nobody_read() -> None:
    assert license_terms("LicenseRef-acme-open-1.0") is None
    assert license_terms("MIT OR Apache-2.0") is None


def test_the_table_speaks_our_words_and_our_ids() -> None:
    for text in ("MIT", "gemma", "llama4", "openrail", "qwen-research", "BSD-2-Clause", "CC0-1.0"):
        found = license_terms(parse_license(text) or "")
        assert found is not None, text
        assert found.openness in VOCABULARIES["openness"]
        assert found.use in VOCABULARIES["commercial_use"]
        assert found.osi == (found.openness == "open source")


@example("\r")
@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9 .()+-]{1,40}", fullmatch=True))
def test_any_text_is_a_licence_or_nothing_or_a_parse_error(text: str) -> None:
    found = parse_or_error(parse_license, text)
    assert found is None or isinstance(found, ParseError) or parse_license(found) == found
