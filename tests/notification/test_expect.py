"""event.expect(order): agrees, or put aside by name; never a bare bool, and never an order that says too little."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money
from cuadre._core import Notification, read_notification
from cuadre.errors import ArgumentInvalidError, CurrencyUnknownError, FloatRefusedError

FIELDS = {"merchant_id": "508029", "reference_sale": "A-1", "reference_pol": "7", "transaction_id": "t", "state_pol": "4"}
FIELDS |= {"value": "120.50", "currency": "PEN", "test": "0"}
ORDER = {"gateway": "payu", "merchant": "508029", "reference": "A-1", "gateway_id": "7", "environment": "production"}
WHOLE: dict[str, Any] = ORDER | {"amount": Money("120.50", "PEN")}


def event(**changes: str) -> Notification:
    return read_notification("payu", "confirmation", urlencode(FIELDS | changes).encode())


def names(found: Any) -> list[str]:
    return [each.name for each in found.quarantine]


def test_an_event_that_agrees_is_accepted() -> None:
    check = event().expect(WHOLE)
    assert (check.accepted, check.quarantine, str(check), repr(check)) == (True, (), "accepted", "<OrderCheck accepted>")


def test_an_outcome_is_no_bool() -> None:
    for said in (WHOLE, WHOLE | {"reference": "A-2"}):
        with pytest.raises(TypeError, match=r"\.accepted"):
            assert event().expect(said)


CHANGES = [
    ({"gateway": "rapyd"}, ["other_gateway"]),
    ({"merchant": "1"}, ["other_merchant"]),
    ({"reference": "A-2"}, ["other_reference"]),
    ({"reference": "a-1"}, ["other_reference"]),
    ({"gateway_id": "8"}, ["other_gateway_id"]),
    ({"amount": Money("120.51", "PEN")}, ["other_amount"]),
    ({"amount": Money("120.50", "USD")}, ["other_currency"]),
    ({"environment": "test"}, ["production_event_in_test"]),
    ({"reference": "A-2", "amount": Money("1.00", "PEN")}, ["other_reference", "other_amount"]),
]


@pytest.mark.parametrize(("change", "told"), CHANGES)
def test_every_difference_is_told_by_name(change: dict[str, Any], told: list[str]) -> None:
    check = event().expect(WHOLE | change)
    assert not check.accepted
    assert names(check) == told
    for each in check.quarantine:
        assert each.sentence_en.endswith(".") and each.sentence_es.endswith(".") and "{" not in each.sentence_en
        assert str(each) == each.sentence_en
        assert each.name in str(check) and each.name in repr(check)


def test_expected_and_found_stand_beside_the_sentence() -> None:
    (only,) = event().expect(WHOLE, amount=Money("1200.50", "PEN")).quarantine
    assert (only.expected, only.found) == ("PEN 1200.50", "PEN 120.50")
    assert only.sentence_en == "The event is for PEN 120.50, and the order for PEN 1200.50."
    assert only.sentence_es == "El evento es por PEN 120.50 y el pedido por PEN 1200.50."


def test_what_the_event_does_not_say_is_a_reason() -> None:
    silent = read_notification("mercadopago", "notification", b'{"id":1,"type":"payment","user_id":4,"data":{"id":"9"}}')
    assert names(silent.expect(WHOLE, gateway="mercadopago", merchant=4, gateway_id=9)) == [
        "reference_missing",
        "amount_missing",
        "status_missing",
        "environment_missing",
    ]


ADYEN = (
    '{"live":"true","notificationItems":[{"NotificationRequestItem":{"pspReference":"p1","merchantAccountCode":"M",'
    '"merchantReference":"A-1","amount":{"value":12050,"currency":"PEN"},"eventCode":"AUTHORISATION","success":"%s"}}]}'
)
DLOCAL = '{"id":"D-1","amount":120.50,"currency":"PEN","status":"%s","order_id":"A-1"}'
REFUND = '{"id":"REF-1","payment_id":"D-1","amount":120.50,"currency":"PEN","status":"%s","notification_url":"x"}'


def test_what_moved_no_money_is_no_payment() -> None:
    def told(gateway: str, message: str, body: str, **more: Any) -> list[str]:
        order = {"gateway": gateway, "reference": "A-1", "amount": Money("120.50", "PEN")} | more
        return names(read_notification(gateway, message, body.encode()).expect(**order))

    assert told("dlocal", "notification", DLOCAL % "PAID") == []
    for word in ("PENDING", "REJECTED", "CANCELLED", "EXPIRED"):
        assert told("dlocal", "notification", DLOCAL % word) == ["other_status"]
    assert told("adyen", "notification", ADYEN % "false") == ["other_status"]
    assert told("adyen", "notification", ADYEN % "true", status="authorised") == []
    assert names(event(state_pol="6").expect(WHOLE)) == ["other_status"]
    assert names(event(state_pol="6").expect(WHOLE, status="rejected")) == []
    back = read_notification("dlocal", "notification", (REFUND % "SUCCESS").encode())
    order = {"gateway": "dlocal", "gateway_id": back.gateway_id, "amount": Money("120.50", "PEN")}
    assert back.kind == "refund"
    assert names(back.expect(order)) == ["other_kind", "other_status"]
    assert names(back.expect(order, kind="refund")) == []


def test_a_test_is_accepted_only_where_a_test_is_expected() -> None:
    for environment, told in ((None, "test_event_in_production"), ("production", "test_event_in_production"), ("test", None)):
        check = event(test="1").expect(WHOLE | {"environment": environment})
        assert names(check) == ([told] if told else [])


def test_an_orders_own_kind_and_status_are_not_read() -> None:
    assert event().expect(WHOLE | {"kind": "refund", "status": "waiting"}).accepted
    for wrong in ({"kind": "sale"}, {"status": "PAID"}, {"status": ""}):
        with pytest.raises(ArgumentInvalidError, match="is one of"):
            event().expect(WHOLE, **wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        event().expect(WHOLE, status=4)  # type: ignore[arg-type]


def test_faults_put_an_event_aside() -> None:
    (only,) = event(state_pol="99").expect(WHOLE).quarantine
    assert (only.name, only.found) == ("incomplete", "status_unknown (state_pol)")


def test_ids_of_the_gateway_stand_in_no_sentence() -> None:
    (only,) = event(reference_pol="1234567").expect(WHOLE).quarantine
    assert only.found == "1234567"
    assert not any("1234567" in text for text in (only.sentence_en, only.sentence_es, repr(only)))


# ---- an order in any clothes


@dataclass
class Order:
    gateway: str
    reference: str
    amount: Decimal
    currency: str
    customer: str = "Ana"


def test_an_object_a_mapping_or_keywords() -> None:
    plain = {"gateway": "payu", "reference": "A-1", "amount": Decimal("120.50"), "currency": "PEN"}
    for check in (
        event().expect(**plain),
        event().expect(plain),
        event().expect(plain | {"customer": "Ana"}),
        event().expect(Order(**plain)),
        event().expect(SimpleNamespace(**plain | {"gateway": "rapyd"}), gateway="payu"),
        event(reference_sale="12").expect(Order(**plain), reference=12),
    ):
        assert check.accepted, check


def test_a_cip_with_or_without_zeros() -> None:
    body = b'{"eventType":"cip.paid","operationNumber":"7","data":{"cip":"00001234","currency":"PEN","amount":5}}'
    paid = read_notification("pagoefectivo", "notification", body)
    for cip in ("1234", "00001234", 1234):
        assert paid.expect(gateway="pagoefectivo", gateway_id=cip, amount=Money(5, "PEN")).accepted
    assert not paid.expect(gateway="pagoefectivo", gateway_id="12340", amount=Money(5, "PEN")).accepted


@pytest.mark.parametrize(
    ("left_out", "nothing"),
    [("gateway", None), ("gateway", ""), ("reference", None), ("reference", ""), ("amount", None)],
)
def test_an_order_that_says_too_little_is_refused(left_out: str, nothing: str | None) -> None:
    order = {"gateway": "payu", "reference": "A-1", "amount": Money("120.50", "PEN")}
    with pytest.raises(ArgumentInvalidError, match=left_out):
        event().expect(order | {left_out: nothing})
    with pytest.raises(ArgumentInvalidError):
        event().expect()


def test_refusals() -> None:
    refused: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"environment": "live"}, ArgumentInvalidError),
        ({"amount": Decimal("1.00")}, ArgumentInvalidError),
        ({"currency": "USD"}, ArgumentInvalidError),
        ({"amount": 1.5, "currency": "PEN"}, FloatRefusedError),
        ({"currency": "XYZ"}, CurrencyUnknownError),
        ({"merchant": object()}, TypeError),
        ({"reference": 1.0}, TypeError),
        ({"reference": True}, TypeError),
    ]
    for change, error in refused:
        with pytest.raises(error):
            event().expect(WHOLE | change)
    with pytest.raises(TypeError):
        event().expect(refernce="A-1")  # type: ignore[call-arg]


@given(st.integers(1, 10**12), st.integers(-3, 3))
def test_only_the_exact_amount_agrees(minor: int, off: int) -> None:
    paid = event(value=f"{minor // 100}.{minor % 100:02}")
    order = WHOLE | {"amount": Money.from_minor(minor + off, "PEN")}
    assert names(paid.expect(order)) == ([] if off == 0 else ["other_amount"])
