"""What leaves the crawler: visits to pages, the documents they brought, and rows of text as printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple


class PageChangedError(ValueError):
    """A page no longer looks the way its source was written for; says what, wanted, found, where."""

    def __init__(self, what: str, *, wanted: object, found: object, where: str) -> None:
        super().__init__(f"{what}: wanted {wanted}, found {found}, at {where}")
        self.what, self.wanted, self.found, self.where = what, str(wanted), str(found), where

    def __reduce__(self) -> tuple[object, ...]:
        return _page_changed, (self.what, self.wanted, self.found, self.where)


def _page_changed(what: str, wanted: str, found: str, where: str) -> PageChangedError:
    return PageChangedError(what, wanted=wanted, found=found, where=where)


class VisitProblem(StrEnum):
    """What stands first in the detail of a visit that brought something else than its page."""

    CHALLENGE_PAGE = "challenge page"
    EMPTY_ANSWER = "body: wanted a page"
    HOME_PAGE = "redirected to a home page"
    ROBOTS_FAILED = "robots.txt unreachable"


class Cell(NamedTuple):
    """One value exactly as printed.

    `unit` is what the source says the number counts ("usd/token", "usd/1M tokens", "tokens", "percent",
    "unix seconds", …; see normalize/units): never guessed, "" where the attribute needs none.
    `at` leads from the row's locator to this cell ("/pricing/prompt", "/td[3]"). `wanted` is the form its source
    knows, given only where `text` has another: normalize refuses the cell with this reason, the row lands.
    """

    text: str
    unit: str = ""
    at: str = ""
    wanted: str = ""


RowKind = Literal["model", "offer", "benchmark"]


@dataclass(frozen=True, slots=True)
class RawRow:
    """One subject of a page and its cells, by the catalog's attribute name.

    A "model" row says things about a model as such; an "offer" row is one provider's offer of it (prices,
    route limits); a "benchmark" row holds one score. `provider` is who serves, as the source prints it
    (for a model row: whose listing said it, "" for the page's own author). `variant` and `qualifier` carry
    what the page says outside the name: tier, region, quantization; context_above, window, ttl, from, to;
    version, mode, harness, reporter. `dates` carries effective_from and published_on as printed. `not_whole`
    names attributes of a list that this page shows in part or not at all: what it omits is unknown, not a No.
    `alias_of` is the name of what the page says `name` stands for: the row is about that model.
    """

    kind: RowKind
    name: str
    locator: str
    cells: Mapping[str, Cell]
    provider: str = ""
    variant: Mapping[str, str] = field(default_factory=dict)
    qualifier: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    not_whole: frozenset[str] = frozenset()
    alias_of: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Return where each of its cells stands."""
        return tuple(self.locator + cell.at for cell in self.cells.values())


PartKind = Literal["table", "section", "row", "entry", "cell"]


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """A part of a page that its source does not understand, while the rest of the page is read.

    `text` is the whole part as printed, never cut; `found` is what in it was not understood. `section` is the
    headings above it, `rows` how many rows of the page it holds (0 for a key beside the rows). `cells` is
    always empty: whoever only wants facts may treat it as a row without any.
    """

    kind: PartKind
    what: str
    wanted: str
    found: str
    locator: str
    text: str = ""
    section: str = ""
    rows: int = 1
    cells: Mapping[str, Cell] = field(default_factory=dict)


PagePart = RawRow | UnreadPart
"""What a source yields while it reads a page."""


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of one response: their digest, and where the archive keeps them."""

    digest: str  # "sha256:…" over the decoded body
    url: str
    fetched_at: datetime
    content_type: str
    size: int
    warc: str = ""  # file name inside the archive folder
    offset: int = 0


class Outcome(StrEnum):
    """What came of one attempt, before the catalog has compared the rows with the last ones."""

    READ = "read"  # a page arrived and every row was copied
    NOT_MODIFIED = "not_modified"  # the origin confirmed our validator
    UNPARSED = "unparsed"  # bytes arrived that the source cannot read
    ERROR = "error"  # no usable answer
    BLOCKED = "blocked"  # robots.txt, a login wall or a challenge page


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it left a page, with the document it stands in."""

    document: Document
    row: RawRow


@dataclass(frozen=True, slots=True)
class SourceUnreadPart:
    """One unread part of a page, with the document it stands in."""

    document: Document
    part: UnreadPart


class PageVersion(NamedTuple):
    """What one page tells of another without being it: a date, a commit, a digest that moves when that changes.

    `signal` says what kind of telling it is, such as sitemap.
    """

    signal: str
    url: str
    version: str


class SourceVersion(NamedTuple):
    """What a document says of the version of another page."""

    document: Document
    version: PageVersion


@dataclass(frozen=True, slots=True)
class Visit:
    """One attempt on one page: a URL, or a chain of URLs that make up one listing.

    `url` is the page's name in the catalog (the first URL asked for). `age` is the answer's own Age header
    in seconds: the page was true that long before `fetched_at`. `rows` is empty unless `outcome` is READ.
    `unread` are the parts of a READ page that its source did not understand: it is read in part. `others` are
    its tables of which no row was read: about something else, as far as the source knows. `versions` is what it
    says of other pages. `validators` are the ETag and Last-Modified of a READ or NOT_MODIFIED answer. `warc` is
    the archive file that tells of the visit; its documents may stand in older ones.
    """

    source: str
    page_kind: str
    url: str
    started: datetime
    outcome: Outcome
    parser_version: int
    status: int | None = None
    size: int = 0
    age: int = 0
    detail: str = ""
    documents: tuple[Document, ...] = ()
    rows: tuple[SourceRow, ...] = ()
    unread: tuple[SourceUnreadPart, ...] = ()
    versions: tuple[SourceVersion, ...] = ()
    others: tuple[SourceUnreadPart, ...] = ()
    validators: Mapping[str, str] = field(default_factory=dict)
    sent_validators: Mapping[str, str] = field(default_factory=dict)
    redirected_to: str = ""
    warc: str = ""
