"""Input that means harm, or was merely mangled on its way: a clear error or a located reject, in bounded memory, every time."""

from __future__ import annotations

import csv
import datetime
import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cuadre
from cuadre import errors, settlement

HEADER = b"reference,amount,currency,date\n"
PLAIN = {
    "kind": "delimited",
    "reference": {"at": "reference"},
    "amount": {"at": "amount"},
    "currency": {"at": "currency"},
}


@pytest.fixture
def write(tmp_path):
    def run(content: bytes, name: str = "file.csv") -> str:
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return run


def changed(**sections):
    """The plain layout with some keys of some sections changed."""
    layout = {key: dict(value) if isinstance(value, dict) else value for key, value in PLAIN.items()}
    for section, value in sections.items():
        layout[section] = {**layout.get(section, {}), **value} if isinstance(value, dict) else value
    return layout


def limited(code: str, *arguments: str, memory_mb: int, seconds: int = 60) -> dict:
    """Runs Python code that prints one line of JSON, with so much address space, and adds its peak of real memory."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))

    # Not ru_maxrss, which a child inherits from the process that started it.
    tail = "\nimport json\nout['peak_mb'] = int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) >> 10\nprint(json.dumps(out))"
    done = subprocess.run(
        [sys.executable, "-c", code + tail, *arguments], capture_output=True, text=True, preexec_fn=limit, timeout=seconds
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# ---- heads


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b'reference,amount,currency,"date\nA1,1,COP,\n', errors.LayoutMismatchError, "a quote in the header row never closes"),
        (b'reference,amount,currency,"date"x\nA1,1,COP,\n', errors.LayoutMismatchError, "text after a closing quote"),
        (b"reference,amount,currency,da\0te\nA1,1,COP,\n", errors.EncodingUnsupportedError, "NUL bytes in the header row"),
        (HEADER.decode().encode("utf-16-le"), errors.EncodingUnsupportedError, "UTF-16"),
        (HEADER.decode().encode("utf-16"), errors.EncodingUnsupportedError, "UTF-16"),
        (b"\n" + HEADER + b"A1,1,COP,\n", errors.LayoutMismatchError, "the header row is empty"),
        (b"\xef\xbb\xbf", errors.FileEmptyError, "ends before its header row"),
        (b"referencia\xff,amount,currency\n", errors.EncodingUnsupportedError, "declare its encoding"),
        (b"reference,amount,currency," + b"x" * (1 << 20) + b"\nA,1,COP,\n", errors.LayoutMismatchError, "longer than 1048576"),
        (b"reference,amount,amount,currency\nA,1,1,COP\n", errors.ColumnRepeatedError, '"amount" stands twice'),
    ],
)
def test_headers_that_are_none(write, content, error, message):
    path = write(content)
    with pytest.raises(error, match=re.escape(message)) as caught:
        settlement.read(path)
    assert caught.value.file == path and caught.value.line == 1


def test_a_hundred_thousand_columns_take_no_time(write):
    names = b",".join(b"c%d" % i for i in range(100_000))
    path = write(b"reference,amount,currency," + names + b"\nA,1,COP" + b"," * 100_000 + b"\n")
    started = time.monotonic()
    assert len(settlement.read(path).rows) == 1
    assert time.monotonic() - started < 5


def test_a_name_of_a_megabyte_is_not_kept_a_thousand_times(write):
    path = write(b"reference,amount,currency," + b"n" * 900_000 + b"\n" + b"A,1,COP,\xff\n" * 1000)
    reject = settlement.read(path).rejects.to_dicts()[999]
    assert reject["reason"] == "encoding_invalid" and reject["field"] == "n" * 128


@pytest.mark.parametrize("header", [True, False])
def test_lines_above_the_header_may_be_many_and_long(write, header):
    layout = changed(delimited={"skip_rows": 50_000, "header": header})
    if not header:
        layout |= {"reference": {"at": 1}, "amount": {"at": 2}, "currency": {"at": 3}}
    above = b"y" * 3_000_000 + b"\r\n" + b"# a comment line\r" * 49_999
    reading = settlement.read(write(above + (b"reference,amount,currency\n" if header else b"") + b"A,1,COP\n"), layout=layout)
    assert [row[7] for row in reading.rows.rows()] == [50_001 + header] and not len(reading.rejects)
    with pytest.raises(errors.FileEmptyError, match="ends within the 50000 lines"):
        settlement.read(write(above[:-30]), layout=layout)


# ---- long things, in little memory


def test_one_line_of_four_gigabytes(tmp_path):
    path = tmp_path / "line.csv"
    with path.open("wb") as file:  # sparse: nothing but NUL bytes behind the header
        file.write(HEADER)
        file.truncate(4 << 30)
    code = (
        "import sys; from cuadre import settlement\nr = settlement.read(sys.argv[1], threads=2)\nout = r.rejects.to_dicts()[0]"
    )
    out = limited(code, str(path), memory_mb=700, seconds=120)
    assert (out["reason"], out["line"], out["offset_bytes"]) == ("record_too_long", 2, len(HEADER))
    assert out["peak_mb"] < 200


@pytest.mark.parametrize("piece", [b"x", b",", b'"x,\n', b'"'])
def test_one_record_of_a_hundred_megabytes(tmp_path, piece):
    path = tmp_path / "line.csv"
    with path.open("wb") as file:
        file.write(HEADER + b"A1,1,COP,\n" + (b'"' if piece == b'"x,\n' else b""))
        for _ in range(100):
            file.write((b"x,\n" if piece == b'"x,\n' else piece) * (1_000_000 // len(piece)))
    code = (
        "import sys; from cuadre import settlement\nr = settlement.read(sys.argv[1], threads=2)\n"
        "out = {'rows': len(r.rows), 'reasons': [x['reason'] for x in r.rejects.to_dicts()]}"
    )
    out = limited(code, str(path), memory_mb=700)
    assert out["rows"] == 1 and out["reasons"] == ["record_too_long"] and out["peak_mb"] < 200


def test_a_million_rejects_are_too_many(tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_bytes(HEADER + b"A,x,COP,\n" * 1_050_000)
    code = (
        "import sys; from cuadre import errors, settlement\n"
        "try: settlement.read(sys.argv[1])\nexcept errors.RejectsExceededError as e: out = {'line': e.line}"
    )
    out = limited(code, str(path), memory_mb=1500)
    assert out["line"] == 2 and out["peak_mb"] < 400


def test_raw_text_is_bounded_after_escaping(write):
    reading = settlement.read(write(HEADER + b"A,x,COP," + b"\x01" * 600 + b"\n" + b"B,x,COP," + "ñ".encode() * 600 + b"\n"))
    escaped, plain = reading.rejects.to_dicts()
    assert escaped["raw_text"].endswith("\\x01") and len(escaped["raw_text"]) <= 512 and escaped["length_bytes"] == 608
    assert plain["raw_text"].endswith("ñ") and 510 <= len(plain["raw_text"].encode()) <= 512


# ---- references


def test_equal_references_are_not_quadratic(write):
    ours = write(HEADER + b"".join(b"SAME-REFERENCE-01,%d,COP,\n" % i for i in range(100_000)), "ours.csv")
    theirs = write(HEADER + b"".join(b"SAME-REFERENCE-01,%d,COP,\n" % i for i in range(99_999, 199_999)), "theirs.csv")
    started = time.monotonic()
    summary = {line["bucket"]: line for line in cuadre.reconcile(ours, theirs).summary.to_dicts()}
    assert time.monotonic() - started < 10
    assert {bucket: (line["ledger_rows"], line["settlement_rows"]) for bucket, line in summary.items()} == {
        "matched": (1, 1),
        "paid_twice": (0, 99_999),
        "repeated_in_ledger": (99_999, 0),
    }


def test_references_chosen_to_collide(write):
    """Keys whose differences vanish in the low bits of xor, shift and one multiplication, whatever the seed."""
    bits = [bit for bit in range(44, 63) if bit % 8 != 7 and (bit - 31) % 8 != 7]
    base = int.from_bytes(b"AAAAAAAA", "little")
    keys = []
    for choice in range(1 << len(bits)):
        high = sum(1 << bit for i, bit in enumerate(bits) if choice >> i & 1)
        text = (base ^ high ^ (high >> 31) ^ (high >> 62)).to_bytes(8, "little")
        if all(32 < byte < 127 and byte not in b'",' for byte in text):
            keys.append(text)
    path = write(HEADER + b"".join(key + b"%02d,1,COP,\n" % i for i in range(10) for key in keys))
    started = time.monotonic()
    assert cuadre.reconcile(path, path).balanced
    assert time.monotonic() - started < 5


# ---- files that change


@pytest.mark.parametrize("change", ["truncate", "empty", "append", "rewrite"])
def test_a_file_that_changes_while_it_is_read(write, change):
    path = write(HEADER + b"".join(b"REF-%015d,1.00,COP,2026-01-01\n" % i for i in range(400_000)))

    def run(done: int, total: int) -> None:
        return None

    def meddle() -> None:
        time.sleep(0.004)
        if change in ("truncate", "empty"):
            os.truncate(path, 1000 if change == "truncate" else 0)
        else:
            with open(path, "ab" if change == "append" else "r+b") as file:
                file.write(b"Z" * 5000)

    thread = threading.Thread(target=meddle)
    thread.start()
    try:
        reading = settlement.read(path, threads=1, progress=run)
    except (errors.FileChangedError, errors.FileEmptyError, errors.ColumnMissingError):
        pass
    else:
        assert len(reading.rows) == 400_000  # read before anything happened
    finally:
        thread.join()


@pytest.mark.parametrize("change", [b"2.00", b"x.00"])
def test_matches_notice_what_a_time_stamp_hides(write, change):
    content = HEADER + b"".join(b"R%05d,1.00,COP,\n" % i for i in range(100))
    ours, theirs = write(content, "ours.csv"), write(content, "theirs.csv")
    result = cuadre.reconcile(ours, theirs)
    stamp = os.stat(theirs)
    with open(theirs, "r+b") as file:
        file.write(content.replace(b"1.00", change))
    os.utime(theirs, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with pytest.raises(errors.FileChangedError):
        result.matches.rows()


def test_a_file_replaced_after_the_match_is_read_from_where_it_was(write):
    content = HEADER + b"".join(b"R%05d,1.00,COP,\n" % i for i in range(100))
    ours, theirs = write(content, "ours.csv"), write(content, "theirs.csv")
    result = cuadre.reconcile(ours, theirs)
    os.replace(write(HEADER + b"X,9,COP,\n", "new.csv"), theirs)
    assert len(result.matches) == 100 and result.matches.rows(99)[0][0] == "R00099"


# ---- layouts


@pytest.mark.parametrize(
    "layout",
    [
        changed(delimited={"separator": "\0"}),
        changed(delimited={"quote": "\n"}),
        changed(delimited={"quote": "\r"}),
        changed(amount={"grouping": "1"}),
        changed(amount={"grouping": "-"}),
        changed(amount={"symbols": ["-"]}),
        changed(amount={"symbols": ["$", ""]}),
        changed(amount={"symbols": ["1"]}),
        changed(amount={"direction": {"at": "date", "debit": ["x"], "credit": ["x"]}}),
        changed(reference={"at": "\udcff"}),
        changed(empty=["\udcff"]),
        changed(date={"at": "date", "form": "[" * 100_000}),
        changed(date={"at": "date", "form": "YYYY-MM-DD" + "x" * 100_000}),
        changed(record_bytes_max=1 << 40),
        changed(encoding="utf-16"),
    ],
    ids=lambda layout: str({k: v for k, v in layout.items() if PLAIN.get(k) != v})[:50].encode("ascii", "replace").decode(),
)
def test_layouts_that_would_misread(write, layout):
    with pytest.raises(errors.LayoutInvalidError) as caught:
        settlement.read(write(HEADER + b"A,1,COP,\n"), layout=layout)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "toml",
    [
        b"a." * 40_000 + b"b = 1",
        b"a = " + b"9" * 4090,
        b"a = " + b"[\n" * 20_000,
        b"a={" * 3000,
        b"\xff",
        b"\0",
        b"# x\n" * 100_000,
    ],
)
def test_hostile_toml(write, toml):
    path = write(toml, "layout.toml")
    with pytest.raises(errors.LayoutInvalidError) as caught:
        settlement.Layout.load(path)
    assert caught.value.file == path


def test_a_layout_is_a_regular_file(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    for name in ("pipe.toml", "zero.toml"):
        with pytest.raises(errors.FileUnreadableError, match="not a regular file"):
            settlement.Layout.load(tmp_path / name)


# ---- JSON, and fixed widths

JSON = {"kind": "json", "reference": {"at": "r"}, "amount": {"at": "a"}, "currency": {"default": "COP"}}


@pytest.mark.parametrize("content", [b"[" * 3_000_000, b"[" + b'{"r":' * 1_000_000, b'[{"r":"x","a":1}]x', b'[{"r":"x","a":1}'])
def test_json_that_is_none(write, content):
    with pytest.raises(errors.JsonMalformedError) as caught:
        settlement.read(write(content), layout=JSON)
    assert caught.value.line == 1 and caught.value.offset_bytes is not None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"1e5", "amount_invalid"),
        (b"1E999999999", "amount_invalid"),
        (b"92233720368547758.08", "amount_overflow"),
        (b"-92233720368547758.09", "amount_overflow"),
        (b"0.001", "amount_inexact"),
        (b"1" * 2_000_000, "record_too_long"),
        (b"null", "amount_missing"),
        (b'"1", "r": "y"', "json_key_repeated"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_json_amounts(write, value, reason):
    reading = settlement.read(write(b'[{"r":"good","a":-92233720368547758.08},{"r":"x","a":' + value + b"}]"), layout=JSON)
    assert [row[1] for row in reading.rows.rows()] == [Decimal("-92233720368547758.08")]
    assert [item["reason"] for item in reading.rejects.to_dicts()] == [reason]


def test_json_reference_numbers_stay_as_written(write):
    numbers = ["1e5", "1.0", "0", "-7", "12345678901234567890123456789012345678901234567890", "1E+2", "0.10"]
    reading = settlement.read(write(b"[%s]" % b",".join(b'{"r":%s,"a":1}' % n.encode() for n in numbers)), layout=JSON)
    assert [row[0] for row in reading.rows.rows()] == numbers


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "windows-1252"])
def test_an_accent_never_shifts_an_amount(write, encoding):
    layout = {
        "kind": "fixed",
        "encoding": encoding,
        "fixed": {"unit": "characters", "records": [{"role": "detail", "length": 16}]},
        "reference": {"at": [1, 8]},
        "amount": {"at": [9, 8], "implied_decimals": 2},
        "currency": {"default": "COP"},
        "trim": True,
    }
    references = ["MUÑOZ001", "ñññññññá", "PLAIN001", "ÑU"]
    text = "".join(f"{reference:<8}{number:08}\n" for number, reference in enumerate(references, 12345))
    reading = settlement.read(write(text.encode(encoding)), layout=layout)
    assert [row[:2] for row in reading.rows.rows()] == [
        (reference, Decimal(number).scaleb(-2)) for number, reference in enumerate(references, 12345)
    ]


# ---- the command line


def test_the_command_line_never_shows_a_traceback(tmp_path):
    ok = tmp_path / "ok.csv"
    ok.write_bytes(HEADER + b"A,1,COP,\n")
    bad = tmp_path / "bad.csv"
    bad.write_bytes(bytes(range(256)) * 40)
    latin = os.fsencode(tmp_path) + b"/mov\xf1.csv"
    with open(latin, "wb") as file:
        file.write(HEADER + b"A,1,COP,\n")
    calls: list[list[str | bytes]] = [
        ["inspect", str(bad)],
        ["inspect", latin],
        ["inspect", "/dev/zero"],
        ["inspect", str(ok), "--threads", "-1"],
        ["inspect", str(ok), "--threads", "99999999999999999999"],
        ["inspect", str(ok), "--layout", str(tmp_path)],
        ["inspect", str(ok), "--column", b"reference=\xff"],
        ["inspect", str(ok), "--currency", b"\xff"],
        ["inspect", str(ok), "--column", "reference=" + "9" * 5000],
        ["reconcile", str(ok), latin],
        ["reconcile", str(ok), str(ok), "--out", "/proc/none/report.html"],
        ["reconcile", str(ok), str(ok), "--out", str(tmp_path)],
        ["reconcile", str(ok), str(ok), "--out", str(ok / "x.html")],
        ["reconcile", str(ok), str(ok), "--csv", str(ok)],
        ["reconcile", str(ok), str(ok), "--as-of", "2026-02-30"],
        ["layouts", "show", b"\xff"],
        ["layouts", "show", str(bad)],
    ]
    for call in calls:
        done = subprocess.run(
            [sys.executable, "-m", "cuadre", *call], capture_output=True, timeout=30, env={**os.environ, "PYTHONUTF8": "1"}
        )
        assert b"Traceback" not in done.stderr, (call, done.stderr)
        assert done.returncode == 2, (call, done)
        assert done.stderr.strip(), call


# ---- exactness, against a plain twin

UNITS = {"COP": 2, "CLP": 0, "KWD": 3}


def amount_of(text: str, currency: str, mark: str, grouping: str, sign: str) -> Decimal | str:
    """The value of one amount, or the reason why it has none."""
    negative = False
    if not text:
        return "amount_missing"
    if sign == "front" and text[0] in "+-":
        negative, text = text[0] == "-", text[1:]
    elif sign == "behind" and text[-1] in "+-":
        negative, text = text[-1] == "-", text[:-1]
    elif sign == "brackets" and text[0] == "(":
        if text[-1] != ")":
            return "amount_invalid"
        negative, text = True, text[1:-1]
    whole, point, decimals = text.partition(mark)
    if (point and not re.fullmatch("[0-9]+", decimals)) or not re.fullmatch(
        rf"[0-9]+|[0-9]{{1,3}}({re.escape(grouping)}[0-9]{{3}})+" if grouping else "[0-9]+", whole
    ):
        return "amount_invalid"
    value = Decimal((whole.replace(grouping, "") if grouping else whole) + "." + (decimals or "0"))
    minor = value * 10 ** UNITS[currency] * (-1 if negative else 1)
    if not -(2**63) <= int(minor) < 2**63:
        return "amount_overflow"
    if minor != int(minor):
        return "amount_inexact"
    return minor.scaleb(-UNITS[currency])


AMOUNTS = st.one_of(
    st.from_regex(r"[-+(]?[0-9]{1,4}([.,][0-9]{3}){0,3}([.,][0-9]{1,4})?[-+)]?", fullmatch=True),
    st.from_regex(r"-?[0-9]{15,20}([.,][0-9]{2})?", fullmatch=True),
    st.sampled_from(
        ["", "-", "NaN", "1E5", "1,234.56", "1.234,56", "0", "8.95000", "8.951", "()", "(1", "1)", "١", " 1", "--1"]
    ),
    st.sampled_from(
        ["92233720368547758.07", "-92233720368547758.08", "92233720368547758.08", "0x10", "1_000", "0" * 30 + "1.10"]
    ),
)
REFERENCES = st.text(st.sampled_from('AZ09ñÑ€ ",;\n\r\t-'), max_size=12)
DATES = st.sampled_from(
    ["", "2026-02-28", "2026-02-29", "2024-02-29", "2026-13-01", "2026-1-1", "1899-12-31", "2199-12-31", "x"]
)
ROWS = st.lists(st.tuples(REFERENCES, AMOUNTS, st.sampled_from(["COP", "CLP", "KWD", "ZZZ", ""]), DATES), max_size=8)


def day_of(text: str) -> datetime.date | str | None:
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    return day if day and 1900 <= day.year < 2200 else "date_invalid"


def twin(reference: str, amount: str, currency: str, date: str, mark: str, grouping: str, sign: str) -> tuple | str:
    if not reference:
        return "reference_missing"
    if currency not in UNITS:
        return "currency_unknown" if currency else "currency_missing"
    value = amount_of(amount, currency, mark, grouping, sign)
    day = day_of(date)
    return value if isinstance(value, str) else day if isinstance(day, str) else (reference, value, currency, day)


def quoted(cell: str, separator: str) -> str:
    """As RFC 4180 says; the csv module leaves a lone CR bare."""
    return '"' + cell.replace('"', '""') + '"' if any(letter in cell for letter in separator + '"\r\n') else cell


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    style=st.sampled_from([(".", ""), (".", ","), (",", "."), (",", ""), (".", "'")]),
    sign=st.sampled_from(["front", "behind", "brackets", "none"]),
    separator=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "windows-1252", "latin-1"]),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_random_files_agree_with_the_twin(tmp_path, rows, style, sign, separator, encoding, line_end):
    mark, grouping = style
    if encoding == "latin-1":
        rows = [tuple(cell.replace("€", "¤").replace("١", "x") for cell in row) for row in rows]
    if encoding == "windows-1252":
        rows = [tuple(cell.replace("١", "x") for cell in row) for row in rows]
    lines = [("reference", "amount", "currency", "date"), *rows]
    text = "".join(separator.join(quoted(cell, separator) for cell in line) + line_end for line in lines)
    path = tmp_path / "random.csv"
    path.write_bytes(text.encode(encoding))
    layout = changed(
        encoding=encoding,
        delimited={"separator": separator},
        amount={"decimal_mark": mark, "grouping": grouping, "sign": sign},
        date={"at": "date", "form": "YYYY-MM-DD"},
    )
    expected = [twin(*row, mark, grouping, sign) for row in rows]
    reading = settlement.read(path, layout=layout)
    assert [row[:4] for row in reading.rows.rows()] == [item for item in expected if not isinstance(item, str)]
    assert [item["reason"] for item in reading.rejects.to_dicts()] == [item for item in expected if isinstance(item, str)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(AMOUNTS, AMOUNTS, st.sampled_from(["DB", "CR", "", "?"])), min_size=1, max_size=8),
    negate=st.booleans(),
    split=st.booleans(),
)
def test_debit_credit_and_direction_agree_with_the_twin(tmp_path, rows, negate, split):
    path = Path(tmp_path / "signs.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("reference", "a", "b", "way"), *((f"R{i}", *row) for i, row in enumerate(rows))])
    amount: dict = {"sign": "front", "negate": negate}
    amount |= (
        {"debit": "a", "credit": "b"} if split else {"at": "a", "direction": {"at": "way", "debit": ["DB"], "credit": ["CR"]}}
    )
    layout = {
        "kind": "delimited",
        "reference": {"at": "reference"},
        "amount": amount,
        "currency": {"default": "COP"},
        "empty": ["-"],
    }

    def value(first: str, second: str, way: str) -> Decimal | str:
        first, second = ("" if cell == "-" else cell for cell in (first, second))
        if split:
            if not first and not second:
                return "amount_missing"
            credit = amount_of(second, "COP", ".", "", "front") if second else Decimal(0)
            debit = amount_of(first, "COP", ".", "", "front") if first else Decimal(0)
            if isinstance(credit, str) or isinstance(debit, str):
                return credit if isinstance(credit, str) else debit
            if debit < 0:  # a minus among the debits is not taken off twice: the layout has to say `signed`
                return "sign_invalid"
            result = credit - debit
            turn = negate
        else:
            read = amount_of(first, "COP", ".", "", "front")
            if isinstance(read, str):
                return read
            if way not in ("DB", "CR"):
                return "sign_invalid"
            result, turn = read, negate != (way == "DB")
        if not -(2**63) <= int(result * 100) < 2**63:
            return "amount_overflow"
        result = -result if turn else result
        return result if -(2**63) <= int(result * 100) < 2**63 else "amount_overflow"

    expected = [value(*row) for row in rows]
    reading = settlement.read(path, layout=layout)
    assert [row[1] for row in reading.rows.rows()] == [item for item in expected if not isinstance(item, str)]
    assert [item["reason"] for item in reading.rejects.to_dicts()] == [item for item in expected if isinstance(item, str)]


def test_no_memory_no_threads_and_no_room(tmp_path):
    path = tmp_path / "ok.csv"
    path.write_bytes(HEADER + b"".join(b"R%06d,1,COP,\n" % i for i in range(400_000)))

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))

    def run(*arguments: str, **how) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "cuadre", *arguments]
        return subprocess.run(command, stderr=subprocess.PIPE, timeout=60, **how)

    few = run("inspect", str(path), "--threads", "512", stdout=subprocess.PIPE, preexec_fn=limit)
    assert few.returncode in (0, 2) and b"Traceback" not in few.stderr
    with open("/dev/full", "wb") as full:
        done = run("layouts", stdout=full)
    assert done.returncode == 2 and done.stderr == b"cuadre: No space left on device\n"
