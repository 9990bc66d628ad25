"""Benchmarks by name: how they are written, which are about code, and where a lower score is better."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "aime_2024": "AIME 2024",
    "aime_2025": "AIME 2025",
    "aider_polyglot": "Aider Polyglot",
    "arc_agi_2": "ARC-AGI-2",
    "bfcl": "BFCL",
    "bfcl_v4": "BFCL v4",
    "browsecomp": "BrowseComp",
    "c_eval": "C-Eval",
    "charxiv": "CharXiv",
    "cmmlu": "CMMLU",
    "gpqa": "GPQA",
    "gpqa_diamond": "GPQA Diamond",
    "gsm8k": "GSM8K",
    "hle": "Humanity's Last Exam",
    "hmmt": "HMMT",
    "humaneval": "HumanEval",
    "ifbench": "IFBench",
    "ifeval": "IFEval",
    "livebench": "LiveBench",
    "livecodebench": "LiveCodeBench",
    "livecodebench_v6": "LiveCodeBench v6",
    "longbench": "LongBench",
    "longbench_v2": "LongBench v2",
    "math_500": "MATH-500",
    "mathvista": "MathVista",
    "mathvision": "MathVision",
    "mbpp": "MBPP",
    "mmbench_en_dev": "MMBench EN Dev",
    "mmlu": "MMLU",
    "mmlu_pro": "MMLU-Pro",
    "mmlu_redux": "MMLU-Redux",
    "mmmlu": "MMMLU",
    "mmmu": "MMMU",
    "mmmu_pro": "MMMU-Pro",
    "multichallenge": "MultiChallenge",
    "ocrbench": "OCRBench",
    "ojbench": "OJBench",
    "omnidocbench": "OmniDocBench",
    "realworldqa": "RealWorldQA",
    "simpleqa": "SimpleQA",
    "supergpqa": "SuperGPQA",
    "swe_bench_pro": "SWE-bench Pro",
    "swe_bench_verified": "SWE-bench Verified",
    "tau2_bench": "τ²-bench",
    "tau_bench": "τ-bench",
    "terminal_bench": "Terminal-Bench",
    "terminal_bench_2": "Terminal-Bench 2",
    "text_arena": "Text Arena",
    "videomme": "Video-MME",
    "wer": "WER",
    "wmt24": "WMT24",
}

CODE = frozenset(
    {
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
    }
)
"""A score on one of these supports the tag Coding."""

LOWER_IS_BETTER = frozenset({"hallucination_rate", "perplexity", "refusal_rate", "wer", "word_error_rate"})

POINTS: Mapping[str, tuple[str, str]] = {
    "percent": (" point", " points"),
    "elo": (" Elo point", " Elo points"),
}
"""What a difference is counted in, one and many; other units stand as a bare number."""
