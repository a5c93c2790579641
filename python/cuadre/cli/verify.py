"""``cuadre verify``: one message from a file, proven or refused, and with ``--explain`` why."""

from __future__ import annotations

import argparse
import datetime
import os
import re
import sys
from pathlib import Path
from typing import Any

from cuadre import _core, errors
from cuadre.base.moments import from_us
from cuadre.cli.arguments import add_command
from cuadre.cli.exits import Exit, message_summary
from cuadre.cli.output import print_json, say
from cuadre.signature import _inputs

GENUINE, REFUSED = Exit.BALANCED, Exit.BREAKS
_REQUEST_LINE = re.compile(r"[A-Z]+ \S+ HTTP/[0-9.]+|HTTP/[0-9.]+ [0-9]{3}.*")  # as a dump of a request begins


def add(commands: Any) -> None:
    command = add_command(
        commands,
        "verify",
        run,
        f"Proves that a message came from its gateway, or says why it is refused. Exit codes: {message_summary()}. "
        "The secret is never taken from the command line itself, where every process list would show it.",
        "  cuadre verify pagoefectivo body.json --header 'PE-Signature: 4f...' --secret-env PE_SECRET\n"
        "  cuadre verify stripe body.json --headers-file headers.txt --secret-file secret.txt --explain",
    )
    command.add_argument("gateway", metavar="GATEWAY")
    command.add_argument("body", metavar="BODY_FILE", help="the raw body, byte for byte")
    command.add_argument("--header", action="append", default=[], metavar="'NAME: VALUE'", help="repeatable")
    command.add_argument("--headers-file", metavar="FILE", help="one header a line")
    command.add_argument(
        "--secret-env", action="append", default=[], metavar="NAME", help="environment variable with the secret; repeatable"
    )
    command.add_argument(
        "--secret-file",
        action="append",
        default=[],
        metavar="FILE",
        help="file with the secret; one newline at its end is taken off; repeatable",
    )
    command.add_argument(
        "--setting", action="append", default=[], metavar="NAME=VALUE", help="what the scheme needs beside the secret"
    )
    command.add_argument("--url", default="", help="the address the message came to")
    command.add_argument("--method", default="POST", help="HTTP method (default: POST)")
    command.add_argument("--now", metavar="ISO", help="verify as of this time, such as 2026-03-02T15:00:00Z")
    command.add_argument(
        "--message", metavar="M", help="which message of the gateway (default: notification, or its only incoming one)"
    )
    command.add_argument(
        "--environment",
        choices=("production", "test"),
        default="production",
        help="test accepts secrets that public code carries, as published vectors have them (default: production)",
    )
    command.add_argument(
        "--explain", action="store_true", help="where it is refused, say which usual mistake would make it fit"
    )


def run(arguments: argparse.Namespace) -> int:
    code, lines, data = _answer(arguments)
    if arguments.json:
        print_json(data)
    else:
        for line in lines:
            say(line)
    return code


def _answer(arguments: argparse.Namespace) -> tuple[int, list[str], dict[str, Any]]:
    """Verifies. Returns the exit code, lines to print, and the same as data.

    Raises:
        CuadreError: an unusable call.
    """
    message = arguments.message or _inputs.main_message(arguments.gateway)
    _inputs.texts("GATEWAY", arguments.gateway, "--message", message, "--method", arguments.method)
    _inputs.readings(arguments.gateway, message)
    body = _bytes(arguments.body)
    headers = _headers(arguments)
    keys = _secrets(arguments)
    settings = _inputs.named("--setting", dict(_pair(text, "=", "--setting") for text in arguments.setting))
    now = _now(arguments.now)
    now_us = _inputs.present(now)
    try:
        outcome = _core.attempt_signature(
            arguments.gateway,
            message,
            [_inputs.HiddenPair(pair) for pair in keys.items()],
            [_inputs.HiddenPair(pair) for pair in settings.items()],
            body,
            [(os.fsencode(name), os.fsencode(value)) for name, value in headers],
            os.fsencode(arguments.url),
            arguments.method,
            now_us,
            placeholders=arguments.environment == "test",
        )
    except errors.SecretInvalidError as error:
        if not arguments.explain:
            raise
        outcome = {"reason": error.code, "detail": error.message}
    code = REFUSED if outcome["reason"] else GENUINE
    data: dict[str, Any] = {"genuine": not code, "gateway": arguments.gateway, "message": message, **_plain(outcome)}
    if not code:
        data["event"] = _event(arguments.gateway, message, body, data)
    spanish = arguments.lang == "es"
    lines = _genuine_lines(data, spanish) if not code else [f"{'rechazado' if spanish else 'refused'}: {outcome['detail']}"]
    if arguments.explain:
        from cuadre import diagnose  # for people alone: verification never reaches it

        found = diagnose.diagnose(
            body, headers, gateway=arguments.gateway, message=message, secret=keys, settings=settings,
            url=arguments.url, method=arguments.method, now=now,
        )  # fmt: skip
        data["findings"] = [vars(finding) for finding in found]
        lines += list(diagnose.found_lines(found, arguments.lang))
    return code, lines, data


