"""Tables out to pyarrow, Polars, DuckDB and pandas, and rows in from all four: what is written is what is read."""

from __future__ import annotations

import csv
import datetime
import threading
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuadre import errors, settlement

pytestmark = pytest.mark.border

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")
pd = pytest.importorskip("pandas")

COLUMNS = ["reference", "amount", "currency", "date", "booked_date", "kind", "file", "line", "offset_bytes"]
INT64 = 2**63

REFERENCES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
AMOUNTS = st.integers(-INT64, INT64 - 1).map(lambda minor: Decimal(minor).scaleb(-2))
DATES = st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31))
ROWS = st.lists(st.tuples(REFERENCES, AMOUNTS, st.sampled_from(["COP", "PEN", "USD"]), DATES), max_size=40)


def table_of(rows: list[tuple[Any, ...]], amount: Any = None, text: Any = None) -> Any:
    text = text or pa.string()
    columns = list(zip(*rows, strict=True)) or [()] * 4
    types = [text, amount or pa.decimal128(38, 2), text, pa.date32()]
    return pa.table(
        [pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=["reference", "amount", "currency", "date"]
    )


def read_rows(table: Any, **options: Any) -> list[tuple[Any, ...]]:
    """Reference, amount, currency and date of every row; no row may be refused."""
    reading = settlement.read(table, **options)
    assert reading.rejects.num_rows == 0, reading.rejects.to_dicts()
    return [row[:4] for row in reading.rows.rows()]


def reasons(table: Any, **options: Any) -> list[str]:
    return [reject["reason"] for reject in settlement.read(table, **options).rejects.to_dicts()]


def one(amount: Any, **more: Any) -> Any:
    """A table of one row with this column of amounts."""
    return pa.table({"reference": ["A"] * len(amount), "amount": amount, "currency": ["COP"] * len(amount), **more})


class Stream:
    """What is left of a table when nothing but the protocol is used."""

    def __init__(self, capsule: object) -> None:
        self.capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.capsule


# ---- in and out, from and to everyone


def by_polars(rows: list[tuple[Any, ...]]) -> Any:
    schema = {"reference": pl.String, "amount": pl.Decimal(38, 2), "currency": pl.String, "date": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def by_duckdb(rows: list[tuple[Any, ...]]) -> Any:
    source = table_of(rows)
    return duckdb.connect().from_arrow(source)


def by_pandas(rows: list[tuple[Any, ...]]) -> Any:
    return table_of(rows).to_pandas(types_mapper=pd.ArrowDtype)


@pytest.mark.parametrize("make", [table_of, by_polars, by_duckdb, by_pandas], ids=["pyarrow", "polars", "duckdb", "pandas"])
@settings(deadline=None, max_examples=25)
@given(rows=ROWS)
def test_rows_from_every_library_come_back_as_they_were(make: Any, rows: list[tuple[Any, ...]]) -> None:
    assert read_rows(make(rows)) == rows


@settings(deadline=None, max_examples=25)
@given(rows=ROWS)
def test_every_library_reads_the_same(rows: list[tuple[Any, ...]]) -> None:
    table = settlement.read(table_of(rows)).rows
    expected = table.rows()
    assert [tuple(row.values()) for row in pa.table(table).to_pylist()] == expected
    assert pl.DataFrame(table).rows() == expected
    assert duckdb.connect().from_arrow(table).fetchall() == expected
    frame = pd.DataFrame.from_arrow(table)
    assert list(frame.columns) == COLUMNS
    assert frame["amount"].tolist() == [row[1] for row in expected]
    assert frame["reference"].tolist() == [row[0] for row in expected]


def test_duckdb_reads_our_object_by_name() -> None:
    ours = settlement.read(table_of([("A", Decimal("1.50"), "COP", None), ("B", Decimal("2.25"), "COP", None)])).rows
    assert ours.num_rows == 2
    for _ in range(2):
        assert duckdb.sql("select sum(amount), count(*) from ours").fetchall() == [(Decimal("3.75"), 2)]


def test_our_rows_are_a_source_again() -> None:
    first = settlement.read(
        table_of([("A", Decimal("1.50"), "COP", datetime.date(2026, 3, 2)), ("B", Decimal(-7), "KWD", None)])
    ).rows
    again = settlement.read(first).rows
    assert [row[:6] for row in again.rows()] == [row[:6] for row in first.rows()]


def test_types_are_exact() -> None:
    schema = pa.table(settlement.read(table_of([("A", Decimal("1.50"), "COP", None)])).rows).schema
    assert schema.field("amount").type == pa.decimal128(38, 2)
    assert schema.field("date").type == pa.date32()
    assert schema.field("line").type == pa.uint64()
    assert schema.field("reference").type == pa.string()
    assert schema.field("date").nullable
    assert not schema.field("amount").nullable


# ---- shapes of tables


@settings(deadline=None, max_examples=40)
@given(rows=st.lists(st.tuples(REFERENCES, AMOUNTS, st.just("COP"), DATES), min_size=1, max_size=30), data=st.data())
def test_slices_and_chunks_change_nothing(rows: list[tuple[Any, ...]], data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]))
    table = table_of(rows, text=text)
    first = data.draw(st.integers(0, len(rows)))
    size = data.draw(st.integers(0, len(rows)))
    assert read_rows(table.slice(first, size)) == rows[first : first + size]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=3)))
    pieces = [table.slice(a, b - a) for a, b in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    chunked = pa.concat_tables(pieces)
    assert read_rows(chunked, threads=3) == rows


def test_a_sliced_struct_with_nulls_of_its_own() -> None:
    """Batches whose validity and offset stand on the struct, not on the columns."""
    values = [{"reference": f"R{i}", "amount": i, "currency": "COP"} if i % 3 else None for i in range(10)]
    struct = pa.array(values, pa.struct([("reference", pa.string()), ("amount", pa.int64()), ("currency", pa.string())]))
    reading = settlement.read(pa.chunked_array([struct.slice(2, 5)]))  # rows 2 to 6; 3 and 6 are null
    assert [row[0] for row in reading.rows.rows()] == ["R2", "R4", "R5"]
    assert [(r["reason"], r["line"], r["offset_bytes"]) for r in reading.rejects.to_dicts()] == [
        ("reference_missing", 2, 1),
        ("reference_missing", 5, 4),
    ]


def test_no_rows_and_no_batches() -> None:
    empty = table_of([])
    assert empty.num_rows == 0
    assert read_rows(empty) == []
    assert read_rows(pa.RecordBatchReader.from_batches(empty.schema, [])) == []
    table = settlement.read(empty).rows
    assert (len(table), table.rows(), pa.table(table).num_rows, pl.DataFrame(table).height) == (0, [], 0, 0)
    assert pa.table(table).column_names == table.column_names == COLUMNS


def test_columns_in_any_order_and_others_passed_over() -> None:
    table = table_of([("A", Decimal("1.50"), "COP", None)])
    table = table.append_column("weight", pa.array([1.5])).append_column("tags", pa.array([["x"]]))
    assert read_rows(table.select(["tags", "date", "weight", "currency", "amount", "reference"])) == [
        ("A", Decimal("1.50"), "COP", None)
    ]


def test_a_long_table_leaves_in_batches_and_reads_back() -> None:
    rows = 150_000
    table = pa.table(
        {
            "reference": pa.array(range(rows)),
            "amount": pa.array(range(rows)),
            "currency": pa.array(["COP"] * rows).dictionary_encode(),
        }
    )
    reading = settlement.read(table)
    reader = pa.RecordBatchReader.from_stream(reading.rows)
    batches = list(reader)
    assert len(batches) > 1
    assert sum(batch.num_rows for batch in batches) == rows
    joined = pa.Table.from_batches(batches)
    assert joined["reference"].to_pylist() == [str(i) for i in range(rows)]
    assert joined["offset_bytes"].to_pylist() == list(range(rows))
    assert (
        reading.rows.rows(149_999)
        == reading.rows.rows(-1)
        == [("149999", Decimal("149999.00"), "COP", None, None, "payment", "<table>", 150_000, 149_999)]
    )


# ---- types of cells


TEXTS = [pa.string(), pa.large_string(), pa.string_view()]


@pytest.mark.parametrize(
    "text",
    [*TEXTS, *(pa.dictionary(index, text) for index in (pa.int8(), pa.uint16(), pa.int64()) for text in TEXTS[:2])],
    ids=str,
)
def test_text_of_every_kind(text: Any) -> None:
    words = ["A", "a reference of more than twelve bytes", "ñandú", None, "A"]
    column = pa.array(words, text)
    reading = settlement.read(pa.table({"reference": column, "amount": [1] * 5, "currency": ["COP"] * 5}))
    assert [row[0] for row in reading.rows.rows()] == [word for word in words if word]
    assert [(r["reason"], r["line"], r["raw_text"]) for r in reading.rejects.to_dicts()] == [
        ("reference_missing", 4, "reference=null; amount=1; currency=COP")
    ]


def test_a_dictionary_with_a_null_inside() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0], pa.int32()), pa.array(["A", None]))
    assert reasons(pa.table({"reference": column, "amount": [1] * 4, "currency": ["COP"] * 4})) == ["reference_missing"] * 2


