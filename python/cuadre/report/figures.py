"""Exact numbers and harmless text, as the report shows them. No float is touched, and no text of the data is trusted."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from html import escape

from cuadre import errors
from cuadre.base.text import _COMMA


@lru_cache(maxsize=512)
def decimals_of(currency: str) -> int:
    """How many decimals a currency is shown with: those of ISO 4217, none where ISO says N.A."""
    from cuadre.money import Currency

    return Currency(currency).minor_units or 0


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


def number(value: int, language: str) -> str:
    text = f"{value:,}"
    return text.replace(",", ".") if language == "es" else text


def comma_decimals(currency: str) -> bool:
    """Whether its readers write 1.234,50 in Spanish; the others write 1,234.50 in both languages."""
    return currency in _COMMA


def money(minor: int, currency: str, language: str) -> str:
    """``-1.234,50``: grouped, without the currency's code; the sign is a hyphen, so that it can be searched and copied."""
    decimals = decimals_of(currency)
    whole, rest = divmod(abs(minor), 10**decimals)
    text = f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
    if language == "es" and comma_decimals(currency):
        text = text.translate({ord(","): ".", ord("."): ","})
    return f"-{text}" if minor < 0 else text


def visible(text: str) -> str:
    """The text with every control, invisible or odd blank sign replaced by its code point."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else f"⟨U+{ord(sign):04X}⟩" for sign in text)


def shown(text: str) -> str:
    """The text as HTML: escaped, isolated from the direction of its surroundings, its control signs visible."""
    if text.isprintable():
        return f"<bdi>{escape(text)}</bdi>"
    signs = (escape(sign) if sign.isprintable() else f'<span class="code">U+{ord(sign):04X}</span>' for sign in text)
    return f"<bdi>{''.join(signs)}</bdi>"
