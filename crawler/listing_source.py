"""A source that is one JSON list of models, declared by tables of keys instead of written as code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from os import environ
from typing import Any, ClassVar

from scrapy.http import TextResponse

from cardwatch.crawler.documents import Cell, PagePart, RawRow
from cardwatch.crawler.formats.json_listing import (
    Json,
    KeyMeanings,
    WordMeanings,
    cells,
    flag_cells,
    is_zero,
    load_json,
    optional_words,
    parse_key_meanings,
    pointer_step,
    read_entries,
    read_listing,
    read_object,
    require_object,
    require_text,
    unknown_keys,
    unread_keys,
)
from cardwatch.crawler.source import Source

NOTHING = frozenset({"", "[]"})
"""Texts that say nothing: an empty text and an empty list."""


class ListingSource(Source):
    """A JSON list of models, and of what one provider asks for them.

    A key is written with its path inside the entry: "pricing/prompt" is `prompt` of the object `pricing`.
    `entries` is the key of the list, "" where the answer is the list itself; `envelope` are the keys beside it.
    `id_key` holds the id of an entry, `provider` says who serves. `model_keys` and `offer_keys` are lines of
    "path attribute unit" about the model and about its offer; of two keys with one attribute the first counts.
    `words` are lists of words with what each word shows, `ignored` the paths that say nothing we keep. Every
    other key is refused by name and costs no more than itself. `filled_in` names the prices of which a 0 says
    only that the listing wants a number there. `row_kinds` says whether an entry is about a model, an offer or both.
    An API key is sent in the header `key_header`, behind the word `key_scheme` if there is one.
    A listing with a condition of its own overrides `is_listed`, `entry_name`, `model_cells`, `offer_cells` or
    `offer_rows`.
    """

    row_kinds: ClassVar[tuple[str, ...]] = ("model", "offer")
    provider: ClassVar[str] = ""
    entries: ClassVar[str] = "data"
    envelope: ClassVar[str] = "object"
    id_key: ClassVar[str] = "id"
    model_keys: ClassVar[str] = ""
    offer_keys: ClassVar[str] = ""
    words: ClassVar[Mapping[str, WordMeanings]] = {}
    ignored: ClassVar[str] = ""
    filled_in: ClassVar[frozenset[str]] = frozenset()
    key_header: ClassVar[str] = "Authorization"
    key_scheme: ClassVar[str] = "Bearer"

    def headers(self) -> Mapping[str, str]:
        key = environ.get(self.key_env) if self.key_env else None
        return {self.key_header: f"{self.key_scheme} {key}".lstrip()} if key else {}

    def rows(self, response: TextResponse) -> Iterator[PagePart]:
        document = load_json(response.text, where=response.url)
        if not self.entries:
            yield from read_entries(document, "models", "", self.read_entry)
            return
        page = require_object(document, "body", response.url)
        yield from unread_keys(page, {self.entries, *self.envelope.split()}, "")
        yield from read_listing(page, self.entries, self.read_entry, response.url)

    def read_entry(self, item: Json, locator: str) -> Iterator[PagePart]:
        """Yield what one entry says of its model, then its offers; what is unknown stands in the first row."""
        if not self.is_listed(item):
            return
        name, unknown = self.entry_name(item, locator), self._unknown_cells(item, locator)
        if "model" in self.row_kinds:
            yield RawRow("model", name, locator, self.model_cells(item, locator) | unknown, self.provider)
            unknown = {}
        if "offer" in self.row_kinds:
            offer = RawRow("offer", name, locator, self.offer_cells(item, locator) | unknown, self.provider)
            yield from self.offer_rows(offer, item)

    def is_listed(self, item: Json) -> bool:
        """Say whether an entry is an offer to everybody."""
        return True

    def entry_name(self, item: Json, locator: str) -> str:
        """Return the name of the model that an entry is about, as printed."""
        return require_text(item, self.id_key, locator)

    def model_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        """Return what an entry says of its model."""
        return self._copy_cells(item, self._model_meanings, locator) | self._word_cells(item, locator)

    def offer_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        """Return what an entry says of its offer."""
        return self._copy_cells(item, self._offer_meanings, locator)

    def offer_rows(self, offer: RawRow, item: Json) -> Iterator[PagePart]:
        """Yield the offers of one entry; `offer` is the one without a condition."""
        yield offer

    @cached_property
    def _model_meanings(self) -> Mapping[str, KeyMeanings]:
        return group_by_object(parse_key_meanings(self.model_keys))

    @cached_property
    def _offer_meanings(self) -> Mapping[str, KeyMeanings]:
        return group_by_object(parse_key_meanings(self.offer_keys))

    @cached_property
    def _known_keys(self) -> Mapping[str, set[str]]:
        tables = [*parse_key_meanings(self.model_keys), *parse_key_meanings(self.offer_keys)]
        return group_known_keys([self.id_key, *tables, *self.words, *self.ignored.split()])

    def _copy_cells(self, item: Json, tables: Mapping[str, KeyMeanings], locator: str) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for path, meanings in tables.items():
            found = cells(read_object(item, path, locator), meanings, _pointer(path)) | found
        return {name: cell for name, cell in found.items() if not self._says_nothing(name, cell)}

    def _says_nothing(self, name: str, cell: Cell) -> bool:
        """Say whether a cell is blank, or a 0 that listings fill in where there is none to state."""
        filled = cell.unit == "tokens" or name in self.filled_in
        return cell.text in NOTHING or (filled and is_zero(cell.text))

    def _word_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for path, meanings in self.words.items():
            parent, _, key = path.rpartition("/")
            words = optional_words(read_object(item, parent, locator), key, locator)
            found |= flag_cells(words, meanings, _pointer(path))
        return found

    def _unknown_cells(self, item: Json, locator: str) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for path, known in self._known_keys.items():
            found |= unknown_keys(read_object(item, path, locator), known, _pointer(path))
        return found


def join_paths(parent: str, names: str) -> str:
    """Return the paths of several keys of one object, as `ignored` has them."""
    return " ".join(f"{parent}/{name}" for name in names.split())


def group_by_object(table: KeyMeanings) -> dict[str, KeyMeanings]:
    """Group meanings by the object their keys stand in, "" for the entry itself."""
    found: dict[str, dict[str, Any]] = {}
    for path, meanings in table.items():
        parent, _, key = path.rpartition("/")
        found.setdefault(parent, {})[key] = meanings
    return dict(found)


def group_known_keys(paths: Iterable[str]) -> dict[str, set[str]]:
    """Group the keys that paths name by the object they stand in; an object is a key of its own parent."""
    found: dict[str, set[str]] = {"": set()}
    for path in paths:
        steps = path.split("/")
        for depth, key in enumerate(steps):
            found.setdefault("/".join(steps[:depth]), set()).add(key)
    return found


def _pointer(path: str) -> str:
    return "".join(f"/{pointer_step(key)}" for key in path.split("/") if key)
