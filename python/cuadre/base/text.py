"""Numbers and amounts in sentences. Exact: amounts arrive as Decimal or int and are never turned into a float."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from cuadre import _core, errors


def number(value: int, language: str = "en") -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if language == "es" else text


@lru_cache(maxsize=512)
def decimals_of(currency: str) -> int:
    """How many decimals a currency is shown with: those of ISO 4217, none where ISO says N.A."""
    return _core.Currency(currency).minor_units or 0


def minor_of(value: Decimal | int, decimals: int) -> int:
    """The amount in units of 10**-decimals.

    Raises:
        CuadreError: ``float_refused``; ``amount_inexact``, for digits beyond the decimals.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise errors.FloatRefusedError(f"an amount is a Decimal, not {type(value).__name__}")
    numerator, denominator = value.as_integer_ratio()  # exact whatever the decimal context says
    minor, rest = divmod(numerator * 10**decimals, denominator)
    if rest:
        raise errors.AmountInexactError(f"{value} has more than {decimals} decimals")
    return int(minor)


def amount(currency: str, value: Decimal | int, language: str = "en") -> str:
    """``COP 45,000.00``; ``COP 45.000,00`` in Spanish."""
    return f"{currency} {_core.amount_text(minor_of(value, decimals_of(currency)), currency, language)}"


def amounts(pairs: Iterable[tuple[str, Decimal | int]], language: str = "en") -> str:
    """``COP 45,000.00 and PEN 12.50``."""
    return (" y " if language == "es" else " and ").join(amount(currency, value, language) for currency, value in pairs)


def plural(count: int, one: str, many: str | None = None, language: str = "en") -> str:
    """``1 row``, ``2,000 rows``; ``2.000 filas`` in Spanish."""
    return f"{number(count, language)} {one if count == 1 else many or one + 's'}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant, whatever its capitals; None where nothing is near."""
    names = list(known)
    at = _core.closest([_plain(name) for name in names], _plain(word))
    return None if at is None else names[at]


def closest(word: str, known: Iterable[str]) -> str:
    """``did you mean "x"?``, or all that is known when nothing is near."""
    names = list(known)
    near = nearest(word, names)
    return f'did you mean "{near}"?' if near else "known are " + ", ".join(f'"{name}"' for name in sorted(names))


def _plain(text: str) -> str:
    return text.lower().encode("utf-8", "replace").decode()  # the core takes no lone surrogates
