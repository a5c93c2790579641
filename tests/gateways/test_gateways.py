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
