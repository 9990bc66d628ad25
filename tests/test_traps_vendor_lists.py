"""Vendors' model lists behind a key: ids, limits, and dates that are none."""

from __future__ import annotations

from typing import Any

import pytest
from support.recorded_pages import find_row, json_answer, recorded_page, row_texts, spider

from cardwatch.crawler.documents import PageChangedError, RawRow

ANTHROPIC = "https://api.anthropic.com/v1/models?limit=1000"
GOOGLE = "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1000"
OPENAI = "https://api.openai.com/v1/models"


def anthropic(**changes: Any) -> RawRow:
    item = {"type": "model", "id": "m", "display_name": "M", "created_at": "2026-06-07T00:00:00Z", **changes}
    body = {"data": [item], "has_more": False, "first_id": "m", "last_id": "m"}
    [row] = spider("anthropic_models").rows(json_answer(body, ANTHROPIC))
    return row


def test_an_unknown_release_is_no_day_of_1970() -> None:
    assert row_texts(anthropic())["release_date"] == "2026-06-07T00:00:00Z"
    assert "release_date" not in anthropic(created_at="1970-01-01T00:00:00Z").cells


def test_early_answers_had_no_limits_or_capabilities() -> None:
    assert row_texts(anthropic()).keys() == {"name", "release_date"}


def test_a_capability_is_an_object_with_parts_of_its_own() -> None:
    thinking = {"supported": True, "types": {"enabled": {"supported": False}}}
    assert row_texts(anthropic(capabilities={"thinking": thinking}))["capability.reasoning"] == "true"
    assert (
        "unknown.capabilities.levitation" in anthropic(capabilities={"levitation": {"supported": True}}).cells
    )
    assert "unknown.capabilities.thinking" in anthropic(capabilities={"thinking": True}).cells


def test_anthropic_s_list_goes_on_after_its_last_id() -> None:
    source = spider("anthropic_models")
    first = recorded_page("anthropic_models", "2026-06-20.json", ANTHROPIC)
    assert source.next_page(first) == f"{ANTHROPIC}&after_id=claude-3-5-haiku-20241022"
    assert source.next_page(json_answer({"data": [], "has_more": False, "last_id": "m"}, ANTHROPIC)) is None


def test_google_s_limits_are_of_input_and_of_output() -> None:
    rows = list(spider("google_models").rows(recorded_page("google_models", "2026-06-26.json", GOOGLE)))
    assert not any("context_window" in row.cells for row in rows)
    assert row_texts(find_row(rows, "model", "gemini-embedding-001"))["max_input_tokens"] == "2048"


def test_who_does_not_say_whether_it_thinks_says_nothing() -> None:
    rows = list(spider("google_models").rows(recorded_page("google_models", "2026-06-26.json", GOOGLE)))
    thinking = {row.name: row.cells.get("capability.reasoning") for row in rows}
    assert thinking["gemini-2.0-flash"] is None
    assert thinking["gemini-2.5-flash"]


def test_google_s_list_goes_on_at_its_token() -> None:
    source = spider("google_models")
    first = recorded_page("google_models", "2026-06-26.json", GOOGLE)
    token = "CiRtb2RlbHMvdmVvLTMuMS1saXRlLWdlbmVyYXRlLXByZXZpZXc%3D"
    assert source.next_page(first) == f"{GOOGLE}&pageToken={token}"
    assert source.next_page(json_answer({"models": []}, GOOGLE)) is None
    assert source.next_page(json_answer({"models": [], "nextPageToken": ""}, GOOGLE)) is None


def test_openai_says_ids_and_for_some_the_day_they_stop() -> None:
    items = [
        {"id": "gpt-4.1", "object": "model", "created": 1744316542, "owned_by": "system"},
        {"id": "gpt-5.2-codex", "object": "model", "created": 1, "shutdown_date": "2026-07-23"},
    ]
    rows = list(spider("openai_models").rows(json_answer({"object": "list", "data": items}, OPENAI)))
    assert row_texts(find_row(rows, "offer", "gpt-4.1")) == {}
    assert row_texts(find_row(rows, "offer", "gpt-5.2-codex")) == {"shutdown_date": "2026-07-23"}


@pytest.mark.parametrize(
    ("source", "header"),
    [
        ("anthropic_models", "x-api-key"),
        ("google_models", "x-goog-api-key"),
        ("openai_models", "Authorization"),
    ],
)
def test_a_key_goes_into_a_header_and_nowhere_else(
    source: str, header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = spider(source)
    monkeypatch.delenv(reader.key_env, raising=False)
    assert reader.headers() == {}
    monkeypatch.setenv(reader.key_env, "secret-1234")
    assert reader.headers()[header].endswith("secret-1234")
    assert not any("secret" in request.url for request in reader.pages())


@pytest.mark.parametrize("source", ["anthropic_models", "google_models", "openai_models"])
@pytest.mark.parametrize("body", [[], {}, {"error": {"message": "invalid x-api-key"}}, "<html>"])
def test_an_error_is_no_empty_list(source: str, body: object) -> None:
    with pytest.raises(PageChangedError):
        list(spider(source).rows(json_answer(body, "https://api.example.com/v1/models")))
