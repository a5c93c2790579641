"""The face of vouchers, refunds and payouts: values, outcomes, bad input. The rules themselves: test_voucher_model."""

from __future__ import annotations

import copy
import itertools
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money, errors
from cuadre._core import voucher_texts
from cuadre.rules import RefundRules
from cuadre.voucher import Event, Refund, Voucher
from voucher_cases import EVENTS, HOUR, PAID, SETTLED, T, event, issued, payout, pen, refund, told

# ---- the usual way


def test_paid_settled_refunded_in_part() -> None:
    v = issued()
    assert (v.state, v.due, v.paid, v.balances, v.events, v.steps) == ("created", pen(50), pen(0), {}, (), ())
    v, outcome = v.apply(PAID)
    assert (outcome.name, outcome.reason, outcome.before, outcome.after) == ("applied", "none", "created", "paid")
    assert outcome.entries == {"gateway": pen(50), "merchant": pen(-50)} and outcome.changed
    v, outcome = v.apply(SETTLED)
    assert (v.state, v.settled) == ("settled", pen(50))
    assert v.balances == {"bank": pen("48.82"), "fees": pen(1), "taxes": pen("0.18"), "merchant": pen(-50)}
    v, made, outcome = v.request_refund(id="R-1", amount=pen(20), reason_code="customer", at=T + 30 * HOUR)
    assert made is not None and (v.reserved, outcome.changed, outcome.entries) == (pen(20), True, {})
    assert (made.state, made.id, made.voucher, made.amount, made.voucher_event()) == (
        "requested",
        "R-1",
        "A-1001",
        pen(20),
        None,
    )
    made = told(made, event("sent", 31, id="key-1", source="request"), event("refunded", 32, id="n-1"))
    ended = made.voucher_event()
    assert ended is not None and (ended.kind, ended.operation_id, ended.amount) == ("refunded", "R-1", pen(20))
    v, outcome = v.apply(ended)
    assert (v.state, v.refunded, v.reserved) == ("partly_refunded", pen(20), pen(0))
    assert v.apply(ended)[1].name == "duplicate"
    assert [step.kind for step in v.steps] == ["paid", "settled", "refund_requested", "refunded"]
    assert [step.event for step in v.steps] == list(v.events)
    assert [v.state_at(T + h * HOUR) for h in (0, 1, 21, 33)] == ["created", "paid", "settled", "partly_refunded"]
    assert issued().state_at(T + 49 * HOUR) == "expired"


def test_cash_cannot_go_back_so_a_payout_takes_over() -> None:
    v, made = refund(requested_by="ana", approvals_needed=1)
    same, nothing, outcome = made.start_payout(reference="P-1", at=T + 3 * HOUR)
    assert (same, nothing, outcome.reason) == (made, None, "not_approved")
    made = told(made, event("approved", 3, person="luis", source="operator"))
    assert made.approvals == 1
    made, out, outcome = made.start_payout(reference="P-1", at=T + 4 * HOUR, expires_at=T + 76 * HOUR)
    assert out is not None and (made.state, out.linked, out.amount, out.refund_event()) == ("in_payout", "R-1", pen(20), None)
    out = told(out, event("sent", 5, id="key", source="request"), event("collected", 6, id="c-1"))
    collected = out.refund_event()
    assert collected is not None and collected.kind == "payout_collected"
    made = told(made, collected)
    ended = made.voucher_event()
    assert made.state == "refunded" and ended is not None
    assert told(v, ended).state == "partly_refunded"
    back = told(out, event("returned", 9, id="c-2")).refund_event()
    assert back is not None and back.kind == "payout_returned" and told(made, back).state == "approved"


@pytest.mark.parametrize(("kind", "state"), [("failed", "failed"), ("cancelled", "cancelled"), ("declined", "rejected")])
def test_a_refund_that_comes_to_nothing_sets_the_money_free(kind: str, state: str) -> None:
    v, made = refund()
    made = told(made, event(kind, 3, id="x", person="eva", source="request" if kind == "cancelled" else "operator", code="E-7"))
    ended = made.voucher_event()
    assert made.state == state and ended is not None and (ended.kind, ended.amount) == ("refund_failed", None)
    v = told(v, ended)
    assert (v.reserved, v.state) == (pen(0), "paid")
    assert ended.code == "E-7"


