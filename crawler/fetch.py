"""The download handler: a request waits its turn; its answer is decoded, archived, and only then read."""

from __future__ import annotations

import aiohttp
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.http import Headers, Response, TextResponse
from scrapy.responsetypes import responsetypes
from scrapy.utils.ssl import _make_ssl_context

from cardwatch.crawler.archive_writer import ArchiveError
from cardwatch.crawler.crawl_run import running_source
from cardwatch.crawler.fetch_errors import NETWORK_ERRORS, error_line
from cardwatch.crawler.host_rules import GuardedResolver
from cardwatch.crawler.http_codings import CodingError, TooLargeError, gunzip
from cardwatch.crawler.politeness import parse_retry_after, parse_spent_window

ARCHIVED_META = "kept"
"""The meta key under which an answer's place in the archive travels."""
DEFAULT_HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip", "Cache-Control": "max-age=0"}


class ArchivingDownloadHandler(AiohttpDownloadHandler):
    """Download handler for http and https."""

    experimental = False

    def __init__(self, crawler: Crawler) -> None:
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._run = running_source(crawler).run
        self._maxsize = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._ssl_context = _make_ssl_context(crawler.settings)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(self._run.rules),
                limit=self._pool_size_total,
                limit_per_host=self._pool_size_per_host,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
        )
        self._session._retry_connection = False  # else a dropped request is sent twice unseen

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """Return the headers as they came; a byte above 127 is legal in a value (RFC 9110 5.5)."""
        return Headers(list(response.raw_headers))

    async def download_request(self, request: Request) -> Response:
        """Return the answer, decoded and archived. Raises what crawler.failures lists."""
        host = self._run.hosts.of_url(request.url)
        async with host.turn():
            self._introduce(request)
            try:
                response = decode_response(await super().download_request(request), self._maxsize)
            except NETWORK_ERRORS as error:
                host.failed(error_line(error))
                raise
            host.answered(
                response.status,
                parse_retry_after(response.headers, self._run.now),
                parse_spent_window(response.headers),
            )
            if response.status >= 400 and (attempt := request.meta.get("attempt")):
                attempt.status = response.status  # it stands when the host closes before another try
            return self._archived(request, response)

    def _introduce(self, request: Request) -> None:
        for name, value in {**DEFAULT_HEADERS, "User-Agent": self._run.user_agent}.items():
            request.headers.setdefault(name, value)
        request.meta["verbatim_url"] = True  # else the client writes some characters in its own way
        if attempt := request.meta.get("attempt"):
            attempt.started = attempt.started or self._run.now()

    def _archived(self, request: Request, response: Response) -> Response:
        sent = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1")
            for name, values in request.headers.items()
            if name != b"Proxy-Authorization"
        }
        secrets = running_source(self.crawler).secrets
        try:
            request.meta[ARCHIVED_META] = self._run.archive.exchange(
                request, secrets.response(response), sent=sent
            )
        except ArchiveError as error:
            self._run.fail(error)
            raise IgnoreRequest(str(error)) from error
        return response


def decode_response(response: Response, limit: int) -> Response:
    """Return an answer with its body decoded, and of the class its content asks for.

    Raises ResponseDataLossError for a gzip body that is broken or ends early, DownloadCancelledError for one
    of more than `limit` bytes, and IgnoreRequest for an encoding nobody asked for.
    """
    encoding = (response.headers.get("Content-Encoding") or b"").decode("latin-1").strip().lower()
    if encoding in ("", "identity") or not response.body:
        return response
    if encoding not in ("gzip", "x-gzip"):
        raise IgnoreRequest(f"encoding: wanted gzip, found {encoding}, at {response.url}")
    try:
        body = gunzip(response.body, limit)
    except TooLargeError as error:
        raise DownloadCancelledError(f"body: {error}, at {response.url}") from error
    except CodingError as error:
        raise ResponseDataLossError(f"body: {error}, at {response.url}") from error
    kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
    if issubclass(kind, TextResponse):
        return response.replace(cls=kind, body=body, encoding=None)
    return response.replace(cls=kind, body=body)
