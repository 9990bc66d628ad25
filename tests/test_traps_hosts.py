"""Cerebras and DeepInfra: flags in objects, quantities per cent, limits that mean something else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, recorded_page, row_texts, spider

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
    with pytest.raises(PageChangedError, match="capabilities"):
        cerebras(capabilities=["vision"])


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
    assert parse_usd_per_mtok(cell.text, cell.unit) == Decimal("0.3")


def test_a_rate_is_a_factor_and_no_price() -> None:
    _, offer = deepinfra(pricing={"cents_per_input_token": 0.00012, "rate_per_input_token_cached": 0.2})
    assert row_texts(offer) == {"input_price": "0.00012"}


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
