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


class Plant(NamedTuple):
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
    Plant("I01", "markdown", "Alpha-1 has the larger context", "Beta-2 has the larger context", J10),
    Plant("I01", "html", "Alpha-1 has the larger context", "Beta-2 has the larger context", J10),
    Plant("I06", "markdown", "Coding, RAG, Agents +1", "Coding, RAG, Agents", J11),
    Plant("I06", "html", "Coding, RAG, Agents +1", "Coding, RAG, Agents", J11),
    Plant("I08", "markdown", "| Vision | No | Yes |", "| Vision | No | No |"),
    Plant("I08", "html", f"{TOOL_USE}unknown<", f"{TOOL_USE}No<"),
    Plant("I09", "markdown", "| Nvidia | 1 |", "| Another | 1 |"),
    Plant("I10", "markdown", "| Provider routes | 4", "| Provider routes | 5", J11),
    Plant("I10", "html", "<td>4 providers</td>", "<td>5 providers</td>", J11),
    Plant("I11", "markdown", "4 providers to", "4 provider to", J10),
    Plant("I11", "html", "4 providers to", "4 provider to", J10),
    Plant("I12", "markdown", "| Tool use | unknown |", "| Tool use | — |", frozenset({"I08"})),
    Plant("I12", "html", 'title="no source says"', 'title=""'),
    Plant("I13", "markdown", "is an open-weights", "is open-weights", J10),
    Plant("I13", "html", "is an open-weights", "is an standalone API", J10),
    Plant("I14", "markdown", "serve both", "serves both", J10),
    Plant("I15", "html", "Xi-4 is an open-weights model", "Xi-4 is listed by Groq", J10, (GAMMA, XI)),
    Plant("I20", "markdown", "Gamma-3 is an open-weights model.", "Gamma-3 is a fallback.", J10, (BETA, GAMMA)),
    Plant("I26", "html", "an open-weights model", "the largest open-weights model", J10, (BETA, GAMMA)),
    Plant("I16", "html", "released in April 2025", "released at an unknown time", J10),
    Plant("I17", "markdown", "| Cost of a month | $3,500", "| Cost of a month | $3,501", frozenset({"J03"})),
    Plant("I17", "html", "<td>$3,500</td>", "<td>$3,501</td>", frozenset({"J03"})),
    Plant("I18", "markdown", f"| {TRAFFIC} |", "| A month |"),
    Plant("I18", "html", f'<th scope="col">{TRAFFIC}</th>', '<th scope="col">A month</th>'),
    Plant("I19", "markdown", "| Per month | $2,819 |", "| Per month | unknown |"),
    Plant("I19", "html", "<td>$2,819</td>", "<td>unknown</td>"),
    Plant("I21", "markdown", "OpenRouter and Vercel AI Gateway serve both", "No provider serves both", J10),
    Plant("I22", "markdown", "No overall winner: ", "Recommended: Alpha-1 ", J10),
    Plant("I22", "html", "No overall winner: ", "Recommended: Alpha-1 ", J10),
    Plant("I24", "markdown", "Yes (audio, text)", "Yes (audio)"),
    Plant("I24", "html", "Yes (audio, text)", "Yes (text)"),
    Plant("I25", "markdown", "| Alpha-1 | 2.7 points |", "| Alpha-1 | 2.8 points |"),
    Plant("I25", "html", "<td>Alpha-1</td><td>2.7 points</td>", "<td>Beta-2</td><td>2.7 points</td>"),
    Plant("I27", "markdown", "1.76T (8x220B)", "1.76T (8x220B)\\*", J11),
    Plant("I27", "html", "1.76T (8x220B)", "1.76T (8x220B)*", J11),
    Plant("I30", "markdown", "- Alpha-1 is deprecated (shutdown date 2026-07-23).\n", "", J10),
    Plant("I30", "html", "deprecated (shutdown date 2026-07-23)", "here to stay", J10 | {"I22"}),
    Plant("I31", "markdown", "OpenRouter and Vercel AI", "Ultimately OpenRouter and Vercel AI", J10),
    Plant("I32", "markdown", "No, Alpha-1 is proprietary", "Alpha-1 is proprietary", J10),
    Plant("I32", "html", "No, Alpha-1 is proprietary", "Alpha-1 is proprietary", J10),
    Plant("I33", "markdown", "| Criterion | Ahead |", "| Criterion | |"),
    Plant("I33", "html", f"{CRITERION}{AHEAD}", f'{CRITERION}<th scope="col"></th>'),
    Plant("I34", "markdown", "| Alpha-1 | curated (", "| Alpha-1 | models_dev (1 fact, 2026-05-22); curated ("),
    Plant("I34", "html", ", 2026-05-19)", ", 2026-05-20)"),
    Plant("I35", "markdown", "| Template | 1-", "| Template | 2-"),
    Plant("I35", "html", "<td>1-", "<td>2-"),
    Plant("J01", "markdown", "review of a fact here | 2026-05-19", "review of a fact here | 2026-05-22"),
    Plant("J01", "markdown", "| Freshness | Fresh |", "| Freshness | Out of date |"),
    Plant("J01", "html", 'data-level="fresh"', 'data-level="error"'),
    Plant("J02", "markdown", "| Cheaper by | 80.5% |", "| Cheaper by | 81.5% |"),
    Plant("J02", "html", "80.5% cheaper", "81.5% cheaper", J10),
    Plant("J03", "markdown", "800 × $1.25", "800 × $1.35"),
    Plant("J03", "html", "250 × $10", "250 × $11"),
    Plant("J04", "markdown", "$1.25 from 2026-05-01", "$1.35 from 2026-05-01"),
    Plant("J04", "html", "2026-05-01=1.25", "2026-05-01=1.35"),
    Plant("J05", "markdown", "| models_dev: 2025-01 |", "| 2025-01 |"),
    Plant("J05", "html", "models_dev: 2025-01", "curated: 2025-01"),
    Plant("J09", "markdown", "| Cheapest standard offer | OpenRouter |", "| Cheapest standard offer | OpenAI API |",
          frozenset({"J03"})),
    Plant("J10", "markdown", "Pick Alpha-1 for", "Alpha-1 is nicer. Pick Alpha-1 for"),
    Plant("J10", "html", "<h2 id=\"intro-title\">The two models</h2>", "<h2>The two models</h2><p>Alpha-1 is nicer.</p>"),
    Plant("J10", "html", ">You gain vision and reasoning.<", ">You gain vision.<"),
    Plant("J11", "markdown", "| Knowledge cutoff | 2024-06 |", "| Knowledge cutoff | 2024-07 |"),
    Plant("J11", "html", "<h1>Alpha-1 vs", "<h1>Alpha vs"),
    Plant("J12", "markdown", "| Alpha-1 | 2.5 points |", "| not comparable | |", frozenset({"I12"})),
    Plant("J13", "markdown", "Unknown facts: 14 of", "Unknown facts: 4 of"),
    Plant("J13", "html", "Unknown facts: 14 of", "Unknown facts: 4 of"),
    Plant("C02", "html", 'title="1,047,576"', 'title="1,050,000"'),
)  # fmt: skip


def spoilt(plant: Plant) -> AuditedPage:
    return spoilt_page(*plant.pair, None, rewritten_page(plant.form, *plant.pair, plant.old, plant.new))


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.check} {plant.form} {plant.new[:20]}")
def test_what_is_planted_is_found_by_its_check(plant: Plant) -> None:
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
