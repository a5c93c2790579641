"""Messages that were seen before: one claim for each event, whoever asks first."""

from __future__ import annotations

import heapq
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from cuadre.errors import ArgumentInvalidError

if TYPE_CHECKING:
    import os
    import sqlite3

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
            while self._ends and self._ends[0][0] <= at:
                end, ended = heapq.heappop(self._ends)
                if self._until.get(ended) == end:  # not released and claimed anew since
                    del self._until[ended]
            if key in self._until:
                return False
            self._until[key] = keep_until
            heapq.heappush(self._ends, (keep_until, key))
            return True

    def release(self, gateway: str, event_key: str) -> None:
        """Forget a claim."""
        with self._lock:
            self._until.pop((gateway, event_key), None)

    def __len__(self) -> int:
        return len(self._until)


class SqliteDuplicates:
    """Seen events in an SQLite file, for several threads and processes of one machine.

    Args:
        path: The file; made where there is none. A file on a network disk is not safe.

    Raises:
        ArgumentInvalidError: argument_invalid, for a database in memory.
        sqlite3.Error: where the file cannot be used, from every method.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = str(path)
        if self._path in ("", ":memory:"):
            raise ArgumentInvalidError("SqliteDuplicates needs a file; use MemoryDuplicates for a store in memory")
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
            connection.execute("DELETE FROM cuadre_seen WHERE keep_until_us <= ?", (_us(at),))
            row = (gateway, event_key, _us(keep_until))
            claimed = connection.execute("INSERT OR IGNORE INTO cuadre_seen VALUES (?, ?, ?)", row).rowcount == 1
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
    return (moment - _EPOCH) // timedelta(microseconds=1)
