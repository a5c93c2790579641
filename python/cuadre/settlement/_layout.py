"""Layouts: what a file looks like, as a TOML declaration that is shipped or your own.

A layout says where the fields stand and how they are written; the readers do the rest. The whole language::

    name = "my-bank"                  # defaults to the name of the file
    title = "..."
    kind = "delimited"                # delimited, fixed, json (an array of objects), json_lines
    encoding = "utf-8"                # utf-8 (a mark is fine), latin-1, windows-1252
    key = ["strip_left_zeros"]        # normal form of references: trim, digits_only, upper, strip_left_zeros
    trim = false                      # blanks around a cell do not count
    empty = ["-"]                     # cells that mean "nothing here"; none by default
    record_bytes_max = 1048576

    [about]                           # status = "official", "community" or "unverified"; source; notes

    [delimited]
    separator = ","
    quote = '"'                       # "": quotes are ordinary characters
    header = true
    columns = 15                      # without a header: how many every row has
    skip_rows = 0                     # lines before the header
    short_rows = false                # rows may end early; the cells that are missing are empty

    [fixed]
    unit = "bytes"                    # or "characters"
    tag = [1, 2]                      # where the record type stands; absent: every line is a detail
    [[fixed.records]]
    tag = "06"
    role = "detail"                   # file_header, lot_header, detail, lot_control, file_control, ignored
    length = 162
    minimum_length = 94               # trailing blanks may be cut down to this
    # headers: lot, date, booked_date, checks = [{ name = "NIT", at = [3, 10], digit = "nit" }]   (nit, ean13)
    # controls: lot, count, total, total_decimals

    [reference]
    at = "CIP"                        # a column name or JSON path, a column number, or [first position, length]
    [amount]
    at = "Monto"                      # or: debit = "Cargo" and credit = "Abono"
    decimal_mark = ","
    grouping = "."
    implied_decimals = 2              # digits only, the last two are decimals
    sign = "front"                    # none, front, behind, brackets
    symbols = ["$"]                   # marks that may stand before or behind the number
    signed = false                    # debit and credit carry their own signs: amount = debit + credit, not credit - debit
    negate = false                    # the file writes money coming in as negative
    direction = { at = "D/C", credit = ["C"], debit = ["D"] }
    [currency]
    at = "Moneda"
    default = "COP"                   # where there is no column, or its cell is empty
    values = { "S/" = "PEN" }         # the file's token = ISO code; "*": any other token, "": the empty cell
    optional = false                  # the column may be absent
    [date]                            # and [booked_date]
    at = "Fecha"
    form = "DD/MM/YYYY[ hh:mm[:ss]]"  # YYYY YY MM M DD D hh h mm ss f zzz, [..] may be absent
    optional = false
    [row_kind]                        # payment, refund, reversal, fee, adjustment, payout, other
    at = "Tipo"
    values = { PAGO = "payment", "*" = "other" }   # a token that is not listed is a reject
    default = "payment"
    [row_type]                        # tells rows from other lines
    at = 1
    rows = ["02"]                     # when absent: all but those ignored
    ignored = ["01"]                  # counted and passed over
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base import shape
from cuadre.base.text import closest

_FOLDER = Path(__file__).with_name("layouts")
_TOML_BYTES_MAX = 256 * 1024
_TOML_LINE_MAX = 4096
_FIELDS = ("reference", "amount", "debit", "credit", "direction", "currency", "date", "booked_date", "row_kind", "row_type")


def names() -> list[str]:
    """Names of the layouts shipped with cuadre, in order."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


