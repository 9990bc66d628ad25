"""The price chart of the inspection site: what the history says, up to the last look."""

from __future__ import annotations

from pathlib import Path

from support.made_catalogs import GPT, CatalogWorld, Row, offer

from cardwatch.db.export.published_queries import PRICE_CHART


def points(world: CatalogWorld, model: str = GPT) -> list[tuple[str, str, float]]:
    rows = world.catalog.conn.execute(PRICE_CHART, {"model": model}).fetchall()
    return [(price, day[:10], usd) for _, price, day, usd, _ in rows]


def test_the_chart_stops_at_the_last_look(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    for day, price in enumerate(("2", "2", "3")):
        world.see(offer(GPT, input_price=price), day=day)
    assert points(world) == [
        ("input", "2026-03-10", 2), ("input", "2026-03-12", 2), ("input", "2026-03-12", 3), ("input", "2026-03-12", 3),
    ]  # fmt: skip
    world.see(offer(GPT, input_price="3"), day=5)
    assert points(world)[-1] == ("input", "2026-03-15", 3)
    world.catalog.close()


def test_an_announced_price_is_drawn_once_somebody_looked_on_its_day(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    plain = offer(GPT, output_price="8")
    announced = Row(GPT, {"input_price": "3"}, "openrouter", qualifier={"from": "2026-03-14"})
    world.see(plain, announced)
    assert {price for price, *_ in points(world)} == {"output"}
    world.see(plain, announced, day=6)
    assert ("input", "2026-03-14", 3) in points(world)
    world.catalog.close()


def test_a_withdrawn_offer_ends_at_its_withdrawal(tmp_path: Path) -> None:
    world = CatalogWorld(tmp_path / "catalog.db")
    others = [offer(f"openai/gpt-{n}", input_price="1") for n in range(9)]
    world.see(offer(GPT, input_price="2"), *others)
    world.see(*others, day=1)
    world.see(*others, day=9)
    assert [day for _, day, _ in points(world)] == ["2026-03-10", "2026-03-10"]
    ended = world.rows("SELECT substr(until, 1, 10) FROM price_history WHERE model = ?", GPT)
    assert ended == [("2026-03-11",)]
    world.catalog.close()
