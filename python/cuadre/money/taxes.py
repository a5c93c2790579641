"""Taxes as dated data. A table of your own replaces or extends what is shipped::

    [[tax]]
    name = "ICA"                # what you ask for
    country = "CO"              # two letters
    place = "medellin"          # a municipality; empty: the whole country
    kind = "services"           # where one name has several rates; empty: the usual one
    base = "sale"               # of what the tax is taken, in your words
    currency = "COP"
    rate = "10‰"                # text with %, ‰ or a fraction; a TOML float is refused
    rounding = "half_even"      # one of the ten names of cuadre.money
    step = "0.01"               # rounded to multiples of it; default: the minor unit
    minimum_base = "100000"     # a smaller base pays nothing; or minimum_uvt = 2
    exempt_uvt = 350            # what of a month pays nothing (GMF)
    shares = [{ name = "IGV", rate = "16%" }, { name = "IPM", rate = "2%" }]   # what the tax consists of
    valid_from = 2026-01-01
    valid_to = 2026-12-31
    status = "published"        # official, published or unverified
    source = "https://..."
    note = "..."

    [[uvt]]                     # Colombia's unit of tax value; valid_from, valid_to, value, status, source, note

No clock is read: without a day the newest row is taken.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import os
import warnings
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base import dated
from cuadre.base.text import closest

_ABOUT = ("valid_from", "valid_to", "status", "source", "note")
_KEYS = (
    "name", "country", "place", "kind", "base", "currency", "rate", "rounding", "step", "minimum_base", "minimum_uvt",
    "exempt_uvt", "shares", *_ABOUT,
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class TaxParts:
    """Parts that add up: ``net + tax == gross``, and the shares are the tax.

    Attributes:
        rounded_away: of the tax, exact less rounded, in minor units; 0 where parts of a price are cut.
        shares: what of the tax is what, where the rule divides it ("IGV", "IPM").
    """

    net: _core.Money
    tax: _core.Money
    rounded_away: Fraction = Fraction(0)
    shares: Mapping[str, _core.Money] = dataclasses.field(default_factory=dict, hash=False)

    @property
    def gross(self) -> _core.Money:
        return self.net + self.tax


class TaxRule:
    """One tax: a rate, its rounding, and where that is known from. Immutable.

    Args:
        name: "IVA". rate: "19%", "4.14‰", a Fraction or a Decimal; never a float.
        currency: of the amounts it is for. Others are refused.
        rounding, step, minimum_base: as in the table; see ``cuadre.money.taxes``.

    Raises:
        RuleInvalidError: rule_invalid, naming the key. FloatRefusedError: float_refused.
    """

    __slots__ = (
        "_core", "base", "country", "currency", "exempt_uvt", "kind", "minimum_base", "minimum_uvt", "name", "note", "place",
        "rate", "rounding", "shares", "source", "status", "step", "valid_from", "valid_to",
    )  # fmt: skip

    def __init__(self, *, uvt: Uvt | None = None, _file: str = "", _path: str = "", **row: Any) -> None:
        keys = dated.Keys(row, _path, _file, _KEYS)
        code = keys.currency()
        self.currency = _core.Currency(code)
        self.name, self.country, self.place = keys.required("name"), keys.text("country"), keys.text("place")
        self.kind, self.base = keys.text("kind"), keys.text("base", "sale")
        if "rate" not in row:
            raise keys.invalid("rate", "is missing")
        self.rate, self.rounding = keys.ratio("rate"), keys.mode("rounding")
        self.minimum_uvt, self.exempt_uvt = keys.ratio("minimum_uvt"), keys.ratio("exempt_uvt")
        if self.minimum_uvt and "minimum_base" in row:
            raise keys.invalid("minimum_uvt", "stands instead of minimum_base, not beside it")
        self.valid_from, self.valid_to = keys.validity()
        self.status = keys.text("status", "", ("", *dated.STATUSES))
        self.source, self.note = keys.text("source"), keys.text("note")
        shares = [dated.Keys(item, f"{_path}.shares", _file, ("name", "rate")) for item in keys.tables("shares")]
        self.shares = {share.required("name"): share.ratio("rate") for share in shares}
        step = keys.minor("step", code)
        minimum = keys.minor("minimum_base", code) or 0
        if self.minimum_uvt and uvt is not None:
            minimum = uvt.of(self.minimum_uvt).amount_minor
        try:
            self._core = _core.TaxRule(
                self.name, self.rate, self.rounding, 1 if step is None else step, minimum, list(self.shares.items())
            )
        except errors.RuleInvalidError as error:
            raise keys.invalid("", error.message) from None
        self.step = _core.Money.from_minor(1 if step is None else step, code)
        self.minimum_base = _core.Money.from_minor(minimum, code)

    @property
    def unverified(self) -> bool:
        """Whether it rests on a weak source; ``note`` says what is not certain."""
        return self.status == "unverified"

    def on(self, base: _core.Money) -> TaxParts:
        """The tax on top of ``base``; of a negative base it is minus the tax of its opposite.

        Raises:
            CurrencyMismatchError: currency_mismatch. AmountOverflowError: amount_overflow. FloatRefusedError: float_refused.
        """
        net, tax, shares, rest = self._core.on(self._mine(base))
        return TaxParts(net, tax, rest, dict(zip(self.shares, shares, strict=True)))

    def inside(self, gross: _core.Money) -> TaxParts:
        """The parts of a price with the tax in it: the net is rounded, the tax is the rest.

        Raises:
            ArgumentInvalidError: argument_invalid, for a negative price. Else as on().
        """
        return self._parts(*self._core.inside(self._mine(gross)))

    def refund(self, gross: _core.Money, *, now: _core.Money, before: _core.Money | None = None) -> TaxParts:
        """The parts that go back when ``now`` of a price is refunded after ``before`` of it was.

        Over any number of refunds no part exceeds what ``inside(gross)`` says, and when all is refunded they are exactly that.

        Raises:
            ArgumentInvalidError: argument_invalid, where more is refunded than the price. Else as on().
        """
        done = self._mine(gross) - gross if before is None else self._mine(before)
        return self._parts(*self._core.refund(gross, done, self._mine(now)))

    def _parts(self, net: _core.Money, tax: _core.Money, shares: list[_core.Money]) -> TaxParts:
        return TaxParts(net, tax, shares=dict(zip(self.shares, shares, strict=True)))

    def _mine(self, money: _core.Money) -> _core.Money:
        if not isinstance(money, _core.Money):
            raise errors.FloatRefusedError(f"a tax is on Money, not {type(money).__name__}")
        if money.currency != self.currency:
            raise errors.CurrencyMismatchError(f"{self.name} is in {self.currency}, the amount in {money.currency}")
        return money

    def __repr__(self) -> str:
        where = " ".join(part for part in (self.name, self.country, self.place, self.kind) if part)
        return f"<TaxRule {where} {dated.percent(self.rate)} {dated.span(self)} {self.status or 'your own'}>"


@dataclasses.dataclass(frozen=True, slots=True)
class Uvt:
    """Colombia's unit of tax value in one year."""

    value: _core.Money
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    status: str = ""
    source: str = ""
    note: str = ""

    def of(self, count: int | Fraction | str, *, exact: bool = False) -> _core.Money:
        """So many UVT in pesos, rounded to the nearest 1000 as returns and tables are (arts. 577 and 802); ties go up.

        Args:
            exact: Not rounded to thousands, as the GMF exemption is quoted; to the centavo, down.
        """
        minor = self.value.amount_minor * dated.ratio_of(count)
        step = 1 if exact else 100_000
        steps = minor // step if exact else (minor / step + Fraction(1, 2)) // 1
        return _core.Money.from_minor(int(steps) * step, self.value.currency)

    @property
    def unverified(self) -> bool:
        return self.status == "unverified"


