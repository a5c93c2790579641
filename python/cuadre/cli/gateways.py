"""``cuadre gateways``: the table of signature schemes, and all that is known of one gateway, from the data that cuadre runs on."""

from __future__ import annotations

import argparse
import itertools
import textwrap
from collections.abc import Iterator
from typing import Any

from cuadre import _core, errors
from cuadre.base.text import nearest
from cuadre.cli.arguments import add_command
from cuadre.cli.exits import Exit
from cuadre.cli.output import print_json, say
from cuadre.gateways import profiles

_PARTS = ("schemes", "gaps", "messages", "message_gaps", "words", "wire")
_FORM = ("unit", "decimals_min", "decimals_max", "trim_zeros", "minimum_minor", "maximum_minor")
_WHERE = ("event_id", "event_type", "status", "reference", "gateway_id", "payment_id", "merchant", "amount", "currency")
_COLUMNS = ("gateway", "message", "signed text", "algorithm", "encoding", "covered", "vectors", "status")


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "gateways",
        run,
        "Lists how every gateway signs its messages, or shows all that is known of one: signatures, words, amounts, cash, sources.",
        "  cuadre gateways\n  cuadre gateways show payu\n  cuadre gateways --json",
    )
    command.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    command.add_argument("name", nargs="?", metavar="NAME", help="a gateway's name")


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "show" and not arguments.name:
        raise errors.ArgumentInvalidError("cuadre gateways show needs a name; cuadre gateways lists them")
    if arguments.json:
        every = {"schemes": table(), "gaps": gaps()}
        print_json(every if arguments.action == "list" else everything(arguments.name))
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
    if gateway is None:
        return _core.gateway_table()
    schemes: list[dict[str, Any]] = everything(gateway)["schemes"]
    return schemes


def everything(gateway: str) -> dict[str, Any]:
    """All that is known of one gateway, as data: how it signs, what its messages say and become, amounts, documents, cash.

    Raises:
        SchemeUnknownError (scheme_unknown): no gateway of that name.
    """
    names = _core.gateway_names()
    profile = [row for row in profiles.listing() if row["name"] == gateway]
    if gateway in names:
        known = _core.gateway(gateway)
    elif profile:  # known for what it does with cash alone
        known = {"name": gateway, "title": "", **{part: [] for part in _PARTS}}
    else:
        close = nearest(gateway, {*names, *(row["name"] for row in profiles.listing())})
        hint = f'; did you mean "{close}"?' if close else "; cuadre gateways lists them"
        raise errors.SchemeUnknownError(f'no gateway of the name "{gateway}"{hint}')
    known["words"] = [{**word, "events": _events(word)} for word in known["words"]]
    known["wire"] = [{**row, "form": {name: getattr(row["form"], name) for name in _FORM}} for row in known["wire"]]
    documents = [rule for rule in _core.document_rules() if rule["rule"] == gateway]
    return {**known, "documents": documents, "profile": profile}


def _events(word: dict[str, Any]) -> dict[str, str | None]:
    """What a word is to the machines: None where it is no event and somebody has to ask."""
    about = (word["kind"], word["ours"])
    return {str(row["machine"]): row["event"] for row in _core.notification_events() if (row["kind"], row["status"]) == about}


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
    known = everything(gateway)
    shown = [f"{gateway}: {known['title']}".removesuffix(": "), ""]
    for scheme in known["schemes"]:
        shown += [*_scheme(scheme), ""]
    shown += [f"no scheme: {gap['gateway']} {gap['message']}: {gap['note']} ({gap['source']})" for gap in known["gaps"]]
    for title, lines in (
        ("messages, and where each value stands", [line for row in known["messages"] for line in _message_lines(row)]),
        ("messages that are not read", [f"  {gap['message']}: {gap['note']}" for gap in known["message_gaps"]]),
        ("words, and what they become", [line for row in known["words"] for line in _word_lines(row)]),
        ("amounts on the wire", [line for rows in _alike(known["wire"]) for line in _wire_lines(*rows)]),
        ("documents of buyers", [line for row in known["documents"] for line in _document_lines(row)]),
        ("cash", [line for row in known["profile"] for line in _profile_lines(row)]),
    ):
        if lines:
            shown += [*([""] if shown[-1] else []), title, *lines]
    return shown


def _scheme(scheme: dict[str, Any]) -> list[str]:
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
    lines = [f"{scheme['gateway']}: {_message(scheme)}"]
    lines += [f"  {name:>11}: {fact}" for name, fact in facts.items()]
    return [*lines, *textwrap.wrap(scheme["note"], 100, initial_indent="       note: ", subsequent_indent=" " * 13)]


def _message_lines(row: dict[str, Any]) -> list[str]:
    of = f" of a {row['kind']}" if row["kind"] else ""
    inside = f", in the text of {row['inner']}" if row["inner"] else ""
    lines = [f"  {row['message']}{of}: {row['body']}{inside}"]
    facts: dict[str, str] = {name.replace("_", " "): row[name] for name in _WHERE}
    if row["paid_more_than_once"]:
        facts["payment id"] = row["payment_id"] or "(none, and it may be paid more than once)"
    facts["time"] = f"{row['time']} ({row['time_written']})" if row["time"] else ""
    words = f"{row['production_word']} or {row['test_word']}"
    facts["environment"] = f"{row['environment']} ({words})" if row["environment"] else ""
    facts["other ids"] = ", ".join(row["ids"])
    facts["needed"] = ", ".join(row["needed"])
    return [*lines, *(f"  {name:>11}: {fact}" for name, fact in facts.items() if fact)]


def _word_lines(row: dict[str, Any]) -> list[str]:
    status = f"{row['kind']} {row['ours']}" if row["ours"] else f"{row['kind']}, no status: ask"
    events = "; ".join(f"{machine}: {event or 'ask'}" for machine, event in row["events"].items())
    return _fact(f"{row['message']} {row['theirs']}: {status}{f' ({events})' if events else ''}", row)


def _alike(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows beside each other that differ in their currency alone."""
    for _, group in itertools.groupby(rows, lambda row: {**row, "currency": ""}):
        yield list(group)


def _wire_lines(row: dict[str, Any], *others: dict[str, Any]) -> list[str]:
    form = row["form"]
    least, most = form["decimals_min"], form["decimals_max"]
    text = f"{form['unit']}, {least if least == most else f'{least} to {most}'} decimals"
    text += ", zeros left out" if form["trim_zeros"] else ""
    for name in ("minimum", "maximum"):
        if minor := form[f"{name}_minor"]:
            text += f", {name} {_core.Money.from_minor(minor, row['currency'])}"
    currencies = " ".join(each["currency"] for each in (row, *others))
    return _fact(f"{row['message']} {currencies}: {text}", row)


def _document_lines(row: dict[str, Any]) -> list[str]:
    length = row["length_min"] if row["length_min"] == row["length_max"] else f"{row['length_min']} to {row['length_max']}"
    return _fact(f"{row['country']} {row['type']}: {length} characters, {row['form']}", row)


def _profile_lines(row: dict[str, Any]) -> list[str]:
    return _fact(f"{row['place']} {row['country']} {row['variant']}".rstrip() + f": {row['value']}", row)


def _fact(text: str, row: dict[str, Any]) -> list[str]:
    """A fact, and how it is known."""
    about = "; ".join(filter(None, (row["status"], row["source"], row["note"])))
    indent = " " * 6
    wrapped = textwrap.wrap(
        about, 100, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return [f"  {text}", *wrapped]
