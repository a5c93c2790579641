"""The long tables of the page: what their columns are, and the first rows of each as plain HTML.

The first rows stand in the page for readers without JavaScript; page.js draws the same cells from the same arrays, and a test
compares the two. Both languages are written, and the style sheet shows one.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import repeat
from typing import Any

from cuadre import _core
from cuadre.report.data import AGE_STARTS, PAGE_ROWS, Gathered, base_name
from cuadre.report.figures import decimals_of, money, number, shown, visible
from cuadre.report.words import LANGUAGES, WORDS

PRINT_ROWS = 5_000  # what goes to paper at most: about a hundred sheets


@dataclass(frozen=True)
class Column:
    """One column: its heading, how its cells are drawn, where in the row arrays its value stands, and what else that needs.

    Kinds: word (index into a list of our own words), plain (index into a list of data), text, raw (monospaced), money
    (minor units; ``extra`` is where the currency stands), count, date, place (file and line), holds (0 or 1).
    """

    heading: str
    kind: str
    at: int
    extra: Any = None


@dataclass(frozen=True)
class Filter:
    everything: str
    at: int
    index: str  # which list, or "age"


@dataclass(frozen=True)
class Listing:
    name: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...]
    searched: bool = True


BREAKS = Listing(
    "breaks",
    (
        Column("class", "word", 0, "class"),
        Column("reference", "text", 1),
        Column("currency", "plain", 3, "currency"),
        Column("ledger", "money", 4, [3]),
        Column("settlement", "money", 5, [7, 3]),
        Column("difference", "money", 6, [3]),
        Column("date", "date", 16),
        Column("age", "count", 17),
        Column("in_ledger", "place", 8),
        Column("in_settlement", "place", 12),
    ),
    (Filter("all_classes", 0, "class"), Filter("all_currencies", 3, "currency"), Filter("all_ages", 17, "age")),
)
REJECTS = Listing(
    "rejects",
    (
        Column("side", "word", 0, "side"),
        Column("in_file", "place", 1),
        Column("reason", "word", 6, "reason"),
        Column("field", "text", 5),
        Column("column", "count", 4),
        Column("raw_text", "raw", 8),
    ),
    (Filter("all_sides", 0, "side"), Filter("all_reasons", 6, "reason")),
)
CHECKS = Listing(
    "checks",
    (
        Column("verdict", "holds", 6),
        Column("side", "word", 0, "side"),
        Column("in_file", "place", 1),
        Column("what", "text", 3),
        Column("declared", "raw", 4),
        Column("found", "raw", 5),
    ),
    (Filter("all_verdicts", 6, "holds"),),
)
FILES = Listing(
    "files",
    (
        Column("side", "word", 0, "side"),
        Column("file", "path", 1),
        Column("size", "count", 2),
        Column("records", "count", 3),
        Column("rows", "count", 4),
        Column("rejected", "count", 5),
        Column("ignored", "count", 6),
        Column("checks_held", "count", 7),
        Column("checks_failed", "bad", 8),
    ),
    (Filter("all_sides", 0, "side"),),
    searched=False,
)
LISTINGS = (BREAKS, REJECTS, CHECKS, FILES)

RIGHT = {"money", "count", "bad"}


def both(spanish: str, english: str) -> str:
    """HTML in both languages; once where they are the same."""
    return spanish if spanish == english else f'<span lang="es">{spanish}</span><span lang="en">{english}</span>'


def word(name: str, *values: int) -> str:
    """Words of the page in both languages; numbers in them are grouped as each language does."""
    spanish, english = WORDS[name]
    return both(
        escape(spanish.format(*(number(value, "es") for value in values))),
        escape(english.format(*(number(value, "en") for value in values))),
    )


def attributes(kind: str, name: str) -> str:
    """An attribute that page.js keeps in the page's language, for example a placeholder."""
    spanish, english = (escape(text) for text in WORDS[name])
    return f'{kind}="{spanish}" data-{kind}-es="{spanish}" data-{kind}-en="{english}"'


