"""Proof that a notification came from its gateway, and signatures for what is sent.

::

    from cuadre import signature

    verifier = signature.Verifier("pagoefectivo", secrets={"2026-07": key}, duplicates=signature.SqliteDuplicates("seen.db"))
    with verifier.verify(request.body, request.headers) as verified:  # raises SignatureError for anything else
        event = verified.notification()                               # what it says, typed
        book(event)                                                   # a failure here gives the message back for its retry

Nothing is believed before it is verified, and only the bytes as they arrived can be. ``Verified.covered`` says what the signature vouches for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from time import time_ns
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from cuadre import _core
from cuadre.addresses import AddressList
from cuadre.duplicates import Duplicates, MemoryDuplicates, SqliteDuplicates
from cuadre.errors import ArgumentInvalidError, SchemeUnknownError, SignatureError

if TYPE_CHECKING:
    from cuadre.settlement import ArrowStream

__all__ = [
    "AddressList",
    "Duplicates",
    "Key",
    "MemoryDuplicates",
    "SqliteDuplicates",
    "Verified",
    "Verifier",
    "schemes",
    "sign",
]

Headers = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
Query = str | Mapping[str, str] | Iterable[tuple[str, str]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAIN_MESSAGES = ("notification", "confirmation", "event", "ipn")  # what a gateway sends first of all


class _Hidden(tuple[str, "str | bytes", "int | None", "int | None"]):
    """What goes to the core. A call with wrong types shows its arguments, so this one shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<key>"


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
        for name, moment in (("not_before", not_before), ("not_after", not_after)):
            if moment is not None:
                _microseconds(moment, name)
        self._secret = secret
        self.not_before = not_before
        self.not_after = not_after

    def __repr__(self) -> str:
        return f"Key(<secret>, not_before={self.not_before!r}, not_after={self.not_after!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Key is not pickled or copied: its secret would go with it; make it anew from your configuration")

    def _for_core(self, key_id: str) -> tuple[str, str | bytes, int | None, int | None]:
        begin = None if self.not_before is None else _microseconds(self.not_before, "not_before")
        end = None if self.not_after is None else _microseconds(self.not_after, "not_after")
        return _Hidden((key_id, self._secret, begin, end))


class Verified(_core.Verified):
    """A message that its gateway signed, and fresh. As a context manager it gives its claim back where handling fails.

    Attributes, none of which can be set:
        gateway: The gateway's name.
        message: Which of its messages.
        payload: The bytes that were verified.
        key_id: The configured id of the key that fits.
        version: Which reading of the scheme fits, where a gateway has several.
        candidate: Which of several signatures in the message fits, from 0.
        signed_at: The signed time (UTC), or None where none is signed.
        event_id: The event's own id, or empty.
        covered: What the signature vouches for, of "body", "id", "time", "status", "amount", "reference".
    """

    __slots__ = ()

    def notification(self) -> _core.Notification:
        """What the message says, as a typed event; ``event.expect(order)`` compares it with an order.

        A status, an amount or its currency that the signature does not cover is a fault of the event ("not_signed"): ask the
        gateway. Another value outside it stands in ``unsigned_fields``, and ``expect`` matches no order by it.

        Raises:
            SchemeUnknownError: scheme_unknown, for a message without a table.
        """
        return _core.read_notification(self.gateway, self.message, self.payload, self.event_id, self.covered)

    def release(self) -> None:
        """Forget that this message was seen, because handling it failed and the gateway will send it again. Raises what the store does."""
        if self._store is not None:
            self._store.release(self.gateway, self._event_key)

    def __enter__(self) -> Verified:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self.release()

    def _parts(self) -> tuple[Any, ...]:
        parts = (self.gateway, self.message, self.payload, self.key_id, self.version, self.candidate)
        return (*parts, self.signed_at, self.event_id, self.covered, self._event_key)

    def __eq__(self, other: object) -> bool:
        return self._parts() == other._parts() if isinstance(other, Verified) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:  # without the payload, which may hold what people keep to themselves
        names = ("gateway", "message", "key_id", "version", "candidate", "signed_at", "event_id", "covered")
        return f"Verified({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def __reduce__(self) -> tuple[Any, ...]:  # a store does not travel
        return Verified, self._parts()


