"""Each check of the audit, against a document in which exactly that is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace
from support.audited_pages import (
    ALPHA,
    BETA,
    GAMMA,
    PHI,
    PSI,
    TODAY,
    XI,
    alpha,
    audit_pair,
    beta,
    check_ids,
    found_on,
    make_audit,
    rendered_pair,
    spoilt_page,
)
from support.card_builders import fact as fact_of

from cardwatch.auditing.audited_page import AuditedPage
from cardwatch.db.query.cards import HeldValue, ModelCard
from cardwatch.db.store.freshness_limits import FreshnessLimits

Document = dict[str, Any]


class Plant(NamedTuple):
    """What is put into the document of a pair; `also` are checks that cannot but see it too."""

    check: str
    name: str
    spoil: Callable[[Document], object]
    pair: tuple[str, str] = (ALPHA, BETA)
    also: frozenset[str] = frozenset()


def claim(document: Document, rule: str, about: str = "a") -> Document:
    """Return a claim by its rule and subject."""
    return next(c for c in document["claims"] if (c["rule"], c["about"]) == (rule, about))


def say(rule: str, old: str, new: str, about: str = "a") -> Callable[[Document], object]:
    """Return a spoiler that changes the words of one claim."""

    def spoil(document: Document) -> None:
        statement = claim(document, rule, about)
        assert old in statement["text"], statement["text"]
        statement["text"] = statement["text"].replace(old, new)

    return spoil


def put(value: object, *path: str | int) -> Callable[[Document], object]:
    """Return a spoiler that puts `value` at a path."""

    def spoil(document: Any) -> None:
        for key in path[:-1]:
            document = document[key]
        assert document[path[-1]] != value
        document[path[-1]] = value

    return spoil


def both(*spoilers: Callable[[Document], object]) -> Callable[[Document], object]:
    """Return several spoilers as one."""

    def spoil(document: Document) -> None:
        for one in spoilers:
            one(document)

    return spoil


def line(signal: str, side_id: str, value: str) -> Callable[[Document], object]:
    """Return a spoiler that changes a cell of the scorecard."""

    def spoil(document: Document) -> None:
        next(row for row in document["scorecard"] if row["signal"] == signal)[side_id] = value

    return spoil


def fact(attribute: str, model: str = ALPHA, **changed: object) -> Callable[[Document], object]:
    """Return a spoiler that changes a model-level fact."""

    def spoil(document: Document) -> None:
        found = (
            f
            for f in document["facts"]
            if (f["model"], f["attribute"], f["offer"]) == (model, attribute, None)
        )
        next(found).update(changed)

    return spoil


def criterion(name: str, result: str) -> Callable[[Document], object]:
    """Return a spoiler that changes the result of a criterion."""

    def spoil(document: Document) -> None:
        next(c for c in document["verdict"]["criteria"] if c["name"] == name)["result"] = result

    return spoil


def drop_claim(rule: str, about: str = "a") -> Callable[[Document], object]:
    return lambda document: document["claims"].remove(claim(document, rule, about))


def tags(side_id: str, names: list[str], cell: str) -> Callable[[Document], object]:
    return both(put(names, "tags", side_id), line("decision_fit", side_id, cell))


def add_claim(rule: str, about: str, text: str, model: str) -> Callable[[Document], object]:
    """Return a spoiler that adds a claim from one known fact of a model."""

    def spoil(document: Document) -> None:
        known = next(f["id"] for f in document["facts"] if f["model"] == model and f["state"] == "known")
        statement = {
            "id": "c99",
            "rule": rule,
            "section": "intro",
            "about": about,
            "text": text,
            "facts": [known],
        }
        document["claims"].append(statement)

    return spoil


def unanswered(document: Document) -> None:
    document["faq"] = [one for one in document["faq"] if "larger context" not in one["question"]]


def swap_offers(document: Document) -> None:
    offers = document["offers"]["a"]
    offers[0], offers[1] = offers[1], offers[0]


def unsourced(document: Document) -> None:
    document["facts"][0]["evidence"][0]["fetched_at"] = ""


def elsewhere(document: Document) -> None:
    document["facts"][0]["evidence"][0]["url"] = "https://elsewhere.example/"


def said_twice(document: Document) -> None:
    document["claims"].append({**claim(document, "what_it_is"), "id": "c99"})


def renamed_rule(document: Document) -> None:
    claim(document, "what_it_is")["rule"] = "hunch"


PLANTS = (
    Plant("I01", "figure", say("larger_context", "1.05M", "2.05M")),
    Plant("I01", "side", say("larger_context", "Alpha-1 has", "Beta-2 has")),
    Plant("I01", "direction", say("context_changes", "grows", "shrinks"), also=frozenset({"I02"})),
    Plant("I02", "verdict", criterion("context", "b")),
    Plant("I02", "questions", unanswered),
    Plant("I03", "tag", tags("a", ["Coding", "RAG", "Agents", "Long context", "Vision"], "Coding, RAG, Agents +2")),
    Plant("I04", "tag", tags("b", ["Agents", "Long context", "Vision"], "Agents, Long context, Vision")),
    Plant("I05", "tag", tags("b", ["Coding", "Long context", "Vision"], "Coding, Long context, Vision")),
    Plant("I06", "withheld", tags("a", ["Coding", "RAG", "Agents"], "Coding, RAG, Agents")),
    Plant("I06", "uncounted", line("decision_fit", "a", "Coding, RAG, Agents")),
    Plant("I07", "cut", say("only_here", " and structured outputs", "")),
    Plant("I07", "more", say("loses", "vision", "vision, tool use")),
    Plant("I07", "silent", both(drop_claim("only_here"), lambda d: d["faq"].pop(4))),
    Plant("I08", "answer", lambda d: d["capabilities"][0].update(b="no")),
    Plant("I08", "word", lambda d: d["capabilities"][4].update(a="no")),
    Plant("I09", "unnamed", say("listed_by", ", OpenAI API", "")),
    Plant("I10", "scorecard", line("provider_routes", "a", "5 providers")),
    Plant("I10", "sentence", say("more_providers", "4 providers", "5 providers")),
    Plant("I10", "offers", lambda d: d["offers"]["a"].pop()),
    Plant("I10", "verdict", criterion("routes", "tie")),
    Plant("I11", "one of many", say("more_providers", "3 providers", "3 provider")),
    Plant("I11", "many of one", say("benchmark_leads", "2.7 points", "2.7 point")),
    Plant("I11", "one", say("what_it_is", "released", "with 1 providers, released")),
    Plant("I12", "cell", lambda d: d["specs"][5].update(a="—")),
    Plant("I12", "reason", fact("architecture", reason=None), also=frozenset({"C01"})),
    Plant("I13", "no article", say("what_it_is", "an open-weights", "open-weights", "b")),
    Plant("I13", "wrong article", say("what_it_is", "an open-weights", "a open-weights", "b")),
    Plant("I14", "two serve", say("shared_providers", "serve both", "serves both", "pair")),
    Plant("I15", "available", add_claim("listed_by", "b", "Xi-4 is available from Groq.", XI), (GAMMA, XI)),
    Plant("I16", "sourceless", say("what_it_is", "a standalone API model", "a not-yet-sourced model")),
    Plant("I16", "unknown", say("larger_context", "262K", "an unknown number"), also=frozenset({"I01"})),
    Plant("I17", "usd", put("3600", "cost", "a", "usd")),
    Plant("I17", "display", put("$3,600", "cost", "a", "display"), also=frozenset({"J03"})),
    Plant("I17", "offer", put("3376", "offers", "a", 3, "monthly_usd")),
    Plant("I18", "profile", put(700, "cost", "profile", "input_mtok")),
    Plant("I18", "sentence", say("cheaper", " at 800M input and 250M output tokens a month", "", "b")),
    Plant("I19", "no gap", put(None, "cost", "gap")),
    Plant("I19", "uneven", say("what_it_is", "released", "with uneven prices, released")),
    Plant("I20", "one provider", say("what_it_is", "model.", "model to fall back on.", "b"), (BETA, GAMMA)),
    Plant("I21", "overlap", lambda d: claim(d, "shared_providers", "pair").update(rule="no_shared_provider")),
    Plant("I21", "words", say("what_it_is", "released", "with no shared provider, released")),
    Plant("I22", "criterion", criterion("openness", "a")),
    Plant("I22", "winner", put("a", "verdict", "winner"), also=frozenset({"I30"})),
    Plant("I22", "products", drop_claim("types_differ", "pair")),
    Plant("I23", "price per image", say("cheaper_images", "$0.30", "$0.25"), (PHI, PSI)),
    Plant("I23", "sizes", say("cheaper_images", "the 2 sizes", "the 3 sizes"), (PHI, PSI)),
    Plant("I23", "side", lambda d: claim(d, "more_open", "b").update(about="a")),
    Plant("I23", "figure", say("cheaper", "$681", "$581", "b")),
    Plant("I23", "rule", lambda d: claim(d, "only_here").update(rule="gains", section="choose"), also=frozenset({"I07"})),
    Plant("I25", "delta", put("3.5", "benchmarks", 0, "delta")),
    Plant("I25", "leader", put("b", "benchmarks", 0, "leader")),
    Plant("I25", "sentence", say("benchmark_leads", "2.7 points", "2.8 points")),
    Plant("I25", "scores", say("benchmark_leads", "81.8", "81.9")),
    Plant("I25", "count", line("shared_benchmarks", "b", "leads 1 of 2")),
    Plant("I26", "largest", say("what_it_is", "an open", "the largest open", "b"), (BETA, GAMMA)),
    Plant("I28", "experts", fact("parameters_note", display="1.76T (8x222B)"), also=frozenset({"C02"})),
    Plant("I29", "day", say("what_it_is", "in April 2025", "on 1 April 2025")),
    Plant("I29", "fact", fact("release_date", display="2025-04-01"), also=frozenset({"C02"})),
    Plant("I30", "silent", drop_claim("lifecycle_notice")),
    Plant("I30", "no date", say("lifecycle_notice", "2026-07-23", "soon")),
    Plant("I31", "twice", said_twice),
    Plant("I31", "filler", say("what_it_is", "Alpha-1 is", "In conclusion, Alpha-1 is")),
    Plant("I32", "evasive", say("open_source", "No,", "Perhaps,")),
    Plant("I32", "wrong", say("open_source", "Yes,", "No,", "b")),
    Plant("I34", "no fetch", unsourced),
    Plant("I35", "snapshot", put("today", "snapshot")),
    Plant("I35", "template", put("", "template")),
    Plant("I36", "phrase", both(put(["multimodal apps"], "best_for", "b"), line("best_for", "b", "multimodal apps"))),
    Plant("I36", "tag", tags("b", ["RAG", "Long context", "Vision"], "RAG, Long context, Vision")),
    Plant("J01", "day", put("2026-05-22", "reviewed_on")),
    Plant("J01", "badge", put("error", "freshness")),
    Plant("J02", "percent", put("81.5", "cost", "gap", "percent")),
    Plant("J02", "usd", put("2819", "cost", "gap", "usd")),
    Plant("J02", "sentence", say("cheaper", "80.5%", "81.5%", "b")),
    Plant("J03", "price", put("11", "offers", "a", 0, "output_price")),
    Plant("J04", "last point", put("1.3", "price_history", "a", 0, "points", 1, "value")),
    Plant("J04", "look", put("2026-04-30T00:00:00Z", "price_history", "a", 0, "points", 1, "seen_before")),
    Plant("J04", "order", lambda d: d["price_history"]["a"][0]["points"].reverse()),
    Plant("J04", "source", put("", "price_history", "a", 0, "points", 0, "source")),
    Plant("J05", "silent", put([], "conflicts")),
    Plant("J05", "half", lambda d: d["conflicts"][0]["values"].pop()),
    Plant("J09", "rank", swap_offers),
    Plant("J09", "named", put("openai", "cost", "a", "offer"), also=frozenset({"I17", "J03"})),
    Plant("J10", "no facts", lambda d: claim(d, "what_it_is").update(facts=[])),
    Plant("J10", "unknown fact", lambda d: claim(d, "what_it_is").update(facts=["f11"])),
    Plant("J10", "one side", lambda d: claim(d, "larger_context").update(facts=["f5"])),
    Plant("J10", "rule", renamed_rule),
    Plant("J10", "tag", lambda d: d["fit"]["a"][0].update(facts=[])),
    Plant("J10", "question", lambda d: d["faq"][0].update(claims=["c77"]), also=frozenset({"I02"})),
    Plant("J12", "apart", put(False, "benchmarks", 0, "comparable")),
    Plant("J12", "mixed", lambda d: d["benchmarks"][0].update(facts=[d["benchmarks"][n]["facts"][n] for n in (0, 1)]),
          also=frozenset({"I25"})),
    Plant("J13", "count", put(3, "unknown", "count")),
    Plant("J13", "of", put(99, "unknown", "of")),
    Plant("J13", "winner", put("a", "verdict", "winner"), (BETA, GAMMA), frozenset({"I22"})),
    Plant("C01", "value", fact("license", value="MIT", display="MIT")),
    Plant("C01", "evidence", elsewhere),
    Plant("C01", "left out", lambda d: d["facts"].pop(5), also=frozenset({"J13"})),
    Plant("C02", "display", fact("context_window", display="1.04M")),
    Plant("C03", "changes", put([], "changes")),
)  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.check} {plant.name}")
def test_what_is_planted_is_found_by_its_check(plant: Plant) -> None:
    found = found_on(spoilt_page(*plant.pair, plant.spoil))
    fired = check_ids(found)
    assert plant.check in fired
    assert fired <= {plant.check} | plant.also, [v for v in found if v.check != plant.check]
    assert all(violation.format == "json" for violation in found)


def test_an_unplanted_document_is_clean() -> None:
    for pair in ((ALPHA, BETA), (ALPHA, GAMMA), (BETA, GAMMA), (GAMMA, XI)):
        assert found_on(spoilt_page(*pair)) == []


def test_a_retired_model_is_advised_for_nothing_it_alone_can_do() -> None:
    gone = alpha()
    ended = fact_of(gone.id, "lifecycle", "retired")
    found = [*audit_pair(replace(gone, facts={**gone.facts, "lifecycle": ended}), beta(), forget=0)]
    assert found == []


def with_held_price(card: ModelCard) -> ModelCard:
    """Return a card on which the first offer's input price waits: its source says another now."""
    first, *rest = card.offers
    price = replace(
        first.facts["input_price"], held=HeldValue("9", "openrouter_models", "2026-05-20", "doubled")
    )
    return replace(card, offers=(replace(first, facts={**first.facts, "input_price": price}), *rest))


def test_a_price_under_a_hold_counts_for_nothing_and_says_so() -> None:
    assert [*audit_pair(with_held_price(alpha()), beta(), forget=0)] == []
    truth = make_audit().truth(with_held_price(alpha()), beta())
    shown = rendered_pair(ALPHA, BETA)[2].document
    page = AuditedPage(truth, shown, (), today=TODAY, limits=FreshnessLimits())
    assert check_ids(found_on(page)) >= {"C01", "I17"}


def test_a_document_of_another_shape_is_told_and_not_a_crash() -> None:
    found = found_on(spoilt_page(ALPHA, BETA, lambda document: document.clear()))
    assert check_ids(found) >= {"I17", "J10", "C01"}
    assert {violation.what for violation in found} == {"unreadable"}
