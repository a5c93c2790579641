"""A month of look-alike data: two countries, breaks of every class, and the answer that a reconciliation must give.

    python -m cuadre.sandbox.month FOLDER [--vouchers N] [--seed S]

Colombia gets a ledger in the plain layout and one Asobancaria 2001 file per business day; Peru gets a ledger and one delimited
file per business day, with the layout that reads them beside it. What was planted is written to ``expected.json`` while it is
planted, so the expected answer does not come from any matcher. Everything follows from the seed; nobody in the data exists.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["VOUCHERS", "ean13_check_digit", "make_month", "nit_check_digit"]

VOUCHERS = 300_000
MONTH = [datetime.date(2026, 3, day) for day in range(1, 32)]
HOLIDAYS = {"colombia": {datetime.date(2026, 3, 23)}, "peru": set[datetime.date]()}

# Per thousand vouchers. A voucher has one fate; those without one agree on both sides.
FATES = {
    "amount_differs": 1.5,
    "only_in_ledger": 4.0,
    "only_in_settlement": 2.0,
    "paid_twice": 0.8,
    "paid_thrice": 0.1,
    "repeated_in_ledger": 0.5,
    "currency_differs": 0.2,
    "ledger_amount_invalid": 0.05,
    "ledger_amount_inexact": 0.05,
    "ledger_date_invalid": 0.05,
    "ledger_reference_missing": 0.05,
    "settlement_reference_missing": 0.05,
}
# An Asobancaria file has no date in its details, and its totals must tie: only Peru gets these.
PERU_FATES = {
    "settlement_amount_invalid": 0.05,
    "settlement_date_invalid": 0.05,
    "settlement_currency_unknown": 0.05,
    "settlement_ignored": 3.0,
}

NAMES = (
    "Sofía Peña",
    "Iván Ñústez",
    'Núñez, Ana "Nana"',
    "Luz Dary Ríos",
    "José Quispe",
    "Mía Salas",
    "Raúl Ortiz",
    "Eva Cano",
)
COUNTERS = ("Agente", "Banca por internet", "Bodega", "Cajero")


@dataclass
class Answer:
    """What a reconciliation of one country must say."""

    layout: str
    key: list[str]
    ledger: list[str] = field(default_factory=list)
    settlement: list[str] = field(default_factory=list)
    rows: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # (bucket, currency, side) -> rows
    minor: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # the same -> minor units of two decimals
    rejects: Counter[tuple[str, str]] = field(default_factory=Counter)  # (side, reason) -> rows
    ignored: Counter[str] = field(default_factory=Counter)  # side -> rows
    planted: dict[str, list[str]] = field(default_factory=dict)  # bucket -> references of its breaks, one for each break

    def add(self, bucket: str, side: str, currency: str, minor: int) -> None:
        self.rows[bucket, currency, side] += 1
        self.minor[bucket, currency, side] += minor

    def plant(self, bucket: str, reference: str) -> None:
        self.planted.setdefault(bucket, []).append(reference)

    def to_dict(self) -> dict[str, Any]:
        summary = [
            {
                "bucket": bucket,
                "currency": currency,
                "ledger_rows": self.rows[bucket, currency, "ledger"],
                "settlement_rows": self.rows[bucket, currency, "settlement"],
                "ledger_amount": decimal_text(self.minor[bucket, currency, "ledger"]),
                "settlement_amount": decimal_text(self.minor[bucket, currency, "settlement"]),
            }
            for bucket, currency in sorted({(bucket, currency) for bucket, currency, _ in self.rows})
        ]
        rejects = [{"side": side, "reason": reason, "rows": rows} for (side, reason), rows in sorted(self.rejects.items())]
        return {
            "layout": self.layout,
            "key": self.key,
            "ledger": self.ledger,
            "settlement": self.settlement,
            "summary": summary,
            "rejects": rejects,
            "ignored": {side: self.ignored[side] for side in ("ledger", "settlement")},
            "planted": {bucket: sorted(references) for bucket, references in sorted(self.planted.items())},
        }


@dataclass
class Voucher:
    """One voucher as the shop issued it. ``day`` counts from 0 in MONTH."""

    reference: str
    minor: int
    currency: str
    day: int
    fate: str = ""


@dataclass
class Written:
    """One row as a side writes it; ``fault`` names what is wrong with it, when something is."""

    reference: str
    minor: int
    currency: str
    day: int
    fault: str = ""


# --- check digits -----------------------------------------------------------------------------------------------------------------


def nit_check_digit(nit: str) -> int:
    """The check digit of a Colombian tax number given without it (modulus 11, prime weights from the right)."""
    weights = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
    rest = sum(int(digit) * weight for digit, weight in zip(reversed(nit), weights, strict=False)) % 11
    return rest if rest < 2 else 11 - rest


def ean13_check_digit(code: str) -> int:
    """The check digit of an EAN-13 given by its first twelve digits."""
    return -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10


def decimal_text(minor: int) -> str:
    """Minor units of a two-decimal currency as plain text: -1234 is "-12.34"."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


