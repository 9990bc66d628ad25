"""The recipes of docs/how-to/schedule: each is parsed strictly, and what it runs is run as its scheduler would."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from support.installed_clone import InstalledClone, acme_prices, run_command
from support.loopback import Answer, LoopbackSite
from support.soak_notes import print_row
from test_walks import ROOT

RECIPES = ROOT / "docs" / "how-to" / "schedule"
PAGE = (RECIPES.parent / "schedule.md").read_text(encoding="utf-8")


def recipe(name: str) -> str:
    return (RECIPES / name).read_text(encoding="utf-8")


@pytest.fixture
def clone(site: LoopbackSite, tmp_path: Path) -> InstalledClone:
    return InstalledClone(tmp_path / "cardwatch", site)


def grow_old(clone: InstalledClone) -> None:
    """Have the last look at every page be long ago."""
    with closing(sqlite3.connect(clone.home / "catalog.db")) as conn:
        conn.execute("update pages set last_verified = '2025-01-01T00:00:00Z'")
        conn.commit()


# --- the page --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(RECIPES.iterdir()), ids=lambda path: path.name)
def test_the_page_leads_to_every_recipe(path: Path) -> None:
    assert f"](schedule/{path.name})" in PAGE


def test_what_the_page_shows_is_what_the_recipes_say() -> None:
    shown = re.findall(r"^```conf\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert shown
    assert {*shown} <= {path.read_text(encoding="utf-8") for path in RECIPES.iterdir()}


# --- cron ------------------------------------------------------------------------------------------------------


class Job(NamedTuple):
    """One line of a crontab."""

    when: tuple[str, ...]
    command: str


FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def crontab() -> tuple[dict[str, str], list[Job]]:
    """Return the settings and the jobs; anything cron would not take fails."""
    text, settings, jobs = recipe("crontab"), dict[str, str](), list[Job]()
    assert text.endswith("\n"), "cron ignores a last line without an end"
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if setting := re.fullmatch(r"([A-Z_]+)=(\S+)", line):
            assert not jobs, "a setting holds for the lines below it"
            settings[setting[1]] = setting[2]
            continue
        *when, command = line.split(maxsplit=5)
        for field, (least, most) in zip(when, FIELDS, strict=True):
            assert field == "*" or least <= int(field) <= most, field
        assert "%" not in command, "cron takes it for a new line"
        jobs.append(Job(tuple(when), command))
    return settings, jobs


def cron(clone: InstalledClone, job: Job) -> subprocess.CompletedProcess[str]:
    """Run a job as cron does: from the home folder, with next to nothing in the environment."""
    settings, _ = crontab()
    home = clone.folder.parent
    return run_command(
        settings["SHELL"], "-c", job.command, folder=home, HOME=str(home), LOGNAME="me", PATH=settings["PATH"]
    )


def mailed(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout + done.stderr


def log(clone: InstalledClone) -> list[Any]:
    return [json.loads(line) for line in (clone.home / "refresh.jsonl").read_text().splitlines()]


def test_cron_is_quiet_while_nothing_is_wrong(clone: InstalledClone, site: LoopbackSite) -> None:
    _, (refresh, stale) = crontab()
    for _ in range(2):
        done = cron(clone, refresh)
        assert (done.returncode, mailed(done)) == (0, "")
    first, second = log(clone)
    assert (first["visits"], second["visits"]) == (1, 0)
    assert first["exit_code"] == second["exit_code"] == 0
    assert site.paths == ["/acme.json"], "nothing was due the second time"
    done = cron(clone, stale)
    assert (done.returncode, mailed(done)) == (0, "")
    assert "0 error" in (clone.home / "stale.txt").read_text()


def test_cron_mails_a_failure_and_stale_facts(clone: InstalledClone, site: LoopbackSite) -> None:
    _, (refresh, stale) = crontab()
    cron(clone, refresh)
    grow_old(clone)
    assert re.search(r"error +acme_prices +2 models: input_price", mailed(cron(clone, stale)))
    site.put("/acme.json", Answer("oops", 500))
    done = cron(clone, refresh)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"cardwatch: {log(clone)[-1]['trouble']}\n"
    assert "acme_prices" in done.stderr


@pytest.mark.soak
def test_a_real_cron_runs_the_line(clone: InstalledClone) -> None:
    """Busybox has a crond that takes its crontabs from a folder of ours."""
    busybox = shutil.which("busybox")
    if (
        busybox is None
        or "crond" not in subprocess.run([busybox, "--list"], capture_output=True, text=True).stdout
    ):
        pytest.skip("busybox with crond is not installed")
    _, (refresh, _) = crontab()
    home = clone.folder.parent
    (home / "tabs").mkdir()
    command = refresh.command.replace('"$HOME/cardwatch"', shlex.quote(str(clone.folder)))
    (home / "tabs" / "root").write_text(f"* * * * * {command}\n")
    with subprocess.Popen(
        [busybox, "crond", "-f", "-c", str(home / "tabs"), "-L", str(home / "cron.log")]
    ) as crond:
        try:
            crond.wait(75)
        except subprocess.TimeoutExpired:
            crond.terminate()
    assert log(clone)[0]["exit_code"] == 0
    print_row(
        "the crontab under a real cron",
        "one minute of Busybox's crond",
        "one run, one line in the log",
    )


# --- systemd ---------------------------------------------------------------------------------------------------


def unit(name: str) -> configparser.RawConfigParser:
    """Return a unit file, of whose repeated keys the last one; see `lines` for all."""
    parsed = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(recipe(name))
    return parsed


def lines(name: str, key: str) -> list[str]:
    """Return every value of a key in a unit file."""
    return re.findall(rf"^{key}=(.*)$", recipe(name), re.MULTILINE)


def here(text: str, clone: InstalledClone) -> str:
    """Return a recipe with the folders of this test in place of the machine's."""
    for path, ours in {
        "/opt/cardwatch/bin/": f"{clone.bin}/",
        "/var/lib/cardwatch": str(clone.home),
        "/etc/cardwatch": str(clone.folder),
    }.items():
        text = text.replace(path, ours)
    return text


