"""What every command prints with: lines without control characters, JSON with exact amounts, words in both languages, progress."""

from __future__ import annotations

import datetime
import decimal
import json
import sys
import time

from cuadre import _core
from cuadre.base.text import number

WIDTH = 100  # of running text, in letters

WORDS = {
    "en": {
        "layout": "layout",
        "declared": "declared",
        "found": "found",
        "agrees": "agrees",
        "disagrees": "DISAGREES",
        "rejects": "rejects",
        "line": "line",
        "more": "and {} more: --csv or --json gives all",
        "bytes": "bytes",
        "ledger": "ledger",
        "settlement": "settlement",
        "rows": "rows",
        "report": "report",
        "looks_like": "looks like",
    },
    "es": {
        "layout": "diseño",
        "declared": "declarado",
        "found": "hallado",
        "agrees": "coincide",
        "disagrees": "NO COINCIDE",
        "rejects": "rechazos",
        "line": "línea",
        "more": "y {} más: --csv o --json los da todos",
        "bytes": "bytes",
        "ledger": "libro",
        "settlement": "liquidación",
        "rows": "filas",
        "report": "informe",
        "looks_like": "parece",
    },
}
for _language, _words in WORDS.items():
    for _bucket in _core.buckets():
        _words[_bucket["name"]] = _bucket[_language][0].lower() + _bucket[_language][1:]


def say(text: str) -> None:
    """Prints a line that may hold other people's text: no control character reaches the terminal."""
    print(one_line(text))


def one_line(text: object) -> str:
    return "".join(c if c.isprintable() else " " for c in str(text))


def print_json(value: object) -> None:
    """Amounts as text: a JSON number would be read back as a float."""

    def plain(item: object) -> str:
        if isinstance(item, decimal.Decimal | datetime.date):
            return format(item, "f") if isinstance(item, decimal.Decimal) else item.isoformat()
        raise TypeError(type(item).__name__)

    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, default=plain)
    print()


def print_rejects(rejects: _core.Table, language: str, limit: int = 10) -> None:
    words = WORDS[language]
    for item in rejects.to_dicts(0, limit):
        raw = item["raw_text"] if len(item["raw_text"]) <= 60 else item["raw_text"][:57] + "..."
        field = f" ({item['field']})" if item["field"] else ""
        say(f"  {words['rejects']}: {item['file']}, {words['line']} {item['line']}: {item['reason_' + language]}{field}: {raw}")
    if len(rejects) > limit:
        say("  " + words["more"].format(number(len(rejects) - limit, language)))


class Progress:
    """One line on a terminal, for work that takes longer than a second; nothing anywhere else."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._started < 1 or not total:
            return
        self._shown = True
        sys.stderr.write(f"\rcuadre: {100 * done // total} % of {total / 1e6:,.0f} MB")
        sys.stderr.flush()

    def __enter__(self) -> Progress | None:
        return self if sys.stderr.isatty() else None

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")
