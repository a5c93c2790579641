"""Fee contracts: what a gateway keeps of a sale, cent by cent. This is the whole language::

    name = "PayU Colombia, cards"
    currency = "COP"
    payer = "merchant"             # or "buyer": the fee is added to what the buyer pays
    source = "contract of 2026-01-05, annex 2"
    valid_from = 2026-01-01        # both may be left out; checked where apply() is told the day
    valid_to = 2026-12-31
    methods = ["card", "cash"]     # may be left out; where it is there, apply() knows no other
    rate = "2.99%"                 # "29.9‰" and "0.0299" say the same
    fixed = "800"                  # in major units, as text or a whole number: a TOML float is refused
    minimum = "2900"               # of rate and fixed part together, before the tax
    maximum = "50000"
    marginal = false               # with tiers: true takes each slice of the amount by its own tier

    [[tiers]]                      # instead of rate and fixed
    up_to = "100000"               # the last amount of the tier; the last tier has none
    rate = "3.49%"
    fixed = "300"
    [[tiers]]
    from = "100000.01"             # may be left out; where it is there it must continue the tier before
    rate = "2.99%"

    [tax]                          # on the fee
    name = "IVA"
    rate = "19%"
    included = false               # true: rate, fixed part, minimum and maximum hold the tax already

    [rounding]
    fee = "half_even"              # where money is rounded and how: the ten names of cuadre.money
    tax = "half_even"
    step = "0.01"                  # of the fee; default: the minor unit. minimum and maximum are multiples of it
    # one = "toward_zero"          # instead of fee and tax: the fee with its tax is rounded once, the tax is the rest

    [[withholdings]]
    name = "ICA"
    rate = "0.414%"
    on = "sale_net"                # sale, sale_net (without its tax), sale_tax, fee, fee_tax
    methods = ["card"]             # only for sales paid so, and apply() must be told how; left out: for all
    minimum_base = "0"             # a smaller base pays nothing
    rounding = "half_even"
    step = "0.01"

Unknown keys are errors. Every error is RuleInvalidError (FloatRefusedError for a float) and names the file and the key.
"""

from __future__ import annotations

import copy
import dataclasses
import datetime
import html
import os
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from cuadre import _core, errors
from cuadre.base import dated

_KEYS = (
    "name", "currency", "payer", "source", "valid_from", "valid_to", "methods", "rate", "fixed", "minimum", "maximum",
    "marginal", "tiers", "tax", "rounding", "withholdings",
)  # fmt: skip
_BASES = ("sale", "sale_net", "sale_tax", "fee", "fee_tax")


@dataclasses.dataclass(frozen=True, slots=True)
class FeeLine:
    """One cent-exact step: ``what`` is ``how``, exactly ``exact`` minor units, rounded by ``mode`` to ``amount``."""

    kind: str
    what: str
    how: str
    exact: Fraction
    mode: str
    step_minor: int
    amount: _core.Money

    @property
    def rounded_away(self) -> Fraction:
        """Exact less rounded, in minor units."""
        return self.exact - self.amount.amount_minor


