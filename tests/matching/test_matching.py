"""Reconciliation through the public face: the README's table, the proof, and agreement with a dictionary oracle."""

import csv
import datetime
import os
import pickle
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cuadre
from cuadre import _core
from cuadre.cli.help import page as help_page
from cuadre.sandbox.month import make_month
from oracles import matching as oracle

HEADER = "reference,amount,currency,date\n"


@pytest.fixture
def write(tmp_path):
    def make(rows, name: str) -> str:
        path = tmp_path / name
        lines = [",".join(str(cell) for cell in (*row, "")[:4] if cell is not None) for row in rows]
        path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8", newline="")
        return str(path)

    return make


def buckets(result) -> Counter:
    found: Counter = Counter()
    for line in result.summary.to_dicts():
        found[line["bucket"]] += max(line["ledger_rows"], line["settlement_rows"])
    return found


CASES = [
    # ledger, settlement, breaks (code, reference, difference)
    ([("A", "10")], [("A", "10")], []),
    ([("A", "10")], [("A", "9.5")], [("amount_differs", "A", "-0.50")]),
    ([("A", "10")], [], [("only_in_ledger", "A", "-10.00")]),
    ([], [("A", "10")], [("only_in_settlement", "A", "10.00")]),
    ([("A", "10")], [("A", "10"), ("A", "10")], [("paid_twice", "A", "10.00")]),
    ([("A", "10"), ("A", "10")], [("A", "10")], [("repeated_in_ledger", "A", "-10.00")]),
    ([("A", "10"), ("A", "7")], [("A", "10"), ("A", "6")], [("amount_differs", "A", "-1.00")]),
]


@pytest.mark.parametrize(("ours", "theirs", "expected"), CASES)
def test_small_table(write, ours, theirs, expected):
    # one matched pair beside, so that no file is without a row
    ours = [("Z", "1", "COP"), *((*row, "COP") for row in ours)]
    theirs = [("Z", "1", "COP"), *((*row, "COP") for row in theirs)]
    result = cuadre.reconcile(write(ours, "ledger.csv"), write(theirs, "day.csv"))
    found = [(item["code"], item["reference"], str(item["difference"])) for item in result.breaks.to_dicts()]
    assert found == expected
    assert result.balanced == (not expected)
    assert all(line["holds"] for line in result.proof.to_dicts())


def test_currency_differs_has_no_difference(write):
    result = cuadre.reconcile(write([("A", "10", "COP")], "l.csv"), write([("A", "10", "PEN")], "s.csv"))
    (item,) = result.breaks.to_dicts()
    assert (item["code"], item["currency"], item["settlement_currency"], item["difference"]) == (
        "currency_differs",
        "COP",
        "PEN",
        None,
    )


def test_break_names_both_rows(write):
    ledger, day = (
        write([("A", "10", "COP", "2026-03-01")], "l.csv"),
        write([("Z", "1", "COP"), ("A", "9", "COP", "2026-03-02")], "s.csv"),
    )
    result = cuadre.reconcile(ledger, day, as_of="2026-03-11")
    item = next(b for b in result.breaks.to_dicts() if b["code"] == "amount_differs")
    assert (item["ledger_file"], item["ledger_line"], item["ledger_offset_bytes"]) == (ledger, 2, len(HEADER))
    assert (item["settlement_file"], item["settlement_line"]) == (day, 3)
    assert (item["ledger_amount"], item["settlement_amount"]) == (Decimal("10.00"), Decimal("9.00"))
    assert item["ledger_date"] == datetime.date(2026, 3, 1)
    assert item["age_days"] == 10
    assert "COP 1.00" in item["sentence_en"] and "COP 1,00" in item["sentence_es"]
    assert "as written" in item["sentence_en"] and "l.csv, line 2" in item["sentence_en"]
    assert "l.csv, línea 2" in item["sentence_es"]


