"""The usual mistakes with signatures, as changes to a case. Only ``cuadre.diagnose`` uses them; nothing here verifies."""

# Loops bind their variables in lambdas as defaults, whose types mypy cannot infer.
# mypy: disable-error-code="misc"

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime
import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit


@dataclasses.dataclass(frozen=True)
class Case:
    """One message as it might have been signed."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    secret: bytes = dataclasses.field(repr=False)
    settings: tuple[tuple[str, str], ...] = ()
    url: str = ""
    changes: tuple[tuple[str, str], ...] = ()
    gateway: str = ""
    message: str = ""

    def changed(self, **changes: str) -> Case:
        return dataclasses.replace(self, changes=tuple(sorted({**dict(self.changes), **changes}.items())))


Apply = Callable[[Case], Case | None]


@dataclasses.dataclass(frozen=True)
class Mistake:
    """What was done wrong, in both languages, what to change, and how to undo it. Two of one group are never combined."""

    code: str
    group: str
    english: str
    spanish: str
    change_english: str
    change_spanish: str
    apply: Apply


# ---- bodies

_MARK = "\ue000"
_NUMBER = re.compile(f'"(?:{_MARK}|\\\\ue000)([-+.0-9eE]+)(?:{_MARK}|\\\\ue000)"')
_RAW = (
    "Verify the bytes as they came, before any framework parses them.",
    "Verifique los bytes tal como llegaron, antes de que un framework los interprete.",
)


def _body(change: Callable[[bytes], bytes]) -> Apply:
    def apply(case: Case) -> Case | None:
        try:
            return dataclasses.replace(case, body=change(case.body))
        except (ValueError, RecursionError):
            return None

    return apply


def _written(**how: Any) -> Callable[[bytes], bytes]:
    """The JSON written anew, every number with the digits that it came with."""

    def change(body: bytes) -> bytes:
        text = body.decode("utf-8-sig")
        if not text.lstrip().startswith(("{", "[")):
            raise ValueError("no JSON document")
        keep = f"{_MARK}{{}}{_MARK}".format
        slashes = how.get("slashes", False)
        value = json.loads(text, parse_float=keep, parse_int=keep)
        out = json.dumps(value, **{name: option for name, option in how.items() if name != "slashes"})
        out = _NUMBER.sub(r"\1", out)
        return (out.replace("/", "\\/") if slashes else out).encode("utf-8", "surrogatepass")

    return change


def _forms() -> Iterator[tuple[str, dict[str, Any]]]:
    compact = (",", ":")
    yield "compact, letters as they are", {"separators": compact, "ensure_ascii": False}
    yield "compact, letters as \\u escapes", {"separators": compact}
    yield "json.dumps with its defaults", {}
    yield "json.dumps with ensure_ascii=False", {"ensure_ascii": False}
    yield "compact, with \\/ for slashes, as PHP writes it", {"separators": compact, "slashes": True}
    yield "compact, sorted keys", {"separators": compact, "ensure_ascii": False, "sort_keys": True}
    yield "compact, sorted keys, \\u escapes", {"separators": compact, "sort_keys": True}
    yield "sorted keys", {"sort_keys": True}
    yield "sorted keys, letters as they are", {"sort_keys": True, "ensure_ascii": False}
    for indent in (2, 4):
        yield f"indented by {indent}", {"indent": indent, "ensure_ascii": False}
        yield f"indented by {indent}, \\u escapes", {"indent": indent}


def _reformed(form: Literal["NFC", "NFD"]) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        return unicodedata.normalize(form, body.decode()).encode()

    return change


def bodies() -> Iterator[Mistake]:
    ends = {
        "a newline at the end less": lambda b: b.removesuffix(b"\n"),
        "a CR LF at the end less": lambda b: b.removesuffix(b"\r\n"),
        "a newline at the end more": lambda b: b + b"\n",
        "a CR LF at the end more": lambda b: b + b"\r\n",
        "no blanks around it": lambda b: b.strip(),
        "LF instead of CR LF": lambda b: b.replace(b"\r\n", b"\n"),
        "CR LF instead of LF": lambda b: b.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    }
    for name, change in ends.items():
        yield Mistake(
            "body_line_ends", "body_end",
            f"Line ends of the body were changed: the signature fits the body with {name}.",
            f"Cambiaron los finales de línea del cuerpo: la firma corresponde al cuerpo con otra forma ({name}).",
            *_RAW, _body(change),
        )  # fmt: skip
    marks = {
        "without the byte order mark": lambda b: b.removeprefix(b"\xef\xbb\xbf"),
        "with a byte order mark": lambda b: b"\xef\xbb\xbf" + b,
    }
    for name, change in marks.items():
        yield Mistake(
            "body_byte_order_mark", "body_end",
            f"The signature fits the body {name}.", f"La firma corresponde al cuerpo con otra marca BOM ({name}).", *_RAW, _body(change),
        )  # fmt: skip
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    for form in forms:
        yield Mistake(
            "body_unicode_form", "body_letters",
            f"Accented letters were composed differently: the signature fits the body in {form}.",
            f"Las letras con tilde fueron compuestas de otra manera: la firma corresponde al cuerpo en {form}.",
            *_RAW, _body(_reformed(form)),
        )  # fmt: skip
    charsets = {"Latin-1": lambda b: b.decode().encode("latin-1"), "UTF-8": lambda b: b.decode("latin-1").encode()}
    for name, change in charsets.items():
        yield Mistake(
            "body_charset", "body_letters",
            f"The body was decoded and encoded in another character set: the signature fits it in {name}.",
            f"El cuerpo pasó por otro juego de caracteres: la firma corresponde al cuerpo en {name}.",
            *_RAW, _body(change),
        )  # fmt: skip
    for name, how in _forms():
        yield Mistake(
            "body_reserialised", "body_form",
            f"The body was read and written again: the signature fits the same JSON written {name}.",
            f"El cuerpo fue leído y escrito de nuevo: la firma corresponde al mismo JSON escrito así: {name}.",
            *_RAW, _body(_written(**how)),
        )  # fmt: skip
    yield Mistake(
        "body_empty", "body_form",
        "The signature fits an empty body.", "La firma corresponde a un cuerpo vacío.",
        "Sign the body that is sent; a stream that was read before gives nothing.",
        "Firme el cuerpo que se envía; un flujo ya leído no entrega nada.", _body(lambda _: b""),
    )  # fmt: skip


# ---- amounts and ids, in JSON, forms and addresses

_AMOUNT_NAME = r"[\w.\-]*(?:amount|value|total|price|monto|valor|importe)[\w.\-]*"
_JSON_AMOUNT = re.compile(rf'("{_AMOUNT_NAME}"\s*:\s*"?)(-?\d+(?:\.\d+)?)', re.IGNORECASE)
_FORM_AMOUNT = re.compile(rf"((?:^|[?&]){_AMOUNT_NAME}=)(-?\d+(?:\.\d+)?)(?=[&#\s]|$)", re.IGNORECASE)
_ID_NAME = r"[\w.\-]*(?:id|reference|referencia)[\w.\-]*"
_JSON_ID = re.compile(rf'("{_ID_NAME}"\s*:\s*")([^"\\]+)', re.IGNORECASE)
_FORM_ID = re.compile(rf"((?:^|[?&]){_ID_NAME}=)([^&#\s]+)", re.IGNORECASE)


def decimals(text: str, places: int | None) -> str:
    """``20000`` with as many decimals, without rounding; None takes zeros at the end away."""
    whole, _, part = text.partition(".")
    short = part.rstrip("0")
    if places is None:
        return f"{whole}.{short}" if short else whole
    part = short.ljust(places, "0")
    return f"{whole}.{part}" if part else whole


def _everywhere(json_pattern: re.Pattern[str], form_pattern: re.Pattern[str], change: Callable[[str], str]) -> Apply:
    def apply(case: Case) -> Case | None:
        def put(match: re.Match[str]) -> str:
            return match[1] + change(match[2])

        body = case.body.decode("utf-8", "surrogateescape")
        pattern = json_pattern if body.lstrip()[:1] in ("{", "[") else form_pattern
        made = dataclasses.replace(
            case,
            body=pattern.sub(put, body).encode("utf-8", "surrogateescape"),
            url=form_pattern.sub(put, case.url),
            settings=tuple((n, form_pattern.sub(put, v) if n == "url" else v) for n, v in case.settings),
        )
        return made.changed(amounts="as_written") if json_pattern is _JSON_AMOUNT else made

    return apply


def values() -> Iterator[Mistake]:
    for places in (None, 0, 1, 2):
        shown = decimals("20000", places)
        yield Mistake(
            "amount_decimals", "amount",
            f"The amount was written with other decimals: the signature fits it as in {shown}.",
            f"El monto fue escrito con otros decimales: la firma corresponde a la forma {shown}.",
            "Sign the amount as the very text that is sent or received, never a number written anew.",
            "Firme el monto con el mismo texto que se envía o recibe, nunca un número escrito de nuevo.",
            _everywhere(_JSON_AMOUNT, _FORM_AMOUNT, lambda text, places=places: decimals(text, places)),
        )  # fmt: skip
    for name, spanish, fold in (("lower", "minúsculas", str.lower), ("upper", "mayúsculas", str.upper)):
        yield Mistake(
            "id_case", "id",
            f"An id stands in another case: the signature fits it in {name} case.",
            f"Un id está en otras letras: la firma corresponde al id en {spanish}.",
            "Keep the case of ids as the gateway signs them.", "Conserve mayúsculas y minúsculas de los ids como las firma la pasarela.",
            _everywhere(_JSON_ID, _FORM_ID, fold),
        )  # fmt: skip


# ---- secrets


def _secret(change: Callable[[bytes], bytes | None], **changes: str) -> Apply:
    def apply(case: Case) -> Case | None:
        try:
            made = change(case.secret)
        except (ValueError, binascii.Error):
            return None
        return dataclasses.replace(case, secret=made).changed(**changes) if made else None

    return apply


def _unquoted(secret: bytes) -> bytes | None:
    text = secret.strip()
    return text[1:-1] if len(text) > 2 and text[:1] == text[-1:] and text[:1] in (b'"', b"'", b"`") else None


def _unprefixed(secret: bytes) -> bytes | None:
    mark = secret.find(b"_")
    return secret[mark + 1 :] if 0 < mark <= 12 else None


def secrets(parts: list[dict[str, Any]]) -> Iterator[Mistake]:
    def made(code: str, english: str, spanish: str, apply: Apply, group: str = "secret") -> Mistake:
        return Mistake(
            code, group, f"The secret {english}.", f"El secreto {spanish}.",
            "Configure the secret exactly as the gateway's panel shows it, in the form that the scheme says.",
            "Configure el secreto tal como lo muestra el panel de la pasarela, en la forma que dice el esquema.", apply,
        )  # fmt: skip

    yield made(
        "secret_blanks",
        "has a newline or blanks around it that are not part of it",
        "tiene un salto de línea o espacios que no son parte de él",
        _secret(bytes.strip),
    )
    yield made(
        "secret_blanks",
        "was used by the sender with a newline behind it",
        "fue usado por el emisor con un salto de línea al final",
        _secret(lambda s: s + b"\n"),
    )
    yield made(
        "secret_quoted",
        "stands in quotes that are not part of it",
        "está entre comillas que no son parte de él",
        _secret(_unquoted),
    )
    for form in dict.fromkeys(p["key_form"] for p in parts):
        if form != "text":
            yield made(
                "secret_decoded",
                f"is decoded ({form}) here, and the signature was made with its text",
                f"se decodifica ({form}) aquí, y la firma se hizo con su texto",
                _secret(lambda s: s, key_form="text"),
                "key_form",
            )
        for other, plain in (("hex", "hex"), ("base64", "base64")):
            if other != form:
                yield made(
                    "secret_not_decoded",
                    f"is {plain} that has to be decoded first",
                    f"es {plain} que se debe decodificar antes",
                    _secret(lambda s: s, key_form=other),
                    "key_form",
                )
    yield made("secret_prefix", "is signed with without its prefix", "se usa sin su prefijo para firmar", _secret(_unprefixed))
    yield made(
        "secret_prefix",
        "is signed with without its prefix, and decoded from base64",
        "se usa sin su prefijo y decodificado de base64",
        _secret(_unprefixed, key_form="base64"),
        "key_form",
    )
    for prefix in dict.fromkeys(["whsec_", *(p["key_prefix"] for p in parts if p["key_prefix"])]):
        raw = prefix.encode()
        yield made(
            "secret_prefix",
            f"lacks its prefix {prefix}",
            f"no tiene su prefijo {prefix}",
            _secret(lambda s, raw=raw: None if s.startswith(raw) else raw + s),
        )
        yield made(
            "secret_prefix",
            f"lacks its prefix {prefix}, which is signed with",
            f"no tiene su prefijo {prefix}, con el que se firma",
            _secret(lambda s, raw=raw: None if s.startswith(raw) else raw + s, key_form="text"),
            "key_form",
        )
    yield made(
        "secret_encoded",
        "was encoded in base64 once too often",
        "fue codificado en base64 una vez de más",
        _secret(lambda s: base64.b64decode(s, validate=True), key_form="text"),
        "key_form",
    )
    yield made(
        "secret_case",
        "stands in other letters: lower case fits",
        "está en otras letras: corresponde en minúsculas",
        _secret(bytes.lower),
    )
    yield made(
        "secret_case",
        "stands in other letters: upper case fits",
        "está en otras letras: corresponde en mayúsculas",
        _secret(bytes.upper),
    )
    yield made(
        "secret_padding",
        "lost the = signs at its end",
        "perdió los signos = del final",
        _secret(lambda s: s + b"=" * (-len(s.rpartition(b"_")[2]) % 4)),
    )


def other_keys(given: Mapping[str, bytes], configured: str) -> Iterator[Mistake]:
    for name, secret in given.items():
        if name == configured:
            continue
        yield Mistake(
            "other_key", "key_choice",
            f'The message is signed with the key "{name}", and the key "{configured}" was used to verify it.',
            f'El mensaje está firmado con la clave "{name}", y se verificó con la clave "{configured}".',
            "Sandbox and production have keys of their own: configure the one of this environment, and check which one sent this.",
            "Pruebas y producción tienen claves propias: configure la de este ambiente y revise cuál envió este mensaje.",
            lambda case, secret=secret: dataclasses.replace(case, secret=secret),
        )  # fmt: skip


# ---- times


def time_text(case: Case, part: dict[str, Any]) -> str | None:
    """The time as it stands in the message."""
    if part["time_key"]:
        for name, value in case.headers:
            if name.lower() in {n.lower() for n in part["carrier_names"]}:
                found = re.search(rf"(?:^|[,;])\s*{re.escape(part['time_key'])}=([^,;]*)", value)
                return found[1] if found else None
    if part["time_from"] == "header":
        return next((v for n, v in case.headers if n.lower() == part["time_name"].lower()), None)
    if part["time_from"] == "field":
        found = re.search(rf'"{re.escape(part["time_name"])}"\s*:\s*"([^"]*)"', case.body.decode("utf-8", "replace"))
        return found[1] if found else None
    return None


def _time(change: Callable[[str], str | None], parts: list[dict[str, Any]], **changes: str) -> Apply:
    def apply(case: Case) -> Case | None:
        old = next(filter(None, (time_text(case, part) for part in parts)), None)
        new = change(old) if old else None
        if not old or not new:
            return None
        if new == old:
            return case.changed(**changes)
        return dataclasses.replace(
            case,
            headers=tuple((n, v.replace(old, new)) for n, v in case.headers),
            body=case.body
            if any(p["time_from"] != "field" for p in parts)
            else case.body.replace(old.encode(), new.encode(), 1),
        ).changed(**changes)

    return apply


def _shifted(text: str, hours: int) -> str | None:
    if text.isascii() and text.isdigit() and len(text) < 15:
        return str(int(text) + hours * 3600 * (1000 if len(text) > 11 else 1))
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(.*)", text)
    if not found:
        return None
    try:
        return (datetime.datetime.fromisoformat(found[1]) + datetime.timedelta(hours=hours)).isoformat() + found[2]
    except (ValueError, OverflowError):
        return None


def _iso(text: str, tail: str) -> str | None:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", text)
    return found[1] + tail if found else None


def times(parts: list[dict[str, Any]]) -> Iterator[Mistake]:
    if all(part["time_form"] == "none" for part in parts):
        return

    def made(code: str, english: str, spanish: str, apply: Apply) -> Mistake:
        return Mistake(
            code, "time", f"The time {english}.", f"La hora {spanish}.",
            "Send the very text of the time that is signed, in the unit and zone that the scheme says.",
            "Envíe el mismo texto de la hora que se firma, en la unidad y zona que dice el esquema.", apply,
        )  # fmt: skip

    digits = str.isdigit
    yield made(
        "time_unit",
        "stands in seconds and is signed in milliseconds",
        "está en segundos y se firma en milisegundos",
        _time(lambda t: t + "000" if digits(t) and len(t) <= 11 else None, parts, time_form="unix_s_or_ms"),
    )
    yield made(
        "time_unit",
        "stands in milliseconds and is signed in seconds",
        "está en milisegundos y se firma en segundos",
        _time(lambda t: t[:-3] if digits(t) and len(t) > 11 else None, parts, time_form="unix_s_or_ms"),
    )
    yield made(
        "time_unit",
        "is in milliseconds where the scheme has seconds, or the other way round",
        "está en milisegundos donde el esquema usa segundos, o al revés",
        _time(lambda t: t if digits(t) else None, parts, time_form="unix_s_or_ms"),
    )
    for hours in (5, -5):
        yield made(
            "time_zone",
            f"stands {abs(hours)} hours {'before' if hours > 0 else 'behind'} the signed one: local time (UTC-5) was mixed with UTC",
            "difiere 5 horas de la firmada: se mezcló la hora local (UTC-5) con UTC",
            _time(lambda t, hours=hours: _shifted(t, hours), parts),
        )
    for form, tail in (("iso_utc", "Z"), ("iso_utc", ".000Z"), ("iso_offset", "-05:00")):
        yield made(
            "time_form",
            f"is written in another form than the signed one ({tail} at its end)",
            f"está escrita en otra forma que la firmada (termina en {tail})",
            _time(lambda t, tail=tail: _iso(t, tail), parts, time_form=form),
        )
        if tail != ".000Z":
            yield made(
                "time_form",
                f"is written in another form than the scheme has: {form}",
                f"está escrita en otra forma que la del esquema: {form}",
                _time(lambda t: t, parts, time_form=form),
            )


# ---- signatures as they are written


def _trimmed(case: Case) -> Case | None:
    return dataclasses.replace(case, headers=tuple((n.strip(), v.strip()) for n, v in case.headers))


def encodings(parts: list[dict[str, Any]]) -> Iterator[Mistake]:
    def made(code: str, english: str, spanish: str, apply: Apply) -> Mistake:
        return Mistake(
            code, "encoding", f"The signature {english}.", f"La firma {spanish}.",
            "Write the signature as the scheme says: the raw digest in hex or base64, with its prefix, once.",
            "Escriba la firma como dice el esquema: el resumen en hex o base64, con su prefijo, una sola vez.", apply,
        )  # fmt: skip

    used = {part["encoding"] for part in parts}
    names = {"hex": "hex", "base64": "base64 of the raw digest", "base64_of_hex": "base64 of the hex text"}
    spanish = {"hex": "hex", "base64": "base64 del resumen", "base64_of_hex": "base64 del texto hex"}
    for form, name in names.items():
        if form in used:
            continue
        if form == "hex" and used <= {"hex_lower", "hex_upper"}:
            yield made(
                "signature_case",
                "is hex in other letters than the scheme's",
                "es hex en otras letras que las del esquema",
                lambda c: c.changed(encoding="hex"),
            )
        else:
            wanted = " or ".join(sorted(used))
            yield made(
                "signature_encoding",
                f"is {name}, and the scheme has {wanted}",
                f"es {spanish[form]}, y el esquema usa {wanted}",
                lambda c, form=form: c.changed(encoding=form),
            )
    if any(part["prefix"] for part in parts):
        yield made(
            "signature_prefix",
            "stands without the prefix that the scheme has",
            "está sin el prefijo del esquema",
            lambda c: c.changed(prefix=""),
        )
    elif not any(part["time_key"] for part in parts):
        for prefix in ("sha256=", "sha1=", "v1=", "HMAC "):
            yield made(
                "signature_prefix",
                f"stands behind {prefix!r}, which the scheme does not have",
                f"está detrás de {prefix!r}, que el esquema no tiene",
                lambda c, prefix=prefix: c.changed(prefix=prefix),
            )
    yield made(
        "header_blanks", "or another header has blanks around it", "u otro encabezado tiene espacios alrededor", _trimmed
    )


# ---- addresses


def _url_changes(url: str, headers: Mapping[str, str]) -> Iterator[str]:
    parts = urlsplit(url)
    for scheme in {"http": ("https",), "https": ("http",)}.get(parts.scheme, ()):
        yield urlunsplit(parts._replace(scheme=scheme))
    path = parts.path[:-1] if parts.path.endswith("/") else parts.path + "/"
    yield urlunsplit(parts._replace(path=path))
    yield urlunsplit(parts._replace(query="", fragment=""))
    yield urlunsplit(parts._replace(netloc=parts.hostname or ""))
    yield parts.path
    yield urlunsplit(parts._replace(scheme="", netloc=""))
    for name in ("x-forwarded-host", "x-original-host", "host"):
        host = headers.get(name, "")
        if host:
            for scheme in (headers.get("x-forwarded-proto", ""), "https", "http"):
                if scheme:
                    yield urlunsplit(parts._replace(scheme=scheme, netloc=host))


def urls(parts: list[dict[str, Any]], case: Case) -> Iterator[Mistake]:
    used = {piece[0] for part in parts for piece in part["pieces"]}
    in_settings = dict(case.settings).get("url", "")
    if not (used & {"url", "path"} or ("setting", "url") in [tuple(p) for part in parts for p in part["pieces"]]):
        return
    headers = {n.lower(): v for n, v in case.headers}
    base = in_settings or case.url
    made = itertools.chain([case.url] if in_settings and case.url else [], _url_changes(base, headers))
    if in_settings and case.url:
        made = itertools.chain(made, _url_changes(case.url, headers))
    for url in dict.fromkeys(made):
        if not url or url == base:
            continue

        def apply(case: Case, url: str = url) -> Case:
            settings = tuple((n, url if n == "url" else v) for n, v in case.settings)
            return dataclasses.replace(case, settings=settings, url=url if case.url else "")

        yield Mistake(
            "url_differs", "url",
            f"The address differs: the signature fits {url}.", f"La dirección es otra: la firma corresponde a {url}.",
            "Configure the address exactly as it stands at the gateway; behind a proxy the one that comes in is another.",
            "Configure la dirección tal como está en la pasarela; detrás de un proxy la que llega es otra.", apply,
        )  # fmt: skip


# ---- order and other schemes


def orders(parts: list[dict[str, Any]]) -> Iterator[Mistake]:
    for count in sorted({len(part["pieces"]) for part in parts}):
        if count < 2:
            continue
        plain = tuple(range(count))
        made: Iterator[tuple[int, ...]]
        if count <= 4:
            made = itertools.permutations(plain)
        else:
            swaps = ((*plain[:i], plain[i + 1], plain[i], *plain[i + 2 :]) for i in range(count - 1))
            moved = (tuple(sorted(plain, key=lambda x, i=i, e=e: (e * (x == i), x))) for i in plain for e in (-1, 1))
            made = itertools.chain(swaps, moved, [plain[::-1]])
        part = next(p for p in parts if len(p["pieces"]) == count)
        names = [name or kind for kind, name in part["pieces"]]
        for order in dict.fromkeys(made):
            if order == plain or count > 10:
                continue
            shown = ", ".join(names[i] for i in order)
            yield Mistake(
                "field_order", "order",
                f"The parts are signed in another order: {shown}.", f"Las partes se firman en otro orden: {shown}.",
                f"Put the signed text together as the scheme says: {part['signed_text']}.",
                f"Forme el texto firmado como dice el esquema: {part['signed_text']}.",
                lambda c, order=order: c.changed(order=",".join(map(str, order))),
            )  # fmt: skip


_SIGNED = ("hmac", "md5", "sha")


def schemes(all_parts: list[dict[str, Any]], gateway: str, message: str) -> Iterator[Mistake]:
    def made(part: dict[str, Any], apply: Apply, how: str, como: str) -> Mistake:
        name = f"{part['gateway']} {part['message']}" + (f" ({part['version']})" if part["version"] else "")
        return Mistake(
            "other_scheme", "scheme",
            f"The message is signed as {name} is{how}.", f"El mensaje está firmado como {name}{como}.",
            f"Verify it as {name}, or have the sender sign it as {gateway} {message}.",
            f"Verifíquelo como {name}, o haga que el emisor lo firme como {gateway} {message}.", apply,
        )  # fmt: skip

    seen = {(gateway, message)}
    for part in all_parts:
        pair = (part["gateway"], part["message"])
        if pair in seen or not part["algorithm"].lower().startswith(_SIGNED):
            continue
        seen.add(pair)
        yield made(part, lambda c, pair=pair: dataclasses.replace(c, gateway=pair[0], message=pair[1]), "", "")
    for index, part in enumerate(all_parts):
        if (part["gateway"], part["message"]) == (gateway, message) or not part["algorithm"].lower().startswith(_SIGNED):
            continue
        yield made(
            part,
            lambda c, index=index: c.changed(text_of=str(index)),
            ", in the headers of this scheme",
            ", con los encabezados de este esquema",
        )
