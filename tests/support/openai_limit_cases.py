"""What OpenAI's pages about single models print of limits, read off by a person; page_cases.py takes the rows in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from support.recorded_cases import CaseTable, Printed

LIMITS = """
gpt-3.5-turbo        GPT-3.5 Turbo       16,385     4,096    Sep 01, 2021
gpt-4-turbo          GPT-4 Turbo         128,000    4,096    Dec 01, 2023
gpt-4o               GPT-4o              128,000    16,384   Oct 01, 2023
gpt-4o-mini          GPT-4o Mini         128,000    16,384   Oct 01, 2023
gpt-4.1              GPT-4.1             1,047,576  32,768   Jun 01, 2024
gpt-4.1-mini         GPT-4.1 Mini        1,047,576  32,768   Jun 01, 2024
gpt-4.1-nano         GPT-4.1 nano        1,047,576  32,768   Jun 01, 2024
gpt-5                GPT-5               400,000    128,000  Sep 30, 2024
gpt-5-chat-latest    GPT-5 Chat          128,000    16,384   Sep 30, 2024
gpt-5-codex          GPT-5-Codex         400,000    128,000  Sep 30, 2024
gpt-5-mini           GPT-5 mini          400,000    128,000  May 31, 2024
gpt-5-nano           GPT-5 nano          400,000    128,000  May 31, 2024
gpt-5-pro            GPT-5 Pro           400,000    272,000  Sep 30, 2024
gpt-5.1              GPT-5.1             400,000    128,000  Sep 30, 2024
gpt-5.1-chat-latest  GPT-5.1 Chat        128,000    16,384   Sep 30, 2024
gpt-5.1-codex        GPT-5.1-Codex       400,000    128,000  Sep 30, 2024
gpt-5.1-codex-max    GPT-5.1-Codex-Max   400,000    128,000  Sep 30, 2024
gpt-5.1-codex-mini   GPT-5.1-Codex mini  400,000    128,000  Sep 30, 2024
gpt-5.2              GPT-5.2             400,000    128,000  Aug 31, 2025
gpt-5.2-chat-latest  GPT-5.2 Chat        128,000    16,384   Aug 31, 2025
gpt-5.2-pro          GPT-5.2 Pro         400,000    128,000  Aug 31, 2025
gpt-5.3-chat-latest  GPT-5.3 Chat        128,000    16,384   Aug 31, 2025
gpt-5.3-codex        GPT-5.3-Codex       400,000    128,000  Aug 31, 2025
gpt-5.4              GPT-5.4             1,050,000  128,000  Aug 31, 2025
gpt-5.4-mini         GPT-5.4 mini        400,000    128,000  Aug 31, 2025
gpt-5.4-nano         GPT-5.4 nano        400,000    128,000  Aug 31, 2025
gpt-5.4-pro          GPT-5.4 Pro         1,050,000  128,000  Aug 31, 2025
gpt-5.5              GPT-5.5             1,050,000  128,000  Dec 01, 2025
gpt-5.5-pro          GPT-5.5 Pro         1,050,000  128,000  Dec 01, 2025
gpt-5.6-luna         GPT-5.6 Luna        1,050,000  128,000  Feb 16, 2026
gpt-5.6-sol          GPT-5.6 Sol         1,050,000  128,000  Feb 16, 2026
gpt-5.6-terra        GPT-5.6 Terra       1,050,000  128,000  Feb 16, 2026
gpt-6-astra          GPT-6 Astra         1,050,000  128,000  Apr 30, 2026
gpt-6-luna           GPT-6 Luna          1,050,000  128,000  May 18, 2026
gpt-6.1-sol          GPT-6.1 Sol         1,050,000  128,000  Apr 30, 2026
gpt-oss-20b          gpt-oss-20b         131,072    131,072  Jun 01, 2024
gpt-oss-120b         gpt-oss-120b        131,072    131,072  Jun 01, 2024
o1                   o1                  200,000    100,000  Oct 01, 2023
o3                   o3                  200,000    100,000  Jun 01, 2024
o3-mini              o3-mini             200,000    100,000  Oct 01, 2023
o3-pro               o3-pro              200,000    100,000  Jun 01, 2024
o4-mini              o4-mini             200,000    100,000  Jun 01, 2024
"""


def _limits(line: str) -> Mapping[str, Printed]:
    """Return what a line says: name, context window, longest output and knowledge cutoff of a model."""
    _, name, context, output, cutoff = re.split(r"  +", line)
    return {
        "name": name,
        "context_window": (context, "tokens"),
        "max_output_tokens": (output, "tokens"),
        "knowledge_cutoff": (cutoff, "us date"),
    }


LIMIT_TABLE: CaseTable = {
    (f"openai_model_pages/{model}.md", 1): {("model", model): _limits(line)}
    for line in LIMITS.strip().splitlines()
    for model in line.split()[:1]
}
