"""Records as JSON: the same record gives the same text, and nothing that was changed by hand is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import Money, errors
from cuadre.rules import RefundRules
from cuadre.voucher import Event, Payout, Refund, Voucher

T = datetime(2026, 3, 2, 15, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEN = Money("50.00", "PEN")

GOLDEN = (
    '{"cuadre":"voucher","version":1,"gateway":"shop","reference":"A-1001","environment":"production",'
    '"amount":{"amount":"50.00","currency":"PEN"},"issued_at":"2026-03-02T15:00:00.000000Z","expires_at":"2026-03-04T15:00:00.000000Z",'
    '"refund_rules":{"offered":true,"whole_only":true,"after_settlement":false,"window_s":7776000},"state":"settled","events":['
    '{"kind":"paid","source":"notification","id":"ñ-1","operation_id":"op","amount":{"amount":"50.00","currency":"PEN"},'
    '"occurred_at":"2026-03-02T16:00:00.000001Z","received_at":"2026-03-02T16:00:05.000000Z"},'
    '{"kind":"settled","source":"settlement","id":"l","operation_id":"op","amount":{"amount":"50.00","currency":"PEN"},'
    '"fee":{"amount":"1.00","currency":"PEN"},"tax":{"amount":"0.18","currency":"PEN"},'
    '"occurred_at":"2026-03-03T16:00:00.000000Z","received_at":"2026-03-03T16:00:00.000000Z"}]}'
)


def voucher() -> Voucher:
    v = Voucher.issue(
        gateway="shop",
        reference="A-1001",
        amount=PEN,
        issued_at=T,
        expires_at=T + 48 * HOUR,
        profile=RefundRules(whole_only=True, window_s=90 * 86400),
    )
    paid = Event(
        "paid",
        id="ñ-1",
        operation_id="op",
        amount=PEN,
        occurred_at=T + HOUR + timedelta(microseconds=1),
        received_at=T + HOUR + timedelta(seconds=5),
    )
    settled = Event(
        "settled",
        id="l",
        operation_id="op",
        amount=PEN,
        fee=Money("1.00", "PEN"),
        tax=Money("0.18", "PEN"),
        occurred_at=T + 25 * HOUR,
        source="settlement",
    )
    return v.apply(settled)[0].apply(paid)[0]


def test_golden() -> None:
    """Texts that are in databases today are read for ever: this one only ever gets company."""
    assert voucher().to_json() == GOLDEN
    assert Voucher.from_json(GOLDEN) == voucher() == Voucher.from_json(GOLDEN.encode())
    assert (
        Voucher.from_json(json.dumps(json.loads(GOLDEN), indent=2, sort_keys=True)) == voucher()
    )  # a database may write it anew


def test_golden_refund_and_payout() -> None:
    made = Refund.request(
        voucher=voucher(), id="R-1", amount=PEN, reason_code="customer", at=T, requested_by="ana", approvals_needed=2
    )
    assert made.to_json() == (
        '{"cuadre":"refund","version":1,"gateway":"shop","reference":"R-1","environment":"production",'
        '"amount":{"amount":"50.00","currency":"PEN"},"requested_at":"2026-03-02T15:00:00.000000Z","reason_code":"customer",'
        '"requested_by":"ana","approvals_needed":2,"voucher":"A-1001","state":"requested","events":[]}'
    )
    assert Refund.from_json(made.to_json()) == made
    out = Payout.create(gateway="shop", reference="P-1", amount=Money(7, "COP"), at=T, environment="test")
    assert out.to_json() == (
        '{"cuadre":"payout","version":1,"gateway":"shop","reference":"P-1","environment":"test",'
        '"amount":{"amount":"7.00","currency":"COP"},"created_at":"2026-03-02T15:00:00.000000Z","state":"created","events":[]}'
    )
    assert Payout.from_json(out.to_json()) == out


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    value = json.loads(GOLDEN)
    change(value)
    return json.dumps(value)


def put(**fields: Any) -> str:
    return changed(lambda v: v.update(fields))


def put_event(index: int = 0, **fields: Any) -> str:
    return changed(lambda v: v["events"][index].update(fields))


INVALID = [
    (put(version=2), "version 2"),
    (put(version="1"), '"version"'),
    (put(version=True), '"version"'),
    (put(cuadre="refund"), "not a voucher"),
    (changed(lambda v: v.pop("version")), '"version"'),
    (changed(lambda v: v.pop("events")), '"events"'),
    (changed(lambda v: v.pop("refund_rules")), '"refund_rules"'),
    (put(colour="red"), "colour"),
    (put_event(colour="red"), "colour"),
    (put(refund_rules={"offered": True, "whole_only": 0, "after_settlement": False}), "whole_only"),
    (put(refund_rules={"offered": True, "whole_only": True, "after_settlement": False, "x": 1}), '"x"'),
    (put(amount=50), '"amount"'),
    (put(amount="50.00"), '"amount"'),
    (put(amount={"amount": "50", "currency": "PEN"}), "50.00"),
    (put(amount={"amount": "50.000", "currency": "PEN"}), "50.00"),
    (put(amount={"amount": "050.00", "currency": "PEN"}), "50.00"),
    (put(amount={"amount": " 50.00", "currency": "PEN"}), "12.50"),
    (put(amount={"amount": "5٠.00", "currency": "PEN"}), "12.50"),
    (put(amount={"amount": "1e2", "currency": "PEN"}), "12.50"),
    (put(amount={"amount": "50.001", "currency": "PEN"}), "amount"),
    (put(amount={"amount": "50.00", "currency": "pen"}), "pen"),
    (put(amount={"amount": "50.00", "currency": "PEN", "x": 1}), '"x"'),
    (put(amount={"amount": "99999999999999999999.00", "currency": "PEN"}), "amount"),
    (put(issued_at="2026-03-02T15:00:00"), "issued_at"),
    (put(issued_at="2026-03-02T15:00:00.000000"), "issued_at"),
    (put(issued_at="2026-03-02T15:00:00Z"), "issued_at"),
    (put(issued_at="2026-03-02T10:00:00.000000-05:00"), "issued_at"),
    (put(issued_at="2026-02-30T15:00:00.000000Z"), "issued_at"),
    (put(issued_at="0000-03-02T15:00:00.000000Z"), "issued_at"),
    (put(issued_at=1772463600), "issued_at"),
    (put(expires_at=None), "expires_at"),
    (put(expires_at="2026-03-02T15:00:00.000000Z"), "expires"),
    (put(state="paid"), "settled"),
    (put(state=None), '"state"'),
    (put(events={}), '"events"'),
    (put(events=[[]]), "event 1"),
    (put(events=[]), "created"),
    (put(reference=""), "reference"),
    (put(environment="live"), "environment"),
    (put_event(kind="payed"), "payed"),
    (put_event(source="gossip"), "gossip"),
    (put_event(occurred_at="2026-03-02T16:00:00Z"), "occurred_at of event 1"),
    (put_event(amount={"amount": "0.00", "currency": "PEN"}), "above zero"),
    (put_event(amount={"amount": "50.00", "currency": "COP"}), "another currency"),
    (put_event(amount=None), '"amount"'),
    (put_event(id=7), '"id"'),
    (put_event(id="\ud800"), "Unicode"),
    (put_event(1, kind="paid"), "state"),
    (changed(lambda v: v["events"].append(v["events"][0])), "twice"),
    (changed(lambda v: v["events"][0].pop("source")), '"source"'),
    (changed(lambda v: v["events"][0].pop("kind")), '"kind"'),
    (GOLDEN.replace('"version":1', '"version":1.0'), "1.0"),
    (GOLDEN.replace('"version":1', '"version":1e0'), "1e0"),
    (GOLDEN.replace('"version":1', '"version":NaN'), "NaN"),
    (GOLDEN.replace('"version":1', f'"version":{"9" * 5000}'), "19 digits"),
    (GOLDEN.replace('"window_s":7776000', '"window_s":-2'), "window"),
    (GOLDEN.replace('{"amount":"50.00"', '{"amount":50.0', 1), "50.0"),
    (GOLDEN.replace('"version":1', '"version":1,"version":1'), "twice"),
    (GOLDEN.replace('"kind":"paid"', '"kind":"paid","kind":"paid"'), "twice"),
    ("[]", "object"),
    ("null", "object"),
    ("", "JSON"),
    (GOLDEN[:-1], "JSON"),
    (GOLDEN + GOLDEN, "JSON"),
    ("[" * 100_000, "JSON"),
    (b"\xff" + GOLDEN.encode(), "UTF-8"),
    (" " * 32_000_001, "longer"),
]


@pytest.mark.parametrize(("text", "said"), INVALID, ids=[str(number) for number in range(len(INVALID))])
def test_strict(text: str | bytes, said: str) -> None:
    with pytest.raises((errors.ArgumentInvalidError, errors.JsonMalformedError)) as caught:
        Voucher.from_json(text)
    assert (
        said in str(caught.value)
        and len(str(caught.value)) < 400
        and caught.value.code in ("argument_invalid", "json_malformed")
    )


@pytest.mark.parametrize("text", [None, 7, json.loads(GOLDEN)])
def test_not_a_text(text: Any) -> None:
    with pytest.raises(TypeError, match="JSON"):
        Voucher.from_json(text)


def test_a_fee_in_another_currency() -> None:
    with pytest.raises(errors.CurrencyMismatchError):
        Voucher.from_json(put_event(1, fee={"amount": "1.00", "currency": "COP"}))


def test_more_events_than_any_record_has() -> None:
    v = voucher()
    line = {
        "kind": "pending",
        "source": "poll",
        "occurred_at": "2026-03-02T15:30:00.%06dZ",
        "received_at": "2026-03-02T15:30:00.000000Z",
    }

    def crowd(value: dict[str, Any]) -> None:
        value["events"] += [{**line, "occurred_at": line["occurred_at"] % n} for n in range(4095)]

    with pytest.raises(errors.ArgumentInvalidError, match="4096"):
        Voucher.from_json(changed(crowd))
    assert len(v.events) == 2


@given(st.integers(0, len(GOLDEN) - 1), st.sampled_from(list('{}[]",:0x9 tn-.\\')))
def test_no_single_change_is_read_as_something_else(at: int, letter: str) -> None:
    """Every text that is read is one that would be written, but for its spaces, or it says so."""
    text = GOLDEN[:at] + letter + GOLDEN[at + 1 :]
    try:
        read = Voucher.from_json(text)
    except errors.CuadreError:
        return
    assert json.loads(read.to_json()) == json.loads(text)


def test_early_years_and_the_last_second() -> None:
    for moment in (datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)):
        v = Voucher.issue(gateway="shop", reference="A", amount=PEN, issued_at=moment)
        assert Voucher.from_json(v.to_json()) == v and v.issued_at == moment
