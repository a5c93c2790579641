"""The repaired wheel in an empty environment: it brings what it needs, and it reconciles. And the sdist, of which others build."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SYSTEM = re.compile(r"^(lib(c|m|stdc\+\+|gcc_s|pthread|dl|rt)\.so\.\d+|ld-linux.*)$")

pytestmark = pytest.mark.slow


def newest_source() -> float:
    places = [ROOT / "pyproject.toml", ROOT / "CMakeLists.txt"]
    for folder in ("cpp", "python"):
        places += [p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".pyc"]
    return max(path.stat().st_mtime for path in places)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def built() -> list[Path]:
        return [w for w in (ROOT / "dist").glob("cuadre-*manylinux*.whl") if w.stat().st_mtime >= newest_source()]

    if not built():
        done = subprocess.run(["make", "wheel"], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return max(built(), key=lambda path: path.stat().st_mtime)


def test_sdist_lacks_nothing(wheel: Path) -> None:
    """Whoever compiles the sdist has each file that was compiled, packed or asked for here; and nothing that is not kept in git."""
    newest = max((ROOT / "dist").glob("cuadre-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    with tarfile.open(newest) as packed:
        inside = {member.name.partition("/")[2] for member in packed if member.isfile()} - {"PKG-INFO"}
    kept = set(subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())
    needed = {path for path in kept if path.startswith(("cpp/", "python/")) and not path.startswith("cpp/fuzz/corpus/")}
    assert inside >= needed | {"CMakeLists.txt", "pyproject.toml", "README.md", "LICENSE"}
    assert inside <= kept
    with zipfile.ZipFile(wheel) as packed_wheel:
        names = set(packed_wheel.namelist())
    assert names >= {path.removeprefix("python/") for path in kept if path.startswith("python/cuadre/")}


@pytest.fixture(scope="session")
def empty(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a virtual environment that holds the wheel and nothing else."""
    place = tmp_path_factory.mktemp("wheel") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    subprocess.run([str(place / "bin/pip"), "install", "-q", "--no-index", "--no-deps", str(wheel)], check=True)
    return place / "bin"


def test_wheel_needs_only_itself(empty: Path) -> None:
    [core] = empty.parent.rglob("_core*.so")
    brought = {path.name for path in core.parent.parent.joinpath("cuadre.libs").glob("*")}
    for binary in [core, *core.parent.parent.joinpath("cuadre.libs").glob("*.so*")]:
        text = subprocess.run(["readelf", "-d", str(binary)], capture_output=True, text=True, check=True).stdout
        for needed in re.findall(r"\(NEEDED\).*\[(.*)\]", text):
            assert needed in brought or SYSTEM.match(needed), f"{binary.name} needs {needed}"


def test_wheel_reconciles(empty: Path, tmp_path: Path) -> None:
    (tmp_path / "ledger.csv").write_text("reference,amount,currency,date\nA-1,10.50,PEN,2026-03-02\nA-2,3.00,PEN,2026-03-02\n")
    (tmp_path / "day.csv").write_text("reference,amount,currency,date\nA-1,10.50,PEN,2026-03-02\n")
    version = subprocess.run([str(empty / "cuadre"), "--version"], capture_output=True, text=True, check=True).stdout
    assert "openssl" in version and "simdjson" in version
    same = subprocess.run(
        [str(empty / "cuadre"), "reconcile", "day.csv", "day.csv"], cwd=tmp_path, capture_output=True, check=False
    )
    assert same.returncode == 0
    done = subprocess.run(
        [str(empty / "cuadre"), "reconcile", "ledger.csv", "day.csv"], cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 1
