"""Everything that cuadre raises, as one family.

Outcomes that business expects (a rejected row, a break, a file that does not balance) are values in results. These are the failures:
misuse, input that cannot be read at all, and amounts that cannot be exact. Each has a ``code`` that never changes its meaning, so programs
branch on the class or the code and people read the message. ``cuadre help errors`` shows the family as a tree, with what each code means.

All of them can be pickled, so they cross process pools unharmed.
"""

from __future__ import annotations

import errno as _errno
from typing import Any


class CuadreError(Exception):
    """The base of every failure that cuadre raises.

    Attributes:
        message: What is wrong, without the position.
        code: The failure's name in the one list of codes, for example ``"file_missing"``.
        file: The file (or ``<ledger>`` and the like) it stands in, or None.
        line: Line number from 1, or None.
        column: Column from 1 in that line (bytes for amounts, fields for delimited files), or None.
        offset_bytes: Byte offset from 0 in the file or text, or None.
        key: The key of a declaration that is wrong, such as ``"amount.grouping"``, or None.
    """

    code: str = ""

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        offset_bytes: int | None = None,
        key: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        if code is not None and code != self.code:
            self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.offset_bytes = offset_bytes
        self.key = key
        if isinstance(self, OSError):  # what code that only knows OSError looks at
            for name, value in (("errno", _ERRNO.get(self.code)), ("filename", file)):
                setattr(self, name, value)

    def __str__(self) -> str:
        if not self.file:
            return self.message
        parts = [str(self.file)]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        if self.offset_bytes is not None:
            parts.append(f"byte {self.offset_bytes}")
        return ", ".join(parts) + ": " + self.message

    # Exceptions rebuild themselves from positional arguments only, and OSError from its own idea of them.
    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.message, self.code, self.file), dict(self.__dict__)


def _rebuilt(kind: type[CuadreError], message: str, code: str, file: str | None) -> CuadreError:
    return kind(message, code=code, file=file)


_ERRNO = {
    "file_missing": _errno.ENOENT,
    "file_unreadable": _errno.EIO,
    "file_unwritable": _errno.EACCES,
    "file_changed": _errno.ESTALE,
}


class MoneyError(CuadreError):
    """An amount or a currency that cannot be taken as it is."""


class AmountInvalidError(MoneyError, ValueError):
    """Text that is not an amount under the declared form."""

    code = "amount_invalid"


class AmountInexactError(MoneyError, ValueError):
    """An amount with more decimals than its currency has."""

    code = "amount_inexact"


class AmountOverflowError(MoneyError, OverflowError):
    """An amount outside the range of 64-bit minor units."""

    code = "amount_overflow"


class CurrencyUnknownError(MoneyError, ValueError):
    """A code that ISO 4217 does not list."""

    code = "currency_unknown"


class CurrencyMismatchError(MoneyError, ValueError):
    """Amounts of different currencies where one currency is needed."""

    code = "currency_mismatch"


class FloatRefusedError(MoneyError, TypeError):
    """A float, a bool, a fraction or another type where text, an int or a Decimal is needed."""

    code = "float_refused"


class ArgumentInvalidError(CuadreError, ValueError):
    """A parameter outside its documented range."""

    code = "argument_invalid"


class FileError(CuadreError):
    """A file that cannot be opened, read or written as a whole."""


class FileMissingError(FileError, FileNotFoundError):
    """No file at that path."""

    code = "file_missing"


class FileUnreadableError(FileError, OSError):
    """A directory, a pipe, or a file that may not or cannot be read."""

    code = "file_unreadable"


class FileUnwritableError(FileError, OSError):
    """A place that cannot be written."""

    code = "file_unwritable"


class FileEmptyError(FileError, ValueError):
    """A file of zero bytes, or with nothing in it to read."""

    code = "file_empty"


class FileChangedError(FileError, OSError):
    """A file that changed, grew or shrank while it was being read."""

    code = "file_changed"


