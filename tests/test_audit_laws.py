"""The audit as a whole: silent on good pages, awake to broken laws, and made of nothing it checks."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import orjson
import pytest
import test_audit_documents
import test_audit_renderings
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from support.audited_pages import (
    ALPHA,
    BETA,
    GAMMA,
    STAMP,
    TODAY,
    alpha,
    audit_pair,
    beta,
    check_ids,
    gamma,
    make_audit,
    xi,
)
from support.card_builders import QWEN, card, offer, score, seed_cards
from support.random_cards import one_card

import cardwatch.auditing
from cardwatch.auditing import markdown_reader
from cardwatch.auditing.audited_page import AuditedPage
from cardwatch.auditing.check_table import CHECKS
from cardwatch.auditing.exported_site import audit_file
from cardwatch.auditing.findings import Violation
from cardwatch.auditing.metamorphic import FactPlace, card_without, known_places
from cardwatch.auditing.render import Renderer
from cardwatch.auditing.run import Audit, draw_pairs
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render.comparison_json import to_pair_json, to_part_json
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.side import build_side
from cardwatch.db.query.cards import Fact, ModelCard, PricePoint
from cardwatch.db.query.reports import StoredComparison
from cardwatch.db.store.freshness_limits import FreshnessLimits

VISION = "openai/gpt-4-vision-preview"
PACKAGE = Path(cardwatch.auditing.__file__).parent
DOORS = {
    "cardwatch.compare.comparison",
    "cardwatch.compare.render.comparison_json",
    "cardwatch.compare.render.comparison_page",
    "cardwatch.compare.render.review",
    "cardwatch.compare.settings",
}
"""The only modules of the code under audit that the audit may import: they make the pages."""


IDS = [check.id for check in CHECKS]


def test_all_invariants_of_the_design_are_in_the_table_once() -> None:
    wanted = [f"I{n:02}" for n in range(1, 37)] + [f"J{n:02}" for n in range(1, 14)]
    assert IDS[: len(wanted)] == wanted
    assert len({*IDS}) == len(IDS)


def test_every_check_looks_somewhere() -> None:
    elsewhere = {"J06", "J07", "J08", "C04"}
    for check in CHECKS:
        looks = (check.data, check.view, check.texts, check.views)
        assert any(looks) or check.id in elsewhere, check.id


def test_every_check_has_something_planted_for_it() -> None:
    planted = {plant.check for plant in test_audit_documents.PLANTS}
    planted |= {plant.check for plant in test_audit_renderings.PLANTS}
    assert {*IDS} - planted == {"J06", "J07", "J08", "C04"}, "these four are planted below"


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_the_audit_takes_nothing_from_the_code_it_checks_but_pages() -> None:
    command = Path(cardwatch.auditing.__file__).parents[1] / "commands" / "audit.py"
    for path in (*PACKAGE.rglob("*.py"), command):
        found = {
            name for name in imports(ast.parse(path.read_text())) if name.startswith("cardwatch.compare.")
        }
        assert found <= DOORS, path
        assert not found or path.name in {"render.py", "audit.py"}, path


def test_the_seed_pairs_are_clean() -> None:
    for a, b in combinations(seed_cards().values(), 2):
        assert [*audit_pair(a, b)] == []


def test_a_model_about_which_nothing_is_known_makes_no_page_older() -> None:
    assert [*audit_pair(beta(), card("other/nothing-1"))] == []


def test_a_star_without_a_footnote_and_experts_that_do_not_add_up_are_found_on_a_seed() -> None:
    note = Fact(VISION, "parameters_note", "known", "1.76T (8x222B MoE)*")
    starred = seed_cards()[VISION]
    note = replace(
        note, evidence=starred.facts["license"].evidence, reviewed_on=starred.facts["license"].reviewed_on
    )
    starred = replace(starred, facts={**starred.facts, "parameters_note": note})
    assert check_ids(audit_pair(starred, seed_cards()[QWEN])) == {"I27", "I28"}


def crowded() -> ModelCard:
    """Return a model sold in many regions, with many scores and a long memory of prices."""
    regions = [f"eu-west-{n}" for n in range(40)]
    routes = [
        offer(ALPHA, "amazon-bedrock", "2", "8", key=f"amazon-bedrock;region={region}", region=region)
        for region in regions
    ]
    names = (f"test_{n}" for n in range(15))
    made = card(ALPHA, {}, [*alpha().offers, *routes], [score(ALPHA, name, "5") for name in names])
    points = [
        PricePoint(route.key, "input_price", "2", "2026-05-01T00:00:00Z", None, "curated") for route in routes
    ]
    return replace(made, prices=(*alpha().prices, *points))


@pytest.mark.parametrize(
    ("line", "check", "cuts"),
    [
        ("+3 more scores", "J11", ("", "+13 more scores")),
        ("| Amazon-Bedrock | 40 |", "I09", ("| Amazon-Bedrock | 39 |",)),
    ],
)
def test_long_tables_are_cut_or_grouped_with_a_count_and_never_without(
    line: str, check: str, cuts: tuple[str, ...]
) -> None:
    run = make_audit(3)
    assert [*run.page(crowded(), gamma())] == []
    rendered = run.renderer.rendered(crowded(), gamma())
    assert f"\n{line}" in rendered.markdown
    for cut in cuts:
        view = markdown_reader.read_markdown_page(rendered.markdown.replace(line, cut))
        page = AuditedPage(
            run.truth(crowded(), gamma()), rendered.document, (view,), today=TODAY, limits=FreshnessLimits()
        )
        assert check in check_ids(run.run_checks(page))


SEEDS = st.integers(0, 10**9)


def made_up(seed: int) -> list[Violation]:
    """Return what the audit finds on the page of the two models that a seed stands for."""
    a, b = (
        one_card(random.Random(n), name) for n, name in ((seed, "maker/alpha-1"), (-seed, "other/beta-2"))
    )
    return [*audit_pair(a, b, forget=6)]


@settings(max_examples=40)
@given(SEEDS)
def test_made_up_pairs_are_clean(seed: int) -> None:
    assert made_up(seed) == []


@pytest.mark.soak
@settings(max_examples=2_000)
@given(SEEDS)
def test_many_made_up_pairs_are_clean(seed: int) -> None:
    assert made_up(seed) == []


@dataclass(frozen=True, slots=True)
class Spoilt(Renderer):
    """Makes pages of cards that something happened to on the way."""

    spoil: Callable[[ModelCard, ModelCard], tuple[ModelCard, ModelCard]] = lambda a, b: (a, b)

    def compared(self, a: ModelCard, b: ModelCard) -> Comparison:
        return Renderer.compared(self, *self.spoil(a, b))


def spoilt_audit(
    spoil: Callable[[ModelCard, ModelCard], tuple[ModelCard, ModelCard]], forget: int = 0
) -> Audit:
    renderer = Spoilt(CompareSettings(), lambda _a, _b, _snapshot: STAMP, spoil)
    return Audit(renderer, TODAY, FreshnessLimits(), random.Random(1), forget)


def test_a_page_that_depends_on_the_order_of_its_models_is_found() -> None:
    def spoil(a: ModelCard, b: ModelCard) -> tuple[ModelCard, ModelCard]:
        return (a, b) if a.id < b.id else (a, replace(b, aliases=("swapped",), vendor="Swapped"))

    found = [*spoilt_audit(spoil).page(alpha(), beta())]
    assert check_ids(found) == {"J06"}
    assert found[0].what == "swapped arguments"


def test_claims_that_stay_behind_when_models_trade_places_are_found() -> None:
    def spoil(a: ModelCard, b: ModelCard) -> tuple[ModelCard, ModelCard]:
        traded = a.id == BETA and a.name == "Alpha-1"
        return (card_without(a, FactPlace("openness")) if traded else a), b

    found = [*spoilt_audit(spoil).page(alpha(), beta())]
    assert check_ids(found) == {"J06"}
    assert "lost" in found[0].what
    assert "more_open" in found[0].found


def test_an_unknown_window_read_as_zero_is_found() -> None:
    """The rule of the seed pages: what is not known counts as nothing."""

    def zeroed(card: ModelCard) -> ModelCard:
        window = card.facts.get("context_window")
        if window is not None and window.state == "known":
            return card
        zero = replace(alpha().facts["context_window"], value=0)
        return replace(card, facts={**card.facts, "context_window": zero})

    found = [*spoilt_audit(lambda a, b: (zeroed(a), zeroed(b)), forget=1000).page(gamma(), xi())]
    assert check_ids(found) == {"J08"}
    assert {violation.what.split()[-1] for violation in found} == {"context_window"}
    assert "larger_context b" in " ".join(violation.found for violation in found)


def test_a_page_that_is_not_the_same_when_read_again_is_found() -> None:
    a, b = alpha(), beta()
    assert [*make_audit().again((a, b), (alpha(), beta()))] == []
    late = replace(b, vendor="Another")
    assert check_ids(make_audit().again((a, b), (a, late))) == {"J07"}


def test_one_model_that_reads_differently_on_two_pages_is_found() -> None:
    run = make_audit(0)
    assert [*run.page(alpha(), beta())] == []
    renamed = replace(
        alpha(), facts={**alpha().facts, "license": replace(alpha().facts["license"], value="MIT")}
    )
    found = [*run.page(renamed, gamma())]
    assert check_ids(found) == {"I36"}
    assert "license" in found[0].what


def kept(a: ModelCard, b: ModelCard, spoil: Callable[[str], str] = str, digest: str = "") -> list[Violation]:
    """Return what is found on a stored comparison whose body is spoilt."""
    run = make_audit()
    snapshot, body = run.renderer.kept(a, b)
    stored = StoredComparison(
        a.id, b.id, digest or snapshot, "1", spoil(body.decode()), "2026-05-25T12:00:00Z"
    )
    return [*run.kept(stored, a, b)]


def test_a_wrong_figure_in_a_stored_body_is_named() -> None:
    assert kept(alpha(), beta()) == []
    found = kept(alpha(), beta(), lambda body: body.replace('"price":"b"', '"price":"a"'))
    wanted = Violation("J07", f"{ALPHA} vs {BETA}", "stored", "verdict.criteria.price", "b", "a")
    assert found == [wanted]


def test_a_stored_body_of_another_catalog_is_late_and_not_called_wrong() -> None:
    found = kept(alpha(), beta(), digest="0" * 32)
    assert [(violation.check, violation.found) for violation in found] == [("C04", "0" * 32)]


def test_a_stored_body_that_cannot_be_read_is_told() -> None:
    found = kept(alpha(), beta(), lambda body: body[:100])
    assert check_ids(found) == {"J07"}


def exported(
    folder: Path, html: Callable[[str], str] = str, json: Callable[[bytes], bytes] = bytes
) -> list[Violation]:
    """Return what is found in a site that holds one comparison."""
    run = make_audit()
    made = run.renderer.rendered(alpha(), gamma())
    folder.mkdir(exist_ok=True)
    (folder / "index.json").write_bytes(json(made.json))
    (folder / "index.html").write_text(html(made.html))
    return [*audit_file(run, folder / "index.json", {ALPHA: alpha(), GAMMA: gamma()})]


def test_a_page_of_an_exported_site_is_held_against_the_catalog(tmp_path: Path) -> None:
    assert exported(tmp_path) == []
    assert check_ids(exported(tmp_path, html=lambda page: page.replace("$3,500", "$3,501"))) == {"I17", "J03"}
    spoilt = exported(tmp_path, json=lambda data: data.replace(b'"usd":"3500"', b'"usd":"3600"'))
    assert [(violation.check, violation.format) for violation in spoilt] == [("I17", "site")]


def exported_in_parts(folder: Path, spoil: Callable[[bytes], bytes] = bytes) -> list[Violation]:
    """Return what is found in a site that holds one pair and both models' parts, that of side a spoilt."""
    run = make_audit()
    made = run.renderer.compared(alpha(), gamma())
    stamp = run.renderer.stamp(ALPHA, GAMMA, made.snapshot)
    for side in made.sides:
        part = to_part_json(build_side(side.card, "a", side.settings))
        (folder / f"{side.side_id}.json").write_bytes(spoil(part) if side is made.a else part)
    hrefs = {side.id: f"{side.side_id}.json" for side in made.sides}
    (folder / "index.json").write_bytes(to_pair_json(made, stamp, hrefs))
    (folder / "index.html").write_text(run.renderer.rendered(alpha(), gamma()).html)
    return [*audit_file(run, folder / "index.json", {ALPHA: alpha(), GAMMA: gamma()})]


