"""What Azure's price list has done to others, on its own lexemes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, row_texts, spider, text_answer

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.crawler.formats.azure_meters import parse_meter_name
from cardwatch.normalize.identity.resolver import resolve_name

URL = "https://prices.azure.com/api/retail/prices"
ITEM: dict[str, Any] = {
    "currencyCode": "USD",
    "tierMinimumUnits": 0.0,
    "retailPrice": 1.25,
    "unitPrice": 1.25,
    "armRegionName": "eastus",
    "location": "US East",
    "effectiveStartDate": "2025-12-01T00:00:00Z",
    "meterName": "5.1 codex max inp Gl 1M Tokens",
    "productName": "Azure OpenAI GPT5",
    "serviceName": "Foundry Models",
    "unitOfMeasure": "1M",
    "type": "Consumption",
}
ENVELOPE = {"BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail"}


def envelope(*items: dict[str, Any], link: str | None = None) -> dict[str, Any]:
    return {**ENVELOPE, "Items": list(items), "NextPageLink": link, "Count": len(items)}


def rows(*changes: dict[str, Any], date: str = "Sun, 30 Nov 2025 06:00:00 GMT") -> list[RawRow]:
    page = json_answer(envelope(*({**ITEM, **change} for change in changes)), URL)
    page.headers["Date"] = date
    return list(spider("azure_retail_prices").rows(page))


def only(*changes: dict[str, Any]) -> RawRow:
    (row,) = rows(*changes)
    return row


@pytest.mark.parametrize(
    ("name", "attribute", "scope", "variant"),
    [
        ("5.1 codex max inp Gl 1M Tokens", "input_price", "global", {}),
        ("5.1 codex max cd inp Gl 1M Tokens", "cache_read_price", "global", {}),
        ("5.1 codex max opt Dz 1M Tokens", "output_price", "data-zone", {}),
        ("GPT 5 Mini cchd Inpt DZone 1M Tokens", "cache_read_price", "data-zone", {}),
        ("GPT 5 Chat outpt Glbl 1M Tokens", "output_price", "global", {}),
        ("gpt-5-codex-ccchd-inp-glbl Tokens", "cache_read_price", "global", {}),
        ("gpt 4.1 cached Inp Data Zone Tokens", "cache_read_price", "data-zone", {}),
        ("o4-mini 0416 cached Inp DataZone Tokens", "cache_read_price", "data-zone", {}),
        ("gpt 4.1 Inp regnl Tokens", "input_price", "regional", {}),
        ("codex mini out rgnl Tokens", "output_price", "regional", {}),
        ("gpt 4o mini0718 BatchOutp DataZone Tokens", "output_price", "data-zone", {"tier": "batch"}),
        ("gpt 41 mn cd pp inp glb Tokens", "cache_read_price", "global", {"tier": "priority"}),
        ("gpt 41 prty out dzone Tokens", "output_price", "data-zone", {"tier": "priority"}),
        ("5.6 luna ShortCo Cd Wr Std Gl 1M Tokens", "cache_write_price", "global", {}),
        ("5.6 luna LongCo Inp Std DZ 1M Tokens", "input_price", "data-zone", {"mode": "long-context"}),
        ("4.3 Cached Inp Glbl L Tokens", "cache_read_price", "global", {"mode": "long-context"}),
        ("gpt-4.1-ft output global Tokens", "output_price", "global", {"mode": "fine-tuned"}),
        ("gpt 4o dev ft opt glbl Tokens", "output_price", "global", {"mode": "fine-tuned"}),
        ("gpt-4-turbo-Vision-128K Outp-glbl Tokens", "output_price", "global", {}),
        ("gpt-4o-rt-aud-1217 Inp regnl Tokens", "input_audio_price", "regional", {}),
        ("gpt4o realtimePrvwAudInp DataZone Tokens", "input_audio_price", "data-zone", {}),
        ("gpt4omini-rt-txt1217 Outp DZone Tokens", "output_price", "data-zone", {}),
        ("gpt img 1 mini inp txt glbl Tokens", "input_price", "global", {}),
        ("gpt-image-1-output-img-dzone Tokens", "output_image_price", "data-zone", {}),
        ("text-embedding-3-large-glbl Tokens", "input_price", "global", {}),
        ("K2.6 cached DZ Tokens", "cache_read_price", "data-zone", {}),
    ],
)
def test_meter_names_say_what_is_metered(
    name: str, attribute: str, scope: str, variant: dict[str, str]
) -> None:
    found = parse_meter_name(name)
    assert (found.attribute, found.scope, found.variant) == (attribute, scope, variant)


@pytest.mark.parametrize(
    "name",
    [
        "gpt-4.1-ft hosting global Unit",
        "gpt-4.1 FT Training global Tokens",
        "babbage-002-FT-Trng-glbl tkn Tokens",
        "gpt-4.1-ft mdl grdr cchd inpt Tokens",
        "OSS-20b FT Tokens",
        "Provisioned Managed Global Unit",
        "Flux 1.1 Pro glbl Images",
        "Sora 2 glbl Second",
        "file-search-tool-calls-glbl Calls",
        "Rerank v4 Fast DZ Search",
        "gpt-image-1-inp-cached-img-glbl Tokens",
    ],
)
def test_meters_of_something_else_are_known_and_left_out(name: str) -> None:
    assert parse_meter_name(name).attribute == ""
    assert rows({"meterName": name}) == []


def test_a_meter_that_does_not_say_what_it_counts_is_refused() -> None:
    row = only({"meterName": "davinci-002-base-glbl Tokens", "unitOfMeasure": "1K"})
    assert row_texts(row)["unknown.meterName"] == "davinci-002-base-glbl Tokens"


def test_thousands_and_millions_stand_in_one_list() -> None:
    small = {"meterName": "gpt 4.1 Inp glbl Tokens", "unitOfMeasure": "1K", "retailPrice": 0.002}
    found = rows(small, {})
    units = {row.name: row.cells["input_price"].unit for row in found}
    assert units == {
        "gpt 4.1 Inp glbl Tokens": "usd/1K tokens",
        "5.1 codex max inp Gl 1M Tokens": "usd/1M tokens",
    }


def test_a_unit_that_its_own_meter_name_denies_is_no_unit() -> None:
    assert only({"unitOfMeasure": "1K"}).cells["input_price"].unit == "usd/1K tokens, but per 1M by its name"


def test_the_currency_is_the_one_of_the_item() -> None:
    assert only({"currencyCode": "EUR"}).cells["input_price"].unit == "eur/1M tokens"


def test_a_reservation_and_a_test_subscription_are_no_token_prices() -> None:
    assert rows({"type": "Reservation", "reservationTerm": "1 Year"}, {"type": "DevTestConsumption"}) == []


def test_a_kind_of_sale_nobody_knows_is_refused() -> None:
    assert row_texts(only({"type": "Spot"}))["unknown.type"] == "Spot"


def test_the_list_s_own_slip_stays_on_one_offer_where_a_hold_can_see_it() -> None:
    """A cached token at 32 times the price of a fresh one: Azure printed so in August 2026."""
    printed = {"inpt": 0.001375, "opt": 0.00275, "cchd inpt": 0.044}
    found = rows(
        *(
            {"meterName": f"gpt 4o dev ft {word} glbl Tokens", "unitOfMeasure": "1K", "retailPrice": price}
            for word, price in printed.items()
        )
    )
    assert {(row.variant["mode"], row.variant["region"]) for row in found} == {("fine-tuned", "global")}
    assert {name: cell.text for row in found for name, cell in row.cells.items()} == {
        "input_price": "0.001375",
        "output_price": "0.00275",
        "cache_read_price": "0.044",
    }
    for row in found:
        meant = resolve_name(row.name, source="azure_retail_prices", provider=row.provider)
        wanted = {"tier": "developer", "mode": "fine-tuned", "region": "global"}
        assert (meant.model, dict(meant.variant)) == ("openai/gpt-4o", wanted)


def test_white_space_around_a_value_is_no_part_of_it() -> None:
    row = only({"meterName": " 5.1 codex max inp Gl 1M Tokens ", "unitOfMeasure": "1M "})
    assert row.name == "5.1 codex max inp Gl 1M Tokens"
    assert row.cells["input_price"].unit == "usd/1M tokens"


def test_regions_that_repeat_a_global_price_are_one_offer_since_the_first_of_them() -> None:
    row = only(
        {"armRegionName": "northeurope", "effectiveStartDate": "2025-06-01T00:00:00Z"},
        {"armRegionName": "eastus", "effectiveStartDate": "2025-01-01T00:00:00Z"},
    )
    assert row.variant == {"region": "global"}
    assert row.dates == {"effective_from": "2025-01-01"}
    assert row.qualifier == {}


def test_the_government_cloud_and_the_asian_zone_are_priced_apart() -> None:
    zone = {"meterName": "5.1 codex max inp Dz 1M Tokens"}
    found = rows(
        {**zone, "retailPrice": 1.375},
        {**zone, "armRegionName": "japaneast", "retailPrice": 1.5},
        {"armRegionName": "usgovvirginia", "retailPrice": 1.5625},
    )
    assert {row.variant["region"] for row in found} == {"data-zone", "data-zone-apac", "global-usgov"}


def test_a_data_zone_and_a_region_of_one_name_are_two_offers() -> None:
    here = {"armRegionName": "japaneast", "unitOfMeasure": "1K"}
    zone, region = (f"o3 mini 0131 input {scope} Tokens" for scope in ("Data Zone", "regnl"))
    found = rows({**here, "meterName": zone}, {**here, "meterName": region})
    assert [row.variant["region"] for row in found] == ["data-zone-apac", "japaneast"]


def test_a_region_that_prints_another_price_than_most_keeps_its_name() -> None:
    odd = {"armRegionName": "swedencentral", "retailPrice": 1.3}
    found = rows({}, {"armRegionName": "westus"}, odd)
    regions = {row.variant["region"]: row_texts(row)["input_price"] for row in found}
    assert regions == {"global": "1.25", "global-swedencentral": "1.3"}


def test_a_price_that_has_not_begun_stands_apart() -> None:
    later = {"effectiveStartDate": "2026-06-01T00:00:00Z", "retailPrice": 1.5}
    found = rows({"effectiveStartDate": "2025-11-01T00:00:00Z"}, later)
    assert [(dict(row.qualifier), row_texts(row)["input_price"]) for row in found] == [
        ({}, "1.25"),
        ({"from": "2026-06-01"}, "1.5"),
    ]
    assert [dict(row.qualifier) for row in rows(later, date="Mon, 01 Jun 2026 00:00:00 GMT")] == [{}]


def test_a_new_date_at_the_same_price_is_no_news() -> None:
    row = only({"effectiveStartDate": "2025-11-01T00:00:00Z"}, {"effectiveStartDate": "2026-06-01T00:00:00Z"})
    assert row.qualifier == {}


def test_without_a_date_on_the_answer_no_price_is_called_future() -> None:
    page = json_answer(envelope(ITEM), URL)
    (row,) = spider("azure_retail_prices").rows(page)
    assert row.qualifier == {}


@pytest.mark.parametrize(
    ("link", "following"),
    [(None, None), ("", None), (f"{URL}?$skip=1000", f"{URL}?$skip=1000")],
)
def test_the_walk_ends_at_an_empty_link(link: str | None, following: str | None) -> None:
    assert spider("azure_retail_prices").next_page(json_answer(envelope(ITEM, link=link), URL)) == following


def test_exponents_keep_their_lexeme() -> None:
    body = json.dumps(envelope({**ITEM, "retailPrice": "@"})).replace('"@"', "8.3e-05")
    (row,) = spider("azure_retail_prices").rows(text_answer(body.encode(), URL))
    assert row_texts(row)["input_price"] == "8.3e-05"


@pytest.mark.parametrize("service", ["Foundry Models", "Cognitive Services"])
def test_both_names_of_the_service_read(service: str) -> None:
    assert len(rows({"serviceName": service})) == 1
    assert "Foundry%20Models" in spider("azure_retail_prices").url


def test_a_key_nobody_knows_is_refused_by_name() -> None:
    texts = row_texts(only({"promoCode": "X"}))
    assert (texts["unknown.promoCode"], texts["input_price"]) == ("X", "1.25")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        '{"Error": {"Code": "BadRequest"}}',
        json.dumps({**envelope(ITEM), "Count": 1000}),
    ],
)
def test_a_page_that_is_no_price_list_says_so(body: str) -> None:
    with pytest.raises(PageChangedError):
        list(spider("azure_retail_prices").rows(json_answer(body, URL)))


def test_an_odd_item_or_key_costs_itself() -> None:
    body = {**envelope(ITEM, {**ITEM, "meterName": ""}), "Discount": "1"}
    row, *unread = spider("azure_retail_prices").rows(json_answer(body, URL))
    assert isinstance(row, RawRow)
    assert [part.locator for part in unread] == [f"{URL}/Discount", "/Items/1"]


def test_the_plainest_row_is_found_by_name() -> None:
    assert find_row(rows({}), "offer", ITEM["meterName"], "Azure OpenAI GPT5", "region=global")
