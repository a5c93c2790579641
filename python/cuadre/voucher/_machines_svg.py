"""A machine as a picture: SVG text without scripts, fonts or anything from elsewhere, in light and in dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from cuadre.voucher._machines_plan import BOX_LETTERS, BOX_WIDTH, GOALS, MARGIN, Box, Plan, Port, Track, goal_of, plan

_COLOURS = (
    "#2563eb",
    "#0d9488",
    "#c2410c",
    "#7c3aed",
    "#be185d",
    "#4d7c0f",
    "#0369a1",
    "#a16207",
    "#b91c1c",
    "#4f46e5",
    "#0f766e",
    "#9d174d",
)
_DARK = (
    "#7aa7ff",
    "#4fd1c0",
    "#fb923c",
    "#b794f6",
    "#f687b3",
    "#a3d95b",
    "#63c5f7",
    "#ecc94b",
    "#fc8181",
    "#a3a8ff",
    "#5eead4",
    "#f9a8d4",
)

_STYLE = """
.cuadre-machine{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;background:#fff;color:#1b2430;min-width:1000px;max-width:100%;height:auto}
.cuadre-machine text{fill:#1b2430;font-size:11px}
.cuadre-machine .title{font-size:17px;font-weight:600}
.cuadre-machine .soft{fill:#5b6675;font-size:10.5px}
.cuadre-machine .name{font-size:13px;font-weight:600}
.cuadre-machine .box{fill:#f4f6f9;stroke:#8a96a6;stroke-width:1.2}
.cuadre-machine .start{stroke-width:2.4}
.cuadre-machine .goal{fill:#dff5e6;stroke:#2f8f54;stroke-width:2}
.cuadre-machine .review{fill:#fff2d6;stroke:#c98a0a;stroke-width:1.6}
.cuadre-machine .mark{fill:#c98a0a}
.cuadre-machine .bang{fill:#fff;font-weight:700}
.cuadre-machine .way{fill:none;stroke:#2f8f54;stroke-opacity:.28;stroke-width:9;stroke-linecap:round;stroke-linejoin:round}
.cuadre-machine .line{fill:none;stroke-width:1.5}
.cuadre-machine .unusual .line{stroke-dasharray:5 3}
.cuadre-machine .lane{fill:none;stroke:#aab4c1;stroke-width:1.2}
.cuadre-machine .bundle:hover .line{stroke-width:3.5}
.cuadre-machine .bundle .event{font-size:10.5px;stroke:none}
"""
_STYLE_DARK = """
.cuadre-machine{background:#14181f;color:#e6eaf0}
.cuadre-machine text{fill:#e6eaf0}
.cuadre-machine .soft{fill:#9aa6b5}
.cuadre-machine .box{fill:#1f2630;stroke:#6b7787}
.cuadre-machine .goal{fill:#143524;stroke:#4cc27c}
.cuadre-machine .review{fill:#3a2c0c;stroke:#e0a526}
.cuadre-machine .mark{fill:#e0a526}
.cuadre-machine .bang{fill:#14181f}
.cuadre-machine .way{stroke:#4cc27c;stroke-opacity:.3}
.cuadre-machine .lane{stroke:#566172}
"""

_WORDS = {
    "en": {
        "title": "How a {} lives",
        "read": "From any state with a dot on a line, the event at the arrow leads to the state it points at.",
        "way": "the usual way to {}",
        "usual": "as expected",
        "unusual": "with a reason to look at",
        "from": "from here",
        "to": "to here, by amount and time",
        "review": "a person has to look",
        "stays": "stays on",
        "stays_many": "stays on {} events",
        "desc": "{} states, {} of them for a person to look at, and {} bundles of transitions.",
    },
    "es": {
        "title": "La vida de {}",
        "read": "Desde todo estado con un punto en una línea, el evento junto a la flecha lleva al estado que esta señala.",
        "way": "el camino usual a {}",
        "usual": "como se espera",
        "unusual": "con un motivo que revisar",
        "from": "desde aquí",
        "to": "hasta aquí, según monto y momento",
        "review": "una persona debe revisar",
        "stays": "sigue con",
        "stays_many": "sigue con {} eventos",
        "desc": "{} estados, {} de ellos para que una persona los revise, y {} haces de transiciones.",
    },
}
_NAMES_ES = {"voucher": "un código de pago", "refund": "una devolución", "payout": "un retiro en efectivo"}


def svg(machine: dict[str, Any], language: str) -> str:
    """The picture of one machine."""
    drawn = plan(machine, language)
    words = _WORDS[language]
    review = sum(state["review"] for state in machine["states"])
    name = _NAMES_ES.get(machine["name"], machine["name"]) if language == "es" else machine["name"]
    width, height = max(drawn.width, 900), drawn.height + 34
    ident = escape(f"cuadre-{machine['name']}-{language}")
    colours = {event["name"]: index % len(_COLOURS) for index, event in enumerate(machine["events"])}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cuadre-machine" role="img" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" lang="{language}" aria-labelledby="{ident}-title {ident}-desc">',
        f'<title id="{ident}-title">{escape(words["title"].format(name))}</title>',
        f'<desc id="{ident}-desc">{escape(words["desc"].format(len(machine["states"]), review, len(drawn.tracks)))}</desc>',
        f"<style>{_style()}</style>",
        f'<text class="title" x="{MARGIN}" y="32">{escape(words["title"].format(name))}</text>',
        f'<text class="soft" x="{MARGIN}" y="50">{escape(words["read"])}</text>',
        _way(machine, drawn),
        *(_lanes(box, drawn) for box in drawn.boxes),
        *(_bundle(track, drawn, machine, colours[track.bundle.events[0]]) for track in drawn.tracks),
        *(_box(box, machine, language) for box in drawn.boxes),
        _legend(machine, words, drawn.height + 8),
        "</svg>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _style() -> str:
    def coloured(colours: Iterable[str]) -> str:
        return "".join(
            f".cuadre-machine .c{i} .line{{stroke:{c}}}.cuadre-machine .c{i} .end,.cuadre-machine .c{i} .event{{fill:{c}}}\n"
            for i, c in enumerate(colours)
        )

    dark = _STYLE_DARK + coloured(_DARK)
    return f"{_STYLE}{coloured(_COLOURS)}@media (prefers-color-scheme:dark){{{dark}}}"


def _edge(box: Box, port: Port) -> float:
    return box.x + BOX_WIDTH if port.side == 1 else box.x


def _lanes(box: Box, drawn: Plan) -> str:
    """The way out of a box, which its tracks share: level, to the farthest of them."""
    lines = []
    for port in box.ports:
        if port.track is None:
            ends = [t.x for t in drawn.tracks if box.state in t.bundle.sources and drawn.way_out(box, t) is port]
            far = max(ends) if port.side == 1 else min(ends)
            lines.append(f'<path class="lane" d="M{_edge(box, port):.1f} {port.y:.1f}H{far:.1f}"/>')
    return "".join(lines)


def _bundle(track: Track, drawn: Plan, machine: dict[str, Any], colour: int) -> str:
    """The upright line, a dot for every state that it comes from, an arrow for every state that it goes to."""
    bundle, x = track.bundle, track.x
    outs = [drawn.way_out(drawn.boxes[state], track) for state in bundle.sources]
    ins = [(drawn.boxes[state], drawn.way_in(drawn.boxes[state], track)) for state in bundle.targets]
    heights = [port.y for port in outs] + [port.y for _, port in ins]
    parts = [f'<path class="line" d="M{x:.1f} {min(heights):.1f}V{max(heights):.1f}"/>']
    parts += [f'<circle class="end" cx="{x:.1f}" cy="{port.y:.1f}" r="3.4"/>' for port in outs]
    for box, port in ins:
        tip = _edge(box, port)
        away = port.side  # the line lies on that side of the box
        parts.append(f'<path class="line" d="M{x:.1f} {port.y:.1f}H{tip + 6 * away:.1f}"/>')
        parts.append(f'<path class="end" d="M{tip + away:.1f} {port.y:.1f}l{9 * away} -4.2v8.4z"/>')
        anchor = "start" if away == 1 else "end"
        parts.append(
            f'<text class="event" x="{tip + 13 * away:.1f}" y="{port.y - 4:.1f}" text-anchor="{anchor}">{escape(bundle.label)}</text>'
        )
    names = [state["name"] for state in machine["states"]]
    told = f"{bundle.label}: {', '.join(names[s] for s in bundle.sources)} → {', '.join(names[t] for t in bundle.targets)}"
    kind = "usual" if bundle.usual else "unusual"
    return f'<g class="bundle {kind} c{colour}"><title>{escape(told)}</title>{"".join(parts)}</g>'


def _box(box: Box, machine: dict[str, Any], language: str) -> str:
    state = machine["states"][box.state]
    goal = state["name"] == GOALS.get(machine["name"])
    kind = "review" if state["review"] else "goal" if goal else "start" if box.state == 0 else ""
    parts = [
        f'<rect class="box {kind}" x="{box.x:.1f}" y="{box.y:.1f}" width="{BOX_WIDTH}" height="{box.height:.1f}" rx="8"/>',
    ]
    y = box.y + 19
    parts.append(f'<text class="name" x="{box.x + 10:.1f}" y="{y:.1f}">{escape(state["name"])}</text>')
    if state["review"]:
        x = box.x + BOX_WIDTH - 15
        parts.append(f'<circle class="mark" cx="{x:.1f}" cy="{y - 4:.1f}" r="7.5"/>')
        parts.append(f'<text class="bang" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">!</text>')
    for line in box.lines:
        y += 13
        parts.append(f'<text class="soft" x="{box.x + 10:.1f}" y="{y:.1f}">{escape(line)}</text>')
    same = ", ".join(box.same)
    if same:
        shown = same if len(same) < BOX_LETTERS else _WORDS[language]["stays_many"].format(len(box.same))
        parts.append(f'<text class="soft" x="{box.x + 10:.1f}" y="{y + 13:.1f}">↻ {escape(shown)}</text>')
    told = f"{state['name']}: {state[language]}" + (f" ({_WORDS[language]['stays']}: {same})" if same else "")
    return f'<g class="state" data-state="{escape(state["name"])}"><title>{escape(told)}</title>{"".join(parts)}</g>'


def _way(machine: dict[str, Any], drawn: Plan) -> str:
    """The first states of the table up to the goal, one after the other, where a usual transition leads on."""
    lines = []
    for state in range(goal_of(machine)):
        track = next(
            (t for t in drawn.tracks if t.bundle.usual and state in t.bundle.sources and state + 1 in t.bundle.targets), None
        )
        if track:
            here, there = drawn.boxes[state], drawn.boxes[state + 1]
            out, into = drawn.way_out(here, track), drawn.way_in(there, track)
            lines.append(
                f"M{_edge(here, out):.1f} {out.y:.1f}H{track.x:.1f}V{into.y:.1f}H{_edge(there, into) + 5 * into.side:.1f}"
            )
    return f'<path class="way" d="{"".join(lines)}"/>' if lines else ""


def _legend(machine: dict[str, Any], words: dict[str, str], y: float) -> str:
    goal = GOALS.get(machine["name"], "")
    x = float(MARGIN)
    parts = []
    samples = (
        ('<path class="way" d="M{x} {y}h26"/>', words["way"].format(goal)),
        ('<path class="line" d="M{x} {y}h26"/>', words["usual"]),
        ('<g class="unusual"><path class="line" d="M{x} {y}h26"/></g>', words["unusual"]),
        ('<circle class="end" cx="{m}" cy="{y}" r="3.4"/>', words["from"]),
        ('<path class="end" d="M{x} {y}m22 0l-9 -4.2v8.4z"/>', words["to"]),
        ('<rect class="box review" x="{x}" y="{t}" width="26" height="14" rx="4"/>', words["review"]),
    )
    for sample, text in samples:
        parts.append(sample.format(x=f"{x:.1f}", y=f"{y:.1f}", m=f"{x + 13:.1f}", t=f"{y - 7:.1f}"))
        parts.append(f'<text class="soft" x="{x + 32:.1f}" y="{y + 4:.1f}">{escape(text)}</text>')
        x += 32 + 6.1 * len(text) + 18
    return f'<g class="legend c0">{"".join(parts)}</g>'
