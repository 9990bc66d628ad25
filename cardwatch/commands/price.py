"""`cardwatch price`: what a model cost on a day, and what that many tokens cost then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any

import click

from cardwatch.app import App, pass_app
from cardwatch.compare.offers import qualifier_text
from cardwatch.compare.wording.number_format import format_unit_price
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.db.query.dated_prices import matching_offers
from cardwatch.json_output import dated_cost_json, offer_on_date_json
from cardwatch.terminal import output
from cardwatch.terminal.params import DATE_PARAM, MODEL_PARAM, PROVIDER_PARAM, FiniteFloat

MTOK = 1_000_000
WIDTH = 80


@click.command()
@click.argument("model", type=MODEL_PARAM)
@click.option("--provider", type=PROVIDER_PARAM, help="Only this provider's offers.")
@click.option("--tier", help="Only this tier; standard unless given.")
@click.option("--on", type=DATE_PARAM, metavar="DATE", help="The day; today unless given.")
@click.option("--input-mtok", type=FiniteFloat(0), default=0, help="Million input tokens to multiply.")
@click.option("--output-mtok", type=FiniteFloat(0), default=0, help="Million output tokens.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@pass_app
def price(
    app: App, model: str, provider: str | None, tier: str | None, on: str | None, input_mtok: float,
    output_mtok: float, form: str,
) -> None:  # fmt: skip
    """Say what a model cost on a day, in USD per million tokens, with the looks on either side of that day.

    On a day between the last look at one price and the first at the next, both are named and the price is unknown.

    \b
    cardwatch price gpt-4.1 --provider openai --on 2026-03-31
    cardwatch price gpt-4.1 --on 2026-03-31 --input-mtok 800 --output-mtok 250
    """
    with app.reading() as catalog:
        answer = _answer(catalog, model, provider, tier, on or catalog.now[:10], input_mtok, output_mtok)
    if form == "json":
        output.echo(output.json_text(answer))
    else:
        _print_prices(answer)


def _answer(
    catalog: CatalogReports, model: str, provider: str | None, tier: str | None, on: str, input_mtok: float,
    output_mtok: float,
) -> dict[str, Any]:  # fmt: skip
    offers = matching_offers(catalog.offers_on(model, on), provider, tier or "standard")
    tokens = {"input": round(input_mtok * MTOK), "output": round(output_mtok * MTOK)}
    cost = catalog.cost(model, provider=provider, tier=tier, on=on, **tokens)
    asked = any(tokens.values())
    answer = dated_cost_json(cost) if asked else {**dated_cost_json(cost), "usd": None}
    return {**answer, "asked": tokens, "offers": [offer_on_date_json(offer) for offer in offers]}


def _print_prices(answer: Mapping[str, Any]) -> None:
    """Print one line a price, at most 80 columns wide, and the cost of the tokens asked for."""
    output.echo(f"{answer['model']} on {answer['on']}, {answer['tier']} tier, USD per million tokens")
    for offer in answer["offers"]:
        output.echo(f"\n{offer['offer']}")
        for label, price in _labelled(offer):
            text = f"{label}: {_price_text(price)}"
            output.echo(
                fill(text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
            )
    if not answer["offers"]:
        output.echo(f"unknown: {answer['reason']}")
    elif answer["usd"] is not None:
        output.echo(f"\nCost: {format_unit_price(answer['usd'])} at {answer['offer']}")
        if answer["conditional"]:
            conditions = dict.fromkeys(qualifier_text(price["qualifier"]) for price in answer["conditional"])
            text = f"By the plain prices; others hold {', '.join(conditions)}."
            output.echo(fill(text, WIDTH, break_long_words=False))
    elif any(answer["asked"].values()):
        output.echo("\n" + fill(f"Cost: unknown ({answer['reason']})", WIDTH, break_long_words=False))


def _labelled(offer: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each price with its name, those under a condition after the plain ones."""
    for name, price in offer["prices"].items():
        yield _price_label(name), price
    for price in offer["conditional"]:
        condition = qualifier_text(price["qualifier"]) or f"in {price['qualifier']['currency']}"
        yield f"{_price_label(price['attribute'])}, {condition}", price


def _price_label(name: str) -> str:
    return name.removesuffix("_price").replace("_", " ")


def _price_text(price: Mapping[str, Any]) -> str:
    source = price["evidence"][0]["source"] if price["evidence"] else ""
    by = f", {source}" if source else ""
    if not price["known"]:
        return f"unknown ({price['reason']}){by}"
    return f"{format_unit_price(price['usd'])}, {_bounds_text(price)}{by}"


def _bounds_text(price: Mapping[str, Any]) -> str:
    """Say which looks, or which of the source's own dates, stand on either side of the day."""
    before, after = (str(price[key] or "")[:10] for key in ("seen_before", "seen_after"))
    if price["told"]:
        return f"its source dates it from {before or 'the beginning'} to {after or 'now'}"
    if not after:
        return f"last seen {price['evidence'][0]['reviewed_on']}, not looked at since"
    return f"seen {before}" if before == after else f"seen {before} and {after}"