class Verifier:
    """Decides whether messages are a gateway's own. Immutable, safe in several threads; never printed with a secret, never pickled.

    Args:
        gateway: Its name, as ``cuadre gateways`` lists it.
        message: Which of its messages; None: the notification of payments.
        secrets: Key id to secret: str, bytes or ``Key``. Several hold at once while keys change.
        settings: What the scheme needs beside the secret, by name: ``{"login": ...}``.
        duplicates: Where seen messages are kept; a second copy is refused as "replayed".
        environment: "production" or "test". In production, a scheme that signs no time needs ``duplicates``, and secrets that public
            code carries ("your_secret_key_here") are refused; for published vectors, say "test".
        tolerance_s: Seconds that a signed time may differ from now, both ways, instead of the scheme's; 0 means 0.
        retention_days: Days that a seen message is kept. In production at least 45, by the longest retries known; where the time is
            signed, at least as long as a copy would be fresh.

    Raises:
        SecretInvalidError: secret_invalid; the secret is never shown.
        SchemeUnknownError: scheme_unknown.
        ArgumentInvalidError: argument_invalid, for a setting that is missing, production without ``duplicates``, or days too few.
        TypeError: for secrets that are not a mapping of str or bytes.
    """

    __slots__ = ("_core", "_duplicates", "_id_proven", "_retention", "environment", "gateway", "message")

    def __init__(
        self,
        gateway: str,
        message: str | None = None,
        *,
        secrets: Mapping[str, str | bytes | Key],
        settings: Mapping[str, str] | None = None,
        duplicates: Duplicates | None = None,
        environment: str = "production",
        tolerance_s: int | None = None,
        retention_days: int = 45,
    ) -> None:
        _environment(environment)
        if not isinstance(secrets, Mapping):
            raise TypeError(f'secrets is a mapping of key id to secret, {{"2026-07": ...}}, not {type(secrets).__name__}')
        if isinstance(retention_days, bool) or not isinstance(retention_days, int) or not 1 <= retention_days <= 3660:
            raise ArgumentInvalidError(f"retention_days is 1 to 3660 whole days, not {retention_days!r}")
        if tolerance_s is not None and (
            isinstance(tolerance_s, bool) or not isinstance(tolerance_s, int) or not 0 <= tolerance_s < 2**31
        ):
            raise ArgumentInvalidError(f"tolerance_s is whole seconds, 0 or more, not {tolerance_s!r}")
        _texts("gateway", gateway, "message", message or "")
        self.gateway = gateway
        self.message = _main_message(gateway) if message is None else message
        self.environment = environment
        self._duplicates = duplicates
        self._retention = timedelta(days=retention_days)
        self._core = _core.Verifier(
            gateway,
            self.message,
            [_key(secret, key_id)._for_core(key_id) for key_id, secret in secrets.items()],
            _named("settings", settings),
            tolerance_s,
            Verified,
            environment == "test",
        )
        readings = self._core.readings()
        self._id_proven = all(_id_is_proven(reading) for reading in readings)
        if environment == "production" and duplicates is None and not all(reading["time_signed"] for reading in readings):
            raise ArgumentInvalidError(
                f"{gateway} signs no time with its {self.message}, so a copy of it would be accepted for ever: "
                'give duplicates=signature.SqliteDuplicates(path), or environment="test"'
            )
        if environment == "production" and duplicates is not None:
            least = _retention_days_min(readings, tolerance_s)
            if retention_days < least:
                raise ArgumentInvalidError(
                    f"retention_days={retention_days} forgets a message of {gateway} while a copy of it would still be accepted: "
                    f"give {least} at least"
                )

    def verify(
        self,
        body: bytes | bytearray | memoryview,
        headers: Headers,
        *,
        now: datetime | None = None,
        url: str | None = None,
        method: str = "POST",
        query: Query | None = None,
    ) -> Verified:
        """Prove that a message is the gateway's own, fresh, and here for the first time.

        Args:
            body: The raw bytes as they arrived. Text and parsed objects are refused: written again, they are other bytes. Where fields
                are read, a form or query of more than 1,000 fields, or JSON of more than 100,000 values, 64 levels or 1 GiB, is
                refused (in a header or query "header_malformed", else "body_malformed"), and a signature of over 4,096 bytes ("too_long").
            headers: Any mapping, or pairs of name and value; case does not matter, a repeated name is refused where it is read.
            now: The present, with a zone; None: the system's clock.
            url: The whole address that was called, for schemes that sign it.
            method: "POST".
            query: The query string (or its pairs), where it is not in ``url``.

        Raises:
            SignatureError: signature_refused, with ``reason``, whatever is wrong with the message.
            ArgumentInvalidError: argument_invalid, for ``now`` without a zone.
            TypeError: for a body or headers of another type.
        """
        payload = body if type(body) is bytes else _raw(body)
        now_us = time_ns() // 1000 if now is None else _microseconds(now, "now")
        verified: Verified = self._core.verify(
            payload,
            headers if type(headers) is dict else _header_pairs(headers),
            url if query is None else _address(url, query),
            method,
            now_us,
        )
        if self._duplicates is not None:
            self._claim(verified, url if query is None else _address(url, query), now_us)
        return verified

    def verify_column(
        self, table: ArrowStream, *, now: datetime | None = None, method: str = "POST", threads: int = 0
    ) -> _core.Table:
        """Judge every row of a table as a message of its own: an audit of what was received before.

        No store of seen messages is asked, so copies are not refused here, and nothing is claimed. Every processor works, without the
        interpreter's lock; the answer does not depend on how many. Of the input no more is held than the batches of 65,536 rows (or one
        batch, where that is larger); of the answer some 60 bytes a row.

        Args:
            table: Anything that speaks Arrow: pandas, Polars, pyarrow, DuckDB. Its columns are

                - ``body``: the raw bytes as they arrived, binary or text; null is an empty body.
                - the headers that the scheme needs, by name, case aside: text, binary or whole numbers; null is a header that is not there.
                - ``url`` (may be missing): the whole address, with its query, for schemes that sign it.
                - ``received_at`` (may be missing): a timestamp (UTC where it has no zone), the moment the row is judged at.

                Others are passed over.
            now: The moment for rows without ``received_at``, with a zone; None: the system's clock.
            method: "POST".
            threads: 0 is one for each processor.

        Returns:
            One row for each, in order: ``verified``, ``reason`` (null where it is verified), ``key_id``, ``version``, ``event_id`` and
            ``signed_at`` (null where it is not, or where there is none).

        Raises:
            ArgumentInvalidError: argument_invalid, for ``now`` without a zone, or a ``received_at`` before 1970 (with its row).
            ArrowUnsupportedError: arrow_unsupported, for a column of a type that cannot be read.
            ColumnMissingError: column_missing, for a table without ``body``.
            ColumnRepeatedError: column_repeated.
            FileUnreadableError: file_unreadable, where the table's own producer fails.
            TypeError: for what does not speak Arrow.
            KeyboardInterrupt: within a tenth of a second or so.
        """
        if not hasattr(table, "__arrow_c_stream__"):
            raise TypeError(
                f"a table with __arrow_c_stream__ is needed (pandas, Polars, pyarrow, DuckDB), not {type(table).__name__}"
            )
        if isinstance(threads, bool) or not isinstance(threads, int) or not 0 <= threads <= 1024:
            raise ArgumentInvalidError(f"threads is 0 (one for each processor) to 1024, not {threads!r}")
        _texts("method", method)
        now_us = time_ns() // 1000 if now is None else _microseconds(now, "now")
        return self._core.verify_column(table, now_us, method, threads)

    def _claim(self, verified: Verified, address: str | None, now_us: int) -> None:
        moment = _EPOCH + timedelta(microseconds=now_us)
        if verified.event_id and self._id_proven:
            event_key = f"{self.message}:id:{verified.event_id}"
        else:
            # a page that a browser opens says everything in its query
            said = verified.payload or (address or "").partition("?")[2].encode()
            event_key = f"{self.message}:sha256:{hashlib.sha256(said).hexdigest()}"
        assert self._duplicates is not None
        if not self._duplicates.claim(self.gateway, event_key, moment, moment + self._retention):
            raise _replayed()
        verified._event_key, verified._store = event_key, self._duplicates

    def __repr__(self) -> str:
        return f"Verifier({self.gateway!r}, {self.message!r}, environment={self.environment!r})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "a Verifier is not pickled or copied: its secrets would go with it; make it anew from your configuration"
        )


