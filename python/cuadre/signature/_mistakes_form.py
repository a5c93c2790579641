"""More usual mistakes: times, how signatures are written, addresses, order and other schemes. Only ``cuadre.diagnose`` uses them."""

# Loops bind their variables in lambdas as defaults, whose types mypy cannot infer.
# mypy: disable-error-code="misc"

from __future__ import annotations

import dataclasses
import datetime
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from cuadre.signature._mistakes import Apply, Case, Mistake

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
