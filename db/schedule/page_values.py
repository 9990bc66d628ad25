"""What a visit to a page is worth, told the same way whether a plan looks at a few pages or at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np

from cardwatch.db.schedule import page_choice
from cardwatch.db.schedule.change_signals import UNWATCHED, PageSignals
from cardwatch.db.schedule.page_choice import Floats, SignalArrays

LONG_AGO = 3650.0
Past = Sequence[tuple[bytes | None, PageSignals]]
"""Of each page its posterior as the catalog keeps it, and what signals say."""


@dataclass(frozen=True, slots=True)
class PageValues:
    """The prior of each kind, told by all of its pages, and the kinds of which a signal watches a page."""

    priors: Mapping[str, Floats] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()

    @classmethod
    def learn(cls, kinds: Mapping[str, Past]) -> Self:
        """Learn from all pages that have a past, or that a signal watches, by kind; the others say nothing."""
        watched = frozenset(
            kind for kind, pages in kinds.items() if any(signals is not UNWATCHED for _, signals in pages)
        )
        priors = {
            kind: page_choice.learned_prior(_evidence(pages, kind in watched)[0], page_choice.base_prior())
            for kind, pages in kinds.items()
        }
        return cls(priors, watched)

    def of(self, kind: str, pages: Past, tau: Floats, weight: Floats) -> Floats:
        """Return the values of pages of one kind, last verified `tau` days ago, at these weights."""
        likelihood, told = _evidence(pages, kind in self.watched)
        prior = self.priors[kind] if kind in self.priors else page_choice.base_prior()
        return page_choice.expected_gain(likelihood, prior, np.minimum(tau, LONG_AGO), weight, told)


def _evidence(pages: Past, watched: bool) -> tuple[Floats, SignalArrays | None]:
    """Return the log likelihoods of the pages, and what signals say where they watch any of the kind."""
    likelihood = page_choice.stored_likelihoods([posterior for posterior, _ in pages])
    if not watched:
        return likelihood, None
    told = SignalArrays.of([signals for _, signals in pages])
    return likelihood + told.likelihoods, told
