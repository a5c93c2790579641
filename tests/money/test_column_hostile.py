"""Arrow data as it should not be, through Python: one clear error each, and nothing is read outside its buffers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cuadre import Money, errors
from cuadre.money import MoneyColumn

pytestmark = pytest.mark.border


class Stream:
    """Speaks Arrow by the stream of somebody else."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.reader.__arrow_c_stream__(requested_schema)


def batches(*columns: pa.Array) -> list[pa.RecordBatch]:
    return [pa.record_batch([column], ["amount_minor"]) for column in columns]


def test_a_stream_that_fails_midway() -> None:
    schema = pa.schema([("amount_minor", pa.int64())])

    def failing() -> Iterator[pa.RecordBatch]:
        yield from batches(pa.array([1, 2]))
        raise ValueError("the wire was cut")

    reader = pa.RecordBatchReader.from_batches(schema, failing())
    with pytest.raises(errors.FileUnreadableError, match="the wire was cut"):
        MoneyColumn.from_minor(Stream(reader), "PEN")


def test_empty_streams_and_very_many_chunks() -> None:
    schema = pa.schema([("amount_minor", pa.int64())])
    assert len(MoneyColumn.from_minor(pa.RecordBatchReader.from_batches(schema, []), "PEN")) == 0
    empty = pa.array([], pa.int64())
    assert len(MoneyColumn.from_minor(pa.RecordBatchReader.from_batches(schema, batches(empty, empty)), "PEN")) == 0
    chunks = pa.chunked_array([pa.array([n, None][: n % 3], pa.int64()) for n in range(5000)], pa.int64())
    found = MoneyColumn.from_minor(chunks, "PEN")
    assert [None if m is None else m.amount_minor for m in found.to_list()] == chunks.to_pylist()


def test_dictionaries() -> None:
    garbage = pa.DictionaryArray.from_arrays(pa.array([0, 7, -3], pa.int32()), pa.array(["1.00"]), safe=False)
    with pytest.raises(errors.ArrowUnsupportedError):
        MoneyColumn(garbage, "PEN")
    nulls = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["1.00", None]))
    assert MoneyColumn(nulls, "PEN").to_list() == [Money(1, "PEN"), None, None]
    codes = pa.DictionaryArray.from_arrays(pa.array([0, 9], pa.int32()), pa.array(["PEN"]), safe=False)
    with pytest.raises(errors.ArrowUnsupportedError):
        MoneyColumn(["1.00", "1.00"], codes)


def test_a_stream_is_used_once() -> None:
    reader = pa.RecordBatchReader.from_batches(pa.schema([("amount_minor", pa.int64())]), batches(pa.array([1])))
    capsule = reader.__arrow_c_stream__()

    class Again:
        def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
            return capsule

    assert len(MoneyColumn.from_minor(Again(), "PEN")) == 1
    with pytest.raises(errors.ArrowUnsupportedError, match="consumed before"):
        MoneyColumn.from_minor(Again(), "PEN")


def test_masks_from_arrow_and_numpy_and_back() -> None:
    column = MoneyColumn.from_minor(list(range(20)), "PEN")
    cells = [None if n % 5 == 4 else n % 3 == 0 for n in range(20)]
    wanted = [money for money, cell in zip(column.to_list(), cells, strict=True) if cell]
    for mask in (pa.array(cells), pa.array([True, None, *cells])[2:], pa.chunked_array([cells[:7], [], cells[7:]], pa.bool_())):
        assert column.filter(mask).to_list() == wanted
    bools = np.array([cell is True for cell in cells])
    assert column.filter(bools).to_list() == wanted
    mask = column > Money.from_minor(11, "PEN")
    assert np.asarray(mask).tolist() == mask.to_list() == pa.array(mask).to_pylist()
    assert np.asarray(mask).dtype == np.bool_
    with_null = MoneyColumn([Money(1, "PEN"), None]) > Money(0, "PEN")
    assert pa.array(with_null).to_pylist() == [True, None]
    with pytest.raises(errors.ArgumentInvalidError, match="1 nulls"):
        np.asarray(with_null)
    for wrong, kind in (
        (pa.array([1] * 20), errors.ArrowUnsupportedError),
        (np.ones(20), errors.FloatRefusedError),
        (np.ones(40, bool)[::2], errors.ArgumentInvalidError),
        (np.ones(19, bool), errors.ArgumentInvalidError),
    ):
        with pytest.raises(kind):
            column.filter(wrong)
