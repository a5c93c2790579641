"""Money in msgspec structs, by the two hooks that msgspec asks for.

>>> import msgspec
>>> from cuadre import Money
>>> from cuadre.contrib.msgspec import dec_hook, enc_hook
>>> msgspec.json.encode([Money("1234.50", "PEN")], enc_hook=enc_hook)
b'["PEN 1234.50"]'
>>> msgspec.json.decode(b'["PEN 1234.50"]', type=list[Money], dec_hook=dec_hook)
[Money('1234.50', 'PEN')]
"""

from __future__ import annotations

from typing import Any

from cuadre.contrib._text import money_of_text
from cuadre.money import Money

__all__ = ["dec_hook", "enc_hook"]


def enc_hook(value: Any) -> Any:
    """Write Money as ``PEN 1234.50``.

    Raises:
        NotImplementedError: for any other type, as msgspec asks for.
    """
    if isinstance(value, Money):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} is not Money")


def dec_hook(kind: type, value: Any) -> Any:
    """Read ``PEN 1234.50``; msgspec turns our ValueErrors and TypeErrors into its ValidationError.

    Raises:
        NotImplementedError: for any other type than Money.
    """
    if kind is Money:
        return money_of_text(value)
    raise NotImplementedError(f"{kind.__name__} is not Money")
