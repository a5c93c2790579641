"""What each gateway does with cash: expiry, amounts, refunds, payouts, approvals, daily limits. A table of your own replaces rows::

    [[expiry]]                  # how long a voucher can be paid
    gateway = "pagoefectivo"    # lower case, as everywhere in cuadre
    country = "PE"              # CO or PE
    default = "48 h"            # s, min, h or d
    least = "24 h"
    most = "72 h"
    ends_after = "30 d"         # the gateway cancels it by itself
    reopens = true              # an expired one can be given a new date
    late = "review"             # what a late payment meets: review, refunded_to_payer, asked

    [[amount]]                  # of one voucher
    currency = "PEN"
    minimum = "1.00"
    maximum = "5000.00"

    [[refund]]
    offered = true              # false: a payout must take it over
    whole_only = true           # no parts
    after_settlement = true     # not before the payment was handed on
    window = "90 d"             # from the first payment; left out: none known
    repeated = true             # several parts
    by_api = true               # false: asked for outside of the API
    means = "account"           # account, bank_transfer, payout, manual

    [[payout]]                  # cash that is paid out
    window = "72 h"             # to collect it
    returns = true              # may come back after it was completed
    documents = ["DNI", "CE"]   # what it is paid against
    document_rule = "register"  # which rule of cuadre.document decides

    [[approval]]                # persons, none of them who asked
    currency = "PEN"
    tiers = [{ above = "0", approvals = 1 }, { above = "2000", approvals = 2 }]

    [[limit]]                   # of payouts in one local day
    currency = "PEN"
    merchant_day = "50000"
    person_day = "2000"

Each row has gateway, country, valid_from, valid_to, status, source and note too. What cuadre ships says by its status how it is known:
official (read at the owner), published (printed by somebody who sells it, or more than once), unverified (one weak source, or a
silence), seeds (the project's first documents alone), ours (a default of cuadre, to be replaced); the weak ones say so when used. Approvals and limits may leave out gateway and
country: they then hold for every one that has no row of its own. A row of yours replaces the whole shipped row of its subject.
No clock is read: without a day the newest row is taken.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import os
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base import dated, moments
from cuadre.base.text import closest
from cuadre.gateways._profile_rows import Amount, Approval, Expiry, Limit, Payout, Refund, Row, read_rows

WEAK = ("unverified", "seeds")
CURRENCIES = {"CO": "COP", "PE": "PEN"}
_OFFSET_H = {"CO": -5, "PE": -5}  # no summer time in either since the 1990s


@dataclasses.dataclass(frozen=True, slots=True)
class RefundRules:
    """What can be given back, and when; the terms of a voucher keep a copy.

    Attributes:
        window_s: seconds from the first payment; -1: no limit known.
    """

    offered: bool = True
    whole_only: bool = False
    after_settlement: bool = False
    window_s: int = -1


@dataclasses.dataclass(frozen=True, slots=True)
class LimitVerdict:
    """Whether a payout fits into the day.

    Attributes:
        limit: "" where it does; else the limit that stops it, "person_day" or "merchant_day".
        left: what may still be paid out today under the tighter of the two, before this payout; None: no limit is set.
    """

    allowed: bool
    limit: str = ""
    left: _core.Money | None = None

    @property
    def sentence_en(self) -> str:
        left = "no limit is set" if self.left is None else f"{self.left} is left of today's limit"
        return left if self.allowed else f"too much for today ({self.limit}): {left}"

    @property
    def sentence_es(self) -> str:
        left = "no hay límite fijado" if self.left is None else f"quedan {self.left} del límite de hoy"
        return left if self.allowed else f"demasiado por hoy ({self.limit}): {left}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a gateway in a country on a day. What no row tells is None, and nothing is offered that no row offers."""

    gateway: str
    country: str
    currency: _core.Currency
    on: datetime.date | None = None
    expiry: Expiry | None = None
    amount: Amount | None = None
    refund: Refund | None = None
    payout: Payout | None = None
    approval: Approval | None = None
    limit: Limit | None = None

    @property
    def expiry_default_s(self) -> int | None:
        return self.expiry.default_s if self.expiry else None

    @property
    def expiry_min_s(self) -> int | None:
        return self.expiry.least_s if self.expiry else None

    @property
    def expiry_max_s(self) -> int | None:
        return self.expiry.most_s if self.expiry else None

    @property
    def reopens(self) -> bool:
        """Whether an expired voucher can be given a new date."""
        return bool(self.expiry and self.expiry.reopens)

    @property
    def amount_min(self) -> _core.Money | None:
        return self.amount.minimum if self.amount else None

    @property
    def amount_max(self) -> _core.Money | None:
        return self.amount.maximum if self.amount else None

    @property
    def refund_rules(self) -> RefundRules:
        if self.refund is None:
            return RefundRules(offered=False)
        row = self.refund
        return RefundRules(row.offered, row.whole_only, row.after_settlement, -1 if row.window_s is None else row.window_s)

    @property
    def payout_window_s(self) -> int | None:
        return self.payout.window_s if self.payout else None

    @property
    def payout_returns(self) -> bool:
        """Whether a payout may come back after it was completed."""
        return bool(self.payout and self.payout.returns)

    def rows(self) -> tuple[Row, ...]:
        """The rows it is made of."""
        return tuple(row for row in (self.expiry, self.amount, self.refund, self.payout, self.approval, self.limit) if row)

    def sources(self) -> dict[str, tuple[str, str, str]]:
        """What each subject rests on: status, source, note."""
        return {row.subject: (row.status, row.source, row.note) for row in self.rows()}

    def expires_after_s(self, wanted_s: int | None = None) -> int:
        """How long a new voucher lives: what you want, if the gateway allows it; else the default.

        Raises:
            ArgumentInvalidError: argument_invalid, for a time outside of what the gateway allows, or where none is wanted and
                no default is known.
        """
        if wanted_s is None:
            if self.expiry_default_s is None:
                raise errors.ArgumentInvalidError(f"no default expiry is known for {self._name}: say how long")
            return self.expiry_default_s
        least, most = self.expiry_min_s or 1, self.expiry_max_s
        if isinstance(wanted_s, bool) or not isinstance(wanted_s, int):
            raise errors.ArgumentInvalidError(f"an expiry is a whole number of seconds, not {type(wanted_s).__name__}")
        if wanted_s < least or (most is not None and wanted_s > most):
            span = f"from {least} s" + ("" if most is None else f" to {most} s")
            raise errors.ArgumentInvalidError(f"vouchers of {self._name} live {span}, not {wanted_s} s")
        return wanted_s

    def approvals_needed(self, amount: _core.Money) -> int:
        """How many persons must approve a refund or payout of that amount, none of them who asked; 0 where no row tells.

        Raises:
            CurrencyMismatchError: currency_mismatch. ArgumentInvalidError: argument_invalid, for an amount not above zero.
        """
        minor = self._minor(amount, "amount", 1)
        if self.approval is None:
            return 0
        return max((count for above, count in self.approval.tiers if minor > above.amount_minor), default=0)

    def check_limits(
        self, amount: _core.Money, *, paid_today_merchant: _core.Money, paid_today_person: _core.Money
    ) -> LimitVerdict:
        """Whether a payout fits into the day's limits; what was paid today, you know: ``local_day`` says which day it is.

        Args:
            paid_today_merchant: paid out by the merchant in this local day. paid_today_person: to this person.

        Raises:
            CurrencyMismatchError: currency_mismatch. ArgumentInvalidError: argument_invalid, for an amount not above zero, or
                less than nothing paid.
        """
        minor = self._minor(amount, "amount", 1)
        paid = {
            "person_day": self._minor(paid_today_person, "paid_today_person", 0),
            "merchant_day": self._minor(paid_today_merchant, "paid_today_merchant", 0),
        }
        left = {
            name: max(limit.amount_minor - paid[name], 0)
            for name in paid
            if self.limit is not None and (limit := getattr(self.limit, name)) is not None
        }
        if not left:
            return LimitVerdict(True)
        name = min(left, key=lambda limit: left[limit])  # the person's, where both leave the same
        stays = _core.Money.from_minor(left[name], self.currency)
        return LimitVerdict(True, "", stays) if minor <= left[name] else LimitVerdict(False, name, stays)

    def document(self, text: str, kind: str) -> _core.Document:
        """A buyer's document, judged by the rule that the gateway's payouts ask for; raises as ``rules.document``."""
        rule = self.payout.document_rule if self.payout else "register"
        dated.require_text(kind=kind)
        return _core.read_document(self.country, kind, text, rule)

    @property
    def _name(self) -> str:
        return f"{self.gateway} {self.country}"

    def _minor(self, amount: _core.Money, name: str, least: int) -> int:
        if not isinstance(amount, _core.Money):
            raise errors.FloatRefusedError(f"{name} is Money, not {type(amount).__name__}")
        if amount.currency != self.currency:
            raise errors.CurrencyMismatchError(f"{name} is in {amount.currency}, and the profile in {self.currency}")
        if amount.amount_minor < least:
            raise errors.ArgumentInvalidError(f"{name} is {amount}, and must be {'above zero' if least else 'zero or more'}")
        return amount.amount_minor


