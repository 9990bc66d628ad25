"""Words: singular and plural, articles, agreement, no padding, nothing missing dressed up as a value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from cardwatch.auditing import vocabulary as words
from cardwatch.auditing.audited_page import AuditedPage, Text
from cardwatch.auditing.figure_text import date_text
from cardwatch.auditing.findings import Differences, expect_equal, wrong_if
from cardwatch.auditing.rendered_page import RenderedPage

COUNTED = r"(provider|route|offer|point|row|token|benchmark|source|fact|model|criterion)"
ONE_OF_MANY = re.compile(rf"(?<![\d.,])1 (Elo )?{COUNTED}s\b")
MANY_OF_ONE = re.compile(rf"(?<![\d.,])(?!1 )\d[\d,.]* (Elo )?{COUNTED}\b(?!s)")
PRODUCT = (
    r"(coding-specialized|standalone API|open-weights|embedding|reranker|image|audio|video|moderation) model"
)
BARE_NOUN = re.compile(rf"\b(is|are|was|were|than|against|and) {PRODUCT}\b")
WRONG_ARTICLE = re.compile(rf"\b(?:a (?=[aeiou])|an (?=[^aeiou])){PRODUCT}\b", re.IGNORECASE)
BARE_STATE = re.compile(r"\bis preview\b")
AGREEMENT = re.compile(
    r"\b(both|they|these|(?<!of )the two) (is|has|was|serves|leads|costs)\b|^· serve both\b|\band · serves both\b"
    r"|\b(leads|trails|loses|gains) (is|are)\b|^· (are|have|lead|trail|cost|were)\b",
    re.IGNORECASE,
)
SOURCELESS = re.compile(
    r"\b(unknown|unsourced|not[- ](yet[- ])?(sourced|available|known)|undisclosed|n/a|null|none|nan|tbd)\b",
    re.IGNORECASE,
)
UNKNOWN_REPORTER = re.compile(r"\b(an )?unknown (reporter|harness|version|mode)s?\b")
"""What is said of a score that is known."""
FILLER = re.compile(
    r"quick comparison signal|^this page (treats|compares)|^this keeps|^it also helps|^for teams\b|^the goal\b"
    r"|^it focuses\b|it depends on your|in conclusion|safer overall|at the end of the day|worth noting"
    r"|^overall, |great choice|ultimately",
    re.IGNORECASE,
)
LARGEST = re.compile(r"\b(largest|biggest|widest)\b", re.IGNORECASE)
STAR = re.compile(r"(?<=\w)\*(?![\w*])|\)\*")
BUILD = re.compile(r"(\d+)\s*[x×]\s*(\d+(?:\.\d+)?)\s*B\b", re.IGNORECASE)
TOTAL = re.compile(r"(\d+(?:\.\d+)?)\s*([TB])\b")
SIZES = {"B": 10**9, "T": 10**12}
WITHIN = 0.005


def check_plurals(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """One is one, two are many."""
    for where, text in texts:
        bare = page.truth.bare(text)
        wrong = ONE_OF_MANY.search(bare) or MANY_OF_ONE.search(bare)
        yield from wrong_if(wrong is not None, where, "a noun that agrees with its count", text)


def check_articles(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """A product is a thing with an article, and the right one."""
    for where, text in texts:
        bare = page.truth.bare(text)
        wrong = BARE_NOUN.search(bare) or WRONG_ARTICLE.search(bare) or BARE_STATE.search(bare)
        yield from wrong_if(wrong is not None, where, "a or an, as the noun wants", text)


def check_verb_agreement(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """One does, two do."""
    for where, text in texts:
        bare = page.truth.bare(text)
        wrong = AGREEMENT.search(bare) is not None
        yield from wrong_if(wrong, where, "a verb that agrees with its subject", text)


def check_unknown_texts(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """What is not known makes no sentence."""
    for where, text in texts:
        bare = UNKNOWN_REPORTER.sub("", page.truth.bare(text))
        wrong = SOURCELESS.search(bare) is not None
        yield from wrong_if(wrong and not _label(text), where, "a sentence from known facts", text)


def _label(text: str) -> bool:
    """Say whether a text is one of the page's fixed words: an empty section, a count of what is unknown."""
    return text in ("None.", "unknown") or text.startswith(("Unknown facts: ", "No overall winner: "))


