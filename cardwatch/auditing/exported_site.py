"""The exported site: every comparison in it, its JSON against the catalog and against the page beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from cardwatch.auditing import html_reader, markdown_reader
from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.findings import Difference, Differences, Violation, make_violation
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.auditing.run import Audit, page_order
from cardwatch.db.query.cards import ModelCard

KEYS = {"schema", "models", "claims", "scorecard"}
WHOLE = ("models", "facts", "benchmarks", "unknown")
"""Keys of which a pair's file holds less than the whole comparison does."""
BESIDE = ("tags", "best_for", "fit", "price_history", "offers")
"""Keys that hold one part for each side."""
READERS = {".html": html_reader.read_html_page, ".md": markdown_reader.read_markdown_page}


@dataclass(frozen=True, slots=True)
class ExportedComparison:
    """A comparison in a site: where its JSON is, and what it holds."""

    path: Path
    document: Json

    @property
    def models(self) -> tuple[str, str]:
        """The ids of its two models. Raises what a document that is not one raises."""
        a, b = (str(one["id"]) for one in self.document["models"])
        return a, b

    def part_paths(self) -> dict[str, Path]:
        """Return where what each model says alone is kept; nowhere else for a document that is whole."""
        models = [one for one in self.document["models"] if "href" in one]
        if not models:
            return {}
        return {side_id: self.path.parent / one["href"] for side_id, one in zip("ab", models, strict=True)}

    def assembled(self, whole: Json) -> Json:
        """Return the comparison with both models' parts; what follows from these alone is taken from `whole`."""
        if not self.part_paths():
            return self.document
        own = {key: value for key, value in self.document.items() if key not in WHOLE}
        parts = {side_id: orjson.loads(path.read_bytes()) for side_id, path in self.part_paths().items()}
        parts["b"] = on_side_b(parts["b"])
        listed = {key: [*parts["a"][key], *parts["b"][key]] for key in ("facts", "conflicts", "changes")}
        beside = {key: {side_id: part[key] for side_id, part in parts.items()} for key in BESIDE}
        listed["facts"] += self.document["facts"]
        return {**whole, **own, **listed, **beside}

    def views(self) -> tuple[RenderedPage, ...]:
        """Return the pages beside it that hold the same comparison."""
        found = ((self.path.with_suffix(suffix), read) for suffix, read in READERS.items())
        return tuple(read(path.read_text(encoding="utf-8")) for path, read in found if path.exists())


def on_side_b(part: Json) -> Json:
    """Return a model's part as it stands on side b, where every fact has the next id."""

    def moved(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: moved(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [moved(one, key) for one in value]
        return f"f{int(value[1:]) + 1}" if key in FACT_KEYS and isinstance(value, str) else value

    numbered = {key: moved(part[key]) for key in ("fit", "price_history", "offers", "conflicts")}
    facts = [{**fact, "id": moved(fact["id"], "id")} for fact in part["facts"]]
    return {**part, **numbered, "facts": facts}


FACT_KEYS = ("id", "fact", "facts")


def read_exported(path: Path) -> ExportedComparison | None:
    """Return the comparison that a file of a site holds, None if it holds something else."""
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError:
        return None
    holds = isinstance(document, dict) and document.keys() >= KEYS
    return ExportedComparison(path, document) if holds else None


def audit_file(audit: Audit, path: Path, cards: Mapping[str, ModelCard]) -> Iterator[Violation]:
    """Audit one file of a site, if it is a comparison, against the catalog as it is now."""
    found = read_exported(path)
    if found is None:
        return
    a, b = found.models
    if a not in cards or b not in cards:
        yield Violation("C04", f"{a} vs {b}", "site", str(path), "models of the catalog", f"{a} vs {b}")
        return
    first, second = sorted((cards[a], cards[b]), key=lambda card: page_order(card.id))
    truth = audit.truth(first, second)
    made = audit.renderer.rendered(first, second)
    late, views = list(_check_snapshot(found, made.snapshot)), found.views()
    broken = list(_check_files_beside(found, views))
    yield from (make_violation("C04", truth.name, "site", one) for one in [*late, *broken])
    if not (late or broken):
        document = found.assembled(made.document)
        yield from audit.run_checks(AuditedPage(truth, document, views), "site")


def _check_snapshot(found: ExportedComparison, snapshot: str) -> Differences:
    if found.document["snapshot"] != snapshot:
        yield Difference(
            f"{found.path}, snapshot; `cardwatch export` makes it again", snapshot, found.document["snapshot"]
        )


def _check_files_beside(found: ExportedComparison, views: tuple[RenderedPage, ...]) -> Differences:
    if not any(view.form == "html" for view in views):
        yield Difference(str(found.path), "an HTML page beside it", "none")
    for side_id, path in found.part_paths().items():
        digest = found.document["parts"][side_id]
        try:
            found_digest = orjson.loads(path.read_bytes())["digest"]
        except (OSError, orjson.JSONDecodeError) as error:
            found_digest = str(error)
        if found_digest != digest:
            yield Difference(f"{found.path}, part {side_id}", digest, found_digest)
