"""A page that was read in part: what was read is fresh, what was not keeps its old date and is not gone."""

from __future__ import annotations

from dataclasses import replace

from support.made_catalogs import GPT, CatalogWorld, Row, card, offer, reading, visit

from cardwatch.crawler.documents import SourceUnreadPart, UnreadPart, Visit

OTHERS = [f"acme/model-{number}" for number in range(8)]
COMPLETE = card(complete=True)


def unread(text: str, *, rows: int = 1, kind: str = "row") -> UnreadPart:
    return UnreadPart(kind, "status", "one of []", repr(text), "/tr[9]", text, "Prices", rows)  # type: ignore[arg-type]


def see(
    world: CatalogWorld, rows: list[Row], *parts: UnreadPart, day: float, others: tuple[UnreadPart, ...] = ()
) -> object:
    made = visit(rows, day=day)
    document = made.documents[0]
    made = replace(
        made,
        unread=tuple(SourceUnreadPart(document, part) for part in parts),
        others=tuple(SourceUnreadPart(document, part) for part in others),
    )
    world.now = made.started

    def read(each: Visit) -> object:
        return replace(reading(each, rows), unread=each.unread)

    return world.catalog.ingest(COMPLETE, [made], read, rules=world.rules)  # type: ignore[arg-type]


def priced(*models: str, price: str = "2") -> list[Row]:
    return [offer(model, input_price=price) for model in models]


def test_a_model_in_an_unread_row_keeps_its_old_date_and_is_not_withdrawn(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    report = see(world, priced(*OTHERS), unread(f"{GPT} (retired, except here) | $3"), day=3)
    assert (report.gone, report.withdrawn, report.held_pages) == (0, 0, [])  # type: ignore[attr-defined]
    assert world.fact("input_price").reviewed_on == "2026-03-10"
    assert world.fact("input_price", OTHERS[0]).reviewed_on == "2026-03-13"
    assert world.rows("SELECT count(*) FROM absences") == [(0,)]
    assert world.rows("SELECT waiting, first_seen, until FROM unread_parts") == [
        (1, "2026-03-13T12:00:00Z", None)
    ]


def test_what_is_read_again_is_fresh_again(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    see(world, priced(*OTHERS), unread(f"{GPT} (odd)"), day=1)
    see(world, priced(GPT, *OTHERS), day=2)
    assert world.fact("input_price").reviewed_on == "2026-03-12"
    assert world.rows("SELECT until FROM unread_parts") == [("2026-03-12T12:00:00Z",)]


def test_what_may_stand_in_an_unread_part_is_not_taken_for_said_once(world: CatalogWorld) -> None:
    chosen = (
        "SELECT said_now FROM standing_claims WHERE model = 'openai/gpt-4.1' AND attribute = 'input_price'"
    )
    see(world, priced(GPT, *OTHERS), day=0)
    see(world, priced(*OTHERS), unread(f"{GPT} (odd)"), day=1)
    see(world, priced(*OTHERS), unread(f"{GPT} (odd)"), day=2)
    assert (world.rows(chosen), len(world.rows("SELECT * FROM unread_claims"))) == ([(1,)], 1)
    see(world, priced(*OTHERS), day=3)
    assert (world.rows(chosen), world.rows("SELECT * FROM unread_claims")) == ([(0,)], [])
    see(world, priced(GPT, *OTHERS), day=4)
    assert world.rows(chosen) == [(1,)]


def test_a_model_that_no_unread_part_names_is_gone(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    see(world, priced(*OTHERS[1:]), unread(f"{GPT} (odd)"), day=1)
    missing = world.rows("SELECT said_model FROM absences a JOIN listings l ON l.id = a.listing_id")
    assert missing == [(OTHERS[0],)]


def test_a_part_that_names_nobody_hides_no_more_models_than_it_has_rows(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    see(world, priced(GPT, *OTHERS[1:]), unread("???"), day=1)
    assert world.rows("SELECT count(*) FROM absences") == [(0,)]
    report = see(world, priced(GPT, OTHERS[1]), unread("???"), day=2)
    assert len(report.held_pages) == 1, "seven models cannot stand in one row"  # type: ignore[attr-defined]


def test_a_partial_read_releases_no_hold(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    see(world, [*priced(GPT, price="2000"), *priced(*OTHERS)], day=1)
    assert [hold.attribute for hold in world.catalog.holds()] == ["input_price"]
    see(world, priced(*OTHERS), unread(f"{GPT} (odd)"), day=2)
    see(world, priced(*OTHERS), unread(f"{GPT} (odd)"), day=3)
    assert [hold.attribute for hold in world.catalog.holds()] == ["input_price"]
    assert world.value("input_price") == "2"


def test_the_same_new_shape_is_dated_by_its_first_sight_whatever_its_figures(world: CatalogWorld) -> None:
    see(world, priced(*OTHERS), unread("beta | $1"), day=0)
    see(world, priced(*OTHERS), unread("beta | $2"), day=1)
    found = world.rows("SELECT text, first_seen FROM unread_parts WHERE until IS NULL")
    assert found == [("beta | $2", "2026-03-10T12:00:00Z")]


def test_a_refused_cell_keeps_its_old_date_and_counts_as_nothing_gone(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2", output_price="8"), day=0)
    report = world.see(offer(GPT, input_price="!2 or 3", output_price="8"), day=2)
    assert report.gone == 0
    assert (world.value("input_price"), world.fact("input_price").reviewed_on) == ("2", "2026-03-10")
    assert world.fact("output_price").reviewed_on == "2026-03-12"


def other_table(*models: str, more: int = 0) -> UnreadPart:
    text = "\n".join(["Label | Weather", *(f"{model} | fine" for model in models), *["x | y"] * more])
    return unread(text, kind="table", rows=len(models) + more)


def test_a_table_whose_heading_no_longer_tells_of_models_withdraws_none_of_them(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    report = see(world, priced(*OTHERS[2:]), others=(other_table(GPT, *OTHERS[:2]),), day=1)
    assert (report.gone, report.withdrawn) == (0, 0)  # type: ignore[attr-defined]
    assert world.rows("SELECT count(*) FROM absences") == [(0,)]
    assert world.rows("SELECT kind, waiting > 0 FROM unread_parts WHERE until IS NULL") == [("table", 1)]
    assert world.fact("input_price").reviewed_on == "2026-03-10"


def test_a_table_about_something_else_is_no_unread_part(world: CatalogWorld) -> None:
    see(world, priced(GPT, *OTHERS), day=0)
    see(world, priced(GPT, *OTHERS), others=(other_table(*OTHERS),), day=1)
    see(world, priced(*OTHERS), others=(other_table(GPT, more=3),), day=2)
    assert world.rows("SELECT count(*) FROM unread_parts") == [(0,)]
    assert len(world.rows("SELECT 1 FROM absences")) == 1, "one mention among others hides no model"


def test_what_a_row_with_an_unknown_key_says_less_may_stand_there(world: CatalogWorld) -> None:
    world.see(offer(GPT, input_price="2", output_price="8"), day=0)
    report = world.see(offer(GPT, input_price="2", **{"unknown.pricing.out": "!8"}), day=2)
    assert report.gone == 0
    assert (world.value("output_price"), world.fact("output_price").reviewed_on) == ("8", "2026-03-10")
