"""The page in its three renderings: sections, dates, hostile text, conflicts, history, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace
from support.card_builders import card, disputed, evidence, fact, offer, score

from cardwatch.compare.comparison import Comparison, compare_models
from cardwatch.compare.render.comparison_json import to_json, to_pair_json, to_part_json, to_stored_json
from cardwatch.compare.render.comparison_page import render_article, render_html, render_markdown
from cardwatch.compare.render.review import RelatedLink, RenderContext, ReviewDay, review_comparison
from cardwatch.compare.settings import CompareSettings
from cardwatch.compare.wording.grammar import clean_text
from cardwatch.db.query.cards import Change, ClaimedValue, ModelCard, PricePoint
from cardwatch.db.store.freshness_limits import FreshnessLimit, FreshnessLimits

A, B = "maker/alpha-1", "maker/beta-2"
SETTINGS = CompareSettings(template="test")
SECTIONS = [
    "Verdict", "The two models", "Scorecard", "Choose Alpha-1 when this matters",
    "Choose Beta-2 when this matters", "Monthly cost", "Switching", "Specifications",
    "Pricing and availability", "Capabilities", "Benchmarks", "Questions", "What we don't know",
    "Where sources disagree", "What changed", "Sources and review dates", "Related comparisons", "Last reviewed",
]  # fmt: skip


def stamp(day: str = "2026-05-25", **more: Any) -> RenderContext:
    limits = more.pop("limits", FreshnessLimits())
    return RenderContext("2026-05-24T00:00:00Z", ReviewDay(date.fromisoformat(day), limits), **more)


def pair(mine: ModelCard | None = None, its: ModelCard | None = None) -> Comparison:
    return compare_models(mine or card(A), its or card(B), settings=SETTINGS)


def loaded(comparison: Comparison, at: RenderContext | None = None) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(to_json(comparison, at or stamp()))
    return document


class StrictReader(HTMLParser):
    """Reads an HTML page into its texts, tags and attributes; refuses tags closed out of turn."""

    VOID = frozenset({"meta", "path"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def markdown_texts(page: str) -> Iterator[str]:
    """Yield every piece of text of a Markdown page as a reader sees it."""
    for token in MarkdownIt("commonmark").enable("table").parse(page):
        if token.type == "inline":
            yield "".join(t.content for t in token.children or () if t.type in {"text", "text_special"})


def test_sections_stand_in_order() -> None:
    page = render_markdown(pair(), stamp())
    assert re.findall(r"^## (.*)$", page, re.M) == SECTIONS
    assert page.startswith("# Alpha-1 vs Beta-2\n")


def full() -> Comparison:
    """Return a pair with something in every section."""
    mine = card(
        A,
        {"context_window": 200_000, "product_type": "standalone API model", "modality.input": ("image", "text"),
         "capability.multimodal": True, "capability.vision": True, "lifecycle": "deprecated"},
        [offer(A, "openrouter", "2", "8"), offer(A, "openai", "3", "9")],
        [score(A, "mmlu_pro", "81.8"), score(A, "ifeval", "60")],
    )  # fmt: skip
    points = (
        PricePoint(
            "openrouter", "input_price", "3", "2026-01-01T00:00:00Z", "2026-03-10T00:00:00Z", "curated"
        ),
        PricePoint(
            "openrouter",
            "input_price",
            "2",
            "2026-03-10T00:00:00Z",
            None,
            "curated",
            False,
            "2026-03-02T00:00:00Z",
            "2026-03-08T00:00:00Z",
        ),
        PricePoint("openrouter", "output_price", "7", "2026-01-01T00:00:00Z", None, "curated"),
        PricePoint("openrouter", "input_price", "9", "2026-04-01T00:00:00Z", None, "rival"),
    )
    at = "2026-03-10T00:00:00Z"
    changes = (
        Change(at, A, "openrouter", "openrouter", "input_price", "3", "2", "curated", "https://x.example/"),
    )
    rival = ClaimedValue("rival", 128_000, "https://rival.example/", "2026-05-01")
    window = replace(disputed(mine.facts["context_window"], rival), why="first party before aggregator")
    mine = replace(mine, prices=points, changes=changes, facts={**mine.facts, "context_window": window})
    its = card(B, {"context_window": 128_000, "product_type": "coding-specialized model"}, [],
               [score(B, "mmlu_pro", "79.1"), score(B, "hle", "20")])  # fmt: skip
    return pair(mine, its)


def test_html_is_well_formed_and_every_table_has_heads_with_words() -> None:
    page = StrictReader(render_html(full(), stamp()))
    heads = re.findall(r"<th[^>]*>(.*?)</th>", render_html(full(), stamp()))
    assert all(re.sub("<[^>]*>", "", head).strip() for head in heads)
    assert {attrs["scope"] for attrs in page.of("th")} == {"col", "row"}


def test_html_loads_nothing_and_runs_nothing() -> None:
    page = StrictReader(render_html(full(), stamp()))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "link", "iframe", "object", "form"})
    links = [attrs["href"] or "" for attrs in page.of("a")]
    assert all(link.startswith(("#", "https://", "http://")) for link in links)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    [csp] = [attrs["content"] for attrs in page.of("meta") if "http-equiv" in attrs]
    assert str(csp).startswith("default-src 'none'")


def test_sources_are_told_with_how_much_they_give_and_their_oldest_review() -> None:
    page = render_markdown(full(), stamp())
    assert "| Alpha-1 | curated (14 facts, 2026-05-22) |" in page
    assert "| Beta-2 | curated (4 facts, 2026-05-22) |" in page


def test_offers_are_grouped_by_provider_with_the_range_of_their_prices() -> None:
    batch = offer(A, "openai", "1", "4.5", key="openai;tier=batch", tier="batch")
    page = render_markdown(pair(card(A, offers=[offer(A, "openai", "2", "9"), batch])), stamp())
    assert (
        "| OpenAI API | 2 | $1 to $2 | $4.50 to $9 | OpenAI API (batch) | none known | 2026-05-22 |" in page
    )


def test_a_price_that_cannot_be_judged_says_who_asks_less_of_those_that_print_one() -> None:
    silent = card(B, offers=[offer(B, "openai", "2", "8"), offer(B, "openrouter")])
    page = render_markdown(pair(card(A, offers=[offer(A, "openrouter", "1", "1")]), silent), stamp())
    said = "unknown: Alpha-1 by the prices that are known; another offer could be cheaper"
    assert f"| Price | {said} |" in page


def test_offers_say_what_else_they_bill() -> None:
    drawing = offer(A, "openai", None, None)
    asked = {
        name: fact(A, name, usd, offer="openai")
        for name, usd in (("image_price", "0.04"), ("request_price", "1"))
    }
    page = render_markdown(
        pair(card(A, offers=[replace(drawing, facts={**drawing.facts, **asked})])), stamp()
    )
    assert "| unknown | price per image $0.04, price per request $1 | 2026-05-22 |" in page


def test_a_side_for_which_nothing_known_speaks_says_so() -> None:
    page = render_markdown(pair(card(A, {"context_window": 1})), stamp())
    assert "## Choose Beta-2 when this matters\n\nNothing known speaks for Beta-2.\n" in page


def test_other_traffic_can_be_worked_out_from_the_page() -> None:
    page = StrictReader(render_article(full(), stamp()))
    [cost] = [attrs for attrs in page.of("section") if attrs["id"] == "cost"]
    assert (cost["data-input-mtok"], cost["data-output-mtok"]) == ("800", "250")
    assert orjson.loads(cost["data-offers"] or "") == [
        ["a", "OpenRouter", "2", "8"],
        ["a", "OpenAI API", "3", "9"],
    ]


def test_price_history_ends_in_the_price_shown_and_follows_one_source() -> None:
    made = full()
    [series] = loaded(made)["price_history"]["a"]
    assert [point["value"] for point in series["points"]] == ["3", "2"]
    steps = "$3 first seen 2026-01-01, $2 between 2026-03-02 and 2026-03-08"
    assert f"| Alpha-1 | Input price, OpenRouter | {steps} |" in render_markdown(made, stamp())
    [line] = StrictReader(render_article(made, stamp())).of("svg")
    assert line["aria-label"] == steps
    assert line["data-points"] == "2026-01-01=3 2026-03-10=2"
    assert line["role"] == "img"


def test_conflicts_name_every_value_and_why_one_is_shown() -> None:
    made = full()
    [conflict] = loaded(made)["conflicts"]
    assert (conflict["attribute"], conflict["chosen"]) == ("context_window", 200_000)
    assert [(v["source"], v["value"]) for v in conflict["values"]] == [
        ("curated", 200_000),
        ("rival", 128_000),
    ]
    assert (
        "| Alpha-1 | Context window | 200K | rival: 128K | first party before aggregator |"
    ) in render_markdown(made, stamp())


def test_a_conflict_that_no_rule_decides_supports_nothing() -> None:
    others = (ClaimedValue("x", 1, "", "2026-05-01"), ClaimedValue("y", 2, "", "2026-05-01"))
    window = replace(fact(A, "context_window", 1), state="conflicting", value=None, others=others)
    made = pair(replace(card(A), facts={"context_window": window}), card(B, {"context_window": 2}))
    assert ("larger_context", "b") not in made.by_rule
    assert "| Context window | conflicting | 2 |" in render_markdown(made, stamp())
    assert loaded(made)["conflicts"][0]["chosen"] is None


def test_changes_are_listed_newest_first_with_a_count_of_the_rest() -> None:
    changes = tuple(
        Change(f"2026-05-{day:02}T00:00:00Z", A, None, None, "context_window", day, day + 1, "curated", "")
        for day in range(1, 13)
    )
    made = pair(replace(card(A), changes=changes))
    page = render_markdown(made, stamp())
    listed = re.findall(r"^\| first seen (2026-05-\d\d) \| Alpha-1 \| Context window", page, re.M)
    assert listed == [f"2026-05-{day:02}" for day in range(12, 2, -1)]
    assert "\n+2 more\n" in page
    assert len(loaded(made)["changes"]) == 12


def test_a_withdrawn_offer_is_called_by_its_name() -> None:
    key = "azure-openai;region=data-zone"
    gone = offer(A, "azure-openai", "1", "2", key=key, region="data-zone", listed=False)
    at = "2026-05-01T00:00:00Z"
    ends = ((None, "listed"), ("listed", "withdrawn"))
    changes = [Change(at, A, "azure-openai", key, "availability", *two, "curated", "") for two in ends]
    made = pair(replace(card(A, offers=[gone]), changes=tuple(changes)))
    assert "| Availability, Azure OpenAI (data-zone) | not listed | listed |" in render_markdown(
        made, stamp()
    )
    assert "| Availability, Azure OpenAI (data-zone) | listed | withdrawn |" in render_markdown(made, stamp())
    renamed = replace(gone, provider_name="Azure")
    assert pair(card(A, offers=[gone])).snapshot != pair(card(A, offers=[renamed])).snapshot


def test_a_change_says_under_which_condition_and_in_which_money() -> None:
    at, terms = "2026-05-01T00:00:00Z", {"currency": "CNY", "context_above": "200000"}
    served = offer(A, "openrouter", "2", "8")
    change = Change(at, A, "openrouter", "openrouter", "input_price", "3", "2.5", "curated", "", terms)
    made = pair(replace(card(A, offers=[served]), changes=(change,)))
    row = "| Input price above 200K tokens, OpenRouter | 3 CNY | 2.5 CNY |"
    assert row in render_markdown(made, stamp())
    assert loaded(made)["changes"][0]["qualifier"] == terms


def test_multimodal_names_its_modalities_and_a_route_its_scope() -> None:
    mine = full().a.card
    vision = replace(mine.facts["capability.vision"], scope="route")
    page = render_markdown(pair(replace(mine, facts={**mine.facts, "capability.vision": vision})), stamp())
    assert "| Multimodal | Yes (image, text) | unknown |" in page
    assert "| Vision | Yes (on a route) | unknown |" in page


def test_scores_of_one_side_only_are_shown_apart() -> None:
    page = render_markdown(full(), stamp())
    assert "| MMLU-Pro | 81.8 | 79.1 | Alpha-1 | 2.7 points |" in page
    assert "| IFEval | Alpha-1 | 60 |" in page
    assert "| Humanity's Last Exam | Beta-2 | 20 |" in page


def test_the_page_date_is_its_oldest_fact_s() -> None:
    mine = card(A, {"context_window": 1})
    old = fact(A, "license", "MIT", on="2026-02-01")
    made = pair(replace(mine, facts={**mine.facts, "license": old}))
    assert loaded(made)["reviewed_on"] == "2026-02-01"
    assert "| Oldest review of a fact here | 2026-02-01 |" in render_markdown(made, stamp())
    assert loaded(pair())["reviewed_on"] is None
    assert loaded(pair())["freshness"] == "never"


@pytest.mark.parametrize(
    ("attribute", "day", "level"),
    [
        ("context_window", "2026-06-21", "fresh"),
        ("context_window", "2026-06-22", "warn"),
        ("context_window", "2026-07-22", "error"),
        ("license", "2026-07-22", "fresh"),
        ("lifecycle", "2026-06-06", "warn"),
    ],
)
def test_the_badge_follows_the_limit_of_each_fact(attribute: str, day: str, level: str) -> None:
    value = {"context_window": 1, "license": "MIT", "lifecycle": "active"}[attribute]
    assert review_comparison(pair(card(A, {attribute: value})), stamp(day)).level == level


def test_the_badge_follows_configured_limits_and_the_worst_fact() -> None:
    strict = FreshnessLimits(everywhere={"license": FreshnessLimit(1, 2)})
    made = pair(card(A, {"license": "MIT", "context_window": 1}))
    assert review_comparison(made, stamp(limits=strict)).level == "error"
    undated = replace(fact(A, "license", "MIT"), reviewed_on=None)
    assert review_comparison(pair(replace(card(A), facts={"license": undated})), stamp()).level == "never"


def test_what_is_stored_names_the_models_parts_and_says_only_what_the_pair_says() -> None:
    made = full()
    kept = orjson.loads(to_stored_json(made))
    assert kept.keys() == {"parts", "names", "verdict", "gap", "unknown", "claims"}
    assert kept["parts"] == {"a": made.a.digest, "b": made.b.digest}
    for kept_statement, statement in zip(kept["claims"], loaded(made)["claims"], strict=True):
        assert kept_statement == {key: statement[key] for key in ("rule", "about", "text", "facts")}


def test_the_pair_and_both_parts_make_the_whole() -> None:
    made = full()
    whole, own = loaded(made), orjson.loads(to_pair_json(made, stamp(), {A: "a.json", B: "b.json"}))
    part = orjson.loads(to_part_json(made.a))
    assert [one["href"] for one in own["models"]] == ["a.json", "b.json"]
    assert (own["parts"]["a"], part["facts"]) == (part["digest"], whole["facts"][: len(part["facts"])])
    assert [part[key] for key in ("offers", "tags", "fit")] == [
        whole[key]["a"] for key in ("offers", "tags", "fit")
    ]
    for key in ("claims", "verdict", "cost", "scorecard", "faq", "switching"):
        assert own[key] == whole[key]


def test_related_pages_are_linked_as_told() -> None:
    links = (RelatedLink("Alpha-1 vs Gamma", "../gamma/"), RelatedLink("Beta-2 vs Delta"))
    at = stamp(related=links)
    assert "[Alpha-1 vs Gamma](../gamma/) · Beta-2 vs Delta" in render_markdown(pair(), at)
    assert '<a href="../gamma/">Alpha-1 vs Gamma</a>' in render_article(pair(), at)
    assert to_stored_json(pair()) == to_stored_json(pair())
    assert loaded(pair(), at)["related"] == [
        {"title": "Alpha-1 vs Gamma", "href": "../gamma/"},
        {"title": "Beta-2 vs Delta", "href": ""},
    ]


HOSTILE = (
    "<script>alert(1)</script>",
    "a|b\n| - | - |",
    "`x` **bold** [l](javascript:alert(1)) ![i](http://e.example/i.png)",
    "\u202eevil\u2066",
    "# heading\n\n- list",
    "</td></tr></table><img src=x onerror=alert(1)>",
    "1. one",
    "{me} {0}",
    "x" * 10_000,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text(text: str) -> None:
    bad = offer(A, "openrouter", "1", "1", provider_name=text, provider_model=text, quantization=text)
    mine = card(A, {"architecture": text, "license": text, "context_window": 5, "openness": "open source"}, [bad],
                [score(A, "mmlu_pro", "1", harness=text, reporter=text)], name=text)  # fmt: skip
    mine = replace(
        mine, vendor=text, changes=(Change("2026-05-01", A, None, None, text, text, text, text, text),)
    )
    evil = replace(evidence()[0], source=text, url=f"javascript:alert('{text}')", locator=text)
    facts = {n: replace(f, evidence=(evil,), others=(ClaimedValue(text, text, text, ""),), why=text)
             for n, f in mine.facts.items()}  # fmt: skip
    made = pair(replace(mine, facts=facts), card(B, {"context_window": 4, "openness": "proprietary"}))
    page = StrictReader(render_html(made, stamp()))
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img"})
    assert all((a["href"] or "").startswith(("#", "https:")) for a in page.of("a"))
    name = clean_text(text)
    assert name in page.texts
    source = render_markdown(made, stamp())
    assert any(name in shown for shown in markdown_texts(source))
    tokens = MarkdownIt("commonmark").enable("table").parse(source)
    kinds = {child.type for token in tokens for child in token.children or ()}
    assert kinds <= {"text", "text_special", "link_open", "link_close"}
    assert all(str(child.attrs["href"]).startswith("https:") for token in tokens for child in token.children or ()
               if child.type == "link_open")  # fmt: skip
    assert [t.tag for t in tokens if t.type == "heading_open"].count("h1") == 1
    orjson.loads(to_json(made, stamp()))


def test_no_text_of_the_page_is_neither_a_claim_nor_a_label_nor_a_value() -> None:
    """A sentence is what ends in a full stop; each stands in the claims, or is one of the fixed labels."""
    made = full()
    claims = {claim.text for claim in made.claims}
    labels = re.compile(r"None\.|Unknown facts: \d+ of \d+\.|Nothing known speaks for [\w-]+\.")
    for text in markdown_texts(render_markdown(made, stamp())):
        if text.endswith(".") and not labels.fullmatch(text):
            assert without(text, claims) == "", text


def without(text: str, claims: set[str]) -> str:
    """Return what is left of a paragraph when its claims are taken out."""
    for claim in sorted(claims, key=len, reverse=True):
        text = text.replace(claim, "")
    return text.strip()


SHAPE: dict[str, set[str]] = {
    "": {"schema", "template", "snapshot", "generated_at", "reviewed_on", "models", "facts", "claims", "scorecard",
         "verdict", "tags", "best_for", "cost", "specs", "offers", "capabilities", "benchmarks", "switching", "faq",
         "unknown", "conflicts", "changes"},
    "models": {"id", "name", "vendor"},
    "facts": {"id", "model", "offer", "attribute", "state", "value", "display", "reason", "evidence", "others"},
    "facts.evidence": {"source", "url", "document", "locator", "fetched_at", "reviewed_on"},
    "facts.others": {"source", "value"},
    "claims": {"id", "rule", "section", "about", "text", "facts"},
    "scorecard": {"signal", "a", "b"},
    "verdict": {"winner", "criteria", "claim"},
    "verdict.criteria": {"name", "result", "facts"},
    "cost": {"profile", "a", "b", "gap"},
    "cost.profile": {"input_mtok", "output_mtok"},
    "cost.a": {"state", "usd", "display", "provider", "facts"},
    "cost.b": {"state", "reason"},
    "specs": {"attribute", "a", "b"},
    "offers.a": {"provider", "tier", "region", "input_price", "output_price", "context_window", "reviewed_on"},
    "capabilities": {"name", "a", "b"},
    "benchmarks": {"name", "a", "b", "leader", "delta", "comparable", "why_not"},
    "switching": {"a_to_b", "b_to_a"},
    "faq": {"question", "claims"},
    "unknown": {"count", "of", "facts"},
    "conflicts": {"attribute", "model", "values", "chosen", "why"},
    "conflicts.values": {"source", "value"},
    "changes": {"attribute", "model", "from", "to", "at"},
}  # fmt: skip
"""The keys of schema version 1 by path; more may stand beside them, none may be missing."""


@pytest.mark.parametrize("path", SHAPE)
def test_the_json_has_every_key_of_schema_version_1(path: str) -> None:
    found: list[Any] = [loaded(full())]
    for name in filter(None, path.split(".")):
        found = [
            item for each in found for item in (each[name] if isinstance(each[name], list) else [each[name]])
        ]
    assert found
    assert all(SHAPE[path] <= each.keys() for each in found)
