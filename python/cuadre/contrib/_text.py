"""The one text form of an amount between programs: ``PEN 1234.50``, code, blank, plain decimal with all its decimals.

Money.parse under "plain" reads it, and more (``1234.50 PEN``, brackets); the pattern keeps to what JSON Schema says of it.
"""

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
    if not _FORM.fullmatch(text):
        raise AmountInvalidError(f'not an amount with its currency, such as "{EXAMPLE}": {text[:60]!a}')
    return Money.parse(text, locale="plain")
