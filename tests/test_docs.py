"""The README and the pages of ``cuadre help`` do what they show: every fenced block runs, in order, a folder for each page, and tables say
what the code does.

How a block is treated follows from its fence:

    csv, toml   title="NAME" writes the file (encoding="latin-1" where it says so); a toml block must be a sound layout
    console     every `$ cuadre ...` runs; output and exit code (0, or what `$ echo $?` shows) must be the ones printed
    python      runs in one namespace; what it prints must be the `text` block after it
    bash        nothing runs, but its make targets, presets and paths must exist, and `cuadre` must take its arguments
    text        the output of the python block before it

Anything else is a fault of the page. The last test tampers with small pages: the checker must bite.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import itertools
import json
import os
import pydoc
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cuadre
from cuadre import _core, cli, errors
from cuadre.cli import help
from cuadre.layouts import Layout

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / ".github/CONTRIBUTING.md"
CHANGELOG = ROOT / ".github/CHANGELOG.md"
HELP = Path(help.__file__).parent
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
        case ["make", *wanted] if wanted and set(wanted) <= targets:
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


@pytest.fixture(scope="module")
def page() -> str:
    return README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def matching() -> str:
    return (HELP / "matching.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", [README, CONTRIBUTING, *sorted(HELP.glob("*.md"))], ids=lambda path: path.stem)
def test_page_runs(path: Path, folder: Path) -> None:
    for module in ("duckdb", "pandas", "polars", "pyarrow"):
        pytest.importorskip(module)
    Page(folder).run(path.read_text(encoding="utf-8"))
    assert path != README or (folder / "report.html").stat().st_size > 0


def test_readme_is_read_in_five_minutes(page: str) -> None:
    assert len(page.splitlines()) <= 260


# ---- cuadre help


def test_help_lists_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help"]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert listed == set(help.topics()) == {path.stem for path in HELP.glob("*.md")}
    assert listed >= {"money", "notifications", "vouchers", "layouts", "errors", "exit-codes"}


@pytest.mark.parametrize("topic", help.topics())
def test_help_is_whole(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", *topic.split("-")]) == 0
    out = capsys.readouterr().out
    assert "{{" not in out and "```" not in out and out.startswith(topic.replace("-", " ").upper() + ": ")


def test_help_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["help", "mony"]) == 2
    assert 'did you mean "money"?' in capsys.readouterr().err


def test_help_says_what_the_tables_say() -> None:
    """Each page holds all of the tables that it is made from."""
    shown = {topic: "\n".join(help.page(topic)) for topic in help.topics()}
    for code, kind in errors.CLASSES.items():
        assert f"{code}: " in shown["errors"] and kind.__name__ in shown["errors"]
    for reason in _core.signature_reasons():
        assert reason in shown["notifications"]
    for scheme in _core.schemes():
        assert scheme["gateway"] in shown["notifications"] or not scheme["incoming"]
    for machine in _core.machines():
        for state in machine["states"]:
            assert f"{state['name']} " in shown["vouchers"] and state["en"] in shown["vouchers"]
    for name, meaning in _core.rounding_modes():
        assert f"{name} " in shown["money"] and meaning in shown["money"]
    for name in cuadre.settlement.layouts():
        assert name in shown["layouts"]
    for code in cli.Exit:
        assert f"{code:d} " in shown["exit-codes"] and code.brief in shown["exit-codes"]


def test_readme_exit_codes(page: str) -> None:
    assert cli.summary() in page


def test_readme_speed(page: str) -> None:
    """The few figures of the README are among those of the whole measurement."""
    measured = {cell for line in (HELP / "speed.md").read_text(encoding="utf-8").splitlines() for cell in line.split()}
    shown = re.findall(r"[\d.,]*\d", " ".join(" ".join(row[1:]) for row in table_after(page, "| | cuadre | the others |")))
    assert set(shown) - {"128"} <= measured  # decimal128 is a name


def test_columns(matching: str, folder: Path) -> None:
    (folder / "day.csv").write_text("reference,amount,currency\nA,1.00,COP\n")
    result = cuadre.reconcile("day.csv", "day.csv")
    shown = {row[0].strip("`"): row[1].split(", ") for row in table_after(matching, "| table | columns |")}
    assert shown == {name: getattr(result, name).column_names for name in shown}
    public = {name for name in dir(result) if not name.startswith("_") and hasattr(getattr(result, name), "column_names")}
    assert set(shown) == public


def test_buckets(matching: str, folder: Path) -> None:
    """Every verdict of the table, provoked the way its row says."""
    header = "reference,amount,currency\n"
    ledger = ["m,1.00,COP", "d,1.00,COP", "c,1.00,COP", "t,1.00,COP", "r,1.00,COP", "r,1.00,COP", "l,1.00,COP", ",1.00,COP"]
    theirs = ["m,1.00,COP", "d,2.00,COP", "c,1.00,PEN", "t,1.00,COP", "t,1.00,COP", "r,1.00,COP", "s,1.00,COP"]
    Path("ours.csv").write_text(header + "\n".join(ledger) + "\n")
    Path("theirs.csv").write_text(header + "\n".join(theirs) + "\n")
    result = cuadre.reconcile("ours.csv", "theirs.csv")
    found = {row["reference"]: row["code"] for row in result.breaks.to_dicts()}
    assert found == {
        "d": "amount_differs",
        "c": "currency_differs",
        "t": "paid_twice",
        "r": "repeated_in_ledger",
        "l": "only_in_ledger",
        "s": "only_in_settlement",
    }
    shown = [row[1].split("`")[1] for row in table_after(matching, "| inside one key | verdict |")]
    rejected = [row["reason"] for row in result.rejects.to_dicts()]
    assert sorted(shown) == sorted({"matched", *found.values(), *rejected})


FLOORS = {
    "headers": "cpp/include/cuadre",
    "src": "cpp/src",
    "bindings": "cpp/bindings",
    "native tests": "cpp/tests",
    "fuzz": "cpp/fuzz",
    "Python": "python/cuadre",
    "tests": "tests",
}
HELPERS = {"border", "corpus", "oracles", "benchmarks"}  # what all rooms of one floor share


def test_readme_map(page: str) -> None:
    """The map in both directions: every room on every floor is listed, and what is listed is there."""
    heading = next(line for line in page.splitlines() if line.startswith("| room |"))
    assert [cell.strip() for cell in heading.strip("|").split("|")][2:] == list(FLOORS)
    rows = [(row[0].strip("`"), row[2:]) for row in table_after(page, heading)]
    for number, (floor, folder) in enumerate(FLOORS.items()):
        listed = {room for room, cells in rows if cells[number] == "●"}
        here = {path.name for path in (ROOT / folder).iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
        if floor == "headers":  # base is error.hpp and build.hpp
            here |= {path.stem for path in (ROOT / folder).glob("*.hpp")} - {"error", "build"}
        assert listed == here - HELPERS, floor


PLACES = re.compile(r"`((?:cpp|python|tests|notebooks|\.ci|\.github)/[^`\s]*)`")


@pytest.mark.parametrize("path", [README, CONTRIBUTING, *sorted(HELP.glob("*.md"))], ids=lambda path: path.stem)
def test_paths(path: Path) -> None:
    """What a page names is there; `<name>` stands for any."""
    for place in PLACES.findall(path.read_text(encoding="utf-8")):
        assert list(ROOT.glob(re.sub(r"<\w+>", "*", place))), place


def test_comments_name_files_that_exist() -> None:
    """A file that a comment of the core or of the tests points to is there."""
    sources = [
        path
        for folder in ("cpp", "python", "tests")
        for kind in ("[ch]pp", "py")
        for path in (ROOT / folder).rglob(f"*.{kind}")
    ]
    places = [path.relative_to(ROOT).as_posix() for path in sources]
    for path in sources:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            comment = line.partition("//" if path.suffix != ".py" else "#")[2]
            for named in re.findall(r"(?<![\w/.<>*])[\w/]+\.(?:[ch]pp|py)\b", "" if "http" in line else comment):
                assert any(f"/{place}".endswith(f"/{named}") for place in places), f"{path.name}:{number}: {named}"


@pytest.mark.parametrize("path", [README, CONTRIBUTING, CHANGELOG], ids=lambda path: path.stem)
def test_links(path: Path) -> None:
    for link in re.findall(r"\]\(([^)]*)\)", path.read_text(encoding="utf-8")):
        name, _, anchor = link.partition("#")
        if not name.startswith("https://"):
            assert anchor in {"", *anchors(path.parent / name if name else path)}, link


def anchors(path: Path) -> set[str]:
    """What the headings of a page are called in links."""
    headings = [line.lstrip("# ") for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


ASKING = {"help", "rules", "gateways", "layouts", "machines"}  # commands that need no file: they run where prose names them


@pytest.mark.parametrize("path", [README, *sorted(HELP.glob("*.md"))], ids=lambda path: path.stem)
def test_commands_in_prose(path: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = " ".join(path.read_text(encoding="utf-8").split())
    for command in re.findall(r"`cuadre ([^`]+)`", text):
        words = shlex.split(command)
        if words[0] in ASKING and "NAME" not in words:
            assert cli.main(words) == 0, command
        elif len(words) > 1:
            cli.parser().parse_args(words)
    for name in re.findall(r"`python -m pydoc ([\w.]+)`", text):
        assert pydoc.locate(name), name
    assert capsys.readouterr().err == ""


INNER = {"base", "cli", "report"}  # rooms that nobody imports from outside


def test_pydoc_names_every_module() -> None:
    here = {
        path.stem for path in Path(cuadre.__file__).parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    named = set(re.findall(r"^``cuadre\.(\w+)``", cuadre.__doc__ or "", re.MULTILINE)) - {"reconcile"}
    assert named == {name for name in here if not name.startswith("_")} - INNER - {"matching"}
    for name in named:
        assert importlib.import_module(f"cuadre.{name}").__doc__, name


SMALL = """
```csv title="a.csv"
reference,amount,currency
A,1.00,COP
```

