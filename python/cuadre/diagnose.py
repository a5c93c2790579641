"""Which usual mistake would make a signature fit: for developers, never for verification. See ``diagnose``."""

from cuadre.signature._diagnose import Finding, diagnose, found_lines

__all__ = ["Finding", "diagnose", "found_lines"]
