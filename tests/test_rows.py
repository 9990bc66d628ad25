"""From rows as printed to records: one bad cell is refused alone, with its text and the rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch import normalize
from cardwatch.crawler.documents import Cell, Document, Outcome, RawRow, SourceRow, Visit
from cardwatch.crawler.source_card import Authority, SourceCard
from cardwatch.normalize import read
from cardwatch.normalize.identity.resolver import Links
from cardwatch.normalize.records import Reading, Record, Value

NOW = datetime(2026, 5, 15, 6, 0, tzinfo=UTC)
URL = "https://openrouter.ai/api/v1/models"
PAGE = Document("sha256:1f", URL, NOW, "application/json", 1)


def card(**policy: Any) -> SourceCard:
    stated = {
        "id": "openrouter_models",
        "title": "OpenRouter",
        "kind": "gateway API",
        "authority": Authority.PROVIDER_API,
        "url": URL,
        "max_age": timedelta(days=2),
        "expected_rows": range(1, 9),
        "price_words": {
            "-1": "not_published",
            "included": "subscription",
            "Free": "free",
            "": "not_published",
        },
    }
    return SourceCard(**{**stated, **policy})


def read_rows(*rows: RawRow, links: Links | None = None, **policy: Any) -> Reading:
    source_rows = tuple(SourceRow(PAGE, row) for row in rows)
    visit = Visit("openrouter_models", "listing", URL, NOW, Outcome.READ, 1, rows=source_rows)
    return read(visit, card(**policy), *([links] if links else []))


def offer(cells: Mapping[str, Cell], name: str = "openai/gpt-4.1", **more: Any) -> RawRow:
    return RawRow("offer", name, "/data/0", cells, **{"provider": "OpenRouter", **more})


def model(cells: Mapping[str, Cell], **more: Any) -> RawRow:
    return RawRow("model", "openai/gpt-4.1", "/data/0", cells, **{"provider": "OpenRouter", **more})


def only(reading: Reading) -> Record:
    assert reading.rejected == ()
    (record,) = reading.records
    return record


def values(record: Record) -> dict[str, Any]:
    return {value.attribute: value.value for value in record.values}


def reasons(reading: Reading) -> dict[str, str]:
    return {refused.attribute: refused.reason for refused in reading.rejected}


@pytest.mark.parametrize(
    ("name", "provider"), [("gpt-4.1", "azure-openai"), ("grok-3-mini", "azure-ai-foundry")]
)
def test_azure_sells_openai_s_models_in_one_shop_and_all_others_in_another(name: str, provider: str) -> None:
    row = offer({"input_price": Cell("2", "usd/1M tokens")}, name=name, provider="azure")
    assert only(read_rows(row, id="models_dev")).provider == provider


def test_an_offer_with_its_evidence() -> None:
    cells = {
        "input_price": Cell("0.000002", "usd/token", "/pricing/prompt"),
        "context_window": Cell("1047576", "tokens", "/context_length"),
    }
    record = only(read_rows(offer(cells, dates={"effective_from": "2025-12-01T00:00:00Z"})))
    assert (record.model, record.provider, record.kind) == ("openai/gpt-4.1", "openrouter", "offer")
    assert record.evidence.document == "sha256:1f"
    assert (record.evidence.source, record.evidence.fetched_at) == ("openrouter_models", NOW)
    price, window = record.values
    assert price == Value(
        attribute="input_price",
        value="2",
        unit="usd_per_mtok",
        raw="0.000002",
        raw_unit="usd/token",
        locator="/data/0/pricing/prompt",
        effective_from="2025-12-01",
    )
    assert (window.value, window.unit) == (1_047_576, "tokens")


def test_a_name_with_a_date_in_it_names_the_snapshot() -> None:
    named = {
        name: [
            value.value for value in only(read_rows(offer({"name": Cell(name)}, "gpt-4.1-2025-04-14"))).values
        ]
        for name in ("GPT-4.1 (2025-04-14)", "GPT-4.1")
    }
    assert named == {"GPT-4.1 (2025-04-14)": [], "GPT-4.1": ["GPT-4.1"]}


def test_the_length_of_vectors_is_no_output_in_tokens() -> None:
    cells = {"max_output_tokens": Cell("3072", "tokens"), "context_window": Cell("8191", "tokens")}
    vectors = only(read_rows(offer(cells, "openai/text-embedding-3-large")))
    assert [value.attribute for value in vectors.values] == ["context_window"]
    assert len(only(read_rows(offer(cells))).values) == 2


def test_the_states_of_a_price() -> None:
    texts = {"input_price": "-1", "output_price": "included", "request_price": "0", "image_price": "Free"}
    units = {"request_price": "usd/request", "image_price": "usd/image"}
    cells = {name: Cell(text, units.get(name, "usd/token")) for name, text in texts.items()}
    record = only(read_rows(offer(cells)))
    found = {value.attribute: (value.state, value.value, value.raw) for value in record.values}
    assert found == {
        "input_price": ("not_published", None, "-1"),
        "output_price": ("subscription", None, "included"),
        "request_price": ("known", "0", "0"),
        "image_price": ("known", "0", "Free"),
    }


def test_a_minus_one_that_no_source_explains_is_refused() -> None:
    reading = read_rows(offer({"input_price": Cell("-1", "usd/token")}), price_words={})
    assert "no negative number" in reasons(reading)["input_price"]


def test_one_bad_cell_is_refused_and_the_others_land() -> None:
    cells = {
        "input_price": Cell("2", ""),
        "output_price": Cell("0.111", "usd/hour"),
        "cache_read_price": Cell("0.0000005", "usd/token"),
        "unknown.discount": Cell("0.1"),
    }
    reading = read_rows(offer(cells))
    assert values(reading.records[0]) == {"cache_read_price": "0.5"}
    refused = reasons(reading)
    assert "price without a unit" in refused["input_price"]
    assert "one for usd_per_mtok" in refused["output_price"]
    assert "unknown.discount" in refused["unknown.discount"]
    assert {r.raw for r in reading.rejected} == {"2", "0.111", "0.1"}
    assert {r.evidence.document for r in reading.rejected} == {"sha256:1f"}


def test_a_foreign_price_is_kept_in_its_currency() -> None:
    (value,) = only(read_rows(offer({"input_price": Cell("2", "cny/1M tokens")}))).values
    assert (value.value, value.unit) == ("2", "cny_per_mtok")


def test_cells_that_say_nothing_are_counted() -> None:
    cells = {
        "context_window": Cell("0", "tokens"),
        "quantization": Cell("unknown"),
        "output_price": Cell("", "x"),
    }
    reading = read_rows(offer(cells), price_words={})
    assert values(only(reading)) == {}
    assert reading.ignored == {"context_window": 1, "quantization": 1, "output_price": 1}


def test_an_unknown_provider_is_refused_with_the_file_to_edit() -> None:
    reading = read_rows(offer({}, provider="Nobody Inc."), offer({}, provider=""))
    assert reading.records == ()
    no_such, none = reading.rejected
    assert (no_such.raw, no_such.attribute) == ("Nobody Inc.", "row")
    assert "providers.toml" in no_such.reason
    assert "a provider" in none.reason


def test_an_unlinked_name_is_kept() -> None:
    record = only(read_rows(offer({"input_price": Cell("1", "usd/1M tokens")}, name="zz unheard of 7")))
    assert record.model is None
    assert record.name == "zz unheard of 7"
    assert values(record) == {"input_price": "1"}


def test_a_reviewed_link_decides() -> None:
    key = ("openrouter_models", "OpenRouter", "zz unheard of 7")
    links = Links(names={key: "acme/seven"}, merged={"acme/seven": "acme/7"})
    assert only(read_rows(offer({}, name="zz unheard of 7"), links=links)).model == "acme/7"


def test_variants_and_qualifiers_are_part_of_what_is_said() -> None:
    row = offer(
        {"input_price": Cell("4", "usd/1M tokens")},
        variant={"tier": "Batch", "region": "Data Zone", "quantization": "unknown"},
        qualifier={"context_above": "200,000"},
    )
    record = only(read_rows(row))
    assert record.variant == {"tier": "batch", "region": "data-zone"}
    assert record.values[0].qualifier == {"context_above": "200000"}


@pytest.mark.parametrize("more", [{"variant": {"tier": "shiny"}}, {"qualifier": {"ttl": "a while"}}])
def test_a_row_that_cannot_be_told_apart_is_refused_whole(more: dict[str, Any]) -> None:
    reading = read_rows(offer({"input_price": Cell("4", "usd/1M tokens")}, **more))
    assert reading.records == ()
    assert [r.attribute for r in reading.rejected] == ["row"]


def test_a_bad_effective_date_costs_the_date_only() -> None:
    reading = read_rows(
        offer({"input_price": Cell("4", "usd/1M tokens")}, dates={"effective_from": "2025-02-31"})
    )
    assert reading.records[0].values[0].effective_from is None
    assert "a day that exists" in reasons(reading)["effective_from"]


def test_prices_belong_to_offers_and_scores_to_benchmarks() -> None:
    cells = {"input_price": Cell("4", "usd/1M tokens"), "benchmark.mmlu_pro": Cell("81.8", "percent")}
    assert set(reasons(read_rows(model(cells)))) == {*cells}
    score = RawRow("benchmark", "openai/gpt-4.1", "/row[1]", {"benchmark.mmlu_pro": Cell("81.8", "percent")})
    record = only(read_rows(score))
    assert (record.values[0].value, record.values[0].unit, record.provider) == ("81.8", "percent", None)


def test_an_image_in_the_list_makes_a_model_see() -> None:
    listed = Cell('["text", "image"]', "", "/modalities")
    record = only(read_rows(model({"modality.input": listed})))
    assert values(record) == {
        "modality.input": ("image", "text"),
        "capability.vision": True,
        "capability.multimodal": True,
    }
    assert {value.locator for value in record.values} == {"/data/0/modalities"}
    assert record.values[1].raw == """from modality.input '["text", "image"]'"""


def test_an_omission_is_a_no_only_where_the_source_lists_everything() -> None:
    text = model({"modality.input": Cell("text")})
    assert values(only(read_rows(text))) == {"modality.input": ("text",)}
    found = values(only(read_rows(text, exhaustive=("modality.input", "capability.reasoning"))))
    no = {"capability.vision": False, "capability.multimodal": False, "capability.reasoning": False}
    assert found == {"modality.input": ("text",), **no}


def test_a_file_alone_decides_nothing_about_multimodal() -> None:
    found = values(
        only(read_rows(model({"modality.input": Cell("text, file")}), exhaustive=("modality.input",)))
    )
    assert found == {"modality.input": ("file", "text"), "capability.vision": False}


def test_what_the_row_says_itself_is_not_derived() -> None:
    cells = {"modality.input": Cell("text, image"), "capability.vision": Cell("false")}
    assert values(only(read_rows(model(cells))))["capability.vision"] is False


def test_what_follows_from_a_known_licence() -> None:
    assert values(only(read_rows(model({"license": Cell("apache-2.0")})))) == {
        "license": "Apache-2.0",
        "osi_approved": True,
        "openness": "open source",
        "commercial_use": "allowed",
    }
    assert values(only(read_rows(model({"license": Cell("acme-1.0")})))) == {"license": "LicenseRef-acme-1.0"}


def test_a_flag_stays_a_flag_and_a_count_a_count() -> None:
    found = values(
        only(read_rows(model({"capability.reasoning": Cell("true"), "context_window": Cell("1")})))
    )
    assert found["capability.reasoning"] is True
    assert found["context_window"] == 1
    assert found["context_window"] is not True


def test_the_version_names_the_rules() -> None:
    assert normalize.VERSION == normalize.VERSION
    assert len(normalize.VERSION) == 16
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = normalize.nothing


texts = st.text(max_size=12) | st.sampled_from(
    ["0.000002", "128K", "true", "2025-04-14", "text,image", "mit", "81.8%"]
)
attributes = st.sampled_from([*normalize.attributes.ATTRIBUTES, "benchmark.mmlu_pro", "unknown.key"])
units = st.sampled_from(["", "usd/token", "tokens", "percent", "iso date", "unix seconds", "?"])
pairs = st.dictionaries(
    st.sampled_from(["tier", "region", "snapshot", "ttl", "from", "mode", "x"]), texts, max_size=2
)


@settings(max_examples=300)
@given(
    st.sampled_from(["model", "offer", "benchmark"]),
    texts | st.sampled_from(["openai/gpt-4.1", "qwen/qwen3.5-4b:free", "gpt-4.1-2025-04-14"]),
    st.dictionaries(attributes, st.builds(Cell, texts, units), max_size=6),
    st.sampled_from(["", "OpenRouter", "nobody"]),
    pairs,
    pairs,
    st.dictionaries(st.sampled_from(["effective_from", "published_on"]), texts),
)
def test_no_row_breaks_a_reading(
    kind: Any, name: str, cells: Any, provider: str, v: Any, q: Any, dates: Any
) -> None:
    row = RawRow(kind, name, "/x", cells, provider=provider, variant=v, qualifier=q, dates=dates)
    reading = read_rows(row, exhaustive=("modality.input", "capability.tool_use"))
    refused = [r.attribute for r in reading.rejected]
    assert len(reading.records) + refused.count("row") == 1
    if reading.records:
        refusals = [value.attribute for value in reading.records[0].values if value.attribute in cells]
        dropped = sum(reading.ignored.values())
        assert len(refusals) + len({*refused} & {*cells}) + dropped == len(cells)
