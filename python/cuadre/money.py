"""Exact money: whole minor units of an ISO 4217 currency, checked arithmetic, sums in 128 bits, no float anywhere.

>>> from cuadre import Money, money
>>> Money("1234.50", "PEN") + Money(10, "PEN")
Money('1244.50', 'PEN')
>>> money.total([Money("0.10", "PEN"), Money(50, "COP"), Money("0.20", "PEN")])
MoneySum(COP 50.00, PEN 0.30)
"""

from cuadre._core import Currency, Mask, Money, MoneyColumn, MoneySum, currencies, total

__all__ = ["Currency", "Mask", "Money", "MoneyColumn", "MoneySum", "currencies", "total"]
