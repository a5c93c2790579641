"""Many records at once: the same as one by one, whatever the order of rows, the threads and the library that made the tables."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from cuadre import Money, _core, errors, voucher
from oracles import voucher_events as sample
from oracles.voucher import ACCOUNTS, KINDS
from oracles.voucher import Event as Said
from oracles.voucher import Terms as Agreed

pytestmark = pytest.mark.border

MACHINES = tuple(KINDS)
EPOCH = datetime(2026, 3, 2, tzinfo=UTC)
AMOUNTS = ("due", "paid", "reversed", "refunded", "reserved", "settled")
STAMP = pa.timestamp("us", "UTC")
EVENT_TYPES = {
    "reference": pa.string(),
    "kind": pa.string(),
    "source": pa.string(),
    "amount": pa.decimal128(18, 2),
    "currency": pa.string(),
    "fee": pa.decimal128(18, 2),
    "tax": pa.decimal128(18, 2),
    "occurred_at": STAMP,
    "received_at": STAMP,
    "expires_at": STAMP,
    "id": pa.string(),
    "operation_id": pa.string(),
    "person": pa.string(),
    "code": pa.string(),
}
TERM_TYPES = {
    "reference": pa.string(),
    "amount": pa.decimal128(18, 2),
    "currency": pa.string(),
    "issued_at": STAMP,
    "expires_at": STAMP,
    "refund_offered": pa.bool_(),
    "refund_whole_only": pa.bool_(),
    "refund_after_settlement": pa.bool_(),
    "refund_window_s": pa.int64(),
    "approvals_needed": pa.int32(),
    "requested_by": pa.string(),
    "linked": pa.string(),
}


def when(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def minor(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount).scaleb(-2)


def table(rows: Sequence[dict[str, Any]], types: dict[str, pa.DataType]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()})


def event_row(reference: str, said: Said, currency: str) -> dict[str, Any]:
    money = said.amount is not None or said.fee or said.tax
    return {
        "reference": reference,
        "kind": said.kind,
        "source": said.source,
        "amount": minor(said.amount),
        "currency": currency if money else None,
        "fee": minor(said.fee) if said.fee else None,
        "tax": minor(said.tax) if said.tax else None,
        "occurred_at": when(said.at),
        "received_at": when(said.received),
        "expires_at": None if said.expires is None else when(said.expires),
        "id": said.id,
        "operation_id": said.operation or None,
        "person": said.person or None,
        "code": said.code,
    }


def terms_row(reference: str, terms: Agreed, currency: str) -> dict[str, Any]:
    return {
        "reference": reference,
        "amount": minor(terms.amount),
        "currency": currency,
        "issued_at": when(-1000),
        "expires_at": None if terms.expires is None else when(terms.expires),
        "refund_offered": terms.refund_offered,
        "refund_whole_only": terms.refund_whole_only or None,
        "refund_after_settlement": terms.refund_after_settlement,
        "refund_window_s": terms.refund_window_s,
        "approvals_needed": terms.approvals_needed or None,
        "requested_by": terms.requested_by,
        "linked": "L-1" if terms.linked or terms.machine == "refund" else None,
    }


def core_event(said: Said, currency: str) -> _core.Event:
    def money(amount: int | None) -> Money | None:
        return Money.from_minor(amount, currency) if amount else None

    return _core.Event(
        said.kind,
        id=said.id,
        amount=money(said.amount),
        occurred_at=when(said.at),
        received_at=when(said.received),
        source=said.source,
        operation_id=said.operation,
        fee=money(said.fee),
        tax=money(said.tax),
        expires_at=None if said.expires is None else when(said.expires),
        person=said.person,
        code=said.code,
    )


def core_record(reference: str, terms: Agreed, currency: str, told: Iterable[Said]) -> _core.Record:
    return _core.Record(
        machine=terms.machine,
        gateway="pagoefectivo",
        reference=reference,
        environment="production",
        amount=Money.from_minor(terms.amount, currency),
        made_at=when(-1000),
        expires_at=None if terms.expires is None else when(terms.expires),
        refund_rules=(
            terms.refund_offered,
            terms.refund_whole_only,
            terms.refund_after_settlement,
            terms.refund_window_s,
        ),
        reason_code="other" if terms.machine == "refund" else "",
        requested_by=terms.requested_by,
        approvals_needed=terms.approvals_needed,
        linked="L-1" if terms.linked or terms.machine == "refund" else "",
        events=[core_event(said, currency) for said in told],
    )


@dataclass
class World:
    """Records and what they were told, and the two tables that say the same."""

    machine: str
    currencies: list[str] = field(default_factory=list)
    terms: list[Agreed] = field(default_factory=list)
    told: list[list[Said]] = field(default_factory=list)
    rows: list[tuple[int, Said]] = field(default_factory=list)  # of the events' table

    @classmethod
    def by_chance(cls, machine: str, seed: int, records: int) -> World:
        chance = random.Random(seed)
        world = cls(machine)
        for number in range(records):
            world.currencies.append(chance.choice(("PEN", "COP")))
            world.terms.append(chance.choice(sample.TERMS[machine]))
            told = [sample.chance(chance, machine) for _ in range(chance.choice((0, 1, 2, 3, 4, 5, 6, 8, 12, 40)))]
            told += chance.choices(told, k=len(told) // 4) if told else []
            world.told.append(told)
            world.rows += [(number, said) for said in told]
        chance.shuffle(world.rows)
        return world

    def reference(self, number: int) -> str:
        # Short ones, digits, one byte around the longest that stands in a line, and long ones.
        return (f"V-{number:010d}", str(number), f"{number:015d}", f"{number:016d}", f"reference-of-record-{number:020d}")[
            number % 5
        ]

    @property
    def vouchers(self) -> pa.Table:
        rows = [terms_row(self.reference(i), terms, self.currencies[i]) for i, terms in enumerate(self.terms)]
        return table(rows, TERM_TYPES)

    @property
    def events(self) -> pa.Table:
        return table([event_row(self.reference(i), said, self.currencies[i]) for i, said in self.rows], EVENT_TYPES)

    def replay(self, **options: Any) -> voucher.Replay:
        return voucher.replay(self.vouchers, self.events, machine=self.machine, **options)


def content(said: Said) -> tuple[Any, ...]:
    return tuple(value for name, value in vars(said).items() if name != "received")


def of_event(event: _core.Event) -> tuple[Any, ...]:
    def units(money: Money | None) -> int:
        return 0 if money is None else money.amount_minor

    expires = None if event.expires_at is None else (event.expires_at - EPOCH) // timedelta(microseconds=1)
    at = (event.occurred_at - EPOCH) // timedelta(microseconds=1)
    amount = None if event.amount is None else event.amount.amount_minor
    return (
        *(event.kind, at, amount, event.source, event.id, event.operation_id),
        *(units(event.fee), units(event.tax), expires, event.person, event.code),
    )


def steps_by_content(record: _core.Record) -> dict[tuple[Any, ...], tuple[str, str, str, str]]:
    """Outcome, reason, state before and after of each event kept, ``merged`` as the tables say it."""
    found: dict[tuple[Any, ...], tuple[str, str, str, str]] = {}
    events = record.events
    for index, _, before, after, outcome, reason, *_ in record.steps:
        key = of_event(events[index])
        if key in found:
            first = found[key]
            before, reason = first[2], reason if first[1] == "none" else first[1]
        if outcome == "applied" and any(later.received_at < events[index].received_at for later in events[index + 1 :]):
            outcome = "merged"
        found[key] = (outcome, reason, before, after)
    return found


def check_record(row: dict[str, Any], record: _core.Record) -> None:
    assert (row["state"], row["needs_review"], row["fault"]) == (record.state, record.needs_review, None)
    for name in AMOUNTS:
        assert row[name] == getattr(record, name).amount, name
    for account in ACCOUNTS:
        money = record.balances.get(account)
        assert row[f"balance_{account}"] == (Decimal(0) if money is None else money.amount), account
    assert sum(row[f"balance_{account}"] for account in ACCOUNTS) == 0
    assert row["expires_at"] == record.expires_at


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("seed", range(4))
def test_all_at_once_is_one_by_one(machine: str, seed: int) -> None:
    world = World.by_chance(machine, seed, 400)
    done = world.replay()
    rows, outcomes = done.records.to_dicts(), done.outcomes.to_dicts()
    assert [row["reference"] for row in rows] == [world.reference(i) for i in range(400)]
    steps = []
    for number, row in enumerate(rows):
        record = core_record(row["reference"], world.terms[number], world.currencies[number], world.told[number])
        check_record(row, record)
        assert row["events"] == len(world.told[number])
        steps.append(steps_by_content(record))
    # Of several rows that say the same, the one received first has the record's answer; the others repeat it.
    speaks: dict[tuple[int, tuple[Any, ...]], int] = {}
    for at, (number, said) in enumerate(world.rows):
        key = (number, content(said))
        if key not in speaks or said.received < world.rows[speaks[key]][1].received:
            speaks[key] = at
    for at, (number, said) in enumerate(world.rows):
        is_row = outcomes[at]
        got = (is_row["outcome"], is_row["reason"], is_row["from_state"], is_row["to_state"])
        wanted = steps[number][content(said)]
        if speaks[number, content(said)] == at:
            assert got == wanted
        else:
            assert got[:2] == ("duplicate", "seen_before") or (got[:2] == wanted[:2] and got[0] == "quarantined")


@pytest.mark.parametrize("machine", MACHINES)
def test_order_and_threads_do_not_matter(machine: str) -> None:
    world = World.by_chance(machine, 7, 500)
    vouchers, events = world.vouchers, world.events
    expected = pa.table(world.replay(threads=1).records)
    chance = random.Random(8)
    for threads in (1, 2, 5):
        order = chance.sample(range(len(events)), len(events))
        shuffled = voucher.replay(vouchers, events.take(order), machine=machine, threads=threads)
        assert pa.table(shuffled.records).equals(expected)
        same = voucher.replay(vouchers, events, machine=machine, threads=threads)
        assert pa.table(same.outcomes).equals(pa.table(world.replay(threads=1).outcomes))
        doubled = voucher.replay(vouchers, pa.concat_tables([events, events.take(order)]), machine=machine, threads=threads)
        told = ("events", "quarantined")
        assert pa.table(doubled.records).drop_columns(told).equals(expected.drop_columns(told))


def test_enough_rows_for_many_parts() -> None:
    """Thousands of records in several parts and blocks: as one record alone."""
    chance = random.Random(3)
    kinds = [[sample.chance(chance, "voucher") for _ in range(4)] for _ in range(50)]
    terms = sample.TERMS["voucher"][0]
    alone = [core_record("A", terms, "PEN", told) for told in kinds]
    count = 40_000
    vouchers = pa.table(
        {
            "reference": pa.array([f"V-{i:010d}" for i in range(count)]),
            "amount": pa.array([minor(terms.amount)] * count, pa.decimal128(18, 2)),
            "currency": pa.array(["PEN"] * count),
            "issued_at": pa.array([when(-1000)] * count, STAMP),
            "expires_at": pa.array([when(terms.expires or 0)] * count, STAMP),
        }
    )
    base = table([event_row("", said, "PEN") for told in kinds for said in told], EVENT_TYPES)
    order = [200 * (i // 50) % 1 + 4 * (i % 50) + step for step in (2, 0, 3, 1) for i in range(count)]
    references = [f"V-{i:010d}" for _ in range(4) for i in range(count)]
    events = base.take(order).set_column(0, "reference", pa.array(references))
    done = voucher.replay(vouchers, events, threads=3)
    states = pa.table(done.records)["state"].to_pylist()
    assert states == [alone[i % 50].state for i in range(count)]
    [totals] = done.totals.to_dicts()
    assert totals["records"] == count and totals["events"] == 4 * count and totals["holds"]
    assert totals["paid"] == sum(alone[i % 50].paid.amount for i in range(count))
    one = voucher.replay(vouchers, events, threads=1)
    assert pa.table(one.records).equals(pa.table(done.records)) and pa.table(one.outcomes).equals(pa.table(done.outcomes))


# ---- at an instant


@pytest.mark.parametrize("machine", MACHINES)
def test_at_an_instant(machine: str) -> None:
    world = World.by_chance(machine, 11, 300)
    for at in (second * sample.SECOND for second in (10, 49, 50, 51, 70)):
        done = world.replay(at=when(at))
        rows = done.records.to_dicts()
        for number, row in enumerate(rows):
            record = core_record(row["reference"], world.terms[number], world.currencies[number], world.told[number])
            assert row["state"] == record.state_at(when(at))
        for (_, said), outcome in zip(world.rows, done.outcomes.to_dicts(), strict=True):
            assert (outcome["outcome"] is None) == (said.at > at)


KNOWN = 500 * sample.SECOND


def test_by_what_was_known_then() -> None:
    world = World.by_chance("voucher", 12, 300)
    done = world.replay(known_at=when(KNOWN))
    for number, row in enumerate(done.records.to_dicts()):
        told = [said for said in world.told[number] if said.received <= KNOWN]
        check_record(row, core_record(row["reference"], world.terms[number], world.currencies[number], told))
    later = sum(row["later"] for row in done.totals.to_dicts())
    assert later == sum(said.received > KNOWN for _, said in world.rows) > 0
    both = world.replay(at=when(40 * sample.SECOND), known_at=when(KNOWN)).outcomes.to_dicts()
    for (_, said), outcome in zip(world.rows, both, strict=True):
        assert (outcome["outcome"] is None) == (said.received > KNOWN or said.at > 40 * sample.SECOND)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_sweep_ends_what_is_open(machine: str) -> None:
    world = World.by_chance(machine, 13, 300)
    done = world.replay()
    now = when(200 * sample.SECOND)
    due = done.due(now).to_dicts()
    open_states = {"voucher": {"created", "pending"}, "payout": {"created", "sent", "waiting", "unknown"}, "refund": set()}[
        machine
    ]
    wanted = []
    for number, row in enumerate(done.records.to_dicts()):
        record = core_record(row["reference"], world.terms[number], world.currencies[number], world.told[number])
        if record.state in open_states and record.state_at(now) not in open_states:
            wanted.append(row["reference"])
    assert [row["reference"] for row in due] == wanted
    assert bool(wanted) == (machine != "refund")
    if not wanted:
        return
    assert {(row["kind"], row["source"], row["received_at"]) for row in due} == {("expired", "clock", now)}
    swept = pl.concat([pl.DataFrame(world.events), pl.DataFrame(done.due(now))], how="diagonal_relaxed")
    again = voucher.replay(world.vouchers, swept, machine=machine)
    assert len(again.due(now)) == 0
    states = {row["reference"]: row["state"] for row in again.records.to_dicts()}
    assert not {states[reference] for reference in wanted} & open_states
    last = [row["outcome"] for row in again.outcomes.to_dicts()[len(world.rows) :]]
    assert set(last) <= {"applied", "merged"}
    assert len(done.due(when(50 * sample.SECOND))) == 0  # the last moment that is in time is in time


# ---- rows that cannot be


GOOD = event_row("V-1", Said("paid", 10, 100, id="n1", operation="A", received=20), "PEN")
LONG = "x" * 256
BAD = {  # what is wrong with an event, and its reason
    "word": ({"kind": "bought"}, "word_unknown"),
    "no word": ({"kind": None}, "word_unknown"),
    "case": ({"kind": "Paid"}, "word_unknown"),
    "long word": ({"kind": "paid" * 9}, "word_unknown"),
    "source": ({"source": "rumour"}, "word_unknown"),
    "another machine's word": ({"kind": "collected"}, "word_unknown"),
    "no time": ({"occurred_at": None}, "time_missing"),
    "no receipt": ({"received_at": None}, "time_missing"),
    "no amount": ({"amount": None}, "amount_missing"),
    "zero": ({"amount": Decimal(0)}, "amount_not_positive"),
    "negative": ({"amount": Decimal(-1)}, "amount_not_positive"),
    "negative fee": ({"fee": Decimal(-1)}, "amount_not_positive"),
    "too large": ({"amount": Decimal(10) ** 13}, "amount_too_large"),
    "other currency": ({"currency": "COP"}, "other_currency"),
    "no currency": ({"currency": None}, "other_currency"),
    "no such currency": ({"currency": "XXQ"}, "other_currency"),
    "gold": ({"currency": "XAU"}, "other_currency"),
    "other record": ({"reference": "V-2"}, "other_record"),
    "no reference": ({"reference": None}, "other_record"),
    "empty reference": ({"reference": ""}, "other_record"),
    "long reference": ({"reference": LONG}, "other_record"),
    "no id": ({"id": None, "operation_id": None}, "id_missing"),
    "long id": ({"id": LONG}, "id_too_long"),
    "long operation": ({"operation_id": LONG}, "id_too_long"),
    "long person": ({"person": LONG}, "id_too_long"),
    "before the voucher": ({"occurred_at": when(0) - timedelta(days=2)}, "time_impossible"),
    "after its receipt": ({"occurred_at": when(0) + timedelta(days=2)}, "time_impossible"),
    "no expiry": ({"kind": "extended", "amount": None}, "expiry_missing"),
    "nobody": ({"kind": "accepted", "amount": None, "source": "operator"}, "person_missing"),
}


def test_bad_events_change_nothing_and_are_answered() -> None:
    rows = [GOOD] + [GOOD | change for change, _ in BAD.values()]
    vouchers = table([terms_row("V-1", Agreed(), "PEN")], TERM_TYPES)
    done = voucher.replay(vouchers, table(rows, EVENT_TYPES))
    [record] = done.records.to_dicts()
    assert (record["state"], record["paid"], record["quarantined"]) == ("paid", Decimal(1), 0)
    outcomes = done.outcomes.to_dicts()
    assert outcomes[0] == {"outcome": "applied", "reason": "none", "from_state": "created", "to_state": "paid"}
    for name, row, (_, reason) in zip(BAD, outcomes[1:], BAD.values(), strict=True):
        assert (row["outcome"], row["reason"]) == ("refused", reason), name
        state = None if reason == "other_record" else "paid"
        assert (row["from_state"], row["to_state"]) == (state, state), name
    totals = {row["currency"]: row for row in done.totals.to_dicts()}
    assert totals["PEN"]["refused"] + totals[None]["refused"] == len(BAD)
    assert totals["PEN"]["applied"] == 1 and totals["PEN"]["records"] == 1 and totals[None]["records"] == 0


def test_amounts_that_are_text() -> None:
    vouchers = table([terms_row(f"V-{i}", Agreed(), "PEN") for i in range(6)], TERM_TYPES)
    rows = [GOOD | {"reference": f"V-{i}"} for i in range(6)]
    events = table(rows, EVENT_TYPES).set_column(
        3, "amount", pa.array(["1", "1.00", "1.001", "one", "", "99999999999999999999"])
    )
    outcomes = voucher.replay(vouchers, events).outcomes.to_dicts()
    assert [row["reason"] for row in outcomes] == [*["none"] * 2, *["amount_unreadable"] * 3, "amount_too_large"]


FAULTY = {
    "reference_missing": {"reference": None},
    "reference_repeated": {"reference": "V-1"},
    "currency_unknown": {"currency": "XXQ"},
    "amount_unreadable": {"amount": None},
    "amount_impossible": {"amount": Decimal(0)},
    "time_missing": {"issued_at": None},
    "expiry_impossible": {"expires_at": when(-1000)},
    "person_missing": {"approvals_needed": 1, "requested_by": ""},
    "rule_impossible": {"refund_window_s": -5},
}


def test_bad_terms_have_a_fault_and_no_state() -> None:
    good = terms_row("V-1", Agreed(), "PEN")
    rows = [good, *(good | {"reference": f"X-{name}"} | change for name, change in FAULTY.items())]
    told = [GOOD | {"reference": row["reference"]} for row in rows]
    done = voucher.replay(table(rows, TERM_TYPES), table(told, EVENT_TYPES))
    records = done.records.to_dicts()
    assert [row["fault"] for row in records] == ["reference_repeated", *FAULTY]
    for row in records:
        assert row["state"] is row["paid"] is row["balance_merchant"] is row["needs_review"] is None
    assert {(row["outcome"], row["reason"]) for row in done.outcomes.to_dicts()} == {("refused", "other_record")}
    [totals] = done.totals.to_dicts()
    assert totals["currency"] is None and totals["records"] == len(rows) and totals["refused"] == len(rows) and totals["holds"]


def test_a_record_of_very_many_events() -> None:
    vouchers = table([terms_row(f"V-{i}", Agreed(), "PEN") for i in range(2)], TERM_TYPES)
    few = [GOOD] * 5000  # one fact, however often it is told
    many = [GOOD | {"reference": "V-0", "id": f"n{i}", "operation_id": None} for i in range(4097)]
    done = voucher.replay(vouchers, table(few + many, EVENT_TYPES))
    first, second = done.records.to_dicts()
    assert (first["state"], first["paid"], first["events"]) == ("created", Decimal(0), 4097)
    assert (second["state"], second["paid"], second["events"]) == ("paid", Decimal(1), 5000)
    counts = Counter((row["outcome"], row["reason"]) for row in done.outcomes.to_dicts())
    assert counts == {("applied", "none"): 1, ("duplicate", "seen_before"): 4999, ("refused", "too_many"): 4097}
    assert done.outcomes.to_dicts()[0]["outcome"] == "applied"


# ---- tables of others


def libraries(vouchers: pa.Table, events: pa.Table) -> dict[str, tuple[Any, Any]]:
    plain = duckdb.connect()
    plain.execute("SET TimeZone = 'America/Lima'")
    plain.register("v", vouchers)
    plain.register("e", events)
    text = pa.string_view()
    viewed = events.set_column(0, "reference", events["reference"].cast(text)).set_column(10, "id", events["id"].cast(text))
    coded = events.set_column(1, "kind", events["kind"].dictionary_encode()).set_column(
        2, "source", events["source"].dictionary_encode()
    )
    narrow = events.cast(
        pa.schema(
            [(name, pa.timestamp("ns", "America/Bogota") if kind == STAMP else kind) for name, kind in EVENT_TYPES.items()]
        )
    )
    large = events.cast(
        pa.schema([(name, pa.large_string() if kind == pa.string() else kind) for name, kind in EVENT_TYPES.items()])
    )
    wide = events.set_column(3, "amount", events["amount"].cast(pa.decimal256(40, 5)))
    pieces = pa.Table.from_batches(
        [batch for start in range(0, len(events), 7) for batch in events.slice(start, 7).to_batches()]
    )
    return {
        "pandas": (vouchers.to_pandas(types_mapper=pd.ArrowDtype), events.to_pandas(types_mapper=pd.ArrowDtype)),
        "polars": (pl.DataFrame(vouchers), pl.DataFrame(events)),
        "duckdb": (plain.sql("SELECT * FROM v"), plain.sql("SELECT * FROM e")),
        "string views": (vouchers, viewed),
        "dictionaries": (vouchers, coded),
        "nanoseconds": (vouchers, narrow),
        "large strings": (vouchers, large),
        "wide decimals": (vouchers, wide),
        "small batches": (vouchers.slice(0), pieces),
    }


def test_every_library_says_the_same() -> None:
    world = World.by_chance("voucher", 21, 60)
    vouchers, events = world.vouchers, world.events
    expected = voucher.replay(vouchers, events)
    for name, (left, right) in libraries(vouchers, events).items():
        found = voucher.replay(left, right)
        assert pa.table(found.records).equals(pa.table(expected.records)), name
        assert pa.table(found.outcomes).equals(pa.table(expected.outcomes)), name


def test_results_go_to_every_library() -> None:
    done = World.by_chance("voucher", 22, 60).replay()
    rows = pa.table(done.records)
    assert pl.DataFrame(done.records)["state"].cast(pl.String).to_list() == rows["state"].to_pylist()
    connection = duckdb.connect()
    connection.register("records", rows)
    assert connection.sql("SELECT sum(paid) FROM records").fetchall() == [(sum(rows["paid"].to_pylist()),)]
    frame = rows.to_pandas()
    assert str(frame["expires_at"].dtype).startswith("datetime64[us, UTC")
    assert rows.schema.field("expires_at").type == STAMP
    assert "merged" in repr(done) and "60 records" in repr(done)
    assert "+00:00" in str(done.records.rows(0, 1)) or done.records.rows(0, 1)[0][20] is None


def test_minor_units_and_other_names() -> None:
    vouchers = pa.table(
        {
            "cip": ["A", "B"],
            "amount_minor": pa.array([100, 100], pa.int64()),
            "currency": ["PEN", "COP"],
            "issued_at": pa.array([when(0)] * 2, pa.timestamp("s", "UTC")),
        }
    )
    events = pa.table(
        {
            "cip": ["A", "B"],
            "kind": ["paid", "paid"],
            "source": ["notification"] * 2,
            "amount_minor": pa.array([100, 100], pa.int32()),
            "fee_minor": pa.array([3, None], pa.int64()),
            "id": ["n1", "n2"],
            "occurred_at": pa.array([when(0)] * 2, pa.timestamp("ms", "UTC")),
            "received_at": pa.array([when(1000)] * 2, STAMP),
        }
    )
    names = {"reference": "cip"}
    done = voucher.replay(vouchers, events, voucher_columns=names, event_columns=names)
    assert [(row["state"], row["paid"]) for row in done.records.to_dicts()] == [("paid", Decimal(1))] * 2


def test_nothing_at_all() -> None:
    none = voucher.replay(table([], TERM_TYPES), table([], EVENT_TYPES))
    assert len(none.records) == len(none.outcomes) == len(none.totals) == len(none.due(when(0))) == 0
    told = voucher.replay(table([], TERM_TYPES), table([GOOD], EVENT_TYPES))
    assert told.outcomes.to_dicts()[0]["reason"] == "other_record"
    quiet = voucher.replay(table([terms_row("V-1", Agreed(), "PEN")], TERM_TYPES), table([], EVENT_TYPES))
    assert quiet.records.to_dicts()[0]["state"] == "created"


def replace(of: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return of.set_column(of.schema.get_field_index(name), name, values)


def test_tables_that_cannot_be_taken() -> None:
    vouchers, events = table([terms_row("V-1", Agreed(), "PEN")], TERM_TYPES), table([GOOD], EVENT_TYPES)
    floats = replace(events, "amount", pa.array([1.0]))
    naive = replace(events, "occurred_at", pa.array([datetime(2026, 3, 2)], pa.timestamp("us")))
    whole = replace(events, "amount", pa.array([1]))
    cases = [
        (vouchers, floats, errors.FloatRefusedError, "not exact"),
        (vouchers, naive, errors.ArrowUnsupportedError, "time zone"),
        (vouchers, whole, errors.ArrowUnsupportedError, "_minor"),
        (vouchers, events.drop_columns("kind"), errors.ColumnMissingError, "kind"),
        (vouchers, events.drop_columns("currency"), errors.ColumnMissingError, "currency"),
        (vouchers.drop_columns("amount"), events, errors.ColumnMissingError, "amount_minor"),
        (vouchers, events.append_column("id", pa.array(["x"])), errors.ColumnRepeatedError, "id"),
        (replace(vouchers, "refund_offered", pa.array(["yes"])), events, errors.ArrowUnsupportedError, "boolean"),
    ]
    for left, right, error, words in cases:
        with pytest.raises(error, match=words):
            voucher.replay(left, right)
    with pytest.raises(errors.ArgumentInvalidError, match="machine"):
        voucher.replay(vouchers, events, machine="vouchers")
    with pytest.raises(errors.ArgumentInvalidError, match="no time zone"):
        voucher.replay(vouchers, events, at=datetime(2026, 3, 2))
    with pytest.raises(errors.ArgumentInvalidError, match="threads"):
        voucher.replay(vouchers, events, threads=-1)
    with pytest.raises(errors.ArgumentInvalidError, match="cip"):
        voucher.replay(vouchers, events, event_columns={"cip": "reference"})
    with pytest.raises(errors.ColumnMissingError, match="nowhere"):
        voucher.replay(vouchers, events, event_columns={"id": "nowhere"})
    with pytest.raises(TypeError, match="vouchers"):
        voucher.replay([], events)
    with pytest.raises(TypeError, match="at is"):
        voucher.replay(vouchers, events, at="2026-03-02")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="threads"):
        voucher.replay(vouchers, events, threads=True)
