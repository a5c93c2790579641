"""How amounts stand in the messages of gateways, as forms that read and write; the core's table of each gateway says it."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

from cuadre import _core, errors
from cuadre._core import Currency, WireForm
from cuadre.base.dated import UnverifiedRuleWarning, require_text
from cuadre.base.text import nearest


@cache
def _rows() -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["gateway"], row["message"], row["currency"]): row for row in _core.wire_forms()}


def _unknown(gateway: str, message: str, currency: str) -> errors.RuleUnknownError:
    known = [" ".join(key) for key in _rows()]
    wanted = f"{gateway} {message} {currency}"
    close = nearest(wanted[:200], known)
    hint = f'did you mean "{close}"?' if close else "cuadre rules lists them"
    return errors.RuleUnknownError(f'no amount form is known for "{wanted[:200]}"; {hint}')


def wire(gateway: str, message: str, currency: str | Currency) -> WireForm:
    """Give the form of amounts in a message: ``money.wire("payu", "confirmation", "COP").write(price)``.

    Args:
        gateway: For example "payu", "wompi", "pagoefectivo"; lower case.
        message: The gateway's message, for example "request" or "confirmation".
        currency: A code or a Currency.

    Warns:
        UnverifiedRuleWarning: where no official source was found for the row.

    Raises:
        RuleUnknownError: rule_unknown, naming the closest that are known.
        CurrencyUnknownError: currency_unknown.
        FloatRefusedError: float_refused, where currency is neither text nor a Currency.
    """
    require_text(gateway=gateway, message=message)
    code = Currency(currency).code
    row = _rows().get((gateway, message, code))
    if row is None:
        raise _unknown(gateway, message, code)
    if row["status"] == "unverified":
        note = f" ({row['note']})" if row["note"] else ""
        said = f"the amount form of {gateway} {message} {code} is unverified{note}: see {row['source']}"
        warnings.warn(said, UnverifiedRuleWarning, stacklevel=2)
    form: WireForm = row["form"]
    return form
