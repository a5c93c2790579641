"""Columns of money: each operation equals the scalar one, row by row; what goes in and comes out; what is refused."""

from __future__ import annotations

import gc
import operator
import pickle
import weakref
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuadre import Money, errors
from cuadre.money import MoneyColumn

INT64 = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-1000, 1000), st.sampled_from([-(2**63), 2**63 - 1, 0, -1, 1]))
CELLS = st.lists(st.one_of(st.none(), INT64), max_size=150)
MODES = [
    "toward_zero", "away_from_zero", "toward_pos_inf", "toward_neg_inf", "half_even", "half_odd",
    "half_away_from_zero", "half_toward_zero", "half_toward_pos_inf", "half_toward_neg_inf",
]  # fmt: skip


def made(cells: list[int | None], first: int = 0) -> MoneyColumn:
    """A column of PEN that does not start where its memory does."""
    junk: list[int | None] = [7, None, 9][:first]
    return MoneyColumn.from_minor(pa.array(junk + cells, pa.int64()), "PEN")[first:]


def scalars(cells: list[int | None]) -> list[Money | None]:
    return [None if cell is None else Money.from_minor(cell, "PEN") for cell in cells]


def same(compute: Callable[[], Any], expected: Callable[[], list[Any]]) -> None:
    """Both give the same rows, or both overflow."""
    try:
        wanted = expected()
    except errors.AmountOverflowError:
        with pytest.raises(errors.AmountOverflowError, match=r"^row "):
            compute()
        return
    assert compute().to_list() == wanted


@given(st.lists(st.tuples(st.one_of(st.none(), INT64), st.one_of(st.none(), INT64)), max_size=150), st.integers(0, 3))
def test_pairs_equal_scalars(pairs: list[tuple[int | None, int | None]], first: int) -> None:
    left, right = made([a for a, _ in pairs], first), made([b for _, b in pairs])
    rows = list(zip(scalars([a for a, _ in pairs]), scalars([b for _, b in pairs]), strict=True))
    for apply in (operator.add, operator.sub):
        same(lambda f=apply: f(left, right), lambda f=apply: [None if a is None or b is None else f(a, b) for a, b in rows])
    for relation in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
        wanted = [None if a is None or b is None else relation(a, b) for a, b in rows]
        assert relation(left, right).to_list() == wanted
        assert relation(left, right).count_true() == wanted.count(True)


@given(CELLS, INT64, st.integers(0, 3))
def test_single_operands_equal_scalars(cells: list[int | None], number: int, first: int) -> None:
    column, rows, money = made(cells, first), scalars(cells), Money.from_minor(number, "PEN")
    for apply in (operator.add, operator.sub):
        same(lambda f=apply: f(column, money), lambda f=apply: [None if a is None else f(a, money) for a in rows])
        same(lambda f=apply: f(money, column), lambda f=apply: [None if a is None else f(money, a) for a in rows])
    same(lambda: column * number, lambda: [None if a is None else a * number for a in rows])
    same(lambda: -column, lambda: [None if a is None else -a for a in rows])
    same(lambda: abs(column), lambda: [None if a is None else abs(a) for a in rows])
    for relation in (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge):
        assert relation(column, money).to_list() == [None if a is None else relation(a, money) for a in rows]


def oracle_round(exact: Fraction, mode: str) -> int:
    low = exact.numerator // exact.denominator
    if exact == low:
        return low
    toward_zero = low if exact > 0 else low + 1
    away = low + 1 if exact > 0 else low
    directed = {"toward_zero": toward_zero, "away_from_zero": away, "toward_pos_inf": low + 1, "toward_neg_inf": low}
    if mode in directed:
        return directed[mode]
    if exact - low != Fraction(1, 2):
        return low if exact - low < Fraction(1, 2) else low + 1
    even = low if low % 2 == 0 else low + 1
    odd = low if low % 2 else low + 1
    ties = {
        "half_even": even, "half_odd": odd, "half_away_from_zero": away, "half_toward_zero": toward_zero,
        "half_toward_pos_inf": low + 1, "half_toward_neg_inf": low,
    }  # fmt: skip
    return ties[mode]


FACTORS = st.one_of(
    st.fractions(min_value=-3, max_value=3, max_denominator=2000),
    st.builds(Fraction, st.integers(-(2**63) + 1, 2**63 - 1), st.integers(1, 2**63 - 1)),
    st.builds(Fraction, st.integers(-(2**90), 2**90), st.integers(1, 2**90)),
)


