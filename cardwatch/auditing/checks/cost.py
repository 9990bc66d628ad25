"""A month at the printed traffic: what it costs, by which offer, and the difference."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from cardwatch.auditing.checks.routes import offer_tables
from cardwatch.auditing.findings import Found, differs, wrong_if
from cardwatch.auditing.numbers import canonical, figures, in_full, month_text, percent_text, price_text
from cardwatch.auditing.page import Page, Text
from cardwatch.auditing.truth import BOTH, Side
from cardwatch.auditing.view import View

UNKNOWN = "unknown"
TERM = re.compile(r"([\d.]+) × \$([\d.]+)")
PERCENT = re.compile(r"([\d.]+)% cheaper")
UNEVEN = re.compile(r"\b(uneven|one-sided|incomplete) (pricing|prices?|coverage)|pricing coverage\b", re.I)


def amounts(page: Page) -> Found:
    """Each cost is the volume times the unrounded prices of the named offer."""
    for side in page.truth.sides:
        told = page.document["cost"][side.seat]
        yield from differs(
            f"cost.{side.seat}.state", "unknown" if side.usd is None else "known", told["state"]
        )
        yield from differs(f"cost.{side.seat}.display", cost_text(side), told["display"])
        route = side.route(told.get("offer"))
        if route is not None and route.month is not None:
            yield from differs(f"cost.{side.seat}.usd", canonical(route.month), told["usd"])
        yield from _months(page, side)


def _months(page: Page, side: Side) -> Found:
    for offer in page.document["offers"][side.seat]:
        route = side.route(offer["offer"])
        month = route.month if route else None
        wanted = None if month is None else canonical(month)
        yield from differs(f"offers.{side.seat}.{offer['offer']}.monthly_usd", wanted, offer["monthly_usd"])


def amounts_in_view(page: Page, view: View) -> Found:
    """The rendered costs, of the month and of every offer."""
    cells = view.section("cost").table().row("Cost of a month")[1:]
    yield from differs("cost, Cost of a month", tuple(map(cost_text, page.truth.sides)), cells)
    for side, table in offer_tables(page, view):
        column = table.head.index("Per month") if "Per month" in table.head else 0
        wanted = Counter((r.name, month_cell(r.month)) for r in side.routes)
        found = Counter((row[0], row[column]) for row in table.rows)
        yield from differs(f"offers of {side.name}, Per month", [], sorted(found - wanted))


def cost_text(side: Side) -> str:
    """Return a month's cost as the page prints it."""
    return month_cell(side.usd)


def month_cell(usd: Decimal | None) -> str:
    """Return a cost in words."""
    return UNKNOWN if usd is None else month_text(usd)


def traffic_text(page: Page) -> str:
    """Return the traffic in the page's words."""
    a = page.truth.a
    return f"{a.input_mtok:,}M input and {a.output_mtok:,}M output tokens a month"


def traffic(page: Page) -> Found:
    """The traffic is in the data and in every sentence about a cost."""
    a = page.truth.a
    wanted = {"input_mtok": a.input_mtok, "output_mtok": a.output_mtok}
    yield from differs("cost.profile", wanted, page.document["cost"]["profile"])
    for claim in page.claims("cheaper", "cost_changes"):
        stated = traffic_text(page) in claim["text"]
        yield from wrong_if(not stated, f"claims.{claim['id']}", traffic_text(page), claim["text"])


def traffic_in_view(page: Page, view: View) -> Found:
    """The traffic heads the rendered costs."""
    head = view.section("cost").table().head[:1]
    yield from differs("cost, head", (traffic_text(page),), head)


def gap(page: Page) -> Found:
    """A difference is told exactly where both sides have a cost."""
    both = all(side.usd for side in page.truth.sides)
    told = page.document["cost"]["gap"]
    yield from differs("cost.gap", "a gap" if both else None, "a gap" if told else None)
    for claim in page.claims("cheaper", "cost_changes"):
        priced = all(side.usd is not None for side in page.truth.sides)
        yield from wrong_if(not priced, f"claims.{claim['id']}", "a cost on both sides", claim["text"])


def gap_in_view(page: Page, view: View) -> Found:
    """The rendered difference is unknown or a figure, by the same rule."""
    a, b = page.truth.sides
    cell = view.section("cost").table(1).row("Per month")[1:]
    wanted = UNKNOWN
    if a.usd and b.usd:
        wanted = month_text(abs(a.usd - b.usd)) if a.usd != b.usd else "$0"
    yield from differs("cost, difference per month", (wanted,), cell)


def uneven(page: Page, texts: Sequence[Text]) -> Found:
    """Prices are called uneven exactly where one side has them."""
    one = sum(side.usd is not None for side in page.truth.sides) == 1
    for where, text in texts:
        said = UNEVEN.search(text) is not None
        yield from wrong_if(said and not one, where, "exactly one side priced", text)


def percent(page: Page) -> Found:
    """Cheaper by 1 − low/high of the unrounded costs, by the right side."""
    wanted = _gap(page)
    told = page.document["cost"]["gap"]
    if wanted and told:
        yield from differs("cost.gap", wanted, {key: told.get(key) for key in wanted})
    for claim in page.claims("cheaper"):
        found = PERCENT.findall(claim["text"])
        yield from differs(f"claims.{claim['id']}", [wanted["percent"]] if wanted else [], found)


