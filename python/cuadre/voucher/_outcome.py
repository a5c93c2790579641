"""What came of an event, and the sentences that say so."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn

from cuadre import _core
from cuadre._core import Event, Money
from cuadre.base.text import amount as amount_text

TEXTS = _core.voucher_texts()
MACHINES = {
    "voucher": ("the voucher", "el código"),
    "refund": ("the refund", "la devolución"),
    "payout": ("the payout", "el retiro"),
}
_OUTCOMES = {
    "applied": ("took effect", "surtió efecto"),
    "merged": ("took effect, out of order", "surtió efecto, fuera de orden"),
    "duplicate": ("was known", "ya se conocía"),
    "stale": ("came too late to matter", "llegó cuando ya no importaba"),
    "quarantined": ("is kept apart for a person to look at", "queda apartado para que alguien lo revise"),
    "refused": ("is not allowed", "no está permitido"),
}
# What keeps a notification from being an event at all; the other reasons stand in the core's tables.
_NOTIFICATION_REASONS = {
    "notification_incomplete": ("the notification has faults", "el aviso tiene fallas"),
    "status_missing": (
        "the notification says no status of a published table: ask the gateway",
        "el aviso no dice un estado de una tabla publicada: consultar a la pasarela",
    ),
    "status_open": (
        "its status does not say whether the money was taken: ask the gateway",
        "su estado no dice si se tomó el dinero: consultar a la pasarela",
    ),
    "not_about_this": ("this kind of notification says nothing about it", "este tipo de aviso no dice nada al respecto"),
    "refund_unnamed": (
        "it does not say which of the refunds asked for it is about: apply it to that refund",
        "no dice de cuál devolución pedida trata: aplicarlo a esa devolución",
    ),
}


def reason_text(reason: str, language: str) -> str:
    pair = _NOTIFICATION_REASONS.get(reason) or TEXTS["reasons"][reason]
    return str(pair[language == "es"])


def money_text(money: Money, language: str) -> str:
    return amount_text(money.currency.code, money.amount, language)


@dataclass(frozen=True, slots=True)
class Told:
    """The facts of an outcome, where they do not come from the core."""

    name: str
    reason: str
    machine: str
    kind: str
    amount: Money | None
    before: str
    after: str
    entries: dict[str, Money] = field(default_factory=dict)
    changed: bool = False
    detail: str = ""


class Outcome:
    """What came of an event. Ask for ``name``; an outcome is neither true nor false.

    Attributes:
        name: "applied", "merged" (applied, and later events were there before it), "duplicate", "stale", "quarantined" or "refused".
        reason: Why, by name: "none", "paid_short", "seen_before" ...
        machine: "voucher", "refund" or "payout".
        kind: The event's kind.
        amount: The event's Money, or None.
        before: The state before.
        after: The state after.
        entries: What the books receive: account to Money, those that are not zero; they sum to zero.
        changed: Whether the state, the totals or the books moved.
    """

    __slots__ = ("_applied",)
    _applied: _core.Applied | Told

    def __init__(self, applied: _core.Applied | Told) -> None:
        set_applied(self, applied)

    @property
    def name(self) -> str:
        return self._applied.name

    @property
    def reason(self) -> str:
        return self._applied.reason

    @property
    def machine(self) -> str:
        return self._applied.machine

    @property
    def kind(self) -> str:
        return self._applied.kind

    @property
    def amount(self) -> Money | None:
        return self._applied.amount

    @property
    def before(self) -> str:
        return self._applied.before

    @property
    def after(self) -> str:
        return self._applied.after

    @property
    def entries(self) -> dict[str, Money]:
        return dict(self._applied.entries)

    @property
    def changed(self) -> bool:
        return self._applied.changed

    @property
    def message_en(self) -> str:
        """One sentence in English."""
        return sentence(self._applied, "en")

    @property
    def message_es(self) -> str:
        """One sentence in Spanish."""
        return sentence(self._applied, "es")

    def __str__(self) -> str:
        return self.message_en

    def __repr__(self) -> str:
        return f"<Outcome {self.name} ({self.reason}): {self.before} -> {self.after}>"

    def __bool__(self) -> NoReturn:
        raise TypeError('an outcome is neither true nor false: ask outcome.name == "applied", or outcome.changed')

    def __eq__(self, other: object) -> bool:
        return self._facts() == other._facts() if isinstance(other, Outcome) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.reason, self.machine, self.kind, self.amount, self.before, self.after))

    def _facts(self) -> Told:
        if isinstance(self._applied, Told):
            return self._applied
        a = self._applied
        return Told(a.name, a.reason, a.machine, a.kind, a.amount, a.before, a.after, a.entries, a.changed)

    def __reduce__(self) -> tuple[Any, ...]:
        return Outcome, (self._facts(),)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("an outcome never changes")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("an outcome never changes")


set_applied: Any = Outcome.__dict__["_applied"].__set__  # past __setattr__, and faster than object's


def sentence(told: _core.Applied | Told, language: str) -> str:
    es = language == "es"
    noun = MACHINES[told.machine][es]
    what = f"El evento «{told.kind}»" if es else f'Event "{told.kind}"'
    if told.amount is not None:
        what += f" {'de' if es else 'of'} {money_text(told.amount, language)}"
    why = reason_text(told.reason, language)
    if isinstance(told, Told) and told.detail:
        why += f": {told.detail}"
    if told.before == told.after:
        state = f"{noun} sigue en «{told.after}»" if es else f"{noun} stays {told.after}"
    elif es:
        state = f"{noun} pasó de «{told.before}» a «{told.after}»"
    else:
        state = f"{noun} went from {told.before} to {told.after}"
    return f"{what} {_OUTCOMES[told.name][es]} ({why}): {state}."


@dataclass(frozen=True, slots=True)
class Step:
    """One event's place in the life of a record, in the order in which they took effect.

    Attributes:
        event: The Event.
        kind: What it counts as: its own kind, or "paid" for a settlement that is the first to show its payment.
        before: The state before.
        after: The state after.
        outcome: "applied", "duplicate", "stale", "quarantined" or "refused".
        reason: Why, by name.
        rule: The number of the rule in the machine's table; None for a repetition or a contradiction.
        entries: Account to Money, those that are not zero.
    """

    event: Event
    kind: str
    before: str
    after: str
    outcome: str
    reason: str
    rule: int | None
    entries: dict[str, Money] = field(hash=False)

    @property
    def occurred_at(self) -> datetime:
        return self.event.occurred_at
