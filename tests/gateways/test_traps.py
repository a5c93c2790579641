"""The traps that the notes of the gateways tell of, and schemes without a published vector, against hashlib and hmac."""

import base64
import hashlib
import hmac
import json
import shutil
import subprocess
import time
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from cuadre import _core
from cuadre.errors import SignatureError
from gateway_messages import NOW_S, SECRET, accepted, key, signed, wompi_body


def wompi_checksum(amount: int, time: int) -> str:
    return hashlib.sha256(f"1234-1610641025-49201APPROVED{amount}{time}{SECRET}".encode()).hexdigest()


def test_wompi_digits_moved_from_the_time_to_the_amount_are_too_old():
    checksum = wompi_checksum(4490000, NOW_S)
    verifier = _core.Verifier("wompi", "event", [key(SECRET)])
    good = verifier.verify(wompi_body(checksum, 4490000, NOW_S), {}, now_us=NOW_S * 1_000_000)
    assert set(good.covered) == {"id", "time", "status", "amount"}
    forged = wompi_body(checksum, 44900001, NOW_S - 1_000_000_000)
    assert wompi_checksum(44900001, NOW_S - 1_000_000_000) == checksum
    with pytest.raises(SignatureError) as caught:
        verifier.verify(forged, {}, now_us=NOW_S * 1_000_000)
    assert caught.value.reason == "too_old"


@pytest.mark.parametrize("left_out", ["transaction.id", "transaction.status", "transaction.amount_in_cents"])
def test_wompi_list_without_what_matters_is_refused(left_out):
    listed = {"transaction.id": "1234-1610641025-49201", "transaction.status": "APPROVED", "transaction.amount_in_cents": "1"}
    del listed[left_out]
    checksum = hashlib.sha256(("".join(listed.values()) + f"{NOW_S}{SECRET}").encode()).hexdigest()
    body = wompi_body("", 1, NOW_S, signature={"properties": list(listed), "checksum": checksum})
    with pytest.raises(SignatureError) as caught:
        _core.Verifier("wompi", "event", [key(SECRET)]).verify(body, {}, now_us=NOW_S * 1_000_000)
    assert caught.value.reason == "not_covered"


WOMPI = {"id": "1234-1610641025-49201", "status": "APPROVED", "amount_in_cents": 4490000}
DOCUMENTED = ["transaction.id", "transaction.status", "transaction.amount_in_cents"]


@pytest.mark.parametrize(
    "properties, changes, reason",
    [
        # the attack: the same bytes, cut into another amount, another id, another order of the same
        (
            ["transaction.w", DOCUMENTED[2], "transaction.z", DOCUMENTED[0], DOCUMENTED[1], "transaction.y"],
            {"w": "12", "amount_in_cents": 34, "z": "-1610641025-", "id": "49201", "y": "4490000"},
            "not_covered",
        ),
        (["transaction.x", *DOCUMENTED], {"x": "1234-", "id": "1610641025-49201"}, "not_covered"),
        ([*DOCUMENTED[:2], "transaction.y", DOCUMENTED[2]], {"y": "44", "amount_in_cents": 90000}, "not_covered"),
        (["", *DOCUMENTED], {}, "not_covered"),
        (DOCUMENTED, {"id": "1234-1610641025-49201AP", "status": "PROVED"}, "body_malformed"),
        (DOCUMENTED, {"status": "APPROVED4", "amount_in_cents": 490000}, "body_malformed"),
        (DOCUMENTED, {"amount_in_cents": "4490000 "}, "body_malformed"),
        (DOCUMENTED[::-1], {}, "not_covered"),
    ],
)
def test_finding_1_wompi_event_is_never_cut_otherwise(properties, changes, reason):
    checksum = wompi_checksum(4490000, NOW_S)
    data = {"transaction": WOMPI | changes}
    body = wompi_body("", time=NOW_S, data=data, signature={"properties": properties, "checksum": checksum})
    with pytest.raises(SignatureError) as caught:
        _core.Verifier("wompi", "event", [key(SECRET)]).verify(body, {}, now_us=NOW_S * 1_000_000)
    assert caught.value.reason == reason


def event_of(verified: Any, gateway: str, message: str) -> Any:
    return _core.read_notification(gateway, message, verified.payload, verified.event_id, verified.covered)


