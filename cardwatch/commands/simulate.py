"""`cardwatch simulate`: the page choice of `refresh --budget` on synthetic pages, against known rules."""

from __future__ import annotations

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from cardwatch.errors import CardwatchError
from cardwatch.simulation.scheduling_rules import SCHEDULING_RULES, SIGNAL_RULES
from cardwatch.simulation.study import ScenarioResult, rules_of, run_study
from cardwatch.simulation.world import SCENARIOS
from cardwatch.terminal import output
from cardwatch.terminal.consoles import stderr_console, stdout_console

QUICK = ("catalog", "signals")
"""What is played without --full."""
RULES = tuple(dict.fromkeys([*SCHEDULING_RULES, *SIGNAL_RULES]))


@click.command()
@click.option(
    "--scenario",
    "names",
    multiple=True,
    type=click.Choice(list(SCENARIOS)),
    metavar="NAME",
    help=f"Only these; repeatable: {', '.join(SCENARIOS)}.",
)
@click.option(
    "--full",
    is_flag=True,
    help="Every scenario with 5 worlds of 5000 pages; takes the better part of an hour.",
)
@click.option("--seeds", type=click.IntRange(1), help="Worlds per scenario.  [default: 1; with --full 5]")
@click.option("--pages", type=click.IntRange(10), help="Pages per world.  [default: 1000; with --full 5000]")
@output.format_option
def simulate(names: tuple[str, ...], full: bool, seeds: int | None, pages: int | None, form: str) -> None:
    """Measure the page choice against other rules and an oracle; exit 1 when a target is missed.

    Each figure is freshness as a share of the oracle's, which is told the true rates of change; `gap` is how
    much of the way from uniform visiting to the oracle Cardwatch goes. `absolute_freshness` is the weighted share
    of time in which its copies were true, `no_signal` the same without change signals. Means over the seeds,
    days 60 to 120. Without --full two scenarios are played in small worlds, in less than a minute of a processor.

    \b
    cardwatch simulate --scenario lying_signals --scenario dying_signals
    """
    chosen = names or (tuple(SCENARIOS) if full else QUICK)
    seeds, pages = seeds or (5 if full else 1), pages or (5000 if full else 1000)
    bar = Progress(
        TextColumn("simulating"),
        BarColumn(),
        TimeRemainingColumn(),
        console=stderr_console(),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=seeds * sum(len(rules_of(name)) for name in chosen))
        lines = run_study(scenarios=chosen, seeds=seeds, pages=pages, tick=lambda: bar.advance(task))
    if form == "table":
        stdout_console().print(_table(lines))
    else:
        rows = [scenario_row(line) for line in lines]
        output.print_rows(rows, list(rows[0]), form)
    if missed := [failure for line in lines for failure in line.failures()]:
        raise CardwatchError("targets missed: " + "; ".join(missed))


def scenario_row(line: ScenarioResult) -> dict[str, str | int | float | None]:
    """Return one scenario as printed in JSON and CSV: shares with four decimals, null where a rule was not played."""
    return {
        "scenario": line.scenario,
        **{rule: f"{line.ratio(rule):.4f}" if rule in line.results else None for rule in RULES},
        "absolute_freshness": round(line.results["cardwatch"], 4),
        "learned_precision": None if line.precision is None else round(line.precision, 3),
        "oracle_freshness": f"{line.results['oracle']:.4f}",
        "gap_percent": f"{100 * line.gap('cardwatch'):.1f}",
        "visits": int(line.visits["cardwatch"]),
        "past_limit": line.late,
    }


def _table(lines: list[ScenarioResult]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, heading in enumerate(scenario_row(lines[0])):
        table.add_column(heading.replace("_", " "), justify="right" if number else "left")
    for line in lines:
        table.add_row(*("" if value is None else str(value) for value in scenario_row(line).values()))
    return table
