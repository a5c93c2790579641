"""The life of a voucher, a refund and a payout, told slowly.

A record is its terms and the set of what it was told. ``fold`` answers the state, the totals and the balances, whatever the
order and the repetitions of the events:

1. Repetitions go. A payment, a settlement, a refund is one fact however often it is told; the telling that was received first
   speaks for it. A report without a number of its own (a poll that says "paid, 100") is the same as a numbered one of that amount.
2. On a voucher each settlement looks for its payment; one that finds none shows a payment that nobody told.
3. What is left happens in the order of time. What cannot happen yet waits, and is tried again after everything that does happen.

Times are whole microseconds, amounts whole minor units. Nothing here reads the tables of the core: each state says by itself
what it makes of an event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

__all__ = ["ACCOUNTS", "KINDS", "SOURCES", "STATES", "Event", "Fate", "Result", "Terms", "fold"]

ACCOUNTS = ("buyer", "gateway", "bank", "fees", "taxes", "merchant", "refunds", "payouts")
SOURCES = ("notification", "poll", "settlement", "operator", "request", "clock")
GATEWAY = ("notification", "poll", "settlement")

# At one instant events happen in this order.
KINDS = {
    "voucher": (
        *("pending", "extended", "paid", "settled", "refund_requested", "refunded"),
        *("refund_failed", "reversed", "accepted", "expired", "cancelled", "rejected"),
    ),
    "refund": (
        *("approved", "declined", "sent", "timed_out", "not_found", "processing", "refunded"),
        *("payout_started", "payout_collected", "payout_failed", "payout_returned", "failed", "cancelled"),
    ),
    "payout": ("sent", "timed_out", "not_found", "waiting", "collected", "returned", "expired", "reversed", "rejected"),
}
STATES = {
    "voucher": (
        *("created", "pending", "paid", "settled", "partly_refunded", "refunded", "underpaid"),
        *("overpaid", "paid_late", "paid_twice", "expired", "cancelled", "rejected", "reversed"),
    ),
    "refund": (
        *("requested", "awaiting_approval", "approved", "sent", "processing", "refunded"),
        *("in_payout", "failed", "rejected", "cancelled", "unknown"),
    ),
    "payout": ("created", "sent", "waiting", "collected", "expired", "reversed", "returned", "rejected", "unknown"),
}
MONEY = {
    "voucher": {"paid", "settled", "refund_requested", "refunded", "reversed"},
    "refund": {"refunded"},
    "payout": {"collected"},
}
# Said of one refund or one payout, and of each once.
ABOUT_ONE = {"refund_failed", "payout_started", "payout_collected", "payout_failed", "payout_returned"}


@dataclass(frozen=True)
class Terms:
    machine: str = "voucher"
    amount: int = 100
    expires: int | None = None
    refund_offered: bool = True
    refund_whole_only: bool = False
    refund_after_settlement: bool = False
    refund_window_s: int | None = None
    requested_by: str = ""
    approvals_needed: int = 0
    linked: bool = False


@dataclass(frozen=True)
class Event:
    kind: str
    at: int
    amount: int | None = None
    source: str = "notification"
    id: str = ""
    operation: str = ""
    received: int = 0
    fee: int = 0
    tax: int = 0
    expires: int | None = None
    person: str = ""
    code: str = ""

    @property
    def name(self) -> str:
        return self.operation or self.id

    @property
    def told(self) -> tuple[object, ...]:
        """Two tellings of one fact agree when these do."""
        return self.amount, self.fee, self.tax, self.expires


@dataclass(frozen=True)
class Fate:
    """What became of an event. ``again``: it may still happen later."""

    outcome: str
    reason: str = "none"
    again: bool = False


@dataclass
class Result:
    state: str
    totals: dict[str, object]
    balances: dict[str, int]
    fates: dict[Event, Fate] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)  # those it went through
    trail: list[tuple[Event, Fate]] = field(default_factory=list)  # what happened, in turn


def applied(reason: str = "none") -> Fate:
    return Fate("applied", reason)


def stale(reason: str) -> Fate:
    return Fate("stale", reason)


def quarantined(reason: str, *, again: bool = False) -> Fate:
    return Fate("quarantined", reason, again)


def refused(reason: str, *, again: bool = False) -> Fate:
    return Fate("refused", reason, again)


# ---- repetitions


def first_told(event: Event) -> tuple[object, ...]:
    """What orders the tellings of one fact: when they were received, who said it, what it says."""
    return (
        *(event.received, SOURCES.index(event.source), event.at, event.amount or 0, event.fee, event.tax),
        *(event.expires if event.expires is not None else -(2**63), event.id, event.operation, event.person, event.code),
    )


def in_time(machine: str, event: Event) -> tuple[object, ...]:
    """The order in which things happened."""
    return (
        *(event.at, KINDS[machine].index(event.kind), event.name, SOURCES.index(event.source), event.amount or 0),
        *(event.id, event.person, *first_told(event)),
    )


def is_anonymous(machine: str, event: Event) -> bool:
    return event.kind in MONEY[machine] and event.source in ("poll", "clock") and not event.operation


def fact_of(machine: str, event: Event) -> tuple[object, ...]:
    if is_anonymous(machine, event):
        return "anonymous", event.kind, event.amount
    if event.kind in MONEY[machine] or event.kind in ABOUT_ONE:
        return "named", event.kind, event.name
    if event.kind == "approved":
        return "person", event.kind, event.person
    return "said", event.kind, event.id, event.at


def distinct(machine: str, events: Iterable[Event], fates: dict[Event, Fate]) -> list[Event]:
    """One event for each fact; the fate of the others is settled here."""
    facts: dict[tuple[object, ...], list[Event]] = {}
    for event in set(events):
        facts.setdefault(fact_of(machine, event), []).append(event)
    named: list[Event] = []
    nameless: list[Event] = []
    for fact, tellings in facts.items():
        speaker, *others = sorted(tellings, key=first_told)
        for other in others:
            fates[other] = Fate("duplicate", "seen_before") if other.told == speaker.told else quarantined("content_differs")
        (nameless if fact[0] == "anonymous" else named).append(speaker)

    kept = list(named)
    for report in sorted(nameless, key=lambda event: in_time(machine, event)):
        amounts = {event.amount for event in kept if event.kind == report.kind}
        if not amounts:
            kept.append(report)
        elif report.amount in amounts:
            fates[report] = Fate("duplicate", "seen_before")
        else:
            fates[report] = quarantined("report_differs")
    return kept


def implied_payments(events: Sequence[Event]) -> list[tuple[Event, Event]]:
    """Settlements whose payment nobody told, each with that payment."""
    by_time = sorted(events, key=lambda event: in_time("voucher", event))
    payments = [event for event in by_time if event.kind == "paid"]
    settlements = [event for event in by_time if event.kind == "settled"]
    for alike in (lambda s, p: s.name == p.name, lambda s, p: s.amount == p.amount):
        left = []
        for settlement in settlements:
            partner = next((payment for payment in payments if alike(settlement, payment)), None)
            if partner is None:
                left.append(settlement)
            else:
                payments.remove(partner)
        settlements = left
    room = sum(payment.amount or 0 for payment in payments)
    answer = []
    for settlement in settlements:
        if (settlement.amount or 0) <= room:
            room -= settlement.amount or 0
        else:
            answer.append((settlement, replace(settlement, kind="paid", fee=0, tax=0)))
    return answer


# ---- what happens


class Life:
    """State, sums and accounts of one record, and the waiting list."""

    machine = ""
    start = ""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.state = self.start
        self.accounts = dict.fromkeys(ACCOUNTS, 0)
        self.expires = terms.expires
        self.states = [self.start]
        self.trail: list[tuple[Event, Fate]] = []

    def post(self, **amounts: int) -> None:
        assert sum(amounts.values()) == 0
        for account, amount in amounts.items():
            self.accounts[account] += amount

    def happen(self, event: Event) -> Fate:
        fate: Fate = getattr(self, "on_" + event.kind)(event)
        if fate.outcome == "applied":
            self.trail.append((event, fate))
            self.states.append(self.state)
        return fate

    def live(self, events: Iterable[Event], fates: dict[Event, Fate]) -> None:
        waiting: list[Event] = []
        for event in events:
            fates[event] = self.happen(event)
            if fates[event].again:
                waiting.append(event)
            elif fates[event].outcome == "applied":
                self.retry(waiting, fates)

    def retry(self, waiting: list[Event], fates: dict[Event, Fate]) -> None:
        position = 0
        while position < len(waiting):
            event = waiting[position]
            fates[event] = self.happen(event)
            if fates[event].again:
                position += 1
                continue
            waiting.pop(position)
            if fates[event].outcome == "applied":
                position = 0

    def totals(self) -> dict[str, object]:
        return {}


class Voucher(Life):
    machine = "voucher"
    start = "created"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.paid = self.reversed = self.refunded = self.settled = 0
        self.held = self.earned = 0
        self.due = terms.amount  # what a person accepts is what is due
        self.late = False
        self.first_paid: int | None = None
        self.payments: list[int] = []
        self.requests: dict[str, int] = {}
        self.given_back: set[str] = set()

    def totals(self) -> dict[str, object]:
        return {
            "due": self.due,
            "paid": self.paid,
            "reversed": self.reversed,
            "refunded": self.refunded,
            "reserved": self.reserved,
            "settled": self.settled,
            "held": self.held,
            "earned": self.earned,
            "first_paid": self.first_paid,
            "expires": self.expires,
            "late": self.late,
        }

    @property
    def there(self) -> int:
        return self.paid - self.reversed - self.refunded

    @property
    def reserved(self) -> int:
        return sum(self.requests.values())

    @property
    def unpaid(self) -> bool:
        return self.state in ("created", "pending", "expired", "cancelled", "rejected")

    @property
    def open(self) -> bool:
        return self.state in ("created", "pending")

    @property
    def review(self) -> bool:
        return self.state in ("underpaid", "overpaid", "paid_late", "paid_twice")

    @property
    def holding(self) -> bool:
        return self.review or self.state in ("paid", "settled", "partly_refunded")

    def paid_or_settled(self) -> str:
        return "settled" if self.settled and self.settled >= self.paid - self.reversed else "paid"

    def earn(self) -> None:
        self.post(buyer=self.held, merchant=-self.held)
        self.earned += self.held
        self.held = 0

    # the gateway waits

    def on_pending(self, event: Event) -> Fate:
        if self.state == "pending":
            return stale("already_so")
        if self.state in ("cancelled", "rejected"):
            return quarantined("open_after_end")
        if self.state == "refunded":
            return stale("after_payment")
        if self.holding:
            return quarantined("pending_after_payment")
        fate = applied() if self.state == "created" else applied("reopened")
        self.state = "pending"
        if event.expires is not None:
            self.expires = event.expires
        return fate

    def on_extended(self, event: Event) -> Fate:
        assert event.expires is not None
        if event.expires <= event.at:
            return refused("expiry_past")
        if self.state in ("cancelled", "rejected"):
            return refused("ended_already")
        if self.holding or self.state == "refunded":
            return stale("after_payment")
        fate = applied()
        if self.state in ("expired", "reversed"):
            self.state = "pending"
            fate = applied("reopened")
        self.expires = event.expires
        return fate

    # cash

    def on_paid(self, event: Event) -> Fate:
        amount = event.amount or 0
        before = self.there
        ended = self.state in ("expired", "cancelled", "rejected")
        overdue = self.expires is not None and event.at > self.expires
        late_before = self.late
        first = self.unpaid or self.state in ("reversed", "underpaid")
        if (ended or overdue) and self.earned == 0:
            self.late = True
        if first:
            if before + amount < self.due:
                self.state, fate = "underpaid", applied("paid_short")
            elif before + amount > self.due:
                self.state, fate = "overpaid", applied("paid_over")
            elif ended or overdue or late_before:
                self.state, fate = "paid_late", applied("paid_after_end")
            else:
                self.state, fate = "paid", applied()
        elif amount == self.terms.amount:
            self.state, fate = "paid_twice", applied("paid_again")
        else:
            self.state, fate = "overpaid", applied("paid_over")
        self.paid += amount
        self.payments.append(amount)
        if self.first_paid is None:
            self.first_paid = event.at
        self.post(gateway=amount, buyer=-amount)
        self.held += amount
        if self.state == "paid":
            self.earn()
        return fate

    def on_settled(self, event: Event) -> Fate:
        amount = event.amount or 0
        if self.unpaid:
            return quarantined("nothing_paid", again=True)
        if self.settled + amount > self.paid:
            return quarantined("settled_beyond_paid", again=True)
        self.settled += amount
        if self.state == "paid":
            self.state = self.paid_or_settled()
        self.post(bank=amount - event.fee - event.tax, fees=event.fee, taxes=event.tax, gateway=-amount)
        return applied()

    # back to the buyer

    def on_refund_requested(self, event: Event) -> Fate:
        amount, terms = event.amount or 0, self.terms
        if self.unpaid:
            return refused("nothing_paid", again=True)
        if event.name in self.given_back:
            return stale("already_so")
        if not terms.refund_offered and event.code != "payout":
            return refused("refund_not_offered")
        if amount > self.there - self.reserved:
            return refused("beyond_paid", again=True)
        if terms.refund_whole_only and amount != self.there and amount not in self.payments:
            return refused("part_not_offered", again=True)
        if terms.refund_after_settlement and self.settled < self.paid - self.reversed:
            return refused("not_settled", again=True)
        window = terms.refund_window_s
        if window is not None and self.first_paid is not None and event.at > self.first_paid + window * 1_000_000:
            return refused("window_closed")
        self.requests[event.name] = amount
        return applied()

    def on_refunded(self, event: Event) -> Fate:
        amount = event.amount or 0
        if self.unpaid:
            return quarantined("nothing_paid", again=True)
        if self.state in ("refunded", "reversed") or amount > self.there:
            return quarantined("beyond_paid", again=True)
        self.refunded += amount
        self.requests.pop(event.name, None)
        self.given_back.add(event.name)
        self.out(refunds=amount)
        stays = ("underpaid", "paid_late")
        return self.less("refunded", other="partly_refunded", stays=stays, reason="none", short="paid_short")

    def on_refund_failed(self, event: Event) -> Fate:
        if event.name in self.requests:
            del self.requests[event.name]
            return applied()
        if event.name in self.given_back:
            return quarantined("failed_after_done")
        return quarantined("refund_unknown", again=True)

    # back to the gateway

    def on_reversed(self, event: Event) -> Fate:
        amount = event.amount or 0
        if self.unpaid:
            return quarantined("nothing_paid", again=True)
        if self.state in ("refunded", "reversed") or amount > self.there:
            return quarantined("beyond_paid", again=True)
        self.reversed += amount
        self.out(gateway=amount)
        stays = ("partly_refunded", "underpaid")
        return self.less("reversed", other="underpaid", stays=stays, reason="taken_back_in_part", short="taken_back_in_part")

    def out(self, **to: int) -> None:
        """Money leaves: first what is held for the buyer, then what the merchant has earned."""
        ((account, amount),) = to.items()
        held = min(self.held, amount)
        self.held -= held
        self.earned -= amount - held
        self.post(**{account: -amount, "buyer": held, "merchant": amount - held})

    def less(self, none_left: str, *, other: str, stays: tuple[str, ...], reason: str, short: str) -> Fate:
        """The state after money has left."""
        if self.there == 0:
            self.state = none_left
            self.late = False
            return applied()
        if self.state in ("overpaid", "paid_twice"):
            if self.there > self.due:
                return applied("paid_over")
            if self.there == self.due:
                if self.late:
                    self.state = "paid_late"
                    return applied("paid_after_end")
                self.state = self.paid_or_settled()
                self.earn()
                return applied("surplus_gone")
            self.state = "underpaid"
            return applied(short)
        if self.state not in stays:
            self.state = other
        return applied(reason)

    # a person

    def on_accepted(self, event: Event) -> Fate:
        if self.unpaid or self.state == "reversed":
            return refused("nothing_to_accept")
        if not self.review:
            return stale("nothing_to_accept")
        self.state = self.paid_or_settled()
        self.late = False
        self.due = self.there
        self.earn()
        return applied()

    # the end

    def on_expired(self, event: Event) -> Fate:
        if self.open:
            if event.source == "clock" and self.expires is not None and event.at < self.expires:
                return stale("expiry_moved")
            self.state = "expired"
            return applied()
        if self.state == "expired":
            return stale("already_so")
        return stale("after_payment" if self.holding or self.state == "refunded" else "ended_already")

    def on_cancelled(self, event: Event) -> Fate:
        return self.end("cancelled")

    def on_rejected(self, event: Event) -> Fate:
        return self.end("rejected")

    def end(self, state: str) -> Fate:
        if self.open:
            self.state = state
            return applied()
        if self.holding:
            return quarantined("ended_after_payment")
        return stale("already_so" if self.state == state else "ended_already")


class Refund(Life):
    machine = "refund"
    start = "requested"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.approvals = 0
        self.by_payout = False
        self.payout = ""
        self.key: str | None = None

    def totals(self) -> dict[str, object]:
        return {"due": self.terms.amount, "approvals": self.approvals, "by_payout": self.by_payout}

    @property
    def asking(self) -> bool:
        return self.state in ("requested", "awaiting_approval")

    @property
    def gone(self) -> bool:
        """With the gateway."""
        return self.state in ("sent", "processing", "unknown")

    @property
    def over(self) -> bool:
        return self.state in ("rejected", "cancelled", "failed")

    @property
    def unapproved(self) -> bool:
        return self.asking and (self.state == "awaiting_approval" or self.approvals < self.terms.approvals_needed)

    def become(self, state: str, reason: str = "none") -> Fate:
        self.state = state
        return applied(reason)

    # people

    def on_approved(self, event: Event) -> Fate:
        if self.over:
            return refused("ended_already")
        if not self.asking:
            return stale("already_so")
        if event.person == self.terms.requested_by:
            return refused("four_eyes")
        self.approvals += 1
        return self.become("approved" if self.approvals >= self.terms.approvals_needed else "awaiting_approval")

    def on_declined(self, event: Event) -> Fate:
        if self.asking or self.state == "approved":
            return self.become("rejected")
        return stale("ended_already") if self.over else refused("too_late")

    def on_cancelled(self, event: Event) -> Fate:
        if self.asking or self.state == "approved":
            return self.become("cancelled")
        if self.over:
            return stale("ended_already")
        if event.source in GATEWAY:
            if self.gone:
                return self.become("cancelled")
            if self.state == "refunded":
                return quarantined("failed_after_done")
        return refused("too_late")

    # our request

    def on_sent(self, event: Event) -> Fate:
        if self.key is not None and event.id != self.key:
            return refused("other_key")
        if self.unapproved:
            return refused("not_approved", again=True)
        if self.state in ("requested", "approved", "unknown"):
            self.key = event.id
            return self.become("sent")
        if self.state in ("sent", "processing", "refunded"):
            return stale("already_so")
        return refused("ended_already")

    def on_timed_out(self, event: Event) -> Fate:
        if self.state in ("approved", "sent"):
            return self.become("unknown")
        if self.asking:
            return quarantined("not_sent", again=True)
        if self.state == "in_payout":
            return quarantined("too_late")
        return stale("already_so" if self.state == "unknown" else "ended_already")

    def on_not_found(self, event: Event) -> Fate:
        if self.state == "unknown":
            return self.become("approved", "send_again")
        if self.state == "sent":
            return self.become("unknown", "unknown_first")
        if self.asking or self.state == "approved":
            return stale("already_so")
        if self.state in ("processing", "refunded"):
            return quarantined("failed_after_done")
        return stale("ended_already")

    # the gateway

    def on_processing(self, event: Event) -> Fate:
        if self.unapproved:
            return quarantined("not_approved", again=True)
        if self.state in ("requested", "approved", "sent", "unknown"):
            return self.become("processing")
        if self.state == "processing":
            return stale("already_so")
        if self.state in ("refunded", "failed"):
            return stale("ended_already")
        return quarantined("against_our_word")

    def on_refunded(self, event: Event) -> Fate:
        if event.amount is not None and event.amount != self.terms.amount:
            return quarantined("amount_differs")
        if self.state == "refunded":
            return quarantined("paid_again")
        if self.state == "in_payout":
            return quarantined("against_our_word", again=True)
        if self.state in ("rejected", "cancelled"):
            reason = "against_our_word"
        elif self.state == "failed":
            reason = "corrected"
        else:
            reason = "without_approval" if self.unapproved else "none"
        self.post(refunds=self.terms.amount, gateway=-self.terms.amount)
        return self.become("refunded", reason)

    def on_failed(self, event: Event) -> Fate:
        if self.unapproved:
            return quarantined("not_sent", again=True)
        if self.gone or self.state in ("requested", "approved"):
            return self.become("failed")
        if self.state == "refunded" and not self.by_payout:
            self.post(refunds=-self.terms.amount, gateway=self.terms.amount)
            return self.become("failed", "came_back")
        return stale("ended_already")

    # a payout

    def on_payout_started(self, event: Event) -> Fate:
        if self.unapproved:
            return refused("not_approved", again=True)
        if self.state in ("requested", "approved", "failed"):
            self.post(refunds=self.terms.amount, payouts=-self.terms.amount)
            self.by_payout, self.payout = True, event.name
            return self.become("in_payout")
        if self.gone:
            return refused("unknown_first", again=True)
        if self.state == "in_payout":
            return refused("already_so", again=True)
        return refused("ended_already")

    def on_payout_collected(self, event: Event) -> Fate:
        if event.name == self.payout and self.state in ("in_payout", "approved"):
            self.by_payout = True
            if self.state == "in_payout":
                return self.become("refunded")
            self.post(refunds=self.terms.amount, payouts=-self.terms.amount)
            return self.become("refunded", "collected_late")
        return quarantined("no_payout", again=True)

    def on_payout_failed(self, event: Event) -> Fate:
        if self.state == "in_payout" and event.name == self.payout:
            return self.give_up_payout()
        if self.state == "refunded" and self.by_payout:
            return stale("ended_already")
        return quarantined("no_payout", again=True)

    def on_payout_returned(self, event: Event) -> Fate:
        if self.state in ("in_payout", "refunded") and self.by_payout and event.name == self.payout:
            self.payout = ""
            return self.give_up_payout()
        return quarantined("no_payout", again=True)

    def give_up_payout(self) -> Fate:
        self.post(refunds=-self.terms.amount, payouts=self.terms.amount)
        self.by_payout = False
        return self.become("approved", "came_back")


class Payout(Life):
    machine = "payout"
    start = "created"

    def __init__(self, terms: Terms) -> None:
        super().__init__(terms)
        self.committed = False
        self.key: str | None = None

    def totals(self) -> dict[str, object]:
        return {"due": self.terms.amount, "committed": self.committed, "expires": self.expires}

    @property
    def live_still(self) -> bool:
        return self.state in ("created", "sent", "unknown", "waiting")

    def become(self, state: str, reason: str = "none") -> Fate:
        self.state = state
        return applied(reason)

    def commit(self) -> None:
        if not self.committed and not self.terms.linked:
            self.post(merchant=self.terms.amount, payouts=-self.terms.amount)
        self.committed = True

    def release(self) -> None:
        if self.committed and not self.terms.linked:
            self.post(payouts=self.terms.amount, merchant=-self.terms.amount)
        self.committed = False

    def on_sent(self, event: Event) -> Fate:
        if self.key is not None and event.id != self.key:
            return refused("other_key")
        if self.state in ("created", "unknown"):
            self.key = event.id
            self.commit()
            return self.become("sent")
        if self.state in ("sent", "waiting", "collected"):
            return stale("already_so")
        return refused("ended_already")

    def on_timed_out(self, event: Event) -> Fate:
        if self.state in ("created", "sent"):
            self.commit()
            return self.become("unknown")
        return stale("already_so" if self.state == "unknown" else "ended_already")

    def on_not_found(self, event: Event) -> Fate:
        if self.state == "unknown":
            return self.become("created", "send_again")
        if self.state == "sent":
            return self.become("unknown", "unknown_first")
        if self.state == "created":
            return stale("already_so")
        if self.state in ("waiting", "collected"):
            return quarantined("failed_after_done")
        return stale("ended_already")

    def on_waiting(self, event: Event) -> Fate:
        if self.state in ("created", "sent", "unknown", "expired"):
            reason = "reopened" if self.state == "expired" else "none"
            self.commit()
            return self.become("waiting", reason)
        if self.state == "waiting":
            return stale("already_so")
        if self.state in ("reversed", "rejected"):
            return quarantined("open_after_end")
        return stale("ended_already")

    def on_collected(self, event: Event) -> Fate:
        if event.amount is not None and event.amount != self.terms.amount:
            return quarantined("amount_differs")
        if self.state in ("collected", "returned"):
            return quarantined("collected_twice")
        reason = "none" if self.live_still else "collected_late"
        self.commit()
        self.post(payouts=self.terms.amount, gateway=-self.terms.amount)
        return self.become("collected", reason)

    def on_returned(self, event: Event) -> Fate:
        if self.state == "returned":
            return stale("already_so")
        if self.state != "collected":
            return quarantined("not_collected", again=True)
        self.post(gateway=self.terms.amount, payouts=-self.terms.amount)
        self.release()
        return self.become("returned", "came_back")

    def on_expired(self, event: Event) -> Fate:
        if self.live_still:
            if event.source == "clock" and self.expires is not None and event.at < self.expires:
                return stale("expiry_moved")
            if self.state in ("sent", "unknown") and event.source not in GATEWAY:
                return refused("unknown_first", again=True)
            self.release()
            return self.become("expired")
        return stale("already_so" if self.state == "expired" else "ended_already")

    def on_reversed(self, event: Event) -> Fate:
        told_by_gateway = event.source in GATEWAY
        if self.state in ("created", "waiting") or (self.state in ("sent", "unknown") and told_by_gateway):
            self.release()
            return self.become("reversed")
        if self.state in ("sent", "unknown"):
            return refused("unknown_first", again=True)
        if self.state == "collected":
            return quarantined("failed_after_done") if told_by_gateway else refused("too_late")
        return stale("already_so" if self.state == "reversed" else "ended_already")

    def on_rejected(self, event: Event) -> Fate:
        if self.state == "waiting" and event.code == "no_cash":
            return applied("point_empty")
        if self.live_still:
            self.release()
            return self.become("rejected")
        if self.state == "collected":
            return quarantined("failed_after_done")
        return stale("already_so" if self.state == "rejected" else "ended_already")


LIVES: dict[str, Callable[[Terms], Life]] = {"voucher": Voucher, "refund": Refund, "payout": Payout}


def fold(terms: Terms, events: Iterable[Event]) -> Result:
    fates: dict[Event, Fate] = {}
    facts = distinct(terms.machine, events, fates)
    if terms.machine == "voucher":
        facts += [payment for _, payment in implied_payments(facts)]
    life = LIVES[terms.machine](terms)
    life.live(sorted(facts, key=lambda event: in_time(terms.machine, event)), fates)
    return Result(life.state, life.totals(), life.accounts, fates, life.states, life.trail)