def test_finding_4_no_order_is_matched_by_what_is_not_signed():
    verifier = _core.Verifier("wompi", "event", [key(SECRET)])

    def read(**changes: Any) -> Any:
        data = {"transaction": WOMPI | {"reference": "A-1", "currency": "COP"} | changes}
        body = wompi_body(wompi_checksum(4490000, NOW_S), time=NOW_S, data=data, environment="prod")
        return event_of(verifier.verify(body, {}, now_us=NOW_S * 1_000_000), "wompi", "event")

    event = read()
    assert event.faults == [] and event.unsigned_fields == ["reference", "environment"]
    paid = {"gateway": "wompi", "gateway_id": WOMPI["id"], "amount": "44900.00", "currency": "COP"}
    assert event.expect(paid).accepted  # by the payment's id, which is signed
    for more in ({"reference": "A-2"}, {"environment": "production"}):
        check = read(**{k: v for k, v in more.items() if k == "reference"}).expect(paid, **more)
        assert [each.name for each in check.quarantine] == ["not_signed"]
        assert next(iter(more)) in str(check.quarantine[0])
    assert [each.name for each in event.expect(paid, reference="A-2").quarantine] == ["other_reference"]
    assert [fault[:2] for fault in read(currency="USD").faults] == [("not_signed", "data.transaction.currency")]


def test_finding_4_payu_signs_the_reference_and_not_its_own_id():
    fields = {"merchant_id": "508029", "reference_sale": "R", "value": "150.00", "currency": "COP", "state_pol": "4"}
    made = hashlib.sha256(f"{SECRET}~508029~R~150.0~COP~4".encode()).hexdigest()
    body = urlencode(fields | {"reference_pol": "77", "test": "0", "sign": made})
    event = event_of(accepted("payu", "confirmation", SECRET, body, {}), "payu", "confirmation")
    assert event.faults == [] and event.unsigned_fields == ["gateway_id", "environment"]
    order = {"gateway": "payu", "merchant": 508029, "reference": "R", "amount": "150", "currency": "COP"}
    assert event.expect(order).accepted
    assert [each.name for each in event.expect(order, gateway_id=77).quarantine] == ["not_signed"]


def test_finding_4_a_bare_adyen_item_beside_an_unsigned_list_is_refused():
    hex_key = SECRET.encode().hex()
    made = base64.b64encode(hmac.digest(SECRET.encode(), b"P::M:R:1:EUR:A:true", "sha256")).decode()
    item = {"pspReference": "P", "merchantAccountCode": "M", "merchantReference": "R", "eventCode": "A", "success": "true"}
    item |= {"amount": {"value": 1, "currency": "EUR"}}
    bare = item | {"additionalData": {"hmacSignature": made}}
    assert accepted("adyen", "notification", hex_key, json.dumps(bare), {})
    forged = bare | {"notificationItems": [{"NotificationRequestItem": item | {"amount": {"value": 999, "currency": "EUR"}}}]}
    with pytest.raises(SignatureError):
        _core.Verifier("adyen", "notification", [key(hex_key)]).verify(
            json.dumps(forged).encode(), {}, now_us=NOW_S * 1_000_000
        )


def izipay_form(fields: dict[str, str]) -> str:
    text = "+".join(value for _, value in sorted(fields.items())) + "+" + SECRET
    return base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha256")).decode()


def test_finding_5_izipay_form_covers_no_names_and_keys_by_its_signature():
    fields = {"vads_amount": "100", "vads_auth_number": "949478", "vads_trans_status": "AUTHORISED", "vads_trans_uuid": "0a"}
    made = izipay_form(fields)

    def verified(changed: dict[str, str]) -> Any:
        return accepted("izipay", "form_notification", SECRET, urlencode(changed | {"signature": made}), {})

    good = verified(fields)
    assert good.covered == {"id"} and good.event_id == made
    renamed = {"vads_amount_of": "100", "vads_amounts": "949478", "vads_trans_status": "AUTHORISED", "vads_trans_uuie": "0a"}
    assert verified(renamed).event_id == made  # its names are no part of what is covered: a copy stays a copy
    joined = {k: v for k, v in fields.items() if k != "vads_trans_uuid"} | {"vads_trans_status": "AUTHORISED+0a"}
    with pytest.raises(AssertionError, match="body_malformed"):
        verified(joined)