class ProfileTable:
    """Rows by subject, gateway, country, currency and day. Immutable; make it with ``ProfileTable.load``."""

    __slots__ = ("_layers",)

    def __init__(self, *layers: Iterable[Row]) -> None:
        self._layers = tuple(tuple(layer) for layer in layers)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, extend: bool = True) -> ProfileTable:
        """Reads a table of your own; ``cuadre.gateways.profiles`` shows the whole language.

        Args:
            extend: A row of yours replaces the shipped one of its subject, the others stay. False: yours alone.

        Raises:
            RuleInvalidError: rule_invalid, naming file and key; also for two rows that hold on the same day.
            FloatRefusedError: float_refused. FileMissingError, FileUnreadableError: file_missing, file_unreadable.
        """
        mine = _checked(dated.load(path), os.fspath(path))
        return cls(mine, *(shipped()._layers if extend else ()))

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for layer in self._layers for row in layer)

    def profile(
        self, gateway: str, *, country: str = "", currency: str | _core.Currency = "", on: datetime.date | None = None
    ) -> Profile:
        """What is known of a gateway; warns with UnverifiedRuleWarning, once, of what rests on a weak source.

        Args:
            country: "CO" or "PE"; may be left out for a gateway of one country.
            currency: default: the country's own.
            on: A datetime.date; None takes the newest rows.

        Raises:
            RuleUnknownError: rule_unknown, naming the closest gateway, or the countries it is known in.
            CurrencyUnknownError: currency_unknown. ArgumentInvalidError: argument_invalid, for words that are no text.
        """
        dated.require_text(gateway=gateway, country=country)
        gateway = gateway.casefold()
        country = self._country(gateway, country.upper())
        unit = _core.Currency(currency or CURRENCIES.get(country, ""))
        found: dict[str, Any] = {}
        for kind in (Expiry, Amount, Refund, Payout, Approval, Limit):
            found[kind.subject] = self._pick(kind, gateway, country, unit, on)
        made = Profile(gateway=gateway, country=country, currency=unit, on=on, **found)
        weak = [f"{row.subject} ({row.status}: {row.note or row.source})" for row in made.rows() if row.status in WEAK]
        if weak:
            message = f"{gateway} {country} rests on weak sources: {'; '.join(weak)}"
            warnings.warn(message, dated.UnverifiedRuleWarning, stacklevel=3 if self is shipped() else 2)
        return made

    def _country(self, gateway: str, country: str) -> str:
        mine = {row.country for row in self.rows if gateway and row.gateway == gateway}
        known = sorted(mine - {""}) or sorted(CURRENCIES)  # approvals and limits may leave the country out
        if not mine:
            names = sorted({row.gateway for row in self.rows if row.gateway})
            raise errors.RuleUnknownError(f'no gateway "{gateway[:64]}" has a profile: {closest(gateway[:64], names)}')
        if country in known:
            return country
        if not country and len(known) == 1:
            return known[0]
        said = f"{gateway} is known in {' and '.join(known)}"
        raise errors.RuleUnknownError(f"{said}: say country=" if not country else f"{said}, not in {country[:8]}")

    def _pick(
        self, kind: type[Row], gateway: str, country: str, currency: _core.Currency, on: datetime.date | None
    ) -> Row | None:
        """The narrowest row of the first layer that has one; a row for every gateway stands behind all that name one."""
        wanted = [(gateway, country), (gateway, ""), ("", country), ("", "")]
        for narrow in wanted:
            for layer in self._layers:
                fits = [row for row in layer if isinstance(row, kind) and (row.gateway, row.country) == narrow]
                if found := dated.pick([row for row in fits if row.currency in (None, currency)], on):
                    return found
        return None


