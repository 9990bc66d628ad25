"""A month in a made-up world: hosts that change, break, lie and recover by script.

Beside it stands a reader's own account: what a careful person who saw the servers' logs, and nothing else,
would say of every fact, its date, its changes and its staleness. It shares no code with the program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple, Self

import cardwatch
from cardwatch.normalize.identity.resolver import resolve_name
from support.loopback import Answer, Asked, LoopbackSite

START = date(2026, 10, 1)
FIELDS = ("input_price", "output_price", "context_window")
PROVIDERS = ("groq", "openrouter", "vercel-ai-gateway", "mistral", "deepseek", "cohere", "perplexity", "xai",
             "nvidia", "minimax", "stepfun", "upstage")  # fmt: skip
Page = tuple[int, int]
"""Number of the host and of its page."""
Fact = tuple[str, str]
"""Model and field."""


@dataclass(frozen=True)
class WorldSize:
    """How large the world is, how long it is watched, and how many visits a day there are for it.

    On day `repriced` one host asks more for everything on its untroubled pages.
    """

    hosts: int
    pages: int
    models: int
    days: int
    budget: int
    changes: int
    repriced: int
    limits: Mapping[str, tuple[int, int]]
    settings: str = ""


FULL = WorldSize(12, 25, 5, 31, 80, 80, 16, {"price": (7, 14), "limit": (30, 60)})
SHORT = WorldSize(
    4, 9, 5, 9, 22, 6, 6, {"price": (2, 4), "limit": (4, 6)},
    "[freshness.limits]\nprice = { warn = 2, error = 4 }\nlimit = { warn = 4, error = 6 }\n",
)  # fmt: skip


class Incident(NamedTuple):
    """Something a page, or a whole host (`page` None), does from a day on, up to another one.

    A lie is told once: to whoever asks first from that day on.
    """

    kind: str
    host: int
    page: int | None
    start: int
    end: int


TROUBLES = ("500", "drop", "gone", "redesign", "login", "empty")
LIES = ("tenfold", "free", "vanish")
LASTING = ("jump", "cut", "leave")
"""A price times 20 that stays, a page that keeps one offer of five, an offer that goes for good."""


class ServedAnswer(NamedTuple):
    """One answer: what the page did, and the offers it listed if it listed any."""

    day: int
    page: Page | None
    kind: str
    offers: Mapping[str, Mapping[str, str]] | None


def day_of(number: int, hour: int = 6) -> datetime:
    return datetime(START.year, START.month, START.day, hour, tzinfo=UTC) + timedelta(days=number)


def iso_day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


def model_ids() -> list[str]:
    """Return real names, each of another model not known to be retired, that need no rule beyond their own."""
    curated = Path(cardwatch.__file__).parent / "data" / "curated"
    notices = map(json.loads, (curated / "notices.jsonl").read_text(encoding="utf-8").splitlines())
    retired = {notice["model"] for notice in notices if notice.get("value") == "retired"}
    lines = (Path(__file__).parent.parent / "identity_labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = dict.fromkeys(json.loads(line)["model"] for line in lines)
    known = {name: resolve_name(name, source="shop_00", provider="groq") for name in labels if name}
    return [
        name
        for name, meant in known.items()
        if (meant.model, dict(meant.variant)) == (name, {}) and name not in retired
    ]


class SimulatedWorld:
    """The hosts, their script and their log; `day` is the world's clock."""

    def __init__(self, size: WorldSize, seed: int = 1) -> None:
        self.size, self.day = size, 0
        self.log: list[ServedAnswer] = []
        self.random = Random(seed)
        self.models = model_ids()
        self.incidents = list(plan_incidents(size))
        self.changes: dict[tuple[Page, Fact], list[tuple[int, str]]] = {}
        self.incidents_shown: set[Incident] = set()
        self._stack = ExitStack()
        self.hosts = [SimulatedHost(self, number) for number in range(size.hosts)]
        self._plan_changes()

    def __enter__(self) -> Self:
        for host in self.hosts:
            self._stack.enter_context(host)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def pages(self) -> list[Page]:
        return [(host, page) for host in range(self.size.hosts) for page in range(self.size.pages)]

    @property
    def sources(self) -> dict[str, dict[str, object]]:
        """What support/simulated_sources.py makes of this world."""
        return {
            host.name: {"url": host.url("/p/"), "count": self.size.pages, "provider": PROVIDERS[host.number]}
            for host in self.hosts
        }

    def on_page(self, page: Page) -> list[str]:
        first = page[1] * self.size.models
        return self.models[first : first + self.size.models]

    def base(self, page: Page, fact: Fact) -> str:
        """Return what a fact is on the first day: plausible, and much the same in every host."""
        cents = 50 + 10 * self.models.index(fact[0]) % 400 + page[0]
        prices = {"input_price": Decimal(cents) / 100, "output_price": Decimal(cents * 4) / 100}
        return str(prices.get(fact[1], 131072))

    def value(self, page: Page, fact: Fact, day: int) -> str:
        """Return what the host truly asks on a day."""
        value = self.base(page, fact)
        for since, changed in self.changes.get((page, fact), []):
            value = changed if since <= day else value
        return value

    def _plan_changes(self) -> None:
        """Spread price changes over pages and days, between the first visit to all and the last."""
        busy = {(i.host, i.page) for i in self.incidents}
        calm = [page for page in self.pages if page not in busy and (page[0], None) not in busy]
        dearer = [page for page in calm if page[0] == self.size.hosts - 3]
        quiet = [page for page in calm if page not in dearer]
        for page in dearer:
            for fact in ((model, name) for model in self.on_page(page) for name in FIELDS[:2]):
                dear = Decimal(self.base(page, fact)) * 2
                self.changes[page, fact] = [(self.size.repriced, str(dear))]
        for number in range(self.size.changes):
            page = quiet[number * 7 % len(quiet)]
            fact = (self.on_page(page)[number % self.size.models], FIELDS[number % 2])
            first = len(self.pages) // self.size.budget + 1
            last = self.size.days - self.size.limits["price"][0] - 1
            start = first + number * 5 % (last - first)
            if (page, fact) not in self.changes:
                now = Decimal(self.base(page, fact)) * (Decimal("0.8") if number % 3 else Decimal("1.5"))
                self.changes[page, fact] = [(start, str(now.quantize(Decimal("0.01"))))]
        for incident in self.incidents:
            if incident.kind == "jump":
                page = (incident.host, incident.page or 0)
                for name in FIELDS[:2]:
                    fact = (self.on_page(page)[0], name)
                    self.changes[page, fact] = [(incident.start, str(Decimal(self.base(page, fact)) * 20))]

    def active(self, host: int, page: int | None) -> Incident | None:
        """Return what is the matter with a page, or with a whole host, now."""
        for incident in self.incidents:
            here = (incident.host, incident.page) == (host, page)
            if here and incident.start <= self.day < incident.end and incident not in self.incidents_shown:
                return incident
        return None

    def offers(self, page: Page, kind: str) -> dict[str, dict[str, str]]:
        """Return what a page lists today, truly or by way of a lie."""
        models = self.on_page(page)
        listed = models[:1] if kind in ("vanish", "cut") else models[:-1] if kind == "leave" else models
        made = {m: {name: self.value(page, (m, name), self.day) for name in FIELDS} for m in listed}
        for name in FIELDS[:2] if kind in ("tenfold", "free") else ():
            made[models[0]][name] = "0" if kind == "free" else str(Decimal(made[models[0]][name]) * 20)
        return made


