"""A printed name taken apart: where it is served, who published it, and the name itself, spelled plainly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from cardwatch.normalize.identity.families import translate_brands
from cardwatch.normalize.identity.variant_words import EFFORTS, TIERS, add_variant_word
from cardwatch.normalize.providers import DEVELOPERS, provider_id

_MAKERS = {
    spelling.casefold(): key for key, row in DEVELOPERS.items() for spelling in (key, row.name, *row.aliases)
}
MAKER_PREFIXES = {
    re.sub(r"[^a-z0-9.]+", "-", spelling): maker
    for spelling, maker in _MAKERS.items()
    if re.fullmatch(r"[a-z0-9. _-]+", spelling)
}
"""Makers as names begin with them, words joined by dashes: "meta-llama" in "meta-llama-llama-4-scout"."""
_CLOUD_REGION = re.compile(r"(?:us|eu|ap|ca|sa|me|af|il|mx)-(?:gov-)?[a-z]+-\d")
_AT_REGION = re.compile(
    r"us|eu|global|apac"
    r"|[a-z]{2}-(?:gov-)?(?:north|south|east|west|central)[a-z]*-\d"
    r"|(?:us|europe|asia|australia|northamerica|southamerica|me|africa)-[a-z]*(?:north|south|east|west|central)[a-z]*\d+"
    r"|(?=[a-z]{6})[a-z]*(?:north|south|east|west|central)[a-z]*\d?|uk(?:south|west)"
)
"""Regions behind an @, as Amazon, Google and Azure write them: "us-east-1", "europe-west4", "swedencentral"."""
_WIDE_REGIONS = {
    "us": "us",
    "eu": "eu",
    "global": "global",
    "global-standard": "global",
    "apac": "apac",
    "us-gov": "us-gov",
}
_ROUTE = re.compile(
    r"accounts|fireworks|models|routers|@cf|@hf|workers-ai|pro|public|chat-completion|completion|main|invoke"
    r"|converse|\*|\d-month-commitment|(?:\d+|max)-x-(?:\d+|max)|\d+-steps|high|low|medium|standard|hd|auto"
    r"|qwenlm|qwencoder|afm"
)
_PREFIXES = {"ft:": "fine-tuned", "e2ee-": "e2ee"}
MOST_REMARKS = 8
"""Remarks in parentheses that a name may have; what follows is left in it."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_YEAR = re.compile(r"(?<![a-z])(?P<month>[a-z]{3})[a-z]*\.? (?:(?P<day>\d\d?) )?(?P<year>20\d\d)")
_VERSION = re.compile(r"(?<![\d.])(\d)-(\d{1,2})(?=-|$)")


@dataclass
class PrintedName:
    """`maker` is the developer id a path names, `publisher` a segment no vocabulary knows.

    `weights` says a bare size means the base checkpoint; None that it may mean either.
    `strange` says a segment is neither a route nor anybody known.
    """

    name: str
    raw: str = ""
    maker: str | None = None
    publisher: str | None = None
    weights: bool | None = False
    strange: bool = False
    variant: dict[str, str] = field(default_factory=dict)


def fold_name(text: str) -> str:
    """Return text in lower case with plain hyphens, single spaces and makers' Chinese names as their ids."""
    folded = translate_brands(unicodedata.normalize("NFKC", text).casefold()).replace("%3a", ":")
    return " ".join(re.sub(r"[\u2010-\u2015\u2212]", "-", folded).split())


def split_name(text: str) -> PrintedName:
    """Read a plain name as printed by any source but the clouds' own."""
    *path, last = text.removeprefix("hf:").split("/")
    printed = PrintedName("")
    for position, segment in enumerate(path):
        _segment(printed, segment, nearest=position == len(path) - 1)
    printed.raw = _without_suffixes(_without_at_version(_without_vendor(last), printed), printed)
    printed.name = join_with_dashes(printed.raw)
    return printed


def maker_of(segment: str) -> str | None:
    """Return the developer a path segment or a display name's prefix stands for."""
    return _MAKERS.get(segment)


def join_with_dashes(text: str) -> str:
    """Join words by dashes and version digits by dots: "claude opus 4-5" is "claude-opus-4.5"."""
    text = re.sub(r"(?<=\d)p(?=\d)", ".", text.replace("+", "-plus"))
    text = re.sub(r"[\s_]+", "-", re.sub(r"(?<=\d)_(?=\d)", ".", text))
    text = re.sub(r"-{2,}", "-", text).strip("-")
    return _versions(text)


def _versions(text: str) -> str:
    head, tail = _date_tail(text)
    return _VERSION.sub(r"\1.\2", head) + tail


def _date_tail(text: str) -> tuple[str, str]:
    found = re.search(r"-(?:20\d\d-\d\d-\d\d|[01]\d-20\d\d|[01]\d-[0-3]\d)(?=[-@:_]|$)", text)
    return (text[: found.start()], text[found.start() :]) if found else (text, "")


