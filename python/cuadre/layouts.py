import textwrap

from cuadre.settlement._layout import Layout, names, reference

__doc__ = f"""Layouts: what a file looks like, as a TOML declaration that is shipped or your own.

A layout says where the fields stand and how they are written; the readers do the rest. The whole language::

{textwrap.indent(reference(), "    ")}
"""

__all__ = ["Layout", "names", "reference"]
