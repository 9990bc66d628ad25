"""What a visit may do to facts and dates."""

from __future__ import annotations

import pytest
from support.made_catalogs import DAY, GPT, START, CatalogWorld, Row, about, card, offer, visit

from cardwatch.crawler.documents import Outcome

PRICED = offer(GPT, input_price="2", output_price="8", context_window=1047576)


def test_a_page_becomes_a_card_with_evidence(world: CatalogWorld) -> None:
    report = world.see(PRICED, about(GPT, name="GPT-4.1"))
    made = world.catalog.card(GPT)
    fact = world.fact("input_price")
    assert (report.new, report.changed, report.dirty_models) == (4, 0, {GPT})
    assert (made.name, made.vendor, [o.key for o in made.offers]) == ("GPT-4.1", "OpenAI", ["openrouter"])
    assert (fact.value, fact.unit, fact.state, fact.scope) == ("2", "usd_per_mtok", "known", "route")
    assert fact.evidence[0].document.startswith("sha256:")
    assert fact.evidence[0].locator == "/data/0/input_price"
    assert (fact.first_seen, fact.last_changed, fact.reviewed_on) == (
        "2026-03-10T12:00:00Z", "2026-03-10T12:00:00Z", "2026-03-10",
    )  # fmt: skip


def test_there_and_back_is_three_spans(world: CatalogWorld) -> None:
    for day, price in enumerate(("2", "3", "2")):
        world.see(offer(GPT, input_price=price), day=day)
    spans = world.rows("SELECT value, since, until, first_seen FROM claims ORDER BY since")
    first = "2026-03-10T12:00:00Z"
    assert spans == [
        ("2", first, "2026-03-11T12:00:00Z", first),
        ("3", "2026-03-11T12:00:00Z", "2026-03-12T12:00:00Z", first),
        ("2", "2026-03-12T12:00:00Z", None, first),
    ]
    changes = world.catalog.changes()
    assert [(c.at[:10], c.provider, c.attribute, c.old, c.new) for c in changes] == [
        ("2026-03-11", "openrouter", "input_price", "2", "3"),
        ("2026-03-12", "openrouter", "input_price", "3", "2"),
    ]
    assert [c.new for c in world.catalog.changes(since="2026-03-12")] == ["2"]
    points = world.catalog.card(GPT).prices
    assert [(p.value, p.since[:10], p.until and p.until[:10]) for p in points] == [
        ("2", "2026-03-10", "2026-03-11"), ("3", "2026-03-11", "2026-03-12"), ("2", "2026-03-12", None),
    ]  # fmt: skip


def test_an_unchanged_page_costs_the_same_few_writes_however_many_facts_it_has(world: CatalogWorld) -> None:
    costs = []
    for count in (1, 200):
        rows = [offer(f"openai/gpt-{n}", input_price="2", output_price="8") for n in range(count)]
        source = card(f"list_of_{count}")
        world.see(*rows, card=source)
        before = world.catalog.conn.total_changes
        report = world.see(*rows, day=1, card=source)
        costs.append(world.catalog.conn.total_changes - before)
        assert report.outcomes == {"verified_same": 1}
        assert report.dirty_models == set()
    assert costs[0] == costs[1] <= 4
    assert len(world.read) == 2
    assert world.fact("input_price", "openai/gpt-7").reviewed_on == "2026-03-11"


def test_the_order_of_rows_and_their_place_is_no_change(world: CatalogWorld) -> None:
    rows = [offer(GPT, input_price="2"), offer("openai/gpt-5.2-codex", input_price="1.75")]
    world.see(*rows)
    assert world.see(*reversed(rows), day=1).outcomes == {"verified_same": 1}


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome.ERROR, 500),
        (Outcome.ERROR, None),
        (Outcome.BLOCKED, None),
        (Outcome.UNPARSED, 200),
        (Outcome.READ, 200),
    ],
)
def test_what_brings_no_rows_moves_no_date(world: CatalogWorld, outcome: Outcome, status: int | None) -> None:
    world.see(PRICED)
    report = world.miss(outcome, day=1, status=status, detail="broken")
    assert report.outcomes == {"unparsed" if outcome is Outcome.READ else str(outcome): 1}
    assert world.fact("input_price").last_verified == "2026-03-10T12:00:00Z"
    assert world.rows("SELECT failures, failing_since, last_verified FROM pages") == [
        (1, "2026-03-11T12:00:00Z", "2026-03-10T12:00:00Z")
    ]
    world.see(PRICED, day=2)
    assert world.rows("SELECT failures, failing_since FROM pages") == [(0, None)]
    assert [a.outcome for a in world.catalog.attempts()][-1] == "verified_same"


