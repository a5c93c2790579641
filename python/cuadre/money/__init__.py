"""Exact money: whole minor units of an ISO 4217 currency, checked arithmetic, sums in 128 bits, no float anywhere.

>>> from decimal import Decimal
>>> from cuadre import Money, money
>>> Money("1234.50", "PEN") + Money(10, "PEN")
Money('1244.50', 'PEN')
>>> money.total([Money("0.10", "PEN"), Money(50, "COP"), Money("0.20", "PEN")])
MoneySum(COP 50.00, PEN 0.30)
>>> (Money(100, "PEN").exact() / 3 * Decimal("1.18")).round("half_even")
Rounded(money=Money('39.33', 'PEN'), rest=ExactMoney('1/300', 'PEN'))
>>> Money.parse("S/ 1,234.50", locale="es-PE").format("es-CO", currency="none")
'1.234,50'
>>> Money("120.50", "PEN").in_words("es-PE")
'SON: CIENTO VEINTE Y 50/100 SOLES'
>>> money.wire("payu", "confirmation", "COP").write(Money(150, "COP"))
'150.0'
"""

from cuadre._core import (
    Conversion,
    Currency,
    ExactMoney,
    Mask,
    Money,
    MoneyColumn,
    MoneySum,
    Rate,
    Rounded,
    WireForm,
    currencies,
    rounding_modes,
    total,
)
from cuadre.base.dated import UnverifiedRuleWarning
from cuadre.money._cash import CashRule, cash
from cuadre.money._wire import wire
from cuadre.money.fees import Fee, FeeColumns, FeeLine, FeeSchedule
from cuadre.money.taxes import Gmf, TaxParts, TaxRule, TaxTable, Uvt, gmf, tax, uvt

__all__ = [
    "CashRule",
    "Conversion",
    "Currency",
    "ExactMoney",
    "Fee",
    "FeeColumns",
    "FeeLine",
    "FeeSchedule",
    "Gmf",
    "Mask",
    "Money",
    "MoneyColumn",
    "MoneySum",
    "Rate",
    "Rounded",
    "TaxParts",
    "TaxRule",
    "TaxTable",
    "UnverifiedRuleWarning",
    "Uvt",
    "WireForm",
    "cash",
    "currencies",
    "gmf",
    "rounding_modes",
    "tax",
    "total",
    "uvt",
    "wire",
]
