"""Every published vector, through the way that users go: Verifier.verify and sign."""

import base64
import json
from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import pytest

import places
from cuadre import _core, signature
from cuadre.errors import SecretInvalidError
from gateway_messages import accepted, key, signed, wompi_body

# ---- published vectors: each entry of vectors.json has one way through a scheme


def login(case: dict[str, Any]) -> bool:
    service, access, secret, date = case["message"].split(".")
    values = {"id_service": service, "access_key": access, "dateRequest": date}
    now_us = int(datetime.fromisoformat(date).timestamp()) * 1_000_000
    given = _core.sign("pagoefectivo", "login", key(secret), values=list(values.items()), now_us=0)
    made = _core.sign("pagoefectivo", "login", key(secret), values=list(values.items())[:2], now_us=now_us)
    assert given == made  # the date as it is written, and the date made from the clock
    return bool(made == case["expected"])


def pe_notification(case: dict[str, Any]) -> bool:
    return bool(accepted("pagoefectivo", "notification", case["key"], case["message"], {"PE-Signature": case["expected"]}))


def dlocal_get(case: dict[str, Any]) -> bool:
    login_name, date = case["message"][:8], case["message"][8:]
    header = f"V2-HMAC-SHA256, Signature: {case['expected']}"
    values = {"login": login_name, "X-Date": date}
    assert signed("dlocal", "request", case["key"], values=values) == header
    now_s = int(datetime.fromisoformat(date).timestamp())
    headers = {"Authorization": header, "X-Date": date}
    return bool(accepted("dlocal", "notification", case["key"], b"", headers, settings={"login": login_name}, now_s=now_s))


def signed_body(gateway: str, message: str) -> Any:
    return lambda case: signed(gateway, message, case["key"], case["message"]) == case["expected"]


def payu_request(case: dict[str, Any]) -> bool:
    secret, merchant, reference, amount, currency = case["message"].split("~")
    version = {"MD5": "MD5", "SHA1": "SHA-1", "SHA256": "SHA-256"}[case["algorithm"]]
    values = {"merchant_id": merchant, "referenceCode": reference, "amount": amount, "currency": currency}
    return signed("payu", "request", secret, values=values, version=version) == case["expected"]


def payu_confirmation(case: dict[str, Any]) -> bool:
    secret, merchant, reference, amount, currency, state = case["message"].split("~")
    # The form has two decimals, the signed text one where the second is zero.
    fields = {
        "merchant_id": merchant,
        "reference_sale": reference,
        "value": f"{amount}0" if amount[-2] == "." else amount,
        "currency": currency,
        "state_pol": state,
        "sign": case["expected"],
    }
    return bool(accepted("payu", "confirmation", secret, urlencode(fields), {}))


def payu_response_page(case: dict[str, Any]) -> bool:
    secret, merchant, reference, amount, currency, state = case["message"].split("~")
    fields = {
        "merchantId": merchant,
        "referenceCode": reference,
        "TX_VALUE": {"150.2": "150.25", "150.3": "150.34"}[amount],
        "currency": currency,
        "transactionState": state,
        "signature": case["expected"],
    }
    return bool(accepted("payu", "response_page", secret, b"", {}, url="https://shop.example/back?" + urlencode(fields)))


def rapyd(case: dict[str, Any]) -> bool:
    body = places.data("gateways", *case["message_file"].split("/")).read_bytes()
    headers = {name: case[name] for name in ("salt", "timestamp")} | {"signature": case["expected"]}
    settings = {"url": case["url"], "access_key": case["access_key"]}
    now_s = int(case["timestamp"])
    return bool(accepted("rapyd", "notification", case["key"], body, headers, settings=settings, now_s=now_s))


def message_of(case: dict[str, Any]) -> bytes:
    if "message" in case:
        return str(case["message"]).encode()
    raw = places.data("gateways", *case["message_file"].split("/")).read_bytes()
    return str(case["message_prefix"]).encode() + (raw.strip() if case["strip_file"] else raw)


def standard_webhooks(case: dict[str, Any]) -> bool:
    event_id, time, body = case["message"].split(".", 2)
    ed25519 = case["algorithm"] == "ed25519"
    secret = "whsec_" + case["key"]
    if ed25519:
        secret = "whpk_" + base64.b64encode(base64.b64decode(case["key"])[32:]).decode()
    results = []
    for prefix in ("webhook", "svix"):
        headers = {
            f"{prefix}-id": event_id,
            f"{prefix}-timestamp": time,
            f"{prefix}-signature": f"{'v1a' if ed25519 else 'v1'},{case['expected']}",
        }
        message = "notification_ed25519" if ed25519 else "notification"
        found = accepted("standard_webhooks", message, secret, body, headers, now_s=int(time))
        assert not found or found.version == f"{prefix}-*"
        results.append(bool(found))
    return all(results)


def timed_pairs(gateway: str, header: str, form: str, separator: bytes) -> Any:
    def verifies(case: dict[str, Any]) -> bool:
        time, body = message_of(case).split(separator, 1)
        headers = {header: form.format(time.decode(), case["expected"])}
        return bool(accepted(gateway, "notification", case["key"], body, headers, now_s=int(time)))

    return verifies


def adyen_fields(case: dict[str, Any]) -> bool:
    parts = case["message"].split(":")
    value, currency, event, success = parts[-4:]
    item = {
        "pspReference": parts[0],
        "originalReference": parts[1],
        "merchantAccountCode": parts[2],
        "merchantReference": ":".join(parts[3:-4]),
        "amount": {"value": int(value), "currency": currency},
        "eventCode": event,
        "success": success,
        "additionalData": {"hmacSignature": case["expected"]},
    }
    if not parts[1]:
        del item["originalReference"]
    envelope = {"live": "false", "notificationItems": [{"NotificationRequestItem": item}]}
    found = [accepted("adyen", "notification", case["key"], json.dumps(body), {}) for body in (item, envelope)]
    assert [result and result.version for result in found] in ([None, None], ["one bare item", "in notificationItems"])
    return all(found)


