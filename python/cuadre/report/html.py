"""Writes the report: one page, complete in itself, that runs nothing but its own two blocks and loads nothing.

Totals, proof and ages are plain HTML, as are the first rows of each long table; ``page.js`` sorts, searches and turns pages.
Data enters as escaped text or as JSON that is parsed, never as markup, script, style or address.
"""

from __future__ import annotations

import base64
import datetime
import errno
import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from cuadre import errors
from cuadre.report.data import NO_AGE, Gathered, gather, records, to_json
from cuadre.report.figures import decimals_of, minor_of, money, number, shown, visible
from cuadre.report.lists import BREAKS, CHECKS, FILES, REJECTS, Static, both, listing_html, script_data, verdict, word
from cuadre.report.words import CLASSES, LANGUAGES, WORDS

__all__ = ["render", "write"]

_HERE = Path(__file__).parent


def render(
    result: Any,
    *,
    title: str | None = None,
    language: str = "es",
    generated_at: datetime.datetime | datetime.date | str | None = None,
) -> str:
    """The report as the text of one HTML page.

    Args:
        result: a ``Reconciliation``, or anything with its tables ``summary``, ``breaks``, ``rejects``, ``proof``, ``files`` and
            ``checks``, and ``balanced`` and ``key``.
        title: heading of the page; when None, "Conciliación" or "Reconciliation".
        language: ``es`` or ``en``: what the page opens in. It holds both, with a switch.
        generated_at: shown as it is when given. No clock is read: the same result gives the same page, byte for byte.

    Raises:
        CuadreError: ``argument_invalid`` for another language; ``float_refused`` for an amount that is a float.
    """
    if language not in LANGUAGES:
        raise errors.ArgumentInvalidError(f"the report is written in es or en, not {language!r}")
    return "".join(_parts(result, title, language, generated_at))


def write(
    result: Any,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    language: str = "es",
    generated_at: datetime.datetime | datetime.date | str | None = None,
) -> Path:
    """Writes the report and returns where it is: whole or not at all, whatever stood there before. Arguments as ``render``.

    Raises:
        CuadreError: ``file_unwritable``, and what ``render`` raises.
    """
    page = render(result, title=title, language=language, generated_at=generated_at).encode("utf-8", "backslashreplace")
    where = Path(path)
    temporary = where.parent / f".cuadre-{os.urandom(8).hex()}.part"  # beside it: a rename must not cross file systems
    try:
        try:
            if where.is_dir():
                raise IsADirectoryError(errno.EISDIR, "is a folder")
            with open(temporary, "xb") as file:
                file.write(page)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, where)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise errors.FileUnwritableError(error.strerror or "cannot be written", file=str(where)) from None
    return where


