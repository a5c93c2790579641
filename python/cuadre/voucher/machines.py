"""The three machines as tables: voucher (pay-in), refund, payout (cash-out). Shown, searched and drawn from the very data
that every record is folded with.

::

    from cuadre import machines

    machines.table("voucher")                      # shows itself; .rows for programs
    print(machines.table("refund", state="sent"))  # what can happen to a refund that is out
    machines.draw("payout").save("payout.svg")
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base.text import nearest

__all__ = ["Drawing", "Table", "draw", "names", "notifications", "table", "words"]

_WIDTH = 100
_LANGUAGES = ("en", "es")
_FORMATS = ("svg", "text")


def names() -> list[str]:
    """The names of the machines.

    Raises:
        Nothing.
    """
    return [machine["name"] for machine in _core.machines()]


def words() -> dict[str, list[dict[str, str]]]:
    """What the words of the tables mean: accounts, guards, bookings, outcomes and reasons.

    Raises:
        Nothing.
    """
    return _core.machine_words()


def notifications() -> list[dict[str, Any]]:
    """How what a gateway says becomes an event of a machine: one dictionary a rule, with machine, kind, status and event.

    The event is None where it does not say whether the money was taken: it is no event, and somebody has to ask. A kind and status
    without a rule are not about that machine.

    Raises:
        Nothing.
    """
    return _core.notification_events()


def table(name: str, *, state: str | None = None, event: str | None = None, language: str = "en") -> Table:
    """The rules of one machine, in the order they are tried.

    Args:
        name: ``"voucher"``, ``"refund"`` or ``"payout"``.
        state: Only what can happen in this state.
        event: Only what this event does.
        language: ``"en"`` or ``"es"``, of sentences; names are the same in both.

    Raises:
        ArgumentInvalidError (argument_invalid): no machine, state, event or language of that name; the message has the nearest one.
    """
    machine = _machine(name)
    _known(language, _LANGUAGES, "language")
    for part, value in (("state", state), ("event", event)):
        if value is not None:
            _known(value, [item["name"] for item in machine[part + "s"]], f"{part} of the {name}")
    return Table(machine, state, event, language)


def draw(name: str, format: str = "svg", *, language: str = "en") -> Drawing:
    """A machine as a picture.

    Args:
        name: ``"voucher"``, ``"refund"`` or ``"payout"``.
        format: ``"svg"``, one picture without scripts, for a browser or a notebook; or ``"text"``, at most 100 columns wide.
        language: ``"en"`` or ``"es"``.

    Returns:
        The picture: a ``str`` that shows itself in a notebook and has ``save``.

    Raises:
        ArgumentInvalidError (argument_invalid): no machine, format or language of that name; the message has the nearest one.
    """
    machine = _machine(name)
    _known(language, _LANGUAGES, "language")
    if _known(format, _FORMATS, "format") == "text":
        return Drawing("\n".join(_text(machine, language)) + "\n", format)
    from cuadre.voucher import _machines_svg

    return Drawing(_machines_svg.svg(machine, language), format)


def _machine(name: str) -> dict[str, Any]:
    machines = {machine["name"]: machine for machine in _core.machines()}
    return machines[_known(name, machines, "machine")]


def _known(name: str, known: Iterable[str], what: str) -> str:
    known = list(known)
    if name in known:
        return name
    close = nearest(str(name), known)
    hint = f'did you mean "{close}"?' if close else f"there are {', '.join(known)}"
    raise errors.ArgumentInvalidError(f'no {what} is called "{name}"; {hint}')


class Drawing(str):
    """A picture of a machine, as text. In a notebook it shows itself.

    Attributes:
        kind: ``"svg"`` or ``"text"``.
    """

    kind: str

    def __new__(cls, text: str, kind: str) -> Drawing:
        drawing = super().__new__(cls, text)
        drawing.kind = kind
        return drawing

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        return str(self), self.kind

    def _repr_html_(self) -> str:
        return f'<div style="overflow-x:auto">{self}</div>' if self.kind == "svg" else f"<pre>{escape(self)}</pre>"

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the picture and returns its path.

        Args:
            path: Where to; a file there is replaced.

        Raises:
            FileUnwritableError (file_unwritable): nothing can be written there.
        """
        place = Path(path)
        try:
            place.write_text(self, encoding="utf-8")
        except OSError as error:
            raise errors.FileUnwritableError(f"cannot write the drawing: {error.strerror}", file=str(place)) from error
        return place