def schemes() -> list[dict[str, Any]]:
    """Every signature scheme of every gateway, as dicts: what is signed, how, and what it covers. Raises nothing."""
    return _core.schemes()


def sign(
    gateway: str,
    message: str,
    secret: str | bytes | Key,
    *,
    body: bytes | bytearray | memoryview = b"",
    settings: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    url: str = "",
    method: str = "POST",
    now: datetime | None = None,
    version: str = "",
    environment: str = "production",
) -> dict[str, str]:
    """Sign a message as its gateway does.

    Args:
        gateway: Its name.
        message: Which message: "request", "login", ...
        secret: As for ``Verifier``.
        body: The very bytes that will be sent.
        settings: What the scheme needs beside the secret, by name.
        values: Headers, fields and query parameters that are signed and do not stand in ``body``, by name.
        url: The whole address, where it is signed.
        method: Of the request, where it is signed.
        now: The present, with a zone; None: the system's clock.
        version: Which reading; empty: the first.
        environment: "production", or "test", where secrets that public code carries are accepted.

    Returns:
        The headers or fields to send, by name: the signature, the time it was signed at, and a salt where one is signed.

    Raises:
        SecretInvalidError: secret_invalid; the secret is never shown.
        SchemeUnknownError: scheme_unknown.
        ArgumentInvalidError: argument_invalid, for a part that is missing or ``now`` without a zone.
        TypeError: for a body or secret of another type.
    """
    _texts("gateway", gateway, "message", message, "url", url, "method", method, "version", version)
    _environment(environment)
    scheme = _scheme(gateway, message, version)
    now_us = _microseconds(datetime.now(UTC) if now is None else now, "now")
    given = _named("settings", settings) | _named("values", values)
    sent: dict[str, str] = {}
    for name in (piece["name"] for piece in scheme["pieces"] if piece["from"] == "header"):
        if name == "salt":
            import secrets as random  # only where it is used

            given.setdefault(name, random.token_hex(6))
        if name in given:
            sent[name] = given[name]
    time_name = scheme["time_at"]["name"]
    if scheme["time_form"] != "none" and time_name:
        sent[time_name] = given.setdefault(time_name, _core.signature_time(gateway, message, now_us, version))
    key = _key(secret, "sign")._for_core("sign")
    text = _core.sign(
        gateway,
        message,
        key,
        _raw(body),
        url,
        method,
        list(given.items()),
        now_us=now_us,
        version=version,
        placeholders=environment == "test",
    )
    return {(scheme["carrier"]["names"] or ["Authorization"])[0]: text, **sent}


