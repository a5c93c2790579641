"""What the page lists, as compact arrays, gathered in one pass over each table of a result.

Rows are arrays; classes, currencies, files and forms of sentences are indexes into shared lists; amounts are whole minor
units. A hundred thousand sentences in two languages are 50 MB: a row has the form of its own, whose pattern page.js fills.
Sums and counts are taken over every row, whatever the page can list.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from cuadre.report.figures import decimals_of, minor_of
from cuadre.report.words import CLASSES

# What one page lists at most. A hundred thousand breaks are 12 MB; a mail takes 20 MB, a browser far more.
BREAKS_MAX = 200_000
REJECTS_MAX = 20_000
CHECKS_MAX = 20_000
FILES_MAX = 20_000
PAGE_ROWS = 200  # at once; so many stand in the page as plain HTML

AGE_STARTS = (0, 4, 8, 31)  # first day of each age class; the class after them is "no age"
NO_AGE = len(AGE_STARTS)

_CHUNK = 8192
_JS_INTEGER_MAX = 2**53 - 1


class Index:
    """Texts by number, in order of appearance."""

    def __init__(self, *texts: str) -> None:
        self.numbers = {text: number for number, text in enumerate(texts)}

    def __call__(self, text: str | None) -> int | None:
        return None if text is None else self.numbers.setdefault(text, len(self.numbers))

    @property
    def texts(self) -> list[str]:
        return list(self.numbers)


@dataclass
class Gathered:
    """Everything the page needs to know about the long tables.

    Attributes:
        breaks, rejects, checks, files: rows as ``lists.py`` describes them, bounded.
        counts: how many rows each of them has in all.
        ages: (currency, class, age class) to count and amount at stake in minor units.
        sums: currency to count of breaks, ledger, settlement and difference, in minor units.
        patterns: the forms that sentences take, each with its name and its pattern in both languages.
        sentences: what the first breaks say, in Spanish and English.
        reasons: (reason, side) to count of rejects; reason_words: reason to its words in both languages.
        failed: how many declared totals disagree.
    """

    index: dict[str, Index]
    patterns: list[dict[str, str]] = field(default_factory=list)
    sentences: list[tuple[str, str]] = field(default_factory=list)
    breaks: list[list[Any]] = field(default_factory=list)
    rejects: list[list[Any]] = field(default_factory=list)
    checks: list[list[Any]] = field(default_factory=list)
    files: list[list[Any]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    ages: dict[tuple[str, str, int], list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    sums: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0, 0]))
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    reason_words: dict[str, tuple[str, str]] = field(default_factory=dict)
    failed: int = 0
    aged: bool = False


def gather(result: Any) -> Gathered:
    found = Gathered(
        {
            "class": Index(*CLASSES),
            "kind": Index(),
            "currency": Index(),
            "file": Index(),
            "side": Index("ledger", "settlement"),
            "reason": Index(),
        },
    )
    _gather_files(found, result.files)
    _gather_checks(found, result.checks)
    _gather_breaks(found, result)
    _gather_rejects(found, result.rejects)
    return found


def records(table: Any) -> Iterator[dict[str, Any]]:
    """The table's rows, a few thousand at a time: a table may be computed while it is read."""
    names = list(table.column_names)
    start = 0
    while chunk := table.rows(start, start + _CHUNK):
        for row in chunk:
            yield dict(zip(names, row, strict=True))
        start += len(chunk)


def age_class(days: int | None) -> int:
    if days is None:
        return NO_AGE
    return max(number for number, start in enumerate(AGE_STARTS) if start <= max(days, 0))


def _gather_files(found: Gathered, table: Any) -> None:
    for item in records(table):
        found.counts["files"] += 1
        if len(found.files) < FILES_MAX:
            counts = ("size_bytes", "records", "rows", "rejects", "ignored", "checks_held", "checks_failed")
            where = [found.index["side"](item["side"]), found.index["file"](item["file"])]
            found.files.append(where + [item[name] for name in counts])


def _gather_checks(found: Gathered, table: Any) -> None:
    held: list[list[Any]] = []
    for item in records(table):
        found.counts["checks"] += 1
        found.failed += not item["holds"]
        row = [
            found.index["side"](item["side"]),
            found.index["file"](item["file"]),
            item["line"],
            *(str(item[name]) for name in ("name", "declared", "found")),
            int(item["holds"]),
        ]
        if len(found.checks) + len(held) < CHECKS_MAX or not item["holds"]:
            (held if item["holds"] else found.checks).append(row)
    found.checks = (found.checks + held)[:CHECKS_MAX]  # those that disagree stand first