@dataclasses.dataclass(frozen=True, slots=True)
class Fee:
    """What a sale costs. ``str(fee)`` and a notebook explain each cent.

    Attributes:
        amount: of the sale. fee: before tax. tax: on the fee. total: fee + tax.
        withheld: all withholdings. net: what the merchant gets. charged: what the buyer pays.
        lines: the steps, in order.
    """

    amount: _core.Money
    fee: _core.Money
    tax: _core.Money
    withheld: _core.Money
    total: _core.Money
    net: _core.Money
    charged: _core.Money
    lines: tuple[FeeLine, ...]

    def refund(self, now: _core.Money, *, before: _core.Money | None = None) -> dict[str, _core.Money]:
        """What of each line goes back when ``now`` of the sale is refunded after ``before`` of it was.

        In proportion, cut off to the minor unit; over any number of refunds never more than the line, and all of it in the end. (Of a
        sale of nothing nothing can be refunded, its fixed fee neither.)

        Raises:
            ArgumentInvalidError: argument_invalid, where more is refunded than was sold.
            CurrencyMismatchError: currency_mismatch.
        """
        done = self.amount - self.amount if before is None else before
        for money in (now, done):
            if not isinstance(money, _core.Money):
                raise errors.FloatRefusedError(f"a refund is Money, not {type(money).__name__}")
        shares = _core.refund_shares(self.amount, [line.amount for line in self.lines], done, now)
        return {line.what: share for line, share in zip(self.lines, shares, strict=True)}

    def _rows(self) -> list[tuple[str, ...]]:
        places = self.amount.currency.minor_units or 0
        rows: list[tuple[str, ...]] = [
            (line.what, _decimal(line.exact, places), line.mode, f"{line.amount.amount:,f}", _decimal(line.rounded_away, places), line.how)
            for line in self.lines
        ]  # fmt: skip
        sums = [("sale", self.amount), ("total", self.total), ("withheld", self.withheld)]
        sums += [("net", self.net), ("charged", self.charged)]
        return rows + [(name, "", "", f"{money.amount:,f}", "", "") for name, money in sums]

    def __str__(self) -> str:
        rows = [_HEAD, *self._rows()]
        widths = [max(len(row[column]) for row in rows) for column in range(5)]
        lines = []
        for what, exact, mode, amount, away, how in rows:
            lines.append(
                f"{what:<{widths[0]}}  {exact:>{widths[1]}}  {mode:<{widths[2]}}  {amount:>{widths[3]}}  {away:>{widths[4]}}  {how}".rstrip()
            )
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(cell)}</th>" for cell in _HEAD)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in self._rows())
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_HEAD = ("what", "exact", "rounding", "amount", "rounded away", "how")


def _decimal(minor: Fraction, places: int) -> str:
    """Minor units as major ones; with up to nine more decimals where they end, otherwise as a fraction."""
    for more in range(10):
        scaled = minor * 10**more
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + more + 1}d}"
            cut = len(digits) - places - more
            return ("-" if minor < 0 else "") + digits[:cut] + ("." + digits[cut:] if places + more else "")
    return str(minor / 10**places)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class FeeColumns:
    """Fees of a column of sales: what ``column.fee(schedule)`` gives, with the names of ``Fee``. Nulls where the sale is null."""

    amount: _core.MoneyColumn
    fee: _core.MoneyColumn
    tax: _core.MoneyColumn
    withheld: _core.MoneyColumn
    net: _core.MoneyColumn
    buyer_pays: bool

    @property
    def total(self) -> _core.MoneyColumn:
        """Fee and tax. Raises AmountOverflowError."""
        return self.fee + self.tax

    @property
    def charged(self) -> _core.MoneyColumn:
        """What the buyers pay. Raises AmountOverflowError."""
        return self.amount + self.total if self.buyer_pays else self.amount