@given(CELLS, FACTORS, st.sampled_from(MODES))
@settings(max_examples=300)
def test_multiply_rounds_as_fractions_do(cells: list[int | None], factor: Fraction, mode: str) -> None:
    wanted = [None if cell is None else oracle_round(cell * factor, mode) for cell in cells]
    same(lambda: made(cells).multiply(factor, mode), lambda: scalars(wanted))


@given(CELLS, st.integers(1, 2**63 - 1) | st.integers(1, 100), st.sampled_from(MODES))
def test_round_goes_to_multiples(cells: list[int | None], step: int, mode: str) -> None:
    wanted = [None if cell is None else oracle_round(Fraction(cell, step), mode) * step for cell in cells]
    same(lambda: made(cells).round(mode, Money.from_minor(step, "PEN")), lambda: scalars(wanted))


@given(CELLS, st.integers(0, 3), st.data())
def test_sums_and_extremes(cells: list[int | None], first: int, data: st.DataObject) -> None:
    column = made(cells, first)
    known = [cell for cell in cells if cell is not None]
    assert column.sum().amount_minor("PEN") == sum(known)
    assert column.null_count == len(cells) - len(known)
    assert column.min() == (Money.from_minor(min(known), "PEN") if known else None)
    assert column.max() == (Money.from_minor(max(known), "PEN") if known else None)
    labels = data.draw(st.lists(st.sampled_from(["a", "b", None]), min_size=len(cells), max_size=len(cells)))
    groups: list[Any] = [labels, pa.array(labels, pa.string()), pl.Series(labels, dtype=pl.Categorical)]
    for group in groups:
        sums = column.sum_by(group)
        assert list(sums) == list(dict.fromkeys(labels))
        for label, total in sums.items():
            rows = [c for c, mine in zip(cells, labels, strict=True) if mine == label and c is not None]
            assert total.amount_minor("PEN") == sum(rows)


@given(CELLS, st.data())
def test_filter_slice_pickle(cells: list[int | None], data: st.DataObject) -> None:
    column, rows = made(cells, 2), scalars(cells)
    bits = data.draw(st.lists(st.one_of(st.booleans(), st.none()), min_size=len(cells), max_size=len(cells)))
    assert column.filter(bits).to_list() == [row for row, bit in zip(rows, bits, strict=True) if bit]
    assert column.filter(column.valid()).to_list() == [row for row in rows if row is not None]
    start, stop = sorted(data.draw(st.tuples(st.integers(0, len(cells)), st.integers(0, len(cells)))))
    assert column[start:stop].to_list() == rows[start:stop]
    assert pickle.loads(pickle.dumps(column[start:stop])).to_list() == rows[start:stop]
    assert list(column) == rows


@given(st.lists(st.one_of(st.none(), st.integers(-(10**9), 10**9)), max_size=40))
def test_shares_equal_scalars_and_add_up(cells: list[int | None]) -> None:
    shares = made(cells).allocate([1, "0.5", Fraction(1, 3)])
    total = shares[0] + shares[1] + shares[2]
    assert total.to_list() == scalars(cells)


CODES = st.sampled_from(["PEN", "COP", "CLP", "KWD"])


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(-(2**40), 2**40)), CODES), max_size=60))
def test_several_currencies(rows: list[tuple[int | None, str]]) -> None:
    amounts, codes = [a for a, _ in rows], [c for _, c in rows]
    column = MoneyColumn.from_minor(pa.array(amounts, pa.int64()), pa.array(codes, pa.string()))
    wanted = [None if a is None else Money.from_minor(a, c) for a, c in rows]
    assert column.to_list() == wanted
    assert (column + column).to_list() == [None if m is None else m + m for m in wanted]
    assert column.filter(column == column).to_list() == [m for m in wanted if m is not None]
    for code in set(codes):
        assert column.sum().amount_minor(code) == sum(a for a, c in rows if a is not None and c == code)
    table = pa.table(column)
    assert MoneyColumn(table).to_list() == wanted
    assert MoneyColumn(table["amount"], table["currency"]).to_list() == wanted
    assert pickle.loads(pickle.dumps(column)).to_list() == wanted