def test_every_class_has_sentences(write):
    ours = [("A", "10", "COP"), ("B", "5", "COP"), ("C", "7", "COP"), ("D", "1", "COP"), ("D", "1", "COP"), ("E", "2", "COP")]
    theirs = [("A", "9", "COP"), ("C", "7", "PEN"), ("D", "1", "COP"), ("E", "2", "COP"), ("E", "2", "COP"), ("F", "3", "COP")]
    result = cuadre.reconcile(write(ours, "l.csv"), write(theirs, "s.csv"), key="strip_left_zeros")
    items = result.breaks.to_dicts()
    assert {item["code"] for item in items} == {
        "amount_differs", "currency_differs", "only_in_ledger", "only_in_settlement", "paid_twice", "repeated_in_ledger",
    }  # fmt: skip
    for item in items:
        assert item["reference"] in item["sentence_en"] and item["reference"] in item["sentence_es"]
        assert "without left zeros" in item["sentence_en"] and "sin ceros a la izquierda" in item["sentence_es"]
        assert item["age_days"] is None
    assert str(result) == "2 matched, 6 breaks worth COP 19.00, nothing dropped: proof holds"
    assert result.sentence("es").endswith("nada se perdió: la prueba cuadra")


def test_a_code_stands_once_with_its_words():
    codes = [bucket["name"] for bucket in _core.buckets()]
    assert codes[0] == "matched" and len(codes) == len(set(codes))
    places = re.compile(r"\{(\w+)\}")
    for table in (
        _core.buckets(),
        _core.sentence_forms(),
        _core.row_kinds(),
        _core.key_steps(),
        _core.reject_reasons(),
        _core.check_kinds(),
    ):
        for term in table:
            assert term["en"] and term["es"] and set(places.findall(term["en"])) == set(places.findall(term["es"])), term
    page = "\n".join(help_page("matching"))
    assert all(code in page for code in codes)
    assert all(step["name"] in page for step in _core.key_steps())


def test_key_steps(write):
    ledger, day = write([("0012", "1", "COP")], "l.csv"), write([("12", "1", "COP")], "s.csv")
    assert not cuadre.reconcile(ledger, day).balanced
    assert cuadre.reconcile(ledger, day, key="strip_left_zeros").balanced
    assert cuadre.reconcile(ledger, day, key=["strip_left_zeros", "trim"]).key == ["trim", "strip_left_zeros"]
    with pytest.raises(cuadre.CuadreError, match='did you mean "strip_left_zeros"') as caught:
        cuadre.reconcile(ledger, day, key="strip_zeros")
    assert caught.value.code == "argument_invalid"


def test_key_comes_from_both_layouts(write):
    layout = {**cuadre.settlement.Layout.load("plain").to_dict(), "key": ["strip_left_zeros"]}
    ledger, day = write([("0012", "1", "COP")], "l.csv"), write([("12", "1", "COP")], "s.csv")
    result = cuadre.reconcile(ledger, day, layout=layout)
    assert result.balanced and result.key == ["strip_left_zeros"]
    assert not cuadre.reconcile(ledger, day, layout=layout, key=[]).balanced


def test_reference_empty_under_the_key_is_a_reject(write):
    ledger = write([("000", "1", "COP"), ("A", "1", "COP")], "l.csv")
    result = cuadre.reconcile(ledger, write([("A", "1", "COP"), ("0", "1", "COP")], "s.csv"), key="strip_left_zeros")
    assert [(r["side"], r["line"], r["reason"]) for r in result.rejects.to_dicts()] == [
        ("ledger", 2, "reference_missing"),
        ("settlement", 3, "reference_missing"),
    ]
    assert all(line["holds"] for line in result.proof.to_dicts())


def test_rejects_are_in_the_sentence_and_unbalance(write):
    result = cuadre.reconcile(write([("A", "1", "COP"), ("B", "x", "COP")], "l.csv"), write([("A", "1", "COP")], "s.csv"))
    assert not result.balanced
    assert "1 row rejected" in str(result)
    (line,) = [p for p in result.proof.to_dicts() if p["side"] == "ledger" and p["what"] == "rows"]
    assert (line["rejected"], line["holds"]) == (1, True)


def test_matches_say_where_both_stand(write):
    count = 5000
    ours = [(f"R{n}", n + 1, "COP", "2026-03-01") for n in range(count)]
    result = cuadre.reconcile(write(ours, "l.csv"), write(ours[::-1], "s.csv"))
    rows = result.matches.to_dicts()
    assert len(rows) == count == len(result.matches)
    assert [row["reference"] for row in rows] == [row[0] for row in ours]
    assert rows[0]["ledger_line"] == 2 and rows[0]["settlement_line"] == count + 1
    assert rows[7]["amount"] == Decimal("8.00")


