"""Readers with csv, Decimal and slices: a few lines each, a thousand times slower, and right by inspection.

They read well-formed files and the plain faults a row can have (no reference, a bad amount, date or currency). What a file does to
its own structure (stray quotes, NUL bytes, records cut in two) is tested against named cases, not against these.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

__all__ = ["Read", "Reject", "Row", "read_asobancaria", "read_delimited"]

MINOR_UNITS = {"COP": 2, "PEN": 2, "USD": 2, "EUR": 2, "CLP": 0, "JPY": 0, "KWD": 3, "BHD": 3, "UYW": 4}
PLAIN_AMOUNT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
INT64_MAX = 2**63 - 1


class Row(NamedTuple):
    reference: str
    amount: Decimal
    currency: str
    date: datetime.date | None
    line: int  # physical, from 1
    offset_bytes: int


class Reject(NamedTuple):
    reason: str
    line: int
    offset_bytes: int


@dataclass
class Read:
    """What one file gave. ``controls`` holds (record type, declared count, declared minor units, found count, found minor units)."""

    rows: list[Row] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    ignored: int = 0
    controls: list[tuple[str, int, int, int, int]] = field(default_factory=list)


class Fault(Exception):
    """Why a row is a reject."""


def exact_amount(text: str, currency: str) -> Decimal:
    """A plain number with a decimal point, judged by its value: trailing zeros beyond the currency's decimals are no fault."""
    if not text:
        raise Fault("amount_missing")
    if not PLAIN_AMOUNT.fullmatch(text):
        raise Fault("amount_invalid")
    minor = Decimal(text).scaleb(MINOR_UNITS[currency])
    if minor != minor.to_integral_value():
        raise Fault("amount_inexact")
    if abs(minor) > INT64_MAX:
        raise Fault("amount_overflow")
    return Decimal(text)


def exact_date(text: str, form: str) -> datetime.date | None:
    """A date under a strptime form that must fit to the letter (strptime alone takes 2026-3-1 for %Y-%m-%d). Empty: none."""
    if not text:
        return None
    try:
        moment = datetime.datetime.strptime(text, form)
    except ValueError:
        raise Fault("date_invalid") from None
    if moment.strftime(form) != text:
        raise Fault("date_invalid")
    return moment.date()


def located_records(path: Path, encoding: str, separator: str, quote: str) -> Iterator[tuple[list[str], int, int]]:
    """Cells, physical line and byte offset of every record; lines end in LF or CRLF."""
    taken = [0, 0]  # lines and bytes that the csv module has asked for so far

    def lines() -> Iterator[str]:
        with path.open("rb") as file:
            for raw in file:
                taken[0] += 1
                taken[1] += len(raw)
                yield raw.decode(encoding)

    records = csv.reader(lines(), delimiter=separator, quotechar=quote, doublequote=True, strict=True)
    line, offset = 1, 0
    for cells in records:
        if cells:  # the csv module gives an empty list for an empty line
            yield cells, line, offset
        line, offset = taken[0] + 1, taken[1]


def read_delimited(
    path: str | Path,
    *,
    reference: str = "reference",
    amount: str = "amount",
    currency: str = "currency",
    date: str = "date",
    date_form: str = "%Y-%m-%d",
    separator: str = ",",
    quote: str = '"',
    encoding: str = "utf-8",
    state: Callable[[dict[str, str]], bool] = lambda cells: True,
) -> Read:
    """A file with a header row. ``state`` says of a record's cells whether it is a row; others are ignored and counted."""
    read = Read()
    records = located_records(Path(path), encoding, separator, quote)
    header, _, _ = next(records)
    for cells, line, offset in records:
        named = dict(zip(header, cells, strict=False))
        try:
            if len(cells) != len(header):
                raise Fault("fields_missing" if len(cells) < len(header) else "fields_surplus")
            if not state(named):
                read.ignored += 1
                continue
            if not named[reference]:
                raise Fault("reference_missing")
            if named[currency] not in MINOR_UNITS:
                raise Fault("currency_unknown" if named[currency] else "currency_missing")
            value = exact_amount(named[amount], named[currency])
            day = exact_date(named[date], date_form)
        except Fault as fault:
            read.rejects.append(Reject(str(fault), line, offset))
        else:
            read.rows.append(Row(named[reference], value, named[currency], day, line, offset))
    return read


def read_asobancaria(path: str | Path) -> Read:
    """An Asobancaria 2001 collection file: every 06 record, and what 08 and 09 declare beside what stands above them."""
    read = Read()
    day: datetime.date | None = None
    counts = {"08": 0, "09": 0}
    sums = {"08": 0, "09": 0}
    offset = 0
    for line, raw in enumerate(Path(path).read_bytes().split(b"\n"), start=1):
        record, start = raw.removesuffix(b"\r").decode("latin-1"), offset
        offset += len(raw) + 1
        tag = record[0:2]
        if tag == "01":
            day = datetime.datetime.strptime(record[12:20], "%Y%m%d").date()
        elif tag == "06":
            minor = int(record[50:64])
            read.rows.append(Row(record[2:50], Decimal(minor).scaleb(-2), "COP", day, line, start))
            for control in counts:
                counts[control] += 1
                sums[control] += minor
        elif tag in counts:
            read.controls.append((tag, int(record[2:11]), int(record[11:29]), counts[tag], sums[tag]))
            counts[tag] = sums[tag] = 0
    return read
