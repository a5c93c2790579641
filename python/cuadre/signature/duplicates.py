"""Messages that were seen before: one claim for each event, whoever asks first."""

from __future__ import annotations

import heapq
import os
import threading
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from cuadre.base.moments import to_us
from cuadre.errors import ArgumentInvalidError

if TYPE_CHECKING:
    import sqlite3

# Expired claims that one new claim clears away: enough to keep up, too few for one wrong clock to empty a store.
_PURGED_MAX = 8


class Duplicates(Protocol):
    """Where seen events are kept. What it raises goes through ``verify``: without the store, nothing is accepted."""

    def claim(self, gateway: str, event_key: str, at: datetime, keep_until: datetime) -> bool:
        """Claim an event, atomically among all that share the store.

        Args:
            gateway: The gateway's name.
            event_key: The event's key, from its own fields or bytes.
            at: The present, with a zone.
            keep_until: Until when a second claim is refused.

        Returns:
            True for the first, False while an earlier claim holds.
        """
        ...

    def release(self, gateway: str, event_key: str) -> None:
        """Forget a claim, so that the event is taken when it comes again. An unknown one is no error."""
        ...


class MemoryDuplicates:
    """Seen events in this process, for tests and single workers; gone when it ends. Safe in threads. Raises nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: dict[tuple[str, str], datetime] = {}
        self._ends: list[tuple[datetime, tuple[str, str]]] = []

    def claim(self, gateway: str, event_key: str, at: datetime, keep_until: datetime) -> bool:
        """Claim an event; see ``Duplicates.claim``."""
        key = (gateway, event_key)
        with self._lock:
            if (until := self._until.get(key)) is not None and until > at:
                return False
            for _ in range(_PURGED_MAX):
                if not self._ends or self._ends[0][0] > at:
                    break
                end, ended = heapq.heappop(self._ends)
                if self._until.get(ended) == end:  # not released and claimed anew since
                    del self._until[ended]
            self._until[key] = keep_until
            heapq.heappush(self._ends, (keep_until, key))
            return True

    def release(self, gateway: str, event_key: str) -> None:
        """Forget a claim."""
        with self._lock:
            self._until.pop((gateway, event_key), None)
            if len(self._ends) > 2 * len(self._until) + 64:  # most ends are of released claims
                self._ends = [(end, key) for key, end in self._until.items()]
                heapq.heapify(self._ends)

    def __len__(self) -> int:
        return len(self._until)


class SqliteDuplicates:
    """Seen events in an SQLite file, for several threads and processes of one machine.

    Args:
        path: The file; made where there is none. A file on a network disk is not safe.

    Raises:
        ArgumentInvalidError: argument_invalid, for a database in memory, a URI, or a path without a name.
        TypeError: for what is no path of text.
        sqlite3.Error: where the file cannot be used, from every method.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        given = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
        if not isinstance(given, str):
            raise TypeError(f"the path of a store is text or a Path, not {type(path).__name__}")
        if not given.strip() or given.strip().startswith((":memory:", "file:")) or "\0" in given:
            raise ArgumentInvalidError(
                f"SqliteDuplicates needs a file, not {given!r}; use MemoryDuplicates for a store in memory"
            )
        self._path = os.path.abspath(given)  # a process that changes its folder keeps its store
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS cuadre_seen (gateway TEXT NOT NULL, event_key TEXT NOT NULL, keep_until_us INTEGER NOT NULL, "
                "PRIMARY KEY (gateway, event_key)) WITHOUT ROWID"
            )
            connection.execute("CREATE INDEX IF NOT EXISTS cuadre_seen_until ON cuadre_seen (keep_until_us)")

    def claim(self, gateway: str, event_key: str, at: datetime, keep_until: datetime) -> bool:
        """Claim an event; see ``Duplicates.claim``."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")  # the one writer; a reader that turns writer could be refused
            # the claim itself first: where it stands refused, nothing is cleared away
            claimed = (
                connection.execute(
                    "INSERT INTO cuadre_seen VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET keep_until_us = excluded.keep_until_us "
                    "WHERE keep_until_us <= ?",
                    (gateway, event_key, _us(keep_until), _us(at)),
                ).rowcount
                == 1
            )
            if claimed:
                connection.execute(
                    "DELETE FROM cuadre_seen WHERE (gateway, event_key) IN (SELECT gateway, event_key FROM cuadre_seen "
                    "WHERE keep_until_us <= ? ORDER BY keep_until_us LIMIT ?)",
                    (_us(at), _PURGED_MAX),
                )
            connection.execute("COMMIT")
            return claimed

    def release(self, gateway: str, event_key: str) -> None:
        """Forget a claim."""
        with closing(self._connect()) as connection:
            connection.execute("DELETE FROM cuadre_seen WHERE gateway = ? AND event_key = ?", (gateway, event_key))

    # A connection for each call: none is shared between threads or carried over a fork.
    def _connect(self) -> sqlite3.Connection:
        import sqlite3  # only where it is used

        return sqlite3.connect(self._path, timeout=60, isolation_level=None)


def _us(moment: datetime) -> int:
    return to_us(moment)
