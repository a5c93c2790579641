"""Layouts: what a file looks like, as a TOML declaration that is shipped or your own.

The core judges a declaration and knows the language; here are the files, and the lines of them that errors name.
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base.text import closest

_FOLDER = Path(__file__).with_name("layouts")
_TOML_BYTES_MAX = 256 * 1024
_TOML_LINE_MAX = 4096
_COMMENT_AT = 36
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]")
_PAIR = re.compile(r"\s*(?:\"([^\"]*)\"|([\w.\-]+))\s*=")


def names() -> list[str]:
    """Names of the layouts shipped with cuadre, in order."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


def reference() -> str:
    """The whole language on one page: a layout that says everything, with the meaning of every key beside it."""
    tables: dict[str, list[str]] = {"": []}
    headers = {"": ""}
    for key in _core.layout_keys():
        table, _, name = key.path.rpartition(".")
        if key.example:
            tables[table].append(_line(f"{name} = {key.example}", key))
        else:
            tables[key.path] = []
            headers[key.path] = _line(f"[[{key.path}]]" if "list" in key.takes else f"[{key.path}]", key)
    page: list[str] = []
    told: dict[tuple[str, ...], str] = {}  # what is the same under another name is not told twice
    for table, lines in tables.items():
        first = told.setdefault(tuple(lines), table)
        if table:
            page += ["", headers[table] if first == table else f"{headers[table]}; as [{first}]"]
        if first == table:
            page += lines
    return "\n".join(page)


def _line(text: str, key: _core.DeclaredKey) -> str:
    words = ", ".join(word if len(word) > 1 else f'"{word}"' for word in key.words)
    said = f"{key.meaning}: {words}" if words else key.meaning
    fallback = key.fallback if key.fallback != "false" else ""  # goes without saying
    rest = "; required" if key.required else f"; when absent: {fallback}" if fallback else ""
    return f"{text:<{_COMMENT_AT}} # {said}{rest}"


class Layout:
    """One checked layout. Immutable; make it with ``Layout.load``.

    Attributes:
        name, title: as declared.
        status: ``official``, ``community``, ``unverified``, or empty for a layout of your own.
        source, notes: where the knowledge comes from.
        key: steps of the normal form that its references need.
        file: the TOML file it came from, or empty.
    """

    __slots__ = ("_core", "_spec", "_toml", "file")

    def __init__(self, declaration: Mapping[str, Any], file: str = "", toml: str = "") -> None:
        given = dict(declaration)
        try:
            self._core = _core.Layout(given)
        except errors.LayoutInvalidError as error:
            error.file, error.line = file or None, _line_of(toml, error.key or "") or None
            raise
        self._spec: dict[str, Any] = copy.deepcopy(given)
        self.file = file
        self._toml = toml

    @classmethod
    def load(cls, what: str | os.PathLike[str] | Mapping[str, Any] | Layout) -> Layout:
        """Loads a shipped layout by name, your own by path, or one given as a dictionary.

        Raises:
            CuadreError: ``layout_unknown``, ``layout_invalid``, ``file_missing`` or ``file_unreadable``.
        """
        if isinstance(what, Layout):
            return what
        if isinstance(what, Mapping):
            return cls(what)
        if not isinstance(what, str | os.PathLike):
            raise TypeError(f"a layout is a name, a path, a dictionary or a Layout, not {type(what).__name__}")
        given = os.fspath(what)
        if given in names():
            return cls._read(_FOLDER / f"{given}.toml", given)
        if given.endswith(".toml") or os.sep in given:
            return cls._read(Path(given), given)
        raise errors.LayoutUnknownError(
            f'no layout "{given}": {closest(given, names())}; your own is given as a path to a .toml file'
        )

    @classmethod
    def _read(cls, path: Path, label: str) -> Layout:
        import tomllib  # only who opens a layout pays for it

        toml = _text_of(path)
        try:
            declaration = tomllib.loads(toml)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            line, column = (int(place[1]), int(place[2])) if place else (0, 0)
            message = re.sub(r" \(at .*\)$", "", str(error))
            raise errors.LayoutInvalidError(
                f"not TOML: {message}", file=label, line=line or None, column=column or None
            ) from None
        except (ValueError, RecursionError) as error:  # a number of thousands of digits, or lists in lists in lists
            message = "nested too deep" if isinstance(error, RecursionError) else "a number or date that cannot be"
            raise errors.LayoutInvalidError(f"not a layout: {message}", file=label) from None
        declaration.setdefault("name", path.stem)
        return cls(declaration, label, toml)

    name = property(lambda self: str(self._spec.get("name", "")))
    title = property(lambda self: str(self._spec.get("title", "")))
    kind = property(lambda self: str(self._spec["kind"]))
    status = property(lambda self: str(self._spec.get("about", {}).get("status", "")))
    source = property(lambda self: str(self._spec.get("about", {}).get("source", "")))
    notes = property(lambda self: str(self._spec.get("about", {}).get("notes", "")).strip())
    key = property(lambda self: list(self._spec.get("key", [])))
    toml = property(lambda self: self._toml)

    def to_dict(self) -> dict[str, Any]:
        """The declaration, as a dictionary that ``Layout.load`` takes."""
        return copy.deepcopy(self._spec)

    def with_changes(self, *, currency: str | None = None, columns: Mapping[str, str | int] | None = None) -> Layout:
        """The same layout with another default currency or other columns.

        Args:
            currency: ISO code for rows that do not name their own; the currency column may then be absent.
            columns: our field (``reference``, ``amount``, ``date``, ...) to column name, number or JSON path.
        """
        if currency is None and not columns:
            return self
        spec = self.to_dict()
        for field, at in (columns or {}).items():
            _move(spec, field, at)
        if currency is not None:
            if not isinstance(currency, str):
                raise TypeError(f"currency is a three-letter code, not {type(currency).__name__}")
            _core.Currency(currency)  # its error names the code; the layout's would blame the layout
            spec.setdefault("currency", {})["default"] = currency
            if "at" in spec["currency"]:
                spec["currency"]["optional"] = True
        return Layout(spec, self.file)

    def __repr__(self) -> str:
        return f"<cuadre layout {self.name!r}>"


