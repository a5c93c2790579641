"""The engine beside the plain model: every small set of events, every short order of telling, long histories by chance, and
Hypothesis driving both. State, totals, balances and the fate of every event have to be the same.

Every order of up to six events is walked natively, in cpp/tests/voucher/permutation_test.cpp.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from cuadre import Money, _core, voucher
from cuadre._core import Record
from oracles import voucher as model
from oracles import voucher_events as sample
from oracles.voucher import Event, Terms

MACHINES = tuple(model.STATES)
MADE = datetime(2026, 3, 2, 5, tzinfo=UTC)
CURRENCY = "PEN"
MONEY = ("due", "paid", "reversed", "refunded", "reserved", "settled", "held", "earned")


def moment(at: int | None) -> datetime | None:
    return None if at is None else MADE + timedelta(microseconds=at)


def money(minor: int | None) -> Money | None:
    return None if minor is None else Money.from_minor(minor, CURRENCY)


def record_of(terms: Terms, events: Sequence[Event] = ()) -> Record:
    return Record(
        machine=terms.machine,
        gateway="pagoefectivo",
        reference="A-1001",
        environment="test",
        amount=money(terms.amount),
        made_at=MADE,
        expires_at=moment(terms.expires),
        refund_rules=(
            *(terms.refund_offered, terms.refund_whole_only, terms.refund_after_settlement),
            -1 if terms.refund_window_s is None else terms.refund_window_s,
        ),
        reason_code="order_cancelled" if terms.machine == "refund" else "",
        requested_by=terms.requested_by,
        approvals_needed=terms.approvals_needed,
        linked="A-1000" if terms.linked or terms.machine == "refund" else "",
        events=[engine_event(event) for event in events],
    )


def engine_event(event: Event) -> _core.Event:
    return _core.Event(
        event.kind,
        id=event.id,
        amount=money(event.amount),
        occurred_at=moment(event.at),
        received_at=moment(event.received),
        source=event.source,
        operation_id=event.operation,
        fee=money(event.fee) if event.fee else None,
        tax=money(event.tax) if event.tax else None,
        expires_at=moment(event.expires),
        person=event.person,
        code=event.code,
    )


def balances(amounts: dict[str, Money]) -> dict[str, int]:
    return {account: amount.amount_minor for account, amount in amounts.items()}


def check_same(record: Record, want: model.Result) -> None:
    assert record.state == want.state
    assert balances(record.balances) == {account: amount for account, amount in want.balances.items() if amount}
    totals = record.totals
    for name, value in want.totals.items():
        if name in MONEY:
            assert totals[name].amount_minor == value, name
        elif name == "first_paid":
            assert totals["first_paid_at"] == moment(value)
        elif name == "expires":
            assert record.expires_at == moment(value)
        else:
            assert totals[name] == value, name


def check_fates(record: Record, events: Sequence[Event], want: model.Result) -> None:
    """Every event says what the model says of it. Events that tell the same are one."""
    told = {engine_event(event): event for event in events}
    for step in record.steps:
        at, kind, _, _, outcome, reason, *_ = step
        event = told[record.events[at]]
        if kind != event.kind:
            assert kind == "paid" and event.kind == "settled"
            continue
        fate = want.fates[event]
        assert (outcome, reason) == (fate.outcome, fate.reason), event


@pytest.mark.parametrize("machine", MACHINES)
def test_every_small_set_ends_as_the_model_says(machine: str) -> None:
    sets = 0
    for letters in sample.ALPHABETS[machine]:
        for terms in sample.TERMS[machine]:
            for events in sample.subsets(letters, 4):
                check_same(record_of(terms, events), model.fold(terms, events))
                sets += 1
    assert sets > 2000


@pytest.mark.parametrize("machine", MACHINES)
def test_larger_sets_by_chance_end_as_the_model_says(machine: str) -> None:
    dice = random.Random(456)
    for _ in range(1000):
        letters, terms = dice.choice(sample.ALPHABETS[machine]), dice.choice(sample.TERMS[machine])
        events = dice.sample(letters, dice.choice((4, 5, 6)))
        want = model.fold(terms, events)
        record = record_of(terms, events + dice.choices(events, k=2))
        check_same(record, want)
        check_fates(record, events, want)


@pytest.mark.parametrize("machine", MACHINES)
def test_long_histories_by_chance_end_as_the_model_says(machine: str) -> None:
    dice = random.Random(789)
    for _ in range(1000):
        terms = dice.choice(sample.TERMS[machine])
        events = [sample.chance(dice, machine) for _ in range(dice.randrange(1, 25))]
        want = model.fold(terms, events)
        record = record_of(terms, events)
        check_same(record, want)
        check_fates(record, events, want)


def sequences(letters: Sequence[Event], longest: int) -> Iterator[tuple[Event, ...]]:
    """Every order of telling, repetitions among them, shorter ones before those that go on from them."""
    queue: list[tuple[Event, ...]] = [()]
    for told in queue:
        if len(told) < longest:
            longer = [(*told, letter) for letter in letters]
            queue.extend(longer)
            yield from longer


@pytest.mark.parametrize("machine", MACHINES)
def test_every_order_of_telling_ends_the_same(machine: str) -> None:
    """One event at a time, as a back end is told; what `apply` says it did is what changed."""
    for letters in sample.ALPHABETS[machine]:
        terms = sample.TERMS[machine][0]
        engine = {letter: engine_event(letter) for letter in letters}
        ends: dict[frozenset[Event], model.Result] = {}
        records = {(): record_of(terms)}
        for told in sequences(letters, 3):
            before = records[told[:-1]]
            record, applied = before.apply(engine[told[-1]])
            records[told] = record
            known = frozenset(told)
            want = ends.setdefault(known, model.fold(terms, known))
            assert record.state == want.state == applied.after and before.state == applied.before
            assert balances(record.balances) == {account: amount for account, amount in want.balances.items() if amount}
            check_answer(applied, told, want)


def check_answer(applied: _core.Applied, told: Sequence[Event], want: model.Result) -> None:
    event, fate = told[-1], want.fates[told[-1]]
    if event in told[:-1]:
        assert (applied.name, applied.reason) == ("duplicate", "seen_before")
    if applied.name == "duplicate":  # or another telling of a fact that was known
        assert not applied.entries and not applied.changed
        return
    assert ("applied" if applied.name == "merged" else applied.name) == fate.outcome
    if event.kind == "settled" and fate.outcome == "applied":
        return  # where it shows its payment, the answer is what that payment did
    assert applied.reason == fate.reason


@pytest.mark.parametrize("machine", MACHINES)
def test_entries_are_what_changed(machine: str) -> None:
    dice = random.Random(12)
    for _ in range(300):
        record = record_of(dice.choice(sample.TERMS[machine]))
        books = dict.fromkeys(model.ACCOUNTS, 0)
        for _ in range(12):
            event = engine_event(sample.chance(dice, machine))
            assert record.probe(event).name == record.apply(event)[1].name
            record, applied = record.apply(event)
            assert sum(balances(applied.entries).values()) == 0
            for account, amount in balances(applied.entries).items():
                books[account] += amount
            assert {account: amount for account, amount in books.items() if amount} == balances(record.balances)


FACES = {"voucher": voucher.Voucher, "refund": voucher.Refund, "payout": voucher.Payout}


class Beside(RuleBasedStateMachine):
    """The face and the model, told the same one event at a time."""

    @initialize(machine=st.sampled_from(MACHINES), data=st.data())
    def begin(self, machine: str, data: st.DataObject) -> None:
        self.terms = data.draw(st.sampled_from(sample.TERMS[machine]))
        self.told: list[Event] = []
        self.face = FACES[machine]._of(record_of(self.terms))

    def tell(self, event: Event) -> voucher.Outcome:
        before = self.face
        self.face, outcome = before.apply(engine_event(event))
        self.told.append(event)
        assert (outcome.before, outcome.after) == (before.state, self.face.state)
        assert str(outcome)
        return outcome

    @rule(dice=st.randoms(use_true_random=False))
    def any_event(self, dice: random.Random) -> None:
        self.tell(sample.chance(dice, self.terms.machine))

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        before = self.face
        outcome = self.tell(data.draw(st.sampled_from(self.told)))
        assert outcome.name == "duplicate" and self.face == before

    @rule()
    def through_json_and_pickle(self) -> None:
        kind = type(self.face)
        assert kind.from_json(self.face.to_json()) == self.face
        assert pickle.loads(pickle.dumps(self.face)) == self.face

    @rule(language=st.sampled_from(("en", "es")))
    def tells_its_story(self, language: str) -> None:
        assert str(self.face.timeline(language))

    @rule(dice=st.randoms(use_true_random=False))
    def told_in_another_order(self, dice: random.Random) -> None:
        events = list(self.told)
        dice.shuffle(events)
        other = FACES[self.terms.machine]._of(record_of(self.terms, events))
        assert (other.state, other.balances) == (self.face.state, self.face.balances)

    @invariant()
    def same_as_the_model(self) -> None:
        want = model.fold(self.terms, self.told)
        record = self.face._record
        check_same(record, want)
        check_fates(record, self.told, want)
        assert sum(balances(self.face.balances).values()) == 0


TestBeside = Beside.TestCase
TestBeside.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
