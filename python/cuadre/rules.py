"""Rules as data: taxes, cash, wire forms, documents, profiles of gateways. ``cuadre rules`` lists what is in them.

Each lives in the room of its noun (``cuadre.money.taxes``, ``cuadre.document``, ``cuadre.gateways.profiles``); here they stand together.
"""

from __future__ import annotations

from cuadre import _core
from cuadre import document as documents
from cuadre.base import dated
from cuadre.base.dated import UnverifiedRuleWarning
from cuadre.document import Document, document
from cuadre.gateways import profiles
from cuadre.gateways.profiles import LimitVerdict, Profile, ProfileTable, RefundRules, local_day, profile
from cuadre.money import _cash as cash
from cuadre.money import taxes

__all__ = [
    "Document",
    "LimitVerdict",
    "Profile",
    "ProfileTable",
    "RefundRules",
    "UnverifiedRuleWarning",
    "cash",
    "document",
    "documents",
    "listing",
    "local_day",
    "profile",
    "profiles",
    "taxes",
]


def listing() -> list[dict[str, str]]:
    """Every shipped row: kind, name, country, place, variant, value, valid_from, valid_to, status, source, note."""
    lines = [
        _line("tax", rule.name, rule, dated.percent(rule.rate), rule.country, rule.place, rule.kind)
        for rule in taxes.shipped().rows
    ]
    lines += [_line("uvt", "UVT", unit, str(unit.value), "CO") for unit in taxes.shipped().uvt_rows]
    lines += [_line("cash", str(rule.currency), rule, str(rule.step), rule.country) for rule in cash.rows()]
    return lines + _wire() + documents.listing() + profiles.listing()


def _line(
    kind: str, name: str, row: object, value: str, country: str = "", place: str = "", variant: str = ""
) -> dict[str, str]:
    about = {key: str(getattr(row, key) or "") for key in ("valid_from", "valid_to", "status", "source", "note")}
    return {"kind": kind, "name": name, "country": country, "place": place, "variant": variant, "value": value, **about}


def _wire() -> list[dict[str, str]]:
    lines = []
    for row in _core.wire_forms():
        form = row["form"]
        least, most = form.decimals_min, form.decimals_max
        value = f"{form.unit}, {least if least == most else f'{least} to {most}'} decimals"
        about = {"valid_from": "", "valid_to": "", **{key: row[key] for key in ("status", "source", "note")}}
        name = {"kind": "wire", "name": row["gateway"], "country": "", "place": row["message"], "variant": row["currency"]}
        lines.append({**name, "value": value, **about})
    return lines
