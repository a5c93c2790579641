"""Money in the standard library's json: a string with its currency, never a number.

>>> import json
>>> from cuadre import Money
>>> from cuadre.contrib.json import default, parse
>>> json.dumps({"price": Money("1234.50", "PEN")}, default=default)
'{"price": "PEN 1234.50"}'
>>> parse(json.loads('{"price": "PEN 1234.50"}')["price"])
Money('1234.50', 'PEN')
"""

from __future__ import annotations

from cuadre.contrib._text import money_of_text as parse
from cuadre.money import Conversion, Money, Rate

__all__ = ["default", "parse"]


def default(value: object) -> object:
    """Serve as ``default=`` of json.dumps: Money, Rate and Conversion become text.

    Raises:
        TypeError: for any other type, as json asks for.
    """
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, (Rate, Conversion)):
        return value.to_dict()
    raise TypeError(f"{type(value).__name__} is not JSON serializable")
