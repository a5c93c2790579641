"""Amounts and signs that a layout must not get wrong in silence: each case was read wrong once, or could be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import cuadre
from cuadre import errors, settlement

FIXED = {
    "kind": "fixed",
    "reference": {"at": [1, 10]},
    "amount": {"at": [21, 10], "implied_decimals": 2},
    "currency": {"default": "COP"},
}


def fixed(**changes: Any) -> dict[str, Any]:
    unit = changes.pop("unit", "bytes")
    record = {"role": "detail", "length": 40, "minimum_length": 30}
    return {**FIXED, "fixed": {"unit": unit, "records": [record]}, "trim": True, **changes}


def delimited(amount: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "kind": "delimited",
        "reference": {"at": "ref"},
        "currency": {"default": "PEN"},
        "amount": amount,
        **more,
    }


def amounts(reading: settlement.Reading) -> list[Decimal]:
    return [row["amount"] for row in reading.rows.to_dicts()]


def reasons(reading: settlement.Reading) -> list[str]:
    return [item["reason"] for item in reading.rejects.to_dicts()]


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
def test_a_character_of_a_single_byte_encoding_is_a_byte(tmp_path: Path, encoding: str) -> None:
    """º and ° are continuation bytes in UTF-8, and must not count as nothing."""
    path = tmp_path / "day.txt"
    path.write_bytes(
        "".join(f"{head:20}{1500:010}{'':10}\n" for head in ("REF1      N° 7º", "REF2      Nr 7")).encode(encoding)
    )
    reading = settlement.read(path, layout=fixed(unit="characters", encoding=encoding))
    assert amounts(reading) == [Decimal("15.00"), Decimal("15.00")] and not reasons(reading)


@pytest.mark.parametrize("padding", [0, 10])
def test_utf8_under_a_single_byte_layout_is_refused(tmp_path: Path, padding: int) -> None:
    """The ñ is two bytes, so everything behind it stands one place to the right."""
    path = tmp_path / "day.txt"
    path.write_bytes(f"{'REF1      PEÑA':20}{1500:010}{'':{padding}}\n".encode())
    reading = settlement.read(path, layout=fixed(encoding="latin-1"))
    assert amounts(reading) == [] and reasons(reading) == ["encoding_invalid"]


def test_a_negative_debit_needs_a_word(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text('ref;Cargo;Abono\nA;"-50,00";\nB;;"1300,00"\nC;"20,00";\n')
    columns = {"debit": "Cargo", "credit": "Abono", "decimal_mark": ","}
    plain = settlement.read(path, layout=delimited(columns, delimited={"separator": ";"}))
    assert amounts(plain) == [Decimal("1300.00"), Decimal("-20.00")] and reasons(plain) == ["sign_invalid"]
    signed = settlement.read(path, layout=delimited({**columns, "signed": True}, delimited={"separator": ";"}))
    assert amounts(signed) == [Decimal("-50.00"), Decimal("1300.00"), Decimal("20.00")]


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("$ 1,234.50", "front", "1234.50"),
        ("-$ 5.00", "front", "-5.00"),
        ("$-5.00", "front", "-5.00"),
        ("5.00 $", "front", "5.00"),
        ("-5.00 S/", "front", "-5.00"),
        ("5.00 $-", "behind", "-5.00"),
        ("($5.00)", "brackets", "-5.00"),
        ("$(5.00)", "brackets", "-5.00"),
        ("S/\u00a05.00", "front", "5.00"),
        ("$$5.00", "front", None),
        ("$", "front", None),
        ("5$.00", "front", None),
        ("- 5.00", "front", None),
    ],
)
def test_symbols_stand_where_people_put_them(tmp_path: Path, text: str, sign: str, value: str | None) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(f'ref,amount\nA,"{text}"\n')
    reading = settlement.read(path, layout=delimited({"at": "amount", "grouping": ",", "sign": sign, "symbols": ["S/", "$"]}))
    assert amounts(reading) == ([] if value is None else [Decimal(value)])


def test_no_break_blanks_group_as_blanks_do(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("ref;amount\nA;1\u00a0234\u00a0567,50\nB;1\u202f234,50\nC;1 234,50\nD;12\u00a034,50\n")
    layout = delimited({"at": "amount", "grouping": " ", "decimal_mark": ","}, delimited={"separator": ";"})
    reading = settlement.read(path, layout=layout)
    assert amounts(reading) == [Decimal("1234567.50"), Decimal("1234.50"), Decimal("1234.50")]
    assert reasons(reading) == ["amount_invalid"]


def test_short_rows_are_taken_only_when_declared(tmp_path: Path) -> None:
    path = tmp_path / "bank.csv"
    path.write_text("ref,amount,,\nA,1.00\nB,2.00,x,y\nC\n")
    strict = settlement.read(path, layout=delimited({"at": "amount"}))
    assert reasons(strict) == ["fields_missing", "fields_missing"]
    short = settlement.read(path, layout=delimited({"at": "amount"}, delimited={"short_rows": True}))
    assert amounts(short) == [Decimal("1.00"), Decimal("2.00")] and reasons(short) == ["amount_missing"]


def test_a_returned_payment_is_not_money_we_hold(tmp_path: Path) -> None:
    ledger, theirs = tmp_path / "ledger.csv", tmp_path / "theirs.csv"
    ledger.write_text("reference,amount,currency,date\n1,1.00,COP,2026-03-02\n")
    theirs.write_text("ref,amount,cause\n1,1.00,R01\n")
    layout = delimited(
        {"at": "amount"}, row_kind={"at": "cause", "values": {"": "payment", "*": "reversal"}}, currency={"default": "COP"}
    )
    result = cuadre.reconcile(ledger, theirs, layout=layout)
    assert [item["code"] for item in result.breaks.to_dicts()] == ["only_in_ledger", "only_in_settlement"]
    (sentence,) = (item["sentence_en"] for item in result.breaks.to_dicts() if item["code"] == "only_in_settlement")
    assert "no money that we hold" in sentence


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"date": {"at": "d", "form": "DD MMM YYYY"}}, "each once"),
        ({"date": {"at": "d", "form": "DD-MON-YYYY"}}, '"O" stands for nothing'),
        ({"date": {"at": "d", "form": "DD/MM/YYYY hh:mm a"}}, '"a" stands for nothing'),
        ({"date": {"at": "d", "form": "DD/MM/YYYY YYYY"}}, "each once"),
        ({"date": {"at": "d", "form": "[DD]/MM/YYYY"}}, "cannot be optional"),
        ({"delimited": {"header": False, "columns": 2}, "reference": {"at": 1}, "amount": {"at": 5}}, "column 5 of 2"),
    ],
)
def test_layouts_that_would_reject_every_row_are_refused(change: dict[str, Any], says: str) -> None:
    with pytest.raises(errors.LayoutInvalidError, match=says.replace("[", r"\[")):
        settlement.Layout.load({**delimited({"at": "amount"}), **change})


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([{"role": "detail", "length": 25}], "it ends at 30"),
        ([{"role": "detail", "length": 40, "minimum_length": 50}], "more than its length"),
        ([{"role": "ignored", "tag": "1", "length": 40}], "none has the role detail"),
        ([{"role": "detail", "tag": "1", "length": 40}, {"role": "ignored", "tag": "1", "length": 40}], "two records"),
    ],
)
def test_fixed_layouts_hold_together(records: list[dict[str, Any]], says: str) -> None:
    shape: dict[str, Any] = {"records": records}
    if "tag" in records[0]:
        shape["tag"] = [40, 1]
    with pytest.raises(errors.LayoutInvalidError, match=says):
        settlement.Layout.load({**FIXED, "fixed": shape})
