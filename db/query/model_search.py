"""Finding a model by what people call it, and one line about each."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from decimal import Decimal

from cardwatch.db.query import claim_choice
from cardwatch.db.query.card_reader import fallback_vendor
from cardwatch.db.query.lifecycle import lists_as_current
from cardwatch.db.query.reports import ModelSummary
from cardwatch.db.store import views
from cardwatch.db.store.default_offer import default_offer_sql
from cardwatch.db.store.default_traffic import INPUT_MTOK, OUTPUT_MTOK
from cardwatch.db.store.errors import AmbiguousModelError, UnknownModelError
from cardwatch.db.store.lifecycle_rules import RETIRED, StatedLife, has_come, lifecycle_state

SUMMARY = (
    "name",
    "vendor",
    "product_type",
    "lifecycle",
    "context_window",
    "deprecation_date",
    "shutdown_date",
)
DISPUTED = "disputed"
"""Marks that something is stated of a lifecycle, decided or not."""
PRICES = ("input_price", "output_price")
NEAR = 5
LONGEST_NAME = 500
"""Characters of a model's name at most, as the rules of names have it."""


def find_model(conn: sqlite3.Connection, text: str) -> str:
    """Return the id of the model called `text`: an id, its model part, a display name or a reviewed alias.

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
    raise unknown_model_error(conn, text)


def unknown_model_error(conn: sqlite3.Connection, text: str) -> UnknownModelError:
    """Return the error that says what is near."""
    return UnknownModelError(text, similar_models(conn, text.strip().casefold()))


def similar_models(conn: sqlite3.Connection, text: str) -> list[str]:
    """Return the ids most like `text`, best first."""
    from rapidfuzz import fuzz, process

    ids = [row[0] for row in conn.execute("SELECT id FROM model_ids WHERE merged_into IS NULL ORDER BY id")]
    parts = {model: model if "/" in text else model.split("/", 1)[-1] for model in ids}
    found = process.extract(text, parts, scorer=fuzz.WRatio, limit=NEAR, score_cutoff=60)
    return [model for _, _, model in found]


def list_model_ids(conn: sqlite3.Connection) -> list[str]:
    """Return the ids of all models in order, merged ones aside."""
    rows = conn.execute("SELECT id FROM model_ids WHERE merged_into IS NULL ORDER BY id")
    return [id_ for (id_,) in rows]


def model_summaries(conn: sqlite3.Connection, *, at: str) -> list[ModelSummary]:
    """Return one line per model, by id."""
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    oldest: dict[str, str] = {}
    prices: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    ended: set[tuple[str, str]] = set()
    by_maker: set[str] = set()
    looks = claim_choice.confirmation_days(conn, at)
    for fact in claim_choice.claims_by_fact(conn, at):
        shown = fact.claims[0]
        if not shown["listed"] or fact.unheard:
            continue
        model, offer, name, qualifier, value = tuple(shown)[:5]
        day = max(shown["last_verified"][:10], looks.get((model, offer, name, qualifier, value), ""))
        oldest[model] = min(oldest.get(model, day), day)
        if not offer and shown["authority"] == "first_party":
            by_maker.add(model)
        if not offer and name == "lifecycle" and not qualifier:
            facts[model][DISPUTED] = name
        if value is None or fact.conflicting or qualifier:
            continue
        if offer and name == "shutdown_date" and has_come(value, at[:10]):
            ended.add((model, offer))
        elif offer and name in PRICES:
            prices[model, offer][name] = Decimal(value)
        elif not offer and name in SUMMARY:
            facts[model][name] = value
    offers = _offers(conn)
    ids = conn.execute(
        f"SELECT id FROM model_ids m WHERE merged_into IS NULL AND {views.STILL_LISTED} ORDER BY id"
    )
    return [
        _summary(
            model,
            facts[model],
            [found for found in offers.get(model, []) if (model, found[0]) not in ended],
            prices,
            oldest.get(model),
            day=at[:10],
            by_maker=model in by_maker,
        )
        for (model,) in ids
    ]


def _offers(conn: sqlite3.Connection) -> dict[str, list[tuple[str, bool]]]:
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for model, offer, plain in conn.execute(
        f"SELECT model, offer, {default_offer_sql(or_free=True)} FROM offers WHERE listed"
    ):
        found[model].append((offer, bool(plain)))
    return found


def _summary(
    model: str, facts: dict[str, str], offers: list[tuple[str, bool]],
    prices: dict[tuple[str, str], dict[str, Decimal]], oldest: str | None,
    *, day: str, by_maker: bool,
) -> ModelSummary:  # fmt: skip
    providers = (offer.partition(";")[0] for offer, _ in offers)
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
        facts.get("product_type"),
        state,
        int(context) if context else None,
        str(cheapest["input_price"]) if cheapest else None,
        str(cheapest["output_price"]) if cheapest else None,
        len(offers),
        oldest,
    )


def _monthly(prices: dict[str, Decimal]) -> Decimal:
    return INPUT_MTOK * prices["input_price"] + OUTPUT_MTOK * prices["output_price"]
