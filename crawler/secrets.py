"""Keys, kept out of the archive, the attempts, the log and every message."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from scrapy.http import Headers, Response

HIDDEN = "hidden"
SHORTEST_KEY = 6
"""Characters; what is shorter is no key, and too likely to stand in a text by chance."""
_SECRET_NAME = re.compile(
    r"(?:key|token|secret|signature|password|passwd|passphrase|credentials?|auth|authorization|jwt|hmac|cookie"
    r"|bearer|assertion|session|sessionid|accesskeyid)$|^(?:sig|sid|pwd|pass)$"
)
_PLACE_IN_A_LIST = re.compile(r"page|next|continu|start|last|sync|skip|sort|cursor|partition|primary|foreign")
"""A page token or a sort key opens nothing, and tells one answer of a listing from another."""
_PARAMETER = re.compile(
    r"""(?:(?<=[?&;#])|(?<=\\u0026)|(?<=%26)|(?<=%3[Ff]))([\w.$\[\]%-]{1,80}?)(?:=|%3[Dd])"""
)
_VALUE = re.compile(r"""(?:(?!%26)[^&#\s"'<>\\])*""")
_USER = re.compile(r"(?<=://)[^/?#@\s\"'<>]{1,500}@")


def is_secret_name(name: str) -> bool:
    """Say whether a parameter or header of this name carries a key: client_secret, X-Amz-Signature, api_key …"""
    plain = re.sub(r"[^a-z0-9]", "", unquote(name).casefold())
    return bool(_SECRET_NAME.search(plain)) and not _PLACE_IN_A_LIST.search(plain)


def hide_secrets(text: str) -> str:
    """Return a URL, or a text with URLs in it, with the values of key-like parameters and passwords hidden."""
    if "=" not in text and "%3" not in text and "@" not in text:
        return text  # neither a parameter nor a user, as most texts
    shown, end = list[str](), 0
    for found in _PARAMETER.finditer(text):
        if found.start() >= end and is_secret_name(found[1]):
            shown += text[end : found.end()], HIDDEN
            end = _end_of_value(text, found.end())
    return _USER.sub(f"{HIDDEN}@", "".join([*shown, text[end:]]))


def _end_of_value(text: str, start: int) -> int:
    value = _VALUE.match(text, start)
    return value.end() if value else start


@dataclass(frozen=True, slots=True)
class SecretFilter:
    """Hides the keys of one source, and what looks like a key in a URL, wherever they turn up."""

    keys: tuple[str, ...] = ()

    @classmethod
    def of(cls, key: str, headers: Mapping[str, str], url: str = "") -> SecretFilter:
        """Return the filter of a source: its key, those in its headers, those in its URL."""
        values = [key, *(value for name, value in headers.items() if is_secret_name(name))]
        values += [value for name, value in parse_qsl(urlsplit(url).query) if is_secret_name(name)]
        keys = {value.rpartition(" ")[2] for value in values}
        spelled = {form for key in keys if len(key) >= SHORTEST_KEY for form in _spellings(key)}
        return cls(tuple(sorted(spelled, key=len, reverse=True)))

    def text(self, text: str) -> str:
        """Return a text without keys."""
        for key in self.keys:
            text = text.replace(key, HIDDEN)
        return hide_secrets(text)

    def line(self, value: Any) -> Any:
        """Return a JSON value whose texts are without keys."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {name: self.line(each) for name, each in value.items()}
        return [self.line(each) for each in value] if isinstance(value, list | tuple) else value

    def response(self, response: Response) -> Response:
        """Return an answer as the archive may keep it.

        The body of a page is left as it is but for the source's own keys; one that is no page, such as that of
        a redirect, is searched for URLs, too.
        """
        found = [(name, value) for name, values in response.headers.items() for value in values]
        shown = [(name, self.text(value.decode("latin-1")).encode("latin-1")) for name, value in found]
        url, body = self.text(response.url), response.body
        for key in self.keys:
            body = body.replace(key.encode(), HIDDEN.encode())
        if response.status != 200:
            body = hide_secrets(body.decode("latin-1")).encode("latin-1")
        if (shown, url, body) == (found, response.url, response.body):
            return response
        return Response(
            url,
            response.status,
            Headers(shown),
            body,
            ip_address=response.ip_address,
            protocol=response.protocol,
        )


def _spellings(key: str) -> Iterator[str]:
    """Yield the ways in which an answer may repeat a key."""
    yield from (key, quote(key, safe=""), json.dumps(key)[1:-1], escape(key))


class _HidingRecord(logging.LogRecord):
    def getMessage(self) -> str:  # noqa: N802
        return hide_secrets(super().getMessage())


def hide_in_logs() -> None:
    """Have every log line of this process hide what looks like a key in a URL."""
    logging.setLogRecordFactory(_HidingRecord)
