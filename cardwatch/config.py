"""`cardwatch.toml`: every setting, its default and its unit; an unknown key is refused by name."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from cardwatch.db.store.default_traffic import INPUT_MTOK, OUTPUT_MTOK
from cardwatch.errors import ConfigError


class ConfigSection(BaseModel):
    """Frozen, and a key nobody knows is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class CrawlSection(ConfigSection):
    contact: str = ""
    """An address or page in the user agent; a live run is refused without it."""
    budget: int = Field(default=500, ge=1)
    """Pages that one `refresh` visits at most, unless --budget says otherwise."""
    host_allowance: int = Field(default=200, ge=1)
    """Pages that one run visits at most on one host, and the answers over which their listings go on."""
    allow_hosts: tuple[str, ...] = ()
    """Hosts beside those of the sources themselves."""
    allow_private: bool = False
    """Let the crawler reach loopback and private addresses: for tests and intranets."""
    interval_hours: float = Field(default=24, gt=0)
    """How often runs are meant to happen; twice this without one is reported."""
    delay_seconds: float = Field(default=1, ge=0)
    """Least time between two requests to one host; robots.txt and slow answers only lengthen it."""
    backoff_seconds: float = Field(default=1, ge=0)
    """First wait after a host failed, doubled with each further failure."""
    timeout_seconds: float = Field(default=30, gt=0)
    """How long one answer may take."""


def parse_days(value: object) -> object:
    """Return days: a number as it stands, `"6h"` and `"3d"` as numbers; anything else is left for the type to refuse."""
    if isinstance(value, bool):
        raise ValueError('wanted days, or a text such as "6h"')  # noqa: TRY004  pydantic tells no TypeError
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([hd])\s*", value) if isinstance(value, str) else None
    if not found:
        return value
    days = float(found[1]) / (24 if found[2] == "h" else 1)
    return int(days) if days.is_integer() else days


Days = Annotated[int | float, BeforeValidator(parse_days), Field(gt=0)]
"""A time: a number of days, or a text such as "6h" or "3d"."""


class LimitDays(ConfigSection):
    warn: Days
    """Days, or hours as "6h", after which a fact is past its first limit."""
    error: Days
    """The same for its second."""


class FreshnessSection(ConfigSection):
    limits: dict[str, LimitDays] = {}
    """Days or hours by group (price, availability, limit, capability, lifecycle, spec, benchmark) or attribute."""
    sources: dict[str, dict[str, LimitDays]] = {}
    """The same for one source."""


class CompareSection(ConfigSection):
    anchors: tuple[str, ...] = ()
    """Models compared with every other one."""
    neighbours: int = Field(default=2, ge=0)
    """Pairs kept with each model's nearest k."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Pairs kept in any case, as two ids each."""
    all_pairs_up_to: int = Field(default=0, ge=0)
    """Keep every pair while the catalog has at most this many models."""
    input_mtok: int = Field(default=INPUT_MTOK, ge=0)
    """Default traffic: million input tokens a month."""
    output_mtok: int = Field(default=OUTPUT_MTOK, ge=0)
    """The same for output tokens."""


class ArchiveSection(ConfigSection):
    keep: int = Field(default=0, ge=0)
    """Days after which `cardwatch prune` drops a body that no present fact leans on; 0 keeps everything."""


class SourceSection(ConfigSection):
    every: Days | None = None
    """Days, or hours as "6h", after which its pages are due again; what the source itself says when absent."""
    enabled: bool = True
    """false leaves the source alone; what it said before stays."""
    pages: tuple[str, ...] = ()
    """Ids of the pages to visit, for a source of many pages."""


class NotifySection(ConfigSection):
    urls: tuple[SecretStr, ...] = ()
    """Whom to tell what moved, ended or fails, as Apprise writes addresses: `mailto://…`, `slack://…`, `json://…`.
    Those that hold a key belong into the environment variable CARDWATCH_NOTIFY_URLS, with spaces between them."""
    price_moved_percent: float = Field(default=10, gt=0)
    """A price that moved by more than this, in percent of what it was, is told; so is every one from or to free."""


class WatchSection(ConfigSection):
    models: tuple[str, ...] = ()
    """Models to watch, by any of their names; none means all."""
    providers: tuple[str, ...] = ()
    """Providers whose offers to watch, by id; none means all."""
    attributes: tuple[str, ...] = ()
    """Attributes to watch; none means all."""
    price_moved_percent: float = Field(default=0, ge=0)
    """Price moves smaller than this, in percent, are left out."""
    shutdown_within_days: int = Field(default=30, ge=1)
    """How many days ahead the brief looks for shutdowns."""


class ExchangeRate(ConfigSection):
    usd: Decimal = Field(gt=0)
    """Dollars for one unit of the currency."""
    on: date
    """Day of the rate; printed beside every converted price."""


class HoldsSection(ConfigSection):
    days: int = Field(default=3, ge=1)
    """Days after which a surprising value is published, marked unconfirmed, when no second look agreed with the first."""


class DisplaySection(ConfigSection):
    rates: dict[str, ExchangeRate] = {}
    """Exchange rates by currency code: for display only, the catalog keeps prices as they are told."""


class Config(ConfigSection):
    """The whole file."""

    crawl: CrawlSection = CrawlSection()
    freshness: FreshnessSection = FreshnessSection()
    compare: CompareSection = CompareSection()
    archive: ArchiveSection = ArchiveSection()
    sources: dict[str, SourceSection] = {}
    notify: NotifySection = NotifySection()
    watch: WatchSection = WatchSection()
    holds: HoldsSection = HoldsSection()
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
        return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        found = "" if _is_secret_key(key) else f", found {first['input']!r}"
        raise ConfigError(f"{path}: {key}: {first['msg']}{found}") from (
            None if _is_secret_key(key) else error
        )


def _is_secret_key(key: str) -> bool:
    """Say whether what stands at a key may be an address with a password in it."""
    return key.split(".")[0] == "notify" and key != "notify.price_moved_percent"
