"""Ten million events over two and a half million vouchers, replayed at once, beside the `transitions` package; one run.

The story is plain, so that a general state machine can tell it: pending, paid, the same payment told again by a poll, settled; one in eight
expires instead. cuadre does much more in that time: it finds each event's voucher by its reference, drops repetitions by their ids, pairs
settlements with payments, keeps double entry and proves that nothing was dropped. `transitions` is given its models ready made, each with its
own events in the right order and without copies, and only its triggers are timed, on fewer vouchers. The final states of both are compared
before anything is timed. The last lines are one event at a time, as a web back end has it. Only the ratios travel.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import timeit
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from transitions import Machine

from cuadre import Money, voucher
from cuadre.voucher import Event

EPOCH = datetime(2026, 3, 2, tzinfo=UTC)
STAMP = pa.timestamp("us", "UTC")
HOUR = 3_600_000_000
START = 1_772_409_600_000_000
KINDS = ("pending", "paid", "paid", "settled")
SOURCES = ("notification", "notification", "poll", "settlement")
DELAYS_H = (0, 5, 5, 5)  # when it happened, after the issue
RECEIVED_H = (0, 5, 6, 40)  # when it was told
STATES = ["created", "pending", "paid", "settled", "expired"]
RULES = [
    ["pending", "created", "pending"],
    ["paid", "pending", "paid"],
    ["settled", "paid", "settled"],
    ["expired", "pending", "expired"],
    ["reopened", "paid", "pending"],  # for timing one trigger again and again
]


class Disagreement(Exception):
    """The two ended in different states."""


def numbered(prefix: str, numbers: np.ndarray[Any, Any]) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 12 - len(prefix), "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def tables(vouchers: int) -> tuple[pa.Table, pa.Table]:
    """Events stand in the order in which they were received: those of one voucher lie far apart."""
    number = np.arange(vouchers)
    issued = START + number * 1_000_000
    terms = pa.table(
        {
            "reference": numbered("V-", number),
            "amount": pa.array(np.full(vouchers, 50, dtype=np.int32)).cast(pa.decimal128(18, 2)),
            "currency": pa.array(["PEN"]).take(pa.array(np.zeros(vouchers, dtype=np.int64))),
            "issued_at": pa.array(issued, pa.int64()).cast(STAMP),
            "expires_at": pa.array(issued + 72 * HOUR, pa.int64()).cast(STAMP),
        }
    )
    parts = [part(number, issued, step) for step in range(4)]
    events = pa.concat_tables(parts)
    return terms, events.take(
        pc.sort_indices(events, [("received_at", "ascending"), ("reference", "ascending")])
    ).combine_chunks()


def part(number: np.ndarray[Any, Any], issued: np.ndarray[Any, Any], step: int) -> pa.Table:
    """One event of every voucher; of those that expire the last two are the clock's and a copy of it."""
    unpaid = pa.array(number % 8 == 7)
    money = step > 0

    def either(word: str, otherwise: str) -> Any:
        return pc.if_else(unpaid, word, otherwise) if money else pa.array([otherwise]).take(pa.array(number * 0))

    occurred = issued + np.where(np.asarray(number % 8 == 7) & money, 72, DELAYS_H[step]) * HOUR
    received = issued + (np.where(np.asarray(number % 8 == 7) & money, 73, RECEIVED_H[step])) * HOUR + 1_000_000
    paid = (
        pc.if_else(unpaid, pa.scalar(None, pa.int32()), pa.scalar(50, pa.int32()))
        if money
        else pa.nulls(len(number), pa.int32())
    )
    return pa.table(
        {
            "reference": numbered("V-", number),
            "kind": either("expired", KINDS[step]),
            "source": either("clock", SOURCES[step]),
            "amount": paid.cast(pa.decimal128(18, 2)),
            "currency": pc.if_else(pc.is_valid(paid), "PEN", pa.scalar(None, pa.string())),
            "occurred_at": pa.array(occurred, pa.int64()).cast(STAMP),
            "received_at": pa.array(received, pa.int64()).cast(STAMP),
            "id": numbered("e-", number * 4 + step),
            "operation_id": pc.if_else(pc.is_valid(paid), numbered("o-", number), pa.scalar(None, pa.string())),
        }
    )


class Model:
    """What `transitions` moves about."""


