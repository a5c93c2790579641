"""The words a layout may use, as data, and the checks on them.

A check takes a value and the path of its key ("amount.sign") and returns the value in its normal form,
or raises ``Fault``. Nothing here opens a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cuadre.base.text import closest

Check = Callable[[Any, str], Any]

_NAMES = {str: "text", bool: "true or false", int: "a whole number", list: "a list", dict: "a table", float: "a number"}


class Fault(Exception):
    """What is wrong, and under which key."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message


def _of(kind: type, value: Any, path: str) -> Any:
    # bool is an int in Python; a flag where a number belongs is a mistake all the same
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        found = _NAMES.get(type(value), type(value).__name__)
        raise Fault(path, f"must be {_NAMES[kind]}, not {found}")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Fault(path, f"must be text that UTF-8 can write, not {value!a}")
    return value


def text(value: Any, path: str) -> Any:
    return _of(str, value, path)


def flag(value: Any, path: str) -> Any:
    return _of(bool, value, path)


def whole(low: int, high: int) -> Check:
    def check(value: Any, path: str) -> Any:
        if not low <= _of(int, value, path) <= high:
            raise Fault(path, f"must be from {low} to {high}, not {value}")
        return value

    return check


def one_of(*words: str) -> Check:
    def check(value: Any, path: str) -> Any:
        if _of(str, value, path) not in words:
            raise Fault(path, f'"{value}" is not possible here: {closest(value, list(words))}')
        return value

    return check


def letter(*, optional: bool = False) -> Check:
    def check(value: Any, path: str) -> Any:
        if optional and value == "":
            return value
        if len(_of(str, value, path)) != 1 or ord(value) > 126:
            raise Fault(path, f"must be one ASCII character, not {value!r}")
        return value

    return check


def texts(value: Any, path: str) -> Any:
    return [_of(str, item, f"{path}[{n}]") for n, item in enumerate(_of(list, value, path))]


def words_of(check: Check) -> Check:
    def run(value: Any, path: str) -> Any:
        return [check(item, f"{path}[{n}]") for n, item in enumerate(_of(list, value, path))]

    return run


def mapping(check: Check) -> Check:
    def run(value: Any, path: str) -> Any:
        return {str(key): check(item, f"{path}.{key}") for key, item in _of(dict, value, path).items()}

    return run


def place(value: Any, path: str) -> Any:
    """A column name or JSON path, a column number from 1, or [first position, length]."""
    if isinstance(value, str):
        if value == "":
            raise Fault(path, "must name a column")
        return text(value, path)
    if isinstance(value, list):
        numbers = [whole(1, 1_000_000)(item, f"{path}[{n}]") for n, item in enumerate(value)]
        if len(numbers) != 2:
            raise Fault(path, "must be [first position, length]")
        return numbers
    if isinstance(value, int) and not isinstance(value, bool):
        return whole(1, 100_000)(value, path)
    raise Fault(path, "must be a column name, a column number, or [first position, length]")


def table(known: Mapping[str, Check], required: tuple[str, ...] = ()) -> Check:
    def run(value: Any, path: str) -> Any:
        prefix = f"{path}." if path else ""
        for key in _of(dict, value, path):
            if key not in known:
                raise Fault(prefix + key, f"unknown key: {closest(key, list(known))}")
        for key in required:
            if key not in value:
                raise Fault(path or key, f'"{key}" is missing')
        return {key: known[key](item, prefix + key) for key, item in value.items()}

    return run


ROW_KINDS = ("payment", "refund", "reversal", "fee", "adjustment", "payout", "other")
KEY_STEPS = ("trim", "digits_only", "upper", "strip_left_zeros")
_DATE = table({"at": place, "form": text, "optional": flag}, ("at", "form"))
_CHECKED = table({"name": text, "at": place, "digit": one_of("nit", "ean13")}, ("name", "at", "digit"))
_DIRECTION = table({"at": place, "credit": texts, "debit": texts}, ("at", "debit"))
_RECORD = table(
    {
        "tag": text,
        "role": one_of("file_header", "lot_header", "detail", "lot_control", "file_control", "ignored"),
        "length": whole(1, 1_000_000),
        "minimum_length": whole(1, 1_000_000),
        "lot": place,
        "count": place,
        "total": place,
        "total_decimals": whole(0, 9),
        "date": _DATE,
        "booked_date": _DATE,
        "checks": words_of(_CHECKED),
    },
    ("role", "length"),
)
LAYOUT = table(
    {
        "name": text,
        "title": text,
        "kind": one_of("delimited", "fixed", "json", "json_lines"),
        "encoding": one_of("utf-8", "latin-1", "windows-1252"),
        "key": words_of(one_of(*KEY_STEPS)),
        "trim": flag,
        "empty": texts,
        "record_bytes_max": whole(16, 1 << 30),
        "about": table({"status": one_of("official", "community", "unverified"), "source": text, "notes": text}),
        "delimited": table(
            {
                "separator": letter(),
                "quote": letter(optional=True),
                "header": flag,
                "columns": whole(1, 100_000),
                "short_rows": flag,
                "skip_rows": whole(0, 1_000_000),
            }
        ),
        "fixed": table(
            {
                "unit": one_of("bytes", "characters"),
                "tag": place,
                "records": words_of(_RECORD),
            },
            ("records",),
        ),
        "reference": table({"at": place}, ("at",)),
        "amount": table(
            {
                "at": place,
                "debit": place,
                "credit": place,
                "direction": _DIRECTION,
                "decimal_mark": one_of(".", ","),
                "grouping": letter(optional=True),
                "implied_decimals": whole(0, 9),
                "sign": one_of("none", "front", "behind", "brackets"),
                "symbols": texts,
                "signed": flag,
                "negate": flag,
            }
        ),
        "currency": table({"at": place, "default": text, "values": mapping(text), "optional": flag}),
        "date": _DATE,
        "booked_date": _DATE,
        "row_kind": table({"at": place, "default": one_of(*ROW_KINDS), "values": mapping(one_of(*ROW_KINDS))}),
        "row_type": table({"at": place, "rows": texts, "ignored": texts}, ("at",)),
    },
    ("kind", "reference", "amount"),
)
