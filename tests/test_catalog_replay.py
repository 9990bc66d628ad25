"""The same archive gives the same catalog; a killed run loses nothing that was committed."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.made_catalogs import DAY, START, CatalogWorld, Row, about, aggregator, card, offer, visit

from cardwatch.crawler.documents import Outcome, Visit
from cardwatch.db.catalog import CatalogStore

Seen = tuple[Visit, Sequence[Row]]
PRICES = st.sampled_from([None, "0", "0.02", "0.48", "2", "2.5", "not_published", "!x"])
ROWS = st.dictionaries(st.sampled_from([f"openai/gpt-{n}" for n in range(8)]), PRICES, max_size=8)
VISITS = st.lists(
    st.one_of(ROWS, st.sampled_from([Outcome.ERROR, Outcome.NOT_MODIFIED, Outcome.UNPARSED])),
    min_size=1,
    max_size=7,
)


def history(draws: Sequence[Any]) -> list[Seen]:
    """Return one visit a day: a page, or what came instead of one."""
    seen: list[Seen] = []
    for day, page in enumerate(draws):
        if isinstance(page, Outcome):
            seen.append(
                (visit(day=day, outcome=page, status=304 if page is Outcome.NOT_MODIFIED else 500), ())
            )
        else:
            rows = [offer(model, input_price=price, output_price="9") for model, price in page.items()]
            rows += [about(model, "openrouter", name=f"Name of {model}") for model in page]
            seen.append((visit(rows, day=day), rows))
    return seen


@settings(max_examples=25)
@given(draws=VISITS, cuts=st.sets(st.integers(1, 6)))
def test_however_the_visits_are_handed_over(
    tmp_path_factory: pytest.TempPathFactory, draws: list[Any], cuts: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("replay")
    seen = history(draws)
    live, replayed = CatalogWorld(folder / "live.db"), CatalogWorld(folder / "replayed.db")
    starts = [0, *sorted(cut for cut in cuts if cut < len(seen)), len(seen)]
    for start, end in pairwise(starts):
        live.ingest(card(), seen[start:end])
    replayed.now = START + 400 * DAY
    replayed.ingest(card(), seen)
    assert replayed.catalog.dump() == live.catalog.dump()
    assert replayed.ingest(card(), seen).outcomes == {"known": len(seen)}
    assert replayed.catalog.dump() == live.catalog.dump()
    live.catalog.close()
    replayed.catalog.close()


def test_the_order_of_sources_does_not_matter(tmp_path: Path) -> None:
    other = aggregator("models_dev")
    rows = [offer("openai/gpt-4.1", input_price="2"), about("openai/gpt-4.1", context_window=1047576)]
    more = [
        about("openai/gpt-4.1", context_window=1000000),
        offer("openai/gpt-4.1", "azure-openai", input_price="2"),
    ]
    dumps, cards = [], []
    for name, order in (("a", (0, 1)), ("b", (1, 0))):
        world = CatalogWorld(tmp_path / f"{name}.db")
        for step in order:
            world.see(*(rows, more)[step], card=(card(), other)[step])
        dumps.append(world.catalog.dump())
        cards.append(list(world.catalog.cards()))
        world.catalog.close()
    assert dumps[0] == dumps[1]
    assert cards[0] == cards[1]


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from support.made_catalogs import CatalogWorld, card, offer, visit
world = CatalogWorld(Path(sys.argv[1]))
for day in range(400):
    rows = [offer(f"openai/gpt-{n}", input_price=str(1 + day / 100 + n), output_price="999") for n in range(60)]
    world.ingest(card(), [(visit(rows, day=day), rows)])
    print(day, flush=True)
"""


def killed_after(seconds: float, path: Path) -> int:
    """Run a writer, kill it, and return the last day it said was committed."""
    command = [sys.executable, "-c", KILLED, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        days = process.stdout.read().split()
    return int(days[-1]) if days else 0


@pytest.mark.parametrize(
    "attempt", [*range(3), *(pytest.param(n, marks=pytest.mark.soak) for n in range(3, 100))]
)
def test_a_killed_writer_loses_nothing_and_leaves_nothing_half_written(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "catalog.db"
    day = killed_after(random.Random(attempt).uniform(0.05, 0.6), path)
    with CatalogStore.open(path, now=lambda: START) as catalog:
        assert catalog.check() == []
        attempts = catalog.attempts()
        assert len(attempts) in (day + 1, day + 2)
        assert attempts[-1].changes == (60 if len(attempts) > 1 else 0)
        present = catalog.conn.execute("SELECT count(*) FROM claims WHERE until IS NULL").fetchone()[0]
        assert present == 120
    with closing(sqlite3.connect(path)) as conn:
        assert conn.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
