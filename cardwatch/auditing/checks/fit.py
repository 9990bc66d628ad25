"""What a model is said to fit: tags, phrases, and what only one of the two can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.audited_page import AuditedPage
from cardwatch.auditing.expected_side import ExpectedSide, is_usable_fact
from cardwatch.auditing.findings import Difference, Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage

Holds = Callable[[ExpectedSide], bool]
MOST_SHOWN = 3


def _window(side: ExpectedSide, tokens: int) -> bool:
    return side.window is not None and side.window >= tokens


def _tools(side: ExpectedSide) -> bool:
    return side.can("Function calling", "Tool use")


def _coding(side: ExpectedSide) -> bool:
    scores = {
        fact.attribute.removeprefix("benchmark.") for fact in side.card.benchmarks if is_usable_fact(fact)
    }
    sold = side.word("product_type") == words.CODING
    return sold or side.can("Code execution") or bool(scores & words.CODE_SCORES)


TAGS: Mapping[str, Holds] = {
    "Coding": _coding,
    "RAG": lambda s: _window(s, words.LONG) and s.can("Function calling", "Structured outputs"),
    "Agents": _tools,
    "Long context": lambda s: _window(s, words.LONG),
    "Vision": lambda s: s.can("Vision"),
}
CODING_PHRASES: Mapping[str, Holds] = {
    "custom coding agents": lambda _: True,
    "code generation": lambda _: True,
    "tool loops": _tools,
}
PHRASES: Mapping[str, Holds] = {
    "reasoning-heavy apps": lambda s: s.can("Reasoning"),
    "multimodal apps": lambda s: s.can("Vision", "Multimodal"),
    "tool-calling agents": _tools,
    "long-context analysis": lambda s: _window(s, words.VERY_LONG),
    "provider-routed production": lambda s: s.providers_known and len(s.providers) >= 3,
}
DEFAULT = "general evaluation"


def make_tag_check(name: str) -> Callable[[AuditedPage], Differences]:
    """Return the check that one tag is shown only where its condition holds."""

    def check(page: AuditedPage) -> Differences:
        for side in page.truth.sides:
            shown = name in page.document["tags"][side.side_id]
            yield from wrong_if(shown and not TAGS[name](side), f"tags.{side.side_id}", f"no {name}", name)

    return check


def tags_of(side: ExpectedSide) -> list[str]:
    """Return every tag whose condition holds."""
    return [name for name, holds in TAGS.items() if holds(side)]


def phrases_of(side: ExpectedSide) -> list[str]:
    """Return every phrase of "Best for" whose condition holds."""
    kind = side.word("product_type")
    if kind in words.JOB_PHRASES:
        return list(words.JOB_PHRASES[kind])
    table = CODING_PHRASES if kind == words.CODING else PHRASES
    return [name for name, holds in table.items() if holds(side)] or [DEFAULT]


def check_tags_complete(page: AuditedPage) -> Differences:
    """Every tag that applies is in the data, and the page counts those it does not show."""
    for side in page.truth.sides:
        shown = page.document["tags"][side.side_id]
        missing = [name for name in tags_of(side) if name not in shown]
        yield from expect_equal(f"tags.{side.side_id} withheld", [], missing)
    for name, key, none in (("decision_fit", "tags", "general"), ("best_for", "best_for", DEFAULT)):
        line = page.scorecard_line(name)
        for side in page.truth.sides:
            wanted = abridge_names(page.document[key][side.side_id]) or none
            yield from expect_equal(f"scorecard.{name}.{side.side_id}", wanted, line.get(side.side_id))


def check_rendered_tags(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered scorecard shows the same tags, cut the same way."""
    table = view.section("scorecard").table()
    for label, listed in (("Decision fit", tags_of), ("Best for", phrases_of)):
        wanted = tuple(abridge_names(listed(side)) or "general" for side in page.truth.sides)
        yield from expect_equal(f"scorecard, {label}", wanted, table.row(label)[1:])


def abridge_names(names: Sequence[str]) -> str:
    """Return up to three names and how many more there are."""
    rest = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" +{rest}" if rest > 0 else "")


def check_tags_follow(page: AuditedPage) -> Differences:
    """Tags and phrases follow from facts, in the order of the design."""
    for side in page.truth.sides:
        shown = page.document["tags"][side.side_id]
        checked_apart = ("Coding", "Agents", "Vision")
        strays = [name for name in shown if name not in TAGS or not TAGS[name](side)]
        yield from expect_equal(
            f"tags.{side.side_id}", [], [name for name in strays if name not in checked_apart]
        )
        yield from expect_equal(f"tags.{side.side_id} order", [name for name in TAGS if name in shown], shown)
        yield from expect_equal(
            f"best_for.{side.side_id}", phrases_of(side), page.document["best_for"][side.side_id]
        )


def check_only_here(page: AuditedPage) -> Differences:
    """What only one side has is listed in full, and nothing else is; a retired side is no reason to choose it."""
    for statement, side, owner in _lists(page):
        wanted = page.truth.only(owner)
        found = _named(page.truth.bare(statement["text"]))
        yield from expect_equal(f"claims.{statement['id']}, {side.name}", wanted, found)
    for side in page.truth.sides:
        claimed = any(this is side for _, this, _ in page.sided("only_here"))
        missing = page.truth.only(side) if not (claimed or side.unsettled) else []
        yield from expect_equal(f"only here, {side.name}", [], missing)


def _lists(page: AuditedPage) -> Iterator[tuple[dict[str, str], ExpectedSide, ExpectedSide]]:
    """Yield every statement that lists capabilities, and whose they are."""
    for statement, this, _ in page.sided("only_here", "gains"):
        yield statement, this, this
    for statement, this, other in page.sided("loses"):
        yield statement, this, other


def _named(text: str) -> list[str]:
    low = text.lower()
    return [label for label in words.CAPABILITIES.values() if label.lower() in low]


def check_rendered_multimodal(page: AuditedPage, view: RenderedPage) -> Differences:
    """A model that takes more than text but no images says what it takes."""
    row = view.section("capabilities").table().row("Multimodal")
    for side, cell in zip(page.truth.sides, row[1:], strict=False):
        listed = side.fact("modality.input")
        if side.answers["Multimodal"] == "yes" and listed and isinstance(listed.value, tuple):
            missing = [name for name in listed.value if name not in cell]
            if missing:
                yield Difference(
                    f"capabilities, Multimodal, {side.name}", f"{', '.join(missing)} named", cell
                )


def check_capabilities(page: AuditedPage) -> Differences:
    """A capability is yes, no or unknown as the catalog has it, and a No has evidence."""
    for row in page.document["capabilities"]:
        for side in page.truth.sides:
            what = f"capabilities.{row['name']}.{side.side_id}"
            yield from expect_equal(
                what, side.answers.get(row["name"], "a capability of the design"), row[side.side_id]
            )
    names = [row["name"] for row in page.document["capabilities"]]
    yield from expect_equal("capabilities", list(words.CAPABILITIES.values()), names)


def check_rendered_capabilities(page: AuditedPage, view: RenderedPage) -> Differences:
    """The same in the rendered table; a Yes or No may carry a note, what is not known is a word."""
    table = view.section("capabilities").table()
    for label in words.CAPABILITIES.values():
        cells = table.row(label)[1:]
        for side, cell in zip(page.truth.sides, cells or ("missing", "missing"), strict=False):
            wanted = side.answers[label]
            answer = cell.partition(" (")[0].lower()
            found = "unknown" if answer in ("conflicting", "not applicable") else answer
            yield from expect_equal(f"capabilities, {label}, {side.name}", wanted, found)