def _segment(printed: PrintedName, segment: str, *, nearest: bool) -> None:
    segment = segment.strip()
    if segment in _WIDE_REGIONS or _CLOUD_REGION.fullmatch(segment):
        printed.variant["region"] = _WIDE_REGIONS.get(segment, segment)
    elif segment == "tee":
        printed.variant["tier"] = "tee"
    elif maker := _MAKERS.get(segment):
        printed.maker, printed.publisher = maker, None
        printed.weights = segment in ("meta-llama", "mistralai", "qwen")
    elif not _ROUTE.fullmatch(segment) and provider_id("", segment.removesuffix("-internal")) is None:
        printed.maker, printed.publisher = None, segment if nearest and not printed.strange else None
        printed.strange = True
    if segment == "fireworks":
        printed.weights = True


def _without_vendor(last: str) -> str:
    prefix, colon, rest = last.partition(": ")
    return rest if colon and prefix in _MAKERS else last


def _without_at_version(last: str, printed: PrintedName) -> str:
    """Read what stands behind an @: Google's clouds write name@version or family@name, gateways name@region."""
    name, at, version = last.rpartition("@")
    if not at or not name:
        return last
    if _AT_REGION.fullmatch(version):
        printed.variant["region"] = version
        return _without_at_version(name, printed)
    if version in ("default", "latest"):
        return f"{name}-latest" if version == "latest" else name
    if version[:1].isdigit():
        return f"{name}-{version.removesuffix('-001')}" if version != "001" else _numbered(name, printed)
    return version


def _numbered(name: str, printed: PrintedName) -> str:
    printed.variant["snapshot"] = "001"
    return name


def _without_suffixes(last: str, printed: PrintedName) -> str:
    for prefix, mode in _PREFIXES.items():
        if last.startswith(prefix):
            printed.variant["mode"] = mode
            last = last.removeprefix(prefix)
    if last.endswith((".ft", ".ft-")):
        printed.variant["mode"] = "fine-tuned"
        last = last.rstrip("-").removesuffix(".ft")
    last = _without_parentheses(last, printed)
    name, *suffixes = last.split(":")
    for suffix in suffixes:
        name += _suffix(suffix.strip(), printed)
    return _underscored(name, printed)


def _suffix(suffix: str, printed: PrintedName) -> str:
    if suffix in TIERS or suffix in ("thinking", "exacto") or (suffix in EFFORTS and printed.variant):
        add_variant_word(suffix, printed.variant)
        return ""
    if suffix in ("beta", "nitro", "floor", "online", "max", "web", "") or suffix.isdigit():
        return ""
    if provider_id("", suffix):
        printed.variant["mode"] = suffix
        return ""
    return f"-{suffix.removesuffix('-cloud')}"


def _underscored(name: str, printed: PrintedName) -> str:
    """Benchmark tables write the effort or the thinking budget behind an underscore."""
    stem, _, word = name.rpartition("_")
    if stem and re.fullmatch(r"\d+k", word):
        printed.variant["mode"] = "thinking"
        return stem
    if stem and (word in EFFORTS or word in ("max", "unknown", "thinking")):
        if word != "unknown":
            printed.variant["mode"] = word
        return stem
    return name


def _without_parentheses(text: str, printed: PrintedName) -> str:
    for remark in re.findall(r"\(([^()]*)\)", text)[:MOST_REMARKS]:
        before, _, after = text.partition(f"({remark})")
        if moved := _part_of_the_name(before.strip(), remark.strip()):
            text = moved + after
        elif _remark(remark.strip(), printed.variant):
            text = before + after
    return text.strip()


def _part_of_the_name(name: str, remark: str) -> str:
    """Put back what a table sets in parentheses but a name carries: "24.02", "0613", "1106 preview", "7B"."""
    if re.fullmatch(r"\d\d\.\d\d|[01]\d-20\d\d|(?:\d{3,8} )?preview|\d{3,8}", remark):
        return f"{name}-{remark.replace('.', '').replace(' ', '-')}"
    if not re.fullmatch(r"(?:\d+x)?\d+(?:\.\d+)?b", remark):
        return ""
    words = name.split()
    numbered = next((i for i, word in enumerate(words) if re.search(r"\d", word)), len(words) - 1)
    return "-".join([*words[: numbered + 1], remark, *words[numbered + 1 :]])


def _remark(remark: str, variant: dict[str, str]) -> bool:
    """Understand what a display name adds in parentheses."""
    if found := _MONTH_YEAR.search(remark):
        if found["month"] in _MONTHS:
            month = _MONTHS.index(found["month"]) + 1
            variant["snapshot"] = f"{found['year']}-{month:02}" + (
                f"-{int(found['day']):02}" if found["day"] else ""
            )
            return True
        return False
    if re.fullmatch(r"20\d\d-\d\d-\d\d", remark):
        variant["snapshot"] = remark
        return True
    return _remark_words(remark, variant)


def _remark_words(remark: str, variant: dict[str, str]) -> bool:
    if re.fullmatch(
        r"(?:\d+k|unknown) thinking|thinking(?: high| low| medium)?|default thinking length", remark
    ):
        if not remark.startswith("unknown"):
            variant["mode"] = "thinking"
        return True
    if re.fullmatch(r"no thinking|non-thinking|none", remark):
        variant["mode"] = "non-thinking"
        return True
    if remark == "max":
        variant["mode"] = "max"
        return True
    if remark.startswith(("hosted ", "moe-")) or remark in ("dense", "web app") or provider_id("", remark):
        return True
    words = re.split(r"[;,]\s*|\s+", remark)
    return all(add_variant_word(word, variant) or provider_id("", word) for word in words)
