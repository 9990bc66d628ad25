"""The archive by its policy: what nothing leans on goes, what anything leans on stays, at any moment of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

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


SETTINGS = "[compare]\nneighbours = 0\n"


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> CliHome:
    """Five days of one page: two prices that are history, the present one twice, then a wall nobody could read."""
    folder = tmp_path_factory.mktemp("grown")
    with ProxiedHosts() as internet:
        cli_home = CliHome(folder, SETTINGS, internet.environment(folder))
        for day, answer in enumerate([*map(page, PRICES), Answer("<html>Sign in")]):
            internet.put(URL, answer)
            cli_home.types("refresh", SOURCE, "--all", "--now", f"2026-11-{day + 1:02}T06:00:00Z", code=None)
    return cli_home


@pytest.fixture
def cli_home(grown: CliHome, tmp_path: Path) -> CliHome:
    """A copy of the grown home."""
    copytree(grown.folder, tmp_path, dirs_exist_ok=True)
    return CliHome(tmp_path, SETTINGS, grown.environment)


def find(cli_home: CliHome, keep: int = 30) -> list[UnneededBodies]:
    now = datetime.fromisoformat(LATER)
    with CatalogStore(cli_home.home / "catalog.db", now=lambda: now) as catalog:
        return unneeded_bodies(catalog, cli_home.home / "archive", now - timedelta(days=keep))


def sizes(cli_home: CliHome) -> list[int]:
    return [file.stat().st_size for file in warc_files(cli_home.home / "archive")]


def test_only_what_nothing_leans_on_goes_and_the_present_can_be_replayed(cli_home: CliHome) -> None:
    before, present = sizes(cli_home), cli_home.reads("show", "gpt-oss-120b")
    listed = cli_home.reads("prune", "--keep", "30", "--dry-run", "--now", LATER)
    assert sizes(cli_home) == before

    assert cli_home.reads("prune", "--keep", "30", "--now", LATER) == listed
    after = sizes(cli_home)
    assert [now < then for now, then in zip(after, before, strict=True)] == [False, True, False, False, False]
    _, note, *_ = scan_records(warc_files(cli_home.home / "archive")[1])
    assert sum(before) - sum(after) == sum(row["bytes"] for row in listed) - (note.end - note.offset)
    bodies = BodyIndex.load(cli_home.home / "archive")
    live = cli_home.rows(
        "select distinct d.digest from claims c join documents d on d.id = document_id where until is null"
    )
    assert len(live) == 2
    assert all(bodies.body(digest) for (digest,) in live)
    assert cli_home.rows("select count(*) from documents where archive = ''") == [(1,)]
    cli_home.types("doctor", "--now", "2026-11-05T07:00:00Z")
    assert cli_home.reads("prune", "--keep", "30", "--now", LATER) == []

    facts = cli_home.claims
    cli_home.types("normalize")
    assert cli_home.claims == facts, "what was read stays read"
    ran = cli_home.types("--home", "again", "replay", "var/archive", "--json", code=1)  # the wall stays one
    assert ran.summary()["outcomes"] == {"verified_changed": 2, "verified_same": 1, "unparsed": 1}
    answer = cli_home.reads("--home", "again", "show", "gpt-oss-120b")
    assert [offer["input_price"] for offer in answer["offers"]] == [
        o["input_price"] for o in present["offers"]
    ]


def test_every_place_in_the_catalog_leads_to_its_bytes_after_pruning(cli_home: CliHome) -> None:
    cli_home.types("prune", "--keep", "30", "--now", LATER)
    files = {
        file.name: {e.offset: e for e in scan_records(file)} for file in warc_files(cli_home.home / "archive")
    }
    for table, digest in (("documents", "digest"), ("attempts", "body")):
        for file, offset, body in cli_home.rows(
            f"select archive, archive_offset, {digest} from {table} where archive <> ''"
        ):
            assert files[file][offset].digest == body


@pytest.mark.parametrize("keep", ["180", "365"])
def test_young_bodies_stay(cli_home: CliHome, keep: str) -> None:
    gone = cli_home.reads("prune", "--keep", keep, "--dry-run", "--now", LATER)
    assert bool(gone) is (keep == "180")


def test_what_waits_for_a_decision_stays(tmp_path: Path) -> None:
    with ProxiedHosts() as internet:
        cli_home = CliHome(tmp_path, "[compare]\nneighbours = 0\n", internet.environment(tmp_path))
        for day, price in enumerate(("$0.15 input", "$9.15 input")):
            internet.put(URL, page(price))
            cli_home.types("refresh", SOURCE, "--all", "--now", f"2026-11-{day + 1:02}T06:00:00Z", code=None)
        assert cli_home.reads("holds")
        assert find(cli_home) == []


def test_a_kill_leaves_the_old_file_or_the_new(cli_home: CliHome) -> None:
    one, *_ = find(cli_home)
    whole = one.file.read_bytes()
    thin = write_copy_without(one.file, prune_note(one.bodies))
    cli_home.types("normalize")
    assert one.file.read_bytes() == whole, "nothing was noted, so nothing was done"
    assert not thin.path.exists()

    thin = write_copy_without(one.file, prune_note(one.bodies))
    with CatalogStore.open(cli_home.home / "catalog.db", now=datetime.now) as catalog:
        catalog.record_rewritten_file(one.file.name, thin.moved, thin.path.stat().st_size)
    facts = cli_home.claims
    cli_home.types("normalize")
    assert len(one.file.read_bytes()) == len(whole) - thin.saved
    assert not [*one.file.parent.glob(f"*{PRUNED_SUFFIX}")]
    assert cli_home.claims == facts


def test_everything_is_kept_until_a_policy_says_otherwise(cli_home: CliHome) -> None:
    ran = cli_home.types("prune", code=2)
    assert ran.err.strip() == (
        "cardwatch: prune: everything is kept; put keep = 365 under [archive] in cardwatch.toml, or --keep"
    )
    cli_home.settings("[archive]\nkeep = 30\n")
    assert len(cli_home.reads("prune", "--dry-run", "--now", LATER)) == 1
