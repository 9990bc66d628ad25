"""The two readable renderings of a comparison: Markdown and HTML, from the same layout."""

from __future__ import annotations

from cardwatch.compare import escape
from cardwatch.compare.comparison import Comparison
from cardwatch.compare.layout import title, write
from cardwatch.compare.pens import HtmlPen, MarkdownPen
from cardwatch.compare.review import Stamp, review

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{border:1px solid #8888;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    ".scroll{overflow-x:auto}.unknown,.conflicting{font-style:italic}:root{color-scheme:light dark}"
)


def markdown(comparison: Comparison, stamp: Stamp) -> str:
    """Return the page as Markdown (CommonMark with GFM tables)."""
    pen = MarkdownPen(comparison.claims)
    write(pen, comparison, stamp, review(comparison, stamp))
    return pen.done()


def article(comparison: Comparison, stamp: Stamp) -> str:
    """Return the page as one HTML article, without script or style, for a site to frame.

    What a script needs for other traffic stands in data attributes: volumes on #cost, prices on each offer.
    """
    looked = review(comparison, stamp)
    pen = HtmlPen()
    write(pen, comparison, stamp, looked)
    marks = f'data-snapshot="{comparison.snapshot}" data-level="{looked.level}"'
    return f'<article class="comparison" {marks}>{pen.done()}</article>'


def html(comparison: Comparison, stamp: Stamp) -> str:
    """Return the page as an HTML document that stands alone and loads nothing."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape.html(title(comparison))}</title><style>{STYLE}</style></head>"
        f"<body><main>{article(comparison, stamp)}</main></body></html>\n"
    )
