"""Money in SQLAlchemy 2 models: two columns, the amount and its currency, exact in SQLite and PostgreSQL.

>>> from sqlalchemy import Integer
>>> from sqlalchemy.orm import DeclarativeBase, mapped_column
>>> from cuadre import Money
>>> from cuadre.contrib.sqlalchemy import money_column
>>> class Base(DeclarativeBase): ...
>>> class Order(Base):
...     __tablename__ = "orders"
...     id = mapped_column(Integer, primary_key=True)
...     price = money_column("price")
>>> [column.name for column in Order.__table__.columns]
['id', 'price_currency', 'price_minor']
>>> Order(price=Money("1234.50", "PEN")).price
Money('1234.50', 'PEN')
>>> str(Order.price < Money(5, "PEN"))
'orders.price_currency = :price_currency_1 AND orders.price_minor < :price_minor_1'

An amount compares with amounts of its own currency only; `==`, `!=`, `<`, `<=`, `>`, `>=` and `in_` all say so in SQL. Ordering is by
currency, then by amount. To add up, group by the currency column, for example in a select of ``Order.__table__.c.price_currency`` and
``func.sum(Order.__table__.c.price_minor)``; PostgreSQL gives that sum as a Decimal, and SQLite an error past 64 bits.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Literal

from cuadre.errors import AmountInexactError, AmountInvalidError, ArgumentInvalidError, FloatRefusedError
from cuadre.money import Money

try:
    from sqlalchemy import CHAR, BigInteger, BindParameter, ColumnElement, Numeric, and_, false, not_, or_
    from sqlalchemy.orm import Composite, composite, mapped_column
    from sqlalchemy.types import TypeDecorator
except ImportError as error:
    raise ImportError("Money in SQLAlchemy models needs SQLAlchemy: pip install 'cuadre[sqlalchemy]'") from error

__all__ = ["money_column"]

_DIGITS = 19  # of the largest amount in 64 bits


def _from_columns(code: str | None, amount: Any) -> Money | None:
    if code is None and amount is None:
        return None
    if code is None or amount is None:
        raise AmountInvalidError(
            f"a row has {'an amount' if code is None else 'a currency'} and NULL beside it; fill in both or neither"
        )
    return Money(amount, code) if isinstance(amount, Decimal) else Money.from_minor(amount, code)


def _money(value: object) -> Money:
    if not isinstance(value, Money):
        raise FloatRefusedError(f"a column of money takes Money or None, not {type(value).__name__}")
    return value


def _minor_values(value: object) -> tuple[str, int]:
    money = _money(value)
    return money.currency.code, money.amount_minor


def _numeric_values(scale: int) -> Callable[[object], tuple[str, Decimal]]:
    def values(value: object) -> tuple[str, Decimal]:
        money = _money(value)
        return money.currency.code, _fitting(money.amount, scale)

    return values


def _fitting(amount: object, scale: int) -> Decimal:
    # The database would round without a word.
    if not isinstance(amount, Decimal):
        raise FloatRefusedError(f"an amount in a NUMERIC column is a Decimal, not {type(amount).__name__}")
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int):
        raise AmountInvalidError(f"an amount in a NUMERIC column is a number, not {amount}")
    if -exponent > scale:
        raise AmountInexactError(
            f"{amount} has more than the {scale} decimals of its column; declare money_column(..., scale={-exponent})"
        )
    return amount


class _ExactNumeric(TypeDecorator[Decimal]):
    """NUMERIC, where it is exact."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        if dialect.name == "sqlite":
            raise ArgumentInvalidError(
                "SQLite keeps NUMERIC as a binary float, which loses centavos: use money_column(..., storage='minor')"
            )
        return super().load_dialect_impl(dialect)

    def process_bind_param(self, value: Any, dialect: Any) -> Decimal | None:
        scale: int = self.impl_instance.scale  # type: ignore[attr-defined]
        return None if value is None else _fitting(value, scale)


