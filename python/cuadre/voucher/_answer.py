"""May this be done, and if not, why and until when: asked of the very table that decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cuadre import _core
from cuadre._core import Event, Money
from cuadre.base.text import closest
from cuadre.errors import ArgumentInvalidError, CurrencyMismatchError
from cuadre.voucher._outcome import MACHINES, Outcome, money_text, reason_text

# Machine to what may be asked, and the event that it would be.
ACTIONS = {
    "voucher": {
        "pay": "paid",
        "refund": "refund_requested",
        "refund_by_payout": "refund_requested",
        "accept": "accepted",
        "extend": "extended",
        "cancel": "cancelled",
    },
    "refund": {
        "approve": "approved",
        "decline": "declined",
        "send": "sent",
        "cancel": "cancelled",
        "start_payout": "payout_started",
    },
    "payout": {"send": "sent", "collect": "collected", "cancel": "reversed"},
}
_WORDS = {  # (machine, action) to "may ...", "se puede ..."
    "pay": ("be paid", "pagar"),
    "refund": ("be refunded", "devolver"),
    "refund_by_payout": ("be refunded by a payout", "devolver con un retiro"),
    "accept": ("be accepted as it stands", "aceptar tal como está"),
    "extend": ("be extended", "prorrogar"),
    "cancel": ("be cancelled", "cancelar"),
    "approve": ("be approved", "aprobar"),
    "decline": ("be declined", "negar"),
    "send": ("be sent", "enviar"),
    "start_payout": ("be handed to a payout", "pasar a un retiro"),
    "collect": ("be collected", "cobrar"),
}
_REFUNDS = ("refund", "refund_by_payout")
_ASKING = "\x00"  # an id that nothing else has: no event but the one that is asked about


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something may be done. ``bool(answer)`` is ``answer.allowed``.

    Attributes:
        action: What was asked: "refund" ...
        allowed: Whether the event would be applied, and for "pay", without a review.
        reason: Why not, by name; "none" where it is as expected.
        until: The last moment at which it may be done, as far as a time decides; also where that is over. None: none known.
        most: Of refunds: how much may be given back at that moment, at once. Else None.
        amount: What was asked about, or None.
        outcome: What ``apply`` would answer.
    """

    action: str
    allowed: bool
    reason: str
    until: datetime | None
    most: Money | None
    amount: Money | None
    outcome: Outcome

    def __bool__(self) -> bool:
        return self.allowed

    @property
    def message_en(self) -> str:
        """One sentence in English."""
        return self._sentence("en")

    @property
    def message_es(self) -> str:
        """One sentence in Spanish."""
        return self._sentence("es")

    def __str__(self) -> str:
        return self.message_en

    def _sentence(self, language: str) -> str:
        es = language == "es"
        noun = MACHINES[self.outcome.machine][es]
        what = _WORDS[self.action][es]
        money = "" if self.amount is None else f" ({money_text(self.amount, language)})"
        if es:
            text = f"{'Sí' if self.allowed else 'No'}, {noun} {'se puede' if self.allowed else 'no se puede'} {what}{money}"
        else:
            text = f"{'Yes' if self.allowed else 'No'}, {noun} {'may' if self.allowed else 'may not'} {what}{money}"
        if not self.allowed or self.reason != "none":
            text += f": {reason_text(self.reason, language)}"
        over = not self.allowed and self.reason in ("window_closed", "paid_after_end")
        some = self.most if self.most else None
        if self.until is not None and (self.allowed or over or some):
            moment = f"{self.until:%Y-%m-%d %H:%M:%S} UTC"
            text += f"; {('venció el ' if over else 'hasta el ') if es else ('it ended ' if over else 'until ')}{moment}"
        if some is not None and some != self.amount:
            text += f"; {'a lo sumo' if es else 'at most'} {money_text(some, language)}"
        return text + "."


def ask(
    record: _core.Record, action: str, amount: Money | None, at: datetime, person: str, expires_at: datetime | None
) -> Answer:
    actions = ACTIONS[record.machine]
    if action not in actions:
        raise ArgumentInvalidError(
            f"nobody asks whether a {record.machine} may {action!r}: {closest(str(action), list(actions))}"
        )
    if amount is not None and type(amount) is not Money:
        raise TypeError(f"amount is Money, not {type(amount).__name__}")
    if amount is not None and amount.currency != record.amount.currency:
        raise CurrencyMismatchError(
            f"the amount is in {amount.currency.code}, the {record.machine} in {record.amount.currency.code}"
        )
    if person and action not in ("accept", "approve", "decline"):
        raise ArgumentInvalidError(f"person= says who approves, declines or accepts; {action!r} asks nobody")
    most = _most(record, action, at) if action in _REFUNDS else None
    if amount is None:
        amount = most if most else _usual(record, action)
    outcome = Outcome(record.probe(_event(record, action, amount, at, person, expires_at)))
    allowed = outcome.name in ("applied", "merged")
    if action == "pay":  # money that comes too late or too short is taken too, but nobody would call that allowed
        allowed = allowed and outcome.after in ("paid", "settled")
    return Answer(action, allowed, outcome.reason, _until(record, action), most, amount, outcome)


def _event(
    record: _core.Record, action: str, amount: Money | None, at: datetime, person: str, expires_at: datetime | None
) -> Event:
    kind = ACTIONS[record.machine][action]
    more: dict[str, Any] = {}
    if action == "refund_by_payout":
        more["code"] = "payout"
    if kind in ("approved", "declined", "accepted"):
        more["person"] = person or _ASKING
    if kind == "extended":
        more["expires_at"] = expires_at if expires_at is not None else at + timedelta(microseconds=1)
    key = _ASKING
    if kind == "sent":  # again, with the key it had
        key = next((event.id for event in record.events if event.kind == "sent"), _ASKING)
    source = "operator" if more.get("person") else "notification" if kind in ("paid", "collected") else "request"
    return Event(kind, id=key, amount=amount, occurred_at=at, source=source, **more)


def _usual(record: _core.Record, action: str) -> Money | None:
    if action == "pay":
        left = record.due - (record.paid - record.reversed - record.refunded)
        return left if left.amount_minor > 0 else record.amount
    if action in _REFUNDS:
        there = record.paid - record.reversed - record.refunded
        return there if there.amount_minor > 0 else record.amount
    return None


def _most(record: _core.Record, action: str, at: datetime) -> Money:
    """The most of the amounts that the rules know of, which the table would set aside."""
    there = record.paid - record.reversed - record.refunded
    nothing = there - there
    candidates = {there - record.reserved, there, record.due, record.amount}
    candidates |= {event.amount for event in record.events if event.kind == "paid" and event.amount is not None}
    for amount in sorted((a for a in candidates if a > nothing), reverse=True):
        if record.probe(_event(record, action, amount, at, "", None)).name in ("applied", "merged"):
            return amount
    return nothing


def _until(record: _core.Record, action: str) -> datetime | None:
    if action in ("pay", "collect"):
        return record.expires_at
    window_s, first = record.refund_rules[3], record.totals["first_paid_at"]
    if action not in _REFUNDS or window_s < 0 or first is None:
        return None
    try:
        return first + timedelta(seconds=window_s)  # type: ignore[no-any-return]
    except OverflowError:
        return None
