"""The site as files: built beside the old one, unchanged files kept as they are, then put in its place."""

from __future__ import annotations

import ctypes
import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from errno import EEXIST, ENOTEMPTY
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from cardwatch.errors import CardwatchError, HomeBusyError, UsageError

MANIFEST = ".cardwatch-site.json"
_AT_FDCWD, _EXCHANGE = -100, 2


@dataclass(slots=True)
class FileCounts:
    """Files written, left as they were, and gone."""

    written: int = 0
    kept: int = 0
    removed: int = 0


@dataclass(slots=True)
class SiteTree:
    """A new state of the folder `dest`, growing in `new`; `old` is the manifest of the last export.

    The manifest holds, per file, the digest of its bytes and the key of the inputs it was made from. It is
    written `last`, in nanoseconds: a file that is older was not touched since, and is not read to see that.
    """

    dest: Path
    new: Path
    old: dict[str, list[str]]
    last: int
    made: dict[str, list[str]] = field(default_factory=dict)
    counts: FileCounts = field(default_factory=FileCounts)
    _folders: set[Path] = field(default_factory=set)

    def put(self, path: str, content: bytes, key: str = "") -> None:
        """Add a file; when the old one has the same bytes, that one stays, with its time.

        Raises ValueError when this tree has the file already.
        """
        target = self._new_file(path)
        self.made[path] = [sha256(content).hexdigest(), key]
        if _has_content(self.dest / path, content):
            _link_or_copy(self.dest / path, target)
            self.counts.kept += 1
        else:
            target.write_bytes(content)
            self.counts.written += 1

    def put_parts(self, path: str, parts: Iterable[bytes]) -> None:
        """Add a file that may be too long to hold, part by part; else as `put`."""
        target, digest, old = self._new_file(path), sha256(), self.dest / path
        with target.open("wb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self.made[path] = [digest.hexdigest(), ""]
        if old.is_file() and filecmp.cmp(old, target, shallow=False):
            target.unlink()
            _link_or_copy(old, target)
            self.counts.kept += 1
        else:
            self.counts.written += 1

    def keep(self, paths: tuple[str, ...], key: str) -> bool:
        """Add files that stand there already, made together from the same inputs; say whether they do."""
        if not all(self._stands(path, key) for path in paths):
            return False
        for path in paths:
            self.made[path] = self.old[path]
            _link_or_copy(self.dest / path, self._target(path))
        self.counts.kept += len(paths)
        return True

    def publish(self, made_at: datetime | None = None) -> None:
        """Put the new state in the place of the old one, in one step where the system can.

        Files that no export made, such as a host's settings, are carried over. `made_at` is the moment as of
        which the files speak, where they depend on one.
        """
        for path in self._foreign():
            _link_or_copy(self.dest / path, self._target(path))
        self.counts.removed = len(self.old.keys() - self.made.keys())
        (self.new / MANIFEST).write_bytes(
            orjson.dumps({"made_at": made_at, "files": self.made}, option=orjson.OPT_SORT_KEYS)
        )
        swap_folders(self.new, self.dest)

    def _new_file(self, path: str) -> Path:
        if path in self.made:
            raise ValueError(f"site: two files want to be {path}")
        return self._target(path)

    def _target(self, path: str) -> Path:
        target = self.new / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        return target

    def _stands(self, path: str, key: str) -> bool:
        digest, made_from = self.old.get(path, ("", ""))
        file = self.dest / path
        if made_from != key or not file.is_file():
            return False
        return _touched_at(file) < self.last or sha256(file.read_bytes()).hexdigest() == digest

    def _foreign(self) -> Iterator[str]:
        ours = {*self.old, *self.made, MANIFEST}
        for folder, folders, names in os.walk(self.dest) if self.old else ():
            inside = os.path.relpath(folder, self.dest).replace(os.sep, "/")
            for name in (*names, *folders):
                path = name if inside == "." else f"{inside}/{name}"
                file = self.dest / path
                if path not in ours and (file.is_symlink() or file.is_file()):
                    yield path


@contextmanager
def open_tree(dest: Path) -> Iterator[SiteTree]:
    """Yield a tree to fill for `dest`; nothing of it stays when it is not published.

    Raises UsageError when `dest` holds something else than an export, HomeBusyError when another export
    is at it, CardwatchError when the disk refuses.
    """
    dest = dest.resolve()
    try:
        _refuse_other_files(dest)  # before its lock file stands in a folder that is not ours
        dest.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(dest.parent / f".{dest.name}.lock", timeout=0):
            _recover(dest)
            new = dest.parent / f".{dest.name}.new"
            new.mkdir()
            try:
                old, manifest = _manifest(dest), dest / MANIFEST
                yield SiteTree(dest, new, old, manifest.stat().st_mtime_ns if old else 0)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    except Timeout:
        raise HomeBusyError(f"{dest}: another export is writing here; try again when it ends") from None
    except OSError as error:
        raise CardwatchError(f"{dest}: cannot write the site: {error.strerror}") from error


def _recover(dest: Path) -> None:
    """Clear what a killed export left, and put the old site back if it was taken away last."""
    old = dest.parent / f".{dest.name}.old"
    if old.exists() and not dest.exists():
        old.rename(dest)
    for left in (old, dest.parent / f".{dest.name}.new"):
        shutil.rmtree(left, ignore_errors=True)


def _manifest(dest: Path) -> dict[str, list[str]]:
    file = dest / MANIFEST
    if file.is_file():
        try:
            found: Any = orjson.loads(file.read_bytes())
            return {str(path): [str(part) for part in made] for path, made in found["files"].items()}
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            raise UsageError(f"{file}: wanted the list of an earlier export, found something else") from None
    _refuse_other_files(dest)
    return {}


def _refuse_other_files(dest: Path) -> None:
    if (dest / MANIFEST).is_file() or not dest.exists():
        return
    if not dest.is_dir() or any(dest.iterdir()):
        raise UsageError(f"{dest}: wanted an empty folder or an earlier export, found other files")


def read_export_moment(dest: Path) -> datetime | None:
    """Return the moment as of which the export at `dest` speaks, None where it does not say."""
    try:
        found: Any = orjson.loads((dest / MANIFEST).read_bytes())
        return datetime.fromisoformat(found["made_at"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


def swap_folders(new: Path, dest: Path) -> None:
    """Let `new` stand at `dest`; what stood there goes. At no moment a mixture of both is to be seen."""
    if not dest.exists():
        new.rename(dest)
        return
    if _exchange(new, dest):
        return
    old = dest.parent / f".{dest.name}.old"
    dest.rename(old)
    try:
        new.rename(dest)
    except OSError:
        old.rename(dest)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _exchange(new: Path, dest: Path) -> bool:
    """Trade the two folders' names in one system call; False where there is none (Linux has it)."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if os.name == "posix" else None
    if rename is None:
        return False
    done: int = rename(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(dest), _EXCHANGE)
    return done == 0


def _has_content(file: Path, content: bytes) -> bool:
    return file.is_file() and file.stat().st_size == len(content) and file.read_bytes() == content


def _touched_at(file: Path) -> int:
    """Return when a file or what is said of it changed last, in nanoseconds."""
    found = file.stat()
    return max(found.st_mtime_ns, found.st_ctime_ns)


def _link_or_copy(source: Path, target: Path) -> None:
    """Let a file stand in a second place with its time: as a link where the disk can, else as a copy."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in {EEXIST, ENOTEMPTY}:
            raise
        shutil.copy2(source, target, follow_symlinks=False)
