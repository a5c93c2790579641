"""How far the memory of this process rises while something runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any


def memory_mb(line: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split(line + ":")[1].split()[0]) // 1024


def first_run(run: Callable[[], Any]) -> tuple[Any, int]:
    """The answer, and how far memory rose while it was made."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts over
    before = memory_mb("VmRSS")
    answer = run()
    return answer, memory_mb("VmHWM") - before