def adyen_raw(case: dict[str, Any]) -> bool:
    return bool(accepted("adyen", "platform", case["key"], case["message"], {"HmacSignature": case["expected"]}))


def lyra_answer(case: dict[str, Any]) -> bool:
    answer = message_of(case).decode()
    results = []
    for written in (answer, answer.replace("/", "\\/")):
        form = {"kr-answer": written, "kr-hash": case["expected"], "kr-hash-algorithm": "sha256_hmac"}
        body = urlencode(form | {"kr-hash-key": "sha256_hmac"})
        results.append(bool(accepted("izipay", "answer", case["key"], body, {})))
    return all(results)


def lyra_form(case: dict[str, Any]) -> bool:
    names = [
        "action_mode",
        "amount",
        "ctx_mode",
        "currency",
        "page_action",
        "payment_config",
        "site_id",
        "trans_date",
        "trans_id",
        "version",
    ]
    values = case["message"].split("+")[: len(names)]
    fields = {f"vads_{name}": value for name, value in zip(names, values, strict=True)}
    body = urlencode(dict(reversed(fields.items())) | {"signature": case["expected"], "other": "1"})
    assert signed("izipay", "form_request", case["key"], values=fields) == case["expected"]
    return bool(accepted("izipay", "form_notification", case["key"], body, {}))


def wompi_integrity(case: dict[str, Any]) -> bool:
    values = {"reference": "sk8-438k4-xmxm392-sn2m", "amount_in_cents": "2490000", "currency": "COP"}
    secret = case["message"].removeprefix("".join(values.values()))
    return signed("wompi", "integrity", secret, values=values) == case["expected"]


def wompi_event(case: dict[str, Any]) -> bool:
    assert case["message"].startswith("1234-1610641025-49201APPROVED44900001530291411")
    secret = case["message"].removeprefix("1234-1610641025-49201APPROVED44900001530291411")
    results = [
        accepted("wompi", "event", secret, wompi_body(checksum), {}, now_s=1530291411)
        for checksum in (case["expected"], case["actual"])
    ]
    assert results[1]  # what follows from the printed input
    return bool(results[0])


def mercadopago(case: dict[str, Any]) -> bool:
    parts = dict(part.split(":", 1) for part in case["message"].split(";") if part)
    headers = {"X-Signature": f"ts={parts['ts']},v1={case['expected']}", "X-Request-Id": parts["request-id"]}
    url = f"https://shop.example/mp?data.id={parts['id'].upper()}&type=order"
    found = accepted("mercadopago", "notification", case["key"], b"{}", headers, url=url, now_s=int(parts["ts"]) // 1000)
    assert not found or found.version == ("id in lower case" if parts["id"].islower() else "id as sent")
    return bool(found)


WAYS = {
    "PE-A": login,
    "PE-N": pe_notification,
    "DL-1": dlocal_get,
    "DL-2": signed_body("dlocal", "payout_request"),
    "PU-R": payu_request,
    "PU-X": payu_request,
    "PU-C": payu_confirmation,
    "PU-P": payu_response_page,
    "RP-": rapyd,
    "D24-": signed_body("directa24", "cashout_request"),
    "stdwh-": standard_webhooks,
    "stripe-": timed_pairs("stripe", "Stripe-Signature", "t={},v1={}", b"."),
    "paddle-": timed_pairs("paddle", "Paddle-Signature", "ts={};h1={}", b":"),
    "adyen-raw": adyen_raw,
    "adyen-banking": adyen_raw,
    "adyen-platform": adyen_raw,
    "adyen-hpp": adyen_raw,  # a retired message; the same key form and digest over its own text
    "adyen-": adyen_fields,
    "lyra-krhash": lyra_answer,
    "lyra-vads": lyra_form,
    "wompi-integrity": wompi_integrity,
    "wompi-events": wompi_event,
    "mercadopago-": mercadopago,
}


# Texts that templates carry: whoever configures one has no secret, so a Verifier for production refuses them.
PLACEHOLDERS = {"webhook_secret", "your_secret_key_here"}


def test_every_published_vector_is_decided_right():
    counts: Counter[str] = Counter()
    for case in json.loads(places.data("gateways", "vectors.json").read_text()):
        way = next(WAYS[start] for start in WAYS if case["id"].startswith(start))
        found = way(case)
        counts["verifies" if found else "fails"] += 1
        assert found == case["verified"], case["id"]
    assert counts == {"verifies": 38, "fails": 6}


@pytest.mark.parametrize("secret", sorted(PLACEHOLDERS))
def test_keys_of_published_vectors_are_refused_in_production(secret):
    with pytest.raises(SecretInvalidError, match='environment "test"') as caught:
        signature.Verifier("stripe", secrets={"k": secret})
    assert secret not in caught.value.message
    signature.Verifier("stripe", secrets={"k": secret}, environment="test")
    with pytest.raises(SecretInvalidError):
        signature.sign("stripe", "notification", secret, body=b"{}")
    assert signature.sign("stripe", "notification", secret, body=b"{}", environment="test")


def test_the_official_payu_example_fits_its_old_credentials_alone():
    text = places.data("gateways", "payu", "confirmation_official_example.txt").read_text()
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    secret = "6u39nqhq8ftd0hlvnjfs66eh8c"
    assert not accepted("payu", "confirmation", secret, urlencode(fields), {})
    assert accepted("payu", "confirmation", secret, urlencode(fields | {"merchant_id": "500238"}), {})
