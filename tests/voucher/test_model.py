"""The plain model that the engine is measured with keeps its own promises: order, repetition, and money that adds up.

What holds here is asked of the engine in test_machine.py, with the model beside it.
"""

from __future__ import annotations

import random

import pytest

from oracles import voucher as model
from oracles import voucher_events as sample
from oracles.voucher import Event, Result, Terms

MACHINES = tuple(model.STATES)


def check_books(terms: Terms, result: Result) -> None:
    """Money is neither made nor lost, and each account can be read off the totals."""
    books, totals = result.balances, result.totals
    assert sum(books.values()) == 0
    if terms.machine == "voucher":
        there = totals["paid"] - totals["reversed"] - totals["refunded"]
        assert there >= 0
        assert totals["refunded"] + totals["reversed"] <= totals["paid"]
        assert totals["held"] + totals["earned"] == there
        assert books["buyer"] == -totals["held"] and books["merchant"] == -totals["earned"]
        assert books["gateway"] == totals["paid"] - totals["reversed"] - totals["settled"]
        assert books["bank"] + books["fees"] + books["taxes"] == totals["settled"]
        assert books["refunds"] == -totals["refunded"]
        assert books["payouts"] == 0
        check_voucher_state(result.state, totals, there)
    elif terms.machine == "refund":
        given = books["refunds"]
        assert given in (0, terms.amount) and (given != 0) == (result.state in ("refunded", "in_payout"))
        assert books["gateway"] + books["payouts"] == -given
    else:
        committed = totals["committed"] and not terms.linked
        assert books["merchant"] == (terms.amount if committed else 0)
        assert books["gateway"] == (-terms.amount if result.state == "collected" else 0)
        assert totals["committed"] or result.state not in ("sent", "unknown", "waiting", "collected")
        assert not totals["committed"] or result.state not in ("expired", "reversed", "rejected", "returned")


def check_voucher_state(state: str, totals: dict[str, int], there: int) -> None:
    review = state in ("underpaid", "overpaid", "paid_late", "paid_twice")
    if state in ("created", "pending", "expired", "cancelled", "rejected", "refunded", "reversed"):
        assert there == 0
    else:
        assert there > 0
    if not review:
        assert totals["held"] == 0
    if state in ("refunded", "partly_refunded"):
        assert totals["refunded"] > 0
    if state in ("overpaid", "paid_twice"):
        assert totals["held"] > 0
    if state == "settled":
        assert totals["settled"] >= totals["paid"] - totals["reversed"]
    assert not totals["late"] or review


@pytest.mark.parametrize("machine", MACHINES)
def test_small_sets_keep_the_books(machine: str) -> None:
    reached: set[str] = set()
    for letters in sample.ALPHABETS[machine]:
        for terms in sample.TERMS[machine]:
            for events in sample.subsets(letters, 4):
                result = model.fold(terms, events)
                check_books(terms, result)
                reached.update(result.states)
    assert reached == set(model.STATES[machine])


@pytest.mark.parametrize("machine", MACHINES)
def test_letters_hold_every_kind(machine: str) -> None:
    assert {event.kind for letters in sample.ALPHABETS[machine] for event in letters} == set(model.KINDS[machine])


@pytest.mark.parametrize("machine", MACHINES)
def test_order_and_repetition_do_not_matter(machine: str) -> None:
    dice = random.Random(6)
    for _ in range(1500):
        terms = dice.choice(sample.TERMS[machine])
        events = [sample.chance(dice, machine) for _ in range(dice.randrange(1, 12))]
        want = model.fold(terms, events)
        check_books(terms, want)
        again = events + dice.choices(events, k=4)
        dice.shuffle(again)
        got = model.fold(terms, again)
        assert (got.state, got.totals, got.balances) == (want.state, want.totals, want.balances)
        assert got.fates == want.fates


@pytest.mark.parametrize("machine", MACHINES)
def test_every_event_has_one_fate_and_at_most_one_effect(machine: str) -> None:
    dice = random.Random(66)
    for _ in range(1500):
        terms = dice.choice(sample.TERMS[machine])
        events = [sample.chance(dice, machine) for _ in range(dice.randrange(1, 10))]
        result = model.fold(terms, events)
        assert set(events) <= set(result.fates)
        effects = [event for event, _ in result.trail]
        assert len(effects) == len(set(effects))
        assert {event for event in effects if event in events} <= {
            event for event, fate in result.fates.items() if fate.outcome == "applied"
        }


def test_a_file_shows_the_payment_nobody_told() -> None:
    result = model.fold(Terms(), [Event("settled", 5, 100, source="settlement", id="L1", fee=3)])
    assert result.state == "settled"
    assert [event.kind for event, _ in result.trail] == ["paid", "settled"]
    assert result.balances["bank"] == 97 and result.balances["gateway"] == 0
