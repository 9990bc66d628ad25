"""A month at the printed traffic: what it costs, by which offer, and the difference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cardwatch.auditing.audited_page import AuditedPage, Json, Text
from cardwatch.auditing.expected_side import ExpectedSide
from cardwatch.auditing.figure_text import (
    canonical_decimal,
    find_figures,
    full_cost_text,
    month_text,
    percent_text,
    price_text,
)
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage

UNKNOWN = "unknown"
TERM = re.compile(r"([\d.]+) × \$([\d.]+)")
PERCENT = re.compile(r"([\d.]+)% cheaper")
LIMITS = re.compile(r"\(limits[^()]*\)")
"""What a free offer is limited to."""
UNEVEN = re.compile(r"\b(uneven|one-sided|incomplete) (pricing|prices?|coverage)|pricing coverage\b", re.I)


def check_costs(page: AuditedPage) -> Differences:
    """Each cost is the volume times the unrounded prices of the named offer."""
    for side in page.truth.sides:
        printed = page.document["cost"][side.side_id]
        reason = no_cost_reason(page, side)
        state = "not_applicable" if reason else "unknown" if side.usd is None else "known"
        yield from expect_equal(f"cost.{side.side_id}.state", state, printed["state"])
        yield from expect_equal(f"cost.{side.side_id}.display", cost_text(page, side), printed["display"])
        if reason:
            yield from expect_equal(f"cost.{side.side_id}.reason", reason, printed["reason"])
        route = side.route(printed.get("offer"))
        if route is not None and route.month is not None:
            yield from expect_equal(
                f"cost.{side.side_id}.usd", canonical_decimal(route.month), printed["usd"]
            )
        yield from _months(page, side)


def _months(page: AuditedPage, side: ExpectedSide) -> Differences:
    for offer in page.document["offers"][side.side_id]:
        route = side.route(offer["offer"])
        month = route.month if route else None
        wanted = None if month is None else canonical_decimal(month)
        yield from expect_equal(
            f"offers.{side.side_id}.{offer['offer']}.monthly_usd", wanted, offer["monthly_usd"]
        )


def check_rendered_costs(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered costs, of the month and of every offer."""
    cells = view.section("cost").table().row("Cost of a month")[1:]
    wanted_cells = tuple(cost_text(page, side) for side in page.truth.sides)
    found_cells = tuple(cell.partition(" (")[0] for cell in cells)
    yield from expect_equal("cost, Cost of a month", wanted_cells, found_cells)


def no_cost_reason(page: AuditedPage, side: ExpectedSide) -> str | None:
    """Return why a side has no cost on this page, None if it may have one."""
    return side.no_cost or ("other_job" if page.truth.jobs_differ else None)


def cost_text(page: AuditedPage, side: ExpectedSide) -> str:
    """Return a month's cost as the page prints it."""
    return "not applicable" if no_cost_reason(page, side) else month_cost_text(side.usd)


def month_cost_text(usd: Decimal | None) -> str:
    """Return a cost in words."""
    return UNKNOWN if usd is None else month_text(usd)


def traffic_text(page: AuditedPage) -> str:
    """Return the traffic in the page's words."""
    a = page.truth.a
    return f"{a.input_mtok:,}M input and {a.output_mtok:,}M output tokens a month"


def check_traffic(page: AuditedPage) -> Differences:
    """The traffic is in the data and in every sentence about a cost."""
    a = page.truth.a
    wanted = {"input_mtok": a.input_mtok, "output_mtok": a.output_mtok}
    yield from expect_equal("cost.profile", wanted, page.document["cost"]["profile"])
    for statement in page.statements("cheaper", "cost_changes"):
        stated = traffic_text(page) in statement["text"]
        yield from wrong_if(not stated, f"claims.{statement['id']}", traffic_text(page), statement["text"])


def check_rendered_traffic(page: AuditedPage, view: RenderedPage) -> Differences:
    """The traffic heads the rendered costs."""
    head = view.section("cost").table().head[:1]
    yield from expect_equal("cost, head", (traffic_text(page),), head)


def check_cost_gap(page: AuditedPage) -> Differences:
    """A difference is told exactly where both sides have a cost."""
    both = _comparable_costs(page)
    printed = page.document["cost"]["gap"]
    yield from expect_equal("cost.gap", "a gap" if both else None, "a gap" if printed else None)
    for statement in page.statements("cheaper", "cost_changes"):
        priced = all(side.usd is not None for side in page.truth.sides)
        yield from wrong_if(
            not priced, f"claims.{statement['id']}", "a cost on both sides", statement["text"]
        )


