"""cuadre: reconciles a ledger with settlement files, exactly, and proves that no row and no cent was dropped.

::

    import cuadre

    result = cuadre.reconcile("ledger.csv", ["RECAUDO_20260302.txt"], layout="asobancaria-2001-recaudo")
    print(result)       # 17 matched, 3 breaks worth COP 45,000.00, nothing dropped: proof holds

=====================  ==============================================================================
``cuadre.reconcile``   a ledger against settlement files; ``cuadre.matching`` says how rows meet
``cuadre.settlement``  one file: its rows, its totals, whether it can be trusted
``cuadre.layouts``     the language in which a file's form is declared
``cuadre.money``       exact amounts, columns, roundings, taxes, fees, cash, rates
``cuadre.signature``   proof that notifications are genuine, and signatures for what is sent
``cuadre.diagnose``    which usual mistake would make a signature fit
``cuadre.voucher``     the life of vouchers, refunds and payouts
``cuadre.machines``    the tables they live by, shown and drawn
``cuadre.rules``       taxes, cash steps, wire forms, documents, profiles of gateways: dated, with sources
``cuadre.gateways``    what each gateway does with cash
``cuadre.document``    documents of buyers: well written or not
``cuadre.contrib``     fields for pydantic, SQLAlchemy, Django, msgspec, JSON, google.type.Money
``cuadre.errors``      the family of everything raised
``cuadre.sandbox``     a made-up month to try all this on
=====================  ==============================================================================

``cuadre help`` on the command line has a page about each subject.
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