@pytest.mark.parametrize("first, second", [("1^2", "34"), ("1", "2^34")])
def test_finding_6_epayco_refuses_its_separator_in_a_value(first, second):
    made = hashlib.sha256(f"77^{SECRET}^1^2^34^100^COP".encode()).hexdigest()
    fields = {"x_ref_payco": first, "x_transaction_id": second, "x_amount": "100", "x_currency_code": "COP"}
    with pytest.raises(AssertionError, match="body_malformed"):
        accepted(
            "epayco", "confirmation", SECRET, urlencode(fields | {"x_signature": made}), {}, settings={"customer_id": "77"}
        )


def test_finding_6_epayco_blanks_make_no_second_event():
    made = hashlib.sha256(f"77^{SECRET}^1^2^100^COP".encode()).hexdigest()
    fields = {"x_ref_payco": "1", "x_transaction_id": "2", "x_amount": "100", "x_currency_code": "COP", "x_signature": made}
    found = [
        accepted("epayco", "confirmation", SECRET, urlencode(fields | {"x_ref_payco": ref}), {}, settings={"customer_id": "77"})
        for ref in ("1", " 1")
    ]
    assert found[0].event_id == found[1].event_id == "1:2"


@pytest.mark.parametrize("merchant, reference, reason", [("508029", "A-9~A-1", ""), ("508029~A-9", "A-1", "body_malformed")])
def test_finding_6_payu_reference_alone_may_hold_the_separator(merchant, reference, reason):
    made = hashlib.sha256(f"{SECRET}~508029~A-9~A-1~150.0~COP~4".encode()).hexdigest()
    fields = {"merchant_id": merchant, "reference_sale": reference, "value": "150.00", "currency": "COP", "state_pol": "4"}
    body = urlencode(fields | {"sign": made})
    if not reason:
        assert accepted("payu", "confirmation", SECRET, body, {})
        return
    with pytest.raises(AssertionError, match=reason):
        accepted("payu", "confirmation", SECRET, body, {})


@pytest.mark.parametrize("changes", [{"pspReference": "P:", "originalReference": "M"}, {"merchantAccountCode": "M:R"}])
def test_finding_6_adyen_colon_outside_the_reference_is_refused(changes):
    made = base64.b64encode(hmac.digest(SECRET.encode(), b"P::M:R:1:EUR:A:true", "sha256")).decode()
    item = {"pspReference": "P", "merchantAccountCode": "M", "merchantReference": "R", "eventCode": "A", "success": "true"}
    item |= {"amount": {"value": 1, "currency": "EUR"}, "additionalData": {"hmacSignature": made}} | changes
    with pytest.raises(AssertionError, match="body_malformed"):
        accepted("adyen", "notification", SECRET.encode().hex(), json.dumps(item), {})


def test_finding_8_a_form_or_json_of_too_many_fields_is_refused_early():
    many = b"a=1&" * 5_000_000 + b"z=1"
    with pytest.raises(SignatureError) as caught:
        _core.Verifier("payu", "confirmation", [key(SECRET)]).verify(many, {}, now_us=NOW_S * 1_000_000)
    assert caught.value.reason == "body_malformed" and "1000 fields" in str(caught.value)
    deep = b"[" + b"0," * 1_000_000 + b"0]"
    with pytest.raises(SignatureError) as caught:
        _core.Verifier("wompi", "event", [key(SECRET)]).verify(deep, {}, now_us=NOW_S * 1_000_000)
    assert caught.value.reason == "body_malformed"


PAYU = {"merchant_id": "508029", "reference_sale": "R", "value": "150.00", "currency": "COP", "state_pol": "4"}
PAYU_SENT = urlencode(PAYU | {"sign": hashlib.sha256(f"{SECRET}~508029~R~150.0~COP~4".encode()).hexdigest()})


@pytest.mark.parametrize("tail", ["&description=Camisa+ni%F1o", "&phone", "&", "&note=1&note=2", "&note=%zz", "&&=x"])
def test_finding_17_payu_what_is_not_signed_refuses_no_payment(tail):
    event = event_of(accepted("payu", "confirmation", SECRET, PAYU_SENT + tail, {}), "payu", "confirmation")
    assert event.status == "paid" and str(event.amount) == "COP 150.00"


@pytest.mark.parametrize("tail", ["&value=151.00", "&value", "&%76alue=1", "&sign=" + "0" * 64, "&currency=%F1"])
def test_finding_17_payu_what_is_signed_stays_strict(tail):
    with pytest.raises(AssertionError, match="body_malformed"):
        accepted("payu", "confirmation", SECRET, PAYU_SENT + tail, {})


