"""The folder Cardwatch works in: catalog, archive, site, and the lock that keeps two runs apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cardwatch.errors import CardwatchError, HomeBusyError

LOCK_FILE = "run.lock"


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below one folder, made on first use."""

    root: Path

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.db"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def shards(self) -> Path:
        """Where several workers write before the archive takes their files."""
        return self.root / "shards"

    @property
    def blocks(self) -> Path:
        """Where several workers find a copy of the catalog and leave what they make from it."""
        return self.root / "blocks"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def owns(self, path: Path) -> bool:
        """Say whether a path is that of a file or folder Cardwatch keeps here itself."""
        own = [
            self.catalog.with_name(f"{self.catalog.name}{end}") for end in ("", "-wal", "-shm", "-journal")
        ]
        own += [self.root / LOCK_FILE, self.root]
        real = path.resolve()
        below = any(real.is_relative_to(folder.resolve()) for folder in (self.archive, self.site))
        return below or any(real == file.resolve() for file in own)

    def prepare(self) -> None:
        """Make the folders. Raises CardwatchError when the disk refuses."""
        try:
            self.archive.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CardwatchError(f"{self.root}: cannot write here: {error.strerror}") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold this home for one run. Raises HomeBusyError at once when another run has it."""
        from filelock import FileLock, Timeout  # for what writes alone

        self.prepare()
        lock = FileLock(self.root / LOCK_FILE, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise HomeBusyError(f"{self.root}: another run is working here; try again when it ends") from None
        except OSError as error:
            raise CardwatchError(f"{self.root}: cannot lock: {error.strerror}") from error
        try:
            yield
        finally:
            lock.release()
