"""The report: one self-contained page that an accountant reads, prints and forwards.

from cuadre import report

report.write(result, "cuadre.html")                     # Spanish first; the page switches to English
report.render(result, language="en", title="March")     # the page as text
"""

from cuadre.report.html import render, write

__all__ = ["render", "write"]
