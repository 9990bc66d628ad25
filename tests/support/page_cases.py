"""The cases of sources that are pages, for the table in test_sources.py: values read off by a person."""

from __future__ import annotations

from support.maker_cases import MAKER_TABLES
from support.openai_limit_cases import LIMIT_TABLE
from support.recorded_cases import TOKENS, CaseTable, cases_of, printed_meters

PAGE_TABLE: CaseTable = {
    ("alibaba_pricing/2026-10-15.intl.rebuilt.html", 32): {
        ("offer", "qwen3.8-max", "region=international"): printed_meters("$2", "$6"),
        ("offer", "qwen3.8-max", "region=cn-mainland"): printed_meters("$1.65", "$4.951"),
        ("offer", "qwen3.8-max", "region=global"): printed_meters("$1.65", "$4.951"),
        ("offer", "qwen3.7-max-preview", "mode=thinking"): printed_meters("$2.5", "$7.5"),
        ("offer", "qwen3-max", "region=cn-mainland", "context_above=128K"): printed_meters(
            "$1.004", "$4.014"
        ),
        ("offer", "qwen-max", "region=cn-mainland"): printed_meters("$0.345", "$1.377"),
        ("offer", "qwen-plus", "mode=thinking", "context_above=256K"): printed_meters("$1.2", "$12"),
        ("offer", "qwen3.7-plus", "region=cn-mainland"): printed_meters("$0.276", "$1.101"),
        ("offer", "qwen3.8-omni-flash"): printed_meters("USD 0.15", "USD 0.47", "USD 0.016"),
    },
    ("alibaba_pricing/china.2026-10.html", 79): {
        ("offer", "qwen3.8-max-prime", "region=cn-mainland"): {"input_price": ("24元", "cny/1M tokens")},
        ("offer", "qwen3-coder-480b-a35b-instruct", "context_above=128K"): {"output_price": "60元"},
        ("offer", "qwen3-32b", "region=cn-mainland", "mode=thinking"): {"output_price": "20元"},
        ("offer", "qwen3.7-max-preview", "mode=thinking"): {"output_price": "36元"},
        ("offer", "qwen3-max", "context_above=128K"): {"input_price": "7元", "output_price": "28元"},
        ("offer", "qwen3.8-max", "region=international"): {
            "input_price": "14.988元",
            "output_price": "44.965元",
        },
        ("offer", "qwen-plus-us", "region=us", "mode=thinking", "context_above=256K"): {
            "output_price": "88.071元"
        },
        ("offer", "qwen3-235b-a22b-thinking-2507", "region=global"): {
            "input_price": "1.688元",
            "output_price": "16.88元",
        },
        ("offer", "qwen2.5-omni-7b", "region=international"): {
            "input_price": "0.734元",
            "input_audio_price": "49.613元",
            "input_image_price": "2.055元",
            "output_price": "2.936元",
            "output_audio_price": "99.153元",
        },
        ("offer", "deepseek-v4-pro", "region=cn-mainland"): {"input_price": "12元", "output_price": "24元"},
    },
    ("azure_models/models.2026-06-11.part.md", 24): {
        ("model", "gpt-chat-latest", "snapshot=2026-05-28"): {
            "context_window": ("128,000", "tokens"),
            "max_input_tokens": "111,616",
            "max_output_tokens": "16,384",
            "knowledge_cutoff": "August 2025",
            "capability.vision": None,
        },
        ("offer", "gpt-chat-latest", "snapshot=2026-05-05"): {"lifecycle": "Preview"},
        ("model", "gpt-5.5", "snapshot=2026-04-24"): {
            "context_window": "1,050,000",
            "max_input_tokens": "922,000",
            "max_output_tokens": "128,000",
            "knowledge_cutoff": "December 2025",
            "capability.vision": "image",
        },
        ("model", "gpt-5.4-mini", "snapshot=2026-03-17"): {"context_window": "400,000"},
        ("model", "gpt-5.1-codex-max", "snapshot=2025-12-04"): {"knowledge_cutoff": "September 30, 2024"},
    },
    ("azure_retirements/vendors.2026-07-07.md", 83): {
        ("offer", "gpt-4o", "snapshot=2024-08-06-ev3", "Azure OpenAI"): {
            "lifecycle": "Deprecated",
            "shutdown_date": ("2026-03-31", "iso date"),
            "replacement": "gpt-5.1",
        },
        ("offer", "DeepSeek-R1-0528", "Azure AI Foundry"): {
            "lifecycle": "Legacy",
            "shutdown_date": "2026-07-13",
            "replacement": "DeepSeek-V4-Pro",
        },
        ("offer", "mistral-document-ai-2512"): {
            "lifecycle": "GA",
            "shutdown_date": None,
            "replacement": "mistral-ocr-4-0",
        },
        ("offer", "claude-mythos-preview"): {"lifecycle": "Preview", "shutdown_date": "2027-04-02"},
        ("offer", "DeepSeek-V4-Pro", "snapshot=2026-04-23"): {"shutdown_date": "2026-08-20"},
        ("offer", "tsuzumi-7b", "snapshot=2"): {"replacement": "tsuzumi2"},
    },
    ("openai_model_pages/gpt-6-sol.2026-10.md", 2): {
        ("model", "gpt-6-sol"): {
            "name": "GPT-6 Sol",
            "context_window": ("1,050,000", "tokens"),
            "max_input_tokens": "922,000",
            "max_output_tokens": "128,000",
            "knowledge_cutoff": "Apr 20, 2026",
            "modality.input": "text, image",
            "capability.reasoning": "Reasoning token support",
            "capability.function_calling": None,
        },
        ("offer", "gpt-6-sol"): {
            **printed_meters("$2", "$10", "$0.2"),
            "cache_write_price": ("$2.5", TOKENS),
        },
    },
    ("openai_pricing/2026-10-06.pieces.md", 18): {
        ("offer", "gpt-6-astra", "tier=standard"): printed_meters("$10.00", "$50.00", "$1.00"),
        ("offer", "gpt-6.1-sol", "tier=standard", "context_above=272K"): printed_meters(
            "$4.00", "$15.00", "$0.20"
        ),
        ("offer", "gpt-5.5", "tier=standard"): printed_meters("$5.00", "$30.00", "$0.50"),
        ("offer", "gpt-6.1-sol", "tier=batch"): printed_meters("$1.00", "$5.00", "$0.05"),
        ("offer", "gpt-6-astra", "tier=fast"): printed_meters("$20.00", "$100.00", "$2.00"),
        ("offer", "gpt-6.1-sol", "tier=ultrafast"): printed_meters("$12.00", "$60.00", "$0.60"),
        ("offer", "gpt-5.6-cyber", "tier=standard"): printed_meters("$12.50", "$75.00", "$1.25"),
        ("offer", "gpt-5.3-codex", "tier=standard"): printed_meters("$1.75", "$14.00", "$0.175"),
        ("offer", "gpt-5.3-codex", "tier=fast"): printed_meters("$3.50", "$28.00", "$0.35"),
    },
    ("openai_model_pages/gpt-5.2-codex.md", 2): {
        ("model", "gpt-5.2-codex"): {
            "name": "GPT-5.2-Codex",
            "context_window": ("400,000", "tokens"),
            "max_input_tokens": ("272,000", "tokens"),
            "max_output_tokens": ("128,000", "tokens"),
            "knowledge_cutoff": ("Aug 31, 2025", "us date"),
            "modality.input": "text, image",
            "modality.output": "text",
            "capability.reasoning": "Reasoning token support",
            "capability.function_calling": "function_calling",
            "capability.structured_outputs": "structured_outputs",
            "capability.vision": "image_input",
            "capability.code_execution": "hosted_shell",
            "capability.computer_use": None,
        },
        ("offer", "gpt-5.2-codex", "OpenAI API"): printed_meters("$1.75", "$14", "$0.175")
        | {"context_window": "400,000", "max_output_tokens": "128,000"},
    },
    ("huggingface_cards/Qwen3.5-4B.README.md", 22): {
        ("model", "Qwen/Qwen3.5-4B"): {
            "name": "Qwen3.5-4B",
            "license": "apache-2.0",
            "parameters_total": ("4B", "parameters"),
            "context_window": ("262,144", "tokens"),
            "modality.input": "image, text",
            "modality.output": "text",
            "architecture": "Causal Language Model with Vision Encoder",
            "capability.vision": "image-text-to-text",
            "capability.reasoning": "reasoning",
            "capability.tool_use": "tool-call",
        },
        ("benchmark", "Qwen/Qwen3.5-4B", "version=v6"): {"benchmark.livecodebench": ("55.8", "percent")},
        ("benchmark", "Qwen/Qwen3.5-4B", "version=feb 25"): {"benchmark.hmmt": ("74.0", "percent")},
        ("benchmark", "Qwen/Qwen3.5-4B", "mode=mini"): {"benchmark.mathvista": ("85.1", "percent")},
        ("benchmark", "Qwen/Qwen3.5-4B", "mode=w/o sub."): {"benchmark.videomme": "76.9"},
        ("benchmark", "Qwen/Qwen3.5-4B", "version=v1.1"): {"benchmark.mmbench_en_dev": "89.4"},
    },
    ("huggingface_cards/Qwen3-235B-A22B.json", 1): {
        ("model", "Qwen/Qwen3-235B-A22B", "Hugging Face"): {
            "parameters_total": "235093634560",
            "architecture": "Qwen3MoeForCausalLM",
            "published_on": "2025-07-26T03:45:13.000Z",
            "downloads": None,
            "likes": None,
        }
    },
    ("huggingface_cards/Qwen3-Next-80B-A3B-Instruct.README.md", 1): {
        ("model", "Qwen/Qwen3-Next-80B-A3B-Instruct"): {"context_window": ("262,144", "tokens")}
    },
    ("huggingface_cards/Qwen3-Coder-30B-A3B-Instruct.README.md", 1): {
        ("model", "Qwen/Qwen3-Coder-30B-A3B-Instruct"): {
            "context_window": ("262,144", "tokens"),
            "parameters_active": "3.3B",
        }
    },
    **{
        (f"huggingface_cards/{name}.README.md", rows): {  # two where the front matter is missing
            ("model", f"Qwen/{name}"): {"context_window": ("262,144", "tokens"), **parameters}
        }
        for name, rows, parameters in (
            ("Qwen3-Next-80B-A3B-Thinking", 1, {"parameters_total": "80B", "parameters_active": "3B"}),
            ("Qwen3-Coder-Next", 1, {"parameters_total": "80B", "parameters_active": "3B"}),
            ("Qwen3.5-9B", 1, {"parameters_total": "9B"}),
            ("Qwen3.5-122B-A10B", 1, {"parameters_total": "122B", "parameters_active": "10B"}),
            ("Qwen3.5-397B-A17B", 1, {"parameters_total": "397B", "parameters_active": "17B"}),
            ("Qwen3.6-27B", 2, {"parameters_total": "27B"}),
            ("Qwen3.8-27B", 2, {"parameters_total": "27B"}),
        )
    },
    ("huggingface_cards/Qwen3.6-35B-A3B.README.md", 1): {
        ("model", "Qwen/Qwen3.6-35B-A3B"): {
            "context_window": ("262,144", "tokens"),
            "parameters_total": "35B",
            "parameters_active": "3B",
        }
    },
    ("huggingface_cards/QwQ-32B.README.md", 2): {
        ("model", "Qwen/QwQ-32B"): {"context_window": ("131,072", "tokens"), "parameters_total": "32.5B"}
    },
    ("huggingface_cards/DeepSeek-V3.1.README.md", 2): {
        ("model", "deepseek-ai/DeepSeek-V3.1"): {"context_window": ("128K", "tokens")}
    },
    ("huggingface_cards/gpt-oss-20b.README.md", 4): {
        ("model", "openai/gpt-oss-20b"): {"license": "apache-2.0", "modality.input": "text"}
    },
    ("openai_pricing/2026-03.mdx.md", 55): {
        ("offer", "gpt-5.1-codex-max", "tier=standard"): printed_meters("1.25", "10", "0.125"),
        ("offer", "gpt-5.2-codex", "tier=standard"): printed_meters("1.75", "14", "0.175"),
        ("offer", "gpt-4.1", "tier=standard"): printed_meters("2", "8", "0.5"),
        ("offer", "gpt-5.4", "tier=standard"): printed_meters("2.5", "15", "0.25"),
        ("offer", "gpt-5.4", "context_above=272K"): printed_meters("5", "22.5", "0.5"),
        ("offer", "gpt-5.4-pro", "context_above=272K"): printed_meters("60", "270"),
        ("offer", "gpt-5.2-pro"): printed_meters("21", "168"),
        ("offer", "gpt-5-pro"): printed_meters("15", "120"),
        ("offer", "gpt-5-search-api"): printed_meters("1.25", "10", "0.1250"),
        ("offer", "gpt-image-1"): printed_meters("5", None, "1.25"),
    },
    ("openai_pricing/2026-05.components.md", 11): {
        ("offer", "gpt-5.6-sol", "tier=standard"): printed_meters("5", "30", "0.5")
        | {"cache_write_price": "6.25"},
        ("offer", "gpt-4.1", "tier=standard"): printed_meters("2", "8", "0.5") | {"cache_write_price": None},
        ("offer", "gpt-4.1", "tier=batch"): printed_meters("1", "4"),
        ("offer", "gpt-4.1", "tier=priority"): printed_meters("3.5", "14", "0.875"),
    },
    ("openai_pricing/2026-08.island.html", 4): {
        ("offer", "gpt-6-astra", "tier=standard"): printed_meters("10", "50", "1")
        | {"cache_write_price": "12.5"},
        ("offer", "gpt-6-astra", "tier=batch"): printed_meters("5", "25", "0.5"),
        ("offer", "gpt-5.5", "tier=standard"): printed_meters("5", "30", "0.5") | {"cache_write_price": None},
        ("offer", "gpt-4.1"): printed_meters("2", "8", "0.5"),
    },
    ("openai_pricing/2026-09.tables.zh.md", 63): {
        ("offer", "gpt-5.5-cyber", "tier=standard"): printed_meters("$12.50", "$75.00", "$1.25"),
        ("offer", "gpt-6-astra", "tier=standard"): printed_meters("$10.00", "$50.00", "$1.00"),
        ("offer", "gpt-6-astra", "tier=standard", "context_above=272K"): printed_meters(
            "$20.00", "$75.00", "$2.00"
        ),
        ("offer", "gpt-5.5", "context_above=272K", "tier=standard"): printed_meters(
            "$10.00", "$45.00", "$1.00"
        ),
        ("offer", "gpt-4.1", "tier=standard"): printed_meters("$2.00", "$8.00", "$0.50"),
        ("offer", "gpt-4.1", "tier=batch"): printed_meters("$1.00", "$4.00"),
        ("offer", "gpt-4.1", "tier=fast"): printed_meters("$3.50", "$14.00", "$0.875"),
        ("offer", "o4-mini", "tier=flex"): printed_meters("$0.55", "$2.20", "$0.138"),
    },
    ("openai_pricing/2026-09.tables.md", 11): {
        ("offer", "gpt-4.1", "tier=standard"): printed_meters("$2.00", "$8.00", "$0.50"),
        ("offer", "o3", "tier=flex"): printed_meters("$1.00", "$4.00", "$0.25"),
        ("offer", "gpt-5.3-codex", "tier=standard"): printed_meters("$1.75", "$14.00", "$0.175"),
        ("offer", "gpt-5.3-codex", "tier=fast"): printed_meters("$3.50", "$28.00", "$0.35"),
        ("offer", "omni-moderation-latest"): printed_meters("Free", None),
    },
    ("openai_deprecations/deprecations.md", 24): {
        ("model", "gpt-5.1-codex-max"): {
            "shutdown_date": ("July 23, 2026", "us date"),
            "deprecation_date": ("2026-04-22", "iso date"),
            "replacement": "gpt-5.6-sol",
            "lifecycle": "retired",
        },
        ("model", "gpt-4-vision-preview"): {"shutdown_date": "2024-12-06", "replacement": "gpt-4o"},
        ("model", "gpt-4-0125-preview"): {"shutdown_date": "2026-03-26"},
        ("model", "sora-2"): {"shutdown_date": "2026-09-24", "replacement": None},
        ("offer", "gpt-5-2025-08-07", "OpenAI API"): {
            "shutdown_date": "Dec 11, 2026",
            "lifecycle": "deprecated",
        },
    },
    ("azure_retirements/schedule.2026-07-07.md", 70): {
        ("offer", "gpt-5.1-codex-max", "Azure OpenAI"): {
            "lifecycle": "GA",
            "shutdown_date": ("2026-12-05", "iso date"),
            "replacement": None,
        },
        ("offer", "gpt-5-codex", "snapshot=2025-09-15"): {"shutdown_date": "2027-03-17"},
        ("offer", "gpt-4o", "snapshot=2024-08-06-ev3"): {"lifecycle": "Deprecated", "replacement": "gpt-5.1"},
    },
    ("azure_models/models.2026-01-14.md", 22): {
        ("model", "gpt-5.2-codex", "snapshot=2026-01-14"): {
            "context_window": ("400,000", "tokens"),
            "max_input_tokens": ("272,000", "tokens"),
            "max_output_tokens": ("128,000", "tokens"),
            "knowledge_cutoff": None,
            "capability.structured_outputs": "Structured outputs",
            "capability.vision": "image",
        },
        ("model", "gpt-5.2-chat"): {"max_input_tokens": "111,616", "knowledge_cutoff": "August 2025"},
        ("offer", "gpt-5-chat", "snapshot=2025-10-03"): {"lifecycle": "Preview"},
        ("model", "gpt-5-codex", "snapshot=2025-09-11"): {"modality.input": "Text, Image"},
    },
    ("azure_models/other-tables.md", 14): {
        ("model", "gpt-4.1", "snapshot=2025-04-14"): {
            "context_window": "1,047,576",
            "max_output_tokens": "32,768",
            "knowledge_cutoff": ("May 31, 2024", "us date"),
        },
        ("model", "o3"): {"max_input_tokens": "200,000", "context_window": None},
        ("model", "gpt-4o", "snapshot=2024-11-20"): {"capability.function_calling": "function calling"},
        ("offer", "gpt-oss-120b", "Azure OpenAI"): {"lifecycle": "Preview"},
        ("model", "gpt-audio-mini", "snapshot=2025-10-06"): {"max_input_tokens": "128,00"},
    },
    ("anthropic_pricing/2026-autumn.md", 30): {
        ("offer", "Claude Fable 5.1"): printed_meters("$10 / MTok", "$50 / MTok", "$0.25 / MTok"),
        ("offer", "Claude Fable 5.1", "ttl=5m"): {"cache_write_price": ("$12.50 / MTok", TOKENS)},
        ("offer", "Claude Fable 5.1", "ttl=1h"): {"cache_write_price": "$20 / MTok"},
        ("offer", "Claude Mythos 5"): {"lifecycle": None},
        ("offer", "Claude Opus 4.1"): {"lifecycle": "retired", "input_price": "$15 / MTok"},
    },
    ("anthropic_pricing/2026-02.md", 36): {
        ("offer", "Claude Sonnet 4.5"): printed_meters("$3 / MTok", "$15 / MTok", "$0.30 / MTok"),
        ("offer", "Claude Haiku 3.5", "ttl=1h"): {"cache_write_price": "$1.6 / MTok"},
        ("offer", "Claude Opus 3"): {"lifecycle": "deprecated"},
    },
    ("anthropic_pricing/2026-08.html", 16): {
        ("offer", "Claude Opus 5", "tier=standard"): printed_meters(
            "$5 / MTok", "$25 / MTok", "$0.50 / MTok"
        ),
        ("offer", "Claude Opus 5", "tier=batch"): printed_meters("$2.50 / MTok", "$12.50 / MTok"),
        ("offer", "Claude Opus 4.8", "tier=fast"): printed_meters("$10 / MTok", "$50 / MTok"),
    },
    ("anthropic_pricing/2026-08-01.md", 15): {
        ("offer", "Claude Opus 5"): printed_meters("$5 / MTok", "$25 / MTok", "$0.50 / MTok"),
        ("offer", "Claude Opus 4.1"): {"lifecycle": "retired", "input_price": "$15 / MTok"},
        ("offer", "Claude Sonnet 5", "to=2026-09-01"): printed_meters(
            "$2 / MTok", "$10 / MTok", "$0.20 / MTok"
        ),
        ("offer", "Claude Sonnet 5", "from=2026-09-01"): printed_meters(
            "$3 / MTok", "$15 / MTok", "$0.30 / MTok"
        ),
        ("offer", "Claude Sonnet 5", "from=2026-09-01", "ttl=1h"): {"cache_write_price": "$6 / MTok"},
    },
    ("anthropic_pricing/2026-09-24.md", 54): {
        ("offer", "Claude Mythos 5.1"): printed_meters("$10 / MTok", "$50 / MTok", "$0.25 / MTok")
        | {"lifecycle": None},
        ("offer", "Claude Opus 5.5"): printed_meters("$4 / MTok", "$20 / MTok", "$0.20 / MTok"),
        ("offer", "Claude Opus 4"): {"lifecycle": "retired", "output_price": "$75 / MTok"},
        ("offer", "Claude Sonnet 5", "ttl=5m"): {"cache_write_price": ("$2.50 / MTok", TOKENS)},
        ("offer", "Claude Haiku 3.5"): printed_meters("$0.80 / MTok", "$4 / MTok", "$0.08 / MTok")
        | {"lifecycle": "retired"},
    },
    ("google_pricing/2026-08.html", 26): {
        ("offer", "gemini-3.7-flash", "tier=standard", "to=2027-01-01"): printed_meters(
            "$0.75", "$3.75", "$0.075"
        ),
        ("offer", "gemini-3.7-flash", "tier=standard", "from=2027-01-01"): printed_meters(
            "$1.50", "$7.50", "$0.15"
        ),
        ("offer", "gemini-3.7-flash", "tier=priority", "to=2027-01-01"): printed_meters("$1.35", "$6.75"),
        ("offer", "gemini-3.7-flash", "tier=free"): printed_meters(*["Free of charge"] * 3),
        ("offer", "gemini-2.5-pro", "tier=standard"): printed_meters("$1.25", "$10.00", "$0.125"),
        ("offer", "gemini-2.5-pro", "context_above=200k"): printed_meters("$2.50", "$15.00", "$0.25"),
        ("offer", "gemini-2.5-flash", "tier=standard"): {"input_audio_price": ("$1.00", TOKENS)},
        ("offer", "gemini-3-pro-image", "tier=standard"): {"output_image_price": ("$120.00", TOKENS)},
        ("offer", "gemini-3-pro-image", "tier=batch"): {"input_image_price": None, "input_price": "$1.00"},
        ("offer", "gemini-2.0-flash", "tier=standard"): {"cache_read_price": "$0.025"},
    },
    ("google_pricing/2026-05-07.html", 98): {
        ("offer", "gemini-3.1-flash-lite", "tier=batch"): printed_meters("$0.125", "$0.75", "$0.0125")
        | {"input_audio_price": "$0.25"},
        ("offer", "gemini-3.1-pro-preview-customtools", "tier=priority", "context_above=200k"): (
            printed_meters("$7.20", "$32.40", "$0.72")
        ),
        ("offer", "gemini-3.1-flash-live-preview", "tier=standard"): printed_meters("$0.75", "$4.50")
        | {"input_audio_price": "$3.00", "output_audio_price": "$12.00"},
        ("offer", "gemini-3-flash-preview", "tier=batch"): printed_meters("$0.25", "$1.50", "$0.05"),
        ("offer", "gemini-3-pro-image-preview", "tier=flex", "mode=4K"): {
            "image_price": ("$0.12", "usd/image")
        },
        ("offer", "gemini-3-pro-image-preview", "tier=priority"): {"output_image_price": "$216.00"},
        ("offer", "gemini-2.5-flash-lite", "tier=standard"): printed_meters("$0.10", "$0.40", "$0.01")
        | {"input_audio_price": "$0.30"},
        ("offer", "gemini-2.5-flash-image", "tier=batch"): {"image_price": "$0.0195", "output_price": None},
        ("offer", "gemini-embedding-2", "tier=standard"): {
            "input_audio_price": "$6.50",
            "input_image_price": "$0.45",
        },
    },
    ("google_pricing/2026-08-13.slices.html", 31): {
        ("offer", "gemini-omni-flash-preview", "tier=standard"): printed_meters("$1.50", "$9.00"),
        ("offer", "gemini-3.1-pro-preview", "tier=batch"): printed_meters("$1.00", "$6.00", "$0.20"),
        ("offer", "gemini-3.1-pro-preview-customtools", "tier=flex", "context_above=200k"): (
            printed_meters("$2.00", "$9.00", "$0.40")
        ),
        ("offer", "gemini-3.1-flash-image", "tier=standard"): printed_meters("$0.50", "$3")
        | {"output_image_price": ("$60.00", TOKENS), "image_price": None},
        ("offer", "gemini-2.5-flash-image", "tier=priority"): {"image_price": ("$0.0702", "usd/image")},
        ("offer", "gemini-2.5-flash-lite", "tier=free"): printed_meters(*["Free of charge"] * 2),
    },
    ("deepseek_pricing/2026-09.html", 10): {
        ("offer", "DeepSeek-V4.1-Flash"): printed_meters("$0.15", "$0.6", "$0.003")
        | {"context_window": "1M"},
        ("offer", "DeepSeek-V4.1-Flash", "window=utc 01:00-04:00 mon-fri"): printed_meters(
            "$0.3", "$1.2", "$0.006"
        ),
        ("offer", "DeepSeek-V4-Pro-0813", "window=utc 06:00-10:00 mon-fri"): printed_meters(
            "$1.32", "$3.96", "$0.044"
        ),
        ("model", "DeepSeek-V4-Pro-0813"): {
            "context_window": ("1M", "tokens"),
            "max_output_tokens": ("384K", "tokens"),
            "capability.vision": "Not supported",
            "capability.tool_use": "✓",
            "capability.reasoning": "thinking",
        },
        ("model", "deepseek-v4-flash"): {"lifecycle": "retired", "replacement": "DeepSeek-V4.1-Flash"},
    },
    ("deepseek_pricing/2026-08.flat.html", 4): {
        ("offer", "deepseek-v4-pro"): printed_meters("$0.435", "$0.87", "$0.003625")
        | {"max_output_tokens": "384K"}
    },
    ("deepseek_pricing/2026-05-08.html", 5): {
        ("offer", "DeepSeek-V4-Flash"): printed_meters("$0.14", "$0.28", "$0.0028"),
        ("offer", "DeepSeek-V4-Pro", "to=2026-06-01"): printed_meters("$0.435", "$0.87", "$0.003625"),
        ("model", "DeepSeek-V4-Pro"): {"context_window": ("1M", "tokens")},
    },
    ("deepseek_pricing/2026-08-14.html", 12): {
        ("offer", "DeepSeek-V4-Flash-0731", "to=2026-08-16"): printed_meters("$0.14", "$0.28", "$0.0028"),
        ("offer", "DeepSeek-V4-Flash-0731", "from=2026-08-16"): printed_meters("$0.22", "$0.66", "$0.007"),
        ("offer", "DeepSeek-V4-Pro-0813", "from=2026-08-16", "window=utc 06:00-10:00"): (
            printed_meters("$1.32", "$3.96", "$0.044")
        ),
    },
    ("deepseek_pricing/2026-09-07.html", 14): {
        (
            "offer",
            "DeepSeek-V4-Flash-Vision-Exp",
            "window=utc 01:00-04:00 mon-fri except Chinese public holidays",
        ): printed_meters("$0.44", "$1.32", "$0.014"),
        ("offer", "DeepSeek-V4-Pro-0813"): printed_meters("$0.66", "$1.98", "$0.022"),
        ("model", "deepseek-v4-flash"): {"replacement": "DeepSeek-V4.1-Flash-1017"},
    },
    ("xai_models/models.html", 8): {
        ("offer", "grok-4.7", "xAI"): {
            "input_price": ("20000", "1e-10 usd/token"),
            "cache_read_price": ("5000", "1e-10 usd/token"),
            "output_price": ("60000", "1e-10 usd/token"),
        },
        ("offer", "grok-4.7", "context_above=200000"): {"input_price": "40000", "output_price": "120000"},
        ("offer", "grok-imagine-image"): {"image_price": ("200000000", "1e-10 usd/image")},
        ("model", "grok-build-0.1"): {
            "max_input_tokens": ("256000", "tokens"),
            "capability.reasoning": "true",
        },
    },
    ("xai_models/2026-10-01.html", 38): {
        ("offer", "grok-4.5", "xAI"): {
            "input_price": ("20000", "1e-10 usd/token"),
            "cache_read_price": "3000",
            "output_price": "60000",
        },
        ("offer", "grok-build-0.1", "context_above=200000"): {"output_price": "40000"},
        ("offer", "grok-imagine-image-2.0", "mode=1P5K medium"): {
            "image_price": ("700000000", "1e-10 usd/image")
        },
        ("offer", "grok-imagine-image-quality"): {"image_price": "500000000"},
        ("model", "grok-4.3"): {"max_input_tokens": ("1000000", "tokens"), "capability.reasoning": "true"},
    },
    ("litellm_prices/2026-11.json", 42): {
        ("model", "bedrock/claude-fable-latest"): {"input_price": None},
        ("model", "gpt-4.1"): {"replacement": "gpt-6-luna", "deprecation_date": ("2027-01-14", "iso date")},
        ("model", "anthropic.claude-sonnet-4-20250514-v1:0"): {"replacement": "anthropic.claude-sonnet-5"},
        ("offer", "deepseek-flash"): {"input_price": "3e-07", "output_price": "1.2e-06"},
        ("offer", "deepseek-flash", "window=utc 10:00-00:00 mon-fri"): {"output_price": "6e-07"},
        ("offer", "deepseek-flash", "window=utc 00:00-00:00 sat,sun"): {"cache_read_price": "3e-09"},
        ("offer", "anthropic.claude-sonnet-4-5-20250929-v1:0", "ttl=1h", "context_above=200000"): {
            "cache_write_price": "1.2e-05"
        },
        ("offer", "empiriolabs/aplomb-1", "empiriolabs"): {"input_price": "2e-08"},
    },
    ("deepinfra_models/2026-09.json", 12): {
        ("offer", "deepseek-ai/DeepSeek-V4-Pro"): {
            "input_price": ("0.00013", "cents/token"),
            "cache_read_price": ("0.00013", "0.07692308 cents/token"),
            "quantization": "fp4",
        },
        ("offer", "deepseek-ai/DeepSeek-V4-Pro", "tier=flex"): {
            "output_price": ("0.00026", "0.8 cents/token")
        },
        ("offer", "deepseek-ai/DeepSeek-V4-Flash-0731", "to=2026-12-31"): {
            "input_price": ("6e-06", "0.75 cents/token")
        },
        ("offer", "deepseek-ai/DeepSeek-V4-Flash-0731", "from=2026-12-31"): {
            "output_price": ("1.8e-05", "cents/token")
        },
        ("offer", "Qwen/Qwen3-Max", "context_above=128K"): printed_meters("3", "15", "0.6"),
    },
    ("anthropic_models/2026-07-28.json", 10): {
        ("model", "claude-opus-5"): {
            "name": "Claude Opus 5",
            "release_date": ("2026-07-24T00:00:00Z", "iso date"),
            "max_output_tokens": ("128000", "tokens"),
        },
        ("model", "claude-sonnet-4-5-20250929"): {
            "max_output_tokens": "64000",
            "capability.vision": "true",
            "capability.reasoning": "true",
        },
    },
    ("vercel_models/2026-10-08.json", 12): {
        ("model", "alibaba/qwen-3-14b"): {
            "capability.structured_outputs": "structured-output",
            "release_date": ("1745798400", "unix seconds"),
        },
        ("offer", "alibaba/qwen-3-14b"): {
            "input_price": ("0.00000012", "usd/token"),
            "output_price": "0.00000024",
            "context_window": "40960",
        },
        ("offer", "openai/whisper-1"): {"deprecation_date": ("1803600000000", "unix milliseconds")},
    },
    ("openrouter_models/2026-09-08.json", 5): {
        ("offer", "openai/gpt-6-astra"): {
            "input_price": ("0.00001", "usd/token"),
            "cache_write_price": "0.0000125",
        },
        ("offer", "openai/gpt-6-astra", "context_above=272000"): {
            "input_price": "0.00002",
            "output_price": "0.000075",
            "cache_read_price": None,
        },
        ("offer", "qwen/qwen3.7-max"): {"output_price": "0.00000375", "max_output_tokens": "65536"},
    },
    ("openrouter_models/2026-09-25.json", 20): {
        ("offer", "anthropic/claude-opus-5.5:batch"): {"input_price": "0.000002"},
        ("offer", "anthropic/claude-opus-5.5"): {"input_price": "0.000004", "output_price": "0.00002"},
        ("offer", "nex-agi/nex-n2.5-mini:free"): {"input_price": "0"},
        ("offer", "anthropic/claude-opus-4.8-fast"): {"output_price": "0.00005"},
    },
    ("fireworks_pricing/2026-08-05.md", 33): {
        ("offer", "Kimi K3", "tier=standard"): printed_meters("$3.00", "$15.00", "$0.30"),
        ("offer", "Kimi K3", "tier=priority", "region=us"): printed_meters("$4.125", "$20.625", "$0.4125"),
        ("offer", "GLM 5.2", "tier=fast", "region=us"): printed_meters("$2.10", "$6.60", "$0.21"),
        ("offer", "DeepSeek V4 Flash (0731)", "tier=priority"): printed_meters("$0.21", "$0.42", "$0.042"),
        ("offer", "NVIDIA Nemotron 3 Ultra"): {"lifecycle": "preview", "output_price": "$2.40"},
    },
    ("groq_models/models.md", 16): {
        ("offer", "openai/gpt-oss-120b", "Groq"): printed_meters("$0.15", "$0.60")
        | {"context_window": ("131,072", "tokens"), "max_output_tokens": "65,536"},
        ("offer", "llama-3.1-8b-instant"): printed_meters("ContactSales", "ContactSales"),
        ("offer", "whisper-large-v3"): {
            "hour_price": ("$0.111", "usd/hour"),
            "context_window": None,
            "input_price": None,
        },
        ("offer", "canopylabs/orpheus-arabic-saudi"): {
            "character_price": ("$40.00", "usd/1M characters"),
            "lifecycle": "preview",
        },
        ("offer", "groq/compound"): {"input_price": None, "max_output_tokens": "8,192"},
    },
    ("fireworks_pricing/2026-05.four-columns.md", 14): {
        ("offer", "Kimi K2.6", "tier=standard"): printed_meters("$0.95", "$4.00", "$0.16"),
        ("offer", "Kimi K2.6", "tier=fast"): printed_meters("$2.00", "$8.00", "$0.30")
        | {"lifecycle": "preview"},
        ("offer", "OpenAI GPT OSS 120B"): printed_meters("$0.15", "$0.60", "$0.015"),
    },
    ("fireworks_pricing/2026-09.three-in-one.md", 11): {
        ("offer", "Kimi K3", "tier=standard"): printed_meters("$3.00", "$15.00", "$0.30"),
        ("offer", "Kimi K3", "tier=priority"): printed_meters("$3.75", "$18.75", "$0.375"),
        ("offer", "Kimi K3", "tier=fast"): printed_meters("$4.50", "$22.50", "$0.45"),
        ("offer", "Kimi K3", "region=us", "tier=standard"): printed_meters("$3.30", "$16.50", "$0.33"),
        ("offer", "GLM 5.2", "tier=fast", "region=us"): printed_meters("$2.10", "$6.60", "$0.21"),
    },
    ("mistral_pricing/2026-08.html", 9): {
        ("offer", "Mistral Large 3", "tier=standard"): printed_meters("$0.5", "$1.5", "$0.05"),
        ("offer", "Codestral Embed"): printed_meters("$0.15", None, "$0.015"),
        ("offer", "Voxtral Mini Transcribe 2"): {"hour_price": ("$0.003", "usd/minute")},
        ("offer", "Voxtral TTS"): {"character_price": ("$16", "usd/1M characters"), "input_price": None},
        ("offer", "Leanstral 1.5"): printed_meters("Free", "Free", "Free"),
    },
    ("alibaba_pricing/international.2026-08.html", 13): {
        ("offer", "qwen3.7-max", "region=global"): printed_meters("$1.65", "$4.951"),
        ("offer", "qwen3-max", "region=cn-hongkong"): printed_meters("$1.2", "$6"),
        ("offer", "qwen3-max", "context_above=128K"): printed_meters("$3", "$15"),
        ("offer", "qwen3.7-plus", "region=international"): printed_meters("$0.4", "$1.6"),
        ("offer", "qwen-plus-2025-12-01", "region=international"): printed_meters("$0.4", "$1.2"),
        ("offer", "qwen-plus-2025-12-01", "mode=thinking"): printed_meters("$0.4", "$4"),
        ("offer", "qwen-plus-2025-01-25"): printed_meters("$0.4", "$1.2"),
        ("offer", "glm-5.2"): printed_meters("$1.400", "$4.400"),
    },
    ("alibaba_pricing/china.shape.html", 3): {
        ("offer", "qwen3-max", "region=cn-mainland"): {
            "input_price": ("2.5元", "cny/1M tokens"),
            "output_price": ("10元", "cny/1M tokens"),
        },
        ("offer", "qwen3-max", "context_above=32K"): {"input_price": "4元"},
    },
    ("together_pricing/2026-08.html", 6): {
        ("offer", "MiniMax M3", "Together AI"): printed_meters("$0.30", "$1.20", "$0.06"),
        ("offer", "gpt-oss-20B"): printed_meters("$0.05", "$0.20"),
    },
}
PAGE_CASES = cases_of(PAGE_TABLE, *MAKER_TABLES, LIMIT_TABLE)
