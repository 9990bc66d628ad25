"""The two readable renderings of a comparison: Markdown and HTML, from the same layout."""

from __future__ import annotations

from cardwatch.compare.comparison import Comparison
from cardwatch.compare.render.comparison_layout import comparison_title, write_comparison
from cardwatch.compare.render.page_writers import HtmlWriter, MarkdownWriter
from cardwatch.compare.render.review import RenderContext, review_comparison
from cardwatch.compare.wording import escaping

CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{border:1px solid #8888;padding:.3rem .6rem;text-align:left;vertical-align:top}"
    ".scroll{overflow-x:auto}.unknown,.conflicting{font-style:italic}:root{color-scheme:light dark}"
)


def render_markdown(comparison: Comparison, stamp: RenderContext) -> str:
    """Return the page as Markdown (CommonMark with GFM tables)."""
    writer = MarkdownWriter([*[s.text for s in comparison.claims], *[put for put, _ in comparison.faq]])
    write_comparison(writer, comparison, stamp, review_comparison(comparison, stamp))
    return writer.done()


def render_article(comparison: Comparison, stamp: RenderContext) -> str:
    """Return the page as one HTML article, without script or style, for a site to frame.

    What a script needs for other traffic stands in data attributes: volumes on #cost, prices on each offer.
    """
    looked = review_comparison(comparison, stamp)
    writer = HtmlWriter()
    write_comparison(writer, comparison, stamp, looked)
    marks = f'data-snapshot="{comparison.snapshot}" data-level="{looked.level}"'
    return f'<article class="comparison" {marks}>{writer.done()}</article>'


def render_html(comparison: Comparison, stamp: RenderContext) -> str:
    """Return the page as an HTML document that stands alone and loads nothing."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{CSP}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escaping.escape_html(comparison_title(comparison))}</title><style>{STYLE}</style></head>"
        f"<body><main>{render_article(comparison, stamp)}</main></body></html>\n"
    )
