"""Signatures of notifications: cuadre beside stripe-python, standardwebhooks and a bare hmac call, in one run.

    python tests/benchmarks/bench_signature.py [--runs N] [--calls N] [--rows N]

One by one: microseconds of the processor a call, best of several rounds, contenders taking turns in every round, each with its own
users' call and the clock of the system. The body is an event of 1 kB, the headers are those of a web server. "bare hmac" is what a careful shop writes by
hand: parse the header, bound the time both ways, hmac.digest, compare_digest. stripe-python is asked for the header alone and
standardwebhooks is told not to parse, so all do the same work. A whole table: rows a second, and megabytes of memory on top of the
data. Before anything is timed every contender must accept the genuine message and refuse a forged one. Only the ratios travel.
"""

from __future__ import annotations

import argparse
import base64
import gc
import hmac
import json
import sys
import time
import timeit
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import standardwebhooks
import stripe

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.memory import first_run
from cuadre import signature

STRIPE_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
WEBHOOK_KEY = bytes(range(32))
WEBHOOK_SECRET = "whsec_" + base64.b64encode(WEBHOOK_KEY).decode()
TOLERANCE_S = 300
EVENT = {
    "id": "evt_1NG8Du2eZvKYlo2CUI79vXWy",
    "object": "event",
    "created": 1686089970,
    "data": {
        "object": {
            "id": "pi_3NG8Du2eZvKYlo2C1DRqZ5uM",
            "object": "payment_intent",
            "amount": 120000,
            "amount_received": 120000,
            "capture_method": "automatic",
            "currency": "pen",
            "customer": "cus_9s6XKzkNRiz8i3",
            "description": "Comprobante A-1001, PagoEfectivo",
            "invoice": None,
            "latest_charge": "ch_3NG8Du2eZvKYlo2C1ZKpQ0Tm",
            "metadata": {"order": "A-1001", "store": "Lima Centro", "channel": "web", "seller": "Ana"},
            "payment_method_types": ["customer_balance"],
            "receipt_email": None,
            "statement_descriptor": "TIENDA EJEMPLO",
            "status": "succeeded",
        }
    },
    "livemode": True,
    "pending_webhooks": 1,
    "request": {"id": "req_Wa1CUzJ7EYzZ5c", "idempotency_key": "3f1f7b8e-2b7a-4a8e-9f0c-5d1e6a7b8c9d"},
    "type": "payment_intent.succeeded",
}
OTHER_HEADERS = {
    "Host": "tienda.example",
    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "Content-Type": "application/json; charset=utf-8",
    "Accept": "*/*; q=0.5, application/xml",
    "Cache-Control": "no-cache",
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
}
Check = Callable[[bytes, dict[str, str]], object]  # raises, or returns False, for what is not genuine


class Disagreement(Exception):
    """A contender refused the genuine message, or took a forged one."""


def body_of(number: int, size: int = 1024) -> bytes:
    event = EVENT | {"id": f"evt_{number:024d}", "note": ""}
    short = len(json.dumps(event, separators=(",", ":")))
    return json.dumps(event | {"note": "n" * max(size - short, 0)}, separators=(",", ":")).encode()


# ---- a message of each kind, and who checks it


def stripe_headers(body: bytes, at_s: int) -> dict[str, str]:
    signed = hmac.digest(STRIPE_SECRET.encode(), b"%d." % at_s + body, "sha256").hex()
    return OTHER_HEADERS | {"Stripe-Signature": f"t={at_s},v1={signed}"}


def webhook_headers(body: bytes, at_s: int) -> dict[str, str]:
    signed = base64.b64encode(hmac.digest(WEBHOOK_KEY, b"msg_1.%d." % at_s + body, "sha256")).decode()
    return OTHER_HEADERS | {"webhook-id": "msg_1", "webhook-timestamp": str(at_s), "webhook-signature": "v1," + signed}


def bare_stripe(body: bytes, headers: dict[str, str]) -> bool:
    at, signatures = "", []
    for entry in headers["Stripe-Signature"].split(","):
        key, _, value = entry.partition("=")
        if key == "t":
            at = value
        elif key == "v1":
            signatures.append(value)
    if abs(time.time() - int(at)) > TOLERANCE_S:
        return False
    expected = hmac.digest(STRIPE_SECRET.encode(), at.encode() + b"." + body, "sha256").hex()
    return any(hmac.compare_digest(expected, each) for each in signatures)


def bare_webhook(body: bytes, headers: dict[str, str]) -> bool:
    at = headers["webhook-timestamp"]
    if abs(time.time() - int(at)) > TOLERANCE_S:
        return False
    text = f"{headers['webhook-id']}.{at}.".encode() + body
    expected = base64.b64encode(hmac.digest(WEBHOOK_KEY, text, "sha256")).decode()
    entries = (entry.split(",", 1) for entry in headers["webhook-signature"].split(" "))
    return any(version == "v1" and hmac.compare_digest(expected, each) for version, each in entries)


class Contender(NamedTuple):
    """What its users write, as text, and the names in it."""

    call: str
    names: dict[str, Any]

    def check(self, body: bytes, headers: dict[str, str]) -> object:
        return eval(self.call, self.names | {"body": body, "headers": headers})


