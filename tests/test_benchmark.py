"""The benchmark's own promises: its data has the shape it claims, and it refuses to time contenders that disagree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import bench_reconcile
from oracles import matching, reading

ROWS = 10_000


def test_benchmark_data_shape(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    from benchmarks.data import make_files

    sides = [reading.read_delimited(path) for path in make_files(tmp_path, ROWS)]
    assert [len(side.rows) for side in sides] == [ROWS, ROWS * 1001 // 1000]
    assert not any(side.rejects for side in sides)
    assert {len(row.reference) for side in sides for row in side.rows} == {20}
    assert len({row.reference for row in sides[0].rows}) == ROWS
    rows = [[matching.Row(row.reference, row.amount, row.currency) for row in side.rows] for side in sides]
    answer = matching.match(rows[0], rows[1])
    assert len(answer.of("only_in_ledger")) == ROWS // 50
    assert len({entry.settlement.reference for entry in answer.of("only_in_settlement") if entry.settlement}) == ROWS // 50
    assert len(answer.of("amount_differs")) == pytest.approx(ROWS // 500, abs=2)  # a wrong amount may also be paid twice
    assert len(answer.of("paid_twice")) == pytest.approx(ROWS // 1000, abs=2)


def test_benchmark_runs(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    script = Path(bench_reconcile.__file__)
    options = ["--rows", str(ROWS), "--runs", "1", "--contenders", "cuadre,duckdb", "--folder", str(tmp_path)]
    done = subprocess.run([sys.executable, str(script), *options], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "give the oracle's answer" in done.stdout
    assert "time ratio" in done.stdout


def test_benchmark_refuses_disagreement() -> None:
    with pytest.raises(bench_reconcile.Disagreement, match=r"tortoise +\('matched', 'COP', 1"):
        bench_reconcile.compare("hare", [["matched", "COP", 2, 2, 5, 5]], [["matched", "COP", 1, 2, 5, 5]], "tortoise")


def test_benchmark_of_amounts_runs(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("moneyed")
    from benchmarks import bench_money

    assert bench_money.main(["--runs", "1", "--calls", "200"]) == 0
    assert "43086.42" in capsys.readouterr().out


def test_benchmark_of_amounts_refuses_disagreement() -> None:
    pytest.importorskip("moneyed")
    from benchmarks import bench_money

    with pytest.raises(bench_money.Disagreement, match=r"tie: cuadre says 0\.03, py-moneyed says 0\.02"):
        bench_money.check("tie", ("Money('0.03', 'PEN')", "Money('0.02', 'PEN')", "Decimal('0.02')"))


def test_benchmark_of_columns_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for module in ("numpy", "pandas", "polars", "pyarrow"):
        pytest.importorskip(module)
    from benchmarks import bench_money_column

    bench_money_column.main(["--rows", "20000", "--times", "1"])
    assert "fee with tax" in capsys.readouterr().out


def test_benchmark_of_columns_refuses_disagreement() -> None:
    for module in ("numpy", "pandas", "polars", "pyarrow"):
        pytest.importorskip(module)
    from benchmarks import bench_money_column

    data = bench_money_column.Data(100)
    task = bench_money_column.tasks(data)["add"] | {"polars": lambda: data.polars[0]}
    with pytest.raises(SystemExit, match="add: polars does not agree with cuadre"):
        bench_money_column.check("add", task, data)


def test_benchmark_of_signatures_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for module in ("pyarrow", "standardwebhooks", "stripe"):
        pytest.importorskip(module)
    from benchmarks import bench_signature

    assert bench_signature.main(["--runs", "1", "--calls", "50", "--rows", "300"]) == 0
    assert "loop with bare hmac" in capsys.readouterr().out


def test_benchmark_of_signatures_refuses_disagreement() -> None:
    for module in ("pyarrow", "standardwebhooks", "stripe"):
        pytest.importorskip(module)
    from benchmarks import bench_signature

    for check, word in ((lambda *message: False, "refuses the genuine"), (lambda *message: True, "takes a forged")):
        with pytest.raises(bench_signature.Disagreement, match=word):
            bench_signature.require("a peer", check, bench_signature.body_of(1), {})
