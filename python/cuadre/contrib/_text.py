"""The one text form of an amount between programs: ``PEN 1234.50``, code, blank, plain decimal with all its decimals."""

from __future__ import annotations

import re

from cuadre.errors import AmountInvalidError, FloatRefusedError
from cuadre.money import Money

PATTERN = r"^[A-Z]{3} -?[0-9]{1,19}(\.[0-9]{1,4})?$"
EXAMPLE = "PEN 1234.50"
_FORM = re.compile(PATTERN, re.ASCII)


def money_of_text(text: object) -> Money:
    """Read ``PEN 1234.50``; nothing else passes.

    Raises:
        FloatRefusedError: float_refused, for anything but text.
        AmountInvalidError: amount_invalid, for text of another form.
        AmountInexactError: amount_inexact. AmountOverflowError: amount_overflow. CurrencyUnknownError: currency_unknown.
    """
    if not isinstance(text, str):
        raise FloatRefusedError(f'an amount with its currency is text such as "{EXAMPLE}", not {type(text).__name__}')
    if not _FORM.match(text) or text.endswith("\n"):
        raise AmountInvalidError(f'not an amount with its currency, such as "{EXAMPLE}": {text[:60]!a}')
    return Money(text[4:], text[:3])