def test_nothing_is_made_and_nothing_kept_where_the_voucher_refuses() -> None:
    v = told(issued(), PAID)
    ask: dict[str, Any] = {"reason_code": "customer", "at": T + 2 * HOUR}
    for amount, was, reason in ((pen(51), v, "beyond_paid"), (pen(10), issued(), "nothing_paid")):
        same, made, outcome = was.request_refund(id="R-9", amount=amount, **ask)
        assert (same, made, outcome.name, outcome.reason, outcome.changed) == (was, None, "refused", reason, False)
    v, made, _ = v.request_refund(id="R-1", amount=pen(30), **ask)
    assert made is not None
    for amount, name in ((pen(30), "duplicate"), (pen(10), "quarantined")):  # asked twice; asked again for another amount
        same, made, outcome = v.request_refund(id="R-1", amount=amount, **ask)
        assert (same, made, outcome.name) == (v, None, name)
    assert v.request_refund(id="R-2", amount=pen(21), **ask)[2].reason == "beyond_paid"  # 30 of 50 are set aside


# ---- outcomes


def test_an_outcome_is_neither_true_nor_false() -> None:
    outcome = issued().apply(PAID)[1]
    with pytest.raises(TypeError, match=r"outcome\.name"):
        bool(outcome)
    with pytest.raises(AttributeError, match="never changes"):
        outcome.name = "refused"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(outcome)) == outcome == copy.deepcopy(outcome)
    assert hash(outcome) == hash(issued().apply(PAID)[1]) and outcome != issued().apply(SETTLED)[1] and outcome != "applied"
    outcome.entries.clear()
    assert outcome.entries


@pytest.mark.parametrize(
    ("before", "one", "name", "english", "spanish"),
    [
        (
            [],
            PAID,
            "applied",
            'Event "paid" of PEN 50.00 took effect (as expected): the voucher went from created to paid.',
            "El evento «paid» de PEN 50.00 surtió efecto (como se esperaba): el código pasó de «created» a «paid».",
        ),
        (
            [PAID, SETTLED],
            event("paid", 2, id="another", operation_id="op-1", amount=pen("50.00")),
            "duplicate",
            'Event "paid" of PEN 50.00 was known (told before): the voucher stays settled.',
            "El evento «paid» de PEN 50.00 ya se conocía (ya se había informado): el código sigue en «settled».",
        ),
        (
            [SETTLED],
            PAID,
            "merged",
            'Event "paid" of PEN 50.00 took effect, out of order (as expected): the voucher stays settled.',
            "El evento «paid» de PEN 50.00 surtió efecto, fuera de orden (como se esperaba): el código sigue en «settled».",
        ),
        (
            [PAID],
            event("expired", 50, source="clock"),
            "stale",
            'Event "expired" came too late to matter (older than the payment, or overtaken by it): the voucher stays paid.',
            "El evento «expired» llegó cuando ya no importaba (superado por el pago): el código sigue en «paid».",
        ),
        (
            [PAID],
            event("refunded", 3, id="r", amount=pen("50.01")),
            "quarantined",
            'Event "refunded" of PEN 50.01 is kept apart for a person to look at '
            "(more than was paid and is still there): the voucher stays paid.",
            "El evento «refunded» de PEN 50.01 queda apartado para que alguien lo revise "
            "(más de lo pagado que aún queda): el código sigue en «paid».",
        ),
        (
            [],
            event("paid", id="p", amount=pen(0)),
            "refused",
            'Event "paid" of PEN 0.00 is not allowed (an amount is above zero): the voucher stays created.',
            "El evento «paid» de PEN 0.00 no está permitido (el monto debe ser mayor que cero): el código sigue en «created».",
        ),
    ],
)
def test_sentences(before: list[Event], one: Event, name: str, english: str, spanish: str) -> None:
    outcome = told(issued(), *before).apply(one)[1]
    assert (outcome.name, outcome.message_en, outcome.message_es, str(outcome)) == (name, english, spanish, english)


def test_every_reason_state_and_event_has_both_languages() -> None:
    texts = voucher_texts()
    pairs = [*texts["reasons"].values(), *texts["outcomes"].values()]
    for machine in ("voucher", "refund", "payout"):
        pairs += [*texts[machine]["states"].values(), *texts[machine]["events"].values()]
    assert all(len(pair) == 2 and all(pair) for pair in pairs)


# ---- bad input: one clear outcome or error each, and never a changed state


REFUSED = [
    ("amount_not_positive", event("paid", id="p", amount=pen(0))),
    ("amount_not_positive", event("paid", id="p", amount=pen("-5.00"))),
    ("amount_not_positive", event("settled", id="p", amount=pen(5), fee=pen(-1))),
    ("amount_too_large", event("paid", id="p", amount=Money.from_minor(10**14 + 1, "PEN"))),
    ("amount_missing", event("paid", id="p")),
    ("id_missing", event("paid", amount=pen(50))),
    ("id_missing", event("pending")),
    ("id_too_long", event("paid", id="p" * 256, amount=pen(50))),
    ("other_currency", event("paid", id="p", amount=Money(50, "COP"))),
    ("other_record", event("paid", id="p", amount=pen(50), reference="A-1002")),
    ("other_record", event("paid", id="p", amount=pen(50), gateway="payu")),
    ("other_record", event("paid", id="p", amount=pen(50), environment="test")),
    ("person_missing", event("accepted", source="operator")),
    ("expiry_missing", event("extended", id="x", source="request")),
    ("time_impossible", event("paid", -25, id="p", amount=pen(50))),
    ("time_impossible", event("paid", 30, id="p", amount=pen(50), received_at=T + 5 * HOUR)),
]


