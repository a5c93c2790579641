"""Matching as the README's table says it, with dictionaries and lists.

Rows meet on a key: the reference under a normal form, together with the kind of row. A row whose reference is empty under the
normal form meets nobody and is a reject. Inside one key:

1. a key on one side only: every row is only_in_ledger or only_in_settlement;
2. equal amounts in the same currency pair off first, in file order: matched;
3. if then one row is left on each side, that pair differs: amount_differs, or currency_differs when the currencies do;
4. otherwise what is left of the settlement is paid_twice and what is left of the ledger repeated_in_ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

__all__ = ["Answer", "Entry", "Row", "match", "normal_form"]


class Row(NamedTuple):
    """One row of one side. ``at`` is whatever the caller uses to tell rows apart; the order of rows is the order given."""

    reference: str
    amount: Decimal
    currency: str
    kind: str = "payment"
    at: object = None


class Entry(NamedTuple):
    """One line of the answer. Both sides for a pair, one side for a row on its own."""

    bucket: str
    ledger: Row | None
    settlement: Row | None


@dataclass
class Answer:
    entries: list[Entry] = field(default_factory=list)
    ledger_rejects: list[Row] = field(default_factory=list)
    settlement_rejects: list[Row] = field(default_factory=list)

    def of(self, bucket: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.bucket == bucket]

    def summary(self) -> dict[tuple[str, str], tuple[int, int, Decimal, Decimal]]:
        """(bucket, currency) to ledger rows, settlement rows, ledger amount, settlement amount; each row in its own currency."""
        rows: dict[tuple[str, str], list[list[Decimal]]] = defaultdict(lambda: [[], []])
        for bucket, *pair in self.entries:
            for side, row in enumerate(pair):
                if row is not None:
                    rows[bucket, row.currency][side].append(row.amount)
        return {
            key: (len(ledger), len(settlement), sum(ledger, Decimal(0)), sum(settlement, Decimal(0)))
            for key, (ledger, settlement) in rows.items()
        }


def normal_form(reference: str, steps: Iterable[str]) -> str:
    """The reference under the declared steps, which apply in one fixed order whatever the order of declaration."""
    steps = set(steps)
    if "trim" in steps:
        reference = reference.strip(" \t")
    if "digits_only" in steps:
        reference = "".join(letter for letter in reference if letter in "0123456789")
    if "upper" in steps:
        reference = "".join(letter.upper() if "a" <= letter <= "z" else letter for letter in reference)
    if "strip_left_zeros" in steps:
        reference = reference.lstrip("0")
    return reference


def pair_off(ledger: Sequence[Row], settlement: Sequence[Row]) -> list[Entry]:
    """The answer for the rows of one key that stands on both sides."""
    entries = []
    waiting = list(settlement)
    left = []
    for ours in ledger:
        twin = next((theirs for theirs in waiting if (theirs.amount, theirs.currency) == (ours.amount, ours.currency)), None)
        if twin is None:
            left.append(ours)
        else:
            waiting.remove(twin)  # the first of equals, which is the twin or cannot be told from it
            entries.append(Entry("matched", ours, twin))
    if len(left) == 1 and len(waiting) == 1:
        same_currency = left[0].currency == waiting[0].currency
        return [*entries, Entry("amount_differs" if same_currency else "currency_differs", left[0], waiting[0])]
    entries += [Entry("paid_twice", None, theirs) for theirs in waiting]
    entries += [Entry("repeated_in_ledger", ours, None) for ours in left]
    return entries


def match(ledger: Iterable[Row], settlement: Iterable[Row], key: Iterable[str] = ()) -> Answer:
    """Matches two sides under the steps of a normal form. Every row given is in the answer once."""
    answer = Answer()
    steps = list(key)
    keys: dict[tuple[str, str], tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for side, rows in enumerate((ledger, settlement)):
        rejects = (answer.ledger_rejects, answer.settlement_rejects)[side]
        for row in rows:
            reference = normal_form(row.reference, steps)
            if reference:
                keys[reference, row.kind][side].append(row)
            else:
                rejects.append(row)
    for ours, theirs in keys.values():
        if not theirs:
            answer.entries += [Entry("only_in_ledger", row, None) for row in ours]
        elif not ours:
            answer.entries += [Entry("only_in_settlement", None, row) for row in theirs]
        else:
            answer.entries += pair_off(ours, theirs)
    return answer
