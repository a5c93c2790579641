"""The demo on a small month, and that it would notice: an answer that differs from the planted one is said, and fails."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cuadre
from cuadre.sandbox import demo, month


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, Any]:
    return month.make_month(folder, 6_000, seed=11)


@pytest.fixture(scope="module", params=["colombia", "peru"])
def settled(
    request: pytest.FixtureRequest, folder: Path, expected: dict[str, Any]
) -> tuple[cuadre.Reconciliation, dict[str, Any]]:
    country = expected["countries"][request.param]
    return demo.settle(folder, country, expected["as_of"]), country


def test_demo_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert demo.main([str(tmp_path), "--vouchers", "3000"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("Exactly the expected answer" in line for line in lines) == 2
    assert lines[-2:] == [f"  {tmp_path / name}" for name in ("colombia.html", "peru.html")]
    assert all((tmp_path / name).stat().st_size > 10_000 for name in ("colombia.html", "peru.html"))


def test_demo_answer_exact(settled: tuple[cuadre.Reconciliation, dict[str, Any]]) -> None:
    result, country = settled
    assert demo.differences(result, country) == []
    assert not result.balanced


def test_demo_notices(settled: tuple[cuadre.Reconciliation, dict[str, Any]]) -> None:
    result, country = settled
    spoils: tuple[Callable[[dict[str, Any]], object], ...] = (
        lambda wrong: wrong["summary"][0].update(ledger_rows=1),
        lambda wrong: wrong["summary"][0].update(ledger_amount="0.01"),
        lambda wrong: wrong["summary"].pop(),
        lambda wrong: wrong["rejects"][0].update(reason="nul_byte"),
        lambda wrong: wrong["ignored"].update(settlement=-1),
        lambda wrong: wrong["planted"]["paid_twice"].__setitem__(0, "somebody else"),
    )
    for spoil in spoils:
        wrong = copy.deepcopy(country)
        spoil(wrong)
        assert demo.differences(result, wrong) != []


def test_month_any_order_and_threads(folder: Path, expected: dict[str, Any]) -> None:
    """The files of a month in another order, by one thread or three: the same breaks."""
    country = expected["countries"]["peru"]
    first = demo.settle(folder, country, expected["as_of"])
    for threads in (1, 3):
        again = cuadre.reconcile(
            [folder / name for name in country["ledger"]],
            [folder / name for name in reversed(country["settlement"])],
            layout=folder / country["layout"],
            threads=threads,
        )
        assert again.summary.rows() == first.summary.rows()
        pick = ("code", "reference", "currency", "ledger_line", "ledger_amount", "settlement_amount")
        first_breaks, again_breaks = (
            sorted(tuple(str(line[name]) for name in pick) for line in result.breaks.to_dicts()) for result in (first, again)
        )
        assert first_breaks == again_breaks
