"""Gateways' notifications told to vouchers and refunds; stories of records; the profile that a voucher takes."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from cuadre import Money, errors, voucher
from cuadre._core import read_notification, status_words, voucher_texts
from cuadre.rules import Profile, RefundRules
from cuadre.voucher import NOTIFICATION_EVENTS, Outcome
from voucher_cases import HOUR, PAID, SETTLED, T, event, issued, pen, refund, told

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
    return read_notification("dlocal", "notification", json.dumps(body).encode())


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
        assert kind is None or kind in texts[machine]["events"]
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


def dlocal_payment(status: str) -> Any:
    body = {"id": "D-4", "status": status, "amount": 50.00, "currency": "PEN", "order_id": "A-1001", "payment_method_id": "EY"}
    return read_notification("dlocal", "notification", json.dumps(body).encode())


def test_a_promise_of_a_bank_is_no_payment() -> None:
    v = issued(gateway="dlocal")
    same, outcome = v.apply(dlocal_payment("AUTHORIZED"), received_at=T + HOUR)
    assert (same, outcome.name, outcome.reason) == (v, "quarantined", "status_open")
    assert v.apply(dlocal_payment("PAID"), received_at=T + HOUR)[0].state == "paid"


def adyen(kind: str, psp: str, original: str = "") -> Any:
    item = {
        "eventCode": kind,
        "success": "true",
        "pspReference": psp,
        "originalReference": original,
        "merchantReference": "A-1001",
        "merchantAccountCode": "shop",
        "amount": {"value": 5000, "currency": "PEN"},
        "eventDate": "2026-03-02T11:00:00-05:00",
    }
    return read_notification(
        "adyen", "notification", json.dumps({"live": "true", "notificationItems": [{"NotificationRequestItem": item}]}).encode()
    )


def test_every_capture_is_money_of_its_own() -> None:
    v = told_by(
        issued(gateway="adyen"), adyen("AUTHORISATION", "P-1"), adyen("CAPTURE", "C-1", "P-1"), adyen("CAPTURE", "C-1", "P-1")
    )
    assert (v.state, len(v.events)) == ("paid", 1)
    assert told_by(v, adyen("CAPTURE", "C-2", "P-1")).state == "paid_twice"


def test_a_line_of_a_story_is_one_line() -> None:
    long = issued(reference="A\n1" + "x" * 200)
    v = told(long, event("rejected", id="e\r\nf", code="no\ncash\x1b[31m" + "y" * 200))
    assert (
        len(str(v.timeline()).splitlines()) == 4
        and "\x1b" not in str(v.timeline())
        and max(map(len, str(v.timeline()).splitlines())) < 260
    )
    assert "(no?cash?[31myy" in str(v.timeline())
