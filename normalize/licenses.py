"""Licences by their SPDX id, and what follows from a licence whose terms somebody has read."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from license_expression import ExpressionError, Licensing, get_spdx_licensing

from cardwatch.crawler.blank_text import is_blank
from cardwatch.normalize.text import LONGEST, ParseError

_CUSTOM = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{1,60}", re.ASCII)


class LicenseTerms(NamedTuple):
    """What a reviewed licence says: on OSI's list, how open its weights are, commercial use, and why.

    `use` is None where the licence alone does not decide it.
    """

    osi: bool
    openness: str
    use: str | None
    because: str


def parse_license(text: str) -> str | None:
    """Return an SPDX expression ("Apache-2.0"), "Proprietary", or "LicenseRef-…" for a licence not in SPDX.

    None for a blank cell and for "other". Raises ParseError for prose: a sentence is not a licence name.
    """
    if is_blank(text):
        return None
    name = " ".join(text.split())
    if (known := _table()["names"].get(name.casefold())) is not None:
        return str(known) or None
    if len(name) > LONGEST:
        raise ParseError("license", wanted="a licence name", found=text)
    return _spdx(name) or _custom(name)


@cache
def license_terms(license_: str) -> LicenseTerms | None:
    """Return what follows from a licence id, or None for one that nobody has reviewed."""
    row = _table()["terms"].get(license_)
    return LicenseTerms(row["osi"], row["openness"], row.get("use"), row["because"]) if row else None


def _spdx(name: str) -> str | None:
    try:
        return str(_licensing().parse(name, validate=True, strict=True))
    except ExpressionError:
        return None


def _custom(name: str) -> str:
    bare = name.removeprefix("LicenseRef-")
    if not _CUSTOM.fullmatch(bare):
        raise ParseError("license", wanted="an SPDX id or a name in normalize/licenses.toml", found=name)
    return f"LicenseRef-{bare.lower()}"


@cache
def _licensing() -> Licensing:
    return get_spdx_licensing()


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("cardwatch.normalize").joinpath("licenses.toml").read_text(encoding="utf-8"))
