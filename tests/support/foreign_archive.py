"""A WARC file as another crawler writes it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from cardwatch.crawler.warc import VISIT_CONTENT_TYPE

JSON = {"Content-Type": "application/json"}


class Foreign:
    """A WARC file as Heritrix or another crawler might write it."""

    def __init__(self, path: Path, *, packed: bool = True) -> None:
        self.path = path
        self._out = path.open("wb")
        self._writer = WARCWriter(self._out, gzip=packed)
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "other/1"}))

    def add(
        self, url: str, body: str | bytes, *, day: int = 1, status: str = "200 OK",
        headers: Mapping[str, str] = JSON, date: str = "", **more: str,
    ) -> Foreign:  # fmt: skip
        data = body.encode() if isinstance(body, str) else body
        http = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1")
        record = self._writer.create_warc_record(
            url, "response", payload=BytesIO(data), length=len(data), http_headers=http,
            warc_headers_dict={"WARC-Date": date or f"2026-05-{day:02}T00:00:00Z", **more},
        )  # fmt: skip
        self._writer.write_record(record)
        return self

    def visit(self, url: str, line: bytes) -> Foreign:
        """Add a line about a visit, as Cardwatch itself writes them."""
        self._writer.write_record(
            self._writer.create_warc_record(
                url, "metadata", payload=BytesIO(line), length=len(line),
                warc_content_type=VISIT_CONTENT_TYPE,
                warc_headers_dict={"WARC-Date": "2026-05-01T00:00:00Z"},
            )
        )  # fmt: skip
        return self

    def again(self, url: str, digest: str, *, day: int) -> Foreign:
        http = StatusAndHeaders("200 OK", list(JSON.items()), protocol="HTTP/1.1")
        headers = {"WARC-Date": f"2026-05-{day:02}T00:00:00Z"}
        made = self._writer.create_revisit_record(
            url, digest or "?", url, "2026-05-01T00:00:00Z", http, headers
        )
        if not digest:
            made.rec_headers.remove_header("WARC-Payload-Digest")
        self._writer.write_record(made)
        return self

    def done(self) -> Path:
        self._out.close()
        return self.path
