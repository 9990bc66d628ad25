"""What a model is said to fit: tags, phrases, and what only one of the two can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.findings import Difference, Found, differs, wrong_if
from cardwatch.auditing.page import Page
from cardwatch.auditing.truth import Side, told
from cardwatch.auditing.view import View

Holds = Callable[[Side], bool]
MOST_SHOWN = 3


def _window(side: Side, tokens: int) -> bool:
    return side.window is not None and side.window >= tokens


def _tools(side: Side) -> bool:
    return side.can("Function calling", "Tool use")


def _coding(side: Side) -> bool:
    scores = {fact.attribute.removeprefix("benchmark.") for fact in side.card.benchmarks if told(fact)}
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
    "provider-routed production": lambda s: s.providers_told and len(s.providers) >= 3,
}
DEFAULT = "general evaluation"


def tag(name: str) -> Callable[[Page], Found]:
    """Return the check that one tag is shown only where its condition holds."""

    def check(page: Page) -> Found:
        for side in page.truth.sides:
            shown = name in page.document["tags"][side.seat]
            yield from wrong_if(shown and not TAGS[name](side), f"tags.{side.seat}", f"no {name}", name)

    return check


def tags_of(side: Side) -> list[str]:
    """Return every tag whose condition holds."""
    return [name for name, holds in TAGS.items() if holds(side)]


def phrases_of(side: Side) -> list[str]:
    """Return every phrase of "Best for" whose condition holds."""
    table = CODING_PHRASES if side.word("product_type") == words.CODING else PHRASES
    return [name for name, holds in table.items() if holds(side)] or [DEFAULT]


def complete(page: Page) -> Found:
    """Every tag that applies is in the data, and the page counts those it does not show."""
    for side in page.truth.sides:
        shown = page.document["tags"][side.seat]
        missing = [name for name in tags_of(side) if name not in shown]
        yield from differs(f"tags.{side.seat} withheld", [], missing)
    for signal, key, none in (("decision_fit", "tags", "general"), ("best_for", "best_for", DEFAULT)):
        line = page.signal(signal)
        for side in page.truth.sides:
            wanted = abridged(page.document[key][side.seat]) or none
            yield from differs(f"scorecard.{signal}.{side.seat}", wanted, line.get(side.seat))


def complete_in_view(page: Page, view: View) -> Found:
    """The rendered scorecard shows the same tags, cut the same way."""
    table = view.section("scorecard").table()
    for label, listed in (("Decision fit", tags_of), ("Best for", phrases_of)):
        wanted = tuple(abridged(listed(side)) or "general" for side in page.truth.sides)
        yield from differs(f"scorecard, {label}", wanted, table.row(label)[1:])


def abridged(names: Sequence[str]) -> str:
    """Return up to three names and how many more there are."""
    rest = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" +{rest}" if rest > 0 else "")


def follow(page: Page) -> Found:
    """Tags and phrases follow from facts, in the order of the design."""
    for side in page.truth.sides:
        shown = page.document["tags"][side.seat]
        checked_apart = ("Coding", "Agents", "Vision")
        strays = [name for name in shown if name not in TAGS or not TAGS[name](side)]
        yield from differs(f"tags.{side.seat}", [], [name for name in strays if name not in checked_apart])
        yield from differs(f"tags.{side.seat} order", [name for name in TAGS if name in shown], shown)
        yield from differs(f"best_for.{side.seat}", phrases_of(side), page.document["best_for"][side.seat])


def only_here(page: Page) -> Found:
    """What only one side has is listed in full, and nothing else is."""
    for claim, side, owner in _lists(page):
        wanted = page.truth.only(owner)
        found = _named(page.truth.bare(claim["text"]))
        yield from differs(f"claims.{claim['id']}, {side.name}", wanted, found)
    for side in page.truth.sides:
        said = any(me is side for _, me, _ in page.sided("only_here"))
        missing = page.truth.only(side) if not said else []
        yield from differs(f"only here, {side.name}", [], missing)


def _lists(page: Page) -> Iterator[tuple[dict[str, str], Side, Side]]:
    """Yield every claim that lists capabilities, and whose they are."""
    for claim, me, _ in page.sided("only_here", "gains"):
        yield claim, me, me
    for claim, me, it in page.sided("loses"):
        yield claim, me, it


def _named(text: str) -> list[str]:
    low = text.lower()
    return [label for label in words.CAPABILITIES.values() if label.lower() in low]


def multimodal(page: Page, view: View) -> Found:
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


def answers(page: Page) -> Found:
    """A capability is yes, no or unknown as the catalog has it, and a No has evidence."""
    for row in page.document["capabilities"]:
        for side in page.truth.sides:
            what = f"capabilities.{row['name']}.{side.seat}"
            yield from differs(
                what, side.answers.get(row["name"], "a capability of the design"), row[side.seat]
            )
    names = [row["name"] for row in page.document["capabilities"]]
    yield from differs("capabilities", list(words.CAPABILITIES.values()), names)


def answers_in_view(page: Page, view: View) -> Found:
    """The same in the rendered table; a Yes or No may carry a note, what is not known is a word."""
    table = view.section("capabilities").table()
    for label in words.CAPABILITIES.values():
        cells = table.row(label)[1:]
        for side, cell in zip(page.truth.sides, cells or ("missing", "missing"), strict=False):
            wanted = side.answers[label]
            said = cell.partition(" (")[0].lower()
            found = "unknown" if said in ("conflicting", "not applicable") else said
            yield from differs(f"capabilities, {label}, {side.name}", wanted, found)
