"""The templates, and the digest of everything pages are made by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, PackageLoader, StrictUndefined

from cardwatch.compare.escape import link_target
from cardwatch.compare.settings import template_version
from cardwatch.compare.words import clean, plural

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'"
)
FOLDER = "templates"
ASSETS = ("site.css", "site.js", "icon.svg")


@cache
def environment() -> Environment:
    """Return the templates, escaping everything that goes in."""
    env = Environment(
        loader=PackageLoader("cardwatch"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"clean": clean, "http": link_target}
    env.globals |= {"plural": plural, "csp": CSP}
    return env


def asset(name: str) -> bytes:
    """Return a file that pages load from the site itself."""
    return (resources.files("cardwatch") / FOLDER / name).read_bytes()


@cache
def version() -> str:
    """Return a digest of all code and templates that pages are made by."""
    digest = hashlib.sha256(template_version().encode())
    for file in sorted(_makers(), key=lambda f: f.name):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _makers() -> Iterator[Traversable]:
    package = resources.files("cardwatch")
    for folder in (package / "site", package / FOLDER):
        yield from (file for file in folder.iterdir() if file.is_file())
    yield from (package / name for name in ("shapes.py", "output.py"))
