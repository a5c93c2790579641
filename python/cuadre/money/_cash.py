"""Cash: what can be handed over in coins, as dated data with a direction.

The payer is never charged more than the price, and change or a payout is never less than what is due. It applies to the
total, and only where coins change hands. A negative amount is an error: what is not collected is paid out, and the
direction would turn.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import warnings
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base import dated

DIRECTIONS = ("collect", "change", "pay_out")
_KEYS = ("country", "currency", "step", *DIRECTIONS, "valid_from", "valid_to", "status", "source", "note")


@dataclasses.dataclass(frozen=True, slots=True)
class CashRule:
    """One country's smallest coin, and which way each direction rounds.

    Attributes:
        step: The smallest amount that can be handed over.
        collect, change, pay_out: rounding modes: toward_neg_inf (down), toward_pos_inf (up) or another of the ten.
    """

    currency: _core.Currency
    step: _core.Money
    country: str = ""
    collect: str = "toward_neg_inf"
    change: str = "toward_pos_inf"
    pay_out: str = "toward_pos_inf"
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    status: str = ""
    source: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.step, _core.Money) or self.step.amount_minor <= 0 or self.step.currency != self.currency:
            raise errors.RuleInvalidError(f"step: a positive amount of {self.currency}, not {self.step}")
        for direction in DIRECTIONS:
            if getattr(self, direction) not in dated.MODES:
                raise errors.RuleInvalidError(f'{direction}: "{getattr(self, direction)}" is no rounding mode')

    def apply(self, money: _core.Money, direction: str) -> _core.Money:
        """The amount to hand over. Raises as ``Money.to_cash``."""
        if direction not in DIRECTIONS:
            raise errors.ArgumentInvalidError(f"direction is 'collect', 'change' or 'pay_out', not {direction!r}")
        if not isinstance(money, _core.Money):
            raise errors.FloatRefusedError(f"cash is of Money, not {type(money).__name__}")
        if money.currency != self.currency:
            raise errors.CurrencyMismatchError(f"the rule is for {self.currency}, the amount is in {money.currency}")
        if money.amount_minor < 0:
            raise errors.ArgumentInvalidError(f"{money} is negative: hand {-money} over in the other direction")
        rule = _core.TaxRule("cash", 1, getattr(self, direction), self.step.amount_minor, 0, [])
        return rule.on(money)[1]

    def explain(self, money: _core.Money, direction: str) -> str:
        """One sentence with the difference."""
        handed = self.apply(money, direction)
        rest = money - handed
        if not rest:
            return f"{money} can be handed over as it is"
        way = "down" if rest.amount_minor > 0 else "up"
        return f"{money} becomes {handed}: {way} by {abs(rest)} to a multiple of {self.step} ({direction}, {self.country or 'own rule'})"

    @property
    def unverified(self) -> bool:
        return self.status == "unverified"


@functools.cache
def rows() -> tuple[CashRule, ...]:
    """The shipped rules."""
    return tuple(_rule(item, n) for n, item in enumerate(dated.load(Path(__file__).with_name("cash.toml"))["cash"], 1))


def _rule(item: Any, number: int) -> CashRule:
    keys = dated.Keys(item, f"cash[{number}]", "cash.toml", _KEYS)
    code = keys.currency()
    modes = {name: keys.mode(name) for name in DIRECTIONS}
    since, until = keys.validity()
    return CashRule(
        currency=_core.Currency(code), step=_core.Money.from_minor(keys.minor("step", code) or 0, code),
        country=keys.required("country"), valid_from=since, valid_to=until,
        status=keys.text("status", "", dated.STATUSES), source=keys.text("source"), note=keys.text("note"), **modes,
    )  # fmt: skip


def cash(currency: str | _core.Currency, *, country: str | None = None, on: datetime.date | None = None) -> CashRule:
    """The rule for a currency on a day; without a day the newest, because no clock is read.

    Raises:
        RuleUnknownError: rule_unknown, saying what is known. CurrencyUnknownError: currency_unknown.
    """
    unit = _core.Currency(currency)
    found = dated.pick([r for r in rows() if r.currency == unit and country in (None, r.country)], on)
    if found is None:
        known = "; ".join(f"{rule.currency} {rule.country} {dated.span(rule)}" for rule in rows())
        asked = " ".join(str(part) for part in (unit, country, f"on {on}" if on else None) if part is not None)
        raise errors.RuleUnknownError(f"no cash rule for {asked}; known: {known}")
    if found.unverified:
        warnings.warn(f"cash {unit} is not verified: {found.note}", dated.UnverifiedRuleWarning, stacklevel=3)
    return found


def to_cash(
    money: _core.Money, direction: str, country: str | None, on: datetime.date | None, rule: CashRule | None
) -> _core.Money:
    """What Money.to_cash does."""
    return (cash(money.currency, country=country, on=on) if rule is None else rule).apply(money, direction)
