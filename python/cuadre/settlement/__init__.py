"""Settlement files: turning them into typed rows, with proof that nothing was dropped.

::

    from cuadre import settlement

    file = settlement.read("RECAUDO_20260302.txt", layout="asobancaria-2001-recaudo")
    print(file.verdict)       # balances: 17 rows worth COP 300,000.00, and every declared total agrees
    file.rows                 # a table that pandas, Polars, DuckDB and pyarrow take as it is
    file.rejects              # what was refused, where and why

The TOML language of layouts is written down in ``cuadre.layouts``; ``layouts/asobancaria-2001-recaudo.toml`` is the
fixed-width example and ``layouts/plain.toml`` the delimited one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from cuadre import _core, errors
from cuadre.base.text import amounts, plural
from cuadre.settlement._layout import Layout
from cuadre.settlement._layout import names as layouts

__all__ = ["Layout", "Reading", "Verdict", "layouts", "read"]

REJECTS_MAX = 1_000_000


class ArrowStream(Protocol):
    """Any table that speaks Arrow: pandas, Polars, pyarrow, DuckDB, or one of ours."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


Source = str | os.PathLike[str] | ArrowStream
Sources = Source | Iterable[Source]
LayoutLike = str | os.PathLike[str] | Mapping[str, Any] | Layout
ProgressCallback = Callable[[int, int], object]


class Verdict(NamedTuple):
    """Whether a file can be trusted, in one word and one sentence.

    ``word`` is ``balances`` (every total the file declares agrees, nothing was rejected), ``no_controls`` (read whole, but
    the file declares no totals), ``has_rejects`` (rows were refused) or ``does_not_balance`` (a declared total disagrees).
    """

    word: str
    sentence_en: str
    sentence_es: str

    @property
    def ok(self) -> bool:
        return self.word in ("balances", "no_controls")

    def __str__(self) -> str:
        return self.sentence_en


class Reading:
    """What one or several files gave. All tables export ``__arrow_c_stream__``.

    Attributes:
        rows: reference, amount, currency, date, booked_date, kind, file, line, offset_bytes; in file order.
        rejects: file, line, offset_bytes, column, field, reason, reason_en, reason_es, length_bytes, raw_text.
        checks: file, line, name, declared, found, holds: what a file says about itself against what was found.
        totals: file, currency, rows, amount; of the accepted rows.
        files: file, size_bytes, records, rows, rejects, ignored, checks_held, checks_failed.
    """

    def __init__(self, core: _core.ReadResult, layout: Layout) -> None:
        self._core = core
        self.layout = layout
        self.rows = core.rows
        self.rejects = core.rejects
        self.checks = core.checks()
        self.totals = core.totals
        self.files = core.files

    @property
    def verdict(self) -> Verdict:
        """One word and one sentence about all files together."""
        return _verdict(self)

    def __repr__(self) -> str:
        return f"<cuadre reading of {plural(len(self.files), 'file')}: {self.verdict}>"


def read(
    sources: Sources,
    *,
    layout: LayoutLike = "plain",
    currency: str | None = None,
    columns: Mapping[str, str | int] | None = None,
    threads: int = 0,
    rejects_max: int = REJECTS_MAX,
    progress: ProgressCallback | None = None,
) -> Reading:
    """Reads files or Arrow tables under a layout.

    Args:
        sources: a path, a table that speaks Arrow, or several of them.
        layout: a shipped layout's name, a path to your own, a dictionary, or a ``Layout``.
        currency: ISO code for rows that do not name their own.
        columns: our field to their column, where it differs from the layout: ``{"reference": "CIP"}``.
        threads: how many; 0 is one for each processor.
        rejects_max: more rejected rows than this is an error.
        progress: called now and then with bytes done and bytes in all.

    Raises:
        CuadreError: ``file_missing``, ``file_unreadable``, ``file_empty``, ``file_changed``, ``layout_mismatch``,
            ``column_missing``, ``column_repeated``, ``json_malformed``, ``encoding_unsupported``, ``rejects_exceeded``,
            ``arrow_unsupported``, or one about the layout itself.
        KeyboardInterrupt: on Ctrl-C, promptly.
    """
    chosen = Layout.load(layout).with_changes(currency=currency, columns=columns)
    check_limits(threads, rejects_max)
    opened = open_sources(sources, chosen, "table")
    return Reading(_core.read(opened, threads=threads, rejects_max=rejects_max, progress=progress), chosen)