def test_matches_notice_a_changed_file(write):
    ledger = write([("A", "1", "COP")] * 1, "l.csv")
    result = cuadre.reconcile(ledger, write([("A", "1", "COP")], "s.csv"))
    with open(ledger, "a") as file:
        file.write("B,1,COP,\n")
    with pytest.raises(cuadre.CuadreError) as caught:
        result.matches.to_dicts()
    assert caught.value.code == "file_changed"


def test_several_files_on_both_sides(write):
    ledger = [write([("A", "1", "COP")], "l1.csv"), write([("B", "2", "COP")], "l2.csv")]
    day = [write([("B", "2", "COP")], "s1.csv"), write([("A", "1", "COP")], "s2.csv")]
    result = cuadre.reconcile(ledger, day)
    assert result.balanced
    assert [file["side"] for file in result.files.to_dicts()] == ["ledger", "ledger", "settlement", "settlement"]


def test_tables_and_files_mix(write):
    import pandas
    import polars

    columns = {"reference": ["A", "B"], "amount": [Decimal("1.00"), Decimal("2.50")], "currency": ["COP", "COP"]}
    day = write([("A", "1", "COP"), ("B", "2.5", "COP")], "s.csv")
    assert cuadre.reconcile(polars.DataFrame(columns), day).balanced
    assert cuadre.reconcile(day, pandas.DataFrame(columns)).balanced
    result = cuadre.reconcile([polars.DataFrame(columns), write([("C", "1", "COP")], "l.csv")], day)
    assert [(item["code"], item["reference"]) for item in result.breaks.to_dicts()] == [("only_in_ledger", "C")]


def test_results_enter_other_libraries(write):
    import duckdb
    import pandas
    import polars
    import pyarrow

    result = cuadre.reconcile(write([("A", "10", "COP"), ("B", "1", "COP")], "l.csv"), write([("A", "9", "COP")], "s.csv"))
    breaks = result.breaks
    assert polars.DataFrame(breaks)["code"].to_list() == ["amount_differs", "only_in_ledger"]
    found = pyarrow.table(breaks)
    assert pyarrow.types.is_decimal128(found.schema.field("ledger_amount").type)
    assert duckdb.sql("select sum(ledger_amount) from found").fetchall() == [(Decimal("11.00"),)]
    assert len(pandas.DataFrame(breaks.to_dicts())) == 2
    for name in ("summary", "matches", "rejects", "proof", "files", "checks"):
        assert pyarrow.table(getattr(result, name)).num_rows == len(getattr(result, name))


def test_as_of_is_a_date(write):
    ledger = write([("A", "1", "COP", "2026-03-01")], "l.csv")
    day = write([("B", "1", "COP", "2026-03-05")], "s.csv")
    ages = {
        b["reference"]: b["age_days"] for b in cuadre.reconcile(ledger, day, as_of=datetime.date(2026, 3, 6)).breaks.to_dicts()
    }
    assert ages == {"A": 5, "B": 1}
    with pytest.raises(cuadre.CuadreError) as caught:
        cuadre.reconcile(ledger, day, as_of="6 March")
    assert caught.value.code == "argument_invalid"


def test_csv_folder(write, tmp_path):
    ours = [("=cmd()", "1", "COP", "2026-03-01"), ("@x", "-5", "COP"), ('"a,""b"""', "2", "COP")]
    result = cuadre.reconcile(write(ours, "l.csv"), write([("A", "1", "COP")], "s.csv"))
    folder = result.to_csv(tmp_path / "out")
    assert sorted(path.name for path in folder.iterdir()) == [
        "breaks.csv", "checks.csv", "files.csv", "proof.csv", "rejects.csv", "summary.csv",
    ]  # fmt: skip
    text = (folder / "breaks.csv").read_bytes().decode()
    assert text.count("\r\n") == 5
    rows = list(csv.DictReader(text.splitlines(keepends=True)))
    assert [row["reference"] for row in rows] == ["'=cmd()", "'@x", 'a,"b"', "A"]
    assert rows[1]["ledger_amount"] == "-5.00"
    assert rows[0]["ledger_date"] == "2026-03-01"
    assert rows[0]["settlement_file"] == ""
    result.to_csv(folder)  # again, over the old ones
    with pytest.raises(cuadre.CuadreError) as caught:
        result.to_csv(folder / "summary.csv" / "deeper")
    assert caught.value.code == "file_unwritable"


