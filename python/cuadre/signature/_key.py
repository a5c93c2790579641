"""A secret on its way to the core."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from cuadre.signature import _inputs
from cuadre.signature._inputs import HiddenKey


class Key:
    """A secret and the time it holds for. Never printed, never pickled.

    Args:
        secret: As the gateway's panel shows it, str or bytes; for RSA, ECDSA and certificates the PEM text.
        not_before: First moment it is accepted, a datetime with a zone; None: always.
        not_after: Last moment it is accepted, inclusive; None: always.

    Raises:
        ArgumentInvalidError: argument_invalid, for a time without a zone.
        TypeError: for a secret that is neither str nor bytes.
    """

    __slots__ = ("_secret", "not_after", "not_before")

    def __init__(self, secret: str | bytes, *, not_before: datetime | None = None, not_after: datetime | None = None) -> None:
        if not isinstance(secret, (str, bytes)):
            raise TypeError(f"a secret is str or bytes, not {type(secret).__name__}")
        self._secret = secret
        self.not_before = not_before
        self.not_after = not_after
        del secret  # what reports failures shows the names of a frame
        for name, moment in (("not_before", not_before), ("not_after", not_after)):
            if moment is not None:
                _inputs.microseconds(moment, name)

    def __repr__(self) -> str:
        return f"Key(<secret>, not_before={self.not_before!r}, not_after={self.not_after!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Key is not pickled or copied: its secret would go with it; make it anew from your configuration")

    def _for_core(self, key_id: str) -> HiddenKey:
        begin = None if self.not_before is None else _inputs.microseconds(self.not_before, "not_before")
        end = None if self.not_after is None else _inputs.microseconds(self.not_after, "not_after")
        return HiddenKey((key_id, self._secret, begin, end))