def _checked(spec: Mapping[str, Any], file: str) -> tuple[Row, ...]:
    rows = read_rows(spec, file)
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.subject, row.gateway, row.country, str(row.currency)), []).append(row)
    for key, group in groups.items():
        if clash := dated.overlapping(group):
            days = " and ".join(dated.span(row) for row in clash)
            raise errors.RuleInvalidError(
                f"two rows hold on the same day: {' '.join(filter(None, key))}, {days}", file=file or None
            )
    return rows


@functools.cache
def shipped() -> ProfileTable:
    """The table that comes with cuadre."""
    return ProfileTable(_checked(_shipped_tables(), ""))


def _shipped_tables() -> dict[str, Any]:
    """All of them as one table: a gateway's rows stand in the folder of its name, those for every gateway here."""
    here = Path(__file__).parent
    tables: dict[str, Any] = {}
    for path in (*sorted(here.glob("*/profile.toml")), here / "profile.toml"):
        of = {} if path.parent == here else {"gateway": path.parent.name}
        for subject, rows in dated.load(path).items():
            tables.setdefault(subject, []).extend({**of, **row} for row in rows)
    return tables


def profile(
    gateway: str, *, country: str = "", currency: str | _core.Currency = "", on: datetime.date | None = None
) -> Profile:
    """A profile of the shipped table; see ``ProfileTable.profile``. ``profile("payu", country="CO").expiry_max_s``."""
    return shipped().profile(gateway, country=country, currency=currency, on=on)