class Layout:
    """One checked layout. Immutable; make it with ``Layout.load``.

    Attributes:
        name, title: as declared.
        status: ``official``, ``community``, ``unverified``, or empty for a layout of your own.
        source, notes: where the knowledge comes from.
        key: steps of the normal form that its references need.
        file: the TOML file it came from, or empty.
    """

    __slots__ = ("_core", "_spec", "_toml", "file")

    def __init__(self, declaration: Mapping[str, Any], file: str = "", toml: str = "") -> None:
        try:
            self._spec = _checked(dict(declaration), file)
            self._core = _core.Layout(_normal(self._spec))
        except shape.Fault as fault:
            line = _line_of(toml, fault.path)
            raise errors.LayoutInvalidError(
                f"{fault.path}: {fault.message}" if fault.path else fault.message, file=file or None, line=line or None
            ) from None
        except errors.LayoutInvalidError as error:
            if file and not error.file:
                raise errors.LayoutInvalidError(str(error), file=file) from None
            raise
        self.file = file
        self._toml = toml

    @classmethod
    def load(cls, what: str | os.PathLike[str] | Mapping[str, Any] | Layout) -> Layout:
        """Loads a shipped layout by name, your own by path, or one given as a dictionary.

        Raises:
            CuadreError: ``layout_unknown``, ``layout_invalid``, ``file_missing`` or ``file_unreadable``.
        """
        if isinstance(what, Layout):
            return what
        if isinstance(what, Mapping):
            return cls(what)
        if not isinstance(what, str | os.PathLike):
            raise TypeError(f"a layout is a name, a path, a dictionary or a Layout, not {type(what).__name__}")
        given = os.fspath(what)
        if given in names():
            return cls._read(_FOLDER / f"{given}.toml", given)
        if given.endswith(".toml") or os.sep in given:
            return cls._read(Path(given), given)
        raise errors.LayoutUnknownError(
            f'no layout "{given}": {closest(given, names())}; your own is given as a path to a .toml file'
        )

    @classmethod
    def _read(cls, path: Path, label: str) -> Layout:
        import tomllib  # only who opens a layout pays for it

        toml = _text_of(path)
        try:
            declaration = tomllib.loads(toml)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            line, column = (int(place[1]), int(place[2])) if place else (0, 0)
            message = re.sub(r" \(at .*\)$", "", str(error))
            raise errors.LayoutInvalidError(
                f"not TOML: {message}", file=label, line=line or None, column=column or None
            ) from None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, or lists in lists in lists
            message = "nested too deep" if isinstance(error, RecursionError) else "a number or date that cannot be"
            raise errors.LayoutInvalidError(f"not a layout: {message}", file=label) from None
        declaration.setdefault("name", path.stem)
        return cls(declaration, label, toml)

    name = property(lambda self: str(self._spec.get("name", "")))
    title = property(lambda self: str(self._spec.get("title", "")))
    kind = property(lambda self: str(self._spec["kind"]))
    status = property(lambda self: str(self._spec.get("about", {}).get("status", "")))
    source = property(lambda self: str(self._spec.get("about", {}).get("source", "")))
    notes = property(lambda self: str(self._spec.get("about", {}).get("notes", "")).strip())
    key = property(lambda self: list(self._spec.get("key", [])))
    toml = property(lambda self: self._toml)

    def to_dict(self) -> dict[str, Any]:
        """The declaration, as a dictionary that ``Layout.load`` takes."""
        return copy.deepcopy(self._spec)

    def with_changes(self, *, currency: str | None = None, columns: Mapping[str, str | int] | None = None) -> Layout:
        """The same layout with another default currency or other columns.

        Args:
            currency: ISO code for rows that do not name their own; the currency column may then be absent.
            columns: our field (``reference``, ``amount``, ``date``, ...) to column name, number or JSON path.
        """
        if currency is None and not columns:
            return self
        spec = self.to_dict()
        for field, at in (columns or {}).items():
            _move(spec, field, at)
        if currency is not None:
            if not isinstance(currency, str):
                raise TypeError(f"currency is a three-letter code, not {type(currency).__name__}")
            _core.Currency(currency)  # its error names the code; the layout's would blame the layout
            spec.setdefault("currency", {})["default"] = currency
            if "at" in spec["currency"]:
                spec["currency"]["optional"] = True
        return Layout(spec, self.file)

    def __repr__(self) -> str:
        return f"<cuadre layout {self.name!r}>"


