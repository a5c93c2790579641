"""Reading through the public face: real files, conformance suites, and input that nobody wants."""

import json
import os
import threading
from decimal import Decimal
from pathlib import Path

import pytest

import cuadre
import places
from cuadre import errors, settlement

HEADER = "reference,amount,currency,date\n"


@pytest.fixture
def write(tmp_path):
    def make(text: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return make


def read_error(*args, **kwargs) -> cuadre.CuadreError:
    with pytest.raises(cuadre.CuadreError) as caught:
        settlement.read(*args, **kwargs)
    return caught.value


# one good row, one under test, one good row: the rest of the file must still be read
def only_reject(write, row: str | bytes, **kwargs) -> dict:
    raw = row if isinstance(row, bytes) else row.encode()
    body = HEADER.encode() + b"A,1.00,COP,2026-03-01\n" + raw + b"\nC,3.00,COP,2026-03-03\n"
    reading = settlement.read(write(body), **kwargs)
    assert [r["reference"] for r in reading.rows.to_dicts()] == ["A", "C"]
    (reject,) = reading.rejects.to_dicts()
    assert reject["line"] == 3
    assert reject["offset_bytes"] == body.index(b"\n" + raw + b"\n") + 1
    assert reading.verdict.word == "has_rejects"
    return reject


def test_rows_carry_everything(write):
    path = write(HEADER + "0012,1234.50,PEN,2026-03-02\n" + '"A,1",5,COP,\n')
    reading = settlement.read(path)
    assert reading.rows.column_names == [
        "reference", "amount", "currency", "date", "booked_date", "kind", "file", "line", "offset_bytes",
    ]  # fmt: skip
    first, second = reading.rows.to_dicts()
    assert first["reference"] == "0012"
    assert first["amount"] == Decimal("1234.50")
    assert (first["currency"], first["date"].isoformat(), first["kind"]) == ("PEN", "2026-03-02", "payment")
    assert (first["file"], first["line"], first["offset_bytes"]) == (str(path), 2, len(HEADER))
    assert (second["reference"], second["date"], second["booked_date"]) == ("A,1", None, None)
    assert [(t["currency"], t["rows"], t["amount"]) for t in reading.totals.to_dicts()] == [
        ("COP", 1, Decimal("5.00")),
        ("PEN", 1, Decimal("1234.50")),
    ]
    assert reading.verdict.word == "no_controls"
    assert "2 rows worth COP 5.00 and PEN 1,234.50" in str(reading.verdict)


def test_several_files_keep_their_order(write):
    paths = [write(HEADER + f"R{n},{n}.00,COP,\n", f"{n}.csv") for n in (3, 1, 2)]
    reading = settlement.read(paths)
    assert [row["reference"] for row in reading.rows.to_dicts()] == ["R3", "R1", "R2"]
    assert [file["file"] for file in reading.files.to_dicts()] == [str(path) for path in paths]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_order_does_not_depend_on_threads(write, threads):
    count = 60_000
    path = write(HEADER + "".join(f"REF{n:012},{n}.07,COP,2026-03-02\n" for n in range(count)))
    rows = settlement.read(path, threads=threads).rows
    assert len(rows) == count
    assert [row[0] for row in rows.rows(count - 3)] == [f"REF{n:012}" for n in range(count - 3, count)]
    import pyarrow

    lines = pyarrow.table(rows)["line"].to_pylist()
    assert lines == list(range(2, count + 2))


def test_tables_give_a_fresh_stream_each_time(write):
    import pyarrow

    rows = settlement.read(write(HEADER + "A,1.05,COP,2026-03-02\n")).rows
    first, second = pyarrow.table(rows), pyarrow.table(rows)
    assert first.equals(second)
    assert pyarrow.types.is_decimal128(first.schema.field("amount").type)
    assert first["amount"].to_pylist() == [Decimal("1.05")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",1.00,COP,", "reference_missing"),
        ("B,,COP,", "amount_missing"),
        ('B,"1,234.56",COP,', "amount_invalid"),
        ("B,1E5,COP,", "amount_invalid"),
        ("B,NaN,COP,", "amount_invalid"),
        ("B,inf,COP,", "amount_invalid"),
        ("B,0x10,COP,", "amount_invalid"),
        ("B, 1.00,COP,", "amount_invalid"),
        ("B,8.951,COP,", "amount_inexact"),
        ("B,12345678901234567890,COP,", "amount_overflow"),
        ("B,1.00,,", "currency_missing"),
        ("B,1.00,cop,", "currency_unknown"),
        ("B,1.00,XQX,", "currency_unknown"),
        ("B,1.00,COP,2026-02-30", "date_invalid"),
        ("B,1.00,COP,01/03/2026", "date_invalid"),
        ("B,1.00,COP", "fields_missing"),
        ("B,1.00,COP,,x", "fields_surplus"),
        ('"B"x,1.00,COP,', "quote_stray"),
        (b"B\xff,1.00,COP,", "encoding_invalid"),
        (b"B\x00,1.00,COP,", "nul_byte"),
    ],
)
def test_bad_rows_are_located_rejects(write, row, reason):
    reject = only_reject(write, row)
    assert reject["reason"] == reason
    assert reject["reason_en"] and reject["reason_es"]


