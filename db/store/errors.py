"""What can go wrong with a catalog that a person can do something about; each message is one line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class CatalogError(Exception):
    """The catalog cannot do what was asked; the message says what, wanted, found, where."""


class CatalogLockedError(CatalogError):
    """Another process holds the catalog."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: the catalog is locked by another process; try again when it has finished")


class CatalogNewerError(CatalogError):
    """The file was written by a later version of Cardwatch."""

    def __init__(self, path: Path, *, found: int, wanted: int) -> None:
        super().__init__(
            f"{path}: catalog version {found} is newer than this program understands ({wanted}); "
            "install a newer cardwatch"
        )


class CatalogUnreadableError(CatalogError):
    """The file is damaged, not a catalog, not writable, or the disk is full."""


class BackupRefusedError(CatalogError):
    """Something is in the place of a backup that is none, or an older one."""


class UnknownModelError(CatalogError):
    """No model goes by this name; `near` holds the ids most like it."""

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        self.text, self.near = text, tuple(near)
        hint = f"; near: {', '.join(near)}" if near else ""
        super().__init__(f"unknown model {text!r}{hint}")


class UnseenModelError(UnknownModelError):
    """The catalog knows the model, but did not yet at the asked moment."""

    def __init__(self, model: str, at: str) -> None:
        super().__init__(model)
        self.args = (f"{model}: nothing was published about it by {at}",)


class AmbiguousModelError(CatalogError):
    """Several models go by this name."""

    def __init__(self, text: str, among: Sequence[str]) -> None:
        self.text, self.near = text, tuple(among)
        super().__init__(f"{text!r} may mean {', '.join(among)}: use the full id")


class UnknownHoldError(CatalogError):
    """No open hold has this number."""

    def __init__(self, hold_id: int) -> None:
        super().__init__(f"hold {hold_id}: wanted an open hold, found none; `cardwatch holds` lists them")


class NothingToReviewError(CatalogError):
    """A review or retraction names a fact that the catalog does not hold."""
