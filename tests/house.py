"""The floors of the house, ground first, and who looks upward. One list for C++ and Python; test_house.py holds it.

A room is a folder of one noun and stands at the same place in every tree: ``cpp/src/money``, ``cpp/include/cuadre/money.hpp``,
``cpp/tests/money``, ``python/cuadre/money`` ... A file may know its own room and those below it, never one above.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

CORE = (
    "base",
    "table",
    "money",
    "money/column",
    "document",
    "join",
    "settlement",
    "settlement/formats",
    "signature",
    "notification",
    "gateways",
    "matching",
    "voucher",
    "voucher/replay",
)
FACE = "the package itself"  # cuadre/__init__.py, and the modules beside it: the names that users import
FLOORS = ("_core", *CORE, "store", "shop", "report", "contrib", FACE, "sandbox", "cli")

# What does not stand in the folder of its room.
ROOM_OF = {
    "cpp/include/cuadre/error.hpp": "base",
    "cpp/include/cuadre/build.hpp": "base",
    "cpp/bindings/border": "table",  # what every binding needs: failures, moments, Arrow capsules
    "cpp/bindings/module.cpp": CORE[-1],
    "cpp/fuzz/replay_main.cpp": CORE[-1],
    "python/cuadre/_core.pyi": "_core",
    "python/cuadre/errors.py": "base",
    "python/cuadre/__main__.py": "cli",
}
TREES = {  # what an #include of a file in this tree may find, beside the folder of the file
    "cpp/include": ("cpp/include",),
    "cpp/src": ("cpp/include", "cpp/src"),
    "cpp/bindings": ("cpp/include", "cpp/bindings"),
    "cpp/tests": ("cpp/include", "cpp/src", "cpp/tests"),
    "cpp/fuzz": ("cpp/include", "cpp/src"),
}
IMPORTED_BY_THE_CORE = {"cuadre.errors", "cuadre._core"}  # the classes of failures, when one is raised; and itself
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]+)"', re.MULTILINE)
_MODULE = re.compile(r'(?i:import)\w*\(\s*"(cuadre(?:\.\w+)*)"')


class Line(NamedTuple):
    """One file naming another: at which line, and the file that is meant."""

    source: str
    line: int
    target: str


def room(path: str) -> str:
    """The room of a file, by its path from the root of the repository."""
    for place, known in ROOM_OF.items():
        if path == place or path.startswith(place + "/"):
            return known
    tree, _, rest = path.partition("/cuadre/") if "/cuadre/" in path else ("", "", "/".join(path.split("/")[2:]))
    stem = rest.rpartition(".")[0] or rest
    best = max((known for known in FLOORS if (stem + "/").startswith(known + "/")), key=len, default="")
    if not best and tree == "python" and "/" not in stem:
        return FACE
    if path.startswith(("cpp/bindings/", "cpp/tests/", "cpp/fuzz/")):  # there a room is not divided: it knows all of its own
        return max((known for known in FLOORS if known == best or known.startswith(best + "/")), key=FLOORS.index, default="")
    return best


def _line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def includes(root: Path) -> tuple[list[Line], list[str]]:
    """Every quoted #include, and what is wrong with those that find nothing they may see."""
    lines, faults = [], []
    for tree, seen in TREES.items():
        for file in sorted((root / tree).rglob("*.?pp")):
            path = file.relative_to(root).as_posix()
            text = file.read_text(encoding="utf-8")
            for found in _INCLUDE.finditer(text):
                line = _line_of(text, found.start())
                places = [file.parent / found[1], *(root / place / found[1] for place in seen)]
                target = next((place for place in places if place.is_file()), None)
                if target is None:
                    faults.append(f'{path}:{line}: "{found[1]}" is in none of {", ".join(seen)}: {tree} sees nothing else')
                else:
                    lines.append(Line(path, line, target.relative_to(root).as_posix()))
            if tree == "cpp/bindings":
                for found in _MODULE.finditer(text):
                    if found[1] not in IMPORTED_BY_THE_CORE:
                        why = "the core imports no module of ours; let Python provide it (border/provided.hpp)"
                        faults.append(f"{path}:{_line_of(text, found.start())}: {found[1]}: {why}")
    return lines, faults


