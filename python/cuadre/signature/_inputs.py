"""What the signature face is given, checked by type before the core sees it. The core's own errors show their arguments, so none holds a secret."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cuadre import _core
from cuadre.base.moments import EPOCH, to_us
from cuadre.base.text import nearest
from cuadre.errors import ArgumentInvalidError, SchemeUnknownError, SecretInvalidError, SignatureError

Headers = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
Query = str | bytes | Mapping[str, Any] | Iterable[tuple[str, str]]

MAIN_MESSAGES = ("notification", "confirmation", "event", "ipn")  # what a gateway sends first of all
_LAST_YEAR = 9000  # room for what is added to the present


class HiddenKey(tuple[str, "str | bytes", "int | None", "int | None"]):
    """A key on its way to the core. A call with wrong types shows its arguments, so this one shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<key>"


class HiddenPair(tuple[str, Any]):
    """A name and a value that may be a secret, likewise."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"({self[0]!r}, <hidden>)"


class HiddenBytes(bytes):
    """A secret as bytes, likewise."""

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__


class HiddenDict(dict[str, str]):
    """Settings: some are secrets."""

    def __repr__(self) -> str:
        return f"<{', '.join(map(repr, self))}>"


def texts(*names_and_values: object) -> None:
    """Raises TypeError for a value that is not text, ArgumentInvalidError for text that cannot be written as UTF-8."""
    for name, value in zip(names_and_values[::2], names_and_values[1::2], strict=True):
        if not isinstance(value, str):
            raise TypeError(f"{name} is text, not {type(value).__name__}")
        if not _is_text(value):
            raise ArgumentInvalidError(f"{name} holds what is not text (half of a character): take it from its source anew")


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def named(what: str, given: Mapping[str, str] | None) -> HiddenDict:
    """A copy; a value of another type is told by its name alone, for some are secrets too."""
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"{what} is a mapping of name to text, not {type(given).__name__}")
    copied = HiddenDict(given or {})
    for name, value in copied.items():
        texts(f"a name in {what}", name, f"{what}[{name!r}]", value)
    return copied


def secret_bytes(secret: object) -> HiddenBytes:
    """A secret as bytes, hidden. Raises TypeError for what is neither str nor bytes, SecretInvalidError for half characters."""
    if isinstance(secret, (bytes, bytearray)):
        return HiddenBytes(secret)
    if not isinstance(secret, str):
        raise TypeError(f"a secret is str, bytes or a Key, not {type(secret).__name__}")
    if not _is_text(secret):  # the codec's own error holds the text
        raise SecretInvalidError("a secret holds what is not text; give it as bytes")
    return HiddenBytes(secret.encode())


def raw(body: object) -> bytes:
    """The bytes of a body. Raises TypeError for text and parsed objects."""
    if isinstance(body, bytes):
        return body
    if isinstance(body, (bytearray, memoryview)):
        return bytes(body)
    raise TypeError(
        f"the body is the raw bytes as they arrived, not {type(body).__name__}: take the raw body before anything parses or decodes it "
        "(request.body in Django, await request.body() in FastAPI, request.get_data() in Flask)"
    )


def microseconds(moment: datetime, name: str) -> int:
    """Since 1970. Raises ArgumentInvalidError for anything without a zone."""
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ArgumentInvalidError(f"{name} is a datetime with a zone, datetime.now(timezone.utc), not {moment!r}")
    return to_us(moment)


def present(now: datetime) -> int:
    """As ``microseconds``, for a clock: no placeholder for ever or never."""
    now_us = microseconds(now, "now")
    if not EPOCH.year <= now.year < _LAST_YEAR:
        raise ArgumentInvalidError(f"now is the present, a year from {EPOCH.year} to {_LAST_YEAR - 1}, not {now!r}")
    return now_us


def pairs_of(source: Any, what: str) -> list[tuple[Any, Any]]:
    """Name and value, with repeated names still twice: multi-dicts show one value of a name unless asked."""
    if isinstance(source, (str, bytes, bytearray)) or not any(hasattr(source, has) for has in ("__iter__", "items")):
        raise TypeError(f"{what} are a mapping or pairs of name and value, not {type(source).__name__}")
    if hasattr(source, "multi_items"):
        pairs = source.multi_items()
    elif hasattr(source, "lists"):
        pairs = source.lists()
    elif hasattr(source, "items"):
        try:
            pairs = source.items(multi=True)
        except TypeError:
            pairs = source.items()
    else:
        pairs = source
    found: list[tuple[Any, Any]] = []
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError(f"{what} are pairs of name and value, and one is of type {type(pair).__name__}")
        name, value = pair
        found.extend((name, each) for each in (value if isinstance(value, (list, tuple)) else (value,)))
    return found


def address(url: str | None, query: Query) -> str | None:
    """The address with its query. The two may say the same; where they contradict, it is no message that can be judged."""
    if isinstance(query, (bytes, bytearray)):
        text = bytes(query).decode("utf-8", "surrogateescape")
    elif isinstance(query, str):
        text = query
    else:
        from urllib.parse import urlencode  # only where it is used

        pairs = pairs_of(query, "query")
        for name, value in pairs:
            if not isinstance(name, (str, bytes)) or not isinstance(value, (str, bytes, int)):
                raise TypeError(f"query is text, or pairs of text, not of {type(name).__name__} and {type(value).__name__}")
        text = urlencode(pairs, errors="surrogatepass")  # a half character is signed by nobody, and refused as such
    text = text.removeprefix("?")
    if url is not None and not isinstance(url, str):
        raise TypeError(f"url is text, not {type(url).__name__}")
    if url and "?" in url:
        from urllib.parse import parse_qsl

        own = url.partition("#")[0].partition("?")[2]
        if own != text and _parsed(parse_qsl, own) != _parsed(parse_qsl, text):
            raise refused("header_malformed", "the query in url is another than query: give what arrived, and once")
        return url
    return f"{url or ''}?{text}"


def _parsed(parse: Any, text: str) -> Any:
    try:
        return parse(text, keep_blank_values=True, errors="surrogateescape")
    except ValueError:
        return text


def refused(reason: str, detail: str) -> SignatureError:
    """A refusal that the core did not say."""
    error = SignatureError(f"{reason}: {detail}")
    error.reason = reason
    return error


def header_hint(headers: Iterable[tuple[Any, Any]]) -> str:
    """What to say of a header that is missing, where the names are those of a WSGI environment."""
    meta = any(isinstance(name, str) and name.startswith("HTTP_") for name, _ in headers)
    return "; names like HTTP_PE_SIGNATURE are those of request.META: give request.headers" if meta else ""


@functools.lru_cache(maxsize=128)  # of names in a configuration, and no table changes while a program runs
def main_message(gateway: str) -> str:
    """The message that a gateway sends of payments. Raises SchemeUnknownError where there is no gateway, or none of its messages is the main one."""
    known = _core.schemes(gateway) if gateway else []
    incoming = list(dict.fromkeys(scheme["message"] for scheme in known if scheme["incoming"]))
    main = [name for name in MAIN_MESSAGES if name in incoming] or incoming
    if main and (main[0] in MAIN_MESSAGES or len(main) == 1):
        return main[0]
    if main:
        raise SchemeUnknownError(f"{gateway} sends several messages: give message=, one of {', '.join(main)}")
    raise no_scheme(gateway, "")


@functools.lru_cache(maxsize=128)
def readings(gateway: str, message: str) -> tuple[dict[str, Any], ...]:
    """The schemes of a message, in the order they are tried. Raises SchemeUnknownError, saying why, where there is none."""
    found = tuple(_core.schemes(gateway, message)) if gateway and message else ()
    if not found:
        raise no_scheme(gateway, message)
    return found


def no_scheme(gateway: str, message: str) -> SchemeUnknownError:
    """Why there is no scheme: a known gap, another message, or a name that is close."""
    for gap in _core.scheme_gaps():
        if gap["gateway"] == gateway and message in ("", gap["message"]):
            return SchemeUnknownError(f"no scheme is known of {gateway!r} for {gap['message']!r}: {gap['note']}")
    schemes = _core.schemes()
    messages = sorted({s["message"] for s in schemes if s["gateway"] == gateway})
    if messages:
        return SchemeUnknownError(f"{gateway} has no message {message!r}; it has {', '.join(messages)}")
    close = nearest(gateway, {s["gateway"] for s in schemes})
    hint = f"did you mean {close!r}? " if close else ""
    return SchemeUnknownError(f"there is no gateway {gateway!r}; {hint}`cuadre gateways` lists them")
