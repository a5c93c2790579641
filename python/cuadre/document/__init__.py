"""Documents of buyers in Colombia and Peru: well written or not, by the register's rule, the seeds' and the gateways'.

::

    from cuadre import rules

    found = rules.document("1.020.304.050", "CC", country="CO")
    found.valid, found.masked        # True, "******4050"
    found.verdicts                   # {"register": "ok", "seeds": "ok", "dlocal": "ok", ...}: they do not always agree

The core holds the rules as rows; ``rows()`` gives them. A document that fits was not necessarily issued, and one that does not fit
by ``seeds`` may well have been: a Colombian cédula has 3 to 8 digits, or 10 since the NUIP, and never the 11 that the seeds allow.
A check digit modulo 11 is written with ten digits, so two remainders share one: a mistyped digit of a NIT, RUC or CUI goes unseen
where the remainder goes from one of them to the other. The letter of a CUI misses none.
"""

from __future__ import annotations

from typing import Any

from cuadre import _core
from cuadre._core import Document
from cuadre.base import dated

__all__ = ["Document", "document", "reasons", "rows"]


def document(text: str, kind: str, *, country: str, rule: str = "register") -> Document:
    """A document as it was typed, judged by every rule for its type.

    Args:
        text: as typed; blanks, points, commas and hyphens count for nothing. Never a number, which loses its zeros in front.
        kind: "CC", "CE", "NIT" or "PA" in Colombia; "DNI", "CUI", "CE", "PA" or "RUC" in Peru.
        country: "CO" or "PE".
        rule: which rule decides ``valid`` and ``reason``.

    Raises:
        RuleUnknownError: rule_unknown, naming the closest. ArgumentInvalidError: argument_invalid, where something is not text.
    """
    dated.require_text(kind=kind, country=country, rule=rule)
    return _core.read_document(country, kind, text, rule)


def rows() -> list[dict[str, Any]]:
    """The rules: country, type, rule, form, length_min, length_max, prefixes, check, leading_zero, hyphen, status, source, note."""
    return _core.document_rules()


def reasons() -> list[dict[str, str]]:
    """Why a document is refused: name, en, es."""
    return _core.document_reasons()


def listing() -> list[dict[str, str]]:
    """The rows as ``cuadre rules`` prints them."""
    return [
        {
            "kind": "document", "name": row["type"], "country": row["country"], "place": "", "variant": row["rule"],
            "value": _value(row), "valid_from": "", "valid_to": "",
            **{key: row[key] for key in ("status", "source", "note")},
        }
        for row in rows()
    ]  # fmt: skip


def _value(row: dict[str, Any]) -> str:
    least, most = row["length_min"], row["length_max"]
    parts = [str(least) if least == most else f"{least} to {most}", row["form"].removesuffix("_and_check").replace("_", " ")]
    if row["prefixes"]:
        parts.append(f"from {row['prefixes'].replace(' ', '/')}")
    if row["check"] != "none":
        parts.append(f"check {row['check']}")
    if row["hyphen"]:
        parts.append("behind a hyphen")
    return " ".join(parts)
