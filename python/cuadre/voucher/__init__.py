"""The life of a voucher, of a refund and of a payout: three tables that cannot lose money.

::

    from cuadre import Money, voucher

    v = voucher.Voucher.issue(gateway="pagoefectivo", reference="A-1001", amount=Money("50.00", "PEN"), issued_at=now, expires_at=tomorrow)
    v, outcome = v.apply(verified.notification(), received_at=now)   # applied, merged, duplicate, stale, quarantined or refused
    print(outcome)                                                   # one sentence: what it did, and why

A record *is* its terms and the events it was told. Events may come in any order and any number of times: state and balances are the same in
the end. Nothing here reads a clock: every moment is an argument, a datetime with its zone.

The agreed names of events, states, reasons and accounts are data: ``cuadre machines`` shows the three tables,
``cuadre help vouchers`` what their words mean.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Self

from cuadre import _core
from cuadre._core import Event, Money
from cuadre.base.dated import pick
from cuadre.errors import ArgumentInvalidError, CurrencyMismatchError
from cuadre.gateways import profiles
from cuadre.gateways._profile_rows import Refund as RefundRow
from cuadre.gateways.profiles import Profile, RefundRules
from cuadre.voucher._notification import NOTIFICATION_EVENTS
from cuadre.voucher._outcome import Outcome, Step, Told
from cuadre.voucher._record import RecordBase
from cuadre.voucher._replay import Replay, replay

__all__ = ["NOTIFICATION_EVENTS", "Event", "Outcome", "Payout", "Refund", "RefundRules", "Replay", "Step", "Voucher", "replay"]


class Voucher(RecordBase):
    """A pay-in: made, shown to the buyer, paid in cash, settled, perhaps refunded. Made by ``issue`` or ``from_json``."""

    __slots__ = ()
    machine = "voucher"

    @classmethod
    def issue(
        cls,
        *,
        gateway: str,
        reference: str,
        amount: Money,
        issued_at: datetime,
        expires_at: datetime | None = None,
        environment: str = "production",
        profile: Profile | RefundRules | None = None,
    ) -> Self:
        """Make a voucher.

        Args:
            gateway: Its name: "pagoefectivo", "efecty" ...
            reference: Ours, and unique.
            amount: Money above zero.
            issued_at: When it is made, a datetime with its zone. Needed, for nothing here reads a clock.
            expires_at: The last moment that is in time (``profile.expires_after_s()`` after it is made); None: none known.
            environment: "production" or "test".
            profile: What can be given back, and when; it stays with the voucher. A ``cuadre.rules.Profile``, or RefundRules.
                None: the shipped profile of the gateway on that day, in the country of the currency (COP, PEN); where
                there is none, no limits.

        Raises:
            ArgumentInvalidError: argument_invalid, for terms that cannot be: no reference, an amount of zero, an expiry
                before the issue, a time without its zone.
            FloatRefusedError: float_refused, for an amount that is not Money.
            TypeError: for a text that is not a str.
        """
        rules = _refund_rules(profile, gateway, amount, issued_at)
        return cls._of(
            _core.Record(
                machine="voucher",
                gateway=gateway,
                reference=reference,
                environment=environment,
                amount=amount,
                made_at=issued_at,
                expires_at=expires_at,
                refund_rules=(rules.offered, rules.whole_only, rules.after_settlement, rules.window_s),
            )
        )

    def request_refund(
        self,
        *,
        id: str,
        amount: Money,
        reason_code: str,
        at: datetime,
        requested_by: str = "",
        approvals_needed: int = 0,
        by_payout: bool = False,
    ) -> tuple[Self, Refund | None, Outcome]:
        """Set money aside for a refund, and make the refund. Where the voucher refuses, nothing is made and nothing is kept.

        Args:
            id: Of the refund, ours, and unique.
            amount: Money to give back.
            reason_code: Why; needed.
            at: When it is asked for, a datetime with its zone.
            requested_by: Who asks; needed where approvals are, and may not approve.
            approvals_needed: How many others have to approve; ``profile.approvals_needed(amount)`` knows the tiers.
            by_payout: A payout will take it over (``Refund.start_payout``): where the gateway itself gives no cash back.

        Returns:
            The voucher, the refund (None unless the outcome is "applied" or "merged"), and the outcome. Keep voucher and
            refund together.

        Raises:
            ArgumentInvalidError: argument_invalid, for terms that cannot be, or a time without its zone.
            CurrencyMismatchError: currency_mismatch, for another currency than the voucher's.
            FloatRefusedError: float_refused, for an amount that is not Money.
        """
        refund = Refund.request(
            voucher=self,
            id=id,
            amount=amount,
            reason_code=reason_code,
            at=at,
            requested_by=requested_by,
            approvals_needed=approvals_needed,
        )
        # "payout" lifts the gateway's own refusal, so a reason of that name does not stand there
        code = "payout" if by_payout else reason_code if reason_code != "payout" else ""
        asked = Event("refund_requested", id=id, operation_id=id, amount=amount, occurred_at=at, source="request", code=code)
        for known in self._record.events:  # a second request is never a second refund, whoever received it first
            if known.kind == "refund_requested" and known.operation_id == id:
                return self, None, _asked_before(self, amount, known.amount)
        reserved, outcome = self.apply(asked)
        if outcome.name in ("applied", "merged"):
            return reserved, refund, outcome
        return self, None, outcome

    @property
    def reference(self) -> str:
        return self._record.reference

    @property
    def issued_at(self) -> datetime:
        return self._record.made_at

    @property
    def expires_at(self) -> datetime | None:
        """The last moment that is in time, as last extended; None: none known."""
        return self._record.expires_at

    @property
    def refund_rules(self) -> RefundRules:
        return RefundRules(*self._record.refund_rules)

    @property
    def due(self) -> Money:
        """What has to be there: the agreed amount, or what a person accepted."""
        return self._record.due

    @property
    def paid(self) -> Money:
        return self._record.paid

    @property
    def reversed(self) -> Money:
        """What the gateway took back."""
        return self._record.reversed

    @property
    def refunded(self) -> Money:
        return self._record.refunded

    @property
    def reserved(self) -> Money:
        """What is asked for as refunds, and neither given back nor failed."""
        return self._record.reserved

    @property
    def settled(self) -> Money:
        """What was handed on to the merchant, before fees and taxes."""
        return self._record.settled


class Refund(RecordBase):
    """Money on its way back to a buyer. Made by ``Voucher.request_refund``, ``request`` or ``from_json``."""

    __slots__ = ()
    machine = "refund"

    @classmethod
    def request(
        cls,
        *,
        voucher: Voucher,
        id: str,
        amount: Money,
        reason_code: str,
        at: datetime,
        requested_by: str = "",
        approvals_needed: int = 0,
    ) -> Self:
        """Make a refund without asking the voucher; ``Voucher.request_refund`` asks it and sets the money aside.

        Args:
            voucher: Whose money it is.
            id: Of the refund, ours, and unique.
            amount: Money to give back.
            reason_code: Why; needed.
            at: When it is asked for, a datetime with its zone.
            requested_by: Who asks; needed where approvals are, and may not approve.
            approvals_needed: How many others have to approve; ``profile.approvals_needed(amount)`` knows the tiers.

        Raises:
            ArgumentInvalidError: argument_invalid, for terms that cannot be, or a time without its zone.
            CurrencyMismatchError: currency_mismatch, for another currency than the voucher's.
            FloatRefusedError: float_refused, for an amount that is not Money.
            TypeError: for a voucher that is none.
        """
        if not isinstance(voucher, Voucher):
            raise TypeError(f"voucher is a Voucher, not {type(voucher).__name__}")
        refund = cls._of(
            _core.Record(
                machine="refund",
                gateway=voucher.gateway,
                reference=id,
                environment=voucher.environment,
                amount=amount,
                made_at=at,
                reason_code=reason_code,
                requested_by=requested_by,
                approvals_needed=approvals_needed,
                linked=voucher.reference,
            )
        )
        _same_currency(amount, voucher.amount, "the refund", "its voucher")
        return refund

    @property
    def id(self) -> str:
        return self._record.reference

    @property
    def voucher(self) -> str:
        """The reference of its voucher."""
        return self._record.linked

    @property
    def requested_at(self) -> datetime:
        return self._record.made_at

    @property
    def reason_code(self) -> str:
        return self._record.reason_code

    @property
    def requested_by(self) -> str:
        return self._record.requested_by

    @property
    def approvals_needed(self) -> int:
        return self._record.approvals_needed

    @property
    def approvals(self) -> int:
        """How many persons have approved."""
        return int(self._record.totals["approvals"])

    @property
    def refunded(self) -> Money:
        """The agreed amount where the buyer has it back, else zero."""
        return self._record.refunded

    def voucher_event(self) -> Event | None:
        """What its voucher has to be told: "refunded", "refund_failed", or None while neither is known. Raises nothing.

        It names the refund, so telling it again is a duplicate. Apply this, or the gateway's notification to the refund
        alone; never the notification to both.
        """
        kind = _ENDS.get(self.state)
        if kind is None:
            return None
        told = _last_move(self)
        return Event(
            kind,
            id=self.id,
            operation_id=self.id,
            amount=self.amount if kind == "refunded" else None,
            occurred_at=told.occurred_at,
            received_at=told.received_at,
            source=told.source,
            code=told.code,
            gateway=self.gateway,
            reference=self.voucher,
            environment=self.environment,
        )

    def start_payout(
        self, *, reference: str, at: datetime, expires_at: datetime | None = None, gateway: str = ""
    ) -> tuple[Self, Payout | None, Outcome]:
        """Hand the refund to a payout, because cash cannot go back. Where the refund refuses, nothing is made and nothing is kept.

        Args:
            reference: Of the payout, ours, and unique.
            at: When, a datetime with its zone.
            expires_at: The last moment to collect it; None: none known.
            gateway: Of the payout; empty: the refund's own.

        Returns:
            The refund, the payout (None unless the outcome is "applied" or "merged"), and the outcome. Keep them together.

        Raises:
            ArgumentInvalidError: argument_invalid, for terms that cannot be, or a time without its zone.
        """
        payout = Payout.create(
            gateway=gateway or self.gateway,
            reference=reference,
            amount=self.amount,
            at=at,
            expires_at=expires_at,
            linked=self.id,
            environment=self.environment,
        )
        started = Event("payout_started", id=reference, operation_id=reference, occurred_at=at, source="request")
        handed, outcome = self.apply(started)
        if outcome.name in ("applied", "merged"):
            return handed, payout, outcome
        return self, None, outcome


class Payout(RecordBase):
    """A cash-out: a code with which somebody collects cash. Made by ``Refund.start_payout``, ``create`` or ``from_json``."""

    __slots__ = ()
    machine = "payout"

    @classmethod
    def create(
        cls,
        *,
        gateway: str,
        reference: str,
        amount: Money,
        at: datetime,
        expires_at: datetime | None = None,
        linked: str = "",
        environment: str = "production",
    ) -> Self:
        """Make a payout.

        Args:
            gateway: Its name.
            reference: Ours, and unique; not the code that collects the cash.
            amount: Money above zero.
            at: When it is made, a datetime with its zone.
            expires_at: The last moment to collect it (``profile.payout_window_s`` after it is made); None: none known.
            linked: The id of the refund whose money it is; empty: the merchant's own.
            environment: "production" or "test".

        Raises:
            ArgumentInvalidError: argument_invalid, for terms that cannot be, or a time without its zone.
            FloatRefusedError: float_refused, for an amount that is not Money.
        """
        return cls._of(
            _core.Record(
                machine="payout",
                gateway=gateway,
                reference=reference,
                environment=environment,
                amount=amount,
                made_at=at,
                expires_at=expires_at,
                linked=linked,
            )
        )

    @property
    def reference(self) -> str:
        return self._record.reference

    @property
    def linked(self) -> str:
        """The id of the refund whose money it is; empty: the merchant's own."""
        return self._record.linked

    @property
    def created_at(self) -> datetime:
        return self._record.made_at

    @property
    def expires_at(self) -> datetime | None:
        """The last moment to collect it, as last told; None: none known."""
        return self._record.expires_at

    def refund_event(self) -> Event | None:
        """What its refund has to be told: "payout_collected", "payout_failed", "payout_returned", or None. Raises nothing."""
        kind = _PAYOUT_ENDS.get(self.state)
        if kind is None or not self.linked:
            return None
        told = _last_move(self)
        return Event(
            kind,
            id=self.reference,
            operation_id=self.reference,
            occurred_at=told.occurred_at,
            received_at=told.received_at,
            source=told.source,
            code=told.code,
            environment=self.environment,
        )


