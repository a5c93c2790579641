"""What is known of one gateway stands in its own files: no other source compares with a gateway's name, or lists one."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from cuadre import _core

ROOT = Path(__file__).parents[2]
CPP, PYTHON = ROOT / "cpp", ROOT / "python" / "cuadre"
DECLARED = CPP / "src" / "gateways"
FOLDERS = PYTHON / "gateways"
IN_CORE = _core.gateway_names()
NAMES = {*IN_CORE, *(path.parent.name for path in FOLDERS.glob("*/profile.toml"))}

_CPP_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"\((?P<raw>.*?)\)"|"(?P<text>(?:[^"\\\n]|\\.)*)"|(?P<name>[A-Za-z_]\w*)|\'(?:[^\'\\\n]|\\.)\'',
    re.DOTALL,
)
_LIST = re.compile(r"\w+(?:[\s,|;]+\w+)*")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


def in_text(text: str) -> set[str]:
    """Names in a text that is nothing but words: one name, or a list. A sentence or an address is neither."""
    words = re.split(r"[\s,|;]+", text.strip().casefold())
    return NAMES.intersection(words) if _LIST.fullmatch(text.strip()) else set()


def in_identifier(name: str) -> set[str]:
    """Names of the core's gateways in an identifier: payu_amount, kMercadoPago."""
    parts = [part.casefold() for part in _PART.findall(name)]
    spans = {"".join(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1)}
    return {gateway for gateway in IN_CORE if gateway.replace("_", "") in spans}


def in_cpp(source: str) -> set[str]:
    found: set[str] = set()
    for token in _CPP_TOKEN.finditer(source):
        for text in (token["raw"], token["text"]):
            found |= in_text(text) if text else set()
        found |= in_identifier(token["name"]) if token["name"] else set()
    return found


def in_python(source: str) -> set[str]:
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            found |= in_text(node.value)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        found |= in_identifier(token.string) if token.type == tokenize.NAME else set()
    return found


def sources() -> Iterator[Path]:
    own = {DECLARED / f"{name}.cpp" for name in IN_CORE} | {DECLARED / "declare.hpp"}  # and the one list
    for room in ("include", "src", "bindings"):
        yield from (path for path in (CPP / room).rglob("*.[ch]pp") if path not in own)
    yield from (path for path in PYTHON.rglob("*.py") if not (path.is_relative_to(FOLDERS) and path.parent.name in NAMES))


def test_no_other_source_knows_a_gateway_by_name():
    seen = 0
    for path in sources():
        text = path.read_text(encoding="utf-8")
        found = in_cpp(text) if path.suffix in (".cpp", ".hpp") else in_python(text)
        assert not found, f"{path.relative_to(ROOT)} knows {', '.join(sorted(found))} by name: say it in the gateway's own file"
        seen += 1
    assert seen > 200


@pytest.mark.parametrize(
    "line",
    [
        'if (map.gateway == "stripe") return;',
        'constexpr std::string_view kIds[] = {"operationNumber", "wompi"};',
        'constexpr auto kAll = "payu kushki";',
        "TwoDecimals payu_amount(std::string_view text);",
        'constexpr std::string_view kMercadoPagoPages = "";',
    ],
)
def test_a_name_in_the_core_is_found(line: str):
    assert in_cpp(line)


@pytest.mark.parametrize(
    "line", ['IDS = {"pagoefectivo": "operationNumber"}', 'if gateway == "payu": ...', 'MAIN = "payu, wompi"', "payu_rows = 1"]
)
def test_a_name_in_python_is_found(line: str):
    assert in_python(line)


def test_comments_docstrings_and_examples_do_not_count():
    assert not in_cpp('// as "payu" does\nrefuse("say which gateway: gateway=\\"payu\\""); /* kPayu */')
    assert not in_cpp('constexpr std::string_view kPage = "https://docs.dlocal.com/docs/peru";')
    assert not in_python('"""verify("payu")"""\n# payu\nTEXT = "cuadre verify payu body.json --secret-env X"\n')


def test_every_gateway_of_the_core_has_its_file():
    files = {path.stem for path in DECLARED.glob("*.cpp")} - {"gateways"}
    assert files == set(IN_CORE)
