"""Finding a model by what people call it, and one line about each."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import orjson

from cardwatch.db.query import claim_choice, kept_facts
from cardwatch.db.query.card_reader import fallback_vendor, read_product_types
from cardwatch.db.query.claim_choice import OrderedClaims
from cardwatch.db.query.lifecycle import lists_as_current
from cardwatch.db.query.reports import ModelSummary
from cardwatch.db.store import views
from cardwatch.db.store.default_offer import default_offer_sql
from cardwatch.db.store.default_traffic import INPUT_MTOK, OUTPUT_MTOK
from cardwatch.db.store.errors import AmbiguousModelError, UnknownModelError
from cardwatch.db.store.lifecycle_rules import RETIRED, StatedLife, has_come, lifecycle_state
from cardwatch.db.store.values import provider_of

SUMMARY = (
    "name",
    "vendor",
    "lifecycle",
    "context_window",
    "deprecation_date",
    "shutdown_date",
)
DISPUTED = "disputed"
"""Marks that something is stated of a lifecycle, decided or not."""
PRICES = ("input_price", "output_price")
LISTED = (*SUMMARY, *PRICES)
"""The attributes that the line of a model is made from."""
NEAR = 5
_WORD = re.compile(r"[^\W\d_]+|[\d.]+")
LONGEST_NAME = 500
"""Characters of a model's name at most, as the rules of names have it."""


def find_model(conn: sqlite3.Connection, text: str) -> str:
    """Return the id of the model called `text`: an id, its model part, a display name, a reviewed alias, or what the
    rules of names read as one of our models and nothing else of it ("gpt 4.1", but no snapshot of it).

    Raises UnknownModelError with the nearest ids, or AmbiguousModelError with those it may mean.
    """
    wanted = text.strip().casefold()
    if len(wanted) > LONGEST_NAME:
        raise UnknownModelError(f"{wanted[:60]}…", [])
    for query in (
        "SELECT id, merged_into FROM model_ids WHERE id = :text",
        "SELECT id, merged_into FROM model_ids WHERE id LIKE '%/' || :text ESCAPE '\\'",
        "SELECT m.id, merged_into FROM claims c JOIN listings l ON l.id = c.listing_id JOIN model_ids m"
        " ON m.id = l.model WHERE c.until IS NULL AND c.attribute = 'name' AND lower(c.value) = :text",
        "SELECT m.id, merged_into FROM links k JOIN model_ids m ON m.id = k.model WHERE lower(k.name) = :text",
        "SELECT m.id, merged_into FROM names n JOIN model_ids m ON m.id = n.model WHERE lower(n.name) = :text",
    ):
        escaped = (
            wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            if "LIKE" in query
            else wanted
        )
        found = {row[1] or row[0] for row in conn.execute(query, {"text": escaped})}
        if len(found) > 1:
            raise AmbiguousModelError(text, sorted(found))
        if found:
            return str(found.pop())
    if model := _model_by_rules(conn, wanted):
        return model
    raise unknown_model_error(conn, text)


def _model_by_rules(conn: sqlite3.Connection, name: str) -> str | None:
    from cardwatch.normalize.identity.resolver import resolve_name

    read = resolve_name(name)
    if read.model is None or read.variant:
        return None
    row = conn.execute("SELECT id, merged_into FROM model_ids WHERE id = ?", [read.model]).fetchone()
    return (row[1] or row[0]) if row else None


def unknown_model_error(conn: sqlite3.Connection, text: str) -> UnknownModelError:
    """Return the error that says what is near."""
    return UnknownModelError(text, similar_models(conn, text.strip().casefold()))


def similar_models(conn: sqlite3.Connection, text: str) -> list[str]:
    """Return the ids most like `text`, best first: by their words, and by how much more an id has than the text."""
    from rapidfuzz import fuzz, process

    def likeness(wanted: str, words: str, **_: object) -> float:
        return (fuzz.ratio(wanted, words) + fuzz.token_ratio(wanted, words)) / 2

    words = {
        model: _separate_words(model if "/" in text else model.split("/", 1)[-1])
        for model in list_model_ids(conn)
    }
    found = process.extract(_separate_words(text), words, scorer=likeness, limit=NEAR, score_cutoff=60)
    return [model for _, _, model in found]


def _separate_words(name: str) -> str:
    """Return a name with a space between its words and numbers: "gpt5-mini" is "gpt 5 mini"."""
    return " ".join(_WORD.findall(name.casefold()))


def list_model_ids(conn: sqlite3.Connection) -> list[str]:
    """Return the ids of all models in order, merged ones aside."""
    rows = conn.execute("SELECT id FROM model_ids WHERE merged_into IS NULL ORDER BY id")
    return [id_ for (id_,) in rows]


class SaidFact(NamedTuple):
    """What the line of a model needs of one fact: its value, if rules decide it, and the day of its last look."""

    model: str
    offer: str
    attribute: str
    qualifier: str
    authority: str
    value: str | None
    day: str


def model_summaries(conn: sqlite3.Connection, *, at: str) -> list[ModelSummary]:
    """Return one line per model, by id."""
    away = kept_facts.find_run_out(conn, at)
    touched = away.touched
    facts = (
        [*said_facts(conn, kept_facts.choose_run_out(conn, at, away), at), *_kept_facts(conn, away)]
        if touched
        else []
    )
    types = _product_types(conn, touched, at)
    made = [*_kept_summaries(conn, touched), *summarize_models(conn, facts, types, touched, at=at)]
    return sorted(made, key=lambda line: line.id)


