"""One row per recorded page, its values read off the page by a person.

To add a source: put its page into tests/pages/<source id>/ and an entry here, by the page and how many rows it
has: (kind, name, hint…) with what the page prints: a text, (text, unit), or None for a cell that must not be
there. A hint is the provider or one "key=value" of the variant or qualifier; without hints the plainest
row of that name is meant.
"""

from __future__ import annotations

import json

import pytest
from support.listing_cases import LISTING_CASES
from support.page_cases import PAGE_CASES
from support.recorded_cases import Case, CaseTable, Printed, cases_of
from support.recorded_pages import find_row, row_texts

from cardwatch.crawler.documents import RawRow
from cardwatch.crawler.formats.json_listing import load_json

TABLE: CaseTable = {
    ("openrouter_models/2026-03-10.json", 30): {
        ("model", "openai/gpt-4.1", "openrouter"): {
            "name": "GPT-4.1",
            "vendor": "OpenAI",
            "context_window": ("1047576", "tokens"),
            "modality.input": '["image", "text", "file"]',
            "modality.output": '["text"]',
            "capability.function_calling": "tools",
            "capability.tool_use": "tools",
            "capability.structured_outputs": "structured_outputs",
            "capability.reasoning": None,
            "release_date": None,
            "knowledge_cutoff": None,
        },
        ("offer", "openai/gpt-4.1", "openrouter"): {
            "input_price": ("0.000002", "usd/token"),
            "output_price": ("0.000008", "usd/token"),
            "cache_read_price": ("0.0000005", "usd/token"),
            "cache_write_price": None,
            "web_search_price": ("0.01", "usd/search"),
            "context_window": "1047576",
            "max_output_tokens": ("32768", "tokens"),
            "shutdown_date": None,
        },
        ("offer", "openai/gpt-5.1-codex-max"): {"input_price": "0.00000125", "output_price": "0.00001"},
        ("model", "openai/gpt-5.1-codex-max"): {"capability.reasoning": "include_reasoning"},
        ("offer", "openai/gpt-5.2-codex"): {"input_price": "0.00000175", "output_price": "0.000014"},
        ("offer", "openrouter/auto"): {"input_price": "-1", "output_price": "-1", "max_output_tokens": None},
        ("model", "openrouter/auto"): {"name": "Auto Router", "vendor": None},
        ("offer", "arcee-ai/trinity-large-preview:free"): {
            "input_price": "0",
            "request_price": None,
            "reasoning_price": None,
            "image_price": None,
        },
        ("offer", "qwen/qwen3-coder:exacto"): {"output_price": "0.0000018"},
        ("offer", "openai/gpt-4o:extended"): {"input_price": "0.000006", "max_output_tokens": "64000"},
        ("offer", "openai/gpt-audio"): {"input_audio_price": ("0.000032", "usd/token")},
        ("model", "openai/gpt-audio"): {"modality.output": '["text", "audio"]'},
        ("offer", "google/gemini-2.5-pro"): {"reasoning_price": "0.00001", "image_price": None},
        ("offer", "qwen/qwen3-vl-32b-instruct"): {"shutdown_date": ("2026-02-25", "iso date")},
    },
    ("openrouter_models/2026-05-15.json", 28): {
        ("model", "openai/gpt-4.1"): {"knowledge_cutoff": ("2024-06-30", "iso date")},
        ("offer", "openai/gpt-4.1"): {
            "input_price": "0.000002",
            "max_output_tokens": None,
            "web_search_price": None,
        },
        ("model", "openai/gpt-5.2-codex"): {"knowledge_cutoff": None},
        ("offer", "openrouter/pareto-code"): {"input_price": "-1"},
        ("model", "~anthropic/claude-haiku-latest"): {"name": "Anthropic Claude Haiku Latest"},
        ("offer", "inclusionai/ring-2.6-1t:free"): {"input_price": "0", "output_price": "0"},
        ("offer", "qwen/qwen3-vl-30b-a3b-thinking"): {"input_price": "0.00000013"},
        ("offer", "x-ai/grok-4"): {"shutdown_date": "2026-05-15"},
    },
    ("openrouter_models/2026-08-04.json", 11): {
        ("offer", "anthropic/claude-sonnet-4"): {
            "input_price": "0.000003",
            "cache_write_price": "0.00000375",
            "context_window": "1000000",
            "max_output_tokens": "64000",
        },
        ("offer", "anthropic/claude-sonnet-4", "ttl=1h"): {
            "cache_write_price": ("0.000006", "usd/token"),
            "input_price": None,
        },
        ("offer", "anthropic/claude-sonnet-4", "context_above=200000"): {
            "input_price": "0.000006",
            "output_price": "0.0000225",
            "cache_read_price": "0.0000006",
            "cache_write_price": "0.0000075",
            "context_window": None,
        },
        ("offer", "anthropic/claude-sonnet-4", "context_above=200000", "ttl=1h"): {
            "cache_write_price": "0.000012"
        },
        ("model", "openai/gpt-3.5-turbo"): {"context_window": "16385"},
    },
    ("openrouter_endpoints/gemini-2.5-pro-preview.2025-05-23.json", 2): {
        ("offer", "google/gemini-2.5-pro-preview", "openrouter", "route=google-vertex"): {
            "input_price": ("0.00000125", "usd/token"),
            "cache_read_price": "0.00000031",
            "max_output_tokens": ("65535", "tokens"),
            "availability": "0",
            "image_price": None,
        },
        ("offer", "google/gemini-2.5-pro-preview", "route=google-ai-studio"): {"max_output_tokens": "65536"},
    },
    ("openrouter_endpoints/deepseek-v3.2.2026-07-23.json", 14): {
        ("offer", "deepseek/deepseek-v3.2", "route=deepinfra/fp4"): {
            "quantization": "fp4",
            "context_window": "163840",
            "input_price": None,
        },
        ("offer", "deepseek/deepseek-v3.2", "route=alibaba"): {
            "availability": "-5",
            "quantization": "unknown",
            "context_window": "131072",
        },
    },
    ("vercel_endpoints/gemini-3-pro.example.json", 2): {
        ("offer", "google/gemini-3-pro", "vercel-ai-gateway", "route=google"): {
            "input_price": ("0.000002", "usd/token"),
            "output_price": "0.000012",
            "max_output_tokens": "64000",
            "web_search_price": None,
        },
        ("offer", "google/gemini-3-pro", "route=google", "context_above=200000"): {
            "output_price": "0.000018",
            "cache_write_price": "0.000004",
        },
    },
    ("vercel_models/2026-03-05.json", 35): {
        ("model", "openai/gpt-4.1", "vercel-ai-gateway"): {
            "name": "GPT-4.1",
            "vendor": "openai",
            "product_type": "language",
            "release_date": ("1744588800", "unix seconds"),
            "context_window": ("1047576", "tokens"),
            "max_output_tokens": "32768",
            "capability.vision": "vision",
            "capability.multimodal": "vision",
            "capability.function_calling": "tool-use",
            "capability.tool_use": "tool-use",
            "capability.reasoning": None,
        },
        ("offer", "openai/gpt-4.1", "vercel-ai-gateway"): {
            "input_price": ("0.000002", "usd/token"),
            "output_price": "0.000008",
            "cache_read_price": "0.0000005",
        },
        ("offer", "openai/gpt-5.1-codex-max"): {
            "input_price": "0.00000125",
            "cache_read_price": "0.000000125",
            "web_search_price": ("10", "usd/1K searches"),
        },
        ("offer", "openai/gpt-5-codex"): {"cache_read_price": "0.00000013"},
        ("model", "openai/gpt-5.2-codex"): {"release_date": "1766016000", "context_window": "400000"},
        ("model", "openai/gpt-5-pro"): {"release_date": None, "capability.reasoning": "reasoning"},
        ("offer", "alibaba/qwen3-coder-plus"): {"input_price": "0.000001"},
        ("offer", "alibaba/qwen3-coder-plus", "context_above=32000"): {"input_price": "0.0000018"},
        ("offer", "alibaba/qwen3-coder-plus", "context_above=128000"): {"output_price": "0.000015"},
        ("offer", "alibaba/qwen3-coder-plus", "context_above=256000"): {
            "cache_read_price": "0.0000012",
            "output_price": "0.00006",
        },
        ("offer", "anthropic/claude-sonnet-4.6", "context_above=200000"): {
            "input_price": "0.000006",
            "cache_read_price": "0.0000006",
            "cache_write_price": "0.0000075",
        },
        ("offer", "meituan/longcat-flash-chat"): {"input_price": None, "context_window": "128000"},
        ("model", "alibaba/wan-v2.5-t2v-preview"): {
            "context_window": None,
            "max_output_tokens": None,
            "product_type": "video",
        },
        ("offer", "bfl/flux-kontext-max"): {"image_price": ("0.08", "usd/image")},
        ("offer", "google/gemini-2.5-flash-image"): {"image_price": "0.039"},
        ("offer", "openai/gpt-image-1"): {"image_price": None, "input_price": "0.000005"},
    },
    ("models_dev/2026-05-12.json", 41): {
        ("model", "gpt-4.1", "openai"): {
            "name": "GPT-4.1",
            "family": "gpt",
            "release_date": ("2025-04-14", "iso date"),
            "knowledge_cutoff": "2024-04",
            "context_window": ("1047576", "tokens"),
            "max_input_tokens": None,
            "max_output_tokens": "32768",
            "openness": "false",
            "modality.input": '["text", "image", "pdf"]',
            "capability.reasoning": "false",
            "capability.function_calling": "true",
            "capability.tool_use": "true",
            "capability.structured_outputs": "true",
        },
        ("offer", "gpt-4.1", "openai"): {
            "input_price": ("2", "usd/1M tokens"),
            "output_price": "8",
            "cache_read_price": "0.5",
        },
        ("model", "gpt-5.2-codex", "openai"): {"max_input_tokens": "272000", "context_window": "400000"},
        ("offer", "gpt-4.1", "github-copilot"): {
            "input_price": "0 by subscription",
            "context_window": "128000",
        },
        ("offer", "glm-4.7", "zai-coding-plan"): {"cache_read_price": "0 by subscription"},
        ("model", "glm-4.7", "zai-coding-plan"): {"openness": "true"},
        ("offer", "Qwen/Qwen3.5-4B", "siliconflow-cn"): {
            "input_price": "0",
            "output_price": "0",
            "context_window": "262144",
            "max_output_tokens": "65536",
        },
        ("offer", "gpt-5.5", "openai"): {"input_price": "5"},
        ("offer", "gpt-5.5", "context_above=272000"): {"input_price": "10", "output_price": "45"},
        ("offer", "gpt-5.5", "tier=fast"): {"input_price": "12.5", "context_window": None},
        ("offer", "claude-opus-4-6", "tier=fast"): {"cache_write_price": "37.5"},
        ("model", "qwen3-embedding-8b", "scaleway"): {"release_date": "2025-25-11"},
        ("model", "claude-haiku-4-5", "azure"): {"knowledge_cutoff": "2025-02-31"},
        ("model", "openai/gpt-5.2-codex", "vercel"): {"release_date": "2025-12"},
        ("offer", "gpt-5.1-codex-max", "azure"): {"input_price": "1.25", "cache_read_price": "0.125"},
        ("model", "gpt-image-1", "openai"): {"context_window": None, "max_input_tokens": None},
    },
    ("azure_retail_prices/2025-11-30.first.json", 15): {
        ("offer", "gpt 4.1 Inp glbl Tokens", "Azure OpenAI", "region=global"): {
            "input_price": ("0.002", "usd/1K tokens"),
            "effective_from": "2025-04-01",
        },
        ("offer", "gpt 4.1 Outp glbl Tokens", "region=global"): {"output_price": "0.008"},
        ("offer", "gpt 4.1 cached Inp Data Zone Tokens", "region=data-zone"): {"cache_read_price": "0.00055"},
        ("offer", "gpt 4.1 Inp regnl Tokens", "region=eastus"): {"input_price": "0.0022"},
        ("offer", "gpt 4.1 Inp regnl Tokens", "region=swedencentral"): {"input_price": "0.00242"},
        ("offer", "gpt 4.1 Batch Inp glbl Tokens", "tier=batch"): {"input_price": "0.001"},
        ("offer", "gpt-4.1-ft input global Tokens", "mode=fine-tuned"): {"input_price": "0.002"},
        ("offer", "5.1 codex inp Gl 1M Tokens", "Azure OpenAI GPT5", "region=global"): {
            "input_price": ("1.25", "usd/1M tokens"),
            "effective_from": "2025-11-01",
        },
    },
    ("azure_retail_prices/2025-11-30.last.json", 11): {
        ("offer", "5.1 codex inp Dz 1M Tokens", "region=data-zone"): {"input_price": "1.375"},
        ("offer", "5.1 codex opt Gl 1M Tokens"): {"output_price": "10.0"},
        ("offer", "Command A Inp Glbl Tokens", "region=global"): {"input_price": "0.0025"},
        ("offer", "Command A Inp Glbl Tokens", "region=global-usgov"): {"input_price": "0.003125"},
        ("offer", "gpt-4o-aud-0603 Inp glbl Tokens"): {"input_audio_price": "0.04", "input_price": None},
        ("offer", "gpt-4o-aud-0603-txt Inp glbl Tokens"): {"input_price": "0.0025"},
        ("offer", "gpt 41 prty inp glbl Tokens", "tier=priority"): {"input_price": "0.0035"},
        ("offer", "o4-mini 0416 cached Inp DataZone Tokens", "region=data-zone"): {
            "cache_read_price": "0.000303"
        },
    },
    ("azure_retail_prices/2026-08-11.codex.json", 21): {
        ("offer", "5.1 codex max inp Gl 1M Tokens"): {"input_price": "1.25", "effective_from": "2025-12-01"},
        ("offer", "5.1 codex max cd inp Gl 1M Tokens"): {"cache_read_price": "0.125"},
        ("offer", "5.1 codex max opt Dz 1M Tokens", "region=data-zone"): {"output_price": "11.0"},
        ("offer", "5.2 codex inp Gl 1M Tokens"): {"input_price": "1.75", "effective_from": "2026-01-01"},
        ("offer", "5.2 codex cd inp Dz 1M Tokens"): {"cache_read_price": "0.1925"},
        ("offer", "5.3 codex opt Dz 1M Tokens", "region=data-zone"): {"output_price": "15.4"},
        ("offer", "5.3 codex opt Dz 1M Tokens", "region=data-zone-apac"): {"output_price": "16.8"},
        ("offer", "5.6 luna ShortCo Cd Wr Std Gl 1M Tokens"): {"cache_write_price": "1.25"},
        ("offer", "5.6 luna LongCo Inp Std Gl 1M Tokens", "mode=long-context"): {"input_price": "2.0"},
        ("offer", "gpt-4-turbo-Vision-128K Outp-glbl Tokens"): {"output_price": ("0.03", "usd/1K tokens")},
        ("offer", "gpt-5-codex-ccchd-inp-glbl Tokens"): {"cache_read_price": "0.000125"},
        ("offer", "davinci-002-base-glbl Tokens"): {
            "input_price": None,
            "unknown.meterName": "davinci-002-base-glbl Tokens",
        },
        ("offer", "V4 Flash cached glbl Tokens", "region=global"): {"cache_read_price": "2.8e-05"},
    },
    ("litellm_prices/v1.109.1.json", 96): {
        ("model", "gpt-5.1-codex-max", "openai"): {
            "max_input_tokens": ("400000", "tokens"),
            "max_output_tokens": "128000",
            "context_window": None,
            "deprecation_date": "2026-07-23",
            "product_type": "responses",
            "modality.input": '["text", "image"]',
            "capability.function_calling": "true",
            "capability.tool_use": "true",
            "capability.structured_outputs": "true",
            "capability.computer_use": None,
        },
        ("model", "azure/gpt-5.1-codex-max", "azure"): {
            "max_input_tokens": "272000",
            "deprecation_date": "2027-05-18",
        },
        ("offer", "gpt-5.2-codex", "openai"): {
            "input_price": ("1.75e-06", "usd/token"),
            "output_price": "1.4e-05",
            "cache_read_price": "1.75e-07",
            "max_output_tokens": "128000",
        },
        ("offer", "azure/us/gpt-4.1-2025-04-14", "region=us"): {"input_price": "2.2e-06"},
        ("offer", "gpt-4.1", "tier=batch"): {"input_price": "1e-06", "output_price": "4e-06"},
        ("offer", "perplexity/sonar-pro"): {"web_search_price": ("0.01", "usd/search")},
        ("offer", "azure/whisper-1"): {"second_price": ("0.0001", "usd/second")},
        ("offer", "azure/speech/azure-tts"): {"character_price": ("1.5e-05", "usd/character")},
    },
    ("genai_prices/2026-08-21.json", 38): {
        ("model", "gpt-4.1", "openai"): {"name": None, "context_window": ("1000000", "tokens")},
        ("offer", "gpt-4-vision-preview", "openai"): {
            "input_price": ("10", "usd/1M tokens"),
            "output_price": "30",
        },
        ("offer", "o3", "from=2025-06-10"): {"input_price": "2", "output_price": "8"},
        ("offer", "claude-sonnet-4-5", "context_above=200000"): {
            "input_price": "6",
            "cache_write_price": "7.5",
        },
        ("offer", "sonar", "perplexity"): {"request_price": ("12", "usd/1K requests")},
        ("offer", "gemini-2.5-flash", "google"): {"input_audio_price": "1"},
    },
    ("llm_prices/openai.json", 9): {
        ("offer", "o3", "openai"): {"input_price": ("10", "usd/1M tokens"), "output_price": "40"},
        ("offer", "gpt-5.4", "context_above=272000"): {"output_price": "22.5"},
        ("offer", "gpt-5.6-terra", "from=2026-07-30"): {"input_price": "2", "cache_read_price": "0.20"},
        ("offer", "text-davinci-003", "openai"): {"input_price": "20", "cache_read_price": None},
    },
    ("llm_prices/deepseek.json", 3): {
        ("offer", "deepseek-chat", "to=2025-02-08"): {"input_price": "0.14", "output_price": "0.28"}
    },
    ("llm_prices/historical-v1.json", 4): {
        ("offer", "claude-sonnet-5", "anthropic", "from=2026-09-01"): {"input_price": "3"},
        ("offer", "qwen3.6-plus", "context_above=256000"): {"output_price": "6"},
    },
    ("portkey_pricing/openai.json", 83): {
        ("offer", "gpt-5.1-codex-max", "openai"): {
            "input_price": ("0.000125", "cents/token"),
            "output_price": "0.001",
            "cache_read_price": "0.0000125",
        },
        ("offer", "gpt-5.4", "region=eu"): {"input_price": "0.000275"},
        ("offer", "gpt-5.4", "tier=batch", "context_above=272000"): {"output_price": "0.001125"},
    },
    ("portkey_pricing/azure-openai.json", 3): {
        ("offer", "codex-mini-latest", "azure-openai"): {
            "output_price": "0.0006",
            "cache_read_price": "0.0006",
            "cache_write_price": "0.0000375",
        }
    },
    ("portkey_pricing/together-ai.json", 2): {
        ("offer", "MiniMaxAI/MiniMax-M2.5", "together-ai"): {"input_price": ("0.03", "cents/token")}
    },
    ("cerebras_models/models.json", 4): {
        ("model", "gpt-oss-120b"): {
            "vendor": "OpenAI",
            "capability.vision": "false",
            "capability.reasoning": "true",
        },
        ("offer", "gpt-oss-120b"): {
            "input_price": ("0.00000035", "usd/token"),
            "output_price": "0.00000075",
            "context_window": ("131072", "tokens"),
            "max_output_tokens": "40960",
            "quantization": "FP16/8 (weights only)",
        },
        ("offer", "gemma-4-31b"): {"quantization": None},
    },
    ("deepinfra_models/models.json", 4): {
        ("offer", "Qwen/Qwen3-Max"): {
            "input_price": ("0.00012", "cents/token"),
            "context_window": "256000",
            "max_output_tokens": None,
        },
        ("offer", "openai/gpt-oss-120b"): {
            "input_price": ("2.9999999999999997e-05", "0.5 cents/token"),
            "cache_read_price": ("2.9999999999999997e-05", "0.1 cents/token"),
            "deprecation_date": ("1798761600", "unix seconds"),
        },
    },
    ("bedrock_prices/region_index.json", 0): {},
    ("bedrock_prices/us-east-1.json", 4): {},
    ("bedrock_models/2026-05-06.json", 16): {
        ("model", "anthropic.claude-sonnet-4-20250514-v1:0"): {
            "name": "Claude Sonnet 4",
            "vendor": "Anthropic",
            "modality.input": '["TEXT", "IMAGE"]',
            "release_date": None,
            "shutdown_date": None,
        },
        ("offer", "anthropic.claude-sonnet-4-20250514-v1:0"): {
            "context_window": "200K",
            "max_output_tokens": "65536",
            "lifecycle": "LEGACY",
            "deprecation_date": "2026-04-14T08:00:00Z",
            "shutdown_date": "2026-10-14T08:00:00Z",
        },
        ("offer", "amazon.nova-pro-v1:0", "mode=24k"): {"lifecycle": "ACTIVE"},
    },
    ("huggingface_listing/deepseek-ai.json", 2): {
        ("model", "deepseek-ai/DeepSeek-V4-Flash-0731"): {"parameters_total": None}
    },
    ("huggingface_listing/Qwen.json", 2): {
        ("model", "Qwen/Qwen3-235B-A22B"): {
            "parameters_total": "235093634560",
            "license": "apache-2.0",
            "published_on": "2025-07-26T03:45:13.000Z",
        },
        ("model", "Qwen/Qwen3-0.6B-GGUF"): {"license": "qwen", "parameters_total": None},
    },
    ("huggingface_eval_results/GLM-5.swe_bench_verified.yaml", 1): {
        ("benchmark", "zai-org/GLM-5", "reporter=zai-org"): {
            "benchmark.swe_bench_verified": ("77.8", "percent")
        }
    },
    ("huggingface_eval_results/GLM-5.json", 2): {
        ("benchmark", "zai-org/GLM-5", "reporter=CAIS HLE"): {
            "benchmark.hle": ("20.90", "percent"),
            "published_on": "2025-01-15T10:30:00Z",
        }
    },
    ("huggingface_leaderboards/hle.json", 2): {
        ("benchmark", "Qwen/Qwen3.5-397B-A17B", "reporter=Qwen", "mode=no-tools"): {
            "benchmark.hle": ("28.7", "percent")
        },
        ("benchmark", "zai-org/GLM-5"): {"benchmark.hle": "20.90"},
    },
    ("epoch_benchmarks/eci_benchmarks.csv", 43): {},
    ("epoch_benchmarks/gpqa_diamond.csv", 3): {
        ("benchmark", "gpt-5.5-pro-pre-release", "mode=xhigh"): {
            "benchmark.gpqa_diamond": ("0.9392135642135643", "fraction"),
            "published_on": "2026-04-24T16:01:38.000Z",
        }
    },
    ("epoch_benchmarks/epoch_capabilities_index.csv", 3): {
        ("benchmark", "gpt-5.3-codex", "mode=xhigh"): {
            "benchmark.epoch_capabilities_index": ("155.94935230256726", "score")
        }
    },
    ("epoch_benchmarks/swe_bench_bash.csv", 2): {
        ("benchmark", "kimi-k2.5", "harness=2.0.0"): {
            "benchmark.swe_bench_bash_only": ("0.708", "fraction"),
            "published_on": "2026-02-17",
        }
    },
    ("epoch_benchmarks/mmlu_external.csv", 3): {
        ("benchmark", "Arctic Instruct", "mode=5 shots"): {"benchmark.mmlu": "0.677"}
    },
    ("epoch_benchmarks/hle_external.csv", 3): {
        ("benchmark", "gpt-5.4-pro-2026-03-05"): {"benchmark.hle": ("0.4432", "fraction")}
    },
    ("epoch_benchmarks/live_bench_external.csv", 11): {
        ("benchmark", "DeepSeek-R1", "version=LiveBench-2024-11-25"): {
            "benchmark.livebench": ("71.57", "percent")
        },
        ("benchmark", "perplexity-sonar-pro"): {"benchmark.livebench": "60.27"},
    },
    ("epoch_capabilities/eci_scores.csv", 58): {
        ("model", "GPT-5.1-Codex-Max"): {"vendor": "OpenAI", "release_date": "2025-11-19"},
        ("benchmark", "GPT-5.1-Codex-Max"): {"benchmark.epoch_capabilities_index": ("150.08", "score")},
    },
    ("openrouter_benchmarks/latest.json", 2): {
        ("benchmark", "openai/gpt-5.2-codex", "mode=via OpenAI"): {
            "benchmark.gpqa_diamond": ("0.8838", "fraction"),
            "published_on": "2026-11-18",
        }
    },
    ("anthropic_models/2026-06-20.json", 4): {
        ("model", "claude-haiku-4-5-20251001"): {
            "name": "Claude Haiku 4.5",
            "release_date": "2025-10-15T00:00:00Z",
            "max_input_tokens": ("200000", "tokens"),
            "max_output_tokens": "64000",
            "capability.vision": "true",
            "capability.code_execution": "false",
        },
        ("model", "claude-3-5-haiku-20241022"): {"release_date": None},
    },
    ("google_models/2026-06-26.json", 5): {
        ("model", "gemini-2.5-flash"): {
            "name": "Gemini 2.5 Flash",
            "max_input_tokens": ("1048576", "tokens"),
            "max_output_tokens": "65536",
            "context_window": None,
            "capability.reasoning": "true",
        },
        ("model", "gemini-2.0-flash"): {"capability.reasoning": None},
    },
    ("openai_models/2026-06-26.json", 5): {
        ("offer", "gpt-5.1-codex-max"): {"shutdown_date": None, "release_date": None}
    },
}
CASES = [*cases_of(TABLE), *PAGE_CASES, *LISTING_CASES]


