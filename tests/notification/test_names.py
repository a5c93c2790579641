"""One spelling of every gateway and message, from the signature to the typed event and its amounts."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cuadre import _core
from cuadre.errors import SchemeUnknownError
from notification_messages import MESSAGES, Row, Signed, as_sent, scheme_of
from notification_samples import EXPECTED, sample
from notification_samples import told as told_of

INCOMING = {(scheme["gateway"], scheme["message"]) for scheme in _core.schemes() if scheme["incoming"]}
TABLES = {(table["gateway"], table["message"]) for table in _core.notification_tables()}
GAPS = {(gap["gateway"], gap["message"]) for gap in _core.notification_gaps()}
# objects of a gateway's API, which arrive in an answer and not as a signed message
ANSWERS = {
    ("pagoefectivo", "cip_response"),
    ("mercadopago", "payment"),
    ("ebanx", "payment"),
    ("directa24", "deposit"),
    ("directa24", "refund"),
}
# gateways that are in the wire rules alone
AMOUNTS_ALONE = {"sumup"}


def name_of(row: Row) -> str:
    return "-".join((*row[:3], row[4][0]))


# ---- names


def test_every_incoming_message_is_read_or_says_why_not():
    assert GAPS <= INCOMING
    assert INCOMING - TABLES == GAPS
    assert all(gap["note"] for gap in _core.notification_gaps())


def test_every_table_is_of_a_message_that_is_verified_or_asked_for():
    unsigned = {(gap["gateway"], gap["message"]) for gap in _core.scheme_gaps()}
    others = TABLES - INCOMING - ANSWERS
    assert others == {("dlocal", "payout_notification")}
    assert others <= unsigned
    assert not ANSWERS & INCOMING


def test_words_belong_to_tables():
    words = {(word["gateway"], word["message"]) for word in _core.status_words()}
    assert words <= TABLES
    like_another = {
        ("efecty", "notification_certificate"),
        ("kushki", "notification_simple"),
        ("izipay", "answer"),
    }
    assert TABLES - words == like_another


def test_names_are_written_in_one_way():
    rules = wire_rules()
    names = {part for pair in INCOMING | TABLES | GAPS | {row[:2] for row in rules} for part in pair}
    assert all(name.replace("_", "").isalnum() and name == name.lower() for name in names), names
    gateways = {scheme["gateway"] for scheme in _core.schemes()}
    assert {row[0] for row in rules} - gateways == AMOUNTS_ALONE


# ---- from the signature to the event


def test_every_message_has_a_body_here():
    signed = {(row[0], row[1]) for row in MESSAGES}
    assert signed == INCOMING - GAPS
    kinds = {(row[0], row[1], row[4][0]) for row in MESSAGES}
    assert {(t["gateway"], t["message"], t["kind"]) for t in _core.notification_tables() if t["kind"]} <= kinds
    readings = {(s["gateway"], s["message"], s["version"]) for s in _core.schemes() if s["incoming"]}
    assert {row[:3] for row in MESSAGES} == {each for each in readings if each[:2] not in GAPS}


@pytest.mark.parametrize("row", MESSAGES, ids=name_of)
def test_what_was_verified_is_read(row: Row, tmp_path: Path) -> None:
    gateway, message, reading, body, told = row
    scheme = scheme_of(gateway, message, reading)
    if scheme["key_form"] == "pem_certificate" and shutil.which("openssl") is None:
        pytest.skip("the openssl command makes the certificate")
    verified = Signed(scheme, body, tmp_path).verified()
    assert verified.version == reading
    event = verified.notification()
    # A status or an amount outside the signature is a fault; where credentials are shown, nothing is signed at all.
    said = [part for part in ("status", "amount") if getattr(event, part) is not None]
    doubted = [part for part in said if scheme["covered"] and part not in scheme["covered"]]
    assert [fault for fault, _, _ in event.faults] == ["not_signed"] * len(doubted)
    assert event.expect(gateway=gateway, gateway_id=told[2], currency="COP").quarantine or not doubted
    assert event.gateway == gateway
    amount = None if event.amount is None else str(event.amount)
    assert (event.kind, event.status, event.gateway_id, amount) == told


READ_ALREADY = [row for row in EXPECTED if row[1:3] in INCOMING and row[3][0] != "other"]


@pytest.mark.parametrize(("file", "gateway", "message", "told"), READ_ALREADY, ids=[row[0] for row in READ_ALREADY])
def test_published_samples_are_read_behind_a_signature(
    file: str, gateway: str, message: str, told: tuple[Any, ...], tmp_path: Path
) -> None:
    raw = sample(file).read_bytes()
    body = json.loads(raw)
    reading = ""
    if gateway == "adyen":
        reading = "in notificationItems" if "notificationItems" in body else "one bare item"
    if gateway == "izipay":
        body = {"kr-answer": raw.decode(), "kr-hash-key": "sha256_hmac", "kr-hash-algorithm": "sha256_hmac"}
    scheme = scheme_of(gateway, message, reading)
    in_header = scheme["carrier"]["in"] == "header"
    event = Signed(scheme, body, tmp_path, raw if in_header else None).verified().notification()
    assert told_of(event) == told


@pytest.mark.parametrize("reading", ["id as sent", "id in lower case"])
def test_a_body_beside_the_signature_cannot_name_another_payment(reading: str, tmp_path: Path) -> None:
    body = next(row[3] for row in MESSAGES if row[0] == "mercadopago")
    sent = Signed(scheme_of("mercadopago", "notification", reading), body, tmp_path)
    assert sent.verified().notification().faults == []
    sent.body = sent.body.replace(b'"A99"', b'"A98"')
    event = sent.verified().notification()
    assert [fault for fault, _, _ in event.faults] == ["not_signed"]
    check = event.expect(gateway="mercadopago", gateway_id="A98", currency="COP")
    assert check.quarantine[0].name == "incomplete"


@pytest.mark.parametrize("gap", _core.notification_gaps(), ids=lambda gap: f"{gap['gateway']}-{gap['message']}")
def test_what_cannot_be_read_says_why(gap: dict[str, str]) -> None:
    with pytest.raises(SchemeUnknownError) as caught:
        _core.read_notification(gap["gateway"], gap["message"], b"{}")
    assert gap["note"] in caught.value.message


def test_a_name_that_is_not_known_is_answered_with_those_that_are():
    with pytest.raises(SchemeUnknownError) as caught:
        _core.read_notification("payu", "notification", b"")
    assert '"confirmation"' in caught.value.message
    for gateway in ("checkout.com", "lyra"):
        with pytest.raises(SchemeUnknownError):
            _core.read_notification(gateway, "notification", b"")


# ---- amounts


def wire_rules() -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["gateway"], row["message"], row["currency"]): row for row in _core.wire_forms()}


def test_amounts_are_read_as_the_wire_rules_say():
    rules = wire_rules()
    compared = set()
    for table in _core.notification_tables():
        if table["wire_message"] is None:
            continue
        of_message = {key: row for key, row in rules.items() if key[:2] == (table["gateway"], table["wire_message"])}
        assert of_message, table
        for (_, _, currency), row in of_message.items():
            decimals = table["decimals_cop"] if currency == "COP" else table["decimals"]
            form = row["form"]
            assert (form.unit, form.decimals_min, form.decimals_max) == (table["unit"], *decimals), (table, row)
            compared.add((table["gateway"], table["message"], currency))
    assert len(compared) > 30


def test_every_table_with_an_amount_names_its_rule():
    reads = {(row[0], row[1]) for row in MESSAGES if row[4][3] is not None}
    named = {(table["gateway"], table["message"]) for table in _core.notification_tables() if table["wire_message"]}
    assert reads - named == {("openpay", "notification")}  # how it writes amounts was found nowhere


# ---- words that nobody published


@pytest.mark.parametrize("row", MESSAGES, ids=name_of)
def test_an_invented_word_is_told_and_never_guessed(row: Row) -> None:
    gateway, message, _, body, (kind, _, _, _) = row
    known = {w["theirs"] for w in _core.status_words() if w["gateway"] == gateway}
    words = {part for word in known for part in str(word).split(":")} - {"true", "false"}
    text = json.dumps(body)
    for word in words:
        text = text.replace(json.dumps(word), '"invented"').replace(json.dumps(json.dumps(word))[1:-1], '\\"invented\\"')
    assert "invented" in text
    event = _core.read_notification(gateway, message, as_sent(scheme_of(gateway, message), json.loads(text)))
    assert event.status is None
    told = {fault for fault, _, _ in event.faults} & {"status_unknown", "kind_unknown"}
    assert len(told) == 1, event.faults
    # what the message is about is known where every word of it is of one kind; an unknown kind of event is of none
    assert event.kind == ("other" if told == {"kind_unknown"} else kind)
    assert "invented" in event.status_word