def test_wompi_integrity_signs_two_orders_alike_as_its_note_says():
    first = {"reference": "ORDER-12", "amount_in_cents": "3450000", "currency": "COP"}
    second = {"reference": "ORDER-123", "amount_in_cents": "450000", "currency": "COP"}
    assert signed("wompi", "integrity", SECRET, values=first) == signed("wompi", "integrity", SECRET, values=second)


def test_finding_6_payvalida_order_and_status_do_not_run_together():
    checksum = hashlib.sha256(f"A1approved{SECRET}".encode()).hexdigest()
    for order, status, good in (("A1", "approved", True), ("A1a", "pproved", False), ("A", "1approved", False)):
        body = json.dumps({"po_id": order, "status": status, "pv_checksum": checksum})
        if good:
            assert accepted("payvalida", "notification", SECRET, body, {})
            continue
        with pytest.raises(AssertionError, match="body_malformed"):
            accepted("payvalida", "notification", SECRET, body, {})


def test_adyen_colons_never_reach_the_amount():
    def item(**changes: Any) -> str:
        base = {"pspReference": "P", "merchantAccountCode": "M", "merchantReference": "R", "eventCode": "A", "success": "true"}
        return json.dumps(base | {"amount": {"value": 1, "currency": "EUR"}} | changes)

    hex_key = SECRET.encode().hex()
    text = "P::M:R:1:EUR:A:true"
    made = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha256")).decode()
    extra = {"additionalData": {"hmacSignature": made}}
    assert accepted("adyen", "notification", hex_key, item(**extra), {})
    with pytest.raises(AssertionError, match="body_malformed"):
        accepted("adyen", "notification", hex_key, item(amount={"value": "R:1", "currency": "EUR"}, **extra), {})
    two = json.dumps({"notificationItems": [{"NotificationRequestItem": json.loads(item(**extra))}] * 2})
    with pytest.raises(SignatureError):
        _core.Verifier("adyen", "notification", [key(hex_key)]).verify(two.encode(), {}, now_us=NOW_S * 1_000_000)


def test_izipay_pins_the_key_that_the_sender_names():
    answer = '{"orderStatus":"PAID"}'
    form = {"kr-answer": answer, "kr-hash": hmac.digest(SECRET.encode(), answer.encode(), "sha256").hex()}
    form |= {"kr-hash-algorithm": "sha256_hmac"}
    assert accepted("izipay", "ipn", SECRET, urlencode(form | {"kr-hash-key": "password"}), {})
    for named in ("sha256_hmac", ""):
        with pytest.raises(SignatureError):
            _core.Verifier("izipay", "ipn", [key(SECRET)]).verify(
                urlencode(form | {"kr-hash-key": named}).encode(), {}, now_us=NOW_S * 1_000_000
            )


@pytest.mark.parametrize("time", [NOW_S, NOW_S * 1000 + 683])
@pytest.mark.parametrize("signed_id, version", [("ORD1", "id as sent"), ("ord1", "id in lower case")])
def test_mercadopago_is_read_both_ways_and_says_which(time, signed_id, version):
    for request_id in ("", "request-id:r-1;"):
        made = hmac.digest(SECRET.encode(), f"id:{signed_id};{request_id}ts:{time};".encode(), "sha256").hex()
        headers = {"x-signature": f"ts={time},v1={made}"} | ({"x-request-id": "r-1"} if request_id else {})
        url = "https://shop.example/mp?data.id=ORD1&type=order"
        found = accepted("mercadopago", "notification", SECRET, b"{}", headers, url=url)
        assert found.version == version
        assert found.event_id == f"{signed_id}:{time}"  # as signed: a copy in another case is the same event
        assert not accepted("mercadopago", "notification", SECRET, b"{}", headers, url=url.replace("ORD1", "ORD2"))


def test_stripe_takes_any_of_several_signatures():
    made = hmac.digest(SECRET.encode(), f"{NOW_S}.{{}}".encode(), "sha256").hex()
    header = {"Stripe-Signature": f"t={NOW_S},v0={made},v1={'0' * 64},v1={made}"}
    assert accepted("stripe", "notification", SECRET, b"{}", header).candidate == 1
    assert not accepted("stripe", "notification", SECRET, b"{} ", header)