def test_html_card_is_escaped(write):
    result = cuadre.reconcile(write([("A", "1", "COP")], "l.csv"), write([("A", "1", "COP")], "s.csv"))
    card = result._repr_html_()
    assert "proof holds" in card and "<script" not in card


def test_errors_pickle_with_their_place(tmp_path):
    with pytest.raises(cuadre.CuadreError) as caught:
        cuadre.reconcile(tmp_path / "none.csv", tmp_path / "none2.csv")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.code, again.file) == ("file_missing", str(tmp_path / "none.csv"))


# --- against the oracle -----------------------------------------------------------------------------------------------

REFERENCES = st.sampled_from(["1", "01", "001", "2", "a", "A", "0", "00", "1-1", "11", "ñ1"])
ROWS = st.lists(
    st.tuples(
        REFERENCES, st.sampled_from(["1.00", "2.00", "-1.00", "0.00", "92233720368547758.07"]), st.sampled_from(["COP", "PEN"])
    ),
    min_size=1,
    max_size=14,
)
STEPS = st.lists(st.sampled_from(["trim", "digits_only", "upper", "strip_left_zeros"]), unique=True)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=ROWS, theirs=ROWS, steps=STEPS, threads=st.sampled_from([1, 2, 3]))
def test_agrees_with_the_oracle(tmp_path, ours, theirs, steps, threads):
    paths = []
    for name, rows in (("l.csv", ours), ("s.csv", theirs)):
        path = tmp_path / name
        path.write_text("reference,amount,currency\n" + "".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
        paths.append(path)
    result = cuadre.reconcile(*paths, key=steps, threads=threads)

    def listed(rows):
        return [oracle.Row(r, Decimal(a), c, at=line) for line, (r, a, c) in enumerate(rows, 2)]

    expected = oracle.match(listed(ours), listed(theirs), steps)
    wanted = Counter()
    for entry in expected.entries:
        wanted[
            entry.bucket,
            entry.ledger.at if entry.ledger else None,
            entry.settlement.at if entry.settlement else None,
        ] += 1
    found = Counter()
    for item in result.breaks.to_dicts():
        # paid_twice and repeated_in_ledger may name a row of the other side for context, which is counted elsewhere
        ledger = None if item["code"] in ("paid_twice", "only_in_settlement") else item["ledger_line"]
        settlement = None if item["code"] in ("repeated_in_ledger", "only_in_ledger") else item["settlement_line"]
        found[item["code"], ledger, settlement] += 1
    for item in result.matches.to_dicts():
        found["matched", item["ledger_line"], item["settlement_line"]] += 1
    assert found == wanted
    summary = {
        (s["bucket"], s["currency"]): (s["ledger_rows"], s["settlement_rows"], s["ledger_amount"], s["settlement_amount"])
        for s in result.summary.to_dicts()
    }
    assert summary == expected.summary()
    assert {("ledger", r.at) for r in expected.ledger_rejects} | {
        ("settlement", r.at) for r in expected.settlement_rejects
    } == {(r["side"], r["line"]) for r in result.rejects.to_dicts()}
    assert all(line["holds"] for line in result.proof.to_dicts())


def test_every_instruction_set_gives_the_same_files(tmp_path: Path) -> None:
    """The portable twin of the vector scans, in a process of its own, since the level is chosen at the start."""
    make_month(tmp_path / "month", 2_000, seed=5)
    answers = set()
    for level in ("portable", "avx2", "avx512"):
        out = tmp_path / level
        script = (
            "import sys, cuadre; from pathlib import Path; month = Path(sys.argv[1]);"
            "result = cuadre.reconcile(month / 'colombia' / 'ledger.csv', sorted((month / 'colombia').glob('*.txt')),"
            " layout='asobancaria-2001-recaudo'); result.to_csv(sys.argv[2])"
        )
        environment = {**os.environ, "CUADRE_SIMD": level}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / "month"), str(out)], env=environment, check=True)
        answers.add("".join(path.read_text() for path in sorted(out.iterdir())))
    assert len(answers) == 1