def percent_in_view(page: Page, view: View) -> Found:
    """The rendered percentage."""
    wanted = _gap(page)
    row = view.section("cost").table(1).row("Cheaper by")[1:]
    yield from differs("cost, Cheaper by", (f"{wanted['percent']}%",) if wanted else (), row)
    for where, text in view.texts():
        shares = PERCENT.findall(text) if wanted or "% cheaper" in text else []
        expected = [wanted["percent"]] * len(shares) if wanted else []
        yield from differs(f"{where}, percent cheaper", expected, shares)


def _gap(page: Page) -> dict[str, Any]:
    a, b = page.truth.sides
    if not a.usd or not b.usd:
        return {}
    low, high = sorted((a.usd, b.usd))
    cheaper = None if low == high else a.seat if a.usd == low else b.seat
    return {"usd": canonical(high - low), "percent": percent_text(low, high), "cheaper": cheaper}


def reproduced(page: Page) -> Found:
    """The prices in the data give the cost that is displayed."""
    for side in page.truth.sides:
        told = page.document["cost"][side.seat]
        for offer in page.document["offers"][side.seat]:
            if told["state"] == "known" and offer["offer"] == told.get("offer"):
                prices = [Decimal(offer[name]) for name in BOTH]
                month = side.input_mtok * prices[0] + side.output_mtok * prices[1]
                yield from differs(f"cost.{side.seat}, from its prices", month_text(month), told["display"])


def reproduced_in_view(page: Page, view: View) -> Found:
    """The printed calculation gives the printed cost, from the printed prices of the named offer."""
    table = view.section("cost").table()
    tables = dict(offer_tables(page, view))
    for n, side in enumerate(page.truth.sides, 1):
        if side.cheapest is None:
            continue
        cost, sums, name = (_cell(table.row(label), n) for label in _LINES)
        terms = [(Decimal(volume), Decimal(price)) for volume, price in TERM.findall(sums)]
        total = sum((volume * price for volume, price in terms), Decimal(0))
        yield from differs(f"cost, calculation for {side.name}", cost, month_text(total))
        shown = [price_text(price) for _, price in terms]
        row = tables[side].row(name) if side in tables else ()
        yield from differs(f"cost, prices of {name}", list(row[1:3]), shown)


_LINES = ("Cost of a month", "Calculation", "Cheapest standard offer")


def _cell(row: Sequence[str], number: int) -> str:
    return row[number] if number < len(row) else ""


def route(page: Page) -> Found:
    """The named offer is the cheapest one, and the paid usual offers are ranked by cost from it on."""
    for side in page.truth.sides:
        wanted = side.cheapest
        found = page.document["cost"][side.seat].get("offer")
        yield from differs(f"cost.{side.seat}.offer", wanted and wanted.offer.key, found)
        if wanted is not None and not wanted.free:
            first = page.document["offers"][side.seat][0]["offer"]
            yield from differs(f"offers.{side.seat}.0", wanted.offer.key, first)
        months = _ranked(page, side)
        yield from differs(f"offers.{side.seat} ranked", sorted(months), months)


def _ranked(page: Page, side: Side) -> list[Decimal]:
    """Return what the usual paid offers cost, in the order of the page."""
    found = [side.route(offer["offer"]) for offer in page.document["offers"][side.seat]]
    return [one.month for one in found if one and one.usual and not one.free and one.month is not None]


def route_in_view(page: Page, view: View) -> Found:
    """The rendered cost names that offer."""
    cells = view.section("cost").table().row("Cheapest standard offer")[1:]
    for side, cell in zip(page.truth.sides, cells or ("", ""), strict=False):
        wanted = side.cheapest.name if side.cheapest else UNKNOWN
        yield from differs(
            f"cost, offer for {side.name}", wanted, cell if side.cheapest else cell[: len(UNKNOWN)]
        )


def cheaper(page: Page) -> Found:
    """Who is said to be cheaper is, for certain, and by the figures that stand there."""
    for claim, me, it in page.sided("cheaper"):
        what = f"claims.{claim['id']}"
        yield from wrong_if(
            page.truth.results["price"] != me.seat,
            what,
            f"price {page.truth.results['price']}",
            claim["about"],
        )
        yield from _figures(page, claim["text"], me, it, what)
    for claim, me, it in page.sided("cost_changes"):
        yield from _figures(page, claim["text"], me, it, f"claims.{claim['id']}")


def _figures(page: Page, text: str, me: Side, it: Side, what: str) -> Found:
    """Both costs stand there, in full where rounding makes them look alike."""
    if me.usd is None or it.usd is None:
        return
    costs = [cost_text(side) for side in (me, it)]
    if costs[0] == costs[1] and me.usd != it.usd:
        costs = [in_full(usd) for usd in (me.usd, it.usd)]
    bare = text.replace(traffic_text(page), "")
    found = [figure for figure in figures(page.truth.bare(bare)) if not figure.endswith("%")]
    wanted = [figure for cost in costs for figure in figures(cost)]
    yield from differs(f"{what} figures", sorted(wanted), sorted(found))
    yield from wrong_if("free" in costs and "free" not in text, f"{what} figures", "free", text)
