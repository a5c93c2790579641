"""The usual mistakes with signatures, as changes to a case. Only ``cuadre.diagnose`` uses them; nothing here verifies."""

# Loops bind their variables in lambdas as defaults, whose types mypy cannot infer.
# mypy: disable-error-code="misc"

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal


@dataclasses.dataclass(frozen=True)
class Case:
    """One message as it might have been signed."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    secret: bytes = dataclasses.field(repr=False)
    settings: tuple[tuple[str, str], ...] = dataclasses.field(default=(), repr=False)  # some are secrets
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


def _amount_of(case: Case) -> str:
    """The first amount of the message as it stands there."""
    body = case.body.decode("utf-8", "surrogateescape")
    pattern = _JSON_AMOUNT if body.lstrip()[:1] in ("{", "[") else _FORM_AMOUNT
    found = pattern.search(body) or _FORM_AMOUNT.search(case.url)
    return found[2] if found else "20000"


_PLACES = {
    None: ("without zeros at its end", "sin ceros al final"),
    0: ("without decimals", "sin decimales"),
    1: ("with one decimal", "con un decimal"),
    2: ("with two decimals", "con dos decimales"),
}


def values(case: Case) -> Iterator[Mistake]:
    amount = _amount_of(case)
    for places, (english, spanish) in _PLACES.items():
        shown = decimals(amount, places)
        yield Mistake(
            "amount_decimals", "amount",
            f"The amount was written with other decimals: the signature fits it {english}, {shown}.",
            f"El monto fue escrito con otros decimales: la firma corresponde al monto {spanish}, {shown}.",
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