def test_exact_value_counts_not_the_writing(write):
    reading = settlement.read(write(HEADER + "A,8.95000,COP,\nB,8,COP,\n"))
    assert [row["amount"] for row in reading.rows.to_dicts()] == [Decimal("8.95"), Decimal("8.00")]


def test_comma_decimals_refuse_point_decimals(write):
    layout = settlement.Layout.load("plain").to_dict()
    layout["delimited"] = {"separator": ";"}
    layout["amount"] |= {"decimal_mark": ",", "grouping": "."}
    path = write("reference;amount;currency\nA;1.234,56;COP\nB;1,234.56;COP\nC;12.34,5;COP\n")
    reading = settlement.read(path, layout=layout)
    assert [row["amount"] for row in reading.rows.to_dicts()] == [Decimal("1234.56")]
    assert [r["reason"] for r in reading.rejects.to_dicts()] == ["amount_invalid", "amount_invalid"]


def test_na_and_null_are_references_like_any_other(write):
    reading = settlement.read(write(HEADER + "NA,1,COP,\nnull,2,COP,\n-,3,COP,\n"))
    assert [row["reference"] for row in reading.rows.to_dicts()] == ["NA", "null", "-"]
    layout = {**settlement.Layout.load("plain").to_dict(), "empty": ["-"]}
    reading = settlement.read(write(HEADER + "NA,1,COP,\n-,3,COP,\n"), layout=layout)
    assert [r["reason"] for r in reading.rejects.to_dicts()] == ["reference_missing"]


def test_currency_by_call(write):
    path = write("reference,amount\nA,1.5\n")
    error = read_error(path)
    assert (error.code, "currency" in str(error)) == ("column_missing", True)
    (row,) = settlement.read(path, currency="PEN").rows.to_dicts()
    assert (row["currency"], row["date"]) == ("PEN", None)
    # a file that names its currencies is believed before the call
    (row,) = settlement.read(write("reference,amount,currency\nA,1.5,USD\n"), currency="PEN").rows.to_dicts()
    assert row["currency"] == "USD"
    assert read_error(path, currency="ABC").code == "currency_unknown"


def test_columns_by_call(write):
    path = write("CIP,Monto,Moneda\n0001,2.50,PEN\n")
    reading = settlement.read(path, columns={"reference": "CIP", "amount": "Monto", "currency": "Moneda"})
    assert reading.rows.to_dicts()[0]["reference"] == "0001"


# --- files that are no use -------------------------------------------------------------------------------------------


def test_missing_file_directory_and_empty_file(tmp_path, write):
    assert read_error(tmp_path / "none.csv").code == "file_missing"
    assert read_error(tmp_path).code == "file_unreadable"
    assert read_error(write("")).code == "file_empty"


@pytest.mark.parametrize("path", ["a\0b.csv", "\udcff.csv", ""])
def test_paths_that_no_file_can_have(path):
    assert read_error(path).code == "file_missing"


def test_error_says_where(tmp_path):
    error = read_error(tmp_path / "none.csv")
    assert error.file == str(tmp_path / "none.csv")
    assert str(tmp_path / "none.csv") in str(error)


def test_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert read_error(tmp_path / "pipe").code == "file_unreadable"


def test_missing_column_names_the_closest(write):
    error = read_error(write("refrence,amount,currency\nA,1,COP\n"))
    assert error.code == "column_missing"
    assert "reference" in str(error) and "refrence" in str(error)


def test_repeated_column(write):
    assert read_error(write("reference,amount,amount,currency\nA,1,2,COP\n")).code == "column_repeated"


def test_too_many_rejects(write):
    path = write(HEADER + "A,x,COP,\n" * 10)
    assert len(settlement.read(path, rejects_max=10).rejects) == 10
    assert read_error(path, rejects_max=9).code == "rejects_exceeded"


@pytest.mark.parametrize("layout", settlement.layouts())
@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 300, b"\x00" * 5000, b"\xff\xfea\x00b\x00", b'"', b"\n", b"\r\n" * 9, b"{}"]
)
def test_garbage_is_an_error_or_rejects_never_rows(write, layout, content):
    try:
        reading = settlement.read(write(content), layout=layout)
    except cuadre.CuadreError as error:
        assert error.code
    else:
        assert len(reading.rows) == 0