def service(clone: InstalledClone) -> list[subprocess.CompletedProcess[str]]:
    """Run the commands of the service in order, up to the first that fails, in the environment it names."""
    environment = dict(here(text, clone).split("=", 1) for text in lines("cardwatch.service", "Environment"))
    folder = Path(here(unit("cardwatch.service")["Service"]["WorkingDirectory"], clone))
    done = []
    for command in lines("cardwatch.service", "ExecStart"):
        assert not re.search(r"[$%;|&<>]", command), "no shell reads it"
        done.append(run_command(*shlex.split(here(command, clone)), folder=folder, **environment))
        if done[-1].returncode:
            break
    return done


def test_the_service_runs_in_its_own_environment(clone: InstalledClone) -> None:
    refresh, stale = service(clone)
    assert (refresh.returncode, refresh.stderr) == (0, "")
    (line,) = refresh.stdout.splitlines()
    assert (json.loads(line)["visits"], json.loads(line)["exit_code"]) == (1, 0)
    assert (stale.returncode, stale.stderr) == (0, "")
    assert (clone.home / "catalog.db").exists()


def test_the_service_fails_when_a_source_does_or_a_fact_is_old(
    clone: InstalledClone, site: LoopbackSite
) -> None:
    site.put("/acme.json", Answer("oops", 500))
    (failed,) = service(clone)
    assert failed.returncode == 1
    site.put("/acme.json", acme_prices("1", "2"))
    service(clone)
    grow_old(clone)
    clone.settings(acme="enabled = false")
    refresh, stale = service(clone)
    assert (refresh.returncode, stale.returncode) == (0, 1)


def test_the_timer_makes_up_for_missed_runs() -> None:
    timer = unit("cardwatch.timer")
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert "Unit" not in timer["Timer"], "it starts the service of its own name"


def systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)


def test_systemd_finds_no_fault_with_the_units(clone: InstalledClone, tmp_path: Path) -> None:
    units = [tmp_path / "cardwatch.service", tmp_path / "cardwatch.timer"]
    for path in units:
        path.write_text(here(recipe(path.name), clone))
    verified = systemd_analyze("verify", *map(str, units))
    assert (verified.returncode, verified.stdout + verified.stderr) == (0, "")
    exposure = systemd_analyze("security", "--offline=true", "--threshold=20", str(units[0]))
    assert exposure.returncode == 0, exposure.stdout[-200:]
    (when,) = lines("cardwatch.timer", "OnCalendar")
    assert systemd_analyze("calendar", when).returncode == 0


