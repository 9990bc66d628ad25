"""The tables of the five seed pages, read off by hand: one row per line, the two cells as printed.

B is Qwen3.5-4B on every page. Rows are called as our JSON calls them.
"""

from __future__ import annotations

from typing import NamedTuple


class SeedRow(NamedTuple):
    """One row of one table."""

    table: str
    row: str
    a: str
    b: str


class SeedPage(NamedTuple):
    """What one page says in tables, and what its questions are about."""

    model: str
    rows: tuple[SeedRow, ...]
    faq: tuple[str, ...]


CAPABILITIES = (
    "Vision",
    "Multimodal",
    "Reasoning",
    "Function calling",
    "Tool use",
    "Structured outputs",
    "Code execution",
    "IDE integration",
    "Computer use",
    "Parallel agents",
)
QWEN_CAPABILITIES = "Yes Yes No No No No No No No No"


def table_rows(table: str, text: str) -> tuple[SeedRow, ...]:
    """Return the rows of one table: lines of name | a | b."""
    lines = [line.split("|") for line in text.strip().splitlines()]
    return tuple(SeedRow(table, *(cell.strip() for cell in line)) for line in lines)


def capability_rows(a: str, b: str = QWEN_CAPABILITIES) -> tuple[SeedRow, ...]:
    """Return the capability table from its two columns; older pages have seven rows."""
    cells = zip(CAPABILITIES, a.split(), b.split(), strict=False)
    return tuple(SeedRow("capabilities", *row) for row in cells)


