"""Every check of the audit: its id, what has to hold, and who looks at data, words and rendered pages.

I and J are the invariants of docs/design/comparisons.md. C are the audit's own: what the page holds is what the catalog has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cardwatch.auditing.audited_page import AuditedPage, Text
from cardwatch.auditing.checks import (
    agreement,
    benchmarks,
    context,
    cost,
    dates,
    facts,
    fit,
    language,
    offers,
    statements,
    verdict,
)
from cardwatch.auditing.findings import Differences
from cardwatch.auditing.rendered_page import RenderedPage

OnData = Callable[[AuditedPage], Differences]
OnView = Callable[[AuditedPage, RenderedPage], Differences]
OnTexts = Callable[[AuditedPage, Sequence[Text]], Differences]


@dataclass(frozen=True, slots=True)
class Check:
    """`data` looks at the document, `view` at one rendering, `texts` at the sentences of either.

    `views` compares the renderings with each other.
    """

    id: str
    holds: str
    data: OnData | None = None
    view: OnView | None = None
    texts: OnTexts | None = None
    views: OnData | None = None


def combine_checks(*checks: OnData) -> OnData:
    """Return several looks as one."""

    def check(page: AuditedPage) -> Differences:
        for one in checks:
            yield from one(page)

    return check


CHECKS = (
    Check("I01", "a larger context is claimed between two known windows only",
          context.check_larger_context, texts=context.check_context_texts),
    Check("I02", "reasons, moves, questions and verdict agree on the larger context",
          context.check_context_agreement),
    Check("I03", "the tag Vision needs Vision", fit.make_tag_check("Vision")),
    Check("I04", "the tag Agents needs function calling or tool use", fit.make_tag_check("Agents")),
    Check("I05", "the tag Coding needs a coding product, code execution or a score about code",
          fit.make_tag_check("Coding")),
    Check("I06", "no tag is withheld: all in the data, those not shown counted",
          fit.check_tags_complete, fit.check_rendered_tags),
    Check("I07", "what only one side has is listed in full", fit.check_only_here),
    Check("I08", "a capability is yes, no or unknown, and a No has evidence",
          combine_checks(fit.check_capabilities, language.check_evidence_for_no), fit.check_rendered_capabilities),
    Check("I09", "where there are routes they are named",
          offers.check_provider_names, offers.check_rendered_offers),
    Check("I10", "routes are counted the same everywhere",
          offers.check_offer_counts, offers.check_rendered_counts),
    Check("I11", "singular and plural follow the count", texts=language.check_plurals),
    Check("I12", "unknown is one word, with its reason",
          language.check_unknown_values, language.check_rendered_unknown_values),
    Check("I13", "a product has its article", texts=language.check_articles),
    Check("I14", "verbs agree", texts=language.check_verb_agreement),
    Check("I15", "nothing is available without a route", texts=offers.check_availability_texts),
    Check("I16", "no sentence is made of what is not known", texts=language.check_unknown_texts),
    Check("I17", "cost is volume × unrounded price", cost.check_costs, cost.check_rendered_costs),
    Check("I18", "the traffic is printed with every cost", cost.check_traffic, cost.check_rendered_traffic),
    Check("I19", "a difference is told where both sides have a cost, and only there",
          cost.check_cost_gap, cost.check_rendered_cost_gap, cost.check_uneven_texts),
    Check("I20", "to fall back needs two providers", texts=offers.check_fallback_texts),
    Check("I21", "overlap and its absence are told from known routes",
          offers.check_provider_overlap, texts=offers.check_overlap_texts),
    Check("I22", "the winner leads, and is not dominated",
          verdict.check_verdict, verdict.check_rendered_verdict),
    Check("I23", "a reason to choose a side is an advantage it has",
          combine_checks(verdict.check_reasons, cost.check_cheaper_side)),
    Check("I24", "Multimodal names the modalities", view=fit.check_rendered_multimodal),
    Check("I25", "benchmark differences and leaders are right everywhere",
          benchmarks.check_score_figures, benchmarks.check_rendered_scores),
    Check("I26", "a superlative needs two scores", texts=language.check_superlatives),
    Check("I27", "every star has a footnote", view=language.check_footnotes),
    Check("I28", "experts times their size make the total", language.check_expert_totals),
    Check("I29", "a date keeps the precision of its source", language.check_date_precision),
    Check("I30", "what is ending is said and never recommended",
          verdict.check_lifecycle, verdict.check_rendered_lifecycle),
    Check("I31", "no sentence only fills the page", language.check_repetition, texts=language.check_filler),
    Check("I32", "open source is answered yes or no",
          verdict.check_open_source, verdict.check_rendered_open_source),
    Check("I33", "table heads have text", view=language.check_table_heads),
    Check("I34", "every fact has a source, a fetch and a review date",
          facts.check_sources, facts.check_rendered_sources),
    Check("I35", "snapshot and template are on the page",
          facts.check_snapshot, facts.check_rendered_snapshot),
    Check("I36", "tags and phrases follow from facts, the same on every page", fit.check_tags_follow),
    Check("J01", "the page is as old as its oldest fact, the badge follows the limits",
          dates.check_review_dates, dates.check_rendered_review_dates),
    Check("J02", "percent cheaper is 1 − low/high of unrounded costs",
          cost.check_percent_cheaper, cost.check_rendered_percent),
    Check("J03", "the prices shown reproduce the cost shown",
          cost.check_cost_from_prices, cost.check_rendered_calculation),
    Check("J04", "price steps are in order, sourced, and end in the price shown",
          dates.check_price_steps, dates.check_rendered_price_steps),
    Check("J05", "sources that disagree are all named",
          facts.check_conflicts, facts.check_rendered_conflicts),
    Check("J06", "swapping the models mirrors every claim"),
    Check("J07", "the same snapshot gives the same bytes"),
    Check("J08", "forgetting a fact never creates a claim"),
    Check("J09", "the named offer is the cheapest, both prices its own",
          cost.check_cheapest_offer, cost.check_rendered_cheapest_offer),
    Check("J10", "every sentence is a claim with a rule and facts",
          statements.check_statements_founded, statements.check_rendered_statements),
    Check("J11", "JSON, Markdown and HTML carry equal values", view=agreement.check_rendered_tables,
          views=agreement.check_renderings_agree),
    Check("J12", "scores are compared under the same version and mode",
          benchmarks.check_comparability, benchmarks.check_rendered_comparability),
    Check("J13", "the unknown share is printed, right, and bars a winner above half",
          verdict.check_unknown_share, verdict.check_rendered_unknown_share),
    Check("C01", "the facts are those of the catalog", facts.check_facts),
    Check("C02", "every value is printed by the rules of its kind",
          facts.check_displays, facts.check_exact_counts),
    Check("C03", "changes are those of the catalog", dates.check_changes),
    Check("C04", "what is kept or exported is of the catalog as it is"),
)  # fmt: skip
