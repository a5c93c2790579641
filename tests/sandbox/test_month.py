"""The look-alike month: same seed, same bytes; files that hold together; and an expected answer that the oracle agrees with."""

from __future__ import annotations

import hashlib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cuadre.sandbox.month import ean13_check_digit, main, make_month, nit_check_digit
from oracles import matching, reading

VOUCHERS = 3_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("month")


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, Any]:
    return make_month(folder, VOUCHERS, seed=7)


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_month_same_seed_same_bytes(folder: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    make_month(tmp_path / "again", VOUCHERS, seed=7)
    make_month(tmp_path / "other", VOUCHERS, seed=8)
    assert digest(tmp_path / "again") == digest(folder)
    assert digest(tmp_path / "other") != digest(folder)


def test_month_bytes_pinned(tmp_path: Path) -> None:
    """A month made on another machine or by another Python is this one, to the byte."""
    make_month(tmp_path, 300, seed=1)
    joint = hashlib.sha256("".join(digest(tmp_path).values()).encode()).hexdigest()
    assert joint[:16] == "adbb3bdf6a6ee029"


def test_month_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--vouchers", "3000", "--seed", "3"]) == 0
    assert "3,000 vouchers in 45 files" in capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        main([str(tmp_path), "--vouchers", "10"])
    assert stop.value.code == 2


@pytest.mark.parametrize(("nit", "digit"), [("800197268", 4), ("890903938", 8), ("860034313", 7)])
def test_nit_check_digit_known(nit: str, digit: int) -> None:
    assert nit_check_digit(nit) == digit


@pytest.mark.parametrize(("code", "digit"), [("400638133393", 1), ("590123412345", 7), ("000000000000", 0)])
def test_ean13_check_digit_known(code: str, digit: int) -> None:
    assert ean13_check_digit(code) == digit


def test_asobancaria_files_tie(folder: Path, expected: dict[str, Any]) -> None:
    names = expected["countries"]["colombia"]["settlement"]
    assert len(names) == 21  # the business days of March 2026 in Colombia: 22 weekdays, one of them a holiday
    for name in names:
        raw = (folder / name).read_bytes()
        records = raw.decode("latin-1").split("\r\n")
        assert records.pop() == ""
        assert {len(record) for record in records} == {162}
        assert [record[:2] for record in (records[0], records[1], records[-2], records[-1])] == ["01", "05", "08", "09"]
        assert nit_check_digit(records[0][2:11]) == int(records[0][11])
        for record in records:
            assert record[:2] != "05" or ean13_check_digit(record[2:14]) == int(record[14])
        controls = reading.read_asobancaria(folder / name).controls
        assert [control[0] for control in controls] == ["08", "08", "09"]
        assert all(control[1:3] == control[3:5] for control in controls)


def read_side(folder: Path, country: str, names: list[str], side: str) -> reading.Read:
    joint = reading.Read()
    for name in names:
        if side == "ledger":
            part = reading.read_delimited(folder / name)
        elif country == "colombia":
            part = reading.read_asobancaria(folder / name)
        else:
            part = reading.read_delimited(
                folder / name,
                separator=";",
                reference="CIP",
                amount="Monto",
                currency="Moneda",
                date="Fec.Cancelación",
                date_form="%d/%m/%Y %H:%M:%S",
                state=lambda cells: cells["Estado"] == "Cancelada",
            )
        joint.rows += part.rows
        joint.rejects += part.rejects
        joint.ignored += part.ignored
    return joint


@pytest.mark.parametrize("country", ["colombia", "peru"])
def test_expected_answer_is_the_oracles(folder: Path, expected: dict[str, Any], country: str) -> None:
    wanted = expected["countries"][country]
    sides = {side: read_side(folder, country, wanted[side], side) for side in ("ledger", "settlement")}
    ledger, settlement = (
        [matching.Row(row.reference, row.amount, row.currency, at=index) for index, row in enumerate(sides[side].rows)]
        for side in ("ledger", "settlement")
    )
    answer = matching.match(ledger, settlement, wanted["key"])

    assert {
        (line["bucket"], line["currency"]): (
            line["ledger_rows"],
            line["settlement_rows"],
            Decimal(line["ledger_amount"]),
            Decimal(line["settlement_amount"]),
        )
        for line in wanted["summary"]
    } == answer.summary()

    rejects = Counter((side, reject.reason) for side in sides for reject in sides[side].rejects)
    rejects["ledger", "reference_missing"] += len(answer.ledger_rejects)
    rejects["settlement", "reference_missing"] += len(answer.settlement_rejects)
    assert {(line["side"], line["reason"]): line["rows"] for line in wanted["rejects"]} == dict(rejects)
    assert wanted["ignored"] == {side: sides[side].ignored for side in sides}

    found: dict[str, list[str]] = {}
    for bucket, ours, theirs in answer.entries:
        row = ours or theirs
        assert row is not None
        if bucket != "matched":
            found.setdefault(bucket, []).append(matching.normal_form(row.reference, wanted["key"]))
    assert wanted["planted"] == {bucket: sorted(references) for bucket, references in found.items()}


def test_every_class_is_planted(expected: dict[str, Any]) -> None:
    for country in expected["countries"].values():
        assert set(country["planted"]) == {
            "amount_differs",
            "currency_differs",
            "only_in_ledger",
            "only_in_settlement",
            "paid_twice",
            "repeated_in_ledger",
        }
        assert len(country["rejects"]) >= 5


def test_oracle_leftovers() -> None:
    """Two oracle rules that the month does not reach: several rows left over, and a key that is empty under its normal form."""

    def row(reference: str, amount: str, currency: str = "PEN") -> matching.Row:
        return matching.Row(reference, Decimal(amount), currency)

    answer = matching.match(
        [row("7", "1"), row("7", "2"), row("00", "5")], [row("07", "2"), row("7", "3"), row("7", "4")], ["strip_left_zeros"]
    )
    buckets = Counter(entry.bucket for entry in answer.entries)
    assert buckets == {"matched": 1, "paid_twice": 2, "repeated_in_ledger": 1}
    assert [reject.reference for reject in answer.ledger_rejects] == ["00"]