class _Comparator(Composite.Comparator[Money]):
    """SQLAlchemy compares column by column; of money only amounts of one currency compare."""

    __hash__ = None

    def _pairs(self, other: Any) -> tuple[Any, Any]:
        code, amount = self.__clause_element__().clauses
        if hasattr(other, "__clause_element__"):
            other_code, other_amount = other.__clause_element__().clauses
        else:
            other_code, other_amount = self.prop._composite_values_from_instance(other)
        return (code, other_code), (amount, other_amount)

    def _in_one_currency(self, compare: Callable[[Any, Any], Any], other: Any) -> ColumnElement[bool]:
        (code, other_code), amounts = self._pairs(other)
        same: ColumnElement[bool] = and_(code == other_code, compare(*amounts))
        return same

    def __eq__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        if other is None:
            return and_(*(column.is_(None) for column in self.__clause_element__().clauses))
        return self._in_one_currency(operator.eq, other)

    def __ne__(self, other: Any) -> ColumnElement[bool]:  # type: ignore[override]
        equal: ColumnElement[bool] = self.__eq__(other)
        return not_(equal)

    def __lt__(self, other: Any) -> ColumnElement[bool]:
        return self._in_one_currency(operator.lt, other)

    def __le__(self, other: Any) -> ColumnElement[bool]:
        return self._in_one_currency(operator.le, other)

    def __gt__(self, other: Any) -> ColumnElement[bool]:
        return self._in_one_currency(operator.gt, other)

    def __ge__(self, other: Any) -> ColumnElement[bool]:
        return self._in_one_currency(operator.ge, other)

    # SQLAlchemy knows composites in update() only where a class, not a function, makes them.
    def _bulk_update_tuples(self, value: Any) -> list[tuple[Any, Any]]:
        value = value.value if isinstance(value, BindParameter) else value
        values = (None, None) if value is None else self.prop._composite_values_from_instance(value)
        return list(zip(self._comparable_elements, values, strict=True))

    def in_(self, other: Iterable[Money]) -> ColumnElement[bool]:  # type: ignore[override]
        return or_(false(), *(self == money for money in other))

    def not_in(self, other: Iterable[Money]) -> ColumnElement[bool]:  # type: ignore[override]
        return not_(self.in_(other))


def money_column(
    name: str, *, nullable: bool = False, storage: Literal["minor", "numeric"] = "minor", scale: int | None = None
) -> Any:
    """Declare an amount of a model, in two columns.

    Args:
        name: The stem of both columns: ``NAME_currency`` CHAR(3) and the amount.
        nullable: Whether both may be NULL; then the attribute is None.
        storage: "minor" for ``NAME_minor`` BIGINT in minor units, exact in every database. "numeric" for ``NAME_amount``
            NUMERIC(19 + scale, scale) in major units, for tables that others read; refused on SQLite, whose NUMERIC is a float.
        scale: Decimals of the NUMERIC, from 0; None for 4, enough for every currency. Only with "numeric".

    Raises:
        ArgumentInvalidError: argument_invalid, for another storage or scale, and for "numeric" on SQLite once it is used.
        FloatRefusedError: float_refused, where anything but Money or None is assigned or compared.
        AmountInexactError: amount_inexact, for an amount with more decimals than the scale.
        AmountInvalidError: amount_invalid, for a row where one of the two is NULL.
    """
    if storage not in ("minor", "numeric"):
        raise ArgumentInvalidError(f"storage is 'minor' or 'numeric', not {storage!a}")
    if scale is not None and (storage == "minor" or isinstance(scale, bool) or not isinstance(scale, int) or scale < 0):
        raise ArgumentInvalidError(f"scale is the decimals of storage='numeric', an int from 0, not {scale!a}")
    decimals = 4 if scale is None else scale
    if storage == "minor":
        amount = mapped_column(f"{name}_minor", BigInteger, nullable=nullable)
    else:
        amount = mapped_column(f"{name}_amount", _ExactNumeric(_DIGITS + decimals, decimals), nullable=nullable)
    currency = mapped_column(f"{name}_currency", CHAR(3), nullable=nullable)
    found: Any = composite(_from_columns, currency, amount, comparator_factory=_Comparator)
    # Money's own __composite_values__ cannot know of the scale, and SQLAlchemy has no public place for this.
    found._generated_composite_accessor = _minor_values if storage == "minor" else _numeric_values(decimals)
    return found
