"""What the audit of choices takes for given: whose provider is whose, what is a plan, and when a claim is old.

Stated here anew and by other means than in the code that chooses, so that a slip there is no slip here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cardwatch.normalize.attributes import get_attribute
from cardwatch.normalize.providers import PROVIDERS

HOUSES: Mapping[str, str] = {
    "bailing": "inclusionai",
    "byteplus": "bytedance",
    "klingai": "kling",
    "llama": "meta",
    "moonshotai": "moonshot",
    "nova": "amazon",
    "volcengine": "bytedance",
    "zai": "zhipu",
    "zhipuai": "zhipu",
}
"""Houses that sell under another name than they develop under."""
LIMIT_DAYS: Mapping[str, int] = {
    "price": 14,
    "availability": 14,
    "lifecycle": 30,
    "limit": 60,
    "capability": 60,
    "spec": 180,
    "benchmark": 180,
}
"""Days until a claim of each topic is old."""
CURATED_PRICE_DAYS = 60


def belongs_to(provider: str, developer: str) -> bool:
    """Say whether a provider is a developer's own house: "google-vertex" is Google's, "alibaba-cn" Alibaba's."""
    house = provider.removesuffix("-cn")
    return developer in (house, HOUSES.get(house), provider.partition("-")[0])


def is_plan(provider: str) -> bool:
    """Say whether a provider sells a subscription, whose rows are about the plan."""
    return provider in PROVIDERS and PROVIDERS[provider].kind == "subscription"


def is_within_limit(attribute: str, authority: str, last_verified: str, today: date) -> bool:
    """Say whether somebody or something looked at a claim lately enough for its topic."""
    topic = get_attribute(attribute).group
    limit = CURATED_PRICE_DAYS if (authority, topic) == ("curated", "price") else LIMIT_DAYS[topic]
    return (today - date.fromisoformat(last_verified[:10])).days <= limit
