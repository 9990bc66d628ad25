"""`cardwatch.toml`: every setting, its default and its unit; an unknown key is refused by name."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from cardwatch.db.store.default_traffic import INPUT_MTOK, OUTPUT_MTOK
from cardwatch.errors import ConfigError

HIDDEN = "**********"
LARGEST = 1_000_000_000
"""What no count, price or time needs to exceed; calendars and clocks cannot reckon with much more."""
LONGEST_DAYS = 36_500
AtLeastZero = Annotated[int, Meta(ge=0, le=LARGEST)]
AtLeastOne = Annotated[int, Meta(ge=1, le=LARGEST)]
DaysOrNone = Annotated[int, Meta(ge=0, le=LONGEST_DAYS)]
WholeDays = Annotated[int, Meta(ge=1, le=LONGEST_DAYS)]
NotNegative = Annotated[float, Meta(ge=0, le=LONGEST_DAYS)]
Positive = Annotated[float, Meta(gt=0, le=LONGEST_DAYS)]
HeaderText = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$")]


class ConfigSection(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Frozen, and a key nobody knows is an error."""


class SecretText(str):
    """An address that may hold a password: printing it shows stars, its methods work on the text."""

    __slots__ = ()

    def __str__(self) -> str:
        return HIDDEN

    def __repr__(self) -> str:
        return HIDDEN

    def __format__(self, spec: str) -> str:
        return HIDDEN


