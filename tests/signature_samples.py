"""One notification of each family of schemes, signed here with hmac and hashlib alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from cuadre import signature
from cuadre.errors import SignatureError

CANARY = "canary-7f3a9c51e8d24b60-canary"
NOW = datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UNIX = str(int(NOW.timestamp()))


def hmac_hex(text: str | bytes, algorithm: str = "sha256") -> str:
    return hmac.new(CANARY.encode(), text.encode() if isinstance(text, str) else text, algorithm).hexdigest()


def as_json(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


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
