"""The wheel: one package, typed, beside whatever a user's own folders are called."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest
from support.installed_clone import make_environment
from support.typed_commands import NOW
from test_walks import LEFT_BEHIND, ROOT

SCRIPT = """\
from decimal import Decimal

import compare
import db
from cardwatch import Catalog

assert db.ROWS == compare.ROWS == 3


def input_price(path: str, model: str) -> Decimal | None:
    with Catalog(path) as catalog:
        return catalog.offers(model)[0].price()
"""
REVEALED = """\
from cardwatch import Catalog

reveal_type(Catalog("catalog.db").cards)
Catalog(1)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the repository, links and all."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "src", symlinks=True, ignore=LEFT_BEHIND)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--disable-pip-version-check", "--wheel-dir", str(folder), "./src"],
        cwd=folder, check=True, timeout=600,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def user(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with a db/ and a compare/ of its own, and an environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("user")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder / "installed")
    make_environment(folder / ".venv", folder / "installed")
    for name in ("db", "compare"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("ROWS: int = 3\n", encoding="utf-8")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    (folder / "revealed.py").write_text(REVEALED, encoding="utf-8")
    return folder


def test_it_installs_one_package_with_all_rooms(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"cardwatch"}
    for room in ("crawler", "normalize", "db", "compare"):
        tracked = subprocess.run(
            ["git", "ls-files", room], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
        assert {f"cardwatch/{name}" for name in tracked} - {*names} == set()
    assert [name for name in names if name.endswith("py.typed")] == ["cardwatch/py.typed"]


def test_a_users_script_runs_beside_folders_of_the_same_names(user: Path) -> None:
    run = "import runpy, cardwatch; runpy.run_path('script.py'); print(cardwatch.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", run], cwd=user, env={"PYTHONPATH": str(user / "installed")},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(str(user / "installed"))


def test_mypy_finds_the_types_from_a_users_script(user: Path) -> None:
    mypy = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(user / ".venv/bin/python")]
    good = subprocess.run([*mypy, "script.py"], cwd=user, capture_output=True, text=True, timeout=600)
    assert good.returncode == 0, good.stdout
    result = subprocess.run(
        [*mypy, "revealed.py"], cwd=user, capture_output=True, text=True, timeout=600
    ).stdout
    assert "ModelCard" in result
    assert 'incompatible type "int"' in result


class WheelUser:
    """Somebody in a folder of their own, with the wheel installed and no checkout anywhere near."""

    def __init__(self, folder: Path, command: Path) -> None:
        self.folder, self.command = folder, command
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}

    def types(self, *arguments: str, code: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [str(self.command), "--now", NOW, *arguments], cwd=self.folder, env=self.environment, input=stdin,
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert done.returncode == code, f"{arguments}: exit {done.returncode}: {done.stderr[-2000:]}"
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture(scope="module")
def person(user: Path, tmp_path_factory: pytest.TempPathFactory) -> WheelUser:
    """A person who has run the demo from the wheel."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "cardwatch.toml").write_text("[compare]\nneighbours = 0\n", encoding="utf-8")
    person = WheelUser(folder, user / ".venv" / "bin" / "cardwatch")
    person.types("demo", "--json")
    return person


@pytest.mark.soak
def test_the_demo_and_what_it_filled_need_no_checkout(person: WheelUser) -> None:
    assert "GPT-4.1" in person.types("show", "gpt-4.1").stdout
    assert "openai/gpt-4.1" in person.types("models", "--format", "csv").stdout
    (person.folder / "chat.py").write_text('MODEL = "gpt-4-vision-preview"\n', encoding="utf-8")
    found = json.loads(person.types("scan", "chat.py", "--format", "json").stdout)
    assert [row["kind"] for row in found] == ["retired"]


@pytest.mark.soak
def test_a_refresh_that_may_not_ask_says_what_it_wants(person: WheelUser) -> None:
    result = person.types("refresh", code=2).stderr
    assert result.startswith("cardwatch: a live run wants a contact")
    assert 'contact = "' in result


@pytest.mark.soak
def test_the_dataset_is_published_from_the_wheel(person: WheelUser) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed: pip install 'cardwatch[publish]'")
    person.types("publish", "data")
    assert (person.folder / "data" / "prices.parquet").exists()
    assert (person.folder / "data" / "SHA256SUMS").exists()


@pytest.mark.soak
def test_an_assistant_is_answered_from_the_wheel(person: WheelUser) -> None:
    pytest.importorskip("mcp", reason="the MCP SDK is not installed: pip install 'cardwatch[mcp]'")
    about = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    asked = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": about}) + "\n"
    answer = json.loads(person.types("mcp", stdin=asked).stdout.splitlines()[0])
    assert answer["result"]["serverInfo"]["name"] == "cardwatch"


@pytest.mark.soak
def test_datasette_is_served_from_the_wheel(person: WheelUser) -> None:
    pytest.importorskip("datasette", reason="datasette is not installed: pip install 'cardwatch[inspect]'")
    command = [str(person.command), "--now", NOW, "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=person.folder, env=person.environment, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert line.startswith("http://127.0.0.1:"), line + process.stderr.read()
            with urllib.request.urlopen(f"{line.split()[0]}/models.json?_size=1", timeout=60) as answer:
                assert json.load(answer)["rows"]
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
