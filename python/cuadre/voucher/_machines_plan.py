"""Where everything of a drawing stands, worked out from a machine's rules alone.

Each state has a row of its own and each bundle of transitions an upright track of its own between two columns of states, so no line
runs through a box and no two lines lie on each other, whatever the rules say. Numbers are pixels; there is no money here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

BOX_WIDTH = 164
BOX_LETTERS = 25
TRACK_GAP = 20
PORT_GAP = 18
LETTER = 6.2  # the width of a letter of a label, generously
MARGIN = 26
# The state in which the money has arrived where it belongs. Of the drawing, this and the way there are all that is a matter of taste.
GOALS = {"voucher": "settled", "refund": "refunded", "payout": "collected"}
HEAD = 72  # the title and how to read it
TURN = 10  # between a box and its nearest track when no label stands there


@dataclass(frozen=True)
class Bundle:
    """From each of `sources`, on one of `events`, to one of `targets`: which one, the amount and the time decide."""

    events: tuple[str, ...]
    sources: tuple[int, ...]
    targets: tuple[int, ...]
    usual: bool  # as expected; the others carry a reason that a person may want to know
    money: bool

    @property
    def label(self) -> str:
        return ", ".join(self.events)


def moves(machine: dict[str, Any]) -> dict[tuple[str, bool], set[tuple[int, int]]]:
    """For every event, usual and unusual apart: from which state to which it can lead."""
    number = {state["name"]: index for index, state in enumerate(machine["states"])}
    found: dict[tuple[str, bool], set[tuple[int, int]]] = {}
    for rule in machine["rules"]:
        if rule["to"] is not None:
            pairs = found.setdefault((rule["event"], rule["reason"] == "none"), set())
            pairs |= {(number[name], number[rule["to"]]) for name in rule["from"]}
    return found


def bundles(machine: dict[str, Any]) -> list[Bundle]:
    """The transitions in few bundles: those that save most lines first, each transition in one of them.

    A move of a state to itself is no transition; it may stand in a bundle that has it anyway.
    """
    order = [event["name"] for event in machine["events"]]
    carries = {event["name"]: event["has_amount"] for event in machine["events"]}
    found = []
    for usual in (True, False):
        truth = {event: pairs for (event, kind), pairs in moves(machine).items() if kind == usual}
        left = {(event, s, t) for event, pairs in truth.items() for s, t in pairs if s != t}
        while left:
            best = max(_candidates(truth, left), key=lambda one: _gain(one, left))
            events, sources, targets = best
            left -= {(e, s, t) for e in events for s in sources for t in targets}
            events = tuple(sorted(events, key=order.index))
            found.append(Bundle(events, sources, targets, usual, any(carries[event] for event in events)))
    return sorted(found, key=lambda one: (order.index(one.events[0]), not one.usual, one.sources, one.targets))


_Ends = tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]


def _candidates(truth: dict[str, set[tuple[int, int]]], left: set[tuple[str, int, int]]) -> list[_Ends]:
    """Every bundle worth a thought: of one event or two, what two states have in common, and all states that have it."""
    found: list[_Ends] = []
    names = sorted({event for event, _, _ in left})
    for events in [(a,) for a in names] + [(a, b) for a in names for b in names if a < b]:
        rows: dict[int, set[int]] = {}
        for s, t in set.intersection(*(truth[event] for event in events)):
            if s == t or all((event, s, t) in left for event in events):
                rows.setdefault(s, set()).add(t)
        for common in {frozenset(rows[a] & rows[b]) for a in rows for b in rows} - {frozenset()}:
            sources = tuple(sorted(s for s, targets in rows.items() if common <= targets and common != {s}))
            if sources:
                found.append((events, sources, tuple(sorted(common))))
    return found


def _gain(one: _Ends, left: set[tuple[str, int, int]]) -> tuple[int, int, _Ends]:
    events, sources, targets = one
    covered = sum((e, s, t) in left for e in events for s in sources for t in targets)
    return (covered - len(sources) - len(targets), covered, one) if covered else (-1000, 0, one)


def stays(machine: dict[str, Any]) -> list[list[str]]:
    """For every state the events that take effect in it and leave it where it is."""
    return [
        [
            event["name"]
            for event in machine["events"]
            if any(
                rule["event"] == event["name"]
                and rule["outcome"] == "applied"
                and rule["to"] in (None, state["name"])
                and state["name"] in rule["from"]
                for rule in machine["rules"]
            )
        ]
        for state in machine["states"]
    ]


def goal_of(machine: dict[str, Any]) -> int:
    """The number of the state that the drawing leads to; 0 where there is none."""
    names = [state["name"] for state in machine["states"]]
    goal = GOALS.get(machine["name"])
    return names.index(goal) if goal in names else 0


def columns(machine: dict[str, Any], drawn: Iterable[Bundle]) -> list[int]:
    """The column of every state: the way to the goal one after the other, the rest behind what leads to it."""
    goal, names = goal_of(machine), machine["states"]
    place = {state: state for state in range(goal + 1)}
    pairs = [(a, b, bundle.usual) for bundle in drawn for a in bundle.sources for b in bundle.targets if a != b]
    for state in range(goal + 1, len(names)):
        before = [place[a] for a, b, usual in pairs if usual and b == state and a < goal]
        if before:
            place[state] = 1 + max(before)
    for _ in names:
        for state in range(len(names)):
            known = [place[a] for a, b, _ in pairs if b == state and a != 0 and a in place]
            if state not in place and known:
                place[state] = 1 + min(known)
    return [place.get(state, 1) for state in range(len(names))]


@dataclass
class Port:
    """Where a line meets a box: coming in on an event, or going out on any."""

    side: int  # -1 left, 1 right
    track: Track | None  # None: the way out, which all tracks on that side share
    y: float = 0


@dataclass
class Track:
    bundle: Bundle
    channel: int  # it stands behind the column of this number
    x: float = 0


@dataclass
class Box:
    state: int
    column: int
    lines: list[str]  # what the state means, wrapped
    same: list[str]  # events that leave it as it is
    ports: list[Port] = field(default_factory=list)
    x: float = 0
    y: float = 0
    height: float = 0


@dataclass
class Plan:
    boxes: list[Box]
    tracks: list[Track]
    width: float
    height: float

    def way_out(self, box: Box, track: Track) -> Port:
        side = 1 if track.channel >= box.column else -1
        return next(port for port in box.ports if port.track is None and port.side == side)

    def way_in(self, box: Box, track: Track) -> Port:
        return next(port for port in box.ports if port.track is track)


def _channel(bundle: Bundle, column: Sequence[int], goal: int) -> int:
    """The channel with the shortest way; leaving to the left and coming from the right read badly, and cost more.

    A step of the way to the goal is best read from one column to the next.
    """
    steps = [s for s in bundle.sources if s < goal and s + 1 in bundle.targets and bundle.usual]

    def cost(channel: int) -> float:
        out = sum(channel - column[s] if channel >= column[s] else column[s] - channel - 0.6 for s in bundle.sources)
        into = sum(column[t] - 1 - channel if channel < column[t] else channel - column[t] + 0.7 for t in bundle.targets)
        return out + into + 0.5 * sum(channel != step for step in steps)

    return min(range(max(column) + 1), key=lambda channel: (cost(channel), channel))


def _wrap(text: str, letters: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def plan(machine: dict[str, Any], language: str) -> Plan:
    """Places for all boxes and tracks of a machine."""
    drawn = bundles(machine)
    column = columns(machine, drawn)
    tracks = [Track(bundle, _channel(bundle, column, goal_of(machine))) for bundle in drawn]
    notes = stays(machine)
    boxes = [
        Box(index, column[index], _wrap(state[language], BOX_LETTERS), notes[index])
        for index, state in enumerate(machine["states"])
    ]
    for box in boxes:
        _add_ports(box, tracks)
    height = _stack(boxes)
    order = _ordered(boxes, tracks)
    width = _spread(boxes, order)
    _sort_ports(boxes)
    return Plan(boxes, order, width, height)


def _add_ports(box: Box, tracks: Sequence[Track]) -> None:
    for side in (-1, 1):
        out = [t for t in tracks if box.state in t.bundle.sources and (t.channel >= box.column) == (side == 1)]
        if out:
            box.ports.append(Port(side, None))
        into = [t for t in tracks if box.state in t.bundle.targets and (t.channel >= box.column) == (side == 1)]
        box.ports += [Port(side, track) for track in into]


def _stack(boxes: Sequence[Box]) -> float:
    """Heights and rows, from top to bottom; the lower end."""
    y = float(HEAD)
    for box in boxes:
        text = 32 + 13 * (len(box.lines) + bool(box.same))
        ports = max(sum(port.side == side for port in box.ports) for side in (-1, 1))
        box.y, box.height = y, max(text, PORT_GAP * ports + 10)
        y += box.height + 12
    _sort_ports(boxes)
    return y


def _sort_ports(boxes: Sequence[Box]) -> None:
    """On each side: what comes from above, the nearest first; the way out; what comes from below, the nearest last."""

    def key(box: Box, port: Port) -> tuple[int, float]:
        if port.track is None:
            return 0, 0
        others = [s for s in (*port.track.bundle.sources, *port.track.bundle.targets) if s != box.state] or [box.state]
        below = sum(others) > box.state * len(others)
        away = port.side * (port.track.x - box.x)
        return (1, -away) if below else (-1, away)

    for box in boxes:
        for side in (-1, 1):
            ports = [
                port
                for _, port in sorted(
                    ((key(box, port), port) for port in box.ports if port.side == side), key=lambda one: one[0]
                )
            ]
            top = box.y + box.height / 2 - PORT_GAP * (len(ports) - 1) / 2
            for index, port in enumerate(ports):
                port.y = top + PORT_GAP * index


def _ends(boxes: Sequence[Box], track: Track) -> list[tuple[float, int]]:
    """The height of each level line at a track, and the side on which it lies."""
    made = Plan(list(boxes), [], 0, 0)
    found = []
    for state in track.bundle.sources:
        port = made.way_out(boxes[state], track)
        found.append((port.y, -port.side))
    for state in track.bundle.targets:
        port = made.way_in(boxes[state], track)
        found.append((port.y, -port.side))
    return found


def _ordered(boxes: Sequence[Box], tracks: Sequence[Track]) -> list[Track]:
    """The tracks of each channel in an order with few crossings: neighbours change places as long as that helps."""
    done: list[Track] = []
    for channel in range(max(box.column for box in boxes) + 1):
        here = [track for track in tracks if track.channel == channel]
        ends = {id(track): _ends(boxes, track) for track in here}
        for _ in here:
            for i in range(len(here) - 1):
                left, right = ends[id(here[i])], ends[id(here[i + 1])]
                if _crossings(right, left) < _crossings(left, right):
                    here[i], here[i + 1] = here[i + 1], here[i]
        done += here
    return done


def _crossings(left: Sequence[tuple[float, int]], right: Sequence[tuple[float, int]]) -> int:
    """How often two neighbours cross: level lines of the one to its far side, against the upright of the other."""

    def hits(ends: Sequence[tuple[float, int]], side: int, other: Sequence[tuple[float, int]]) -> int:
        low, high = min(y for y, _ in other), max(y for y, _ in other)
        return sum(towards == side and low <= y <= high for y, towards in ends)

    return hits(left, 1, right) + hits(right, -1, left)


def _spread(boxes: Sequence[Box], tracks: Sequence[Track]) -> float:
    """Columns and tracks from left to right, with room for the labels at the boxes; the right end."""
    x = float(MARGIN)
    for column in range(max(box.column for box in boxes) + 1):
        inside = [box for box in boxes if box.column == column]
        x += _label_room(inside, -1)
        for box in inside:
            box.x = x
        x += BOX_WIDTH + _label_room(inside, 1)
        for track in (track for track in tracks if track.channel == column):
            track.x = x + TRACK_GAP / 2
            x += TRACK_GAP
    return x + MARGIN


def _label_room(boxes: Iterable[Box], side: int) -> float:
    labels = [port.track.bundle.label for box in boxes for port in box.ports if port.side == side and port.track]
    return max((LETTER * len(label) + 22 for label in labels), default=TURN)
