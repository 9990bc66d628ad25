"""Facts: the page has those of the catalog, each with its source, its dates, and every value on record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.expected_side import MAIN_PRICES, ExpectedSide, is_usable_fact, is_waiting_price
from cardwatch.auditing.figure_text import LONGEST_VALUE, count_text, price_text, score_text, visible_text
from cardwatch.auditing.findings import Difference, Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.db.query.cards import Fact
from cardwatch.normalize.attributes import get_attribute

Key = tuple[str, str | None, str, str]
"""Model, offer, attribute, condition."""
WITHOUT_VALUE = {"unknown": "unknown", "conflicting": "conflicting", "not_applicable": "not applicable"}


def check_facts(page: AuditedPage) -> Differences:
    """Every fact is on the page as the catalog has it, and no other is."""
    wanted, found = expected_facts(page), {fact_key(fact): fact for fact in page.document["facts"]}
    yield from expect_equal("facts left out", [], [fact_name(key) for key in wanted if key not in found])
    yield from expect_equal("facts from nowhere", [], [fact_name(key) for key in found if key not in wanted])
    for key, fact in found.items():
        known = wanted.get(key)
        if known is not None:
            yield from _same(fact_name(key), known, fact, dated=page.today is not None)


def _same(what: str, known: Fact, fact: Json, *, dated: bool) -> Differences:
    state = shown_state(known)
    yield from expect_equal(f"{what}, state", state, fact["state"])
    value = known.value if state == "known" else None
    yield from expect_equal(
        f"{what}, value", list(value) if isinstance(value, tuple) else value, fact["value"]
    )
    yield from expect_equal(f"{what}, unit", known.unit, fact["unit"])
    reason = str(fact["reason"]).partition(" now says ")[0] if is_waiting_price(known) else fact["reason"]
    yield from expect_equal(f"{what}, reason", _reason(known, state), reason)
    if state == "known":
        wanted = sorted({(look.source, look.url) for look in known.evidence})
        found = sorted({(look["source"], look["url"]) for look in fact["evidence"]})
        yield from expect_equal(f"{what}, evidence", wanted, found)
    if dated and state == "known":
        yield from expect_equal(f"{what}, reviewed_on", known.reviewed_on, fact["reviewed_on"])


def shown_state(fact: Fact) -> str:
    """Return the state a page may give a fact: nothing is known without evidence."""
    return "unknown" if fact.state == "known" and not is_usable_fact(fact) else fact.state


def _reason(fact: Fact, state: str) -> str | None:
    if state != "unknown":
        return None if state == "known" else fact.reason
    if fact.held is not None and is_waiting_price(fact):
        return f"held since {fact.held.since}: {fact.held.source}"
    return (
        "no_evidence" if fact.state == "known" and fact.value is not None else fact.reason or "never_sourced"
    )


def fact_key(fact: Json) -> Key:
    return fact["model"], fact["offer"], fact["attribute"], json.dumps(fact["qualifier"], sort_keys=True)


def fact_name(key: Key) -> str:
    """Return a fact as violations name it."""
    model, offer, attribute_name, condition = key
    parts = [model, offer or "", attribute_name, condition if condition != "{}" else ""]
    return " ".join(part for part in parts if part)


def expected_facts(page: AuditedPage) -> dict[Key, Fact | None]:
    """Return every fact the page has to show, None for what the catalog says nothing about."""
    extras = {n for side in page.truth.sides for n in words.EXTRAS if _on_record(side, n)}
    shown = [n for n in words.EXTRAS if n in extras]
    capabilities = [f"capability.{key}" for key in words.CAPABILITIES]
    found: dict[Key, Fact | None] = {}
    for side in page.truth.sides:
        for attribute_name in (*words.SPECS, *capabilities, *shown):
            found[side.card.id, None, attribute_name, "{}"] = side.card.facts.get(attribute_name)
        found |= dict(_offered(side))
    return {key: fact or _unsaid(key) for key, fact in found.items()}


def _on_record(side: ExpectedSide, attribute_name: str) -> bool:
    fact = side.card.facts.get(attribute_name)
    return fact is not None and shown_state(fact) != "unknown"


def _unsaid(key: Key) -> Fact | None:
    """Return what the page has to say of a fact that no source states; a listing is told by its row."""
    model, offer, attribute_name, _ = key
    if attribute_name == "availability":
        return None
    return Fact(model, attribute_name, "unknown", offer=offer)


def _offered(side: ExpectedSide) -> Iterator[tuple[Key, Fact | None]]:
    """Yield the facts of offers and scores."""
    model = side.card.id
    for route in (*side.routes, *side.plans):
        facts: Mapping[str, Fact] = route.offer.facts
        for attribute_name in {*MAIN_PRICES, "availability", *facts}:
            fact = None if attribute_name == "availability" else facts.get(attribute_name)
            yield (model, route.offer.key, attribute_name, "{}"), fact
        for fact in route.offer.tiers:
            yield (model, route.offer.key, fact.attribute, _condition(fact)), fact
    for attribute_name in MAIN_PRICES if not (side.routes or side.plans or side.retired) else ():
        yield (model, None, attribute_name, "{}"), None
    for score in side.card.benchmarks:
        yield (model, None, score.attribute, _condition(score)), score


def _condition(fact: Fact) -> str:
    return json.dumps(dict(fact.qualifier), sort_keys=True)


def check_displays(page: AuditedPage) -> Differences:
    """Every fact is printed by the rules for its kind."""
    for fact in page.document["facts"]:
        wanted = display_fact(fact) if fact["state"] == "known" else WITHOUT_VALUE[fact["state"]]
        yield from expect_equal(f"{fact_name(fact_key(fact))}, display", wanted, fact["display"])


def display_fact(fact: Json) -> str:
    """Return a known fact as a page prints it; foreign money keeps its currency."""
    currency = fact["qualifier"].get("currency")
    if currency:
        return f"{fact['value']} {visible_text(currency)}"
    return display_value(fact["attribute"], fact["value"])


def display_value(attribute_name: str, value: Any) -> str:
    """Return a known value as a page prints it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return visible_text(", ".join(value), LONGEST_VALUE)
    known = get_attribute(attribute_name)
    if known.type == "score":
        return score_text(value)
    if known.unit == "tokens":
        return count_text(int(value), "KM")
    if known.type == "price":
        return price_text(Decimal(value))
    return count_text(int(value)) if known.type == "count" else visible_text(str(value), LONGEST_VALUE)


