"""Where the tests find things: the repository, and the real files and conformance suites beside it.

Those are not in a clone. A test that needs some is skipped without them, and fails where CUADRE_REQUIRE_DATA is set, as in CI:
what silently stops running proves nothing.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_DATA = ROOT / ".." / "shared" / "data"


def data(*parts: str) -> Path:
    """A file or folder of the shared data, for a test that is running."""
    path = _DATA.joinpath(*parts)
    if not path.exists():
        wanted = "/".join(("../shared/data", *parts))
        if os.environ.get("CUADRE_REQUIRE_DATA"):
            pytest.fail(f"{wanted} is not here, and CUADRE_REQUIRE_DATA says that it must be", pytrace=False)
        pytest.skip(f"{wanted} is not here: it stands beside the checkout")
    return path
