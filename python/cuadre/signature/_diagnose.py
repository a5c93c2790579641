"""Which usual mistake would make a signature fit: for developers, never for verification.

Verification never reaches this module, and nothing here makes a refused message genuine: it says what to change. The same engine
decides every attempt, over changed input. A secret or an expected signature is never shown.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from cuadre import _core, errors
from cuadre.signature import _inputs, _mistakes, _mistakes_form
from cuadre.signature._key import Key
from cuadre.signature._mistakes import Case, Mistake

# Work is bounded whatever comes: attempts, and the bytes of bodies in them.
CANDIDATES_MAX = 2_000
BYTES_MAX = 100_000_000
BODY_MAX = 2_000_000  # a longer body is tried as it is, and never written anew
_FITS = ("", "too_old", "too_new")  # freshness is asked after the signature


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that diagnosis found.

    Attributes:
        code: Its name: ``"body_reserialised"``, ``"secret_blanks"`` ... ``"verifies"``, ``"nothing_fits"``.
        sentence_en, sentence_es: What is wrong.
        change_en, change_es: What to do about it.
    """

    code: str
    sentence_en: str
    sentence_es: str
    change_en: str = ""
    change_es: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence_en} {self.change_en}".rstrip()


def diagnose(
    body: bytes,
    headers: _inputs.Headers,
    *,
    gateway: str,
    message: str | None = None,
    secret: str | bytes | Key | Mapping[str, str | bytes | Key],
    settings: Mapping[str, str] | None = None,
    url: str | None = None,
    method: str = "POST",
    query: _inputs.Query | None = None,
    now: datetime.datetime | None = None,
) -> list[Finding]:
    """Says which usual mistake, or which two, would make the signature of a message fit.

    Args:
        body: The raw bytes.
        headers: A mapping, or pairs.
        gateway, message: The scheme that was expected; message None: the notification of payments, as ``Verifier`` has it.
        secret: The configured secret; or several by name, the first being the configured one (sandbox and production).
        settings: What the scheme needs beside the secret.
        url: The address that the message came to, or the configured one.
        method: The HTTP method.
        query: The query, as for ``Verifier.verify``.
        now: The present time, with a zone.

    Returns:
        What would have to be changed. One finding ``verifies`` where nothing is wrong, ``nothing_fits`` where no mistake known here
        explains it. Two findings of mistakes belong together.

    Raises:
        SchemeUnknownError (scheme_unknown): no such gateway or message.
        ArgumentInvalidError (argument_invalid): a body that is not bytes, a time without zone, a missing setting,
            or text that is none.
        SecretInvalidError (secret_invalid): a secret that holds what is not text.
        TypeError: another argument of another type.
    """
    keys = keys_of(secret)
    del secret  # what reports failures shows the names of a frame
    configured = next(iter(keys))
    _inputs.texts("gateway", gateway, "method", method)
    message = _inputs.main_message(gateway) if message is None else message
    _inputs.texts("message", message)
    _inputs.readings(gateway, message)
    case = Case(
        check_body(body),
        header_lines(headers),
        keys[configured],
        tuple(_inputs.HiddenPair(pair) for pair in _inputs.named("settings", settings).items()),
        address_of(url, query),
        (),
        gateway,
        message,
    )
    del settings
    return _Search(case, keys, configured, method, now_us(now)).findings()


def check_body(body: object) -> bytes:
    """The raw bytes. Raises ArgumentInvalidError (argument_invalid) for anything else."""
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise errors.ArgumentInvalidError(f"the body is {type(body).__name__}; give the raw bytes, as they came")


def header_lines(headers: _inputs.Headers) -> tuple[tuple[str, str], ...]:
    """Pairs of name and value as text, from a mapping or pairs. Raises TypeError for anything else."""
    lines = _inputs.pairs_of(headers, "headers")
    for name, value in lines:
        for each in (name, value):
            if not isinstance(each, (str, bytes)):
                raise TypeError(f"a header is str or bytes, not {type(each).__name__}")
    return tuple((_text(name), _text(value)) for name, value in lines)


def address_of(url: str | None, query: _inputs.Query | None) -> str:
    """The address as text. Raises TypeError for another type."""
    if query is not None:
        url = _inputs.address(url, query)
    if url is not None and not isinstance(url, str):
        raise TypeError(f"url is text, not {type(url).__name__}")
    return url or ""


def _text(given: str | bytes) -> str:
    """Bytes that are no UTF-8 are held so that they are sent to the core as they came."""
    return given if isinstance(given, str) else given.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character: nobody sent it
        return text.encode("utf-8", "replace")


def keys_of(secret: object) -> dict[str, _inputs.HiddenBytes]:
    """Secrets by name, hidden.

    Raises:
        ArgumentInvalidError (argument_invalid): without any.
        SecretInvalidError (secret_invalid): for text that is none.
        TypeError: for another type.
    """
    given = dict(secret) if isinstance(secret, Mapping) else {"configured": secret}
    del secret
    if not given:
        raise errors.ArgumentInvalidError("no secret was given; give at least one")
    for name in given:
        _inputs.texts("a key id", name)
    return {name: _inputs.secret_bytes(value._secret if isinstance(value, Key) else value) for name, value in given.items()}


