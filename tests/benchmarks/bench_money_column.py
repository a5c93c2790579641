"""Columns of 10 million amounts beside pyarrow and Polars decimals, NumPy int64 and pandas objects, in one run.

Each answer is compared before anything is timed; of several runs the best counts. NumPy knows neither currency nor overflow: it shows
what memory allows. pandas holds a Decimal object a row, so it works on fewer rows and its time is scaled. Only the ratios travel.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from cuadre import Money
from cuadre.money import MoneyColumn

PANDAS_ROWS = 100_000
RATE = "0.0349"
Task = dict[str, Callable[[], Any]]


class Data:
    """The same amounts for everybody: up to ten million soles, in céntimos."""

    def __init__(self, rows: int) -> None:
        random = np.random.default_rng(20260302)
        self.rows = rows
        self.left = random.integers(-(10**9), 10**9, rows)
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
    }


def counted(answer: Any, rows: int) -> Any:
    """An answer as something that compares: minor units or truths of the first rows, or the one number."""
    if isinstance(answer, Decimal):
        return answer
    if hasattr(answer, "count_true"):
        return answer.to_list()[:rows]
    if isinstance(answer, MoneyColumn):
        return np.asarray(answer[:rows].minor).tolist()
    if isinstance(answer, np.ndarray):
        return answer[:rows].tolist()
    if isinstance(answer, pl.Series | pa.Array | pa.ChunkedArray | pd.Series):
        part = answer[:rows]
        values = part.to_pylist() if hasattr(part, "to_pylist") else part.to_list()
        return [int(v.scaleb(2)) if isinstance(v, Decimal) else v for v in values]
    return answer


def check(name: str, task: Task, data: Data) -> None:
    wanted = counted(task["cuadre"](), PANDAS_ROWS)
    for peer, run in task.items():
        found = counted(run(), PANDAS_ROWS)
        if name == "sum" and peer == "pandas" and data.rows > PANDAS_ROWS:
            assert found == Decimal(int(data.left[:PANDAS_ROWS].sum())).scaleb(-2), (name, peer)
        else:
            assert found == wanted, (name, peer)


def best(run: Callable[[], Any], times: int) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        result = run()
        found.append(time.perf_counter() - start)
        del result
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    data = Data(chosen.rows)
    peers = ["cuadre", "pyarrow", "polars", "pandas", "numpy"]
    print(f"columns of {chosen.rows:,} amounts; milliseconds, and times as long as cuadre")
    print(f"{'':22}" + "".join(f"{peer:>18}" for peer in peers))
    for name, task in tasks(data).items():
        check(name, task, data)
        scale = {"pandas": chosen.rows / min(PANDAS_ROWS, chosen.rows)}
        took = {peer: best(run, chosen.times) * 1000 * scale.get(peer, 1.0) for peer, run in task.items()}
        cells = [f"{took[peer]:,.1f} ({took[peer] / took['cuadre']:.1f}x)" if peer in took else "–" for peer in peers]
        print(f"{name:22}" + "".join(f"{cell:>18}" for cell in cells), flush=True)
    print(f"peak memory of the whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
