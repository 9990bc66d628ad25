"""Looking after an installation: doctor, backup, prune."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import click

from cardwatch.app import App, pass_app
from cardwatch.errors import CardwatchError, UsageError
from cardwatch.freshness_budget import limits_kept, limits_sentence
from cardwatch.notifications.delivery import UNUSABLE_ADDRESS, configured_receivers
from cardwatch.terminal import output


@click.command()
@click.option(
    "--relearn", is_flag=True, help="First learn from the attempts anew how often each page changes."
)
@output.format_option
@pass_app
def doctor(app: App, relearn: bool, form: str) -> None:
    """Check the catalog, the archive and the settings; exit 1 with what is wrong.

    \b
    cardwatch doctor
    """
    if relearn:
        with app.writing() as catalog:
            learned = catalog.relearn_change_rates()
        output.stderr_console().print(f"learned the rate of change of {learned} pages anew")
    rows = [
        {"check": check, "state": "ok" if ok else "wrong", "detail": detail}
        for check, ok, detail in installation_checks(app)
    ]
    output.print_rows(rows, ("check", "state", "detail"), form)
    if wrong := [row["check"] for row in rows if row["state"] == "wrong"]:
        raise CardwatchError(f"doctor: {', '.join(wrong)}")


def installation_checks(app: App) -> Iterator[tuple[str, bool, str]]:
    """Yield what was checked, whether it holds, and what was found."""
    from cardwatch.crawler.warc import BodyIndex

    contact = app.config.crawl.contact
    yield (
        "contact",
        True,  # looking needs none; only a live run does
        contact or 'none; for live runs put contact = "you@example.org" under [crawl] in cardwatch.toml',
    )
    with app.reading() as catalog:
        wrong = catalog.check()
        yield "catalog", not wrong, "; ".join(wrong) or str(app.home.catalog)
        index = BodyIndex.load(app.home.archive)
        digests = catalog.evidence_documents()
        lost = sorted(digest for digest in digests if index.find(digest) is None)
        detail = (
            f"{len(digests)} documents, all in the archive" if not lost else f"missing: {', '.join(lost[:3])}"
        )
        yield "evidence", not lost, detail
        latest = catalog.latest_attempt()
        ahead = f"a visit of {latest} lies ahead; those before it will count as late"
        yield (
            "clock",
            latest <= catalog.now,
            ahead if latest > catalog.now else f"last visit {latest or 'never'}",
        )
        report = catalog.stale_report(now=app.now(), limits=app.limits, interval=app.interval)
        yield "schedule", not report.schedule_dead, f"last run {report.last_run or 'never'}"
        kept = limits_kept(app, catalog)
        yield "limits", kept.ok, limits_sentence(app, kept)
    yield "notify", *_check_receivers(app)
    yield "settings", True, app.config.model_dump_json(exclude_defaults=True)


def _check_receivers(app: App) -> tuple[bool, str]:
    """Return whether every address can be used, and where they lead; the rest of them may be secret."""
    found = configured_receivers(app.config.notify)
    wrong = [receiver.label for receiver in found if receiver.service is None]
    if wrong:
        return False, f"{', '.join(wrong)}: {UNUSABLE_ADDRESS}"
    return True, ", ".join(
        receiver.label for receiver in found
    ) or "nobody; runs tell of nothing by themselves"


@click.command()
@click.argument("dest", type=click.Path(path_type=Path))
@pass_app
def backup(app: App, dest: Path) -> None:
    """Write a consistent copy of the catalog to DEST, also while a run writes.

    \b
    cardwatch backup /backups/catalog-2026-11-21.db
    """
    if not dest.parent.is_dir():
        raise UsageError(f"{dest.parent}: no such folder")
    with app.reading() as catalog:
        made = catalog.backup(dest)
    output.stderr_console().print(f"wrote {made} ({made.stat().st_size} bytes)")


@click.command()
@click.option("--keep", type=click.IntRange(1), metavar="DAYS", help="Instead of [archive] keep.")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@output.format_option
@pass_app
def prune(app: App, keep: int | None, dry_run: bool, form: str) -> None:
    """Drop archived bodies older than [archive] keep days that no present fact leans on.

    What stays: what present facts were read from, each page's last good reading and what came after it,
    whatever waits for a decision, and the line about every visit. Facts of the past keep the digest of what
    they were read from. A replay of a pruned archive tells the present in full and less of the past.

    \b
    cardwatch prune --dry-run
    cardwatch prune --keep 365
    """
    from cardwatch import pruning

    days = keep or app.config.archive.keep
    if not days:
        raise UsageError(
            "prune: everything is kept; put keep = 365 under [archive] in cardwatch.toml, or --keep"
        )
    with app.writing() as catalog:
        found = pruning.unneeded_bodies(catalog, app.home.archive, app.now() - timedelta(days=days))
        for spared in () if dry_run else found:
            pruning.prune_file(catalog, spared)
    rows = [{"file": s.file.name, "bodies": len(s.bodies), "bytes": s.size} for s in found]
    output.print_rows(rows, ("file", "bodies", "bytes"), form, empty="nothing to drop")
