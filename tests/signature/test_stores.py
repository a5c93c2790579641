"""Copies refused: what makes two messages the same event, the stores that remember, and lists of addresses."""

from __future__ import annotations

import multiprocessing
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from cuadre import signature
from cuadre.errors import ArgumentInvalidError, SignatureError
from signature_samples import CANARY, NOW, PAYU, PAYU_SIGN, SAMPLES, SECOND, UNIX, check, hmac_hex, reason_of, verifier


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


def test_a_store_keeps_messages_longer_than_a_copy_can_come() -> None:
    def keeping(gateway: str, retention_days: int, **more: Any) -> signature.Verifier:
        more |= {"duplicates": signature.MemoryDuplicates(), "settings": {"login": "shop"} if gateway == "dlocal" else {}}
        return signature.Verifier(gateway, secrets={"k": CANARY}, retention_days=retention_days, **more)

    for gateway, least in (("pagoefectivo", 45), ("stripe", 1), ("wompi", 2), ("dlocal", 6)):
        keeping(gateway, least)
        keeping(gateway, 1, environment="test")
        if least > 1:
            with pytest.raises(ArgumentInvalidError, match=f"give {least} at least"):
                keeping(gateway, least - 1)
    keeping("dlocal", 2, tolerance_s=86_400)  # a tolerance of your own stands for the retries too
    with pytest.raises(ArgumentInvalidError, match="give 2 at least"):
        keeping("stripe", 1, tolerance_s=86_400)


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
