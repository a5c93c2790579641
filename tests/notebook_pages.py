"""Runs the notebooks: for the tests, and as a script (``make notebooks``) into pages that a person opens.

A page is one HTML file in build/notebooks, with the code, its output and its pictures; it loads nothing from elsewhere.
"""

from __future__ import annotations

import html
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from places import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
PAGES = ROOT / "build/notebooks"
TIMEOUT_S = 180  # of one cell

STYLE = """
body { max-width: 68rem; margin: 2rem auto; padding: 0 1.5rem; font: 16px/1.55 system-ui, sans-serif; color: #1b2733; background: #fff; }
.text { max-width: 46rem; }
h1, h2 { line-height: 1.2; margin: 2rem 0 .8rem; }
code, pre { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
p code, li code { background: #eef1f4; padding: .1em .3em; border-radius: 3px; white-space: nowrap; }
.code { background: #f6f8fa; border-left: 3px solid #c9d3dc; padding: .1rem 1rem; margin: 1rem 0 .5rem; overflow-x: auto; }
.out { margin: .5rem 0 1.5rem; overflow-x: auto; }
.out img, .out svg { max-width: 100%; height: auto; }
.out pre { margin: .3rem 0; }
table { border-collapse: collapse; border: 0; font-size: 13px; }
th, td { padding: .25rem .7rem; border: 0; border-bottom: 1px solid #e3e8ec; text-align: right; }
th { border-bottom-color: #9aa7b2; }
"""


def execute(path: Path, folder: Path) -> Any:
    """The notebook with its output; it runs in a process of its own, in ``folder``. Raises what nbclient raises."""
    import jupytext
    import nbclient

    notebook = jupytext.read(path)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    client = nbclient.NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # it warns of a port that only this machine can reach
    )
    client.execute()
    return notebook


def page(notebook: Any, title: str) -> str:
    """One HTML page of an executed notebook. Raises nothing."""
    from markdown_it import MarkdownIt
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import PythonLexer

    formatter = HtmlFormatter(nowrap=True)
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(f'<div class="text">{MarkdownIt("commonmark").enable("table").render(cell.source)}</div>')
            continue
        parts.append(f'<div class="code"><pre>{highlight(cell.source, PythonLexer(), formatter)}</pre></div>')
        parts += [f'<div class="out">{shown(output)}</div>' for output in cell.outputs]
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        f"<style>{STYLE}{formatter.get_style_defs('.code')}</style>\n{chr(10).join(parts)}\n</html>\n"
    )


def shown(output: Any) -> str:
    """One output of a cell in the richest form that it has. Raises nothing."""
    data = output.get("data", {})
    if "text/html" in data:
        return str(data["text/html"])
    if "image/svg+xml" in data:
        return str(data["image/svg+xml"])
    if "image/png" in data:
        return f'<img alt="" src="data:image/png;base64,{data["image/png"].strip()}">'
    return f"<pre>{html.escape(output.get('text') or data.get('text/plain', ''))}</pre>"


def main() -> None:
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in NOTEBOOKS:
        started = time.monotonic()
        print(f"{path.relative_to(ROOT)} ...", end=" ", flush=True)
        with tempfile.TemporaryDirectory(prefix="cuadre-") as folder:
            text = page(execute(path, Path(folder)), path.stem)
        (PAGES / f"{path.stem}.html").write_text(text, encoding="utf-8")
        print(f"{time.monotonic() - started:.0f} s")
    print("\nOpen in a browser:", *(f"{PAGES.relative_to(ROOT)}/{path.stem}.html" for path in NOTEBOOKS), sep="\n  ")


if __name__ == "__main__":
    sys.exit(main())