# ---- in and out


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)), max_size=60), st.sampled_from([0, 1, 2, 5, 9]))
def test_decimals_of_any_scale(cells: list[int | None], extra: int) -> None:
    values = [None if cell is None else Decimal(cell).scaleb(-2) for cell in cells]
    for kind in (pa.decimal128(30, 2 + extra), pa.decimal256(60, 2 + extra)):
        array = pa.array(values, kind)
        assert MoneyColumn(array, "PEN").to_list() == scalars(cells)
        chunks = pa.chunked_array([array[:3], array[3:3], array[3:]], kind)
        assert MoneyColumn(chunks, "PEN").to_list() == scalars(cells)
    text = pa.array([None if v is None else f"{v:f}" for v in values], pa.string())
    for array in (text, text.cast(pa.large_string()), text.cast(pa.string_view()), text.dictionary_encode()):
        assert MoneyColumn(array, "PEN").to_list() == scalars(cells)
    assert MoneyColumn([None if v is None else v for v in values], "PEN").to_list() == scalars(cells)


def test_negative_scale() -> None:
    array = pa.array([Decimal("12E+3")], pa.decimal128(5, -3))
    assert MoneyColumn(array, "COP").to_list() == [Money(12000, "COP")]


def test_every_library_gives_and_takes() -> None:
    amounts = [Decimal("1234.50"), None, Decimal("-0.01")]
    wanted = [Money("1234.50", "PEN"), None, Money("-0.01", "PEN")]
    frame = pl.DataFrame({"amount": pl.Series(amounts, dtype=pl.Decimal(20, 2)), "currency": ["PEN"] * 3})
    arrow = frame.to_arrow()
    sources: list[Any] = [
        (frame["amount"], "PEN"), (frame, None), (arrow, None), (arrow["amount"], "PEN"), (duckdb.from_arrow(arrow), None),
        (pd.Series(amounts, dtype=object), "PEN"), (pd.DataFrame({"amount": amounts, "currency": "PEN"}), None),
        (amounts, "PEN"), (wanted, None), (np.array(["1234.50", None, "-0.01"], dtype=object), "PEN"),
        (arrow.to_batches()[0], None),
    ]  # fmt: skip
    for values, currency in sources:
        assert MoneyColumn(values, currency).to_list() == wanted
    column = MoneyColumn(frame)
    assert column.currency is not None and column.currency.code == "PEN"
    assert pl.DataFrame(column)["amount"].to_list() == amounts
    assert pa.table(column)["amount"].to_pylist() == amounts
    assert pa.table(column)["amount"].type == pa.decimal128(38, 2)
    assert pd.DataFrame.from_arrow(column)["amount"].tolist()[0] == amounts[0]
    amounts_table = column
    assert len(amounts_table) == 3
    assert duckdb.sql("SELECT sum(amount), min(currency) FROM amounts_table").fetchall() == [(Decimal("1234.49"), "PEN")]
    assert pa.array(column.amount).to_pylist() == amounts
    assert pa.array(column.minor).to_pylist() == [123450, None, -1]
    assert pl.Series(column.minor).to_list() == [123450, None, -1]


def test_nothing_is_copied() -> None:
    numbers = np.arange(1000, dtype=np.int64)
    column = MoneyColumn.from_minor(numbers, "COP")
    back = np.asarray(column.minor)
    assert back.__array_interface__["data"][0] == numbers.__array_interface__["data"][0]
    assert back.dtype == np.int64 and not back.flags.writeable
    assert np.asarray(column[10:].minor).__array_interface__["data"][0] == back.__array_interface__["data"][0] + 80
    array = pa.array(numbers)
    for source in (array, pa.chunked_array([array]), pa.table({"amount_minor": array})):
        held = pa.array(MoneyColumn.from_minor(source, "COP").minor)
        assert held.buffers()[1].address == array.buffers()[1].address


def test_owners_are_let_go() -> None:
    class Watched(np.ndarray):
        pass

    numbers = np.arange(1000, dtype=np.int64).view(Watched)
    gone = weakref.ref(numbers)
    part = MoneyColumn.from_minor(numbers, "COP")[5:9]
    del numbers
    gc.collect()
    assert gone() is not None
    assert part.to_list()[0] == Money.from_minor(5, "COP")
    del part
    gc.collect()
    assert gone() is None