@pytest.mark.parametrize("kind", ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"])
def test_whole_numbers_are_references_as_written_and_whole_units(kind: str) -> None:
    least = 0 if kind.startswith("u") else -(2 ** (int(kind.removeprefix("int")) - 1))
    values = [least, 7, 100]
    table = pa.table({"reference": pa.array(values, kind), "amount": pa.array([0, 7, 100], kind), "currency": ["COP"] * 3})
    assert [row[:2] for row in read_rows(table)] == [(str(v), Decimal(a)) for v, a in zip(values, [0, 7, 100], strict=True)]
    biggest = pa.table({"reference": pa.array([2**64 - 1], "uint64"), "amount": [1], "currency": ["COP"]})
    assert read_rows(biggest)[0][0] == "18446744073709551615"


@settings(deadline=None)
@given(
    width=st.sampled_from([("decimal32", 9), ("decimal64", 18), ("decimal128", 38), ("decimal256", 76)]),
    scale=st.integers(0, 40),
    data=st.data(),
)
def test_decimals_of_all_widths_by_exact_value(width: tuple[str, int], scale: int, data: st.DataObject) -> None:
    name, digits = width
    scale = min(scale, digits)
    surplus = data.draw(st.sampled_from([0, max(scale - 2, 0)]))  # half of them with no more decimals than centavos
    unscaled = data.draw(st.integers(-(10 ** (digits - surplus)) + 1, 10 ** (digits - surplus) - 1)) * 10**surplus
    value = Decimal((0 if unscaled >= 0 else 1, tuple(map(int, str(abs(unscaled)))), -scale))
    table = one(pa.array([value], getattr(pa, name)(digits, scale)))
    minor, rest = divmod(abs(unscaled) * 100, 10**scale)
    if minor > (INT64 if unscaled < 0 else INT64 - 1):
        assert reasons(table) == ["amount_overflow"]
    elif rest:
        assert reasons(table) == ["amount_inexact"]
    else:
        assert read_rows(table)[0][1] == value


def test_amounts_of_negative_scale_and_of_minor_units() -> None:
    assert read_rows(one(pa.array([Decimal(1200)], pa.decimal128(5, -2))))[0][1] == Decimal("1200.00")
    table = pa.table({"reference": ["A", "B", "C"], "amount_minor": [-150, 7, None], "currency": ["COP", "CLP", "COP"]})
    reading = settlement.read(table)
    assert [row[1] for row in reading.rows.rows()] == [Decimal("-1.50"), Decimal(7)]
    assert [(r["reason"], r["field"]) for r in reading.rejects.to_dicts()] == [("amount_missing", "amount_minor")]


def test_amounts_in_text_follow_the_layout() -> None:
    table = one(["1234.50", "1,234.50", "8.951", "1E5", "", None, "99999999999999999999"])
    assert reasons(table) == [
        "amount_invalid",
        "amount_inexact",
        "amount_invalid",
        "amount_missing",
        "amount_missing",
        "amount_overflow",
    ]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()], ids=str)
