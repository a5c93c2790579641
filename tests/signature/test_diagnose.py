"""Diagnosis: every usual mistake is planted and must be named; no secret is ever shown; verification never reaches it."""

from __future__ import annotations

import ast
import base64
import dataclasses
import datetime
import hashlib
import hmac
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cuadre
from cuadre import cli, errors
from cuadre.diagnose import Finding, diagnose
from cuadre.signature import _diagnose as diagnosis

NOW = datetime.datetime(2026, 3, 2, 15, 0, tzinfo=datetime.UTC)
NOW_S = int(NOW.timestamp())
SECRET = "canary4f9b2c7d1e8a6b5c3d2e1f0a9b8c7d6e"
RAW_KEY = bytes(range(7, 39))
WHSEC = "whsec_" + base64.b64encode(RAW_KEY).decode()
HEX_KEY = RAW_KEY.hex().upper()
EVENT = {
    "eventType": "cip.paid",
    "operationNumber": "77",
    "data": {"cip": "123", "amount": 20000, "name": "José Ñandú/1", "z": 1, "a": 2},
}
COMPACT = json.dumps(EVENT, separators=(",", ":"), ensure_ascii=False).encode()


def mac(key: bytes, text: bytes) -> bytes:
    return hmac.new(key, text, hashlib.sha256).digest()


@dataclasses.dataclass
class Sent:
    """A message as the gateway sends it, and how to verify it."""

    gateway: str
    message: str
    body: bytes
    headers: dict[str, str]
    secret: Any
    settings: dict[str, str] = dataclasses.field(default_factory=dict)
    url: str | None = None

    def diagnose(self, **changes: Any) -> list[Finding]:
        made = dataclasses.replace(self, **changes)
        return diagnose(
            made.body, made.headers, gateway=made.gateway, message=made.message, secret=made.secret, settings=made.settings,
            url=made.url, now=NOW,
        )  # fmt: skip

    def codes(self, **changes: Any) -> list[str]:
        found = self.diagnose(**changes)
        for finding in found:
            check_sentences(finding)
        return [finding.code for finding in found]


def check_sentences(finding: Finding) -> None:
    assert finding.sentence_en and finding.sentence_es and finding.sentence_en != finding.sentence_es
    assert finding.code == "verifies" or (finding.change_en and finding.change_es)
    shown = repr(finding)
    for secret in (SECRET, WHSEC, WHSEC[6:], HEX_KEY, HEX_KEY.lower(), base64.b64encode(RAW_KEY).decode()):
        assert secret not in shown


def stripe(body: bytes = COMPACT, key: bytes = SECRET.encode(), at: str = str(NOW_S), signed_at: str | None = None) -> Sent:
    signature = mac(key, (signed_at or at).encode() + b"." + body).hex()
    return Sent("stripe", "notification", body, {"Stripe-Signature": f"t={at},v1={signature}"}, SECRET)


def standard_webhooks(body: bytes = COMPACT, key: bytes = RAW_KEY) -> Sent:
    signature = base64.b64encode(mac(key, f"msg_1.{NOW_S}.".encode() + body)).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW_S), "webhook-signature": "v1," + signature}
    return Sent("standard_webhooks", "notification", body, headers, WHSEC)


def pagoefectivo(body: bytes = COMPACT, key: bytes = SECRET.encode()) -> Sent:
    return Sent("pagoefectivo", "notification", body, {"PE-Signature": mac(key, body).hex()}, SECRET)


def dlocal(
    body: bytes = COMPACT, at: str = "2026-03-02T15:00:00.000Z", signed_at: str | None = None, swap: bool = False
) -> Sent:
    login, time = b"login-1", (signed_at or at).encode()
    text = time + login + body if swap else login + time + body
    headers = {"X-Date": at, "Authorization": "V2-HMAC-SHA256, Signature: " + mac(SECRET.encode(), text).hex()}
    return Sent("dlocal", "notification", body, headers, SECRET, {"login": "login-1"})