class Table:
    """Rules of one machine. ``str`` is for a terminal, a notebook shows states against events, ``rows`` is for programs.

    Attributes:
        name: The machine.
        rows: One dictionary a rule: ``from`` (names of states), ``event``, ``guard``, ``guard_text``, ``to`` (None where the state
            stays), ``outcome``, ``reason``, ``reason_en``, ``reason_es``, ``booking``, ``booking_text``, ``waits``.
        states: One dictionary a state: ``name``, ``review`` (money is there that a person has to decide about), ``en``, ``es``.
        events: One dictionary an event: ``name``, ``has_amount``, ``en``, ``es``.
    """

    def __init__(self, machine: dict[str, Any], state: str | None, event: str | None, language: str) -> None:
        self._machine, self._state, self._event, self._language = machine, state, event, language
        self.name: str = machine["name"]
        self.states: list[dict[str, Any]] = machine["states"]
        self.events: list[dict[str, Any]] = machine["events"]
        self.rows: list[dict[str, Any]] = [
            rule for rule in machine["rules"] if event in (None, rule["event"]) and (state is None or state in rule["from"])
        ]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.rows)

    def to_dicts(self) -> list[dict[str, Any]]:
        """The rules as dictionaries, the same as ``rows``; in DataFrame calls of pandas and Polars as it is.

        Raises:
            Nothing.
        """
        return self.rows

    def __repr__(self) -> str:
        return f"<machine {self.name}: {len(self.states)} states, {len(self.events)} events, {len(self.rows)} rules>"

    def __str__(self) -> str:
        return "\n".join(_rules_text(self, self._state, self._language))

    def _repr_html_(self) -> str:
        return _matrix(self._machine, self.rows, self._state, self._event, self._language)


# ---- rules as text

_SHOWN = {
    "en": {
        "in": "in",
        "any": "any state",
        "stays": "stays",
        "books": "books",
        "waits": "waits for what it needs",
        "if": "if",
        "always": "always",
        "otherwise": "otherwise",
    },
    "es": {
        "in": "en",
        "any": "todo estado",
        "stays": "se queda",
        "books": "asienta",
        "waits": "espera lo que le falta",
        "if": "si",
        "always": "siempre",
        "otherwise": "si no",
    },
}


def _rules_text(found: Table, state: str | None, language: str) -> Iterator[str]:
    """By event; under it one rule after the other in the order they are tried."""
    says = _SHOWN[language]
    for event in found.events:
        rules = [rule for rule in found.rows if rule["event"] == event["name"]]
        if not rules:
            continue
        yield f"{event['name']}: {event[language]}"
        for nth, rule in enumerate(rules):
            yield from _rule_text(rule, len(found.states), says, state, language, last="otherwise" if nth else "always")
        yield ""


