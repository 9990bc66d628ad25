"""The exported site: every comparison in it, its JSON against the catalog and against the page beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from cardwatch.auditing import html_reader, markdown_reader
from cardwatch.auditing.audited_page import AuditedPage, Json
from cardwatch.auditing.findings import Difference, Differences, Violation, make_violation
from cardwatch.auditing.rendered_page import RenderedPage
from cardwatch.auditing.run import Audit, page_order
from cardwatch.db.query.cards import ModelCard

KEYS = {"schema", "models", "claims", "scorecard"}
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

    def views(self) -> tuple[RenderedPage, ...]:
        """Return the pages beside it that hold the same comparison."""
        found = ((self.path.with_suffix(suffix), read) for suffix, read in READERS.items())
        return tuple(read(path.read_text(encoding="utf-8")) for path, read in found if path.exists())


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
    snapshot, _ = audit.renderer.kept(first, second)
    late, views = list(_check_snapshot(found, snapshot)), found.views()
    yield from (
        make_violation("C04", truth.name, "site", one) for one in [*late, *_check_html_beside(found, views)]
    )
    if not late:
        yield from audit.run_checks(AuditedPage(truth, found.document, views), "site")


def _check_snapshot(found: ExportedComparison, snapshot: str) -> Differences:
    if found.document["snapshot"] != snapshot:
        yield Difference(
            f"{found.path}, snapshot; `cardwatch export` makes it again", snapshot, found.document["snapshot"]
        )


def _check_html_beside(found: ExportedComparison, views: tuple[RenderedPage, ...]) -> Differences:
    if not any(view.form == "html" for view in views):
        yield Difference(str(found.path), "an HTML page beside it", "none")
