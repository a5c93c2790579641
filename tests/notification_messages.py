"""One body of every message that can be verified and read, and how to sign any of them with a key of the tests."""

import base64
import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from cuadre import _core, signature

SECRET = "a secret made for these tests 0123"
NOW = datetime.fromtimestamp(1_700_000_000, UTC)
SETTINGS = {
    "login": "shop",
    "access_key": "ak",
    "customer_id": "77",
    "merchant_id": "m-1",
    "terminal_id": "t-1",
    "url": "https://shop.example/hook",
}
ADYEN_ITEM = {
    "pspReference": "P1",
    "merchantAccountCode": "M",
    "merchantReference": "o1",
    "amount": {"value": 1000, "currency": "PEN"},
    "eventCode": "CAPTURE",
    "success": "true",
    "eventDate": "2023-11-14T22:13:20+00:00",
}
EFECTY = {"transaction_id": "x1", "status": "paid", "reference": "o1", "merchant_id": "m-1", "terminal_id": "t-1"} | {
    "amount": "50000",
    "currency": "COP",
}
KUSHKI = {"event": "approvedTransaction", "ticketNumber": "k1", "totalAmount": 50000, "currencyCode": "COP"}
KR_ANSWER = {
    "shopId": "6",
    "orderStatus": "PAID",
    "orderDetails": {"orderTotalAmount": 1000, "orderCurrency": "PEN", "mode": "TEST", "orderId": "o1"},
    "transactions": [{"uuid": "u1"}],
}
CULQI_ORDER = {"id": "ord_1", "order_number": "o1", "currency_code": "PEN", "amount": 1000, "state": "paid"}
WOMPI = {"id": "1-2", "status": "APPROVED", "reference": "o1", "amount_in_cents": 5000000, "currency": "COP"}