class Static:
    """Draws rows as HTML, in both languages."""

    def __init__(self, found: Gathered) -> None:
        self._texts = {name: index.texts for name, index in found.index.items()}
        self._reasons = {f"reason:{name}": words for name, words in found.reason_words.items()}

    def row(self, listing: Listing, row: list[Any], sentence: tuple[str, str] | None = None) -> str:
        cells = "".join(self._cell(column, row) for column in listing.columns)
        html = f'<tr role="row">{cells}<td role="cell" class="more"></td></tr>'
        if sentence:
            said = both(*(shown(text) for text in sentence))
            width = len(listing.columns) + 1
            html += f'<tr role="row" class="detail"><td role="cell" colspan="{width}"><p>{said}</p></td></tr>'
        return html

    def _cell(self, column: Column, row: list[Any]) -> str:
        value = row[column.at]
        heading = "".join(f' data-{lang}="{escape(text)}"' for lang, text in zip(LANGUAGES, WORDS[column.heading], strict=True))
        start = f'<td role="cell" class="{column.kind}"{heading}'
        if value is None or value == "":
            return start + "></td>"
        html, title = getattr(self, f"_{column.kind}")(column, value, row)
        return start + (f' title="{escape(visible(title))}"' if title else "") + f">{html}</td>"

    def _word(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        return self.words(self._texts[column.extra][value]), ""

    def words(self, name: str) -> str:
        known = self._reasons.get(name) or WORDS.get(name)
        return both(*(shown(text) for text in known)) if known else shown(name)

    def _plain(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        return shown(self._texts[column.extra][value]), ""

    def _text(self, column: Column, value: str, row: list[Any]) -> tuple[str, str]:
        return shown(value), value

    def _raw(self, column: Column, value: str, row: list[Any]) -> tuple[str, str]:
        return shown(value), value

    def _path(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        return shown(self._texts["file"][value]), self._texts["file"][value]

    def _money(self, column: Column, value: int | str, row: list[Any]) -> tuple[str, str]:
        currencies = self._texts["currency"]
        at = next(row[place] for place in column.extra if row[place] is not None)
        before = "" if at == row[3] else f'<span class="unit">{escape(currencies[at])}</span> '
        spanish, english = (money(int(value), currencies[at], language) for language in LANGUAGES)
        return before + both(spanish, english), ""

    def _count(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        return both(number(value, "es"), number(value, "en")), ""

    def _bad(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        text = both(number(value, "es"), number(value, "en"))
        return (f'<strong class="no">{text}</strong>' if value else text), ""

    def _date(self, column: Column, value: str, row: list[Any]) -> tuple[str, str]:
        return escape(value), ""

    def _place(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        path = self._texts["file"][value]
        line = row[column.at + 1]
        return (
            f"{shown(base_name(path))}<span class=line>:{line}</span>" if line else shown(base_name(path)),
            f"{path}:{line}" if line else path,
        )

    def _holds(self, column: Column, value: int, row: list[Any]) -> tuple[str, str]:
        return verdict(bool(value)), ""


def verdict(holds: bool) -> str:
    sign, name, kind = ("✓", "agrees", "yes") if holds else ("✗", "disagrees", "no")
    return f'<span class="{kind}"><span aria-hidden="true">{sign}</span> {word(name)}</span>'


def listing_html(listing: Listing, found: Gathered) -> str:
    """The table with its tools (shown by page.js) and its first rows."""
    rows: list[list[Any]] = getattr(found, listing.name)
    total = found.counts[listing.name]
    static = Static(found)
    head = "".join(
        f'<th role="columnheader" scope="col" class="{column.kind}">{word(column.heading)}</th>' for column in listing.columns
    )
    sentences = found.sentences if listing is BREAKS else repeat(None)
    body = "".join(static.row(listing, row, said) for row, said in zip(rows[:PAGE_ROWS], sentences, strict=False))
    notes = ""
    if total > len(rows):
        notes += f'<p class="note">{word("listed", len(rows), total)}</p>'
    if total > PAGE_ROWS:
        notes += f'<p class="note static">{word("static", PAGE_ROWS, total)}</p>'
    return (
        f'<div class="list" id="list-{listing.name}">{notes}{_tools(listing, total)}'
        f'<p class="note printed" hidden></p><div class="scroll" tabindex="0" role="region" {attributes("aria-label", listing.name)}>'
        f'<table role="table" class="rows {listing.name}"><thead role="rowgroup"><tr role="row">{head}'
        f'<th role="columnheader" scope="col" class="more"><span class="aside">{word("details")}</span></th></tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody>{_sums(listing, found)}</table></div>'
        f'<nav class="pages" hidden {attributes("aria-label", listing.name)}></nav></div>'
    )


def _tools(listing: Listing, total: int) -> str:
    if total < 2:
        return ""
    search = ""
    if listing.searched:
        search = (
            f'<label><span class="aside">{word("search")}</span><input type="search" autocomplete="off" spellcheck="false" '
            f"{attributes('placeholder', 'search_in')}></label>"
        )
    filters = "".join(f"<select {attributes('aria-label', item.everything)}></select>" for item in listing.filters)
    explain = ""
    if listing is BREAKS:
        explain = f'<label class="check"><input type="checkbox" class="explain"> {word("explain")}</label>'
    return f'<div class="tools" hidden>{search}{filters}{explain}<p class="status" role="status"></p></div>'


def _sums(listing: Listing, found: Gathered) -> str:
    if listing is not BREAKS:
        return ""
    rows = ""
    for currency, (count, *amounts) in sorted(found.sums.items()):
        cells = "".join(
            f'<td role="cell" class="money">{both(*(money(amount, currency, language) for language in LANGUAGES))}</td>'
            for amount in amounts
        )
        rows += (
            f'<tr role="row"><th role="rowheader" scope="row" colspan="2">{word("totals_of", count) if count else word("total")}</th>'
            f'<td role="cell">{escape(currency)}</td>{cells}<td role="cell" colspan="5"></td></tr>'
        )
    return f'<tfoot role="rowgroup">{rows}</tfoot>'


def script_data(found: Gathered, language: str) -> dict[str, Any]:
    """What page.js reads."""
    words = {**WORDS, **{f"reason:{name}": said for name, said in found.reason_words.items()}}
    return {
        "language": language,
        "words": words,
        "currencies": [
            [code, decimals_of(code), int(_core.decimal_comma(code, "es"))] for code in found.index["currency"].texts
        ],
        "texts": {name: index.texts for name, index in found.index.items()},
        "patterns": {language: [pattern[language] for pattern in found.patterns] for language in LANGUAGES},
        "ages": AGE_STARTS,
        "page_rows": PAGE_ROWS,
        "print_rows": PRINT_ROWS,
        "lists": [
            {
                "name": listing.name,
                "columns": [[column.heading, column.kind, column.at, column.extra] for column in listing.columns],
                "filters": [[item.everything, item.at, item.index] for item in listing.filters],
                "total": found.counts[listing.name],
                "rows": getattr(found, listing.name),
            }
            for listing in LISTINGS
        ],
    }