def test_long_columns_equal_short_ones() -> None:
    numbers = np.random.default_rng(4).integers(-(10**15), 10**15, 700_001)
    column = MoneyColumn.from_minor(numbers, "PEN")
    assert (np.asarray((column + column).minor) == 2 * numbers).all()
    assert column.sum().amount_minor("PEN") == int(numbers.sum())
    nulls = np.arange(len(numbers)) % 7 == 3
    holed = MoneyColumn.from_minor(pa.array(numbers, mask=nulls), "PEN")
    assert holed.sum().amount_minor("PEN") == int(numbers[~nulls].sum())
    assert (holed > Money(0, "PEN")).count_true() == int(((numbers > 0) & ~nulls).sum())
    top = numbers.copy()
    top[[400_000, 600_000]] = 2**63 - 1
    with pytest.raises(errors.AmountOverflowError, match=r"^row 400000: the sum of PEN 92233720368547758\.07 "):
        MoneyColumn.from_minor(top, "PEN") + Money("0.01", "PEN")


# ---- what is refused


REFUSED: list[tuple[Any, Any, type[Exception], str]] = [
    (np.arange(3), "PEN", errors.ArgumentInvalidError, "from_minor"),
    (np.zeros(3), "PEN", errors.FloatRefusedError, "not exact"),
    (pa.array([1, 2]), "PEN", errors.ArgumentInvalidError, "from_minor"),
    (pa.array([1.5]), "PEN", errors.FloatRefusedError, "not exact"),
    (pl.Series([1.5]), "PEN", errors.FloatRefusedError, "not exact"),
    ([1.5], "PEN", errors.FloatRefusedError, "row 0"),
    ([Money(1, "PEN"), 5], "PEN", errors.ArgumentInvalidError, "row 1: .*from_minor"),
    ([True], "PEN", errors.FloatRefusedError, "row 0"),
    ([Money(1, "PEN")], "COP", errors.CurrencyMismatchError, "row 0"),
    (["1.00"], None, errors.ArgumentInvalidError, "currency"),
    (["1.00"], ["PEN", "PEN"], errors.ArgumentInvalidError, "2 and 1"),
    (["1.00", "2.00"], ["PEN"], errors.ArgumentInvalidError, "1 and 2"),
    ("1.00", "PEN", errors.FloatRefusedError, "iterable"),
    (b"1.00", "PEN", errors.FloatRefusedError, "iterable"),
    ({"amount": 1}, "PEN", errors.FloatRefusedError, "iterable"),
    (["1.00", "1.234"], "PEN", errors.AmountInexactError, "row 1"),
    (pa.array(["1.00", "1,00"]), "PEN", errors.AmountInvalidError, 'row 1: "1,00"'),
    (pa.array(["1.00", ""]), "PEN", errors.AmountInvalidError, 'row 1: ""'),
    (pa.array(["1.00", "٣"]), "PEN", errors.AmountInvalidError, "row 1"),
    (pa.array(["9" * 40]), "PEN", errors.AmountOverflowError, "row 0"),
    (pa.array([Decimal("1.005")]), "PEN", errors.AmountInexactError, 'row 0: "1.005" has more decimals than the 2 of PEN'),
    (pa.array([Decimal(10) ** 30]), "PEN", errors.AmountOverflowError, "row 0"),
    (pa.array(["1.00"]), "XXX", errors.ArgumentInvalidError, "minor unit"),
    (pa.array(["1.00"]), "AAA", errors.CurrencyUnknownError, "AAA"),
    (pa.array(["1.00"]), None, errors.ArgumentInvalidError, "currency"),
    (pa.array(["1.00"]), 5, errors.FloatRefusedError, "currency"),
    (pa.array(["1.00", "1.00"]), pa.array(["PEN"]), errors.ArgumentInvalidError, "1 and 2"),
    (pa.array(["1.00"]), pa.array([None], pa.string()), errors.CurrencyUnknownError, "row 0"),
    (pa.array(["1.00"]), pa.array(["pen"]), errors.CurrencyUnknownError, 'row 0: "pen"'),
    (pa.array(["1.00"]), pa.array([1]), errors.ArrowUnsupportedError, "int64"),
    (pa.table({"a": ["1.00"], "b": ["1.00"]}), "PEN", errors.ColumnMissingError, "amount"),
    (pa.table({"amount": ["1.00"], "currency": ["PEN"]}), "PEN", errors.ArgumentInvalidError, "of its own"),
    (pa.array([[1]]), "PEN", errors.ArrowUnsupportedError, "no amounts"),
    (pa.array([True]), "PEN", errors.ArrowUnsupportedError, "bool"),
]


