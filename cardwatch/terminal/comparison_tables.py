"""A comparison on a terminal: the scorecard, the cost, capabilities and benchmarks as tables."""

from __future__ import annotations

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render.comparison_json import to_json
from cardwatch.compare.render.review import FRESHNESS_WORDS, RenderContext, review_comparison
from cardwatch.terminal import output


def print_comparison(comparison: Comparison, stamp: RenderContext) -> None:
    """Print what a person scans first; `--format md` has all of it."""
    console, a, b = output.stdout_console(), comparison.a.name, comparison.b.name
    page = orjson.loads(to_json(comparison, stamp))
    looked = review_comparison(comparison, stamp)
    console.print(
        Text.assemble(
            (f"{a} vs {b}", "bold"), f"   {FRESHNESS_WORDS[looked.level]}, oldest fact {looked.reviewed_on}"
        )
    )
    for claim in comparison.of("verdict"):
        console.print(claim.text)
    _table(console, "Scorecard", a, b, [(row["signal"], row["a"], row["b"]) for row in page["scorecard"]])
    cost = page["cost"]
    _table(
        console,
        "Cost a month",
        a,
        b,
        [("at the default traffic", cost["a"].get("display"), cost["b"].get("display"))],
    )
    _table(console, "Capabilities", a, b, [(row["name"], row["a"], row["b"]) for row in page["capabilities"]])
    _table(console, "Benchmarks", a, b, [(row["name"], row["a"], row["b"]) for row in page["benchmarks"]])
    for side_id, name in (("a", a), ("b", b)):
        console.print(Text(f"\nChoose {name} when", style="bold"))
        for claim in comparison.of("choose", side_id):
            console.print(f"  {claim.text}")


def _table(
    console: Console, title: str, a: str, b: str, rows: list[tuple[str, str | None, str | None]]
) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading in ("", a, b):
        table.add_column(heading, header_style="dim", overflow="fold")
    for label, left, right in rows:
        table.add_row(label.replace("_", " "), *(_cell(value) for value in (left, right)))
    console.print(Text(""), table)


def _cell(value: str | None) -> Text:
    text = "unknown" if value is None else str(value)
    return Text(text, style="dim" if text.startswith("unknown") else "")
