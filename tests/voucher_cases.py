"""Small vouchers, refunds and payouts that the tests of the face share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cuadre import Money
from cuadre.voucher import Event, Payout, Refund, Voucher

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


EVENTS = st.builds(
    event,
    st.sampled_from(["pending", "paid", "settled", "refunded", "reversed", "expired", "cancelled", "refund_requested"]),
    st.integers(0, 90),
    id=st.sampled_from(["a", "b", "c"]),
    amount=st.sampled_from([pen(50), pen(20), pen(30)]),
    source=st.sampled_from(["notification", "poll", "settlement"]),
    code=st.sampled_from(["", 'ñ\n"</script>', "\x00"]),
)
