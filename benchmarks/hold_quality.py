"""Replay dated bodies of real sources through the whole pipeline, and say how well doubt was placed.

    python benchmarks/hold_quality.py FOLDER_OR_TAR... [--alone] [--list] [--later FILE]

FOLDER_OR_TAR holds bodies named `<anything>.<YYYY-MM-DD>.json`, one source each; which source follows from the
shape of the body. All are replayed into one catalog in the order of their dates; with --alone, each into its own.
What was true is told by code that shares nothing with the pipeline: it reads prices from the bodies and calls a
change a mistake when no token can cost that much, when the old value is back within 14 days or, in the account with
hindsight, when its source went back to the cent on what it gave away, however late. FILE is a body that is not
replayed and is asked only what came to light after the series.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from cardwatch import normalize
from cardwatch.crawler.documents import Document, Outcome, PageChangedError, SourceRow, Visit
from cardwatch.crawler.page_checks import to_text_response
from cardwatch.crawler.source import Source
from cardwatch.crawler.spiders.genai_prices import GenaiPrices
from cardwatch.crawler.spiders.llm_prices import LlmPrices
from cardwatch.crawler.spiders.models_dev import ModelsDev
from cardwatch.crawler.spiders.openrouter_models import OpenrouterModels
from cardwatch.db.catalog import CatalogStore

NAMED = re.compile(r"(\d{4}-\d\d-\d\d)\.json$")
RETURNS_WITHIN = 14
"""Days within which a value that comes back unmasks the one between as a mistake."""
DEAREST = Decimal(1000)
"""USD per million tokens: no token has cost as much."""
RENAMED = (b'"pricing_url":', b'"pricing_urls":')
"""A key of genai-prices that had another name until July 2025; it says nothing of prices."""
LONGEST_WAIT = 3
"""Days."""
SURPRISES = frozenset(
    {
        "jumps",
        "crosses_zero",
        "mass_change",
        "input_above_output",
        "cache_above_input",
        "unlike_peers",
        "free_in_part",
    }
)
"""The rules whose doubt ends by itself."""
Key = tuple[str, ...]
"""Source, the ids of what a price stands under, and the price's own name."""


class DailyBody(NamedTuple):
    """What one source said on one day."""

    day: date
    source: type[Source]
    text: bytes

    @property
    def digest(self) -> str:
        return f"sha256:{sha256(self.text).hexdigest()}"


def read_bodies(path: Path) -> Iterator[DailyBody]:
    """Yield the dated bodies in a folder or tar file."""
    if path.is_dir():
        found = [(file.name, file.read_bytes()) for file in path.rglob("*.json")]
    else:
        with tarfile.open(path) as tar:
            members = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
            found = [(name, file.read()) for name, file in members if file is not None]
    for name, text in found:
        if match := NAMED.search(name):
            text = text.replace(*RENAMED)
            yield DailyBody(date.fromisoformat(match[1]), _source_of(json.loads(text)), text)


def _source_of(body: Any) -> type[Source]:
    """Tell a source by the shape of its body."""
    if isinstance(body, list):
        return GenaiPrices
    if "data" in body:
        return OpenrouterModels
    return LlmPrices if "prices" in body else ModelsDev


def replay_body(catalog: CatalogStore, body: DailyBody) -> None:
    """Take one body in as a visit at noon of its day, in an archive file of its own."""
    source, at = body.source(), noon(body.day)
    file = f"{body.day}.{source.name}.warc.gz"
    document = Document(body.digest, source.url, at, "application/json", len(body.text), file, 0)
    response = to_text_response(source.url, body.text, [("Content-Type", "application/json")])
    visit = Visit(
        source.name, "listing", source.url, at, Outcome.UNPARSED, source.parser_version, 200, len(body.text),
        documents=(document,), warc=file,
    )  # fmt: skip
    with suppress(PageChangedError):
        rows = tuple(SourceRow(document, row) for row in source.rows(response))
        visit = replace(visit, outcome=Outcome.READ, rows=rows)
    card = source.card()
    catalog.ingest(card, [visit], lambda found: normalize.read(found, card), rules=normalize.VERSION)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


# What was true, from the bodies alone.