@dataclasses.dataclass(frozen=True, slots=True)
class Gmf:
    """One charge of the 4x1000: the tax, what of the amount was taxed and exempt, and the exemption used up by now."""

    tax: _core.Money
    taxed: _core.Money
    exempt: _core.Money
    exempt_used: _core.Money


class TaxTable:
    """Tax rules by name, country, place, kind and day. Immutable; make it with ``TaxTable.load``."""

    __slots__ = ("_rows", "_uvt")

    def __init__(self, rows: Iterable[tuple[str, str, Mapping[str, Any]]], uvt: Iterable[Uvt]) -> None:
        self._uvt = tuple(uvt)
        self._rows = tuple((dict(row), TaxRule(_file=file, _path=path, **row)) for file, path, row in rows)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, extend: bool = True) -> TaxTable:
        """Reads a table of your own; ``cuadre.money.taxes`` shows the whole language.

        Args:
            extend: Rows of yours go before the shipped ones, which stay for what you do not say. False: yours alone.

        Raises:
            RuleInvalidError: rule_invalid, naming file and key; also for two rows that hold on the same day.
            FloatRefusedError: float_refused. FileMissingError, FileUnreadableError: file_missing, file_unreadable.
        """
        mine = _read(dated.load(path), os.fspath(path))
        return _joined(mine, shipped()) if extend else mine

    @property
    def rows(self) -> tuple[TaxRule, ...]:
        return tuple(rule for _, rule in self._rows)

    @property
    def uvt_rows(self) -> tuple[Uvt, ...]:
        return self._uvt

    def tax(self, name: str, *, country: str = "", place: str = "", kind: str = "", on: datetime.date | None = None) -> TaxRule:
        """The rule of that name and day; warns with UnverifiedRuleWarning where it rests on a weak source.

        Args:
            on: A datetime.date; None takes the newest row.

        Raises:
            RuleUnknownError: rule_unknown, saying what is known.
        """
        dated.require_text(name=name, country=country, place=place, kind=kind)
        wanted = tuple(part.casefold() for part in (name, country, place, kind))
        named = [pair for pair in self._rows if pair[1].name.casefold() == wanted[0]]
        near = [(row, rule) for row, rule in named if _key(rule) == wanted or (not country and _key(rule)[2:] == wanted[2:])]
        if not country and len({rule.country for _, rule in near}) > 1:
            raise errors.RuleUnknownError(f"{name} is a tax of several countries: say country=")
        rule = dated.pick([rule for _, rule in near], on)
        if rule is None:
            raise errors.RuleUnknownError(_unknown(self.rows, [r for _, r in named], name, country, place, kind, on))
        if rule.minimum_uvt:
            row = next(row for row, known in near if known is rule)
            rule = TaxRule(uvt=self.uvt(on=on), **row)
        _warn(rule, f"{rule.name} {rule.country}")
        return rule

    def uvt(self, *, on: datetime.date | None = None) -> Uvt:
        """The unit of that day. Raises RuleUnknownError: rule_unknown."""
        found = dated.pick(self._uvt, on)
        if found is None:
            known = ", ".join(dated.span(row) for row in self._uvt) or "none"
            raise errors.RuleUnknownError(f"no UVT is known for {on}; known: {known}")
        _warn(found, "UVT")
        return found

    def gmf(self, amount: _core.Money, *, exempt_used: _core.Money | None = None, on: datetime.date | None = None) -> Gmf:
        """The 4x1000 on taking ``amount`` out of an account.

        Args:
            exempt_used: What of this month's exemption went before (zero for the first time); pass on what comes back.
                None: an account without exemption.

        Raises:
            ArgumentInvalidError: argument_invalid, for a negative amount. Else as tax() and TaxRule.on().
        """
        rule = self.tax("GMF", country="CO", on=on)
        zero = rule._mine(amount) - amount
        used = zero if exempt_used is None else rule._mine(exempt_used)
        if amount < zero or used < zero:
            raise errors.ArgumentInvalidError(f"GMF is on what leaves an account: {amount} and {used} are not negative")
        exempt = zero
        if exempt_used is not None:
            left = self.uvt(on=on).of(rule.exempt_uvt, exact=True) - used
            exempt = min(amount, max(left, zero))
        return Gmf(rule.on(amount - exempt).tax, amount - exempt, exempt, used + exempt)


