"""Ids as Amazon's and Oracle's clouds write them: region.vendor.model-v1:0, with Amazon's own revision."""

from __future__ import annotations

import re
from typing import NamedTuple

_ID = re.compile(
    r"(?:(?P<region>us-gov|us|eu|apac|jp|au|ca|in|global|regional)\.)?"
    r"(?P<vendor>ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai"
    r"|nvidia|openai|qwen|stability|twelvelabs|writer|xai|zai)\.(?P<model>[a-z].*)"
)
_CONTEXT = re.compile(r"(?<=:\d):(?:\d+k|mm|512)$")
_REVISION = re.compile(r"(?:-v\d+)?:\d+$|-v1$")
_KEEPS_VERSION = re.compile(
    r"(?P<name>(?:titan-(?:embed|image)-|nemotron-nano-|embed-|claude-instant-|rerank-|stable-diffusion-xl-)"
    r"(?:.*-)?v\d(?:-\d)?)(?::\d+)*$"
)
_SPELLING = (
    (re.compile(r"^claude-v2:1$"), "claude-2.1"),
    (re.compile(r"^(mi[sx]tral-\d.*-v0):(\d)$"), r"\1.\2"),
    (re.compile(r"^gpt-oss-(\d+b)-1$"), r"gpt-oss-\1"),
    (re.compile(r"^command(-light)?-text-v14$"), r"command\1"),
    (re.compile(r"^(claude-3-5-sonnet-\d+)-v2$"), r"\1"),
    (re.compile(r"^(claude-[a-z0-9-]+-20\d{6})-v\d$"), r"\1"),
)
_MEANS = {
    "deepseek.deepseek-v3": "deepseek-v3.1",
    "nvidia.nemotron-nano-12b-v2": "nemotron-nano-12b-v2-vl",
    "qwen.qwen3-next-80b-a3b": "qwen3-next-80b-a3b-instruct",
    "qwen.qwen3-vl-235b-a22b": "qwen3-vl-235b-a22b-instruct",
}
"""Bedrock's bare names that say less than the model list's display names and cards beside them."""


class CloudId(NamedTuple):
    """`name` is the model's part without the cloud's revision; `region` is "" for the base id."""

    vendor: str
    name: str
    region: str


def parse_cloud_id(text: str) -> CloudId | None:
    """Read a plain lower-case id; None if it is not of this shape."""
    found = _ID.fullmatch(text)
    if found is None:
        return None
    vendor, name = found["vendor"], _plain(found["model"])
    if vendor == "deepseek":
        name = re.sub(r"^(?=[vr]\d)", "deepseek-", name)
    name = _MEANS.get(f"{vendor}.{name}", name)
    return CloudId(vendor, name.removeprefix("cohere-"), found["region"] or "")


def _plain(model: str) -> str:
    name = _CONTEXT.sub("", model)
    if kept := _KEEPS_VERSION.fullmatch(name):
        return kept["name"]
    for pattern, text in _SPELLING[:2]:
        name = pattern.sub(text, name)
    name = _REVISION.sub("", name)
    for pattern, text in _SPELLING[2:]:
        name = pattern.sub(text, name)
    return name