def rapyd(body: bytes = COMPACT, url: str = "https://shop.example/hook", signed_body: bytes | None = None) -> Sent:
    text = (
        url.encode()
        + b"salt5678"
        + str(NOW_S).encode()
        + b"access-key-1"
        + SECRET.encode()
        + (body if signed_body is None else signed_body)
    )
    signature = base64.b64encode(mac(SECRET.encode(), text).hex().encode()).decode()
    headers = {"salt": "salt5678", "timestamp": str(NOW_S), "signature": signature}
    return Sent(
        "rapyd", "notification", body, headers, SECRET, {"access_key": "access-key-1", "url": "https://shop.example/hook"}
    )


def payu(value: str = "20000.00", signed: str = "20000.0", state: str = "4") -> Sent:
    sign = hashlib.md5(f"{SECRET}~508029~order-7~{signed}~COP~{state}".encode()).hexdigest()
    body = f"merchant_id=508029&reference_sale=order-7&value={value}&currency=COP&state_pol=4&reference_pol=99&sign={sign}"
    return Sent("payu", "confirmation", body.encode(), {}, SECRET)


def adyen(key: bytes = RAW_KEY, order: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6, 7)) -> Sent:
    parts = ["psp1", "", "Merchant", "order-7", "20000", "COP", "AUTHORISATION", "true"]
    signature = base64.b64encode(mac(key, ":".join(parts[i] for i in order).encode())).decode()
    item = {
        "pspReference": "psp1", "merchantAccountCode": "Merchant", "merchantReference": "order-7",
        "amount": {"value": 20000, "currency": "COP"}, "eventCode": "AUTHORISATION", "success": "true",
        "additionalData": {"hmacSignature": signature},
    }  # fmt: skip
    body = json.dumps({"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}).encode()
    return Sent("adyen", "notification", body, {}, HEX_KEY)


def mercadopago(at: str = str(NOW_S), signed_at: str | None = None, sent: str = "abc12", signed: str = "abc12") -> Sent:
    text = f"id:{signed};request-id:req-1;ts:{signed_at or at};"
    headers = {"x-request-id": "req-1", "x-signature": f"ts={at},v1={mac(SECRET.encode(), text.encode()).hex()}"}
    return Sent(
        "mercadopago", "notification", b"{}", headers, SECRET, {}, f"https://shop.example/mp?data.id={sent}&type=payment"
    )


GENUINE: list[Callable[[], Sent]] = [stripe, standard_webhooks, pagoefectivo, dlocal, rapyd, payu, adyen, mercadopago]
OF_BODY: list[Callable[[bytes], Sent]] = [stripe, standard_webhooks, pagoefectivo, dlocal, rapyd]


@pytest.mark.parametrize("made", GENUINE)
def test_genuine_verifies_and_forged_fits_nothing(made: Callable[[], Sent]) -> None:
    assert made().codes() == ["verifies"]
    wrong = "0" * 30 + "deadbeefdeadbeefdeadbeefdeadbeef00"
    key = "whsec_" + base64.b64encode(bytes(range(100, 132))).decode() if made is standard_webhooks else wrong
    assert made().codes(secret=key) == ["nothing_fits"]


@pytest.mark.parametrize("made", OF_BODY)
@pytest.mark.parametrize(
    "how", [{}, {"ensure_ascii": False}, {"sort_keys": True}, {"indent": 2}, {"indent": 4}, {"separators": (",", ":")}]
)
def test_body_reserialised(made: Callable[[bytes], Sent], how: dict[str, Any]) -> None:
    for signed, seen in ((COMPACT, json.dumps(EVENT, **how).encode()), (json.dumps(EVENT, **how).encode(), COMPACT)):
        if signed != seen:
            # the order of keys of the sender is lost where they were sorted: nothing can bring it back
            lost = how.get("sort_keys") and signed is COMPACT
            assert made(signed).codes(body=seen) == (["nothing_fits"] if lost else ["body_reserialised"])


@pytest.mark.parametrize("made", OF_BODY)
@pytest.mark.parametrize(
    ("code", "signed", "seen"),
    [
        ("body_line_ends", COMPACT, COMPACT + b"\n"),
        ("body_line_ends", COMPACT + b"\n", COMPACT),
        ("body_line_ends", COMPACT, COMPACT + b"\r\n"),
        ("body_line_ends", b"a\r\nb\r\n", b"a\nb\n"),
        ("body_line_ends", b"a\nb\n", b"a\r\nb\r\n"),
        ("body_byte_order_mark", COMPACT, b"\xef\xbb\xbf" + COMPACT),
        ("body_byte_order_mark", b"\xef\xbb\xbf" + COMPACT, COMPACT),
        ("body_unicode_form", COMPACT.replace("é".encode(), b"e\xcc\x81").replace("Ñ".encode(), b"N\xcc\x83").replace("ú".encode(), b"u\xcc\x81"), COMPACT),
        ("body_unicode_form", COMPACT, COMPACT.replace("é".encode(), b"e\xcc\x81")),
        ("amount_decimals", COMPACT, COMPACT.replace(b"20000", b"20000.0")),
        ("amount_decimals", COMPACT.replace(b"20000", b"20000.00"), COMPACT.replace(b"20000", b"20000.0")),
        ("amount_decimals", COMPACT.replace(b"20000", b"20000.00"), COMPACT),
        ("body_empty", b"", COMPACT),
    ],
)  # fmt: skip
def test_body(made: Callable[[bytes], Sent], code: str, signed: bytes, seen: bytes) -> None:
    assert made(signed).codes(body=seen) == [code]


@pytest.mark.parametrize("made", [stripe, pagoefectivo, dlocal, payu, rapyd, mercadopago])
def test_secret_of_text(made: Callable[[], Sent]) -> None:
    for wrong in (SECRET + "\n", " " + SECRET, SECRET + "\r\n", "\t" + SECRET + " "):
        assert made().codes(secret=wrong) == ["secret_blanks"]
    for wrong in (f'"{SECRET}"', f"'{SECRET}'"):
        assert made().codes(secret=wrong) == ["secret_quoted"]
    assert made().codes(secret="whsec_" + SECRET) == ["secret_prefix"]
    assert made().codes(secret=SECRET.upper()) == ["secret_case"]
    assert made().codes(secret={"sandbox": "x" * 8 + SECRET, "production": SECRET}) == ["other_key"]


def test_secret_forms() -> None:
    assert stripe(key=RAW_KEY).codes(secret=HEX_KEY) == ["secret_not_decoded"]
    assert stripe(key=RAW_KEY).codes(secret=base64.b64encode(RAW_KEY).decode()) == ["secret_not_decoded"]
    assert stripe(key=b"whsec_" + SECRET.encode()).codes() == ["secret_prefix"]
    assert standard_webhooks(key=WHSEC.encode()).codes() == ["secret_decoded"]
    assert standard_webhooks(key=WHSEC[6:].encode()).codes() == ["secret_decoded", "secret_prefix"]
    assert standard_webhooks().codes(secret=WHSEC + "\n") == ["secret_blanks"]
    assert standard_webhooks().codes(secret=f'"{WHSEC}"') == ["secret_quoted"]
    assert standard_webhooks().codes(secret=RAW_KEY.hex()) == ["secret_not_decoded"]
    assert standard_webhooks().codes(secret=WHSEC.rstrip("=")) == ["secret_padding"]
    assert adyen(key=HEX_KEY.encode()).codes() == ["secret_decoded"]
    assert adyen().codes(secret=HEX_KEY + "\n") == ["secret_blanks"]
    assert adyen().codes(secret=base64.b64encode(RAW_KEY).decode()) == ["secret_not_decoded"]


def test_time() -> None:
    ms = f"{NOW_S}000"
    assert stripe(at=str(NOW_S), signed_at=ms).codes() == ["time_unit"]
    assert stripe(at=ms, signed_at=str(NOW_S)).codes() == ["time_unit"]
    assert stripe(at=ms).codes() == ["time_unit"]
    assert mercadopago(at=ms, signed_at=str(NOW_S)).codes() == ["time_unit"]
    assert stripe(at=str(NOW_S - 5 * 3600)).codes() == ["time_zone"]
    assert stripe(at=str(NOW_S - 5 * 3600), signed_at=str(NOW_S)).codes() == ["time_zone"]
    assert dlocal(at="2026-03-02T10:00:00.000Z", signed_at="2026-03-02T15:00:00.000Z").codes() == ["time_zone"]
    assert dlocal(at="2026-03-02T15:00:00.000Z", signed_at="2026-03-02T15:00:00Z").codes() == ["time_form"]
    assert dlocal(at="2026-03-02T10:00:00-05:00").codes() == ["time_form"]
    old = stripe(at=str(NOW_S - 1000)).diagnose()
    assert [f.code for f in old] == ["too_old"] and "1000 seconds" in old[0].sentence_en
    assert stripe(at=str(NOW_S + 1000)).codes() == ["too_new"]


def test_signature_forms() -> None:
    raw = mac(SECRET.encode(), COMPACT)
    plain = pagoefectivo()
    for text, code in (
        (raw.hex().upper(), "signature_case"),
        (base64.b64encode(raw).decode(), "signature_encoding"),
        (base64.b64encode(raw.hex().encode()).decode(), "signature_encoding"),
        ("sha256=" + raw.hex(), "signature_prefix"),
        (" " + raw.hex() + "\n", "header_blanks"),
    ):
        assert plain.codes(headers={"PE-Signature": text}) == [code]
    sent = rapyd()
    digest = bytes.fromhex(base64.b64decode(sent.headers["signature"]).decode())
    assert sent.codes(headers={**sent.headers, "signature": base64.b64encode(digest).decode()}) == ["signature_encoding"]
    assert sent.codes(headers={**sent.headers, "signature": digest.hex()}) == ["signature_encoding"]
    sent = dlocal()
    assert sent.codes(headers={**sent.headers, "Authorization": sent.headers["Authorization"][-64:]}) == ["signature_prefix"]


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hook",
        "https://shop.example/hook/",
        "/hook",
        "https://inside.local:8080/hook",
        "https://shop.example/other",
    ],
)
def test_url(url: str) -> None:
    sent = rapyd(url=url)
    headers = {**sent.headers, "Host": "inside.local:8080"}
    assert sent.codes(headers=headers, url="https://shop.example/other") == ["url_differs"]