def test_mercadopago_without_an_id_is_refused():
    made = hmac.digest(SECRET.encode(), f"request-id:r;ts:{NOW_S};".encode(), "sha256").hex()
    headers = {"x-signature": f"ts={NOW_S},v1={made}", "x-request-id": "r"}
    with pytest.raises(SignatureError) as caught:
        _core.Verifier("mercadopago", "notification", [key(SECRET)]).verify(
            b"{}", headers, "https://shop.example/mp?type=payment", now_us=NOW_S * 1_000_000
        )
    assert caught.value.reason == "header_missing"


def test_rapyd_signs_the_query_of_a_request():
    values = {"salt": "0123456789ab", "access_key": "ak"}
    url = "https://sandboxapi.rapyd.net/v1/payments?limit=2"
    text = f"get/v1/payments?limit=2{values['salt']}{NOW_S}ak{SECRET}"
    expected = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha256").hex().encode()).decode()
    assert signed("rapyd", "request", SECRET, values=values, url=url, method="GET") == expected


def test_directa24_puts_the_date_before_the_login():
    values = {"login": "shop", "X-Date": "2026-03-02T10:00:00Z"}
    made = hmac.digest(SECRET.encode(), b'2026-03-02T10:00:00Zshop{"a":1}', "sha256").hex()
    assert signed("directa24", "request", SECRET, b'{"a":1}', values) == f"D24 {made}"