def read(case: Case) -> list[RawRow]:
    return list(case.parts())


def printed(row: RawRow, attribute: str, wanted: Printed) -> Printed:
    text = row_texts(row).get(attribute)
    return (text, row.cells[attribute].unit) if isinstance(wanted, tuple) and text is not None else text


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_page_reads_as_a_person_reads_it(case: Case) -> None:
    rows = read(case)
    assert len(rows) == case.rows
    for (kind, name, *hints), wanted in case.values.items():
        row = find_row(rows, kind, name, *hints)
        assert {a: printed(row, a, text) for a, text in wanted.items()} == wanted, f"{kind} {name} {hints}"


@pytest.mark.parametrize("case", [c for c in CASES if c.page.endswith(".json")], ids=str)
def test_every_cell_stands_where_its_pointer_leads(case: Case) -> None:
    document = load_json(case.answer().text)
    for row in case.parts():
        for name, cell in row.cells.items():
            there = as_printed(pointed(document, row.locator + cell.at))
            same = there in cell.text or cell.text in there
            assert same, f"{name} {cell} at {row.locator}: {there!r}"


def pointed(document: object, pointer: str) -> object:
    """Follow a JSON pointer, and in a text with lines of its own the number of a line."""
    for step in pointer.split("/")[1:]:
        if isinstance(document, str):
            return document.splitlines()[int(step.removeprefix("line[").removesuffix("]")) - 1]
        key = step.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]  # type: ignore[index]
    return document


def as_printed(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