@pytest.mark.parametrize(("values", "currency", "kind", "words"), REFUSED)
def test_refused(values: Any, currency: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        MoneyColumn(values, currency)


MINOR_REFUSED: list[tuple[Any, type[Exception], str]] = [
    (np.arange(3, dtype=">i8"), errors.ArgumentInvalidError, "big-endian"),
    (np.arange(3, dtype=np.int32), errors.ArgumentInvalidError, "int64"),
    (np.arange(3, dtype=np.uint64), errors.ArgumentInvalidError, "int64"),
    (np.arange(3.0), errors.FloatRefusedError, "not exact"),
    (np.arange(6)[::2], errors.ArgumentInvalidError, "gaps"),
    (np.zeros((2, 2), np.int64), errors.ArgumentInvalidError, "one dimension"),
    (pa.array([Decimal(1)]), errors.ArgumentInvalidError, "major"),
    (pa.array(["1"]), errors.ArgumentInvalidError, "major"),
    (pa.array([1.0]), errors.FloatRefusedError, "not exact"),
    (pa.array([2**64 - 1], pa.uint64()), errors.AmountOverflowError, "row 0"),
    ([1, 2.0], errors.FloatRefusedError, "row 1"),
    ([2**63], errors.AmountOverflowError, "row 0"),
]


@pytest.mark.parametrize(("values", "kind", "words"), MINOR_REFUSED)
def test_minor_refused(values: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        MoneyColumn.from_minor(values, "PEN")


def test_operations_refused() -> None:
    pen, cop = MoneyColumn(["1.00", "2.00"], "PEN"), MoneyColumn(["1.00", "2.00"], "COP")
    mixed = MoneyColumn([Money(1, "PEN"), Money(1, "COP")])
    for apply in (operator.add, operator.sub, operator.lt):
        with pytest.raises(errors.CurrencyMismatchError, match="row 0: PEN meets COP"):
            apply(pen, cop)
        with pytest.raises(errors.CurrencyMismatchError, match="row 1: COP meets PEN"):
            apply(mixed, Money(1, "PEN"))
    assert (pen == cop).to_list() == [False, False]
    assert (pen != cop).to_list() == [True, True]
    assert (mixed == Money(1, "COP")).to_list() == [False, True]
    with pytest.raises(errors.CurrencyMismatchError):
        mixed.min()
    with pytest.raises(errors.ArgumentInvalidError, match="2 and 1"):
        pen + pen[:1]
    for wrong in (1, 1.5, "1", None):
        with pytest.raises(errors.FloatRefusedError):
            pen + wrong  # type: ignore[operator]
        with pytest.raises(errors.FloatRefusedError):
            _ = pen == wrong
    for factor in (1.5, Decimal("0.5"), True):
        with pytest.raises(errors.FloatRefusedError, match="multiply"):
            pen * factor  # type: ignore[operator]
    with pytest.raises(errors.ArgumentInvalidError, match="rounding is one of"):
        pen.multiply("0.5", "half")
    with pytest.raises(errors.ArgumentInvalidError):
        bool(pen == pen)
    with pytest.raises(errors.ArgumentInvalidError, match="1 nulls"):
        np.asarray(MoneyColumn([Money(1, "PEN"), None]).minor)
    with pytest.raises(errors.ArgumentInvalidError, match="positive"):
        pen.round("half_even", "0.00")
    with pytest.raises(TypeError):
        hash(pen)
    with pytest.raises(IndexError):
        pen[2]


def test_masks() -> None:
    rows: list[Money | None] = [Money(1, "PEN"), None, Money(3, "PEN")]
    column = MoneyColumn(rows, "PEN")
    small, large = column < Money(2, "PEN"), column > Money(2, "PEN")
    assert small.to_list() == [True, None, False]
    assert (small | large).to_list() == [True, None, True]
    assert (small & large).to_list() == [False, None, False]
    assert (~small).to_list() == [False, None, True]
    assert (small & ~column.valid()).to_list() == [False, None, False]
    assert (small | column.valid()).to_list() == [True, None, True]
    assert small.null_count == 1 and len(small) == 3 and small[-1] is False


def test_repr_is_short() -> None:
    assert repr(MoneyColumn(["1.00", None, "2.50", "3.00"], "PEN")) == "MoneyColumn(4 rows of PEN, 1 null: 1.00, null, 2.50, …)"
    assert repr(MoneyColumn([], "PEN")) == "MoneyColumn(0 rows of PEN)"
    assert repr(MoneyColumn([Money(1, "PEN"), Money(1, "COP")])) == "MoneyColumn(2 rows: PEN 1.00, COP 1.00)"
