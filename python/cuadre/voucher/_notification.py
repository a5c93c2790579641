"""How a gateway's notification becomes an event: one published table, nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from cuadre import _core
from cuadre._core import Event, Notification
from cuadre.base.moments import from_us
from cuadre.errors import ArgumentInvalidError
from cuadre.voucher._outcome import Told

# Machine, kind and status of a notification (they come from the gateway's words by the published tables) to an event's kind.
# None: it does not say whether the money was taken, so it is no event, and somebody has to ask. The core's own table.
NOTIFICATION_EVENTS: Mapping[tuple[str, str, str], str | None] = MappingProxyType(
    {(row["machine"], row["kind"], row["status"]): row["event"] for row in _core.notification_events()}
)


def event_of(
    record: _core.Record,
    notification: Notification,
    received_at: datetime,
    *,
    occurred_at: datetime | None,
    operation_id: str,
    source: str,
) -> Event | Told:
    """The event that a notification is for this record, or why it is none."""
    machine = record.machine
    if notification.faults:
        return _told(
            record,
            notification,
            "quarantined",
            "notification_incomplete",
            ", ".join(sorted({f for f, _, _ in notification.faults})),
        )
    if notification.status is None:
        return _told(record, notification, "quarantined", "status_missing")
    key = (machine, notification.kind, notification.status)
    if key not in NOTIFICATION_EVENTS:
        return _told(record, notification, "refused", "not_about_this")
    kind = NOTIFICATION_EVENTS[key]
    if kind is None:
        return _told(record, notification, "quarantined", "status_open")
    # The answer to a question about something paid more than once names no payment: it is one of those that are known.
    told_by = "poll" if notification.operation_id is None else source
    operation = operation_id or notification.operation_id or ""
    if machine == "voucher" and notification.kind == "refund" and not _names_refund(record, operation):
        return _told(record, notification, "quarantined", "refund_unnamed")
    try:
        moment = _moment(record, notification, kind, received_at, occurred_at)
    except OverflowError:
        return _told(record, notification, "refused", "time_impossible")
    return Event(
        kind,
        id=notification.event_id,
        amount=notification.amount,
        occurred_at=moment,
        received_at=received_at,
        source=told_by,
        operation_id=operation,
        code=notification.status_word if kind in ("failed", "rejected", "refund_failed") else "",
        gateway=notification.gateway,
        reference=_reference(record, notification),
        environment=notification.environment,
    )


def _told(record: _core.Record, notification: Notification, name: str, reason: str, detail: str = "") -> Told:
    return Told(name, reason, record.machine, notification.kind, notification.amount, record.state, record.state, detail=detail)


def _names_refund(record: _core.Record, operation: str) -> bool:
    """False where refunds were asked for and this is about none of them: it would be counted beside the one it is."""
    asked = {event.operation_id or event.id for event in record.events if event.kind == "refund_requested"}
    return not asked or operation in asked


def _reference(record: _core.Record, notification: Notification) -> str:
    """A notification about a refund or a payout has its order's reference, or its own."""
    if record.linked and notification.reference == record.linked:
        return ""
    return notification.reference


def _moment(
    record: _core.Record, notification: Notification, kind: str, received_at: datetime, occurred_at: datetime | None
) -> datetime:
    if occurred_at is not None:
        return occurred_at
    if notification.occurred_at_us is not None:
        return from_us(notification.occurred_at_us)
    for event in record.events:  # told before, without a time of its own: a second copy happened when the first did
        if event.kind == kind and event.id == notification.event_id and event.occurred_at is not None:
            return event.occurred_at
    return received_at


def require_received(received_at: datetime | None) -> datetime:
    if received_at is None:
        raise ArgumentInvalidError("a notification needs received_at=, when it arrived: a datetime with its zone")
    return received_at