```toml title="own.toml"
kind = "delimited"
reference = { at = "reference" }
amount = { at = "amount" }
currency = { default = "COP" }
```

```console
$ cuadre inspect a.csv --layout own.toml
a.csv: read whole: 1 row worth COP 1.00; the file declares no totals to compare
  layout: own; 37 bytes
$ cuadre inspect missing.csv
cuadre: missing.csv: there is no such file [file_missing]
$ echo $?
2
```

```python
import cuadre
print(cuadre.reconcile("a.csv", "a.csv"))
```

```text
1 matched, 0 breaks, nothing dropped: proof holds
```

```bash
make test && cd cpp && cmake --preset asan  # a comment
```
"""


def test_checker_passes(folder: Path) -> None:
    Page(folder).run(SMALL)


@pytest.mark.parametrize(
    ("honest", "tampered"),
    [
        ("A,1.00,COP", "A,1.01,COP"),
        ("worth COP 1.00;", "worth COP 1.01;"),
        ("  layout: own; 37 bytes\n", ""),
        ("$ echo $?\n2\n", "$ echo $?\n1\n"),
        ("$ echo $?\n2\n", ""),
        ("2\n```", "2\n$ cuadre inspect missing.csv\n```"),
        ("$ cuadre inspect missing.csv", "$ rm missing.csv"),
        ('at = "amount"', 'att = "amount"'),
        ('kind = "delimited"', "kind = delimited"),
        ('title="a.csv"', ""),
        ("1 matched, 0 breaks", "2 matched, 0 breaks"),
        ("```text\n1 matched, 0 breaks, nothing dropped: proof holds\n```\n", ""),
        ('reconcile("a.csv", "a.csv")', 'reconcile("a.csv", "b.csv")'),
        ("```python", "```text"),
        ("```python", "```py"),
        ("make test", "make tests"),
        ("--preset asan", "--preset asam"),
        ("cd cpp", "cd cxx"),
        ("make test &&", "cuadre inspect --form x &&"),
        ("# a comment\n```", "# a comment\n"),
    ],
)
def test_checker_bites(folder: Path, honest: str, tampered: str) -> None:
    assert honest in SMALL
    with pytest.raises(Broken):
        Page(folder).run(SMALL.replace(honest, tampered, 1))
