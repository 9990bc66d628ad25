"""What catalog operations answer, beside the model cards: reports and rows for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from cardwatch.db.query.cards import Change, ClaimedValue
from cardwatch.db.store.values import PlainValue

if TYPE_CHECKING:
    from cardwatch.crawler.documents import Visit


class PartialRead(NamedTuple):
    """How much of a page was not understood: rows of those it shows, whole tables, keys beside the rows."""

    rows: int
    shown: int
    tables: int
    keys: int

    @classmethod
    def of(cls, visit: Visit) -> PartialRead:
        """Count what a visit left unread."""
        kinds = Counter(each.part.kind for each in visit.unread)
        lost = sum(each.part.rows for each in visit.unread)
        read = len({(each.document.digest, each.row.locator) for each in visit.rows})
        rows = kinds["row"] + kinds["entry"]
        return cls(rows, read + lost, kinds["table"] + kinds["section"], kinds["cell"])

    def sentence(self) -> str:
        """Return "read in part: 3 of 41 rows, 1 table"."""
        parts = [f"{self.rows} of {self.shown} rows"] if self.rows else []
        parts += [_counted(self.tables, "table")] if self.tables else []
        parts += [_counted(self.keys, "key")] if self.keys else []
        return f"read in part: {', '.join(parts)}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class IngestReport(Struct):
    """What one source's visits, or one import, did to the catalog.

    `outcomes` counts visits by outcome, "known" for those ingested before and "late" for those older than
    what the page last taught. `failures` say what went wrong, by URL. `dirty_models` are those whose
    facts, offers or holds changed.
    """

    source: str
    outcomes: Counter[str] = field(default_factory=Counter)
    new: int = 0
    changed: int = 0
    same: int = 0
    gone: int = 0
    held: int = 0
    released: int = 0
    rejected: int = 0
    unlinked: int = 0
    withdrawn: int = 0
    returned: int = 0
    held_pages: list[str] = field(default_factory=list)
    partial_reads: dict[str, PartialRead] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    dirty_models: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)


class Conflict(Struct, frozen=True):
    """Sources that disagree about one fact. `chosen` is None when no rule decides; `rule` is the id of the one that did.

    `monthly_usd` is the difference between the highest and the lowest value at the asked traffic, a decimal
    string, None for what is not a token price.
    """

    model: str
    provider: str | None
    offer: str | None
    attribute: str
    qualifier: Mapping[str, str]
    values: tuple[ClaimedValue, ...]
    chosen: PlainValue
    why: str
    monthly_usd: str | None = None
    rule: str = ""


class HoldEvidence(Struct, frozen=True):
    """Where one of the two values of a hold stands, and when it was last or first seen there."""

    document: str
    locator: str
    seen: str


class Hold(Struct, frozen=True):
    """A value, or what a whole visit would lose (`attribute` ""), that waits for a second look or a person.

    `others` is what other sources say; `if_undecided` what happens when nobody decides, at the latest on `ends_on`,
    None when it waits for ever.
    """

    id: int
    source: str
    url: str
    model: str | None
    provider: str | None
    offer: str | None
    attribute: str
    old: PlainValue
    new: PlainValue
    reason: str
    since: str
    state: str = "open"
    rule: str = ""
    doubt: str = "surprise"
    old_evidence: HoldEvidence | None = None
    new_evidence: HoldEvidence | None = None
    others: tuple[ClaimedValue, ...] = ()
    if_undecided: str = ""
    ends_on: str | None = None


class SourceStatus(Struct, frozen=True):
    """How one source does. `state` is ok, failing, held or never, and `reason` why it is not well.

    `yields` are the topics of the facts it states now; `redistribute` says whether its values may be passed on.
    """

    id: str
    kind: str
    authority: str
    url: str
    last_success: str | None
    facts: int
    rejected: int
    unlinked: int
    held: int
    next_due: str | None
    state: str
    pages: int = 0
    failing_since: str | None = None
    detail: str = ""
    title: str = ""
    yields: tuple[str, ...] = ()
    terms: str = ""
    redistribute: bool = True
    reason: str = ""


class WaitingCounts(NamedTuple):
    """What of one source waits for a person: values on hold, cells that were refused, names that mean no known model."""

    held: int = 0
    refused: int = 0
    unlinked: int = 0


class UnlinkedName(Struct, frozen=True):
    source: str
    provider: str
    name: str
    candidates: tuple[str, ...]
    first_seen: str


class QuarantinedCell(Struct, frozen=True):
    """One cell that could not be understood; `count` readings met it."""

    source: str
    url: str
    name: str
    attribute: str
    raw: str
    raw_unit: str
    rule: str
    document: str
    locator: str
    first_seen: str
    last_seen: str
    count: int


class RecordedAttempt(Struct, frozen=True):
    source: str
    url: str
    started: str
    outcome: str
    verified_at: str | None
    status: int | None
    size: int
    changes: int
    parser_version: int
    detail: str


class StoredComparison(Struct, frozen=True):
    """`body` is the comparison as JSON; `generated_at` the first time `digest` appeared."""

    a: str
    b: str
    digest: str
    template: str
    body: str
    generated_at: str


class PageToRead(Struct, frozen=True):
    """A page whose archived bytes should be read again, and where they are."""

    source: str
    url: str
    kind: str
    archive: str
    offset: int
    started: str


class ResolvedName(NamedTuple):
    """The model a name means, or None and the ids it may mean."""

    model: str | None
    candidates: tuple[str, ...]


class ModelSummary(Struct, frozen=True):
    """One line about a model. The two prices are those of its cheapest paid offer, "0" if it is only free."""

    id: str
    name: str
    vendor: str
    product_type: str | None
    lifecycle: str | None
    context_window: int | None
    cheapest_input: str | None
    cheapest_output: str | None
    offers: int
    oldest_reviewed_on: str | None