# gateway, message, reading of its scheme: body, and what it says (kind, status, gateway's id, amount)
Row = tuple[str, str, str, Any, tuple[str, str | None, str, str | None]]
MESSAGES: list[Row] = [
    (
        "pagoefectivo",
        "notification",
        "",
        {"eventType": "cip.paid", "operationNumber": "7", "data": {"cip": "0001234", "currency": "PEN", "amount": 10.00}},
        ("payment", "paid", "1234", "PEN 10.00"),
    ),
    ("efecty", "notification", "", EFECTY, ("payment", "paid", "x1", "COP 50000.00")),
    ("efecty", "notification_certificate", "", EFECTY, ("payment", "paid", "x1", "COP 50000.00")),
    (
        "dlocal",
        "notification",
        "",
        {"id": "D-4-1", "amount": 50000, "currency": "COP", "status": "PAID", "order_id": "o1"},
        ("payment", "paid", "D-4-1", "COP 50000.00"),
    ),
    (
        "dlocal",
        "notification",
        "",
        {"id": "REF-1", "payment_id": "D-4-1", "amount": 10.0, "currency": "PEN", "status": "SUCCESS", "order_id": "o1"},
        ("refund", "completed", "REF-1", "PEN 10.00"),
    ),
    (
        "dlocal",
        "notification",
        "",
        {"id": "CHAR1", "payment_id": "D-4-1", "amount": 10.0, "currency": "PEN", "status": "SUCCESS", "order_id": "o1"},
        ("chargeback", None, "CHAR1", "PEN 10.00"),
    ),
    *(
        (
            "payu",
            "confirmation",
            reading,
            {"merchant_id": "508029", "reference_sale": "o1", "reference_pol": "9", "transaction_id": "t", "state_pol": "4"}
            | {"value": "10.00", "currency": "PEN", "test": "0"},
            ("payment", "paid", "9", "PEN 10.00"),
        )
        for reading in ("SHA-256", "SHA-1", "MD5")
    ),
    (
        "rapyd",
        "notification",
        "",
        {"id": "wh_1", "type": "PAYMENT_COMPLETED"}
        | {"data": {"id": "payment_1", "paid": True, "status": "CLO", "amount": 10, "currency_code": "PEN"}},
        ("payment", "paid", "payment_1", "PEN 10.00"),
    ),
    (
        "rapyd",
        "notification",
        "",
        {"id": "wh_2", "type": "REFUND_COMPLETED"}
        | {"data": {"id": "refund_1", "status": "Completed", "amount": 10, "currency": "PEN"}},
        ("refund", "completed", "refund_1", "PEN 10.00"),
    ),
    (
        "rapyd",
        "notification",
        "",
        {"id": "wh_3", "type": "PAYOUT_RETURNED", "data": {"id": "payout_1", "status": "Returned", "amount": 10}},
        ("payout", "returned", "payout_1", None),
    ),
    *(
        (
            "mercadopago",
            "notification",
            reading,
            {"id": 1, "live_mode": True, "type": "payment", "user_id": 44, "data": {"id": "A99"}},
            ("payment", None, "A99", None),
        )
        for reading in ("id as sent", "id in lower case")
    ),
    (
        "wompi",
        "event",
        "",
        {"event": "transaction.updated", "environment": "prod", "timestamp": 1_700_000_000}
        | {"data": {"transaction": WOMPI}}
        | {"signature": {"properties": ["transaction.id", "transaction.status", "transaction.amount_in_cents"]}},
        ("payment", "paid", "1-2", "COP 50000.00"),
    ),
    (
        "epayco",
        "confirmation",
        "",
        {"x_ref_payco": "5", "x_transaction_id": "t", "x_cod_transaction_state": "1", "x_id_invoice": "o1"}
        | {"x_cust_id_cliente": "77", "x_amount": "50000", "x_currency_code": "COP", "x_test_request": "FALSE"},
        ("payment", "paid", "5", "COP 50000.00"),
    ),
    ("kushki", "notification", "", KUSHKI, ("payment", "paid", "k1", "COP 50000.00")),
    ("kushki", "notification_simple", "", KUSHKI, ("payment", "paid", "k1", "COP 50000.00")),
    *(
        (
            "payvalida",
            "notification",
            reading,
            {"po_id": "o1", "pv_po_id": "p1", "status": "approved", "amount": "50000", "iso_currency": "COP"},
            ("payment", "paid", "p1", "COP 50000.00"),
        )
        for reading in ("SHA-256", "SHA-512")
    ),
    (
        "openpay",
        "notification",
        "",
        {"type": "charge.succeeded", "transaction": {"id": "t1", "order_id": "o1", "amount": 50000, "currency": "COP"}},
        ("payment", "paid", "t1", "COP 50000.00"),
    ),
    (
        "culqi",
        "notification",
        "",
        {"object": "event", "type": "order.status.changed", "data": json.dumps(CULQI_ORDER)},
        ("payment", "paid", "ord_1", "PEN 10.00"),
    ),
    (
        "adyen",
        "notification",
        "in notificationItems",
        {"live": "true", "notificationItems": [{"NotificationRequestItem": ADYEN_ITEM}]},
        ("payment", "paid", "P1", "PEN 10.00"),
    ),
    ("adyen", "notification", "one bare item", ADYEN_ITEM, ("payment", "paid", "P1", "PEN 10.00")),
    (
        "checkout",
        "notification",
        "",
        {"id": "evt_1", "type": "payment_captured", "data": {"id": "pay_1", "amount": 1000, "currency": "PEN"}},
        ("payment", "paid", "pay_1", "PEN 10.00"),
    ),
    (
        "ebanx",
        "notification",
        "",
        {"operation": "payment_status_change", "notification_type": "update", "hash_codes": "a,b"},
        ("payment", None, "a,b", None),
    ),
    (
        "izipay",
        "ipn",
        "",
        {"kr-answer": json.dumps(KR_ANSWER), "kr-hash-key": "password", "kr-hash-algorithm": "sha256_hmac"},
        ("payment", "paid", "u1", "PEN 10.00"),
    ),
    (
        "izipay",
        "answer",
        "",
        {"kr-answer": json.dumps(KR_ANSWER), "kr-hash-key": "sha256_hmac", "kr-hash-algorithm": "sha256_hmac"},
        ("payment", "paid", "u1", "PEN 10.00"),
    ),
    (
        "stripe",
        "notification",
        "",
        {"id": "evt_1", "type": "payment_intent.succeeded", "created": 1_700_000_000, "livemode": True}
        | {"data": {"object": {"id": "pi_1", "amount": 1000, "currency": "pen"}}},
        ("payment", "paid", "pi_1", "PEN 10.00"),
    ),
    (
        "paddle",
        "notification",
        "",
        {"event_id": "evt", "event_type": "transaction.paid"}
        | {"data": {"id": "txn", "currency_code": "PEN", "details": {"totals": {"grand_total": "1000"}}}},
        ("payment", "paid", "txn", "PEN 10.00"),
    ),
]