def test_order_amount_and_id() -> None:
    assert dlocal(swap=True).codes() in (["field_order"], ["other_scheme"])
    assert adyen(order=(0, 1, 3, 2, 4, 5, 6, 7)).codes() == ["field_order"]
    for signed in ("20000", "20000.00"):
        assert payu(signed=signed).codes() == ["amount_decimals"]
    assert payu(value="20000", signed="20000.00").codes() == ["amount_decimals"]
    assert mercadopago(sent="abc12", signed="ABC12").codes() == ["id_case"]


def test_other_scheme() -> None:
    body_only = pagoefectivo()
    github = Sent("github", "notification", COMPACT, {"X-Hub-Signature-256": body_only.headers["PE-Signature"]}, SECRET)
    assert github.codes() == ["signature_prefix"]
    signature = mac(SECRET.encode(), COMPACT).hex()  # the text of another scheme in this one's headers
    assert stripe().codes(headers={"Stripe-Signature": f"t={NOW_S},v1={signature}"}) == ["other_scheme"]
    assert dataclasses.replace(stripe(), gateway="pagoefectivo", message="notification").codes() == ["other_scheme"]
    assert dataclasses.replace(pagoefectivo(), gateway="stripe", message="notification").codes() == ["other_scheme"]


def test_two_mistakes() -> None:
    defaults = json.dumps(EVENT).encode()
    assert pagoefectivo().codes(body=defaults, secret=SECRET + "\n") == ["secret_blanks", "body_reserialised"]
    assert pagoefectivo(COMPACT.replace(b"20000", b"20000.00")).codes(body=defaults) == ["body_reserialised"]
    assert stripe(at=f"{NOW_S}000").codes(body=COMPACT + b"\n") == ["body_line_ends"]
    assert rapyd(url="http://shop.example/hook").codes(secret=f'"{SECRET}"') == ["secret_quoted", "url_differs"]
    assert pagoefectivo().codes(headers={"PE-Signature": mac(SECRET.encode(), COMPACT).hex().upper()}, body=defaults) == [
        "body_reserialised",
        "signature_case",
    ]


