"""The life of one record as a story: what happened, who said so, what it did, what was there then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from cuadre import _core
from cuadre._core import Event, Money
from cuadre.errors import ArgumentInvalidError
from cuadre.voucher._outcome import MACHINES, TEXTS, money_text, reason_text

_HEADS = {
    "en": ("time (UTC)", "source", "what", "effect"),
    "es": ("hora (UTC)", "fuente", "qué", "efecto"),
}
_BALANCES = {  # accounts whose sum, with its sign turned, is told beside each step
    "voucher": (("buyer", "merchant"), "there", "queda"),
    "refund": (("gateway", "payouts"), "handed on", "entregado"),
    "payout": (("gateway",), "paid out", "entregado"),
}
_SOURCES_ES = {
    "notification": "aviso",
    "poll": "consulta",
    "settlement": "liquidación",
    "operator": "persona",
    "request": "petición",
    "clock": "reloj",
}
_SKIPPED = {  # what did not take effect
    "duplicate": ("known", "ya conocido"),
    "stale": ("too late to matter", "ya no importa"),
    "quarantined": ("kept apart", "apartado"),
    "refused": ("not allowed", "no permitido"),
}
_MADE = {
    "voucher": ("issued", "emitido"),
    "refund": ("asked for", "pedida"),
    "payout": ("made", "creado"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a story.

    Attributes:
        at: When it occurred, in UTC.
        source: Who says so; empty for the making.
        what: The event in words, with its amount and what is shown of its id.
        effect: What it did, or why it did nothing.
        balance: Money that is there (of a refund: handed on; of a payout: paid out) after it.
    """

    at: datetime
    source: str
    what: str
    effect: str
    balance: Money


@dataclass(frozen=True, slots=True)
class Timeline:
    """A record's story in order. ``str()`` is a table of text; a notebook shows it as one.

    Attributes:
        title: What it is about, and how it stands.
        lines: The story, line by line.
        language: "en" or "es".
        heads: The names of the columns.
    """

    title: str
    lines: tuple[Line, ...]
    language: str
    heads: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (f"{line.at:%Y-%m-%d %H:%M:%S}", line.source, line.what, line.effect, money_text(line.balance, self.language))
            for line in self.lines
        ]

    def __str__(self) -> str:
        rows = [self.heads, *self._rows()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.heads))]
        lines = [self.title]
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
            lines.append("  ".join([*cells, row[-1].rjust(widths[-1])]).rstrip())
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = "".join(f"<th style='text-align:left'>{escape(name)}</th>" for name in self.heads)
        body = "".join(
            "<tr>"
            + "".join(
                f"<td style='text-align:{'right' if i == 4 else 'left'}'>{escape(cell)}</td>" for i, cell in enumerate(row)
            )
            + "</tr>"
            for row in self._rows()
        )
        return f"<table><caption>{escape(self.title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def story(record: _core.Record, language: str) -> Timeline:
    if language not in ("en", "es"):
        raise ArgumentInvalidError(f'language is "en" or "es", not {language!r}')
    es = language == "es"
    accounts, balance_en, balance_es = _BALANCES[record.machine]
    events = record.events
    balance = record.amount - record.amount
    lines = [
        Line(record.made_at, "", f"{_MADE[record.machine][es]}, {money_text(record.amount, language)}", _first(record), balance)
    ]
    for index, kind, before, after, outcome, reason, _, entries in _in_order(record, events):
        event = events[index]
        for account in accounts:
            if account in entries:
                balance = balance - entries[account]
        source = _SOURCES_ES[event.source] if es else event.source
        effect = _effect(before, after, outcome, reason, language)
        lines.append(Line(event.occurred_at, source, _what(record.machine, event, kind, language), effect, balance))
    return Timeline(_title(record, language), tuple(lines), language, (*_HEADS[language], balance_es if es else balance_en))


def _in_order(
    record: _core.Record, events: tuple[Event, ...]
) -> list[tuple[int, str, str, str, str, str, int | None, dict[str, Money]]]:
    """The steps that took effect in their order; those that never did, where their time is."""
    steps = record.steps
    told = [step for step in steps if step[4] == "applied"]
    for step in (step for step in steps if step[4] != "applied"):
        moment = events[step[0]].occurred_at
        place = next((i for i, other in enumerate(told) if events[other[0]].occurred_at > moment), len(told))
        told.insert(place, step)
    return told


def _title(record: _core.Record, language: str) -> str:
    es = language == "es"
    noun = MACHINES[record.machine][es].rpartition(" ")[2]
    state = TEXTS[record.machine]["states"][record.state][es]
    return f"{noun} {_plain(record.reference)} ({_plain(record.gateway)}), {money_text(record.amount, language)}: {record.state}, {state}"


def _first(record: _core.Record) -> str:
    return str(next(iter(TEXTS[record.machine]["states"])))


def _what(machine: str, event: Event, kind: str, language: str) -> str:
    text = str(TEXTS[machine]["events"][kind][language == "es"])
    if event.amount is not None:
        text += f", {money_text(event.amount, language)}"
    known = event.operation_id or event.id
    if event.code:
        text += f" ({_plain(event.code)})"
    parts = ([_plain(_core.masked(known))] if known else []) + ([_plain(_core.masked(event.person))] if event.person else [])
    return f"{text} [{', '.join(parts)}]" if parts else text


def _plain(text: str) -> str:
    """Text from outside in a table: on one line, and not longer than one."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _effect(before: str, after: str, outcome: str, reason: str, language: str) -> str:
    es = language == "es"
    why = "" if reason == "none" else reason_text(reason, language)
    if outcome != "applied":
        return f"{_SKIPPED[outcome][es]}: {why}"
    moved = f"{before} → {after}" if before != after else after
    return f"{moved}; {why}" if why else moved
