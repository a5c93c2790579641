"""What crosses between Python and C++, whatever a caller does there: wrong types, threads, pickles, a fork.

Under sanitizers these show what an ordinary run forgives (`make sanitize`); so each test does much in one process.
"""

from __future__ import annotations

import inspect
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import cuadre
from cuadre import Money, _core, money, settlement, voucher

pytestmark = pytest.mark.border

DAY = b"reference,amount,currency,date\n" + b"".join(b"R%05d,%d.50,PEN,2026-03-02\n" % (i, i) for i in range(20_000))


class Hostile:
    """Raises whatever it is asked."""

    def _refuse(self, *_: Any) -> Any:
        raise ZeroDivisionError("asked")

    __index__ = __int__ = __float__ = __len__ = __iter__ = __str__ = __hash__ = __bool__ = __bytes__ = _refuse  # type: ignore[assignment]
    __eq__ = __getitem__ = __arrow_c_stream__ = __arrow_c_array__ = __fspath__ = _refuse  # type: ignore[assignment]


WRONG: list[Any] = [
    None,
    True,
    -1,
    2**200,
    1.5,
    float("nan"),
    "",
    "\ud800",
    "a\0b",
    b"\xff\x00",
    (),
    [None],
    {"": None},
    {1: 2},
]
WRONG += [object(), type, lambda: None, range(3), memoryview(b"x"), Money("1", "PEN"), Hostile()]
WAITS = {"run", "main"}  # none today: a name that would block or leave the process


def bound() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every function, class and static or class method that the module has."""
    for name, value in sorted(vars(_core).items()):
        if name.startswith("_") or name in WAITS or not callable(value):
            continue
        yield name, value
        if inspect.isclass(value):
            for inner in sorted(vars(value)):
                if not inner.startswith("_") and callable(getattr(value, inner)):
                    yield f"{name}.{inner}", getattr(value, inner)


CALLS = dict(bound())


@pytest.mark.parametrize("name", CALLS)
def test_wrong_types_are_refused_and_nothing_else(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for count in range(5):
        for value in WRONG:
            try:
                CALLS[name](*[value] * count)
            except Exception as error:
                assert not isinstance(error, SystemError | MemoryError), (name, count, value, error)
    for value in WRONG:
        try:
            CALLS[name](no_such_name=value)
        except Exception as error:
            assert not isinstance(error, SystemError | MemoryError), (name, value, error)


def pickled() -> list[Any]:
    """One of each class of ours that travels."""
    price = Money("1234.50", "PEN")
    rate = money.Rate("USD", "PEN", "3.75", kind="mid", source="test", as_of="2026-03-02T12:00:00Z")
    record = voucher.Voucher.issue(gateway="pagoefectivo", reference="A-1", amount=price)
    return [
        price,
        price.currency,
        money.ExactMoney("1/3", "PEN"),
        money.Column.from_minor([1, -2, 3], "PEN"),
        rate,
        record,
    ]


def test_pickles_come_back_and_mangled_ones_do_not_crash() -> None:
    for value in pickled():
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(value, protocol)) == value
        whole = pickle.dumps(value)
        for at in range(0, len(whole), 3):
            try:
                pickle.loads(whole[:at])
            except Exception as error:
                assert not isinstance(error, SystemError), (value, at)
        call, arguments = value.__reduce__()[:2]
        for wrong in WRONG:
            try:
                call(*[wrong] * len(arguments))
            except Exception as error:
                assert not isinstance(error, SystemError), (value, wrong)


def test_many_threads_read_match_and_compute(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_bytes(DAY)
    result = cuadre.reconcile(path, path)  # shared by all threads
    expected = (len(result.matches), result.summary.to_dicts())
    failures: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(3):
                assert len(settlement.read(path, threads=2).rows) == 20_000
                assert (len(result.matches), result.summary.to_dicts()) == expected
                assert cuadre.reconcile(path, path, threads=2).balanced
                assert sum(Money("10.00", "PEN").allocate([1, 1, 1]), Money("0", "PEN")) == Money("10.00", "PEN")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_after_threads_goes_on(tmp_path: Path) -> None:
    """A web server forks after it has imported, and perhaps used, the module: the child has one thread and no lock held."""
    path = tmp_path / "day.csv"
    path.write_bytes(DAY)
    assert cuadre.reconcile(path, path, threads=4).balanced
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # a lock that nobody opens ends the child, not the run
        code = 1
        try:
            done = cuadre.reconcile(path, path, threads=4)
            code = 0 if done.balanced and len(settlement.read(path, threads=4).rows) == 20_000 else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert cuadre.reconcile(path, path, threads=4).balanced
