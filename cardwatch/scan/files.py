"""Which files of a tree are read: what git tracks, or every file that is no folder of tools, and that is text."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

PROSE_ENDINGS = frozenset({".md", ".rst", ".txt", ".adoc", ".html"})
"""Files for people, which may speak of a retired model; read only when named themselves."""

_TOOL_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages", "dist", "build", "target"})
_LARGEST = 1_000_000


def list_files(path: Path, *, exclude: Sequence[str] = ()) -> Iterator[Path]:
    """Yield `path` itself, or the files below it in order, but for those a pattern of `exclude` matches."""
    if path.is_file():
        yield path
        return
    for file in sorted(_tracked_files(path) or _all_files(path)):
        below = file.relative_to(path)
        if file.suffix not in PROSE_ENDINGS and not any(below.match(pattern) for pattern in exclude):
            yield file


def read_source(file: Path) -> str | None:
    """Return a file's text, None if it is too large, binary or gone."""
    try:
        if file.stat().st_size > _LARGEST:
            return None
        body = file.read_bytes()
    except OSError:
        return None
    return None if b"\0" in body else body.decode("utf-8", errors="replace")


def _tracked_files(path: Path) -> list[Path]:
    """Return what git tracks or does not ignore below `path`; nothing outside a checkout."""
    git = shutil.which("git")
    if git is None:
        return []
    listed = subprocess.run(
        [git, "-C", str(path), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    names = listed.stdout.decode("utf-8", errors="surrogateescape").split("\0")
    return [file for name in names if name and (file := path / name).is_file() and not file.is_symlink()]


def _all_files(path: Path) -> Iterable[Path]:
    for file in path.rglob("*"):
        parts = file.relative_to(path).parts
        hidden = any(part.startswith(".") and part != ".env" for part in parts)
        if not hidden and _TOOL_FOLDERS.isdisjoint(parts) and file.is_file() and not file.is_symlink():
            yield file
