"""The surface: what `import cuadre` offers and costs, the stub against the binary, and how the binary is linked."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import cuadre
from cuadre import _core

ROOT = Path(__file__).resolve().parents[1]
STUB = Path(cuadre.__file__).with_name("_core.pyi")
HEAVY = {"asyncio", "pandas", "polars", "pyarrow", "duckdb", "numpy", "matplotlib", "multiprocessing", "unittest", "pybind11"}


def test_import_is_light() -> None:
    code = "import json, sys; before = set(sys.modules); import cuadre; print(json.dumps(sorted(set(sys.modules) - before)))"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & HEAVY
    assert loaded - {"cuadre"} <= sys.stdlib_module_names


def test_all_is_sorted_and_true() -> None:
    assert cuadre.__all__ == sorted(cuadre.__all__)
    assert all(hasattr(cuadre, name) for name in cuadre.__all__)


def test_typed() -> None:
    assert Path(cuadre.__file__).with_name("py.typed").is_file()


def test_one_version() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert declared == _core.__version__ == cuadre.__version__


# ---- the stub. stubtest sees names only, so parameter names are compared with pybind11's docstring signatures as well.


def stub_functions(text: str) -> dict[str, list[str]]:
    """The parameter names of every public callable in a stub, by dotted name."""
    found: dict[str, list[str]] = {}
    tree = ast.parse(text)
    for owner, nodes in [("", tree.body)] + [(n.name + ".", n.body) for n in tree.body if isinstance(n, ast.ClassDef)]:
        for node in nodes:
            if isinstance(node, ast.FunctionDef) and not any(ast.unparse(d) == "property" for d in node.decorator_list):
                arguments = node.args
                names = [a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
                found[owner + node.name] = [name for name in names if name != "self"]
    return found


def signature_in_docstring(name: str, doc: str) -> list[str] | None:
    """The parameter names pybind11 prints, or None where it prints none (or several overloads)."""
    first = doc.strip().splitlines()[0] if doc.strip() else ""
    if not first.startswith(f"{name}("):
        return None
    # Defaults such as <Kind.x: 1> are no Python; only names matter here.
    node = ast.parse("def " + re.sub(r"<[^<>]*>", "...", first) + ": ...").body[0]
    assert isinstance(node, ast.FunctionDef)
    arguments = node.args
    names = [a.arg for a in arguments.posonlyargs + arguments.args + arguments.kwonlyargs]
    return [found for found in names if found != "self"]


def differences(stub: str) -> list[str]:
    found = []
    for dotted, parameters in stub_functions(stub).items():
        owner, _, name = dotted.rpartition(".")
        if name.startswith("__") and name != "__init__":
            continue  # operators are called by position
        target: Any = getattr(_core, owner) if owner else _core
        bound = signature_in_docstring(name, inspect.getdoc(getattr(target, name, None)) or "")
        if bound is None and getattr(getattr(target, name, None), "__text_signature__", None):  # made without pybind11
            bound = [found for found in inspect.signature(getattr(target, name)).parameters if found != "self"]
        if bound is not None and bound != parameters:
            found.append(f"{dotted}: binary {bound}, stub {parameters}")
    return found


def stubtest(package: Path) -> list[str]:
    """What stubtest complains of. Bound classes have pybind11's metaclass, and two names are types for the reader only."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "cuadre._core", "--ignore-disjoint-bases", "--concise"],
        env=os.environ | {"MYPYPATH": str(package.parent)},
        cwd=package.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    expected = re.compile(
        r"is inconsistent, metaclass differs$"
        r"|^cuadre\._core\.(Amount|Cell|Exact|Locale|Outdated|Rounding|Sign) is not present at runtime$"
        r"|Money\.__r(divmod|floordiv|mod|sub|truediv)__ is not present in stub$"  # one slot serves both sides; these refuse
        r"|__init__ is inconsistent, stub does not have \*(args|\*kwargs) parameter"  # classes Python cannot construct
    )
    return [line for line in (done.stdout + done.stderr).splitlines() if not expected.search(line)]


def package_with(stub: str, folder: Path) -> Path:
    package = folder / "stubs" / "cuadre"
    package.mkdir(parents=True)
    (package / "__init__.pyi").write_text("")
    (package / "_core.pyi").write_text(stub)
    return package


def test_stub_parameter_names() -> None:
    assert differences(STUB.read_text()) == []


@pytest.mark.slow
def test_stub_presence(tmp_path: Path) -> None:
    assert stubtest(package_with(STUB.read_text(), tmp_path)) == []


@pytest.mark.slow
def test_canary_both_checks_bite(tmp_path: Path) -> None:
    stub = STUB.read_text()
    renamed = stub.replace("def parse_implied(text: str", "def parse_implied(words: str")
    assert renamed != stub and "Money.parse_implied" in differences(renamed)[0]
    said = stubtest(package_with(stub + "\ndef not_in_the_binary() -> None: ...\n", tmp_path))
    assert any("not_in_the_binary is not present at runtime" in line for line in said)


# ---- the binary


def readelf(*options: str) -> str:
    command = ["readelf", "-W", *options, str(_core.__file__)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_binary_is_hardened() -> None:
    segments = readelf("-l")
    assert "GNU_RELRO" in segments
    stack = re.search(r"GNU_STACK.*", segments)
    assert stack and "RWE" not in stack.group()
    assert "BIND_NOW" in readelf("-d")


def test_binary_exports_one_symbol() -> None:
    lines = [line.split() for line in readelf("--dyn-syms").splitlines()]
    exported = {
        line[7]
        for line in lines
        if len(line) > 7 and line[4] in ("GLOBAL", "UNIQUE") and line[5] == "DEFAULT" and line[6] != "UND"
    }
    assert exported == {"PyInit__core"}


def test_no_object_is_made_past_its_constructor() -> None:
    """pybind11 would hand out uninitialised memory."""
    bound = [value for value in vars(_core).values() if isinstance(value, type)]
    assert len(bound) > 10
    for kind in bound:
        with pytest.raises(TypeError):
            kind.__new__(kind)