def plan_incidents(size: WorldSize) -> Iterator[Incident]:
    """Lay every kind of incident on pages of its own; the last two hosts have theirs as a whole."""
    hosts, free = size.hosts - 2, 0
    step = max(size.days // 15, 1)
    for turn in range(1 if size.days < 15 else 3):
        for number, kind in enumerate((*TROUBLES, *LIES, *LASTING)):
            start = 2 + (step * turn * 3) + number % step
            end = size.days + 1
            if kind in TROUBLES and not (kind == "gone" and turn == 0):
                end = start + size.limits["price"][0] + 2 + turn * step
            yield Incident(kind, free % hosts, free // hosts, start, end)
            free += 1
    first, length = size.days // 4, size.limits["price"][0] + 2
    yield Incident("robots", size.hosts - 2, None, first, first + length)
    yield Incident("down", size.hosts - 1, None, first, first + length)


class SimulatedHost(LoopbackSite):
    """One host, on a loopback address of its own."""

    def __init__(self, world: SimulatedWorld, number: int) -> None:
        super().__init__(f"127.0.0.{number + 2}")
        self.world, self.number, self.name = world, number, f"shop_{number:02d}"

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.log.append(asked)
            return self._whole(asked)

    def _whole(self, asked: Asked) -> Answer:
        world, matter = self.world, self.world.active(self.number, None)
        if matter and matter.kind == "down":
            world.log.append(ServedAnswer(world.day, (self.number, -1), "down", None))
            return Answer("", drop=0)
        if asked.url == "/robots.txt":
            return Answer("User-agent: *\nDisallow: /p/") if matter else Answer("none", 404)
        if asked.url == "/login":
            return Answer("<html>Who are you?")
        return self._page(int(asked.url.rpartition("/")[2]))

    def _page(self, number: int) -> Answer:
        world, page = self.world, (self.number, number)
        matter = world.active(*page)
        kind = matter.kind if matter else "good"
        if kind in TROUBLES:
            world.log.append(ServedAnswer(world.day, page, kind, None))
            return TROUBLE[kind]
        if matter and kind in LIES:
            world.incidents_shown.add(matter)
        offers = world.offers(page, kind)
        world.log.append(ServedAnswer(world.day, page, kind, offers))
        body = json.dumps({"offers": [{"model": model, **offer} for model, offer in offers.items()]})
        return Answer(body, headers={"Content-Type": "application/json"}, etag=True)


TROUBLE = {
    "500": Answer("oops", 500),
    "drop": Answer("", drop=0),
    "gone": Answer("gone", 404),
    "redesign": Answer('{"items": []}', headers={"Content-Type": "application/json"}),
    "login": Answer("", 302, {"Location": "/login"}),
    "empty": Answer(""),
}


class ExpectedChange(NamedTuple):
    """One published change."""

    day: str
    source: str
    model: str
    attribute: str
    old: str
    new: str


class ExpectedStale(NamedTuple):
    """One line that a stale report must have."""

    source: str
    model: str
    attribute: str
    level: str
    verified: str
    reason: str


class AnswerDelta(NamedTuple):
    """What an answer takes away, and what it changes."""

    lost: frozenset[str]
    changed: Mapping[Fact, str]


class Doubted(NamedTuple):
    """A value that waits: what it is, the day that showed it first, and since when its place is in doubt."""

    value: str
    first_day: int
    since: int


@dataclass
class PageAccount:
    """What a careful reader of one page's answers knows; days are numbers of the world's clock."""

    published: dict[Fact, str] = field(default_factory=dict)
    seen: dict[Fact, int] = field(default_factory=dict)
    waiting: dict[Fact, Doubted] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    missed: frozenset[str] = frozenset()
    """Models whose loss waits for a second look."""
    troubles: list[tuple[int, str]] = field(default_factory=list)
    last_good: int = -1
    changes: list[tuple[int, str, str, str, str]] = field(default_factory=list)
    held: int = 0

    @property
    def live(self) -> int:
        gone = self.absent | self.missed
        return sum(model not in gone for model, _ in self.published)

    def delta(self, offers: Mapping[str, Mapping[str, str]]) -> AnswerDelta:
        """Return how an answer differs from what is published."""
        present = {model for model, _ in self.published} - self.absent
        values = {(model, name): value for model, offer in offers.items() for name, value in offer.items()}
        changed = {fact: value for fact, value in values.items() if self.published.get(fact, value) != value}
        return AnswerDelta(frozenset(present - {*offers}), changed)

    def accept(
        self, served: ServedAnswer, delta: AnswerDelta, others: Callable[[Fact], list[Decimal]], *,
        lost_much: bool, changed_much: bool,
    ) -> int:  # fmt: skip
        """Take an answer, but for what is surprising in it; returns how many values changed.

        What a page lost waits when it is much; what the page says lands all the same. `others` gives what other
        hosts ask.
        """
        assert served.offers is not None
        rested = served.day - self.last_good >= LONG_PAUSE
        self.last_good = served.day
        self.troubles.clear()
        known = {model for model, _ in self.published}
        if known:  # of a page that is read for the first time nothing is news
            new = sorted(served.offers.keys() - known)
            self.changes += [(served.day, model, "availability", "None", "listed") for model in new]
        news = {
            (model, name): value for model, offer in served.offers.items() for name, value in offer.items()
        }
        changed = 0
        for fact, value in news.items():
            old = self.published.get(fact)
            doubtful = old not in (None, value) and not is_usual(value, others(fact)) and (
                is_surprising(str(old), value, rested=rested)
                or (changed_much and not rested and not is_ordinary(str(old), value))
            )  # fmt: skip
            changed += self._say(fact, value, served.day, doubtful=doubtful)
        self._lose(delta.lost, served.day, lost_much=lost_much)
        return changed

    def _lose(self, lost: frozenset[str], day: int, *, lost_much: bool) -> None:
        agreed = bool(self.missed) and len(self.missed ^ lost) * len(FIELDS) <= max(
            3, 0.2 * len(self.missed) * len(FIELDS)
        )
        if lost and lost_much and not agreed:
            self.missed, self.held = lost, self.held + 1
            return
        self.missed = frozenset()
        for model in sorted(lost):
            self.absent.add(model)
            self.changes.append((day, model, "availability", "listed", "withdrawn"))

    def _say(self, fact: Fact, value: str, day: int, *, doubtful: bool) -> bool:
        """Publish a value, or keep a doubtful one until a second look agrees, or until it waited three days."""
        old, first = self.published.get(fact), self.waiting.pop(fact, None)
        since = first.since if first else day
        if doubtful and not (first and (agree(str(old), first.value, value) or day - since >= HOLD_DAYS)):
            first_day = first.first_day if first and first.value == value else day
            self.waiting[fact] = Doubted(value, first_day, since)
            self.held += first is None or first.value != value
            return False
        first_day = first.first_day if first and first.value == value else day
        return self._publish(fact, value, first_day, day)

    def _publish(self, fact: Fact, value: str, first_day: int, seen: int) -> bool:
        """Make a value the present one; its change stands on the day that showed it first."""
        old = self.published.get(fact)
        self.published[fact], self.seen[fact] = value, seen
        if old not in (None, value):
            self.changes.append((first_day, *fact, str(old), value))
        return old not in (None, value)

    def end_waiting(self, today: int) -> None:
        """Publish what waited as long as it may, whether or not anybody looked again."""
        for fact, doubt in [*self.waiting.items()]:
            if today - doubt.since >= HOLD_DAYS:
                del self.waiting[fact]
                self._publish(fact, doubt.value, doubt.first_day, self.last_good)


HOLD_DAYS, LONG_PAUSE = 3, 7
"""Days a surprise waits at most, and days without a look after which a price may have moved further."""


def is_surprising(old: str, new: str, *, rested: bool) -> bool:
    before, after = Decimal(old), Decimal(new)
    if not before or not after:
        return before != after
    return max(before / after, after / before) > (100 if rested else 10)


def is_usual(value: str, others: Sequence[Decimal]) -> bool:
    """Say whether a price is at most a factor of two from what several others ask."""
    price = Decimal(value)
    return bool(price) and len(others) > 1 and max(price / median(others), median(others) / price) <= 2


def is_ordinary(old: str, new: str) -> bool:
    before, after = Decimal(old), Decimal(new)
    return bool(before and after) and max(before / after, after / before) < 2


def agree(old: str, first: str, second: str) -> bool:
    """Say whether two looks tell the same against the old value: one direction, at most twice as far."""
    before, a, b = Decimal(old), Decimal(first), Decimal(second)
    near = a == b if not a or not b else max(a / b, b / a) <= 2
    return near and (a > before) == (b > before)


class ReferenceReader:
    """Keeps an account of every page from the world's log alone."""

    def __init__(self, world: SimulatedWorld) -> None:
        self.world = world
        self.accounts = {page: PageAccount() for page in world.pages}
        self.down_since: dict[int, int] = {}
        self.usual: dict[int, list[int]] = {}
        self.heard = 0

    def catch_up(self) -> None:
        """Read what the log has beyond what was read before, host by host: a day's answers are judged together."""
        for host in self.world.hosts:
            answers = [a for a in self.world.log[self.heard :] if a.page and a.page[0] == host.number]
            self._hear_shop(host.number, answers)
        self.heard = len(self.world.log)
        for account in self.accounts.values():
            account.end_waiting(self.world.day)

    def _hear_shop(self, host: int, answers: list[ServedAnswer]) -> None:
        good = {}
        for answer in answers:
            assert answer.page is not None
            if answer.kind == "down":
                self.down_since.setdefault(host, answer.day)
            elif answer.offers is None:
                self.accounts[answer.page].troubles.append((answer.day, answer.kind))
            else:
                good[answer.page] = answer
        deltas = {page: self.accounts[page].delta(answer.offers or {}) for page, answer in good.items()}
        lost_much, changed_much = self._too_much(host, deltas)
        before = {page: {**account.published} for page, account in self.accounts.items()}
        changed = 0
        for page, answer in good.items():
            account, delta = self.accounts[page], deltas[page]
            alone = len(delta.lost) * len(FIELDS) > max(3, 0.2 * account.live)
            changed += account.accept(
                answer, delta, partial(self._others, page, before),
                lost_much=lost_much or alone, changed_much=changed_much,
            )  # fmt: skip
        if changed:
            self.usual.setdefault(host, []).append(changed)

    def _others(self, page: Page, before: Mapping[Page, Mapping[Fact, str]], fact: Fact) -> list[Decimal]:
        """Return what the other hosts ask for the same, free offers left out."""
        asked = [
            Decimal(values[fact])
            for other, values in before.items()
            if other[0] != page[0] and fact in values
        ]
        return [price for price in asked if price] if fact[1] != "context_window" else []

    def _too_much(self, host: int, deltas: Mapping[Page, AnswerDelta]) -> tuple[bool, bool]:
        """Say whether a host's answers of one day lose so much, or change so much, that it needs a second look."""
        live = sum(account.live for page, account in self.accounts.items() if page[0] == host)
        lost = sum(len(delta.lost) * len(FIELDS) for delta in deltas.values())
        usual = self.usual.get(host, [])[-20:]
        changes = sum(len(delta.changed) for delta in deltas.values())
        unusual = len(usual) >= 5 and changes > max(3, 0.05 * live, 5 * sum(usual) / len(usual))
        return lost > max(3, 0.2 * live), unusual

    def facts(self) -> dict[tuple[str, str, str], tuple[str, str]]:
        """Return value and day of the last look for every fact ever published."""
        return {
            (self.world.hosts[page[0]].name, *fact): (value, iso_day(account.seen[fact]))
            for page, account in self.accounts.items()
            for fact, value in account.published.items()
        }

    def changes(self) -> set[ExpectedChange]:
        """Return every change that was published."""
        return {
            ExpectedChange(
                iso_day(day),
                self.world.hosts[page[0]].name,
                model,
                name,
                plain_number(old),
                plain_number(new),
            )
            for page, account in self.accounts.items()
            for day, model, name, old, new in account.changes
        }

    def stale(self, today: int) -> set[ExpectedStale]:
        """Return what must stand in today's report."""
        return {
            ExpectedStale(
                self.world.hosts[page[0]].name, *fact, level, iso_day(seen), self.reason(page, fact)
            )
            for page, account in self.accounts.items()
            for fact, seen in account.seen.items()
            if fact[0] not in account.absent and (level := self.level(fact, today - seen))
        }

    def level(self, fact: Fact, age: int) -> str:
        warn, error = self.world.size.limits["limit" if fact[1] == "context_window" else "price"]
        return "error" if age > error else "warn" if age > warn else ""

    def reason(self, page: Page, fact: Fact) -> str:
        account, (host, _) = self.accounts[page], page
        if fact in account.waiting or account.missed:
            return "held for review"
        robots = next(i for i in self.world.incidents if i.kind == "robots")
        if robots.host == host and account.last_good < robots.start <= self.world.day:
            return "blocked by robots"
        days = [day for day, _ in account.troubles[:1]]
        last = account.troubles[-1][1] if account.troubles else ""
        if last in REASONS:
            return REASONS[last] + (iso_day(days[0]) if last == "gone" else "")
        since = self.down_since.get(host, -1)
        days += [since] if since > account.last_good else []
        return f"source failing since {iso_day(min(days))}" if days else "other pages came first"


REASONS = {
    "gone": "page gone since ",
    "login": "blocked by the site",
    "redesign": "parser broken by a page change",
    "empty": "empty answer",
}


def plain_number(value: str) -> str:
    """Return a number as the catalog spells it."""
    try:
        number = Decimal(value)
    except ArithmeticError:
        return value
    return f"{number.normalize():f}"


def requests_of(world: SimulatedWorld) -> Iterable[Asked]:
    """Return every request for a page."""
    return (asked for host in world.hosts for asked in host.log if asked.url.startswith("/p/"))
