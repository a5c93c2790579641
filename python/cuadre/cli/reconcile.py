"""``cuadre reconcile``: a ledger against settlement files."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import cuadre
from cuadre.base.text import amount, number
from cuadre.cli.arguments import add_columns, add_command, add_reading
from cuadre.cli.exits import Exit
from cuadre.cli.output import WORDS, Progress, print_json, print_rejects, say
from cuadre.matching import KEY_STEPS


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "reconcile",
        run,
        "Matches a ledger with settlement files: what agrees, what breaks and why.",
        "  cuadre reconcile ledger.csv settlement.csv --currency PEN\n"
        "  cuadre reconcile ledger.csv RECAUDO_*.txt --layout asobancaria-2001-recaudo \\\n"
        "      --as-of 2026-03-31 --out report.html --csv out/",
    )
    command.add_argument("ledger", metavar="LEDGER")
    command.add_argument("settlement", nargs="+", metavar="SETTLEMENT")
    add_reading(command)
    command.add_argument("--ledger-layout", default="plain", metavar="X", help="the ledger's layout (default: plain)")
    add_columns(command, "--ledger-column", "the same for the ledger")
    command.add_argument(
        "--key",
        action="append",
        metavar="STEP",
        help=f"normal form of references: {', '.join(KEY_STEPS)}, or as_written; repeatable (default: what the layouts say)",
    )
    command.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD: the day up to which breaks age")
    command.add_argument("--out", metavar="FILE", help="write the report, one HTML page")
    command.add_argument("--csv", metavar="FOLDER", help="write summary, breaks, rejects, proof, checks and files as CSV")


def run(arguments: argparse.Namespace) -> int:
    key = arguments.key
    if key == ["as_written"]:
        key = []
    with Progress() as progress:
        result = cuadre.reconcile(
            arguments.ledger,
            arguments.settlement,
            layout=arguments.layout,
            ledger_layout=arguments.ledger_layout,
            key=key,
            currency=arguments.currency,
            columns=dict(arguments.column),
            ledger_columns=dict(arguments.ledger_column),
            as_of=arguments.as_of,
            threads=arguments.threads,
            progress=progress,
        )
    report = result.to_html(arguments.out) if arguments.out else None
    if arguments.csv:
        result.to_csv(arguments.csv)
    if arguments.json:
        print_json(
            {
                "balanced": result.balanced,
                "sentence_en": result.sentence("en"),
                "sentence_es": result.sentence("es"),
                "key": result.key,
                **{
                    name: getattr(result, name).to_dicts()
                    for name in ("summary", "proof", "files", "checks", "rejects", "breaks")
                },
            }
        )
    else:
        _print_result(result, report, arguments.lang)
    return Exit.BALANCED if result.balanced else Exit.BREAKS


def _print_result(result: cuadre.Reconciliation, report: Path | None, language: str) -> None:
    words = WORDS[language]
    say(result.sentence(language))
    lines = [
        (
            words[line["bucket"]],
            *(
                f"{number(line[f'{side}_rows'], language)}  {amount(line['currency'], line[f'{side}_amount'], language)}"
                if line[f"{side}_rows"]
                else ""
                for side in ("ledger", "settlement")
            ),
        )
        for line in result.summary.to_dicts()
    ]
    lines = [("", words["ledger"], words["settlement"]), *lines]
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for line in lines:
        say(f"  {line[0]:<{widths[0]}}  {line[1]:>{widths[1]}}  {line[2]:>{widths[2]}}".rstrip())
    for check in result._core.checks(language).to_dicts():
        if not check["holds"]:
            say(
                f"  {words['disagrees']}: {check['file']}, {check['name']}, {words['declared']} {check['declared']}, {words['found']} {check['found']}"
            )
    print_rejects(result.rejects, language, limit=5)
    if report:
        say(f"  {words['report']}: {report}")
