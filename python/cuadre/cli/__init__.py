"""The command line: ``cuadre inspect``, ``cuadre reconcile``, ``cuadre layouts``, ``cuadre rules``, ``cuadre gateways``,
``cuadre machines``, ``cuadre verify``.

Exit codes: 0 balanced, 1 breaks, rejects or totals that disagree, 2 unusable input or a wrong call, 130 stopped by Ctrl-C.
Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import argparse
import datetime
import decimal
import io
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cuadre
from cuadre import _core, errors, settlement
from cuadre.base.text import amount, check_text, number
from cuadre.cli import gateways as cli_gateways
from cuadre.cli import machines as cli_machines
from cuadre.cli import verify as cli_verify
from cuadre.settlement import Layout

BALANCED, BREAKS, UNUSABLE, STOPPED = 0, 1, 2, 130

_MISFITS = (errors.LayoutMismatchError, errors.ColumnMissingError, errors.ColumnRepeatedError, errors.InputError)

_WORDS = {
    "en": {
        "matched": "matched",
        "amount_differs": "amount differs",
        "currency_differs": "currency differs",
        "only_in_ledger": "only in the ledger",
        "only_in_settlement": "only in the settlement",
        "paid_twice": "paid twice",
        "repeated_in_ledger": "repeated in the ledger",
        "layout": "layout",
        "declared": "declared",
        "found": "found",
        "agrees": "agrees",
        "disagrees": "DISAGREES",
        "rejects": "rejects",
        "line": "line",
        "more": "and {} more: --csv or --json gives all",
        "bytes": "bytes",
        "ledger": "ledger",
        "settlement": "settlement",
        "rows": "rows",
        "report": "report",
        "looks_like": "looks like",
    },
    "es": {
        "matched": "coinciden",
        "amount_differs": "valor distinto",
        "currency_differs": "moneda distinta",
        "only_in_ledger": "solo en el libro",
        "only_in_settlement": "solo en la liquidación",
        "paid_twice": "pagado dos veces",
        "repeated_in_ledger": "repetido en el libro",
        "layout": "diseño",
        "declared": "declarado",
        "found": "hallado",
        "agrees": "coincide",
        "disagrees": "NO COINCIDE",
        "rejects": "rechazos",
        "line": "línea",
        "more": "y {} más: --csv o --json los da todos",
        "bytes": "bytes",
        "ledger": "libro",
        "settlement": "liquidación",
        "rows": "filas",
        "report": "informe",
        "looks_like": "parece",
    },
}


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Never prints a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without our letters shows escapes instead of failing
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()  # a full disk is known here, not at the interpreter's end
        return code
    except errors.CuadreError as error:
        print(f"cuadre: {_one_line(error)} [{error.code}]", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("cuadre: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader of our output (head, less) went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STOPPED
    except (MemoryError, OSError) as error:  # nothing more can be said on stdout
        what = "there is not enough memory" if isinstance(error, MemoryError) else error.strerror or "cannot write"
        print(f"cuadre: {_one_line(what)}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNUSABLE


def _say(text: str) -> None:
    """Prints a line that may hold other people's text: no control character reaches the terminal."""
    print(_one_line(text))


def _one_line(text: object) -> str:
    return "".join(c if c.isprintable() else " " for c in str(text))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cuadre",
        description="Reconciles a ledger with settlement files, and proves that no row and no cent was dropped.",
        epilog="exit codes: 0 balanced; 1 breaks, rejects or totals that disagree; 2 unusable input; 130 stopped",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_inspect(commands)
    _add_reconcile(commands)
    _add_layouts(commands)
    _add_rules(commands)
    _add_gateways(commands)
    _add_machines(commands)
    _add_verify(commands)
    return parser


def _version() -> str:
    facts = _core.build_info()
    return f"cuadre {cuadre.__version__} ({', '.join(f'{name} {value}' for name, value in facts.items())})"


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str, examples: str) -> Any:
    command = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    command.add_argument("--json", action="store_true", help="machine-readable output")
    command.add_argument("--lang", choices=("en", "es"), default="en", help="language of the output (default: en)")
    return command


