"""Published vectors: every Wycheproof and RFC case decided right, and the webhook values that projects publish."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import places
from cuadre import _core
from cuadre.errors import SecretInvalidError, SignatureError


def wycheproof(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for group in json.loads(places.data("conformance", "wycheproof", name).read_text())["testGroups"]:
        for case in group["tests"]:
            yield group, case


@pytest.mark.parametrize(
    ("name", "algorithm", "cases", "accepted"),
    [
        ("hmac_sha1_test.json", "HMAC-SHA1", 170, 33),
        ("hmac_sha256_test.json", "HMAC-SHA256", 174, 33),
        ("hmac_sha512_test.json", "HMAC-SHA512", 174, 33),
    ],
)
def test_wycheproof_hmac(name: str, algorithm: str, cases: int, accepted: int) -> None:
    counts: Counter[str] = Counter()
    for group, case in wycheproof(name):
        whole = group["tagSize"] == {"HMAC-SHA1": 160, "HMAC-SHA256": 256, "HMAC-SHA512": 512}[algorithm]
        got = _core.signature_check(
            algorithm, bytes.fromhex(case["key"]), bytes.fromhex(case["msg"]), bytes.fromhex(case["tag"])
        )
        assert got == (case["result"] == "valid" and whole), case["tcId"]
        counts["accepted" if got else "refused"] += 1
    assert counts == {"accepted": accepted, "refused": cases - accepted}


@pytest.mark.parametrize(
    ("name", "algorithm", "cases"),
    [("ecdsa_secp256r1_sha256_test.json", "ECDSA-SHA256", 484), ("rsa_signature_2048_sha256_test.json", "RSA-SHA256", 259)],
)
@pytest.mark.parametrize("form", ["publicKeyPem", "publicKeyDer"])
def test_wycheproof_public_keys(name: str, algorithm: str, cases: int, form: str) -> None:
    seen = 0
    for group, case in wycheproof(name):
        key = group[form].encode() if form == "publicKeyPem" else bytes.fromhex(group[form])
        got = _core.signature_check(algorithm, key, bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"]))
        assert got == (case["result"] == "valid"), (case["tcId"], case["comment"])
        seen += 1
    assert seen == cases


def blocks(text: str) -> Iterator[dict[str, str]]:
    for block in re.split(r"\n\s*\n", text):
        found = dict(re.findall(r"^(\w+) = ?(.*)$", block, re.MULTILINE))
        if found:
            yield found


@pytest.mark.parametrize(
    ("name", "algorithm", "cases"),
    [
        ("rfc-2202-md5.txt", "HMAC-MD5", 7),
        ("rfc-2202-sha1.txt", "HMAC-SHA1", 7),
        ("rfc-4231-sha256.txt", "HMAC-SHA256", 6),
        ("rfc-4231-sha384.txt", "HMAC-SHA384", 6),
        ("rfc-4231-sha512.txt", "HMAC-SHA512", 6),
    ],
)
def test_rfc(name: str, algorithm: str, cases: int) -> None:
    seen = 0
    for found in blocks(places.data("conformance", "hmac-rfc", name).read_text()):
        if "MD" not in found:
            continue
        length = int(found["Len"]) // 8
        key, message, tag = bytes.fromhex(found["Key"]), bytes.fromhex(found["Msg"])[:length], bytes.fromhex(found["MD"])
        assert _core.signature_check(algorithm, key, message, tag)
        assert not _core.signature_check(algorithm, key, message, tag[:-1])
        assert not _core.signature_check(algorithm, key, message + b"\0", tag)
        seen += 1
    assert seen == cases


def test_nist() -> None:
    seen = 0
    for found in blocks(places.data("conformance", "hmac-rfc", "ring-nist-openssl-hmac_tests.txt").read_text()):
        if found.get("HMAC") not in {"SHA1", "SHA256", "SHA384", "SHA512"}:
            continue
        text = found["Input"]
        message = text[1:-1].encode() if text.startswith('"') else bytes.fromhex(text)
        key = found["Key"][1:-1].encode() if found["Key"].startswith('"') else bytes.fromhex(found["Key"])
        assert _core.signature_check("HMAC-" + found["HMAC"], key, message, bytes.fromhex(found["Output"]))
        seen += 1
    assert seen >= 12


@pytest.fixture(scope="module")
def webhooks() -> dict[str, dict[str, Any]]:
    found = json.loads(places.data("conformance", "webhook-vectors", "upstream-vectors.json").read_text())["vectors"]
    assert len(found) == 6
    return {vector["id"]: vector for vector in found}


def test_standard_webhooks(webhooks: dict[str, dict[str, Any]]) -> None:
    good = webhooks["standard-webhooks-sign"]
    verifier = _core.Verifier("standard_webhooks", "notification", [("k", good["secret"], None, None)])

    def verify(signature: str) -> _core.Verified:
        headers = [
            ("Webhook-Id", good["msg_id"]),
            ("webhook-timestamp", str(good["timestamp"])),
            ("webhook-signature", signature),
        ]
        return verifier.verify(good["body"].encode(), headers, now_us=good["timestamp"] * 1_000_000)

    verified = verify(good["signature"])
    assert (verified.key_id, verified.candidate, verified.event_id) == ("k", 0, good["msg_id"])
    assert verified.signed_at == datetime.fromtimestamp(good["timestamp"], UTC)
    decoys = webhooks["standard-webhooks-decoys"]["signatures"]
    for bad in [
        webhooks["standard-webhooks-wrong-last-char"]["signature"],
        webhooks["standard-webhooks-partial"]["signature"],
        *decoys,
    ]:
        with pytest.raises(SignatureError) as caught:
            verify(bad)
        assert caught.value.reason in {"mismatch", "encoding_malformed", "header_malformed"}
    assert verify(" ".join([*decoys, good["signature"], decoys[0]])).candidate == 1
    for secret in webhooks["standard-webhooks-empty-secret"]["secrets"]:
        with pytest.raises(SecretInvalidError):
            _core.Verifier("standard_webhooks", "notification", [("k", secret, None, None)])


def test_github(webhooks: dict[str, dict[str, Any]]) -> None:
    vector = webhooks["github-doc"]
    (message,) = {s["message"] for s in _core.schemes() if s["gateway"] == "github"}
    verifier = _core.Verifier("github", message, [("k", vector["secret"], None, None)])
    headers = {"X-Hub-Signature-256": vector["header"]}
    assert verifier.verify(vector["body"].encode(), headers, now_us=0).covered
    with pytest.raises(SignatureError) as caught:
        verifier.verify(vector["body"].encode() + b"\n", headers, now_us=0)
    assert caught.value.reason == "mismatch"
