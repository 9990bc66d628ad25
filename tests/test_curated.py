"""Facts files: good lines land typed, bad ones are named by number and reason; and the files we ship."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.recorded_pages import recorded_page, row_texts, spider

from cardwatch.normalize.attributes import ATTRIBUTES
from cardwatch.normalize.curated import CuratedFact, CuratedOffer, read_facts
from cardwatch.normalize.dates import parse_date

ROOT = Path(__file__).parent.parent
SHIPPED = sorted((ROOT / "cardwatch" / "data" / "curated").glob("*.jsonl"))
SEEDS = Path(__file__).parent / "data" / "seed_facts.jsonl"
TODAY = date(2026, 11, 21)
CONTEXT: dict[str, Any] = {
    "model": "openai/gpt-4.1",
    "attribute": "context_window",
    "value": 1047576,
    "source_url": "https://developers.openai.com/api/docs/models/gpt-4.1",
    "reviewed_on": "2026-05-22",
    "reviewer": "Cardwatch curators",
}
PRICE = {
    **CONTEXT,
    "attribute": "input_price",
    "value": "2",
    "unit": "usd_per_mtok",
    "provider": "azure-openai",
}
SCORE = {**CONTEXT, "attribute": "benchmark.mmlu_pro", "value": 81.8, "unit": "percent"}


def line(base: dict[str, Any], **changes: Any) -> str:
    """Return a line with some keys changed; a key set to ... is left out."""
    return json.dumps({key: value for key, value in {**base, **changes}.items() if value is not ...})


def fact(base: dict[str, Any], **changes: Any) -> CuratedFact:
    facts, bad = read_facts([line(base, **changes)], today=TODAY)
    assert bad == []
    return facts[0]


def reason(text: str) -> str:
    facts, bad = read_facts([text], today=TODAY)
    assert facts == []
    assert bad[0].line == 1
    return bad[0].reason


def test_a_note_on_parameters_that_does_not_add_up_is_refused() -> None:
    note = {**CONTEXT, "model": "openai/gpt-4-vision-preview", "attribute": "parameters_note"}
    assert "1776B: 1.76T (8x222B MoE)*" in reason(line(note, value="1.76T (8x222B MoE)*"))
    assert fact(note, value="1.76T (8x220B MoE)*").value == "1.76T (8x220B MoE)"


def test_a_fact_about_a_model() -> None:
    assert fact(CONTEXT, observed_at="2026-05-21T10:00:00Z") == CuratedFact(
        line=1,
        model="openai/gpt-4.1",
        attribute="context_window",
        value=1_047_576,
        unit="tokens",
        raw="1047576",
        url="https://developers.openai.com/api/docs/models/gpt-4.1",
        reviewed_on="2026-05-22",
        reviewer="Cardwatch curators",
        observed_at="2026-05-21T10:00:00Z",
    )


def test_a_fact_about_an_offer() -> None:
    found = fact(PRICE, tier="Batch", region="Data Zone", variant={"snapshot": "2025-04-14"}, source="finops")
    assert (found.value, found.unit, found.source) == ("2", "usd_per_mtok", "finops")
    variant = {"snapshot": "2025-04-14"}
    assert found.offer == CuratedOffer(
        provider="azure-openai", tier="batch", region="data-zone", variant=variant
    )
    assert fact(PRICE, provider="Azure OpenAI").offer == CuratedOffer(provider="azure-openai")
    assert fact(CONTEXT, provider="openrouter", variant="fp8").offer == CuratedOffer(
        provider="openrouter", variant={"quantization": "fp8"}
    )


def test_a_score_with_what_sets_it_apart() -> None:
    found = fact(SCORE, version="v1", mode="thinking", harness="5-shot", reporter="OpenAI", date="2025-04")
    assert (found.value, found.unit, found.published_on) == ("81.8", "percent", "2025-04")
    assert found.qualifier == {"version": "v1", "mode": "thinking", "harness": "5-shot", "reporter": "OpenAI"}


@pytest.mark.parametrize(
    ("attribute", "value", "wanted"),
    [
        ("context_window", "1.05M", 1_050_000),
        ("release_date", "2025-04", "2025-04"),
        ("capability.vision", True, True),
        ("capability.vision", "no", False),
        ("modality.input", ["text", "image"], ("image", "text")),
        ("license", "Apache 2.0", "Apache-2.0"),
        ("product_type", "Coding-specialized model", "coding-specialized model"),
        ("parameters_total", "4B", 4_000_000_000),
        ("architecture", "decoder only", "decoder only"),
    ],
)
def test_values_are_read_like_any_crawled_cell(attribute: str, value: Any, wanted: Any) -> None:
    assert fact(CONTEXT, attribute=attribute, value=value).value == wanted


def test_null_is_unknown_and_zero_is_free() -> None:
    unknown = fact(CONTEXT, value=None)
    assert (unknown.value, unknown.state, unknown.raw) == (None, "unknown", "null")
    assert fact(PRICE, value=None, state="subscription").state == "subscription"
    free = fact(PRICE, value=0)
    assert (free.value, free.state) == ("0", "known")


def test_a_new_model_is_created_and_a_name_must_be_unique() -> None:
    assert fact(CONTEXT, model="acme/widget-1").model == "acme/widget-1"
    names = {"GPT 4.1": ["openai/gpt-4.1"], "large": ["acme/large", "globex/large"]}
    lines = [line(CONTEXT, model=name) for name in ("GPT 4.1", "large", "Nobody's Model!")]
    facts, bad = read_facts(lines, known=lambda name: names.get(name, ()), today=TODAY)
    assert [f.model for f in facts] == ["openai/gpt-4.1"]
    assert [b.line for b in bad] == [2, 3]
    assert "one of acme/large, globex/large" in bad[0].reason
    assert "<developer>/<model>" in bad[1].reason


def test_a_snapshot_is_no_model() -> None:
    assert "openai/gpt-4.1" in reason(line(CONTEXT, model="openai/gpt-4.1-2025-04-14"))


REFUSED = [
    (line(PRICE, unit=...), "unit: wanted usd_per_mtok"),
    (line(PRICE, unit="usd_per_image"), "unit: wanted usd_per_mtok"),
    (line(PRICE, provider=...), "provider"),
    (line(PRICE, provider="nobody"), "providers.toml"),
    (line(PRICE, value="-1"), "no negative number"),
    (line(PRICE, value="0,15"), "one number"),
    (line(PRICE, state="subscription"), "no state beside a value"),
    (line(CONTEXT, tier="batch"), "provider"),
    (line(CONTEXT, attribute="license", value="mit", provider="openai"), "said of the model"),
    (line(CONTEXT, attribute="horsepower"), "horsepower"),
    (line(CONTEXT, attribute="product_type", value="gadget"), "gadget"),
    (line(CONTEXT, attribute="license", value="mit", unit="percent"), "unit: wanted none"),
    (line(CONTEXT, value=""), "null for unknown"),
    (line(CONTEXT, value=float("nan")), "NaN"),
    (line(CONTEXT, value={"a": 1}), "value"),
    (line(CONTEXT, value=...), "value: wanted this key"),
    (line(CONTEXT, reviewer=...), "reviewer: wanted this key"),
    (line(CONTEXT, reviewer=" "), "reviewer"),
    (line(CONTEXT, colour="red"), "colour: wanted no such key"),
    (line(CONTEXT, reviewed_on="2026-05"), "YYYY-MM-DD"),
    (line(CONTEXT, reviewed_on="2026-02-30"), "a day that exists"),
    (line(CONTEXT, reviewed_on="2062-05-22"), "no later than 2026-11-21"),
    (line(CONTEXT, observed_at="soon"), "date"),
    (line(CONTEXT, source="a source"), "source"),
    (line(CONTEXT, source_url="ftp://example.org/x"), "http or https"),
    (line(CONTEXT, source_url="javascript:alert(1)"), "http or https"),
    (line(CONTEXT, source_url="https://user:word@example.org/"), "http or https"),
    (line(CONTEXT, source_url="https://"), "http or https"),
    (line(CONTEXT, source_url="http://[::1"), "http or https"),
    (line(CONTEXT, version="v6"), "benchmark"),
    (line(SCORE, unit=...), "unit of a score"),
    (line(SCORE, value="81.8%", unit="fraction"), "fraction"),
    ("{", "one JSON object"),
    ("[]", "one JSON object"),
    ('{"model": "a/b", "model": "a/c"}', "each key once"),
    ("[" * 19_000, "one JSON object"),
    ("x" * 30_000, "at most 20,000 characters"),
]


@pytest.mark.parametrize(("text", "rule"), REFUSED, ids=[rule for _, rule in REFUSED])
def test_a_bad_line_is_refused_with_its_reason(text: str, rule: str) -> None:
    assert rule in reason(text)


def test_the_good_lines_land_and_the_bad_ones_are_numbered() -> None:
    lines = ["\ufeff" + line(CONTEXT), "", "not json", line(PRICE, value="x"), line(PRICE)]
    facts, bad = read_facts(lines)
    assert [f.line for f in facts] == [1, 5]
    assert [b.line for b in bad] == [3, 4]


def test_a_reviewer_east_of_us_may_already_be_in_tomorrow() -> None:
    assert fact(CONTEXT, reviewed_on="2026-11-22").reviewed_on == "2026-11-22"
    assert "no later" in reason(line(CONTEXT, reviewed_on="2026-11-23"))


anything = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.lists(st.text(max_size=5))
)


@settings(max_examples=200)
@given(
    st.text(max_size=60)
    | st.dictionaries(st.sampled_from([*CONTEXT, "unit", "provider", "tier", "variant", "x"]), anything).map(
        json.dumps
    )
    | st.builds(
        lambda a, v, u: line(PRICE, attribute=a, value=v, unit=u),
        st.sampled_from([*ATTRIBUTES]),
        anything,
        anything,
    )
)
def test_any_line_is_read_or_refused(text: str) -> None:
    facts, bad = read_facts([text], today=TODAY)
    assert len(facts) + len(bad) == (1 if text.strip("\ufeff \t\r\n") else 0)
    assert all(b.reason for b in bad)


@pytest.mark.parametrize("path", [*SHIPPED, SEEDS], ids=lambda path: path.stem)
def test_the_files_in_the_tree_have_no_bad_line(path: Path) -> None:
    facts, bad = read_facts(path.read_text(encoding="utf-8").splitlines(), today=TODAY)
    assert bad == []
    named = [(f.model, f.attribute, f.offer and str(f.offer), str(f.qualifier)) for f in facts]
    assert len(named) == len(set(named)), "a fact is stated twice"


def by_name(path: Path) -> dict[tuple[str, str, str | None], CuratedFact]:
    facts, _ = read_facts(path.read_text(encoding="utf-8").splitlines())
    return {(f.model.split("/")[1], f.attribute, f.offer.provider if f.offer else None): f for f in facts}


def test_the_seed_pages_and_what_we_correct() -> None:
    pages, ours = by_name(SEEDS), by_name(ROOT / "cardwatch" / "data" / "curated" / "seed_models.jsonl")
    wrong, right = (
        pages["gpt-4-vision-preview", "output_price", "azure-openai"],
        ours["gpt-4-vision-preview", "output_price", "azure-openai"],
    )
    assert (wrong.value, right.value) == ("40", "30")
    assert ours["gpt-4-vision-preview", "shutdown_date", None].value == "2024-12-06"
    assert ours["gpt-4-vision-preview", "lifecycle", None].value == "retired"
    assert pages["gpt-4.1", "release_date", None].value == "2025-04-01"
    assert ours["gpt-4.1", "release_date", None].value == "2025-04-14"
    assert (
        ours["codex-1", "context_window", None].value
        == pages["codex-1", "context_window", None].value
        == 192_000
    )
    assert ours["gpt-4.1", "benchmark.mmlu_pro", None].value == "81.8"


def test_what_we_ship_of_ends_of_life_is_what_the_newest_recording_of_its_page_says() -> None:
    ours = by_name(ROOT / "cardwatch" / "data" / "curated" / "seed_models.jsonl")
    page = recorded_page("openai_deprecations", "deprecations.md")
    printed = {row.name: row_texts(row) for row in spider("openai_deprecations").rows(page)}
    for model in ("gpt-4-vision-preview", "gpt-5.1-codex-max", "gpt-5.2-codex"):
        for attribute in ("deprecation_date", "shutdown_date", "replacement"):
            says = printed[model][attribute]
            told = parse_date(says, "us date") if "," in says else says
            assert ours[model, attribute, None].value == told


def test_the_seed_pages_list_six_models_and_four_providers() -> None:
    pages = by_name(SEEDS)
    assert len({model for model, _, _ in pages}) == 6
    assert {provider for _, _, provider in pages} - {None} == {
        "openrouter",
        "vercel-ai-gateway",
        "azure-openai",
        "openai",
    }
    routes = {provider for model, _, provider in pages if model == "gpt-4.1" and provider}
    assert len(routes) == 4
    assert all(f.value is True for (_, name, _), f in pages.items() if name.startswith("capability."))
