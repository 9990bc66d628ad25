"""The wheel: one package, typed, beside whatever a user's own folders are called."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from support.installed_clone import make_environment
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
    told = subprocess.run(
        [*mypy, "revealed.py"], cwd=user, capture_output=True, text=True, timeout=600
    ).stdout
    assert "ModelCard" in told
    assert 'incompatible type "int"' in told
