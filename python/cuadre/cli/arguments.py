"""The pieces that the commands build their arguments from."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any


def add_command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], text: str, examples: str) -> Any:
    """A command that every convention holds for: --json, --lang, examples."""
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


def add_reading(command: Any) -> None:
    command.add_argument("--layout", default="plain", metavar="X", help="a layout's name, or a .toml file (default: plain)")
    add_columns(command, "--column", "a column of the layout goes by another name: reference=CIP, amount=Monto; repeatable")
    command.add_argument("--currency", metavar="CODE", help="currency of rows that do not name their own")
    command.add_argument("--threads", type=int, default=0, metavar="N", help="threads (default: one for each processor)")


def add_columns(command: Any, option: str, text: str) -> None:
    command.add_argument(option, action="append", default=[], metavar="FIELD=NAME", type=_column, help=text)


def _column(text: str) -> tuple[str, str | int]:
    field, mark, name = text.partition("=")
    if not (field and mark and name):
        raise argparse.ArgumentTypeError(f'"{text}" is not FIELD=NAME, such as reference=CIP')
    return field, int(name) if name.isdecimal() and name.isascii() else name
