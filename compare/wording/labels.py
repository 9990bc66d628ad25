"""Fixed words of the page: what facts, reasons and sections are called. Nothing here states a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cardwatch.compare.wording.grammar import join_words

UNKNOWN = "unknown"
CONFLICTING = "conflicting"
NOT_APPLICABLE = "not applicable"

SPECS: Mapping[str, str] = {
    "product_type": "Product type",
    "release_date": "Released",
    "context_window": "Context window",
    "max_output_tokens": "Maximum output",
    "parameters_total": "Parameters",
    "architecture": "Architecture",
    "license": "License",
    "openness": "Openness",
    "commercial_use": "Commercial use",
    "knowledge_cutoff": "Knowledge cutoff",
    "lifecycle": "Lifecycle",
}
"""Always on the page, as unknown where nothing is known."""

EXTRA_SPECS: Mapping[str, str] = {
    "family": "Family",
    "max_input_tokens": "Maximum input",
    "parameters_active": "Active parameters",
    "parameters_note": "Note on parameters",
    "osi_approved": "OSI-approved license",
    "modality.input": "Input modalities",
    "modality.output": "Output modalities",
    "deprecation_date": "Deprecated on",
    "shutdown_date": "Shutdown date",
    "replacement": "Suggested replacement",
}
"""On the page once one of the two models has them."""

CAPABILITY_LABELS: Mapping[str, str] = {
    "capability.vision": "Vision",
    "capability.multimodal": "Multimodal",
    "capability.reasoning": "Reasoning",
    "capability.function_calling": "Function calling",
    "capability.tool_use": "Tool use",
    "capability.structured_outputs": "Structured outputs",
    "capability.code_execution": "Code execution",
    "capability.ide_integration": "IDE integration",
    "capability.computer_use": "Computer use",
    "capability.parallel_agents": "Parallel agents",
}

CAPABILITY_WORDS: Mapping[str, str] = {
    **{name: label.lower() for name, label in CAPABILITY_LABELS.items()},
    "capability.multimodal": "multimodal input",
    "capability.ide_integration": "IDE integration",
}
"""Capabilities as they read inside a sentence; not every label simply turns lower case there."""

OFFER_LABELS: Mapping[str, str] = {
    "availability": "Availability",
    "input_price": "Input price",
    "output_price": "Output price",
    "cache_read_price": "Cache read price",
    "cache_write_price": "Cache write price",
    "reasoning_price": "Reasoning price",
    "input_audio_price": "Audio input price",
    "output_audio_price": "Audio output price",
    "input_image_price": "Image input price",
    "output_image_price": "Image output price",
    "image_price": "Price per image",
    "request_price": "Price per request",
    "web_search_price": "Price per web search",
    "hour_price": "Price per hour",
    "second_price": "Price per second",
    "character_price": "Price per 1M characters",
    "context_window": "Context window",
    "max_input_tokens": "Maximum input",
    "max_output_tokens": "Maximum output",
    "quantization": "Quantization",
}

REASONS: Mapping[str, str] = {
    "never_sourced": "no source says",
    "only_others": "only other providers or single routes say",
    "no_evidence": "no evidence on record",
    "not_published": "its provider publishes no price",
    "subscription": "sold by subscription",
    "source_failing": "its source is failing",
    "held": "held for review",
    "unpriced_offer": "no listed standard offer has every price its job is billed by",
    "retired": "it is retired",
    "other_job": "this traffic is another job's",
    "no_standard_offer": "only other tiers or regions are priced",
    "conflicting": "sources disagree and no rule decides",
    "different_versions": "different versions",
    "different_modes": "different modes",
    "different_units": "different units",
    "one_side": "one side only",
}

PRODUCT_PHRASES: Mapping[str, str] = {
    "coding-specialized model": "a coding-specialized model",
    "standalone API model": "a standalone API model",
    "open-weights model": "an open-weights model",
    "embedding model": "an embedding model",
    "reranker model": "a reranker model",
    "image model": "an image model",
    "audio model": "an audio model",
    "video model": "a video model",
    "moderation model": "a moderation model",
    "other": "a model of another kind",
}
OTHER_PRODUCT = "other"
"""A product type that tells a model from others, and about which alone there is nothing to say."""

CODING_PRODUCT = "coding-specialized model"
TEXT_JOB = "text"
JOBS: Mapping[str, str] = dict.fromkeys(
    (CODING_PRODUCT, "standalone API model", "open-weights model"), TEXT_JOB
)
"""The job of product types that share one; any other type is a job of its own."""

BILLED_PRICES: Mapping[str, tuple[str, ...]] = {
    "embedding model": ("input_price",),
    "reranker model": ("input_price",),
    "image model": (),
    "audio model": (),
    "video model": (),
}
"""The token prices a job is billed by; () where the usual traffic says nothing about its cost."""
MAIN_PRICES = ("input_price", "output_price")
"""Those of every other job, and of a model whose job is unknown."""


def join_capabilities(capabilities: Iterable[str]) -> str:
    """Return capabilities as they read inside a sentence: "vision and function calling"."""
    return join_words([CAPABILITY_WORDS[name] for name in capabilities])
