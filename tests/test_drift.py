"""From an alarm to a mended source: refresh, drift, record --from-archive, on pages of each kind."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from support.foreign_archive import Foreign
from support.recorded_pages import PAGES
from support.typed_commands import run_typed

from cardwatch.crawler.spiders import google_pricing
from cardwatch.crawler.warc import body_digest

MARKDOWN = {"Content-Type": "text/markdown"}
HTML = {"Content-Type": "text/html"}
JSON = {"Content-Type": "application/json"}

ANTHROPIC = "https://platform.claude.com/docs/en/about-claude/pricing.md"
CLOUDFLARE = "https://developers.cloudflare.com/workers-ai/platform/pricing/index.md"
GOOGLE = "https://ai.google.dev/gemini-api/docs/pricing"

VERCEL = "https://ai-gateway.vercel.sh/v1/models"
ROUTER = "https://router.huggingface.co/v1/models"
NEW_TABLE = (
    "\n## Model prices by weather\n\n| Model | Sunny | Rainy |\n|---|---|---|\n| Claude Opus 5 | $1 | $2 |\n"
)


def visits(folder: Path, url: str, *bodies: str, headers: Mapping[str, str]) -> Path:
    """Return a WARC file with one visit a day, from May 10th."""
    foreign = Foreign(folder / "visits.warc.gz")
    for day, body in enumerate(bodies, start=10):
        digest = {"WARC-Payload-Digest": body_digest(body.encode())}
        foreign.add(url, body, day=day, headers=headers, **digest)
    return foreign.done()


def page(source: str, name: str) -> str:
    return (PAGES / source / name).read_text(encoding="utf-8")


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_a_page_with_an_odd_row_and_a_new_table_is_read_in_part_and_told_once(tmp_path: Path) -> None:
    before = page("anthropic_pricing", "2026-09-24.md")
    after = changed(before, "Claude Opus 5.5", "Claude Opus 5.5 (beloved, mostly)") + NEW_TABLE
    home = tmp_path / "home"
    warc = visits(tmp_path, ANTHROPIC, before, after, headers=MARKDOWN)
    result = run_typed("replay", str(warc), home=home)
    assert "anthropic_pricing: read in part: 1 of " in result.out
    assert "rows, 1 table (cardwatch drift anthropic_pricing)" in result.out
    rows = run_typed("drift", "anthropic_pricing", "--format", "json", home=home).json
    assert sorted((row["kind"], row["since"][:10]) for row in rows) == [
        ("row", "2026-05-11"),
        ("table", "2026-05-11"),
    ]
    (row,) = (row for row in rows if row["kind"] == "row")
    assert row["text"].startswith("Claude Opus 5.5 (beloved, mostly) | ")
    assert (row["waiting"] > 0, row["url"]) == (True, ANTHROPIC)
    (table,) = (row for row in rows if row["kind"] == "table")
    assert table["text"] == "Model | Sunny | Rainy\nClaude Opus 5 | $1 | $2"
    (source,) = run_typed("sources", "--format", "json", home=home).json
    assert source["reason"].startswith("read in part since 2026-05-11: 1 of ")
    result = run_typed("notify", "--dry-run", home=home, code=None)
    assert result.out.count("anthropic_pricing: 1 part not understood") <= 2


def test_a_table_that_lost_its_heading_is_told_and_its_models_stay(tmp_path: Path) -> None:
    before = page("cloudflare_pricing", "pricing.md")
    heading = next(line for line in before.splitlines() if line.casefold().startswith("| model"))
    after = changed(before, heading, heading.replace("Model", "What we serve", 1))
    home, source = tmp_path / "home", "cloudflare_pricing"
    run_typed("replay", str(visits(tmp_path, CLOUDFLARE, before, after, headers=MARKDOWN)), home=home)
    (row,) = run_typed("drift", source, "--format", "json", home=home).json
    assert (row["kind"], row["wanted"]) == ("table", "a table about models")
    assert "What we serve" in row["found"]
    assert row["waiting"] > 3
    gone = run_typed("changes", "--format", "json", "--since", "2026-05-11", home=home).json
    assert [change for change in gone if change["source"] == source] == []


def test_a_listing_with_fewer_rows_than_it_has_as_a_whole_is_read_and_takes_nothing_away(
    tmp_path: Path,
) -> None:
    models = json.loads(page("vercel_models", "2026-03-05.json"))
    fewer = json.dumps({**models, "data": models["data"][:4]})
    home, source = tmp_path / "home", "vercel_models"
    run_typed(
        "replay", str(visits(tmp_path, VERCEL, json.dumps(models), fewer, fewer, headers=JSON)), home=home
    )
    (row,) = run_typed("drift", source, "--format", "json", home=home).json
    assert (row["kind"], row["what"], row["wanted"]) == ("section", "rows", "at least 300")
    assert row["waiting"] > 10
    gone = run_typed("changes", "--format", "json", "--since", "2026-05-11", home=home).json
    assert [change for change in gone if change["source"] == source] == []


def test_a_part_unread_past_the_error_limit_ends_a_run_with_1(tmp_path: Path) -> None:
    before = page("anthropic_pricing", "2026-09-24.md")
    warc = visits(tmp_path, ANTHROPIC, before, before + NEW_TABLE, headers=MARKDOWN)
    home = tmp_path / "home"
    run_typed("replay", str(warc), home=home)
    assert run_typed("normalize", home=home, now="2026-05-20T00:00:00Z").code == 0
    late = run_typed("normalize", home=home, now="2026-06-20T00:00:00Z", code=1)
    assert "not understood past the error limit: anthropic_pricing (40 days)" in late.err
    why = run_typed("stale", home=home, now="2026-06-20T00:00:00Z").out
    assert "anthropic_pricing: not read whole for 40 days" in why
    again = run_typed("replay", str(warc), home=home, now="2026-06-20T00:00:00Z", code=1)
    assert "not understood past the error limit: anthropic_pricing (40 days)" in again.err


def test_each_thing_the_self_check_finds_is_told_everywhere(tmp_path: Path) -> None:
    whole = page("anthropic_pricing", "2026-09-24.md")
    odd = re.sub(r"\| (Claude Opus [\d.]+) +\|", r"| \1 (beloved) |", whole)
    short = "\n".join(line for line in whole.split("\n") if "Opus" not in line)
    for bodies, day, found in (
        ([whole, odd], "2026-05-12", r"unread share grew from 0% to \d+% of its rows"),
        ([*[whole] * 6, short], "2026-05-17", r"\d+ rows read, usually \d+ to \d+"),
        ([whole, odd], "2026-06-20", r"not read whole for 40 days"),
    ):
        folder = tmp_path / day
        folder.mkdir()
        home, warc = folder / "home", str(visits(folder, ANTHROPIC, *bodies, headers=MARKDOWN))
        run_typed("replay", warc, home=home, now=f"{day}T00:00:00Z", code=None)
        for command in ("stale", "sources", "brief", "notify"):
            how = {"sources": ["--format", "json"], "notify": ["--dry-run"]}.get(command, [])
            output = run_typed(command, *how, home=home, now=f"{day}T01:00:00Z", code=None).out
            assert re.search(found.replace(" ", r"\s+"), output), f"{command}, {found}: {output}"


@pytest.mark.parametrize(
    ("source", "name", "url", "headers", "old", "new"),
    [
        (
            "anthropic_pricing",
            "2026-09-24.md",
            ANTHROPIC,
            MARKDOWN,
            "Claude Opus 5.5",
            "Claude Opus 5.5 (beloved)",
        ),
        ("google_pricing", "2026-08.html", GOOGLE, HTML, "Output price", "Outlandish price"),
        (
            "huggingface_router",
            "2026-autumn.json",
            ROUTER,
            JSON,
            '"context_length"',
            '"context_width"',
        ),
    ],
)
def test_the_way_from_alarm_to_test_page(
    tmp_path: Path, source: str, name: str, url: str, headers: Mapping[str, str], old: str, new: str
) -> None:
    body = changed(page(source, name), old, new)
    home = tmp_path / "home"
    run_typed("replay", str(visits(tmp_path, url, body, headers=headers)), home=home)
    (row, *_) = run_typed("drift", source, "--format", "json", home=home).json
    assert new.split("(")[0].strip(' "') in f"{row['what']} {row['text']} {row['found']}"
    command = row["record"].split()[1:]
    run_typed(*command, "--pages", str(tmp_path / "pages"), home=home)
    (made,) = (tmp_path / "pages" / source).glob(f"2026-05-10.{name.rpartition('.')[2]}")
    assert made.read_text(encoding="utf-8") == body
    assert f'url = "{url}"' in made.with_name(f"{made.name}.provenance.toml").read_text(encoding="utf-8")


def test_a_page_that_is_not_understood_at_all_is_listed_until_it_is(tmp_path: Path) -> None:
    before = page("cloudflare_pricing", "pricing.md")
    home, source = tmp_path / "home", "cloudflare_pricing"
    login = "# Sign in\n\nYou need an account to see this page.\n"
    run_typed("replay", str(visits(tmp_path, CLOUDFLARE, before, login, headers=MARKDOWN)), home=home, code=1)
    (row,) = run_typed("drift", source, "--format", "json", home=home).json
    assert (row["kind"], row["url"], row["since"][:10]) == ("page", CLOUDFLARE, "2026-05-11")
    assert row["waiting"] > 10
    assert row["record"].endswith(body_digest(login.encode()))


def test_what_a_line_with_an_unknown_label_said_before_waits_and_is_not_called_gone(tmp_path: Path) -> None:
    before = page("google_pricing", "2026-08.html")
    home = tmp_path / "home"
    warc = visits(tmp_path, GOOGLE, before, changed(before, "Output price", "Output charge"), headers=HTML)
    run_typed("replay", str(warc), home=home)
    row, *_ = run_typed("drift", "google_pricing", "--format", "json", home=home).json
    assert (row["kind"], row["nearest"], row["waiting"] > 0) == ("row", "output price", True)
    report = run_typed("--now", "2026-07-01T00:00:00Z", "stale", "--format", "json", home=home)
    reasons = {each["reason"] for each in report.json["rows"] if each["attribute"] == "output_price"}
    assert "not understood on its page since 2026-05-10" in reasons


def test_a_mended_source_reads_the_page_again_whose_cell_it_had_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = page("google_pricing", "2026-08.html").replace(google_pricing.FREE, "Gratis")
    home = tmp_path / "home"
    run_typed("replay", str(visits(tmp_path, GOOGLE, body, headers=HTML)), home=home)
    monkeypatch.setattr(google_pricing, "FREE", "Gratis")
    monkeypatch.setattr(google_pricing.GooglePricing, "price_words", {"Gratis": "free"})
    run_typed("normalize", home=home)
    assert run_typed("drift", "google_pricing", "--format", "json", home=home).json
    monkeypatch.setattr(google_pricing.GooglePricing, "parser_version", 2)
    run_typed("normalize", home=home)
    assert run_typed("drift", "google_pricing", "--format", "json", home=home).json == []