# --- vouchers and their fates -----------------------------------------------------------------------------------------------------


def settlement_day(day: int, country: str) -> int:
    """The first business day from ``day`` on: cash taken on a weekend is reported on the Monday."""
    while MONTH[day].weekday() > 4 or MONTH[day] in HOLIDAYS[country]:
        day += 1
    return day


def deal_fates(vouchers: Sequence[Voucher], shares: dict[str, float], rng: random.Random) -> None:
    """Gives every fate to its share of the vouchers, at least two each, none to the same voucher."""
    counts = {fate: max(2, round(len(vouchers) * share / 1000)) for fate, share in shares.items()}
    chosen = iter(rng.sample(range(len(vouchers)), sum(counts.values())))
    for fate, count in counts.items():
        for _ in range(count):
            vouchers[next(chosen)].fate = fate


def other_amount(minor: int, rng: random.Random) -> int:
    """A wrong amount as tills produce it: a peso or a cent off, a digit too many, or something else."""
    return rng.choice((minor + 1, minor + 100, minor * 10, minor - min(minor // 2, 5_000), minor + 5_000))


def play_plain(voucher: Voucher, answer: Answer, ledger: list[Written], settlement: list[Written]) -> None:
    """A voucher on which both sides agree."""
    row = Written(voucher.reference, voucher.minor, voucher.currency, voucher.day)
    ledger.append(row)
    settlement.append(row)
    answer.add("matched", "ledger", voucher.currency, voucher.minor)
    answer.add("matched", "settlement", voucher.currency, voucher.minor)


def play_one_sided(voucher: Voucher, side: str, fault: str, answer: Answer, sides: dict[str, list[Written]]) -> None:
    """A row that stands on ``side`` alone, because the other side has none or (``fault``) one that cannot be read."""
    bucket = f"only_in_{side}"
    row = (voucher.reference, voucher.minor, voucher.currency, voucher.day)
    sides[side].append(Written(*row))
    answer.add(bucket, side, voucher.currency, voucher.minor)
    answer.plant(bucket, voucher.reference)
    if not fault:
        return
    other = "ledger" if side == "settlement" else "settlement"
    sides[other].append(Written(*row, fault))
    if fault == "ignored":
        answer.ignored[other] += 1
    else:
        answer.rejects[other, fault] += 1


def play_difference(voucher: Voucher, answer: Answer, sides: dict[str, list[Written]], rng: random.Random) -> None:
    """One row on each side, which do not say the same."""
    paid, paid_in, booked_in = voucher.minor, voucher.currency, voucher.currency
    if voucher.fate == "amount_differs":
        paid = other_amount(paid, rng)
    elif voucher.currency == "COP":
        booked_in = "USD"  # a collector in Colombia reports pesos whatever the ledger says
    else:
        paid_in = "USD" if paid_in == "PEN" else "PEN"
    sides["ledger"].append(Written(voucher.reference, voucher.minor, booked_in, voucher.day))
    sides["settlement"].append(Written(voucher.reference, paid, paid_in, voucher.day))
    answer.add(voucher.fate, "ledger", booked_in, voucher.minor)
    answer.add(voucher.fate, "settlement", paid_in, paid)
    answer.plant(voucher.fate, voucher.reference)


def play_again(voucher: Voucher, answer: Answer, sides: dict[str, list[Written]], rng: random.Random) -> None:
    """A voucher that agrees, and stands once or twice more on one side."""
    side = "ledger" if voucher.fate == "repeated_in_ledger" else "settlement"
    play_plain(voucher, answer, sides["ledger"], sides["settlement"])
    for _ in range(2 if voucher.fate == "paid_thrice" else 1):
        day = rng.randrange(voucher.day, len(MONTH))
        sides[side].append(Written(voucher.reference, voucher.minor, voucher.currency, day))
        bucket = "repeated_in_ledger" if side == "ledger" else "paid_twice"
        answer.add(bucket, side, voucher.currency, voucher.minor)
        answer.plant(bucket, voucher.reference)


def play(vouchers: Iterable[Voucher], answer: Answer, rng: random.Random) -> tuple[list[Written], list[Written]]:
    """Turns vouchers and fates into the rows of both sides, and writes down what they must become."""
    ledger: list[Written] = []
    settlement: list[Written] = []
    sides = {"ledger": ledger, "settlement": settlement}
    for voucher in vouchers:
        fate = voucher.fate
        if not fate:
            play_plain(voucher, answer, ledger, settlement)
        elif fate in ("amount_differs", "currency_differs"):
            play_difference(voucher, answer, sides, rng)
        elif fate in ("paid_twice", "paid_thrice", "repeated_in_ledger"):
            play_again(voucher, answer, sides, rng)
        elif fate.startswith("only_in_"):
            play_one_sided(voucher, fate.removeprefix("only_in_"), "", answer, sides)
        elif fate.startswith("ledger_"):
            play_one_sided(voucher, "settlement", fate.removeprefix("ledger_"), answer, sides)
        else:
            play_one_sided(voucher, "ledger", fate.removeprefix("settlement_"), answer, sides)
    ledger.sort(key=lambda row: row.day)
    rng.shuffle(settlement)
    return ledger, settlement


# --- files ------------------------------------------------------------------------------------------------------------------------


def write_ledger(path: Path, rows: Iterable[Written], rng: random.Random) -> None:
    """The shop's own list, in the plain layout with two columns that nobody asked for."""
    names = ['"' + name.replace('"', '""') + '"' if "," in name else name for name in NAMES]
    dates = [day.isoformat() for day in MONTH]
    lines = ["reference,amount,currency,date,customer,order\n"]
    order, pick = 70_000, rng.random
    for row in rows:
        order += 1
        amount, date, reference = f"{row.minor // 100}.{row.minor % 100:02}", dates[row.day], row.reference
        if row.fault:
            reference = "" if row.fault == "reference_missing" else reference
            date = "2026-02-30" if row.fault == "date_invalid" else date
            amount = {"amount_invalid": "1E5", "amount_inexact": amount + "5"}.get(row.fault, amount)
        lines.append(f"{reference},{amount},{row.currency},{date},{names[int(pick() * len(names))]},{order}\n")
    path.write_text("".join(lines), encoding="utf-8", newline="")


def by_file_day(rows: Iterable[Written], country: str) -> list[tuple[datetime.date, list[Written]]]:
    """Settlement rows under the business day whose file carries them, in order of day."""
    carried_by = [settlement_day(day, country) for day in range(len(MONTH))]
    days: dict[int, list[Written]] = {}
    for row in rows:
        days.setdefault(carried_by[row.day], []).append(row)
    return [(MONTH[day], days[day]) for day in sorted(days)]


# Two agreements of one made-up merchant; the collecting entity is nobody's code.
NIT = "901555777"
SERVICES = ("770999800101", "770999800202")


def asobancaria_lines(day: datetime.date, rows: Sequence[Written]) -> list[str]:
    """One Asobancaria 2001 collection file: two lots (one when there is a single row), each with its control, then the file's."""
    filed = day + datetime.timedelta(days=1)
    header = f"01{NIT}{nit_check_digit(NIT)}{day:%Y%m%d}899{42_017_733:017}{filed:%Y%m%d}0213A01"
    lines = [header.ljust(162)]
    half = (len(rows) + 1) // 2
    for lot, details in enumerate((rows[:half], rows[half:]), start=1):
        if not details:
            continue
        service = SERVICES[lot - 1]
        lines.append(f"05{service}{ean13_check_digit(service)}{lot:04}".ljust(162))
        blanks = " " * 65
        for sequence, row in enumerate(details, start=2):
            reference = "" if row.fault else row.reference
            lines.append(f"06{reference.rjust(48, '0')}{row.minor:014}0101000000000000999{lot:04}{sequence:07}000{blanks}")
        lines.append(f"08{len(details):09}{sum(row.minor for row in details):018}{lot:04}".ljust(162))
    lines.append(f"09{len(rows):09}{sum(row.minor for row in rows):018}".ljust(162))
    return lines


PERU_LAYOUT = """\
# What this month's Peruvian files look like. A layout of your own is a file like this one.
name = "pagoefectivo-ventas"
title = "PagoEfectivo (Peru): look-alike export of sales, one file a day"
kind = "delimited"
encoding = "utf-8"

[about]
status = "unverified"
source = "python -m cuadre.sandbox.month"
notes = "In these exports \\"Cancelada\\" means that the voucher was paid. Unpaid ones are counted and passed over."

[delimited]
separator = ";"
header = true

[row_type]
at = "Estado"
rows = ["Cancelada"]
ignored = ["Expirada"]

[reference]
at = "CIP"

[amount]
at = "Monto"
decimal_mark = "."

[currency]
at = "Moneda"

[date]
at = "Fec.Cancelación"
form = "DD/MM/YYYY hh:mm:ss"
"""


def peru_lines(rows: Sequence[Written], rng: random.Random) -> list[str]:
    """One delimited file: header with accents, decimal point, times of Lima."""
    lines = ["CIP;Nro.Ord.Comercio;Moneda;Monto;Estado;Fec.Cancelación;Canal"]
    pick = rng.random
    for number, row in enumerate(rows, start=1):
        second = int(pick() * 57_600)
        reference, currency, state = row.reference, row.currency, "Cancelada"
        amount = f"{row.minor // 100}.{row.minor % 100:02}"
        date = f"{row.day + 1:02}/03/2026"
        if row.fault:
            reference = "" if row.fault == "reference_missing" else reference
            amount = "1.5E+15" if row.fault == "amount_invalid" else amount
            date = "31/02/2026" if row.fault == "date_invalid" else date
            currency = "SOL" if row.fault == "currency_unknown" else currency
            state = "Expirada" if row.fault == "ignored" else state
        moment = f"{7 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        lines.append(f"{reference};P-{number:06};{currency};{amount};{state};{date} {moment};{COUNTERS[second % 4]}")
    return lines


def make_colombia(folder: Path, count: int, rng: random.Random) -> Answer:
    answer = Answer("asobancaria-2001-recaudo", ["strip_left_zeros"])
    days, pick = len(MONTH), rng.random
    # Whole pesos in steps of 50, which is the smallest coin; references of 12 digits that never start with a zero.
    vouchers = [
        Voucher(str(100_000_000_000 + number * 7_919), 5_000 * (200 + int(pick() * 11_800)), "COP", int(pick() * days))
        for number in range(count)
    ]
    deal_fates(vouchers, FATES, rng)
    ledger, settlement = play(vouchers, answer, rng)
    (folder / "colombia").mkdir(parents=True, exist_ok=True)
    answer.ledger.append("colombia/ledger.csv")
    write_ledger(folder / answer.ledger[0], ledger, rng)
    for day, rows in by_file_day(settlement, "colombia"):
        name = f"colombia/RECAUDO_{day:%Y%m%d}.txt"
        answer.settlement.append(name)
        text = "\r\n".join([*asobancaria_lines(day, rows), ""])
        (folder / name).write_text(text, encoding="latin-1", newline="")
    return answer


def make_peru(folder: Path, count: int, rng: random.Random) -> Answer:
    answer = Answer("peru/pagoefectivo-ventas.toml", [])
    days, pick = len(MONTH), rng.random
    # A CIP is text: one in ten starts with zeros, which count.
    vouchers = [
        Voucher(
            f"{number * 977 + 1_201:09}",
            1_000 + int(pick() * 89_000),
            "USD" if pick() < 0.1 else "PEN",
            int(pick() * days),
        )
        for number in range(count)
    ]
    deal_fates(vouchers, FATES | PERU_FATES, rng)
    ledger, settlement = play(vouchers, answer, rng)
    (folder / "peru").mkdir(parents=True, exist_ok=True)
    (folder / answer.layout).write_text(PERU_LAYOUT, encoding="utf-8", newline="")
    answer.ledger.append("peru/ledger.csv")
    write_ledger(folder / answer.ledger[0], ledger, rng)
    for day, rows in by_file_day(settlement, "peru"):
        name = f"peru/ventas-{day:%Y%m%d}.csv"
        answer.settlement.append(name)
        (folder / name).write_text("\n".join([*peru_lines(rows, rng), ""]), encoding="utf-8", newline="")
    return answer


def make_month(folder: str | Path, vouchers: int = VOUCHERS, seed: int = 2026) -> dict[str, Any]:
    """Writes the month below ``folder`` and returns what it also writes to ``expected.json``.

    ``vouchers`` is the number of both countries together (two thirds Colombian), at least 300 so that every fate finds room.
    The same arguments give the same bytes on every machine. Raises ValueError for fewer vouchers, OSError when it cannot write.
    """
    if vouchers < 300:
        raise ValueError("a month needs at least 300 vouchers to hold every kind of break")
    folder = Path(folder)
    colombia = vouchers * 2 // 3
    countries = {
        "colombia": make_colombia(folder, colombia, random.Random(f"colombia {seed}")),
        "peru": make_peru(folder, vouchers - colombia, random.Random(f"peru {seed}")),
    }
    expected = {
        "seed": seed,
        "vouchers": vouchers,
        "as_of": (MONTH[-1] + datetime.timedelta(days=1)).isoformat(),
        "countries": {name: answer.to_dict() for name, answer in countries.items()},
    }
    (folder / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return expected


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m cuadre.sandbox.month", description="Makes a month of look-alike data.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--vouchers", type=int, default=VOUCHERS)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args(arguments)
    try:
        expected = make_month(options.folder, options.vouchers, options.seed)
    except ValueError as problem:
        parser.error(str(problem))
    files = sum(len(country["ledger"]) + len(country["settlement"]) for country in expected["countries"].values())
    print(f"{options.vouchers:,} vouchers in {files} files below {options.folder}; the answer is in expected.json")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
