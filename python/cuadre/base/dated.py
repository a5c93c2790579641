"""What the tables of rules have in common: reading TOML without floats, days, and errors that name file and key."""

from __future__ import annotations

import datetime
import os
import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol, TypeVar

from cuadre import _core, errors
from cuadre.base.text import closest

_TOML_BYTES_MAX = 1 << 20
_DIGITS_MAX = 1000
STATUSES = ("official", "published", "unverified")


class UnverifiedRuleWarning(UserWarning):
    """A rule was used that rests on a weak source; its ``note`` says what is not certain."""


def load(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Reads a TOML file whose numbers with a point stay what they are, to be refused by the key they stand at."""
    if not isinstance(path, str | os.PathLike):
        raise errors.ArgumentInvalidError(f"a file of rules is named by a path, not {type(path).__name__}")
    name = os.fspath(path)
    try:
        content = Path(path).read_bytes()
    except ValueError as error:  # a NUL or a lone surrogate in the name
        raise errors.FileMissingError(f"no file can have this name: {error}", file=ascii(name)) from None
    except FileNotFoundError:
        raise errors.FileMissingError("there is no such file", file=name) from None
    except OSError as error:
        raise errors.FileUnreadableError(error.strerror or "cannot be read", file=name) from None
    if len(content) > _TOML_BYTES_MAX:
        raise errors.RuleInvalidError("a file of rules is not longer than 1 MiB", file=name)
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # bytes, syntax, and integers of thousands of digits
        raise errors.RuleInvalidError(f"is not TOML in UTF-8: {error}", file=name) from None


class Keys:
    """One table of a rule: every key is taken once, and what is left over is a mistake."""

    def __init__(self, values: object, path: str, file: str, known: tuple[str, ...]) -> None:
        self.path, self.file = path, file
        if not isinstance(values, Mapping):
            raise self.invalid("", f"must be a table, not {type(values).__name__}")
        self.values: Mapping[str, Any] = values
        for key in values:
            if key not in known:
                raise self.invalid(str(key), f"unknown key: {closest(str(key), list(known))}")

    def where(self, key: str) -> str:
        return ".".join(part for part in (self.path, key) if part)

    def invalid(self, key: str, message: str) -> errors.RuleInvalidError:
        where = self.where(key)
        return errors.RuleInvalidError(f"{where}: {message}" if where else message, file=self.file or None)

    def _checked(self, key: str, kind: type | tuple[type, ...], wanted: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is default:
            return value
        if isinstance(value, float):
            raise errors.FloatRefusedError(
                f'{self.where(key)}: a TOML float is not exact; write "{value}" in quotes', file=self.file or None
            )
        if isinstance(value, bool) != (kind is bool) or not isinstance(value, kind):
            raise self.invalid(key, f"must be {wanted}, not {type(value).__name__}")
        return value

    def text(self, key: str, default: str = "", choices: Iterable[str] = ()) -> str:
        value: str = self._checked(key, str, "text", default)
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise self.invalid(key, "holds half of a character (a lone surrogate)")
        if choices and value not in choices:
            raise self.invalid(key, f'"{value}" is not possible here: {closest(value, list(choices))}')
        return value

    def required(self, key: str) -> str:
        if key not in self.values:
            raise self.invalid(key, "is missing")
        value = self.text(key)
        if not value:
            raise self.invalid(key, "must not be empty")
        return value

    def flag(self, key: str) -> bool:
        return bool(self._checked(key, bool, "true or false", False))

    def texts(self, key: str) -> tuple[str, ...]:
        items = self._checked(key, (list, tuple), "a list", ())
        for item in items:
            if not isinstance(item, str):
                raise self.invalid(key, f"must be a list of texts, and holds {type(item).__name__}")
        return tuple(items)

    def tables(self, key: str) -> list[Any]:
        return list(self._checked(key, (list, tuple), "a list of tables", ()))

    def day(self, key: str) -> datetime.date | None:
        value = self._checked(key, datetime.date, "a date such as 2026-01-01", None)
        if isinstance(value, datetime.datetime):
            raise self.invalid(key, "must be a date without a time")
        return value if isinstance(value, datetime.date) else None

    def ratio(self, key: str, default: str | int | Fraction = 0) -> Fraction:
        value = self._checked(key, (str, int, Decimal, Fraction), 'a rate such as "2.99%" or "4.14‰"', default)
        try:
            return ratio_of(value)
        except errors.CuadreError as error:
            raise self.invalid(key, error.message) from None

    def minor(self, key: str, currency: str) -> int | None:
        value = self._checked(key, (str, int, Decimal, _core.Money), 'an amount such as "1234.50"', None)
        if value is None:
            return None
        try:
            if isinstance(value, _core.Money):
                if value.currency != _core.Currency(currency):
                    raise self.invalid(key, f"is in {value.currency}, and the rule in {currency}")
                return value.amount_minor
            return _core.Money(value, currency).amount_minor
        except (errors.MoneyError, errors.ArgumentInvalidError) as error:
            raise self.invalid(key, error.message) from None

    def currency(self, key: str = "currency") -> str:
        code = self.required(key)
        try:
            return _core.Money(0, code).currency.code
        except errors.CuadreError as error:
            raise self.invalid(key, error.message) from None

    def mode(self, key: str, default: str = "half_even") -> str:
        return self.text(key, default, MODES)

    def validity(self) -> tuple[datetime.date | None, datetime.date | None]:
        since, until = self.day("valid_from"), self.day("valid_to")
        if since and until and until < since:
            raise self.invalid("valid_to", f"{until} is before valid_from, {since}")
        return since, until


MODES = (
    "toward_zero",
    "away_from_zero",
    "toward_pos_inf",
    "toward_neg_inf",
    "half_even",
    "half_odd",
    "half_away_from_zero",
    "half_toward_zero",
    "half_toward_pos_inf",
    "half_toward_neg_inf",
)


def ratio_of(value: str | int | Decimal | Fraction) -> Fraction:
    """An exact ratio; text may carry % or ‰."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal | Fraction):
        raise errors.FloatRefusedError(f"a rate is text, an int, a Decimal or a Fraction, not {type(value).__name__}")
    if isinstance(value, str):
        text, scale = value.strip(), 1
        for mark, parts in (("%", 100), ("‰", 1000), ("per mille", 1000)):
            if text.endswith(mark):
                text, scale = text[: -len(mark)].strip(), parts
        whole, _, below = text.partition("/")
        if len(text) > 64 or not all(_plain(part) for part in ([whole, below] if _ else [whole])):
            raise errors.AmountInvalidError(f'"{value[:64]}" is not a rate such as "2.99%", "4.14‰", "0.0299" or "19/100"')
        try:
            return Fraction(text) / scale if not _ else Fraction(Fraction(whole), Fraction(below)) / scale
        except ZeroDivisionError:
            raise errors.AmountInvalidError(f'"{value}" divides by zero') from None
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise errors.AmountInvalidError("a rate is finite")
        if len(value.as_tuple().digits) > _DIGITS_MAX or (value and abs(value.adjusted()) > _DIGITS_MAX):
            raise errors.AmountOverflowError("a Decimal of more than 1,000 digits is not a rate")
    return Fraction(value)


def require_text(**words: object) -> None:
    """Names are text, said with the name of the parameter."""
    for name, word in words.items():
        if not isinstance(word, str):
            raise errors.ArgumentInvalidError(f"{name} is text, not {type(word).__name__}")


def _plain(text: str) -> bool:
    digits = text.removeprefix("-")
    whole, point, decimals = digits.partition(".")
    return text.isascii() and whole.isdigit() and (not point or decimals.isdigit())


def percent(rate: Fraction) -> str:
    """``2.99%``; per mille where per cent would not end."""
    scaled = rate * 100
    for places in range(10):
        if (scaled * 10**places).denominator == 1:
            digits = f"{abs(scaled * 10**places).numerator:0{places + 1}d}"
            sign = "-" if rate < 0 else ""
            return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits) + "%"
    return str(rate)


