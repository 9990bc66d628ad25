"""Blanking what a program does not run: comments, and the texts that describe Python code."""

from __future__ import annotations

import re

_QUOTED = r""""(?:\\.|[^"\\\n])*"?|(?<!\w)'(?:\\.|[^'\\\n])*'?"""
"""Every alternative may stay open at the end of its line or text: so no place is looked at twice."""
_HASH = re.compile(rf"(?P<kept>{_QUOTED})|(?:^|(?<=\s))#[^\n]*", re.MULTILINE)
_PYTHON = re.compile(
    rf"""\"{{3}}(?:\\.|[^\\])*?(?:\"{{3}}|\Z|\\\Z)|'{{3}}(?:\\.|[^\\])*?(?:'{{3}}|\Z|\\\Z)|(?P<kept>{_QUOTED})|\#[^\n]*""",
    re.DOTALL,
)
_SLASH = re.compile(
    rf"(?P<kept>{_QUOTED}|`(?:\\.|[^`\\])*`?)|(?<!:)//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?", re.DOTALL
)
_SEMICOLON = re.compile(r"(?P<kept>(?!))|^\s*[;#][^\n]*", re.MULTILINE)

_BY_ENDING = {
    **dict.fromkeys((".py", ".pyi"), _PYTHON),
    **dict.fromkeys((".yaml", ".yml", ".toml", ".env", ".sh", ".bash", ".zsh", ".rb", ".pl", ".r", ".jl", ".ex"), _HASH),
    **dict.fromkeys(
        (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".java", ".kt", ".kts", ".go", ".rs", ".c",
         ".h", ".cc", ".cpp", ".hpp", ".cs", ".swift", ".scala", ".dart", ".php", ".groovy", ".vue", ".svelte",
         ".jsonc", ".json5"),
        _SLASH,
    ),
    **dict.fromkeys((".ini", ".cfg", ".conf", ".properties"), _SEMICOLON),
}  # fmt: skip


def blank_comments(text: str, ending: str) -> str:
    """Return the text with spaces where its language has comments; lines and columns stay where they are."""
    pattern = _BY_ENDING.get(ending.lower())
    return pattern.sub(lambda match: match["kept"] or _blanked(match[0]), text) if pattern else text


def _blanked(text: str) -> str:
    return "".join(char if char.isspace() else " " for char in text)
