"""``cuadre rules``: taxes, cash, wire forms, documents and profiles of gateways, with their sources."""

from __future__ import annotations

import argparse
from typing import Any

from cuadre import errors
from cuadre.cli.arguments import add_command
from cuadre.cli.exits import Exit
from cuadre.cli.output import print_json


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "rules",
        run,
        "Lists the rules that come with it (taxes, cash, wire forms, documents, profiles of gateways), or those of one name with sources.",
        "  cuadre rules\n  cuadre rules show IVA\n  cuadre rules show PEN --json",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a tax, a currency or another name of the list")


def run(arguments: argparse.Namespace) -> int:
    from cuadre import rules  # only who asks for them pays for them

    rows = rules.listing()
    if arguments.action == "show":
        if not arguments.name:
            raise errors.ArgumentInvalidError("cuadre rules show needs a name; cuadre rules lists them")
        known = sorted({row["name"] for row in rows})
        rows = [row for row in rows if row["name"].casefold() == arguments.name.casefold()]
        if not rows:
            raise errors.RuleUnknownError(f'no rule is called "{arguments.name}"; known are {", ".join(known)}')
    if arguments.json:
        print_json(rows)
        return Exit.BALANCED
    columns = ("kind", "name", "country", "place", "variant", "value")
    widths = {column: max(len(row[column]) for row in rows) for column in columns}
    days = [f"{row['valid_from']}..{row['valid_to']}" for row in rows]
    for row, span in zip(rows, days, strict=True):
        cells = "  ".join(f"{row[column]:<{widths[column]}}" for column in columns if widths[column])
        print(f"{cells}  {span:<{max(map(len, days))}}  {row['status']}".rstrip())
        if arguments.action == "show":
            print("".join(f"    {key}: {row[key]}\n" for key in ("source", "note") if row[key]), end="")
    return Exit.BALANCED
