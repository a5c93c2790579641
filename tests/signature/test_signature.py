"""Signatures as people use them: verify, refuse, sign; no secret in sight anywhere."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import logging
import pickle
import traceback
from collections import UserDict
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import signature
from cuadre.errors import ArgumentInvalidError, CuadreError, SchemeUnknownError, SecretInvalidError, SignatureError
from signature_samples import (
    CANARY,
    DLOCAL_DATE,
    NOW,
    PAGOEFECTIVO,
    PAYU,
    SAMPLES,
    SECOND,
    STRIPE,
    check,
    hmac_hex,
    reason_of,
    verifier,
)


@pytest.mark.parametrize("sample", SAMPLES)
def test_genuine(sample: str) -> None:
    verified = check(sample)
    assert (verified.gateway, verified.key_id, verified.payload) == (sample, "2026-07", SAMPLES[sample][2])
    assert verified.covered
    assert verified.covered <= {"body", "id", "time", "status", "amount", "reference"}
    assert (verified.signed_at == NOW) == ("time" in verified.covered)
    with pytest.raises(AttributeError):
        verified.key_id = "x"  # type: ignore[misc]


@pytest.mark.parametrize("sample", SAMPLES)
def test_forged_with_another_secret(sample: str) -> None:
    assert reason_of(lambda: check(sample, verifier(sample, {"k": "another secret, long enough"}))) == "mismatch"


@pytest.mark.parametrize("sample", SAMPLES)
def test_missing_signature_is_refused_like_a_forged_one(sample: str) -> None:
    body = urlencode(PAYU).encode() if sample == "payu" else None
    assert reason_of(lambda: check(sample, headers={}, body=body)) == "header_missing"


@pytest.mark.parametrize("sample", [name for name in SAMPLES if name != "mercadopago"])
def test_every_changed_body(sample: str) -> None:
    body = SAMPLES[sample][2]
    if sample == "payu":
        assert reason_of(lambda: check(sample, body=body.replace(b"150.00", b"950.00"))) == "mismatch"
        return
    for changed in (body + b"\n", b" " + body, body.replace(b":", b": "), b""):
        assert reason_of(lambda changed=changed: check(sample, body=changed)) in ("mismatch", "body_malformed")


def test_reserialised() -> None:
    again = json.dumps(json.loads(PAGOEFECTIVO)).encode()
    assert reason_of(lambda: check("pagoefectivo", body=again)) == "mismatch"


@pytest.mark.parametrize("body", ["text", {"a": 1}, [1], None, 7, 1.5])
def test_bodies_that_are_not_bytes(body: Any) -> None:
    with pytest.raises(TypeError, match="raw b"):
        verifier("stripe").verify(body, {}, now=NOW)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_kinds_of_bytes(kind: Any) -> None:
    verified = check("stripe", body=kind(STRIPE))
    assert type(verified.payload) is bytes


class Werkzeug:
    """Multi-dicts as Werkzeug has them: every pair, only where asked."""

    def items(self, multi: bool = False) -> Any:
        pair = ("Stripe-Signature", SAMPLES["stripe"][3]["Stripe-Signature"])
        return [pair, pair] if multi else [pair]


def test_headers() -> None:
    value = SAMPLES["stripe"][3]["Stripe-Signature"]
    for good in (
        {"STRIPE-SIGNATURE": value},
        [("stripe-signature", value)],
        UserDict({"Stripe-Signature": value}),
        [(b"stripe-signature", value.encode())],
    ):
        check("stripe", headers=good)
    twice = [("Stripe-Signature", value), ("stripe-signature", value)]
    for repeated in (twice, dict(twice), {"Stripe-Signature": [value, value]}, Werkzeug()):
        assert reason_of(lambda repeated=repeated: check("stripe", headers=repeated)) == "header_repeated"
    for wrong in ("Stripe-Signature: x", b"x", [("a",)], [1]):
        with pytest.raises(TypeError):
            check("stripe", headers=wrong)


def test_now_has_a_zone() -> None:
    for wrong in (datetime(2026, 7, 1), 1_782_907_200, "2026-07-01"):
        with pytest.raises(ArgumentInvalidError, match="zone"):
            check("stripe", now=wrong)  # type: ignore[arg-type]
    check("stripe", now=NOW.astimezone(timezone(timedelta(hours=-5))))


@pytest.mark.parametrize("seconds", [-301, -300, 0, 300, 301])
def test_tolerance_both_ways(seconds: int) -> None:
    now = NOW + seconds * SECOND
    if abs(seconds) <= 300:
        check("stripe", now=now)
    else:
        assert reason_of(lambda: check("stripe", now=now)) == ("too_old" if seconds > 0 else "too_new")
    zero = verifier("stripe", tolerance_s=0)
    if seconds:
        assert reason_of(lambda: check("stripe", zero, now=now)) in ("too_old", "too_new")
    else:
        check("stripe", zero, now=now)


def test_rotation() -> None:
    new = "the next secret, long enough too"
    secrets = {"2026-06": signature.Key(CANARY, not_after=NOW), "2026-07": signature.Key(new, not_before=NOW - SECOND)}
    assert check("stripe", verifier("stripe", secrets)).key_id == "2026-06"
    for late in (NOW + timedelta(microseconds=1), NOW + SECOND):
        assert reason_of(lambda late=late: check("stripe", verifier("stripe", secrets), now=late)) == "mismatch"
    early = {"k": signature.Key(CANARY, not_before=NOW + SECOND)}
    assert reason_of(lambda: check("stripe", verifier("stripe", early))) == "key_unknown"
    with pytest.raises(ArgumentInvalidError, match="zone"):
        signature.Key(CANARY, not_after=datetime(2026, 7, 1))


@pytest.mark.parametrize("secret", ["", "  ", "short", b"", "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----"])
def test_secrets_that_protect_nothing(secret: str | bytes) -> None:
    for environment in ("production", "test"):
        with pytest.raises(SecretInvalidError):
            verifier("stripe", {"k": secret}, environment=environment)


def test_arguments() -> None:
    with pytest.raises(TypeError, match="mapping"):
        verifier("stripe", CANARY)
    with pytest.raises(TypeError, match="str or bytes"):
        verifier("stripe", {"k": 5})
    with pytest.raises(SecretInvalidError):
        signature.Verifier("stripe", secrets={})
    with pytest.raises(SchemeUnknownError):
        signature.Verifier("nobody", secrets={"k": CANARY})
    with pytest.raises(ArgumentInvalidError, match="environment"):
        verifier("stripe", environment="prod")
    with pytest.raises(ArgumentInvalidError, match="login"):
        signature.Verifier("dlocal", secrets={"k": CANARY})


def test_typed_event() -> None:
    event = check("dlocal").notification()
    assert (event.gateway, event.reference, event.status_word) == ("dlocal", "A-1", "PAID")
    check_ = event.expect(gateway="dlocal", reference="A-2", currency="COP")
    assert "other_reference" in [each.name for each in check_.quarantine]


# ---- signing: what we sign, a verifier of the same scheme accepts (hmac and hashlib are the oracle)


@given(st.binary(max_size=200))
def test_sign_dlocal(body: bytes) -> None:
    sent = signature.sign("dlocal", "request", CANARY, body=body, settings={"login": "login-1"}, now=NOW)
    assert sent == {
        "Authorization": "V2-HMAC-SHA256, Signature: " + hmac_hex(b"login-1" + DLOCAL_DATE.encode() + body),
        "X-Date": DLOCAL_DATE,
    }


def test_sign_login_of_pagoefectivo() -> None:
    sent = signature.sign("pagoefectivo", "login", CANARY, settings={"id_service": "8", "access_key": "AK"}, now=NOW)
    date = "2026-07-01T07:00:00-05:00"
    assert sent == {"dateRequest": date, "hashString": hashlib.sha256(f"8.AK.{CANARY}.{date}".encode()).hexdigest()}


GIVEN = {
    "login": "login-1", "id_service": "8", "access_key": "AK", "merchant_id": "508029", "terminal_id": "T-1", "referenceCode": "A-1",
    "amount": "20000", "currency": "COP", "reference": "A-1", "amount_in_cents": "4500", "vads_amount": "10",
}  # fmt: skip


@pytest.mark.parametrize(
    ("gateway", "message"),
    sorted({(s["gateway"], s["message"]) for s in signature.schemes() if not s["incoming"]}),
    ids="-".join,
)
def test_sign_and_verify_of_every_outgoing_scheme(gateway: str, message: str) -> None:
    scheme = next(s for s in signature.schemes() if (s["gateway"], s["message"]) == (gateway, message))
    sent = signature.sign(gateway, message, CANARY, settings=GIVEN, url="https://x.example/v1/pay", now=NOW)
    assert sent[scheme["carrier"]["names"][0]]
    other = signature.sign(gateway, message, CANARY + "x", settings=GIVEN, values=sent, url="https://x.example/v1/pay", now=NOW)
    assert other != sent
    assert CANARY not in "".join(sent.values())


# ---- no secret in sight


def untyped(value: Any) -> Any:
    """What a program without types gives."""
    return value


def failing_calls() -> list[Callable[[], object]]:
    good = verifier("stripe")
    calls: list[Callable[[], object]] = [
        lambda: pickle.dumps(good),
        lambda: pickle.dumps(signature.Key(CANARY)),
        lambda: copy.deepcopy(good),
        lambda: signature.Verifier("stripe", secrets={"k": CANARY}, environment=CANARY[:3]),
        lambda: signature.Verifier("dlocal", secrets={"k": CANARY}),
        lambda: signature.Verifier("rapyd", secrets={"k": CANARY}),
        lambda: signature.Verifier("nobody", secrets={"k": CANARY}),
        lambda: signature.Verifier("ebanx", secrets={"k": CANARY}, environment="test"),
        lambda: signature.Verifier("standard_webhooks", secrets={"k": "whsec_" + CANARY + "!"}),
        lambda: signature.Verifier("stripe", secrets={"k": "-----BEGIN " + CANARY}),
        lambda: signature.Verifier("adyen", secrets={"k": CANARY}, environment="test"),
        lambda: signature.Key(CANARY, not_after=datetime(2026, 7, 1)),
        lambda: signature.Verifier("stripe", secrets={"k": CANARY}, tolerance_s=untyped("5")),
        lambda: signature.Verifier("stripe", secrets={"k": CANARY}, tolerance_s=2**80),
        lambda: signature.Verifier("stripe", untyped(5), secrets={"k": CANARY}),
        lambda: signature.Verifier(untyped(5), secrets={"k": CANARY}),
        lambda: signature.Verifier("dlocal", secrets={"k": CANARY}, settings={"login": untyped(5)}),
        lambda: signature.Verifier("stripe", secrets=untyped({5: CANARY})),
        lambda: signature.Verifier("stripe", secrets={"k": CANARY + "\udc80"}),
        lambda: signature.Verifier("stripe", secrets={"k": CANARY, "\udc80": CANARY}),
        lambda: signature.Verifier("stripe", secrets={"k": signature.Key(CANARY, not_before=NOW, not_after=NOW - SECOND)}),
        lambda: signature.sign("dlocal", "request", CANARY, url=untyped(None), now=NOW),
        lambda: signature.sign("dlocal", "request", CANARY, settings={"login": "\udc80"}, now=NOW),
        lambda: signature.sign("dlocal", "request", CANARY, body=untyped("x"), now=NOW),
        lambda: signature.sign("dlocal", "request", CANARY, now=NOW),
        lambda: signature.sign("dlocal", "nothing", CANARY, now=NOW),
        lambda: signature.sign("payu", "request", CANARY, settings={"merchant_id": "1"}, now=NOW),
    ]
    for sample, (_, _, body, headers, more) in SAMPLES.items():
        made = verifier(sample)
        for bad_body, bad_headers in (
            (body + b"x", headers),
            (body, {}),
            (b"", headers),
            (b"\xff\x00", {name: "\u00e9" for name in headers}),
        ):
            calls.append(lambda made=made, b=bad_body, h=bad_headers, more=more: made.verify(b, h, now=NOW, **more))
        calls.append(lambda made=made, body=body, headers=headers: made.verify(body.decode(), headers, now=NOW))  # type: ignore[arg-type]
    return calls


def test_canary(caplog: pytest.LogCaptureFixture) -> None:
    seen = [repr(verifier(sample)) for sample in SAMPLES] + [
        repr(signature.Key(CANARY)),
        str(signature.Key(CANARY)),
        repr(check("stripe")),
    ]
    refused = 0
    for call in failing_calls():
        try:
            call()
        except Exception as error:  # of whatever type: the secret is not in it
            refused += 1
            logging.getLogger("canary").exception("refused")
            seen += [repr(error), str(error), "".join(traceback.format_exception(error))]
            if isinstance(error, CuadreError):
                seen.append(repr(pickle.dumps(error)))
                assert type(pickle.loads(pickle.dumps(error))) is type(error)
    assert refused > 40
    seen += [caplog.text, repr(pickle.dumps(check("stripe")))]
    forms = (CANARY, CANARY.encode().hex(), base64.b64encode(CANARY.encode()).decode()[:36])
    assert not [text for text in seen if any(form in text for form in forms)]


def test_refusals_travel() -> None:
    made = verifier("stripe")
    check("stripe", made)
    for call, reason in ((lambda: check("stripe", made), "replayed"), (lambda: check("stripe", headers={}), "header_missing")):
        with pytest.raises(SignatureError) as caught:
            call()
        again = pickle.loads(pickle.dumps(caught.value))
        assert (again.reason, again.code, str(again)) == (reason, "signature_refused", str(caught.value))
    verified = check("stripe")
    assert pickle.loads(pickle.dumps(verified)) == verified
