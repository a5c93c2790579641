"""Numbers and amounts in sentences. Exact: amounts arrive as Decimal or int and are never turned into a float."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

# currencies whose readers write 1.234,50 in Spanish; the others write 1,234.50
_COMMA = {"COP", "CLP", "ARS", "BRL", "UYU", "PYG", "VES", "BOB", "EUR"}


def number(value: int, language: str = "en") -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if language == "es" else text


def amount(currency: str, value: Decimal | int, language: str = "en") -> str:
    text = f"{value:,f}"
    if language == "es" and currency in _COMMA:
        text = text.translate({ord(","): ".", ord("."): ","})
    return f"{currency} {text}"


def amounts(pairs: Iterable[tuple[str, Decimal | int]], language: str = "en") -> str:
    """``COP 45,000.00 and PEN 12.50``."""
    return (" y " if language == "es" else " and ").join(amount(currency, value, language) for currency, value in pairs)


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
