"""Millions of events over millions of vouchers, refunds or payouts at once: back-fill, replay, audit, expiry sweep.

::

    done = voucher.replay(vouchers, events)              # two tables that speak Arrow
    pl.DataFrame(done.records)["state"].value_counts()   # one row a voucher, in the order of the input
    done.due(now)                                        # the expiries that are due, as events
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from cuadre import _core, errors
from cuadre.base.moments import to_us

__all__ = ["Replay", "replay"]


def replay(
    vouchers: Any,
    events: Any,
    *,
    machine: str = "voucher",
    at: datetime | None = None,
    known_at: datetime | None = None,
    threads: int | None = None,
    voucher_columns: Mapping[str, str] | None = None,
    event_columns: Mapping[str, str] | None = None,
) -> Replay:
    """Fold the events of many records at once, by the rules of ``Voucher.apply``, in any order and with any repetition.

    Columns are found by name; what is not named here is passed over. Those with a star may be absent, and their cells may be
    null.

    * vouchers: reference, amount (decimal or text) or amount_minor (whole number), currency, issued_at, expires_at*; and for
      the rules refund_offered*, refund_whole_only*, refund_after_settlement* (booleans), refund_window_s*, approvals_needed*
      (whole numbers), requested_by*, linked* (text).
    * events: reference (of its voucher, refund or payout), kind, source, amount* or amount_minor*, currency*, fee* or
      fee_minor*, tax* or tax_minor*, occurred_at, received_at, expires_at*, id*, operation_id*, person*, code*. Without a
      currency column, minor units are in the record's currency.

    Times are timestamps with a time zone, of any unit; beyond microseconds they are rounded down. Text is any Arrow string or
    a dictionary of one.

    A row that cannot be never raises and is never dropped: an event is ``refused`` with its reason (``other_record`` where the
    reference is unknown, ``word_unknown``, ``time_missing``, ``amount_unreadable`` ...), a voucher whose terms cannot be has a
    ``fault`` and no state. All events of a record that has more than 4096 different ones are refused as ``too_many``.

    The result does not depend on the order of rows or on threads; where two rows say exactly the same, the first of them is
    the one that is ``applied``. Memory on top of both tables: 136 bytes a voucher and 4 bytes an event while the result
    lives; while it works also 4 bytes a voucher and 64 bytes for each of at most 4 million rows at a time (128 for an event
    with a fee, tax, expiry, person or code).

    Args:
        vouchers: The terms: anything that speaks Arrow (pandas, Polars, DuckDB, pyarrow).
        events: What was told, likewise.
        machine: "voucher", "refund" or "payout": whose events they are.
        at: As things stood then, a datetime with its zone: only what had occurred, and an expiry that was reached counts as
            told. Events of later have no outcome.
        known_at: By what was known then: only what had been received.
        threads: How many; None or 0: one for each processor.
        voucher_columns, event_columns: Our name of a column to the table's, where they differ.

    Raises:
        ArrowUnsupportedError: arrow_unsupported, for a column of a type that cannot be taken; a timestamp without a zone.
        ColumnMissingError: column_missing, naming the closest that is there.
        ColumnRepeatedError: column_repeated.
        FloatRefusedError: float_refused, for amounts in binary floating point.
        ArgumentInvalidError: argument_invalid, for an unknown machine, a time without its zone, threads out of range.
        ProofFailedError: proof_failed, an internal error, if events or money did not add up.
        TypeError: for what is no table, no datetime, no whole number.
        KeyboardInterrupt: on Ctrl-C, promptly.
    """
    for name, table in (("vouchers", vouchers), ("events", events)):
        if not hasattr(table, "__arrow_c_stream__"):
            raise TypeError(
                f"{name} is a table that speaks Arrow (pandas, Polars, DuckDB, pyarrow), not {type(table).__name__}"
            )
    core = _core.replay(
        vouchers,
        events,
        machine=machine,
        at_us=None if at is None else _microseconds(at, "at"),
        known_at_us=None if known_at is None else _microseconds(known_at, "known_at"),
        threads=_threads(threads),
        voucher_columns=dict(voucher_columns or {}),
        event_columns=dict(event_columns or {}),
    )
    return Replay(core)


class Replay:
    """What came out. Made by ``replay``; every table exports ``__arrow_c_stream__``, a fresh stream at every call.

    Attributes:
        records: One row a voucher, in the order of the input: reference, currency, state, needs_review, due, paid, reversed,
            refunded, reserved, settled, held, earned, balance_buyer and so on for each account, expires_at, events (told of
            it), quarantined, fault.
        outcomes: One row an event, in the order of the input: outcome, reason, from_state, to_state. ``merged`` is what took
            effect though something that stands behind it in time had been received before it.
        totals: One row a currency, and one for what belongs to no sound record: records, events, how many of them came to
            each outcome, later (no outcome at ``at``), the sums of the amounts of ``records``, and whether the accounts sum
            to zero. Every event is in exactly one row and one outcome.
    """

    def __init__(self, core: _core.Replay) -> None:
        self._core = core

    @cached_property
    def records(self) -> _core.Table:
        return self._core.records()

    @cached_property
    def outcomes(self) -> _core.Table:
        return self._core.outcomes()

    @cached_property
    def totals(self) -> _core.Table:
        return self._core.totals()

    def due(self, now: datetime) -> _core.Table:
        """Give the expiries that are due, as events of the clock, to be added to the others: one for each record that is
        open at the end of this replay, whose time was over before ``now``, and which that ends. One that the gateway opened
        again after its expiry, without a new one, stays open.

        Columns: reference, kind, source, occurred_at (the expiry), received_at (``now``). Refunds have none.

        Args:
            now: The moment of the sweep, a datetime with its zone.

        Raises:
            ArgumentInvalidError: argument_invalid, for a time without its zone.
            TypeError: for what is no datetime.
        """
        return self._core.due(now_us=_microseconds(now, "now"))

    def __repr__(self) -> str:
        rows = self.totals.to_dicts()
        names = ("applied", "merged", "duplicate", "stale", "quarantined", "refused", "later")
        counts = [f"{sum(row[name] for row in rows):,} {name}" for name in names if any(row[name] for row in rows)]
        return f"<Replay: {len(self.records):,} records, {len(self.outcomes):,} events: {', '.join(counts) or 'none'}>"


def _microseconds(moment: datetime, name: str) -> int:
    if not isinstance(moment, datetime):
        raise TypeError(f"{name} is a datetime with its zone, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise errors.ArgumentInvalidError(f"{name} has no time zone: {moment.isoformat()}; say where its clock hangs")
    return to_us(moment)


def _threads(threads: int | None) -> int:
    if threads is None:
        return 0
    if not isinstance(threads, int) or isinstance(threads, bool):
        raise TypeError(f"threads is a whole number, not {type(threads).__name__}")
    if not 0 <= threads <= 1024:
        raise errors.ArgumentInvalidError(f"threads is from 0 to 1024, not {threads}")
    return threads
