"""Single amounts: cuadre beside decimal.Decimal and py-moneyed, in one run.

    python tests/benchmarks/bench_money.py [--runs N] [--calls N]

Unit: nanoseconds a call, best of several rounds, the loop's own cost included in all of them alike; contenders take turns in every
round. Every contender must give the same amount before it is timed. "Decimal + a call" is Decimal's work behind one Python function
call, which is what a program that keeps the currency beside its decimals pays. Times are printed, never asserted; only ratios travel.
"""

from __future__ import annotations

import argparse
import sys
import timeit
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import moneyed
from moneyed.l10n import format_money

from cuadre import Money

CENT = Decimal("0.01")
RATE = Decimal("0.0349")


class Disagreement(Exception):
    """A contender gave another amount."""


def plain_add(left: Decimal, right: Decimal) -> Decimal:
    return left + right


def plain_fee(amount: Decimal, rate: Decimal) -> Decimal:
    return (amount * rate).quantize(CENT, ROUND_HALF_EVEN)


def plain_parse(text: str) -> Decimal:
    return Decimal(text)


def plain_format(amount: Decimal) -> str:
    return f"S/\xa0{amount:,.2f}"


LEFT, RIGHT = "1234567.89", "9876.54"
NAMES: dict[str, dict[str, Any]] = {
    "cuadre": {"Money": Money, "a": Money(LEFT, "PEN"), "b": Money(RIGHT, "PEN")},
    "py-moneyed": {"Money": moneyed.Money, "a": moneyed.Money(LEFT, "PEN"), "b": moneyed.Money(RIGHT, "PEN")},
    "Decimal + a call": {"a": Decimal(LEFT), "b": Decimal(RIGHT)},
}
SHARED: dict[str, Any] = {"Decimal": Decimal, "RATE": RATE, "LEFT": LEFT, "format_money": format_money} | {
    call.__name__: call for call in (plain_add, plain_fee, plain_parse, plain_format)
}
TASKS = {  # what each contender's users would write
    "add": ("a + b", "a + b", "plain_add(a, b)"),
    "multiply and round": ('a.multiply(RATE, "half_even")', "(a * RATE).round(2)", "plain_fee(a, RATE)"),
    "from text": ('Money(LEFT, "PEN")', 'Money(LEFT, "PEN")', "plain_parse(LEFT)"),
    "to text, es-PE": ('a.format("es-PE")', 'format_money(a, locale="es_PE")', "plain_format(a)"),
}


def plain(result: Any) -> str:
    """The amount as text, whoever gave it."""
    return result if isinstance(result, str) else f"{getattr(result, 'amount', result):f}"


def check(task: str, statements: Sequence[str]) -> str:
    answers = {name: plain(eval(text, SHARED | own)) for (name, own), text in zip(NAMES.items(), statements, strict=True)}
    if len(set(answers.values())) != 1:
        raise Disagreement(f"{task}: " + ", ".join(f"{name} says {answer}" for name, answer in answers.items()))
    return answers["cuadre"]


def measure(statements: Sequence[str], runs: int, calls: int) -> list[float]:
    best = [float("inf")] * len(statements)
    for _ in range(runs):
        for place, (own, text) in enumerate(zip(NAMES.values(), statements, strict=True)):
            number = max(calls // 20, 100) if "format_money" in text else calls  # a hundred times slower than the rest
            best[place] = min(best[place], timeit.timeit(text, globals=SHARED | own, number=number) / number * 1e9)
    return best


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--calls", type=int, default=200_000)
    options = parser.parse_args(arguments)
    try:
        answers = {task: check(task, statements) for task, statements in TASKS.items()}
    except Disagreement as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"single amounts, nanoseconds a call, best of {options.runs}")
    print(f"  {'':<20} {'cuadre':>8} {'py-moneyed':>18} {'Decimal + a call':>20}   answer")
    for task, statements in TASKS.items():
        ours, *theirs = measure(statements, options.runs, options.calls)
        peers = [f"{time:>8.0f} {time / ours:>8.1f}x" for time in theirs]
        print(f"  {task:<20} {ours:>8.0f} {peers[0]:>18} {peers[1]:>20}   {answers[task]}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