def test_systemd_would_find_a_fault(clone: InstalledClone, tmp_path: Path) -> None:
    wrong = tmp_path / "cardwatch.service"
    wrong.write_text(here(recipe("cardwatch.service"), clone).replace("ProtectHome=", "ProtectHomes="))
    assert "ProtectHomes" in systemd_analyze("verify", str(wrong)).stderr


# --- GitHub Actions --------------------------------------------------------------------------------------------

WORKFLOW: dict[Any, Any] = yaml.safe_load(recipe("refresh.yml"))


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.yml")), ids=lambda path: path.name)
def test_the_workflow_keeps_to_the_published_schema(path: Path) -> None:
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_every_python_we_promise_is_tried() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tried = yaml.safe_load((ROOT / "docs/how-to/release/test.yml").read_text(encoding="utf-8"))["jobs"][
        "pinned"
    ]["strategy"]["matrix"]["python"]
    assert project["requires-python"] == f">={tried[0]}"
    classifiers = {f"Programming Language :: Python :: {version}" for version in tried}
    assert classifiers == {
        line for line in project["classifiers"] if line.startswith("Programming Language :: Python :: 3.")
    }


def test_the_workflow_may_do_little_and_knows_no_secret() -> None:
    assert WORKFLOW["permissions"] == {"contents": "read"}
    keyed = [step for step in steps() if "secrets." in str(step)]
    assert [step["name"] for step in keyed] == ["Refresh"], "keys go to the step that asks, and to no other"
    assert all("secrets." not in step["run"] for step in keyed), "and never into a command line"
    assert WORKFLOW["concurrency"]["cancel-in-progress"] is False
    assert WORKFLOW[True]["schedule"] == [{"cron": "17 5 * * *"}]


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = WORKFLOW["jobs"]["refresh"]["steps"]
    return found


def actions(clone: InstalledClone) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the steps as a runner does, and return how each ended; the environment is installed already."""
    ended: dict[str, subprocess.CompletedProcess[str]] = {}
    notes = clone.folder.parent / "summary.md"
    assert WORKFLOW["defaults"]["run"]["shell"] == "bash"
    for step in steps():
        failed = any(done.returncode for done in ended.values())
        if "run" not in step or step["name"] == "Install" or (failed and "if" not in step):
            continue
        assert step.get("if", "${{ !cancelled() }}") == "${{ !cancelled() }}"
        assert "${{" not in step["run"], "no expression reaches a shell"
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
        environment = {"PATH": f"{clone.bin}:/usr/bin:/bin", "GITHUB_STEP_SUMMARY": str(notes), "CI": "true"}
        ended[step["name"]] = run_command(*shell, folder=clone.folder, **environment)
    return ended


def wrong(ended: dict[str, subprocess.CompletedProcess[str]]) -> dict[str, str]:
    return {name: done.stderr for name, done in ended.items() if done.returncode}


def test_the_steps_run_in_a_fresh_clone_and_again_with_what_was_kept(
    clone: InstalledClone, site: LoopbackSite
) -> None:
    assert wrong(actions(clone)) == {}
    assert (clone.folder / "public" / "index.html").exists()
    (cached,) = {
        step["with"]["path"] for step in steps() if step.get("uses", "").startswith("actions/cache/")
    }
    again = InstalledClone(clone.folder.parent / "again", site)
    shutil.copytree(clone.folder / cached, again.folder / cached)
    assert wrong(actions(again)) == {}
    first, second = (json.loads(line) for line in (clone.folder.parent / "summary.md").read_text().splitlines()
                     if line.startswith("{"))  # fmt: skip
    assert (first["visits"], second["visits"]) == (1, 0), "the catalog went over to the second run"
    with closing(sqlite3.connect(again.folder / "public" / "data" / "catalog.db")) as conn:
        assert conn.execute("select count(*) from offers where provider = 'groq'").fetchone() == (2,)


@pytest.mark.soak
def test_a_failed_source_fails_the_run_but_not_the_others_work(
    clone: InstalledClone, site: LoopbackSite
) -> None:
    site.put("/acme.json", Answer("oops", 500))
    failed = wrong(actions(clone))
    assert {*failed} == {"Refresh"}, failed
    assert (clone.folder / "public" / "data" / "catalog.db").exists()


def test_installing_takes_the_pinned_files() -> None:
    (install,) = [step["run"] for step in steps() if step.get("name") == "Install"]
    assert install.splitlines() == [
        "pip install --require-hashes -r requirements.txt",
        "pip install --no-deps --no-build-isolation .",
    ]
    assert (ROOT / "requirements.txt").exists()
