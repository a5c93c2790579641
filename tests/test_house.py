"""The house stands: no line looks upward, nothing goes round in a circle, and bindings see public headers only."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import house
import places


def test_no_line_looks_upward() -> None:
    assert not house.faults(places.ROOT), "\n" + "\n".join(house.faults(places.ROOT))


def test_every_room_is_on_the_list() -> None:
    folders = ("cpp/include/cuadre", "cpp/src", "cpp/bindings", "cpp/tests", "cpp/fuzz", "python/cuadre")
    shared = {"border", "corpus", "__pycache__"}
    here = {place.name for folder in folders for place in (places.ROOT / folder).iterdir() if place.is_dir()}
    assert here - shared <= set(house.FLOORS)


def test_contributing_names_the_floors_in_order() -> None:
    page = (places.ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^    (?:then, in Python only: )?(\w+(?:, \w+)+)$", page, re.MULTILINE)
    later = {"_core", "store", "shop", house.FACE}  # what is ground to all, not there yet, or no folder
    assert ", ".join(rows).split(", ") == [room for room in house.FLOORS if "/" not in room and room not in later]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small house with a room on every floor it needs."""
    root = tmp_path_factory.mktemp("house")
    files = {
        "cpp/include/cuadre/error.hpp": "#pragma once\n",
        "cpp/include/cuadre/money.hpp": '#include "cuadre/error.hpp"\n',
        "cpp/include/cuadre/settlement.hpp": '#include "cuadre/money.hpp"\n',
        "cpp/src/base/text.hpp": "#pragma once\n#include <string>\n",
        "cpp/src/base/text.cpp": '// Text.\n#include "base/text.hpp"\n',
        "cpp/src/money/column/kernels.hpp": '#include "cuadre/money.hpp"\n',
        "cpp/src/money/money.cpp": '#include "cuadre/money.hpp"\n',
        "cpp/src/settlement/rows.hpp": '#include "base/text.hpp"\n#include "cuadre/settlement.hpp"\n',
        "cpp/bindings/border/errors.cpp": '#include "cuadre/error.hpp"\nauto a = import("cuadre.errors");\n',
        "cpp/bindings/money/money.cpp": '#include "cuadre/money.hpp"\n',
        "cpp/tests/money/money_test.cpp": '#include "money/column/kernels.hpp"\n',
        "cpp/fuzz/replay_main.cpp": '#include "settlement/rows.hpp"\n',
        "python/cuadre/__init__.py": "from cuadre import errors, money\n",
        "python/cuadre/errors.py": "",
        "python/cuadre/_core.pyi": "",
        "python/cuadre/base/text.py": "from cuadre import _core, errors\n",
        "python/cuadre/money/__init__.py": "from cuadre.base import text\n\n\ndef late() -> None:\n    from cuadre.money import taxes\n",
        "python/cuadre/money/taxes.py": "from cuadre.base import text\n",
        "python/cuadre/voucher/__init__.py": "from cuadre.money import taxes\n",
        "python/cuadre/cli/__init__.py": "import cuadre\nimport cuadre.money.taxes\n",
    }
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


def test_a_sound_house_has_no_faults(sound: Path) -> None:
    assert house.faults(sound) == []
    assert len(house.includes(sound)[0]) == 11
    assert len(house.imports(sound)) == 10


