"""Price history as a step chart in SVG, with the same steps as a table for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cardwatch.compare.history import PriceSeries, price_series, step_words
from cardwatch.compare.render.sparkline import day_number
from cardwatch.compare.side import Side
from cardwatch.compare.wording import number_format

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 76, 24, 14, 32
MOST_LINES = 5
GRID = 4
LONG_AGO = "0001-01-01"


@dataclass(frozen=True, slots=True)
class ChartLine:
    """The same steps of one or more offers; `style` numbers colour and dashes, `more` the other offers."""

    name: str
    more: int
    style: int
    path: str


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A labelled place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A price of a model's offers over time; `more` counts the offers that the table alone shows.

    `drawn` is False where all looks are of one day, so that there is nothing to see.
    """

    title: str
    lines: tuple[ChartLine, ...]
    prices: tuple[AxisTick, ...]
    days: tuple[AxisTick, ...]
    words: str
    steps: tuple[tuple[str, str], ...]
    more: int
    remark: str
    drawn: bool


def price_charts(side: Side) -> list[Chart]:
    """Return the chart of input and of output prices, where any of them moved.

    A chart ends at the latest review date of its prices, so that a day without changes leaves it as it was.
    """
    found = price_series(side)
    titles = {"input_price": "Input price", "output_price": "Output price"}
    made = ((title, [s for s in found if s.price.fact.attribute == name]) for name, title in titles.items())
    return [draw_chart(title, series) for title, series in made if any(len(s.points) > 1 for s in series)]


def draw_chart(title: str, series: Sequence[PriceSeries]) -> Chart:
    """Draw the best ranked price and those that moved, at most MOST_LINES; equal ones as one line."""
    moved = [s for s in series if len(s.points) > 1]
    ranked = list(dict.fromkeys((series[0], *moved, *series)))
    alike: dict[tuple[tuple[str, str], ...], list[PriceSeries]] = {}
    for s in ranked:
        alike.setdefault(tuple((point.value, point.since) for point in s.points), []).append(s)
    lines = [group for key, group in alike.items() if len(key) > 1 or group[0] is series[0]][:MOST_LINES]
    drawn = [group[0] for group in lines]
    frame = _chart_frame(drawn)
    return Chart(
        title,
        tuple(ChartLine(_offer(g[0]), len(g) - 1, n, frame.path(g[0])) for n, g in enumerate(lines)),
        frame.price_ticks(),
        frame.day_ticks(),
        f"{title} per 1M tokens: " + "; ".join(f"{_offer(s)} {step_words(s.points)}" for s in drawn),
        tuple((_offer(s), step_words(s.points)) for s in ranked),
        len(series) - sum(map(len, lines)),
        "" if moved else "no step on record",
        frame.last > frame.first,
    )


def _chart_frame(drawn: Sequence[PriceSeries]) -> ChartFrame:
    days = [day_number(point) for s in drawn for point in s.points]
    looks = [date.fromisoformat(s.price.fact.reviewed_on or LONG_AGO).toordinal() for s in drawn]
    top = max(Decimal(point.value) for s in drawn for point in s.points) or Decimal(1)
    return ChartFrame(min(days), max(*days, *looks), top)


def _offer(series: PriceSeries) -> str:
    return series.price.label.partition(", ")[2]


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """The area of a chart: days (as ordinals) across, with some room after the last, prices from zero up."""

    first: int
    last: int
    top: Decimal

    @property
    def end(self) -> int:
        """The right edge."""
        return self.last + max((self.last - self.first) // 16, 1)

    def x(self, day: int) -> float:
        """Return where a day stands."""
        return round(LEFT + (day - self.first) / (self.end - self.first) * (WIDTH - LEFT - RIGHT), 1)

    def y(self, price: Decimal) -> float:
        """Return where a price stands."""
        return round(HEIGHT - BOTTOM - float(price / self.top) * (HEIGHT - TOP - BOTTOM), 1)

    def path(self, series: PriceSeries) -> str:
        """Return the steps of one price; the last one runs on to the end."""
        ends = [*(day_number(point) for point in series.points[1:]), self.end]
        steps = [
            f"V{self.y(Decimal(point.value))}H{self.x(end)}"
            for point, end in zip(series.points, ends, strict=True)
        ]
        start = series.points[0]
        return f"M{self.x(day_number(start))} {self.y(Decimal(start.value))}" + "".join(steps)

    def price_ticks(self) -> tuple[AxisTick, ...]:
        """Return evenly spaced prices from zero up."""
        prices = [self.top * n / GRID for n in range(GRID + 1)]
        return tuple(
            AxisTick(self.y(price), f"${number_format.price_digits(_short(price))}") for price in prices
        )

    def day_ticks(self) -> tuple[AxisTick, ...]:
        """Return the first day, the middle and the last."""
        days = sorted({self.first, (self.first + self.last) // 2, self.last})
        return tuple(AxisTick(self.x(day), date.fromordinal(day).isoformat()) for day in days)


def _short(price: Decimal) -> Decimal:
    """Return a price with so few digits that it fits beside an axis."""
    return number_format.round_to_three_digits(price) if price else price