def contenders() -> dict[str, tuple[Callable[[bytes, int], dict[str, str]], dict[str, Contender]]]:
    call = "verifier.verify(body, headers)"
    of_stripe = signature.Verifier("stripe", secrets={"2026-07": STRIPE_SECRET})
    of_webhooks = signature.Verifier("standard_webhooks", secrets={"2026-07": WEBHOOK_SECRET})
    header = "verify_header(body, headers['Stripe-Signature'], secret, tolerance)"
    names = {"verify_header": stripe.WebhookSignature.verify_header, "secret": STRIPE_SECRET, "tolerance": TOLERANCE_S}
    webhook = {"webhook": standardwebhooks.Webhook(WEBHOOK_SECRET)}
    return {
        "Stripe": (
            stripe_headers,
            {
                "cuadre": Contender(call, {"verifier": of_stripe}),
                "stripe-python": Contender(header, names),
                "bare hmac": Contender("check(body, headers)", {"check": bare_stripe}),
            },
        ),
        "Standard Webhooks": (
            webhook_headers,
            {
                "cuadre": Contender(call, {"verifier": of_webhooks}),
                # it returns None for what is genuine
                "standardwebhooks": Contender("webhook.verify(body, headers, json_parse=False)", webhook),
                "bare hmac": Contender("check(body, headers)", {"check": bare_webhook}),
            },
        ),
    }


def accepts(check: Check, body: bytes, headers: dict[str, str]) -> bool:
    try:
        return check(body, headers) is not False
    except Exception:
        return False


def require(name: str, check: Check, body: bytes, headers: dict[str, str]) -> None:
    if not accepts(check, body, headers):
        raise Disagreement(f"{name} refuses the genuine message")
    if accepts(check, body.replace(b"A-1001", b"A-1002"), headers):
        raise Disagreement(f"{name} takes a forged message")


def measure(checks: dict[str, Contender], body: bytes, headers: dict[str, str], runs: int, calls: int) -> dict[str, float]:
    best = dict.fromkeys(checks, float("inf"))
    for _ in range(runs):
        for name, (call, names) in checks.items():
            message = {"body": body, "headers": headers}
            took = timeit.timeit(call, globals=names | message, number=calls, timer=time.thread_time)
            best[name] = min(best[name], took / calls * 1e6)
    return best


def show_one_by_one(runs: int, calls: int) -> None:
    body = body_of(1)
    print(
        f"one notification of {len(body):,} bytes; microseconds of the processor a call, and times as long as cuadre; best of {runs}"
    )
    for kind, (sign, checks) in contenders().items():
        headers = sign(body, int(time.time()))
        for name, each in checks.items():
            require(f"{kind}: {name}", each.check, body, headers)
        took = measure(checks, body, headers, runs, calls)
        cells = [f"{name} {time_us:.2f} ({time_us / took['cuadre']:.1f}x)" for name, time_us in took.items()]
        print(f"  {kind:<18} " + "   ".join(f"{cell:<30}" for cell in cells).rstrip(), flush=True)


# ---- a whole table


class Messages:
    """The same messages for everybody, one in a hundred of them forged."""

    def __init__(self, rows: int) -> None:
        self.at_s = int(time.time())
        self.bodies = [body_of(number) for number in range(rows)]
        self.headers = [stripe_headers(body, self.at_s) for body in self.bodies]
        self.forged = set(range(7, rows, 100))
        for row in self.forged:
            self.bodies[row] = self.bodies[row].replace(b"A-1001", b"A-1002")
        lines = [each["Stripe-Signature"] for each in self.headers]
        self.table = pa.table({"body": pa.array(self.bodies, pa.binary()), "stripe-signature": lines})
        self.verifier = signature.Verifier("stripe", secrets={"2026-07": STRIPE_SECRET})


def by_hmac(messages: Messages) -> list[bool]:
    return [bare_stripe(body, headers) for body, headers in zip(messages.bodies, messages.headers, strict=True)]


def by_calls(messages: Messages) -> list[bool]:
    verify = messages.verifier.verify
    return [accepts(verify, body, headers) for body, headers in zip(messages.bodies, messages.headers, strict=True)]


def by_column(messages: Messages, threads: int) -> Any:
    return messages.verifier.verify_column(messages.table, threads=threads)


def verdicts(answer: Any) -> list[bool]:
    return answer if isinstance(answer, list) else pa.table(answer)["verified"].to_pylist()


def ways(messages: Messages) -> dict[str, Callable[[], Any]]:
    return {
        "verify_column, 2 threads": lambda: by_column(messages, 2),
        "verify_column, 1 thread": lambda: by_column(messages, 1),
        "loop over verify": lambda: by_calls(messages),
        "loop with bare hmac": lambda: by_hmac(messages),
    }


def show_table(rows: int, runs: int) -> None:
    messages = Messages(rows)
    tasks = ways(messages)
    wanted = [row not in messages.forged for row in range(rows)]
    rose = {}
    for name, run in tasks.items():
        answer, rose[name] = first_run(run)
        if verdicts(answer) != wanted:
            raise Disagreement(f"{name} does not tell the forged from the genuine")
    best = dict.fromkeys(tasks, float("inf"))
    for _ in range(runs):
        for name, run in tasks.items():
            gc.collect()
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    print(f"a table of {rows:,} of them, one in a hundred forged; rows a second, and times as long; memory on top of the data")
    fastest = best["verify_column, 2 threads"]
    for name, took in best.items():
        print(f"  {name:<26}{rows / took:>12,.0f} {took / fastest:>6.1f}x {rose[name]:>6} MB", flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--rows", type=int, default=200_000)
    options = parser.parse_args(arguments)
    try:
        show_one_by_one(options.runs, options.calls)
        show_table(options.rows, min(options.runs, 4))
    except Disagreement as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
