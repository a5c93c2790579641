"""The low-level binding of signatures: types, headers, schemes as dicts, and that no input gets another exception."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import _core
from cuadre.errors import ArgumentInvalidError, SchemeUnknownError, SecretInvalidError, SignatureError

pytestmark = pytest.mark.border

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
    "covered": ["body", "time"],
}


def verifier(**changes: Any) -> _core.Verifier:
    return _core.Verifier.from_readings([SCHEME | changes], [("k", SECRET, None, None)])


def header(body: bytes, time: str = "1700000000") -> dict[str, str]:
    return {"x-signature": f"t={time},v1={hmac.new(SECRET, time.encode() + b'.' + body, hashlib.sha256).hexdigest()}"}


@given(st.binary(max_size=300))
def test_hmac_is_pythons(body: bytes) -> None:
    verified = verifier().verify(body, header(body), now_us=NOW_US)
    assert verified.covered == {"body", "time"}
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


# ---- what is accepted


class Mine(_core.Verified):
    __slots__ = ()


def of_body(body: bytes, result: Any = None) -> Any:
    """Verified under a scheme whose event id stands in the body and nowhere else."""
    scheme = SCHEME | {"id_at": [{"from": "field", "name": "id", "optional": True}]}
    made = _core.Verifier.from_readings([scheme], [("k", SECRET, None, None)], result=result)
    return made.verify(body, header(body), None, "POST", NOW_US)


@given(st.text(max_size=20), st.integers(0, 3))
def test_an_id_in_the_body(event_id: str, spaces: int) -> None:
    verified = of_body((" " * spaces + json.dumps({"a": [{}], "id": event_id})).encode())
    assert verified.event_id == event_id == verified.event_id  # read once, when asked


@pytest.mark.parametrize(
    "body", [b"", b"no JSON", b"\xff", b'{"id":"a","id":"b"}', b'{"id":[1]}', b'{"id":null}', b'{"id":"%s"}' % (b"a" * 513)]
)
def test_a_body_without_an_id_is_genuine(body: bytes) -> None:
    assert of_body(body).event_id == ""


def test_results_are_of_the_class_that_was_given() -> None:
    verified = of_body(b'{"id":"e-1"}', Mine)
    assert type(verified) is Mine
    assert verified.signed_at == datetime.fromtimestamp(NOW_US // 10**6, UTC)
    for name in ("gateway", "payload", "event_id", "covered", "signed_at"):
        with pytest.raises(AttributeError):
            setattr(verified, name, getattr(verified, name))
    for wrong in (int, 5, object()):
        with pytest.raises(TypeError):
            of_body(b"", wrong)
    with pytest.raises(TypeError):
        Mine("only a gateway")  # type: ignore[call-arg]
    kept = of_body(b'{"id":"e-2"}')  # its verifier is gone, and it still knows its id
    assert kept.event_id == "e-2"


@pytest.mark.parametrize(
    "call",
    [
        lambda made: made.verify(b""),
        lambda made: made.verify(b"", {}, "", "", 0, 0),
        lambda made: made.verify(b"", {}, now=0),
        lambda made: made.verify(b"", {}, b""),
        lambda made: made.verify(b"", {}, "", 5),
        lambda made: made.verify(b"", {}, now_us="0"),
        lambda made: made.verify(b"", {"x-signature": {}}, now_us=0),
        lambda made: made.verify(b"", [["x-signature", ""]], now_us=0),
        lambda made: _core.Verifier.verify(object(), b"", {}),
    ],
)
def test_calls_that_are_wrong(call: Any) -> None:
    with pytest.raises(TypeError):
        call(verifier())


def test_now_is_needed() -> None:
    with pytest.raises(ArgumentInvalidError):
        verifier().verify(b"", header(b""))
    with pytest.raises(OverflowError):
        verifier().verify(b"", header(b""), now_us=2**64)


def test_an_id_that_is_no_text_is_refused() -> None:
    scheme = SCHEME | {"id_at": [{"from": "header", "name": "x-id", "optional": True}]}
    made = _core.Verifier.from_readings([scheme], [("k", SECRET, None, None)])
    with pytest.raises(SignatureError, match="UTF-8"):
        made.verify(b"", header(b"") | {"x-id": b"\xff"}, now_us=NOW_US)
