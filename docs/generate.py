"""Write the pages that are made from code: `python docs/generate.py`; with --check only say which are out of date."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import click
from msgspec import NODEFAULT
from msgspec.structs import FieldInfo, fields
from shapes import json_page, markdown_table, schemas

from cardwatch.auditing.check_table import CHECKS
from cardwatch.auditing.choices import CHOICE_CHECKS
from cardwatch.cli import COMMAND_SECTIONS, DeferredCommand, cli
from cardwatch.config import Config, Days, SecretText
from cardwatch.db.catalog import CatalogStore
from cardwatch.normalize.attributes import ATTRIBUTES

ROOT = Path(__file__).parent.parent
MADE = "<!-- Made by docs/generate.py; do not edit. -->\n"
WIDTH = 96
CHECK_MARKS = re.compile(r"(<!-- checks:.*?-->\n).*?(<!-- /checks -->)", re.DOTALL)
MARKS = re.compile(r"(<!-- commands:.*?-->\n).*?(<!-- /commands -->)", re.DOTALL)


def pages() -> dict[str, str]:
    """Return the text of every generated file, by its path in the repository."""
    return {
        "README.md": readme(),
        "docs/design/comparisons.md": comparisons_page(),
        "docs/reference/cli.md": cli_page(),
        "docs/reference/config.md": config_page(),
        "docs/reference/schema.md": schema_page(),
        "docs/reference/json.md": MADE + json_page(),
        **{f"docs/reference/schemas/{name}.json": text for name, text in schemas().items()},
    }


def readme() -> str:
    """Return the README with its table of commands as they are."""
    rows = [
        (f"[`{name}`](docs/reference/cli.md#{name})", about)
        for commands in COMMAND_SECTIONS.values()
        for name, about in commands.items()
    ]
    table = markdown_table(("command", "does"), rows)
    return MARKS.sub(rf"\g<1>{table}\g<2>", (ROOT / "README.md").read_text(encoding="utf-8"))


def comparisons_page() -> str:
    """Return the specification of comparisons with its table of checks as they are."""
    rows = [*((check.id, check.holds) for check in CHECKS), *CHOICE_CHECKS.items()]
    text = (ROOT / "docs" / "design" / "comparisons.md").read_text(encoding="utf-8")
    return CHECK_MARKS.sub(
        lambda marks: marks[1] + markdown_table(("check", "what has to hold"), rows) + marks[2], text
    )


def cli_page() -> str:
    """Return what --help says, command by command."""
    text = [MADE, "# Command line\n", "```text", helped(cli, "cardwatch", None), "```\n"]
    with click.Context(cli, info_name="cardwatch", terminal_width=WIDTH) as top:
        for title, commands in COMMAND_SECTIONS.items():
            text.append(f"## {title}\n")
            for name in commands:
                entry = cli.commands[name]
                assert isinstance(entry, DeferredCommand)
                for words, command in family(name, entry.load()):
                    text += [f"{'#' * (2 + len(words.split()))} {words}\n", "```text"]
                    text += [helped(command, words, top), "```\n"]
    return "\n".join(text).rstrip() + "\n"


def family(words: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield a command and those below it, each with its full name."""
    yield words, command
    if isinstance(command, click.Group):
        for name, below in sorted(command.commands.items()):
            yield from family(f"{words} {name}", below)


def helped(command: click.Command, words: str, parent: click.Context | None, width: int = WIDTH) -> str:
    """Return --help as a terminal of `width` columns shows it."""
    with click.Context(command, info_name=words, parent=parent, terminal_width=width, max_content_width=width,
                       help_option_names=["-h", "--help"]) as ctx:  # fmt: skip
        return "\n".join(line.rstrip() for line in command.get_help(ctx).splitlines())


def config_page() -> str:
    """Return every setting with its type, default and meaning."""
    text = [
        MADE,
        "# Settings\n",
        "`cardwatch.toml` in the working folder, or `--config FILE`. Every key is optional; an",
    ]
    text += ["unknown one is refused by name. `cardwatch doctor` prints what is in force.\n"]
    for field in fields(Config):
        section, table = _section(field.name, field.type)
        meanings = attribute_docstrings(section)
        rows = [_setting(setting, meanings) for setting in fields(section)]
        text += [f"## [{table}]\n", markdown_table(("key", "type", "default", "meaning"), rows)]
    return "\n".join(text).rstrip() + "\n"


def attribute_docstrings(kind: type) -> dict[str, str]:
    """Return what stands below each attribute of a class, by its name."""
    lines = ast.parse(inspect.getsource(kind)).body[0].body  # type: ignore[attr-defined]  # a class
    return {
        line.target.id: " ".join(below.value.value.split())
        for line, below in pairwise(lines)
        if isinstance(line, ast.AnnAssign) and isinstance(below, ast.Expr)
    }


