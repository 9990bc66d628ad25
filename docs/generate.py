"""Write the pages that are made from code: `python docs/generate.py`; with --check only say which are out of date."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import click
from pydantic import BaseModel, SecretStr
from shapes import json_page, schemas

from cardwatch.auditing.check_table import CHECKS
from cardwatch.auditing.choices import CHOICE_CHECKS
from cardwatch.cli import COMMAND_SECTIONS, DeferredCommand, cli
from cardwatch.config import Config
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
    rows = ["| command | does |", "|---|---|"]
    for commands in COMMAND_SECTIONS.values():
        rows += [
            f"| [`{name}`](docs/reference/cli.md#{name}) | {about} |" for name, about in commands.items()
        ]
    table = "\n".join(rows)
    return MARKS.sub(rf"\g<1>{table}\n\g<2>", (ROOT / "README.md").read_text(encoding="utf-8"))


def comparisons_page() -> str:
    """Return the specification of comparisons with its table of checks as they are."""
    rows = [
        "| check | what has to hold |",
        "|---|---|",
        *(f"| {check.id} | {check.holds} |" for check in CHECKS),
        *(f"| {check} | {holds} |" for check, holds in CHOICE_CHECKS.items()),
    ]
    text = (ROOT / "docs" / "design" / "comparisons.md").read_text(encoding="utf-8")
    return CHECK_MARKS.sub(lambda marks: marks[1] + "\n".join(rows) + f"\n{marks[2]}", text)


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


def helped(command: click.Command, words: str, parent: click.Context | None) -> str:
    """Return --help as a terminal of WIDTH columns shows it."""
    with click.Context(command, info_name=words, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH,
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
    for name, field in Config.model_fields.items():
        section, table = _section(name, field.annotation)
        text += [f"## [{table}]\n", "| key | type | default | meaning |", "|---|---|---|---|"]
        text += [_setting(key, setting) for key, setting in section.model_fields.items()]
        text.append("")
    return "\n".join(text).rstrip() + "\n"


def _section(name: str, annotation: Any) -> tuple[type[BaseModel], str]:
    if get_origin(annotation) is dict:
        return get_args(annotation)[-1], f"{name}.<id>"
    return annotation, name


BOUNDS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


def _setting(key: str, field: Any) -> str:
    if not field.description:
        raise ValueError(f"{key}: wanted a docstring that says what it means, found none")
    said = [item for part in field.metadata for item in asdict(part).items() if item[0] in BOUNDS]
    bounds = [f"{BOUNDS[word]} {value}" for word, value in said]
    kind = ", ".join([_type(field.annotation), *bounds])
    return f"| `{key}` | {kind} | {_default(field)} | {' '.join(field.description.split())} |"


def _default(field: Any) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if value in ((), {}, None):
        return "none"
    return f'`"{value}"`' if isinstance(value, str) else f"`{str(value).lower()}`"


def _type(annotation: Any) -> str:
    """Return a type as TOML has it."""
    plain = {str: "text", SecretStr: "text", int: "integer", float: "number", bool: "true or false"}
    if annotation in plain:
        return plain[annotation]
    if get_origin(annotation) is tuple:
        inner = [inner for inner in get_args(annotation) if inner is not Ellipsis]
        return f"list of {_type(inner[0])}" if len(inner) == 1 else "pair of ids"
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return 'days, or text such as `"6h"`' if len(kinds) > 1 else _type(kinds[0])
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0])
    if get_origin(annotation) is dict:
        return f"table of {_type(get_args(annotation)[-1])}"
    return "{ " + ", ".join(annotation.model_fields) + " }"


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
    text += ["| attribute | type | unit | topic | meaning |", "|---|---|---|---|---|"]
    text += [f"| `{a.name}` | {a.type} | {a.unit} | {a.group} | {a.meaning} |" for a in ATTRIBUTES.values()]
    return "\n".join(text).rstrip() + "\n"


def _place(name: str) -> int:
    return VIEWS_FIRST.index(name) if name in VIEWS_FIRST else len(VIEWS_FIRST)


def _relation(name: str, docs: Mapping[str, str], order: list[str]) -> str:
    rows = "\n".join(
        f"| `{column}` | {docs.get(column, '').replace('|', chr(92) + '|')} |" for column in order
    )
    return f"### {name}\n\n{docs['']}\n\n| column | meaning |\n|---|---|\n{rows}\n"


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