def check_rendered_cost_gap(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered difference is unknown or a figure, by the same rule."""
    a, b = page.truth.sides
    cell = view.section("cost").table(1).row("Per month")[1:]
    wanted = UNKNOWN
    if _comparable_costs(page) and a.usd is not None and b.usd is not None:
        wanted = month_text(abs(a.usd - b.usd)) if a.usd != b.usd else "$0"
    if not _is_costless(page):
        yield from expect_equal("cost, difference per month", (wanted,), cell)
        why = " ".join(view.section("cost").table(1).row("Why")[1:])
        free = a.usd == 0 and b.usd == 0
        yield from wrong_if("free" in why and not free, "cost, why no difference", "two free models", why)


def _is_costless(page: AuditedPage) -> bool:
    """Say whether no cost of this traffic is told: the two do different jobs, or both another one."""
    return page.truth.jobs_differ or {side.no_cost for side in page.truth.sides} == {"other_job"}


def _comparable_costs(page: AuditedPage) -> bool:
    """Say whether both sides have a cost that may be compared, and not both are free."""
    costs = [side.usd for side in page.truth.sides]
    return page.truth.prices_comparable and None not in costs and any(costs)


def check_uneven_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """Prices are called uneven exactly where one side has them."""
    one = sum(side.usd is not None for side in page.truth.sides) == 1
    for where, text in texts:
        claimed = UNEVEN.search(text) is not None
        yield from wrong_if(claimed and not one, where, "exactly one side priced", text)


def check_percent_cheaper(page: AuditedPage) -> Differences:
    """Cheaper by 1 − low/high of the unrounded costs, by the right side."""
    wanted = _gap(page)
    printed = page.document["cost"]["gap"]
    if wanted and printed:
        yield from expect_equal("cost.gap", wanted, {key: printed.get(key) for key in wanted})
    for statement, this, _ in page.sided("cheaper"):
        found = PERCENT.findall(statement["text"])
        expected = [wanted["percent"]] if wanted and this.usd else []
        yield from expect_equal(f"claims.{statement['id']}", expected, found)


def check_rendered_percent(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered percentage."""
    wanted = _gap(page)
    row = view.section("cost").table(1).row("Cheaper by")[1:]
    yield from expect_equal("cost, Cheaper by", (f"{wanted['percent']}%",) if wanted else (), row)
    for where, text in view.texts():
        shares = PERCENT.findall(text) if wanted or "% cheaper" in text else []
        expected = [wanted["percent"]] * len(shares) if wanted else []
        yield from expect_equal(f"{where}, percent cheaper", expected, shares)


def _gap(page: AuditedPage) -> dict[str, Any]:
    a, b = page.truth.sides
    if not _comparable_costs(page) or a.usd is None or b.usd is None:
        return {}
    low, high = sorted((a.usd, b.usd))
    cheaper = None if low == high else a.side_id if a.usd == low else b.side_id
    return {"usd": canonical_decimal(high - low), "percent": percent_text(low, high), "cheaper": cheaper}


def check_cost_from_prices(page: AuditedPage) -> Differences:
    """The prices in the data give the cost that is displayed."""
    for side in page.truth.sides:
        printed = page.document["cost"][side.side_id]
        for offer in page.document["offers"][side.side_id]:
            if printed["state"] == "known" and offer["offer"] == printed.get("offer"):
                terms = [Decimal(offer[name]) * mtok for name, mtok in side.volumes.items()]
                month = sum(terms, Decimal(0))
                yield from expect_equal(
                    f"cost.{side.side_id}, from its prices", month_text(month), printed["display"]
                )


def check_rendered_calculation(page: AuditedPage, view: RenderedPage) -> Differences:
    """The printed calculation gives the printed cost, from the prices of the named offer."""
    table = view.section("cost").table()
    for n, side in enumerate(page.truth.sides, 1):
        if side.cheapest is None or no_cost_reason(page, side):
            continue
        cost, sums = (_cell(table.row(label), n) for label in ("Cost of a month", "Calculation"))
        terms = [(Decimal(volume), Decimal(price)) for volume, price in TERM.findall(sums)]
        total = sum((volume * price for volume, price in terms), Decimal(0))
        yield from expect_equal(f"cost, calculation for {side.name}", cost, month_text(total))
        wanted = [side.cheapest.price(name) for name in side.volumes]
        yield from expect_equal(f"cost, prices for {side.name}", wanted, [price for _, price in terms])


def _cell(row: Sequence[str], number: int) -> str:
    return row[number] if number < len(row) else ""


def check_cheapest_offer(page: AuditedPage) -> Differences:
    """The named offer is the cheapest one, and the paid usual offers are ranked by cost from it on."""
    for side in page.truth.sides:
        wanted = side.cheapest if not no_cost_reason(page, side) else None
        found = page.document["cost"][side.side_id].get("offer")
        yield from expect_equal(f"cost.{side.side_id}.offer", wanted and wanted.offer.key, found)
        if wanted is not None and not wanted.free:
            first = page.document["offers"][side.side_id][0]["offer"]
            yield from expect_equal(f"offers.{side.side_id}.0", wanted.offer.key, first)
        months = _ranked(page, side)
        yield from expect_equal(f"offers.{side.side_id} ranked", sorted(months), months)


def _ranked(page: AuditedPage, side: ExpectedSide) -> list[Decimal]:
    """Return what the usual paid offers cost, in the order of the page."""
    found = [side.route(offer["offer"]) for offer in page.document["offers"][side.side_id]]
    return [one.month for one in found if one and one.usual and not one.free and one.month is not None]


def check_rendered_cheapest_offer(page: AuditedPage, view: RenderedPage) -> Differences:
    """The rendered cost names that offer."""
    if _is_costless(page):
        return
    cells = view.section("cost").table().row("Cheapest standard offer")[1:]
    for side, cell in zip(page.truth.sides, cells or ("", ""), strict=False):
        none = "not applicable" if side.no_cost else UNKNOWN
        wanted = side.cheapest.name if side.cheapest and not side.no_cost else none
        found = cell if wanted != none else cell[: len(none)]
        yield from expect_equal(f"cost, offer for {side.name}", wanted, found)


def check_cheaper_side(page: AuditedPage) -> Differences:
    """Who is said to be cheaper is, for certain, and by the figures that stand there."""
    for statement, this, other in page.sided("cheaper"):
        what = f"claims.{statement['id']}"
        yield from wrong_if(
            page.truth.results["price"] != this.side_id,
            what,
            f"price {page.truth.results['price']}",
            statement["about"],
        )
        yield from _figures(page, statement["text"], this, other, what)
    for statement, this, _ in page.sided("cheaper_images"):
        yield from _image_figures(page, statement, this)
    for statement, this, other in page.sided("cost_changes"):
        yield from _figures(page, statement["text"], this, other, f"claims.{statement['id']}")


def _image_figures(page: AuditedPage, statement: Json, this: ExpectedSide) -> Differences:
    """Both prices are those of one size, and it is said of how many this model asks less for."""
    prices = [told if this.side_id == "a" else told[::-1] for told in page.truth.image_prices.values()]
    less = [(mine, its) for mine, its in prices if mine is not None and its is not None and mine < its]
    counts = [str(n) for n in dict.fromkeys((len(less), len(prices))) if len(prices) > 1]
    wanted = [[*counts, *map(price_text, pair)] for pair in less[:1]]
    found = find_figures(page.truth.bare(statement["text"]))
    yield from expect_equal(f"claims.{statement['id']} figures", wanted, [found])


def _figures(page: AuditedPage, text: str, this: ExpectedSide, other: ExpectedSide, what: str) -> Differences:
    """Both costs are printed, unrounded where rounding would make them equal."""
    if this.usd is None or other.usd is None:
        return
    costs = [cost_text(page, side) for side in (this, other)]
    if costs[0] == costs[1] and this.usd != other.usd:
        costs = [full_cost_text(usd) for usd in (this.usd, other.usd)]
    bare = LIMITS.sub("", text.replace(traffic_text(page), ""))
    found = [figure for figure in find_figures(page.truth.bare(bare)) if not figure.endswith("%")]
    wanted = [figure for cost in costs for figure in find_figures(cost)]
    yield from expect_equal(f"{what} figures", sorted(wanted), sorted(found))
    yield from wrong_if("free" in costs and "free" not in text, f"{what} figures", "free", text)