CODEX_MAX = SeedPage(
    "openai/gpt-5.1-codex-max",
    (
        *table_rows(
            "scorecard",
            """
            product_type | Coding-specialized model | Standalone API model
            best_for | custom coding agents, code generation, and tool loops | multimodal apps
            decision_fit | Coding, Agents, and Vision | Long context and Vision
            context_window | — | 262K
            cheapest_output | $10/1M tokens | -
            provider_routes | 2 tracked | 0 tracked
            shared_benchmarks | 0 rows | 0 rows
            """,
        ),
        *table_rows("cost", "display | $3,500 | Unavailable\nroute | OpenRouter | -"),
        *table_rows(
            "specs",
            """
            release_date | 2025-11-19 | 2026-03-02
            context_window | — | 262K
            parameters_total | — | 4B
            architecture | - | -
            license | Proprietary | Apache 2.0
            knowledge_cutoff | 2024-09 | -
            """,
        ),
        *table_rows("pricing", "input | $1.25/1M tokens | -\noutput | $10/1M tokens | -\nproviders | | -"),
        *capability_rows("No Yes Yes Yes Yes Yes No No No No"),
    ),
    ("open source", "vision", "multimodal", "reasoning", "function calling", "where"),
)
CODEX_1 = SeedPage(
    "openai/codex-1",
    (
        *table_rows(
            "scorecard",
            """
            product_type | Coding-specialized model | Standalone API model
            best_for | custom coding agents and code generation | multimodal apps
            decision_fit | Coding, Agents, and Long context | Coding, Agents, and Long context
            context_window | 192k | 262k
            cheapest_output | - | -
            provider_routes | 0 tracked | 0 tracked
            shared_benchmarks | 0 rows | 0 rows
            """,
        ),
        *table_rows("cost", "display | Unavailable | Unavailable\nroute | - | -"),
        *table_rows(
            "specs",
            """
            release_date | 2025-05-16 | 2026-03-02
            context_window | 192k | 262k
            parameters_total | — | 4B
            architecture | decoder only | -
            license | Proprietary | Apache 2.0(OSI)
            openness | Proprietary | Open source
            commercial_use | Commercial use with conditions | Commercial use allowed
            knowledge_cutoff | - | -
            """,
        ),
        *table_rows("pricing", "input | - | -\noutput | - | -\nproviders | - | -"),
        *capability_rows("No No Yes No No No Yes No No No"),
    ),
    ("context", "open source", "vision", "multimodal", "reasoning", "when"),
)
CODEX_52 = SeedPage(
    "openai/gpt-5.2-codex",
    (
        *table_rows(
            "scorecard",
            """
            product_type | Coding-specialized model | Standalone API model
            best_for | custom coding agents, code generation, and tool loops | multimodal apps
            decision_fit | Coding, Agents, and Vision | Coding, Agents, and Long context
            context_window | — | 262k
            cheapest_output | $14/1M tokens | -
            provider_routes | 1 tracked | 0 tracked
            shared_benchmarks | 0 rows | 0 rows
            """,
        ),
        *table_rows("cost", "display | $4,900 | Unavailable\nroute | Vercel AI Gateway | -"),
        *table_rows(
            "specs",
            """
            release_date | 2025-12-18 | 2026-03-02
            context_window | — | 262k
            parameters_total | — | 4B
            architecture | decoder only | -
            license | Proprietary | Apache 2.0(OSI)
            openness | Proprietary | Open source
            commercial_use | Commercial use with conditions | Commercial use allowed
            knowledge_cutoff | 2025-08 | -
            """,
        ),
        *table_rows("pricing", "input | $1.75/1M tokens | -\noutput | $14/1M tokens | -\nproviders | | -"),
        *capability_rows("Yes Yes Yes Yes Yes No Yes No No No"),
    ),
    ("open source", "vision", "multimodal", "reasoning", "function calling", "where"),
)
GPT_41 = SeedPage(
    "openai/gpt-4.1",
    (
        *table_rows(
            "scorecard",
            """
            best_for | multimodal apps, tool-calling agents, and long-context analysis | multimodal apps
            decision_fit | Coding, RAG, and Agents | Coding, Agents, and Long context
            context_window | 1.05m | 262k
            cheapest_output | $8/1M tokens | -
            provider_routes | 4 tracked | 0 tracked
            shared_benchmarks | MMLU PRO leader | 1 rows
            """,
        ),
        *table_rows("cost", "display | $3,600 | Unavailable\nroute | OpenRouter | -"),
        *table_rows(
            "specs",
            """
            release_date | 2025-04-01 | 2026-03-02
            context_window | 1.05m | 262k
            parameters_total | — | 4B
            architecture | decoder only | -
            license | Proprietary | Apache 2.0(OSI)
            openness | Proprietary | Open source
            commercial_use | Commercial use with conditions | Commercial use allowed
            knowledge_cutoff | 2025-01 | -
            """,
        ),
        *table_rows("pricing", "input | $2/1M tokens | -\noutput | $8/1M tokens | -\nproviders | | -"),
        *capability_rows("Yes Yes No Yes Yes Yes Yes No No No"),
        *table_rows("benchmarks", "MMLU-Pro | 81.8 | 79.1"),
    ),
    ("context", "open source", "vision", "multimodal", "function calling", "where"),
)
VISION = SeedPage(
    "openai/gpt-4-vision-preview",
    (
        *table_rows(
            "scorecard",
            """
            decision_fit | Coding, Agents, and Long context | Long context and Vision
            context_window | 128K | 262K
            cheapest_output | $40/1M tokens | -
            provider_routes | 1 tracked | 0 tracked
            shared_benchmarks | 0 rows | 0 rows
            """,
        ),
        *table_rows("cost", "display | $18,000 | Unavailable\nroute | Azure OpenAI | -"),
        *table_rows(
            "specs",
            """
            release_date | 2023-11-06 | 2026-03-02
            context_window | 128K | 262K
            parameters_total | 1.76T (8x222B MoE)* | 4B
            architecture | mixture of experts | -
            license | Proprietary | Apache 2.0
            knowledge_cutoff | 2023-04 | -
            """,
        ),
        *table_rows("pricing", "input | $10/1M tokens | -\noutput | $40/1M tokens | -\nproviders | | -"),
        *capability_rows("Yes Yes No No No No Yes"),
    ),
    ("context", "open source", "vision", "multimodal", "code execution", "where"),
)
PAGES = (CODEX_MAX, CODEX_1, CODEX_52, GPT_41, VISION)
