"""Two CSV files to settle: n rows each side with 20-digit references, amount, currency and date, every row in a random place.

2 % of either side stand there alone, 0.2 % of the pairs have a wrong amount, 0.1 % of the vouchers are paid twice. Written with
NumPy, a million rows a second or so, and kept under the folder given: the same size and seed give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

__all__ = ["make_files"]

CHUNK = 1_000_000
REFERENCE_DIGITS = 20
WIDTH = REFERENCE_DIGITS + 1 + 10 + 1 + 3 + 1 + 10 + 1  # reference,9999999.99,CUR,YYYY-MM-DD and a line end
FIRST_DAY = np.datetime64("2026-03-01")
CURRENCIES = np.frombuffer(b"COPPENUSD", dtype=np.uint8).reshape(3, 3)
HEADER = b"reference,amount,currency,date\n"


def put_digits(target: np.ndarray, values: np.ndarray) -> None:
    """Writes values as digits with left zeros into the columns of ``target``."""
    values = values.copy()
    for column in range(target.shape[1] - 1, -1, -1):
        target[:, column] = 48 + values % 10
        values //= 10


def csv_bytes(numbers: np.ndarray, minor: np.ndarray, currency: np.ndarray, day: np.ndarray) -> bytes:
    """Rows as CSV text: a matrix of fixed places, from which the unused places of short amounts are left out."""
    text = np.full((len(numbers), WIDTH), 44, dtype=np.uint8)  # commas
    # A bijection of the row number, spread over the digits: unique, and neighbours in number are not alike in text.
    put_digits(text[:, 0:8], (numbers * np.uint64(48_271) + np.uint64(7)) % np.uint64(99_999_989))
    put_digits(text[:, 8:20], (numbers * np.uint64(618_033_989)) % np.uint64(10**12))
    put_digits(text[:, 21:28], minor // 100)
    text[:, 28] = 46
    put_digits(text[:, 29:31], minor % 100)
    text[:, 32:35] = CURRENCIES[currency]
    calendar = np.frombuffer(b"".join(str(FIRST_DAY + index).encode() for index in range(31)), dtype=np.uint8).reshape(31, 10)
    text[:, 36:46] = calendar[day]
    text[:, 46] = 10
    keep: np.ndarray = np.ones_like(text, dtype=bool)
    keep[:, 31] = True
    for place in range(6):  # left zeros of the whole part
        keep[:, 21 + place] = minor // 100 >= 10 ** (6 - place)
    kept: bytes = text[keep].tobytes()
    return kept


def write(path: Path, numbers: np.ndarray, minor: np.ndarray, currency: np.ndarray, day: np.ndarray) -> None:
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(HEADER)
        for start in range(0, len(numbers), CHUNK):
            part = slice(start, start + CHUNK)
            file.write(csv_bytes(numbers[part], minor[part], currency[part], day[part]))
    unfinished.rename(path)


def make_files(folder: Path, rows: int, seed: int = 20260302) -> tuple[Path, Path]:
    """The ledger and the settlement file of this size, made unless they are there already."""
    folder.mkdir(parents=True, exist_ok=True)
    ledger, settlement = folder / f"ledger-{rows}.csv", folder / f"settlement-{rows}.csv"
    if ledger.exists() and settlement.exists():
        return ledger, settlement
    rng = np.random.default_rng(seed)
    alone = rows // 50
    count = rows + alone  # vouchers in all: the first `alone` are in the ledger only, the last `alone` in the settlement only
    minor = rng.integers(1_000, 99_999_999, count, dtype=np.int64)
    currency = rng.choice(3, count, p=(0.6, 0.3, 0.1)).astype(np.uint8)
    day = rng.integers(0, 31, count, dtype=np.uint8)

    order = rng.permutation(rows)
    write(ledger, order.astype(np.uint64), minor[order], currency[order], day[order])

    paid = np.arange(alone, count)
    wrong = rng.choice(rows, rows // 500, replace=False) + alone
    minor[wrong] += rng.integers(1, 5_000, len(wrong))
    twice = rng.choice(rows, rows // 1000, replace=False) + alone
    order = rng.permutation(np.concatenate([paid, twice]))
    write(settlement, order.astype(np.uint64), minor[order], currency[order], day[order])
    return ledger, settlement