def scheme_of(gateway: str, message: str, reading: str = "") -> dict[str, Any]:
    found = (s for s in _core.schemes() if (s["gateway"], s["message"]) == (gateway, message))
    return next(scheme for scheme in found if reading in ("", scheme["version"]))


def as_sent(scheme: dict[str, Any], body: dict[str, Any]) -> bytes:
    return (urlencode(body) if scheme["body"] == "form" else json.dumps(body)).encode()


def put(body: dict[str, Any], path: str, value: str) -> dict[str, Any]:
    """A copy with a field at a path: a step of digits is an element of a list."""
    whole = json.loads(json.dumps(body))
    *parents, last = path.split(".")
    place: Any = whole
    for step in parents:
        place = place[int(step)] if step.isdigit() else place.setdefault(step, {})
    place[last] = value
    return dict(whole)


class Signed:
    """A message with the signature of a test's key: what a gateway would send."""

    def __init__(self, scheme: dict[str, Any], body: dict[str, Any], folder: Path, raw: bytes | None = None) -> None:
        self.scheme, self.headers, self.query = scheme, dict[str, str](), ""
        self.now = NOW
        self.settings = {name: SETTINGS[name] for name in scheme["settings"]}
        self.secret = self._secret()
        self.body = as_sent(scheme, body) if raw is None else raw
        if scheme["key_id_at"]["name"]:
            self.headers[scheme["key_id_at"]["name"]] = "k"
        if scheme["algorithm"] == "basic":
            self.headers["Authorization"] = "Basic " + base64.b64encode(self.secret.encode()).decode()
        elif scheme["key_form"] == "pem_certificate":
            self._sign_with_openssl(folder)
        else:
            self._sign(body)

    def verifier(self, **more: Any) -> signature.Verifier:
        gateway, message = self.scheme["gateway"], self.scheme["message"]
        more = {"settings": self.settings, "environment": "test"} | more
        return signature.Verifier(gateway, message, secrets={"k": self.secret}, **more)

    def verified(self) -> signature.Verified:
        return self.verifier().verify(self.body, self.headers, now=self.now, query=self.query or None)

    def _secret(self) -> str:
        return SECRET.encode().hex() if self.scheme["key_form"] == "hex" else SECRET + ":password"

    def _sign(self, body: dict[str, Any]) -> None:
        scheme = self.scheme
        values = {"x-request-id": "r-1", "salt": "0123456789abcdef"}
        if scheme["gateway"] == "mercadopago":
            values["data.id"], self.query = body["data"]["id"], "data.id=" + body["data"]["id"]
        sent = signature.sign(
            scheme["gateway"],
            scheme["message"],
            self.secret,
            body=self.body,
            settings=self.settings,
            values=values,
            now=NOW,
            version=scheme["version"],
        )
        if scheme["carrier"]["in"] == "field":
            name = scheme["carrier"]["names"][0]
            self.body = as_sent(
                scheme, put(body, name, sent.pop(name)) if scheme["body"] == "json" else body | {name: sent.pop(name)}
            )
        self.headers |= sent

    def _sign_with_openssl(self, folder: Path) -> None:
        private, certificate, text = folder / "key.pem", folder / "certificate.pem", folder / "text"
        make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "36500", "-subj", "/CN=test"]
        subprocess.run([*make, "-keyout", private, "-out", certificate], check=True, capture_output=True)
        efecty = self.scheme["gateway"] == "efecty"
        self.now = datetime.now(UTC) + timedelta(seconds=5)  # while the certificate is valid
        time = str(int(self.now.timestamp()))
        text.write_bytes((f"{time}.".encode() if efecty else b"") + self.body)
        digest = "-sha256" if efecty else "-sha1"
        made = subprocess.run(["openssl", "dgst", digest, "-sign", private, text], check=True, capture_output=True).stdout
        self.headers[self.scheme["carrier"]["names"][0]] = base64.b64encode(made).decode()
        if efecty:
            self.headers["X-Efecty-Timestamp"] = time
        self.secret = certificate.read_text()
