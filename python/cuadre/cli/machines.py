"""``cuadre machines``: the tables of voucher, refund and payout, listed, shown and drawn from the data that records are folded with."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cuadre import _core, errors, machines
from cuadre.cli.arguments import add_command
from cuadre.cli.exits import Exit
from cuadre.cli.output import print_json, say

_LISTED = {
    "en": "{} states, {} events, {} rules; for a person to look at: {}",
    "es": "{} estados, {} eventos, {} reglas; para que una persona los revise: {}",
}


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "machines",
        run,
        "Lists the tables by which vouchers, refunds and payouts live, shows the rules of one, draws it, or says what notifications become.",
        "  cuadre machines\n  cuadre machines show voucher --state paid --event refunded\n"
        "  cuadre machines draw voucher --out voucher.svg\n  cuadre machines notifications",
    )
    command.add_argument("action", nargs="?", choices=("list", "show", "draw", "notifications"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="voucher, refund or payout")
    command.add_argument("--state", metavar="STATE", help="show: only what can happen in this state")
    command.add_argument("--event", metavar="EVENT", help="show: only what this event does")
    command.add_argument("--out", metavar="FILE", help="draw: a file; .svg for a picture, any other name for text")


def run(arguments: argparse.Namespace) -> int:
    lines, data = _answer(arguments)
    if arguments.json:
        print_json(data)
    else:
        for line in lines:
            say(line)
    return Exit.BALANCED


def _answer(arguments: argparse.Namespace) -> tuple[list[str], Any]:
    """Lines to print, and the same as data for programs.

    Raises:
        ArgumentInvalidError (argument_invalid): no machine, state or event of that name, or an option that belongs to another action.
        FileUnwritableError (file_unwritable): the drawing cannot be written there.
    """
    action, language = arguments.action, arguments.lang
    for option, wanted in (("state", "show"), ("event", "show"), ("out", "draw")):
        if getattr(arguments, option) is not None and action != wanted:
            raise errors.ArgumentInvalidError(f"--{option} belongs to cuadre machines {wanted} NAME")
    if action in ("list", "notifications"):
        if arguments.name:
            raise errors.ArgumentInvalidError(
                f"cuadre machines {action} takes no name; cuadre machines show {arguments.name} shows one"
            )
        if action == "notifications":
            return _notifications(), machines.notifications()
        return _list(language), {"machines": _core.machines(), "words": _core.machine_words()}
    if not arguments.name:
        raise errors.ArgumentInvalidError(f"cuadre machines {action} needs a name: {', '.join(machines.names())}")
    if action == "show":
        table = machines.table(arguments.name, state=arguments.state, event=arguments.event, language=language)
        return str(table).splitlines(), {
            "name": table.name,
            "states": table.states,
            "events": table.events,
            "rules": table.rows,
        }
    return _draw(arguments.name, arguments.out, language)


def _list(language: str) -> list[str]:
    lines = []
    for machine in _core.machines():
        review = ", ".join(state["name"] for state in machine["states"] if state["review"])
        counts = (len(machine[part]) for part in ("states", "events", "rules"))
        lines.append(f"{machine['name']:<8} {_LISTED[language].format(*counts, review)}")
    return lines


def _notifications() -> list[str]:
    rows = [(row["machine"], row["kind"], row["status"], row["event"] or "(ask)") for row in machines.notifications()]
    rows.insert(0, ("machine", "kind", "status", "event"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _draw(name: str, out: str | None, language: str) -> tuple[list[str], Any]:
    form = "svg" if out and Path(out).suffix.casefold() == ".svg" else "text"
    drawing = machines.draw(name, form, language=language)
    if out is None:
        return drawing.splitlines(), {"name": name, "format": form, "drawing": str(drawing)}
    path = str(drawing.save(out))
    return [path], {"name": name, "format": form, "file": path}
