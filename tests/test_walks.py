"""Three walks by somebody new, in a fresh clone, with nothing but the README and where it leads.

The environment is the one that runs the tests; everything else is as a newcomer finds it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import once
from support.loopback import Answer, LoopbackSite

ROOT = Path(__file__).parent.parent
LEFT_BEHIND = shutil.ignore_patterns(
    "var", ".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "node_modules", "*.egg-info"
)
GPT = "openai/gpt-4.1"


class Clone:
    """A working copy in an empty folder, and a person who types into a shell there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}

    @classmethod
    def fresh(cls, folder: Path) -> Clone:
        """Clone the repository; the environment is there already."""
        shutil.copytree(ROOT, folder, symlinks=True, ignore=LEFT_BEHIND)
        (folder / ".venv").mkdir()
        for part in ("bin", "lib", "pyvenv.cfg"):
            (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)
        for stamp in (".installed", ".installed-dev"):
            (folder / ".venv" / stamp).touch()
        return cls(folder)

    def types(self, line: str, *, code: int = 0) -> str:
        """Run a line in a shell with the environment activated, as the README says; returns stdout."""
        path = f"{self.folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", line], cwd=self.folder, env={**self.environment, "PATH": path},
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert done.returncode == code, (
            f"{line}\nexit {done.returncode}\n{done.stdout[-800:]}{done.stderr[-2000:]}"
        )
        return done.stdout

    def page(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


def fenced(text: str, kind: str = "") -> list[str]:
    """Return the blocks of a page, indented ones too, without their fences."""
    found = re.findall(rf"^( *)```{kind}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


@pytest.fixture
def clone(shared_folder: Path, tmp_path: Path) -> Clone:
    """A clone of one's own after the README's first command, which runs once for all walks."""
    if shutil.which("make") is None:
        pytest.skip("make is not installed")

    def run() -> None:
        assert "var/catalog.db" in Clone.fresh(shared_folder / "clone").types("make run")

    started = once(shared_folder / "clone", run)
    return Clone(Path(shutil.copytree(started, tmp_path / "cardwatch", symlinks=True)))


@pytest.mark.soak
def test_follow_one_models_price(clone: Clone) -> None:
    start = next(block for block in fenced(clone.page("README.md")) if ".venv/bin/cardwatch show" in block)
    for line in start.splitlines():
        if line.startswith("sqlite3") and shutil.which("sqlite3") is None:
            continue
        assert clone.types(line), line
    (way,) = re.findall(r"\[follow a price\]\((.+?)\)", clone.page("docs/README.md"))
    for block in fenced(clone.page(f"docs/{way}"), "sh"):
        clone.types(block)
    prices = json.loads(clone.types("cardwatch show gpt-4.1 --format json"))["offers"]
    assert {"2"} == {offer["input_price"] for offer in prices if offer["offer"] in {"openai", "openrouter"}}


@pytest.mark.soak
def test_publish_a_site_for_ten_models(clone: Clone) -> None:
    (way,) = re.findall(r"\[publish a site\]\((.+?)\)", clone.page("docs/README.md"))
    (block,) = fenced(clone.page(f"docs/{way}"), "sh")
    clone.types(block)
    site = clone.folder / "public"
    pairs = [folder for folder in (site / "compare").iterdir() if (folder / "index.html").exists()]
    assert len(pairs) == 9
    assert len(list(site.glob("models/*/*/index.html"))) == 10
    listed = re.findall(
        r"`([a-z]+\.\w+)`", clone.page("docs/how-to/export.md").partition("|---")[2].partition("\n\n")[0]
    )
    assert {"models.json", "prices.csv", "api.json", "litellm.json", "feed.xml"} <= {*listed}
    assert [name for name in listed if not (site / name).exists() and name != "index.json"] == []


@pytest.fixture
def acme() -> Iterator[LoopbackSite]:
    """A provider nobody has heard of, with a price page: a column that is not kept, and a model of its own."""
    page = """<!doctype html>
<p>Words about us that no test needs.</p>
<h1>Prices</h1>
<table>
<tr><th>Model</th><th>Speed</th><th>Input</th><th>Output</th></tr>
<tr><td>gpt-4.1</td><td>fast</td><td>$2.50</td><td>$10</td></tr>
<tr><td>deepseek-v3.2</td><td>slow</td><td>$0.30</td><td>$0.45</td></tr>
<tr><td>zeta-flash-2</td><td>fast</td><td>$0.10</td><td>$0.20</td></tr>
</table>
"""
    with LoopbackSite() as site:
        site.put("/pricing", Answer(page, headers={"Content-Type": "text/html"}))
        yield site


def test_add_a_provider_and_its_source(clone: Clone, acme: LoopbackSite) -> None:
    contributing = clone.page("CONTRIBUTING.md")
    source, case = fenced(contributing, "python")
    ours = "https://acme.example/pricing"
    theirs = acme.url("/pricing")

    clone.types(
        f"curl -s {theirs} > page.html"
        if shutil.which("curl")
        else f"python -c \"import urllib.request as r; open('page.html', 'wb').write(r.urlopen('{theirs}').read())\""
    )
    clone.types(f"cardwatch record acme_pricing page.html --url {ours} --date 2026-11-20 --trim 'lines=3-9'")
    (clone.folder / "crawler" / "spiders" / "acme_pricing.py").write_text(
        source.replace(ours, theirs).replace('"model": "model",', '"model": "model", "speed": "",'),
        encoding="utf-8",
    )
    with (clone.folder / "normalize" / "providers.toml").open("a", encoding="utf-8") as providers:
        providers.write('\n[acme]\nname = "Acme Cloud"\nkind = "host"\n')
    tests = clone.folder / "tests" / "test_sources.py"
    table = "TABLE: CaseTable = {\n"
    known = clone.page("tests/test_sources.py")
    tests.write_text(known.replace(table, f"{table}    {case.replace(', 2)', ', 3)')}"))

    clone.types("python -m pytest -q -p no:cacheprovider tests/test_sources.py -k acme")
    (clone.folder / "cardwatch.toml").write_text(
        '[crawl]\ncontact = "me@acme.example"\nallow_private = true\ndelay_seconds = 0\n[compare]\nneighbours = 0\n'
    )
    clone.types("cardwatch refresh acme_pricing")
    shown = json.loads(clone.types("cardwatch show gpt-4.1 --format json"))["offers"]
    (offer,) = [offer for offer in shown if offer["provider"] == "acme"]
    assert (offer["provider_name"], offer["input_price"], offer["output_price"]) == (
        "Acme Cloud",
        "2.5",
        "10",
    )
    assert "$2.50" in clone.types("cardwatch show gpt-4.1 --evidence input_price")

    assert "zeta-flash-2" in clone.types("cardwatch sources --unlinked")
    (link,) = fenced(clone.page("docs/how-to/add-a-source.md"), "sh no-run")
    clone.types(link)
    (offer,) = json.loads(clone.types("cardwatch show zeta/zeta-flash-2 --format json"))["offers"]
    assert (offer["provider"], offer["input_price"]) == ("acme", "0.1")
