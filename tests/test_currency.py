"""Prices in foreign money: told as such, apart from dollar prices, converted for the reader alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from support.made_catalogs import CatalogStore
from support.read_visits import ingest_rows
from support.recorded_pages import spider

from cardwatch.compare.display_facts import fact_text
from cardwatch.config import ExchangeRate
from cardwatch.crawler.documents import Cell, RawRow
from cardwatch.db.query.cards import ModelCard
from cardwatch.terminal.exchange_rates import in_dollars

NOW = datetime(2026, 11, 20, tzinfo=UTC)
RATES = {"CNY": ExchangeRate(usd=Decimal("0.14"), on=date(2026, 11, 19))}


def row(unit: str, price: str, locator: str) -> RawRow:
    cells = {"input_price": Cell(price, unit), "output_price": Cell(price, unit)}
    return RawRow("offer", "qwen3-32b", locator, cells, provider="Alibaba Cloud Model Studio")


def card(catalog: CatalogStore, *rows: RawRow) -> ModelCard:
    ingest_rows(catalog, spider("alibaba_pricing"), rows, NOW)
    return catalog.card("alibaba/qwen3-32b")


def test_yuan_beside_dollars_stay_two_prices(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path / "catalog.db", now=lambda: NOW + timedelta(hours=1)) as catalog:
        (offer,) = card(catalog, row("usd/1M tokens", "0.7", "/a"), row("cny/1M tokens", "2", "/b")).offers
        assert offer.facts["input_price"].value == "0.7"
        (price,) = [fact for fact in offer.tiers if fact.attribute == "input_price"]
        assert (price.value, price.unit, dict(price.qualifier)) == ("2", "cny_per_mtok", {"currency": "CNY"})
        assert fact_text(price) == "2 CNY"
        assert in_dollars(price, RATES) == "about $0.28 at 0.14 on 2026-11-19"
        assert in_dollars(price, {}) is None
        cheapest = {summary.id: summary.cheapest_input for summary in catalog.models()}
        assert cheapest["alibaba/qwen3-32b"] == "0.7"


def test_yuan_alone_are_no_dollar_price(tmp_path: Path) -> None:
    with CatalogStore.open(tmp_path / "catalog.db", now=lambda: NOW + timedelta(hours=1)) as catalog:
        (offer,) = card(catalog, row("cny/1M tokens", "2", "/b")).offers
        assert "input_price" not in offer.facts
        assert catalog.models()[0].cheapest_input is None