def now_us(now: datetime.datetime | None) -> int:
    """Microseconds since 1970. Raises ArgumentInvalidError (argument_invalid) for a time without a zone."""
    return _inputs.present(datetime.datetime.now(datetime.UTC) if now is None else now)


class _Search:
    def __init__(self, case: Case, keys: Mapping[str, bytes], configured: str, method: str, now: int) -> None:
        self._case, self._keys, self._configured, self._method, self._now = case, keys, configured, method, now
        everything = _core.signature_parts()
        self._parts = [p for p in everything if (p["gateway"], p["message"]) == (case.gateway, case.message)]
        self._everything = everything
        self._seen: set[Case] = set()
        self._tried = self._bytes = 0

    def findings(self) -> list[Finding]:
        try:
            plain = self._attempt(self._case)
        except errors.SecretInvalidError as error:
            plain = {"reason": "secret_invalid", "detail": error.message}
        if not plain["reason"]:
            return [
                Finding(
                    "verifies",
                    "The signature fits and is fresh: nothing is wrong with it.",
                    "La firma corresponde y está vigente: no hay nada que corregir.",
                )
            ]
        if plain["reason"] in _FITS:
            return [self._stale(plain["reason"])]
        found = self._search()
        if not found and plain["reason"] == "header_missing":
            return [self._missing(plain["detail"])]
        if not found and plain["reason"] == "secret_invalid":
            return [self._secret_invalid(plain["detail"])]
        return _told(found) or [self._nothing(plain)]

    def _missing(self, detail: str) -> Finding:
        name = detail.removeprefix("header_missing: ").partition(" is not")[0]
        if any(("query", name) in part["pieces"] for part in self._parts):
            change = (
                "It stands in the query of the address: give url= or query=.",
                "Está en la consulta de la dirección: dé url= o query=.",
            )
        elif _inputs.header_hint(self._case.headers):
            change = (
                "Names like HTTP_PE_SIGNATURE are those of request.META: give request.headers.",
                "Nombres como HTTP_PE_SIGNATURE son los de request.META: dé request.headers.",
            )
        else:
            change = (
                "Give every header as it arrived; a proxy or a framework may have taken it away, or the message is not the gateway's.",
                "Dé todos los encabezados tal como llegaron; un proxy o un framework pudo quitarlo, o el mensaje no es de la pasarela.",
            )
        return Finding("header_missing", f"{name} is not there.", f"Falta {name}.", *change)

    def _secret_invalid(self, detail: str) -> Finding:
        return Finding(
            "secret_invalid",
            f"The secret cannot be used: {detail}.",
            f"El secreto no se puede usar: {detail}.",
            "Configure the secret exactly as the gateway's panel shows it, whole.",
            "Configure el secreto tal como lo muestra el panel de la pasarela, completo.",
        )

    def _attempt(self, case: Case, tolerance_s: int | None = None) -> dict[str, Any]:
        self._tried += 1
        self._bytes += len(case.body)
        return _core.attempt_signature(
            case.gateway,
            case.message,
            [_inputs.HiddenPair(("key", _inputs.HiddenBytes(case.secret)))],
            [_inputs.HiddenPair(pair) for pair in case.settings],
            case.body,
            [(_bytes(name), _bytes(value)) for name, value in case.headers],
            _bytes(case.url),
            self._method,
            self._now,
            tolerance_s,
            dict(case.changes),
        )

    def _fits(self, case: Case) -> bool:
        if case in self._seen or not self._room():
            return False
        self._seen.add(case)
        try:
            # a change that changes nothing still takes limits away: a secret that is too short is said by the plain attempt
            return self._attempt(case if case.changes else case.changed(plain=""))["reason"] in _FITS
        except (errors.CuadreError, UnicodeError):
            return False

    def _room(self) -> bool:
        return self._tried < CANDIDATES_MAX and self._bytes < BYTES_MAX

    def _mistakes(self) -> list[Mistake]:
        case, parts = self._case, self._parts
        used = {kind for part in parts for kind, _ in part["pieces"]}
        return [
            *_mistakes.other_keys(self._keys, self._configured),
            *_mistakes.secrets(parts),
            *(_mistakes.bodies() if "body" in used and len(case.body) <= BODY_MAX else ()),
            *_mistakes_form.encodings(parts),
            *_mistakes_form.times(parts),
            *_mistakes_form.urls(parts, case),
            *(_mistakes.values(case) if len(case.body) <= BODY_MAX else ()),
            *_mistakes_form.orders(parts),
            *_mistakes_form.schemes(self._everything, case.gateway, case.message),
        ]

    def _search(self) -> list[Mistake]:
        self._seen.add(self._case)
        mistakes = self._mistakes()
        made = [(mistake, case) for mistake in mistakes if (case := mistake.apply(self._case))]
        for mistake, case in made:
            if self._fits(case):
                return [mistake]
        for first, second in itertools.combinations([pair for pair in made if pair[1] != self._case], 2):
            if not self._room():
                break
            # the dearer change, of a body, is kept; the other is applied to it
            one, two = (first, second) if first[0].group.startswith("body") else (second, first)
            case_of_two = self._together(one, two)
            if case_of_two and self._fits(case_of_two):
                return sorted((first[0], second[0]), key=mistakes.index)
        return []

    def _together(self, one: tuple[Mistake, Case], two: tuple[Mistake, Case]) -> Case | None:
        if one[0].group == two[0].group:
            return None
        return two[0].apply(one[1])

    def _stale(self, reason: str) -> Finding:
        off_s = self._off_s()
        change = (
            "Check the clock (NTP), and whether an old message was sent again.",
            "Revise el reloj (NTP) y si se reenvió un mensaje viejo.",
        )
        if off_s is not None and self._milliseconds():
            return Finding(
                "time_unit",
                "The signature fits; its time is in milliseconds where the scheme has seconds.",
                "La firma corresponde; su hora está en milisegundos donde el esquema usa segundos.",
                "Sign and send the time in seconds.",
                "Firme y envíe la hora en segundos.",
            )
        if off_s is not None:
            for hours in range(-12, 15):
                if hours and abs(off_s - hours * 3600) <= self._parts[0]["tolerance_s"]:
                    return Finding(
                        "time_zone",
                        f"The signature fits; its time is {abs(hours)} hours {'old' if hours > 0 else 'ahead'}: local time written as UTC"
                        + (" (UTC-5), or a message of that age." if hours == 5 else "."),
                        f"La firma corresponde; su hora difiere {abs(hours)} horas: hora local escrita como UTC"
                        + (" (UTC-5), o un mensaje de esa edad." if hours == 5 else "."),
                        "Write the time in UTC; if it is, the message is old.",
                        "Escriba la hora en UTC; si ya lo está, el mensaje es viejo.",
                    )
        age = "" if off_s is None else f" by {abs(off_s)} seconds"
        edad = "" if off_s is None else f" por {abs(off_s)} segundos"
        return Finding(
            reason,
            f"The signature fits; its time is too {'old' if reason == 'too_old' else 'far ahead'}{age}.",
            f"La firma corresponde; su hora está {'atrasada' if reason == 'too_old' else 'adelantada'}{edad}.",
            *change,
        )

    def _off_s(self) -> int | None:
        text = next(filter(None, (_mistakes_form.time_text(self._case, part) for part in self._parts)), None)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) < 18:
            value = int(text)
            return self._now // 1_000_000 - (value // 1000 if len(text) > 11 else value)
        try:
            at = datetime.datetime.fromisoformat(text)
        except ValueError:
            return None
        return (self._now - now_us(at)) // 1_000_000 if at.tzinfo else None

    def _milliseconds(self) -> bool:
        case = self._case.changed(time_form="unix_s_or_ms")
        return self._parts[0]["time_form"] == "unix_s" and not self._attempt(case)["reason"]

    def _nothing(self, plain: dict[str, Any]) -> Finding:
        groups = ", ".join(dict.fromkeys(m.group.partition("_")[0] for m in self._mistakes()))
        limit = "" if self._room() else " (the limit)"
        return Finding(
            "nothing_fits",
            f"Refused ({plain['reason']}: {plain['detail']}). {self._tried} attempts{limit} with one or two mistakes of {groups}: none fits.",
            f"Rechazado ({plain['reason']}: {plain['detail']}). {self._tried} intentos{' (el límite)' if limit else ''} con uno o dos errores de {groups}: "
            "ninguno corresponde.",
            "Ask for the secret again, and compare the raw bytes with the sender's; or the message is forged.",
            "Pida de nuevo el secreto y compare los bytes con los del emisor; o el mensaje es falso.",
        )


def _told(found: list[Mistake]) -> list[Finding]:
    made = [Finding(m.code, m.english, m.spanish, m.change_english, m.change_spanish) for m in found]
    if [each.code for each in made] != ["body_reserialised", "amount_decimals"]:
        return made
    written, amount = made  # one mistake: what writes JSON anew writes its numbers anew
    english, spanish = amount.sentence_en.partition(": ")[2], amount.sentence_es.partition(": ")[2]
    return [
        dataclasses.replace(
            written,
            sentence_en=f"{written.sentence_en} Its numbers changed with that: of the amount, {english}",
            sentence_es=f"{written.sentence_es} Con eso cambiaron sus números: en el monto, {spanish}",
        )
    ]


def found_lines(findings: list[Finding], language: str = "en") -> Iterator[str]:
    """Findings as lines of text."""
    for finding in findings:
        spanish = language == "es"
        yield f"{finding.code}: {finding.sentence_es if spanish else finding.sentence_en}"
        if finding.change_en:
            yield f"  {finding.change_es if spanish else finding.change_en}"