def test_culqi_compares_the_credentials_and_covers_nothing():
    credentials = "shop:a password of the shop"
    header = {"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}
    assert accepted("culqi", "notification", credentials, b"{}", header).covered == frozenset()
    assert not accepted("culqi", "notification", credentials + "x", b"{}", header)


# ---- schemes without a published vector, against hashlib and hmac


def mac(text: str, digest: str = "sha256") -> str:
    return hmac.digest(SECRET.encode(), text.encode(), digest).hex()


BODY = '{"id": "evt_1", "amount": 72.00}'
EPAYCO = {"x_ref_payco": "9", "x_transaction_id": "T-1", "x_amount": " 50000", "x_currency_code": "COP"}
EPAYCO_SIGNED = hashlib.sha256(f"77^{SECRET}^9^T-1^50000^COP".encode()).hexdigest()
EFECTY = '{"merchant_id": "m-1", "terminal_id": "t-1", "reference": "A-1001", "amount": "50000"}'
VADS = {"vads_trans_id": "000123", "vads_amount": "150"}
OWN = [
    ("checkout", "notification", {"Cko-Signature": mac(BODY)}, BODY, {}),
    ("hyperswitch", "notification", {"X-Webhook-Signature-512": mac(BODY, "sha512")}, BODY, {}),
    ("github", "notification", {"X-Hub-Signature-256": f"sha256={mac(BODY)}"}, BODY, {}),
    ("kushki", "notification", {"X-Kushki-Id": f"{NOW_S}683", "X-Kushki-Signature": mac(f"{BODY}.{NOW_S}683")}, BODY, {}),
    ("kushki", "notification_simple", {"X-Kushki-Id": f"{NOW_S}", "X-Kushki-SimpleSignature": mac(f"{NOW_S}")}, BODY, {}),
    ("epayco", "confirmation", {}, urlencode(EPAYCO | {"x_signature": EPAYCO_SIGNED}), {"customer_id": "77"}),
    (
        "efecty",
        "notification",
        {"X-Efecty-Key-Id": "k", "X-Efecty-Timestamp": f"{NOW_S}", "X-Efecty-Signature": mac(f"{NOW_S}.{EFECTY}")},
        EFECTY,
        {"merchant_id": "m-1", "terminal_id": "t-1"},
    ),
    (
        "dlocal",
        "notification",
        {
            "Signature": "V2-HMAC-SHA256, Signature: " + mac(f"shop2023-11-14T22:13:20.000Z{BODY}"),
            "X-Date": "2023-11-14T22:13:20.000Z",
        },
        BODY,
        {"login": "shop"},
    ),
    (
        "izipay",
        "form_notification",
        {},
        urlencode(VADS | {"signature": hashlib.sha1(f"150+000123+{SECRET}".encode()).hexdigest()}),
        {},
    ),
]


@pytest.mark.parametrize("gateway, message, headers, body, settings", OWN)
def test_own_vectors_verify(gateway, message, headers, body, settings):
    assert accepted(gateway, message, SECRET, body, headers, settings=settings)
    assert not accepted(gateway, message, SECRET + "x", body, headers, settings=settings)


def test_efecty_names_its_key_its_merchant_and_its_terminal():
    _, _, headers, body, settings = next(own for own in OWN if own[0] == "efecty")
    for setting in ("merchant_id", "terminal_id"):
        with pytest.raises(AssertionError, match="header_malformed"):
            accepted("efecty", "notification", SECRET, body, headers, settings=settings | {setting: "other"})
    with pytest.raises(AssertionError, match="key_unknown"):
        accepted("efecty", "notification", SECRET, body, headers | {"X-Efecty-Key-Id": "old"}, settings=settings)


@pytest.mark.parametrize("value, text", [("150.00", "150.0"), ("150.20", "150.2"), ("150.05", "150.05"), ("150.26", "150.26")])
@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256"])
def test_payu_confirmation_looks_at_the_second_decimal(value, text, digest):
    made = hashlib.new(digest, f"{SECRET}~508029~R~{text}~COP~4".encode()).hexdigest()
    fields = {"merchant_id": "508029", "reference_sale": "R", "value": value, "currency": "COP", "state_pol": "4"}
    for sign in (made, made.upper()):
        found = accepted("payu", "confirmation", SECRET, urlencode(fields | {"sign": sign}), {})
        assert found.version.replace("-", "").lower() == digest


@pytest.mark.parametrize("tenths", range(10))
@pytest.mark.parametrize("hundredths", range(10))
def test_payu_response_page_rounds_half_even(tenths, hundredths):
    value = f"149.{tenths}{hundredths}"
    rounded = Decimal(value).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    made = hashlib.md5(f"{SECRET}~508029~R~{rounded}~COP~4".encode()).hexdigest()
    fields = {"merchantId": "508029", "referenceCode": "R", "TX_VALUE": value, "currency": "COP", "transactionState": "4"}
    url = "https://shop.example/back?" + urlencode(fields | {"signature": made})
    assert accepted("payu", "response_page", SECRET, b"", {}, url=url)


def test_a_retry_is_taken_under_its_first_time_where_the_gateway_repeats_for_days():
    time = NOW_S - 4 * 86400
    date = datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    header = "V2-HMAC-SHA256, Signature: " + mac(f"shop{date}{BODY}")
    headers = {"Authorization": header, "X-Date": date}
    assert accepted("dlocal", "notification", SECRET, BODY, headers, settings={"login": "shop"})
    with pytest.raises(AssertionError, match="too_new"):
        accepted("dlocal", "notification", SECRET, BODY, headers, settings={"login": "shop"}, now_s=time - 301)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command makes the certificate")
@pytest.mark.parametrize(
    "gateway, message, digest", [("ebanx", "notification", "sha1"), ("efecty", "notification_certificate", "sha256")]
)
def test_certificates_verify_while_they_are_valid(tmp_path, gateway, message, digest):
    private, certificate, body = tmp_path / "key.pem", tmp_path / "certificate.pem", tmp_path / "body"
    subject = ["-nodes", "-subj", "/CN=gateway.example", "-days", "30"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-keyout", private, "-out", certificate, *subject]
    subprocess.run(make, check=True, capture_output=True)
    now_s = int(time.time())
    sent = "operation=payment_status_change&hash_codes=a,b" if gateway == "ebanx" else EFECTY
    body.write_text(sent if gateway == "ebanx" else f"{now_s}.{sent}")
    made = subprocess.run(["openssl", "dgst", f"-{digest}", "-sign", private, body], check=True, capture_output=True)
    signature = base64.b64encode(made.stdout).decode()
    names = {"ebanx": ["X-SignatureContent", "X-Signature-Content"], "efecty": ["X-Efecty-Signature"]}[gateway]
    for name in names:
        headers = {name: signature, "X-Efecty-Timestamp": str(now_s), "X-Efecty-Key-Id": "k"}
        more = {"settings": {"merchant_id": "m-1", "terminal_id": "t-1"}, "now_s": now_s}
        assert accepted(gateway, message, certificate.read_text(), sent, headers, **more)
        changed = sent.replace("hash_codes=a", "hash_codes=c").replace("50000", "50001")
        assert not accepted(gateway, message, certificate.read_text(), changed, headers, **more)
        if gateway == "ebanx":
            with pytest.raises(AssertionError, match="certificate_expired"):
                accepted(gateway, message, certificate.read_text(), sent, headers, **more | {"now_s": now_s + 31 * 86400})
