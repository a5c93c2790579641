"""What every test run says first: which build was tested."""

from __future__ import annotations

import platform

from cuadre import _core


def pytest_report_header() -> str:
    facts = ", ".join(f"{name} {value}" for name, value in _core.build_info().items())
    return f"cuadre {_core.__version__} from {_core.__file__} ({facts}); Python {platform.python_version()}"
