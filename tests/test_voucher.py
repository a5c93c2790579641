"""The face of vouchers, refunds and payouts: values, outcomes, answers, stories, notifications. The rules themselves: test_voucher_model."""

from __future__ import annotations

import copy
import itertools
import json
import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money, errors, voucher
from cuadre._core import read_notification, status_words, voucher_texts
from cuadre.rules import Profile, RefundRules
from cuadre.voucher import NOTIFICATION_EVENTS, Event, Outcome, Payout, Refund, Voucher

T = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)


def pen(amount: str | int) -> Money:
    return Money(amount, "PEN")


def event(kind: str, hours: float = 1, **more: Any) -> Event:
    return Event(kind, occurred_at=T + hours * HOUR, **more)


def issued(**more: Any) -> Voucher:
    terms: dict[str, Any] = {"gateway": "shop", "reference": "A-1001", "amount": pen("50.00"), "issued_at": T}
    return Voucher.issue(**{**terms, "expires_at": T + 48 * HOUR, **more})


def told(record: Any, *events: Event) -> Any:
    for one in events:
        record, _ = record.apply(one)
    return record


PAID = event("paid", id="ev-123456789", operation_id="op-1", amount=pen("50.00"))
SETTLED = event(
    "settled", 20, id="line-7", operation_id="op-1", amount=pen("50.00"), fee=pen("1.00"), tax=pen("0.18"), source="settlement"
)


def refund(amount: str = "20.00", **more: Any) -> tuple[Voucher, Refund]:
    v, made, outcome = told(issued(), PAID).request_refund(
        id="R-1", amount=pen(amount), reason_code="customer", at=T + 2 * HOUR, **more
    )
    assert outcome.name == "applied" and made is not None
    return v, made


def payout() -> Payout:
    return Payout.create(gateway="shop", reference="P-1", amount=pen(20), at=T, expires_at=T + 72 * HOUR, linked="R-1")


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
    assert back is not None and back.kind == "payout_failed" and told(made, back).state == "approved"


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


EVENTS = st.builds(
    event,
    st.sampled_from(["pending", "paid", "settled", "refunded", "reversed", "expired", "cancelled", "refund_requested"]),
    st.integers(0, 90),
    id=st.sampled_from(["a", "b", "c"]),
    amount=st.sampled_from([pen(50), pen(20), pen(30)]),
    source=st.sampled_from(["notification", "poll", "settlement"]),
    code=st.sampled_from(["", 'ñ\n"</script>', "\x00"]),
)


@given(st.lists(EVENTS, max_size=8), st.randoms(use_true_random=False))
def test_any_order_is_the_same_value_and_the_same_text(events: list[Event], chance: Any) -> None:
    first = told(issued(), *events)
    chance.shuffle(events)
    again = told(issued(), *events, *events[:3])
    assert again == first and again.to_json() == first.to_json()
    assert Voucher.from_json(first.to_json()) == first
    assert again.timeline() == first.timeline() and sum((m.amount_minor for m in first.balances.values()), 0) == 0


# ---- answers


def test_may_refund() -> None:
    v = told(issued(profile=RefundRules(window_s=90 * 86400)), PAID)
    answer = v.may("refund", pen(20), at=T + 2 * HOUR)
    assert answer and answer.allowed and answer.most == pen(50) and answer.until == T + HOUR + timedelta(days=90)
    assert (
        answer.message_en == "Yes, the voucher may be refunded (PEN 20.00); until 2026-05-31 16:00:00 UTC; at most PEN 50.00."
    )
    late = v.may("refund", at=T + timedelta(days=91))
    assert not late and (late.reason, late.most) == ("window_closed", pen(0))
    assert late.message_es == (
        "No, el código no se puede devolver (PEN 50.00): el plazo de devolución venció; "
        "venció el 2026-05-31 16:00:00 UTC; a lo sumo PEN 0.00."
    )
    v = v.request_refund(id="R", amount=pen(30), reason_code="c", at=T + 2 * HOUR)[0]
    answer = v.may("refund", pen(21), at=T + 3 * HOUR)
    assert (answer.allowed, answer.reason, answer.most) == (False, "beyond_paid", pen(20))
    assert v.may("refund", at=T + 3 * HOUR).amount == pen(20)


