"""Changes told together: what one look at a source found changed about one model at one provider."""

from __future__ import annotations

from collections.abc import Iterable

from cardwatch.db.query.cards import Change


def group_changes(changes: Iterable[Change]) -> list[tuple[Change, ...]]:
    """Return changes in groups of one look, model, provider and source, in the order in which each group begins."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        found.setdefault((change.at, change.model, change.provider, change.source), []).append(change)
    return [tuple(group) for group in found.values()]
