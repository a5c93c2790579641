"""Pages that are checked: the README, CONTRIBUTING and the pages of ``cuadre help`` do what they show.

Every fenced block runs, in order, in one folder. How a block is treated follows from its fence:

    csv, toml   title="NAME" writes the file (encoding="latin-1" where it says so); a toml block must be a sound layout
    console     every `$ cuadre ...` runs; output and exit code (0, or what `$ echo $?` shows) must be the ones printed
    python      runs in one namespace; what it prints must be the `text` block after it
    bash        nothing runs, but its make targets, presets and paths must exist, and `cuadre` must take its arguments
    text        the output of the python block before it

Anything else is a fault of the page.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cuadre import cli, errors
from cuadre.cli import help
from cuadre.layouts import Layout
from places import ROOT

README = ROOT / "README.md"
CONTRIBUTING = ROOT / ".github/CONTRIBUTING.md"
CHANGELOG = ROOT / ".github/CHANGELOG.md"
HELP = sorted(Path(help.__file__).parent.glob("*.md"))
FENCE = re.compile(r"^```(.*)$")
LANGUAGES = {"csv", "toml", "console", "python", "bash", "text"}


class Broken(AssertionError):
    """The page shows something that is not so."""


@dataclass
class Block:
    language: str
    attributes: dict[str, str]
    body: str
    line: int  # of the first line inside the fence


def blocks(page: str) -> list[Block]:
    found: list[Block] = []
    inside: list[str] | None = None
    for number, line in enumerate(page.splitlines(), 1):
        fence = FENCE.match(line)
        if inside is not None and line == "```":
            found[-1].body = "".join(f"{text}\n" for text in inside)
            inside = None
        elif inside is not None:
            inside.append(line)
        elif fence:
            language, _, rest = fence[1].partition(" ")
            if language not in LANGUAGES:
                raise Broken(f'line {number}: a block in "{language}", which nothing checks')
            found.append(Block(language, dict(re.findall(r'(\w+)="([^"]*)"', rest)), "", number + 1))
            inside = []
    if inside is not None:
        raise Broken(f"line {found[-1].line}: the block never ends")
    return found


class Page:
    """Runs the blocks of one page in a folder of their own, which must be the working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self.printed: str | None = None  # what the last python block printed and no text block has confirmed

    def run(self, page: str) -> None:
        for block in blocks(page):
            if self.printed and block.language != "text":
                raise Broken(
                    f"line {block.line}: the python block before it printed, and the page does not show it: {self.printed}"
                )
            getattr(self, f"run_{block.language}")(block)
        if self.printed:
            raise Broken(f"the last python block printed, and the page does not show it: {self.printed}")

    def run_csv(self, block: Block) -> None:
        if "title" not in block.attributes:
            raise Broken(f"line {block.line}: a file without a title")
        content = block.body.encode(block.attributes.get("encoding", "utf-8"))
        (self.folder / block.attributes["title"]).write_bytes(content)

    def run_toml(self, block: Block) -> None:
        try:
            if "title" in block.attributes:
                self.run_csv(block)
                Layout.load(self.folder / block.attributes["title"])
            else:
                Layout.load(tomllib.loads(block.body))
        except (errors.LayoutError, tomllib.TOMLDecodeError) as error:
            raise Broken(f"line {block.line}: not a layout: {error}") from error

    def run_console(self, block: Block) -> None:
        code = 0
        for line, command, output in sessions(block):
            if command == "echo $?":
                judge_code(line, code, int(output))
                code = 0
            else:
                judge_code(line, code, 0)  # of the command before, which the page does not ask about
                code = call(line, command, output)
        judge_code(block.line, code, 0)

    def run_python(self, block: Block) -> None:
        out = io.StringIO()
        source = "\n" * (block.line - 1) + block.body  # so that a traceback shows the page's line
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(source, "page", "exec"), self.namespace)
        except Exception as error:
            raise Broken(f"line {block.line}: the python block fails: {error!r}") from error
        self.printed = out.getvalue()

    def run_text(self, block: Block) -> None:
        if self.printed is None:
            raise Broken(f"line {block.line}: the output of nothing")
        compare(block.line, self.printed, block.body)
        self.printed = None

    def run_bash(self, block: Block) -> None:
        for number, line in enumerate(block.body.splitlines()):
            for command in re.split(r"&&", line.partition("#")[0]):
                if command.strip():
                    check_shell(block.line + number, shlex.split(command))


def sessions(block: Block) -> list[tuple[int, str, str]]:
    """Commands of a console block with what the page shows below them."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(block.body.splitlines(keepends=True)):
        if line.startswith("$ "):
            found.append((block.line + number, line[2:].strip(), ""))
        elif not found:
            raise Broken(f"line {block.line}: output before any command")
        else:
            found[-1] = (*found[-1][:2], found[-1][2] + line)
    return found


def call(line: int, command: str, output: str) -> int:
    """Runs one `cuadre ...`, compares what it says, and returns its exit code."""
    program, *arguments = shlex.split(command)
    if program != "cuadre":
        raise Broken(f'line {line}: "{program}" is not checked here')
    done = subprocess.run(
        [sys.executable, "-m", "cuadre", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
        check=False,
    )
    compare(line, done.stdout, output)
    return done.returncode


def judge_code(line: int, code: int, shown: int) -> None:
    if code != shown:
        raise Broken(f"line {line}: exit code {code} where the page shows {shown}")


def compare(line: int, found: str, shown: str) -> None:
    for number, pair in enumerate(itertools.zip_longest(found.splitlines(), shown.splitlines())):
        if pair[0] != pair[1]:
            raise Broken(f"line {line}, line {number + 1} of the output:\n  really: {pair[0]}\n  page:   {pair[1]}")


def check_shell(line: int, words: list[str]) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    presets = {preset["name"] for preset in json.loads((ROOT / "cpp/CMakePresets.json").read_text())["buildPresets"]}
    match words:
        case ["make", *wanted] if wanted and {word for word in wanted if "=" not in word} <= targets:
            return
        case ["cd", place] | [place] if (ROOT / place).exists():
            return
        case ["source", ".venv/bin/activate"]:
            return
        case ["cuadre", *arguments]:
            with contextlib.suppress(SystemExit):
                cli.parser().parse_args([argument for argument in arguments if not argument.startswith(">")])
                return
        case ["cmake", "--preset", preset] | ["cmake", "--build", "--preset", preset] | ["ctest", "--preset", preset]:
            if preset in presets:
                return
    raise Broken(f'line {line}: there is no "{" ".join(words)}" here')


def table_after(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table with this header row, without header and rule."""
    lines = page.splitlines()
    start = lines.index(heading)
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows
