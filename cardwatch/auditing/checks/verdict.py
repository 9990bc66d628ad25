"""The verdict, the reasons to choose a side, and what is on its way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.audited_page import AuditedPage
from cardwatch.auditing.expected_pair import ExpectedPair, count_ahead
from cardwatch.auditing.expected_side import ExpectedSide
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage

CHECKED_APART = ("context", "shared_benchmarks", "routes")
"""Criteria that the checks of their own subject hold against the catalog."""
CRITICAL = ("price", "shared_benchmarks", "lifecycle")
LEAST_LEAD = 2
MOST_UNKNOWN = 0.5


def check_winner(page: AuditedPage) -> Differences:
    """Each criterion is judged right, and the side that leads enough, loses nothing critical and stays is picked."""
    results = page.truth.results
    for name in (name for name in results if name not in CHECKED_APART):
        yield from expect_equal(f"verdict.{name}", results[name], page.criterion(name))
    side_id = page.document["verdict"]["winner"]
    yield from expect_equal("verdict.winner", expected_winner(page.truth), side_id)
    critical = {one["name"] for one in page.document["verdict"]["criteria"] if one["critical"]}
    yield from expect_equal("verdict, critical criteria", sorted(CRITICAL), sorted(critical))


def expected_winner(pair: ExpectedPair) -> str | None:
    """Return the side to pick, None where nothing known is enough."""
    judged = list(pair.results.values())
    if pair.jobs_differ or judged.count("unknown") > MOST_UNKNOWN * len(judged):
        return None
    for side in pair.sides:
        other = pair.other(side).side_id
        enough = judged.count(side.side_id) - judged.count(other) >= LEAST_LEAD
        lost = any(pair.results[name] == other for name in CRITICAL)
        if enough and not lost and not side.ending and not _ruled_open(pair, side):
            return side.side_id
    return None


def _ruled_open(pair: ExpectedPair, side: ExpectedSide) -> bool:
    """Say whether something that could rule a side out is on record without a value."""
    own = any(side.open(name) for name in words.END_DATES)
    return own or any(one.open(name) for one in pair.sides for name in ("lifecycle", "product_type"))


def check_winner_texts(page: AuditedPage) -> Differences:
    """The words of the verdict name the winner, and products that differ are said to differ."""
    statements = page.statements("types_differ")
    kinds = [side.word("product_type") for side in page.truth.sides]
    differ = None not in kinds and kinds[0] != kinds[1]
    yield from expect_equal("verdict, products differ", differ, bool(statements))
    side_id = page.document["verdict"]["winner"]
    for statement in page.statements("verdict") if side_id else ():
        name = page.truth.side(side_id).name
        yield from wrong_if(
            not statement["text"].startswith(name), f"claims.{statement['id']}", name, statement["text"]
        )
    for side in page.truth.sides if not side_id else ():
        picked = any(
            statement["text"].startswith(f"{side.name} is the pick")
            for statement in page.statements("verdict")
        )
        yield from wrong_if(picked, "verdict", "no pick", side.name)


def check_verdict(page: AuditedPage) -> Differences:
    """Everything about who is recommended."""
    yield from check_winner(page)
    yield from check_winner_texts(page)


def check_rendered_verdict(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered headline recommends the same side, or none."""
    side_id = page.document["verdict"]["winner"]
    notices = {str(statement["text"]) for statement in page.statements("lifecycle_notice")}
    texts = [text for text in view.section("verdict").texts() if text not in notices]
    wanted = f"Recommended: {page.truth.side(side_id).name}" if side_id else "No overall winner:"
    found = texts[0] if texts else ""
    yield from expect_equal("verdict, headline", wanted, found if side_id else found[: len(wanted)])


def _ranked(attribute: str, order: Sequence[str]) -> Callable[[ExpectedSide, ExpectedSide], bool]:
    def ahead(this: ExpectedSide, other: ExpectedSide) -> bool:
        mine, its = this.word(attribute), other.word(attribute)
        return mine in order and its in order and order.index(mine) > order.index(its)

    return ahead


def _more_providers(this: ExpectedSide, other: ExpectedSide) -> bool:
    known = this.providers_known and other.providers_known
    return known and count_ahead(len(this.providers), len(other.providers)) == "a"


def _stays(this: ExpectedSide, other: ExpectedSide) -> bool:
    """It is known to stay, the other one is known to end."""
    dated = any(this.open(name) or this.fact(name) for name in words.END_DATES)
    return other.ending and not dated and this.word("lifecycle") in ("active", "preview")


ADVANTAGES: Mapping[str, Callable[[ExpectedSide, ExpectedSide], bool]] = {
    "more_providers": _more_providers,
    "more_open": _ranked("openness", words.OPENNESS),
    "lifecycle_ahead": _stays,
}
"""Reasons to choose a side, and when they are one; cost, context, scores and abilities have checks of their own."""
BESIDE = {
    "longer_output": "output",
    "newer_cutoff": "cutoff",
    "cheaper_cache": "cache",
    "cheaper_images": "images",
}
"""Reasons that no criterion counts, by what decides them."""
ELSEWHERE = ("cheaper", "larger_context", "benchmark_leads", "only_here")