def _plain(outcome: dict[str, Any]) -> dict[str, Any]:
    made = dict(outcome)
    if "event_id" in made:
        made["event_id"] = made["event_id"].decode("utf-8", "backslashreplace")
    if made.get("signed_at_us") is not None:
        made["signed_at"] = from_us(made["signed_at_us"]).isoformat()
    return made


def _genuine_lines(data: dict[str, Any], spanish: bool) -> list[str]:
    words = (
        ("genuino", "clave", "cubre", "firmado", "evento") if spanish else ("genuine", "key", "covers", "signed at", "event")
    )
    version = f" ({data['version']})" if data["version"] else ""
    lines = [
        f"{words[0]}: {data['gateway']} {data['message']}{version}",
        f"  {words[1]}: {data['key_id']}",
        f"  {words[2]}: {', '.join(data['covered']) or '-'}",
    ]
    if data.get("signed_at"):
        lines.append(f"  {words[3]}: {data['signed_at']}")
    if data["event_id"]:
        lines.append(f"  {words[4]}: {data['event_id']}")
    return [*lines, *(f"    {name}: {value}" for name, value in data["event"].items())]


def _event(gateway: str, message: str, body: bytes, data: dict[str, Any]) -> dict[str, str]:
    """What the event says, where its gateway's messages can be read; empty otherwise."""
    try:
        event = _core.read_notification(gateway, message, body, data["event_id"], data["covered"])
    except errors.CuadreError:
        return {}
    names = (
        "kind",
        "event_type",
        "reference",
        "gateway_id",
        "amount",
        "status",
        "status_word",
        "occurred_at",
        "environment",
        "merchant",
    )
    said = {name: str(value) for name in names if (value := getattr(event, name)) not in (None, "")}
    faults = "; ".join(f"{fault} {field}" for fault, field, _ in event.faults)
    return {**said, "faults": faults} if faults else said


def _bytes(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise errors.ArgumentInvalidError(f'cannot read "{path}": {error.strerror}') from None


def _pair(text: str, mark: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition(mark)
    if not (name and found):
        raise errors.ArgumentInvalidError(f'{option} "{text}" has no "{mark}"; write NAME{mark}VALUE')
    return name, value


def _headers(arguments: argparse.Namespace) -> list[tuple[str, str]]:
    lines = list(arguments.header)
    if arguments.headers_file:
        text = _bytes(arguments.headers_file).decode("utf-8", "surrogateescape")
        own = [line for line in re.split(r"\r?\n", text) if line.strip()]
        if own and _REQUEST_LINE.fullmatch(own[0]):
            del own[0]
        lines = [*own, *lines]
    return [(name.strip(), value.strip()) for name, value in (_pair(line, ":", "--header") for line in lines)]


def _secrets(arguments: argparse.Namespace) -> dict[str, _inputs.HiddenBytes]:
    found: dict[str, _inputs.HiddenBytes] = {}
    for name in arguments.secret_env:
        value = os.environb.get(os.fsencode(name))
        if value is None:
            raise errors.ArgumentInvalidError(f'there is no environment variable "{name}"; set it to the secret')
        found[name] = _inputs.HiddenBytes(value)
    for path in arguments.secret_file:
        found[Path(path).name] = _inputs.HiddenBytes(_bytes(path).removesuffix(b"\n").removesuffix(b"\r"))
    if not found:
        raise errors.ArgumentInvalidError(
            "no secret: give --secret-env NAME or --secret-file FILE; never on the command line, where every process list shows it"
        )
    return found


def _now(text: str | None) -> datetime.datetime:
    if text is None:
        return datetime.datetime.now(datetime.UTC)
    try:
        now = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise errors.ArgumentInvalidError(f'--now "{text}" is not a time such as 2026-03-02T15:00:00Z') from None
    if now.tzinfo is None:
        raise errors.ArgumentInvalidError(f'--now "{text}" has no zone; write 2026-03-02T15:00:00Z')
    return now
