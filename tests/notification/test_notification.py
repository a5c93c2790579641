"""Verified bodies as typed events: published samples read as spelled out here, and everything else a fault by name."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import places
from cuadre._core import Money, read_notification, status_words
from notification_samples import EXPECTED, sample, told

# requests, errors and answers that are no events, and texts about the samples
NOT_EVENTS = {
    "pagoefectivo/cip_create_request.json",
    "pagoefectivo/cip_create_response.json",
    "pagoefectivo/cip_create_response_2018.json",
    "pagoefectivo/error_validation.json",
    "payu/pagoefectivo_pe_request.json",
    "payu/efecty_request.json",
    "payu/pagoefectivo_pe_response.json",
    "payu/efecty_response.json",
    "vectors.json",
    # the same message with its HTTP head, and those that test_samples_that_need_unpacking reads
    "rapyd/WebhookPaymentCompleted.txt",
    "rapyd/CreateRefundSuccessAndStatusIsCompleted.txt",
    "payu/confirmation_official_example.txt",
    # refunds (without a currency), a dispute and order answers of Mercado Pago: not notifications, not mapped
    "mercadopago/java_refund_base.json",
    "mercadopago/java_refund_all.json",
    "mercadopago/java_refund_partial.json",
    "mercadopago/java_chargeback_base.json",
    "mercadopago/java_create_refund_partial_response.json",
    "mercadopago/java_create_refund_total_response.json",
}


@pytest.mark.parametrize(("file", "gateway", "message", "expected"), EXPECTED, ids=[row[0] for row in EXPECTED])
def test_samples(file: str, gateway: str, message: str, expected: tuple[Any, ...]) -> None:
    body = sample(file).read_bytes()
    if gateway == "izipay":  # what stands in the field kr-answer
        body = urlencode({"kr-answer": body}).encode()
    assert told(read_notification(gateway, message, body)) == expected


def expect_samples(file: str) -> str:
    return sample(file).read_text(encoding="utf-8")


def test_samples_that_need_unpacking() -> None:
    pairs = [line.partition("=")[::2] for line in expect_samples("payu/confirmation_official_example.txt").splitlines() if line]
    event = read_notification("payu", "confirmation", urlencode(pairs).encode())
    assert told(event) == ("payment", "rejected", "2015-05-27 13:04:37", "7069375", "USD 100.00", "test", "508029", [])
    assert (event.occurred_at, event.occurred_at_us) == ("2015-05-27 13:07:35", None)
    answer = expect_samples("rapyd/CreateRefundSuccessAndStatusIsCompleted.txt").replace("\r\n", "\n").partition("\n\n")[2]
    event = read_notification("rapyd", "notification", answer.encode())
    assert told(event) == (
        "refund",
        "completed",
        "0912-2021",
        "refund_213d6b1987bfc58d27816b805e0506d8",
        "USD 105.58",
        "",
        "",
        [],
    )


def test_every_sample_is_accounted_for() -> None:
    samples = places.data("gateways")
    here = {str(path.relative_to(samples)) for path in samples.rglob("*") if path.is_file() and path.name != "SOURCES.md"}
    read = {row[0] for row in EXPECTED}
    assert here - read == NOT_EVENTS
    assert read <= here
    assert (len(EXPECTED), len(NOT_EVENTS)) == (36, 18)


def test_amounts_are_money() -> None:
    body = b'{"eventType":"cip.paid","operationNumber":"7","data":{"cip":"1","currency":"PEN","amount":1001.00}}'
    event = read_notification("pagoefectivo", "notification", body)
    assert event.amount == Money("1001.00", "PEN")
    assert event.event_id == "1:7"


@given(st.binary(max_size=300), st.sampled_from(status_words()))
def test_any_bytes_are_a_fault_or_an_event(body: bytes, word: dict[str, str]) -> None:
    assert read_notification(word["gateway"], word["message"], body).faults


@given(st.integers(0, 10**15), st.sampled_from(["PEN", "USD"]))
def test_amount_survives(minor: int, currency: str) -> None:
    body = json.dumps(
        {"eventType": "cip.paid", "operationNumber": "7", "data": {"cip": "1", "currency": currency, "amount": 0}}
    )
    text = f"{minor // 100}.{minor % 100:02}"
    event = read_notification("pagoefectivo", "notification", body.replace('"amount": 0', f'"amount": {text}').encode())
    assert event.amount == Money.from_minor(minor, currency)


def test_refusals() -> None:
    with pytest.raises(LookupError):
        read_notification("nobody", "notification", b"{}")
    with pytest.raises(TypeError):
        read_notification("payu", "confirmation", "text")  # type: ignore[arg-type]
