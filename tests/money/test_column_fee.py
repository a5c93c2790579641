"""Fees and taxes of columns: each row as the scalar has it, nulls, currencies, and the row named that is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cuadre import Money, errors, money
from cuadre.money import FeeSchedule, MoneyColumn, TaxRule

MODES = [
    "toward_zero", "away_from_zero", "toward_pos_inf", "toward_neg_inf", "half_even", "half_odd",
    "half_away_from_zero", "half_toward_zero", "half_toward_pos_inf", "half_toward_neg_inf",
]  # fmt: skip
SALES = st.one_of(st.integers(0, 2**63 - 1), st.integers(0, 10**9), st.integers(0, 300))
AMOUNTS = st.one_of(st.integers(-(2**63), 2**63 - 1), st.integers(-(10**9), 10**9), st.integers(-300, 300))
RATES = st.one_of(st.fractions(0, 2, max_denominator=2000), st.fractions(0, 1), st.sampled_from([Fraction(0), Fraction(1)]))
ERRORS = (errors.AmountOverflowError, errors.ArgumentInvalidError)


def column_of(cells: list[int | None]) -> MoneyColumn:
    """It does not start where its memory does, and holds junk where it is null."""
    values = pa.array([7, None, *cells], pa.int64())
    return MoneyColumn.from_minor(values, "PEN")[2:]


def pen_of(cells: list[int | None]) -> list[Money | None]:
    return [None if cell is None else Money.from_minor(cell, "PEN") for cell in cells]


def rows_of(cells: list[int | None], scalar: Callable[[Money], Any], compute: Callable[[], Any]) -> list[Any] | None:
    """The scalar's answers; None where it refuses a row, and then the column names that row."""
    wanted: list[Any] = []
    for row, amount in enumerate(pen_of(cells)):
        try:
            wanted.append(None if amount is None else scalar(amount))
        except ERRORS as error:
            with pytest.raises(type(error), match=rf"^row {row}: "):
                compute()
            return None
    return wanted


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.one_of(st.none(), AMOUNTS), max_size=80), RATES, st.sampled_from(MODES), st.integers(1, 50), st.integers(0, 500)
)
def test_taxes_equal_scalars(cells: list[int | None], rate: Fraction, mode: str, step: int, minimum: int) -> None:
    step_text, minimum_text = Money.from_minor(step, "PEN").amount, Money.from_minor(minimum, "PEN").amount
    rule = TaxRule(name="T", currency="PEN", rate=rate, rounding=mode, step=step_text, minimum_base=minimum_text)
    column = column_of(cells)
    wanted = rows_of(cells, lambda amount: rule.on(amount).tax, lambda: column.tax(rule))
    if wanted is not None:
        assert column.tax(rule).to_list() == wanted
    wanted = rows_of(cells, rule.inside, lambda: column.tax_inside(rule))
    if wanted is not None:
        net, tax = column.tax_inside(rule)
        assert net.to_list() == [parts and parts.net for parts in wanted]
        assert tax.to_list() == [parts and parts.tax for parts in wanted]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.one_of(st.none(), SALES), st.one_of(st.none(), st.fractions(0, 1))), max_size=60),
    RATES, RATES, st.sampled_from(MODES), st.sampled_from(["merchant", "buyer"]), st.booleans(),
)  # fmt: skip
def test_fees_equal_scalars(
    pairs: list[tuple[int | None, Fraction | None]], rate: Fraction, tax: Fraction, mode: str, payer: str, included: bool
) -> None:
    schedule = FeeSchedule.from_dict(
        {
            "name": "c", "currency": "PEN", "payer": payer, "rate": rate, "fixed": "0.30",
            "tax": {"name": "IGV", "rate": tax, "included": included}, "rounding": {"fee": mode, "tax": mode},
            "withholdings": [{"name": "W", "rate": "3%", "on": "sale_tax", "methods": ["card"]}],
        }
    )  # fmt: skip
    sales = [sale for sale, _ in pairs]
    taxes = [None if sale is None or part is None else int(sale * part) for sale, part in pairs]
    column, sale_taxes = column_of(sales), column_of(taxes)
    known = [None if vat is None else sale for sale, vat in zip(sales, taxes, strict=True)]
    by_row = iter([vat for vat in pen_of(taxes) if vat is not None])

    def compute() -> money.FeeColumns:
        return column.fee(schedule, method="card", sale_tax=sale_taxes)  # type: ignore[no-any-return]

    wanted = rows_of(known, lambda sale: schedule.apply(sale, method="card", sale_tax=next(by_row)), compute)
    if wanted is None:
        return
    found = compute()
    for name in ("fee", "tax", "withheld", "net"):
        assert getattr(found, name).to_list() == [fee and getattr(fee, name) for fee in wanted]
    assert found.total.to_list() == [fee and fee.total for fee in wanted]
    assert [row for row, fee in zip(found.charged.to_list(), wanted, strict=True) if fee] == [f.charged for f in wanted if f]


PLAIN = FeeSchedule.from_dict(
    {"name": "c", "currency": "PEN", "rate": "3.49%", "fixed": "0.90", "tax": {"name": "IGV", "rate": "18%"}}
)
IGV = TaxRule(name="IGV", currency="PEN", rate="18%")


def test_many_rows_are_the_same_on_all_processors() -> None:
    cells: list[int | None] = [None if n % 7 == 3 else n * 37 for n in range(300_000)]
    found = column_of(cells).fee(PLAIN)
    for row in (0, 1, 3, 150_000, 262_143, 299_999):
        amount = found.amount[row]
        wanted = None if amount is None else PLAIN.apply(amount)
        assert [found.fee[row], found.net[row]] == [wanted and wanted.fee, wanted and wanted.net]
    cells[123_456] = cells[250_000] = -1
    with pytest.raises(errors.ArgumentInvalidError, match=r"^row 123456: "):
        column_of(cells).fee(PLAIN)
    with pytest.raises(errors.ArgumentInvalidError, match=r"^row 123456: "):
        column_of(cells).tax_inside(IGV)


def test_refused() -> None:
    pen, cop_column = MoneyColumn(["1.00"], "PEN"), MoneyColumn(["1.00"], "COP")
    mixed = MoneyColumn([Money(1, "PEN"), None, Money(1, "COP")])
    for compute in (lambda c: c.fee(PLAIN), lambda c: c.tax(IGV), lambda c: c.tax_inside(IGV)):
        with pytest.raises(errors.CurrencyMismatchError, match="the column is in COP"):
            compute(cop_column)
        with pytest.raises(errors.CurrencyMismatchError, match="row 2 is in COP"):
            compute(mixed)
        compute(mixed[:2])
    assert mixed[:2].tax(IGV).to_list() == [Money("0.18", "PEN"), None]
    for wrong in (1, 1.5, "1", Money(1, "PEN")):
        with pytest.raises(errors.FloatRefusedError):
            pen.fee(wrong)
        with pytest.raises(errors.FloatRefusedError):
            pen.tax(wrong)
    with pytest.raises(errors.FloatRefusedError, match="sale_tax is Money or a MoneyColumn"):
        pen.fee(PLAIN, sale_tax=1)  # type: ignore[arg-type]
    with pytest.raises(errors.CurrencyMismatchError, match="sale tax is in COP"):
        pen.fee(PLAIN, sale_tax=Money(1, "COP"))
    with pytest.raises(errors.ArgumentInvalidError, match="0 sale taxes for 1 amounts"):
        pen.fee(PLAIN, sale_tax=pen[:0])
    assert len(pen[:0].fee(PLAIN).net) == 0
