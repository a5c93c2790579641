"""Events for the three machines, by the letter and by chance: every kind, told by several sources, some of them in conflict."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from .voucher import KINDS, Event, Terms

__all__ = ["ALPHABETS", "DUE", "TERMS", "chance", "subsets"]

DUE = 100
SECOND = 1_000_000  # in the model's microseconds; the letters below are written in seconds
EXPIRY = 50 * SECOND

TERMS: dict[str, list[Terms]] = {
    "voucher": [
        Terms("voucher", DUE, expires=EXPIRY),
        Terms("voucher", DUE),
        Terms("voucher", DUE, expires=EXPIRY, refund_offered=False),
        Terms("voucher", DUE, expires=EXPIRY, refund_whole_only=True),
        Terms("voucher", DUE, expires=EXPIRY, refund_after_settlement=True, refund_window_s=30),
    ],
    "refund": [
        Terms("refund", DUE, requested_by="ana"),
        Terms("refund", DUE, requested_by="ana", approvals_needed=1),
        Terms("refund", DUE, requested_by="ana", approvals_needed=2),
    ],
    "payout": [
        Terms("payout", DUE, expires=EXPIRY),
        Terms("payout", DUE, expires=EXPIRY, linked=True),
        Terms("payout", DUE),
    ],
}


def told_at(event: Event) -> Event:
    expires = None if event.expires is None else event.expires * SECOND
    return replace(event, at=event.at * SECOND, received=event.received * SECOND, expires=expires)


def told(*events: Event) -> list[Event]:
    """In microseconds, and each received a while after it happened, so that who speaks first is plain."""
    return [told_at(replace(event, received=event.at + 200 + number)) for number, event in enumerate(events)]


# Every kind of event occurs in each machine's letters; every payment may be told by its webhook, a poll and a file.
ALPHABETS: dict[str, list[list[Event]]] = {
    "voucher": [
        told(
            Event("pending", 1, id="n1"),
            Event("paid", 10, 100, id="n2", operation="A"),
            Event("paid", 12, 100, source="poll"),
            Event("paid", 60, 100, id="n3", operation="B"),
            Event("settled", 9, 100, source="settlement", id="L1", operation="A", fee=3, tax=1),
            Event("settled", 61, 100, source="settlement", id="L2", fee=3),
            Event("refund_requested", 62, 60, source="request", id="R1"),
            Event("refunded", 63, 60, id="n4", operation="R1"),
            Event("refund_failed", 64, id="n5", operation="R1"),
            Event("reversed", 65, 100, id="n6", operation="X"),
            Event("expired", 50, source="clock"),
            Event("cancelled", 20, id="n7"),
        ),
        told(
            Event("paid", 20, 40, id="n1", operation="A"),
            Event("paid", 70, 60, id="n2", operation="B"),
            Event("paid", 21, 60, id="n3", operation="A"),  # the same payment, another amount
            Event("accepted", 71, source="operator", person="eva", id="a1"),
            Event("extended", 52, expires=90, source="request", id="x1"),
            Event("extended", 53, expires=52, source="request", id="x2"),
            Event("expired", 50, source="clock"),
            Event("rejected", 30, id="n4"),
            Event("pending", 66, id="n5"),
            Event("refunded", 72, 40, id="n6", operation="R1"),
            Event("reversed", 73, 60, id="n7", operation="X"),
            Event("settled", 74, 100, source="settlement", id="L1", fee=2, tax=1),
        ),
    ],
    "refund": [
        told(
            Event("approved", 1, source="operator", person="ana", id="a1"),
            Event("approved", 2, source="operator", person="eva", id="a2"),
            Event("approved", 3, source="operator", person="leo", id="a3"),
            Event("declined", 4, source="operator", person="eva", id="d1"),
            Event("sent", 10, source="request", id="K1"),
            Event("sent", 14, source="request", id="K2"),
            Event("timed_out", 11, source="request", id="t1"),
            Event("not_found", 12, source="poll", id="q1"),
            Event("processing", 15, id="n1"),
            Event("refunded", 20, 100, id="n2", operation="G1"),
            Event("failed", 25, id="n3", code="E1"),
            Event("cancelled", 5, source="operator", id="c1"),
        ),
        told(
            Event("sent", 10, source="request", id="K1"),
            Event("refunded", 9, 100, source="poll"),
            Event("refunded", 22, 90, id="n1", operation="G2"),
            Event("refunded", 40, 100, id="n2", operation="G1"),
            Event("failed", 20, id="n3", code="E1"),
            Event("payout_started", 30, source="request", operation="P1", id="p1"),
            Event("payout_collected", 33, source="request", operation="P1", id="p2"),
            Event("payout_failed", 36, source="request", operation="P1", id="p3"),
            Event("payout_returned", 38, source="request", operation="P1", id="p3"),
            Event("payout_started", 37, source="request", operation="P2", id="p4"),
            Event("cancelled", 21, id="n4"),
        ),
    ],
    "payout": [
        told(
            Event("sent", 10, source="request", id="K1"),
            Event("sent", 15, source="request", id="K2"),
            Event("timed_out", 11, source="request", id="t1"),
            Event("not_found", 12, source="poll", id="q1"),
            Event("waiting", 16, id="n1"),
            Event("collected", 30, 100, id="n2", operation="C1"),
            Event("collected", 60, 100, source="poll"),
            Event("returned", 70, id="n3"),
            Event("expired", 50, source="clock"),
            Event("reversed", 20, source="operator", id="o1"),
            Event("reversed", 40, id="n4"),
            Event("rejected", 25, id="n5", code="limit"),
        ),
        told(
            Event("waiting", 5, id="n1"),
            Event("waiting", 55, id="n2"),
            Event("rejected", 20, id="n3", code="no_cash"),
            Event("collected", 30, 90, id="n4", operation="C1"),
            Event("collected", 31, 100, id="n5", operation="C2"),
            Event("collected", 61, 100, id="n6", operation="C3"),
            Event("returned", 62, id="n7"),
            Event("expired", 49, source="clock"),
            Event("expired", 51, id="n8"),
            Event("sent", 4, source="request", id="K1"),
        ),
    ],
}


def subsets(letters: list[Event], at_most: int) -> Iterator[tuple[Event, ...]]:
    for size in range(at_most + 1):
        yield from combinations(letters, size)


CODES = {"rejected": ("no_cash", "limit"), "refund_requested": ("", "payout")}
MONEY = {"paid", "settled", "refund_requested", "refunded", "reversed", "collected"}
SOURCES = {
    **dict.fromkeys(("extended", "refund_requested", "sent", "timed_out"), ("request",)),
    **dict.fromkeys(("accepted", "approved", "declined"), ("operator",)),
    **dict.fromkeys(("payout_started", "payout_collected", "payout_failed", "payout_returned"), ("request",)),
    "settled": ("settlement",),
    "not_found": ("poll",),
    "expired": ("clock", "notification"),
    "cancelled": ("operator", "notification", "poll"),
}


def chance(random: random.Random, machine: str) -> Event:
    """Any event that a record of this machine may be told. ``random`` may be Hypothesis's, too."""
    kind = random.choice(KINDS[machine])
    source = random.choice(SOURCES.get(kind, ("notification", "poll")))
    at = random.randrange(0, 100, 5)
    money = kind in MONEY and (machine == "voucher" or source != "poll" or random.random() < 0.9)
    amount = None
    if kind in MONEY and money:
        amount = random.choice((40, 60, 100, 100, 100, 200)) if machine == "voucher" else random.choice((100, 100, 100, 90))
    operations = {"refund_requested": "RS", "refunded": "RS", "refund_failed": "RS", "reversed": "XY"}.get(kind, "AB")
    operation = random.choice(operations) if source != "poll" or random.random() < 0.5 else ""
    if kind.startswith("payout_"):
        operation = random.choice(("P1", "P2"))
    event = Event(
        *(kind, at, amount, source),
        id=random.choice(("K1", "K1", "K2")) if kind == "sent" else f"{kind[:2]}{random.randrange(2)}",
        operation=operation if kind in MONEY or kind == "refund_failed" or kind.startswith("payout_") else "",
        received=at + random.randrange(1000),
        fee=random.choice((0, 0, 3)) if kind in ("paid", "settled") else 0,
        tax=random.choice((0, 1)) if kind == "settled" else 0,
        expires=random.choice((at, 60, 90)) if kind == "extended" else None,
        person=random.choice(("ana", "eva", "leo")) if kind in ("accepted", "approved", "declined") else "",
        code=random.choice(CODES.get(kind, ("",))),
    )
    return told_at(event)