def check_exact_counts(page: AuditedPage, view: RenderedPage) -> Differences:
    """In HTML every rounded count of the specification has the number in full on hover."""
    if view.form != "html":
        return
    hovers = {*view.details.hovers}
    for fact in page.document["facts"]:
        value = fact["value"]
        counted = isinstance(value, int) and not isinstance(value, bool) and fact["offer"] is None
        if counted and fact["display"] != f"{value:,}":
            shown = (fact["display"], f"{value:,}") in hovers
            yield from wrong_if(not shown, f"hover of {fact['id']}", f"{value:,}", fact["display"])


def check_sources(page: AuditedPage) -> Differences:
    """Every known fact has a source with an address, and the days it was fetched and reviewed."""
    for fact in page.document["facts"]:
        if fact["state"] != "known":
            continue
        looks = fact["evidence"]
        yield from wrong_if(not looks, f"facts.{fact['id']}", "evidence", fact["display"])
        for look in looks:
            missing = [key for key in ("source", "url", "fetched_at", "reviewed_on") if not look.get(key)]
            yield from expect_equal(f"facts.{fact['id']}.evidence lacks", [], missing)


def check_rendered_sources(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered table says of every source how many facts of a model it gives, and their oldest review."""
    wanted: list[tuple[str, ...]] = []
    for side in page.truth.sides:
        looks: dict[str, dict[str, str]] = {}
        for fact in page.document["facts"]:
            for look in fact["evidence"] if fact["model"] == side.card.id else ():
                days = looks.setdefault(look["source"], {})
                days[fact["id"]] = min(days.get(fact["id"], look["reviewed_on"]), look["reviewed_on"])
        printed = {
            f"{visible_text(source)} ({len(days)} fact{'' if len(days) == 1 else 's'}, "
            f"{min(days.values()) or 'unknown'})"
            for source, days in looks.items()
        }
        if printed:
            wanted.append((side.name, *sorted(printed)))
    found = [(row[0], *sorted(row[1].split("; "))) for row in view.section("sources").table().rows]
    yield from expect_equal("sources", wanted, found)


def check_snapshot(page: AuditedPage) -> Differences:
    """The snapshot and the template are on the page."""
    snapshot, template = str(page.document["snapshot"]), page.document["template"]
    hexadecimal = len(snapshot) == 32 and not set(snapshot) - set("0123456789abcdef")
    yield from wrong_if(not hexadecimal, "snapshot", "32 hex digits", snapshot)
    yield from wrong_if(not template, "template", "a version", template)


def check_rendered_snapshot(page: AuditedPage, view: RenderedPage) -> Differences:
    """The same on the rendered page."""
    table = view.section("status").table()
    for label, key in (("Snapshot", "snapshot"), ("Template", "template")):
        yield from expect_equal(f"status, {label}", (page.document[key],), table.row(label)[1:])


def check_conflicts(page: AuditedPage) -> Differences:
    """A fact on which current sources contradict each other is told with every value and source, and no other is.

    What only others say who have no say in it (a route in a model's end of life) need not be told.
    """
    ids = {fact_key(fact): fact["id"] for fact in page.document["facts"]}
    noted = {
        c["fact"]: {(v["source"], str(v["value"])) for v in c["values"]} for c in page.document["conflicts"]
    }
    for key, known in expected_facts(page).items():
        found = noted.get(ids.get(key), set())
        if not found and known and known.reason in ("never_sourced", words.NO_SAY):
            continue
        others = disagreeing_values(known) if known and known.others else set()
        missing = sorted(f"{source}: {value}" for source, value in others - found)
        yield from expect_equal(f"conflicts, {fact_name(key)} leaves out", [], missing)
        if found and not others:
            yield Difference(f"conflicts, {fact_name(key)}", "none", "a conflict")


def disagreeing_values(known: Fact) -> set[tuple[str, str]]:
    """Return source and value of everything listed beside the value that is shown, if any of it contradicts that.

    No two texts contradict each other, nor does a month the day in it.
    """
    others = [other for other in known.others if other.listed]
    shown = [known.value] if known.value is not None else []
    values = [*shown, *(other.value for other in others)]
    kind = get_attribute(known.attribute).type
    agree = kind == "text" or not others or all(_agree(kind, values[0], value) for value in values[1:])
    return set() if agree else {(other.source, _plain(other.value)) for other in others}


def _agree(kind: str, one: object, two: object) -> bool:
    if kind == "date":
        short, long = sorted((str(one), str(two)), key=len)
        return long.startswith(short)
    return one == two


def _plain(value: object) -> str:
    return str(list(value)) if isinstance(value, tuple) else str(value)


def check_rendered_conflicts(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered note names every source of every such fact."""
    rows = view.section("conflicts").table().rows
    labels = [
        (page.facts[c["fact"]]["label"], c) for c in page.document["conflicts"] if c["fact"] in page.facts
    ]
    yield from expect_equal(
        "conflicts, rows", sorted(label for label, _ in labels), sorted(row[1] for row in rows)
    )
    for label, conflict in labels:
        text = " ".join(row[3] for row in rows if row[1] == label)
        others = [value for value in conflict["values"] if value["value"] != conflict["chosen"]]
        missing = [v["source"] for v in others if visible_text(v["source"]) not in text]
        yield from expect_equal(f"conflicts, {label} leaves out", [], missing)
