"""The keys of LiteLLM's price map: what each means, which suffixes a price may have, and what is left out."""

from __future__ import annotations

import re
from functools import cache

from cardwatch.crawler.formats.json_listing import parse_key_meanings, split_names

PriceMarks = tuple[tuple[str, str], ...]
"""What a price holds for: tier, context_above, ttl, window; () for the plain price."""

MODEL_KEYS = parse_key_meanings("""
max_input_tokens            max_input_tokens               tokens
max_output_tokens           max_output_tokens              tokens
deprecation_date            deprecation_date               iso date
successor_model             replacement
mode                        product_type
supported_modalities        modality.input
supported_output_modalities modality.output
supports_vision             capability.vision
supports_multimodal         capability.multimodal
supports_reasoning          capability.reasoning
supports_function_calling   capability.function_calling
supports_function_calling   capability.tool_use
supports_response_schema    capability.structured_outputs
supports_computer_use       capability.computer_use
""")
LIMITS = parse_key_meanings("max_output_tokens max_output_tokens tokens")
SEARCH = parse_key_meanings("search_context_size_medium web_search_price usd/search")
"""Medium is what a request without a size gets."""

PRICES = parse_key_meanings("""
input_cost_per_token            input_price        usd/token
output_cost_per_token           output_price       usd/token
cache_read_input_token_cost     cache_read_price   usd/token
cache_creation_input_token_cost cache_write_price  usd/token
output_cost_per_reasoning_token reasoning_price    usd/token
input_cost_per_audio_token      input_audio_price  usd/token
output_cost_per_audio_token     output_audio_price usd/token
input_cost_per_image_token      input_image_price  usd/token
output_cost_per_image_token     output_image_price usd/token
output_cost_per_image           image_price        usd/image
input_cost_per_image            image_price        usd/image
input_cost_per_request          request_price      usd/request
input_cost_per_second           second_price       usd/second
output_cost_per_second          second_price       usd/second
input_cost_per_character        character_price    usd/character
""")
PRICE_KEY = re.compile(
    rf"({'|'.join(sorted(PRICES, key=len, reverse=True))})(?:_above_(\d+)hr)?(?:_above_(\d+)k_tokens)?"
    r"(?:_(batches|batch_requests|flex|priority|ultrafast|balanced))?"
)
TIERS = {"batches": "batch", "batch_requests": "batch", "flex": "flex", "priority": "priority"}
"""The other suffixes are speeds of one provider's own: a mode."""

