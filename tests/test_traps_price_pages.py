"""Price pages of Fireworks, Mistral, Alibaba and Together: several prices in a cell, several tabs on a page."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from support.edited_pages import complaints, edited_complaints, edited_rows, read_edited
from support.recorded_pages import PAGES, find_row, row_texts

from cardwatch.crawler.documents import PageChangedError, RawRow
from cardwatch.normalize.prices import parse_usd_per_mtok

COLUMNS = ("fireworks_pricing", "2026-05.four-columns.md")
THREE = ("fireworks_pricing", "2026-09.three-in-one.md")
MISTRAL = ("mistral_pricing", "2026-08.html")
ABROAD = ("alibaba_pricing", "international.2026-08.html")
CHINA = ("alibaba_pricing", "china.shape.html")
TOGETHER = ("together_pricing", "2026-08.html")


def variants(rows: list[RawRow], name: str) -> list[dict[str, str]]:
    return [dict(row.variant) for row in rows if row.name == name]


def fireworks(printed: str) -> RawRow:
    head = "| Model | Input | Cached input | Output |\n|---|---|---|---|\n"
    return read_edited(*COLUMNS, f"# Pricing\n\n{head}| {printed} | $1 | — | $2 |\n")[0]


def mistral(cell: str, basis: str = "Prices /M Tokens", mode: str = "Standard") -> list[RawRow]:
    pressed = f'<div aria-label="Pricing mode"><button aria-pressed="true">{mode}</button></div>'
    heads = "".join(f"<th>{name}</th>" for name in ("Model", "Input", "Cached input", "Output"))
    row = f"<tr><td>Mistral X</td><td>{cell}</td><td>—</td><td>—</td></tr>"
    table = f"<table><tr>{heads}</tr>{row}</table>"
    return read_edited(*MISTRAL, f'<section id="x"><h2>X</h2><span>{basis}</span>{pressed}{table}</section>')


def test_three_prices_in_a_cell_are_input_cache_and_output() -> None:
    row = find_row(edited_rows(*THREE), "offer", "Kimi K3", "tier=priority")
    assert row_texts(row) == {"input_price": "$3.75", "cache_read_price": "$0.375", "output_price": "$18.75"}
    two = edited_complaints(*THREE, ("$3.00 / $0.30 / $15.00", "$3.00 / $15.00"))
    assert "wanted input_price / cache_read_price / output_price, found $3.00 / $15.00" in two


@pytest.mark.parametrize(
    ("printed", "name", "variant", "stage"),
    [
        ("Kimi K2.6 Turbo (Fast, Preview)", "Kimi K2.6", {"tier": "fast"}, "preview"),
        ("GLM 5.2 Fast (US)", "GLM 5.2", {"tier": "fast", "region": "us"}, None),
        ("GLM 5.2 (US, Fast)", "GLM 5.2", {"tier": "fast", "region": "us"}, None),
        (
            "DeepSeek V4 Flash (0731) US",
            "DeepSeek V4 Flash (0731)",
            {"tier": "standard", "region": "us"},
            None,
        ),
        ("GLM 5.2 Fast US", "GLM 5.2", {"tier": "fast", "region": "us"}, None),
        ("NVIDIA Nemotron 3 Ultra (Preview)", "NVIDIA Nemotron 3 Ultra", {"tier": "standard"}, "preview"),
        ("Kimi K2 Turbo", "Kimi K2", {"tier": "turbo"}, None),
        ("DeepSeek V4 Pro (0813)", "DeepSeek V4 Pro (0813)", {"tier": "standard"}, None),
    ],
)
def test_marks_after_a_name_are_paths_regions_and_stages(
    printed: str, name: str, variant: dict[str, str], stage: str | None
) -> None:
    row = fireworks(printed)
    assert (row.name, row.variant, row_texts(row).get("lifecycle")) == (name, variant, stage)


def test_a_mark_nobody_knows_is_refused() -> None:
    with pytest.raises(PageChangedError, match="note of a model"):
        fireworks("Kimi K2.6 (Slow)")


def test_prices_by_size_name_no_model() -> None:
    assert not [row for row in edited_rows(*THREE) if "parameters" in row.name or "up to" in row.name]


def test_a_dash_is_no_price_and_no_offer() -> None:
    assert variants(edited_rows(*THREE), "NVIDIA Nemotron 3 Ultra") == [{"tier": "standard"}]
    assert "cache_read_price" not in fireworks("Kimi K2.6").cells


def test_euros_are_euros() -> None:
    cell = mistral("€0.4")[0].cells["input_price"]
    assert (cell.text, cell.unit) == ("€0.4", "eur/1M tokens")


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("$4 /1000 Pages", {}),
        ("$0.003 /Min", {"hour_price": ("$0.003", "usd/minute")}),
        ("$16 /M Chars", {}),
        ("$0.1 /M Tokens", {"input_price": ("$0.1", "usd/1M tokens")}),
        ("Free", {"input_price": ("Free", "usd/1M tokens")}),
    ],
)
def test_a_marked_price_counts_what_its_mark_says(cell: str, wanted: dict[str, tuple[str, str]]) -> None:
    rows = mistral(cell, "Prices as marked")
    assert {name: (c.text, c.unit) for row in rows for name, c in row.cells.items()} == wanted


def test_a_mark_is_there_exactly_where_the_section_says_so() -> None:
    for cell, basis in (("$4", "Prices as marked"), ("$4 /Min", "Prices /M Tokens")):
        [row] = mistral(cell, basis)
        assert (row.cells["input_price"].text, row.cells["input_price"].wanted) == (
            cell,
            "$0.5, or $0.003 /Min",
        )


@pytest.mark.parametrize(
    ("cell", "price"),
    [("<span>Original price</span><del>$1.36</del><span>Sale price</span>$0.68", "$0.68"),
     ("Original price $1.36 Sale price $0.68", "$0.68"), ("<s>$1.36</s> $0.68", "$0.68")],
)  # fmt: skip
def test_a_sale_price_is_the_price(cell: str, price: str) -> None:
    [row] = mistral(cell)
    assert row_texts(row) == {"input_price": price}


@pytest.mark.parametrize(
    ("badge", "stage"),
    [
        ("New", None),
        ("Preview", "preview"),
        ("Deprecated", "deprecated"),
        ("Third-party", None),
        ("50% off", None),
    ],
)
def test_a_badge_beside_a_name_is_no_part_of_it(badge: str, stage: str | None) -> None:
    name = (
        f'<a href="/models/x">Mistral Large 3<!-- --> <span class="badge">{badge}</span> <span>↗</span></a>'
    )
    row = find_row(
        edited_rows(*MISTRAL, ('<a href="/models/mistral-large-3-25-12">Mistral Large 3', name + "<a>")),
        "offer",
        "Mistral Large 3",
    )
    assert (row_texts(row)["input_price"], row_texts(row).get("lifecycle")) == ("$0.5", stage)


def test_a_badge_nobody_knows_costs_its_row() -> None:
    changed = ("Mistral Large 3<!-- -->", "Mistral Large 3<!-- --> <span>Invited users</span>")
    assert "Invited users" in edited_complaints(*MISTRAL, changed)
    assert len(edited_rows(*MISTRAL, changed)) == len(edited_rows(*MISTRAL)) - 1


def test_further_columns_are_known_by_name_and_another_maker_s_model_is_an_offer() -> None:
    head = "<tr><th>Model</th><th>Provider</th><th>Input</th><th>Cached input</th><th>Cache writes</th><th>Output</th></tr>"
    pressed = '<div aria-label="Pricing mode"><button aria-pressed="true">Standard</button></div>'
    row_of = "<tr><td>GLM 5.2</td><td>Z.ai</td><td>$1.4</td><td>$0.14</td><td>$1.5</td><td>$4.4</td></tr>"
    table = f"<span>Prices /M Tokens</span>{pressed}<table>{head}{row_of}</table>"
    [row] = read_edited(*MISTRAL, f'<section id="hosted">{table}</section>')
    assert (row.name, row.provider, row_texts(row)["cache_write_price"]) == ("GLM 5.2", "Mistral AI", "$1.5")
    assert "Regional uplift" in complaints(
        *MISTRAL, f'<section id="x">{table.replace("Provider", "Regional uplift")}</section>'
    )


@pytest.mark.parametrize("mode", ["", "Turbo"])
def test_a_table_without_a_known_mode_is_refused(mode: str) -> None:
    with pytest.raises(PageChangedError, match="pricing mode"):
        mistral("$0.4", mode=mode)


def test_the_pressed_mode_is_the_tier() -> None:
    assert mistral("$0.2", mode="Batch")[0].variant == {"tier": "batch"}


def test_a_list_price_counts_and_its_promotion_does_not() -> None:
    row = find_row(edited_rows(*ABROAD), "offer", "qwen3.7-max")
    assert row_texts(row) == {"input_price": "$1.65", "output_price": "$4.951"}


def test_rows_that_go_on_for_more_tokens_keep_model_and_scope() -> None:
    bounds = {
        row.qualifier.get("context_above", ""): row_texts(row)["input_price"]
        for row in edited_rows(*ABROAD)
        if row.name == "qwen3-max"
    }
    assert bounds == {"": "$1.2", "32K": "$2.4", "128K": "$3"}


def test_thinking_has_an_offer_of_its_own_where_it_costs_more() -> None:
    rows = edited_rows(*ABROAD)
    modes = [v.get("mode") for v in variants(rows, "qwen-plus-2025-12-01")]
    assert modes == [None, "thinking", None, "thinking"]
    assert not [v for v in variants(rows, "qwen3.7-plus") if "mode" in v]
    assert not [v for v in variants(rows, "qwen-plus-2025-01-25") if "mode" in v]


def test_deployment_scopes_are_regions_and_a_new_one_is_refused() -> None:
    regions = {row.variant["region"] for row in edited_rows(*ABROAD)}
    assert {"global", "international", "cn-hongkong"} <= regions
    moved = ("Hong Kong (China)", "Atlantis")
    assert "deployment scope" in edited_complaints(*ABROAD, moved)
    assert not [row for row in edited_rows(*ABROAD, moved) if row.variant["region"] == "cn-hongkong"]


def test_yuan_are_yuan() -> None:
    cells = [cell for row in edited_rows(*CHINA) for cell in row.cells.values()]
    assert {cell.unit for cell in cells} == {"cny/1M tokens"}


@pytest.mark.parametrize("text", ["¥0.4", "0.4", "$0.4 today", "List price"])
def test_an_amount_without_its_currency_is_refused(text: str) -> None:
    changed = ("<p>$1.65</p>", f"<p>{text}</p>")
    assert f"input_price: wanted $0.4 or 2.5元, with at most a promotion, found {text}" in edited_complaints(
        *ABROAD, changed
    )
    row = find_row(edited_rows(*ABROAD, changed), "offer", "qwen3.7-max-2026-06-08")
    assert row.cells["output_price"].text == "$4.951"


def alibaba(headings: str, cells: str, title: str = "<h4>Singapore</h4>") -> list[RawRow]:
    return read_edited(*ABROAD, f"<h1>Prices</h1>{title}<table>{_cells(headings)}{_cells(cells)}</table>")


def _cells(row: str) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in row.split('|'))}</tr>"


PLAIN = "Model ID|Input price (per 1 million tokens)|Output price (per 1 million tokens)"


@pytest.mark.parametrize(
    ("title", "region"),
    [("Singapore", "international"), ("China (Beijing)", "cn-mainland"), ("华北2（北京）", "cn-mainland"),
     ("US (Virginia)", "us"), ("美国（弗吉尼亚）", "us"), ("德国（法兰克福）", "eu"), ("日本（东京）", "jp"),
     ("Hong Kong (China)", "cn-hongkong"), ("中国（香港）", "cn-hongkong")],
)  # fmt: skip
def test_a_table_without_a_scope_holds_where_its_heading_says(title: str, region: str) -> None:
    [row] = alibaba(PLAIN, "qwen-x|$1|$2", f"<h4>{title}</h4><h5>More models</h5>")
    assert row.variant == {"region": region}


def test_a_table_that_says_nowhere_where_it_holds_is_not_read() -> None:
    with pytest.raises(PageChangedError, match="place"):
        alibaba(PLAIN, "qwen-x|$1|$2", "<h4>Other regions</h4>")


@pytest.mark.parametrize(
    ("printed", "mode"),
    [("Thinking mode only", "thinking"), ("Non-Thinking mode only", None), ("Non-Thinking and Thinking modes", None),
     ("Thinking and non-thinking", None), ("仅思考模式", "thinking"), ("思考和非思考模式", None), ("仅非思考模式", None)],
)  # fmt: skip
def test_a_mode_is_read_word_by_word(printed: str, mode: str | None) -> None:
    [row] = alibaba(f"{PLAIN}|Mode", f"qwen-x|$1|$2|{printed}")
    assert row.variant.get("mode") == mode


@pytest.mark.parametrize(
    ("band", "above"),
    [("0&lt;Token≤32K", None), ("32K&lt;Token≤128K", "32K"), ("128K&lt;Tokens≤1M", "128K"), ("Token≤32K", None),
     ("32K＜Token≤128K", "32K"), ("256K&lt;Token", "256K"), ("No tiered pricing", None), ("无阶梯计价", None)],
)  # fmt: skip
def test_bands_of_a_request_are_thresholds(band: str, above: str | None) -> None:
    [row] = alibaba(f"{PLAIN}|单次请求的输入Token范围", f"qwen-x|$1|$2|{band}")
    assert row.qualifier.get("context_above") == above


@pytest.mark.parametrize(
    ("cell", "price"),
    [("List price $0.276 <b>(Limited-time 20% off)</b>", "$0.276"), ("原价12元（限时5折）", "12元"),
     ("USD 0.15", "USD 0.15"), ("<del>$2</del> $1", "$1"), ("Original price $2 Sale price $1", "$1"),
     ("原价12元 现价6元", "6元")],
)  # fmt: skip
def test_of_several_amounts_the_one_that_is_asked_is_the_price(cell: str, price: str) -> None:
    [row] = alibaba(PLAIN, f"qwen-x|{cell}|$2")
    assert row.cells["input_price"].text == price


@pytest.mark.parametrize(
    "cell", ["Peak $3 Off-peak $1", "忙时 9元 闲时 4.5元", "限时免费", "$1 until May", "$1 per hour"]
)
def test_a_price_under_a_condition_nobody_knows_is_no_price(cell: str) -> None:
    [row] = alibaba(PLAIN, f"qwen-x|{cell}|$2")
    assert row.cells["input_price"].wanted
    assert row.cells["output_price"].text == "$2"


@pytest.mark.parametrize("note", ["Valid until May 1", "50% off for new users", "仅限新用户"])
def test_a_note_nobody_knows_below_a_name_costs_its_row(note: str) -> None:
    with pytest.raises(PageChangedError, match="model"):
        alibaba(PLAIN, f"qwen-x<blockquote>{note}</blockquote>|$1|$2")


def test_the_chinese_page_carries_its_tables_in_a_script() -> None:
    page = (PAGES / CHINA[0] / CHINA[1]).read_text(encoding="utf-8")
    props = {"docDetailData": {"storeData": {"data": {"content": page}}}}
    served = f"<html><body><script>window.__ICE_PAGE_PROPS__={json.dumps(props)};</script></body></html>"
    assert read_edited(*CHINA, served) == edited_rows(*CHINA)


def test_a_model_in_several_tabs_is_read_once_with_its_cached_price() -> None:
    rows = edited_rows(*TOGETHER)
    assert len({row.name for row in rows}) == len(rows)
    assert row_texts(find_row(rows, "offer", "Kimi K3"))["cache_read_price"] == "$0.30"


def test_prices_for_pictures_are_not_prices_for_tokens() -> None:
    assert not [row for row in edited_rows(*TOGETHER) if "FLUX" in row.name]


def test_a_currency_sign_stays_with_its_amount() -> None:
    cell = find_row(edited_rows(*TOGETHER), "offer", "MiniMax M3").cells["input_price"]
    assert parse_usd_per_mtok(cell.text, cell.unit) == Decimal("0.3")
