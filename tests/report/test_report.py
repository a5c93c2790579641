"""The report: exact figures and inert text in the page's own source, and the page itself in a real Chromium.

Hostile text goes through every field; the proof that it stays text is that no script of it ran, no dialog opened and nothing was
asked of the network.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import os
import re
import time
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import cuadre
import places
from chromium import BINARY, Chromium
from cuadre import CuadreError, _core, report
from cuadre.report import data, figures, lists
from cuadre.report.words import WORDS

COLUMNS = {
    "summary": "bucket currency ledger_rows settlement_rows ledger_amount settlement_amount difference",
    "breaks": "code reference kind currency ledger_amount settlement_amount difference settlement_currency "
    "ledger_file ledger_line ledger_offset_bytes ledger_date settlement_file settlement_line settlement_offset_bytes "
    "settlement_date age_days sentence_en sentence_es",
    "rejects": "side file line offset_bytes column field reason reason_en reason_es length_bytes raw_text",
    "proof": "side what currency in_files in_buckets rejected ignored holds",
    "files": "side file size_bytes records rows rejects ignored checks_held checks_failed",
    "checks": "side file line name declared found holds",
}
HOSTILE = [
    "<script>window.ran = 1; alert(1)</script>",
    "</script><script>window.ran = 1</script>",
    '"><img src=x onerror="window.ran=1;alert(1)">',
    "'><svg onload=window.ran=1>",
    "</style><link rel=stylesheet href=http://evil.example/x.css>",
    "<!--<script>",
    "]]><!--",
    "{{constructor.constructor('window.ran=1')()}}",
    "javascript:window.ran=1",
    "http://evil.example/",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "__proto__",
    "constructor",
    "\u202egnp.exe\u202c",
    "A\x00B\tC\nD",
    "\ufeffzero\u200bwidth\u00a0blank",
    "\u2028\u2029",
    "\ud800",
    "\x01r\x01l",
    "$& $1 {0} \\u003c",
    "W" * 5000,
]


@dataclasses.dataclass
class Table:
    column_names: list[str]
    lines: list[tuple[Any, ...]]

    def rows(self, start: int = 0, stop: int | None = None) -> list[tuple[Any, ...]]:
        return self.lines[start:stop]


class Result:
    def __init__(self, balanced: bool = False, **tables: list[tuple[Any, ...]]) -> None:
        self.balanced = balanced
        self.key = ["strip_left_zeros"]
        for name, columns in COLUMNS.items():
            setattr(self, name, Table(columns.split(), tables.get(name, [])))


def a_break(
    code="amount_differs", reference="A-1", currency="COP", ours="1234567.50", theirs="1000.00", *, line=2, age=5, text=None
):
    ours, theirs = (None if amount is None else Decimal(amount) for amount in (ours, theirs))
    day = datetime.date(2026, 3, 1)
    english, spanish = text or (
        f"Reference {reference} stands at (l.csv, line {line}), with {currency} {figures.money(1, currency, 'en')}.",
        f"La referencia {reference} está en (l.csv, línea {line}), con {currency} {figures.money(1, currency, 'es')}.",
    )
    return (
        code, reference, "payment", currency, ours, theirs, (theirs or 0) - (ours or 0), None if theirs is None else currency,
        "in/l.csv", line, 40, day, None if theirs is None else "in/s.csv", None if theirs is None else line + 1, 80,
        None if theirs is None else day, age, english, spanish,
    )  # fmt: skip


def usual() -> Result:
    """Two currencies, several classes, a check that fails, a reject."""
    breaks = [
        a_break(reference="BIG", ours="90071992547409.93", theirs="0.01"),
        a_break(reference="BIGGER", ours="90071992547409.94", theirs="0.01"),
        a_break(reference="SMALL", ours="10.00", theirs="9.50", age=40),
        a_break("only_in_ledger", "CIP-7", "PEN", "1234.50", None, age=None),
        a_break("paid_twice", "ÑANDÚ 9", "PEN", None, "20.00", age=0),
    ]
    checks = [
        ("settlement", "in/s.csv", 9, "file count", "17", "116", False),
        ("settlement", "in/s.csv", 9, "file value", "1", "1", True),
    ]
    return Result(
        breaks=breaks,
        checks=checks,
        summary=[
            ("matched", "COP", 3, 3, Decimal("30.00"), Decimal("30.00"), Decimal("0.00")),
            ("only_in_ledger", "PEN", 1, 0, Decimal("1234.50"), Decimal(0), Decimal("-1234.50")),
        ],
        proof=[
            ("ledger", "rows", None, Decimal("9.00"), Decimal("8.00"), 1, 0, True),
            ("ledger", "money", "COP", Decimal("30.00"), Decimal("30.00"), 0, 0, True),
        ],
        files=[("ledger", "in/l.csv", 1000, 9, 8, 1, 0, 0, 0), ("settlement", "in/s.csv", 2000, 9, 9, 0, 0, 1, 1)],
        rejects=[
            ("ledger", "in/l.csv", 7, 99, 2, "amount", "amount_invalid", "not an amount", "no es un valor", 9, "X;1.2,3"),
            ("ledger", "in/l.csv", 8, 120, None, "", "nul_byte", "a NUL byte", "un byte NUL", 4, "\\x00"),
        ],
    )


def hostile(texts: list[str]) -> Result:
    breaks, rejects, checks, files = [], [], [], []
    for text in texts:
        row = list(a_break(reference=text, text=(text, text)))
        row[8] = row[12] = text
        row[2] = text
        breaks.append(tuple(row))
        rejects.append((*("ledger", text), 1, 1, 1, text, text, text, text, len(text), text))
        checks.append(("ledger", text, 1, text, text, text, False))
        files.append(("ledger", text, 1, 1, 1, 0, 0, 0, 0))
    found = Result(breaks=breaks, rejects=rejects, checks=checks, files=files)
    found.key = texts[:3]
    return found


def script_json(page: str) -> Any:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


# ---- the page's source


def test_money_is_exact_and_grouped_by_currency():
    assert figures.money(figures.minor_of(Decimal("1234567.5"), 2), "COP", "es") == "1.234.567,50"
    assert figures.money(figures.minor_of(Decimal("1234567.5"), 2), "COP", "en") == "1,234,567.50"
    assert figures.money(figures.minor_of(Decimal("1234.50"), 2), "PEN", "es") == "1,234.50"
    assert figures.money(figures.minor_of(Decimal("-99999999999999999999999999999999999.99"), 2), "COP", "en").endswith(
        ",999.99"
    )
    assert figures.money(-5, "KWD", "en") == "-0.005"
    assert figures.money(1234, "CLP", "es") == "1.234"
    for value in (1.5, True, "1"):
        with pytest.raises(CuadreError) as caught:
            figures.minor_of(value, 2)
        assert caught.value.code == "float_refused"
    with pytest.raises(CuadreError) as caught:
        figures.minor_of(Decimal("0.001"), 2)
    assert caught.value.code == "amount_inexact"


@pytest.mark.parametrize(
    ("days", "age"), [(-2, 0), (0, 0), (3, 0), (4, 1), (7, 1), (8, 2), (30, 2), (31, 3), (9999, 3), (None, 4)]
)
def test_age_classes(days, age):
    assert data.age_class(days) == age


def test_amounts_beyond_2_to_the_53_travel_as_text():
    rows = script_json(report.render(usual()))["lists"][0]["rows"]
    assert [row[4] for row in rows[:3]] == ["9007199254740993", "9007199254740994", 1000]


def test_policy_names_our_two_blocks_and_nothing_else():
    page = report.render(usual())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and "unsafe" not in policy
    assert len(re.findall("<script", page)) == 2 and len(re.findall("<style", page)) == 1
    assert not re.search(
        r"""\s(?:src|href|action|style|on\w+)\s*=""", re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    )


def test_same_result_same_page():
    assert report.render(usual()) == report.render(usual())
    assert "2026-04-01 08:30" in report.render(usual(), generated_at=datetime.datetime(2026, 4, 1, 8, 30))


def test_language_is_one_of_two():
    assert '<html lang="en">' in report.render(usual(), language="en")
    with pytest.raises(CuadreError) as caught:
        report.render(usual(), language="pt")
    assert caught.value.code == "argument_invalid"


def test_sentences_of_another_make_stay_as_they_are():
    rows = [a_break(reference=text, text=(f"{text} {{reference}}", text * 3)) for text in HOSTILE]
    found = data.gather(Result(breaks=rows))
    assert [tuple(row[18:]) for row in found.breaks] == found.sentences == [(row[18], row[17]) for row in rows]


OURS = [
    ("SHORT", "1234567.50", "COP"), ("BEYOND", "10.00", "PEN"), ("CURRENCY", "5.00", "USD"), ("MINE", "7000", "CLP"),
    ("OWED", "-3.00", "PEN"), ("TWICE {kind}", "1.00", "PEN"), ("BACK", "2.00", "PEN"), ("<b>AGAIN", "0.500", "KWD"),
    ("<b>AGAIN", "0.500", "KWD"), ("ELSEWHERE", "4.00", "PEN"),
]  # fmt: skip
THEIRS = [
    ("SHORT", "1000.00", "COP"), ("BEYOND", "10.50", "PEN"), ("CURRENCY", "5.00", "COP"), ("YOURS", "0.01", "PEN"),
    ("TAKEN", "-9.00", "PEN"), ("TWICE {kind}", "1.00", "PEN"), ("TWICE {kind}", "1.00", "PEN"), ("BACK", "2.00", "PEN"),
    ("BACK", "-2.00", "PEN"), ("<b>AGAIN", "0.500", "KWD"), ("ELSEWHERE", "4.00", "USD"), ("ELSEWHERE", "4.01", "COP"),
    ("UNDONE", "8.00", "PEN", "reversal"),
]  # fmt: skip


def every_form(copies: int = 1) -> Any:
    """A real reconciliation with every form that a sentence takes, amounts that the row itself does not have among them."""

    def table(rows: list[tuple[str, ...]]) -> pa.Table:
        rows = [(f"{row[0]} {n}", *row[1:], "payment")[:4] for n in range(copies) for row in rows]
        return pa.table(dict(zip(("reference", "amount", "currency", "kind"), map(list, zip(*rows, strict=True)), strict=True)))

    return cuadre.reconcile(table(OURS), table(THEIRS), key="trim")


def test_a_row_has_the_form_of_its_sentence_and_no_text():
    result = every_form()
    found = data.gather(result)
    assert {row[18] for row in found.breaks} == set(range(len(_core.sentence_forms())))
    assert found.sentences == [(item["sentence_es"], item["sentence_en"]) for item in result.breaks.to_dicts()]
    assert all(
        "{" in text and "{compared}" not in text for pattern in found.patterns for text in (pattern["es"], pattern["en"])
    )


def test_hostile_text_is_only_ever_text():
    class Tags(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found = set()

        def handle_starttag(self, tag, attrs):
            self.found.add(tag)

    page = report.render(hostile(HOSTILE), title=HOSTILE[0], generated_at=HOSTILE[2])
    parser = Tags()
    parser.feed(re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL))
    assert not {"img", "svg", "link", "script", "iframe", "a", "object"} & parser.found
    assert "<script>window" not in page
    assert not re.search("[\u202a-\u202e\u2028\u2029\x00]", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL))
    rows = script_json(page)["lists"][0]["rows"]
    assert [row[1] for row in rows] == HOSTILE


def test_bounds_are_said(monkeypatch):
    monkeypatch.setattr(data, "BREAKS_MAX", 3)
    page = report.render(usual(), language="en")
    assert "The page lists the first 3 of 5 rows" in page
    assert "<strong>5</strong> breaks" in page  # what is counted is not bounded


def test_write_is_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "r.html"
    path.write_text("before")
    for where in (tmp_path, tmp_path / "none" / "r.html"):
        with pytest.raises(CuadreError) as caught:
            report.write(usual(), where)
        assert caught.value.code == "file_unwritable"

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CuadreError, match="No space left"):
            report.write(usual(), path)
    assert path.read_text() == "before" and os.listdir(tmp_path) == ["r.html"]
    assert report.write(usual(), path) == path
    assert path.read_text(encoding="utf-8") == report.render(usual()) and os.listdir(tmp_path) == ["r.html"]


def test_words_have_both_languages_and_the_same_places():
    for name, (spanish, english) in WORDS.items():
        assert spanish and english, name
        assert re.findall(r"\{\d\}", spanish) == re.findall(r"\{\d\}", english), name


# ---- the page in a browser

browser_needed = pytest.mark.skipif(BINARY is None, reason="needs Debian's chromium")
VISIBLE = "document.querySelector('#list-{} tbody').innerText"
REFERENCES = "[...document.querySelectorAll('#list-breaks tbody td.text')].map(cell => cell.innerText)"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    found = Chromium(tmp_path_factory.mktemp("profile"))
    found.call("Emulation.setDeviceMetricsOverride", width=1440, height=1000, deviceScaleFactor=1, mobile=False)
    yield found
    found.close()


def show(browser: Chromium, folder: Path, result: Any, *, scripts: bool = True, **how: Any) -> None:
    browser.open(report.write(result, folder / "report.html", **how), scripts=scripts)
    if scripts:
        wait(browser, "document.documentElement.classList.contains('alive')")


def wait(browser: Chromium, condition: str, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s  # a guard against a hang, no measure
    while not browser.run(condition):
        assert time.monotonic() < deadline, condition
        time.sleep(0.02)


def search(browser: Chromium, text: str, name: str = "breaks") -> None:
    browser.run(
        f"""(async () => {{ const box = document.querySelector('#list-{name} input[type=search]'); box.value = {json.dumps(text)};
        box.dispatchEvent(new Event('input')); await new Promise(done => setTimeout(done, 400)); }})()"""
    )


def sort(browser: Chromium, heading: int, name: str = "breaks") -> None:
    browser.run(f"document.querySelectorAll('#list-{name} thead button')[{heading}].click()")


def asked(browser: Chromium) -> list[str]:
    """What the page did that an inert page does not: requests, dialogs, violations of its own policy, failing scripts."""
    found = []
    for event in browser.events:
        about = event["params"]
        request = about.get("request", {}).get("url", "")
        if event["method"] == "Network.requestWillBeSent" and not request.endswith("/report.html"):
            found.append(request)
        if event["method"] in ("Page.javascriptDialogOpening", "Runtime.exceptionThrown", "Log.entryAdded", "Page.windowOpen"):
            found.append(str(about)[:900])
    return found


@browser_needed
def test_browser_sorts_amounts_exactly(browser, tmp_path):
    show(browser, tmp_path, usual())
    sort(browser, 3)
    assert browser.run(REFERENCES) == ["BIGGER", "BIG", "SMALL", "CIP-7", "ÑANDÚ 9"]  # a cent apart, beyond doubles
    heading = "document.querySelectorAll('#list-breaks thead th')[3].getAttribute('aria-sort')"
    assert browser.run(heading) == "descending"
    sort(browser, 3)
    assert browser.run(REFERENCES) == ["SMALL", "BIG", "BIGGER", "CIP-7", "ÑANDÚ 9"]  # currencies apart, empty last
    assert browser.run(heading) == "ascending"
    sort(browser, 1)
    assert browser.run(REFERENCES)[:3] == ["BIG", "BIGGER", "CIP-7"]
    assert asked(browser) == []


@browser_needed
def test_browser_searches_and_filters(browser, tmp_path):
    show(browser, tmp_path, usual())
    for text, expected in [
        ("bigg", ["BIGGER"]),
        ("nandu", ["ÑANDÚ 9"]),
        ("1,234.50", ["CIP-7"]),
        ("1234.5", ["CIP-7"]),
        ("paid twice", ["ÑANDÚ 9"]),
        ("pagado pen", ["ÑANDÚ 9"]),
        ("nothing like it", []),
    ]:
        search(browser, text)
        assert browser.run(REFERENCES) == expected, text
    assert "Nada coincide" in browser.run(VISIBLE.format("breaks"))
    search(browser, "")
    browser.run(
        "{ const pick = document.querySelectorAll('#list-breaks select')[1]; pick.value = '1'; pick.dispatchEvent(new Event('change')) }"
    )
    assert browser.run(REFERENCES) == ["CIP-7", "ÑANDÚ 9"]
    assert "1,234.50" in browser.run("document.querySelector('#list-breaks tfoot').innerText")
    assert "2 de 2 (de 5 en total)" in browser.run("document.querySelector('#list-breaks .status').innerText")


@browser_needed
def test_browser_switches_language(browser, tmp_path):
    show(browser, tmp_path, usual())
    assert "No cuadra" in browser.run("document.querySelector('#verdict').innerText")
    assert "90.071.992.547.409,93" in browser.run(VISIBLE.format("breaks"))
    browser.run("document.querySelector('#in-en').click()")
    text = browser.run("document.body.innerText")
    assert "Does not balance" in text and "No cuadra" not in text and "Diferencias" not in text
    assert "90,071,992,547,409.93" in browser.run(VISIBLE.format("breaks"))
    assert browser.run("document.documentElement.lang") == "en"
    assert browser.run("document.querySelector('#list-breaks input').placeholder").startswith("Reference")


@browser_needed
def test_browser_explains_a_break(browser, tmp_path):
    show(browser, tmp_path, usual(), language="en")
    browser.run("document.querySelector('#list-breaks .more button').click()")
    detail = browser.run("document.querySelector('#list-breaks tr.detail').innerText")
    assert "Reference BIG stands at (l.csv, line 2)" in detail and "in/s.csv:3 (byte 80)" in detail
    browser.run("document.querySelector('#list-breaks .more button').click()")
    assert browser.run("document.querySelectorAll('#list-breaks tr.detail').length") == 0
    browser.run("document.querySelector('.explain').click()")
    assert browser.run("document.querySelectorAll('#list-breaks tr.detail').length") == 5


@browser_needed
@pytest.mark.parametrize("language", ["es", "en"])
def test_browser_fills_sentences_as_the_core_does(browser, tmp_path, language):
    result = every_form(copies=lists.PAGE_ROWS // 10)
    show(browser, tmp_path, result, language=language)
    browser.run("document.querySelector('.explain').click()")
    found = []
    for _ in range(len(result.breaks) // lists.PAGE_ROWS + 1):
        found += browser.run("[...document.querySelectorAll('#list-breaks tr.detail p')].map(each => each.textContent)")
        browser.run("document.querySelectorAll('#list-breaks .pages .next:enabled').forEach(button => button.click())")
    assert len(found) > lists.PAGE_ROWS  # beyond those that stand in the page as they are
    assert found == [item[f"sentence_{language}"] for item in result.breaks.to_dicts()]


@browser_needed
@pytest.mark.parametrize("language", ["es", "en"])
def test_browser_without_scripts_shows_the_same(browser, tmp_path, language):
    texts = (
        "[...document.querySelectorAll('table.rows tbody tr:not(.detail)')].map(row => row.innerText.replace(/…/g, '').trim())"
    )
    totals = "document.querySelector('#list-breaks tfoot').innerText"
    show(browser, tmp_path, usual(), language=language)
    alive = browser.run(texts), browser.run(totals)
    show(browser, tmp_path, usual(), scripts=False, language=language)
    # the tools evaluate in a world of their own, so that the page's own scripts stay off
    assert (browser.run(texts), browser.run(totals)) == alive
    assert "Reference BIG stands" in browser.run("document.body.textContent")
    assert not browser.run("document.documentElement.classList.contains('alive')")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


@browser_needed
@pytest.mark.parametrize("source", ["own", "blns"])
def test_browser_keeps_hostile_text_inert(browser, tmp_path, source):
    blns = ("conformance", "blns", "blns.json")
    texts = HOSTILE if source == "own" else json.loads(places.data(*blns).read_text(encoding="utf-8"))
    show(browser, tmp_path, hostile(texts), title=HOSTILE[0], generated_at=HOSTILE[2])
    for name in ("breaks", "rejects", "checks", "files"):
        browser.run(f"document.querySelectorAll('#list-{name} .more button').forEach(button => button.click())")
        for at in range(browser.run(f"document.querySelectorAll('#list-{name} thead button').length")):
            sort(browser, at, name)
    for text in texts[:12]:
        search(browser, text)
    search(browser, "")
    browser.run("document.querySelector('.explain').click()")
    for _ in range(len(texts) // lists.PAGE_ROWS):
        browser.run("document.querySelectorAll('.pages .next:enabled').forEach(button => button.click())")
    browser.run("document.querySelector('#in-en').click()")
    browser.pdf()
    assert asked(browser) == []
    assert browser.run("window.ran") is None
    assert browser.run("document.querySelectorAll('script').length") == 2
    assert browser.run("document.querySelectorAll('img, svg, link, iframe, object, a').length") == 0
    assert browser.run("document.documentElement.scrollWidth") <= 1440


@browser_needed
def test_alarm_rings(browser, tmp_path):
    """A page that does run and load must be noticed, or the test above proves nothing."""
    path = tmp_path / "report.html"
    path.write_text("<script>window.ran = 1; undefined_name()</script><img src='http://evil.example/x.png'>")
    browser.open(path)
    assert browser.run("window.ran") == 1
    found = " ".join(asked(browser))
    assert "evil.example" in found and "undefined_name" in found


@browser_needed
def test_browser_shows_control_signs(browser, tmp_path):
    show(browser, tmp_path, hostile(["\u202egnp.exe", "A\x00B"]))
    assert browser.run(REFERENCES) == ["U+202Egnp.exe", "AU+0000B"]


@browser_needed
def test_browser_prints_beyond_the_first_page(browser, tmp_path, monkeypatch):
    breaks = [a_break(reference=f"R{n:06}") for n in range(700)]
    show(browser, tmp_path, Result(breaks=breaks))
    printing = "window.dispatchEvent(new Event('{}'))"
    browser.run(printing.format("beforeprint"))
    assert len(browser.run(REFERENCES)) == 700
    browser.run(printing.format("afterprint"))
    assert len(browser.run(REFERENCES)) == lists.PAGE_ROWS
    assert browser.pdf().startswith(b"%PDF")
    monkeypatch.setattr(lists, "PRINT_ROWS", 500)
    show(browser, tmp_path, Result(breaks=breaks))
    browser.run(printing.format("beforeprint"))
    assert len(browser.run(REFERENCES)) == 500
    assert "las primeras 500 de 700" in browser.run("document.querySelector('.printed').innerText")


@browser_needed
def test_browser_bears_a_hundred_thousand_breaks(browser, tmp_path):
    count = 100_000
    codes = ("amount_differs", "only_in_ledger", "paid_twice")
    breaks = [
        a_break(
            codes[n % 3],
            f"1130{n * 7919 % count:012}",
            ("COP", "PEN")[n % 2],
            str(n * 104729 % 1000003),
            "7",
            line=n,
            age=n % 60,
        )
        for n in range(count)
    ]
    result = Result(breaks=breaks)
    forms = Table(["form", "named_amount", "named_currency"], [("not_settled", None, None)] * count)
    result.sentence_forms = lambda: (_core.sentence_forms(), forms)
    show(browser, tmp_path, result)
    assert (tmp_path / "report.html").stat().st_size < 20_000_000
    assert len(browser.run(REFERENCES)) == lists.PAGE_ROWS
    sort(browser, 3)
    shown = browser.run(REFERENCES)
    assert shown[0] == max((row for row in breaks if row[3] == "COP"), key=lambda row: row[4])[1]
    search(browser, breaks[4321][1])
    wait(browser, f"{REFERENCES}.length === 1")
    assert browser.run(REFERENCES) == [breaks[4321][1]]
    search(browser, "")
    wait(browser, f"{REFERENCES}.length === {lists.PAGE_ROWS}")
    browser.run("document.querySelector('#list-breaks .last').click()")
    assert "100.000 de 100.000" in browser.run("document.querySelector('#list-breaks .status').innerText")
    assert asked(browser) == []


@browser_needed
def test_phone_does_not_scroll_sideways(browser, tmp_path):
    browser.call("Emulation.setDeviceMetricsOverride", width=390, height=844, deviceScaleFactor=1, mobile=True)
    show(browser, tmp_path, usual())
    assert browser.run("document.documentElement.scrollWidth") <= 390
    browser.call("Emulation.setDeviceMetricsOverride", width=1440, height=1000, deviceScaleFactor=1, mobile=False)
