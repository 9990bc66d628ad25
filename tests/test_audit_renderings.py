"""Each check of the audit, against a Markdown or HTML page in which exactly that is wrong."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from support.audited_pages import (
    ALPHA,
    BETA,
    GAMMA,
    XI,
    check_ids,
    found_on,
    rendered_pair,
    rewritten_page,
    spoilt_page,
)

from cardwatch.auditing.audited_page import AuditedPage


class PageSlip(NamedTuple):
    """What is rewritten in the page of the two models; `also` are checks that cannot but see it too."""

    check: str
    form: str
    old: str
    new: str
    also: frozenset[str] = frozenset()
    pair: tuple[str, str] = (ALPHA, BETA)


J11 = frozenset({"J11"})
J10 = frozenset({"J10"})
TOOL_USE = '<th scope="row">Tool use</th><td><span class="unknown" title="no source says">'
CRITERION, AHEAD = '<th scope="col">Criterion</th>', '<th scope="col">Ahead</th>'
TRAFFIC = "800M input and 250M output tokens a month"
PLANTS = (
    PageSlip("I01", "markdown", "Alpha-1 has the larger context", "Beta-2 has the larger context", J10),
    PageSlip("I01", "html", "Alpha-1 has the larger context", "Beta-2 has the larger context", J10),
    PageSlip("I06", "markdown", "Coding, RAG, Agents +1", "Coding, RAG, Agents", J11),
    PageSlip("I06", "html", "Coding, RAG, Agents +1", "Coding, RAG, Agents", J11),
    PageSlip("I08", "markdown", "| Vision | No | Yes |", "| Vision | No | No |"),
    PageSlip("I08", "html", f"{TOOL_USE}unknown<", f"{TOOL_USE}No<"),
    PageSlip("I09", "markdown", "| Nvidia | 1 |", "| Another | 1 |"),
    PageSlip("I09", "markdown", "| none known | 2026-05-19 |", "| cache read price $0.05 | 2026-05-19 |"),
    PageSlip("I09", "html", "write price $1.25 to $2, price", "write price $1.25, price", pair=(BETA, GAMMA)),
    PageSlip("I09", "markdown", "price per web search $0.01", "price per web search $0.02", pair=(BETA, GAMMA)),
    PageSlip("I10", "markdown", "| Provider routes | 4", "| Provider routes | 5", J11),
    PageSlip("I10", "html", "<td>4 providers</td>", "<td>5 providers</td>", J11),
    PageSlip("I11", "markdown", "4 providers to", "4 provider to", J10),
    PageSlip("I11", "html", "4 providers to", "4 provider to", J10),
    PageSlip("I12", "markdown", "| Tool use | unknown |", "| Tool use | — |", frozenset({"I08"})),
    PageSlip("I12", "html", 'title="no source says"', 'title=""'),
    PageSlip("I13", "markdown", "is an open-weights", "is open-weights", J10),
    PageSlip("I13", "html", "is an open-weights", "is an standalone API", J10),
    PageSlip("I14", "markdown", "serve both", "serves both", J10),
    PageSlip("I15", "html", "Xi-4 is an open-weights model", "Xi-4 is listed by Groq", J10, (GAMMA, XI)),
    PageSlip("I20", "markdown", "Gamma-3 is an open-weights model.", "Gamma-3 is a fallback.", J10, (BETA, GAMMA)),
    PageSlip("I26", "html", "an open-weights model", "the largest open-weights model", J10, (BETA, GAMMA)),
    PageSlip("I16", "html", "released in April 2025", "released at an unknown time", J10),
    PageSlip("I17", "markdown", "| Cost of a month | $3,500", "| Cost of a month | $3,501", frozenset({"J03"})),
    PageSlip("I17", "html", "<td>$3,500</td>", "<td>$3,501</td>", frozenset({"J03"})),
    PageSlip("I18", "markdown", f"| {TRAFFIC} |", "| A month |"),
    PageSlip("I18", "html", f'<th scope="col">{TRAFFIC}</th>', '<th scope="col">A month</th>'),
    PageSlip("I19", "markdown", "| Per month | $2,819 |", "| Per month | unknown |"),
    PageSlip("I19", "html", "<td>$2,819</td>", "<td>unknown</td>"),
    PageSlip("I21", "markdown", "OpenRouter and Vercel AI Gateway serve both", "No provider serves both", J10),
    PageSlip("I22", "markdown", "No overall winner: ", "Recommended: Alpha-1 ", J10),
    PageSlip("I22", "html", "No overall winner: ", "Recommended: Alpha-1 ", J10),
    PageSlip("I24", "markdown", "Yes (audio, text)", "Yes (audio)"),
    PageSlip("I24", "html", "Yes (audio, text)", "Yes (text)"),
    PageSlip("I25", "markdown", "| Alpha-1 | 2.7 points |", "| Alpha-1 | 2.8 points |"),
    PageSlip("I25", "html", "<td>Alpha-1</td><td>2.7 points</td>", "<td>Beta-2</td><td>2.7 points</td>"),
    PageSlip("I27", "markdown", "1.76T (8x220B)", "1.76T (8x220B)\\*", J11),
    PageSlip("I27", "html", "1.76T (8x220B)", "1.76T (8x220B)*", J11),
    PageSlip("I30", "markdown", "- Alpha-1 is deprecated (shutdown date 2026-07-23).\n", "", J10),
    PageSlip("I30", "html", "deprecated (shutdown date 2026-07-23)", "here to stay", J10 | {"I22"}),
    PageSlip("I31", "markdown", "OpenRouter and Vercel AI", "Ultimately OpenRouter and Vercel AI", J10),
    PageSlip("I32", "markdown", "No, Alpha-1 is proprietary", "Alpha-1 is proprietary", J10),
    PageSlip("I32", "html", "No, Alpha-1 is proprietary", "Alpha-1 is proprietary", J10),
    PageSlip("I33", "markdown", "| Criterion | Ahead |", "| Criterion | |"),
    PageSlip("I33", "html", f"{CRITERION}{AHEAD}", f'{CRITERION}<th scope="col"></th>'),
    PageSlip("I34", "markdown", "| Alpha-1 | curated (", "| Alpha-1 | models_dev (1 fact, 2026-05-22); curated ("),
    PageSlip("I34", "html", ", 2026-05-19)", ", 2026-05-20)"),
    PageSlip("I35", "markdown", "| Template | 1-", "| Template | 2-"),
    PageSlip("I35", "html", "<td>1-", "<td>2-"),
    PageSlip("J01", "markdown", "review of a fact here | 2026-05-19", "review of a fact here | 2026-05-22"),
    PageSlip("J01", "markdown", "| Freshness | Fresh |", "| Freshness | Out of date |"),
    PageSlip("J01", "html", 'data-level="fresh"', 'data-level="error"'),
    PageSlip("J02", "markdown", "| Cheaper by | 80.5% |", "| Cheaper by | 81.5% |"),
    PageSlip("J02", "html", "80.5% cheaper", "81.5% cheaper", J10),
    PageSlip("J03", "markdown", "800 × $1.25", "800 × $1.35"),
    PageSlip("J03", "html", "250 × $10", "250 × $11"),
    PageSlip("J04", "markdown", "$1.25 between 2026-04-20", "$1.25 from 2026-04-20"),
    PageSlip("J04", "html", "2026-05-01=1.25", "2026-05-01=1.35"),
    PageSlip("J05", "markdown", "| models_dev: 2025-01 |", "| 2025-01 |"),
    PageSlip("J05", "html", "models_dev: 2025-01", "curated: 2025-01"),
    PageSlip("J09", "markdown", "| Cheapest standard offer | OpenRouter |", "| Cheapest standard offer | OpenAI API |",
          frozenset({"J03"})),
    PageSlip("J10", "markdown", "Pick Alpha-1 for", "Alpha-1 is nicer. Pick Alpha-1 for"),
    PageSlip("J10", "html", "<h2>The two models</h2>", "<h2>The two models</h2><p>Alpha-1 is nicer.</p>"),
    PageSlip("J10", "html", ">You gain vision and reasoning.<", ">You gain vision.<"),
    PageSlip("J11", "markdown", "| Knowledge cutoff | 2024-06 |", "| Knowledge cutoff | 2024-07 |"),
    PageSlip("J11", "html", "<h1>Alpha-1 vs", "<h1>Alpha vs"),
    PageSlip("J12", "markdown", "| Alpha-1 | 2.5 points |", "| not comparable | |", frozenset({"I12"})),
    PageSlip("J13", "markdown", "Unknown facts: 14 of", "Unknown facts: 4 of"),
    PageSlip("J13", "html", "Unknown facts: 14 of", "Unknown facts: 4 of"),
    PageSlip("C02", "html", 'title="1,047,576"', 'title="1,050,000"'),
)  # fmt: skip


def spoilt(plant: PageSlip) -> AuditedPage:
    return spoilt_page(*plant.pair, None, rewritten_page(plant.form, *plant.pair, plant.old, plant.new))


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.check} {plant.form} {plant.new[:20]}")
def test_what_is_planted_is_found_by_its_check(plant: PageSlip) -> None:
    found = found_on(spoilt(plant))
    fired = check_ids(found)
    assert plant.check in fired
    assert fired <= {plant.check} | plant.also, [v for v in found if v.check != plant.check]
    assert {violation.format for violation in found} == {plant.form}


def test_the_two_renderings_are_held_against_each_other() -> None:
    views = rendered_pair(ALPHA, BETA)[2].views
    assert found_on(spoilt_page(ALPHA, BETA, None, *views)) == []
    old, new = "Why this one", "Why that one"
    for form, other in (("markdown", views[1]), ("html", views[0])):
        found = found_on(spoilt_page(ALPHA, BETA, None, rewritten_page(form, ALPHA, BETA, old, new), other))
        assert [(violation.check, violation.format) for violation in found] == [("J11", "pages")]
        assert "conflicts" in found[0].what