@pytest.mark.parametrize(
    ("path", "line", "said"),
    [
        ("cpp/src/base/text.cpp", '#include "settlement/rows.hpp"', ["cpp/src/base/text.cpp:3: ", "of settlement, above base"]),
        ("cpp/src/base/text.cpp", ' #  include  "cuadre/money.hpp"', ["cpp/src/base/text.cpp:3: ", "of money, above base"]),
        ("cpp/src/money/money.cpp", '#include "money/column/kernels.hpp"', ["money.cpp:2: ", "of money/column, above money"]),
        ("cpp/include/cuadre/money.hpp", '#include "cuadre/settlement.hpp"', ["money.hpp:2: ", "above money", "a circle"]),
        ("cpp/include/cuadre/error.hpp", '#include "cuadre/money.hpp"', ["error.hpp:2: ", "of money, above base"]),
        ("cpp/include/cuadre/money.hpp", '#include "base/text.hpp"', ["money.hpp:2: ", "in none of cpp/include"]),
        ("cpp/bindings/money/money.cpp", '#include "base/text.hpp"', ["money.cpp:2: ", "in none of cpp/include, cpp/bindings"]),
        ("cpp/bindings/border/errors.cpp", '#include "cuadre/money.hpp"', ["errors.cpp:3: ", "of money, above table"]),
        ("cpp/bindings/money/money.cpp", 'auto b = module_::import("cuadre.money.fees");', ["money.cpp:2: cuadre.money.fees"]),
        ("cpp/bindings/money/money.cpp", 'PyImport_ImportModule("cuadre.base.text")', ["money.cpp:2: cuadre.base.text"]),
        ("cpp/tests/money/money_test.cpp", '#include "settlement/rows.hpp"', ["money_test.cpp:2: ", "above money/column"]),
        ("cpp/src/cash/till.cpp", '#include "base/text.hpp"', ["cpp/src/cash/till.cpp stands in no room"]),
        ("python/cuadre/base/text.py", "from cuadre.money import taxes", ["text.py:2: ", "of money, above base", "a circle"]),
        (
            "python/cuadre/money/taxes.py",
            "def f():\n    from cuadre import voucher",
            ["taxes.py:3: ", "of voucher, above money"],
        ),
        ("python/cuadre/money/taxes.py", "if TYPE_CHECKING:\n    import cuadre.cli", ["taxes.py:3: ", "of cli, above money"]),
        ("python/cuadre/money/taxes.py", "import cuadre", ["taxes.py:2: ", "of the package itself, above money"]),
        ("python/cuadre/money/taxes.py", "from cuadre.money import Fee", ["a circle"]),
        ("python/cuadre/till.py", "from cuadre import cli", ["till.py:1: ", "of cli, above the package itself"]),
        ("python/cuadre/cash/till.py", "from cuadre import errors", ["python/cuadre/cash/till.py stands in no room"]),
    ],
)
def test_a_planted_line_is_found(sound: Path, tmp_path: Path, path: str, line: str, said: list[str]) -> None:
    root = tmp_path / "house"
    shutil.copytree(sound, root)
    file = root / path
    file.parent.mkdir(exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + line + "\n")
    faults = "\n".join(house.faults(root))
    for words in said:
        assert words in faults


def test_a_type_has_one_definition(tmp_path: Path) -> None:
    assert house.type_twins(places.ROOT) == []
    (tmp_path / "cpp/src/money").mkdir(parents=True)
    twin = "namespace cuadre {{\n{}struct Row {{\n  int at = 0;\n}};\n{}}}  // namespace cuadre\n"
    (tmp_path / "cpp/src/money/one.hpp").write_text(twin.format("", ""))
    (tmp_path / "cpp/src/money/other.cpp").write_text(twin.format("namespace {\n", "}  // namespace\n"))
    (tmp_path / "cpp/src/money/third.cpp").write_text("namespace cuadre {\nstruct Row;\n}  // namespace cuadre\n")
    assert house.type_twins(tmp_path) == []
    (tmp_path / "cpp/src/money/other.cpp").write_text(twin.format("", ""))
    assert house.type_twins(tmp_path) == ["cuadre::Row is defined in cpp/src/money/one.hpp and in cpp/src/money/other.cpp"]


def test_missing_data_is_a_skip_and_in_ci_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_DATA", tmp_path)
    monkeypatch.delenv("CUADRE_REQUIRE_DATA", raising=False)
    assert places.data() == tmp_path
    with pytest.raises(pytest.skip.Exception, match=r"shared/data/money/x\.json is not here"):
        places.data("money", "x.json")
    monkeypatch.setenv("CUADRE_REQUIRE_DATA", "1")
    with pytest.raises(pytest.fail.Exception, match=r"shared/data/money/x\.json is not here"):
        places.data("money", "x.json")