def body_prices(source: str, body: Any) -> Iterator[tuple[Key, Decimal]]:
    """Yield each plain token price of a body, in USD per million tokens."""
    readers = {
        "models_dev": _models_dev, "genai_prices": _genai_prices, "llm_prices": _llm_prices,
        "openrouter_models": _openrouter,
    }  # fmt: skip
    for key, price in readers[source](body):
        yield (source, *key), price


def _models_dev(body: Any) -> Iterator[tuple[Key, Decimal]]:
    for provider, entry in body.items():
        for name, model in entry.get("models", {}).items():
            for field_name in ("input", "output", "cache_read", "cache_write"):
                if isinstance(price := (model.get("cost") or {}).get(field_name), str):
                    yield (provider, name, field_name), Decimal(price)


def _genai_prices(body: Any) -> Iterator[tuple[Key, Decimal]]:
    for provider in body:
        for model in provider["models"]:
            dated = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
            for entry in dated:
                start = entry.get("constraint", {}).get("start_date", "")
                for name, price in entry["prices"].items():
                    if name.endswith("_mtok") and isinstance(price, str):
                        yield (provider["id"], model["id"], start, name), Decimal(price)


def _llm_prices(body: Any) -> Iterator[tuple[Key, Decimal]]:
    for entry in body["prices"]:
        for name in ("input", "output", "input_cached"):
            if isinstance(entry.get(name), str):
                start = entry["from_date"] or ""
                yield (entry["vendor"], entry["id"], start, name), Decimal(entry[name])


def _openrouter(body: Any) -> Iterator[tuple[Key, Decimal]]:
    for model in body["data"]:
        for name in ("prompt", "completion", "input_cache_read", "input_cache_write"):
            price = (model.get("pricing") or {}).get(name)
            if isinstance(price, str) and Decimal(price) >= 0:
                yield (model["id"], name), Decimal(price) * 10**6


def place_key(source: str, body: Any, locator: str) -> Key | None:
    """Return the key of the price a locator points to: the ids it passes, and its own name."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in locator.split("/")[1:]]
    if source == "models_dev":
        named = len(steps) == len(("", "models", "", "cost", "")) and steps[3] == "cost"
        return (source, steps[0], steps[2], steps[4]) if named else None
    ids, start, here = [], "", body
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here.get(step)
        if isinstance(here, dict):
            ids += [here[name] for name in ("vendor", "id") if name in here]
            start = here.get("from_date") or here.get("constraint", {}).get("start_date", "") or start
        elif here is None:
            return None
    dated = (start,) if source != "openrouter_models" else ()
    return (source, *ids, *dated, steps[-1])


@dataclass(frozen=True, slots=True)
class TrueChange:
    """One price that a source changed; `returned` is the day on which the old value was back."""

    key: Key
    day: date
    old: Decimal
    new: Decimal
    returned: date | None
    taken_back: bool = False
    """Whether it fell to nothing, and the old price was back later."""

    @property
    def mistake(self) -> bool:
        return self.new > DEAREST or self.returned is not None or self.taken_back


def same(a: Decimal, b: Decimal) -> bool:
    """Say whether two prices are equal to 9 significant digits."""
    return f"{a:.8e}" == f"{b:.8e}"


Hindsight = Mapping[Key, Decimal]
"""What a later body says, under the key without what a row's name begins with (names of vendors come and go)."""


def read_hindsight(files: Iterable[Path]) -> Hindsight:
    """Return the prices that later bodies say."""
    later: dict[Key, Decimal] = {}
    for file in files:
        body = json.loads(file.read_bytes(), parse_float=str, parse_int=str)
        for key, price in body_prices(_source_of(body).name, body):
            later[_short(key)] = price
    return later


def _short(key: Key) -> Key:
    return tuple(part.rpartition("/")[2] for part in key)


def with_hindsight(
    changes: Iterable[TrueChange], prices: Mapping[Key, Mapping[date, Decimal]], later: Hindsight
) -> Iterator[TrueChange]:
    """Yield the changes, each fall to nothing told by whether its source went back to the very price it had asked.

    When it went back on most of what it gave away in one list on one day, that day was a mistake as a whole.
    """
    changes = list(changes)
    falls: dict[Key, list[bool]] = defaultdict(list)
    for change in changes:
        if change.new == 0:
            falls[_event(change)].append(_went_back(change, prices[change.key], later))
    for change in changes:
        back = falls[_event(change)] if change.new == 0 else []
        yield replace(change, taken_back=2 * sum(back) > len(back))


