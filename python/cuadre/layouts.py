from cuadre.settlement._layout import Layout, names
from cuadre.settlement._layout import __doc__ as __doc__

__all__ = ["Layout", "names"]
