"""The page: verdict, summary and proof on top, then files, declared totals, breaks and rejects. Inert: no script, nothing loaded."""

from __future__ import annotations

import os
import tempfile
from html import escape
from pathlib import Path
from typing import Any

from cuadre import errors
from cuadre.report.data import gather, records
from cuadre.report.figures import decimals_of, minor_of, money
from cuadre.report.lists import BREAKS, CHECKS, FILES, REJECTS, both, listing_html, verdict, word
from cuadre.report.words import LANGUAGES

_STYLE = """
body{font:14px/1.45 system-ui,sans-serif;color:#1b2430;max-width:1200px;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .4rem}
table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #dde3ea;text-align:left;vertical-align:top}
td.money,th.money,td.count,th.count{text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}.raw{font-family:ui-monospace,monospace;overflow-wrap:anywhere}.no{color:#a3202a}.yes{color:#17683a}
.more,.aside,.tools,.pages{display:none}.note{color:#5a6675}.detail td{border-bottom:2px solid #dde3ea;color:#44505e}.detail p{margin:0}
html[lang=es] [lang=en],html[lang=en] [lang=es]{display:none}
@media print{body{margin:0;max-width:none;font-size:9pt}thead{display:table-header-group}tr{break-inside:avoid}}
"""


def render(result: Any, *, title: str | None = None, language: str = "es", generated_at: str | None = None) -> str:
    """The report as one HTML page.

    Raises:
        CuadreError: ``argument_invalid``, for a language that is neither ``es`` nor ``en``.
    """
    if language not in LANGUAGES:
        raise errors.CLASSES["argument_invalid"](f"language is es or en, not {language!r}", code="argument_invalid")
    found = gather(result)
    heading = escape(title) if title else word("title")
    when = f'<p class="note">{word("generated")} {escape(str(generated_at))}</p>' if generated_at else ""
    state = word("balanced" if result.balanced else "unbalanced")
    body = (
        f'<header><p class="note">{heading}</p><h1 class="{"yes" if result.balanced else "no"}">{state}</h1>'
        f"<p>{escape(str(result))}</p>{when}</header>"
        f"<h2>{word('by_class')}</h2>{_summary(result)}<h2>{word('proof')}</h2><p>{word('proof_is')}</p>{_proof(result)}"
    )
    for listing in (FILES, CHECKS, BREAKS, REJECTS):
        if found.counts[listing.name]:
            body += f"<h2>{word(listing.name)}</h2>{listing_html(listing, found)}"
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><meta name="viewport" content="width=device-width"><title>{escape(title or "cuadre")}</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def write(
    result: Any,
    path: str | os.PathLike[str],
    *,
    title: str | None = None,
    language: str = "es",
    generated_at: str | None = None,
) -> None:
    """Writes the page; the file appears whole or not at all.

    Raises:
        CuadreError: ``file_unwritable``, and what ``render`` raises.
    """
    page = render(result, title=title, language=language, generated_at=generated_at)
    target = Path(path)
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as out:
            out.write(page)
        os.replace(temporary, target)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        raise errors.CLASSES["file_unwritable"](str(error.strerror), code="file_unwritable", file=str(path)) from error


def _amount(value: Any, currency: str | None) -> str:
    if value is None or not currency:
        return "" if value is None else escape(str(int(value)))
    minor = minor_of(value, decimals_of(currency))
    return both(*(money(minor, currency, language) for language in LANGUAGES))


def _summary(result: Any) -> str:
    rows = ""
    for item in records(result.summary):
        currency = item["currency"]
        rows += f"<tr><td>{word(item['bucket'])}</td><td>{escape(currency)}</td>"
        for side in ("ledger", "settlement"):
            rows += f'<td class="count">{item[side + "_rows"]}</td><td class="money">{_amount(item[side + "_amount"], currency)}</td>'
        rows += f'<td class="money">{_amount(item["difference"], currency)}</td></tr>'
    heads = ("class", "currency", "ledger", "amount", "settlement", "amount", "difference")
    head = "".join(f'<th scope="col">{word(name)}</th>' for name in heads)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _proof(result: Any) -> str:
    rows = ""
    for item in records(result.proof):
        currency = item["currency"]
        rows += (
            f"<tr><td>{word(item['side'])}</td><td>{word('rows') if item['what'] == 'rows' else escape(currency or '')}</td>"
        )
        rows += f'<td class="money">{_amount(item["in_files"], currency)}</td><td class="money">{_amount(item["in_buckets"], currency)}</td>'
        rows += f'<td class="count">{item["rejected"]}</td><td class="count">{item["ignored"]}</td><td>{verdict(item["holds"])}</td></tr>'
    heads = ("side", "what", "in_files_short", "in_classes_short", "rejected", "ignored", "verdict")
    head = "".join(f'<th scope="col">{word(name)}</th>' for name in heads)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
