"""A month at the printed traffic: what each side costs, by which offer, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import orjson

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render.blocks import CellText, ModelColumn, TableRows, TwoColumns
from cardwatch.compare.render.page_writers import PageWriter, no_marks
from cardwatch.compare.rules.criteria import SIDES
from cardwatch.compare.side import Side, cached_per_side
from cardwatch.compare.wording import escaping, number_format
from cardwatch.compare.wording.labels import REASONS, UNKNOWN

NONE = "none"


def write_cost(writer: PageWriter, comparison: Comparison) -> None:
    """Write the section; its prices stand beside the offers, as attributes, for other traffic."""
    a, b = comparison.sides
    costless = comparison.pair.jobs_differ or {a.cost.reason, b.cost.reason} == {"other_job"}
    writer.section("cost", "Monthly cost", no_marks if costless else partial(traffic_marks, comparison))
    head = (a.traffic, a.name, b.name)
    if costless:
        writer.table("cost", head, TableRows([other_job_row(comparison)]))
        return
    writer.table("cost", head, TwoColumns(COST_LINES, cost_column(a), cost_column(b)))
    writer.table("gap", ("Difference", "Value"), TableRows(gap_rows(comparison)))


def traffic_marks(comparison: Comparison) -> str:
    """Return what a script needs to work the costs out at other traffic, as HTML attributes."""
    settings = comparison.settings
    offers = ",".join([paid for side in comparison.sides if (paid := paid_offers_text(side))])
    volumes = f'data-sentences="yes" data-input-mtok="{settings.input_mtok}" data-output-mtok="{settings.output_mtok}"'
    return f' {volumes} data-offers="[{offers}]"'


@cached_per_side
def paid_offers_text(side: Side) -> str:
    """Return the same offers as items of a JSON array in an HTML attribute."""
    return escaping.escape_html(orjson.dumps(paid_offers(side)).decode()[1:-1])


@cached_per_side
def paid_offers(side: Side) -> Sequence[tuple[str, ...]]:
    """Return side, name and billed prices of every offer that may set the cost."""
    if not side.cost.applicable:
        return []
    paid = [r for r in side.routes if r.counts and r.monthly is not None and not r.is_free]
    return [(side.side_id, r.name, *[number_format.plain_decimal(usd) for usd in r.usd]) for r in paid]


def other_job_row(comparison: Comparison) -> tuple[CellText, ...]:
    """Return the one line of two models that are not compared on cost."""
    costs = [comparison.pair.cost(side_id) for side_id in SIDES]
    return "Cost of a month", *[f"{cost.display} ({REASONS[cost.reason or '']})" for cost in costs]


@cached_per_side
def cost_column(side: Side) -> ModelColumn:
    """One model's cost, line by line."""
    return ModelColumn(side.side_id, LABELS, {label: show(side) for label, show in COST_LINES.items()})


def amount_cell(side: Side) -> CellText:
    return side.cost.display


def cheapest_offer_cell(side: Side) -> CellText:
    """Return the offer that sets the cost, or why there is none."""
    found = side.cost
    return (
        found.route.name if found.route else f"{found.display} ({REASONS.get(found.reason or '', UNKNOWN)})"
    )


def calculation_cell(side: Side) -> CellText:
    """Return volume times price, as it was calculated."""
    if side.cost.route is None:
        return side.cost.display
    volumes = (side.settings.input_mtok, side.settings.output_mtok)
    terms = zip(volumes, side.cost.route.usd, strict=False)
    return " + ".join([f"{mtok} × ${number_format.price_digits(usd)}" for mtok, usd in terms])


def free_offers_cell(side: Side) -> CellText:
    return ", ".join(r.name for r in side.routes if r.is_free) or NONE


def unpriced_offers_cell(side: Side) -> CellText:
    """Return the standard offers that might be cheaper: listed, but without a price on record."""
    return ", ".join(r.name for r in side.routes if r.could_be_cheaper) or NONE


COST_LINES = {
    "Cost of a month": amount_cell,
    "Cheapest standard offer": cheapest_offer_cell,
    "Calculation": calculation_cell,
    "Free offers": free_offers_cell,
    "Listed without a price": unpriced_offers_cell,
}
FREE = "both are free"
UNPRICED = "a cost is unknown"
UNSETTLED = "what one of them is sold as, or its lifecycle, is in doubt"
NOT_COMPARED = "a cost does not apply"
LABELS = {label: label for label in COST_LINES}


def gap_rows(comparison: Comparison) -> list[tuple[CellText, ...]]:
    """Return the difference in dollars and percent, or unknown."""
    gap = comparison.pair.saving
    if gap is None:
        return [("Per month", UNKNOWN), ("Why", no_gap_reason(comparison))]
    cheaper = comparison.pair.side(gap.cheaper).name if gap.cheaper else "neither"
    dollars = number_format.format_monthly_cost(gap.usd) if gap.usd else "$0"
    return [("Per month", dollars), ("Cheaper", cheaper), ("Cheaper by", f"{gap.percent}%")]


def no_gap_reason(comparison: Comparison) -> str:
    """Return why there is no difference in cost."""
    costs = [side.cost for side in comparison.sides]
    if not all(cost.applicable for cost in costs):
        return NOT_COMPARED
    if not all(cost.known for cost in costs):
        return UNPRICED
    return UNSETTLED if any(cost.usd for cost in costs) else FREE
