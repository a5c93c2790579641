"""Exit codes: the one table that the commands end with, that ``--help`` closes with and that ``cuadre help exit-codes`` shows."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """How a command ends.

    Attributes:
        brief: What the code means, in a few words.
        detail: What exactly it means where something is read or matched.
        message: What it means where one message is verified; empty where it means nothing else.
    """

    brief: str
    detail: str
    message: str

    BALANCED = 0, "balanced", "no break, no reject, and every total that a file declares agrees", "genuine"
    BREAKS = 1, "breaks, rejects or totals that disagree", "the work was done, and a person should look at it", "refused"
    UNUSABLE = 2, "unusable input", "or a call that makes no sense; nothing was worked out", "unusable call"
    STOPPED = 130, "stopped", "by Ctrl-C, or because the reader of the output went away", ""

    def __new__(cls, code: int, brief: str, detail: str, message: str) -> Exit:
        made = int.__new__(cls, code)
        made._value_ = code
        made.brief, made.detail, made.message = brief, detail, message
        return made


def summary() -> str:
    """``0 balanced; 1 breaks, ...``"""
    return "; ".join(f"{code:d} {code.brief}" for code in Exit)


def message_summary() -> str:
    """The same for ``cuadre verify``: ``0 genuine, 1 refused, ...``"""
    return ", ".join(f"{code:d} {code.message}" for code in Exit if code.message)
