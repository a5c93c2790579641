"""The rows of profiles: one class a subject, and how each is read from TOML."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from cuadre import _core
from cuadre.base import dated

STATUSES = (*dated.STATUSES, "seeds", "ours")
_ABOUT = ("gateway", "country", "valid_from", "valid_to", "status", "source", "note")
_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_NOT_SAID = (None, "", (), False, "review", "register")  # and what holds when nothing is said
_TIME = re.compile(r"([1-9][0-9]{0,8}) ?(s|min|h|d)", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every row says. An empty gateway or country: all that have no row of their own."""

    subject: ClassVar[str] = ""
    gateway: str = ""
    country: str = ""
    currency: _core.Currency | None = None
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    status: str = ""
    source: str = ""
    note: str = ""

    def summary(self) -> str:
        """What it says, in a few words."""
        names = [field.name for field in dataclasses.fields(self)][len(dataclasses.fields(Row)) :]
        said = [(name, getattr(self, name)) for name in names]
        return ", ".join(_said(name, value) for name, value in said if value not in _NOT_SAID)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Expiry(Row):
    subject: ClassVar[str] = "expiry"
    default_s: int | None = None
    least_s: int | None = None
    most_s: int | None = None
    ends_after_s: int | None = None
    reopens: bool = False
    late: str = "review"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Row):
    subject: ClassVar[str] = "amount"
    minimum: _core.Money | None = None
    maximum: _core.Money | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Refund(Row):
    subject: ClassVar[str] = "refund"
    offered: bool = False
    whole_only: bool = False
    after_settlement: bool = False
    window_s: int | None = None
    repeated: bool = False
    by_api: bool = True
    means: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Payout(Row):
    subject: ClassVar[str] = "payout"
    window_s: int | None = None
    returns: bool = False
    documents: tuple[str, ...] = ()
    document_rule: str = "register"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Row):
    """Tiers by rising amount: above so much, so many persons."""

    subject: ClassVar[str] = "approval"
    tiers: tuple[tuple[_core.Money, int], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Limit(Row):
    subject: ClassVar[str] = "limit"
    merchant_day: _core.Money | None = None
    person_day: _core.Money | None = None


def _said(name: str, value: Any) -> str:
    if name.endswith("_s"):
        unit = next(unit for unit in ("d", "h", "min", "s") if value % _UNITS[unit] == 0)
        unit = "h" if unit == "d" and value <= 3 * _UNITS["d"] else unit  # 72 h is how it is said
        return f"{name.removesuffix('_s')} {value // _UNITS[unit]} {unit}"
    if isinstance(value, bool):
        return name
    if name == "tiers":
        return "; ".join(f"above {above}: {count}" for above, count in value)
    return f"{name} {' '.join(value) if isinstance(value, tuple) else value}"


# ---- reading


def _seconds(keys: dated.Keys, key: str) -> int | None:
    text = keys.text(key)
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise keys.invalid(key, f'"{text[:32]}" is no time such as "48 h" or "7 d"')
    return int(found[1]) * _UNITS[found[2]]


def _money(keys: dated.Keys, key: str, currency: str) -> _core.Money | None:
    minor = keys.minor(key, currency)
    if minor is not None and minor <= 0:
        raise keys.invalid(key, "must be above zero")
    return None if minor is None else _core.Money.from_minor(minor, currency)


def _in_order(keys: dated.Keys, *names: str, values: Mapping[str, Any]) -> None:
    known = [(name, values[name]) for name in names if values[name] is not None]
    for (less, low), (more, high) in itertools.pairwise(known):
        if low > high:
            raise keys.invalid(more.removesuffix("_s"), f"is less than {less.removesuffix('_s')}")


def _expiry(keys: dated.Keys, about: dict[str, Any]) -> Expiry:
    times: dict[str, Any] = {f"{name}_s": _seconds(keys, name) for name in ("least", "default", "most", "ends_after")}
    _in_order(keys, "least_s", "default_s", "most_s", "ends_after_s", values=times)
    late = keys.text("late", "review", ("review", "refunded_to_payer", "asked"))
    return Expiry(**about, **times, reopens=keys.flag("reopens"), late=late)


def _amount(keys: dated.Keys, about: dict[str, Any]) -> Amount:
    limits: dict[str, Any] = {name: _money(keys, name, keys.currency()) for name in ("minimum", "maximum")}
    _in_order(keys, "minimum", "maximum", values=limits)
    return Amount(**about, **limits)


def _refund(keys: dated.Keys, about: dict[str, Any]) -> Refund:
    if "offered" not in keys.values:
        raise keys.invalid("offered", "is missing")
    flags: dict[str, Any] = {name: keys.flag(name) for name in ("offered", "whole_only", "after_settlement", "repeated")}
    if flags["whole_only"] and flags["repeated"]:
        raise keys.invalid("repeated", "stands against whole_only")
    means = keys.text("means", "", ("", "account", "bank_transfer", "payout", "manual"))
    by_api = keys.flag("by_api") if "by_api" in keys.values else True
    return Refund(**about, **flags, window_s=_seconds(keys, "window"), by_api=by_api, means=means)


def _payout(keys: dated.Keys, about: dict[str, Any]) -> Payout:
    documents = keys.texts("documents")
    known = {(row["country"], row["type"]): set[str]() for row in _core.document_rules()}
    for row in _core.document_rules():
        known[row["country"], row["type"]].add(row["rule"])
    rule = keys.text("document_rule") or "register"
    for kind in documents:
        if rule not in known.get((about["country"], kind), ()):
            raise keys.invalid("documents", f'"{kind}" in {about["country"]} has no rule "{rule}": see cuadre.document')
    returns = keys.flag("returns")
    return Payout(**about, window_s=_seconds(keys, "window"), returns=returns, documents=documents, document_rule=rule)


def _approval(keys: dated.Keys, about: dict[str, Any]) -> Approval:
    tiers: list[tuple[_core.Money, int]] = []
    code = keys.currency()
    for number, item in enumerate(keys.tables("tiers"), 1):
        tier = dated.Keys(item, f"{keys.path}.tiers[{number}]", keys.file, ("above", "approvals"))
        minor, count = tier.minor("above", code), tier.values.get("approvals")
        if minor is None or minor < 0:
            raise tier.invalid("above", "is missing or below zero")
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= 9:
            raise tier.invalid("approvals", "is a number from 0 to 9")
        if tiers and (minor <= tiers[-1][0].amount_minor or count < tiers[-1][1]):
            raise tier.invalid("", "tiers stand by rising amount, and a larger amount needs no fewer persons")
        tiers.append((_core.Money.from_minor(minor, code), count))
    if not tiers:
        raise keys.invalid("tiers", "is missing")
    return Approval(**about, tiers=tuple(tiers))


def _limit(keys: dated.Keys, about: dict[str, Any]) -> Limit:
    limits: dict[str, Any] = {name: _money(keys, name, keys.currency()) for name in ("merchant_day", "person_day")}
    if not any(limits.values()):
        raise keys.invalid("merchant_day", "or person_day is needed")
    return Limit(**about, **limits)


_READERS = {
    "expiry": (_expiry, ("default", "least", "most", "ends_after", "reopens", "late")),
    "amount": (_amount, ("currency", "minimum", "maximum")),
    "refund": (_refund, ("offered", "whole_only", "after_settlement", "window", "repeated", "by_api", "means")),
    "payout": (_payout, ("window", "returns", "documents", "document_rule")),
    "approval": (_approval, ("currency", "tiers")),
    "limit": (_limit, ("currency", "merchant_day", "person_day")),
}
_FOR_EVERY = ("approval", "limit")  # these may leave out the gateway


def read_rows(spec: Mapping[str, Any], file: str) -> tuple[Row, ...]:
    """The rows of a table. Raises RuleInvalidError, naming file and key, and FloatRefusedError."""
    top = dated.Keys(spec, "", file, tuple(_READERS))
    rows: list[Row] = []
    for subject, (reader, names) in _READERS.items():
        for number, item in enumerate(top.tables(subject), 1):
            keys = dated.Keys(item, f"{subject}[{number}]", file, (*_ABOUT, *names))
            rows.append(reader(keys, _about(keys, subject)))
    return tuple(rows)


def _about(keys: dated.Keys, subject: str) -> dict[str, Any]:
    free = subject in _FOR_EVERY
    gateway = keys.text("gateway") if free else keys.required("gateway")
    if gateway != gateway.casefold():
        raise keys.invalid("gateway", f'is written in lower case: "{gateway.casefold()}"')
    country = keys.text("country", "", ("", "CO", "PE") if free else ("CO", "PE"))
    if not country and not free:
        raise keys.invalid("country", "is missing")
    since, until = keys.validity()
    return {
        "gateway": gateway, "country": country, "valid_from": since, "valid_to": until,
        "currency": _core.Currency(keys.currency()) if "currency" in _READERS[subject][1] else None,
        "status": keys.text("status", "", ("", *STATUSES)), "source": keys.text("source"), "note": keys.text("note"),
    }  # fmt: skip
