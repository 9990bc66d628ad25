from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar

from cardwatch.crawler.source_card import Authority
from cardwatch.crawler.spiders.openrouter_models import OpenrouterModels


class KiloModels(OpenrouterModels):
    """Kilo's public list, which copies OpenRouter's form: one model and one offer an item.

    A router has the price -1, as it costs what the model costs that it picks.
    """

    name = "kilo_models"
    title = "Kilo Gateway models"
    kind = "gateway API"
    authority = Authority.PROVIDER_API
    url = "https://api.kilo.ai/api/gateway/models"
    page_urls = ""
    max_age = timedelta(days=3)
    expected_rows = range(2, 5_000)
    complete = True
    providers = ("kilo",)
    provider = "kilo"
    exhaustive = ()
    price_words: ClassVar[Mapping[str, str]] = {"-1": "not_published"}
    derived_from = ("openrouter_models",)
    terms = "Public API: facts are passed on, descriptions are not."
