"""Messages of gateways, verified and signed the way that users do it."""

import json
from typing import Any

from cuadre import _core
from cuadre.errors import SignatureError

SECRET = "a secret made for these tests 0123"
NOW_S = 1_700_000_000


def key(secret: str | bytes, name: str = "k") -> tuple[str, str | bytes, None, None]:
    return (name, secret, None, None)


def accepted(gateway: str, message: str, secret: str, body: bytes | str, headers: dict[str, str], **more: Any) -> Any:
    """The result of verifying, with the keys that published vectors have, placeholders too; None where the signature does not fit. Any other refusal fails the test."""
    verifier = _core.Verifier(gateway, message, [key(secret)], more.get("settings", {}), placeholders=True)
    raw = body.encode() if isinstance(body, str) else body
    try:
        return verifier.verify(raw, headers, more.get("url", ""), "POST", now_us=more.get("now_s", NOW_S) * 1_000_000)
    except SignatureError as error:
        assert error.reason == "mismatch", error
        return None


def signed(gateway: str, message: str, secret: str, body: bytes | str = b"", values: Any = (), **more: Any) -> str:
    raw = body.encode() if isinstance(body, str) else body
    return _core.sign(gateway, message, key(secret), raw, values=list(dict(values).items()), now_us=NOW_S * 1_000_000, **more)


def wompi_body(checksum: str, amount: int = 4490000, time: int = 1530291411, **changes: Any) -> bytes:
    transaction = {"id": "1234-1610641025-49201", "status": "APPROVED", "amount_in_cents": amount}
    properties = ["transaction.id", "transaction.status", "transaction.amount_in_cents"]
    signature = {"properties": properties, "checksum": checksum}
    return json.dumps(
        {"event": "transaction.updated", "data": {"transaction": transaction}, "timestamp": time, "signature": signature}
        | changes
    ).encode()