def imports(root: Path) -> list[Line]:
    """Every import of a module of ours, also inside functions and for types alone."""
    package = root / "python"
    lines = []

    def file_of(module: str) -> str | None:
        base = package / Path(*module.split("."))
        for place in (base / "__init__.py", base.with_suffix(".py"), base.with_suffix(".pyi")):
            if place.is_file():
                return place.relative_to(root).as_posix()
        return None

    def targets(node: ast.stmt) -> Iterator[str | None]:
        if isinstance(node, ast.Import):
            yield from (file_of(alias.name) for alias in node.names if alias.name.partition(".")[0] == "cuadre")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "cuadre":
            for alias in node.names:
                yield file_of(f"{node.module}.{alias.name}") or file_of(str(node.module))

    for file in sorted((package / "cuadre").rglob("*.py")):
        path = file.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                lines += [Line(path, node.lineno, target) for target in targets(node) if target]
    return lines


def upward(lines: list[Line]) -> list[str]:
    """One sentence for each line that names a higher floor, or stands in no room."""
    faults = []
    for source, line, target in lines:
        here, there = room(source), room(target)
        if not here or not there:
            faults.append(
                f"{source if not here else target} stands in no room: give it one, or list the room in tests/house.py"
            )
        elif FLOORS.index(there) > FLOORS.index(here):
            faults.append(
                f"{source}:{line}: {target} is of {there}, above {here}: move what is needed down to {here} or below, or this file up"
            )
    return faults


def circles(lines: list[Line]) -> list[str]:
    """One sentence for each circle of files."""
    graph: dict[str, dict[str, int]] = {}
    for source, line, target in lines:
        if source != target:
            graph.setdefault(source, {}).setdefault(target, line)
    faults, done = [], set()

    def walk(file: str, path: list[str]) -> None:
        if file in path:
            way = [*path[path.index(file) :], file]
            shown = " -> ".join(f"{one}:{graph[one][two]}" for one, two in itertools.pairwise(way))
            faults.append(f"{shown} -> {file}: a circle: move what both need into a file of its own")
        elif file not in done:
            for target in graph.get(file, {}):
                walk(target, [*path, file])
            done.add(file)

    for file in graph:
        walk(file, [])
    return faults


def faults(root: Path) -> list[str]:
    """All that is wrong with the house at this root."""
    found, wrong = includes(root)
    imported = imports(root)
    judges: tuple[Callable[[list[Line]], list[str]], ...] = (upward, circles)
    return wrong + [fault for judge in judges for fault in judge(found) + judge(imported)]


def type_twins(root: Path) -> list[str]:
    """Types of the core that two files define under one name: the linker takes the members of either for both, unseen.

    Asked of the lines as clang-format leaves them; what stands in a namespace without a name belongs to its file alone.
    """
    files: dict[str, list[str]] = {}
    for path in sorted(path for tree in ("cpp/include", "cpp/src") for path in (root / tree).rglob("*.[ch]pp")):
        inside: list[str] = []
        for line in path.read_text(encoding="utf-8").splitlines():
            if opened := re.fullmatch(r"namespace ?([\w:]*) ?\{", line):
                inside.append(opened[1])
            elif line.startswith("}  // namespace"):
                inside.pop()
            elif (
                made := re.match(r"(?:struct|class|union|enum class) (\w+)\b(?!::)[^;<]*(?:\{.*)?$", line)
            ) and "" not in inside:
                files.setdefault("::".join([*inside, made[1]]), []).append(path.relative_to(root).as_posix())
    return [f"{name} is defined in {' and in '.join(places)}" for name, places in files.items() if len(places) > 1]
