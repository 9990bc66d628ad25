"""The archive by its policy: what nothing leans on goes, what anything leans on stays, at any moment of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.cli_home import CliHome
from support.https_proxy import TYPES, ProxiedHosts
from support.loopback import Answer
from support.recorded_pages import PAGES, spiders

from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.prune import PRUNED_SUFFIX, prune_note, write_copy_without
from cardwatch.crawler.warc import scan_records, warc_files
from cardwatch.db.catalog import CatalogStore
from cardwatch.pruning import UnneededBodies, unneeded_bodies

SOURCE = "groq_models"
URL = spiders()[SOURCE].url
PAGE = (PAGES / SOURCE / "models.md").read_text(encoding="utf-8")
PRICES = ("$0.15 input", "$0.16 input", "$0.17 input", "$0.17 input")
LATER = "2027-06-01T00:00:00Z"


def page(price: str) -> Answer:
    return Answer(PAGE.replace(PRICES[0], price), headers={"Content-Type": TYPES[".md"]})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[CliHome]:
    """Five days of one page: two prices that are history, the present one twice, then a wall nobody could read."""
    with ProxiedHosts() as internet:
        desk = CliHome(tmp_path, "[compare]\nneighbours = 0\n", internet.environment(tmp_path))
        for day, answer in enumerate([*map(page, PRICES), Answer("<html>Sign in")]):
            internet.put(URL, answer)
            desk.types("refresh", SOURCE, "--all", "--now", f"2026-11-{day + 1:02}T06:00:00Z", code=None)
        yield desk


def find(desk: CliHome, keep: int = 30) -> list[UnneededBodies]:
    now = datetime.fromisoformat(LATER)
    with CatalogStore(desk.home / "catalog.db", now=lambda: now) as catalog:
        return unneeded_bodies(catalog, desk.home / "archive", now - timedelta(days=keep))


def sizes(desk: CliHome) -> list[int]:
    return [file.stat().st_size for file in warc_files(desk.home / "archive")]


def test_only_what_nothing_leans_on_goes_and_the_present_can_be_replayed(desk: CliHome) -> None:
    before, present = sizes(desk), desk.reads("show", "gpt-oss-120b")
    listed = desk.reads("prune", "--keep", "30", "--dry-run", "--now", LATER)
    assert sizes(desk) == before

    assert desk.reads("prune", "--keep", "30", "--now", LATER) == listed
    after = sizes(desk)
    assert [now < then for now, then in zip(after, before, strict=True)] == [False, True, False, False, False]
    _, note, *_ = scan_records(warc_files(desk.home / "archive")[1])
    assert sum(before) - sum(after) == sum(row["bytes"] for row in listed) - (note.end - note.offset)
    bodies = BodyIndex.load(desk.home / "archive")
    live = desk.rows(
        "select distinct d.digest from claims c join documents d on d.id = document_id where until is null"
    )
    assert len(live) == 2
    assert all(bodies.body(digest) for (digest,) in live)
    assert desk.rows("select count(*) from documents where archive = ''") == [(1,)]
    desk.types("doctor", "--now", "2026-11-05T07:00:00Z")
    assert desk.reads("prune", "--keep", "30", "--now", LATER) == []

    facts = desk.claims
    desk.types("normalize")
    assert desk.claims == facts, "what was read stays read"
    ran = desk.types("--home", "again", "replay", "var/archive", "--json", code=1)  # the wall stays one
    assert ran.summary()["outcomes"] == {"verified_changed": 2, "verified_same": 1, "unparsed": 1}
    told = desk.reads("--home", "again", "show", "gpt-oss-120b")
    assert [offer["input_price"] for offer in told["offers"]] == [o["input_price"] for o in present["offers"]]


def test_every_place_in_the_catalog_leads_to_its_bytes_after_pruning(desk: CliHome) -> None:
    desk.types("prune", "--keep", "30", "--now", LATER)
    files = {
        file.name: {e.offset: e for e in scan_records(file)} for file in warc_files(desk.home / "archive")
    }
    for table, digest in (("documents", "digest"), ("attempts", "body")):
        for file, offset, body in desk.rows(
            f"select archive, archive_offset, {digest} from {table} where archive <> ''"
        ):
            assert files[file][offset].digest == body


@pytest.mark.parametrize("keep", ["180", "365"])
def test_young_bodies_stay(desk: CliHome, keep: str) -> None:
    gone = desk.reads("prune", "--keep", keep, "--dry-run", "--now", LATER)
    assert bool(gone) is (keep == "180")


def test_what_waits_for_a_decision_stays(tmp_path: Path) -> None:
    with ProxiedHosts() as internet:
        desk = CliHome(tmp_path, "[compare]\nneighbours = 0\n", internet.environment(tmp_path))
        for day, price in enumerate(("$0.15 input", "$9.15 input")):
            internet.put(URL, page(price))
            desk.types("refresh", SOURCE, "--all", "--now", f"2026-11-{day + 1:02}T06:00:00Z", code=None)
        assert desk.reads("holds")
        assert find(desk) == []


def test_a_kill_leaves_the_old_file_or_the_new(desk: CliHome) -> None:
    one, *_ = find(desk)
    whole = one.file.read_bytes()
    thin = write_copy_without(one.file, prune_note(one.bodies))
    desk.types("normalize")
    assert one.file.read_bytes() == whole, "nothing was noted, so nothing was done"
    assert not thin.path.exists()

    thin = write_copy_without(one.file, prune_note(one.bodies))
    with CatalogStore.open(desk.home / "catalog.db", now=datetime.now) as catalog:
        catalog.record_rewritten_file(one.file.name, thin.moved, thin.path.stat().st_size)
    facts = desk.claims
    desk.types("normalize")
    assert len(one.file.read_bytes()) == len(whole) - thin.saved
    assert not [*one.file.parent.glob(f"*{PRUNED_SUFFIX}")]
    assert desk.claims == facts


def test_everything_is_kept_until_a_policy_says_otherwise(desk: CliHome) -> None:
    ran = desk.types("prune", code=2)
    assert ran.err.strip() == (
        "cardwatch: prune: everything is kept; put keep = 365 under [archive] in cardwatch.toml, or --keep"
    )
    desk.settings("[archive]\nkeep = 30\n")
    assert len(desk.reads("prune", "--dry-run", "--now", LATER)) == 1
