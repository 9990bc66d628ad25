"""Text from outside, shown as text: Markdown and HTML escaping, and links that can only be http(s)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from urllib.parse import quote, urlsplit

_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&#]|(?<![^\W_])_|_(?![^\W_])")
"""Characters that mean something inside a line; an underscore between letters does not."""
_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+]))([-+.)])(?=\s|$)")
"""What would open a list at the start of a line."""
_URL_SAFE = "/:?#@!$&'*+,;=-._~%"


@lru_cache(maxsize=8192)
def md(text: str) -> str:
    """Return text that CommonMark and GFM tables show as it stands; wants a single line."""
    opened = _START.match(text)
    if opened:
        return f"{opened[1]}\\{opened[2]}{md(text[opened.end() :])}"
    return _MARKDOWN.sub(_escaped, text) if _suspect(text) else text


def md_lines(texts: Sequence[str]) -> list[str]:
    """Return several texts as `md` does; one look at all of them together spares most of them their own."""
    if _suspect("".join(texts)):
        return [md(text) for text in texts]
    return [md(text) if text[:1] in _OPENING else text for text in texts]


def _suspect(text: str) -> bool:
    """Say whether a character stands in a text that may mean something in Markdown."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data.translate(None, _MARKS)) < len(data)


_MARKS = b"\\`*[]<>|~&#_"
_OPENING = frozenset("0123456789-+")


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def html(text: str) -> str:
    """Return text safe in HTML content and in quoted attributes."""
    return escape(text, quote=True)


def link_target(url: str) -> str | None:
    """Return `url` ready for an href or a Markdown link, or None unless it is http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(url, safe=_URL_SAFE)


def md_link(text: str, url: str) -> str:
    """Return a Markdown link, or only the text when the address may not be linked."""
    target = link_target(url)
    return f"[{md(text)}]({target})" if target else md(text)


def html_link(text: str, url: str) -> str:
    """Return an HTML link, or only the text when the address may not be linked."""
    target = link_target(url)
    return f'<a href="{html(target)}" rel="nofollow noopener">{html(text)}</a>' if target else html(text)
