"""`cardwatch doctor`: check the catalog, the archive and the settings."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cardwatch.app import App, pass_app
from cardwatch.config import settings_json
from cardwatch.errors import CardwatchError
from cardwatch.freshness_budget import build_stale_report, limits_kept, limits_sentence
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
        output.echo(f"learned the rate of change of {learned} pages anew", err=True)
    rows = [
        {"check": check, "state": "ok" if ok else "wrong", "detail": detail}
        for check, ok, detail in installation_checks(app)
    ]
    output.print_rows(rows, ("check", "state", "detail"), form)
    if wrong := [row["check"] for row in rows if row["state"] == "wrong"]:
        raise CardwatchError(f"doctor: {', '.join(wrong)}")


def installation_checks(app: App) -> Iterator[tuple[str, bool, str]]:
    """Yield what was checked, whether it holds, and what was found."""
    from cardwatch.crawler.body_index import BodyIndex

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
        report = build_stale_report(app, catalog)
        yield "schedule", not report.schedule_dead, f"last run {report.last_run or 'never'}"
        kept = limits_kept(app, catalog)
        findings = [f"{each.source}: {each.finding}" for each in catalog.reading_findings(app.limits)]
        yield "reading", not findings, "; ".join(findings) or "every source is read as usual"
        yield "limits", kept.ok, limits_sentence(app, kept)
    yield "notify", *_check_receivers(app)
    yield "settings", True, settings_json(app.config)


def _check_receivers(app: App) -> tuple[bool, str]:
    """Return whether every address can be used, and where they lead; the rest of them may be secret."""
    found = configured_receivers(app.config.notify)
    wrong = [receiver.label for receiver in found if receiver.service is None]
    if wrong:
        return False, f"{', '.join(wrong)}: {UNUSABLE_ADDRESS}"
    return True, ", ".join(
        receiver.label for receiver in found
    ) or "nobody; runs tell of nothing by themselves"
