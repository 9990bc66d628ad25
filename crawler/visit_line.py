"""The line that an archive keeps of each attempt, and the visit it tells of."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from cardwatch.crawler.attempt import ANSWERED
from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.crawler.warc import is_plausible_date


class VisitLineError(ValueError):
    """A record that should tell of a visit does not; says what is wrong with it."""


class DocumentLine(BaseModel):
    """An answer that belongs to the visit: its record in the same file, and its URL."""

    record: str
    url: str


class VisitLine(BaseModel):
    """What came of one attempt, as `PageAttempt.line` wrote it."""

    model_config = ConfigDict(frozen=True, strict=True)

    source: str
    page_kind: str
    url: str
    started: AwareDatetime
    outcome: str
    parser_version: int
    status: int | None
    size: int
    age: int
    detail: str
    validators: Mapping[str, str]
    sent_validators: Mapping[str, str]
    redirected_to: str
    documents: tuple[DocumentLine, ...]

    @classmethod
    def parse(cls, payload: bytes) -> VisitLine:
        """Read the JSON of a visit record. Raises VisitLineError."""
        try:
            line = cls.model_validate_json(payload)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            at = ".".join(str(part) for part in first["loc"]) or "the whole"
            raise VisitLineError(f"visit line: {first['msg']}, at {at}") from None
        if line.outcome != ANSWERED and line.outcome not in [*Outcome]:
            raise VisitLineError(f"visit line: wanted an outcome, found {line.outcome!r}")
        if not is_plausible_date(line.started):
            raise VisitLineError(f"visit line: wanted a date of this age, found {line.started}")
        return line

    def visit(self, warc: str) -> Visit:
        """Return the visit; its rows are not here, they are read from its documents."""
        return Visit(
            source=self.source,
            page_kind=self.page_kind,
            url=self.url,
            started=self.started,
            outcome=Outcome.UNPARSED if self.outcome == ANSWERED else Outcome(self.outcome),
            parser_version=self.parser_version,
            status=self.status,
            size=self.size,
            age=self.age,
            detail=self.detail,
            validators=self.validators,
            sent_validators=self.sent_validators,
            redirected_to=self.redirected_to,
            warc=warc,
        )
