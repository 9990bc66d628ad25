"""The folder of the site: what is unchanged stays as it is, and a stranger never sees half of a new state."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cardwatch.errors import CardwatchError, HomeBusyError, UsageError
from cardwatch.site import tree as module
from cardwatch.site.tree import MANIFEST, FileCounts, open_tree

OLD = 1_700_000_000


def write(dest: Path, files: dict[str, bytes]) -> FileCounts:
    with open_tree(dest) as made:
        for path, content in files.items():
            made.put(path, content)
        made.publish()
    return made.counts


def shown(dest: Path) -> dict[str, bytes]:
    return {
        path.relative_to(dest).as_posix(): path.read_bytes()
        for path in dest.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def age(dest: Path) -> None:
    for path in dest.rglob("*"):
        os.utime(path, (OLD, OLD))


def test_unchanged_files_keep_their_time(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    write(dest, {"a.html": b"a", "b/c.html": b"c", "gone.html": b"x"})
    age(dest)
    counts = write(dest, {"a.html": b"a", "b/c.html": b"d", "new.html": b"n"})
    assert counts == FileCounts(written=2, kept=1, removed=1)
    assert shown(dest) == {"a.html": b"a", "b/c.html": b"d", "new.html": b"n"}
    assert (dest / "a.html").stat().st_mtime == OLD
    assert (dest / "b/c.html").stat().st_mtime != OLD


def test_a_file_written_part_by_part_is_kept_when_it_comes_out_the_same(tmp_path: Path) -> None:
    dest = tmp_path / "site"

    def export(*parts: bytes) -> FileCounts:
        with open_tree(dest) as made:
            made.put_parts("all.jsonl", parts)
            made.publish()
        return made.counts

    assert export(b"1\n", b"2\n") == FileCounts(written=1)
    age(dest)
    assert export(b"1\n2\n") == FileCounts(kept=1)
    assert (dest / "all.jsonl").stat().st_mtime == OLD
    assert export(b"1\n", b"3\n") == FileCounts(written=1)
    assert shown(dest) == {"all.jsonl": b"1\n3\n"}


def test_files_made_from_the_same_inputs_are_not_made_again(tmp_path: Path) -> None:
    dest, calls = tmp_path / "site", []

    def export(key: str) -> None:
        with open_tree(dest) as made:
            if not made.keep(("p.html", "p.json"), key):
                calls.append(1)
                made.put("p.html", b"page", key)
                made.put("p.json", b"data", key)
            made.publish()

    export("k1")
    export("k1")
    assert len(calls) == 1
    export("k2")
    assert len(calls) == 2
    (dest / "p.json").write_bytes(b"tampered with")
    export("k2")
    assert shown(dest) == {"p.html": b"page", "p.json": b"data"}


def test_an_export_that_fails_leaves_the_old_site(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    write(dest, {"a.html": b"old"})
    with pytest.raises(TypeError):
        write(dest, {"a.html": b"new", "b.html": "no bytes"})  # type: ignore[dict-item]
    assert shown(dest) == {"a.html": b"old"}
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["site"]


def test_two_files_cannot_be_one(tmp_path: Path) -> None:
    with open_tree(tmp_path / "site") as made:
        made.put("a.html", b"1")
        with pytest.raises(ValueError, match=r"two files want to be a\.html"):
            made.put("a.html", b"2")


@pytest.mark.parametrize("name", ["notes.txt", MANIFEST])
def test_other_peoples_files_are_refused(tmp_path: Path, name: str) -> None:
    dest = tmp_path / "docs"
    dest.mkdir()
    (dest / name).write_text("mine")
    with pytest.raises(UsageError, match=r"wanted"), open_tree(dest):
        pytest.fail("the folder was taken")
    assert (dest / name).read_text() == "mine"


def test_files_put_beside_the_pages_are_carried_over(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    write(dest, {"a.html": b"1"})
    (dest / "CNAME").write_text("models.example")
    (dest / ".well-known").mkdir()
    (dest / ".well-known" / "x").write_text("y")
    write(dest, {"a.html": b"2"})
    assert shown(dest) == {"a.html": b"2", "CNAME": b"models.example", ".well-known/x": b"y"}


def test_one_export_at_a_time(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    with open_tree(dest), pytest.raises(HomeBusyError, match="another export"), open_tree(dest):
        pytest.fail("two exports at once")


def test_a_disk_that_refuses_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CardwatchError, match="cannot write the site"), open_tree(tmp_path / "file" / "site"):
        pytest.fail("wrote below a file")


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_exchange", lambda new, dest: False)


def test_without_the_system_call_two_renames_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_exchange(monkeypatch)
    dest = tmp_path / "site"
    write(dest, {"a.html": b"1"})
    write(dest, {"a.html": b"2"})
    assert shown(dest) == {"a.html": b"2"}
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["site"]


def test_a_rename_that_fails_is_rolled_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_exchange(monkeypatch)
    dest = tmp_path / "site"
    write(dest, {"a.html": b"1"})
    usual = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == ".site.new":
            raise OSError(5, "disk error")
        return usual(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(CardwatchError, match="disk error"):
        write(dest, {"a.html": b"2"})
    assert shown(dest) == {"a.html": b"1"}


def test_what_a_killed_export_left_is_put_right(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    write(dest, {"a.html": b"1"})
    dest.rename(tmp_path / ".site.old")
    (tmp_path / ".site.new").mkdir()
    (tmp_path / ".site.new" / "half.html").write_text("half")
    assert write(dest, {"a.html": b"1"}).kept == 1
    assert shown(dest) == {"a.html": b"1"}


class FolderWatcher(threading.Thread):
    """Opens the folder again and again and notes which states its files are of."""

    def __init__(self, dest: Path) -> None:
        super().__init__()
        self.dest, self.over, self.seen, self.missed = dest, threading.Event(), set[frozenset[bytes]](), 0

    def run(self) -> None:
        while not self.over.is_set():
            try:
                folder = os.open(self.dest, os.O_DIRECTORY)
            except FileNotFoundError:
                self.missed += 1
                continue
            self.seen.add(frozenset(letter for n in range(20) if (letter := first_byte(folder, f"{n}.html"))))
            os.close(folder)


def first_byte(folder: int, name: str) -> bytes:
    """Return how a file of an open folder begins; nothing once the old folder is being cleared."""
    try:
        file = os.open(name, os.O_RDONLY, dir_fd=folder)
    except FileNotFoundError:
        return b""
    try:
        return os.read(file, 1)
    finally:
        os.close(file)


def test_a_reader_never_sees_a_mixture(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    states = [{f"{n}.html": letter * 2000 for n in range(20)} for letter in (b"a", b"b")]
    write(dest, states[0])
    reader = FolderWatcher(dest)
    reader.start()
    for turn in range(12):
        write(dest, states[(turn + 1) % 2])
    reader.over.set()
    reader.join()
    assert {frozenset({b"a"}), frozenset({b"b"})} & reader.seen
    assert all(len(letters) <= 1 for letters in reader.seen)
    assert reader.missed == 0 or sys.platform != "linux"


KILLED = """
import os, signal, sys
from pathlib import Path
from cardwatch.site.tree import open_tree
with open_tree(Path(sys.argv[1])) as made:
    made.put("a.html", b"new")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_killed_while_it_builds_the_old_site_stands(tmp_path: Path) -> None:
    dest = tmp_path / "site"
    write(dest, {"a.html": b"old"})
    ran = subprocess.run([sys.executable, "-c", KILLED, str(dest)], check=False)
    assert ran.returncode == -9
    assert shown(dest) == {"a.html": b"old"}
    write(dest, {"a.html": b"newer"})
    assert shown(dest) == {"a.html": b"newer"}
