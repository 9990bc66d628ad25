"""The cases of sources that are plain listings, for the table in test_sources.py: values read off by a person."""

from __future__ import annotations

from support.recorded_cases import CaseTable, cases_of, printed_meters

TOKEN = "usd/token"
LISTING_TABLE: CaseTable = {
    ("requesty_models/mixed.json", 6): {
        ("offer", "alibaba/qwen3.7-max"): {
            "input_price": ("0.0000025", TOKEN),
            "output_price": "0.0000075",
            "cache_read_price": "2.5e-7",
            "cache_write_price": "0.000003125",
            "context_window": ("1048576", "tokens"),
            "max_output_tokens": "65536",
        },
        ("model", "alibaba/qwen3.7-max"): {
            "capability.tool_use": "true",
            "capability.vision": "false",
            "capability.structured_outputs": "true",
        },
        ("model", "anthropic/claude-3-5-sonnet-20240620"): {"capability.vision": None},
    },
    ("huggingface_router/2026-autumn.json", 15): {
        ("model", "Qwen/Qwen3.8-27B"): {"modality.input": '["text", "image"]'},
        ("offer", "Qwen/Qwen3.8-27B", "route=novita"): {
            "input_price": ("0.42", "usd/1M tokens"),
            "output_price": "3",
            "context_window": ("1000000", "tokens"),
        },
        ("offer", "Qwen/Qwen3.8-27B", "route=ovhcloud"): {"input_price": "0.47", "context_window": None},
        ("offer", "moonshotai/Kimi-K3", "route=featherless-ai"): {"input_price": None},
        ("offer", "zai-org/GLM-5.2", "route=fireworks-ai"): printed_meters("1.4", "4.4"),
    },
    ("novita_models/2025-05.json", 4): {
        ("offer", "deepseek/deepseek-prover-v2-671b"): {
            "input_price": ("7000", "0.0001 usd/1M tokens"),
            "output_price": "25000",
            "context_window": ("160000", "tokens"),
        },
        ("model", "qwen/qwen3-235b-a22b-fp8"): {"name": "Qwen3-235B-A22B"},
    },
    ("novita_models/2026-10-08.json", 6): {
        ("offer", "zai-org/glm-5.3-flash"): printed_meters("0.15", "0.5", "0.03"),
        ("offer", "qwen/qwen3.6-plus"): {"input_price": None, "max_output_tokens": ("65536", "tokens")},
        ("model", "sao10k/l31-70b-euryale-v2.2"): {
            "capability.reasoning": "reasoning",
            "capability.tool_use": None,
        },
    },
    ("venice_models/models.json", 5): {
        ("offer", "llama-3.2-3b"): {
            "input_price": ("0.15", "usd/1M tokens"),
            "output_price": "0.6",
            "quantization": "fp16",
            "context_window": ("131072", "tokens"),
        },
        ("model", "llama-3.2-3b"): {"capability.vision": "false", "name": "Llama 3.2 3B"},
        ("offer", "openai-gpt-54"): printed_meters("3.13", "18.75", "0.313"),
        ("offer", "openai-gpt-54", "context_above=200000"): printed_meters("6.26", "28.125"),
    },
    ("venice_pricing/pricing.md", 55): {
        ("offer", "claude-fable-5"): {
            **printed_meters("$12.00", "$60.00", "$1.20"),
            "cache_write_price": "$15.00",
            "lifecycle": None,
        },
        ("offer", "gemini-3-1-pro-preview"): printed_meters("$2.50", "$15.00", "$0.50"),
        ("offer", "gemini-3-1-pro-preview", "context_above=200K"): printed_meters("$5.00", "$22.50", "$0.50"),
        ("offer", "openai-gpt-54-pro", "context_above=272K"): printed_meters("$75.00", "$337.50"),
        ("offer", "mercury-2"): {"input_price": "$0.31", "lifecycle": "Beta"},
    },
    ("cloudflare_pricing/pricing.md", 22): {
        ("offer", "@cf/meta/llama-3.2-1b-instruct"): printed_meters("$0.027", "$0.201"),
        ("offer", "@cf/baai/bge-small-en-v1.5"): printed_meters("$0.020", None),
        ("offer", "@cf/microsoft/resnet-50"): {"image_price": ("$2.509", "usd/image")},
        ("offer", "@cf/openai/whisper"): {"hour_price": ("$0.0005", "usd/minute")},
    },
    ("baseten_models/models.json", 4): {
        ("offer", "deepseek-ai/DeepSeek-V4-Flash-0731"): {
            "input_price": ("0.00000013", TOKEN),
            "output_price": "0.00000026",
            "context_window": ("1048576", "tokens"),
        },
        ("model", "deepseek-ai/DeepSeek-V4-Pro-0813"): {
            "capability.tool_use": "tools",
            "capability.structured_outputs": None,
        },
    },
    ("ovhcloud_models/models.json", 4): {
        ("offer", "Qwen3-32B"): {"context_window": ("32768", "tokens"), "input_price": None},
        ("offer", "gpt-oss-120b"): {
            "input_price": ("0.00000009", TOKEN),
            "cache_read_price": None,
            "request_price": None,
            "quantization": "fp4",
        },
    },
    ("nanogpt_models/models.json", 4): {
        ("offer", "google/gemini-3-flash-preview"): {
            "input_price": ("0.15", "usd/1M tokens"),
            "output_price": "0.6",
            "cache_read_price": ("0.0001", "usd/1K tokens"),
            "max_output_tokens": ("65536", "tokens"),
        },
        ("offer", "example/omni-model"): {"input_price": None, "context_window": None},
    },
    ("github_models/catalog.json", 2): {
        ("offer", "openai/gpt-4.1"): {
            "max_input_tokens": ("1048576", "tokens"),
            "max_output_tokens": "32768",
        },
        ("model", "openai/gpt-4.1"): {
            "vendor": "OpenAI",
            "capability.tool_use": "tool-calling",
            "modality.input": '["text", "image", "audio"]',
        },
    },
    ("kilo_models/models.json", 4): {
        ("offer", "kilo-auto/efficient", "kilo"): {
            "input_price": ("-1", TOKEN),
            "request_price": None,
            "max_output_tokens": ("65536", "tokens"),
        },
        ("offer", "stepfun/step-5-preview", "kilo"): {
            "output_price": "0.0000027",
            "cache_read_price": "0.00000005",
        },
        ("model", "stepfun/step-5-preview", "kilo"): {"vendor": "StepFun", "capability.tool_use": "tools"},
    },
    ("sambanova_models/models.json", 4): {
        ("offer", "Meta-Llama-3.3-70B-Instruct"): {
            "input_price": ("0.0000006", TOKEN),
            "output_price": "0.0000012",
            "hour_price": None,
            "context_window": ("131072", "tokens"),
        },
        ("offer", "gpt-oss-120b"): {"hour_price": None},
    },
    ("parasail_models/endpoints.json", 6): {
        ("offer", "deepseek-ai/DeepSeek-V4.1-Flash"): {
            **printed_meters("0.3", "1.2", "0.006"),
            "max_output_tokens": None,
        },
        ("offer", "openai/gpt-oss-120b-fast"): printed_meters("0.15", "0.6"),
        ("offer", "BAAI/bge-m3"): printed_meters("0.3", None),
    },
    ("llmgateway_models/models.json", 4): {
        ("offer", "gpt-oss-120b"): {
            "input_price": ("1.5e-7", TOKEN),
            "output_price": "7.5e-7",
            "cache_read_price": None,
            "deprecation_date": ("2026-12-31T00:00:00.000Z", "iso date"),
        },
        ("offer", "auto"): {"input_price": None, "context_window": None},
    },
}
LISTING_CASES = cases_of(LISTING_TABLE)