def check_reasons(page: AuditedPage) -> Differences:
    """A reason to choose a side is an advantage that it has, and the known ones are all there."""
    pair = page.truth
    claimed = {(statement["rule"], statement["about"]) for statement in page.document["claims"]}
    for statement in page.document["claims"]:
        if statement["section"] == "choose" and statement["rule"] not in ELSEWHERE:
            this = pair.side(statement["about"])
            holds = _advantage(pair, statement["rule"], this)
            yield from wrong_if(not holds, f"claims.{statement['id']}", "a real advantage", statement["text"])
    for side in pair.sides:
        rules = () if side.unsettled else (*ADVANTAGES, *BESIDE)
        missing = [r for r in rules if _advantage(pair, r, side) and (r, side.side_id) not in claimed]
        yield from expect_equal(f"reasons for {side.name} left out", [], missing)


def _advantage(pair: ExpectedPair, rule: str, this: ExpectedSide) -> bool:
    """Say whether a side has what a rule says speaks for it."""
    if this.unsettled:
        return False
    if rule in BESIDE:
        return pair.reasons[BESIDE[rule]] == this.side_id
    if rule == "made_for":
        return pair.jobs_differ and this.job is not None
    return rule in ADVANTAGES and ADVANTAGES[rule](this, pair.other(this))


def check_lifecycle(page: AuditedPage) -> Differences:
    """What is on its way out is said, with its dates, and never recommended."""
    notices = {this.side_id: statement["text"] for statement, this, _ in page.sided("lifecycle_notice")}
    for side in page.truth.sides:
        missing = [word for word in lifecycle_words(side) if word not in notices.get(side.side_id, "")]
        yield from expect_equal(f"lifecycle of {side.name} left out", [], missing)
    side_id = page.document["verdict"]["winner"]
    if side_id is not None:
        yield from wrong_if(page.truth.side(side_id).ending, "verdict.winner", "a model that stays", side_id)


def check_rendered_lifecycle(page: AuditedPage, view: RenderedPage) -> Differences:
    """The same at the top of the rendered page."""
    texts = view.section("verdict").texts()
    for side in page.truth.sides:
        notices = " ".join(text for text in texts if text.startswith(side.name))
        missing = [word for word in lifecycle_words(side) if word not in notices]
        yield from expect_equal(f"status, lifecycle of {side.name} left out", [], missing)


def lifecycle_words(side: ExpectedSide) -> list[str]:
    """Return what has to be said of a model's end: its state, and the dates that are known."""
    state = side.word("lifecycle")
    dates = [side.word(name) for name in ("deprecation_date", "shutdown_date")]
    return [word for word in (state if state != "active" else None, *dates) if word]


def check_open_source(page: AuditedPage) -> Differences:
    """Whether a model is open source is answered yes or no, and rightly."""
    texts = {statement["id"]: str(statement["text"]) for statement in page.document["claims"]}
    for statement, this, _ in page.sided("open_source"):
        wanted = "Yes," if this.word("openness") == "open source" else "No,"
        yield from expect_equal(f"claims.{statement['id']}", wanted, statement["text"].partition(" ")[0])
    for asked in page.document["faq"]:
        if asked["question"].endswith("open source?"):
            first = texts.get(asked["claims"][0], "")
            yield from wrong_if(not _yes_or_no(first), f"faq, {asked['question']}", "Yes, … or No, …", first)


def check_rendered_open_source(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered answer to that question says yes or no first."""
    section = view.section("faq")
    for side in page.truth.sides:
        question = f"Is {side.name} open source?"
        answers = [getattr(block, "text", "") for block in section.under(question)]
        yield from wrong_if(
            bool(answers) and not _yes_or_no(answers[0]), f"faq, {question}", "Yes, … or No, …", answers[:1]
        )


def _yes_or_no(text: str) -> bool:
    return text.startswith(("Yes,", "No,"))


def check_unknown_share(page: AuditedPage) -> Differences:
    """What is unknown is counted, printed, and keeps anybody from being picked once most criteria are."""
    printed = page.document["unknown"]
    missing = [fact["id"] for fact in page.document["facts"] if fact["state"] == "unknown"]
    yield from expect_equal("unknown.facts", sorted(missing), sorted(printed["facts"]))
    yield from expect_equal("unknown.count", len(missing), printed["count"])
    yield from expect_equal("unknown.of", len(page.document["facts"]), printed["of"])
    judged = list(page.truth.results.values())
    side_id = page.document["verdict"]["winner"]
    mostly = judged.count("unknown") > MOST_UNKNOWN * len(judged)
    yield from wrong_if(side_id is not None and mostly, "verdict.winner", None, side_id)


def check_rendered_unknown_share(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered count."""
    facts = page.document["facts"]
    missing = sum(fact["state"] == "unknown" for fact in facts)
    wanted = f"Unknown facts: {missing} of {len(facts)}."
    texts = view.section("unknown").texts()
    yield from expect_equal("unknown, count", wanted, texts[0] if texts else "")
