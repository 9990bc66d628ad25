"""The audit of pairs: every check on every form of a page, the laws, and what the catalog keeps."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, islice
from typing import Any

import orjson

from cardwatch.auditing.audited_page import AuditedPage, Json, Text
from cardwatch.auditing.check_table import CHECKS, Check
from cardwatch.auditing.expected_pair import ExpectedPair
from cardwatch.auditing.expected_side import ExpectedSide
from cardwatch.auditing.findings import Difference, Differences, Violation, expect_equal, make_violation
from cardwatch.auditing.metamorphic import ComparedModels, check_forgetting, check_replay, check_swap
from cardwatch.auditing.render import Renderer
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.db.query.cards import ModelCard
from cardwatch.db.query.reports import StoredComparison
from cardwatch.db.store.freshness_limits import FreshnessLimits

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)
"""What a check may meet in a document that does not keep to its schema."""
MOST_PATHS = 10
OTHER_JOB = "other_job"
"""Why a cost may be told on one page and not on another."""
PAIR_LINES = ("shared_benchmarks",)
"""Lines of the scorecard that need the other model."""


@dataclass
class Audit:
    """One run. `forget` facts are taken away per pair, drawn by `chance`."""

    renderer: Renderer
    today: date
    limits: FreshnessLimits
    chance: random.Random
    forget: int = 3
    checks: int = 0
    pairs: set[tuple[str, str]] = field(default_factory=set)
    _strings: dict[tuple[str, str], tuple[object, str]] = field(default_factory=dict)

    def page(self, a: ModelCard, b: ModelCard) -> Iterator[Violation]:
        """Audit the page that two models make now."""
        first, second = sorted((a, b), key=lambda card: page_order(card.id))
        rendered = self.renderer.rendered(first, second)
        truth = self.truth(first, second)
        page = AuditedPage(truth, rendered.document, rendered.views, today=self.today, limits=self.limits)
        self.pairs.add((first.id, second.id))
        yield from self.run_checks(page)
        models = ComparedModels(first, second, self.renderer, rendered)
        yield from self._named("J06", truth, lambda: check_swap(models))
        yield from self._named("J08", truth, lambda: check_forgetting(models, self.chance, self.forget))
        yield from self._named("I36", truth, lambda: self._same_everywhere(page))

    def again(
        self, old: tuple[ModelCard, ModelCard], new: tuple[ModelCard, ModelCard]
    ) -> Iterator[Violation]:
        """Audit that the cards of a pair, read a second time, make the same bytes."""
        models = ComparedModels(*old, self.renderer, self.renderer.rendered(*old))
        yield from self._named("J07", self.truth(*old), lambda: check_replay(models, *new))

    def kept(self, stored: StoredComparison, a: ModelCard, b: ModelCard) -> Iterator[Violation]:
        """Audit what the catalog keeps of a pair against what the catalog yields now."""
        truth = self.truth(a, b)
        snapshot, body = self.renderer.kept(a, b)
        late = "snapshot; `cardwatch compare --all` makes it again"
        yield from self._named("C04", truth, lambda: expect_equal(late, snapshot, stored.digest), "stored")
        if stored.digest == snapshot:
            wanted, found = orjson.loads(body), _document(stored.body)
            yield from self._named("J07", truth, lambda: document_differences(wanted, found), "stored")

    def truth(self, a: ModelCard, b: ModelCard) -> ExpectedPair:
        """Return what must be so of two models in page order."""
        traffic = self.renderer.settings.input_mtok, self.renderer.settings.output_mtok
        return ExpectedPair(ExpectedSide("a", a, *traffic), ExpectedSide("b", b, *traffic))

    def run_checks(self, page: AuditedPage, form: str = "json") -> Iterator[Violation]:
        """Run every check of the table on a page."""
        texts = {view.form: [*page_sentences(page, view)] for view in page.views}
        for check in CHECKS:
            for where, look in check_calls(check, page, form, texts):
                yield from self._named(check.id, page.truth, look, where)

    def _named(
        self, check: str, truth: ExpectedPair, look: Callable[[], Differences], form: str = "pair"
    ) -> Iterator[Violation]:
        self.checks += 1
        try:
            found = list(look())
        except UNREADABLE as error:
            found = [
                Difference("unreadable", "comparison JSON, schema 1", f"{type(error).__name__}: {error}")
            ]
        for difference in found:
            yield make_violation(check, truth.name, form, difference)

    def _same_everywhere(self, page: AuditedPage) -> Differences:
        """What one model alone decides reads the same on every page it is on."""
        for side in page.truth.sides:
            for key, text in model_strings(page.document, side.side_id):
                before, where = self._strings.setdefault((side.card.id, key), (text, page.truth.name))
                yield from expect_equal(f"{side.card.id} {key}, on {where}", before, text)


def check_calls(
    check: Check, page: AuditedPage, form: str, texts: Mapping[str, list[Text]]
) -> Iterator[tuple[str, Callable[[], Differences]]]:
    """Yield each call of one check on a page, with the format that it reads."""
    data, text_check, view_check, together = check.data, check.texts, check.view, check.views
    if data is not None:
        yield form, lambda: data(page)
    if text_check is not None:
        yield form, lambda: text_check(page, page.texts())
    for view in page.views:
        if text_check is not None:
            yield view.form, lambda view=view: text_check(page, texts[view.form])  # type: ignore[misc]
        if view_check is not None:
            yield view.form, lambda view=view: view_check(page, view)  # type: ignore[misc]
    if together is not None and page.views:
        yield "pages", lambda: together(page)


def page_sentences(page: AuditedPage, view: RenderedPage) -> Iterator[Text]:
    """Yield every sentence of a rendering with its section."""
    for name, text in view.texts():
        yield from ((name, sentence) for sentence in page.truth.sentences(text))


def model_strings(document: Json, side_id: str) -> Iterator[tuple[str, object]]:
    """Yield what a page says of one model alone."""
    yield "tags", document["tags"][side_id]
    yield "best_for", document["best_for"][side_id]
    for line in document["scorecard"]:
        if line["signal"] not in PAIR_LINES:
            yield f"scorecard {line['signal']}", line[side_id]
    for row in document["specs"]:
        yield f"specs {row['attribute']}", row[side_id]
    if document["cost"][side_id].get("reason") != OTHER_JOB:
        yield "cost", document["cost"][side_id]["display"]


def page_order(model: str) -> tuple[str, str]:
    """Return the sort key of a pair: the model part of the id, then the developer."""
    developer, _, name = model.partition("/")
    return name, developer


def draw_pairs(ids: Iterable[str], count: int, chance: random.Random) -> list[tuple[str, str]]:
    """Return `count` different pairs of models, or all if there are not so many."""
    models = sorted(ids)
    possible = len(models) * (len(models) - 1) // 2
    if count >= possible:
        return list(combinations(models, 2))
    found: dict[tuple[str, str], None] = {}
    while len(found) < count:
        first, second = sorted(chance.sample(models, 2))
        found[first, second] = None
    return list(found)


def _document(body: str) -> Json:
    try:
        found: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found


def document_differences(wanted: Any, found: Any) -> Differences:
    """Yield where two documents differ, the first few places."""
    return islice(_differences_at(wanted, found, ""), MOST_PATHS)


def _differences_at(wanted: Any, found: Any, path: str) -> Differences:
    if isinstance(wanted, dict) and isinstance(found, dict) and wanted.keys() == found.keys():
        for key, value in wanted.items():
            yield from _differences_at(value, found[key], f"{path}.{key}" if path else key)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for n, (value, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences_at(value, other, f"{path}.{n}")
    else:
        yield from expect_equal(path or "document", wanted, found)