def _text_of(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            what = "a directory" if path.is_dir() else "not a regular file"
            raise errors.FileUnreadableError(f"is {what}", file=str(path))
        if path.stat().st_size > _TOML_BYTES_MAX:
            raise errors.LayoutInvalidError(f"larger than {_TOML_BYTES_MAX} bytes: this is not a layout", file=str(path))
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > _TOML_LINE_MAX:  # nested keys cost their square
                message = f"a line of more than {_TOML_LINE_MAX} characters: this is not a layout"
                raise errors.LayoutInvalidError(message, file=str(path), line=number)
        return text
    except errors.CuadreError:  # some of them are OSErrors too
        raise
    except FileNotFoundError:
        raise errors.FileMissingError("there is no such layout file", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise errors.LayoutInvalidError(f"not UTF-8 text (byte {error.start})", file=str(path)) from None
    except OSError as error:
        raise errors.FileUnreadableError(error.strerror or "cannot be read", file=str(path)) from None


def _move(spec: dict[str, Any], field: str, at: str | int) -> None:
    keys = dict(_core.layout_fields())
    if field not in keys:
        raise errors.ArgumentInvalidError(f'columns: no field "{field}": {closest(field, keys)}')
    *sections, key = keys[field].split(".")
    section = spec
    for name in sections:
        section = section.setdefault(name, {})
    section[key] = at
    section.pop("optional", None)  # who names a column wants it
    if field in ("debit", "credit"):
        section.pop("at", None)
    elif field in ("date", "booked_date"):
        section.setdefault("form", "YYYY-MM-DD")


def _line_of(toml: str, key: str) -> int:
    """The line of the text that comes nearest to a key: its own, that of the table around it, or 0 for none."""
    nearest, best, table = 0, "", ""
    counts: dict[str, int] = {}
    for number, line in enumerate(toml.splitlines(), 1):
        if header := _HEADER.match(line):
            table = path = _place_of(header[2], header[1] == "[[", counts)
        elif pair := _PAIR.match(line):
            path = ".".join(part for part in (table, pair[1] or pair[2]) if part)
        else:
            continue
        if len(path) > len(best) and key.startswith(path) and key[len(path) : len(path) + 1] in ("", ".", "["):
            nearest, best = number, path
    return nearest


def _place_of(header: str, repeated: bool, counts: dict[str, int]) -> str:
    """``fixed.records`` as it is met again and again: ``fixed.records[0]``, ``fixed.records[1]`` and what is below them."""
    place = ""
    parts = header.split(".")
    for depth, part in enumerate(parts, 1):
        place = f"{place}.{part}" if place else part
        if repeated and depth == len(parts):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place += f"[{counts[place]}]"
    return place
