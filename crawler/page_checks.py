"""From bytes to rows: what counts as a page at all, and what reading bad bytes may raise."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from lxml.etree import LxmlError
from scrapy.exceptions import NotSupported
from scrapy.http import Headers, TextResponse
from scrapy.responsetypes import responsetypes
from yaml import YAMLError

from cardwatch.crawler.documents import Outcome, PageChangedError, VisitProblem

READING_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,  # a generator that ran dry, nesting without end
    TypeError,
    ValueError,  # PageChangedError and everything about encodings
    LxmlError,
    NotSupported,
    YAMLError,
)
"""What a source may raise for bytes it was not written for; anything else is a fault of ours."""

CHALLENGE_PATTERNS = (
    re.compile(r"<title>\s*Just a moment\.\.\."),
    re.compile(r"<title>\s*Attention Required! \| Cloudflare"),
    re.compile(r"_cf_chl_opt|cf-browser-verification|px-captcha|geo\.captcha-delivery\.com|gokuProps"),
    re.compile(r"_Incapsula_Resource"),
    re.compile(r"<title>[^<]*(?:Access Denied|Are you a robot|Human Verification|Security Check)", re.I),
)
"""What stands in a page that asks for proof of being human; some of it stands in ordinary pages too."""
LOGIN_PATH = re.compile(r"/(?:log[-_]?in|sign[-_]?in|auth(?:orize)?|sso|oauth2?)(?:/|$)", re.I)
_JSON_TYPE = re.compile(rb"[/+]json\b", re.I)
MAX_ERROR_LENGTH = 300
"""Characters of one explanation."""


def one_line(text: str) -> str:
    """Return an explanation as one line of readable length."""
    return " ".join(text[: 4 * MAX_ERROR_LENGTH].split())[:MAX_ERROR_LENGTH]


def located_error_line(error: BaseException, where: str) -> str:
    """Return an error as one line that names the place."""
    text = str(error) if isinstance(error, PageChangedError) else f"{type(error).__name__}: {error}"
    line = one_line(text)
    return line if where in line else f"{line}, at {where}"


def to_text_response(url: str, body: bytes, headers: Iterable[tuple[str, str]]) -> TextResponse:
    """Return an archived answer the way a source reads it.

    Raises PageChangedError when there are no bytes, or none that are text.
    """
    if not body.strip():
        raise PageChangedError("body", wanted="a page", found=f"{len(body)} bytes of nothing", where=url)
    lines = Headers(list(headers))
    kind = responsetypes.from_args(headers=lines, url=url, body=body)
    if issubclass(kind, TextResponse):
        return with_json_charset(kind(url, headers=lines, body=body))
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        found = (lines.get("Content-Type") or b"bytes of no kind").decode("latin-1")
        raise PageChangedError("body", wanted="text", found=found, where=url) from None
    return TextResponse(url, headers=lines, body=body, encoding="utf-8")


def with_json_charset(response: TextResponse) -> TextResponse:
    """Return JSON that is UTF-8 as such, whatever charset its header names (RFC 8259, 8.1)."""
    if not _JSON_TYPE.search(response.headers.get("Content-Type") or b""):
        return response
    try:
        response.body.decode("utf-8")
    except UnicodeDecodeError:
        return response
    return response.replace(encoding="utf-8")


def page_problem(
    response: TextResponse, asked: str, types: tuple[str, ...] = ()
) -> tuple[Outcome, str] | None:
    """Return the outcome that a redirect or a content type decides before the page is read; None if neither does.

    `asked` is the URL that was asked for, `types` the content types the source takes, all if empty.
    """
    if response.url != asked and (moved := _redirect_problem(response.url, asked)):
        return moved
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
    if types and kind not in types:
        return Outcome.UNPARSED, f"content type: wanted {' or '.join(types)}, found {kind}, at {response.url}"
    return None


def unreadable_outcome(error: BaseException, body: bytes, where: str) -> tuple[Outcome, str]:
    """Return the outcome of a visit whose page cannot be read: a challenge page, or a layout that changed."""
    start = body[:20_000].decode("utf-8", "replace")
    if any(challenge.search(start) for challenge in CHALLENGE_PATTERNS):
        return Outcome.BLOCKED, f"{VisitProblem.CHALLENGE_PAGE} instead of a page, at {where}"
    return Outcome.UNPARSED, located_error_line(error, where)


def _redirect_problem(final: str, asked: str) -> tuple[Outcome, str] | None:
    path = urlsplit(final).path
    if LOGIN_PATH.search(path) and not LOGIN_PATH.search(urlsplit(asked).path):
        return Outcome.BLOCKED, f"login wall: wanted {asked}, found {final}"
    if path in ("", "/") and urlsplit(asked).path not in ("", "/"):
        return Outcome.UNPARSED, f"{VisitProblem.HOME_PAGE}: wanted {asked}, found {final}"
    return None