@pytest.mark.parametrize(
    ("rules", "events", "amount", "reason", "most"),
    [
        (RefundRules(offered=False), [PAID], pen(50), "refund_not_offered", pen(0)),
        (RefundRules(whole_only=True), [PAID], pen(20), "part_not_offered", pen(50)),
        (RefundRules(after_settlement=True), [PAID], pen(20), "not_settled", pen(0)),
        (RefundRules(after_settlement=True), [PAID, SETTLED], pen(20), "none", pen(50)),
        (RefundRules(), [], pen(20), "nothing_paid", pen(0)),
    ],
)
def test_may_refund_follows_the_rules(rules: RefundRules, events: list[Event], amount: Money, reason: str, most: Money) -> None:
    v = told(issued(profile=rules), *events)
    answer = v.may("refund", amount, at=T + 30 * HOUR)
    assert (answer.allowed, answer.reason, answer.most) == (reason == "none", reason, most)
    assert Voucher.from_json(v.to_json()).refund_rules == rules == v.refund_rules


def test_may_pay_extend_cancel_accept() -> None:
    v = issued()
    assert v.may("pay", at=T + 48 * HOUR) and not v.may("pay", at=T + 48 * HOUR + timedelta(microseconds=1))
    assert v.may("pay", at=T + 49 * HOUR).message_en == (
        "No, the voucher may not be paid (PEN 50.00): paid after the voucher had ended; it ended 2026-03-04 15:00:00 UTC."
    )
    assert v.may("pay", pen(10), at=T + HOUR).reason == "paid_short"
    assert v.may("cancel", at=T + HOUR) and v.may("extend", at=T + HOUR, expires_at=T + 60 * HOUR)
    assert v.may("extend", at=T + 60 * HOUR, expires_at=T + 50 * HOUR).reason == "expiry_past"
    v = told(v, PAID)
    assert v.may("pay", at=T + 2 * HOUR).reason == "paid_again" and not v.may("cancel", at=T + 2 * HOUR)
    assert not v.may("accept", at=T + 2 * HOUR)
    short = told(issued(), event("paid", id="p", amount=pen(30)))
    assert short.may("accept", at=T + 2 * HOUR, person="eva") and short.may("pay", at=T + 2 * HOUR).amount == pen(20)


def test_may_of_refunds_and_payouts() -> None:
    made = refund(requested_by="ana", approvals_needed=1)[1]
    assert made.may("approve", at=T + 3 * HOUR, person="ana").reason == "four_eyes" and made.may(
        "approve", at=T + 3 * HOUR, person="eva"
    )
    assert (
        made.may("send", at=T + 3 * HOUR).reason == "not_approved"
        and made.may("start_payout", at=T + 3 * HOUR).reason == "not_approved"
    )
    made = told(made, event("approved", 3, person="eva", source="operator"))
    assert (
        made.may("send", at=T + 4 * HOUR) and made.may("start_payout", at=T + 4 * HOUR) and made.may("decline", at=T + 4 * HOUR)
    )
    made = told(made, event("sent", 5, id="key", source="request"))
    assert (
        made.may("cancel", at=T + 6 * HOUR).reason == "too_late"
        and made.may("start_payout", at=T + 6 * HOUR).reason == "unknown_first"
    )
    made = told(made, event("timed_out", 6, id="t", source="request"))
    assert made.may("send", at=T + 7 * HOUR)  # with the key it had
    out = payout()
    assert out.may("send", at=T + HOUR) and out.may("cancel", at=T + HOUR)
    out = told(out, event("sent", 1, id="key", source="request"))
    assert out.may("cancel", at=T + 2 * HOUR).reason == "unknown_first" and out.may("collect", at=T + 2 * HOUR)
    assert out.may("collect", at=T + 2 * HOUR).until == T + 72 * HOUR


