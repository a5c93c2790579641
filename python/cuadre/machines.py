"""The three machines of a voucher's life, as tables and drawings: the public name of ``cuadre.voucher.machines``."""

from cuadre.voucher.machines import Drawing, Table, draw, names, notifications, table, words

__all__ = ["Drawing", "Table", "draw", "names", "notifications", "table", "words"]
