"""Laws of the formats that pages come in: tables, Markdown, HTML spans, YAML and JSX."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from cardwatch.crawler.documents import PageChangedError, PagePart, RawRow, UnreadPart
from cardwatch.crawler.formats.benchmark_names import benchmark_unit, parse_benchmark_name
from cardwatch.crawler.formats.front_matter import find_front_matter, load_yaml
from cardwatch.crawler.formats.html_table import MAX_SPAN, find_grids, grid_to_table
from cardwatch.crawler.formats.jsx import find_components
from cardwatch.crawler.formats.markdown import bullet_lines, markdown_tables, plain_text, split_sections
from cardwatch.crawler.formats.reading import read_each
from cardwatch.crawler.formats.table import PageTable, TableRow, fold_heading

WORD = st.text(
    st.characters(categories=["L", "N", "P", "S"], exclude_characters="\\`~#<>&*"), min_size=1, max_size=9
).filter(lambda word: not word.startswith("_") and "](" not in word)  # which are emphasis and links
CELL = st.lists(WORD, max_size=3).map(" ".join)
GRID = st.integers(1, 5).flatmap(lambda wide: st.lists(st.tuples(*[CELL] * wide), min_size=1, max_size=5))
NOISE = st.lists(st.sampled_from([*"|-#`\\*:a1&é \n", "<table>", "<td>", "[x](y)", "<br>", "<sup>"])).map(
    "".join
)


def pipes(rows: list[tuple[str, ...]]) -> str:
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    lines.insert(1, " | ".join(["---"] * len(rows[0])))
    return "\n".join(f"| {line} |" for line in lines)


@given(rows=GRID, before=st.integers(0, 4))
def test_a_pipe_table_gives_back_its_cells_and_lines(rows: list[tuple[str, ...]], before: int) -> None:
    text = "\n" * before + "# Top\n\n## Prices\n\n" + pipes(rows)
    (found,) = markdown_tables(text)
    assert [found.headings, *(row.cells for row in found.rows)] == rows
    assert found.path == ("Top", "Prices")
    lines = text.splitlines()
    for row in found.rows:
        line = lines[int(row.locator.removeprefix("/line[").removesuffix("]")) - 1]
        assert line == f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row.cells)} |"


@given(rows=GRID)
def test_a_table_in_a_code_fence_is_no_table(rows: list[tuple[str, ...]]) -> None:
    assert not [*markdown_tables(f"```\n{pipes(rows)}\n```\n")]


def test_a_row_of_another_width_is_an_unread_part_of_its_table() -> None:
    (found,) = markdown_tables("# Top\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 |\n")
    assert [row.cells for row in found.rows] == [("4", "5")]
    (odd,) = found.unread
    assert (odd.wanted, odd.text, odd.locator, odd.section) == ("2 cells", "1 | 2 | 3", "/line[4]", "Top")


@given(NOISE)
def test_any_text_is_a_page_of_markdown(text: str) -> None:
    for section in split_sections(text):
        assert not [line for line in section.lines if line.text.lstrip().startswith("```")]
        assert all(line.text for line in bullet_lines(section))
    with suppress(PageChangedError):
        assert all(len(row.cells) == len(t.headings) for t in markdown_tables(text) for row in t.rows)


@given(NOISE)
def test_plain_text_has_no_marks_left_that_a_reader_would_not_see(text: str) -> None:
    seen = plain_text(text)
    assert "`" not in seen
    assert "  " not in seen
    assert not re.search(r"<(?:br|sup)>", seen)


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("**GPT**-`5`", "GPT-5"),
        ("400,000<br><br>Input: 272,000<br/>Output", "400,000\n\nInput: 272,000\nOutput"),
        ("Free<sup>1<sup/>", "Free"),
        ("[![Meta](a.png)Llama](/docs/x)llama-3", "MetaLlamallama-3"),
        (r"\- and 5 \* 3", "- and 5 * 3"),
        ("a &amp; b&nbsp;c", "a & b c"),
    ],
)
def test_plain_text_on_real_lexemes(printed: str, seen: str) -> None:
    assert plain_text(printed) == seen


@given(
    cells=st.lists(
        st.lists(st.tuples(CELL, st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_a_grid_is_rectangular_and_each_cell_fills_its_corner(
    cells: list[list[tuple[str, int, int]]],
) -> None:
    rows = ("".join(f'<td colspan="{w}" rowspan="{h}">{t}</td>' for t, w, h in row) for row in cells)
    (grid,) = find_grids(Selector("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"))
    assert len(grid.rows) == len(cells)
    assert len({len(row) for row in grid.rows}) == 1
    for row, printed in zip(grid.rows, cells, strict=True):
        begun = [spot.text for spot in row if spot.starts_here]
        assert all(text in begun for text, _, _ in printed)


@pytest.mark.parametrize("span", ["0", "-1", "99999", "many", str(MAX_SPAN + 1), "²"])
def test_a_span_that_is_no_small_number_costs_its_table(span: str) -> None:
    page = f'<table><tr><td colspan="{span}">x</td></tr></table><table><tr><td>y</td></tr></table>'
    odd, sound = map(grid_to_table, find_grids(Selector(page)))
    assert "colspan: wanted 1 to" in str(odd.problem)
    assert (sound.problem, sound.headings) == (None, ("y",))


def test_a_table_inside_a_cell_belongs_to_that_cell() -> None:
    inner = "<table><tr><td>in</td></tr></table>"
    found = [
        *find_grids(Selector(f"<table><tr><td>a{inner}</td></tr></table><table><tr><td>b</td></tr></table>"))
    ]
    assert [(g.locator, len(g.rows)) for g in found] == [("/table[1]", 1), ("/table[3]", 1)]


def test_two_rows_of_headings_become_one_and_a_caption_is_no_row() -> None:
    heads = '<tr><td rowspan="2">Model</td><td colspan="2">Price</td></tr><tr><td>in</td><td>out</td></tr>'
    rows = '<tr><td colspan="3">Chat</td></tr><tr><td>m</td><td>1</td><td>2</td></tr>'
    (grid,) = find_grids(Selector(f"<h2>Prices</h2><table>{heads}{rows}</table>"))
    found = grid_to_table(grid)
    assert found.headings == ("Model", "Price / in", "Price / out")
    assert [(row.cells, row.locator) for row in found.rows] == [(("m", "1", "2"), "/table[1]/tr[4]")]
    assert found.path == ("Prices",)


def test_headings_are_decided_about_one_by_one() -> None:
    prices = PageTable(("Model", "IN  put"), (TableRow(("m", "$1"), "/line[3]"),), ("Prices",), "/line[1]")
    known = {"model": "model", "in put": "input"}
    (record,), spare = prices.records(known, need=("model", "input"))
    assert spare == ()
    assert (record.texts, record.at) == (
        {"model": "m", "input": "$1"},
        {"model": "/cell[1]", "input": "/cell[2]"},
    )
    with pytest.raises(PageChangedError, match=r"found 'IN  put', at /line\[1\] under Prices"):
        prices.records({"model": "model", "input": "input"}, need=("model", "input"))
    with pytest.raises(PageChangedError, match="one each of"):
        prices.records({"model": "model", "in put": "model"}, need=())
    with pytest.raises(PageChangedError, match="one each of"):
        prices.records(known, need=("output",))


def spare_column(heading: str, *cells: str, models: str = "ab") -> tuple[UnreadPart, ...]:
    rows = tuple(TableRow((model, "$1", cell), "/line[3]") for model, cell in zip(models, cells, strict=True))
    table = PageTable(("Model", "Input", heading), rows, ("Prices",), "/line[1]")
    return table.records({"model": "model", "input": "input"}, need=("model", "input"))[1]


def test_a_column_that_nobody_knows_costs_itself() -> None:
    (part,) = spare_column("Mascot", "an owl", "")
    assert (part.kind, part.found, part.rows, part.locator) == ("cell", "Mascot", 0, "/line[1]/cell[3]")
    assert part.text == "Model | Input | Mascot\na | $1 | an owl\nb | $1 | ", (
        "the facts of any row may stand there"
    )


@pytest.mark.parametrize(
    ("heading", "cell", "models"),
    [
        ("Region", "EU", "ab"),
        ("Discount", "half", "ab"),
        ("Weather", "$0.50", "ab"),
        ("Weather", "until December 1, 2026", "ab"),
        ("Weather", "rain", "aa"),
    ],
    ids=["heading", "another", "price", "condition", "sets rows apart"],
)
def test_a_column_that_may_be_a_condition_costs_its_table(heading: str, cell: str, models: str) -> None:
    with pytest.raises(PageChangedError, match=f"found '{heading}'"):
        spare_column(heading, cell, "sun", models=models)


@pytest.mark.parametrize(
    "heading", ["Input price*", "INPUT PRICE:", "Input\u00a0price¹", "Input price [2]", "input  price †"]
)
def test_a_heading_is_known_whatever_its_case_spaces_and_marks(heading: str) -> None:
    assert fold_heading(heading) == "input price"


def priced_row(name: str) -> list[PagePart]:
    row = TableRow((name,), "/line[3]")
    return [*read_each([row], lambda each: [RawRow("offer", each.cells[0], each.locator, {})])]


@pytest.mark.parametrize(
    "name", ["gpt-6*", "gpt-6 †", "gpt-6¹", "gpt-6 [1]", "New gpt-6", "gpt-6 New", "gpt-6\nnote"]
)
def test_a_name_with_a_mark_is_no_other_model(name: str) -> None:
    (part,) = priced_row(name)
    assert isinstance(part, UnreadPart)
    assert "a name without marks" in part.wanted


def test_plain_names_stay() -> None:
    for name in ("gpt-6", "Claude Opus 5.5", "Newton 2", "qwen/qwen3:free", "Llama 4 (17B)"):
        assert isinstance(priced_row(name)[0], RawRow)


@pytest.mark.parametrize(
    "cell", ['gpt-6<span class="ml-1 badge">New</span>', '<span class="tag">New</span>gpt-6']
)
def test_a_badge_is_set_apart_from_the_name(cell: str) -> None:
    page = Selector(f"<table><tr><th>A</th><th>B</th></tr><tr><td>{cell}</td><td>x</td></tr></table>")
    assert set(grid_to_table(next(find_grids(page))).rows[0].cells[0].split()) == {"gpt-6", "New"}
    assert set(plain_text(cell).split()) == {"gpt-6", "New"}


def test_a_row_too_short_below_the_headings_is_no_second_row_of_headings() -> None:
    heads = '<tr><td colspan="2">MODEL</td><td>a-1</td></tr><tr><td>odd</td></tr>'
    (grid,) = find_grids(Selector(f"<table>{heads}<tr><td colspan='2'>x</td><td>1</td></tr></table>"))
    assert grid_to_table(grid).headings == ("MODEL", "MODEL", "a-1")


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold_heading(fold_heading(text)) == fold_heading(text)


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"# \n\t?,%@`0.é\x00"), max_size=60))
def test_yaml_is_text_lists_and_mappings_or_refused(text: str) -> None:
    with suppress(PageChangedError):
        assert isinstance(load_yaml(text, where="x"), (str, list, dict, type(None)))
    with suppress(PageChangedError):
        assert isinstance(find_front_matter(f"---\n{text}\n---\n").mapping(), dict)


def test_aliases_cannot_multiply() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40))]
    with pytest.raises(PageChangedError, match="alias"):
        load_yaml("\n".join(lines), where="x")


@given(st.text())
def test_a_benchmark_s_attribute_is_one_plain_word(printed: str) -> None:
    found = parse_benchmark_name(printed)
    if found:
        assert re.fullmatch(r"benchmark\.[a-z0-9]+(?:_[a-z0-9]+)*", found.attribute)
        assert benchmark_unit(found.attribute) in {"percent", "elo", "score"}


@pytest.mark.parametrize(
    ("printed", "attribute", "qualifier"),
    [
        ("LiveCodeBench v6", "livecodebench", {"version": "v6"}),
        ("BFCL-V4", "bfcl", {"version": "v4"}),
        ("HMMT Feb 25", "hmmt", {"version": "feb 25"}),
        ("AIME 2025", "aime", {"version": "2025"}),
        ("OmniDocBench1.5", "omnidocbench", {"version": "1.5"}),
        ("GPQA Diamond", "gpqa_diamond", {}),
        ("VideoMME (w sub.)", "videomme", {"mode": "w sub."}),
        ("MMMU-Pro", "mmmu_pro", {}),
    ],
)
def test_names_of_benchmarks_as_printed(printed: str, attribute: str, qualifier: dict[str, str]) -> None:
    assert parse_benchmark_name(printed) == (f"benchmark.{attribute}", qualifier)


VALUE = (
    st.none()
    | st.decimals(0, 999, places=3).map(str)
    | WORD.map('"{}"'.format).filter(lambda w: w.count('"') == 2)
)


@given(st.lists(st.lists(VALUE, min_size=1, max_size=5), min_size=1, max_size=5))
def test_rows_of_a_component_are_read_as_written(rows: list[list[str | None]]) -> None:
    inner = ",\n".join(f"[{', '.join('null' if v is None else v for v in row)}]" for row in rows)
    (found,) = find_components(f'text\n<PricingTable tier="batch"\n rows={{[\n{inner}\n]}}\n/>')
    assert found.attributes == {"tier": "batch"}
    assert [list(row.cells) for row in found.rows] == [[(v or "").strip('"') for v in row] for row in rows]


@pytest.mark.parametrize("inner", ["[a]", "...rows", '["x", {y: 1}]', '["x" "y"]'])
def test_a_row_that_is_computed_costs_itself(inner: str) -> None:
    (found,) = find_components(f'<PricingTable rows={{[["a", "1"], {inner}, ["b", "2"]]}} />')
    assert [row.cells for row in found.rows if row.cells[0] in "ab"] == [("a", "1"), ("b", "2")]
    assert [(part.kind, part.what) for part in found.unread] == [("row", "component rows")]


@pytest.mark.parametrize(
    "cell",
    [
        "<del>$2.22</del> $0.75",
        "$0.75 <s>$2.22</s>",
        '<span style="text-decoration: line-through">$2.22</span>$0.75',
    ],
)
def test_struck_out_text_is_not_what_a_page_states(cell: str) -> None:
    page = Selector(f"<table><tr><th>A</th><th>B</th></tr><tr><td>x</td><td>{cell}</td></tr></table>")
    assert grid_to_table(next(find_grids(page))).rows[0].cells[1] == "$0.75"


@pytest.mark.parametrize("cell", ["~~$2.22~~ $0.75", "<del>$2.22</del> $0.75", "$0.75 <s>$2.22</s>"])
def test_struck_out_markdown_is_not_what_a_page_states(cell: str) -> None:
    assert plain_text(cell) == "$0.75"