class Days(float):
    """More than no days: a number of them, or a text such as "6h" or "3d"."""

    __slots__ = ()

    @classmethod
    def parse(cls, value: object) -> Days:
        """Return the days that a setting means. Raises ValueError."""
        found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([hd])\s*", value) if isinstance(value, str) else None
        if found:
            value = float(found[1]) / (24 if found[2] == "h" else 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_DAYS:
            raise ValueError(f'wanted days up to {LONGEST_DAYS}, or a text such as "6h"')
        return cls(value)

    @property
    def number(self) -> int | float:
        """The same as a plain number, whole where it is."""
        return int(self) if self.is_integer() else float(self)


class CrawlSection(ConfigSection, frozen=True):
    contact: HeaderText = ""
    """An address or page in the user agent; a live run is refused without it."""
    budget: AtLeastOne = 500
    """Pages that one `refresh` visits at most, unless --budget says otherwise."""
    host_allowance: AtLeastOne = 200
    """Pages that one run visits at most on one host, and the answers over which their listings go on."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts beside those of the sources themselves."""
    allow_private: bool = False
    """Let the crawler reach loopback and private addresses: for tests and intranets."""
    interval_hours: Positive = 24
    """How often runs are meant to happen; twice this without one is reported."""
    delay_seconds: NotNegative = 1
    """Least time between two requests to one host; robots.txt and slow answers only lengthen it."""
    backoff_seconds: NotNegative = 1
    """First wait after a host failed, doubled with each further failure."""
    timeout_seconds: Positive = 30
    """How long one answer may take."""


class LimitDays(ConfigSection, frozen=True):
    warn: Days
    """Days, or hours as "6h", after which a fact is past its first limit."""
    error: Days
    """The same for its second."""


class FreshnessSection(ConfigSection, frozen=True):
    limits: dict[str, LimitDays] = {}
    """Days or hours by group (price, availability, limit, capability, lifecycle, spec, benchmark) or attribute."""
    sources: dict[str, dict[str, LimitDays]] = {}
    """The same for one source."""


class CompareSection(ConfigSection, frozen=True):
    anchors: tuple[str, ...] = ()
    """Models compared with every other one."""
    neighbours: AtLeastZero = 2
    """Pairs kept with each model's nearest k: half its developer's, half rivals of others."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Pairs kept in any case, as two ids each."""
    all_pairs_up_to: AtLeastZero = 0
    """Keep every pair while the catalog has at most this many models."""
    input_mtok: AtLeastZero = INPUT_MTOK
    """Default traffic: million input tokens a month."""
    output_mtok: AtLeastZero = OUTPUT_MTOK
    """The same for output tokens."""


class ArchiveSection(ConfigSection, frozen=True):
    keep: DaysOrNone = 0
    """Days after which `cardwatch prune` drops a body that no present fact leans on; 0 keeps everything."""


class ClusterSection(ConfigSection, frozen=True):
    workers: AtLeastOne = 1
    """Processes that crawl, read, compare and export; 1 is this one alone. More than one needs `cardwatch[cluster]`."""
    scheduler: str = ""
    """Address of a Dask scheduler to join, such as `tcp://10.0.0.1:8786`, in place of processes of this machine."""


class SourceSection(ConfigSection, frozen=True):
    every: Days | None = None
    """Days, or hours as "6h", after which its pages are due again; what the source itself says when absent."""
    enabled: bool = True
    """false leaves the source alone; what it said before stays."""
    pages: tuple[str, ...] = ()
    """Ids of the pages to visit, for a source of many pages."""


class HuggingfaceSection(ConfigSection, frozen=True):
    authors: tuple[str, ...] = ()
    """Whose models' cards to read on the Hugging Face Hub, `["*"]` for anybody's. Without any: of the makers it
    knows, the models that another source lists as well."""
    min_downloads: AtLeastZero = 0
    """Downloads of the last month that such a model has at least."""
    min_likes: AtLeastZero = 0
    """Likes that it has at least."""
    tasks: tuple[str, ...] = ()
    """Tasks as the Hub names them, such as `text-generation`, of which it has one; none means all."""
    models: tuple[str, ...] = ()
    """Models whose cards to read in any case, as `author/name`."""
    requests: AtLeastOne = 1500
    """Requests for files in five minutes; the Hub allows 3,000 without a key. Its API is asked as any other host."""
    visits: AtLeastOne = 1000
    """Pages that one run visits there at most, in place of `crawl.host_allowance`."""


class NotifySection(ConfigSection, frozen=True):
    urls: tuple[SecretText, ...] = ()
    """Whom to tell what moved, ended or fails, as Apprise writes addresses: `mailto://…`, `slack://…`, `json://…`.
    Those that hold a key belong into the environment variable CARDWATCH_NOTIFY_URLS, with spaces between them."""
    price_moved_percent: Positive = 10
    """A price that moved by more than this, in percent of what it was, is told; so is every one from or to free."""


class WatchSection(ConfigSection, frozen=True):
    models: tuple[str, ...] = ()
    """Models to watch, by any of their names; none means all."""
    providers: tuple[str, ...] = ()
    """Providers whose offers to watch, by id; none means all."""
    attributes: tuple[str, ...] = ()
    """Attributes to watch; none means all."""
    price_moved_percent: NotNegative = 0
    """Price moves smaller than this, in percent, are left out."""
    shutdown_within_days: WholeDays = 30
    """How many days ahead the brief looks for shutdowns."""


class ExchangeRate(ConfigSection, frozen=True):
    usd: Decimal
    """Dollars for one unit of the currency, more than 0."""
    on: date
    """Day of the rate; printed beside every converted price."""

    def __post_init__(self) -> None:
        if not (self.usd.is_finite() and 0 < self.usd <= LARGEST):
            raise ValueError(f"wanted dollars for one unit, more than 0 and at most {LARGEST}")


class HoldsSection(ConfigSection, frozen=True):
    days: WholeDays = 3
    """Days after which a surprising value is published, marked unconfirmed, when no second look agreed with the first."""


class SiteSection(ConfigSection, frozen=True):
    models: tuple[str, ...] = ()
    """Models that `cardwatch export` has pages of, by any of their names; none means all."""


class DisplaySection(ConfigSection, frozen=True):
    rates: dict[str, ExchangeRate] = {}
    """Exchange rates by currency code: for display only, the catalog keeps prices as they are told."""


class Config(ConfigSection, frozen=True):
    """The whole file."""

    crawl: CrawlSection = CrawlSection()
    freshness: FreshnessSection = FreshnessSection()
    compare: CompareSection = CompareSection()
    archive: ArchiveSection = ArchiveSection()
    cluster: ClusterSection = ClusterSection()
    sources: dict[str, SourceSection] = {}
    huggingface: HuggingfaceSection = HuggingfaceSection()
    notify: NotifySection = NotifySection()
    watch: WatchSection = WatchSection()
    holds: HoldsSection = HoldsSection()
    site: SiteSection = SiteSection()
    display: DisplaySection = DisplaySection()


def load_config(path: Path, *, required: bool) -> Config:
    """Read `path`, or the defaults when it is absent and not `required`.

    Raises ConfigError naming the key, what was wanted and what was found.
    """
    if not path.exists():
        if required:
            raise ConfigError(f"{path}: no such file")
        return Config()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        raise ConfigError(
            f"{path}:{before.count(10) + 1}: not TOML: wanted UTF-8, found byte 0x{error.object[error.start]:02x}"
        ) from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # also a number or a nesting that the reader refuses to follow
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        return _checked(document)
    except msgspec.ValidationError as error:
        message, keys = _locate_error(str(error), document)
        secret = _is_secret_key(".".join(keys))
        found = "" if secret else _found_text(document, keys)
        raise ConfigError(f"{path}: {'.'.join(keys)}: {message}{found}") from (None if secret else error)


def _checked(document: dict[str, Any]) -> Config:
    return msgspec.convert(document, Config, dec_hook=_decode)


def _decode(kind: type, value: object) -> object:
    """Return a value of one of our own types. Raises ValueError or TypeError."""
    if kind is Days:
        return Days.parse(value)
    if kind is SecretText and isinstance(value, str):
        return SecretText(value)
    raise TypeError(f"wanted text, found {type(value).__name__}")


def settings_json(config: Config) -> str:
    """Return what differs from the defaults, as JSON, without secrets."""
    return msgspec.json.encode(config, enc_hook=_encode).decode()


def _encode(value: object) -> object:
    return value.number if isinstance(value, Days) else HIDDEN


_TOLD = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)
_FIELD = re.compile(r"Object (contains unknown|missing required) field `(.*)`")


