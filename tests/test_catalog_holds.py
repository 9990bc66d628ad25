"""Values and visits too surprising to publish: held, confirmed, released, rejected."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from support.made_catalogs import DAY, GPT, START, CatalogWorld, Row, about, aggregator, card, offer, visit

from cardwatch.crawler.documents import Outcome
from cardwatch.db.store.errors import UnknownHoldError
from cardwatch.db.store.freshness_limits import FreshnessLimits

GUARD = "meta/llama-guard-3-8b"
VL = "alibaba/qwen3-vl-235b-a22b-thinking"


def rules_of(world: CatalogWorld) -> list[tuple[Any, ...]]:
    return world.rows("SELECT attribute, rule, state FROM holds ORDER BY id")


@pytest.mark.parametrize(
    ("model", "before", "after", "rule"),
    [
        (GUARD, {"input_price": "0.02", "output_price": "0.06"}, {"input_price": "0.48", "output_price": "0.48"}, "jumps"),
        (VL, {"input_price": "0", "output_price": "2.6"}, {"input_price": "0.26", "output_price": "2.6"}, "crosses_zero"),
        (GPT, {"input_price": "2"}, {"input_price": "0"}, "crosses_zero"),
        (GPT, {"input_price": "2"}, {"input_price": "0.19"}, "jumps"),
        (GPT, {"max_output_tokens": 32768}, {"max_output_tokens": 8191}, "limit_shrinks"),
        (GPT, {"max_output_tokens": 32768}, {"max_output_tokens": 0}, "limit_shrinks"),
        (GPT, {"cache_read_price": "1.5", "input_price": "2"}, {"cache_read_price": "2.5", "input_price": "2"},
         "cache_above_input"),
        (GPT, {"cache_read_price": "0.5", "input_price": "2"}, {"cache_read_price": "8", "input_price": "2"}, "swapped"),
        (GPT, {"input_price": "2", "output_price": "8"}, {"input_price": "8", "output_price": "2"}, "swapped"),
    ],
)  # fmt: skip
def test_a_surprising_change_waits(
    world: CatalogWorld, model: str, before: Mapping[str, Any], after: Mapping[str, Any], rule: str
) -> None:
    changed = next(name for name in after if after[name] != before[name])
    world.see(offer(model, **before))
    report = world.see(offer(model, **after), day=1)
    fact = world.fact(changed, model)
    assert report.held >= 1
    assert (fact.value, fact.reviewed_on) == (before[changed], "2026-03-10")
    held = next(h for h in world.catalog.holds() if h.attribute == changed)
    assert (held.old, held.new, held.model) == (before[changed], after[changed], model)
    assert (changed, rule, "open") in rules_of(world)
    assert not [c for c in world.catalog.changes() if c.attribute == changed]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"input_price": "2"}, {"input_price": "20"}),
        ({"input_price": "2"}, {"input_price": "0.2"}),
        ({"max_output_tokens": 32768}, {"max_output_tokens": 8192}),
        ({"max_output_tokens": 32768}, {"max_output_tokens": 131072}),
        ({"input_price": "0.02", "output_price": "1"}, {"input_price": "0.02", "output_price": "0.1"}),
    ],
)
def test_a_change_within_bounds_is_published_at_once(
    world: CatalogWorld, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    changed = next(name for name in after if after[name] != before[name])
    world.see(offer(GPT, **before))
    assert world.see(offer(GPT, **after), day=1).held == 0
    assert world.value(changed) == after[changed]


def test_a_second_run_that_says_the_same_releases(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    report = world.see(offer(GUARD, input_price="0.48"), day=2)
    fact = world.fact("input_price", GUARD)
    assert (report.released, report.outcomes) == (1, {"verified_same": 1})
    assert (report.dirty_models, [c.new for c in report.changes]) == ({GUARD}, ["0.48"])
    assert (fact.value, fact.last_changed, fact.reviewed_on) == ("0.48", "2026-03-12T12:00:00Z", "2026-03-12")
    assert [(c.old, c.new) for c in world.catalog.changes()] == [("0.02", "0.48")]
    assert world.catalog.holds() == []
    assert world.value("input_price", GUARD, as_of="2026-03-11") == "0.02"


def test_it_releases_too_when_other_rows_changed_meanwhile(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"), offer(GPT, input_price="2"))
    world.see(offer(GUARD, input_price="0.48"), offer(GPT, input_price="2"), day=1)
    report = world.see(offer(GUARD, input_price="0.48"), offer(GPT, input_price="3"), day=2)
    assert (report.released, world.value("input_price", GUARD)) == (1, "0.48")


def test_a_second_look_within_the_same_run_does_not_release(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1, warc="run-2.warc.gz")
    world.see(offer(GUARD, input_price="0.48"), day=1.01, warc="run-2.warc.gz")
    assert world.value("input_price", GUARD) == "0.02"
    world.see(offer(GUARD, input_price="0.48"), day=2, warc="run-3.warc.gz")
    assert world.value("input_price", GUARD) == "0.48"


def test_a_failed_run_between_does_not_release(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    world.miss(Outcome.ERROR, day=2, status=500)
    assert world.value("input_price", GUARD) == "0.02"


def test_a_304_is_a_second_look_at_a_single_value(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    sent = world.catalog.validators("openrouter_models", visit().url, 1)
    assert sent
    world.miss(
        Outcome.NOT_MODIFIED, day=2, status=304, sent_validators={"If-None-Match": sent["If-None-Match"]}
    )
    assert world.value("input_price", GUARD) == "0.48"


def test_a_source_that_takes_it_back_ends_the_hold(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    world.see(offer(GUARD, input_price="0.02"), day=2)
    fact = world.fact("input_price", GUARD)
    assert (fact.value, fact.reviewed_on, fact.first_seen[:10]) == ("0.02", "2026-03-12", "2026-03-10")
    assert rules_of(world) == [("input_price", "jumps", "withdrawn")]
    world.see(offer(GUARD, input_price="0.48"), day=3)
    assert world.value("input_price", GUARD) == "0.02"


@pytest.mark.parametrize(
    ("before", "first", "second", "published"),
    [
        ("0.02", "0.48", "0.5", "0.5"),
        ("0.02", "0.48", "0.96", "0.96"),
        ("0.02", "0.48", "0.97", "0.02"),
        ("2", "0", "0", "0"),
        ("0", "0.5", "0.3", "0.3"),
        ("2", "0", "40", "2"),
    ],
)
def test_looks_that_agree_against_the_old_value_publish_the_newest(
    world: CatalogWorld, before: str, first: str, second: str, published: str
) -> None:
    for day, price in enumerate((before, first, second)):
        world.see(offer(GUARD, input_price=price), day=day)
    assert world.value("input_price", GUARD) == published


def test_a_price_that_goes_on_moving_waits_three_days_at_most(world: CatalogWorld) -> None:
    for day, price in enumerate(("2", "21", "90", "400", "25")):
        world.see(offer(GUARD, input_price=price), day=day)
        if day < 4:
            assert world.value("input_price", GUARD) == "2"
    assert world.value("input_price", GUARD) == "25"
    assert rules_of(world)[-1] == ("input_price", "jumps", "unconfirmed")
    assert world.rows("SELECT unconfirmed FROM delayed_claims") == [(1,)]


def test_the_wait_ends_without_another_look(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    world.now = START + 3.9 * DAY
    assert world.catalog.settle_holds() == 0
    world.now = START + 4 * DAY
    assert world.catalog.settle_holds() == 1
    assert world.value("input_price", GUARD) == "0.48"


def test_a_harmless_value_ends_a_hold(world: CatalogWorld) -> None:
    for day, price in enumerate(("0.02", "0.48", "0.03")):
        world.see(offer(GUARD, input_price=price), day=day)
    assert [state for *_, state in rules_of(world)] == ["superseded"]
    assert world.value("input_price", GUARD) == "0.03"


def test_noise_of_binary_fractions_is_no_change(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.3"))
    report = world.see(offer(GUARD, input_price="0.30000000000000004"), day=1)
    assert (report.changed, world.value("input_price", GUARD)) == (0, "0.3")
    assert world.see(offer(GUARD, input_price="0.300001"), day=2).changed == 1


def test_a_person_releases(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    (held,) = world.catalog.holds()
    world.catalog.decide(held.id, "release", by="Reviewer")
    assert world.value("input_price", GUARD) == "0.48"
    assert world.catalog.dirty_models() == [GUARD]
    assert world.rows("SELECT decided_by, action FROM decisions") == [("Reviewer", "release")]
    with pytest.raises(UnknownHoldError, match=f"hold {held.id}: wanted an open hold"):
        world.catalog.decide(held.id, "reject", by="Reviewer")


def test_a_rejected_value_is_not_asked_again_while_it_stays(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    world.catalog.decide(world.catalog.holds()[0].id, "reject", by="Reviewer")
    for day in (2, 3, 4):
        report = world.see(offer(GUARD, input_price="0.48", output_price=str(day)), day=day)
        assert (report.held, world.value("input_price", GUARD)) == (0, "0.02")
        assert world.catalog.holds() == []
    world.see(offer(GUARD, input_price="0.02"), day=5)
    world.see(offer(GUARD, input_price="0.48"), day=6)
    assert [h.new for h in world.catalog.holds()] == ["0.48"]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"input_price": "-1"}, "not_a_price"),
        ({"input_price": "NaN"}, "not_a_price"),
        ({"input_price": "300000"}, "beyond"),
        ({"input_price": "2000"}, "beyond"),  # a price per search
        ({"context_window": 128_000_000_000}, "window"),
    ],
)
def test_what_is_impossible_waits_however_often_it_is_said(
    world: CatalogWorld, values: Mapping[str, Any], rule: str
) -> None:
    for day in range(30):
        assert world.see(offer(GPT, **values, cache_write_price=str(day + 1)), day=day).held == 1
    (held,) = world.catalog.holds()
    assert (held.old, held.since[:10], {row[1] for row in rules_of(world)}) == (None, "2026-03-10", {rule})
    assert world.fact(held.attribute).reason == "held"
    world.catalog.decide(held.id, "release", by="Reviewer")
    assert world.value(held.attribute) == values[held.attribute]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"input_price": "10", "output_price": "1"}, "input_above_output"),
        ({"input_price": "0.2", "cache_read_price": "6"}, "cache_above_input"),
    ],
)
def test_prices_that_do_not_fit_wait_for_a_second_look(
    world: CatalogWorld, values: Mapping[str, str], rule: str
) -> None:
    world.see(offer(GPT, **values))
    assert {row[1] for row in rules_of(world)} == {rule}
    world.see(offer(GPT, **values), day=1)
    assert world.catalog.holds() == []
    assert {name: world.value(name) for name in values} == values
    more = {**values, "cache_write_price": "3"}
    assert world.see(offer(GPT, **more), day=2).held == 0


def test_a_model_that_everybody_prices_oddly_is_priced_so(world: CatalogWorld) -> None:
    odd = {"input_price": "0.48", "output_price": "0.03"}
    world.see(offer(GUARD, "cloudflare", **odd), card=aggregator("models_dev"))
    world.see(offer(GUARD, "cloudflare", **odd), card=aggregator("models_dev"), day=1)
    assert world.see(offer(GUARD, **odd), day=2).held == 0


def test_a_price_that_comes_back_is_a_correction_and_nothing_is_not(world: CatalogWorld) -> None:
    for day, price in enumerate(("2", "0", "0")):
        world.see(offer(GPT, input_price=price), day=day)
    assert world.value("input_price") == "0"
    assert world.see(offer(GPT, input_price="2"), day=3).held == 0
    assert world.see(offer(GPT, input_price="0"), day=4).held == 1
    assert world.value("input_price") == "2"


FREE = {"input_price": "0", "output_price": "0"}
LIST = {f"meta/made-{n}": {"input_price": f"0.{n}", "output_price": f"{n}"} for n in range(1, 6)}
"""What a host asks for five models."""


def hosted(prices: Mapping[str, Mapping[str, str]]) -> list[Row]:
    return [offer(model, "cloudflare", **values) for model, values in prices.items()]


def stands(world: CatalogWorld) -> dict[str, dict[str, Any]]:
    return {
        model: {name: world.value(name, model, "cloudflare") for name in values}
        for model, values in LIST.items()
    }


def test_an_offer_given_away_in_part_is_named_so_and_waits_for_a_second_look(world: CatalogWorld) -> None:
    whole, part = {"input_price": "2", "output_price": "8"}, {"input_price": "0", "output_price": "8"}
    world.see(offer(GPT, "azure-openai", **whole), card=aggregator("portkey_pricing"))
    world.see(offer(GPT, **whole))
    world.see(offer(GPT, **part), day=1)
    assert (world.value("input_price"), rules_of(world)) == ("2", [("input_price", "free_in_part", "open")])
    world.see(offer(GPT, **part), day=2)
    assert world.value("input_price") == "0"


def test_an_offer_made_free_as_a_whole_waits_for_a_second_look(world: CatalogWorld) -> None:
    world.see(
        offer(GPT, "azure-openai", input_price="2", output_price="8"), card=aggregator("portkey_pricing")
    )
    world.see(offer(GPT, input_price="2", output_price="8"))
    for day in (1, 2):
        world.see(offer(GPT, **FREE), day=day)
    assert (world.value("input_price"), world.value("output_price")) == ("0", "0")


@pytest.mark.parametrize("in_part", [True, False])
def test_a_list_that_gives_some_offers_away_in_part_is_not_believed_in_the_others(
    world: CatalogWorld, *, in_part: bool
) -> None:
    gateway, first = aggregator("models_dev"), next(iter(LIST))
    world.see(offer(first, "groq", **LIST[first]), card=aggregator("portkey_pricing"))
    world.see(*hosted(LIST), card=gateway)
    before = stands(world)
    emptied = dict.fromkeys(LIST, FREE)
    if in_part:
        emptied[first] = {**LIST[first], "input_price": "0"}
    for day in range(1, 6):
        world.see(*hosted(emptied), card=gateway, day=day)
    assert (stands(world) == before) is in_part
    assert {rule for _, rule, _ in rules_of(world)} == ({"emptied"} if in_part else {"crosses_zero"})
    world.see(*hosted(LIST), card=gateway, day=6)
    assert (stands(world), world.catalog.holds()) == (before, []) or not in_part


def test_a_list_that_is_mostly_impossible_is_not_believed_in_its_large_moves(world: CatalogWorld) -> None:
    gateway, (*slipped, moved, small) = aggregator("models_dev"), LIST
    elsewhere = [offer(moved, provider, **LIST[moved]) for provider in ("groq", "cerebras")]
    world.see(*elsewhere, card=aggregator("portkey_pricing"))
    world.see(*hosted(LIST), card=gateway)
    wrong = {
        model: {name: str(Decimal(text) * 10**6) for name, text in LIST[model].items()} for model in slipped
    }
    wrong |= {
        moved: {"input_price": "0.8", "output_price": "8"},
        small: {"input_price": "0.6", "output_price": "6"},
    }
    for day in range(1, 6):
        world.see(*hosted(wrong), card=gateway, day=day)
    assert (
        world.value("input_price", moved, "cloudflare"),
        world.value("input_price", small, "cloudflare"),
    ) == ("0.4", "0.6")
    assert {rule for _, rule, _ in rules_of(world)} >= {"among_impossible"}
    wrong[small] = {"input_price": "1.8", "output_price": "18"}
    world.see(*hosted(wrong), card=gateway, day=6)
    assert world.value("input_price", small, "cloudflare") == "1.8", "what moves later is judged by itself"
    world.see(*hosted({**LIST, moved: wrong[moved]}), card=gateway, day=7)
    assert world.value("input_price", moved, "cloudflare") == "0.8", (
        "what stays when the list is corrected is meant"
    )


SWAPS = [
    ({"input_price": "2", "output_price": "8"}, {"input_price": "8", "output_price": "2"}),
    ({"input_price": "2", "cache_read_price": "0.5"}, {"input_price": "0.5", "cache_read_price": "2"}),
]


@pytest.mark.parametrize(("before", "after"), SWAPS)
def test_prices_that_changed_places_wait_until_the_source_corrects_them(
    world: CatalogWorld, before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    world.see(offer(GPT, **before))
    for day in range(1, 9):
        world.see(offer(GPT, **after), day=day)
        assert {name: world.value(name) for name in before} == before
    assert {rule for _, rule, _ in rules_of(world)} == {"swapped"}
    world.see(offer(GPT, **before), day=9)
    assert world.catalog.holds() == []


def test_prices_in_each_other_s_place_are_found_at_first_sight_by_those_of_others(
    world: CatalogWorld,
) -> None:
    world.see(offer(GPT, input_price="2", output_price="8"))
    other = aggregator("portkey_pricing")
    for day in (0, 1, 2, 3, 4):
        world.see(offer(GPT, "azure-openai", input_price="8", output_price="2"), card=other, day=day)
    assert {h.attribute for h in world.catalog.holds()} == {"input_price", "output_price"}


def test_a_thousand_times_what_all_others_say_is_another_unit(world: CatalogWorld) -> None:
    model, other = "minimax/minimax-m2.5", aggregator("portkey_pricing")
    world.see(offer(model, "openrouter", input_price="0.3", output_price="1.2", context_window=200_000))
    wrong = {"input_price": "0.0003", "output_price": "0.0012", "context_window": 200_000_000 // 2 * 4}
    for day in (0, 1, 5):
        world.see(offer(model, "together", **wrong), card=other, day=day)
    assert {h.attribute for h in world.catalog.holds()} == {*wrong}
    right = {"input_price": "0.3", "output_price": "1.2", "context_window": 200_000}
    world.see(offer(model, "together", **right), card=other, day=6)
    assert world.catalog.holds() == []
    assert world.value("input_price", model, "together") == "0.3"


def test_a_thousand_times_the_old_price_is_another_unit(world: CatalogWorld) -> None:
    for day, price in enumerate(("0.3", "300", "300", "300", "300", "300")):
        world.see(offer(GPT, input_price=price), day=day)
    assert world.value("input_price") == "0.3"


@pytest.mark.parametrize(
    ("derived", "published"), [((), True), (("openrouter_models",), False), (("upstream",), True)]
)
def test_an_independent_source_settles_any_doubt_and_a_copy_does_not(
    world: CatalogWorld, derived: tuple[str, ...], published: bool
) -> None:
    other = aggregator("elsewhere", derived_from=derived)
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="2000"), day=1)
    world.see(offer(GPT, input_price="1500"), card=other, day=2)
    assert world.value("input_price") == "2"
    first = world.catalog.holds()[1]
    world.catalog.decide(first.id, "release", by="Reviewer")
    world.see(offer(GPT, input_price="1500"), day=3)
    assert (world.value("input_price") == "1500") is published


def test_what_an_independent_source_already_shows_is_no_surprise(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="30"), card=aggregator("elsewhere"), day=0)
    assert world.see(offer(GPT, input_price="30"), day=1).held == 0
    assert world.value("input_price") == "30"


@pytest.mark.parametrize(
    ("pause", "price", "held"), [(6, "0.48", 1), (7, "0.48", 0), (40, "0.48", 0), (40, "0", 1), (40, "20", 1)]
)
def test_after_a_long_pause_a_price_may_have_moved_further(
    world: CatalogWorld, pause: float, price: str, held: int
) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    assert world.see(offer(GUARD, input_price=price), day=pause).held == held


@pytest.mark.parametrize(
    ("free_beside", "prices", "held"),
    [
        (True, {"input_price": "0.26", "output_price": "2.6"}, 0),
        (False, {"input_price": "0.26", "output_price": "2.6"}, 2),
        (True, {"input_price": "0.26", "output_price": "0"}, 1),
        (True, {"input_price": "2.6", "output_price": "0.26"}, 2),
    ],
)
def test_a_free_offer_may_ask_a_price_list_when_it_stays_free_under_a_name_of_its_own(
    world: CatalogWorld, free_beside: bool, prices: Mapping[str, str], held: int
) -> None:
    free = {"input_price": "0", "output_price": "0"}
    apart = [Row(VL, free, "openrouter", variant={"tier": "free"})] if free_beside else []
    world.see(offer(VL, **free))
    assert world.see(offer(VL, **prices), *apart, day=1).held == held
    assert world.see(offer(VL, **free), *apart, day=2).held == (0 if held else 2)


def test_a_move_to_what_all_others_ask_is_no_surprise(world: CatalogWorld) -> None:
    nemo = "mistral/mistral-nemo"
    other = aggregator("portkey_pricing")
    world.see(offer(nemo, input_price="0.01"))
    world.see(offer(nemo, "azure-openai", input_price="0.14"), card=other)
    assert world.see(offer(nemo, input_price="0.15"), day=1).held == 1
    world.see(offer(nemo, input_price="0.01"), day=2)
    rows = [offer(nemo, "azure-openai", input_price="0.14"), offer(nemo, "mistral", input_price="0.15")]
    world.see(*rows, card=other, day=2)
    assert world.see(offer(nemo, input_price="0.15"), day=3).held == 0
    assert world.see(offer(nemo, input_price="0.0015"), day=4).held == 1


@pytest.mark.parametrize("plain_first", [True, False])
def test_a_shortcut_to_an_offer_never_speaks_for_its_plain_row(
    world: CatalogWorld, plain_first: bool
) -> None:
    def page(price: str) -> list[Row]:
        plain = Row(GPT, {"input_price": price}, "openrouter", name="openai/gpt-4.1")
        nitro = Row(GPT, {"input_price": "2"}, "openrouter", name="openai/gpt-4.1:nitro")
        return [plain, nitro] if plain_first else [nitro, plain]

    for day, price in enumerate(("2", "1.8", "1.5")):
        world.see(*page(price), day=day)
        assert world.value("input_price") == price


def test_what_was_announced_with_its_day_is_no_surprise(world: CatalogWorld) -> None:
    announced = Row(GPT, {"input_price": "30"}, "openrouter", qualifier={"from": "2026-03-12"})
    world.see(offer(GPT, input_price="2"), announced)
    assert world.see(offer(GPT, input_price="30"), announced, day=1).held == 1
    assert world.see(offer(GPT, input_price="30", output_price="1e2"), announced, day=2).held == 0


def test_an_impossible_value_published_before_the_rule_gives_way_to_the_last_plausible_one(
    world: CatalogWorld,
) -> None:
    world.see(offer(GPT, input_price="2", output_price="8"))
    conn = world.catalog.conn
    with world.catalog.transaction():
        conn.execute(
            "UPDATE claims SET until = '2026-03-10T18:00:00Z', last_verified = since WHERE attribute = 'input_price'"
        )
        conn.execute(
            "INSERT INTO claims SELECT NULL, listing_id, attribute, qualifier, valid_from, valid_to, '6670000', unit,"
            " state, raw, raw_unit, locator, document_id, effective_from, published_on, first_seen, until, NULL, NULL,"
            " reviewer, observed_at, id FROM claims WHERE attribute = 'input_price'"
        )
        conn.execute("DELETE FROM settings WHERE name LIKE 'held back%'")
    assert world.value("input_price") == "6670000"
    for day in (1, 2):
        world.see(offer(GPT, input_price="6670000", output_price="8"), day=day)
        fact = world.fact("input_price")
        assert (fact.value, fact.reviewed_on) == ("2", "2026-03-10")
    assert [(h.old, h.new) for h in world.catalog.holds()] == [("2", "6670000")]
    assert world.value("output_price") == "8"


def priced(prices: Mapping[str, tuple[str, str]], tier: str = "") -> list[Row]:
    variant = {"tier": tier} if tier else {}
    return [
        Row(model, {"input_price": given, "output_price": made}, "openai", variant=variant)
        for model, (given, made) in prices.items()
    ]


STANDARD = {
    "openai/gpt-5": ("1.25", "10"), "openai/gpt-4.1": ("2", "8"), "openai/o3": ("2.2", "8.8"),
    "openai/gpt-5.2": ("1.75", "14"), "openai/gpt-5-mini": ("0.25", "2"),
}  # fmt: skip
BATCH = {m: (str(float(a) / 2), str(float(b) / 2)) for m, (a, b) in STANDARD.items()}


def test_a_page_read_from_the_wrong_tab_is_held(world: CatalogWorld) -> None:
    prices = card("openai_pricing", providers=("openai",))
    world.see(*priced(STANDARD), *priced(BATCH, "batch"), card=prices)
    wrong = {**BATCH, "openai/gpt-5-mini": ("0.2", "1.9")}
    report = world.see(*priced(wrong), *priced(BATCH, "batch"), card=prices, day=1)
    assert report.changed == 0
    assert {rule for _, rule, _ in rules_of(world)} == {"wrong_tab"}
    assert world.value("input_price", "openai/gpt-5-mini", "openai") == "0.25"


def test_a_price_cut_of_all_tiers_is_no_wrong_tab(world: CatalogWorld) -> None:
    prices = card("openai_pricing", providers=("openai",))
    half = {m: (str(float(a) / 2), str(float(b) / 2)) for m, (a, b) in BATCH.items()}
    world.see(*priced(STANDARD), *priced(BATCH, "batch"), card=prices)
    report = world.see(*priced(BATCH), *priced(half, "batch"), card=prices, day=1)
    assert (report.held, report.changed) == (0, 20)


def listing(count: int, price: str = "2") -> list[Row]:
    return [offer(f"openai/gpt-{n}", input_price=price, output_price="8") for n in range(count)]


def test_a_mass_disappearance_holds_the_losses_and_no_news(world: CatalogWorld) -> None:
    world.see(*listing(20))
    new = offer("openai/gpt-new", input_price="1", output_price="8")
    report = world.see(*listing(15, "2.5"), new, day=1)
    assert (report.outcomes, report.held_pages) == ({"verified_changed": 1}, [visit().url])
    assert (report.changed, report.withdrawn) == (15, 0)
    assert (world.value("input_price", "openai/gpt-1"), world.value("input_price", "openai/gpt-new")) == (
        "2.5",
        "1",
    )
    lost = world.fact("input_price", "openai/gpt-17")
    assert (lost.value, lost.reviewed_on) == ("2", "2026-03-10")
    (held,) = world.catalog.holds()
    assert (held.attribute, held.reason) == ("", "10 of 40 facts would be gone")
    assert world.catalog.validators("openrouter_models", visit().url, 1) == {}


def test_a_held_loss_takes_no_capability_back(world: CatalogWorld) -> None:
    able = [about(f"openai/gpt-{n}", **{"capability.vision": True}) for n in range(20)]
    world.see(*able)
    for day in (1, 1.5):
        world.see(*able[:10], day=day)
        shown = world.value("capability.vision", "openai/gpt-17", "")
        assert (shown, list(world.catalog.changes())) == (True, [])
    world.see(*able, day=2)
    assert world.rows("SELECT * FROM unread_claims") == []


def test_the_same_bytes_again_confirm_a_loss(world: CatalogWorld) -> None:
    world.see(*listing(20))
    world.see(*listing(10), day=1, warc="run-2.warc.gz")
    assert world.see(*listing(10), day=1.1, warc="run-2.warc.gz").withdrawn == 0
    assert world.see(*listing(10), day=2, warc="run-3.warc.gz").withdrawn == 10


def test_a_fifth_may_go(world: CatalogWorld) -> None:
    world.see(*listing(20))
    report = world.see(*listing(16), day=1)
    assert (report.withdrawn, report.held_pages) == (4, [])


def test_a_second_run_without_them_publishes(world: CatalogWorld) -> None:
    world.see(*listing(20))
    world.see(*listing(10), day=1)
    report = world.see(*listing(10), day=2)
    assert (report.withdrawn, report.released) == (10, 1)
    assert world.catalog.holds() == []
    assert world.rows("SELECT state, until FROM holds") == [("released", "2026-03-12T12:00:00Z")]


def test_a_second_run_that_lacks_others_starts_again(world: CatalogWorld) -> None:
    world.see(*listing(20))
    world.see(*listing(10), day=1)
    world.see(*listing(20)[10:], day=2)
    assert [row[2] for row in rules_of(world)] == ["superseded", "open"]


def test_a_source_back_to_normal_ends_it(world: CatalogWorld) -> None:
    world.see(*listing(20))
    world.see(*listing(10), day=1)
    world.see(*listing(20), day=2)
    assert world.catalog.holds() == []
    assert world.fact("input_price", "openai/gpt-15").reviewed_on == "2026-03-12"


def test_a_person_may_release_or_reject_a_visit(world: CatalogWorld) -> None:
    world.see(*listing(20))
    world.see(*listing(10), day=1)
    world.catalog.decide(world.catalog.holds()[0].id, "reject", by="Reviewer")
    assert world.see(*listing(10), day=2).withdrawn == 0
    assert world.catalog.holds() == []
    world.see(*listing(20), day=3)
    world.see(*listing(10), day=4)
    world.catalog.decide(world.catalog.holds()[0].id, "release", by="Reviewer")
    (page,) = world.catalog.to_read_again("rules 1")
    assert (page.url, page.archive) == (visit().url, "20260314T1200.warc.gz")
    report = world.see(*listing(10), day=4)
    assert (report.withdrawn, report.outcomes) == (10, {"read_again": 1})
    assert world.rows("SELECT last_verified FROM pages") == [("2026-03-14T12:00:00Z",)]


def seen_often(world: CatalogWorld, runs: int = 6, quiet: int = 0) -> list[Row]:
    """Return a list of a hundred offers of which one changed in every run but the `quiet` ones."""
    rows = listing(100)
    for day in range(runs + quiet):
        rows[0] = offer("openai/gpt-0", input_price=str(2 + min(day, runs) / 10), output_price="8")
        world.see(*rows, day=day)
    return rows


def test_far_more_changes_than_usual_wait_and_the_rest_lands(world: CatalogWorld) -> None:
    rows = seen_often(world)
    many = [offer(row.model, input_price="5", output_price="8.5") for row in rows[:50]] + rows[50:]
    new = offer("openai/gpt-new", input_price="1", output_price="8")
    report = world.see(*many, new, day=7)
    assert (report.held, report.held_pages, world.value("input_price", "openai/gpt-new")) == (50, [], "1")
    assert (
        world.catalog.holds()[0].reason
        == "100 of 200 values would change; 1.0 do in a usual run that changes any"
    )
    assert (world.see(*many, new, day=8).released, world.catalog.holds()) == (50, [])


def test_a_twentieth_of_the_facts_may_change_at_once(world: CatalogWorld) -> None:
    rows = seen_often(world, quiet=20)
    many = [offer(row.model, input_price="5", output_price="8") for row in rows[:10]] + rows[10:]
    assert world.see(*many, day=30).held == 0


def test_without_five_runs_nothing_is_usual(world: CatalogWorld) -> None:
    world.see(*listing(100))
    assert world.see(*listing(100, "2.2"), day=1).changed == 100


def test_one_source_held_does_not_hold_another(world: CatalogWorld) -> None:
    world.see(*listing(20))
    world.see(*listing(5), day=1)
    report = world.see(*listing(20, "2.1"), day=1, card=aggregator("models_dev"))
    assert report.new == 40


def test_many_pages_of_one_source_are_judged_together(world: CatalogWorld) -> None:
    def run(day: float, kept: int) -> list[tuple[Any, Any]]:
        pages = []
        for n in range(10):
            rows = [
                Row(f"openai/m{n}", {"input_price": "2", "output_price": "8", "image_price": "1"}, "openai")
            ]
            rows = [Row(r.model, dict(list(r.values.items())[:kept]), "openai") for r in rows]
            pages.append((visit(rows, day=day, url=f"https://example.org/{n}", warc=f"run-{day}"), rows))
        return pages

    pages = card(complete=False)
    world.ingest(pages, run(0, 3))
    report = world.ingest(pages, run(1, 2))
    assert (len(report.held_pages), report.gone) == (10, 0)


def test_new_rules_that_read_a_surprise_leave_the_old_value(world: CatalogWorld) -> None:
    page = [offer(GPT, input_price="2")]
    world.see(*page)
    world.rules = "rules 2"
    assert world.ingest(card(), [(visit(page), [offer(GPT, input_price="2000")])]).held == 1
    assert (world.value("input_price"), [h.new for h in world.catalog.holds()]) == ("2", ["2000"])


def test_a_surprise_in_a_dated_series_leaves_the_old_value(world: CatalogWorld) -> None:
    def dated_row(price: str) -> Row:
        return Row(GPT, {"input_price": price}, "openrouter", qualifier={"from": "2026-01-01"})

    world.see(dated_row("2"))
    world.see(dated_row("200"), day=1)
    fact = world.fact("input_price")
    assert (fact.value, fact.reviewed_on) == ("2", "2026-03-10")
    world.see(dated_row("200"), day=2)
    assert [(c.old, c.new) for c in world.catalog.changes()] == [("2", "200")]


@pytest.mark.parametrize(
    ("told", "slip", "rule"),
    [
        ({"input_price": "1.5", "cache_read_price": "0.375"}, {"input_price": "1.5", "cache_read_price": "6"}, "swapped"),
        ({"input_price": "0.3"}, {"input_price": "300"}, "wrong_unit"),
        ({"input_price": "300"}, {"input_price": "0.3"}, None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("provider", ["openai", "groq"])
def test_what_is_impossible_beside_what_others_say_waits_at_first_sight(
    world: CatalogWorld, told: Mapping[str, str], slip: Mapping[str, str], rule: str | None, provider: str
) -> None:
    world.see(offer(GPT, **told), *(offer(GPT, host, input_price="0.4") for host in ("azure", "deepinfra")))
    for day in range(1, 9):
        world.see(offer(GPT, provider, **slip), card=aggregator("models_dev"), day=day)
    assert {found for _, found, state in rules_of(world) if state == "open"} == {rule} - {None}


def test_a_copy_of_the_archive_is_no_second_look(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), warc="a.warc.gz")
    world.see(offer(GPT, input_price="200"), day=1, warc="b.warc.gz")
    before = world.catalog.dump()
    report = world.see(offer(GPT, input_price="200"), day=1, warc="copy-of-b.warc.gz")
    assert (report.outcomes, world.value("input_price")) == ({"known": 1}, "2")
    assert world.catalog.dump() == before


def test_a_rejected_value_waits_for_nobody_in_the_stale_report(world: CatalogWorld) -> None:
    world.see(offer(GUARD, input_price="0.02"))
    world.see(offer(GUARD, input_price="0.48"), day=1)
    world.now = START + 20 * DAY
    world.catalog.decide(world.catalog.holds()[0].id, "reject", by="Reviewer")

    def read_in_order(day: int, *, past: bool) -> tuple[int, list[str]]:
        now = START + day * DAY
        report = world.catalog.stale_report(now=now, limits=FreshnessLimits(), interval=DAY, past=past)
        return report.held, [row.reason for row in report.rows]

    assert read_in_order(20, past=False) == (0, ["no longer on its page since 2026-03-10"])
    assert read_in_order(19, past=True) == (1, ["held for review"])


def test_a_window_of_the_model_a_thousand_times_its_offers_waits(world: CatalogWorld) -> None:
    lists = aggregator("models_dev")
    world.see(offer(GPT, context_window=8_192), offer(GPT, "groq", context_window=8_000))
    world.see(about(GPT, context_window=8_192_000), card=lists, day=1)
    assert rules_of(world) == [("context_window", "wrong_unit", "open")]
    world.see(about(GPT, context_window=8_192), card=lists, day=2)
    assert world.catalog.holds() == []
