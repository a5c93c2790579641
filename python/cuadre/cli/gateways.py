"""``cuadre gateways``: the table of signature schemes, from the data that the verifier runs on."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from cuadre import _core, errors
from cuadre.base.text import nearest
from cuadre.cli.arguments import add_command
from cuadre.cli.exits import Exit
from cuadre.cli.output import print_json, say

_COLUMNS = ("gateway", "message", "signed text", "algorithm", "encoding", "covered", "vectors", "status")


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "gateways",
        run,
        "Lists how every gateway signs its messages, or shows one: what is signed, what is covered, how well it is known.",
        "  cuadre gateways\n  cuadre gateways show payu\n  cuadre gateways --json",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a gateway's name")


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "show" and not arguments.name:
        raise errors.ArgumentInvalidError("cuadre gateways show needs a name; cuadre gateways lists them")
    if arguments.json:
        name = arguments.name if arguments.action == "show" else None
        print_json({"schemes": table(name), "gaps": gaps(name)})
        return Exit.BALANCED
    for line in lines() if arguments.action == "list" else details(arguments.name):
        say(line)
    return Exit.BALANCED


def table(gateway: str | None = None) -> list[dict[str, Any]]:
    """The schemes of one gateway or of all, in the order they are tried.

    Args:
        gateway: a gateway's name, such as ``"payu"``.

    Raises:
        SchemeUnknownError (scheme_unknown): no gateway of that name.
    """
    found = [scheme for scheme in _core.gateway_table() if gateway in (None, scheme["gateway"])]
    if not found and not gaps(gateway):
        close = nearest(str(gateway), {scheme["gateway"] for scheme in _core.gateway_table()})
        hint = f'; did you mean "{close}"?' if close else "; cuadre gateways lists them"
        raise errors.SchemeUnknownError(f'no gateway of the name "{gateway}"{hint}')
    return found


def gaps(gateway: str | None = None) -> list[dict[str, Any]]:
    """Messages that a gateway signs in a way nobody has published; raises nothing."""
    return [gap for gap in _core.scheme_gaps() if gateway in (None, gap["gateway"])]


def lines() -> list[str]:
    """The table as text, one line a scheme, then the gaps."""
    rows = [_COLUMNS, *(_row(scheme) for scheme in table())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    shown = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*shown, "", *(f"no scheme: {gap['gateway']} {gap['message']}: {gap['note']}" for gap in gaps())]


def _row(scheme: dict[str, Any]) -> tuple[str, ...]:
    return (
        scheme["gateway"],
        _message(scheme),
        scheme["signed_text"] or "(nothing)",
        scheme["algorithm"],
        scheme["encoding"],
        ", ".join(scheme["covered"]) or "(nothing)",
        scheme["vectors"],
        scheme["status"],
    )


def _message(scheme: dict[str, Any]) -> str:
    version = f" ({scheme['version']})" if scheme["version"] else ""
    return f"{scheme['message']}{version}{'' if scheme['incoming'] else ', outgoing'}"


def details(gateway: str) -> list[str]:
    """Everything about one gateway, as lines.

    Raises:
        SchemeUnknownError (scheme_unknown): no gateway of that name.
    """
    shown: list[str] = []
    for scheme in table(gateway):
        time = scheme["time_form"]
        if time != "none":
            time += f", {scheme['tolerance_s']} s both ways"
            time += f", {scheme['retries_s']} s more for repeats" if scheme["retries_s"] else ""
        facts = {
            "signed text": scheme["signed_text"] or "(nothing)",
            "signature": f"{scheme['algorithm']}, {scheme['encoding']}, in {scheme['carrier']} "
            + " or ".join(scheme["carrier_names"]),
            "key": scheme["key_form"],
            "settings": ", ".join(scheme["settings"]) or "(none)",
            "time": time,
            "covered": ", ".join(scheme["covered"]) or "(nothing)",
            "known from": f"{scheme['status']}, vectors: {scheme['vectors']}; {scheme['source'] or 'no public source'}",
        }
        shown.append(f"{scheme['gateway']}: {_message(scheme)}")
        shown += [f"  {name:>11}: {fact}" for name, fact in facts.items()]
        shown += [*textwrap.wrap(scheme["note"], 100, initial_indent="       note: ", subsequent_indent=" " * 13), ""]
    shown += [f"no scheme: {gap['gateway']} {gap['message']}: {gap['note']} ({gap['source']})" for gap in gaps(gateway)]
    return shown[:-1] if shown and not shown[-1] else shown
