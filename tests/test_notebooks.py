"""Every notebook runs from top to bottom, in a process of its own, and becomes a page that loads nothing."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from notebook_pages import NOTEBOOKS, execute, page


def test_notebooks_found() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("jupytext", "nbclient", "ipykernel", "polars", "matplotlib"):
        pytest.importorskip(module)
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # what a notebook leaves behind goes with the test
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("MPLCONFIGDIR", os.environ.get("MPLCONFIGDIR", str(tmp_path)))
    notebook = execute(path, tmp_path)
    shown = [
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type != "stream"
    ]
    assert any("image/png" in output.get("data", {}) for output in shown), "the plot was not drawn"
    text = page(notebook, path.stem)
    assert "data:image/png;base64," in text
    assert not re.search(r"""(src|href)=["'](?!data:|#)|@import|url\((?!#)""", text), "the page loads something from elsewhere"
