"""The README, CONTRIBUTING and the pages of ``cuadre help`` do what they show, and their tables, paths and links say what is there.

``pages.py`` says how a block is treated. The last test tampers with a small page: the checker must bite.
"""

from __future__ import annotations

import importlib
import pydoc
import re
import shlex
from pathlib import Path

import pytest

import cuadre
import house
from cuadre import cli
from pages import CHANGELOG, CONTRIBUTING, HELP, README, Broken, Page, table_after
from places import ROOT


def help_page(topic: str) -> str:
    [path] = [path for path in HELP if path.stem == topic]
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page() -> str:
    return README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def matching() -> str:
    return help_page("matching")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("path", [README, CONTRIBUTING, *HELP], ids=lambda path: path.stem)
def test_page_runs(path: Path, folder: Path) -> None:
    for module in ("duckdb", "pandas", "polars", "pyarrow"):
        pytest.importorskip(module)
    Page(folder).run(path.read_text(encoding="utf-8"))
    assert path != README or (folder / "report.html").stat().st_size > 0


def test_readme_is_read_in_five_minutes(page: str) -> None:
    assert len(page.splitlines()) <= 260


def test_readme_exit_codes(page: str) -> None:
    assert cli.summary() in page


def test_readme_speed(page: str) -> None:
    """The few figures of the README are among those of the whole measurement."""
    measured = {cell for line in help_page("speed").splitlines() for cell in line.split()}
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
    assert [room for room, _ in rows] == [room for room in house.FLOORS if room in dict(rows)]
    for number, (floor, folder) in enumerate(FLOORS.items()):
        listed = {room for room, cells in rows if cells[number] == "●"}
        here = {path.name for path in (ROOT / folder).iterdir() if path.is_dir() and not path.name.startswith((".", "_"))}
        if floor == "headers":  # base is error.hpp and build.hpp
            here |= {path.stem for path in (ROOT / folder).glob("*.hpp")} - {"error", "build"}
        assert listed == here - HELPERS, floor


PLACES = re.compile(r"`((?:cpp|python|tests|notebooks|\.ci|\.github)/[^`\s]*)`")


@pytest.mark.parametrize("path", [README, CONTRIBUTING, *HELP], ids=lambda path: path.stem)
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
            if not line.lstrip().startswith(("//", "# ")) or "http" in line:
                continue
            for named in re.findall(r"(?<![\w/.<>*])[\w/]+\.(?:[ch]pp|py)\b", line):
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


@pytest.mark.parametrize("path", [README, *HELP], ids=lambda path: path.stem)
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