def local_day(at: datetime.datetime | int, country: str) -> datetime.date:
    """The calendar day of an instant where the buyer is. Colombia and Peru are five hours behind UTC, all year.

    Args:
        at: A datetime with its zone, or UTC microseconds since 1970.
        country: "CO" or "PE".

    Raises:
        ArgumentInvalidError: argument_invalid, for a time without a zone or out of range. RuleUnknownError: rule_unknown, for
            another country.
    """
    dated.require_text(country=country)
    if country.upper() not in _OFFSET_H:
        raise errors.RuleUnknownError(f'the zone of "{country[:8]}" is not known; known are CO and PE')
    if isinstance(at, datetime.datetime) and at.tzinfo is None:
        raise errors.ArgumentInvalidError(f"{at} has no zone: give it one, such as datetime.UTC")
    if isinstance(at, bool) or not isinstance(at, datetime.datetime | int):
        raise errors.ArgumentInvalidError(
            f"an instant is a datetime with a zone or whole microseconds, not {type(at).__name__}"
        )
    try:
        instant = moments.from_us(at) if isinstance(at, int) else at
        return instant.astimezone(datetime.timezone(datetime.timedelta(hours=_OFFSET_H[country.upper()]))).date()
    except OverflowError:
        raise errors.ArgumentInvalidError(f"{at} is no day of the calendar") from None


def listing() -> list[dict[str, str]]:
    """The shipped rows as ``cuadre rules`` prints them."""
    return [
        {
            "kind": "profile", "name": row.gateway or "(every)", "country": row.country, "place": row.subject,
            "variant": str(row.currency or ""), "value": row.summary(),
            **{key: str(getattr(row, key) or "") for key in ("valid_from", "valid_to", "status", "source", "note")},
        }
        for row in shipped().rows
    ]  # fmt: skip
