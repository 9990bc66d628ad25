"""Cerebras and DeepInfra: flags in objects, quantities per cent, limits that mean something else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, nothing_read, recorded_page, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.normalize.prices import parse_usd_per_mtok

CEREBRAS = "https://api.cerebras.ai/public/v1/models"
DEEPINFRA = "https://api.deepinfra.com/models/list"


def cerebras(**changes: Any) -> list[RawRow]:
    item = {"id": "m", "pricing": {"prompt": "0.00000099"}, "limits": {"max_context_length": 8192}, **changes}
    return list(spider("cerebras_models").rows(json_answer({"object": "list", "data": [item]}, CEREBRAS)))


def deepinfra(**changes: Any) -> list[RawRow]:
    item = {"model_name": "m", "pricing": {"cents_per_input_token": 0.00012}, "tags": [], **changes}
    return list(spider("deepinfra_models").rows(json_answer([item], DEEPINFRA)))


def test_a_listing_is_an_object_around_its_models() -> None:
    with pytest.raises(PageChangedError, match="wanted an object"):
        list(spider("cerebras_models").rows(json_answer([{"id": "m"}], CEREBRAS)))


def test_capabilities_are_flags_and_a_false_one_is_said() -> None:
    rows = list(spider("cerebras_models").rows(recorded_page("cerebras_models", "models.json", CEREBRAS)))
    assert row_texts(find_row(rows, "model", "gpt-oss-120b"))["capability.vision"] == "false"
    assert row_texts(find_row(rows, "model", "gemma-4-31b"))["capability.vision"] == "true"
    assert "capabilities: wanted an object" in nothing_read(cerebras(capabilities=["vision"]))


def test_the_listing_s_own_day_is_no_release() -> None:
    assert all("release_date" not in row.cells for row in cerebras(created=0))


@pytest.mark.parametrize(("flag", "state"), [("deprecated", "deprecated"), ("preview", "preview")])
def test_a_raised_flag_is_the_offer_s_state(flag: str, state: str) -> None:
    _, offer = cerebras(**{flag: True})
    assert row_texts(offer)["lifecycle"] == state
    _, offer = cerebras(deprecated=False, preview=False)
    assert "lifecycle" not in offer.cells


def test_deepinfra_counts_cents_per_token() -> None:
    rows = list(spider("deepinfra_models").rows(recorded_page("deepinfra_models", "models.json", DEEPINFRA)))
    cell = find_row(rows, "offer", "openai/gpt-oss-120b").cells["input_price"]
    assert cell.text == "2.9999999999999997e-05"
    assert parse_usd_per_mtok(cell.text, "cents/token") == Decimal("0.3")


def deepinfra_prices(**pricing: Any) -> dict[tuple[str, ...], dict[str, Decimal]]:
    """Return dollars per million tokens by meter, and by what they hold for."""
    return {
        (*row.variant.values(), *row.qualifier.values()): {
            meter: parse_usd_per_mtok(cell.text, cell.unit)
            for meter, cell in row.cells.items()
            if meter.endswith("_price") and not cell.wanted
        }
        for row in deepinfra(
            pricing={"cents_per_input_token": 0.00012, "cents_per_output_token": 0.0006, **pricing}
        )
        if row.kind == "offer"
    }


def test_deepinfra_charges_a_share_of_the_input_price_for_caches() -> None:
    thirteenth = deepinfra_prices(cents_per_input_token=0.00013, rate_per_input_token_cached=0.07692308)
    assert thirteenth[()]["cache_read_price"] == Decimal("0.1")
    writes = deepinfra_prices(rate_per_explicit_cache_write_token={"5m": 1.25, "1h": 2})
    assert writes["5m",] == {"cache_write_price": Decimal("1.5")}
    assert writes["1h",] == {"cache_write_price": Decimal("2.4")}


def test_deepinfra_tiers_are_offers_of_their_own() -> None:
    found = deepinfra_prices(rate_per_service_tier_priority=1.5, rate_per_service_tier_flex=0.8)
    assert found["priority",] == {"input_price": Decimal("1.8"), "output_price": Decimal(9)}
    assert found["flex",] == {"input_price": Decimal("0.96"), "output_price": Decimal("4.8")}


@pytest.mark.parametrize("end", ["2026-12-31T00:00:00Z", 1798675200])
def test_a_discount_holds_until_its_end_and_the_full_price_after_it(end: object) -> None:
    found = deepinfra_prices(discount=0.25, discount_ends_at=end)
    assert found["2026-12-31",] == {"input_price": Decimal("1.2"), "output_price": Decimal(6)}
    rows = deepinfra(pricing={"cents_per_input_token": 6e-06, "discount": 0.25, "discount_ends_at": end})
    prices = {
        tuple(row.qualifier.items()): row.cells["input_price"] for row in rows if "input_price" in row.cells
    }
    assert [*prices] == [(("to", "2026-12-31"),), (("from", "2026-12-31"),)]
    assert prices[("to", "2026-12-31"),].unit == "0.75 cents/token"


def test_a_text_of_bands_is_prices_by_the_length_of_the_prompt() -> None:
    found = deepinfra_prices(
        full="$1.2 in $6 out $0.24 cached <= 32K, $2.4 in $12 out <= 128K, $3 in $15 out"
    )
    assert {key: prices["input_price"] for key, prices in found.items()} == {
        (): Decimal("1.2"),
        ("32K",): Decimal("2.4"),
        ("128K",): Decimal(3),
    }


@pytest.mark.parametrize(
    "odd",
    [
        {"discount": 1.5},
        {"discount": 0.5, "discount_ends_at": "soon"},
        {"full": "$1.2 in $6 out <= 32K, dearer above > 32K"},
        {"full": "$1.2 in $6 out <= 32K, $3 in $15 out > 64K"},
        {"table": {"columns": ["size"], "rows": [["big", 3]]}},
        {"rate_per_service_tier_flex": "some"},
    ],
)
def test_a_condition_nobody_knows_leaves_no_price(odd: dict[str, object]) -> None:
    assert deepinfra_prices(**odd) == {(): {}}


def test_max_tokens_is_what_is_served_not_what_comes_out() -> None:
    _, offer = deepinfra(max_tokens=256000)
    assert row_texts(offer)["context_window"] == "256000"
    assert "max_output_tokens" not in offer.cells


def test_the_day_it_goes_belongs_to_the_offer() -> None:
    model, offer = deepinfra(deprecated=1798761600)
    assert (offer.cells["deprecation_date"].text, offer.cells["deprecation_date"].unit) == (
        "1798761600",
        "unix seconds",
    )
    assert "deprecation_date" not in model.cells


def test_private_models_are_not_for_sale() -> None:
    assert deepinfra(private=1) == []
    assert len(deepinfra(private=0)) == 2


def test_a_new_tag_or_meter_is_refused_by_name() -> None:
    model, _ = deepinfra(tags=["telepathy"], pricing={"cents_per_thought": 1})
    assert {"unknown.tags.telepathy", "unknown.pricing.cents_per_thought"} <= model.cells.keys()
