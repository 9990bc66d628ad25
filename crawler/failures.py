"""What may go wrong between us and an answer."""

from __future__ import annotations

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
LONGEST = 300
"""Characters of one explanation."""


def told(error: BaseException) -> str:
    """Return an error as one line."""
    return " ".join(f"{error}".split())[:LONGEST] or type(error).__name__
