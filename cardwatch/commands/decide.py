"""Commands by which people decide: holds, curated facts, reviews."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import click

from cardwatch.app import App, pass_app
from cardwatch.db.catalog import CatalogStore
from cardwatch.db.ingest.holds import HoldDecision
from cardwatch.db.query.reports import IngestReport
from cardwatch.db.store.errors import AmbiguousModelError, UnknownModelError
from cardwatch.db.store.values import variant_key
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.normalize.attributes import ATTRIBUTES
from cardwatch.normalize.curated import CuratedFact, read_facts
from cardwatch.run.comparison_stage import ComparisonUpdate, update_comparisons
from cardwatch.terminal import output
from cardwatch.terminal.params import MODEL_PARAM

HOLD_COLUMNS = ("id", "source", "model", "provider", "attribute", "old", "new", "reason", "since")
by_option = click.option("--by", required=True, metavar="NAME", help="Who decides; kept with the decision.")


@click.group(invoke_without_command=True)
@output.format_option
@click.pass_context
def holds(ctx: click.Context, form: str) -> None:
    """List the changes that were too surprising to publish, or decide on one.

    The value before stays published until two consistent runs, or a person, say otherwise.

    \b
    cardwatch holds
    cardwatch holds release 12 --by "pricing desk"
    """
    if ctx.invoked_subcommand is not None:
        return
    app = ctx.find_object(App)
    assert app is not None
    with app.reading() as catalog:
        rows = [asdict(row) for row in catalog.holds()]
    output.print_rows(rows, HOLD_COLUMNS, form, empty="nothing is held")


@holds.command()
@click.argument("hold_id", type=int)
@by_option
@pass_app
def release(app: App, hold_id: int, by: str) -> None:
    """Publish the value that waits.

    \b
    cardwatch holds release 12 --by "pricing desk"
    """
    _decide(app, hold_id, "release", by)


@holds.command()
@click.argument("hold_id", type=int)
@by_option
@pass_app
def reject(app: App, hold_id: int, by: str) -> None:
    """Keep the old value; the same new one is not asked about again.

    \b
    cardwatch holds reject 12 --by "pricing desk"
    """
    _decide(app, hold_id, "reject", by)


def _decide(app: App, hold_id: int, decision: HoldDecision, by: str) -> None:
    with app.writing() as catalog:
        catalog.decide(hold_id, decision, by=by)
        _update_and_report(app, catalog, f"hold {hold_id}: {decision}")


def _update_and_report(app: App, catalog: CatalogStore, what: str) -> None:
    """Make the comparisons that a decision touches, and say both."""
    compared: ComparisonUpdate = update_comparisons(app, catalog)
    output.stderr_console().print(f"{what}; comparisons: {compared.sentence()}")


@click.group()
def facts() -> None:
    """Curated facts: a person read them somewhere and says where and when.

    \b
    cardwatch facts import notices.jsonl
    cardwatch facts retract gpt-4.1 license --reason "misread" --by "model desk"
    """


@facts.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@pass_app
def import_(app: App, file: TextIO) -> None:
    """Read facts from FILE (JSON lines; - for stdin) and write them to the catalog.

    Bad lines are refused by number with a reason and the exit code is 1; the good ones land. Importing twice
    changes nothing.

    \b
    cardwatch facts import notices.jsonl

    \b
    One line:
    {"model":"openai/gpt-4.1","attribute":"context_window","value":1047576,
     "source_url":"https://…","reviewed_on":"2026-05-22","reviewer":"…"}
    """
    with app.writing() as catalog:
        good, bad = read_facts(
            file, links=catalog.links(), known=model_finder(catalog), today=app.now().date()
        )
        report = catalog.import_facts(good)
        for line in bad:
            click.echo(f"{Path(file.name).name}:{line.line}: {line.reason}", err=True)
        _update_and_report(
            app,
            catalog,
            f"{len(good)} facts read: {report.new} new, {report.changed} changed, {report.same} as before"
            f"{_skipped_lines_text(report)}; {len(bad)} lines refused",
        )
    if bad:
        raise CardwatchError(f"{len(bad)} of {len(good) + len(bad)} lines were refused")


def _skipped_lines_text(report: IngestReport) -> str:
    """Say why lines changed nothing though they say something else than the catalog."""
    late, back = report.outcomes["late"], report.outcomes["taken_back"]
    return f"{f', {late} reviewed earlier than what is known' * (late > 0)}{f', {back} taken back before' * (back > 0)}"


def model_finder(catalog: CatalogStore) -> Callable[[str], Sequence[str]]:
    """Return the function that finds models by what people call them."""

    def known(text: str) -> Sequence[str]:
        try:
            return [catalog.find(text)]
        except UnknownModelError:
            return []
        except AmbiguousModelError as error:
            return error.near

    return known


@facts.command()
@click.argument("model", type=MODEL_PARAM)
@click.argument("attribute")
@click.option("--source", default="curated", show_default=True, help="Whose claim is taken back.")
@click.option("--offer", default="", help="Offer key, for a fact about an offer.")
@click.option("--reason", required=True, help="Why; kept with the decision.")
@by_option
@pass_app
def retract(app: App, model: str, attribute: str, source: str, offer: str, reason: str, by: str) -> None:
    """Take a curated claim back; it stays in the history, with who took it back and why.

    \b
    cardwatch facts retract gpt-4.1 license --reason "misread" --by "model desk"
    """
    with app.writing() as catalog:
        found = catalog.find(model)
        count = catalog.retract(found, attribute, source=source, offer=offer, by=by, reason=reason)
        _update_and_report(app, catalog, f"{found} {attribute}: {count} taken back")


@click.command()
@click.argument("model", type=MODEL_PARAM)
@click.argument("attribute")
@click.option("--confirm", is_flag=True, help="The published value is right.")
@click.option("--value", help="It is this instead; lists with commas.")
@click.option("--unit", help="Unit of --value; prices need usd_per_mtok.")
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
    **rest: str | None,
) -> None:
    """Say that a published fact is right, or what it should be; a human review outranks every source.

    \b
    cardwatch review gpt-4.1 context_window --confirm --url https://… --by "model desk"
    cardwatch review gpt-4.1 input_price --value 2 --unit usd_per_mtok --provider openai --url … --by …
    """
    if confirm == (value is not None):
        raise click.UsageError("give either --confirm or --value V")
    with app.writing() as catalog:
        found = catalog.find(model)
        if value is None:
            catalog.review(found, attribute, url=url, by=by, offer=offer_key(rest))
        else:
            fact = reviewed_fact(app, found, attribute, value, url, by, rest)
            catalog.review(found, attribute, url=url, by=by, fact=fact)
        _update_and_report(
            app, catalog, f"{found} {attribute}: {'confirmed' if value is None else f'set to {value}'}"
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