def _parts(result: Any, title: str | None, language: str, generated_at: Any) -> Iterator[str]:
    found = gather(result)
    summary, proof = list(records(result.summary)), list(records(result.proof))
    holds = all(line["holds"] for line in proof)
    css, script = ((_HERE / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    yield _head(title or WORDS["title"][LANGUAGES.index(language)], language, css, script)
    yield _masthead(result, title, language, generated_at)
    yield _verdict(result.balanced, holds, summary, found)
    yield "<main>"
    yield from _summary(summary, proof)
    yield _proof(proof, holds)
    yield _ageing(found)
    yield _section("breaks", "", listing_html(BREAKS, found) if found.breaks else f"<p>{word('no_breaks')}</p>")
    yield _section("rejects", *_rejects(found))
    yield _section("files", "", listing_html(FILES, found))
    if found.checks:
        yield _section("checks", word("checks_are"), listing_html(CHECKS, found))
    yield f'</main><footer class="end"><p>{word("folds")}</p></footer>'
    yield f'<script type="application/json" id="data">{to_json(script_data(found, language))}</script>'
    yield f"<script>{script}</script></body></html>\n"


def _head(title: str, language: str, css: str, script: str) -> str:
    def source(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    policy = (
        f"default-src 'none'; script-src {source(script)}; style-src {source(css)}; base-uri 'none'; form-action 'none'; "
        "object-src 'none'"
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">'
        '<meta name="color-scheme" content="light"><meta name="robots" content="noindex">'
        f"<title>{escape(visible(title))}</title><style>{css}</style></head><body>"
    )


def _masthead(result: Any, title: str | None, language: str, generated_at: Any) -> str:
    facts = []
    if (as_of := getattr(result, "as_of", None)) is not None:
        facts.append((word("as_of"), shown(str(as_of))))
    steps = list(result.key) or ["as_written"]
    compared = both(*(", ".join(WORDS[step][at] if step in WORDS else escape(step) for step in steps) for at in (0, 1)))
    facts.append((word("compared"), compared))
    layouts = [getattr(getattr(result, name, None), "name", None) for name in ("ledger_layout", "layout")]
    if all(layouts):
        facts.append((word("layouts"), " · ".join(shown(str(name)) for name in layouts)))
    if generated_at is not None:
        text = generated_at.isoformat(" ") if isinstance(generated_at, datetime.datetime) else str(generated_at)
        facts.append((word("generated"), shown(text)))
    switch = "".join(
        f'<label><input type="radio" name="language" id="in-{code}" value="{code}"{" checked" if code == language else ""}>'
        f"<span>{name}</span></label>"
        for code, name in (("es", "Español"), ("en", "English"))
    )
    return (
        f'<header class="top"><div><p class="brand">cuadre</p><h1>{shown(title) if title else word("title")}</h1><dl class="facts">'
        + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
        + f'</dl></div><fieldset class="switch"><legend class="aside">{word("language")}</legend>{switch}</fieldset></header>'
    )


def _counted(count: int, name: str) -> str:
    text = WORDS[f"{name}_one" if count == 1 else f"{name}_many"]
    return both(*(f"<strong>{number(count, code)}</strong> {text[at]}" for at, code in enumerate(LANGUAGES)))


def _verdict(balanced: bool, holds: bool, summary: list[dict[str, Any]], found: Gathered) -> str:
    matched = sum(line["ledger_rows"] for line in summary if line["bucket"] == "matched")
    worth: dict[str, int] = defaultdict(int)
    for (currency, _, _), (_, amount) in found.ages.items():
        worth[currency] += amount
    parts = [_counted(matched, "match")]
    breaks = _counted(found.counts["breaks"], "break")
    if worth:
        sums = both(
            *(
                f" {WORDS['and'][at]} ".join(
                    f'<strong class="figure">{escape(currency)} {money(amount, currency, code)}</strong>'
                    for currency, amount in sorted(worth.items())
                )
                for at, code in enumerate(LANGUAGES)
            )
        )
        breaks += f" {word('worth')} {sums}"
    parts.append(breaks)
    if found.counts["rejects"]:
        parts.append(_counted(found.counts["rejects"], "reject"))
    if found.failed:
        parts.append(_counted(found.failed, "failed"))
    name = "proof_failed" if not holds else "balanced" if balanced else "unbalanced"
    return (
        f'<section class="verdict {"yes" if name == "balanced" else "no"}" id="verdict"><h2>{word(name)}</h2>'
        f'<p class="counts">{" · ".join(f"<span>{part}</span>" for part in parts)}</p>'
        f"<p>{word('proof_holds' if holds else 'proof_breaks')}</p></section>"
    )


def _section(name: str, note: str, body: str) -> str:
    about = f'<p class="note">{note}</p>' if note else ""
    return f'<section id="{name}"><h2>{word(name)}</h2>{about}{body}</section>'


def _cells(*values: int | None) -> str:
    return "".join(
        f'<td class="count">{"" if value is None else both(number(value, "es"), number(value, "en"))}</td>' for value in values
    )


def _money(minor: int, currency: str) -> str:
    return f'<td class="money">{both(*(money(minor, currency, language) for language in LANGUAGES))}</td>'


_SUMMARY_HEAD = (
    "<thead><tr><th scope=col rowspan=2>{class}</th><th scope=colgroup colspan=2 class=group>{ledger}</th>"
    "<th scope=colgroup colspan=2 class=group>{settlement}</th><th scope=col rowspan=2 class=money>{difference}</th></tr>"
    "<tr><th scope=col class=count>{rows}</th><th scope=col class=money>{amount}</th>"
    "<th scope=col class=count>{rows}</th><th scope=col class=money>{amount}</th></tr></thead>"
)


def _summary(summary: list[dict[str, Any]], proof: list[dict[str, Any]]) -> Iterator[str]:
    """A table for each currency: its classes, their sum, and the files' own sum below, so that a reader can add them up."""
    yield f'<section id="summary"><h2>{word("by_class")}</h2><p class="note">{word("difference_is")}</p>'
    names = ("class", "ledger", "settlement", "difference", "rows", "amount")
    head = _SUMMARY_HEAD.format(**{name: word(name) for name in names})
    in_files = {(line["side"], line["currency"]): line for line in proof if line["what"] == "money"}
    for currency in sorted({line["currency"] for line in summary} | {currency for _, currency in in_files}):
        lines = [line for line in summary if line["currency"] == currency]
        lines.sort(key=lambda line: CLASSES.index(line["bucket"]))
        yield f'<div class="scroll" tabindex="0"><table class="sums"><caption>{escape(currency)}</caption>{head}<tbody>'
        sums = [0, 0, 0, 0, 0]
        for line in lines:
            ours, theirs, difference = (
                minor_of(line[name], decimals_of(currency)) for name in ("ledger_amount", "settlement_amount", "difference")
            )
            values = (line["ledger_rows"], ours, line["settlement_rows"], theirs, difference)
            sums = [sum_ + value for sum_, value in zip(sums, values, strict=True)]
            yield _summary_row(f"<th scope=row>{word(line['bucket'])}</th>", values, currency)
        yield "</tbody><tfoot>" + _summary_row(f"<th scope=row>{word('in_classes')}</th>", sums, currency)
        yield f'<tr class="files"><th scope=row>{word("in_files")}</th>'
        for side in ("ledger", "settlement"):
            files = in_files.get((side, currency))
            amount = minor_of(files["in_files"], decimals_of(currency)) if files else 0
            yield f'<td class="count">{verdict(files["holds"]) if files else ""}</td>{_money(amount, currency)}'
        yield "<td></td></tr></tfoot></table></div>"
    yield "</section>"


def _summary_row(heading: str, values: Any, currency: str) -> str:
    ours, ours_amount, theirs, theirs_amount, difference = values
    amounts = (_money(amount, currency) for amount in (ours_amount, theirs_amount, difference))
    first, second, third = amounts
    return f"<tr>{heading}{_cells(ours)}{first}{_cells(theirs)}{second}{third}</tr>"


def _proof(proof: list[dict[str, Any]], holds: bool) -> str:
    """One equation a line: what the readers counted in the files, against what the matcher put into classes."""
    headings = ("side", "check", "in_files_short", "in_classes_short", "rejected", "ignored", "verdict")
    head = "".join(
        f'<th scope="col"{"" if place in (0, 1, 6) else " class=count"}>{word(name)}</th>'
        for place, name in enumerate(headings)
    )
    body = ""
    for line in sorted(proof, key=lambda line: (line["side"], line["what"] != "rows", line["currency"] or "")):
        currency = line["currency"]
        if line["what"] == "rows":
            what = word("rows")
            cells = _cells(int(line["in_files"]), int(line["in_buckets"]), line["rejected"], line["ignored"])
        else:
            what = f"{word('amount')} {escape(currency)}"
            amounts = (minor_of(line[name], decimals_of(currency)) for name in ("in_files", "in_buckets"))
            cells = "".join(_money(amount, currency) for amount in amounts) + "<td></td><td></td>"
        body += f"<tr><th scope=row>{word(line['side'])}</th><td>{what}</td>{cells}<td>{verdict(line['holds'])}</td></tr>"
    return _section(
        "proof",
        word("proof_is"),
        f'<div class="scroll" tabindex="0"><table class="proof"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>',
    )


def _ageing(found: Gathered) -> str:
    if not found.ages:
        return ""
    classes = [*range(NO_AGE + 1)] if found.aged else [NO_AGE]
    used = [age for age in classes if age < NO_AGE or any(at == NO_AGE for _, _, at in found.ages)]
    head = f"<th scope=col>{word('class')}</th>" + "".join(
        f'<th scope="col" class="money">{word(f"age_{age}")}</th>' for age in used
    )
    head += f'<th scope="col" class="money">{word("total")}</th>'
    tables = ""
    for currency in sorted({currency for currency, _, _ in found.ages}):
        grid = {(code, age): cell for (of, code, age), cell in found.ages.items() if of == currency}
        body = ""
        for code in (code for code in CLASSES if any(code == of for of, _ in grid)):
            cells = [grid.get((code, age), [0, 0]) for age in used]
            body += f"<tr><th scope=row>{word(code)}</th>{_age_cells([*cells, _added(cells)], currency)}</tr>"
        columns = [_added([cell for (_, of), cell in grid.items() if of == age]) for age in used]
        foot = f"<tr><th scope=row>{word('total')}</th>{_age_cells([*columns, _added(columns)], currency)}</tr>"
        tables += (
            f'<div class="scroll" tabindex="0"><table class="ages"><caption>{escape(currency)}</caption><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody><tfoot>{foot}</tfoot></table></div>"
        )
    return _section("ageing", word("ageing_is"), tables)


def _added(cells: list[list[int]]) -> list[int]:
    return [sum(cell[0] for cell in cells), sum(cell[1] for cell in cells)]


def _age_cells(cells: list[list[int]], currency: str) -> str:
    out = ""
    for count, amount in cells:
        if not count:
            out += '<td class="money none">–</td>'
            continue
        text = both(*(money(amount, currency, language) for language in LANGUAGES))
        out += f'<td class="money">{text}<small>{both(number(count, "es"), number(count, "en"))}</small></td>'
    return out


def _rejects(found: Gathered) -> tuple[str, str]:
    if not found.rejects:
        return "", f"<p>{word('no_rejects')}</p>"
    static = Static(found)
    body = ""
    for reason in sorted(found.reason_words):
        counts = _cells(*(found.reasons[reason, side] for side in ("ledger", "settlement")))
        body += f"<tr><th scope=row>{static.words(f'reason:{reason}')}</th>{counts}</tr>"
    head = f"<th scope=col>{word('reason')}</th>" + "".join(
        f'<th scope="col" class="count">{word(side)}</th>' for side in ("ledger", "settlement")
    )
    table = f'<div class="scroll" tabindex="0"><table class="reasons"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    return word("rejects_are"), table + listing_html(REJECTS, found)