class FeeSchedule:
    """One checked fee contract. Immutable; make it with ``FeeSchedule.load`` or ``FeeSchedule.from_dict``."""

    __slots__ = ("_core", "_spec", "currency", "file", "methods", "name", "payer", "source", "valid_from", "valid_to")

    def __init__(self, spec: Mapping[str, Any], file: str = "") -> None:
        keys = dated.Keys(spec, "", file, _KEYS)
        self.file, self._spec = file, copy.deepcopy(dict(spec))
        self.name = keys.required("name")
        self.currency = _core.Currency(keys.currency())
        self.payer = keys.text("payer", "merchant", ("merchant", "buyer"))
        self.source = keys.text("source")
        self.valid_from, self.valid_to = keys.validity()
        try:
            self._core = _build(keys, self.name, self.currency.code, self.payer)
        except errors.RuleInvalidError as error:
            raise errors.RuleInvalidError(error.message, file=file or None) from None
        self.methods = _methods(keys)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> FeeSchedule:
        """Reads a contract from a TOML file; ``cuadre.money.fees`` shows the whole language.

        Raises:
            FileMissingError, FileUnreadableError: file_missing, file_unreadable.
            RuleInvalidError: rule_invalid, naming the key.
            FloatRefusedError: float_refused, for a number with a point that is not in quotes.
        """
        return cls(dated.load(path), os.fspath(path))

    @classmethod
    def from_dict(cls, spec: Mapping[str, Any]) -> FeeSchedule:
        """The same from a dictionary; amounts may be Money and Decimal, rates Fraction and Decimal too."""
        return cls(spec)

    def apply(
        self,
        amount: _core.Money,
        *,
        method: str | None = None,
        sale_tax: _core.Money | None = None,
        on: datetime.date | None = None,
    ) -> Fee:
        """What a sale of ``amount`` costs.

        Args:
            amount: The sale, not negative.
            method: How it was paid, in the contract's words ("card"); withholdings may depend on it.
            sale_tax: The tax in the sale; needed where a withholding looks at it.
            on: The day; outside the contract's validity is an error. None: not checked.

        Raises:
            CurrencyMismatchError: currency_mismatch. ArgumentInvalidError: argument_invalid.
            AmountOverflowError: amount_overflow. FloatRefusedError: float_refused, where an amount is not Money.
            RuleUnknownError: rule_unknown, where the contract does not hold on that day.
        """
        if not isinstance(amount, _core.Money):
            raise errors.FloatRefusedError(f"amount is Money, not {type(amount).__name__}")
        known = self.checked(method, on)
        amount, fee, tax, withheld, total, net, charged, found = self._core.apply(amount, known, self._sale_tax(sale_tax))
        lines = tuple(
            FeeLine(kind, what, how, exact, mode, step_minor, _core.Money.from_minor(minor, self.currency))
            for kind, what, how, exact, mode, step_minor, minor in found
        )
        return Fee(amount, fee, tax, withheld, total, net, charged, lines)

    def checked(self, method: str | None, on: datetime.date | None = None) -> str:
        """The method as the contract writes it, "" for none, once it and the day are known to fit.

        Raises:
            ArgumentInvalidError: argument_invalid, for a method that the contract does not know, or none where one decides.
            RuleUnknownError: rule_unknown, where the contract does not hold on that day.
        """
        if on is not None and dated.pick([self], on) is None:
            raise errors.RuleUnknownError(f'"{self.name}" holds {dated.span(self)}, not on {on}', file=self.file or None)
        declared, named = self.methods
        if method is None:
            if named:
                raise errors.ArgumentInvalidError(
                    f'"{self.name}" withholds by method: say how it was paid, method="{named[0]}" or another'
                )
            return ""
        if not isinstance(method, str):
            raise errors.ArgumentInvalidError(f"method is text, not {type(method).__name__}")
        if declared and method not in declared:
            raise errors.ArgumentInvalidError(f'"{self.name}" knows no method {method!a}: {", ".join(declared)}')
        for name in named:
            if method != name and method.strip().casefold() == name.casefold():
                raise errors.ArgumentInvalidError(f'method {method!a} is written "{name}" in "{self.name}"')
        return method if method in named else ""

    def columns(
        self, amounts: _core.MoneyColumn, fee: _core.MoneyColumn, tax: _core.MoneyColumn, withheld: _core.MoneyColumn,
        net: _core.MoneyColumn,
    ) -> FeeColumns:  # fmt: skip
        """What ``MoneyColumn.fee`` gives, of the columns that the core worked out. Raises nothing."""
        return FeeColumns(amounts, fee, tax, withheld, net, self.payer == "buyer")

    def __reduce__(self) -> tuple[type[FeeSchedule], tuple[dict[str, Any], str]]:
        return FeeSchedule, (self._spec, self.file)

    def _sale_tax(self, sale_tax: _core.Money | None) -> int | None:
        if sale_tax is None:
            return None
        if not isinstance(sale_tax, _core.Money):
            raise errors.FloatRefusedError(f"sale_tax is Money, not {type(sale_tax).__name__}")
        if sale_tax.currency != self.currency:
            raise errors.CurrencyMismatchError(f"the sale tax is in {sale_tax.currency}, the contract in {self.currency}")
        return sale_tax.amount_minor

    def to_dict(self) -> dict[str, Any]:
        """The declaration as it was given."""
        return copy.deepcopy(self._spec)

    def __repr__(self) -> str:
        return f"FeeSchedule({self.name!r}, {self.currency}, {self.payer} pays)"


def _build(keys: dated.Keys, name: str, currency: str, payer: str) -> _core.FeeSchedule:
    rounding = dated.Keys(keys.values.get("rounding", {}), "rounding", keys.file, ("fee", "tax", "one", "step"))
    one = rounding.text("one", "", ("", *dated.MODES))
    if one and ("fee" in rounding.values or "tax" in rounding.values):
        raise rounding.invalid("one", "stands instead of fee and tax, not beside them")
    tax, included = None, False
    if "tax" in keys.values:
        section = dated.Keys(keys.values["tax"], "tax", keys.file, ("name", "rate", "included", "minimum_base"))
        tax, included = _tax(section, currency, one or rounding.mode("tax"), 1), section.flag("included")
    return _core.FeeSchedule(
        name, currency, payer == "buyer", _tiers(keys, currency), keys.flag("marginal"), keys.minor("minimum", currency),
        keys.minor("maximum", currency), tax, included, one or rounding.mode("fee"), _step(rounding, currency), bool(one),
        [_withholding(item, n, keys, currency) for n, item in enumerate(keys.tables("withholdings"), 1)],
    )  # fmt: skip