def _text_of(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            what = "a directory" if path.is_dir() else "not a regular file"
            raise errors.FileUnreadableError(f"is {what}", file=str(path))
        if path.stat().st_size > _TOML_BYTES_MAX:
            raise errors.LayoutInvalidError(f"larger than {_TOML_BYTES_MAX} bytes: this is not a layout", file=str(path))
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > _TOML_LINE_MAX:  # nested keys cost their square
                message = f"a line of more than {_TOML_LINE_MAX} characters: this is not a layout"
                raise errors.LayoutInvalidError(message, file=str(path), line=number)
        return text
    except errors.CuadreError:  # some of them are OSErrors too
        raise
    except FileNotFoundError:
        raise errors.FileMissingError("there is no such layout file", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise errors.LayoutInvalidError(f"not UTF-8 text (byte {error.start})", file=str(path)) from None
    except OSError as error:
        raise errors.FileUnreadableError(error.strerror or "cannot be read", file=str(path)) from None


def _move(spec: dict[str, Any], field: str, at: str | int) -> None:
    if field not in _FIELDS:
        raise errors.ArgumentInvalidError(f'columns: no field "{field}": {closest(field, list(_FIELDS))}')
    if field in ("debit", "credit"):
        spec["amount"].pop("at", None)
        spec["amount"][field] = at
    elif field == "direction":
        spec["amount"].setdefault("direction", {})["at"] = at
    else:
        section = spec.setdefault(field, {})
        section["at"] = at
        section.pop("optional", None)  # who names a column wants it
        if field in ("date", "booked_date"):
            section.setdefault("form", "YYYY-MM-DD")


def _line_of(toml: str, path: str) -> int:
    """The line of a key, found by its section and name; 0 where the text does not show it."""
    parts = re.split(r"\.|\[\d+\]\.?", path)
    parts = [part for part in parts if part]
    section, wanted, best = "", (path.count("[") and int(re.search(r"\[(\d+)\]", path)[1])) or 0, 0  # type: ignore[index]
    seen: dict[str, int] = {}
    for number, line in enumerate(toml.splitlines(), 1):
        header = re.match(r"\s*\[\[?\s*([\w.\-]+)\s*\]\]?", line)
        if header:
            section = header[1]
            seen[section] = seen.get(section, -1) + 1
            if section.split(".") == parts[: len(section.split("."))] and ("[[" not in line or seen[section] == wanted):
                best = number
            continue
        key = re.match(r"\s*\"?([\w\-*]+)\"?\s*=", line)
        inside = section.split(".") if section else []
        if key and [*inside, key[1]] == parts[: len(inside) + 1] and (seen.get(section, 0) == wanted or "[" not in path):
            return number
    return best


def _checked(declaration: dict[str, Any], file: str) -> dict[str, Any]:
    spec: dict[str, Any] = shape.LAYOUT(declaration, "")
    kind = spec["kind"]
    for section, kinds in (("delimited", ("delimited",)), ("fixed", ("fixed",))):
        if section in spec and kind not in kinds:
            raise shape.Fault(section, f'stands in a layout of kind "{kind}"')
    if kind == "fixed" and "fixed" not in spec:
        raise shape.Fault("kind", "a fixed layout needs [fixed] with its records")
    amount = spec["amount"]
    if "at" in amount and ("debit" in amount or "credit" in amount):
        raise shape.Fault("amount", 'has "at" as well as debit or credit: one or the other')
    if "at" not in amount and not ("debit" in amount and "credit" in amount):
        raise shape.Fault("amount", 'needs "at", or both "debit" and "credit"')
    if "signed" in amount and "at" in amount:
        raise shape.Fault("amount.signed", "is about debit and credit columns; one amount column says it with sign")
    if "implied_decimals" in amount and ("decimal_mark" in amount or amount.get("grouping")):
        raise shape.Fault("amount.implied_decimals", "amounts of digits only have no decimal mark and no grouping")
    if amount.get("grouping") and amount["grouping"] == amount.get("decimal_mark", "."):
        raise shape.Fault("amount.grouping", "is the decimal mark too")
    currency = spec.get("currency", {})
    codes = {code.code for code in _core.currencies()}
    named = {"currency.default": currency.get("default")}
    named.update({f"currency.values.{token}": code for token, code in currency.get("values", {}).items()})
    for path, code in named.items():
        if code is not None and code not in codes:
            raise shape.Fault(path, f'"{code}" is not a currency of ISO 4217')
    if "at" not in currency and ("values" in currency or "optional" in currency):
        raise shape.Fault("currency", '"values" and "optional" need "at"')
    for section in ("row_kind",):
        if "values" in spec.get(section, {}) and "at" not in spec[section]:
            raise shape.Fault(section, '"values" needs "at"')
    _check_places(spec)
    return spec


def _check_places(spec: dict[str, Any]) -> None:
    kind = spec["kind"]
    header = spec.get("delimited", {}).get("header", True)
    places = {
        f"{field}.at": spec[field]["at"] for field in _FIELDS if isinstance(spec.get(field), dict) and "at" in spec[field]
    }
    amount = spec["amount"]
    places |= {f"amount.{side}": amount[side] for side in ("debit", "credit") if side in amount}
    if "direction" in amount:
        places["amount.direction.at"] = amount["direction"]["at"]
    for path, at in places.items():
        if kind == "fixed" and not isinstance(at, list):
            raise shape.Fault(path, "a fixed layout places fields by [first position, length]")
        if kind != "fixed" and isinstance(at, list):
            raise shape.Fault(path, f'[first position, length] stands in a layout of kind "{kind}"')
        if kind in ("json", "json_lines") and not isinstance(at, str):
            raise shape.Fault(path, 'JSON fields are placed by their name or path ("amount.value")')
        if kind == "delimited" and isinstance(at, str) and not header:
            raise shape.Fault(path, "without a header row columns have numbers, not names")


def _place(at: Any, optional: bool = False) -> tuple[str, int, int, int, bool]:
    if isinstance(at, str):
        return (at, 0, 0, 0, optional)
    if isinstance(at, list):
        return ("", 0, at[0], at[1], optional)
    return ("", at or 0, 0, 0, optional)


def _date(section: dict[str, Any] | None) -> tuple[tuple[str, int, int, int, bool], str] | None:
    return (_place(section["at"], section.get("optional", False)), section["form"]) if section else None


def _record(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "tag": record.get("tag", ""),
        "role": record["role"],
        "length": record["length"],
        "minimum_length": record.get("minimum_length", record["length"]),
        "lot": _place(record.get("lot")),
        "count": _place(record.get("count")),
        "total": _place(record.get("total")),
        "total_decimals": record.get("total_decimals", 2),
        "date": _date(record.get("date")),
        "booked_date": _date(record.get("booked_date")),
        "checks": [(item["name"], _place(item["at"]), item["digit"]) for item in record.get("checks", [])],
    }


def _normal(spec: dict[str, Any]) -> dict[str, Any]:
    """Everything said, defaults filled in: what the core takes."""
    delimited, fixed, amount = spec.get("delimited", {}), spec.get("fixed", {}), spec["amount"]
    currency, row_kind, row_type = spec.get("currency", {}), spec.get("row_kind", {}), spec.get("row_type", {})
    direction = amount.get("direction", {})
    tag = fixed.get("tag", [1, 0])
    return {
        "name": spec.get("name", ""),
        "title": spec.get("title", ""),
        "kind": spec["kind"],
        "encoding": spec.get("encoding", "utf-8"),
        "key": spec.get("key", []),
        "trim": spec.get("trim", False),
        "empty": spec.get("empty", []),
        "record_bytes_max": spec.get("record_bytes_max", 1 << 20),
        "separator": delimited.get("separator", ","),
        "quote": delimited.get("quote", '"'),
        "header": delimited.get("header", True),
        "columns": delimited.get("columns", 0),
        "short_rows": delimited.get("short_rows", False),
        "skip_rows": delimited.get("skip_rows", 0),
        "characters": fixed.get("unit", "bytes") == "characters",
        "tag": (tag[0], tag[1]),
        "records": [_record(record) for record in fixed.get("records", [])],
        "reference": _place(spec["reference"]["at"]),
        "amount": _place(amount.get("at")),
        "debit": _place(amount.get("debit")),
        "credit": _place(amount.get("credit")),
        "direction": _place(direction.get("at")),
        "credit_tokens": direction.get("credit", []),
        "debit_tokens": direction.get("debit", []),
        "symbols": amount.get("symbols", []),
        "decimal_mark": amount.get("decimal_mark", "."),
        "grouping": amount.get("grouping", ""),
        "implied_decimals": amount.get("implied_decimals", -1),
        "sign": amount.get("sign", "front"),
        "signed_columns": amount.get("signed", False),
        "negate": amount.get("negate", False),
        "currency": _place(currency.get("at"), currency.get("optional", False)),
        "currency_values": currency.get("values", {}),
        "currency_default": currency.get("default", ""),
        "date": _date(spec.get("date")),
        "booked_date": _date(spec.get("booked_date")),
        "row_kind": _place(row_kind.get("at")),
        "row_kind_values": row_kind.get("values", {}),
        "row_kind_default": row_kind.get("default", "payment"),
        "row_type": _place(row_type.get("at")),
        "row_type_rows": row_type.get("rows", []),
        "row_type_ignored": row_type.get("ignored", []),
    }
