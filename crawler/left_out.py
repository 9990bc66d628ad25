"""The record that says which records a file has no more, and why: pruned on purpose, or damaged and set apart."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from warcio.warcwriter import WARCWriter

from cardwatch.crawler.gzip_member import MAGIC
from cardwatch.crawler.warc import WarcRecord, format_warc_date

LEFT_OUT_CONTENT_TYPE = "application/vnd.cardwatch.left-out+json"


class LeftOutRecord(BaseModel):
    """One record that is there no more: its id and its body's digest, "" where nobody could read them."""

    model_config = ConfigDict(frozen=True)

    id: str
    digest: str
    url: str
    offset: int
    reason: str = ""


class LeftOutNote(BaseModel):
    """What was left out of a file at one time."""

    model_config = ConfigDict(frozen=True)

    why: Literal["pruned", "damaged"]
    records: tuple[LeftOutRecord, ...]

    @classmethod
    def of(cls, entry: WarcRecord) -> LeftOutNote | None:
        """Read the note that a record holds, None where it holds none."""
        if entry.content_type != LEFT_OUT_CONTENT_TYPE:
            return None
        try:
            return cls.model_validate_json(entry.payload)
        except ValidationError:
            return None


def pack_left_out_note(note: LeftOutNote, file: Path, first: WarcRecord) -> bytes:
    """Return the note as a record of `file`, compressed if its others are; dated as the `first` of them."""
    body = note.model_dump_json().encode()
    out = BytesIO()
    with file.open("rb") as stored:
        packed = stored.read(len(MAGIC)) == MAGIC
    writer = WARCWriter(out, gzip=packed, warc_version="1.1")
    writer.write_record(
        writer.create_warc_record(
            "urn:cardwatch:left-out",
            "metadata",
            payload=BytesIO(body),
            length=len(body),
            warc_content_type=LEFT_OUT_CONTENT_TYPE,
            warc_headers_dict={"WARC-Date": format_warc_date(first.date)},
        )
    )
    return out.getvalue()