def test_a_pair_of_a_site_is_put_together_from_its_parts(tmp_path: Path) -> None:
    assert exported_in_parts(tmp_path) == []
    wrong = exported_in_parts(tmp_path, lambda part: part.replace(b'"value":"1.25"', b'"value":"1.35"'))
    assert "C01" in check_ids(wrong)
    assert {violation.format for violation in wrong} <= {"site", "html"}
    other = exported_in_parts(tmp_path, lambda part: part.replace(b'"digest":"', b'"digest":"0'))
    assert check_ids(other) == {"C04"}
    assert check_ids(exported_in_parts(tmp_path, lambda part: b"not JSON")) == {"C04"}


def test_a_frame_around_the_comparison_is_not_audited(tmp_path: Path) -> None:
    def framed(page: str) -> str:
        return page.replace(
            "<main>", "<header><p>Alpha-1 is the best.</p></header><main><form>1 providers</form>"
        )

    assert exported(tmp_path, html=framed) == []


def test_a_late_or_lonely_page_of_a_site_is_told(tmp_path: Path) -> None:
    late = exported(tmp_path, json=lambda data: orjson.dumps({**orjson.loads(data), "snapshot": "0" * 32}))
    assert [violation.check for violation in late] == ["C04"]
    (tmp_path / "index.html").unlink()
    run = make_audit()
    (tmp_path / "index.json").write_bytes(run.renderer.rendered(alpha(), gamma()).json)
    assert check_ids(audit_file(run, tmp_path / "index.json", {ALPHA: alpha(), GAMMA: gamma()})) == {"C04"}
    assert check_ids(audit_file(run, tmp_path / "index.json", {ALPHA: alpha()})) == {"C04"}
    (tmp_path / "index.json").write_text('{"schema": 1}')
    assert [*audit_file(run, tmp_path / "index.json", {})] == []
    (tmp_path / "index.json").write_text("not JSON")
    assert [*audit_file(run, tmp_path / "index.json", {})] == []


def test_pairs_are_drawn_once_each_and_the_same_for_one_seed() -> None:
    models = [f"maker/m{n}" for n in range(40)]
    first = draw_pairs(models, 300, random.Random(7))
    assert first == draw_pairs(reversed(models), 300, random.Random(7))
    assert len({frozenset(pair) for pair in first}) == 300
    assert len(draw_pairs(models[:5], 300, random.Random(7))) == 10


def test_every_known_fact_of_a_card_can_be_forgotten() -> None:
    for place in known_places(alpha()):
        left = known_places(card_without(alpha(), place))
        assert {(p.attribute, p.offer, p.score) for p in known_places(alpha())} - {
            (p.attribute, p.offer, p.score) for p in left
        } == {place[:3]}
