"""Data that a page keeps as an object literal of JavaScript or TypeScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cardwatch.crawler.documents import PageChangedError

START = re.compile(r"\bexport\s+default\s+(?=\{)")
TOKEN = re.compile(
    r"\s+|//[^\n]*|/\*.*?\*/"
    r"|(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|`(?:[^`\\]|\\.)*`)"
    r"|(?P<word>-?[\w.$]+)|(?P<mark>[{}\[\]:,])",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class LiteralValue(NamedTuple):
    """A text, a number or a word such as null, as printed but for its quotes, and its line."""

    text: str
    line: int
    quoted: bool

    @property
    def locator(self) -> str:
        return f"/line[{self.line}]"


def read_default_export(text: str, *, where: str) -> dict[str, LiteralValue]:
    """Return the values of the object that a module exports, by path: "pricing/input/0/price".

    Raises PageChangedError when there is none, and for anything that is no plain literal.
    """
    start = START.search(text)
    if start is None:
        raise PageChangedError("module", wanted="export default {…}", found=text[:80], where=where)
    return dict(_values(text, start.end(), where))


def _values(text: str, start: int, where: str) -> Iterator[tuple[str, LiteralValue]]:
    path: list[str] = []
    for token in _tokens(text, start, where):
        mark = token["mark"]
        if mark in ("{", "["):
            path.append("" if mark == "{" else "0")
        elif mark in ("}", "]"):
            path.pop()
        elif mark == ",":
            path[-1] = str(int(path[-1]) + 1) if path[-1].isdigit() else ""
        elif mark is None and text[token.end() :].lstrip().startswith(":"):
            path[-1] = _unquote(token[0])
        elif mark is None:
            line = text.count("\n", 0, token.start()) + 1
            yield "/".join(path), LiteralValue(_unquote(token[0]), line, token["text"] is not None)
        if not path:
            return
    raise PageChangedError("module", wanted="a whole object", found="its end is missing", where=where)


def _tokens(text: str, start: int, where: str) -> Iterator[re.Match[str]]:
    while start < len(text):
        token = TOKEN.match(text, start)
        if token is None:
            found = text[start:].splitlines()[0]
            raise PageChangedError("literal", wanted="texts, numbers and words", found=found, where=where)
        if token.lastgroup:
            yield token
        start = token.end()


def _unquote(printed: str) -> str:
    return ESCAPE.sub(r"\1", printed[1:-1]) if printed[0] in "'\"`" else printed
