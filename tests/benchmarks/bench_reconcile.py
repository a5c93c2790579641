"""From two CSV files to classified breaks and proven totals: cuadre beside DuckDB, Polars and pandas, in one run.

    python tests/benchmarks/bench_reconcile.py [--rows N ...] [--contenders a,b,...] [--runs N] [--threads N] [--all]

Data: see data.py. Work: see peers.py. Unit: seconds inside the process after its imports, and the peak memory of the process.
Answers come before times: every contender must give the plain oracle's answer on a small hostile set (few amounts, references that
repeat on both sides, wrong currencies), and all must agree on the large one; otherwise the run fails and prints no time. Times are
printed, never asserted, and only their ratios mean anything: they come from one machine in one run, contenders taking turns.
Without --all, pandas sits out the ten million rows: it takes more than a minute and 5 GB there.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.data import make_files
from oracles import matching, reading

HERE = Path(__file__).resolve().parent
NAMES = ("cuadre", "duckdb", "polars", "pandas")
PANDAS_ROWS_MAX = 2_000_000


class Disagreement(Exception):
    """A contender failed, or gave another answer."""


def run_once(name: str, ledger: Path, settlement: Path, threads: int) -> dict[str, Any]:
    """One contender in a process of its own."""
    breaks = ledger.parent / f"breaks-{name}.csv"
    breaks.unlink(missing_ok=True)
    command = [sys.executable, str(HERE / "peers.py"), name, str(ledger), str(settlement), str(breaks), str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Disagreement(f"{name} failed:\n{done.stderr.strip()}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    differing = sum(max(rows) for bucket, _, *rows in (line[:4] for line in answer["summary"]) if bucket != "matched")
    with breaks.open("rb") as file:
        written = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b"")) - 1
    # A pair in two currencies is two lines of the summary and one break, so there may be fewer, never none or more.
    if not (0 if not differing else 1) <= written <= differing:
        raise Disagreement(f"{name} wrote {written:,} breaks where its summary counts {differing:,}")
    return answer


def compare(name: str, found: list[Any], wanted: list[Any], whose: str) -> None:
    if found == wanted:
        return
    ours, theirs = ({tuple(line) for line in lines} for lines in (found, wanted))
    lines = [f"{name} does not agree with {whose}:"]
    lines += [f"  {name:<10} {line}" for line in sorted(ours - theirs)]
    lines += [f"  {whose:<10} {line}" for line in sorted(theirs - ours)]
    raise Disagreement("\n".join(lines))


def make_hostile(folder: Path, rows: int = 4_000) -> tuple[Path, Path]:
    """Two files in which nearly every rule has work: half as many references as rows, four amounts, three currencies."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(5)
    paths = folder / "hostile-ledger.csv", folder / "hostile-settlement.csv"
    for path in paths:
        lines = ["reference,amount,currency,date"]
        for _ in range(rows):
            reference, amount = rng.randrange(rows // 2), rng.choice(("0.50", "10.00", "10.01", "-7.25"))
            currency = rng.choice(("COP", "COP", "COP", "PEN", "USD"))
            lines.append(f"{reference:020},{amount},{currency},2026-03-{rng.randint(1, 31):02}")
        path.write_text("\n".join([*lines, ""]), newline="")
    return paths


def oracle_summary(ledger: Path, settlement: Path) -> list[Any]:
    sides = []
    for path in (ledger, settlement):
        rows = reading.read_delimited(path).rows
        sides.append([matching.Row(row.reference, row.amount, row.currency) for row in rows])
    summary = matching.match(sides[0], sides[1]).summary()
    return [
        [bucket, currency, *numbers[:2], *(int(amount.scaleb(2).to_integral_exact()) for amount in numbers[2:])]
        for (bucket, currency), numbers in sorted(summary.items())
    ]


def check_hostile(folder: Path, names: list[str], threads: int) -> None:
    files = make_hostile(folder)
    wanted = oracle_summary(*files)
    for name in names:
        compare(name, run_once(name, *files, threads)["summary"], wanted, "the oracle")
    print(f"hostile set: {', '.join(names)} give the oracle's answer", flush=True)


def measure(folder: Path, rows: int, names: list[str], runs: int, threads: int) -> None:
    """Runs the contenders in turn and prints the table when their answers are one."""
    print(f"\n{rows:,} x {rows:,} rows: making the files unless they are there ...", flush=True)
    files = make_files(folder, rows)
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for turn in range(runs):
        for name in names:
            results[name].append(run_once(name, *files, threads))
            compare(name, results[name][-1]["summary"], results[names[0]][0]["summary"], names[0])
            print(f"  run {turn + 1}: {name} {results[name][-1]['seconds']:.2f} s", flush=True)
    print_table(results, sum(path.stat().st_size for path in files), threads)


def print_table(results: dict[str, list[dict[str, Any]]], size_bytes: int, threads: int) -> None:
    first = next(iter(results))
    seconds = {name: min(run["seconds"] for run in runs) for name, runs in results.items()}
    memory = {name: max(run["peak_bytes"] for run in runs) for name, runs in results.items()}
    rows: dict[str, list[int]] = {}
    for bucket, _, *numbers in results[first][0]["summary"]:
        rows[bucket] = [a + b for a, b in zip(rows.get(bucket, [0, 0]), numbers[:2], strict=True)]
    print("  same answer from all: " + ", ".join(f"{bucket} {max(pair):,}" for bucket, pair in rows.items()))
    print(f"  {size_bytes / 1e6:,.0f} MB in two files, {threads} threads, best of {len(results[first])}")
    print(f"  {'':<8} {'seconds':>8} {'time ratio':>11} {'peak MB':>9} {'memory ratio':>13}")
    for name in sorted(seconds, key=seconds.__getitem__):
        times, size = seconds[name] / seconds[first], memory[name] / memory[first]
        print(f"  {name:<8} {seconds[name]:>8.2f} {times:>10.1f}x {memory[name] / 1e6:>9,.0f} {size:>12.1f}x", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--contenders", default=",".join(NAMES), help="some of " + ",".join(NAMES) + "; ratios are to the first"
    )
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=HERE.parents[1] / "build" / "bench", help="where the data is kept")
    parser.add_argument("--all", action="store_true", help="pandas at every size, too")
    options = parser.parse_args()
    names = options.contenders.split(",")
    if unknown := set(names) - set(NAMES):
        parser.error(f"no contender {', '.join(sorted(unknown))}")
    try:
        check_hostile(options.folder, names, options.threads)
        for rows in options.rows:
            fit = [name for name in names if name != "pandas" or rows <= PANDAS_ROWS_MAX or options.all]
            measure(options.folder, rows, fit, options.runs, options.threads)
    except Disagreement as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