def _scheme(gateway: str, message: str, version: str) -> dict[str, Any]:
    for scheme in _core.schemes():
        if (scheme["gateway"], scheme["message"]) == (gateway, message) and version in ("", scheme["version"]):
            return scheme
    raise SchemeUnknownError(f"no signature scheme of {gateway!r} for {message!r} {version!r}; `cuadre gateways` lists them")


def _main_message(gateway: str) -> str:
    incoming: list[str] = list(
        dict.fromkeys(s["message"] for s in _core.schemes() if s["gateway"] == gateway and s["incoming"])
    )
    main = [name for name in _MAIN_MESSAGES if name in incoming] or incoming
    if main and (main[0] in _MAIN_MESSAGES or len(main) == 1):
        return main[0]
    if main:
        raise SchemeUnknownError(f"{gateway} sends several messages: give message=, one of {', '.join(main)}")
    return "notification"  # the core says that there is none


def _environment(name: str) -> None:
    if name not in ("production", "test"):
        raise ArgumentInvalidError(f'environment is "production" or "test", not {name!r}')


def _retention_days_min(readings: list[dict[str, Any]], tolerance_s: int | None) -> int:
    """As long as a copy can come: without a signed time, the longest retries of a gateway and two weeks; with one, while it is fresh."""
    if not all(reading["time_signed"] for reading in readings):
        return 45
    # signed at the far end of the future, accepted, and fresh until the far end of the past
    fresh_s = max(2 * r["tolerance_s"] + r["retries_s"] if tolerance_s is None else 2 * tolerance_s for r in readings)
    return max(1, -(-fresh_s // 86_400))


def _id_is_proven(reading: dict[str, Any]) -> bool:
    """Whether no part of the event's id comes from a header or query that is not signed: a sender could change it for each copy."""
    signed = {(piece["from"], piece["name"]) for piece in reading["pieces"]}
    return ("id", "") in signed or all(
        piece["from"] not in ("header", "query") or (piece["from"], piece["name"]) in signed for piece in reading["id_at"]
    )


def _texts(*names_and_values: object) -> None:
    for name, value in zip(names_and_values[::2], names_and_values[1::2], strict=True):
        if not isinstance(value, str):
            raise TypeError(f"{name} is text, not {type(value).__name__}")


def _named(what: str, given: Mapping[str, str] | None) -> dict[str, str]:
    """A copy; a value of another type is told by its name alone, for some are secrets too."""
    if given is not None and not isinstance(given, Mapping):
        raise TypeError(f"{what} is a mapping of name to text, not {type(given).__name__}")
    copied = dict(given or {})
    for name, value in copied.items():
        _texts(f"a name in {what}", name, f"{what}[{name!r}]", value)
    return copied


def _key(secret: str | bytes | Key, key_id: str) -> Key:
    if not isinstance(key_id, str):
        raise TypeError(f"a key id is text, not {type(key_id).__name__}")
    return secret if isinstance(secret, Key) else Key(secret)


def _raw(body: bytes | bytearray | memoryview) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, (bytearray, memoryview)):
        return bytes(body)
    raise TypeError(
        f"the body is the raw bytes as they arrived, not {type(body).__name__}: take the raw body before anything parses or decodes it "
        "(request.body in Django, await request.body() in FastAPI, request.get_data() in Flask)"
    )


def _microseconds(moment: datetime, name: str) -> int:
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise ArgumentInvalidError(f"{name} is a datetime with a zone, datetime.now(timezone.utc), not {moment!r}")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _header_pairs(headers: Headers) -> list[tuple[str | bytes, str | bytes]]:
    """As pairs, with repeated names still twice: multi-dicts show one value of a name unless asked."""
    source: Any = headers
    if isinstance(source, (str, bytes, bytearray)):
        raise TypeError(f"headers are a mapping or pairs of name and value, not {type(source).__name__}")
    if hasattr(source, "multi_items"):
        pairs = source.multi_items()
    elif hasattr(source, "items"):
        try:
            pairs = source.items(multi=True)
        except TypeError:
            pairs = source.items()
    else:
        pairs = source
    found: list[tuple[str | bytes, str | bytes]] = []
    for pair in pairs:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise TypeError("a header is a pair of name and value")
        name, value = pair
        found.extend((name, each) for each in (value if isinstance(value, (list, tuple)) else (value,)))
    return found


def _address(url: str | None, query: Query) -> str:
    if not isinstance(query, str):
        from urllib.parse import urlencode  # only where it is used

        query = urlencode(list(query.items()) if isinstance(query, Mapping) else list(query))
    if url and "?" in url:
        raise ArgumentInvalidError("the query stands in url already; give it once")
    return f"{url or ''}?{query.removeprefix('?')}"


def _replayed() -> SignatureError:
    error = SignatureError("replayed: this message was accepted before; answer it as received, and do nothing")
    error.reason = "replayed"
    return error


def __getattr__(name: str) -> Any:
    if name == "diagnose":  # for people alone: loaded when they ask, never by verification
        from cuadre.diagnose import diagnose

        return diagnose
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