def test_404_is_remembered_until_the_page_is_back(world: CatalogWorld) -> None:
    world.see(PRICED)
    world.miss(Outcome.ERROR, day=1, status=404)
    world.miss(Outcome.ERROR, day=2, status=410)
    assert world.rows("SELECT gone_since FROM pages") == [("2026-03-11T12:00:00Z",)]
    assert world.value("input_price") == "2"
    world.see(PRICED, day=3)
    assert world.rows("SELECT gone_since FROM pages") == [(None,)]


def test_304_verifies_only_what_this_parser_read(world: CatalogWorld) -> None:
    world.see(PRICED)
    etag = world.catalog.validators("openrouter_models", visit().url, 1)
    assert list(etag) == ["If-None-Match"]
    assert world.catalog.validators("openrouter_models", visit().url, 2) == {}
    report = world.miss(Outcome.NOT_MODIFIED, day=1, status=304, sent_validators=etag)
    assert report.outcomes == {"verified_same": 1}
    assert world.fact("input_price").reviewed_on == "2026-03-11"
    refused = world.miss(Outcome.NOT_MODIFIED, day=2, status=304, parser_version=2)
    assert refused.outcomes == {"unparsed": 1}
    other = world.miss(Outcome.NOT_MODIFIED, day=3, status=304, sent_validators={"If-None-Match": '"other"'})
    assert other.outcomes == {"unparsed": 1}
    assert world.fact("input_price").reviewed_on == "2026-03-11"
    assert world.catalog.validators("openrouter_models", visit().url, 1) == {}


@pytest.mark.parametrize(
    ("validators", "outcome"),
    [
        ({"ETag": '"another"'}, "unparsed"),
        ({"Last-Modified": "Fri, 03 Apr 2026 00:00:00 GMT"}, "verified_same"),  # ours had none to compare
        ({}, "verified_same"),
    ],
)
def test_304_confirms_only_the_version_it_names(
    world: CatalogWorld, validators: dict[str, str], outcome: str
) -> None:
    world.see(PRICED)
    etag = world.catalog.validators("openrouter_models", visit().url, 1)
    report = world.miss(Outcome.NOT_MODIFIED, day=1, status=304, sent_validators=etag, validators=validators)
    assert report.outcomes == {outcome: 1}
    assert bool(world.catalog.validators("openrouter_models", visit().url, 1)) is (outcome != "unparsed")


def test_304_for_a_page_never_read_well_verifies_nothing(world: CatalogWorld) -> None:
    assert world.miss(Outcome.NOT_MODIFIED, day=0, status=304).outcomes == {"unparsed": 1}


def test_an_old_answer_was_true_when_it_was_made(world: CatalogWorld) -> None:
    world.see(PRICED, day=1, age=3 * 86400)
    assert world.fact("input_price").last_verified == "2026-03-08T12:00:00Z"
    world.see(PRICED, day=2, age=10 * 86400)
    assert world.fact("input_price").last_verified == "2026-03-08T12:00:00Z"


def test_a_field_that_turns_null_keeps_its_last_value_and_date(world: CatalogWorld) -> None:
    world.see(PRICED)
    for day, price in ((1, None), (2, "not_published"), (3, "!soon")):
        world.see(offer(GPT, input_price=price, output_price="8", context_window=1047576), day=day)
        fact = world.fact("input_price")
        assert (fact.value, fact.reviewed_on) == ("2", "2026-03-10")
        assert world.fact("output_price").reviewed_on == f"2026-03-{10 + day}"
    world.see(PRICED, day=4)
    assert world.fact("input_price").reviewed_on == "2026-03-14"
    assert world.catalog.changes() == []


def test_what_was_never_published_is_unknown_with_its_reason(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="not_published", output_price="subscription", image_price="0"))
    states = {n: (f.state, f.reason, f.value) for n, f in world.catalog.card(GPT).offers[0].facts.items()}
    assert states == {
        "input_price": ("unknown", "not_published", None),
        "output_price": ("unknown", "subscription", None),
        "image_price": ("known", None, "0"),
    }


def test_scheduled_prices_count_from_their_day_on(world: CatalogWorld) -> None:
    rise = Row(GPT, {"input_price": "3"}, "openrouter", qualifier={"from": "2026-03-20"})
    past = Row(GPT, {"input_price": "1"}, "openrouter", qualifier={"from": "2025-01-01", "to": "2026-01-01"})
    world.see(PRICED, rise, past)
    assert world.value("input_price") == "2"
    world.now = START + 10 * DAY
    assert world.value("input_price") == "3"
    assert world.fact("input_price").rule == "in_force"
    points = [(p.value, p.since, p.until) for p in world.catalog.card(GPT).prices if p.stated]
    assert points == [("1", "2025-01-01", "2026-01-01"), ("3", "2026-03-20", None)]
    assert world.catalog.dirty_models() == [GPT]


