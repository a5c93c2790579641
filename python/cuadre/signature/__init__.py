"""Proof that a notification came from its gateway, and signatures for what is sent.

::

    from cuadre import signature

    verifier = signature.Verifier("pagoefectivo", secrets={"2026-07": key}, duplicates=signature.SqliteDuplicates("seen.db"))
    with verifier.verify(request.body, request.headers) as verified:  # raises SignatureError for anything else
        event = verified.notification()                               # what it says, typed
        book(event)                                                   # a failure here gives the message back for its retry

Nothing is believed before it is verified, and only the bytes as they arrived can be. ``Verified.covered`` says what the signature vouches for.
``diagnose`` says, to people alone, which usual mistake would make a refused one fit. ``cuadre help notifications`` has it all on one page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import time_ns
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn

from cuadre import _core
from cuadre.base.moments import from_us
from cuadre.errors import ArgumentInvalidError, SignatureError
from cuadre.signature import _inputs
from cuadre.signature._inputs import Headers, HiddenKey, Query
from cuadre.signature._key import Key
from cuadre.signature.addresses import AddressList
from cuadre.signature.duplicates import Duplicates, MemoryDuplicates, SqliteDuplicates

if TYPE_CHECKING:
    from cuadre.settlement import ArrowStream

_Readings = tuple[dict[str, Any], ...]

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
        """Forget that this message was seen, because handling it failed and the gateway will send it again. Raises what the store does.

        Once: a second call does nothing, for the claim may be the next message's by then.
        """
        store, self._store = self._store, None
        if store is not None:
            store.release(self.gateway, self._event_key)

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
        settings: What the scheme needs beside the secret, by name: ``{"login": ...}``; others are refused.
        duplicates: Where seen messages are kept; a second copy is refused as "replayed". One store may serve several accounts: claims
            are kept apart by gateway, settings and environment. Where a gateway signs some fields alone (PayU), two messages with the
            same signed fields are one message, whatever the others say: anyone could have written those.
        environment: "production" or "test". In production, a scheme that signs no time, or whose repeats come with an old time, needs
            ``duplicates``, and secrets that public code carries ("your_secret_key_here") are refused; for published vectors, say "test".
        tolerance_s: Seconds that a signed time may differ from now, both ways, instead of the scheme's; 0 means 0; at most ten years (3,660 days).
        retention_days: Days that a seen message is kept. In production at least 45, by the longest retries known; where the time is
            signed, at least as long as a copy would be fresh.

    Raises:
        SecretInvalidError: secret_invalid; the secret is never shown.
        SchemeUnknownError: scheme_unknown.
        ArgumentInvalidError: argument_invalid, for a setting that is missing or unknown, production without ``duplicates``, or days too few.
        TypeError: for secrets that are not a mapping of str or bytes, a store without claim and release, or another type.
    """

    __slots__ = ("_core", "_duplicates", "_id_proven", "_retention", "_scope", "environment", "gateway", "message")

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
        _inputs.texts("gateway", gateway, "message", "" if message is None else message)
        keys = _keys(secrets)
        del secrets  # what reports failures shows the names of a frame
        if isinstance(retention_days, bool) or not isinstance(retention_days, int) or not 1 <= retention_days <= 3660:
            raise ArgumentInvalidError(f"retention_days is 1 to 3660 whole days, not {retention_days!r}")
        if duplicates is not None and not (
            callable(getattr(duplicates, "claim", None)) and callable(getattr(duplicates, "release", None))
        ):
            raise TypeError(
                f"duplicates is a store with claim and release, as SqliteDuplicates, not {type(duplicates).__name__}"
            )
        self.gateway = gateway
        self.message = _inputs.main_message(gateway) if message is None else message
        self.environment = environment
        self._duplicates = duplicates
        self._retention = timedelta(days=retention_days)
        readings = _inputs.readings(gateway, self.message)
        named = _inputs.named("settings", settings)
        del settings
        self._core = _core.Verifier(
            gateway, self.message, keys, named, _tolerance_s(tolerance_s), Verified, environment == "test"
        )
        _known_settings(f"{gateway} {self.message}", named, readings)
        self._id_proven = all(_id_is_proven(reading) for reading in readings)
        # the account and the environment; hashed, for a store is read by others than a configuration
        account = json.dumps([environment, sorted(named.items())]).encode()
        self._scope = f"{self.message}:{hashlib.sha256(account).hexdigest()[:16]}"
        if environment == "production":
            self._check_store(readings, tolerance_s, retention_days)

    def _check_store(self, readings: _Readings, tolerance_s: int | None, retention_days: int) -> None:
        """In production no copy may be accepted because nobody remembers the first."""
        least = _retention_days_min(readings, tolerance_s)
        if self._duplicates is not None and retention_days < least:
            raise ArgumentInvalidError(
                f"retention_days={retention_days} forgets a message of {self.gateway} while a copy of it would still be accepted: "
                f"give {least} at least"
            )
        if self._duplicates is not None:
            return
        if not all(reading["time_signed"] for reading in readings):
            long = "signs no time with its {message}, so a copy of it would be accepted for ever"
        elif any(_copies_s(reading, tolerance_s) > reading["tolerance_s"] for reading in readings):
            hours = max(_copies_s(reading, tolerance_s) for reading in readings) / 3600
            long = f"{{message}} is accepted until {hours:.3g} hours after it was signed, and so would every copy of it be"
        else:
            return
        raise ArgumentInvalidError(
            f"{self.gateway} {long.format(message=self.message)}: "
            'give duplicates=signature.SqliteDuplicates(path), or environment="test"'
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
            query: The query, for schemes that sign a part of it: the string, its bytes (ASGI's ``query_string``), or pairs, a
                mapping or a multi-dict (``request.GET``). May stand in ``url`` as well; where the two differ, the message is refused.

        Raises:
            SignatureError: signature_refused, with ``reason``, whatever is wrong with the message.
            ArgumentInvalidError: argument_invalid, for ``now`` without a zone or of another age.
            TypeError: for a body, headers or query of another type.
        """
        payload = body if type(body) is bytes else _inputs.raw(body)
        now_us = time_ns() // 1000 if now is None else _inputs.present(now)
        address = url if query is None else _inputs.address(url, query)
        lines: Any = headers if type(headers) is dict else _inputs.pairs_of(headers, "headers")
        try:
            verified: Verified = self._core.verify(payload, lines, address, method, now_us)
        except SignatureError as error:
            if error.reason != "header_missing":
                raise
            raise self._missing(error, lines, address) from None
        if self._duplicates is not None:
            self._claim(verified, address, now_us)
        return verified

    def _missing(self, error: SignatureError, lines: Any, address: str | None) -> SignatureError:
        """The same, and where what is missing should have come from."""
        hint = _inputs.header_hint(lines.items() if isinstance(lines, dict) else lines)
        in_query = {
            piece["name"]
            for reading in _inputs.readings(self.gateway, self.message)
            for piece in reading["pieces"]
            if piece["from"] == "query"
        }
        detail = error.message.removeprefix("header_missing: ")
        if detail.partition(" ")[0] in in_query:
            given = "there is neither url= nor query=" if address is None else "it is not in the one that was given"
            hint = f"; it stands in the query of the address, and {given}"
        return _inputs.refused("header_missing", detail + hint)

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
        _inputs.texts("method", method)
        now_us = time_ns() // 1000 if now is None else _inputs.present(now)
        return self._core.verify_column(table, now_us, method, threads)

    def _claim(self, verified: Verified, address: str | None, now_us: int) -> None:
        moment = from_us(now_us)
        if verified.event_id and self._id_proven:
            event_key = f"{self._scope}:id:{verified.event_id}"
        else:
            # a page that a browser opens says everything in its query
            said = verified.payload or (address or "").partition("?")[2].encode("utf-8", "surrogatepass")
            event_key = f"{self._scope}:sha256:{hashlib.sha256(said).hexdigest()}"
        assert self._duplicates is not None
        if not self._duplicates.claim(self.gateway, event_key, moment, moment + self._retention):
            raise _inputs.refused("replayed", "this message was accepted before; answer it as received, and do nothing")
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
    key = _key(secret, "sign")._for_core("sign")
    del secret  # what reports failures shows the names of a frame
    _inputs.texts("gateway", gateway, "message", message, "url", url, "method", method, "version", version)
    _environment(environment)
    scheme = _scheme(gateway, message, version)
    now_us = _inputs.present(datetime.now(UTC) if now is None else now)
    given = _inputs.HiddenDict(_inputs.named("settings", settings) | _inputs.named("values", values))
    del settings, values
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
    text = _core.sign(
        gateway,
        message,
        key,
        _inputs.raw(body),
        url,
        method,
        [_inputs.HiddenPair(pair) for pair in given.items()],
        now_us=now_us,
        version=version,
        placeholders=environment == "test",
    )
    return {(scheme["carrier"]["names"] or ["Authorization"])[0]: text, **sent}


def _scheme(gateway: str, message: str, version: str) -> dict[str, Any]:
    readings = _inputs.readings(gateway, message)
    for scheme in readings:
        if version in ("", scheme["version"]):
            return scheme
    known = ", ".join(scheme["version"] or '""' for scheme in readings)
    raise ArgumentInvalidError(f"{gateway} {message} has no version {version!r}; it has {known}")


def _environment(name: str) -> None:
    if not isinstance(name, str) or name not in ("production", "test"):
        raise ArgumentInvalidError(f'environment is "production" or "test", not {name!r}')


def _retention_days_min(readings: _Readings, tolerance_s: int | None) -> int:
    """As long as a copy can come: without a signed time, the longest retries of a gateway and two weeks; with one, while it is fresh."""
    if not all(reading["time_signed"] for reading in readings):
        return 45
    # signed at the far end of the future, accepted, and fresh until the far end of the past
    fresh_s = max(_copies_s(r, tolerance_s) + (r["tolerance_s"] if tolerance_s is None else tolerance_s) for r in readings)
    return max(1, -(-fresh_s // 86_400))


def _id_is_proven(reading: dict[str, Any]) -> bool:
    """Whether no part of the event's id comes from a header or query that is not signed: a sender could change it for each copy."""
    signed = {(piece["from"], piece["name"]) for piece in reading["pieces"]}
    return ("id", "") in signed or all(
        piece["from"] not in ("header", "query") or (piece["from"], piece["name"]) in signed for piece in reading["id_at"]
    )


def _copies_s(reading: dict[str, Any], tolerance_s: int | None) -> int:
    """Seconds after it was signed that a message is accepted."""
    return int(reading["tolerance_s"] + reading["retries_s"]) if tolerance_s is None else tolerance_s


def _tolerance_s(tolerance_s: int | None) -> int | None:
    most = 3660 * 86_400  # as the core has it
    if tolerance_s is not None and (
        isinstance(tolerance_s, bool) or not isinstance(tolerance_s, int) or not 0 <= tolerance_s <= most
    ):
        raise ArgumentInvalidError(f"tolerance_s is whole seconds, 0 to {most} (3660 days), not {tolerance_s!r}")
    return tolerance_s


def _known_settings(scheme: str, given: Mapping[str, str], readings: _Readings) -> None:
    known = {name for reading in readings for name in reading["settings"]}
    known |= {piece["name"] for reading in readings for piece in reading["pieces"] if piece["from"] == "setting"}
    if unknown := sorted(set(given) - known):
        names = ", ".join(sorted(known)) or "none"
        raise ArgumentInvalidError(f"{scheme} has no setting {', '.join(map(repr, unknown))}; it has {names}")


def _keys(secrets: Mapping[str, str | bytes | Key]) -> list[HiddenKey]:
    if not isinstance(secrets, Mapping):
        raise TypeError(f'secrets is a mapping of key id to secret, {{"2026-07": ...}}, not {type(secrets).__name__}')
    return [_key(secret, key_id)._for_core(key_id) for key_id, secret in secrets.items()]


def _key(secret: str | bytes | Key, key_id: str) -> Key:
    _inputs.texts("a key id", key_id)
    return secret if isinstance(secret, Key) else Key(secret)


def __getattr__(name: str) -> Any:
    if name == "diagnose":  # for people alone: loaded when they ask, never by verification
        from cuadre.signature._diagnose import diagnose

        return diagnose
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
