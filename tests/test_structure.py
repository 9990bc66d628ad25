"""What the layout of the code promises: one door to the database, one meaning per name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "normalize", "db", "compare", "cardwatch")
SQL = re.compile(
    r"\s*(?:(?:SELECT|PRAGMA|BEGIN|COMMIT|ROLLBACK|WITH)\b|(?:INSERT|REPLACE) INTO\b|UPDATE \w+ SET\b|DELETE FROM\b"
    r"|(?:CREATE|DROP|ALTER) (?:TABLE|VIEW|INDEX|VIRTUAL)\b|select\b[^.]*\bfrom\b)"
)
ONE_WORD_SHARE = 0.10
"""The largest share of public functions whose name is one word: "parse" finds nothing, "parse_price" does."""


def modules(*rooms: str) -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of these folders, each once, however it is linked."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.resolve().is_relative_to((ROOT / room).resolve()):
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_only_db_writes_sql_or_holds_a_connection() -> None:
    found = []
    for path, tree in modules("crawler", "normalize", "compare", "cardwatch"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value):
                found.append(f"{path}:{node.lineno}: SQL {node.value[:40]!r}")
            if isinstance(node, ast.Attribute) and node.attr in {"conn", "_conn", "execute", "executemany"}:
                found.append(f"{path}:{node.lineno}: .{node.attr}")
    assert found == []


def test_no_class_name_is_used_twice() -> None:
    names = Counter(
        node.name
        for _, tree in modules(*ROOMS, "tests", "benchmarks")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, uses in names.items() if uses > 1] == []


def test_names_of_public_functions_have_a_verb_and_an_object() -> None:
    names = [
        (node.name, path)
        for path, tree in modules(*ROOMS)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        if path.parts[:2] != ("cardwatch", "commands")  # named as the command is typed
    ]
    short = [f"{path}: {name}" for name, path in names if "_" not in name]
    assert len(short) <= ONE_WORD_SHARE * len(names), short


def test_the_public_catalog_can_be_had_without_the_crawler() -> None:
    script = (
        "import sys; from cardwatch import Catalog; "
        "print(*sorted(name for name in sys.modules if name.startswith('cardwatch.crawler')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def imported_packages(*rooms: str) -> set[str]:
    """Return the packages these folders import by themselves, by the names under which they are installed."""
    known = packages_distributions()
    imported = {
        name.partition(".")[0]
        for _, tree in modules(*rooms)
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    return {name.lower().replace("_", "-") for package in imported for name in known.get(package, ())}


def declared_packages(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        *project["dependencies"],
        *[line for extra in extras for line in project["optional-dependencies"][extra]],
    ]
    return {re.split(r"[<>=\[ ]", line)[0].lower() for line in lines}


def test_every_dependency_is_used_and_what_is_imported_is_declared() -> None:
    used = imported_packages(*ROOMS)
    assert declared_packages() - used == set()
    extras = ("publish", "mcp", "cluster", "inspect")
    assert used - declared_packages(*extras) == {"cardwatch"}
    assert imported_packages("tests", "benchmarks", "docs") - declared_packages(*extras, "dev") == {
        "cardwatch"
    }


def test_actions_of_the_recipes_are_fixed_by_commit() -> None:
    recipes = [*(ROOT / "docs").rglob("*.yml"), *(ROOT / "docs").rglob("*.md")]
    used = [
        name for path in recipes for name in re.findall(r"uses: (\S+.*)", path.read_text(encoding="utf-8"))
    ]
    assert len(used) > 8
    assert [name for name in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", name)] == []


def test_text_reaches_a_terminal_through_one_door() -> None:
    """output.echo and the tables write hidden characters out; what is printed past them does not."""
    doors = {"output.py", "cli.py"}
    found = [path.name for path in (ROOT / "cardwatch").rglob("*.py")
             if path.name not in doors and "click.echo(" in path.read_text(encoding="utf-8")]  # fmt: skip
    assert found == []