def test_wrong_layout_is_an_error_or_rejects(write):
    path = write(HEADER + "A,1.00,COP,2026-03-01\n" * 5)
    for name in settlement.layouts():
        if name == "plain":
            continue
        try:
            assert len(settlement.read(path, layout=name).rows) == 0
        except cuadre.CuadreError as error:
            assert error.code in ("layout_mismatch", "column_missing")


def test_unknown_encoding_is_a_layout_error(write):
    layout = {**settlement.Layout.load("plain").to_dict(), "encoding": "utf-16"}
    assert read_error(write(HEADER), layout=layout).code == "layout_invalid"


def test_utf16_file_is_refused(write):
    error = read_error(write((HEADER + "A,1.00,COP,\n").encode("utf-16")))
    assert error.code in ("encoding_unsupported", "column_missing")


def test_long_line_is_one_reject(write):
    layout = {**settlement.Layout.load("plain").to_dict(), "record_bytes_max": 4096}
    body = HEADER + "A,1.00,COP,\n" + "B" * 3_000_000 + ",1.00,COP,\nC,3.00,COP,\n"
    reading = settlement.read(write(body), layout=layout)
    assert [r["reason"] for r in reading.rejects.to_dicts()] == ["record_too_long"]
    assert [row["reference"] for row in reading.rows.to_dicts()] == ["A", "C"]
    assert len(reading.rejects.to_dicts()[0]["raw_text"]) < 3000


