"""The tables and their drawings: nothing in a picture that the rules do not say, nothing missing, nothing on top of anything."""

from __future__ import annotations

import copy
import itertools
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import places
from chromium import BINARY, Chromium
from cuadre import _core, errors, machines
from cuadre.voucher import _machines_plan, _machines_svg

ROOT = places.ROOT
HEADER = (ROOT / "cpp/include/cuadre/voucher/table.hpp").read_text(encoding="utf-8")
MACHINES = {machine["name"]: machine for machine in _core.machines()}
SVG = "{http://www.w3.org/2000/svg}"
each = pytest.mark.parametrize("name", list(MACHINES))


def declared(macro: str) -> list[str]:
    """The names in one of the header's lists, read as text."""
    start = HEADER.index(f"#define CUADRE_{macro}(X)")
    body = re.match(r"(?:.*\\\n)*.*\n", HEADER[start:])
    assert body
    return re.findall(r"^\s*X\((\w+),", body.group(), re.MULTILINE)


# ---- the data


@each
def test_states_and_events_are_those_of_the_header(name):
    assert [state["name"] for state in MACHINES[name]["states"]] == declared(f"{name.upper()}_STATES")
    assert [event["name"] for event in MACHINES[name]["events"]] == declared(f"{name.upper()}_EVENTS")
    assert all(item["en"] and item["es"] for part in ("states", "events") for item in MACHINES[name][part])


def test_words_are_those_of_the_header():
    words = machines.words()
    lists = {"accounts": "ACCOUNTS", "guards": "GUARDS", "bookings": "BOOKINGS", "reasons": "STEP_REASONS"}
    for part, macro in lists.items():
        assert [word["name"] for word in words[part]] == declared(macro)
    assert [word["name"] for word in words["outcomes"]] == ["applied", "duplicate", "stale", "quarantined", "refused"]
    assert all(word["en"] and word["es"] for part in ("outcomes", "reasons") for word in words[part])


@each
def test_every_pair_is_decided_and_every_word_known(name):
    machine, words = MACHINES[name], {part: {word["name"] for word in items} for part, items in machines.words().items()}
    for state, event in itertools.product(machine["states"], machine["events"]):
        rules = machines.table(name, state=state["name"], event=event["name"]).rows
        assert [rule["guard"] == "always" for rule in rules] == [False] * (len(rules) - 1) + [True]
        for rule in rules:
            assert rule["to"] is None or rule["to"] in {item["name"] for item in machine["states"]}
            for part in ("guard", "booking", "outcome", "reason"):
                assert rule[part] in words[part + "s"]


@each
def test_table_shows_itself(name):
    table = machines.table(name)
    assert len(table) == len(table.rows) == len(list(table)) and table.to_dicts() is table.rows
    assert repr(table) == f"<machine {name}: {len(table.states)} states, {len(table.events)} events, {len(table)} rules>"
    page = ET.fromstring(table._repr_html_())
    cells = [[cell for cell in row if cell.tag == "td"] for row in page.iter("tr")][1:]
    assert [len(row) for row in cells] == [len(table.events)] * len(table.states)
    assert all(len(cell) > 0 for row in cells for cell in row), "a pair of state and event without an answer"


def test_words_that_nobody_knows_are_told():
    for call in (
        lambda: machines.table("vouchers"),
        lambda: machines.table("voucher", state="settle"),
        lambda: machines.table("voucher", event="settle"),
        lambda: machines.table("voucher", language="fr"),
        lambda: machines.draw("voucher", "png"),
        lambda: machines.draw("voucher", language="de"),
    ):
        with pytest.raises(errors.ArgumentInvalidError, match="is called"):
            call()


# ---- what is drawn is what the rules say