def _event(change: TrueChange) -> Key:
    return (*change.key[:2], str(change.day))


def _went_back(change: TrueChange, days: Mapping[date, Decimal], later: Hindsight) -> bool:
    after = [price for day, price in days.items() if day > change.day]
    after += [later[_short(change.key)]] if _short(change.key) in later else []
    return any(same(price, change.old) for price in after)


def true_changes(prices: Mapping[Key, Mapping[date, Decimal]]) -> Iterator[TrueChange]:
    """Yield every change of the prices a source said, day by day."""
    for key, days in prices.items():
        steps: list[tuple[date, Decimal]] = []
        for day, price in sorted(days.items()):
            if not steps or not same(steps[-1][1], price):
                steps.append((day, price))
        for place in range(1, len(steps)):
            (_, old), (day, new) = steps[place - 1 : place + 1]
            limit = day + timedelta(days=RETURNS_WITHIN)
            back = next((d for d, p in steps[place + 1 :] if d <= limit and same(p, old)), None)
            yield TrueChange(key, day, old, new, back)


# What the catalog made of it.


class Place(NamedTuple):
    """Where a price is in the catalog."""

    listing: int
    attribute: str
    qualifier: str
    valid_from: str


class Span(NamedTuple):
    """One value and the days on which it was published."""

    value: Decimal | None
    since: str
    until: str


