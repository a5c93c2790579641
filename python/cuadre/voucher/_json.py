"""Records as JSON and back: versioned, strict, and the same text for the same record.

Amounts are texts with their currency, times RFC 3339 in UTC with microseconds, and what says nothing is left out. ``state`` stands there for people
and for SQL; it is worked out anew and compared when the text is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NoReturn

from cuadre import _core
from cuadre._core import Event, Money
from cuadre.errors import ArgumentInvalidError, CuadreError, JsonMalformedError

VERSION = 1
TEXT_MAX = 32_000_000  # characters; the largest record there can be has less
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)
_AMOUNT = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_TERMS = {  # machine to its own terms: the key in the text, the argument of the record
    "voucher": {"issued_at": "made_at", "expires_at": "expires_at", "refund_rules": "refund_rules"},
    "refund": {
        "requested_at": "made_at",
        "reason_code": "reason_code",
        "requested_by": "requested_by",
        "approvals_needed": "approvals_needed",
        "voucher": "linked",
    },
    "payout": {"created_at": "made_at", "expires_at": "expires_at", "linked": "linked"},
}
_EVENT = (
    "kind",
    "source",
    "id",
    "operation_id",
    "amount",
    "fee",
    "tax",
    "occurred_at",
    "received_at",
    "expires_at",
    "person",
    "code",
)
_ORIGIN = ("gateway", "reference", "environment")
_RULES = ("offered", "whole_only", "after_settlement", "window_s")


# ---- out


def dump(record: _core.Record) -> str:
    out: dict[str, Any] = {"cuadre": record.machine, "version": VERSION}
    out.update(gateway=record.gateway, reference=record.reference, environment=record.environment)
    out["amount"] = _money_out(record.amount)
    for key, name in _TERMS[record.machine].items():
        value: Any = record.agreed_expires_at if name == "expires_at" else getattr(record, name)
        if name == "refund_rules":
            value = {rule: part for rule, part in zip(_RULES, value, strict=True) if part != -1}
        _put(out, key, value)
    out["state"] = record.state
    out["events"] = [_event_out(event) for event in record.events]
    return json.dumps(out, ensure_ascii=False, separators=(",", ":"))


def _event_out(event: Event) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name in _EVENT:
        value = getattr(event, name)
        if name in ("fee", "tax") and not value:
            continue
        _put(out, name, value)
    return out


def _put(out: dict[str, Any], key: str, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = value.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")  # a year below 1000 has its zeros too
    out[key] = _money_out(value) if isinstance(value, Money) else value


def _money_out(money: Money) -> dict[str, str]:
    return {"amount": format(money.amount, "f"), "currency": money.currency.code}


# ---- in


def load(text: str | bytes, machine: str) -> _core.Record:
    """The record of that machine; raises JsonMalformedError and ArgumentInvalidError."""
    fields = _Fields(_parsed(text), f"a {machine}")
    found = fields.take("cuadre", str)
    if found != machine:
        _refuse(f'the text is a "{found}", not a {machine}')
    version = fields.take("version", int)
    if version != VERSION:
        _refuse(
            f"version {version} of the text is unknown here: this is version {VERSION}; read it with the cuadre that wrote it"
        )
    arguments: dict[str, Any] = {name: fields.take(name, str) for name in _ORIGIN}
    arguments["amount"] = _money_in(fields.take("amount", dict), "amount")
    for key, name in _TERMS[machine].items():
        value = _term_in(fields, key, name)
        if value is not None:
            arguments[name] = value
    state = fields.take("state", str)
    events = [_event_in(event, number) for number, event in enumerate(fields.take("events", list), 1)]
    fields.close()
    record = _core.Record(machine=machine, **arguments, events=events)
    if record.state != state:
        _refuse(f'the text says the state is "{state}", and its events give "{record.state}"')
    if record.event_count != len(events):
        _refuse("the text holds an event twice")
    return record


def _term_in(fields: _Fields, key: str, name: str) -> Any:
    if name == "made_at":
        return _time_in(fields.take(key, str), key)
    if name == "expires_at":
        value = fields.take(key, str, None)
        return None if value is None else _time_in(value, key)
    if name == "refund_rules":
        rules = _Fields(fields.take(key, dict), "refund_rules")
        found = (*(rules.take(rule, bool) for rule in _RULES[:3]), rules.take("window_s", int, -1))
        rules.close()
        return found
    return fields.take(key, int if name == "approvals_needed" else str, None)


def _event_in(value: Any, number: int) -> Event:
    where = f"event {number}"
    if not isinstance(value, dict):
        _refuse(f"{where} is an object, not {type(value).__name__}")
    fields = _Fields(value, where)
    arguments: dict[str, Any] = {}
    for name in _EVENT[1:]:
        needed = name in ("source", "occurred_at", "received_at")
        if name in ("amount", "fee", "tax"):
            found = fields.take(name, dict, None)
            read: Callable[[Any, str], Any] = _money_in
        else:
            found = fields.take(name, str) if needed else fields.take(name, str, None)
            read = _time_in if name.endswith("_at") else lambda text, _: text
        if found is not None:
            arguments[name] = read(found, f"{name} of {where}")
    kind = fields.take("kind", str)
    fields.close()
    return Event(kind, **arguments)


class _Fields:
    """The fields of one object; each is taken once, and none is left."""

    def __init__(self, fields: dict[str, Any], where: str) -> None:
        self._fields = dict(fields)
        self._where = where

    def take(self, name: str, kind: type, default: Any = ...) -> Any:
        if name not in self._fields:
            if default is ...:
                _refuse(f'"{name}" of {self._where} is missing')
            return default
        value = self._fields.pop(name)
        if type(value) is not kind:
            _refuse(f'"{name}" of {self._where} is {_NAMES[kind]}, not {_NAMES.get(type(value), "null")}')
        return value

    def close(self) -> None:
        for name in self._fields:
            _refuse(f"{self._where} has no field {json.dumps(name[:40])}")


_NAMES: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false", dict: "an object", list: "a list"}


def _time_in(text: str, what: str) -> datetime:
    try:
        if _TIME.fullmatch(text):
            return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        pass
    _refuse(f"{what} is no moment in UTC with microseconds: 2026-03-02T15:04:05.000000Z")


def _money_in(value: dict[str, Any], what: str) -> Money:
    fields = _Fields(value, what)
    amount, currency = fields.take("amount", str), fields.take("currency", str)
    fields.close()
    if not _AMOUNT.fullmatch(amount):
        _refuse(f'{what} is written as {{"amount":"12.50","currency":"PEN"}}')
    try:
        money = Money(amount, currency)
    except CuadreError as error:
        _refuse(f"{what}: {error.message}")
    if format(money.amount, "f") != amount:
        _refuse(f"{what} is written with the decimals of {currency}: {money.amount:f}")
    return money


def _parsed(text: str | bytes) -> dict[str, Any]:
    if not isinstance(text, (str, bytes)):
        raise TypeError(f"JSON is str or bytes, not {type(text).__name__}")
    if len(text) > TEXT_MAX:
        _refuse(f"the text is longer than {TEXT_MAX:,} characters")
    try:
        whole = text if isinstance(text, str) else text.decode("utf-8")
        value = json.loads(whole, parse_float=_no_float, parse_int=_whole, parse_constant=_no_float, object_pairs_hook=_unique)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise JsonMalformedError(f"the text is not one JSON document: {_fault(error)}") from None
    if not isinstance(value, dict):
        raise JsonMalformedError("the text is not a JSON object")
    return value


def _fault(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}, column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "not UTF-8"


def _no_float(text: str) -> NoReturn:
    _refuse(f"{text[:40]} is a number with decimals: an amount is text, and nothing else here has any")


def _whole(text: str) -> int:
    if len(text) > 19:
        _refuse("a whole number of more than 19 digits")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        _refuse(f"the field {json.dumps(next(n for n in names if names.count(n) > 1)[:40])} stands twice")
    return found


def _refuse(message: str) -> NoReturn:
    raise ArgumentInvalidError(message)