@given(st.lists(EVENTS, max_size=6), st.sampled_from([pen(20), pen(50), pen("0.01")]), st.integers(0, 90))
def test_may_agrees_with_apply(events: list[Event], amount: Money, hours: int) -> None:
    v = told(issued(profile=RefundRules(whole_only=hours % 2 == 0, window_s=40 * 3600)), *events)
    for action in ("refund", "pay", "cancel", "accept"):
        answer = v.may(action, amount if action in ("refund", "pay") else None, at=T + hours * HOUR)
        kind = {"refund": "refund_requested", "pay": "paid", "cancel": "cancelled", "accept": "accepted"}[action]
        person = {"person": "eva", "source": "operator"} if action == "accept" else {}
        source = "notification" if action == "pay" else "request"
        one = event(kind, hours, id="\x00", amount=answer.amount, **{"source": source, **person})
        outcome = v.apply(one)[1]
        assert (answer.outcome.name, answer.reason) == (outcome.name, outcome.reason)
        assert answer.allowed <= (outcome.name in ("applied", "merged"))
    most = v.may("refund", at=T + hours * HOUR).most
    assert most is not None and (most == pen(0) or v.may("refund", most, at=T + hours * HOUR))


# ---- stories


STORY = """\
voucher A-1001 (shop), PEN 50.00: settled, paid, and all of it handed on to the merchant
time (UTC)           source        what                                                        effect              there
2026-03-02 15:00:00                issued, PEN 50.00                                           created          PEN 0.00
2026-03-02 16:00:00  notification  cash was paid, PEN 50.00 […6789]                            created → paid  PEN 50.00
2026-03-03 11:00:00  settlement    a payment was handed on to the merchant, PEN 50.00 […6789]  paid → settled  PEN 50.00"""


def test_timeline() -> None:
    v = told(
        issued(),
        event("paid", id="ev-1", operation_id="op-123456789", amount=pen(50)),
        event("settled", 20, id="line-7", operation_id="op-123456789", amount=pen(50), source="settlement"),
    )
    assert str(v.timeline()) == STORY
    assert [line.balance for line in v.timeline().lines] == [pen(0), pen(50), pen(50)]
    spanish = v.timeline("es")
    assert spanish.heads == ("hora (UTC)", "fuente", "qué", "efecto", "queda") and "se pagó en efectivo" in str(spanish)


def test_timeline_shows_what_had_no_effect_where_its_time_is() -> None:
    again = event("paid", 1, id="another-id-1234", operation_id="op-1", amount=pen(50), received_at=T + 3 * HOUR)
    lines = told(issued(), PAID, again, SETTLED).timeline().lines
    assert [line.effect for line in lines] == ["created", "created → paid", "known: told before", "paid → settled"]


def test_nobody_is_shown() -> None:
    secret = "4111-ana.quispe@example.com-98765"
    made = refund(requested_by=secret, approvals_needed=1)[1]
    made = told(made, event("approved", 3, id=secret, person=secret + "x", source="operator"))
    v = told(issued(), event("paid", id=secret, operation_id=secret, amount=pen(50), person=secret))
    shown = [repr(x) + str(x) for x in (made, v, *made.events, *v.events, *made.steps, *v.steps)]
    shown += [str(x.timeline(language)) + x.timeline()._repr_html_() for x in (made, v) for language in ("en", "es")]
    for text in shown:
        assert "ana" not in text and "4111" not in text
    assert "…8765" in repr(v.events[0])


def test_html_is_escaped() -> None:
    v = told(issued(reference="<b>&\"'"), event("paid", id="<script>alert(1)</script>", amount=pen(50)))
    html = v.timeline()._repr_html_()
    assert "<b>" not in html and "&lt;b&gt;&amp;" in html and "<script" not in html and html.count("<tr>") == 3