@pytest.mark.parametrize("column", ["amount", "reference"])
def test_floats_are_refused_by_name(kind: Any, column: str) -> None:
    values = {"reference": pa.array(["A"]), "amount": pa.array([1]), "currency": pa.array(["COP"])}
    values[column] = pa.array([1.0], pa.float32()).cast(kind)
    with pytest.raises(errors.ArrowUnsupportedError, match=f'"{column}".*cast it to decimal or string') as caught:
        settlement.read(pa.table(values))
    assert caught.value.file == "<table>"
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("amount", pa.array([True])),
        ("amount", pa.array([datetime.date(2026, 1, 1)])),
        ("amount", pa.array([b"1"])),
        ("amount", pa.array([1.5]).dictionary_encode()),
        ("reference", pa.array([["A"]])),
        ("reference", pa.array([Decimal("1.5")])),
        ("currency", pa.array([170])),
        ("date", pa.array([20260302])),
        ("date", pa.array([datetime.time(1)])),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.type),
)
def test_types_that_carry_no_such_field(column: str, values: Any) -> None:
    table = {"reference": pa.array(["A"]), "amount": pa.array([1]), "currency": pa.array(["COP"]), column: values}
    with pytest.raises(errors.ArrowUnsupportedError, match=f'"{column}"'):
        settlement.read(pa.table(table))


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_instants_count_by_their_day_in_utc(unit: str) -> None:
    lima = datetime.timezone(datetime.timedelta(hours=-5))
    late = datetime.datetime(2026, 3, 2, 22, 0, tzinfo=lima)  # already the 3rd in UTC
    old = datetime.datetime(1969, 12, 31, 23, 59, 59)  # before the epoch: rounded down, not towards it
    zoned = pa.array([late], pa.timestamp(unit, "America/Lima"))
    assert read_rows(one([1], date=zoned))[0][3] == datetime.date(2026, 3, 3)
    assert read_rows(one([1], date=pa.array([old], pa.timestamp(unit))))[0][3] == datetime.date(1969, 12, 31)


