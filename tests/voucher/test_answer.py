"""May this be done, and until when: the answers agree with what apply does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money
from cuadre._core import voucher_texts
from cuadre.rules import RefundRules
from cuadre.voucher import Event, Voucher
from cuadre.voucher._answer import ACTIONS
from voucher_cases import EVENTS, HOUR, PAID, SETTLED, T, event, issued, payout, pen, refund, told

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
        "No, el código no se puede devolver (PEN 50.00): el plazo de devolución venció; venció el 2026-05-31 16:00:00 UTC."
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


def test_where_no_cash_goes_back_a_payout_takes_it_over() -> None:
    v = told(issued(profile=RefundRules(offered=False)), PAID)
    ask: dict[str, Any] = {"id": "R-1", "amount": pen(20), "at": T + 2 * HOUR}
    for reason_code in ("customer", "payout"):
        same, made, outcome = v.request_refund(reason_code=reason_code, **ask)
        assert (same, made, outcome.reason) == (v, None, "refund_not_offered")
    assert not v.may("refund", at=T + 2 * HOUR)
    answer = v.may("refund_by_payout", at=T + 2 * HOUR)
    assert (
        answer and answer.most == pen(50) and answer.message_en == "Yes, the voucher may be refunded by a payout (PEN 50.00)."
    )
    v, made, outcome = v.request_refund(reason_code="customer", by_payout=True, **ask)
    assert made is not None and (outcome.name, v.reserved) == ("applied", pen(20))
    assert (
        v.request_refund(reason_code="c", by_payout=True, id="R-2", amount=pen(31), at=T + 3 * HOUR)[2].reason == "beyond_paid"
    )
    assert made.start_payout(reference="P-1", at=T + 3 * HOUR)[0].state == "in_payout"


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


KINDS = {machine: sorted(voucher_texts()[machine]["events"]) for machine in ("voucher", "refund", "payout")}
RECORDS = {
    "voucher": issued(),
    "refund": refund(requested_by="ana", approvals_needed=1)[1],
    "payout": payout(),
}
ANY = st.tuples(
    st.integers(0, 12),
    st.integers(0, 80),
    st.sampled_from(["notification", "poll", "operator", "request", "clock"]),
    st.sampled_from(["", "a", "key", "P-1"]),
    st.sampled_from([None, pen(20), pen(50)]),
    st.sampled_from(["", "ana", "eva"]),
    st.sampled_from(["", "no_cash"]),
)


@given(st.sampled_from(sorted(RECORDS)), st.lists(ANY, max_size=8))
def test_every_record_has_an_answer_a_story_and_a_text(machine: str, facts: list[Any]) -> None:
    record: Any = RECORDS[machine]
    for number, hours, source, name, amount, person, code in facts:
        kind = KINDS[machine][number % len(KINDS[machine])]
        one = event(kind, hours, source=source, id=name, amount=amount, person=person, code=code)
        fresh, outcome = record.apply(one)
        assert outcome == record.probe(one) and outcome.after == fresh.state and outcome.before == record.state
        assert outcome.changed or (fresh.state, fresh.balances) == (record.state, record.balances)
        assert outcome.message_en.endswith(".") and outcome.message_es.endswith(".")
        record = fresh
    assert type(record).from_json(record.to_json()) == record
    assert len(record.timeline("es")) == len(record.timeline()) == 1 + len(record.steps)
    for action in ACTIONS[machine]:
        answer = record.may(action, at=T + 30 * HOUR)
        assert answer.message_en.endswith(".") and answer.message_es.endswith(".")
        assert answer.outcome.before == record.state
