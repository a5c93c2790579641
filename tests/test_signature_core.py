"""The low-level binding of signatures: types, headers, schemes as dicts, and that no input gets another exception."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import _core
from cuadre.errors import ArgumentInvalidError, SchemeUnknownError, SecretInvalidError, SignatureError

SECRET = b"a canary that stays out of sight"
NOW_US = 1_700_000_000_000_000
SCHEME: dict[str, Any] = {
    "gateway": "own",
    "message": "notification",
    "pieces": [{"from": "timestamp"}, {"from": "body"}],
    "separator": ".",
    "carrier": {"names": ["X-Signature"], "syntax": "pairs", "time_key": "t", "signature_keys": ["v1"]},
    "time_form": "unix_s",
    "time_signed": True,
    "covered": {"body": True, "time": True},
}


def verifier(**changes: Any) -> _core.Verifier:
    return _core.Verifier.from_readings([SCHEME | changes], [("k", SECRET, None, None)])


def header(body: bytes, time: str = "1700000000") -> dict[str, str]:
    return {"x-signature": f"t={time},v1={hmac.new(SECRET, time.encode() + b'.' + body, hashlib.sha256).hexdigest()}"}


@given(st.binary(max_size=300))
def test_hmac_is_pythons(body: bytes) -> None:
    verified = verifier().verify(body, header(body), now_us=NOW_US)
    assert verified.covered == ("body", "time")
    with pytest.raises(SignatureError, match="mismatch"):
        verifier().verify(body + b"x", header(body), now_us=NOW_US)


@given(
    st.lists(st.tuples(st.sampled_from(["X-Signature", "x-signature", "other"]), st.text() | st.binary()), max_size=4),
    st.binary(),
)
def test_one_family(headers: list[tuple[str, str | bytes]], body: bytes) -> None:
    with pytest.raises(SignatureError) as caught:
        verifier().verify(body, headers, now_us=NOW_US)
    assert caught.value.reason in _core.signature_reasons()
    assert SECRET.decode() not in str(caught.value)


@pytest.mark.parametrize("body", ["text", {"parsed": 1}, None, 1])
def test_bodies_that_are_not_bytes(body: Any) -> None:
    with pytest.raises(TypeError, match="bytes as they were received"):
        verifier().verify(body, header(b""), now_us=NOW_US)


def test_schemes_go_both_ways() -> None:
    assert _core.schemes()
    for scheme in _core.schemes():
        if scheme["settings"] or scheme["key_form"] in {"pem_public", "pem_certificate", "hex", "base64", "base64_prefixed"}:
            continue
        made = _core.Verifier.from_readings([scheme], [("k", b"0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2, None, None)])
        assert made.readings() == [scheme]


@pytest.mark.parametrize(
    "change",
    [{"algoritm": "HMAC-SHA1"}, {"algorithm": "HMAC-SHA3"}, {"pieces": "body"}, {"separator": 1}, {"carrier": {"name": "x"}}],
)
def test_schemes_that_are_wrong(change: dict[str, Any]) -> None:
    with pytest.raises(ArgumentInvalidError):
        verifier(**change)


@pytest.mark.parametrize(
    "secret", ["", " ", "short", b"", "\ud800", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_secrets_that_are_wrong(secret: str | bytes) -> None:
    with pytest.raises(SecretInvalidError):
        _core.Verifier.from_readings([SCHEME], [("k", secret, None, None)])


def test_names_that_are_wrong() -> None:
    with pytest.raises(SchemeUnknownError):
        _core.Verifier("nobody", "notification", [("k", SECRET, None, None)])
    with pytest.raises(SchemeUnknownError):
        _core.sign("nobody", "notification", ("k", SECRET, None, None), now_us=NOW_US)


def test_nothing_shows_the_secret() -> None:
    made = verifier()
    assert "canary" not in repr(made)
    assert "canary" not in repr(made.verify(b"", header(b""), now_us=NOW_US))