# ---- notifications


def wompi(status: str = "APPROVED", **changes: Any) -> Any:
    transaction = {"id": "tx-1", "status": status, "reference": "A-1001", "amount_in_cents": 5000, "currency": "PEN"}
    body = {
        "event": "transaction.updated",
        "data": {"transaction": {**transaction, **changes}},
        "environment": "prod",
        "timestamp": int((T + HOUR).timestamp()),
    }
    return read_notification("wompi", "event", json.dumps(body).encode())


def pagoefectivo(operation: str, amount: str = "50.00") -> Any:
    data = {
        "cip": "0001234",
        "currency": "PEN",
        "amount": float(amount),
        "transactionCode": "A-1001",
        "operationNumber": operation,
    }
    return read_notification(
        "pagoefectivo",
        "notification",
        json.dumps({"eventType": "cip.paid", "operationNumber": operation, "data": data}).encode(),
    )


def test_a_notification_becomes_an_event() -> None:
    v = issued(gateway="wompi")
    paid, outcome = v.apply(wompi(), received_at=T + 2 * HOUR)
    assert (outcome.name, paid.state) == ("applied", "paid")
    [one] = paid.events
    assert (one.operation_id, one.occurred_at, one.received_at) == ("tx-1", T + HOUR, T + 2 * HOUR)
    assert paid.apply(wompi(), received_at=T + 3 * HOUR)[1].name == "duplicate"
    assert paid.apply(wompi("VOIDED"), received_at=T + 3 * HOUR)[0].state == "reversed"
    with pytest.raises(errors.ArgumentInvalidError, match="received_at"):
        v.apply(wompi())
    assert v.apply(wompi(), received_at=T, occurred_at=T)[0].events[0].occurred_at == T


@pytest.mark.parametrize(
    ("notification", "name", "reason"),
    [
        (wompi(amount_in_cents="fifty"), "quarantined", "notification_incomplete"),
        (wompi("SOMETHING"), "quarantined", "notification_incomplete"),
        (wompi(reference="A-1002"), "refused", "other_record"),
        (wompi(currency="COP"), "refused", "other_currency"),
        (wompi(amount_in_cents=0), "refused", "amount_not_positive"),
        (pagoefectivo("1"), "refused", "other_record"),
        (
            read_notification(
                "mercadopago", "notification", b'{"id":1,"type":"payment","data":{"id":"9"},"user_id":5,"live_mode":true}'
            ),
            "quarantined",
            "status_missing",
        ),
    ],
)
def test_a_notification_that_is_none(notification: Any, name: str, reason: str) -> None:
    v = issued(gateway="wompi")
    after, outcome = v.apply(notification, received_at=T + 2 * HOUR)
    assert (outcome.name, outcome.reason, after, outcome.changed) == (name, reason, v, False)
    assert outcome.message_en.endswith(": the voucher stays created.") and outcome.message_es.endswith("sigue en «created».")
    assert pickle.loads(pickle.dumps(outcome)) == outcome


def test_a_test_event_never_pays_a_live_voucher() -> None:
    v = issued(gateway="wompi", environment="test")
    assert v.apply(wompi(), received_at=T + 2 * HOUR)[1].reason == "other_record"


def test_a_code_that_is_paid_twice_is_two_payments() -> None:
    """A CIP has one number, and each payment of it another."""
    v = told_by(issued(gateway="pagoefectivo"), pagoefectivo("111"), pagoefectivo("111"))
    assert (v.state, len(v.events)) == ("paid", 1)
    v = told_by(v, pagoefectivo("222"))
    assert (v.state, v.paid, v.needs_review) == ("paid_twice", pen(100), True)


def told_by(record: Any, *notifications: Any) -> Any:
    for hours, one in enumerate(notifications, 1):
        record, _ = record.apply(one, received_at=T + hours * HOUR)
    return record