def _rule_text(
    rule: dict[str, Any], states: int, says: dict[str, str], state: str | None, language: str, *, last: str
) -> Iterator[str]:
    where = says["any"] if len(rule["from"]) == states else ", ".join(rule["from"])
    where = "" if state else f"{says['in']} {where}"
    guard = "" if rule["guard"] == "always" else f"{says['if']} {rule['guard_text']}"
    condition = ", ".join(part for part in (where, guard) if part) or says[last]
    result = f"-> {rule['to']}" if rule["to"] else says["stays"] if rule["outcome"] == "applied" else rule["outcome"]
    if rule["reason"] != "none":
        result += f" ({rule['reason_' + language]})"
    if rule["booking"] != "nothing":
        result += f"; {says['books']} {rule['booking']}"
    if rule["waits"]:
        result += f"; {says['waits']}"
    yield from textwrap.wrap(condition, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield from textwrap.wrap(result, _WIDTH, initial_indent="      ", subsequent_indent="         ")


# ---- a machine as text


def _text(machine: dict[str, Any], language: str) -> Iterator[str]:
    """One paragraph a state: what it means, and where each event leads from it."""
    review = {state["name"] for state in machine["states"] if state["review"]}
    width = max(len(event["name"]) for event in machine["events"])
    first = True
    for state in machine["states"]:
        sign = "!" if state["review"] else ">" if first else " "
        first = False
        yield f"{sign} {state['name']}"
        yield from textwrap.wrap(state[language], _WIDTH, initial_indent="    ", subsequent_indent="    ")
        same = []
        for event in machine["events"]:
            targets = _targets(machine, state["name"], event["name"])
            if targets is None:
                continue
            if not targets:
                same.append(event["name"])
                continue
            shown = " | ".join(f"{target} !" if target in review else target for target in targets)
            line = f"    {event['name']} {'-' * (width - len(event['name']))}--> "
            yield from textwrap.wrap(shown, _WIDTH, initial_indent=line, subsequent_indent=" " * len(line))
        if same:
            says = {"en": "stays on", "es": "sigue con"}[language]
            line = f"({says} {', '.join(same)})"
            yield from textwrap.wrap(line, _WIDTH, initial_indent="    ", subsequent_indent="     ")
        yield ""
    legend = {
        "en": "> the first state; ! a person has to look; | which of them, the amount and the time decide",
        "es": "> el primer estado; ! una persona debe revisar; | cuál de ellos: deciden el monto y el momento",
    }
    yield legend[language]


def _targets(machine: dict[str, Any], state: str, event: str) -> list[str] | None:
    """Where an event can lead from a state; empty: it takes effect and the state stays; None: it takes no effect."""
    rules = [rule for rule in machine["rules"] if rule["event"] == event and state in rule["from"]]
    applied = [rule for rule in rules if rule["outcome"] == "applied"]
    if not applied:
        return None
    moved = dict.fromkeys(rule["to"] or state for rule in applied)
    return [] if set(moved) == {state} else list(moved)


# ---- a machine as a table of states against events, for notebooks

_TINTS = {
    "applied": "rgba(47,143,84,.16)",
    "duplicate": "rgba(120,130,145,.14)",
    "stale": "rgba(120,130,145,.14)",
    "quarantined": "rgba(201,138,10,.20)",
    "refused": "rgba(185,28,28,.16)",
}


def _matrix(machine: dict[str, Any], rows: list[dict[str, Any]], state: str | None, event: str | None, language: str) -> str:
    """Every pair of state and event with all that can come of it; what a rule says stands in the cell's tooltip."""
    events = [item for item in machine["events"] if event in (None, item["name"])]
    head = "".join(f'<th title="{escape(item[language])}">{escape(item["name"])}</th>' for item in events)
    lines = []
    for item in machine["states"]:
        if state not in (None, item["name"]):
            continue
        cells = "".join(
            _cell([r for r in rows if r["event"] == e["name"] and item["name"] in r["from"]], language) for e in events
        )
        mark = " !" if item["review"] else ""
        lines.append(
            f'<tr><th style="text-align:left" title="{escape(item[language])}">{escape(item["name"])}{mark}</th>{cells}</tr>'
        )
    return (
        f'<div style="overflow-x:auto"><table style="font-size:11px"><caption>{escape(machine["name"])}</caption>'
        f"<thead><tr><th></th>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(rules: list[dict[str, Any]], language: str) -> str:
    parts: dict[str, str] = {}
    for rule in rules:
        shown = rule["to"] or (_SHOWN[language]["stays"] if rule["outcome"] == "applied" else rule["outcome"])
        told = f"{rule['guard_text']}: {rule['reason_' + language]}"
        parts[f'<div style="background:{_TINTS[rule["outcome"]]}" title="{escape(told)}">{escape(shown)}</div>'] = shown
    seen: dict[str, str] = {}
    for html, shown in parts.items():
        seen.setdefault(shown, html)
    return f'<td style="text-align:left;vertical-align:top">{"".join(seen.values())}</td>'
