"""What every test run says first: which build was tested. And the database server that some tests share."""

from __future__ import annotations

import platform
from collections.abc import Iterator

import pytest

import postgresql_server
from cuadre import _core


def pytest_report_header() -> str:
    facts = ", ".join(f"{name} {value}" for name, value in _core.build_info().items())
    return f"cuadre {_core.__version__} from {_core.__file__} ({facts}); Python {platform.python_version()}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The folder of the socket of a PostgreSQL that lives as long as the run."""
    programs = postgresql_server.programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: sudo apt-get install postgresql")
    with postgresql_server.running(programs) as socket:
        yield socket
