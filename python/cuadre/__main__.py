"""``python -m cuadre``."""

from cuadre.cli import main

raise SystemExit(main())
