"""The closed list of what the catalog knows about models and offers: type, unit, group, one sentence each."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

from msgspec import Struct

AttributeType = Literal["text", "word", "date", "count", "price", "flag", "words", "score", "license"]
AttributeGroup = Literal["price", "availability", "limit", "capability", "lifecycle", "spec", "benchmark"]


class Attribute(Struct, frozen=True):
    """`type` picks the parser, `unit` is the catalog's own unit, `group` the freshness limits that apply."""

    name: str
    type: AttributeType
    unit: str
    group: AttributeGroup
    meaning: str


CAPABILITIES = (
    "vision",
    "multimodal",
    "reasoning",
    "function_calling",
    "tool_use",
    "structured_outputs",
    "code_execution",
    "ide_integration",
    "computer_use",
    "parallel_agents",
)

PRICES = {
    "input_price": "Uncached text input.",
    "output_price": "Text output, reasoning included unless priced apart.",
    "cache_read_price": "Input served from the provider's prompt cache.",
    "cache_write_price": "Input stored in the prompt cache; qualifier ttl where a source prices 5m and 1h.",
    "reasoning_price": "Reasoning tokens, where billed apart from output.",
    "input_audio_price": "Audio input.",
    "output_audio_price": "Audio output.",
    "input_image_price": "Image input, per million image tokens.",
    "output_image_price": "Image output, per million image tokens.",
}
UNIT_PRICES = {
    "image_price": ("usd_per_image", "One input or generated image."),
    "request_price": ("usd_per_request", "One request, whatever its tokens."),
    "web_search_price": ("usd_per_search", "One web search made by the model."),
    "hour_price": ("usd_per_hour", "One hour of audio or of a dedicated deployment."),
    "second_price": ("usd_per_second", "One second of audio or video."),
    "character_price": ("usd_per_mchar", "One million characters of speech."),
}

_MODEL: tuple[tuple[str, AttributeType, str, AttributeGroup, str], ...] = (
    ("name", "text", "", "spec", "Display name."),
    ("vendor", "text", "", "spec", "Who made the weights."),
    ("family", "text", "", "spec", "Family the maker groups it in."),
    ("product_type", "word", "", "spec", "What it is sold as."),
    ("release_date", "date", "", "spec", "First public release, at the precision its source gives."),
    ("context_window", "count", "tokens", "limit", "Input and output together."),
    ("max_input_tokens", "count", "tokens", "limit", "Largest input alone; not the context window."),
    ("max_output_tokens", "count", "tokens", "limit", "Largest output."),
    ("parameters_total", "count", "", "spec", "All parameters, as stated by the maker."),
    ("parameters_active", "count", "", "spec", "Parameters used for one token."),
    ("parameters_note", "text", "", "spec", "What the maker or a source says beside the count."),
    ("architecture", "text", "", "spec", "As its maker discloses it."),
    ("license", "license", "", "spec", "SPDX id, or Proprietary."),
    ("openness", "word", "", "spec", "Proprietary, open weights or open source."),
    ("osi_approved", "flag", "", "spec", "The licence is on OSI's list."),
    ("commercial_use", "word", "", "spec", "Allowed, with conditions, or not allowed."),
    ("knowledge_cutoff", "date", "", "spec", "End of the training data, at the precision its source gives."),
    ("lifecycle", "word", "", "lifecycle", "Preview, active, deprecated or retired."),
    ("deprecation_date", "date", "", "lifecycle", "When it is or was declared deprecated."),
    ("shutdown_date", "date", "", "lifecycle", "When it stops or stopped answering."),
    ("replacement", "text", "", "lifecycle", "What its provider says to use instead."),
    ("modality.input", "words", "", "capability", "What it accepts: text, image, audio, video, file."),
    ("modality.output", "words", "", "capability", "What it returns."),
)
_OFFER: tuple[tuple[str, AttributeType, str, AttributeGroup, str], ...] = (
    ("quantization", "word", "", "spec", "Number format the provider serves."),
    ("availability", "word", "", "availability", "Listed, degraded or withdrawn."),
)

ATTRIBUTES: MappingProxyType[str, Attribute] = MappingProxyType(
    {
        row[0]: Attribute(*row)
        for row in (
            *_MODEL,
            *_OFFER,
            *((name, "price", "usd_per_mtok", "price", text) for name, text in PRICES.items()),
            *((name, "price", unit, "price", text) for name, (unit, text) in UNIT_PRICES.items()),
            *((f"capability.{c}", "flag", "", "capability", f"{c.replace('_', ' ')}.") for c in CAPABILITIES),
        )
    }
)


def get_attribute(name: str) -> Attribute:
    """Return the attribute called `name`; any `benchmark.<snake_name>` is one. Raises KeyError for others."""
    if name.startswith("benchmark."):
        return Attribute(name, "score", "", "benchmark", "One score on this benchmark.")
    return ATTRIBUTES[name]