@pytest.mark.parametrize(("reason", "one"), REFUSED, ids=[f"{i}-{reason}" for i, (reason, _) in enumerate(REFUSED)])
@pytest.mark.parametrize("state", ["created", "paid"])
def test_refused_and_not_kept(reason: str, one: Event, state: str) -> None:
    v = issued() if state == "created" else told(issued(), event("paid", id="first", amount=pen(50)))
    after, outcome = v.apply(one)
    assert (outcome.name, outcome.reason, outcome.changed, outcome.entries) == ("refused", reason, False, {})
    assert after == v and after.state == state
    assert v.probe(one) == outcome


@pytest.mark.parametrize(
    ("error", "make"),
    [
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at=T.replace(tzinfo=None))),
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at=T, received_at=datetime(2026, 3, 2))),
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at=T, expires_at=datetime(2026, 3, 2))),
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at="2026-03-02T15:00:00Z")),
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at=T.date())),
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at=1772463600)),
        (errors.ArgumentInvalidError, lambda: Event("paid", occurred_at=datetime.min.replace(tzinfo=timezone(HOUR)))),
        (errors.ArgumentInvalidError, lambda: event("paid", source="gossip")),
        (errors.ArgumentInvalidError, lambda: event("paid", environment="live")),
        (errors.ArgumentInvalidError, lambda: event("paid", fee=pen(1))),
        (errors.ArgumentInvalidError, lambda: event("paid", id="\ud800")),
        (errors.CurrencyMismatchError, lambda: event("paid", amount=pen(5), fee=Money(1, "COP"))),
        (errors.FloatRefusedError, lambda: event("paid", amount=50.0)),
        (errors.FloatRefusedError, lambda: event("paid", amount=50)),
        (errors.FloatRefusedError, lambda: event("paid", amount=pen(5), tax=True)),
        (TypeError, lambda: event("paid", id=7)),
        (TypeError, lambda: event("paid", person=b"ana")),
        (TypeError, lambda: event(None)),  # type: ignore[arg-type]
        (errors.ArgumentInvalidError, lambda: issued(issued_at=datetime(2026, 3, 2))),
        (errors.ArgumentInvalidError, lambda: issued(expires_at=T)),
        (errors.ArgumentInvalidError, lambda: issued(amount=pen(0))),
        (errors.ArgumentInvalidError, lambda: issued(amount=pen(-1))),
        (errors.ArgumentInvalidError, lambda: issued(reference="")),
        (errors.ArgumentInvalidError, lambda: issued(gateway="")),
        (errors.ArgumentInvalidError, lambda: issued(environment="live")),
        (errors.ArgumentInvalidError, lambda: issued(reference="A" * 256)),
        (errors.ArgumentInvalidError, lambda: issued(profile=RefundRules(window_s=-2))),
        (errors.FloatRefusedError, lambda: issued(amount=50.0)),
        (TypeError, lambda: issued(reference=1001)),
        (TypeError, lambda: issued(profile="pagoefectivo")),
        (TypeError, lambda: Voucher()),
        (errors.ArgumentInvalidError, lambda: refund(approvals_needed=1)),
        (errors.ArgumentInvalidError, lambda: refund(requested_by="ana", approvals_needed=256)),
        (errors.FloatRefusedError, lambda: refund(requested_by="ana", approvals_needed=True)),
        (errors.ArgumentInvalidError, lambda: Refund.request(voucher=issued(), id="R", amount=pen(1), reason_code="", at=T)),
        (
            errors.CurrencyMismatchError,
            lambda: Refund.request(voucher=issued(), id="R", amount=Money(1, "COP"), reason_code="c", at=T),
        ),
        (TypeError, lambda: Refund.request(voucher="A-1001", id="R", amount=pen(1), reason_code="c", at=T)),  # type: ignore[arg-type]
        (errors.ArgumentInvalidError, lambda: issued().state_at(datetime(2026, 3, 2))),
        (errors.ArgumentInvalidError, lambda: issued().may("refund", at=datetime(2026, 3, 2))),
        (errors.ArgumentInvalidError, lambda: issued().may("approve", at=T)),
        (errors.ArgumentInvalidError, lambda: issued().may("refund", at=T, person="ana")),
        (errors.CurrencyMismatchError, lambda: issued().may("refund", Money(1, "COP"), at=T)),
        (TypeError, lambda: issued().may("refund", 5, at=T)),  # type: ignore[arg-type]
        (errors.ArgumentInvalidError, lambda: issued().timeline("de")),
        (TypeError, lambda: issued().apply("paid")),  # type: ignore[arg-type]
        (TypeError, lambda: issued().probe("paid")),  # type: ignore[arg-type]
        (errors.ArgumentInvalidError, lambda: issued().apply(PAID, received_at=T)),
    ],
)
def test_misuse_is_an_error(error: type[Exception], make: Callable[[], object]) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value)


