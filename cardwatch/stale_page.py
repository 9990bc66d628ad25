"""The stale-data report as one HTML page that loads nothing: sums, a picture of age against limit, rows."""

from __future__ import annotations

from html import escape

from db.stale import StaleReport, StaleRow, grouped

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = (
    ":root{color-scheme:light dark;--ok:#2e7d32;--warn:#b26a00;--bad:#c62828}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
    "th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #8884;vertical-align:top}"
    "td.n,th.n{text-align:right}.warn{color:var(--warn)}.error{color:var(--bad)}.scroll{overflow-x:auto}"
    "svg text{font:12px system-ui,sans-serif;fill:currentColor}"
)
WIDTH, BAR, LEFT = 640, 22, 190


def html_page(report: StaleReport) -> str:
    """Return the whole document."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Stale data</title><style>{STYLE}</style></head>"
        f"<body><main>{body(report)}</main></body></html>\n"
    )


def body(report: StaleReport) -> str:
    """Return the page's content, for a site to frame."""
    total = report.total
    dead = (
        "<p class=error>No run has finished for twice the usual interval.</p>" if report.schedule_dead else ""
    )
    return (
        f"<h1>Stale data</h1><p>As of {escape(report.generated_at)}: {total.fresh} facts fresh, "
        f"<span class=warn>{total.warn} warn</span>, <span class=error>{total.error} error</span>; "
        f"{report.never_sourced} never sourced, {report.held} held, {report.quarantined} quarantined. "
        f"Oldest fact: {escape(report.oldest or 'none')}. "
        f"Next run expected: {escape(report.next_run or 'unknown')}.</p>"
        f"{dead}{picture(report)}{table(report)}"
    )


def picture(report: StaleReport) -> str:
    """Draw, per source, the share of its facts that is fresh, due for review and out of date."""
    bars = "".join(
        _bar(number, name, (share.fresh, share.warn, share.error))
        for number, (name, share) in enumerate(report.by_source.items())
    )
    height = BAR * len(report.by_source) + 4
    says = "; ".join(
        f"{name}: {share.fresh} fresh, {share.warn} warn, {share.error} error"
        for name, share in report.by_source.items()
    )
    return (
        f'<h2>By source</h2><div class=scroll><svg role="img" aria-label="{escape(says)}" width="{WIDTH}" '
        f'height="{height}" viewBox="0 0 {WIDTH} {height}">{bars}</svg></div>'
    )


def _bar(number: int, name: str, counts: tuple[int, int, int]) -> str:
    total, room, x, y = sum(counts), WIDTH - LEFT - 60, float(LEFT), number * BAR + 4
    parts = [f'<text x="0" y="{y + 12}">{escape(name)}</text>']
    for count, colour in zip(counts, ("var(--ok)", "var(--warn)", "var(--bad)"), strict=True):
        width = room * count / total if total else 0
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="14" fill="{colour}"/>')
        x += width
    return "".join(parts) + f'<text x="{WIDTH - 55}" y="{y + 12}">{total}</text>'


def table(report: StaleReport) -> str:
    """Return one line per stale group: facts of one source with one reason and one day."""
    if not report.rows:
        return "<p>Every fact is within its limit.</p>"
    heads = "<th>Level<th>Source<th>What<th>Last verified<th class=n>Age<th class=n>Limit<th>Why<th>Next due"
    lines = "".join(
        _line(group.worst, group.models, group.attributes, group.facts) for group in grouped(report.rows)
    )
    table_text = f"<table><thead><tr>{heads}</thead><tbody>{lines}</tbody></table>"
    return f"<h2>Stale facts</h2><div class=scroll>{table_text}</div>"


def _line(worst: StaleRow, models: tuple[str, ...], attributes: tuple[str, ...], facts: int) -> str:
    what = models[0] if len(models) == 1 else f"{len(models)} models"
    due = worst.next_due[:10] if worst.next_due else "by hand"
    return (
        f"<tr><td class={worst.level}>{worst.level}<td>{escape(worst.source)}"
        f"<td>{escape(what)}: {escape(', '.join(attributes))} ({facts})<td>{escape(worst.last_verified[:10])}"
        f"<td class=n>{worst.age_days} d<td class=n>{worst.limit_days} d"
        f"<td>{escape(worst.reason)}<td>{escape(due)}"
    )
