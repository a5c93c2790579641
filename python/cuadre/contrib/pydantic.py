"""Money as a field of pydantic 2 models; ``price: Money`` works as it stands.

>>> from pydantic import BaseModel
>>> from cuadre import Money
>>> class Order(BaseModel):
...     price: Money
>>> Order.model_validate_json('{"price": "PEN 1234.50"}').model_dump_json()
'{"price":"PEN 1234.50"}'

``Annotated[Money, InCurrency("PEN")]`` pins the currency.
"""

from __future__ import annotations

from typing import Any

from cuadre.contrib._text import EXAMPLE, PATTERN, money_of_text
from cuadre.errors import CurrencyMismatchError, MoneyError
from cuadre.money import Currency, Money

try:
    from pydantic_core import PydanticCustomError, core_schema
except ImportError as error:  # pragma: no cover
    raise ImportError("Money in pydantic models needs pydantic: pip install 'cuadre[pydantic]'") from error

__all__ = ["InCurrency", "money_schema"]

_JSON = {"type": "string", "pattern": PATTERN, "examples": [EXAMPLE], "title": "Money"}


def _refused(error: MoneyError) -> PydanticCustomError:
    # pydantic fills braces in templates; the message stands in the context, so that its own braces stay as they are.
    return PydanticCustomError(error.code, "{message}", {"message": error.message})


def _validate(value: object) -> Money:
    if isinstance(value, Money):
        return value
    try:
        return money_of_text(value)
    except MoneyError as error:
        raise _refused(error) from error


def money_schema(source: Any, handler: Any) -> Any:
    """Give the schema of Money: an instance or ``PEN 1234.50``, always written as that text in JSON. Raises nothing."""
    return core_schema.no_info_plain_validator_function(
        _validate,
        json_schema_input_schema=core_schema.str_schema(pattern=PATTERN),
        serialization=core_schema.plain_serializer_function_ser_schema(
            str, return_schema=core_schema.str_schema(), when_used="json"
        ),
        metadata={"pydantic_js_functions": [lambda schema, handler: dict(_JSON)]},
    )


class InCurrency:
    """Pin a field to one currency: ``Annotated[Money, InCurrency("PEN")]``.

    Raises:
        CurrencyUnknownError: currency_unknown.
    """

    def __init__(self, currency: str | Currency) -> None:
        self.currency = Currency(currency)

    def _check(self, money: Money) -> Money:
        if money.currency == self.currency:
            return money
        code = self.currency.code
        raise _refused(CurrencyMismatchError(f"an amount in {code} is needed, not in {money.currency.code}"))

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_after_validator_function(self._check, handler(source))
