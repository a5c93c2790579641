"""cuadre: reconciles a ledger with settlement files, exactly, and proves that no row and no cent was dropped.

::

    import cuadre

    result = cuadre.reconcile("ledger.csv", ["RECAUDO_20260302.txt"], layout="asobancaria-2001-recaudo")
    print(result)       # 17 matched, 3 breaks worth COP 45,000.00, nothing dropped: proof holds

``cuadre.settlement`` reads one side, ``cuadre.matching`` matches two, ``cuadre.money`` holds exact amounts,
``cuadre.signature`` proves that notifications are genuine, ``cuadre.voucher`` keeps the life of vouchers, refunds and payouts, ``cuadre.errors`` is the family of everything raised.
``cuadre.layouts`` is the language of file layouts.
"""

from cuadre import _provided as _provided
from cuadre import errors, money, settlement, signature, voucher
from cuadre._core import __version__
from cuadre.errors import CuadreError
from cuadre.matching import Reconciliation, reconcile
from cuadre.money import Currency, Money

__all__ = [
    "CuadreError",
    "Currency",
    "Money",
    "Reconciliation",
    "__version__",
    "errors",
    "money",
    "reconcile",
    "settlement",
    "signature",
    "voucher",
]