def test_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    big = json.dumps([EVENT] * 900).encode()
    assert len(big) > 100_000
    calls: list[int] = []
    real = cuadre._core.attempt_signature

    def counted(*arguments: Any) -> Any:
        calls.append(len(arguments[4]))
        return real(*arguments)

    monkeypatch.setattr(cuadre._core, "attempt_signature", counted)
    assert stripe(big).codes(secret="another-secret-altogether") == ["nothing_fits"]
    assert len(calls) <= diagnosis.CANDIDATES_MAX and sum(calls) <= diagnosis.BYTES_MAX + 4 * len(big)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b'{"a":' + b"9" * 5000 + b"}", b'{"a":"\\ud800"}', b"&=&==%zz"]
)
def test_hostile_bodies(body: bytes) -> None:
    for made in GENUINE:
        assert made().codes(body=body)[0] != "verifies" or made is mercadopago


def test_misuse() -> None:
    with pytest.raises(errors.ArgumentInvalidError):
        diagnose("text", {}, gateway="stripe", message="notification", secret=SECRET)  # type: ignore[arg-type]
    with pytest.raises(errors.ArgumentInvalidError):
        diagnose(b"", {}, gateway="stripe", message="notification", secret=SECRET, now=datetime.datetime(2026, 1, 1))
    with pytest.raises(errors.SchemeUnknownError):
        diagnose(b"", {}, gateway="nobody", secret=SECRET)
    assert stripe().codes(secret="") == ["secret_invalid"]