def with_transitions(vouchers: int) -> tuple[list[Model], list[tuple[Callable[[], bool], ...]]]:
    """Models and their triggers, in order; the copies are left out, for a state machine has no answer to them."""
    models = [Model() for _ in range(vouchers)]
    Machine(models, STATES, transitions=RULES, initial="created", auto_transitions=False)
    words = [("pending", "expired") if i % 8 == 7 else ("pending", "paid", "settled") for i in range(vouchers)]
    return models, [tuple(getattr(model, word) for word in of) for model, of in zip(models, words, strict=True)]


def drive(triggers: list[tuple[Callable[[], bool], ...]]) -> float:
    start = time.perf_counter()
    for of in triggers:
        for trigger in of:
            trigger()
    return time.perf_counter() - start


def memory_mb(line: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split(line + ":")[1].split()[0]) // 1024


def check(terms: pa.Table, events: pa.Table, few: int) -> int:
    """The states of both, and how far memory rose in the first replay, in MB."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts over
    before = memory_mb("VmRSS")
    done = voucher.replay(terms, events)
    rose = memory_mb("VmHWM") - before
    models, triggers = with_transitions(few)
    drive(triggers)
    ours = [row[2] for row in done.records.rows(0, few)]
    for number, (state, model) in enumerate(zip(ours, models, strict=True)):
        if state != model.state:  # type: ignore[attr-defined]
            raise Disagreement(f"voucher {number}: cuadre says {state}, transitions {model.state}")  # type: ignore[attr-defined]
    [totals] = done.totals.to_dicts()
    unpaid = len(terms) // 8
    if (
        totals["applied"] + totals["merged"] != 3 * len(terms) - unpaid
        or totals["duplicate"] + totals["stale"] != len(terms) + unpaid
    ):
        raise Disagreement(f"copies were not told from events: {totals}")
    return rose


def best(run: Callable[[], object], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        found.append(time.perf_counter() - start)
        del result
    return min(found)


def one_at_a_time() -> tuple[float, float]:
    """Seconds for one apply of a payment from Python, and for one trigger."""
    at = EPOCH + timedelta(hours=1)
    fresh = voucher.Voucher.issue(gateway="pagoefectivo", reference="A-1", amount=Money(50, "PEN"), issued_at=EPOCH)
    pending, _ = fresh.apply(Event("pending", id="n1", occurred_at=EPOCH))
    paid = Event("paid", id="n2", operation_id="o1", amount=Money(50, "PEN"), occurred_at=at)
    if pending.apply(paid)[0].state != "paid":
        raise Disagreement("one payment does not pay")
    model = Model()
    Machine(model, STATES, transitions=RULES, initial="pending", auto_transitions=False)
    names = {"pending": pending, "paid": paid, "model": model}
    ours = min(timeit.repeat("pending.apply(paid)", globals=names, number=20_000, repeat=5)) / 20_000
    theirs = min(timeit.repeat("model.paid(); model.reopened()", globals=names, number=10_000, repeat=5)) / 20_000
    return ours, theirs


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vouchers", type=int, default=2_500_000)
    parser.add_argument("--few", type=int, default=20_000, help="vouchers that transitions is given")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args(arguments)
    few = min(options.few, options.vouchers)
    terms, events = tables(options.vouchers)
    try:
        rose = check(terms, events, few)
        single = one_at_a_time()
    except Disagreement as problem:
        print(problem, file=sys.stderr)
        return 1
    theirs = float("inf")
    for _ in range(options.times):
        _, triggers = with_transitions(few)
        theirs = min(theirs, drive(triggers) / sum(map(len, triggers)))
    print(
        f"{len(events):,} events over {len(terms):,} vouchers; nanoseconds an event, and how many times faster than transitions"
    )
    print(f"  {'transitions, triggers alone':<34}{theirs * 1e9:>10,.0f}")
    for threads in sorted({1, min(2, os.cpu_count() or 1)}):
        took = best(lambda threads=threads: voucher.replay(terms, events, threads=threads), options.times) / len(events)
        word = "thread" if threads == 1 else "threads"
        print(
            f"  {f'cuadre replay, {threads} {word}':<34}{took * 1e9:>10,.0f}{theirs / took:>9,.0f}x   {1e-6 / took:,.1f} M events a second"
        )
    print(f"  {'memory on top of the tables':<34}{rose:>10,} MB, {rose * 1_048_576 / len(events):,.0f} bytes an event")
    print("one event at a time, from Python; nanoseconds a call")
    print(f"  {'transitions, one trigger':<34}{single[1] * 1e9:>10,.0f}")
    print(f"  {'cuadre, one apply':<34}{single[0] * 1e9:>10,.0f}{single[1] / single[0]:>9,.1f}x")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
