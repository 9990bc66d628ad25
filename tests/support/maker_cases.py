"""The cases of makers' own price and lifecycle pages, read off by a person; page_cases.py takes them in."""

from __future__ import annotations

from support.recorded_cases import CaseTable

LIFECYCLE_TABLE: CaseTable = {
    ("anthropic_deprecations/2026-02-07.md", 25): {
        ("model", "claude-opus-4-6"): {"lifecycle": "Active", "shutdown_date": None},
        ("model", "claude-3-haiku-20240307"): {"lifecycle": "Active", "shutdown_date": None},
        ("model", "claude-3-opus-20240229"): {
            "shutdown_date": ("January 5, 2026", "us date"),
            "lifecycle": "deprecated",
            "replacement": "claude-opus-4-6",
        },
        ("model", "claude-3-5-sonnet-20240620"): {"shutdown_date": "October 28, 2025"},
        ("model", "claude-instant-1.2"): {"shutdown_date": "November 6, 2024"},
    },
    ("anthropic_deprecations/2026-03-10.md", 14): {
        ("model", "claude-sonnet-4-6"): {"lifecycle": "Active", "deprecation_date": None}
    },
    ("gemini_deprecations/2026-09.md", 37): {
        ("model", "gemini-3-flash-preview"): {
            "release_date": ("December 17, 2025", "us date"),
            "shutdown_date": None,
            "replacement": "gemini-3.6-flash",
        },
        ("model", "gemini-3-pro-preview"): {
            "release_date": "November 18, 2025",
            "shutdown_date": "March 9, 2026",
        },
    },
    ("gemini_deprecations/2025-12.rebuilt.md", 10): {
        ("model", "gemini-2.0-flash"): {
            "release_date": ("February 5, 2025", "us date"),
            "shutdown_date": None,
            "replacement": "gemini-2.5-flash",
        },
        ("offer", "gemini-2.0-flash-001", "Google Gemini API"): {"release_date": None},
        ("model", "gemini-2.5-flash-lite"): {"release_date": "July 22, 2025", "replacement": None},
        ("model", "gemini-live-2.5-flash-preview"): {
            "shutdown_date": "December 9, 2025",
            "replacement": "gemini-2.5-flash-native-audio-preview-12-2025",
        },
    },
    ("gemini_deprecations/2026-06.rebuilt.md", 11): {
        ("model", "gemini-2.5-pro"): {
            "release_date": "Jun 17, 2025",
            "shutdown_date": "Oct 16, 2026",
            "replacement": "gemini-3.1-pro-preview",
        },
        ("model", "gemini-3.1-flash-lite"): {"shutdown_date": "May 7, 2027", "replacement": None},
    },
    ("venice_deprecations/2026-08.mdx.md", 2): {
        ("offer", "e2ee-gemma-4-31b", "Venice AI"): {
            "lifecycle": "Retiring Soon",
            "shutdown_date": ("Aug 27, 2026", "us date"),
        }
    },
    ("groq_deprecations/2026-08.md", 31): {
        ("offer", "groq/compound", "Groq"): {
            "shutdown_date": ("09/21/26", "us numeric date"),
            "replacement": None,
            "deprecation_date": None,
            "lifecycle": "deprecated",
        },
        ("offer", "llama-3.3-70b-versatile"): {
            "shutdown_date": "08/16/26",
            "replacement": "openai/gpt-oss-120b or qwen/qwen3.6-27b",
        },
        ("offer", "deepseek-r1-distill-llama-70b-specdec"): {"shutdown_date": "04/14/25"},
        ("offer", "mixtral-8x7b-32768"): {"shutdown_date": "03/20/25"},
    },
    ("baseten_deprecations/2026-04.rebuilt.md", 2): {
        ("offer", "zai-org/GLM-4.6", "Baseten"): {
            "shutdown_date": ("May 1, 2026", "us date"),
            "deprecation_date": None,
            "replacement": "GLM 4.7 (zai-org/GLM-4.7)",
        }
    },
    ("cohere_deprecations/2024-12.md", 26): {
        ("model", "rerank-english-v3.0"): {"lifecycle": "Active", "shutdown_date": None},
        ("model", "command-r"): {"lifecycle": "Legacy"},
        ("offer", "command-r-08-2024", "Cohere"): {"lifecycle": "Active"},
    },
    ("together_deprecations/2025-11-08.md", 40): {
        ("offer", "qwen-qwen2-5-14b-instruct-lora", "Together AI"): {
            "shutdown_date": ("2025-06-19", "iso date"),
            "replacement": "meta-llama/Meta-Llama-3.1-8B-Instruct-lora",
        },
        ("offer", "Qwen/QwQ-32B-Preview"): {"shutdown_date": "2025-03-25"},
        ("offer", "meta-llama/Llama-2-70b-chat-hf"): {"shutdown_date": "2024-08-22"},
    },
    ("xai_retirement/2026-05.md", 8): {
        ("model", "grok-4-1-fast-non-reasoning"): {
            "shutdown_date": ("May 15, 2026", "us date"),
            "replacement": "grok-4.20-non-reasoning",
            "lifecycle": "deprecated",
        },
        ("model", "grok-3"): {"replacement": "grok-4.3"},
    },
}
PRICE_TABLE: CaseTable = {
    ("zai_pricing/2026-07-31.md", 20): {
        ("offer", "GLM-5.2", "Z.AI"): {
            "input_price": ("$1.4", "usd/1M tokens"),
            "cache_read_price": ("$0.26", "usd/1M tokens"),
            "output_price": ("$4.4", "usd/1M tokens"),
        },
        ("offer", "GLM-4.7-Flash"): {"input_price": "Free", "output_price": "Free"},
        ("offer", "GLM-4-32B-0414-128K"): {"input_price": "$0.1", "cache_read_price": None},
        ("offer", "GLM-4.5V"): {"input_price": "$0.6", "output_price": "$1.8"},
    },
    ("moonshot_pricing/2026-09.mdx.md", 10): {
        ("offer", "kimi-k3", "Moonshot AI"): {
            "input_price": ("$3.00", "usd/1M tokens"),
            "cache_read_price": "$0.30",
            "output_price": "$15.00",
            "cache_write_price": None,
        },
        ("offer", "kimi-k3", "ttl=1h"): {"cache_write_price": "$6.00", "input_price": None},
        ("model", "kimi-k3"): {"context_window": ("1,048,576", "tokens")},
        ("offer", "kimi-k2.7-code-highspeed"): {"input_price": "$1.90", "cache_read_price": "$0.38"},
    },
    ("minimax_pricing/2026-09.mdx.md", 12): {
        ("offer", "MiniMax-M3", "MiniMax"): {
            "input_price": ("$0.30", "usd/1M tokens"),
            "output_price": "$1.20",
            "cache_read_price": "$0.06",
        },
        ("offer", "MiniMax-M3", "context_above=512k"): {"input_price": "$0.60", "output_price": "$2.40"},
        ("offer", "MiniMax-M3", "tier=priority"): {"input_price": "$0.45"},
        ("offer", "MiniMax-M3", "tier=priority", "context_above=512k"): {"output_price": "$3.60"},
        ("offer", "MiniMax-M2.7-highspeed"): {"output_price": "$2.4", "cache_write_price": "$0.375"},
    },
    ("perplexity_pricing/2026.md", 4): {
        ("offer", "Sonar Pro", "Perplexity"): {
            "input_price": ("$3", "usd/1M tokens"),
            "output_price": "$15",
            "reasoning_price": None,
        },
        ("offer", "Sonar Deep Research"): {"output_price": "$8", "reasoning_price": "$3"},
    },
    ("stepfun_pricing/2026-10-07.rebuilt.md", 5): {
        ("offer", "step-3.7-flash", "StepFun"): {
            "input_price": ("1.35 元", "cny/1M tokens"),
            "cache_read_price": ("0.27 元", "cny/1M tokens"),
            "output_price": ("8.1 元", "cny/1M tokens"),
        }
    },
    ("ai21_pricing/2026-05.html", 2): {
        ("offer", "Jamba Mini", "AI21 Labs"): {
            "input_price": ("$0.2", "usd/1M tokens"),
            "output_price": ("$0.4", "usd/1M tokens"),
        },
        ("offer", "Jamba Large"): {"input_price": "$2", "output_price": "$8"},
    },
    ("cohere_pricing/2026-05.rebuilt.html", 5): {
        ("offer", "Command R", "Cohere"): {
            "input_price": ("0.15", "usd/1M tokens"),
            "output_price": ("0.6", "usd/1M tokens"),
        },
        ("offer", "Command R7B"): {"input_price": "0.0375", "output_price": "0.15"},
        ("offer", "Embed 4"): {"input_price": "0.12", "input_image_price": "0.47", "output_price": None},
        ("offer", "Command"): {"input_price": "$1.00", "output_price": "$2.00"},
        ("offer", "Command R+ 08-2024"): {"input_price": "$2.50", "output_price": "$10.00"},
    },
    ("xiaomi_pricing/2026-08.rebuilt.md", 4): {
        ("offer", "mimo-v2.5-pro", "Xiaomi MiMo"): {
            "input_price": ("$0.435", "usd/1M tokens"),
            "cache_read_price": "$0.0036",
            "output_price": "$0.87",
        },
        ("offer", "mimo-v2.5", "region=cn-mainland"): {"input_price": ("¥1.00", "cny/1M tokens")},
    },
    ("volcengine_pricing/2026-09.rebuilt.json", 11): {
        ("offer", "doubao-seed-1.6-flash", "Volcengine Ark"): {
            "input_price": ("0.15", "cny/1M tokens"),
            "output_price": "1.50",
            "cache_read_price": "0.03",
        },
        ("offer", "doubao-seed-1.6-flash", "context_above=128k"): {"output_price": "6.00"},
        ("offer", "doubao-seed-translation"): {"input_price": "1.20", "cache_read_price": None},
    },
}
MODEL_TABLE: CaseTable = {
    ("mistral_models/mistral-small-3-2-25-06.ts", 2): {
        ("model", "mistral-small-2506"): {
            "name": "Mistral Small 3.2",
            "release_date": ("June 20, 2025", "us date"),
            "context_window": ("128k", "tokens"),
            "lifecycle": "Active",
            "shutdown_date": None,
        },
        ("offer", "mistral-small-2506", "Mistral AI"): {
            "input_price": ("0.1", "usd/1M tokens"),
            "output_price": ("0.3", "usd/1M tokens"),
        },
    },
    ("mistral_models/mistral-small-4-0-26-03.ts", 2): {
        ("model", "mistral-small-2603"): {"release_date": "March 16, 2026", "context_window": "256k"},
        ("offer", "mistral-small-2603"): {"input_price": "0.15", "output_price": "0.6"},
    },
    ("mistral_models/codestral-24-05.ts", 1): {
        ("offer", "codestral-2405", "Mistral AI"): {
            "lifecycle": "Retired",
            "deprecation_date": ("December 2, 2024", "us date"),
            "shutdown_date": "June 16, 2025",
            "replacement": "Codestral",
            "release_date": None,
            "context_window": None,
        }
    },
    ("mistral_models/mistral-nemo-12b-24-07.ts", 2): {
        ("model", "open-mistral-nemo-2407"): {"release_date": "July 18, 2024", "context_window": "128k"},
        ("offer", "open-mistral-nemo-2407"): {"input_price": "0.15", "output_price": "0.15"},
    },
    ("mistral_models/mistral-large-3-25-12.ts", 2): {
        ("model", "mistral-large-2512"): {"release_date": "December 2, 2025", "context_window": "256k"},
        ("offer", "mistral-large-2512"): {"input_price": "0.5", "output_price": "1.5"},
    },
    ("mistral_models/devstral-2-25-12.ts", 2): {
        ("model", "devstral-2512"): {"release_date": "December 9, 2025", "lifecycle": "Active"},
        ("offer", "devstral-2512"): {"input_price": "0.4", "output_price": "2.0"},
    },
    ("mistral_models/mixtral-8x7b-0-1.ts", 2): {
        ("model", "open-mixtral-8x7b"): {
            "release_date": "December 11, 2023",
            "context_window": "32k",
            "shutdown_date": None,
            "lifecycle": None,
        },
        ("offer", "open-mixtral-8x7b", "Mistral AI"): {
            "lifecycle": "Retired",
            "shutdown_date": "March 30, 2025",
            "replacement": "Mistral Small 3.2",
        },
    },
    ("llama_models/2025-04.md", 15): {
        ("model", "Llama 3.1 405B"): {
            "release_date": ("7/23/2024", "us numeric date"),
            "context_window": ("128K", "tokens"),
        },
        ("model", "Llama 3.2 11B Vision"): {"release_date": "9/25/2024", "context_window": "128K"},
        ("model", "Llama 3 70B"): {"release_date": "4/18/2024", "context_window": "8K"},
        ("model", "Llama 4 Scout-17B-16E"): {"release_date": "4/5/2025", "context_window": "10M"},
        ("model", "Llama 4 Maverick-17B-128E"): {"context_window": "1M"},
    },
    ("cohere_models/2026-09.md", 22): {
        ("model", "command-a-03-2025"): {
            "lifecycle": "Live",
            "context_window": ("256k", "tokens"),
            "max_output_tokens": ("8k", "tokens"),
        },
        ("offer", "command-r-plus-04-2024", "Cohere"): {
            "lifecycle": "Deprecated",
            "deprecation_date": ("Sept 15, 2025", "us date"),
        },
        ("model", "embed-english-v3.0"): {"context_window": "512", "lifecycle": None},
        ("model", "parse-v5.0"): {"lifecycle": "Live", "context_window": None},
    },
    ("deepseek_updates/2026-05.part.html", 13): {
        ("model", "deepseek-v4-flash"): {"release_date": "2026-04-24"},
        ("model", "DeepSeek-V3.2-Exp"): {"release_date": ("2025-09-29", "iso date")},
        ("model", "DeepSeek-R1"): {"release_date": "2025-01-20"},
        ("model", "DeepSeek-V3"): {"release_date": "2024-12-26"},
        ("model", "DeepSeek-V3-0324"): {"release_date": "2025-03-24"},
        ("model", "DeepSeek-Coder-V2-0724"): {"release_date": "2024-07-24"},
    },
    ("zai_releases/2026-04.md", 15): {
        ("model", "GLM-5.1"): {"release_date": ("2026-04-07", "iso date")},
        ("model", "GLM-4.6V"): {"release_date": "2025-12-08"},
        ("model", "GLM-4.5"): {"release_date": "2025-07-28"},
    },
    ("zai_models/glm-4.7.md", 3): {
        ("model", "GLM-4.7"): {"context_window": ("200K", "tokens")},
        ("model", "GLM-4.7-Flash"): {"max_output_tokens": ("128K", "tokens")},
    },
    ("zai_models/glm-5.3-flash.md", 1): {
        ("model", "GLM-5.3-Flash"): {"context_window": "1M", "max_output_tokens": "128K"}
    },
    ("zai_models/glm-5-turbo.md", 1): {
        ("model", "GLM-5-Turbo"): {"context_window": "200K", "max_output_tokens": "128K"}
    },
    ("zhipu_models/2026-10.part.md", 8): {
        ("model", "GLM-5.3"): {"context_window": ("1M", "tokens")},
        ("model", "GLM-4.7-Flash"): {"context_window": "200K"},
    },
    ("cohere_releases/rerank-v4.mdx", 2): {
        ("model", "rerank-v4.0-fast"): {"release_date": ("2025-12-11", "iso date")}
    },
    ("cohere_releases/command-a.mdx", 1): {
        ("model", "command-a-03-2025"): {"release_date": ("2025-03-13", "iso date")}
    },
    ("cohere_releases/command-a-plus.mdx", 1): {
        ("model", "command-a-plus-05-2026"): {"release_date": ("2026-05-20", "iso date")}
    },
    ("cohere_releases/rerank-v3.5.mdx", 1): {
        ("model", "rerank-v3.5"): {"release_date": ("2024-12-02", "iso date")}
    },
    ("qwen_releases/2026-08.zh.md", 16): {
        ("model", "qwen3.8-max"): {"release_date": ("2026年8月3日", "chinese date")},
        ("model", "qwen3.7-flash"): {"release_date": "2026年7月25日"},
        ("model", "qwen3.7-max"): {"release_date": "2026年5月21日"},
    },
    ("minimax_releases/2026-06.zh.md", 7): {
        ("model", "MiniMax M3"): {"release_date": ("2026 年 6 月 1 日", "chinese date")}
    },
    ("minimax_releases/2026-04.zh.md", 6): {
        ("model", "MiniMax M2.7"): {"release_date": ("2026 年 3 月 18 日", "chinese date")},
        ("model", "MiniMax M2.5"): {"release_date": "2026 年 2 月"},
        ("model", "MiniMax M2.1"): {"release_date": "2025 年 12 月 22 日"},
    },
    ("gemini_releases/2026-06.md", 12): {
        ("model", "gemini-3.5-flash"): {"release_date": ("May 19, 2026", "us date")},
        ("model", "gemini-3-pro-image"): {"release_date": "May 28, 2026"},
        ("model", "gemma-4-31b-it"): {"release_date": "April 2, 2026"},
        ("model", "Gemini 3.1 Pro Preview"): {"release_date": "February 19, 2026"},
        ("model", "gemini-3.1-flash-live-preview"): {"release_date": "March 26, 2026"},
    },
    ("moonshot_models/2026-09.md", 19): {
        ("model", "kimi-k3"): {"lifecycle": "active", "shutdown_date": None},
        ("offer", "kimi-k2.5", "Moonshot AI"): {
            "lifecycle": "Deprecated",
            "shutdown_date": ("August 31, 2026", "us date"),
        },
        ("offer", "moonshot-v1-8k-vision-preview"): {"shutdown_date": "August 31, 2026"},
        ("offer", "kimi-k2-thinking-turbo"): {"shutdown_date": "May 25, 2026"},
        ("offer", "kimi-latest"): {"lifecycle": "discontinued", "shutdown_date": "January 28, 2026"},
    },
    ("minimax_models/anthropic-api.2026-08.md", 8): {
        ("model", "MiniMax-M2.1"): {"context_window": ("204,800", "tokens"), "lifecycle": None},
        ("model", "MiniMax-M3"): {"context_window": "1,000,000"},
    },
    ("minimax_models/2026-10.mdx.md", 17): {
        ("model", "MiniMax-M3"): {"lifecycle": "active", "context_window": ("1M", "tokens")},
        ("model", "MiniMax-M2"): {"context_window": "200k", "max_output_tokens": "128k", "lifecycle": None},
        ("offer", "MiniMax-M2.5", "MiniMax"): {"lifecycle": "Legacy"},
        ("model", "MiniMax-M2.7"): {"lifecycle": "active", "context_window": None},
    },
    ("vertex_lifecycle/2026-08.md", 11): {
        ("model", "gemini-2.5-pro"): {"release_date": ("June 17, 2025", "us date"), "shutdown_date": None},
        ("offer", "gemini-2.5-pro", "Google Vertex AI"): {
            "shutdown_date": ("October 16, 2026", "us date"),
            "replacement": "Gemini 3.5 Flash",
            "release_date": None,
        },
        ("model", "gemini-3.5-flash"): {"release_date": "May 19, 2026"},
        ("offer", "gemini-live-2.5-flash-native-audio"): {"shutdown_date": "December 13, 2026"},
    },
    ("openai_changelog/2026-09.part.html", 2): {
        ("model", "gpt-6.1-sol"): {"release_date": ("Sep 29, 2026", "us date")},
        ("model", "gpt-5.2-codex"): {"release_date": "Jan 14, 2026"},
    },
    ("openai_changelog/2026-09.md", 50): {
        ("model", "gpt-6-luna"): {"release_date": ("Sep 22, 2026", "us date")},
        ("model", "gpt-5.6-terra"): {"release_date": "Jul 9, 2026"},
        ("model", "gpt-5.5-pro"): {"release_date": "Apr 24, 2026"},
        ("model", "gpt-5.4"): {"release_date": "Mar 5, 2026"},
        ("model", "gpt-5.2-chat-latest"): {"release_date": "Dec 11, 2025"},
        ("model", "gpt-5-codex"): {"release_date": "Sep 23, 2025"},
        ("model", "gpt-5-nano"): {"release_date": "Aug 7, 2025"},
        ("model", "o4-mini"): {"release_date": "Apr 16, 2025"},
        ("model", "o3"): {"release_date": "Apr 16, 2025"},
        ("model", "gpt-4.1-nano"): {"release_date": "Apr 14, 2025"},
        ("model", "o1"): {"release_date": "Dec 17, 2024"},
        ("model", "gpt-4o"): {"release_date": "May 13, 2024"},
    },
    ("zhipu_models/2025-12.md", 18): {
        ("model", "GLM-4.6"): {"context_window": ("200K", "tokens"), "max_output_tokens": "128K"},
        ("model", "GLM-4V-Plus-0111"): {"context_window": "16K", "max_output_tokens": None},
        ("model", "Embedding-3"): {"context_window": "8K"},
        ("offer", "GLM-4-0520", "Zhipu AI"): {"shutdown_date": ("2025年12月30日", "chinese date")},
    },
    ("xai_releases/2026-09.md", 9): {
        ("model", "Grok 4.6"): {"release_date": ("August 2026", "us date")},
        ("model", "Grok 4.20 Multi-agent"): {"release_date": "March 2026"},
        ("model", "Grok 4.1 Fast"): {"release_date": "November 2025"},
        ("model", "Grok 3"): {"release_date": "April 2025"},
        ("model", "Grok Build 0.1"): {"release_date": "May 2026"},
    },
    ("anthropic_releases/2026-09.md", 21): {
        ("model", "claude-opus-5"): {"release_date": ("July 24, 2026", "us date")},
        ("model", "claude-mythos-5"): {"release_date": "June 9, 2026"},
        ("model", "claude-sonnet-5-5"): {"release_date": "September 28, 2026"},
        ("model", "Claude Opus 4.6"): {"release_date": "February 5, 2026"},
        ("model", "Claude Sonnet 4"): {"release_date": "May 22, 2025"},
        ("model", "Claude Opus 4.1"): {"release_date": "August 5, 2025"},
        ("model", "Claude Haiku 3.5"): {"release_date": "November 4th, 2024"},
        ("model", "Claude Sonnet 3.5"): {"release_date": "June 20th, 2024"},
    },
    ("anthropic_model_pages/2025-12.md", 9): {
        ("model", "claude-sonnet-4-20250514"): {"context_window": ("200K tokens", "tokens")},
        ("model", "claude-3-7-sonnet-20250219"): {"max_output_tokens": "64K tokens"},
        ("model", "claude-3-haiku-20240307"): {
            "context_window": "200K tokens",
            "max_output_tokens": "4K tokens",
        },
    },
    ("anthropic_model_pages/overview.md", 4): {
        ("model", "claude-haiku-4-5-20251001"): {"context_window": "200K tokens", "release_date": None}
    },
    ("anthropic_model_pages/opus-5-5.md", 1): {
        ("model", "claude-opus-5-5"): {
            "context_window": "1M tokens",
            "max_output_tokens": "128K tokens",
            "release_date": ("September 22, 2026", "us date"),
        }
    },
    ("maker_readmes/qwen3.8.md", 13): {
        ("model", "Qwen3.8-27B"): {"release_date": ("2026-08-14", "year first date")},
        ("model", "Qwen3.6-27B"): {"release_date": "2026-04-22"},
        ("model", "Qwen3.8-2.4T-A95B"): {"release_date": "2026-08-12"},
    },
    ("maker_readmes/glm-v.md", 4): {
        ("model", "GLM-5.3-Flash"): {"release_date": ("2026/08/26", "year first date")},
        ("model", "GLM-4.1V-9B-Thinking"): {"release_date": "2025/07/01"},
    },
    ("zai_pricing/2026-09.rows.md", 7): {
        ("offer", "GLM-5.3-Flash", "Z.AI"): {
            "input_price": "$0.15",
            "cache_read_price": "$0.03",
            "output_price": "$0.50",
        }
    },
    ("maker_readmes/qwen3-vl.md", 15): {
        ("model", "Qwen3-VL-30B-A3B-Thinking"): {
            "release_date": ("2025.10.4", "year first date"),
            "context_window": ("256K", "tokens"),
        },
        ("model", "Qwen2.5-VL-32B-Instruct"): {"release_date": "2025.03.25", "context_window": None},
        ("model", "QVQ-72B-Preview"): {"release_date": "2024.12.25"},
    },
    ("maker_readmes/qwen3.6.md", 10): {
        ("model", "Qwen3.5-397B-A17B"): {"release_date": "2026-02-16"},
        ("model", "Qwen3.5-9B"): {"release_date": "2026-03-02"},
    },
    ("maker_readmes/qwen3.md", 7): {
        ("model", "Qwen3-235B-A22B-Instruct-2507"): {"release_date": "2025.07.21", "context_window": "256K"},
        ("model", "Qwen1.5-MoE-A2.7B"): {"release_date": "2024.03.28"},
    },
    ("maker_readmes/deepseek-r1.md", 2): {("model", "DeepSeek-R1"): {"context_window": "128K"}},
    ("maker_readmes/kimi-k2.5.md", 1): {("model", "Kimi-K2.5"): {"context_window": "256K"}},
    ("qwen_blog/qwen2.5.md", 20): {
        ("model", "Qwen2.5-72B-Instruct"): {"release_date": ("2024-09-19", "iso date")},
        ("model", "Qwen2.5-0.5B"): {"release_date": "2024-09-19"},
    },
    ("qwen_blog/qwen2.5-vl.md", 3): {
        ("model", "Qwen2.5-VL-72B-Instruct"): {"release_date": "2025-01-26", "context_window": None}
    },
    ("qwen_blog/qwen3-embedding.md", 6): {
        ("model", "Qwen3-Embedding-8B"): {"release_date": "2025-06-05", "context_window": ("32K", "tokens")},
        ("model", "Qwen3-Reranker-8B"): {"release_date": None, "context_window": "32K"},
    },
    ("qwen_blog/qwen3.md", 8): {
        ("model", "Qwen3-32B"): {
            "release_date": ("2025-04-29", "iso date"),
            "context_window": ("128K", "tokens"),
        },
        ("model", "Qwen3-235B-A22B"): {"release_date": "2025-04-29", "context_window": "128K"},
    },
    ("qwen_blog/qwen2.5-coder-family.md", 8): {
        ("model", "Qwen2.5-Coder-32B-Instruct"): {"release_date": "2024-11-12", "context_window": "128K"},
        ("model", "Qwen2.5-Coder-7B"): {"release_date": None, "context_window": "128K"},
    },
    ("qwen_blog/qwen2.5-llm.md", 8): {
        ("model", "Qwen2.5-72B-Instruct"): {
            "release_date": None,
            "context_window": "128K",
            "max_output_tokens": "8K",
        }
    },
    ("zhipu_models/claude.2026-05.md", 3): {
        ("model", "glm-5"): {"context_window": ("200K", "tokens"), "max_output_tokens": "128K"}
    },
    ("mistral_models/mistral-small-3-1-25-03.ts", 2): {
        ("model", "Mistral Small 3.1"): {
            "release_date": ("March 17, 2025", "us date"),
            "context_window": ("128k", "tokens"),
            "lifecycle": None,
        },
        ("offer", "mistral-small-2503"): {"lifecycle": "Deprecated"},
    },
    ("mistral_models/codestral-25-08.ts", 2): {
        ("model", "codestral-2508"): {"context_window": "128k", "release_date": None}
    },
    ("alibaba_models/2026-08-19.slices.html", 14): {
        ("model", "qwen3.7-max"): {"context_window": ("1M", "tokens")},
        ("offer", "glm-5.1", "Alibaba Cloud Model Studio"): {"context_window": "198k"},
    },
    ("maker_readmes/nemotron.md", 2): {
        ("model", "Nemotron 3 Super 120B A12B"): {"context_window": ("1M", "tokens")}
    },
    ("zai_releases/zh.2026-08-25.md", 3): {
        ("model", "GLM-5.3"): {"release_date": ("2026-8-19", "year first date")},
        ("model", "GLM-5.2"): {"release_date": ("2026-06-16", "iso date")},
    },
    ("anthropic_model_pages/sonnet-5-5.md", 1): {
        ("model", "claude-sonnet-5-5"): {
            "context_window": "1M tokens",
            "max_output_tokens": "128K tokens",
            "release_date": ("September 28, 2026", "us date"),
        }
    },
    ("maker_readmes/deepseek-v3.md", 2): {
        ("model", "DeepSeek-V3-Base"): {"context_window": "128K"},
        ("model", "DeepSeek-V3"): {"context_window": ("128K", "tokens")},
    },
    ("maker_readmes/hy3.md", 1): {("model", "Hy3"): {"context_window": "256K"}},
    ("maker_readmes/kimi-k2.md", 1): {("model", "Kimi-K2"): {"context_window": "128K"}},
    ("maker_readmes/mimo-v2-flash.md", 2): {
        ("model", "MiMo-V2-Flash-Base"): {"context_window": "256k"},
        ("model", "MiMo-V2-Flash"): {"context_window": "256k"},
    },
    ("maker_readmes/qwen3-coder.md", 2): {
        ("model", "Qwen3-Coder-480B-A35B-Instruct"): {"context_window": "256k", "release_date": None},
        ("model", "Qwen3-Coder-480B-A35B-Instruct-FP8"): {"context_window": "256k"},
    },
    ("maker_readmes/step-3.5-flash.md", 1): {("model", "Step-3.5-Flash"): {"context_window": "256K"}},
    ("qwen_blog/qwen3-coder.md", 1): {
        ("model", "Qwen3-Coder-480B-A35B-Instruct"): {"release_date": "2025-07-22"}
    },
    ("qwen_blog/qwq-32b.md", 1): {("model", "QwQ-32B"): {"release_date": "2025-03-06"}},
    ("mistral_models/ministral-3-14b-25-12.ts", 2): {
        ("model", "ministral-14b-2512"): {"release_date": "December 2, 2025", "context_window": "256k"},
        ("offer", "ministral-14b-2512"): {"input_price": "0.2", "output_price": "0.2"},
    },
    ("mistral_models/mistral-large-2-0-24-07.ts", 2): {
        ("model", "Mistral Large 2.0"): {"release_date": "July 24, 2024", "context_window": "128k"},
        ("offer", "mistral-large-2407"): {"lifecycle": "Retired", "shutdown_date": "March 30, 2025"},
    },
    ("mistral_models/mixtral-8x22b-0-1-0-3.ts", 2): {
        ("model", "open-mixtral-8x22b"): {"release_date": "April 17, 2024", "context_window": "64k"},
        ("offer", "open-mixtral-8x22b"): {"replacement": "Mistral Small 3.2"},
    },
}
MAKER_TABLES = (LIFECYCLE_TABLE, PRICE_TABLE, MODEL_TABLE)