@dataclass(slots=True)
class Account:
    """The bodies' own account of one source beside what the catalog published."""

    catalog: CatalogStore
    prices: dict[Key, dict[date, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    bodies: dict[str, Any] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)
    shared: set[Key] = field(default_factory=set)

    def note(self, body: DailyBody) -> None:
        """Read one body for itself."""
        text = json.loads(body.text, parse_float=str, parse_int=str)
        self.bodies[body.digest] = text
        for key, price in body_prices(body.source.name, text):
            self.prices[key][body.day] = price

    def find_places(self) -> None:
        """Match the bodies' prices with the catalog's; those that share a place are left out."""
        owners: dict[Place, set[Key]] = defaultdict(set)
        rows = self.catalog.conn.execute(
            "SELECT listing_id, attribute, qualifier, valid_from, source, digest, locator FROM ("
            " SELECT c.listing_id, attribute, qualifier, valid_from, p.source, d.digest,"
            "  (SELECT substr(x.locator, 1) FROM claims x WHERE x.id = c.id) AS locator FROM claims c"
            "  JOIN listings l ON l.id = c.listing_id JOIN pages p ON p.id = l.page_id"
            "  JOIN documents d ON d.id = c.document_id WHERE attribute LIKE '%price'"
            " UNION SELECT h.listing_id, attribute, qualifier, valid_from, p.source, d.digest,"
            "  json_extract(h.proposal, '$.locator') FROM holds h JOIN pages p ON p.id = h.page_id"
            "  JOIN documents d ON d.id = json_extract(h.proposal, '$.document_id') WHERE h.kind = 'value'"
            "  AND attribute LIKE '%price')"
        )
        for *place, source, digest, locator in rows:
            if digest in self.bodies and (key := place_key(source, self.bodies[digest], locator)):
                owners[Place(*place)].add(key)
        for place, keys in owners.items():
            counted = Counter(day for key in keys for day in self.prices[key])
            self.shared |= {key for key in keys if any(counted[day] > 1 for day in self.prices[key])}
            for key in keys:
                self.places[key] = place

    def spans(self, key: Key) -> list[Span]:
        rows = self.catalog.conn.execute(
            "SELECT value, since, coalesce(until, '9999') FROM claims WHERE listing_id = ? AND attribute = ?"
            " AND qualifier = ? AND valid_from = ? ORDER BY since",
            self.places[key],
        )
        return [Span(Decimal(value) if value else None, since, until) for value, since, until in rows]


@dataclass(slots=True)
class Findings:
    """The figures of one source."""

    changes: int = 0
    late: Counter[int] = field(default_factory=Counter)
    never: int = 0
    mistakes: int = 0
    published_mistakes: int = 0
    reverted: int = 0
    published_reverted: int = 0
    holds: Counter[str] = field(default_factory=Counter)
    longest_wait: Counter[str] = field(default_factory=Counter)
    left_out: int = 0
    waits: Counter[int] = field(default_factory=Counter)
    """Days that surprises waited, with or without an end."""
    lines: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        for name in ("changes", "never", "mistakes", "published_mistakes", "reverted", "published_reverted",
                     "left_out"):  # fmt: skip
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.late += other.late
        self.holds += other.holds
        self.longest_wait |= other.longest_wait
        self.waits += other.waits


class SourceFindings(NamedTuple):
    """What was found of one source: by 14 days alone, and with what came to light later."""

    strict: Findings
    hindsight: Findings


def judge(account: Account, source: str, later: Hindsight) -> SourceFindings:
    """Hold the catalog's history of one source against the bodies' account of it."""
    judged = {key: days for key, days in account.prices.items() if key[0] == source}
    changes = list(true_changes(judged))
    informed = list(with_hindsight(changes, judged, later))
    return SourceFindings(
        _judge_changes(account, source, changes, judged), _judge_changes(account, source, informed, judged)
    )


def _judge_changes(
    account: Account, source: str, changes: list[TrueChange], judged: Mapping[Key, Mapping[date, Decimal]]
) -> Findings:
    found = Findings()
    for change in changes:
        if not _counted(change.key, account, found):
            continue
        spans = account.spans(change.key)
        if change.mistake:
            _count_mistake(change, spans, found)
        else:
            _count_true(change, spans, judged[change.key], found)
    _count_holds(account, source, [c for c in changes if c.key in account.places], found)
    return found


def _counted(key: Key, account: Account, found: Findings) -> bool:
    kept = key in account.places and key not in account.shared
    found.left_out += not kept
    return kept


def _count_mistake(change: TrueChange, spans: list[Span], found: Findings) -> None:
    shown = any(
        span.value is not None and same(span.value, change.new) and span.since[:10] >= str(change.day)
        and (change.returned is None or span.since[:10] < str(change.returned)) for span in spans
    )  # fmt: skip
    found.mistakes += 1
    found.published_mistakes += shown
    found.reverted += change.returned is not None
    found.published_reverted += shown and change.returned is not None
    found.lines.append(f"mistake {'PUBLISHED' if shown else 'stopped'} {_describe_change(change)}")


def _count_true(change: TrueChange, spans: list[Span], days: Mapping[date, Decimal], found: Findings) -> None:
    found.changes += 1
    moved_on = min((day for day, price in days.items() if day > change.day and not same(price, change.new)),
                   default=date.max)  # fmt: skip
    for span in spans:
        since = max(date.fromisoformat(span.since[:10]), change.day)
        if (
            span.value is not None
            and same(span.value, change.new)
            and since < moved_on
            and span.until[:10] > str(change.day)
        ):
            late = (since - change.day).days
            found.late[late] += 1
            if late:
                found.lines.append(f"late {late} {_describe_change(change)}")
            return
    found.never += 1
    found.lines.append(f"never {_describe_change(change)}")


def _describe_change(change: TrueChange) -> str:
    return f"{change.day} {' '.join(change.key)} {change.old} -> {change.new}"


def _count_holds(account: Account, source: str, changes: list[TrueChange], found: Findings) -> None:
    """Count holds by whether what they held was a mistake, and how long they waited."""
    doubtful = {(account.places[c.key], str(c.day)) for c in changes if c.mistake}
    rows = account.catalog.conn.execute(
        "SELECT listing_id, attribute, qualifier, valid_from, h.kind, new, rule, state, h.since,"
        " coalesce(until, '') AS until FROM holds h JOIN pages p ON p.id = h.page_id WHERE p.source = ?",
        [source],
    ).fetchall()
    for *place, kind, new, rule, state, since, until in rows:
        if kind == "visit":
            found.holds["whole visits"] += 1
        elif place[1].endswith("price"):
            mistake = Decimal(new) > DEAREST or (Place(*place), since[:10]) in doubtful
            found.holds["true" if mistake else "false"] += 1
            found.lines.append(f"hold {mistake} {rule} {state} {since[:10]}..{until[:10]} {place} {new}")
        else:
            found.holds["of other values"] += 1
        if until:
            days = (date.fromisoformat(until[:10]) - date.fromisoformat(since[:10])).days
            found.longest_wait[rule] = max(found.longest_wait[rule], days)
            if kind == "value" and rule in SURPRISES:
                found.waits[days] += 1


def replay_all(
    bodies: list[DailyBody], folder: Path, later: Hindsight | None = None
) -> dict[str, SourceFindings]:
    """Replay bodies into one catalog, and judge each source; `later` is what bodies after them say."""
    clock = [noon(bodies[0].day)]
    with CatalogStore.open(folder / "catalog.db", now=lambda: clock[0]) as catalog:
        account = Account(catalog)
        for body in bodies:
            while clock[0].date() < body.day:
                clock[0] += timedelta(days=1)
                catalog.settle_holds()
            replay_body(catalog, body)
            account.note(body)
        account.find_places()
        names = sorted({body.source.name for body in bodies})
        return {name: judge(account, name, later or {}) for name in names}


def tell(name: str, found: Findings) -> str:
    """Return the figures of one source in words."""
    on_time, total = found.late[0], found.changes
    late = ", ".join(f"{count} by {days} d" for days, count in sorted(found.late.items()) if days) or "none"
    held = found.holds["true"] + found.holds["false"]
    waits = ", ".join(f"{rule} {days} d" for rule, days in sorted(found.longest_wait.items())) or "none"
    return "\n".join(
        [
            f"{name}: {total} true changes, {_share(on_time, total)} on their day; late: {late}; never: {found.never}"
            f" ({found.left_out} left out: unlinked, or several rows in one place)",
            f"  price holds {held}, {_share(found.holds['true'], held)} of mistakes;"
            f" other values {found.holds['of other values']}, whole visits {found.holds['whole visits']}",
            f"  mistakes {found.mistakes}, {_share(found.mistakes - found.published_mistakes, found.mistakes)} never"
            f" published; reverted {found.reverted}, "
            f"{_share(found.reverted - found.published_reverted, found.reverted)} never published",
            f"  longest waits: {waits}",
        ]
    )


def goals(found: Findings) -> Iterator[str]:
    """Yield each goal with what was reached and whether that is enough."""
    held = found.holds["true"] + found.holds["false"]
    yield _goal("true changes published on their day", found.late[0], found.changes, 98)
    yield _goal("price holds that are mistakes", found.holds["true"], held, 50)
    yield _goal("mistakes never published", found.mistakes - found.published_mistakes, found.mistakes, 80)
    yield _goal(
        "of those whose old value was back in 14 days",
        found.reverted - found.published_reverted,
        found.reverted,
        80,
    )
    longest = max(found.waits, default=0)
    yield f"{'met' if longest <= LONGEST_WAIT else 'NOT MET'}: no surprise waits longer than {LONGEST_WAIT} days: {longest}"


def _goal(text: str, part: int, whole: int, least: int) -> str:
    met = 100 * part >= least * whole
    return f"{'met' if met else 'NOT MET'}: {text}: {_share(part, whole)} of {whole}, wanted {least} %"


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "0"


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--alone", action="store_true", help="each source into a catalog of its own")
    parser.add_argument("--list", action="store_true", help="print every mistake, late change and hold")
    parser.add_argument(
        "--later", type=Path, nargs="*", default=(), help="bodies after the series, for hindsight"
    )
    asked = parser.parse_args(arguments)
    bodies = sorted(
        (body for path in asked.paths for body in read_bodies(path)), key=lambda b: (b.day, b.source.name)
    )
    groups = [bodies]
    if asked.alone:
        names = sorted({body.source.name for body in bodies})
        groups = [[body for body in bodies if body.source.name == name] for name in names]
    later, total = read_hindsight(asked.later), SourceFindings(Findings(), Findings())
    for group in groups:
        with tempfile.TemporaryDirectory() as folder:
            for name, found in replay_all(group, Path(folder), later).items():
                for whole, part in zip(total, found, strict=True):
                    whole.add(part)
                sys.stdout.write("\n".join(_tell_both(name, found, listed=asked.list)))
    sys.stdout.write("\n".join(_tell_both("all", total)))


def _tell_both(name: str, found: SourceFindings, *, listed: bool = False) -> Iterator[str]:
    """Yield the two accounts of a source, each with its goals."""
    for words, part in (("by 14 days alone", found.strict), ("with hindsight", found.hindsight)):
        yield tell(f"{name}, {words}", part)
        yield from (f"  {goal}" for goal in goals(part))
        yield from part.lines if listed else ()
    yield ""


if __name__ == "__main__":
    main(sys.argv[1:])