IGNORED_KEYS = split_names("""
litellm_provider deprecation_source search_context_cost_per_query tiered_pricing off_peak_pricing annotation_cost_per_page
annotation_cost_per_page_batches cache_creation_input_audio_token_cost
cache_creation_input_token_cost_above_272k_tokens_decisions cache_creation_input_token_cost_decisions
cache_read_input_audio_token_cost cache_read_input_audio_token_cost_batches
cache_read_input_audio_token_cost_flex cache_read_input_audio_token_cost_priority
cache_read_input_image_token_cost cache_read_input_token_cost_above_272k_tokens_decisions
cache_read_input_token_cost_decisions citation_cost_per_token code_interpreter_cost_per_session
computer_use_input_cost_per_1k_tokens computer_use_output_cost_per_1k_tokens cost_per_second
explicit_cache_read_input_token_cost file_search_cost_per_1k_calls file_search_cost_per_gb_per_day
google_maps_grounding_cost_per_query guardrail_cost_per_unit input_cost_per_audio_per_second
input_cost_per_audio_per_second_above_128k_tokens input_cost_per_pixel input_cost_per_query
input_cost_per_text_message input_cost_per_token_above_272k_tokens_decisions input_cost_per_token_cache_hit
input_cost_per_token_decisions input_cost_per_video_per_second
input_cost_per_video_per_second_above_128k_tokens input_cost_per_video_per_second_above_15s_interval
input_cost_per_video_per_second_above_8s_interval input_cost_per_video_token
input_cost_per_video_token_batches input_dbu_cost_per_token ocr_cost_per_credit ocr_cost_per_page
ocr_cost_per_page_batches output_cost_per_character output_cost_per_character_above_128k_tokens
output_cost_per_image_0.5K output_cost_per_image_1024 output_cost_per_image_premium_image
cache_read_input_token_cost_per_audio_token output_db_cost_per_token output_cost_per_image_above_512_and_512_pixels
output_cost_per_image_above_512_and_512_pixels_and_premium_image output_cost_per_image_above_1024_and_1024_pixels
output_cost_per_image_above_1024_and_1024_pixels_and_premium_image output_cost_per_image_1536 output_cost_per_image_1K
output_cost_per_image_2K output_cost_per_image_4K output_cost_per_image_512 output_cost_per_pixel
output_cost_per_second_1080p output_cost_per_second_2k output_cost_per_second_480p output_cost_per_second_4k
output_cost_per_second_720p output_cost_per_second_768p output_cost_per_token_above_272k_tokens_decisions
output_cost_per_token_decisions output_cost_per_video_per_second output_cost_per_video_token
output_dbu_cost_per_token vector_store_cost_per_gb_per_day web_search_billing_unit

audio_transcription_config bedrock_converse_supports_strict_tools bedrock_output_config_effort_ceiling
comment default_reasoning_effort gemini_audio_only_live gemini_native_audio max_tokens metadata
max_audio_length_hours max_audio_per_prompt max_document_chunks_per_query max_images_per_prompt max_pdf_size_mb
max_query_tokens max_tokens_per_document_chunk max_video_length max_videos_per_prompt output_vector_size
prompt_cache_min_tokens provider_specific_entry reasoning_contexts
reasoning_effort_levels reasoning_modes rpd rpm search_free_requests source supported_audio_formats
supported_endpoints supported_regions supported_resolutions thinking_always_on thinking_on_by_default
tool_use_system_prompt_tokens tpm use_openai_responses_path uses_embed_content vertex_ai_audio_api

supports_adaptive_thinking supports_anthropic_compaction supports_anthropic_thinking_payload
supports_assistant_prefill supports_audio_input supports_audio_output
supports_bedrock_converse_tool_result_images supports_bedrock_native_structured_output
supports_bedrock_native_structured_output_by_default supports_code_execution supports_continuation
supports_file_search supports_preset supports_service_tier
supports_bedrock_runtime_chat_completions_inline_reasoning
supports_bedrock_runtime_chat_completions_response_format
supports_bedrock_runtime_chat_completions_tools_with_reasoning supports_box_questions
supports_embedding_image_input supports_fast_mode supports_forced_tool_use supports_image_input
supports_image_size supports_legacy_thinking supports_low_reasoning_effort supports_max_reasoning_effort
supports_mid_conversation_system supports_minimal_reasoning_effort supports_native_streaming
supports_native_structured_output supports_none_reasoning_effort supports_nova_canvas_image_edit
supports_output_config supports_parallel_function_calling supports_parallel_tool_use_config
supports_pdf_input supports_prompt_cache_breakpoint supports_prompt_caching supports_regex_lookaround
supports_sampling_params supports_speed supports_system_messages supports_thinking_cache_preservation
supports_tool_choice supports_tool_search supports_url_context supports_video_input supports_web_search
supports_xhigh_reasoning_effort
""")
"""Read elsewhere, priced in what the catalog has no attribute for, or telling LiteLLM how to call a model.

`max_tokens` is an old key that holds the output limit or, where none is known, the input limit; multipliers
are no prices; `_decisions` prices one endpoint; `input_cost_per_token_cache_hit` repeats the cache price.
"""
NO_PRICE = re.compile(r"\w+_multiplier(?:_[a-z]+)?|token_count_\w+")
"""Multipliers of other prices, and how LiteLLM counts the tokens of a request."""


@cache
def is_known_key(key: str) -> bool:
    """Say whether somebody has decided about a key: by its name, as a price with its marks, or as one of `NO_PRICE`."""
    known = key in MODEL_KEYS or key in IGNORED_KEYS
    return known or parse_price_key(key) is not None or NO_PRICE.fullmatch(key) is not None


@cache
def parse_price_key(key: str) -> tuple[PriceMarks, str] | None:
    """Take a price key apart: what it holds for, and its plain key; None for a key that is no such price."""
    parts = PRICE_KEY.fullmatch(key)
    if not parts:
        return None
    base, hours, thousands, tier = parts.groups()
    marks = {
        "context_above": f"{thousands}000" if thousands else "",
        "tier": TIERS.get(tier, ""),
        "mode": "" if tier in TIERS else tier or "",
        "ttl": f"{hours}h" if hours else "",
    }
    return tuple((name, text) for name, text in marks.items() if text), base
