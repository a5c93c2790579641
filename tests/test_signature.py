"""Signatures as people use them: verify, refuse, refuse copies, sign; no secret in sight anywhere."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import logging
import multiprocessing
import pickle
import threading
import traceback
from collections import UserDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import signature
from cuadre.errors import ArgumentInvalidError, CuadreError, SchemeUnknownError, SecretInvalidError, SignatureError

CANARY = "canary-7f3a9c51e8d24b60-canary"
NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UNIX = str(int(NOW.timestamp()))


def hmac_hex(text: str | bytes, algorithm: str = "sha256") -> str:
    return hmac.new(CANARY.encode(), text.encode() if isinstance(text, str) else text, algorithm).hexdigest()


def as_json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


# ---- one message of each family, signed here with hmac and hashlib alone

PAGOEFECTIVO = b'{"eventType":"cip.paid","operationNumber":"1001","data":{"cip":"2018000","currency":"PEN","amount":"1001.00"}}'
DLOCAL = b'{"id":"D-4-1","amount":100.50,"currency":"PEN","status":"PAID","order_id":"A-1"}'
STRIPE = b'{"id":"evt_1","object":"event","type":"charge.succeeded"}'
PAYU = {
    "merchant_id": "508029",
    "reference_sale": "A-1",
    "value": "150.00",
    "currency": "COP",
    "state_pol": "4",
    "reference_pol": "7",
}
PAYU_SIGN = hashlib.sha256(f"{CANARY}~508029~A-1~150.0~COP~4".encode()).hexdigest()
RAPYD = b'{"id":"wh_1","type":"PAYMENT_COMPLETED","data":{"amount":1.10}}'
RAPYD_URL = "https://shop.example/rapyd"
RAPYD_TEXT = RAPYD_URL + "0a1b2c3d" + UNIX + "access" + CANARY + RAPYD.decode()
DLOCAL_DATE = "2026-07-01T12:00:00.000Z"

Sample = tuple[str, dict[str, str], bytes, dict[str, str], dict[str, Any]]  # gateway, settings, body, headers, more for verify
SAMPLES: dict[str, Sample] = {
    "pagoefectivo": ("pagoefectivo", {}, PAGOEFECTIVO, {"PE-Signature": hmac_hex(PAGOEFECTIVO)}, {}),
    "dlocal": (
        "dlocal",
        {"login": "login-1"},
        DLOCAL,
        {
            "X-Date": DLOCAL_DATE,
            "Authorization": "V2-HMAC-SHA256, Signature: " + hmac_hex(b"login-1" + DLOCAL_DATE.encode() + DLOCAL),
        },
        {},
    ),
    "payu": ("payu", {}, urlencode(PAYU | {"sign": PAYU_SIGN}).encode(), {}, {}),
    "stripe": ("stripe", {}, STRIPE, {"Stripe-Signature": f"t={UNIX},v1={hmac_hex(UNIX.encode() + b'.' + STRIPE)}"}, {}),
    "rapyd": (
        "rapyd",
        {"url": RAPYD_URL, "access_key": "access"},
        RAPYD,
        {"salt": "0a1b2c3d", "timestamp": UNIX, "signature": base64.b64encode(hmac_hex(RAPYD_TEXT).encode()).decode()},
        {},
    ),
    "mercadopago": (
        "mercadopago",
        {},
        b'{"action":"payment.updated","data":{"id":"123"}}',
        {"x-request-id": "r-1", "x-signature": f"ts={UNIX},v1={hmac_hex(f'id:123;request-id:r-1;ts:{UNIX};')}"},
        {"query": "data.id=123&type=payment"},
    ),
    "github": ("github", {}, b'{"zen":"x"}', {"X-Hub-Signature-256": "sha256=" + hmac_hex(b'{"zen":"x"}')}, {}),
}


def verifier(gateway: str, secrets: Any = None, **more: Any) -> signature.Verifier:
    settings = SAMPLES[gateway][1]
    more.setdefault("duplicates", signature.MemoryDuplicates())
    return signature.Verifier(gateway, secrets=secrets or {"2026-07": CANARY}, settings=settings, **more)


def check(
    sample: str, made: signature.Verifier | None = None, *, now: datetime = NOW, body: Any = None, headers: Any = None
) -> signature.Verified:
    _, _, own_body, own_headers, more = SAMPLES[sample]
    made = made or verifier(sample)
    return made.verify(own_body if body is None else body, own_headers if headers is None else headers, now=now, **more)


def reason_of(call: Callable[[], object]) -> str:
    with pytest.raises(SignatureError) as caught:
        call()
    return caught.value.reason


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


@pytest.mark.parametrize("sample", SAMPLES)
def test_replayed(sample: str) -> None:
    made = verifier(sample)
    verified = check(sample, made)
    assert reason_of(lambda: check(sample, made)) == "replayed"
    verified.release()
    check(sample, made)


def test_replayed_under_other_transport_headers() -> None:
    made = verifier("pagoefectivo")
    check("pagoefectivo", made)
    headers = SAMPLES["pagoefectivo"][3] | {"X-Request-Id": "fresh", "Date": "later"}
    assert reason_of(lambda: check("pagoefectivo", made, headers=headers)) == "replayed"


@pytest.mark.parametrize("spelling", ["150.0", "150.00", "150"])
def test_replayed_with_what_payu_does_not_sign(spelling: str) -> None:
    made = verifier("payu")
    check("payu", made)
    body = urlencode(PAYU | {"value": spelling, "reference_pol": "8", "transaction_id": "x", "sign": PAYU_SIGN}).encode()
    assert reason_of(lambda: check("payu", made, body=body)) == "replayed"


def test_replayed_with_an_id_in_another_case() -> None:
    made = verifier("mercadopago")
    headers = {"x-signature": f"ts={UNIX},v1={hmac_hex(f'id:abc;ts:{UNIX};')}"}
    made.verify(b"{}", headers, now=NOW, query={"data.id": "abc"})
    assert reason_of(lambda: made.verify(b"{}", headers, now=NOW, query="data.id=aBc")) == "replayed"


def test_replayed_under_a_fresh_delivery_id() -> None:
    made = verifier("github")
    check("github", made, headers=SAMPLES["github"][3] | {"X-GitHub-Delivery": "1"})
    headers = SAMPLES["github"][3] | {"X-GitHub-Delivery": "2"}
    assert reason_of(lambda: check("github", made, headers=headers)) == "replayed"


def test_the_claim_goes_back_where_handling_fails() -> None:
    made = verifier("stripe")
    with pytest.raises(RuntimeError, match="booking"), check("stripe", made):
        raise RuntimeError("booking")
    with check("stripe", made):
        pass
    assert reason_of(lambda: check("stripe", made)) == "replayed"


def test_forged_messages_claim_nothing() -> None:
    store = signature.MemoryDuplicates()
    reason_of(lambda: check("stripe", verifier("stripe", {"k": "another secret, long enough"}, duplicates=store)))
    assert len(store) == 0


def test_production_needs_a_store_where_no_time_is_signed() -> None:
    with pytest.raises(ArgumentInvalidError, match="duplicates="):
        verifier("pagoefectivo", duplicates=None)
    check("pagoefectivo", verifier("pagoefectivo", duplicates=None, environment="test"))
    check("stripe", verifier("stripe", duplicates=None))


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
    with pytest.raises(SecretInvalidError):
        verifier("stripe", {"k": secret})


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


# ---- stores of seen events


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> signature.Duplicates:
    return signature.MemoryDuplicates() if request.param == "memory" else signature.SqliteDuplicates(tmp_path / "seen.db")


def test_claims(store: signature.Duplicates) -> None:
    end = NOW + timedelta(days=45)
    assert store.claim("a", "1", NOW, end)
    assert not store.claim("a", "1", NOW, end)
    assert store.claim("b", "1", NOW, end)
    assert not store.claim("a", "1", end - timedelta(microseconds=1), end)
    assert store.claim("a", "1", end, end + SECOND)
    store.release("a", "1")
    store.release("a", "unknown")
    assert store.claim("a", "1", end, end + SECOND)


def test_fifty_threads_one_effect(store: signature.Duplicates) -> None:
    made = verifier("stripe", duplicates=store)
    start = threading.Barrier(50)
    outcomes: list[str] = []

    def work() -> None:
        start.wait()
        try:
            check("stripe", made)
            outcomes.append("accepted")
        except SignatureError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] + ["replayed"] * 49


def claims_of(path: str) -> int:
    store = signature.SqliteDuplicates(path)
    return sum(store.claim("a", str(n), NOW, NOW + SECOND) for n in range(100))


def test_several_processes(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert sum(pool.map(claims_of, [str(tmp_path / "seen.db")] * 3)) == 100


def test_memory_is_bounded_by_time() -> None:
    store = signature.MemoryDuplicates()
    for n in range(1000):
        assert store.claim("a", str(n), NOW + n * SECOND, NOW + (n + 10) * SECOND)
    assert len(store) == 10
    with pytest.raises(ArgumentInvalidError):
        signature.SqliteDuplicates(":memory:")


# ---- lists of addresses

LIST = signature.AddressList(["34.230.185.20", "2001:db8::/32", "::ffff:10.0.0.0/104"])


@pytest.mark.parametrize(
    ("remote", "forwarded", "hops", "allowed"),
    [
        ("34.230.185.20", None, 0, True),
        ("34.230.185.21", None, 0, False),
        ("2001:db8::1", None, 0, True),
        ("2001:db9::1", None, 0, False),
        ("::ffff:34.230.185.20", None, 0, True),
        ("10.1.2.3", None, 0, True),
        ("9.9.9.9", "34.230.185.20", 0, False),  # nobody is trusted, so its word counts nothing
        ("34.230.185.20", "9.9.9.9", 0, True),
        ("9.9.9.9", "34.230.185.20", 1, True),
        ("9.9.9.9", None, 1, False),
        ("9.9.9.9", "", 1, False),
        ("9.9.9.9", "34.230.185.20, 8.8.8.8", 1, False),  # the left-most is the sender's own
        ("9.9.9.9", "8.8.8.8, 34.230.185.20", 1, True),
        ("9.9.9.9", "1.1.1.1,\t34.230.185.20 , 8.8.8.8", 2, True),
        ("9.9.9.9", ["34.230.185.20", "8.8.8.8"], 1, False),
        ("9.9.9.9", ["8.8.8.8", "34.230.185.20"], 1, True),
        ("9.9.9.9", ["34.230.185.20, 7.7.7.7", "8.8.8.8"], 3, True),
        ("9.9.9.9", ["34.230.185.20"], 2, False),
        ("9.9.9.9", "34.230.185.20:443", 1, True),
        ("9.9.9.9", "[2001:db8::5]:443", 1, True),
        ("9.9.9.9", "[2001:db8::5]", 1, True),
        ("9.9.9.9", "[::ffff:34.230.185.20]:1", 1, True),
        ("9.9.9.9", "34.230.185.20, unknown", 1, False),
        ("9.9.9.9", "34.230.185.20, junk", 2, False),
        ("9.9.9.9", "34.230.185.20,", 1, False),
        ("9.9.9.9", "34.230.185.20:", 1, False),
        ("9.9.9.9", "34.230.185.20 8.8.8.8", 1, False),
        ("9.9.9.9", "034.230.185.20", 1, False),
        ("9.9.9.9", "34.230.185", 1, False),
        ("9.9.9.9", "2001:db8::5%eth0", 1, False),
        ("9.9.9.9", '"34.230.185.20"', 1, False),
        ("9.9.9.9", "\u0663\u0664.230.185.20", 1, False),
        ("", "34.230.185.20", 1, False),
    ],
)
def test_addresses(remote: str, forwarded: Any, hops: int, allowed: bool) -> None:
    assert LIST.allows(remote, forwarded, hops) is allowed


@pytest.mark.parametrize("entries", [[], "1.2.3.4", ["1.2.3.4/8"], ["host"], [""], [5]])
def test_lists_that_are_none(entries: Any) -> None:
    with pytest.raises(ArgumentInvalidError):
        signature.AddressList(entries)


@pytest.mark.parametrize("hops", [-1, True, "1"])
def test_hops(hops: Any) -> None:
    with pytest.raises(ArgumentInvalidError):
        LIST.allows("1.2.3.4", None, hops)
