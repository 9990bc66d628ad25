"""A month at the printed traffic: what each side costs, by which offer, and the difference."""

from __future__ import annotations

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render import number_format
from cardwatch.compare.render.blocks import CellText, ModelColumn, TableRows, TwoColumns
from cardwatch.compare.render.page_writers import PageWriter
from cardwatch.compare.rules.labels import REASONS, UNKNOWN
from cardwatch.compare.side import Side, cached_per_side

NONE = "none"


def write_cost(pen: PageWriter, comparison: Comparison) -> None:
    """Write the section; its prices stand beside the offers, as attributes, for other traffic."""
    a, b = comparison.sides
    settings = comparison.settings
    marks = f' data-input-mtok="{settings.input_mtok}" data-output-mtok="{settings.output_mtok}"'
    pen.section("cost", "Monthly cost", marks)
    pen.table("cost", (a.traffic, a.name, b.name), TwoColumns(COST_LINES, cost_column(a), cost_column(b)))
    pen.table("gap", ("Difference", "Value"), TableRows(gap_rows(comparison)))


@cached_per_side
def cost_column(side: Side) -> ModelColumn:
    """One model's cost, line by line."""
    return ModelColumn(side.side_id, LABELS, {label: show(side) for label, show in COST_LINES.items()})


def amount_cell(side: Side) -> CellText:
    return side.cost.display


def cheapest_offer_cell(side: Side) -> CellText:
    """Return the offer that sets the cost, or why there is none."""
    found = side.cost
    return found.route.name if found.route else f"{UNKNOWN} ({REASONS.get(found.reason or '', UNKNOWN)})"


def calculation_cell(side: Side) -> CellText:
    """Return volume times price, as it was calculated."""
    if side.cost.route is None:
        return UNKNOWN
    first, second = (f"${number_format.plain_decimal(usd)}" for usd in side.cost.route.usd)
    return f"{side.settings.input_mtok} × {first} + {side.settings.output_mtok} × {second}"


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
FREE = "a side is free"
UNPRICED = "a cost is unknown"
LABELS = {label: label for label in COST_LINES}


def gap_rows(comparison: Comparison) -> list[tuple[CellText, ...]]:
    """Return the difference in dollars and percent, or unknown."""
    gap = comparison.pair.saving
    if gap is None:
        known = all(side.cost.known for side in comparison.sides)
        return [("Per month", UNKNOWN), ("Why", FREE if known else UNPRICED)]
    cheaper = comparison.pair.side(gap.cheaper).name if gap.cheaper else "neither"
    dollars = number_format.format_monthly_cost(gap.usd) if gap.usd else "$0"
    return [("Per month", dollars), ("Cheaper", cheaper), ("Cheaper by", f"{gap.percent}%")]