def _section(name: str, annotation: Any) -> tuple[type, str]:
    if get_origin(annotation) is dict:
        return get_args(annotation)[-1], f"{name}.<id>"
    return annotation, name


BOUNDS = {"ge": "at least", "gt": "more than"}


def _setting(field: FieldInfo, meanings: Mapping[str, str]) -> tuple[str, str, str, str]:
    if field.name not in meanings:
        raise ValueError(f"{field.name}: wanted a docstring that says what it means, found none")
    return f"`{field.name}`", _type(field.type), _default(field), meanings[field.name]


def _default(field: FieldInfo) -> str:
    if field.required:
        return "required"
    value = field.default if field.default_factory is NODEFAULT else field.default_factory()
    if value in ((), {}, None):
        return "none"
    return f'`"{value}"`' if isinstance(value, str) else f"`{str(value).lower()}`"


def _type(annotation: Any) -> str:
    """Return a type as TOML has it."""
    plain = {
        str: "text",
        SecretText: "text",
        int: "integer",
        float: "number",
        bool: "true or false",
        Days: 'days, or text such as `"6h"`, more than 0',
        Decimal: "number",
        date: "date",
    }
    if annotation in plain:
        return plain[annotation]
    if get_origin(annotation) is tuple:
        inner = [inner for inner in get_args(annotation) if inner is not Ellipsis]
        return f"list of {_type(inner[0])}" if len(inner) == 1 else "pair of ids"
    if get_origin(annotation) in (Union, UnionType):
        return _type(next(kind for kind in get_args(annotation) if kind is not NoneType))
    if get_origin(annotation) is Annotated:
        kind, bounds = get_args(annotation)
        bounds_text = [
            f"{words} {getattr(bounds, word)}"
            for word, words in BOUNDS.items()
            if getattr(bounds, word) is not None
        ]
        return ", ".join([_type(kind), *bounds_text])
    if get_origin(annotation) is dict:
        return f"table of {_type(get_args(annotation)[-1])}"
    return "{ " + ", ".join(field.name for field in fields(annotation)) + " }"


VIEWS_FIRST = (
    "models",
    "prices",
    "cheapest_offers",
    "facts",
    "offers",
    "price_history",
    "changes",
    "conflicts",
)


def schema_page() -> str:
    """Return what every view, table, column and attribute means, as a fresh catalog says it of itself."""
    with (
        tempfile.TemporaryDirectory() as folder,
        CatalogStore.open(Path(folder) / "catalog.db", now=_never) as catalog,
    ):
        kinds = dict(
            catalog.conn.execute(
                "SELECT name, type FROM sqlite_schema WHERE type IN ('view', 'table')"
            ).fetchall()
        )
        docs: dict[str, dict[str, str]] = {}
        for relation, column, meaning in catalog.conn.execute(
            "SELECT relation, column, meaning FROM column_docs"
        ):
            docs.setdefault(relation, {})[column] = meaning
        order = {
            name: [row[1] for row in catalog.conn.execute(f"PRAGMA table_info({name})")] for name in docs
        }
    views = sorted((n for n in docs if kinds.get(n) == "view"), key=lambda n: (_place(n), n))
    tables = [name for name in kinds if kinds[name] == "table" and docs.get(name, {}).get("")]
    text = [MADE, (ROOT / "docs/reference/schema-intro.md").read_text(encoding="utf-8"), "## Views\n"]
    text += [_relation(name, docs[name], order[name]) for name in views]
    text += ["## Tables\n", *(_relation(name, docs[name], order[name]) for name in tables)]
    text += ["## Attributes\n", "The closed list; any `benchmark.<name>` is one too.\n"]
    attributes = [(f"`{a.name}`", a.type, a.unit, a.group, a.meaning) for a in ATTRIBUTES.values()]
    text.append(markdown_table(("attribute", "type", "unit", "topic", "meaning"), attributes))
    return "\n".join(text).rstrip() + "\n"


def _place(name: str) -> int:
    return VIEWS_FIRST.index(name) if name in VIEWS_FIRST else len(VIEWS_FIRST)


def _relation(name: str, docs: Mapping[str, str], order: list[str]) -> str:
    rows = [(f"`{column}`", docs.get(column, "")) for column in order]
    return f"### {name}\n\n{docs['']}\n\n{markdown_table(('column', 'meaning'), rows)}"


def _never() -> Any:
    raise AssertionError("a schema needs no clock")


def main() -> None:
    """Write what changed, or with --check exit 1 with the names of pages that are out of date."""
    stale = [
        name
        for name, text in pages().items()
        if not (ROOT / name).exists() or (ROOT / name).read_text("utf-8") != text
    ]
    if "--check" in sys.argv:
        click.echo("\n".join(stale))
        sys.exit(bool(stale))
    for name, text in pages().items():
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")
    click.echo(f"{len(stale)} pages changed")


if __name__ == "__main__":
    main()
