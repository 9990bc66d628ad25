"""What may go wrong between us and an answer."""

from __future__ import annotations

import re

import aiohttp
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

NETWORK_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    OSError,
)
"""The host or the way to it failed; worth another try."""
FETCH_ERRORS = (*NETWORK_ERRORS, DownloadCancelledError, UnsupportedURLSchemeError, IgnoreRequest, ValueError)
"""Everything that keeps a request from having an answer."""
MAX_ERROR_LENGTH = 300
"""Characters of one explanation."""
_CLIENT_DETAILS = re.compile(r" ssl:(?:<[^>]*>|\w+)")
"""What our HTTP client says of itself between the host and the reason."""


def error_line(error: BaseException) -> str:
    """Return an error as one line."""
    line = " ".join(_CLIENT_DETAILS.sub("", _reason(error)).split()).removesuffix(" ^")
    return line[:MAX_ERROR_LENGTH] or type(error).__name__


def _reason(error: BaseException) -> str:
    """Return what went wrong, without what our HTTP client says of its own state."""
    cause = error.__cause__
    if isinstance(cause, aiohttp.ClientHttpProxyError):
        return f"the proxy answers {cause.status}: {cause.message}"
    if isinstance(cause, aiohttp.ClientResponseError):
        return f"no HTTP: {cause.message}"
    if isinstance(cause, aiohttp.ServerDisconnectedError) and not isinstance(cause.message, str):
        return "Server disconnected inside its headers"
    return str(error)
