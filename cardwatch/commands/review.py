"""`cardwatch review`: confirm a published fact, or overrule it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import click

from cardwatch.app import App, pass_app
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.ingest import plausibility
from cardwatch.db.store.values import encode_value, variant_key
from cardwatch.errors import UsageError
from cardwatch.normalize.attributes import ATTRIBUTES
from cardwatch.normalize.curated import CuratedFact, read_facts
from cardwatch.run.decisions import update_and_report
from cardwatch.terminal.options import by_option
from cardwatch.terminal.params import MODEL_PARAM

SHOWN = 3
"""Sources named when a value is refused."""


@click.command()
@click.argument("model", type=MODEL_PARAM)
@click.argument("attribute")
@click.option("--confirm", is_flag=True, help="The published value is right.")
@click.option("--value", help="It is this instead; lists with commas.")
@click.option("--unit", help="Unit of --value; prices need usd_per_mtok.")
@click.option("--force", is_flag=True, help="It is so, however far --value is from what every source says.")
@click.option("--url", required=True, help="Where you looked.")
@click.option("--provider", help="Provider id, for a fact about an offer.")
@click.option("--tier", default="standard", show_default=True, help="Tier of that offer.")
@click.option("--region", help="Region of that offer.")
@by_option
@pass_app
def review(
    app: App,
    /,
    model: str,
    attribute: str,
    confirm: bool,
    value: str | None,
    url: str,
    by: str,
    *,
    force: bool,
    **rest: str | None,
) -> None:
    """Say that a published fact is right, or what it should be; a human review outranks every source.

    A number more than ten times off what every source says is refused without --force.

    \b
    cardwatch review gpt-4.1 context_window --confirm --url https://… --by me
    cardwatch review gpt-4.1 input_price --value 2 --unit usd_per_mtok \\
        --provider openai --url https://… --by me
    """
    if confirm == (value is not None):
        raise click.UsageError("give either --confirm or --value V")
    with app.writing() as catalog:
        found = catalog.find(model)
        if value is None:
            catalog.review(found, attribute, url=url, by=by, offer=offer_key(rest))
        else:
            fact = reviewed_fact(app, found, attribute, value, url, by, rest)
            if not force:
                _refuse_far_value(catalog, fact, offer_key(rest))
            catalog.review(found, attribute, url=url, by=by, fact=fact)
        update_and_report(
            app, catalog, f"{found} {attribute}: {'confirmed' if value is None else f'set to {value}'}"
        )


def _refuse_far_value(catalog: CatalogStore, fact: CuratedFact, offer: str) -> None:
    """Raise UsageError for a number far from what every source says of the same fact."""
    values = [
        claim
        for claim in catalog.stated_claims()
        if (claim.model, claim.offer, claim.attribute, claim.qualifier)
        == (fact.model, offer, fact.attribute, "")
        and claim.authority not in ("review", "curated")
    ]
    if plausibility.is_far_from_all(
        fact.attribute, encode_value(fact.value), [claim.value for claim in values]
    ):
        known = (
            ", ".join(f"{claim.source} says {claim.value}" for claim in values[:SHOWN]) or "nobody says so"
        )
        raise UsageError(
            f"{fact.model} {fact.attribute}: {fact.value} is far from what is known ({known}); if it is so, add --force"
        )


def offer_key(rest: Mapping[str, str | None]) -> str:
    """Return the key of the offer that the options name, "" for the model as such."""
    if not rest["provider"]:
        return ""
    tier = "" if rest["tier"] == "standard" else rest["tier"]
    variant = {"tier": tier, "region": rest["region"]}
    return variant_key(rest["provider"], {key: text for key, text in variant.items() if text})


def reviewed_fact(
    app: App, model: str, attribute: str, value: str, url: str, by: str, rest: Mapping[str, str | None]
) -> CuratedFact:
    """Return what a reviewer states, read as a line of a facts file would be. Raises UsageError."""
    offer = rest if rest["provider"] else {}
    line = {
        "model": model,
        "attribute": attribute,
        "value": parse_typed_value(attribute, value),
        "source_url": url,
        "reviewed_on": app.now().date().isoformat(),
        "reviewer": by,
        "source": "review",
        **({"unit": rest["unit"]} if rest["unit"] else {}),
        **{key: offer[key] for key in ("provider", "tier", "region") if offer.get(key)},
    }
    good, bad = read_facts([json.dumps(line)])
    if bad:
        raise UsageError(bad[0].reason)
    return good[0]


def parse_typed_value(attribute: str, value: str) -> object:
    """Return the JSON value that a typed word stands for."""
    kind = ATTRIBUTES[attribute].type if attribute in ATTRIBUTES else "score"
    if kind == "words":
        return [word.strip() for word in value.split(",")]
    if kind == "flag" and value.lower() in {"true", "yes", "false", "no"}:
        return value.lower() in {"true", "yes"}
    return int(value) if kind == "count" and value.isdigit() else value