class Dated(Protocol):
    @property
    def valid_from(self) -> datetime.date | None: ...
    @property
    def valid_to(self) -> datetime.date | None: ...


Row = TypeVar("Row", bound=Dated)


def pick(rows: Iterable[Row], on: datetime.date | None) -> Row | None:
    """The row of that day; without a day the one that holds longest, because no clock is read here. Earlier rows win a tie."""
    if on is not None and (isinstance(on, datetime.datetime) or not isinstance(on, datetime.date)):
        raise errors.ArgumentInvalidError(f"on is a datetime.date without a time, not {type(on).__name__}")
    best: Row | None = None
    for row in rows:
        if on is None:
            if best is None or (row.valid_to or datetime.date.max) > (best.valid_to or datetime.date.max):
                best = row
        elif (row.valid_from or datetime.date.min) <= on <= (row.valid_to or datetime.date.max):
            return row
    return best


def span(row: Dated) -> str:
    """``2026-01-01..2026-12-31``; an open end is empty."""
    return f"{row.valid_from or ''}..{row.valid_to or ''}"


def overlapping(rows: list[Row]) -> tuple[Row, Row] | None:
    for n, left in enumerate(rows):
        for right in rows[:n]:
            if (left.valid_from or datetime.date.min) <= (right.valid_to or datetime.date.max) and (
                right.valid_from or datetime.date.min
            ) <= (left.valid_to or datetime.date.max):
                return right, left
    return None