def dlocal_refund(status: str = "SUCCESS", order: str = "A-1001") -> Any:
    body = {"id": "REF-9", "payment_id": "D-4", "status": status, "amount": 20.00, "currency": "PEN", "order_id": order}
    return read_notification("dlocal", "refund", json.dumps(body).encode())


def test_a_refund_is_counted_once_whoever_tells_it() -> None:
    v = told(issued(gateway="dlocal", profile=RefundRules()), PAID)
    straight, outcome = v.apply(dlocal_refund(), received_at=T + 3 * HOUR)  # one that the merchant started elsewhere
    assert (outcome.name, straight.refunded) == ("applied", pen(20))
    v, made, _ = v.request_refund(id="R-1", amount=pen(20), reason_code="c", at=T + 2 * HOUR)
    assert made is not None
    same, outcome = v.apply(dlocal_refund(), received_at=T + 3 * HOUR)
    assert (same, outcome.name, outcome.reason) == (v, "quarantined", "refund_unnamed")
    made = told(made, event("sent", 2.5, id="key", source="request"))
    made, outcome = made.apply(dlocal_refund("PENDING"), received_at=T + 3 * HOUR)
    assert made.state == "processing"
    made, outcome = made.apply(dlocal_refund(), received_at=T + 4 * HOUR)
    assert made.state == "refunded"
    ended = made.voucher_event()
    assert ended is not None
    v = told(v, ended)
    assert v.refunded == pen(20)
    named, outcome = v.apply(dlocal_refund(), received_at=T + 5 * HOUR, operation_id="R-1")
    assert outcome.name == "duplicate" and (named.refunded, named.state) == (v.refunded, v.state)
    assert made.apply(dlocal_refund(order="A-1002"), received_at=T + 4 * HOUR)[1].reason == "other_record"
    assert v.apply(wompi(), received_at=T)[1].reason == "other_record"
    assert made.apply(wompi(), received_at=T)[1].reason == "not_about_this"


def test_a_copy_without_a_time_happened_when_the_first_did() -> None:
    def word(status: str) -> Any:
        return read_notification(
            "payvalida",
            "notification",
            json.dumps({"po_id": "A-1001", "status": status, "amount": "50", "iso_currency": "PEN"}).encode(),
        )

    v = told_by(issued(gateway="payvalida"), word("approved"), word("approved"))
    assert len(v.events) == 1 and v.state == "paid"


def test_the_table_of_notifications_knows_only_words_that_exist() -> None:
    texts = voucher_texts()
    pairs = {(row["kind"], row["ours"]) for row in status_words() if row["ours"]}
    for machine, _, _ in NOTIFICATION_EVENTS:
        assert machine in ("voucher", "refund", "payout")
    for (machine, _, _), kind in NOTIFICATION_EVENTS.items():
        assert kind in texts[machine]["events"]
    covered = {(kind, status) for _, kind, status in NOTIFICATION_EVENTS}
    assert {pair for pair in pairs if pair[0] in ("payment", "refund", "payout", "chargeback")} <= covered


# ---- profiles


def test_the_gateways_profile_is_taken_when_the_voucher_is_made() -> None:
    taken = issued(gateway="pagoefectivo").refund_rules
    assert (
        taken.window_s == 90 * 86400 and issued(gateway="pagoefectivo", amount=Money(50, "COP")).refund_rules == RefundRules()
    )
    assert issued(gateway="pagoefectivo", profile=RefundRules()).refund_rules == RefundRules()
    own = Profile(gateway="shop", country="PE", currency=pen(1).currency)
    assert issued(profile=own).refund_rules == RefundRules(offered=False)
    assert issued().refund_rules == RefundRules()


def test_the_modules_words() -> None:
    assert voucher.__all__ == sorted(voucher.__all__, key=lambda name: (not name.isupper(), name))
    assert isinstance(issued().apply(PAID)[1], Outcome)