def test_dates_of_every_kind() -> None:
    day = datetime.date(2026, 3, 2)
    for column in (pa.array([day], pa.date32()), pa.array([day], pa.date64()), pa.array(["2026-03-02"])):
        assert read_rows(one([1], date=column))[0][3] == day
    assert read_rows(one([1], date=pa.array([None], pa.date64())))[0][3] is None
    assert read_rows(one([1], date=pa.nulls(1)))[0][3] is None
    for bad in (
        pa.array(["2026-02-30"]),
        pa.array([datetime.date(1066, 10, 14)]),
        pa.array([datetime.date(9999, 1, 1)], pa.date64()),
    ):
        assert reasons(one([1], date=bad)) == ["date_invalid"]


def test_a_missing_column_names_the_closest() -> None:
    with pytest.raises(errors.ColumnMissingError, match='no column "amount"; the closest is "amuont"'):
        settlement.read(pa.table({"reference": ["A"], "amuont": [1], "currency": ["COP"]}))
    twice = pa.table(
        [pa.array(["A"]), pa.array(["B"]), pa.array([1]), pa.array(["COP"])],
        names=["reference", "reference", "amount", "currency"],
    )
    with pytest.raises(errors.ColumnRepeatedError, match='two columns "reference"'):
        settlement.read(twice)
    renamed = pa.table({"CIP": ["A"], "Monto": [1], "currency": ["COP"]})
    assert read_rows(renamed, columns={"reference": "CIP", "amount": "Monto"})[0][:2] == ("A", Decimal(1))
    assert (
        read_rows(renamed.drop_columns("currency"), columns={"reference": "CIP", "amount": "Monto"}, currency="PEN")[0][2]
        == "PEN"
    )


