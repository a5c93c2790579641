"""The table of gateways, and the vectors that prove it."""

import json

import pytest

from cuadre import _core, cli, errors
from cuadre.cli import gateways as cli_gateways

GATEWAYS = [
    "adyen",
    "checkout",
    "culqi",
    "directa24",
    "dlocal",
    "ebanx",
    "efecty",
    "epayco",
    "github",
    "hyperswitch",
    "kushki",
    "izipay",
    "mercadopago",
    "openpay",
    "paddle",
    "pagoefectivo",
    "payu",
    "payvalida",
    "rapyd",
    "standard_webhooks",
    "stripe",
    "wompi",
]
PARTS = {"body", "id", "time", "status", "amount", "reference"}


def scheme(gateway: str, message: str) -> dict:
    return next(item for item in _core.gateway_table() if (item["gateway"], item["message"]) == (gateway, message))


# ---- the table


def test_every_gateway_is_in_the_table():
    assert sorted({item["gateway"] for item in _core.gateway_table()}) == sorted(GATEWAYS)


def test_every_scheme_says_what_it_covers_and_how_it_is_known():
    for item in _core.gateway_table():
        assert set(item["covered"]) <= PARTS
        assert item["status"] in ("official", "community", "unverified")
        assert item["vectors"] in ("official", "community", "none")
        assert item["note"].strip() == item["note"] != ""
        assert item["source"] or item["gateway"] == "efecty"


@pytest.mark.parametrize(
    "gateway, message, covered",
    [
        ("epayco", "confirmation", ["id", "amount"]),
        ("kushki", "notification_simple", ["time"]),
        ("culqi", "notification", []),
        ("openpay", "notification", []),
        ("payvalida", "notification", ["status", "reference"]),
        ("mercadopago", "notification", ["id", "time"]),
        ("payu", "confirmation", ["status", "amount", "reference"]),
        ("wompi", "event", ["id", "time", "status", "amount"]),
    ],
)
def test_what_is_not_covered_is_not_claimed(gateway, message, covered):
    assert scheme(gateway, message)["covered"] == covered


def test_efecty_says_that_nobody_published_it():
    for item in cli_gateways.table("efecty"):
        assert item["status"] == "unverified"
        assert item["source"] == ""
        assert "No public specification" in item["note"]


def test_a_gap_is_said_and_has_no_scheme():
    gaps = {(gap["gateway"], gap["message"]): gap["note"] for gap in _core.scheme_gaps()}
    assert "control" in gaps["dlocal", "payout_notification"]
    assert not gaps.keys() & {(item["gateway"], item["message"]) for item in _core.gateway_table()}


# ---- in the shell


def test_gateways_lists_all(capsys):
    assert cli.main(["gateways"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in GATEWAYS)
    assert "secret~merchant_id~reference_sale~value~currency~state_pol" in out
    assert "no scheme: dlocal payout_notification" in out
    assert len(out.splitlines()) == 2 + len(_core.gateway_table()) + len(_core.scheme_gaps())


def test_gateways_show_one(capsys):
    assert cli.main(["gateways", "show", "epayco"]) == 0
    out = capsys.readouterr().out
    assert "covered: id, amount" in out
    assert "not covered" in out
    assert "rapyd" not in out
    assert cli.main(["gateways", "show", "niubiz"]) == 0
    assert "no scheme" in capsys.readouterr().out


def test_gateways_json_is_the_data(capsys):
    assert cli.main(["gateways", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"schemes": _core.gateway_table(), "gaps": _core.scheme_gaps()}
    assert cli.main(["gateways", "show", "payu", "--json"]) == 0
    assert {item["gateway"] for item in json.loads(capsys.readouterr().out)["schemes"]} == {"payu"}


def test_an_unknown_gateway_is_told_with_a_guess(capsys):
    assert cli.main(["gateways", "show", "pauy"]) == 2
    assert 'did you mean "payu"' in capsys.readouterr().err
    assert cli.main(["gateways", "show"]) == 2
    with pytest.raises(errors.SchemeUnknownError):
        cli_gateways.details("nobody")


def test_show_has_all_that_is_known_of_one(capsys):
    assert cli.main(["gateways", "show", "payu"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("payu: PayU Latam\n")
    for part in (
        "no scheme: payu payout_notification",
        "reference: reference_sale",
        "response_page: a page in the buyer's browser",
        "confirmation 4: payment paid (voucher: paid)",
        "confirmation COP PEN USD: major, 1 to 2 decimals, zeros left out",
        "request COP: major, 0 decimals, minimum COP 20000.00, maximum COP 6000000.00",
        "expiry CO: default 7 d",
        "refund PE: by_api, means payout",
    ):
        assert part in out, part
    assert cli.main(["gateways", "show", "dlocal"]) == 0
    assert "PE DNI: 8 to 9 characters, digits" in capsys.readouterr().out


@pytest.mark.parametrize("name", _core.gateway_names())
def test_show_as_data_is_the_core_s_own(capsys, name):
    assert cli.main(["gateways", "show", name, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    known = _core.gateway(name)
    assert (shown["name"], shown["title"]) == (name, known["title"])
    for part, rows in (
        ("schemes", _core.gateway_table()),
        ("gaps", _core.scheme_gaps()),
        ("message_gaps", _core.notification_gaps()),
    ):
        assert shown[part] == known[part] == [row for row in rows if row["gateway"] == name]
    for part, rows in (
        ("messages", _core.notification_tables()),
        ("words", _core.status_words()),
        ("wire", _core.wire_forms()),
    ):
        assert known[part] == [row for row in rows if row["gateway"] == name]
        assert len(shown[part]) == len(known[part])
    assert shown["documents"] == [row for row in _core.document_rules() if row["rule"] == name]
    assert any(shown[part] for part in ("schemes", "gaps", "wire", "documents"))


def test_show_knows_a_gateway_of_which_cash_alone_is_known(capsys):
    assert cli.main(["gateways", "show", "reach"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("reach\n\ncash\n  expiry PE: default 5 d\n")
