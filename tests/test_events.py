"""Messages: plain words, within their room, nothing left out without a word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from cardwatch.db.notifications.deliveries import Event
from cardwatch.notifications.events import HEADINGS, message_text, message_title, plain_line


@given(st.text())
def test_text_from_outside_is_one_plain_line(text: str) -> None:
    made = plain_line(f"a {text} b")
    assert made.isprintable()
    assert not re.search(r"[<>&*`\[\]@#\"]|://", made)
    assert len(made) <= 160


EVENTS = st.lists(
    st.builds(
        Event, st.sampled_from([*HEADINGS]), st.text(), st.just("2026-10-01T00:00:00Z"), st.text(), st.none(),
        st.text(min_size=1, max_size=400).map(plain_line).filter(bool),
    ), min_size=1, max_size=60,
)  # fmt: skip


@given(EVENTS, st.integers(40, 4000))
def test_a_message_keeps_within_its_room_and_counts_everything(events: list[Event], room: int) -> None:
    text = message_text(events, room)
    assert len(text) <= room
    assert sum(map(int, re.findall(r"\d+", message_title(events)))) == len(events)
    if not text.endswith("…"):
        shown = len(re.findall(r"^- ", text, re.MULTILINE))
        assert shown + sum(map(int, re.findall(r"^and (\d+) more: ", text, re.MULTILINE))) == len(events)


def test_a_long_list_names_the_command_that_has_the_rest() -> None:
    events = [Event("price", str(n), "2026-10-01T00:00:00Z", "", None, f"model {n}") for n in range(5000)]
    lines = message_text(events, 3500).splitlines()
    assert lines[0] == "5000 prices moved:"
    assert lines[-1] == "and 4990 more: cardwatch changes --since 2026-10-01"
