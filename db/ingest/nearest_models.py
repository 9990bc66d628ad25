"""What nearness of models is judged by, kept by model, and each model's nearest: found without a look at all models."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

NEAREST_CHOSEN_BY = "nearest models chosen by"
_GROUPS = {"job": "job = ?", "family": "family = ? AND family <> ''"}
ORDERS = ("by_price", "by_size", "by_name", "by_release", "by_providers")
"""The orders in which the models of a family, and those for a job, stand; where one is NULL, a model is not in it."""


class KeptTraits(NamedTuple):
    """The traits of a model as text, its groups, and its place in each of ORDERS."""

    model: str
    traits: str
    job: str
    family: str
    places: Sequence[float | str | None]


class NearestModels:
    """The traits and the nearest models of a catalog; who writes owns the transaction."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn

    def save_traits(self, kept: Iterable[KeptTraits]) -> None:
        """Keep the traits of models in place of what was kept of them."""
        self._conn.executemany(
            f"INSERT OR REPLACE INTO model_traits VALUES (?, ?, ?, ?{', ?' * len(ORDERS)})",
            [(each.model, each.traits, each.job, each.family, *each.places) for each in kept],
        )

    def forget_traits(self, models: Iterable[str]) -> None:
        """Drop models that there are no more, and their nearest."""
        gone = [(model,) for model in models]
        self._conn.executemany("DELETE FROM model_traits WHERE model = ?", gone)
        self._conn.executemany("DELETE FROM nearest_models WHERE model = ?", gone)

    def beside(self, model: str, reach: int, orders: Collection[str] = ORDERS) -> set[str]:
        """Return the models that stand at most so many places from one in any of these orders of its family or its job."""
        row = self._conn.execute(
            f"SELECT job, family, {', '.join(ORDERS)} FROM model_traits WHERE model = ?", [model]
        ).fetchone()
        if row is None:
            return set()
        found: set[str] = set()
        for group, condition in _GROUPS.items():
            for order in orders:
                if row[order] is not None:
                    for sign, direction in (("<", "DESC"), (">", "ASC")):
                        found.update(
                            other
                            for (other,) in self._conn.execute(
                                f"SELECT model FROM model_traits WHERE {condition} AND {order} IS NOT NULL AND"
                                f" ({order}, model) {sign} (?, ?) ORDER BY {order} {direction}, model {direction} LIMIT ?",
                                [row[group], row[order], model, reach],
                            )
                        )
        return found

    def load_nearest(self, model: str) -> set[str]:
        """Return the nearest models of one."""
        return {
            near for (near,) in self._conn.execute("SELECT near FROM nearest_models WHERE model = ?", [model])
        }

    def save_nearest(self, nearest: Mapping[str, Iterable[str]]) -> None:
        """Keep the nearest models of some, in place of those kept of them."""
        self._conn.executemany("DELETE FROM nearest_models WHERE model = ?", [(model,) for model in nearest])
        self._conn.executemany(
            "INSERT INTO nearest_models VALUES (?, ?)",
            [(model, near) for model, others in nearest.items() for near in others],
        )

    def are_near(self, a: str, b: str) -> bool:
        """Say whether one of two models is among the nearest of the other."""
        row = self._conn.execute(
            "SELECT 1 FROM nearest_models WHERE (model = ?1 AND near = ?2) OR (model = ?2 AND near = ?1)",
            [a, b],
        ).fetchone()
        return row is not None

    def count_models(self) -> int:
        """Return how many models have traits."""
        return int(self._conn.execute("SELECT count(*) FROM model_traits").fetchone()[0])

    def restart(self, chosen_by: str) -> None:
        """Drop all traits and nearest models, to keep those that are chosen by other settings."""
        self._conn.execute("DELETE FROM model_traits")
        self._conn.execute("DELETE FROM nearest_models")
        self._conn.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", [NEAREST_CHOSEN_BY, chosen_by])

    def chosen_by(self) -> str:
        """Return by which settings the nearest models were chosen, "" before any were."""
        row = self._conn.execute("SELECT value FROM settings WHERE name = ?", [NEAREST_CHOSEN_BY]).fetchone()
        return str(row[0]) if row else ""
