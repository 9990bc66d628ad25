"""A rendered page as the audit reads it, whatever it was written in: sections of headings, texts and tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

SECTIONS: Mapping[str, str] = {
    "The two models": "intro",
    "Verdict": "verdict",
    "Scorecard": "scorecard",
    "Monthly cost": "cost",
    "Price history": "price-history",
    "Switching": "switching",
    "Specifications": "specs",
    "Pricing and availability": "pricing",
    "Capabilities": "capabilities",
    "Benchmarks": "benchmarks",
    "Questions": "faq",
    "What we don't know": "unknown",
    "Where sources disagree": "conflicts",
    "What changed": "changes",
    "Sources and review dates": "sources",
    "Related comparisons": "related",
    "Last reviewed": "status",
}
"""Every section by the title it must bear; the two "Choose …" sections are choose-a and choose-b."""


@dataclass(frozen=True, slots=True)
class RenderedHeading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A paragraph, or an item of a list."""

    text: str
    listed: bool = False


@dataclass(frozen=True, slots=True)
class RenderedTable:
    """Cells as text; the first row of the source is the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def row(self, label: str) -> tuple[str, ...]:
        """Return the row that `label` heads, () if there is none."""
        return next((row for row in self.rows if row[:1] == (label,)), ())


Block = RenderedHeading | RenderedText | RenderedTable


@dataclass(frozen=True)
class RenderedSection:
    """A part of the page under a title."""

    title: str
    blocks: tuple[Block, ...]

    def tables(self) -> list[RenderedTable]:
        return [block for block in self.blocks if isinstance(block, RenderedTable)]

    def table(self, number: int = 0) -> RenderedTable:
        """Return one of its tables, an empty one if there are not so many."""
        found = self.tables()
        return found[number] if number < len(found) else RenderedTable((), ())

    def texts(self) -> list[str]:
        """Return its paragraphs and list items."""
        return [block.text for block in self.blocks if isinstance(block, RenderedText)]

    def under(self, heading: str) -> list[Block]:
        """Return what stands between a heading and the next one."""
        found: list[Block] = []
        inside = False
        for block in self.blocks:
            if isinstance(block, RenderedHeading):
                inside = block.text == heading
            elif inside:
                found.append(block)
        return found


EMPTY_SECTION = RenderedSection("", ())


@dataclass(frozen=True)
class HtmlDetails:
    """What only HTML holds: hovers of figures and of gaps (text, hover); drawings (words, points); marked
    statements (id, text); marks of the article."""

    hovers: tuple[tuple[str, str], ...] = ()
    points: tuple[tuple[str, str], ...] = ()
    statements: tuple[tuple[str, str], ...] = ()
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RenderedPage:
    """One rendering, read back. `form` is markdown or html."""

    form: str
    title: str
    sections: Mapping[str, RenderedSection]
    details: HtmlDetails = field(default_factory=HtmlDetails)

    def section(self, name: str) -> RenderedSection:
        """Return a section by id, an empty one if the page has none."""
        return self.sections.get(name, EMPTY_SECTION)

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield every paragraph, list item and inner heading with its section."""
        for name, section in self.sections.items():
            for block in section.blocks:
                if not isinstance(block, RenderedTable):
                    yield name, block.text

    def tables(self) -> Iterator[tuple[str, RenderedTable]]:
        """Yield every table with its section."""
        for name, section in self.sections.items():
            for table in section.tables():
                yield name, table


def section_id(title: str, taken: Mapping[str, object]) -> str:
    """Return the id of the section that bears `title`."""
    if title.startswith("Choose "):
        return "choose-b" if "choose-a" in taken else "choose-a"
    return SECTIONS.get(title, title)
