"""``cuadre inspect``: what a file is, and whether it holds together, before anyone matches it."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from cuadre import errors, settlement
from cuadre.base.text import number
from cuadre.cli.arguments import add_command, add_reading
from cuadre.cli.exits import Exit
from cuadre.cli.output import WORDS, Progress, one_line, print_json, print_rejects, say

_MISFITS = (errors.LayoutMismatchError, errors.ColumnMissingError, errors.ColumnRepeatedError, errors.InputError)


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "inspect",
        run,
        "Says what a file is and whether it holds together, before anyone matches it.",
        "  cuadre inspect RECAUDO_20260302.txt --layout asobancaria-2001-recaudo\n"
        "  cuadre inspect ventas.csv --layout mi-banco.toml --lang es",
    )
    command.add_argument("files", nargs="+", metavar="FILE")
    add_reading(command)


def run(arguments: argparse.Namespace) -> int:
    found = []
    code = Exit.BALANCED
    for path in arguments.files:
        with Progress() as progress:
            try:
                reading = settlement.read(
                    path,
                    layout=arguments.layout,
                    currency=arguments.currency,
                    columns=dict(arguments.column),
                    threads=arguments.threads,
                    progress=progress,
                )
            except errors.CuadreError as error:
                error_line = f"cuadre: {one_line(error)} [{error.code}]"
                # A layout that is itself wrong, or a file that nobody can read, says nothing about what the file looks like.
                hint = _looks_like(path, arguments.layout) if isinstance(error, _MISFITS) else ""
                print(
                    error_line + (f"; it looks like {hint}: cuadre inspect --layout {hint} ..." if hint else ""),
                    file=sys.stderr,
                )
                code = Exit.UNUSABLE
                continue
        code = max(code, Exit.BALANCED if reading.verdict.ok else Exit.BREAKS)
        if arguments.json:
            found.append(_reading_json(path, reading))
        else:
            _print_reading(path, reading, arguments)
    if arguments.json:
        print_json(found)
    return code


def _looks_like(path: str, declared: str) -> str:
    """The one shipped layout under which the head of the file reads without a reject; empty when none or several do."""
    fitting = []
    for name in settlement.layouts():
        try:
            reading = settlement.read(path, layout=name, rejects_max=0, threads=1)
        except errors.CuadreError:
            continue
        if len(reading.rows):
            fitting.append(name)
    return fitting[0] if len(fitting) == 1 and fitting[0] != declared else ""


def _print_reading(path: str, reading: settlement.Reading, arguments: argparse.Namespace) -> None:
    words = WORDS[arguments.lang]
    verdict = reading.verdict
    file = reading.files.to_dicts()[0]
    say(f"{path}: {verdict.sentence_es if arguments.lang == 'es' else verdict.sentence_en}")
    status = f" ({reading.layout.status})" if reading.layout.status else ""
    say(f"  {words['layout']}: {reading.layout.name}{status}; {number(file['size_bytes'], arguments.lang)} {words['bytes']}")
    for check in reading._core.checks(arguments.lang).to_dicts():
        held = words["agrees"] if check["holds"] else words["disagrees"]
        say(f"  {held}: {check['name']}, {words['declared']} {check['declared']}, {words['found']} {check['found']}")
    print_rejects(reading.rejects, arguments.lang)
    if not verdict.ok and (hint := _looks_like(path, arguments.layout)):
        say(f"  {words['looks_like']}: {hint}")


def _reading_json(path: str, reading: settlement.Reading) -> dict[str, Any]:
    verdict = reading.verdict
    return {
        "file": path,
        "layout": reading.layout.name,
        "verdict": verdict.word,
        "sentence_en": verdict.sentence_en,
        "sentence_es": verdict.sentence_es,
        "files": reading.files.to_dicts(),
        "totals": reading.totals.to_dicts(),
        "checks": reading.checks.to_dicts(),
        "rejects": reading.rejects.to_dicts(),
    }