def test_a_cancelled_rise_is_seen(world: CatalogWorld) -> None:
    rise = Row(GPT, {"input_price": "3"}, "openrouter", qualifier={"from": "2026-03-20"})
    world.see(PRICED, rise)
    world.see(PRICED, day=5)
    world.now = START + 20 * DAY
    assert world.value("input_price") == "2"
    assert world.rows("SELECT value FROM claims WHERE until IS NOT NULL") == [("3",)]
    assert [p.value for p in world.catalog.card(GPT).prices if p.stated] == [], "it never came"


def test_a_told_price_taken_back_before_its_end_ended_then(world: CatalogWorld) -> None:
    dated = Row(GPT, {"input_price": "1"}, "openrouter", qualifier={"from": "2026-01-01", "to": "2027-01-01"})
    world.see(PRICED, dated)
    world.see(PRICED, day=5)
    spans = [(p.since[:10], p.until and p.until[:10]) for p in world.catalog.card(GPT).prices if p.stated]
    assert spans == [("2026-01-01", "2026-03-15")]


def test_conditions_stand_beside_the_plain_value(world: CatalogWorld) -> None:
    above = Row(GPT, {"input_price": "4"}, "openrouter", qualifier={"context_above": "200000"})
    world.see(PRICED, above)
    made = world.catalog.card(GPT).offers[0]
    assert made.facts["input_price"].value == "2"
    assert [(t.value, dict(t.qualifier)) for t in made.tiers] == [("4", {"context_above": "200000"})]


def test_the_past_is_what_was_published_then(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), about(GPT, name="GPT-4.1"))
    world.see(
        offer(GPT, input_price="3"), about(GPT, name="GPT-4.1"), offer("openai/o3", input_price="2"), day=5
    )
    then = world.catalog.card(GPT, as_of="2026-03-12")
    assert then.offers[0].facts["input_price"].value == "2"
    assert then.offers[0].facts["input_price"].reviewed_on == "2026-03-10"
    assert then.changes == ()
    assert [p.value for p in then.prices] == ["2"]
    assert then.prices[0].until is None
    assert [m.id for m in world.catalog.cards(as_of="2026-03-12")] == [GPT]
    assert world.value("input_price", as_of="2026-03-15") == "3"
    assert list(world.catalog.cards(as_of="2026-03-09")) == []


def test_a_value_said_twice_differently_is_kept_once_and_reported(world: CatalogWorld) -> None:
    report = world.see(offer(GPT, input_price="2"), offer(GPT, input_price="3"))
    assert (world.value("input_price"), report.rejected) == ("2", 1)
    world.see(
        offer(GPT, input_price="3"), offer(GPT, input_price="2"), offer("openai/o3", input_price="2"), day=1
    )
    assert world.value("input_price") == "2"
    assert [change.kind for change in world.catalog.changes()] == ["new_model"]


def test_a_repeated_refusal_is_one_row(world: CatalogWorld) -> None:
    for day in range(5):
        world.see(offer(GPT, input_price="!2 dollars", output_price=str(8 + day)), day=day)
    (only,) = world.catalog.quarantine()
    assert (only.name, only.attribute, only.raw, only.count) == (GPT, "input_price", "2 dollars", 5)
    assert (only.first_seen[:10], only.last_seen[:10]) == ("2026-03-10", "2026-03-14")
    world.see(offer(GPT, input_price="2", output_price="8"), day=6)
    assert world.catalog.quarantine() == []
    assert world.rows("SELECT count(*) FROM quarantine") == [(1,)]


def test_a_visit_taken_in_before_changes_nothing(world: CatalogWorld) -> None:
    seen = [
        (visit([PRICED]), [PRICED]),
        (visit([offer(GPT, input_price="3")], day=1), [offer(GPT, input_price="3")]),
    ]
    world.ingest(card(), seen)
    before = world.catalog.dump()
    assert world.ingest(card(), seen).outcomes == {"known": 2}
    assert world.ingest(card(), [(visit([PRICED], day=0.5), [PRICED])]).outcomes == {"late": 1}
    assert world.catalog.dump() == before


def test_two_visits_in_one_second_are_two(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"), warc="a.warc.gz")
    world.see(offer(GPT, input_price="3"), warc="b.warc.gz")
    assert world.value("input_price") == "3"


def test_an_answer_kept_by_a_cache_since_before_the_last_look_takes_nothing_back(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2"))
    world.see(offer(GPT, input_price="3"), day=2)
    report = world.see(offer(GPT, input_price="2"), day=3, age=2 * 86400)
    assert (report.outcomes, world.value("input_price")) == ({"error": 1}, "3")
    assert world.fact("input_price").last_verified == "2026-03-12T12:00:00Z"
    assert "as of 2026-03-11T12:00:00Z by its Age" in world.catalog.attempts()[-1].detail
    world.see(offer(GPT, input_price="2"), day=4, age=60)
    assert (world.value("input_price"), world.fact("input_price").last_verified) == (
        "2",
        "2026-03-14T11:59:00Z",
    )
