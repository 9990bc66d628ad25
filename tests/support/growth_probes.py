"""Every reader of text in the code, and hostile texts of any size: what growth is measured on."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from types import ModuleType

from scrapy.http import HtmlResponse, TextResponse

from cardwatch.crawler.bounds import page_bounds
from cardwatch.crawler.documents import PageChangedError
from cardwatch.normalize.text import ParseError
from support.recorded_pages import spiders

PACKAGES = (
    *("crawler.formats", "crawler.spiders", "normalize", "normalize.identity", "scan.references", "crawler.secrets"),
    *("compare.wording.escaping", "compare.wording.grammar", "notifications.events", "site.places", "site.feed"),
    *("crawler.politeness", "crawler.attempt", "terminal.output", "db.ingest.unread_parts"),
)  # fmt: skip
NO_READERS = {
    "normalize.licenses._spdx": "not linear, but parse_license hands it at most 80 characters",
    "crawler.formats.json_listing.parse_key_meanings": "reads tables of ours",
    "terminal.output.echo": "prints",
    "normalize.__getattr__": "looks a name up in a module",
    "normalize.providers._table": "loads a file of ours",
    "normalize.identity.aliases._load": "likewise",
}
"""Functions of one text that no text from outside reaches, whatever its size."""
REFUSALS = (
    PageChangedError,
    ParseError,
    ValueError,
    ArithmeticError,
    KeyError,
    LookupError,
    TypeError,
    RecursionError,
)
"""What a reader may say of a text that is not for it."""

FRAGMENTS = (
    *(" ", "\n", "\t", "a", "1", "-", "_", "(", ")", "(a)", "()", "[", "]", "[a](b)", "![", "[![a]( ", "|", "|-", "# "),
    *("*", "~~", "~~a", "<", "<a", "<a>", "<del>", "<s></del>", "<td>", "<sup>", "<!--", "$1", "$1 ", "1,", "1.", "\\"),
    *("cc-", "-fp8", "-v1", "-2024-01-01", "2024-01-01 ", "1m ", "{", "}", "&amp;", "; ", "`", '"', "'", "and ", ", "),
    *("/", "a/", ": ", "https://", "a@", "x1", "1B ", "%", "+", 'a="b" ', "free ", "(preview) ", "_high", "w/ tools "),
    *("per 1M tokens ", "$1 / MTok ", "1k<tokens≤", "until 2024-01-01 ", "from ", "Input: ", "---\n", "a: b\n", "[["),
    *('{"a":', "::: a\n", '<Tab title="a">', "é", "\u0301", "\ufdfa", "。", "-thinking", "-int4-mixed-ar", "to-text-"),
    *("\x1b[1m", "\u202e", "?key=a", "&sig=", "[!INCLUDE [", "1-1", "<a; b ", "\r", "| a |\n", "<tr><td>", "- ", "<del "),
)  # fmt: skip
EDGES = (
    ("", ""),
    ("a", "x"),
    ("$1", "!"),
    ("# x", "y"),
    ("- ", "\x0b"),
    ("(", "1"),
    ("|a|\n|-|\n", ""),
    ("[", "]("),
)


def hostile_text(fragment: str, size: int, edges: tuple[str, str]) -> str:
    """Return `fragment` over and over, up to `size` characters, between a beginning and an end."""
    return edges[0] + fragment * max(1, size // len(fragment)) + edges[1]


def probe_texts(size: int, every: int = 1) -> Iterator[str]:
    """Yield hostile texts: every fragment, each between other edges; or one of `every` so many."""
    edges = cycle(EDGES)
    for fragment in FRAGMENTS[::every]:
        yield hostile_text(fragment, size, next(edges))


def text_readers() -> Mapping[str, Callable[[str], object]]:
    """Return every function of the reading code that takes one text and needs nothing else."""
    found = {}
    for package in PACKAGES:
        for module in _modules(importlib.import_module(f"cardwatch.{package}")):
            for name, made in vars(module).items():
                reader = inspect.unwrap(made) if callable(made) else None
                where = f"{module.__name__.removeprefix('cardwatch.')}.{name}"
                if where in NO_READERS or not inspect.isfunction(reader):
                    continue
                if reader.__module__ == module.__name__ and _takes_one_text(reader):
                    found[where] = reader
    return found


def _modules(package: ModuleType) -> list[ModuleType]:
    path = getattr(package, "__path__", ())
    inner = [
        importlib.import_module(f"{package.__name__}.{each.name}") for each in pkgutil.iter_modules(path)
    ]
    return [package, *inner]


def _takes_one_text(reader: Callable[..., object]) -> bool:
    parameters = [*inspect.signature(reader).parameters.values()]
    needed = [
        p for p in parameters if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]
    return needed[:1] == parameters[:1] and len(needed) == 1 and str(parameters[0].annotation) == "str"


def seconds_taken(read: Callable[[str], object], text: str) -> float:
    """Return the processor time of reading a text to its end; what the reader refuses is read, too.

    Raises BoundExceededError after ten seconds.
    """
    began = time.process_time()
    with page_bounds():
        try:
            found = read(text)
            if isinstance(found, Iterator):
                for _ in found:
                    pass
        except REFUSALS:
            pass
    return time.process_time() - began


def page_readers() -> Mapping[str, Callable[[str], object]]:
    """Return every source's reading of a whole page whose body is a text."""
    return {name: _page_reader(name) for name in spiders()}


def _page_reader(name: str) -> Callable[[str], object]:
    source = spiders()[name]()

    def read(text: str) -> object:
        kind = HtmlResponse if text.lstrip().startswith("<") else TextResponse
        return source.rows(kind(source.url, body=text.encode("utf-8", "surrogatepass"), encoding="utf-8"))

    return read