# ---- the stream itself


def test_a_fresh_stream_at_every_call_that_outlives_its_table() -> None:
    table = settlement.read(table_of([("A", Decimal("1.50"), "COP", None)])).rows
    streams = [Stream(table.__arrow_c_stream__()) for _ in range(3)]
    del table
    assert [pa.table(stream).num_rows for stream in streams] == [1, 1, 1]


def test_a_consumed_stream_says_so() -> None:
    stream = Stream(settlement.read(table_of([])).rows.__arrow_c_stream__(None))
    assert read_rows(pa.table(stream)) == []
    with pytest.raises(errors.ArrowUnsupportedError, match="consumed before"):
        settlement.read(stream)
    with pytest.raises(errors.ArrowUnsupportedError, match="did not return an Arrow stream"):
        settlement.read(Stream("no capsule"))


def test_a_column_is_not_a_table() -> None:
    with pytest.raises(errors.ArrowUnsupportedError, match="one column"):
        settlement.read(pa.chunked_array([["A"]]))


def test_a_producer_that_fails_is_heard() -> None:
    schema = table_of([]).schema

    def batches() -> Iterator[Any]:
        yield from table_of([("A", Decimal("1.50"), "COP", None)]).to_batches()
        raise RuntimeError("the database went away")

    with pytest.raises(errors.FileUnreadableError, match="the database went away") as caught:
        settlement.read(pa.RecordBatchReader.from_batches(schema, batches()))
    assert caught.value.file == "<table>"


def test_streams_are_read_and_released_on_other_threads() -> None:
    table = settlement.read(table_of([(f"R{i}", Decimal(i), "COP", None) for i in range(2000)])).rows
    found: list[int] = []

    def consume() -> None:
        for _ in range(20):
            found.append(pa.table(table).num_rows)

    threads = [threading.Thread(target=consume) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [2000] * 80


# ---- for people


def test_slices_of_rows_are_those_of_lists() -> None:
    table = settlement.read(table_of([(f"R{i}", Decimal(i), "COP", None) for i in range(7)])).rows
    everything = table.rows()
    for start in (-9, -3, 0, 2, 7, 9):
        for stop in (None, -9, -2, 0, 3, 9):
            assert table.rows(start, stop) == everything[start:stop]
            assert table.to_dicts(start, stop) == [dict(zip(COLUMNS, row, strict=True)) for row in everything[start:stop]]
    assert len(table) == table.num_rows == 7


def test_shown_as_text_and_as_html() -> None:
    hostile = "<script>alert('x')</script>\n" + "x" * 500
    table = settlement.read(table_of([(hostile, Decimal("1234.50"), "COP", datetime.date(2026, 3, 2))] * 30)).rows
    text = repr(table)
    assert text.startswith("<cuadre table: 30 rows, 9 columns>\nreference ")
    assert "1234.50" in text
    assert "2026-03-02" in text
    assert text.endswith("\n… 20 more")
    assert max(map(len, text.splitlines())) < 200
    page = table._repr_html_()
    assert "<script" not in page
    assert page.count("<tr>") == 21
    assert "30 rows, 9 columns; the first 20 are shown" in page


def test_csv_is_whole_and_inert(tmp_path: Any) -> None:
    rows = [("=1+1", Decimal("-1.50"), "COP", None), ('a,"b"\r\nñ', Decimal("7.00"), "PEN", datetime.date(2026, 3, 2))]
    table = settlement.read(table_of(rows)).rows
    path = tmp_path / "rows.csv"
    table.write_csv(str(path))
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["reference"] for row in found] == ["'=1+1", 'a,"b"\r\nñ']
    assert [row["amount"] for row in found] == ["-1.50", "7.00"]
    assert [row["date"] for row in found] == ["", "2026-03-02"]
    assert [p.name for p in tmp_path.iterdir()] == ["rows.csv"]
    with pytest.raises(errors.FileUnwritableError):
        table.write_csv(str(tmp_path / "no" / "rows.csv"))
