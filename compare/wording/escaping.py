"""Text from outside, shown as text: Markdown and HTML escaping, and links that can only be http(s)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote, urlsplit

from cardwatch.normalize.hidden_characters import has_hidden, write_out_hidden, write_out_hidden_lines

_MARKDOWN = re.compile(r"[\\`*\[\]<>|~&#]|(?<![^\W_])_|_(?![^\W_])")
"""Characters that mean something inside a line; an underscore between letters does not."""
_LINE_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+]))([-+.)])(?=\s|$)")
"""What would open a list at the start of a line."""
_PLAIN = re.compile(r"(?:[A-Za-z$(]|[0-9]+(?![0-9.)]))[A-Za-z0-9 ,.$%()'/:;?!\"-]*")
"""Text in which nothing can mean something: most of it is such, and told in one look."""
_URL_SAFE = "/:?#@!$&'*+,;=-._~%"


@lru_cache(maxsize=8192)
def escape_markdown(text: str) -> str:
    """Return text that CommonMark and GFM tables show as it stands; wants a single line."""
    if _PLAIN.fullmatch(text):
        return text
    text = write_out_hidden(text)
    opened = _LINE_START.match(text)
    if opened:
        return f"{opened[1]}\\{opened[2]}{escape_markdown(text[opened.end() :])}"
    return _MARKDOWN.sub(_escaped, text) if _has_markup(text) else text


def escape_markdown_lines(texts: Sequence[str]) -> list[str]:
    """Return several texts as `md` does; one look at all of them together spares most of them their own."""
    together = "".join(texts)
    if has_hidden(together) or _has_markup(together):
        return [escape_markdown(text) for text in texts]
    return [escape_markdown(text) if text[:1] in _LINE_OPENERS else text for text in texts]


def _has_markup(text: str) -> bool:
    """Say whether a character stands in a text that may mean something in Markdown."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data.translate(None, _MARKDOWN_BYTES)) < len(data)


_MARKDOWN_BYTES = b"\\`*[]<>|~&#_"
_LINE_OPENERS = frozenset("0123456789-+")


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def escape_html(text: str) -> str:
    """Return text safe in HTML content and in quoted attributes."""
    text = write_out_hidden_lines(text)
    for character, written in _HTML:
        text = text.replace(character, written)
    return text


_HTML = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;"))
"""The first stands in all others. The standard library's table of every entity takes a millisecond to load."""


def link_target(url: str) -> str | None:
    """Return `url` ready for an href or a Markdown link, or None unless it is http or https with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return quote(url, safe=_URL_SAFE)


def markdown_link(text: str, url: str) -> str:
    """Return a Markdown link, or only the text when the address may not be linked."""
    target = link_target(url)
    return f"[{escape_markdown(text)}]({target})" if target else escape_markdown(text)


def html_link(text: str, url: str) -> str:
    """Return an HTML link, or only the text when the address may not be linked."""
    target = link_target(url)
    return (
        f'<a href="{escape_html(target)}" rel="nofollow noopener">{escape_html(text)}</a>'
        if target
        else escape_html(text)
    )
