"""When a price holds, in the words that pages print beside it: dates, prompt lengths, statuses, discounts.

One grammar for every page, so that a phrase read for one maker is read for all. A text is understood whole or
not at all: a condition that nobody understands must not become the price without a condition.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from cardwatch.crawler.documents import PageChangedError

DAY = timedelta(days=1)
DATE = (
    r"(?:\d{1,2}:\d\d UTC (?:time )?on )?"
    r"(?:[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4}"
    r"|\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{4}年\d{1,2}月\d{1,2}日|[A-Z][a-z]{2,8}\.? \d{4})"
    r"(?:,? (?:at )?\d{1,2}:\d\d(?: ?(?:UTC|GMT))?)?"
)
"""A day or a month, with or without an hour."""
COUNT = r"(?P<{}>\d[\d,]*(?:\.\d+)?(?:\s?[kKmM])?)\b"
LENGTH = r"(?:input |prompt |context )?(?:prompts?|inputs?|requests?|contexts?|tokens?)(?: lengths?| sizes?| tokens?)?"
ABOUT = rf"(?:(?:for|with|when|if) )?(?:(?:the )?{LENGTH}(?: is| are| of| with)? ?)?"
TOKENS = rf"(?: ?-?{LENGTH})?"
UP_TO = (
    "up to(?: and including)?|at most|≤|<=|<|under|below|(?:less|fewer) than(?: or equal to)?|within|no more than"
    "|not exceeding|(?:short|small)er than"
)
OVER = "over|above|>|more than|(?:great|long|larg)er than|exceeding|exceeds?|beyond"
STATUS = (
    "(?:limited|general|public|private)(?:ly)? (?:availability|available|preview|beta)|early access|preview|beta|alpha"
    "|experimental|deprecated|legacy|retired|discontinued|generally available"
)
NO_STATUS = frozenset({"limited availability", "limitedly available", "early access", "new", "latest"})
"""Who may use a model is no stage of its life."""
BRACKET = re.compile(r"\s*\(([^()]*)\)")
TAIL = re.compile(
    r",? (?=(?:for|with|when|if|during|through|thru|until|till|starting|beginning|from|since|effective|as of|before|after"
    r"|on|over|above|under|below|up to|at|between|valid|ending|prior to|while|except)\b|[<>≤≥]|\d[\d,.]*[kKmM]? ?[<≤])"
)
"""Where the name of a model ends and a condition begins: model names have no such words in lower case."""
GLUED = re.compile(r"(?<=\d)(?=(?:for|through|until|starting|from|effective)\b)")
"""Where a page sets a condition on a line of its own and its text loses the break: "Claude Sonnet 5through"."""

UNSETTLED_DAY = re.compile(
    r"(?:retire[sd]? |retirement |shut ?down )?(?:not? (?:sooner|earlier|before)|(?:at )?(?:the )?earliest|on or after"
    r"|no shutdown date|not? (?:yet )?(?:scheduled|announced|decided|set)|tb[acd]|to be )\b.*"
    r"|.* or later",
    re.IGNORECASE | re.DOTALL,
)
LONGEST_CELL = 2_000
"""Characters of a cell with a name or conditions; the longest recorded one has a tenth."""
Found = dict[str, str]
PhraseReader = Callable[[re.Match[str]], Found | None]


@dataclass(frozen=True, slots=True)
class StatedConditions:
    """What a text says of a price beside its amount.

    `qualifier` has the keys of a RawRow: `from` and `to`, the first day on which it holds and the first on which
    it no longer does, and `context_above`. `status` is a lifecycle word as printed, `dates` the days on which it
    changes, `except_on` names the places where that status does not hold. `percent_off` is a discount; whether the
    amount beside it is before or after, the page must say.
    """

    qualifier: Mapping[str, str] = field(default_factory=dict)
    status: str = ""
    dates: Mapping[str, str] = field(default_factory=dict)
    except_on: str = ""
    percent_off: str = ""


@dataclass(frozen=True, slots=True)
class NamedConditions:
    """A cell that names a model, taken apart; `notes` are the texts in brackets that are no conditions."""

    name: str
    conditions: StatedConditions
    notes: tuple[str, ...] = ()


def split_name(text: str, *, where: str) -> NamedConditions:
    """Take "Claude Sonnet 5 (preview) through August 31, 2026" apart into its name and its conditions.

    Raises PageChangedError when something that looks like a condition is not understood. What the notes in
    brackets mean is for the source to say, by its own table.
    """
    if len(text) > LONGEST_CELL:
        wanted = f"a name and conditions of at most {LONGEST_CELL} characters"
        raise PageChangedError("name", wanted=wanted, found=len(text), where=where)
    line = GLUED.sub(" ", " ".join(text.split()))
    brackets: list[str] = BRACKET.findall(line)
    notes = [note for note in brackets if read_conditions(note) is None]
    known = [note for note in brackets if note not in notes]
    bare = BRACKET.sub("", line).strip()
    name, *tail = TAIL.split(bare, maxsplit=1)
    found = read_conditions("; ".join([*known, *tail]))
    if found is None or not name:
        raise PageChangedError("name", wanted="a name and conditions", found=repr(text), where=where)
    return NamedConditions(name.strip(" ,"), found, tuple(notes))


def is_unsettled_day(text: str) -> bool:
    """Say whether a cell for a day says that none is settled, such as "Not sooner than February 5, 2027"."""
    return len(text) <= LONGEST_CELL and UNSETTLED_DAY.fullmatch(text.strip()) is not None


def read_conditions(text: str) -> StatedConditions | None:
    """Return what a text of nothing but conditions says; None when any of it is not understood."""
    if len(text) > LONGEST_CELL:
        return None
    found: Found = {}
    rest = _trim(" ".join(text.split()))
    while rest:
        step = _next_phrase(rest)
        if step is None or any(found.get(key, value) != value for key, value in step[0].items()):
            return None
        found |= step[0]
        rest = _trim(rest[step[1] :])
    return StatedConditions(
        {key: found[key] for key in ("context_above", "from", "to") if key in found},
        found.get("status", ""),
        {key: found[key] for key in ("deprecation_date", "shutdown_date") if key in found},
        found.get("except_on", ""),
        found.get("percent_off", ""),
    )


def read_days(text: str) -> tuple[date, date] | None:
    """Return the first and the last day of a date that is printed as a day or as a month, else None."""
    bare = re.sub(
        r"^\d{1,2}:\d\d UTC (?:[Tt]ime )?on |,? (?:at )?\d{1,2}:\d\d(?: ?(?:UTC|GMT))?$|(?<=\d)(?:st|nd|rd|th)",
        "",
        text,
    )
    bare = (
        re.sub(r"[年月/]", "-", bare)
        .replace("日", "")
        .replace(",", "")
        .replace(".", "")
        .replace("Sept ", "Sep ")
    )
    for form in ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y-%m-%d"):
        if day := _parse(bare, form):
            return day, day
    first = _parse(bare, "%B %Y") or _parse(bare, "%b %Y")
    return (first, (first + 31 * DAY).replace(day=1) - DAY) if first else None


def _parse(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(f"{text} +0000", f"{form} %z").date()
    except ValueError:
        return None


def _trim(text: str) -> str:
    return re.sub(r"^and ", "", text.strip(" ,;.")).strip()


def _next_phrase(text: str) -> tuple[Found, int] | None:
    """Return what the phrase at the start of a text says and how long it is; None when no rule reads it."""
    for pattern, read in _RULES:
        if (parts := pattern.match(text)) and (found := read(parts)) is not None:
            return found, parts.end()
    return None


def _day_of(key: str, pick: Callable[[date, date], date]) -> PhraseReader:
    """Return the reader of a phrase with one date, of which `pick` chooses the day that `key` means."""

    def read(parts: re.Match[str]) -> Found | None:
        days = read_days(parts["day"])
        return days and {key: pick(*days).isoformat()}

    return read


def _between_days(parts: re.Match[str]) -> Found | None:
    first, last = read_days(parts["first"]), read_days(parts["last"])
    return {"from": first[0].isoformat(), "to": (last[1] + DAY).isoformat()} if first and last else None


def _above(parts: re.Match[str]) -> Found | None:
    return {"context_above": parts["count"]} if _is_length(parts) else None


def _at_least(parts: re.Match[str]) -> Found | None:
    return {"context_above": str(_as_number(parts["count"]) - 1)} if _is_length(parts) else None


def _up_to(parts: re.Match[str]) -> Found | None:
    """The lowest band is the price without a condition: longer prompts have their own."""
    return {} if _is_length(parts) else None


def _band(parts: re.Match[str]) -> Found | None:
    low = parts["low"]
    if _as_number(low) == 0:
        return {}
    last = re.search(r"[kKmM]$", parts["count"])
    unit = last[0] if last and low.isdigit() and _as_number(low) < 1000 else ""
    return {"context_above": low + unit} if _is_length(parts) else None


def _is_length(parts: re.Match[str]) -> bool:
    """Say whether a number counts tokens: it says so, or is as large as only they are."""
    return "token" in parts[0].casefold() or _as_number(parts["count"]) >= 1000


def _as_number(count: str) -> int:
    scale = {"k": 1_000, "m": 1_000_000}.get(count[-1].casefold(), 1)
    return int(Decimal(count.rstrip("kKmM ").replace(",", "")) * scale)


def _stage(parts: re.Match[str]) -> Found | None:
    status = parts["status"].casefold()
    found = {} if status in NO_STATUS else {"status": status}
    if not parts["day"]:
        return found
    days = read_days(parts["day"])
    return days and found | {_date_of(status): days[0].isoformat()}


def _date_of(status: str) -> str:
    return "shutdown_date" if status in {"retired", "discontinued"} else "deprecation_date"


def _except_on(parts: re.Match[str]) -> Found:
    return {"except_on": parts["places"]}


def _percent(parts: re.Match[str]) -> Found:
    return {"percent_off": parts["percent"]}


def _rule(pattern: str, read: PhraseReader) -> tuple[re.Pattern[str], PhraseReader]:
    return re.compile(pattern, re.IGNORECASE), read


_DAY = rf"(?P<day>{DATE})"
_COUNT = COUNT.format("count")
_END = r"(?= ?[,;.)]| and |$| (?:through|until|from|starting|permanent|limited))"
_RULES = (
    _rule(
        rf"(?:(?:from|between|valid) )?(?P<first>{DATE}) ?(?:-|–|—|to|and|through|until|till) ?(?P<last>{DATE})",
        _between_days,
    ),
    _rule(
        rf"(?:(?:valid )?(?:through|thru|until|till|up to|to)|(?:ends?|ending|expires?)(?: on)?)(?: the end of)? {_DAY}",
        _day_of("to", lambda first, last: last + DAY),
    ),
    _rule(rf"(?:before|prior to) {_DAY}", _day_of("to", lambda first, last: first)),
    _rule(
        rf"(?:valid |effective |starting |beginning )?(?:from|since|as of|on or after|starting|beginning|effective)"
        rf"(?: on| from)? {_DAY}(?: onwards?)?",
        _day_of("from", lambda first, last: first),
    ),
    _rule(rf"after {_DAY}", _day_of("from", lambda first, last: last + DAY)),
    _rule(
        rf"{ABOUT}(?:between )?{COUNT.format('low')}{TOKENS} ?(?:<|≤|<=|-|–|to|and) ?"
        rf"(?:{LENGTH} ?(?:<|≤|<=) ?)?{_COUNT}{TOKENS}{_END}",
        _band,
    ),
    _rule(rf"{ABOUT}(?:{UP_TO}) ?{_COUNT}{TOKENS}{_END}", _up_to),
    _rule(rf"{ABOUT}(?:{OVER}) ?{_COUNT}{TOKENS}{_END}", _above),
    _rule(rf"{ABOUT}(?:≥|>=|at least|from) ?{_COUNT}{TOKENS}{_END}", _at_least),
    _rule(
        rf"(?:retir(?:es|ing)|shut(?:s|ting) down|sunset(?:s|ting)?)(?: on| as of| in)? {_DAY}",
        _day_of("shutdown_date", lambda first, last: first),
    ),
    _rule(rf"(?P<status>{STATUS}|new|latest)(?:(?: on| as of| since)? {_DAY})?{_END}", _stage),
    _rule(
        r"except (?:on|for|in) (?P<places>[A-Z][\w.]*(?: [A-Z][\w.]*)*(?:(?:,| and|, and) [A-Z][\w.]*(?: [A-Z][\w.]*)*)*)",
        _except_on,
    ),
    _rule(
        r"(?:introductory|promotional|launch|special|regular|standard)(?: offers?| pric(?:e|es|ing)| rates?)?(?= |[,;.]|$)",
        lambda _: {},
    ),
    _rule(
        r"(?:(?:limited[- ]time|permanent) )?(?P<percent>\d+(?:\.\d+)?)\s?% (?:off|discount)(?: limited[- ]time)?",
        _percent,
    ),
)