def _add_reading(command: Any) -> None:
    command.add_argument("--layout", default="plain", metavar="X", help="a layout's name, or a .toml file (default: plain)")
    _add_columns(command, "--column", "a column of the layout goes by another name: reference=CIP, amount=Monto; repeatable")
    command.add_argument("--currency", metavar="CODE", help="currency of rows that do not name their own")
    command.add_argument("--threads", type=int, default=0, metavar="N", help="threads (default: one for each processor)")


def _add_columns(command: Any, option: str, text: str) -> None:
    command.add_argument(option, action="append", default=[], metavar="FIELD=NAME", type=_column, help=text)


def _column(text: str) -> tuple[str, str | int]:
    field, mark, name = text.partition("=")
    if not (field and mark and name):
        raise argparse.ArgumentTypeError(f'"{text}" is not FIELD=NAME, such as reference=CIP')
    return field, int(name) if name.isdecimal() and name.isascii() else name


def _add_inspect(commands: Any) -> None:
    command = _command(
        commands,
        "inspect",
        _inspect,
        "Says what a file is and whether it holds together, before anyone matches it.",
        "  cuadre inspect RECAUDO_20260302.txt --layout asobancaria-2001-recaudo\n"
        "  cuadre inspect ventas.csv --layout mi-banco.toml --lang es",
    )
    command.add_argument("files", nargs="+", metavar="FILE")
    _add_reading(command)


def _add_reconcile(commands: Any) -> None:
    command = _command(
        commands,
        "reconcile",
        _reconcile,
        "Matches a ledger with settlement files: what agrees, what breaks and why.",
        "  cuadre reconcile ledger.csv settlement.csv --currency PEN\n"
        "  cuadre reconcile ledger.csv RECAUDO_*.txt --layout asobancaria-2001-recaudo \\\n"
        "      --as-of 2026-03-31 --out report.html --csv out/",
    )
    command.add_argument("ledger", metavar="LEDGER")
    command.add_argument("settlement", nargs="+", metavar="SETTLEMENT")
    _add_reading(command)
    command.add_argument("--ledger-layout", default="plain", metavar="X", help="the ledger's layout (default: plain)")
    _add_columns(command, "--ledger-column", "the same for the ledger")
    command.add_argument(
        "--key",
        action="append",
        metavar="STEP",
        help="normal form of references: trim, digits_only, upper, strip_left_zeros, or as_written; repeatable "
        "(default: what the layouts say)",
    )
    command.add_argument("--as-of", metavar="DATE", help="YYYY-MM-DD: the day up to which breaks age")
    command.add_argument("--out", metavar="FILE", help="write the report, one HTML page")
    command.add_argument("--csv", metavar="FOLDER", help="write summary, breaks, rejects, proof, checks and files as CSV")


