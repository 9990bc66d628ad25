"""The templates, and the digest of everything pages are made by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cardwatch.compare.settings import template_version
from cardwatch.compare.wording.escaping import link_target
from cardwatch.compare.wording.grammar import clean_text, count_noun
from cardwatch.normalize.hidden_characters import write_out_hidden_lines

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
FOLDER = "templates"
ASSETS = ("site.css", "site.js", "icon.svg")


@cache
def template_environment() -> Environment:
    """Return the templates, escaping everything that goes in."""
    env = Environment(
        loader=PackageLoader("cardwatch"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_write_out,
    )
    env.filters |= {"clean": clean_text, "http": link_target}
    env.globals |= {"plural": count_noun, "csp": CSP}
    return env


def _write_out(value: Any) -> Any:
    """Write out what is hidden in a text that goes into a page; Markup was made of texts that went this way."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return write_out_hidden_lines(value)
    return value


def read_asset(name: str) -> bytes:
    """Return a file that pages load from the site itself."""
    return (resources.files("cardwatch") / FOLDER / name).read_bytes()


@cache
def site_version() -> str:
    """Return a digest of all code and templates that pages are made by."""
    digest = hashlib.sha256(template_version().encode())
    for file in sorted(_digested_files(), key=lambda f: f.name):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _digested_files() -> Iterator[Traversable]:
    package = resources.files("cardwatch")
    for folder in (package / "site", package / FOLDER):
        yield from (file for file in folder.iterdir() if file.is_file())
    yield from (package / name for name in ("json_output.py", "terminal/output.py"))