class EncodingUnsupportedError(FileError, ValueError):
    """An encoding that cuadre does not read, or one that the file contradicts."""

    code = "encoding_unsupported"


class LayoutError(CuadreError):
    """A layout that is wrong, or wrong for the file."""


class LayoutUnknownError(LayoutError, LookupError):
    """No layout of that name."""

    code = "layout_unknown"


class LayoutInvalidError(LayoutError, ValueError):
    """A layout declaration that contradicts itself or says too little."""

    code = "layout_invalid"


class LayoutMismatchError(LayoutError, ValueError):
    """A file that is not of the declared layout at all."""

    code = "layout_mismatch"


class ColumnMissingError(LayoutError, LookupError):
    """A declared column that the file does not have."""

    code = "column_missing"


class ColumnRepeatedError(LayoutError, ValueError):
    """A column name that stands twice in one header."""

    code = "column_repeated"


class InputError(CuadreError):
    """Content that cannot be used, although the file could be read and the layout is sound."""


class JsonMalformedError(InputError, ValueError):
    """Bytes that are not one JSON document, or whose root is not rows."""

    code = "json_malformed"


class RejectsExceededError(InputError, ValueError):
    """More rejected rows than the caller allows."""

    code = "rejects_exceeded"


class ArrowUnsupportedError(InputError, TypeError):
    """An Arrow column of a type that cannot carry this field exactly."""

    code = "arrow_unsupported"


class RuleError(CuadreError):
    """A rule of money (fee, tax, cash step, wire form, rate) that is not there, not sound or not for that day."""


class RuleUnknownError(RuleError, LookupError):
    """No rule of that name, place and date in the table."""

    code = "rule_unknown"


class RuleInvalidError(RuleError, ValueError):
    """A fee, tax, cash, wire or rate rule that contradicts itself or says too little."""

    code = "rule_invalid"


class RateOutdatedError(RuleError, ValueError):
    """An exchange rate used outside the time it holds for."""

    code = "rate_outdated"


class SignatureError(CuadreError, ValueError):
    """A message that is not proven to be the gateway's own, and fresh. Forged, cut, stale, replayed: one class for all of them.

    Attributes:
        reason: Which check refused it, for logs: ``"mismatch"``, ``"too_old"``, ``"header_missing"`` ...
    """

    code = "signature_refused"
    reason: str = ""


class VerifierError(CuadreError):
    """A verifier that cannot be built as asked."""


class SecretInvalidError(VerifierError, ValueError):
    """A secret or key that cannot protect anything. The secret is never shown."""

    code = "secret_invalid"


class SchemeUnknownError(VerifierError, LookupError):
    """No signature scheme or notification of that gateway and message."""

    code = "scheme_unknown"


class ProofFailedError(CuadreError, RuntimeError):
    """Rows or money do not add up: an error inside cuadre. Please report it."""

    code = "proof_failed"


class CancelledError(CuadreError, RuntimeError):
    """The caller asked for the work to stop."""

    code = "cancelled"


# The core finds the class of a failure here, by its code.
CLASSES: dict[str, type[CuadreError]] = {
    kind.code: kind
    for kind in (
        AmountInvalidError,
        AmountInexactError,
        AmountOverflowError,
        CurrencyUnknownError,
        CurrencyMismatchError,
        FloatRefusedError,
        ArgumentInvalidError,
        FileMissingError,
        FileUnreadableError,
        FileUnwritableError,
        FileEmptyError,
        FileChangedError,
        EncodingUnsupportedError,
        LayoutUnknownError,
        LayoutInvalidError,
        LayoutMismatchError,
        ColumnMissingError,
        ColumnRepeatedError,
        JsonMalformedError,
        RejectsExceededError,
        ArrowUnsupportedError,
        RuleUnknownError,
        RuleInvalidError,
        RateOutdatedError,
        SignatureError,
        SecretInvalidError,
        SchemeUnknownError,
        ProofFailedError,
        CancelledError,
    )
}