def _add_layouts(commands: Any) -> None:
    command = _command(
        commands,
        "layouts",
        _layouts,
        "Lists the layouts, or shows one: what it declares, and how well it is known.",
        "  cuadre layouts\n  cuadre layouts show asobancaria-2001-recaudo\n  cuadre layouts show mi-banco.toml",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a layout's name, or a .toml file")


def _add_rules(commands: Any) -> None:
    command = _command(
        commands,
        "rules",
        _rules,
        "Lists the rules that come with it (taxes, cash, wire forms, documents, profiles of gateways), or those of one name with sources.",
        "  cuadre rules\n  cuadre rules show IVA\n  cuadre rules show PEN --json",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a tax, a currency or another name of the list")


def _add_gateways(commands: Any) -> None:
    command = _command(
        commands,
        "gateways",
        _gateways,
        "Lists how every gateway signs its messages, or shows all that is known of one: signatures, words, amounts, cash, sources.",
        "  cuadre gateways\n  cuadre gateways show payu\n  cuadre gateways --json",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a gateway's name")


def _add_machines(commands: Any) -> None:
    command = _command(
        commands,
        "machines",
        _machines,
        "Lists the tables by which vouchers, refunds and payouts live, shows the rules of one, or draws it.",
        "  cuadre machines\n  cuadre machines show voucher --state paid --event refunded\n"
        "  cuadre machines draw voucher --out voucher.svg",
    )
    cli_machines.add_arguments(command)


def _add_verify(commands: Any) -> None:
    command = _command(
        commands,
        "verify",
        _verify,
        "Proves that a message came from its gateway, or says why it is refused. Exit codes: 0 genuine, 1 refused, 2 unusable call. "
        "The secret is never taken from the command line itself, where every process list would show it.",
        "  cuadre verify pagoefectivo body.json --header 'PE-Signature: 4f...' --secret-env PE_SECRET\n"
        "  cuadre verify stripe body.json --headers-file headers.txt --secret-file secret.txt --explain",
    )
    cli_verify.add_arguments(command)


class _Progress:
    """One line on a terminal, for work that takes longer than a second; nothing anywhere else."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._started < 1 or not total:
            return
        self._shown = True
        sys.stderr.write(f"\rcuadre: {100 * done // total} % of {total / 1e6:,.0f} MB")
        sys.stderr.flush()

    def __enter__(self) -> _Progress | None:
        return self if sys.stderr.isatty() else None

    def __exit__(self, *_: object) -> None:
        if self._shown:
            sys.stderr.write("\r\033[K")


def _inspect(arguments: argparse.Namespace) -> int:
    found = []
    code = BALANCED
    for path in arguments.files:
        with _Progress() as progress:
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
                error_line = f"cuadre: {_one_line(error)} [{error.code}]"
                # A layout that is itself wrong, or a file that nobody can read, says nothing about what the file looks like.
                hint = _looks_like(path, arguments.layout) if isinstance(error, _MISFITS) else ""
                print(
                    error_line + (f"; it looks like {hint}: cuadre inspect --layout {hint} ..." if hint else ""),
                    file=sys.stderr,
                )
                code = UNUSABLE
                continue
        code = max(code, BALANCED if reading.verdict.ok else BREAKS)
        if arguments.json:
            found.append(_reading_json(path, reading))
        else:
            _print_reading(path, reading, arguments)
    if arguments.json:
        _print_json(found)
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
    words = _WORDS[arguments.lang]
    verdict = reading.verdict
    file = reading.files.to_dicts()[0]
    _say(f"{path}: {verdict.sentence_es if arguments.lang == 'es' else verdict.sentence_en}")
    status = f" ({reading.layout.status})" if reading.layout.status else ""
    _say(f"  {words['layout']}: {reading.layout.name}{status}; {number(file['size_bytes'], arguments.lang)} {words['bytes']}")
    for check in reading.checks.to_dicts():
        held = words["agrees"] if check["holds"] else words["disagrees"]
        name, declared, seen = (check_text(check[part], arguments.lang) for part in ("name", "declared", "found"))
        _say(f"  {held}: {name}, {words['declared']} {declared}, {words['found']} {seen}")
    _print_rejects(reading.rejects, arguments.lang)
    if not verdict.ok and (hint := _looks_like(path, arguments.layout)):
        _say(f"  {words['looks_like']}: {hint}")


def _print_rejects(rejects: _core.Table, language: str, limit: int = 10) -> None:
    words = _WORDS[language]
    for item in rejects.to_dicts(0, limit):
        raw = item["raw_text"] if len(item["raw_text"]) <= 60 else item["raw_text"][:57] + "..."
        field = f" ({item['field']})" if item["field"] else ""
        _say(
            f"  {words['rejects']}: {item['file']}, {words['line']} {item['line']}: {item['reason_' + language]}{field}: {raw}"
        )
    if len(rejects) > limit:
        _say("  " + words["more"].format(number(len(rejects) - limit, language)))


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


def _reconcile(arguments: argparse.Namespace) -> int:
    key = arguments.key
    if key == ["as_written"]:
        key = []
    with _Progress() as progress:
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
        _print_json(
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
    return BALANCED if result.balanced else BREAKS


def _print_result(result: cuadre.Reconciliation, report: Path | None, language: str) -> None:
    words = _WORDS[language]
    _say(result.sentence(language))
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
        _say(f"  {line[0]:<{widths[0]}}  {line[1]:>{widths[1]}}  {line[2]:>{widths[2]}}".rstrip())
    for check in result.checks.to_dicts():
        if not check["holds"]:
            _say(
                f"  {words['disagrees']}: {check['file']}, {check['name']}, {words['declared']} {check['declared']}, {words['found']} {check['found']}"
            )
    _print_rejects(result.rejects, language, limit=5)
    if report:
        _say(f"  {words['report']}: {report}")


def _layouts(arguments: argparse.Namespace) -> int:
    if arguments.action == "list":
        all_of_them = [Layout.load(name) for name in settlement.layouts()]
        if arguments.json:
            _print_json([_layout_json(layout) for layout in all_of_them])
        else:
            width = max(len(layout.name) for layout in all_of_them)
            for layout in all_of_them:
                print(f"{layout.name:<{width}}  {layout.status:<10}  {layout.title}")
        return BALANCED
    if not arguments.name:
        raise errors.ArgumentInvalidError("cuadre layouts show needs a name; cuadre layouts lists them")
    layout = Layout.load(arguments.name)
    if arguments.json:
        _print_json({**_layout_json(layout), "declaration": layout.to_dict()})
        return BALANCED
    print(
        f"{layout.name}: {layout.title}\n{'status':>8}: {layout.status or 'your own'}\n{'source':>8}: {layout.source or layout.file}"
    )
    if layout.notes:
        print("   notes: " + layout.notes.replace("\n", "\n          "))
    print("\n" + layout.toml.strip())
    return BALANCED


def _gateways(arguments: argparse.Namespace) -> int:
    if arguments.action == "show" and not arguments.name:
        raise errors.ArgumentInvalidError("cuadre gateways show needs a name; cuadre gateways lists them")
    if arguments.json:
        every = {"schemes": cli_gateways.table(), "gaps": cli_gateways.gaps()}
        _print_json(every if arguments.action == "list" else cli_gateways.everything(arguments.name))
        return BALANCED
    for line in cli_gateways.lines() if arguments.action == "list" else cli_gateways.details(arguments.name):
        _say(line)
    return BALANCED


def _machines(arguments: argparse.Namespace) -> int:
    lines, data = cli_machines.run(arguments)
    if arguments.json:
        _print_json(data)
    else:
        for line in lines:
            _say(line)
    return BALANCED


def _verify(arguments: argparse.Namespace) -> int:
    code, lines, data = cli_verify.run(arguments)
    if arguments.json:
        _print_json(data)
    else:
        for line in lines:
            _say(line)
    return code


def _layout_json(layout: Layout) -> dict[str, Any]:
    return {name: getattr(layout, name) for name in ("name", "title", "kind", "status", "source", "notes", "key")}


def _rules(arguments: argparse.Namespace) -> int:
    from cuadre import rules

    rows = rules.listing()
    if arguments.action == "show":
        if not arguments.name:
            raise errors.ArgumentInvalidError("cuadre rules show needs a name; cuadre rules lists them")
        known = sorted({row["name"] for row in rows})
        rows = [row for row in rows if row["name"].casefold() == arguments.name.casefold()]
        if not rows:
            raise errors.RuleUnknownError(f'no rule is called "{arguments.name}"; known are {", ".join(known)}')
    if arguments.json:
        _print_json(rows)
        return BALANCED
    columns = ("kind", "name", "country", "place", "variant", "value")
    widths = {column: max(len(row[column]) for row in rows) for column in columns}
    days = [f"{row['valid_from']}..{row['valid_to']}" for row in rows]
    for row, span in zip(rows, days, strict=True):
        cells = "  ".join(f"{row[column]:<{widths[column]}}" for column in columns if widths[column])
        print(f"{cells}  {span:<{max(map(len, days))}}  {row['status']}".rstrip())
        if arguments.action == "show":
            print("".join(f"    {key}: {row[key]}\n" for key in ("source", "note") if row[key]), end="")
    return BALANCED


def _print_json(value: object) -> None:
    """Amounts as text: a JSON number would be read back as a float."""

    def plain(item: object) -> str:
        if isinstance(item, decimal.Decimal | datetime.date):
            return format(item, "f") if isinstance(item, decimal.Decimal) else item.isoformat()
        raise TypeError(type(item).__name__)

    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, default=plain)
    print()
