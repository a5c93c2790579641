"""What the core and lower floors ask of higher ones, put in once, so that nothing imports upward (border/provided.hpp)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cuadre import _core
from cuadre.money import _cash


def _pydantic_schema(source: Any, handler: Any) -> Any:
    from cuadre.contrib.pydantic import money_schema  # pydantic is imported when a model asks, never before

    return money_schema(source, handler)


def _write_report(reconciliation: Any, path: Path) -> None:
    from cuadre.report import html  # the report is not needed to reconcile

    html.write(reconciliation, path)


_core.provide("to_cash", _cash.to_cash)
_core.provide("pydantic_schema", _pydantic_schema)
_core.provide("write_report", _write_report)