@pytest.mark.parametrize(
    ("record", "word", "nearest"),
    [
        (issued, "payed", "paid"),
        (issued, "collected", "rejected"),
        (lambda: refund()[1], "payed", "failed"),
        (payout, "colected", "collected"),
        (payout, "paid", "sent"),
    ],
)
def test_an_unknown_word_names_the_words_of_the_machine(record: Callable[[], Any], word: str, nearest: str) -> None:
    with pytest.raises(errors.ArgumentInvalidError) as caught:
        record().apply(event(word, id="x"))
    said = str(caught.value)
    assert f'"{word}"' in said and f'the closest is "{nearest}"' in said
    assert all(kind in said for kind in voucher_texts()[record().machine]["events"])


def test_money_of_nobody_is_never_given_back() -> None:
    for one in (event("refunded", 3, id="r", amount=pen(5)), event("reversed", 3, id="r", amount=pen(5))):
        v, outcome = issued().apply(one)
        assert (outcome.name, outcome.reason, v.state, v.balances) == ("quarantined", "nothing_paid", "created", {})


# ---- values


@pytest.mark.parametrize(
    "record", [issued(), told(issued(), SETTLED, PAID), refund(requested_by="ana", approvals_needed=2)[1], payout()]
)
def test_value_semantics(record: Any) -> None:
    again = type(record).from_json(record.to_json())
    assert again == record and hash(again) == hash(record) and again.to_json() == record.to_json() and again is not record
    assert pickle.loads(pickle.dumps(record)) == record and copy.copy(record) is record and copy.deepcopy(record) is record
    assert len({record, again}) == 1 and record != "record" and record != issued(reference="other")
    for change in (
        lambda: setattr(record, "state", "paid"),
        lambda: delattr(record, "_record"),
        lambda: setattr(record, "x", 1),
    ):
        with pytest.raises(AttributeError):
            change()


def test_three_types_are_never_equal() -> None:
    v, made, out = issued(), refund()[1], payout()
    assert v != made and made != out and v != out
    for one, other in itertools.permutations((v, made, out), 2):
        with pytest.raises(errors.ArgumentInvalidError):
            type(one).from_json(other.to_json())


def test_events_are_values() -> None:
    same = event("paid", id="ev-123456789", operation_id="op-1", amount=pen("50.00"))
    assert same == PAID and hash(same) == hash(PAID) and len({same, PAID, SETTLED}) == 2 and PAID != "paid"
    assert pickle.loads(pickle.dumps(SETTLED)) == SETTLED == copy.deepcopy(SETTLED)
    lima = timezone(timedelta(hours=-5))
    assert Event("paid", occurred_at=datetime(2026, 3, 2, 10, tzinfo=lima)) == Event("paid", occurred_at=T)
    assert (SETTLED.fee, SETTLED.tax, SETTLED.received_at, SETTLED.source) == (pen(1), pen("0.18"), T + 20 * HOUR, "settlement")
    assert event("pending").fee is None
    with pytest.raises(AttributeError):
        PAID.kind = "settled"  # type: ignore[misc]


def test_what_the_source_says_of_the_record_is_compared_and_not_kept() -> None:
    named = event("paid", id="ev-123456789", operation_id="op-1", amount=pen("50.00"), gateway="shop", reference="A-1001")
    assert told(issued(), named) == told(issued(), PAID) == told(issued(), PAID, named) == told(issued(), named, PAID)


@given(st.lists(EVENTS, max_size=8), st.randoms(use_true_random=False))
def test_any_order_is_the_same_value_and_the_same_text(events: list[Event], chance: Any) -> None:
    first = told(issued(), *events)
    chance.shuffle(events)
    again = told(issued(), *events, *events[:3])
    assert again == first and again.to_json() == first.to_json()
    assert Voucher.from_json(first.to_json()) == first
    assert again.timeline() == first.timeline() and sum((m.amount_minor for m in first.balances.values()), 0) == 0