_ENDS = {"refunded": "refunded", "failed": "refund_failed", "rejected": "refund_failed", "cancelled": "refund_failed"}
_PAYOUT_ENDS = {
    "collected": "payout_collected",
    "expired": "payout_failed",
    "reversed": "payout_failed",
    "returned": "payout_returned",
    "rejected": "payout_failed",
}


def _last_move(record: Refund | Payout) -> Event:
    """The event that brought it into its state."""
    return [step.event for step in record.steps if step.before != step.after and step.after == record.state][-1]


def _asked_before(v: Voucher, amount: Money, before: Money | None) -> Outcome:
    name, reason = ("duplicate", "seen_before") if amount == before else ("quarantined", "content_differs")
    return Outcome(Told(name, reason, "voucher", "refund_requested", amount, v.state, v.state))


def _refund_rules(profile: Profile | RefundRules | None, gateway: str, amount: Money, issued_at: datetime) -> RefundRules:
    if profile is None:
        if not (
            isinstance(gateway, str) and isinstance(amount, Money) and isinstance(issued_at, datetime) and issued_at.tzinfo
        ):
            return RefundRules()  # the core says what is wrong with them
        country = next((name for name, code in profiles.CURRENCIES.items() if code == amount.currency.code), "")
        return _shipped_rules(gateway.casefold(), country, _day(issued_at, country))
    rules = profile.refund_rules if isinstance(profile, Profile) else profile
    if not all(hasattr(rules, name) for name in RefundRules.__slots__):
        raise TypeError(f"profile is a cuadre.rules.Profile or RefundRules, not {type(profile).__name__}")
    return rules


def _day(moment: datetime, country: str) -> date | None:
    try:
        return profiles.local_day(moment, country) if country else None
    except ArgumentInvalidError:  # the first hours there are, and the last
        return None


@lru_cache(maxsize=1024)
def _shipped_rules(gateway: str, country: str, day: date | None) -> RefundRules:
    """Without a warning of what the row rests on: ``cuadre.rules.profile`` gives that, and ``sources()`` says it."""
    refunds = [row for row in profiles.shipped().rows if isinstance(row, RefundRow)]
    row = pick([row for row in refunds if (row.gateway, row.country) == (gateway, country)], day)
    if not isinstance(row, RefundRow):
        return RefundRules()
    return RefundRules(row.offered, row.whole_only, row.after_settlement, -1 if row.window_s is None else row.window_s)


def _same_currency(amount: Money, other: Money, what: str, whose: str) -> None:
    if amount.currency != other.currency:
        raise CurrencyMismatchError(f"{what} is in {amount.currency.code}, {whose} in {other.currency.code}")