def check_filler(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """No sentence only fills the page, none stands twice in a section."""
    for where, text in texts:
        wrong = FILLER.search(page.truth.bare(text)) is not None
        yield from wrong_if(wrong, where, "a sentence that says something", text)


def check_repetition(page: AuditedPage) -> Differences:
    """No statement stands twice in a section."""
    counts = Counter((statement["section"], statement["text"]) for statement in page.document["claims"])
    for (section, text), count in counts.items():
        yield from wrong_if(count > 1 and section not in ("faq", "switching"), section, "said once", text)


def check_superlatives(page: AuditedPage, texts: Sequence[Text]) -> Differences:
    """A superlative needs two scores or more."""
    for where, text in texts:
        claimed = LARGEST.search(page.truth.bare(text)) is not None
        few = len(page.truth.settled_scores) < 2
        yield from wrong_if(claimed and few, where, "two compared scores or more", text)


def check_footnotes(page: AuditedPage, view: RenderedPage) -> Differences:
    """Every star has a footnote."""
    notes = any(text.startswith("*") for _, text in view.texts())
    cells = [
        cell for name in ("specs", "scorecard") for row in view.section(name).table().rows for cell in row[1:]
    ]
    for text in (*cells, *(text for _, text in view.texts())):
        starred = STAR.search(page.truth.bare(text)) is not None
        yield from wrong_if(starred and not notes, "footnotes", "a footnote for the star", text)


def check_expert_totals(page: AuditedPage) -> Differences:
    """N experts of M parameters make the total that stands beside them, within half a percent."""
    for fact in page.document["facts"]:
        text = str(fact["display"])
        build, total = BUILD.search(text), TOTAL.search(BUILD.sub("", text))
        if fact["attribute"] in ("parameters_note", "parameters_total") and build and total:
            made = int(build.group(1)) * float(build.group(2)) * SIZES["B"]
            stated = float(total.group(1)) * SIZES[total.group(2)]
            off = abs(made / stated - 1)
            yield from wrong_if(off > WITHIN, f"facts.{fact['id']}", f"{stated / SIZES['B']:g}B", text)


def check_date_precision(page: AuditedPage) -> Differences:
    """A date has the precision of its source, in figures and in words."""
    for fact in page.document["facts"]:
        if fact["state"] == "known" and fact["attribute"].endswith(("_date", "_cutoff")):
            yield from expect_equal(f"facts.{fact['id']}.display", fact["value"], fact["display"])
    for statement, this, _ in page.sided("what_it_is"):
        released = this.word("release_date")
        if released:
            stated = f" {date_text(released)}." in statement["text"]
            exact = stated and (
                len(released.split("-")) == 3 or f"in {date_text(released)}." in statement["text"]
            )
            yield from wrong_if(
                not exact, f"claims.{statement['id']}", date_text(released), statement["text"]
            )


def check_table_heads(page: AuditedPage, view: RenderedPage) -> Differences:
    """Every column of every table has a heading, every row all its cells."""
    for name, table in view.tables():
        empty = not table.head or not all(table.head)
        yield from wrong_if(empty, f"{name}, table head", "text in every cell", table.head)
        short = [row[0] for row in table.rows if len(row) != len(table.head)]
        yield from expect_equal(f"{name}, rows of another length", [], short)


def check_unknown_values(page: AuditedPage) -> Differences:
    """What is not known is the word unknown with a reason, never a dash, a zero or a No."""
    for fact in page.document["facts"]:
        what = f"facts.{fact['id']}"
        if fact["state"] == "unknown":
            yield from expect_equal(f"{what}.display", "unknown", fact["display"])
            yield from expect_equal(f"{what}.value", None, fact["value"])
            yield from wrong_if(not fact["reason"], f"{what}.reason", "a reason", fact["reason"])
        yield from wrong_if(_null(str(fact["display"])), f"{what}.display", "unknown", fact["display"])
    for key in ("scorecard", "specs", "capabilities"):
        for row in page.document[key]:
            dashes = [row[side_id] for side_id in ("a", "b") if _null(str(row[side_id]))]
            yield from expect_equal(
                f"{key}.{row.get('signal') or row.get('attribute') or row['name']}", [], dashes
            )


def check_rendered_unknown_values(page: AuditedPage, view: RenderedPage) -> Differences:
    """The same in every rendered cell; in HTML the reason is there on hover."""
    for name, table in view.tables():
        dashes = [cell for row in table.rows for cell in row[1:] if _null(cell)]
        yield from expect_equal(f"{name}, empty cells", [], dashes)
    silent = [text for text, why in view.details.hovers if text == "unknown" and not why]
    yield from expect_equal("unknown without a reason", [], silent)


def _null(text: str) -> bool:
    return text.strip().lower() in words.NULLS


def check_evidence_for_no(page: AuditedPage) -> Differences:
    """Every No has evidence."""
    for row in page.document["capabilities"]:
        for side, fact in zip(page.truth.sides, row["facts"], strict=True):
            if row[side.side_id] == "no":
                shown = page.facts.get(fact, {})
                yield from wrong_if(
                    not shown.get("evidence"), f"capabilities.{row['name']}", "evidence", fact
                )