def check_limits(threads: int, rejects_max: int) -> None:
    for name, value, most in (("threads", threads, 1024), ("rejects_max", rejects_max, 2**63 - 1)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{name} is a whole number, not {type(value).__name__}")
        if not 0 <= value <= most:
            raise errors.ArgumentInvalidError(f"{name} is from 0 to {most}, not {value}")


def open_sources(sources: Sources, layout: Layout, word: str) -> list[_core.Source]:
    """Opens every source at once, so that a missing file is known before any work. ``word`` names tables in messages."""
    listed = [sources] if _is_one(sources) or not isinstance(sources, Iterable) else list(sources)
    if not listed:
        raise errors.ArgumentInvalidError(f"no {word} was given")
    opened = []
    for number, source in enumerate(listed, 1):
        label = f"<{word}>" if len(listed) == 1 else f"<{word} {number}>"
        opened.append(_open(source, layout, label))
    return opened


def _is_one(sources: object) -> bool:
    return isinstance(sources, str | bytes | os.PathLike) or hasattr(sources, "__arrow_c_stream__")


def _open(source: object, layout: Layout, label: str) -> _core.Source:
    if hasattr(source, "__arrow_c_stream__"):
        return _core.open_stream(source, layout._core, label)
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        if isinstance(path, str):
            if not path or "\0" in path or not _is_unicode(path):
                raise errors.FileMissingError("no file has such a path; paths are UTF-8", file=ascii(path))
            return _core.open_file(path, layout._core)
    raise TypeError(
        f"a source is a path or a table with __arrow_c_stream__, not {type(source).__name__}"
        + ("; paths are text, not bytes" if isinstance(source, bytes) else "")
    )


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # what the shell passed was not UTF-8
        return False
    return True


def _verdict(reading: Reading) -> Verdict:
    files = reading.files.to_dicts()
    rows = sum(file["rows"] for file in files)
    rejects = sum(file["rejects"] for file in files)
    held = sum(file["checks_held"] for file in files)
    failed = sum(file["checks_failed"] for file in files)
    worth = _sums(reading)
    english = plural(rows, "row") + (f" worth {amounts(worth)}" if worth else "")
    spanish = plural(rows, "fila", language="es") + (f" por {amounts(worth, 'es')}" if worth else "")
    refused_en = f", {plural(rejects, 'row')} rejected" if rejects else ""
    refused_es = f", {plural(rejects, 'fila rechazada', 'filas rechazadas', 'es')}" if rejects else ""
    if failed:
        what_en, what_es = (_disagreements(reading, language) for language in ("en", "es"))
        return Verdict(
            "does_not_balance",
            f"does not balance: {what_en}; {english}{refused_en}",
            f"no cuadra: {what_es}; {spanish}{refused_es}",
        )
    if rejects:
        return Verdict("has_rejects", f"has rejects: {english}{refused_en}", f"tiene rechazos: {spanish}{refused_es}")
    if held:
        return Verdict(
            "balances",
            f"balances: {english}, and every declared total agrees",
            f"cuadra: {spanish}, y todos los totales declarados coinciden",
        )
    return Verdict(
        "no_controls",
        f"read whole: {english}; the file declares no totals to compare",
        f"leído completo: {spanish}; el archivo no declara totales para comparar",
    )


_DISAGREEMENT = {
    "en": ("{name} ({where}) declares {declared}, found {found}", "line", "the file", "and {} more"),
    "es": ("{name} ({where}) declara {declared}, hay {found}", "línea", "el archivo", "y {} más"),
}
_FIRST_LOT_ONLY = {
    "en": "the file control covers the first lot only",
    "es": "el control de archivo cubre solo el primer lote",
}


def _disagreements(reading: Reading, language: str) -> str:
    """The failed checks in words, the first few; and the usual mistake of a file control, where it is that."""
    pattern, line, file, more = _DISAGREEMENT[language]
    failed = [check for check in reading._core.checks(language).to_dicts() if not check["holds"]]
    said = [pattern.format(where=f"{line} {check['line']}" if check["line"] else file, **check) for check in failed[:3]]
    if len(failed) > 3:
        said.append(more.format(len(failed) - 3))
    if reading._core.first_lot_only:
        said.append(_FIRST_LOT_ONLY[language])
    return "; ".join(said)


def _sums(reading: Reading) -> list[tuple[str, Any]]:
    sums: dict[str, Any] = {}
    for total in reading.totals.to_dicts():
        sums[total["currency"]] = sums.get(total["currency"], 0) + total["amount"]
    return sorted(sums.items())
