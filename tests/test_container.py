"""The container files: what can be said of them without an engine, and the same steps in a clean environment."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.typed_commands import ROOT

from cardwatch.cli import cli

RECIPE = (ROOT / "Containerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def steps() -> list[tuple[str, str]]:
    """Return the instructions of the recipe in order, continued lines joined."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", RECIPE, flags=re.MULTILINE))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines.splitlines() if line)]


def test_the_recipe_uses_known_instructions_and_fixed_images() -> None:
    known = {"FROM", "RUN", "COPY", "ENV", "WORKDIR", "USER", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD"}
    assert {word for word, _ in steps()} <= known
    for word, rest in steps():
        assert word != "FROM" or re.match(r"python:\d\.\d+-slim@sha256:[0-9a-f]{64}( AS build)?$", rest), rest
    assert len({rest.split()[0] for word, rest in steps() if word == "FROM"}) == 1


def test_all_that_is_copied_is_there_and_all_that_is_needed_is_copied() -> None:
    copied = [
        name
        for word, rest in steps()
        if word == "COPY" and "--from" not in rest
        for name in rest.split()[:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages <= {*copied}


def test_it_runs_as_nobody_special_and_installs_by_digest() -> None:
    last = [rest for word, rest in steps() if word == "USER"][-1]
    assert last not in {"root", "0"}
    installs = [rest for word, rest in steps() if word == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)


def test_services_run_commands_that_exist_and_keep_their_hands_off() -> None:
    assert {*COMPOSE["services"]} == {"refresh", "browse"}
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["build"]["dockerfile"] == "Containerfile"
        assert {volume.split(":")[0] for volume in service["volumes"]} == {
            *COMPOSE["volumes"],
            "./cardwatch.toml",
        }
    loop = COMPOSE["services"]["refresh"]["command"][0]
    assert set(re.findall(r"\bcardwatch (\w+)", loop)) == {"refresh", "export"} <= cli.commands.keys()
    serve = COMPOSE["services"]["browse"]
    with cli.commands[serve["command"][0]].make_context(
        "serve", serve["command"][1:], resilient_parsing=True
    ) as ctx:
        assert (ctx.params["host"], ctx.params["port"], ctx.params["sql"]) == ("0.0.0.0", 8001, False)
    assert serve["ports"] == ["127.0.0.1:8001:8001"]


def test_the_loop_goes_on_after_a_run_that_fails(tmp_path: Path) -> None:
    loop = COMPOSE["services"]["refresh"]["command"][0].replace("$$", "$")
    (tmp_path / "cardwatch").write_text('#!/bin/sh\necho "$1" >> calls\n[ "$1" = export ]\n')
    (tmp_path / "sleep").write_text("#!/bin/sh\nkill $PPID\n")
    for tool in ("cardwatch", "sleep"):
        (tmp_path / tool).chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", loop],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (tmp_path / "calls").read_text().split() == ["refresh", "export"]
    assert done.stderr == "refresh ended with 1\n"


@pytest.mark.soak
def test_the_same_steps_in_a_clean_environment(tmp_path: Path) -> None:
    """Install as the recipe does, away from the repository; run the demo; browse it."""
    source, env = tmp_path / "src", tmp_path / "env"
    source.mkdir()
    for word, rest in steps():
        if word == "COPY" and "--from" not in rest:
            for name in rest.split()[:-1]:
                copy = partial(shutil.copytree, symlinks=True) if (ROOT / name).is_dir() else shutil.copy
                copy(ROOT / name, source / name)
    subprocess.run([sys.executable, "-m", "venv", str(env)], check=True, timeout=300)
    for word, rest in steps():
        if word == "RUN" and "pip install" in rest:
            command = rest.replace("/opt/cardwatch", str(env))
            subprocess.run(shlex.split(command), cwd=source, check=True, capture_output=True, timeout=1800)
    cardwatch, home = str(env / "bin" / "cardwatch"), str(tmp_path / "data")
    subprocess.run(
        [cardwatch, "--home", home, "demo", "--json"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=600,
    )
    command = [cardwatch, "--home", home, "serve", "--port", "0", "--no-sql"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        base = server.stderr.readline().split()[0].removesuffix("/catalog")
        try:
            for path in ("/-/versions.json", "/catalog/models/openai~2Fgpt-4~2E1", "/assets/cardwatch.css"):
                with urllib.request.urlopen(base + path, timeout=30) as answer:
                    assert answer.status == 200, path
        finally:
            server.terminate()