@pytest.mark.parametrize("change", ["shrink", "grow"])
def test_file_that_changes_while_read(write, change):
    """The answer is the whole file or an error, whenever the change comes; a crash would end the process."""
    count = 400_000
    path = write(HEADER + "REFERENCE,1.00,COP,2026-03-01\n" * count)
    shorter = len(HEADER) + 30 * (count // 2)

    def touch():
        if change == "shrink":
            os.truncate(path, shorter)
        else:
            with path.open("ab") as file:
                file.write(b"X,1.00,COP,\n" * 100)

    timer = threading.Timer(0.004, touch)
    timer.start()
    try:
        rows = len(settlement.read(path, threads=1).rows)
    except cuadre.CuadreError as error:
        assert error.code == "file_changed"
    else:
        assert rows in (count, count // 2, count + 100)
    timer.join()


def test_sources_of_no_use():
    with pytest.raises(TypeError, match="path or a table"):
        settlement.read(7)
    with pytest.raises(TypeError, match="paths are text"):
        settlement.read([b"x.csv"])
    assert read_error([]).code == "argument_invalid"


# --- real files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "rows", "amount"), [("11JULIO", 17, "300000.00"), ("26AGOSTO", 22, "640000.00")])
def test_asobancaria_real_files_balance(name, rows, amount):
    reading = settlement.read(places.data("settlement", "asobancaria-2001", f"{name}.TXT"), layout="asobancaria-2001-recaudo")
    assert len(reading.rows) == rows
    assert reading.totals.to_dicts()[0]["amount"] == Decimal(amount)
    assert reading.verdict.word == "balances"


def test_asobancaria_several_lots_says_what_disagrees():
    reading = settlement.read(places.data("settlement", "asobancaria-2001", "VARIOS.TXT"), layout="asobancaria-2001-recaudo")
    assert (len(reading.rows), len(reading.rejects)) == (116, 0)
    assert reading.verdict.word == "does_not_balance"
    assert "the file control covers the first lot only" in reading.verdict.sentence_en
    assert "cubre solo el primer lote" in reading.verdict.sentence_es


def test_asobancaria_empty_file():
    path = places.data("settlement", "asobancaria-2001", "VACIO.TXT")
    assert read_error(path, layout="asobancaria-2001-recaudo").code == "file_empty"


def test_wompi_real_files():
    paths = sorted(places.data("settlement", "wompi").glob("*.csv"))
    reading = settlement.read(paths, layout="wompi-desembolsos")
    rows = reading.rows.to_dicts()
    assert [(row["reference"], row["amount"], row["currency"]) for row in rows] == [
        ("kcmjn4jfa1dka4b2fmtj4j", Decimal("317549.00"), "COP"),
        ("d02m6hzrinf727x6teynra", Decimal("840763.00"), "COP"),
    ]
    assert rows[0]["date"].isoformat() == "2026-04-29"
    assert len(reading.rejects) == 0


SPECTRUM = ["simple", "simple_crlf", "comma_in_quotes", "escaped_quotes", "json", "newlines", "newlines_crlf", "quotes_and_newlines",
            "utf8", "empty", "empty_crlf"]  # fmt: skip


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum(name, tmp_path):
    """Every cell of the suite, read as a reference. Each record gets an amount column in front so that it is a row."""
    text = places.data("conformance", "csv-spectrum", "csvs", f"{name}.csv").read_bytes()
    expected = json.loads(places.data("conformance", "csv-spectrum", "json", f"{name}.json").read_text(encoding="utf-8"))
    end = b"\r\n" if b"\r\n" in text else b"\n"
    # the amount comes last but one: a prefix at every line would also land inside quoted line ends, so records are found by
    # walking the quotes
    path = tmp_path / f"{name}.csv"
    path.write_bytes(
        end.join(b"7," + record if number else b"amount_for_us," + record for number, record in enumerate(records(text, end)))
    )
    for column in expected[0]:
        layout = {
            "kind": "delimited",
            "reference": {"at": column},
            "amount": {"at": "amount_for_us"},
            "currency": {"default": "COP"},
        }
        reading = settlement.read(path, layout=layout)
        found = [row["reference"] for row in reading.rows.to_dicts()]
        assert found == [record[column] for record in expected if record[column]]
        assert len(reading.rejects) == sum(not record[column] for record in expected)  # an empty cell is no reference


def records(text: bytes, end: bytes) -> list[bytes]:
    found, quoted, start, at = [], False, 0, 0
    while at < len(text):
        if text[at : at + 1] == b'"':
            quoted = not quoted
        if not quoted and text.startswith(end, at):
            found.append(text[start:at])
            at += len(end)
            start = at
            continue
        at += 1
    return [record for record in [*found, text[start:]] if record]


def test_csv_spectrum_that_is_not_utf8_gives_rejects(tmp_path):
    path = places.data("conformance", "csv-spectrum", "csvs", "location_coordinates.csv")
    layout = {
        "kind": "delimited",
        "reference": {"at": "Cities"},
        "amount": {"at": "Contact Phone Number"},
        "currency": {"default": "COP"},
    }
    text = path.read_bytes()
    reading = settlement.read(path, layout=layout)
    try:
        text.decode()
    except UnicodeDecodeError:
        assert [r["reason"] for r in reading.rejects.to_dicts()] == ["encoding_invalid"]
    else:
        assert [row["reference"] for row in reading.rows.to_dicts()] == ["Modesto"]


# --- tables ----------------------------------------------------------------------------------------------------------


def test_arrow_tables_are_sources():
    import polars
    import pyarrow

    columns = {"reference": ["A", "B"], "amount": [Decimal("1.50"), Decimal("2.00")], "currency": ["COP", "PEN"]}
    for table in (pyarrow.table(columns), polars.DataFrame(columns)):
        rows = settlement.read(table).rows.to_dicts()
        assert [(row["reference"], row["amount"], row["currency"]) for row in rows] == [
            ("A", Decimal("1.50"), "COP"),
            ("B", Decimal("2.00"), "PEN"),
        ]


def test_arrow_floats_are_refused():
    import pyarrow

    error = read_error(pyarrow.table({"reference": ["A"], "amount": [1.5], "currency": ["COP"]}))
    assert error.code in ("arrow_unsupported", "float_refused")


# --- stopping --------------------------------------------------------------------------------------------------------


def test_progress_is_told_and_may_stop_the_work(write):
    path = write(HEADER + "REFERENCE,1.00,COP,2026-03-01\n" * 2_000_000)
    calls = []

    def stop(done, total):
        calls.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        settlement.read(path, threads=1, progress=stop)
    assert calls[0][0] <= path.stat().st_size


def test_rejects_show_text_as_its_encoding_reads(tmp_path: Path) -> None:
    """An accountant who opens the file in Latin-1 sees the same text in the reject."""
    path = tmp_path / "banco.csv"
    path.write_bytes("reference,amount,currency,date\ncomisión,x,PEN,\n".encode("latin-1"))
    layout = {
        "name": "banco",
        "kind": "delimited",
        "encoding": "latin-1",
        "reference": {"at": "reference"},
        "amount": {"at": "amount"},
        "currency": {"at": "currency"},
    }
    (item,) = settlement.read(path, layout=layout).rejects.to_dicts()
    assert item["raw_text"] == "comisión,x,PEN,"


def test_a_far_name_is_answered_by_what_there_is(tmp_path: Path) -> None:
    path = tmp_path / "banco.csv"
    path.write_text("CIP,Monto\n1,2\n")
    with pytest.raises(errors.ColumnMissingError, match='the closest is "Monto" of "CIP", "Monto"'):
        settlement.read(path)


def test_a_path_as_bytes_is_named(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="paths are text, not bytes"):
        settlement.read(b"day.csv")  # type: ignore[arg-type]
