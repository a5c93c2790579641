"""The command line: ``cuadre inspect``, ``cuadre reconcile``, ``cuadre layouts``, ``cuadre rules``, ``cuadre gateways``,
``cuadre machines``, ``cuadre verify``, ``cuadre help``. One file a command: its arguments in ``add``, its work in ``run``.

``cuadre.cli.exits`` is the table of exit codes. Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

import cuadre
from cuadre import _core, errors
from cuadre.cli import gateways, help, inspect, layouts, machines, reconcile, rules, verify
from cuadre.cli.exits import Exit, summary
from cuadre.cli.output import one_line


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. Never prints a traceback for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal without our letters shows escapes instead of failing
            stream.reconfigure(errors="backslashreplace")
    arguments = parser().parse_args(argv)
    try:
        code = int(arguments.run(arguments))
        sys.stdout.flush()  # a full disk is known here, not at the interpreter's end
        return code
    except errors.CuadreError as error:
        print(f"cuadre: {one_line(error)} [{error.code}]", file=sys.stderr)
        return Exit.UNUSABLE
    except KeyboardInterrupt:
        print("cuadre: stopped", file=sys.stderr)
        return Exit.STOPPED
    except BrokenPipeError:  # the reader of our output (head, less) went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.STOPPED
    except (MemoryError, OSError) as error:  # nothing more can be said on stdout
        what = "there is not enough memory" if isinstance(error, MemoryError) else error.strerror or "cannot write"
        print(f"cuadre: {one_line(what)}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.UNUSABLE


def parser() -> argparse.ArgumentParser:
    """All commands and what they take; raises nothing."""
    made = argparse.ArgumentParser(
        prog="cuadre",
        description="Reconciles a ledger with settlement files, and proves that no row and no cent was dropped.",
        epilog=f"exit codes: {summary()}",
    )
    made.add_argument("--version", action="version", version=_version())
    commands = made.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in (inspect, reconcile, layouts, rules, gateways, machines, verify, help):
        module.add(commands)
    return made


def _version() -> str:
    facts = _core.build_info()
    return f"cuadre {cuadre.__version__} ({', '.join(f'{name} {value}' for name, value in facts.items())})"
