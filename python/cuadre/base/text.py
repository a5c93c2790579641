"""Numbers and amounts in sentences. Exact: amounts arrive as Decimal or int and are never turned into a float."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from cuadre import _core

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


# The core names and fills its checks in English; every wording that it has.
_CHECKS_ES = [
    (re.compile(pattern), spanish)
    for pattern, spanish in (
        (r"^file lot numbers$", "números de lote del archivo"),
        (r"^file count$", "cantidad del archivo"),
        (r"^file value$", "valor del archivo"),
        (r"^lot (.+) count$", r"cantidad del lote \1"),
        (r"^lot (.+) value$", r"valor del lote \1"),
        (r"^lot (.+) number$", r"número del lote \1"),
        (r"^lot (.+) details$", r"detalles del lote \1"),
        (r"^order$", "orden"),
        (r"^(.+) before (.+)$", r"\1 antes de \2"),
        (r"^([^(]+) without ([^(]+)$", r"\1 sin \2"),
        (r"^\(none\)$", "(ninguno)"),
        (r"^\(several currencies\)$", "(varias monedas)"),
        (r"^service code check digit$", "dígito de control del código de servicio"),
        (r"^(.+) check digit$", r"dígito de control de \1"),
        (r"^(.+) length$", r"longitud de \1"),
        (r"^(\d+) or more$", r"\1 o más"),
        (r"^(\d+) or less$", r"\1 o menos"),
        (r"^(\d+), not blank behind (\d+)$", r"\1, con texto después de \2"),
        (r"^\(no such code\)$", "(no hay tal código)"),
        (r"^not a date in the form (.+)$", r"no es una fecha de la forma \1"),
        (r"^(\d+) lots$", r"\1 lotes"),
        (r"^(\d+) numbers$", r"\1 números"),
        (r"^(.*)\((\d+) rejected\)$", r"\1(\2 rechazados)"),
        (r"^(.*)\((\d+) rejected without an amount\)$", r"\1(\2 rechazados sin valor)"),
    )
]


def check_text(text: str, language: str = "en") -> str:
    """A check's name, or what it declares or finds, in the language asked for."""
    if language == "es":
        for pattern, spanish in _CHECKS_ES:
            if pattern.search(text):
                return pattern.sub(spanish, text)
    return text
