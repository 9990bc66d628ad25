"""Folders and links: safe on any disk, different for different ids, right from any folder."""

from __future__ import annotations

import posixpath
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.site.places import assign_places, file_slug, path_to_root, relative_link

IDS = st.text(min_size=1, max_size=200)


def test_no_text_is_a_name_of_nothing() -> None:
    assert file_slug("")


@given(IDS)
def test_a_slug_is_one_safe_name(text: str) -> None:
    made = file_slug(text)
    assert re.fullmatch(r"[a-z0-9._-]{1,90}", made)
    assert made not in {".", ".."}
    assert not made.startswith((".", "-"))


@given(st.sets(IDS, min_size=2, max_size=2))
def test_different_ids_have_different_slugs(texts: set[str]) -> None:
    first, second = texts
    assert file_slug(first) != file_slug(second)


def test_usual_ids_keep_their_form() -> None:
    made = assign_places(["openai/gpt-4.1", "alibaba/qwen3.5-4b"], [("openai/gpt-4.1", "alibaba/qwen3.5-4b")])
    assert made.models["openai/gpt-4.1"] == "models/openai/gpt-4.1/"
    assert made.pairs["openai/gpt-4.1", "alibaba/qwen3.5-4b"] == "compare/gpt-4.1-vs-qwen3.5-4b/"


def test_a_shared_model_part_gets_its_developer() -> None:
    ids = ["a/one", "b/one", "c/two"]
    made = assign_places(ids, [("a/one", "c/two"), ("b/one", "c/two")])
    assert sorted(made.pairs.values()) == ["compare/a-one-vs-two/", "compare/b-one-vs-two/"]


def test_pairs_that_read_alike_stay_apart() -> None:
    pairs = [("a/x", "a/y-vs-z"), ("a/x-vs-y", "a/z")]
    made = assign_places(["a/x", "a/y-vs-z", "a/x-vs-y", "a/z"], pairs)
    assert len({*made.pairs.values()}) == 2


@pytest.mark.parametrize(
    ("here", "there", "href"),
    [
        ("", "models/a/b/index.html", "models/a/b/index.html"),
        ("models/a/b/", "index.html", "../../../index.html"),
        ("compare/x-vs-y/", "compare/x-vs-z/index.html", "../x-vs-z/index.html"),
    ],
)
def test_links_are_relative(here: str, there: str, href: str) -> None:
    assert relative_link(here, there) == href
    assert posixpath.normpath(here + href) == there
    assert posixpath.normpath(f"{here}{path_to_root(here)}index.html") == "index.html"
