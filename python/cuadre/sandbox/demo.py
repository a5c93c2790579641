"""Settles the look-alike month of both countries and checks every number against what was planted.

    python -m cuadre.sandbox.demo [FOLDER] [--vouchers N] [--seed S]

The exit code is 0 only when counts, sums, rejects and the reference of every planted break are exactly the expected ones.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import cuadre
from cuadre import _core
from cuadre.sandbox import month

__all__ = ["differences", "settle"]

BUCKETS = [bucket["name"] for bucket in _core.buckets()]


def settle(folder: Path, country: dict[str, Any], as_of: str) -> cuadre.Reconciliation:
    """Reconciles one country of a month made by ``month.make_month``, read as anybody would read it."""
    layout = country["layout"]
    return cuadre.reconcile(
        [folder / name for name in country["ledger"]],
        [folder / name for name in country["settlement"]],
        layout=folder / layout if layout.endswith(".toml") else layout,
        as_of=as_of,
    )


def differences(result: cuadre.Reconciliation, country: dict[str, Any]) -> list[str]:
    """What is not as expected, one sentence each; empty when all is."""
    columns = ("ledger_rows", "settlement_rows", "ledger_amount", "settlement_amount")
    found: dict[str, Any] = {
        "summary": {
            (line["bucket"], line["currency"]): [Decimal(line[name] or 0) for name in columns]
            for line in result.summary.to_dicts()
        },
        "rejects": Counter((line["side"], line["reason"]) for line in result.rejects.to_dicts()),
        "ignored": {"ledger": 0, "settlement": 0},
    }
    wanted: dict[str, Any] = {
        "summary": {
            (line["bucket"], line["currency"]): [Decimal(line[name]) for name in columns] for line in country["summary"]
        },
        "rejects": {(line["side"], line["reason"]): line["rows"] for line in country["rejects"]},
        "ignored": country["ignored"],
    }
    for line in result.files.to_dicts():
        found["ignored"][line["side"]] += line["ignored"]
    problems = []
    for what, answer in wanted.items():
        for key in sorted({*answer, *found[what]}, key=str):
            if answer.get(key) != found[what].get(key):
                problems.append(f"{what} {key}: expected {answer.get(key)}, found {found[what].get(key)}")
    problems += planted_differences(result, country)
    problems += [f"proof does not hold: {line}" for line in result.proof.to_dicts() if not line["holds"]]
    problems += [f"a total that was made to agree does not: {line}" for line in result.checks.to_dicts() if not line["holds"]]
    return problems


def planted_differences(result: cuadre.Reconciliation, country: dict[str, Any]) -> list[str]:
    """Breaks that were planted and not found, or found and not planted, by reference."""
    found: dict[str, Counter[str]] = {}
    for line in result.breaks.to_dicts():
        reference = line["reference"]
        if "strip_left_zeros" in country["key"]:
            reference = reference.lstrip("0")
        found.setdefault(line["code"], Counter())[reference] += 1
    problems = []
    for bucket in sorted({*found, *country["planted"]}):
        planted = Counter(country["planted"].get(bucket, []))
        for sentence, surplus in (
            ("planted and not found", planted - found.get(bucket, Counter())),
            ("found and not planted", found.get(bucket, Counter()) - planted),
        ):
            if surplus:
                problems.append(f"{bucket}: {surplus.total():,} {sentence}, such as {', '.join(list(surplus)[:3])}")
    return problems


def table(result: cuadre.Reconciliation) -> str:
    """Rows and money of every bucket, one line for each currency."""
    lines = [f"  {'':<20}{'':<5}{'ledger rows':>12}{'their rows':>12}{'ledger':>22}{'theirs':>22}"]
    for line in sorted(result.summary.to_dicts(), key=lambda line: (BUCKETS.index(line["bucket"]), line["currency"])):
        lines.append(
            f"  {line['bucket']:<20}{line['currency']:<5}{line['ledger_rows']:>12,}{line['settlement_rows']:>12,}"
            f"{line['ledger_amount'] or 0:>22,}{line['settlement_amount'] or 0:>22,}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m cuadre.sandbox.demo", description="Settles a made-up month and checks it.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("build/demo"))
    parser.add_argument("--vouchers", type=int, default=month.VOUCHERS)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args(arguments)

    start = time.perf_counter()
    expected = month.make_month(options.folder, options.vouchers, options.seed)
    print(f"Made a month of {options.vouchers:,} vouchers (nobody's data) in {time.perf_counter() - start:.1f} s.")
    reports, failed = [], False
    for name, country in expected["countries"].items():
        start = time.perf_counter()
        result = settle(options.folder, country, expected["as_of"])
        taken = time.perf_counter() - start
        print(f"\n{name.capitalize()}: {result}")
        print(f"  {1 + len(country['settlement'])} files read and matched in {taken:.2f} s\n{table(result)}")
        print(
            f"  {len(result.rejects):,} rejected rows, each with file, line and reason; {len(result.checks):,} declared totals checked"
        )
        problems = differences(result, country)
        failed = failed or bool(problems)
        print(
            "  NOT the expected answer:"
            if problems
            else "  Exactly the expected answer: counts, sums, rejects, and every planted break."
        )
        for problem in problems[:20]:
            print(f"    {problem}")
        reports.append(result.to_html(options.folder / f"{name}.html"))
    print("\nReports, one page each, to open in a browser:")
    for report in reports:
        print(f"  {report.resolve()}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