def moves(machine: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {
        (rule["event"], source, rule["to"])
        for rule in machine["rules"]
        for source in rule["from"]
        if rule["to"] not in (None, source)
    }


def drawn_moves(machine: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Read from the picture's own text, not from the plan."""
    found = []
    for told in re.findall(r'<g class="bundle[^>]*><title>([^<]*)</title>', _machines_svg.svg(machine, "en")):
        events, ends = told.split(": ")
        sources, targets = ends.split(" → ")
        found += [move for move in itertools.product(events.split(", "), sources.split(", "), targets.split(", "))]
    return found


@each
def test_picture_has_every_transition_and_no_other(name):
    found = drawn_moves(MACHINES[name])
    assert {move for move in found if move[1] != move[2]} == moves(MACHINES[name])
    stays = {(rule["event"], s, s) for rule in MACHINES[name]["rules"] for s in rule["from"] if rule["to"] == s}
    assert {move for move in found if move[1] == move[2]} <= stays


@each
def test_picture_follows_a_changed_table(name):
    machine = copy.deepcopy(MACHINES[name])
    rule = next(rule for rule in machine["rules"] if rule["to"] and rule["from"] != [rule["to"]])
    rule["to"] = None
    assert set(drawn_moves(machine)) != set(drawn_moves(MACHINES[name]))
    assert {move for move in drawn_moves(machine) if move[1] != move[2]} == moves(machine)


@each
@pytest.mark.parametrize("language", ["en", "es"])
def test_text_is_narrow_and_has_every_transition(name, language):
    text = machines.draw(name, "text", language=language)
    assert max(map(len, text.splitlines())) <= 100
    found, state, event = set(), "", ""
    for line in text.splitlines():
        if re.match(r"[>! ] \w", line):
            state = line[2:]
        elif arrow := re.match(r"    (\w+) -+> ", line):
            event = arrow[1]
        targets = line.split("> ")[-1] if "-> " in line else line if re.match(r" {12}", line) else ""
        found |= {(event, state, target) for target in re.findall(r"\w+", targets)}
    assert {move for move in found if move[1] != move[2]} == moves(MACHINES[name])
    for item in MACHINES[name]["states"]:
        assert f"{'!' if item['review'] else '>' if item is MACHINES[name]['states'][0] else ' '} {item['name']}\n" in text


def test_same_picture_in_every_process():
    code = "from cuadre import machines; import sys; sys.stdout.write(''.join(machines.draw(n) for n in machines.names()))"
    runs = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert runs == {"".join(machines.draw(name) for name in machines.names()).encode()}


@each
def test_picture_is_inert_and_accessible(name):
    text = machines.draw(name)
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "g", "rect", "path", "circle", "text",
    }  # fmt: skip
    names = {attribute for element in root.iter() for attribute in element.attrib}
    assert not any(attribute.startswith("on") or "href" in attribute or attribute == "style" for attribute in names)
    assert "url(" not in text and "@import" not in text
    labelled = root.attrib["aria-labelledby"].split()
    assert [element.attrib["id"] for element in root[:2]] == labelled and root.attrib["role"] == "img"
    assert root[0].text and f"{len(MACHINES[name]['states'])} states" in (root[1].text or "")
    rules = re.sub(r"@media[^{]*\{", "", root.find(f"{SVG}style").text or "")
    assert all(rule.strip().startswith(".cuadre-machine") for rule in re.findall(r"[^{}]+(?=\{)", rules)), "a style leaks"


def test_text_of_others_is_escaped():
    machine = copy.deepcopy(MACHINES["payout"])
    nasty = "<script>alert(1)</script>&\"'"
    swap = {machine["states"][0]["name"]: nasty, machine["events"][0]["name"]: nasty}
    for item in (*machine["states"], *machine["events"]):
        item["name"], item["en"] = swap.get(item["name"], item["name"]), nasty
    for rule in machine["rules"]:
        rule["from"] = [swap.get(state, state) for state in rule["from"]]
        rule["to"], rule["event"] = swap.get(rule["to"], rule["to"]), swap.get(rule["event"], rule["event"])
    root = ET.fromstring(_machines_svg.svg(machine, "en"))
    assert not list(root.iter(f"{SVG}script"))
    assert any(element.text == nasty for element in root.iter(f"{SVG}text"))


def test_drawing_is_text_that_shows_and_saves_itself(tmp_path):
    import pickle

    svg, text = machines.draw("voucher"), machines.draw("voucher", "text")
    assert svg in svg._repr_html_() and text._repr_html_().startswith("<pre>")
    assert svg.save(tmp_path / "v.svg").read_text(encoding="utf-8") == svg
    again = pickle.loads(pickle.dumps(svg))
    assert again == svg and again.kind == "svg"
    with pytest.raises(errors.FileUnwritableError):
        svg.save(tmp_path)


# ---- nothing lies on anything, whatever the table

STATES, EVENTS = 7, 4


@st.composite
def tables(draw: Any) -> dict[str, Any]:
    rules = draw(
        st.lists(
            st.tuples(
                st.sets(st.integers(0, STATES - 1), min_size=1),
                st.integers(0, EVENTS - 1),
                st.one_of(st.none(), st.integers(0, STATES - 1)),
                st.booleans(),
            ),
            max_size=14,
        )
    )
    return {
        "name": draw(st.sampled_from(["voucher", "other"])),
        "states": [
            {"name": s, "review": s == "c", "en": "some words of it", "es": ""} for s in ["settled", *"abcdef"][:STATES]
        ],
        "events": [{"name": f"event_{e}", "has_amount": e == 0, "en": "x", "es": "x"} for e in range(EVENTS)],
        "rules": [
            {
                "from": [["settled", *"abcdef"][s] for s in sorted(sources)],
                "event": f"event_{event}",
                "to": None if to is None else ["settled", *"abcdef"][to],
                "outcome": "applied",
                "reason": "none" if usual else "reopened",
            }
            for sources, event, to, usual in rules
        ],
    }


def faults(plan: _machines_plan.Plan) -> Iterator[str]:
    rows = [(box.y, box.y + box.height) for box in plan.boxes]
    if any(above[1] >= below[0] for above, below in itertools.pairwise(rows)):
        yield "two boxes share a row"
    if len({track.x for track in plan.tracks}) != len(plan.tracks):
        yield "two tracks lie on each other"
    for track in plan.tracks:
        if any(box.x - 5 < track.x < box.x + _machines_plan.BOX_WIDTH + 5 for box in plan.boxes):
            yield "a track runs through a column of boxes"
    for box, (top, bottom) in zip(plan.boxes, rows, strict=True):
        for side in (-1, 1):
            heights = sorted(port.y for port in box.ports if port.side == side)
            if heights and not top < heights[0] <= heights[-1] < bottom:
                yield "a line misses its box"
            if any(b - a < 12 for a, b in itertools.pairwise(heights)):
                yield "two lines meet a box at one place"
        for port in box.ports:
            if port.track and (port.track.x - box.x > 0) != (port.side == 1):
                yield "a line comes in through the box"


@given(tables())
def test_no_table_makes_lines_and_boxes_collide(machine):
    assert list(faults(_machines_plan.plan(machine, "en"))) == []
    assert {move for move in drawn_moves(machine) if move[1] != move[2]} == moves(machine)


@each
def test_checks_of_places_bite(name):
    plan = _machines_plan.plan(MACHINES[name], "en")
    assert list(faults(plan)) == []
    plan.tracks[0].x = plan.boxes[-1].x + 10
    plan.boxes[1].y = plan.boxes[0].y
    assert {"a track runs through a column of boxes", "two boxes share a row"} <= set(faults(plan))


# ---- in a browser

BOXES = """(() => {
  const box = element => { const r = element.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
  const all = selector => [...document.querySelectorAll(selector)];
  return {
    states: all('g.state').map(g => ({name: g.dataset.state, rect: box(g.querySelector('rect')), label: g.querySelector('.name').textContent,
      seen: getComputedStyle(g.querySelector('.name')).visibility, texts: [...g.querySelectorAll('text')].map(box)})),
    labels: all('text.event').map(t => ({text: t.textContent, rect: box(t)})),
    legend: all('.legend text').map(box),
    page: box(document.documentElement), ink: getComputedStyle(document.querySelector('.name')).fill,
    paper: getComputedStyle(document.documentElement).backgroundColor,
  };
})()"""


def apart(one: list[float], other: list[float], gap: float = 0) -> bool:
    return one[2] <= other[0] + gap or other[2] <= one[0] + gap or one[3] <= other[1] + gap or other[3] <= one[1] + gap


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    found = Chromium(tmp_path_factory.mktemp("profile"))
    yield found
    found.close()


@pytest.mark.slow
@pytest.mark.skipif(BINARY is None, reason="needs Debian's chromium")
@pytest.mark.parametrize("language", ["en", "es"])
@each
def test_everything_can_be_read_in_a_browser(browser, tmp_path, name, language):
    browser.open(machines.draw(name, language=language).save(tmp_path / "machine.svg"))
    found = browser.run(BOXES)
    assert [state["label"] for state in found["states"]] == [state["name"] for state in MACHINES[name]["states"]]
    for state in found["states"]:
        assert state["seen"] == "visible"
        for left, top, right, bottom in state["texts"]:
            box = state["rect"]
            assert box[0] < left and right < box[2] and box[1] < top and bottom < box[3], (
                f"{state['name']}: text leaves its box"
            )
    rects = [state["rect"] for state in found["states"]]
    assert all(apart(a, b) for a, b in itertools.combinations(rects, 2))
    for label in found["labels"]:
        assert all(apart(label["rect"], rect) for rect in rects), f"{label['text']} lies on a box"
    for one, other in itertools.combinations(found["labels"], 2):
        assert apart(one["rect"], other["rect"], 2), f"{one['text']} and {other['text']} overlap"
    assert all(apart(a, b) for a, b in itertools.combinations(found["legend"], 2))
    page = found["page"]
    for rect in [*rects, *(label["rect"] for label in found["labels"]), *found["legend"]]:
        assert page[0] <= rect[0] and rect[2] <= page[2] and page[1] <= rect[1] and rect[3] <= page[3]
    asked = [e["params"]["request"]["url"] for e in browser.events if e["method"] == "Network.requestWillBeSent"]
    assert all(url.startswith("file:") for url in asked) and len(asked) == 1
    assert browser.run("document.scripts ? document.scripts.length : 0") == 0


@pytest.mark.slow
@pytest.mark.skipif(BINARY is None, reason="needs Debian's chromium")
def test_dark_is_dark(browser, tmp_path):
    seen = {}
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.open(machines.draw("voucher").save(tmp_path / "machine.svg"))
        seen[scheme] = browser.run(BOXES)
    brightness = {k: sum(map(int, re.findall(r"\d+", v["ink"])[:3])) for k, v in seen.items()}
    paper = {k: sum(map(int, re.findall(r"\d+", v["paper"])[:3])) for k, v in seen.items()}
    assert brightness["light"] < 200 < 600 < brightness["dark"]
    assert paper["dark"] < 150 < 700 < paper["light"]
