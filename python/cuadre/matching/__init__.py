"""Our ledger against their rows: what agrees, what breaks and why, with proof that no row and no cent was dropped.

::

    result = cuadre.reconcile("ledger.csv", ["RECAUDO_20260302.txt"], layout="asobancaria-2001-recaudo")
    print(result)            # 17 matched, 3 breaks worth COP 45,000.00, nothing dropped: proof holds
    result.breaks            # a table that pandas, Polars, DuckDB and pyarrow take as it is
    result.to_html("cuadre.html")

Rows meet on a key: the reference under a declared normal form, together with the kind of row. Inside one key, equal
amounts in one currency pair off first, in file order; if one row is left on each side, that pair differs; otherwise
settlement rows left over are ``paid_twice`` and ledger rows left over ``repeated_in_ledger``. A row is used once.
``cuadre help matching`` has the verdicts, the proof and the columns of every table.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base.text import amounts, closest, plural
from cuadre.settlement import REJECTS_MAX, Layout, LayoutLike, ProgressCallback, Sources, check_limits, open_sources

__all__ = ["KEY_STEPS", "Reconciliation", "reconcile"]

KEY_STEPS = tuple(step["name"] for step in _core.key_steps())
"""The steps of a normal form of references, in the order in which they are taken."""


def reconcile(
    ledger: Sources,
    settlement: Sources,
    *,
    layout: LayoutLike = "plain",
    ledger_layout: LayoutLike = "plain",
    key: str | Iterable[str] | None = None,
    currency: str | None = None,
    columns: Mapping[str, str | int] | None = None,
    ledger_columns: Mapping[str, str | int] | None = None,
    as_of: datetime.date | str | None = None,
    threads: int = 0,
    rejects_max: int = REJECTS_MAX,
    progress: ProgressCallback | None = None,
) -> Reconciliation:
    """Matches a ledger with settlement rows and proves that nothing was dropped.

    Args:
        ledger, settlement: a path, a table that speaks Arrow, or several of them.
        layout, ledger_layout: what each side looks like: a shipped layout's name, a path to your own, a dictionary or a
            ``Layout``.
        key: how references are compared: any of ``trim``, ``digits_only``, ``upper``, ``strip_left_zeros``; when None,
            what the two layouts say; an empty list: as written.
        currency: ISO code for rows that do not name their own, on both sides.
        columns, ledger_columns: our field to that side's column, where it differs from the layout.
        as_of: the day the report is for, a date or ``YYYY-MM-DD``; gives the ages of breaks. Without it ages are unknown.
        threads: how many; 0 is one for each processor. Results do not depend on it.
        rejects_max: more rejected rows than this in one file is an error.
        progress: called now and then with bytes done and bytes in all.

    Raises:
        Error: what ``settlement.read`` raises, for either side; ``argument_invalid`` for an unknown key step or date;
            ``proof_failed``, an internal error, if rows or money did not add up.
        KeyboardInterrupt: on Ctrl-C, promptly.
    """
    theirs = Layout.load(layout).with_changes(currency=currency, columns=columns)
    ours = Layout.load(ledger_layout).with_changes(currency=currency, columns=ledger_columns)
    steps = _steps(key, ours, theirs)
    day = _day(as_of)
    check_limits(threads, rejects_max)
    core = _core.match(
        open_sources(ledger, ours, "ledger"),
        open_sources(settlement, theirs, "settlement"),
        key=steps,
        threads=threads,
        rejects_max=rejects_max,
        progress=progress,
    )
    return Reconciliation(core, ours, theirs, day)


class Reconciliation:
    """What came out. All tables export ``__arrow_c_stream__``: a fresh stream at every call, amounts as decimals.

    Attributes:
        balanced: no break, no reject, and every total that a file declares agrees.
        summary: bucket, currency, ledger_rows, settlement_rows, ledger_amount, settlement_amount, difference.
        breaks: one row a break: code, reference, amounts, where both rows stand, age, a sentence in English and Spanish.
        matches: one row a matched pair. Read again from the files when asked for: keep them where they are.
        rejects: rows that were refused, with file, line, byte offset, column, reason and raw text.
        proof: one line for rows and one a currency, on each side: in the files, in the buckets, and whether they agree.
        files, checks: the files read, and what they declare about themselves against what was found.
        key: the normal form under which references were compared.
        as_of: the day the ages are counted to, or None.
        layout, ledger_layout: the layouts in use.
    """

    def __init__(self, core: _core.MatchResult, ours: Layout, theirs: Layout, as_of: datetime.date | None) -> None:
        self._core = core
        self.ledger_layout = ours
        self.layout = theirs
        self.as_of = as_of

    @property
    def balanced(self) -> bool:
        return self._core.balanced

    @property
    def key(self) -> list[str]:
        return self._core.key

    @cached_property
    def summary(self) -> _core.Table:
        return self._core.summary()

    @cached_property
    def breaks(self) -> _core.Table:
        return self._core.breaks(self.as_of)

    @cached_property
    def matches(self) -> _core.Table:
        return self._core.matches()

    @cached_property
    def rejects(self) -> _core.Table:
        return self._core.rejects()

    @cached_property
    def proof(self) -> _core.Table:
        return self._core.proof()

    @cached_property
    def files(self) -> _core.Table:
        return self._core.files()

    @cached_property
    def checks(self) -> _core.Table:
        return self._core.checks()

    @cached_property
    def worth(self) -> list[tuple[str, Any]]:
        """What the breaks are worth, by currency: the difference where amounts differ, else the whole amount; no signs."""
        return self._core.worth()

    def sentence_forms(self) -> tuple[list[dict[str, str]], _core.Table]:
        """For who fills the sentences of breaks in: their patterns, by name and in both languages, and for each break the name
        of its own and the amount of a row that it only names."""
        return self._core.patterns(), self._core.forms()

    def sentence(self, language: str = "en") -> str:
        """The outcome in one line, in English (``en``) or Spanish (``es``)."""
        core = self._core
        failed = sum(file["checks_failed"] for file in self.files.to_dicts())
        worth = amounts(self.worth, language)
        if language == "es":
            parts = [
                plural(core.matched, "coincidencia", language="es"),
                plural(len(self.breaks), "diferencia", language="es") + (f" por {worth}" if worth else ""),
            ]
            if len(self.rejects):
                parts.append(plural(len(self.rejects), "fila rechazada", "filas rechazadas", "es"))
            if failed:
                parts.append(plural(failed, "total declarado no coincide", "totales declarados no coinciden", "es"))
            return ", ".join(parts) + ", nada se perdió: la prueba cuadra"
        parts = [f"{core.matched:,} matched", plural(len(self.breaks), "break") + (f" worth {worth}" if worth else "")]
        if len(self.rejects):
            parts.append(plural(len(self.rejects), "row") + " rejected")
        if failed:
            parts.append(plural(failed, "declared total disagrees", "declared totals disagree"))
        return ", ".join(parts) + ", nothing dropped: proof holds"

    def __str__(self) -> str:
        return self.sentence()

    def __repr__(self) -> str:
        return f"<cuadre reconciliation: {self.sentence()}>"

    def _repr_html_(self) -> str:
        from html import escape  # only a notebook pays for it

        def cell(value: object) -> str:
            return "" if value is None else escape(f"{value:,}" if isinstance(value, int) else str(value))

        head = "".join(f"<th>{escape(name)}</th>" for name in self.summary.column_names)
        rows = "".join(
            "<tr>" + "".join(f"<td style='text-align:right'>{cell(value)}</td>" for value in row) + "</tr>"
            for row in self.summary.rows()
        )
        return (
            f"<div><p><strong>{escape(self.sentence())}</strong></p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Writes the report as one self-contained page and returns where it is.

        Raises:
            CuadreError: ``file_unwritable``.
        """
        _core.provided("write_report")(self, Path(path))
        return Path(path)

    def to_csv(self, folder: str | os.PathLike[str]) -> Path:
        """Writes summary, breaks, rejects, proof, checks and files as CSV (UTF-8, RFC 4180) and returns the folder.

        Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers. Each file
        appears whole or not at all.

        Raises:
            CuadreError: ``file_unwritable``.
        """
        where = Path(folder)
        try:
            where.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise errors.FileUnwritableError(error.strerror or "cannot be made", file=str(where)) from None
        for name in ("summary", "breaks", "rejects", "proof", "checks", "files"):
            getattr(self, name).write_csv(str(where / f"{name}.csv"))
        return where


def _steps(key: str | Iterable[str] | None, ours: Layout, theirs: Layout) -> list[str]:
    if key is None:
        wanted = {*ours.key, *theirs.key}
        return [step for step in KEY_STEPS if step in wanted]
    steps = [key] if isinstance(key, str) else list(key)
    for step in steps:
        if step not in KEY_STEPS:
            raise errors.ArgumentInvalidError(f'no key step "{step}": {closest(str(step), list(KEY_STEPS))}')
    return steps


def _day(as_of: datetime.date | str | None) -> datetime.date | None:
    if isinstance(as_of, datetime.datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, datetime.date):
        return as_of
    try:
        return datetime.datetime.strptime(as_of, "%Y-%m-%d").date()
    except (TypeError, ValueError):
        raise errors.ArgumentInvalidError(f"as_of is a date or YYYY-MM-DD, not {as_of!r}") from None