def _methods(keys: dated.Keys) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The methods that the contract declares, and those that its withholdings name; and no two lines of one name."""
    declared = keys.texts("methods")
    named: list[str] = []
    tax = keys.values.get("tax", {}).get("name", "")
    lines = {"fee", f"{tax} on the fee", f"{tax} in the fee"}
    for number, item in enumerate(keys.tables("withholdings"), 1):
        section = dated.Keys(item, f"withholdings[{number}]", keys.file, tuple(item))
        if item["name"] in lines:
            raise section.invalid("name", f'another line is called "{item["name"]}"; each has a name of its own')
        lines.add(item["name"])
        for method in section.texts("methods"):
            if declared and method not in declared:
                raise section.invalid("methods", f'"{method}" is none of the methods of the contract: {", ".join(declared)}')
            if method not in named:
                named.append(method)
    return declared, tuple(named)


def _step(keys: dated.Keys, currency: str) -> int:
    step = keys.minor("step", currency)
    return 1 if step is None else step


def _tax(keys: dated.Keys, currency: str, mode: str, step_minor: int) -> _core.TaxRule:
    name = keys.required("name")
    if "rate" not in keys.values:
        raise keys.invalid("rate", "is missing")
    try:
        return _core.TaxRule(name, keys.ratio("rate"), mode, step_minor, keys.minor("minimum_base", currency) or 0, [])
    except errors.RuleInvalidError as error:
        raise errors.RuleInvalidError(f"{keys.path}.{error.message}", file=keys.file or None) from None


def _withholding(item: Any, number: int, keys: dated.Keys, currency: str) -> tuple[_core.TaxRule, str, list[str]]:
    known = ("name", "rate", "on", "methods", "minimum_base", "rounding", "step")
    section = dated.Keys(item, f"withholdings[{number}]", keys.file, known)
    rule = _tax(section, currency, section.mode("rounding"), _step(section, currency))
    return rule, section.text("on", "sale", _BASES), list(section.texts("methods"))


def _tiers(keys: dated.Keys, currency: str) -> list[tuple[int, Fraction, int]]:
    if "tiers" not in keys.values:
        if "rate" not in keys.values and "fixed" not in keys.values:
            raise keys.invalid("rate", "there is neither a rate nor a fixed part nor tiers")
        return [(0, keys.ratio("rate"), keys.minor("fixed", currency) or 0)]
    for key in ("rate", "fixed"):
        if key in keys.values:
            raise keys.invalid(key, "stands in each tier where there are tiers")
    tiers: list[tuple[int, Fraction, int]] = []
    items = keys.tables("tiers")
    for number, item in enumerate(items, 1):
        section = dated.Keys(item, f"tiers[{number}]", keys.file, ("from", "up_to", "rate", "fixed"))
        start, end = section.minor("from", currency), section.minor("up_to", currency)
        _check_start(section, start, tiers, currency, number)
        if end is not None and end <= (tiers[-1][0] if tiers else 0):
            raise section.invalid("up_to", "tiers stand in rising order")
        if end is None and number < len(items):
            raise section.invalid("up_to", "is missing; only the last tier has no end")
        if end is not None and number == len(items):
            raise section.invalid("up_to", "larger amounts have no tier: leave up_to out of the last one")
        tiers.append((end or 0, section.ratio("rate"), section.minor("fixed", currency) or 0))
    return tiers


def _check_start(section: dated.Keys, start: int | None, tiers: list[Any], currency: str, number: int) -> None:
    expected = tiers[-1][0] + 1 if tiers else 0
    if start is None or start == expected or (not tiers and start == 1):
        return

    def text(minor: int) -> str:
        return str(_core.Money.from_minor(minor, currency).amount)

    before = f"tiers[{number - 1}] ends with {text(tiers[-1][0])}" if tiers else "amounts begin at 0"
    what = "a gap" if start > expected else "an overlap"
    raise section.invalid("from", f"{what}: {before}, and tiers[{number}] begins at {text(start)}; write {text(expected)}")
