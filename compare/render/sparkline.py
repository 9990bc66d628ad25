"""Price steps as a small drawing with the same steps in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from cardwatch.compare.history import PriceSeries, step_words
from cardwatch.compare.wording import escaping, number_format
from cardwatch.db.query.cards import PricePoint

WIDTH, HEIGHT, MARGIN = 120, 28, 3


class Sparkline(Struct, frozen=True, eq=False):
    """One price over time: words in Markdown, drawing and words in HTML."""

    series: PriceSeries

    @property
    def plain(self) -> str:
        return self.words

    @property
    def md(self) -> str:
        return escaping.escape_markdown(self.words)

    @property
    def html(self) -> str:
        points = " ".join(f"{step_day(point)}={point.value}" for point in self.series.points)
        words, size = escaping.escape_html(self.words), f'width="{WIDTH}" height="{HEIGHT}"'
        line = (
            f'<path d="{svg_path(self.series.points)}" fill="none" stroke="currentColor" stroke-width="2"/>'
        )
        marks = f'viewBox="0 0 {WIDTH} {HEIGHT}" {size} role="img" aria-label="{words}"'
        return f'<svg class="sparkline" {marks} data-points="{escaping.escape_html(points)}">{line}</svg> {words}'

    @property
    def words(self) -> str:
        """The steps in words."""
        return step_words(self.series.points)


def step_day(point: PricePoint) -> str:
    """Return the day a step began."""
    return point.since[:10]


def svg_path(points: tuple[PricePoint, ...]) -> str:
    """Return the SVG path of a step line; the last step runs on for a tenth of the time shown."""
    days = [day_number(point) for point in points]
    span = max(days[-1] - days[0], 1)
    end = days[-1] + max(span // 10, 1)
    prices = [Decimal(point.value) for point in points]
    xs = [scale_to_length(Decimal(d - days[0]), Decimal(end - days[0]), WIDTH) for d in (*days, end)]
    ys = [HEIGHT - scale_to_length(price, max(*prices, Decimal(0)) or Decimal(1), HEIGHT) for price in prices]
    steps = [f"V{y}H{x}" for y, x in zip(ys, xs[1:], strict=True)]
    return f"M{xs[0]} {ys[0]}" + "".join(steps)


def scale_to_length(value: Decimal, most: Decimal, length: int) -> Decimal:
    """Return where `value` of `most` lies within `length`, margins kept."""
    return MARGIN + number_format.round_half_up(value / most * (length - 2 * MARGIN), Decimal("0.1"))


def day_number(point: PricePoint) -> int:
    """Return the day a step began as a number; a month or year counts from its first day."""
    year, *rest = step_day(point).split("-")
    return date(int(year), *[int(part) for part in (*rest, "1", "1")[:2]]).toordinal()