def test_verification_never_reaches_diagnosis() -> None:
    folder = Path(cuadre.__file__).parent
    for file in folder.rglob("*.py"):
        if file.name in ("diagnose.py", "_diagnose.py", "verify.py", "_mistakes.py", "_mistakes_form.py"):
            continue
        tree = ast.parse(file.read_text())
        if (
            file == folder / "signature" / "__init__.py"
        ):  # loaded there when a person asks for signature.diagnose, and nowhere else
            tree.body = [node for node in tree.body if getattr(node, "name", "") != "__getattr__"]
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            where = getattr(node, "module", None) or ""
            assert not any("diagnose" in n or "_mistakes" in n for n in [*names, where]), f"{file.name} imports diagnosis"
    code = (
        "import sys, cuadre.cli.verify; from cuadre import signature\n"
        "try: signature.Verifier('stripe', secrets={'k': 'x9-not-a-public-secret'}, environment='test').verify(b'{}', {'Stripe-Signature': 't=1,v1=' + '0' * 64})\n"
        "except cuadre.errors.SignatureError: pass\n"
        "else: raise SystemExit(1)\n"
        "assert not {'cuadre.diagnose', 'cuadre.signature._diagnose', 'cuadre.signature._mistakes'} & set(sys.modules)\n"
        "assert signature.diagnose.__module__ == 'cuadre.signature._diagnose'"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- the command line


def shell(tmp_path: Path, sent: Sent, *more: str, secret: str = SECRET) -> subprocess.CompletedProcess[str]:
    (tmp_path / "body").write_bytes(sent.body)
    headers = [part for name, value in sent.headers.items() for part in ("--header", f"{name}: {value}")]
    settings = [part for name, value in sent.settings.items() for part in ("--setting", f"{name}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "cuadre", "verify", sent.gateway, str(tmp_path / "body"), "--secret-env", "KEY_1", "--now", NOW.isoformat(),
         *headers, *settings, *more],
        capture_output=True, text=True, env={**os.environ, "KEY_1": secret}, check=False,
    )  # fmt: skip
    assert SECRET not in done.stdout + done.stderr
    return done


def test_cli_genuine(tmp_path: Path) -> None:
    done = shell(tmp_path, pagoefectivo())
    assert done.returncode == 0 and "genuine: pagoefectivo notification" in done.stdout and "KEY_1" in done.stdout
    assert "covers: body" in done.stdout and "cip.paid:123:77" in done.stdout
    assert "genuino" in shell(tmp_path, stripe(), "--lang", "es").stdout
    data = json.loads(shell(tmp_path, rapyd(), "--json").stdout)
    assert data["genuine"] is True and data["key_id"] == "KEY_1" and "amount" in data["covered"]
    assert "event_type" in json.loads(shell(tmp_path, pagoefectivo(), "--json").stdout)["event"]


def test_cli_refused_and_explained(tmp_path: Path) -> None:
    done = shell(tmp_path, pagoefectivo(), secret=SECRET + "\n")
    assert done.returncode == 1 and "mismatch" in done.stdout and "secret_blanks" not in done.stdout
    done = shell(tmp_path, pagoefectivo(), "--explain", secret=SECRET + "\n")
    assert done.returncode == 1 and "secret_blanks" in done.stdout
    assert "El secreto" in shell(tmp_path, pagoefectivo(), "--explain", "--lang", "es", secret=SECRET + "\n").stdout
    data = json.loads(shell(tmp_path, pagoefectivo(), "--explain", "--json", secret=SECRET + "\n").stdout)
    assert data["reason"] == "mismatch" and data["findings"][0]["code"] == "secret_blanks"


def test_cli_unusable(tmp_path: Path) -> None:
    assert shell(tmp_path, dataclasses.replace(stripe(), gateway="nobody")).returncode == 2
    assert shell(tmp_path, stripe(), "--now", "yesterday").returncode == 2
    assert shell(tmp_path, stripe(), "--header", "no colon").returncode == 2
    assert shell(tmp_path, stripe(), "--secret-file", str(tmp_path / "none")).returncode == 2
    done = subprocess.run(
        [sys.executable, "-m", "cuadre", "verify", "stripe", str(tmp_path / "body")], capture_output=True, text=True
    )
    assert done.returncode == 2 and "process list" in done.stderr


def test_cli_files(tmp_path: Path) -> None:
    sent = stripe()
    (tmp_path / "headers").write_text("".join(f"{n}: {v}\r\n" for n, v in sent.headers.items()))
    (tmp_path / "production").write_text(SECRET + "\n")
    done = shell(tmp_path, dataclasses.replace(sent, headers={}), "--headers-file", str(tmp_path / "headers"))
    assert done.returncode == 0
    (tmp_path / "sandbox").write_text("another-" + SECRET)
    done = subprocess.run(
        [sys.executable, "-m", "cuadre", "verify", "stripe", str(tmp_path / "body"), "--headers-file", str(tmp_path / "headers"),
         "--secret-file", str(tmp_path / "sandbox"), "--secret-file", str(tmp_path / "production"), "--now", NOW.isoformat()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "production" in done.stdout


@pytest.mark.parametrize(("environment", "code"), [(None, 2), ("production", 2), ("test", 0)])
def test_the_shell_takes_keys_of_published_vectors_for_tests_alone(tmp_path, monkeypatch, capsys, environment, code):
    signed = hmac.digest(b"webhook_secret", b"1700000000.{}", "sha256").hex()
    (tmp_path / "body").write_bytes(b"{}")
    monkeypatch.setenv("KEY_1", "webhook_secret")
    call = ["verify", "stripe", str(tmp_path / "body"), "--secret-env", "KEY_1", "--now", "2023-11-14T22:13:20Z"]
    call += ["--header", f"Stripe-Signature: t=1700000000,v1={signed}"]
    assert cli.main([*call, *(["--environment", environment] if environment else [])]) == code
    printed = capsys.readouterr()
    assert ("placeholder" in printed.err) == (code == 2)
