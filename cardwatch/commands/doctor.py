"""`cardwatch doctor`: check the catalog, the archive and the settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from cardwatch.app import App, pass_app
from cardwatch.config import settings_json
from cardwatch.crawler.body_index import BodyIndex
from cardwatch.crawler.warc import warc_files
from cardwatch.db.catalog_reports import CatalogReports
from cardwatch.errors import CardwatchError
from cardwatch.freshness_budget import build_stale_report, limits_kept, limits_sentence
from cardwatch.mending import ArchiveDamage, find_damage, find_unreadable, mend_archive
from cardwatch.notifications.delivery import UNUSABLE_ADDRESS, configured_receivers
from cardwatch.terminal import output


@click.command()
@click.option(
    "--relearn", is_flag=True, help="First learn from the attempts anew how often each page changes."
)
@click.option("--quick", is_flag=True, help="Leave out the check of the archive's bytes.")
@click.option("--mend", is_flag=True, help="First set damaged and unreadable records of the archive apart.")
@output.format_option
@pass_app
def doctor(app: App, relearn: bool, quick: bool, mend: bool, form: str) -> None:
    """Check the catalog, the archive and the settings; exit 1 with what is wrong.

    Each record of the archive is compared with its digests; a damaged one is named, with the facts that lean on it.
    --mend moves the bytes of such records to files below archive/damaged, and has their pages fetched whole.

    \b
    cardwatch doctor
    cardwatch doctor --mend
    """
    if mend:
        with app.writing() as catalog:
            mended = mend_archive(catalog, app.home.archive)
        for place in mended.places:
            output.echo(f"set apart: {place}", err=True)
        output.echo(
            f"set apart {len(mended.places)} records; pages the next run fetches whole: {mended.refetched}",
            err=True,
        )
    if relearn:
        with app.writing() as catalog:
            learned = catalog.relearn_change_rates()
        output.echo(f"learned the rate of change of {learned} pages anew", err=True)
    rows = [
        {"check": check, "state": "ok" if ok else "wrong", "detail": detail}
        for check, ok, detail in installation_checks(app, quick=quick)
    ]
    output.print_rows(rows, ("check", "state", "detail"), form)
    if wrong := dict.fromkeys(row["check"] for row in rows if row["state"] == "wrong"):
        raise CardwatchError(f"doctor: {', '.join(wrong)}")


def installation_checks(app: App, *, quick: bool = False) -> Iterator[tuple[str, bool, str]]:
    """Yield what was checked, whether it holds, and what was found."""
    contact = app.config.crawl.contact
    yield (
        "contact",
        True,  # looking needs none; only a live run does
        contact or 'none; for live runs put contact = "you@example.org" under [crawl] in cardwatch.toml',
    )
    with app.reading() as catalog:
        wrong = catalog.check()
        yield "catalog", not wrong, "; ".join(wrong) or str(app.home.catalog)
        damage = [] if quick else [*find_damage(catalog, app.home.archive)]
        yield "evidence", *_check_evidence(app, catalog, damage)
        files = len(warc_files(app.home.archive))
        whole = f"{files} files, " + ("their bytes not checked" if quick else "every record as it was kept")
        yield "archive", not damage, f"{len(damage)} damaged records" if damage else whole
        for found in damage:
            yield "record", False, found.sentence()
        for place, _ in find_unreadable(catalog, app.home.archive):
            yield "record", False, str(place)
        latest = catalog.latest_attempt()
        ahead = f"a visit of {latest} lies ahead; those before it will count as late"
        yield (
            "clock",
            latest <= catalog.now,
            ahead if latest > catalog.now else f"last visit {latest or 'never'}",
        )
        report = build_stale_report(app, catalog, sums_only=True)
        yield "schedule", not report.schedule_dead, f"last run {report.last_run or 'never'}"
        kept = limits_kept(app, catalog)
        findings = [f"{each.source}: {each.finding}" for each in catalog.reading_findings(app.limits)]
        yield "reading", not findings, "; ".join(findings) or "every source is read as usual"
        yield "limits", kept.ok, limits_sentence(app, kept)
    yield "notify", *_check_receivers(app)
    yield "settings", True, settings_json(app.config)


def _check_evidence(app: App, catalog: CatalogReports, damage: Sequence[ArchiveDamage]) -> tuple[bool, str]:
    """Return whether the bytes behind every published value are there, but those that were set apart."""
    index = BodyIndex.load(app.home.archive)
    digests = catalog.evidence_documents()
    lost = sorted(digest for digest in digests if index.find(digest) is None)
    leaning = sum(len(found.facts) for found in damage)
    if leaning:
        return False, f"{leaning} facts lean on damaged records, named below"
    if lost:
        return False, f"missing: {', '.join(lost[:3])}"
    return True, f"{len(digests)} documents, all in the archive"


def _check_receivers(app: App) -> tuple[bool, str]:
    """Return whether every address can be used, and where they lead; the rest of them may be secret."""
    found = configured_receivers(app.config.notify)
    wrong = [receiver.label for receiver in found if receiver.service is None]
    if wrong:
        return False, f"{', '.join(wrong)}: {UNUSABLE_ADDRESS}"
    return True, ", ".join(
        receiver.label for receiver in found
    ) or "nobody; runs tell of nothing by themselves"
