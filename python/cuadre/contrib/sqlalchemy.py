"""Money in SQLAlchemy 2 models: two columns, the amount and its currency, exact in SQLite and PostgreSQL.

>>> from sqlalchemy.orm import DeclarativeBase, mapped_column
>>> from cuadre.contrib.sqlalchemy import money_column
>>> class Base(DeclarativeBase): ...
>>> class Order(Base):
...     __tablename__ = "orders"
...     id = mapped_column(__import__("sqlalchemy").Integer, primary_key=True)
...     price = money_column("price")
>>> [column.name for column in Order.__table__.columns]
['id', 'price_minor', 'price_currency']

``Order.price == Money(...)`` compares both columns; ``func.sum(Order.price_minor)`` with ``group_by(Order.price_currency)`` adds up.
"""

from __future__ import annotations

from typing import Any

from cuadre.money import Money

try:
    from sqlalchemy import CHAR, BigInteger
    from sqlalchemy.orm import composite, mapped_column
except ImportError as error:  # pragma: no cover
    raise ImportError("Money in SQLAlchemy models needs SQLAlchemy: pip install 'cuadre[sqlalchemy]'") from error

__all__ = ["money_column"]


def _from_columns(minor: int | None, code: str | None) -> Money | None:
    return None if minor is None or code is None else Money.from_minor(minor, code)


def money_column(name: str, *, nullable: bool = False) -> Any:
    """Declare an amount of a model: ``NAME_minor`` BIGINT in minor units and ``NAME_currency`` CHAR(3).

    Args:
        name: The stem of both columns.
        nullable: Whether both may be NULL; then the attribute is None.

    Raises:
        sqlalchemy.exc.InvalidRequestError: where anything but Money or None is assigned.
    """
    return composite(
        _from_columns,
        mapped_column(f"{name}_minor", BigInteger, nullable=nullable),
        mapped_column(f"{name}_currency", CHAR(3), nullable=nullable),
    )
