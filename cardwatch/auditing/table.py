"""Every check of the audit: its id, what has to hold, and who looks at data, words and rendered pages.

I and J are the invariants of the design. C are the audit's own: what the page holds is what the catalog has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cardwatch.auditing.checks import (
    agreement,
    benchmarks,
    claims,
    context,
    cost,
    dates,
    facts,
    fit,
    language,
    routes,
    verdict,
)
from cardwatch.auditing.findings import Found
from cardwatch.auditing.page import Page, Text
from cardwatch.auditing.view import View

OnData = Callable[[Page], Found]
OnView = Callable[[Page, View], Found]
OnTexts = Callable[[Page, Sequence[Text]], Found]


@dataclass(frozen=True, slots=True)
class Check:
    """`data` looks at the document, `view` at one rendering, `texts` at the sentences of either.

    `views` compares the renderings with each other. `stored` is False for what a body without dates lacks.
    """

    id: str
    holds: str
    data: OnData | None = None
    view: OnView | None = None
    texts: OnTexts | None = None
    views: OnData | None = None
    stored: bool = True


def both(*checks: OnData) -> OnData:
    """Return several looks as one."""

    def check(page: Page) -> Found:
        for one in checks:
            yield from one(page)

    return check


TABLE = (
    Check("I01", "a larger context is claimed between two known windows only", context.larger, texts=context.told),
    Check("I02", "reasons, moves, questions and verdict agree on the larger context", context.agree),
    Check("I03", "the tag Vision needs Vision", fit.tag("Vision")),
    Check("I04", "the tag Agents needs function calling or tool use", fit.tag("Agents")),
    Check("I05", "the tag Coding needs a coding product, code execution or a score about code", fit.tag("Coding")),
    Check("I06", "no tag is withheld: all in the data, those not shown counted", fit.complete, fit.complete_in_view),
    Check("I07", "what only one side has is listed in full", fit.only_here),
    Check("I08", "a capability is yes, no or unknown, and a No has evidence",
          both(fit.answers, language.evidence_for_no), fit.answers_in_view),
    Check("I09", "where there are routes they are named", routes.named, routes.named_in_view),
    Check("I10", "routes are counted the same everywhere", routes.counted, routes.counted_in_view),
    Check("I11", "singular and plural follow the count", texts=language.plurals),
    Check("I12", "unknown is one word, with its reason", language.nulls, language.nulls_in_view),
    Check("I13", "a product has its article", texts=language.articles),
    Check("I14", "verbs agree", texts=language.agreement),
    Check("I15", "nothing is available without a route", texts=routes.available),
    Check("I16", "no sentence is made of what is not known", texts=language.sourceless),
    Check("I17", "cost is volume × unrounded price", cost.amounts, cost.amounts_in_view),
    Check("I18", "the traffic is printed with every cost", cost.traffic, cost.traffic_in_view),
    Check("I19", "a difference is told where both sides have a cost, and only there",
          cost.gap, cost.gap_in_view, cost.uneven),
    Check("I20", "to fall back needs two providers", texts=routes.fallback),
    Check("I21", "overlap and its absence are told from known routes", routes.overlap, texts=routes.overlap_told),
    Check("I22", "the winner leads, and is not dominated", verdict.verdict, verdict.verdict_in_view),
    Check("I23", "a reason to choose a side is an advantage it has", both(verdict.reasons, cost.cheaper)),
    Check("I24", "Multimodal names the modalities", view=fit.multimodal),
    Check("I25", "benchmark differences and leaders are right everywhere",
          benchmarks.figures_right, benchmarks.table_right),
    Check("I26", "a superlative needs two scores", texts=language.largest),
    Check("I27", "every star has a footnote", view=language.stars),
    Check("I28", "experts times their size make the total", language.experts),
    Check("I29", "a date keeps the precision of its source", language.months),
    Check("I30", "what is ending is said and never recommended", verdict.lifecycle, verdict.lifecycle_in_view),
    Check("I31", "no sentence only fills the page", language.repeated, texts=language.filler),
    Check("I32", "open source is answered yes or no", verdict.open_source, verdict.open_source_told),
    Check("I33", "table heads have text", view=language.heads),
    Check("I34", "every fact has a source, a fetch and a review date", facts.sourced, facts.sourced_in_view),
    Check("I35", "snapshot and template are on the page", facts.identified, facts.identified_in_view),
    Check("I36", "tags and phrases follow from facts, the same on every page", fit.follow),
    Check("J01", "the page is as old as its oldest fact, the badge follows the limits",
          dates.reviewed, dates.reviewed_in_view, stored=False),
    Check("J02", "percent cheaper is 1 − low/high of unrounded costs", cost.percent, cost.percent_in_view),
    Check("J03", "the prices shown reproduce the cost shown", cost.reproduced, cost.reproduced_in_view),
    Check("J04", "price steps are in order, sourced, and end in the price shown", dates.steps, dates.steps_in_view),
    Check("J05", "sources that disagree are all named", facts.conflicts, facts.conflicts_in_view),
    Check("J06", "swapping the models mirrors every claim"),
    Check("J07", "the same snapshot gives the same bytes"),
    Check("J08", "forgetting a fact never creates a claim"),
    Check("J09", "the named offer is the cheapest, both prices its own", cost.route, cost.route_in_view),
    Check("J10", "every sentence is a claim with a rule and facts", claims.founded, claims.told),
    Check("J11", "JSON, Markdown and HTML carry equal values", view=agreement.tables,
          views=agreement.views),
    Check("J12", "scores are compared under the same version and mode",
          benchmarks.comparable, benchmarks.comparable_in_view),
    Check("J13", "the unknown share is printed, right, and bars a winner above half",
          verdict.unknown_share, verdict.unknown_share_in_view),
    Check("C01", "the facts are those of the catalog", facts.same),
    Check("C02", "every value is printed by the rules of its kind", facts.displays, facts.exact),
    Check("C03", "changes are those of the catalog", dates.listed),
    Check("C04", "what is kept or exported is of the catalog as it is"),
)  # fmt: skip
IDS = tuple(check.id for check in TABLE)
