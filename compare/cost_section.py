"""A month at the printed traffic: what each side costs, by which offer, and the difference."""

from __future__ import annotations

from cardwatch.compare import figures
from cardwatch.compare.blocks import Column, Rows, Text, TwoColumns
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.pens import Pen
from cardwatch.compare.rules.names import REASONS, UNKNOWN
from cardwatch.compare.side import Side, per_side

NONE = "none"


def cost(pen: Pen, comparison: Comparison) -> None:
    """Write the section; its prices stand beside the offers, as attributes, for other traffic."""
    a, b = comparison.sides
    settings = comparison.settings
    marks = f' data-input-mtok="{settings.input_mtok}" data-output-mtok="{settings.output_mtok}"'
    pen.section("cost", "Monthly cost", marks)
    pen.table("cost", (a.traffic, a.name, b.name), TwoColumns(LINES, lines(a), lines(b)))
    pen.table("gap", ("Difference", "Value"), Rows(gap_rows(comparison)))


@per_side
def lines(side: Side) -> Column:
    """One model's cost, line by line."""
    return Column(side.seat, LABELS, {label: show(side) for label, show in LINES.items()})


def amount(side: Side) -> Text:
    return side.cost.display


def route(side: Side) -> Text:
    """Return the offer that sets the cost, or why there is none."""
    found = side.cost
    return found.route.name if found.route else f"{UNKNOWN} ({REASONS.get(found.reason or '', UNKNOWN)})"


def formula(side: Side) -> Text:
    """Return volume times price, as it was calculated."""
    if side.cost.route is None:
        return UNKNOWN
    first, second = (f"${figures.plain(usd)}" for usd in side.cost.route.usd)
    return f"{side.settings.input_mtok} × {first} + {side.settings.output_mtok} × {second}"


def free_offers(side: Side) -> Text:
    return ", ".join(r.name for r in side.routes if r.is_free) or NONE


def unpriced(side: Side) -> Text:
    """Return the standard offers that might be cheaper: listed, but without a price on record."""
    return ", ".join(r.name for r in side.routes if r.could_be_cheaper) or NONE


LINES = {
    "Cost of a month": amount,
    "Cheapest standard offer": route,
    "Calculation": formula,
    "Free offers": free_offers,
    "Listed without a price": unpriced,
}
FREE = "a side is free"
UNPRICED = "a cost is unknown"
LABELS = {label: label for label in LINES}


def gap_rows(comparison: Comparison) -> list[tuple[Text, ...]]:
    """Return the difference in dollars and percent, or unknown."""
    gap = comparison.pair.saving
    if gap is None:
        known = all(side.cost.known for side in comparison.sides)
        return [("Per month", UNKNOWN), ("Why", FREE if known else UNPRICED)]
    cheaper = comparison.pair.side(gap.cheaper).name if gap.cheaper else "neither"
    dollars = figures.monthly(gap.usd) if gap.usd else "$0"
    return [("Per month", dollars), ("Cheaper", cheaper), ("Cheaper by", f"{gap.percent}%")]