def _gather_rejects(found: Gathered, table: Any) -> None:
    for item in records(table):
        found.counts["rejects"] += 1
        reason = item["reason"]
        found.reasons[reason, item["side"]] += 1
        found.reason_words[reason] = (item["reason_es"], item["reason_en"])
        if len(found.rejects) < REJECTS_MAX:
            found.rejects.append(
                [
                    found.index["side"](item["side"]),
                    found.index["file"](item["file"]),
                    item["line"],
                    item["offset_bytes"],
                    item["column"],
                    item["field"] or "",
                    found.index["reason"](f"reason:{reason}"),
                    item["length_bytes"],
                    item["raw_text"],
                ]
            )


def _gather_breaks(found: Gathered, result: Any) -> None:
    told: Iterable[Any] = repeat(None)
    if hasattr(result, "sentence_forms"):  # tables of another make have sentences alone
        found.patterns, table = result.sentence_forms()
        told = records(table)
    forms = {pattern["name"]: number for number, pattern in enumerate(found.patterns)}
    for item, form in zip(records(result.breaks), told, strict=False):
        currency = item["currency"]
        theirs = item["settlement_currency"] or currency
        ledger = _minor(item["ledger_amount"], currency)
        settlement = _minor(item["settlement_amount"], theirs)
        difference = _minor(item["difference"], currency)
        _count_break(found, item, (currency, ledger), (theirs, settlement), difference)
        if len(found.breaks) >= BREAKS_MAX:
            continue
        said = (item["sentence_es"] or "", item["sentence_en"] or "")
        if len(found.sentences) < PAGE_ROWS:
            found.sentences.append(said)
        index = found.index
        found.breaks.append(
            [
                index["class"](item["code"]),
                item["reference"],
                index["kind"](item["kind"]),
                index["currency"](currency),
                _number(ledger),
                _number(settlement),
                _number(difference),
                index["currency"](theirs) if theirs != currency else None,
                *_place(found, item, "ledger"),
                *_place(found, item, "settlement"),
                _oldest(item),
                item["age_days"],
                *(said if form is None else (forms[form["form"]], *_named(found, form))),
            ]
        )


def _minor(amount: Any, currency: str) -> int | None:
    return None if amount is None else minor_of(amount, decimals_of(currency))


def _number(minor: int | None) -> int | str | None:
    """A JSON number where a script holds it exactly, else text."""
    return minor if minor is None or -_JS_INTEGER_MAX <= minor <= _JS_INTEGER_MAX else str(minor)


def _place(found: Gathered, item: dict[str, Any], side: str) -> list[Any]:
    date = item[f"{side}_date"]
    return [
        found.index["file"](item[f"{side}_file"]),
        item[f"{side}_line"],
        item[f"{side}_offset_bytes"],
        date and str(date),
    ]


def _named(found: Gathered, form: dict[str, Any]) -> list[Any]:
    """The amount that a sentence names beside the row's own, where there is one."""
    currency = form["named_currency"]
    return [] if currency is None else [_number(_minor(form["named_amount"], currency)), found.index["currency"](currency)]


def _oldest(item: dict[str, Any]) -> str | None:
    """The older date of the rows that the break accounts for: those with an amount."""
    sides = ("ledger", "settlement")
    dates = [str(item[f"{side}_date"]) for side in sides if item[f"{side}_date"] and item[f"{side}_amount"] is not None]
    return min(dates, default=None)


def _count_break(
    found: Gathered,
    item: dict[str, Any],
    ledger: tuple[str, int | None],
    settlement: tuple[str, int | None],
    difference: int | None,
) -> None:
    found.counts["breaks"] += 1
    found.aged = found.aged or item["age_days"] is not None
    currency = item["currency"]
    stake = difference if difference is not None else (ledger[1] or 0)
    cell = found.ages[currency, item["code"], age_class(item["age_days"])]
    cell[0] += 1
    cell[1] += abs(stake)
    found.sums[currency][0] += 1
    found.sums[currency][1] += ledger[1] or 0
    found.sums[settlement[0]][2] += settlement[1] or 0
    found.sums[currency][3] += difference or 0


def base_name(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def to_json(value: Any) -> str:
    """JSON that can stand in a page: no <, no line separators, no lone surrogate, so that nothing in it ends the block."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)
