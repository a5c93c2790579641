"""google.type.Money, to and from: a currency code, whole units and billionths, all of one sign.

>>> from cuadre import Money
>>> from cuadre.contrib.google import from_google, to_google
>>> to_google(Money("-1.75", "USD"))
{'currency_code': 'USD', 'units': -1, 'nanos': -750000000}
>>> from_google({"currency_code": "USD", "units": -1, "nanos": -750000000})
Money('-1.75', 'USD')

``money_pb2.Money(**to_google(price))`` makes the message; from_google reads it too (``pip install 'cuadre[protobuf]'``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cuadre.errors import AmountInexactError, AmountInvalidError, FloatRefusedError
from cuadre.money import Currency, Money

__all__ = ["from_google", "to_google"]

_NANOS = 10**9


def to_google(money: Money) -> dict[str, Any]:
    """Give currency_code, units and nanos. Raises nothing: every currency's decimals fit nanos."""
    scale = 10 ** (money.currency.minor_units or 0)
    units, rest = divmod(abs(money.amount_minor), scale)
    sign = -1 if money.amount_minor < 0 else 1
    return {"currency_code": money.currency.code, "units": sign * units, "nanos": sign * rest * (_NANOS // scale)}


def _whole(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise FloatRefusedError(f"{name} of google.type.Money is an int, not {type(value).__name__}")
    return value


def from_google(message: Any) -> Money:
    """Read a google.type.Money, or a mapping with its three fields.

    Raises:
        AmountInvalidError: amount_invalid, for nanos past 999,999,999 or of another sign than units.
        AmountInexactError: amount_inexact, for nanos finer than the currency's minor unit.
        AmountOverflowError: amount_overflow. CurrencyUnknownError: currency_unknown. FloatRefusedError: float_refused.
        ArgumentInvalidError: argument_invalid, for a currency without minor units.
    """
    if isinstance(message, Mapping):
        code, units, nanos = message.get("currency_code"), message.get("units", 0), message.get("nanos", 0)
    else:
        code, units, nanos = message.currency_code, message.units, message.nanos
    if not isinstance(code, str):
        raise FloatRefusedError(f"currency_code of google.type.Money is text, not {type(code).__name__}")
    units, nanos = _whole("units", units), _whole("nanos", nanos)
    if abs(nanos) >= _NANOS:
        raise AmountInvalidError(f"nanos lie between -999,999,999 and 999,999,999, not {nanos}")
    if units * nanos < 0:
        raise AmountInvalidError(f"units and nanos have one sign, not {units} and {nanos}")
    zero = Money.from_minor(0, code)
    scale = 10 ** (zero.currency.minor_units or 0)
    minor, rest = divmod(abs(nanos), _NANOS // scale)
    if rest:
        raise AmountInexactError(f"{nanos} nanos are finer than the minor unit of {Currency(code).code}")
    return Money.from_minor(units * scale + (minor if nanos >= 0 else -minor), zero.currency)
