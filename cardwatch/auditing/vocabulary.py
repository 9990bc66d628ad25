"""Fixed words of docs/design/comparisons.md that the audit holds pages against; its own copy, shared with nothing."""

from __future__ import annotations

CAPABILITIES = {
    "vision": "Vision",
    "multimodal": "Multimodal",
    "reasoning": "Reasoning",
    "function_calling": "Function calling",
    "tool_use": "Tool use",
    "structured_outputs": "Structured outputs",
    "code_execution": "Code execution",
    "ide_integration": "IDE integration",
    "computer_use": "Computer use",
    "parallel_agents": "Parallel agents",
}
"""The ten rows, by what the catalog calls them."""

SPECS = (
    "product_type",
    "release_date",
    "context_window",
    "max_output_tokens",
    "parameters_total",
    "architecture",
    "license",
    "openness",
    "commercial_use",
    "knowledge_cutoff",
    "lifecycle",
)
"""On every page."""

EXTRAS = (
    "family",
    "max_input_tokens",
    "parameters_active",
    "parameters_note",
    "osi_approved",
    "modality.input",
    "modality.output",
    "deprecation_date",
    "shutdown_date",
    "replacement",
)
"""On a page once one of its models has them."""

CODING = "coding-specialized model"
TEXT_TYPES = (CODING, "standalone API model", "open-weights model")
"""What does the job text; every other product type is a job of its own."""
INPUT_ONLY = ("embedding model", "reranker model")
IMAGES = "image model"
NOT_BY_TOKENS = ("image model", "audio model", "video model")
"""What makes nothing, and what the usual traffic of text says nothing about."""
NO_SAY = "only_others"
"""Why a fact is unknown that only those state who have no say in it: it speaks for and against nobody."""
PLAN = "subscription"
"""The kind of provider whose offers are plans."""
OTHER_PRICES = {
    "cache_read_price": "cache read price",
    "cache_write_price": "cache write price",
    "reasoning_price": "reasoning price",
    "input_audio_price": "audio input price",
    "output_audio_price": "audio output price",
    "input_image_price": "image input price",
    "output_image_price": "image output price",
    "image_price": "price per image",
    "request_price": "price per request",
    "web_search_price": "price per web search",
    "hour_price": "price per hour",
    "second_price": "price per second",
    "character_price": "price per 1M characters",
}
"""What else a provider bills, in the order of the page."""
JOB_PHRASES = {
    "embedding model": ("semantic search", "retrieval"),
    "reranker model": ("reordering search results",),
    "image model": ("making images",),
    "audio model": ("speech and audio",),
    "video model": ("making video",),
    "moderation model": ("screening content",),
}
"""What a model of one job is best for."""
NO_SOURCE = ("names no source", "name no source", "no source", "unsourced", "source unknown",
             "source not given", "source not named")  # fmt: skip
"""How a reporter is noted down who does not say where a score was read."""
POINT = {"percent": "1", "fraction": "0.01", "elo": "1", "score": "1"}
"""What differs by no more is about the same, unless both harnesses are known."""
OPENNESS = ("proprietary", "open weights", "open source")
LIFECYCLE = ("retired", "deprecated", "preview", "active")
ENDING = ("deprecated", "retired")
"""Both from worst to best, and the states that end."""
END_DATES = ("deprecation_date", "shutdown_date")
"""What has one of these is on its way out."""

CODE_SCORES = frozenset(
    [
        "aider_polyglot",
        "bigcodebench",
        "codeforces",
        "fullstackbench",
        "humaneval",
        "humaneval_plus",
        "livecodebench",
        "livecodebench_v5",
        "livecodebench_v6",
        "mbpp",
        "mbpp_plus",
        "multipl_e",
        "ojbench",
        "scicode",
        "swe_bench",
        "swe_bench_lite",
        "swe_bench_multilingual",
        "swe_bench_pro",
        "swe_bench_verified",
        "swe_lancer",
        "terminal_bench",
        "terminal_bench_2",
        "webdev_arena",
    ]
)
"""Benchmarks about code."""

LOWER_WINS = frozenset(("hallucination_rate", "perplexity", "refusal_rate", "wer", "word_error_rate"))
LONG, VERY_LONG = 128_000, 1_000_000
"""Context windows in tokens from which a model counts as fit for long texts."""

NULLS = ("", "-", "–", "—", "--", "?", "n/a", "na", "null", "nil", "nan", "tbd", "tba", "not-yet-sourced")
"""What must never stand where the word unknown belongs, in lower case."""