def _key(rule: TaxRule) -> tuple[str, str, str, str]:
    return (rule.name.casefold(), rule.country.casefold(), rule.place.casefold(), rule.kind.casefold())


def _warn(row: TaxRule | Uvt, what: str) -> None:
    if row.unverified:
        message = f"{what} is not verified: {row.note or row.source}"
        warnings.warn(message, dated.UnverifiedRuleWarning, stacklevel=4)


def _unknown(
    rows: Iterable[TaxRule], named: list[TaxRule], name: str, country: str, place: str, kind: str, on: datetime.date | None
) -> str:
    asked = " ".join(part for part in (name, country, place, kind, f"on {on}" if on else "") if part)
    if not named:
        return f"no tax {asked} is known: {closest(name, sorted({row.name for row in rows}))}"
    known = "; ".join(" ".join(p for p in (r.name, r.country, r.place, r.kind, dated.span(r)) if p) for r in named)
    return f"no rule for {asked}; known: {known}"


def _joined(first: TaxTable, second: TaxTable) -> TaxTable:
    both = TaxTable((), (*first._uvt, *second._uvt))
    both._rows = (*first._rows, *second._rows)
    return both


def _read(spec: Mapping[str, Any], file: str) -> TaxTable:
    top = dated.Keys(spec, "", file, ("tax", "uvt"))
    units = []
    for number, item in enumerate(top.tables("uvt"), 1):
        keys = dated.Keys(item, f"uvt[{number}]", file, ("value", *_ABOUT))
        minor = keys.minor("value", "COP")
        if minor is None or minor <= 0:
            raise keys.invalid("value", "is missing or not positive")
        status = keys.text("status", "", ("", *dated.STATUSES))
        value = _core.Money.from_minor(minor, "COP")
        units.append(Uvt(value, *keys.validity(), status, keys.text("source"), keys.text("note")))
    rows = []
    for number, item in enumerate(top.tables("tax"), 1):
        dated.Keys(item, f"tax[{number}]", file, _KEYS)
        rows.append((file, f"tax[{number}]", item))
    table = TaxTable(rows, units)
    groups: dict[tuple[str, ...], list[TaxRule]] = {}
    for rule in table.rows:
        groups.setdefault(_key(rule), []).append(rule)
    for rules in groups.values():
        if clash := dated.overlapping(rules):
            raise errors.RuleInvalidError(f"two rows hold on the same day: {clash[0]!r} and {clash[1]!r}", file=file or None)
    if both := dated.overlapping(units):
        days = " and ".join(dated.span(unit) for unit in both)
        raise errors.RuleInvalidError(f"two values of the UVT hold on the same day: {days}", file=file or None)
    return table


@functools.cache
def shipped() -> TaxTable:
    """The table that comes with cuadre."""
    return _read(dated.load(Path(__file__).with_name("taxes.toml")), "")


def tax(name: str, *, country: str = "", place: str = "", kind: str = "", on: datetime.date | None = None) -> TaxRule:
    """A tax of the shipped table; see ``TaxTable.tax``. ``tax("IVA", country="CO", on=day).inside(price)``."""
    return shipped().tax(name, country=country, place=place, kind=kind, on=on)


def uvt(*, on: datetime.date | None = None) -> Uvt:
    """Colombia's unit of tax value; see ``TaxTable.uvt``. ``uvt(on=day).of(10)``."""
    return shipped().uvt(on=on)


def gmf(amount: _core.Money, *, exempt_used: _core.Money | None = None, on: datetime.date | None = None) -> Gmf:
    """The 4x1000 under the shipped table; see ``TaxTable.gmf``."""
    return shipped().gmf(amount, exempt_used=exempt_used, on=on)
