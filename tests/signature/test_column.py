"""verify_column: the same verdict as verify() for every row, whoever holds the table, in whatever pieces, on however many threads."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuadre import signature
from cuadre.errors import ArgumentInvalidError, ArrowUnsupportedError, ColumnMissingError, ColumnRepeatedError, SignatureError
from signature_samples import CANARY, NOW, SAMPLES, SECOND, UNIX, hmac_hex, verifier

pa = pytest.importorskip("pyarrow")

COLUMNS = ["verified", "reason", "key_id", "version", "event_id", "signed_at"]
Row = dict[str, Any]  # body, headers, url, received_at


def one_by_one(made: signature.Verifier, rows: list[Row]) -> list[Row]:
    """What the scalar face says."""
    found = []
    for row in rows:
        headers = {name: value for name, value in row["headers"].items() if value is not None}
        try:
            said = made.verify(row["body"] or b"", headers, now=row["received_at"], url=row["url"])
        except SignatureError as error:
            found.append(dict.fromkeys(COLUMNS) | {"verified": False, "reason": error.reason})
            continue
        found.append(
            {
                "verified": True,
                "reason": None,
                "key_id": said.key_id,
                "version": said.version or None,
                "event_id": said.event_id or None,
                "signed_at": said.signed_at,
            }
        )
    return found


def table_of(rows: list[Row], body_type: Any = None, text_type: Any = None) -> Any:
    names = sorted({name for row in rows for name in row["headers"]})
    columns = {
        "body": pa.array([row["body"] for row in rows], body_type or pa.binary()),
        "url": pa.array([row["url"] for row in rows], text_type or pa.string()),
        "received_at": pa.array([row["received_at"] for row in rows], pa.timestamp("us", "UTC")),
        "unrelated": pa.array([0.5] * len(rows)),
    }
    for name in names:
        columns[name] = pa.array([row["headers"].get(name) for row in rows], text_type or pa.string())
    return pa.table(columns)


def plain(sample: str) -> tuple[signature.Verifier, Row]:
    """A verifier that remembers nothing, and its genuine message."""
    _, _, body, headers, more = SAMPLES[sample]
    made = verifier(sample, duplicates=None, environment="test")
    return made, {
        "body": body,
        "headers": dict(headers),
        "url": "https://x.example/?" + more["query"] if "query" in more else None,
        "received_at": NOW,
    }


def spoiled(genuine: Row, seed: int) -> Row:
    """The message with nothing or something wrong with it."""
    pick = random.Random(seed)
    row = genuine | {"headers": dict(genuine["headers"])}
    name = pick.choice([*row["headers"], "X-None"])
    value = row["headers"].get(name) or ""
    match pick.randrange(9):
        case 0:
            row["body"] += b" "
        case 1:
            row["body"] = None
        case 2:
            row["headers"][name] = None
        case 3:
            row["headers"][name] = value[:-1]
        case 4:
            row["headers"][name] = value.replace("1", "2", 1)
        case 5:
            row["received_at"] += pick.choice([-301, -300, 300, 301, 10**6]) * SECOND
        case 6:
            row["url"] = "https://x.example/?data.id=124"
        case 7:
            row["headers"][name] = pick.choice(["", "=", "t=1,v1=00", "\u00e9", "a" * 5000])
    return row


@pytest.mark.parametrize("sample", SAMPLES)
@given(seeds=st.lists(st.integers(0, 10**6), max_size=40), threads=st.integers(0, 3))
@settings(deadline=None, max_examples=30)
def test_as_one_by_one(sample: str, seeds: list[int], threads: int) -> None:
    made, genuine = plain(sample)
    rows = [genuine, *(spoiled(genuine, seed) for seed in seeds)]
    answer = made.verify_column(table_of(rows), threads=threads)
    assert answer.column_names == COLUMNS
    assert answer.to_dicts() == one_by_one(made, rows)
    assert answer.to_dicts(0, 1)[0]["verified"]


def many(count: int) -> tuple[signature.Verifier, list[Row]]:
    made, genuine = plain("stripe")
    rows = []
    for n in range(count):
        body = b'{"id":"evt_%d"}' % n
        header = f"t={UNIX},v1={hmac_hex(UNIX.encode() + b'.' + body)}"
        rows.append(genuine | {"body": body + b" " * (n % 7 == 3), "headers": {"stripe-signature": header}})
    return made, rows


def test_pieces_and_threads_change_nothing() -> None:
    made, rows = many(5000)
    whole = table_of(rows)
    wanted = one_by_one(made, rows)
    assert sum(row["verified"] for row in wanted) == 5000 - 5000 // 7
    pieces = pa.concat_tables([whole.slice(0, 1), whole.slice(1, 0), whole.slice(1, 2999), whole.slice(3000)])
    for table in (whole, pieces, pa.Table.from_batches(whole.to_batches(max_chunksize=3))):
        for threads in (1, 2, 5):
            assert made.verify_column(table, threads=threads).to_dicts() == wanted
    assert made.verify_column(whole.slice(4000)).to_dicts() == wanted[4000:]
    empty = made.verify_column(whole.slice(0, 0))
    assert (len(empty), empty.column_names) == (0, COLUMNS)


def test_every_library() -> None:
    pandas, polars, duckdb = (pytest.importorskip(name) for name in ("pandas", "polars", "duckdb"))
    made, rows = many(100)
    wanted = one_by_one(made, rows)
    table = table_of(rows)
    connection = duckdb.connect()
    connection.register("t", table)
    held = (table, table.to_pandas(), polars.from_arrow(table), connection.sql("SELECT * FROM t"))
    for source in held:
        answer = made.verify_column(source)
        assert answer.to_dicts() == wanted
    assert polars.DataFrame(answer).to_dicts() == wanted
    assert pa.table(answer).schema.field("signed_at").type == pa.timestamp("us", "UTC")
    assert pa.table(answer).to_pylist() == wanted
    assert str(pandas.DataFrame.from_arrow(answer)["signed_at"].dtype) == "datetime64[us, UTC]"
    assert connection.sql("SELECT count(*) FROM answer WHERE verified").fetchall() == [(86,)]
    assert "2026-07-01T12:00:00Z" in repr(answer)


@pytest.mark.parametrize("kind", ["string", "large_string", "binary", "large_binary", "binary_view", "string_view"])
def test_kinds_of_bytes(kind: str) -> None:
    made, rows = many(10)
    wanted = one_by_one(made, rows)
    made_type = getattr(pa, kind)()
    assert made.verify_column(table_of(rows, made_type, made_type)).to_dicts() == wanted
    table = table_of(rows, pa.string())
    columns = {name: table[name].dictionary_encode() if name != "unrelated" else table[name] for name in table.column_names}
    assert made.verify_column(pa.table(columns)).to_dicts() == wanted


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "America/Lima"])
def test_moments(unit: str, zone: str | None) -> None:
    made, rows = many(4)
    moments = [NOW, NOW + 300 * SECOND, NOW + 301 * SECOND, None]
    table = table_of(rows)
    wall = pa.array([moment and moment.replace(tzinfo=None) for moment in moments], pa.timestamp(unit))
    table = table.set_column(2, "received_at", wall.cast(pa.timestamp(unit, zone)))
    assert [row["reason"] for row in made.verify_column(table, now=NOW).to_dicts()] == [None, None, "too_old", "mismatch"]
    late = made.verify_column(table.drop_columns("received_at"), now=NOW - 301 * SECOND).to_dicts()
    assert [row["reason"] for row in late] == ["too_new"] * 3 + ["mismatch"]


def test_headers_as_columns() -> None:
    secret = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo="
    made = signature.Verifier("standard_webhooks", secrets={"k": secret})
    headers = signature.sign("standard_webhooks", "notification", secret, body=b"{}", values={"webhook-id": "m"}, now=NOW)
    columns = {name: [value] for name, value in headers.items()}
    table = pa.table(
        columns | {"Webhook-Id": ["m"], "body": [b"{}"]} if "webhook-id" not in columns else columns | {"body": [b"{}"]}
    )
    assert made.verify_column(table, now=NOW).to_dicts()[0]["event_id"] == "m"
    at = table.column_names.index("webhook-timestamp")
    numbers = table.set_column(at, "WEBHOOK-TIMESTAMP", pa.array([int(NOW.timestamp())], pa.int64()))
    assert made.verify_column(numbers, now=NOW).to_dicts()[0]["verified"]
    twice = table.append_column("WEBHOOK-TIMESTAMP", pa.array([UNIX]))
    assert made.verify_column(twice, now=NOW).to_dicts()[0]["reason"] == "header_repeated"
    absent = table.append_column("WEBHOOK-TIMESTAMP", pa.nulls(1))
    assert made.verify_column(absent, now=NOW).to_dicts()[0]["verified"]
    floats = table.set_column(at, "webhook-timestamp", pa.array([NOW.timestamp()]))
    with pytest.raises(ArrowUnsupportedError, match="webhook-timestamp"):
        made.verify_column(floats, now=NOW)


def test_no_store_is_asked() -> None:
    store = signature.MemoryDuplicates()
    made = verifier("pagoefectivo", duplicates=store)
    _, row = plain("pagoefectivo")
    assert [found["verified"] for found in made.verify_column(table_of([row, row])).to_dicts()] == [True, True]
    assert len(store) == 0


def test_tables_that_cannot_be_read() -> None:
    made, rows = many(3)
    table = table_of(rows)
    with pytest.raises(ColumnMissingError, match="body"):
        made.verify_column(table.drop_columns("body"))
    with pytest.raises(ColumnRepeatedError):
        made.verify_column(table.append_column("body", table["body"]))
    for name, values in (("body", [1, 2, 3]), ("url", [1, 2, 3]), ("received_at", ["2026-07-01"] * 3)):
        wrong = table.set_column(table.column_names.index(name), name, pa.array(values))
        with pytest.raises(ArrowUnsupportedError, match=name):
            made.verify_column(wrong)
    with pytest.raises(ArrowUnsupportedError, match="table"):
        made.verify_column(table["body"])
    for wrong in ([b"{}"], b"{}", None):
        with pytest.raises(TypeError, match="__arrow_c_stream__"):
            made.verify_column(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_moment_that_is_none_is_told_with_its_first_row(threads: int) -> None:
    made, rows = many(5000)
    for at in (2, 4000, 4999):
        rows[at]["received_at"] = datetime(1969, 12, 31, tzinfo=UTC)
    with pytest.raises(ArgumentInvalidError, match=r"row 2: received_at"):
        made.verify_column(table_of(rows), threads=threads)
    seconds = table_of(rows[:1]).set_column(2, "received_at", pa.array([2**62], pa.timestamp("s")))
    with pytest.raises(ArgumentInvalidError, match=r"row 0: received_at"):
        made.verify_column(seconds)


@pytest.mark.parametrize("more", [{"now": datetime(2026, 7, 1)}, {"threads": -1}, {"threads": True}, {"threads": 5000}])
def test_arguments(more: Any) -> None:
    made, rows = many(1)
    with pytest.raises(ArgumentInvalidError):
        made.verify_column(table_of(rows), **more)
    with pytest.raises(TypeError):
        made.verify_column(table_of(rows), method=5)  # type: ignore[arg-type]


def test_a_producer_that_fails() -> None:
    made, rows = many(1)
    schema = table_of(rows).schema

    def broken() -> Any:
        yield from table_of(rows).to_batches()
        raise OSError(f"the disk is gone, and {CANARY[:6]} stays out of it")

    with pytest.raises(OSError, match="the disk is gone"):
        made.verify_column(pa.RecordBatchReader.from_batches(schema, broken()))


def test_rows_that_are_null_as_a_whole() -> None:
    made, rows = many(2)
    table = table_of(rows).to_struct_array().combine_chunks() if hasattr(pa.Table, "to_struct_array") else None
    if table is None:
        pytest.skip("this pyarrow makes no struct arrays")
    fields = [table.field(i) for i in range(table.type.num_fields)]
    nulls = pa.StructArray.from_arrays(fields, fields=list(table.type), mask=pa.array([False, True]))
    answer = made.verify_column(pa.chunked_array([nulls]), now=NOW.astimezone(timezone(timedelta(hours=-5))))
    assert [row["reason"] for row in answer.to_dicts()] == [None, "header_missing"]