def _product_types(conn: sqlite3.Connection, models: Collection[str], at: str) -> dict[str, str]:
    """Return what models are sold as: as it is kept, since age alone seldom makes it another, or by their cards."""
    rows = conn.execute(
        "SELECT model, product_type FROM kept_models WHERE kept_at <= ? AND model IN (SELECT value FROM json_each(?))",
        [at, json.dumps(sorted(models))],
    ).fetchall()
    kept: dict[str, str | None] = dict(rows)
    unread = read_product_types(conn, sorted({*models} - kept.keys()), at=at)
    return {**{model: sold for model, sold in kept.items() if sold}, **unread}


def _kept_facts(conn: sqlite3.Connection, away: kept_facts.RunOut) -> Iterator[SaidFact]:
    """Yield what is kept and holds of models of which something else does not."""
    for *row, verified, looked_on in kept_facts.list_heard(conn, away):
        yield SaidFact._make((*row, max(verified[:10], looked_on or "")))


def said_facts(conn: sqlite3.Connection, chosen: Iterable[OrderedClaims], at: str) -> Iterator[SaidFact]:
    """Yield what is said in facts whose claims are in order."""
    looks = claim_choice.confirmation_days(conn, at)
    for fact in chosen:
        if fact.heard:
            shown = fact.claims[0]
            day = max(shown["last_verified"][:10], looks.get((*fact.key, shown["value"]), ""))
            yield SaidFact(*fact.key, shown["authority"], None if fact.conflicting else shown["value"], day)


def _kept_summaries(conn: sqlite3.Connection, away: Collection[str]) -> Iterator[ModelSummary]:
    """Yield the lines that hold; only the day of the oldest look moves without a change."""
    days = dict(conn.execute("SELECT id, substr(last_verified, 1, 10) FROM pages").fetchall())
    apart = kept_facts.oldest_apart(conn)
    for model, pages, *line in conn.execute(
        "SELECT model, pages, model, name, vendor, product_type, lifecycle, context_window, cheapest_input,"
        " cheapest_output, offers FROM kept_models WHERE listed"
    ):
        if model not in away:
            looks = [days[page] for page in orjson.loads(pages)]
            looks += [apart[model]] if model in apart else []
            yield ModelSummary(*(*line, min(looks, default=None)))


def summarize_models(
    conn: sqlite3.Connection,
    stated_facts: Iterable[SaidFact],
    types: Mapping[str, str],
    models: Collection[str],
    *,
    at: str,
) -> list[ModelSummary]:
    """Return the lines of these models, by what is said of them and what they are sold as; one of which nothing is
    said any more has none."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    oldest: dict[str, str] = {}
    prices: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    ended: set[tuple[str, str]] = set()
    by_maker: set[str] = set()
    for model, offer, name, qualifier, authority, value, day in stated_facts:
        oldest[model] = min(oldest.get(model, day), day)
        if not offer and authority == "first_party":
            by_maker.add(model)
        if not offer and name == "lifecycle" and not qualifier:
            facts[model][DISPUTED] = name
        if value is None or qualifier:
            continue
        if offer and name == "shutdown_date" and has_come(value, at[:10]):
            ended.add((model, offer))
        elif offer and name in PRICES:
            prices[model, offer][name] = Decimal(value)
        elif not offer and name in SUMMARY:
            facts[model][name] = value
    wanted = json.dumps(sorted(models))
    offers = {model: _offers(conn, model) for model in models}
    ids = conn.execute(
        "SELECT m.id FROM json_each(?) n JOIN model_ids m ON m.id = n.value"
        f" WHERE merged_into IS NULL AND {views.STILL_LISTED} ORDER BY m.id",
        [wanted],
    )
    return [
        _summary(
            model,
            facts[model],
            [found for found in offers[model] if (model, found[0]) not in ended],
            prices,
            types.get(model),
            oldest.get(model),
            day=at[:10],
            by_maker=model in by_maker,
        )
        for (model,) in ids
    ]


def _offers(conn: sqlite3.Connection, model: str) -> list[tuple[str, bool]]:
    """Return the offers of one model, and whether each is an ordinary one; of several at once the view reads all rows."""
    rows = conn.execute(
        f"SELECT offer, {default_offer_sql(or_free=True)} FROM offers WHERE listed AND model = ?", [model]
    )
    return [(offer, bool(plain)) for offer, plain in rows]


def _summary(
    model: str, facts: dict[str, str], offers: list[tuple[str, bool]],
    prices: dict[tuple[str, str], dict[str, Decimal]], product_type: str | None, oldest: str | None,
    *, day: str, by_maker: bool,
) -> ModelSummary:  # fmt: skip
    providers = (provider_of(offer) for offer, _ in offers)
    life = StatedLife(
        facts.get("lifecycle"), facts.get("deprecation_date"), facts.get("shutdown_date"), DISPUTED in facts,
        by_maker or lists_as_current(model, providers),
    )  # fmt: skip
    state = lifecycle_state(life, day)
    if state == RETIRED:
        offers = []
    priced = [found for offer, plain in offers if plain and len(found := prices.get((model, offer), {})) == 2]
    paid = [found for found in priced if any(found.values())] or priced
    cheapest = min(paid, key=_monthly, default={})
    context = facts.get("context_window")
    return ModelSummary(
        model,
        facts.get("name") or model.split("/", 1)[-1],
        facts.get("vendor") or fallback_vendor(model),
        product_type,
        state,
        int(context) if context else None,
        str(cheapest["input_price"]) if cheapest else None,
        str(cheapest["output_price"]) if cheapest else None,
        len(offers),
        oldest,
    )


def _monthly(prices: dict[str, Decimal]) -> Decimal:
    return INPUT_MTOK * prices["input_price"] + OUTPUT_MTOK * prices["output_price"]
