"""Exact numbers and harmless text, as the report shows them. No float is touched, and no text of the data is trusted."""

from __future__ import annotations

from html import escape

from cuadre import _core
from cuadre.base.text import decimals_of, minor_of, number

__all__ = ["decimals_of", "minor_of", "money", "number", "shown", "visible"]

money = _core.amount_text  # without the currency's code; the sign is a hyphen, so that it can be searched and copied


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