def _locate_error(text: str, document: dict[str, Any]) -> tuple[str, list[str]]:
    """Return what is wrong by the validator's message, and the keys that lead there."""
    message, place = _TOLD.fullmatch(text).groups()  # type: ignore[union-attr]  # it matches any text
    keys = re.findall(r"[^.\[\]]+|\.\.\.", place or "")
    for depth in [number for number, key in enumerate(keys) if key == "..."]:
        keys[depth] = next(
            name for name in _value_at(document, keys[:depth]) if _is_wrong(document, keys[:depth], name)
        )
    if field := _FIELD.fullmatch(message):
        return "no such setting" if "unknown" in field[1] else "wanted a value", [*keys, field[2]]
    return message, keys


def _is_wrong(document: dict[str, Any], keys: list[str], name: str) -> bool:
    """Say whether what a table holds under `name` is wrong by itself: the validator does not name such keys."""
    alone: dict[str, Any] = {name: _value_at(document, keys)[name]}
    for key in reversed(keys):
        alone = {key: alone}
    try:
        _checked(alone)
    except msgspec.ValidationError:
        return True
    return False


def _value_at(document: Any, keys: list[str]) -> Any:
    for key in keys:
        document = document[int(key) if isinstance(document, list) else key]
    return document


def _found_text(document: dict[str, Any], keys: list[str]) -> str:
    try:
        return f", found {_value_at(document, keys)!r}"
    except KeyError:
        return ", found none"


def _is_secret_key(key: str) -> bool:
    """Say whether what stands at a key may be an address with a password in it."""
    return key.split(".")[0] == "notify" and key != "notify.price_moved_percent"
