"""The model card on a terminal prints lists as words."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from msgspec.structs import replace
from support.card_builders import card, fact

from cardwatch.app import App
from cardwatch.db.query.cards import Change, ClaimedValue
from cardwatch.db.query.reports import Conflict
from cardwatch.db.store.freshness_limits import FreshnessLimits
from cardwatch.terminal.model_card import print_card

GPT, URL, DAY = "openai/gpt-4.1", "https://example.org/", "2026-07-23"
ONE, MORE = ("text",), ("image", "text")


def test_lists_are_words_wherever_the_card_shows_them(capsys: pytest.CaptureFixture[str]) -> None:
    modality = fact(GPT, "modality.input", MORE)
    modality = replace(modality, others=(ClaimedValue("gateway", ONE, URL, DAY, "a row"),))
    values = tuple(ClaimedValue(source, value, URL, DAY) for source, value in (("a", MORE), ("b", ONE)))
    dispute = Conflict(GPT, None, None, "modality.input", {}, values, MORE, "the developer's own row")
    change = Change(f"{DAY}T00:00:00Z", GPT, None, None, "modality.input", ONE, MORE, "a", URL)
    shown = replace(card(GPT, {}, []), facts={"modality.input": modality}, changes=(change,))
    app = SimpleNamespace(
        now=lambda: datetime(2026, 7, 23, tzinfo=UTC),
        limits=FreshnessLimits(),
        config=SimpleNamespace(display=SimpleNamespace(rates={})),
    )
    print_card(shown, [dispute], cast(App, app))
    printed = capsys.readouterr().out
    assert printed.count("image, text") == 4
    assert "('" not in printed
