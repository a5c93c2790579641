"""What vouchers, refunds and payouts have in common: terms, events, and the state that follows from them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Self

from cuadre import _core
from cuadre._core import Event, Money, Notification
from cuadre.errors import ArgumentInvalidError
from cuadre.voucher._notification import event_of, require_received
from cuadre.voucher._outcome import Outcome, Step, Told
from cuadre.voucher._outcome import set_applied as _set_applied

if TYPE_CHECKING:
    from cuadre.voucher._answer import Answer
    from cuadre.voucher._story import Timeline


class RecordBase:
    """Never changes; ``apply`` gives a new one. Equal where terms and events are equal; hashed, copied, pickled, JSON."""

    __slots__ = ("_record",)
    _record: _core.Record
    machine: ClassVar[str] = ""

    def __init__(self) -> None:
        raise TypeError(f"a {type(self).__name__} is made by its class methods, not by calling the class")

    @classmethod
    def _of(cls, record: _core.Record) -> Self:
        fresh = object.__new__(cls)
        _set(fresh, record)
        return fresh

    # ---- events

    def apply(
        self,
        event: Event | Notification,
        *,
        received_at: datetime | None = None,
        occurred_at: datetime | None = None,
        operation_id: str = "",
        source: str = "notification",
    ) -> tuple[Self, Outcome]:
        """The record with this event, and what came of it. The arguments by name belong to a notification.

        Args:
            event: An Event; or a Notification, which becomes one by ``voucher.NOTIFICATION_EVENTS``.
            received_at: When the notification arrived, a datetime with its zone; needed.
            occurred_at: When it happened, where the notification does not say it with a zone; None: as it says, else when it arrived.
            operation_id: The payment, refund or payout it is about; empty: as the notification says.
            source: "notification", or "poll" for the answer to a question.

        Raises:
            ArgumentInvalidError: argument_invalid, for a kind that the machine does not have, a time without its zone, a
                notification without ``received_at``, or more events than any record has.
            TypeError: for anything else than an Event or a Notification.
        """
        if type(event) is not Event:
            event_or_told = self._event_of(event, received_at, occurred_at, operation_id, source)
            if isinstance(event_or_told, Told):
                return self, Outcome(event_or_told)
            event = event_or_told
        elif received_at is not None or occurred_at is not None or operation_id:
            raise ArgumentInvalidError("an Event says its own times and operation; only a notification is given them beside it")
        record, applied = self._record.apply(event)
        fresh = _new(type(self))  # as _of and Outcome(applied) do it, without their calls
        _set(fresh, record)
        outcome = _new(Outcome)
        _set_applied(outcome, applied)
        return fresh, outcome

    def probe(self, event: Event) -> Outcome:
        """What ``apply`` would answer to an Event.

        Raises:
            ArgumentInvalidError: argument_invalid, for a kind that the machine does not have.
            TypeError: for anything else than an Event.
        """
        if type(event) is not Event:
            raise TypeError(f"probe takes an Event, not {type(event).__name__}")
        return Outcome(self._record.probe(event))

    def _event_of(
        self, event: object, received_at: datetime | None, occurred_at: datetime | None, operation_id: str, source: str
    ) -> Event | Told:
        if type(event) is not Notification:
            hint = "; take its notification()" if hasattr(event, "notification") else ""
            raise TypeError(f"apply takes an Event or a Notification, not {type(event).__name__}{hint}")
        received = require_received(received_at)
        return event_of(self._record, event, received, occurred_at=occurred_at, operation_id=operation_id, source=source)

    # ---- terms

    @property
    def gateway(self) -> str:
        return self._record.gateway

    @property
    def environment(self) -> str:
        """ "production" or "test"."""
        return self._record.environment

    @property
    def amount(self) -> Money:
        """The agreed amount."""
        return self._record.amount

    # ---- what follows from the events

    @property
    def state(self) -> str:
        return self._record.state

    @property
    def needs_review(self) -> bool:
        """Whether a person has to decide about it, or ask the gateway."""
        return self._record.needs_review

    @property
    def balances(self) -> dict[str, Money]:
        """Account to Money, those that are not zero; they sum to zero. Below zero: owed."""
        return self._record.balances

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event that was told, in canonical order."""
        return self._record.events

    @property
    def steps(self) -> tuple[Step, ...]:
        """What each event did, in the order in which they took effect; those that never did stand at the end."""
        events = self._record.events
        return tuple(Step(events[step[0]], *step[1:]) for step in self._record.steps)

    def state_at(self, moment: datetime) -> str:
        """The state at a moment, by what is known today: what had occurred by then, and an expiry reached by then.

        Raises:
            ArgumentInvalidError: argument_invalid, for a moment that is not a datetime with its zone.
        """
        return self._record.state_at(moment)

    def timeline(self, language: str = "en") -> Timeline:
        """Its story, line by line: ``print`` it, or let a notebook show it. Ids are shown by their ends, persons too.

        Args:
            language: "en" or "es".

        Raises:
            ArgumentInvalidError: argument_invalid, for another language.
        """
        from cuadre.voucher._story import story

        return story(self._record, language)

    def may(
        self,
        action: str,
        amount: Money | None = None,
        *,
        at: datetime,
        person: str = "",
        expires_at: datetime | None = None,
    ) -> Answer:
        """Whether something may be done, else why not; and until when. The table that decides is asked, so ``apply`` agrees.

        Args:
            action: Of a voucher "pay", "refund", "refund_by_payout", "accept", "extend", "cancel"; of a refund "approve", "decline", "send", "cancel",
                "start_payout"; of a payout "send", "collect", "cancel".
            amount: Of refunds and "pay"; None: all that can be given back, all that is still due.
            at: The moment it would be done, a datetime with its zone.
            person: Who would approve, decline or accept; empty: somebody.
            expires_at: Of "extend": the new last moment.

        Raises:
            ArgumentInvalidError: argument_invalid, for another action, or a time without its zone.
            CurrencyMismatchError: currency_mismatch, for an amount in another currency.
            TypeError: for an amount that is not Money.
        """
        from cuadre.voucher._answer import ask

        return ask(self._record, action, amount, at, person, expires_at)

    # ---- values

    def to_json(self) -> str:
        """The record as one line of JSON: the same record gives the same text. Raises nothing."""
        from cuadre.voucher._json import dump

        return dump(self._record)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what ``to_json`` wrote, and nothing else. The state is worked out anew, and has to be the one that is written.

        Args:
            text: Of one record of this class.

        Raises:
            JsonMalformedError: json_malformed, for what is not one JSON object.
            ArgumentInvalidError: argument_invalid, for another version or class, a field that is unknown, missing, doubled or
                of another type, a number with decimals, a time that is not UTC, or a state that the events do not give.
            CurrencyMismatchError: currency_mismatch, for a fee or tax in another currency.
            TypeError: for text that is neither str nor bytes.
        """
        from cuadre.voucher._json import load

        return cls._of(load(text, cls.machine))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).from_json, (self.to_json(),)

    def __eq__(self, other: object) -> bool:
        return self._record == other._record if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._record)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} never changes: apply() gives a new one")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a {type(self).__name__} never changes: apply() gives a new one")

    def __repr__(self) -> str:
        record = self._record
        return f"<{type(self).__name__} {record.reference!r} of {record.gateway}: {record.amount}, {record.state}>"


_new: Any = object.__new__
_set: Any = RecordBase.__dict__["_record"].__set__  # past __setattr__, and faster than object's
