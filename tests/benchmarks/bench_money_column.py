"""Columns of 10 million amounts beside pyarrow and Polars decimals, NumPy int64 and pandas objects, in one run.

Each answer is compared before anything is timed, whole; of several runs the best counts, so the first, with memory that nobody has touched
yet, does not (cuadre keeps up to 256 MB of freed blocks, as the allocators of pyarrow and Polars keep theirs). NumPy knows neither currency
nor overflow: it shows what memory allows. pandas holds a Decimal object a row, so it works on fewer rows and its time is scaled. The second
table is what the first run of each took on top of the data, in memory. Only the ratios travel.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import first_run
from cuadre import Money
from cuadre.money import FeeSchedule, MoneyColumn

PANDAS_ROWS = 100_000
RATE, FIXED, IVA = "0.0349", "9.00", "0.19"
CONTRACT = FeeSchedule.from_dict(
    {
        "name": "3.49 % and 9 soles, IVA on top",
        "currency": "PEN",
        "rate": RATE,
        "fixed": FIXED,
        "tax": {"name": "IVA", "rate": IVA},
        "rounding": {"fee": "half_even", "tax": "half_even"},
    }
)
Task = dict[str, Callable[[], Any]]


class Data:
    """The same amounts for everybody: up to ten million soles, in céntimos."""

    def __init__(self, rows: int) -> None:
        random = np.random.default_rng(20260302)
        self.rows = rows
        self.left = random.integers(0, 10**9, rows)
        self.right = random.integers(-(10**9), 10**9, rows)
        self.ours = [MoneyColumn.from_minor(side, "PEN") for side in (self.left, self.right)]
        self.arrow = [pa.array(column.amount).cast(pa.decimal128(18, 2)) for column in self.ours]
        self.polars = [pl.Series(column.amount).cast(pl.Decimal(18, 2)) for column in self.ours]
        few = [side[:PANDAS_ROWS] for side in (self.left, self.right)]
        self.pandas = [pd.Series([Decimal(int(n)).scaleb(-2) for n in side], dtype=object) for side in few]


def tasks(data: Data) -> dict[str, Task]:
    (a, b), (x, y), (p, q), (s, t) = data.ours, data.arrow, data.polars, data.pandas
    left, right = data.left, data.right
    rate, cent, limit = Decimal(RATE), Decimal("0.01"), Money(100, "PEN")
    return {
        "sum": {
            "cuadre": lambda: a.sum().amount("PEN"),
            "pyarrow": lambda: pc.sum(x).as_py(),
            "polars": lambda: p.sum(),
            "pandas": lambda: s.sum(),
            "numpy": lambda: Decimal(int(left.sum())).scaleb(-2),
        },
        "add": {
            "cuadre": lambda: a + b,
            "pyarrow": lambda: pc.add_checked(x, y),
            "polars": lambda: p + q,
            "pandas": lambda: s + t,
            "numpy": lambda: left + right,
        },
        "compare": {
            "cuadre": lambda: a > limit,
            "pyarrow": lambda: pc.greater(x, pa.scalar(Decimal(100), pa.decimal128(18, 2))),
            "polars": lambda: p > Decimal(100),
            "pandas": lambda: s > Decimal(100),
            "numpy": lambda: left > 10_000,
        },
        "multiply, half even": {
            "cuadre": lambda: a.multiply(RATE, "half_even"),
            "pyarrow": lambda: pc.round(
                pc.multiply_checked(x, pa.scalar(rate, pa.decimal128(5, 4))), ndigits=2, round_mode="half_to_even"
            ),
            "polars": lambda: (p.cast(pl.Decimal(30, 6)) * pl.Series([rate], dtype=pl.Decimal(30, 6))).round(2, "half_to_even"),
            "pandas": lambda: s.map(lambda amount: (amount * rate).quantize(cent, ROUND_HALF_EVEN)),
        },
        "fee with tax": {
            "cuadre": lambda: a.fee(CONTRACT).net,
            "pyarrow": lambda: arrow_fee(x),
            "polars": lambda: polars_fee(p),
            "pandas": lambda: pandas_fee(s),
        },
    }


def arrow_fee(amounts: Any) -> Any:
    def part(of: Any, rate: str, fixed: str) -> Any:
        exact = pc.multiply_checked(of, pa.scalar(Decimal(rate), pa.decimal128(5, 4)))
        raised = pc.add_checked(exact, pa.scalar(Decimal(fixed), pa.decimal128(5, 2)))
        return pc.cast(pc.round(raised, ndigits=2, round_mode="half_to_even"), pa.decimal128(18, 2))

    fee = part(amounts, RATE, FIXED)
    return pc.subtract_checked(pc.subtract_checked(amounts, fee), part(fee, IVA, "0.00"))


def polars_fee(amounts: pl.Series) -> pl.Series:
    wide = pl.Decimal(30, 6)

    def part(of: pl.Series, rate: str, fixed: str) -> pl.Series:
        exact = of.cast(wide) * pl.Series([Decimal(rate)], dtype=wide) + pl.Series([Decimal(fixed)], dtype=wide)
        return exact.round(2, "half_to_even").cast(pl.Decimal(18, 2))

    fee = part(amounts, RATE, FIXED)
    return amounts - fee - part(fee, IVA, "0.00")


def pandas_fee(amounts: pd.Series) -> pd.Series:
    rate, fixed, iva, cent = Decimal(RATE), Decimal(FIXED), Decimal(IVA), Decimal("0.01")
    fee = amounts.map(lambda amount: (amount * rate + fixed).quantize(cent, ROUND_HALF_EVEN))
    return amounts - fee - fee.map(lambda amount: (amount * iva).quantize(cent, ROUND_HALF_EVEN))


def minor(answer: Any) -> Any:
    """An answer as something that compares: an array of minor units or truths, or the one number."""
    if isinstance(answer, MoneyColumn):
        return np.asarray(answer.minor)
    if isinstance(answer, pa.Array | pa.ChunkedArray) and pa.types.is_decimal(answer.type):
        return minor(pl.Series(answer))
    if isinstance(answer, pl.Series) and answer.dtype == pl.Decimal:
        return (answer.cast(pl.Decimal(30, 2)) * pl.Series([100], dtype=pl.Decimal(30, 2))).cast(pl.Int64).to_numpy()
    if isinstance(answer, pd.Series) and answer.dtype == object:
        return np.array([int(value.scaleb(2)) for value in answer])
    return answer if isinstance(answer, Decimal) else np.asarray(answer)


def check(name: str, task: Task, data: Data) -> dict[str, int]:
    """Every answer against cuadre's, whole; what each took in memory."""
    took = {}
    ours, took["cuadre"] = first_run(task["cuadre"])
    wanted = minor(ours)
    for peer, run in task.items():
        if peer == "cuadre":
            continue
        found, took[peer] = first_run(run)
        expected = wanted
        if peer == "pandas":
            few = min(PANDAS_ROWS, data.rows)
            took[peer] = took[peer] * data.rows // few
            expected = Decimal(int(data.left[:few].sum())).scaleb(-2) if name == "sum" else wanted[:few]
        if not np.array_equal(minor(found), expected):
            raise SystemExit(f"{name}: {peer} does not agree with cuadre")
    return took


def best(run: Callable[[], Any], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        found.append(time.perf_counter() - start)
        del result
    return min(found)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args(arguments)
    data = Data(chosen.rows)
    peers = ["cuadre", "pyarrow", "polars", "pandas", "numpy"]
    print(f"columns of {chosen.rows:,} amounts; milliseconds, and times as long as cuadre")
    print(f"{'':22}" + "".join(f"{peer:>18}" for peer in peers))
    rose = {}
    for name, task in tasks(data).items():
        rose[name] = check(name, task, data)
        scale = {"pandas": chosen.rows / min(PANDAS_ROWS, chosen.rows)}
        took = {peer: best(run, chosen.times) * 1000 * scale.get(peer, 1.0) for peer, run in task.items()}
        cells = [f"{took[peer]:,.1f} ({took[peer] / took['cuadre']:.1f}x)" if peer in took else "–" for peer in peers]
        print(f"{name:22}" + "".join(f"{cell:>18}" for cell in cells), flush=True)
    print("megabytes of memory on top of the data, first run")
    for name, took_mb in rose.items():
        print(f"{name:22}" + "".join(f"{took_mb.get(peer, '–'):>18}" for peer in peers))


if __name__ == "__main__":
    main()
