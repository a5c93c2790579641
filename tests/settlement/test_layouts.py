"""Layouts: what can be declared, what is refused, and how well the refusal helps."""

import pytest

import cuadre
from cuadre import settlement
from cuadre.layouts import Layout

MINIMAL = {"kind": "delimited", "reference": {"at": "ref"}, "amount": {"at": "amount"}, "currency": {"default": "COP"}}


def changed(**sections):
    return {**MINIMAL, **sections}


def refused(declaration) -> str:
    with pytest.raises(cuadre.CuadreError) as caught:
        Layout.load(declaration)
    assert caught.value.code == "layout_invalid"
    return str(caught.value)


@pytest.mark.parametrize("name", settlement.layouts())
def test_shipped_layouts_load_and_tell_their_origin(name):
    layout = Layout.load(name)
    assert layout.name == name
    assert layout.title and layout.source
    assert layout.status in ("official", "community", "unverified")


def test_shipped_layouts_are_these():
    assert {"plain", "asobancaria-2001-recaudo", "wompi-desembolsos", "pagoefectivo-liquidacion", "efecty-sftp"} <= set(
        settlement.layouts()
    )


def test_unknown_name_lists_what_is_near():
    with pytest.raises(cuadre.CuadreError) as caught:
        Layout.load("asobancaria-2001-recudo")
    assert caught.value.code == "layout_unknown"
    assert 'did you mean "asobancaria-2001-recaudo"?' in str(caught.value)


def test_a_number_is_no_layout():
    with pytest.raises(TypeError, match="a name, a path"):
        Layout.load(3)


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        (changed(encodng="utf-8"), ['encodng: unknown key: did you mean "encoding"?']),
        (changed(amount={"at": "amount", "sgn": "front"}), ['amount.sgn: unknown key: did you mean "sign"?']),
        (changed(encoding="utf8"), ["encoding:", 'did you mean "utf-8"?']),
        (changed(encoding=8), ["encoding: must be text, not a whole number"]),
        (changed(trim="yes"), ["trim: must be true or false, not text"]),
        (changed(delimited={"columns": True}), ["delimited.columns: must be a whole number, not true or false"]),
        (changed(delimited={"separator": ",,"}), ["delimited.separator: must be one ASCII character"]),
        (changed(kind="csv"), ["kind:"]),
        (changed(key=["strip_zeros"]), ["key[0]:", 'did you mean "strip_left_zeros"?']),
        (changed(fixed={"records": []}), ['fixed: stands in a layout of kind "delimited"']),
        (changed(reference={"at": 0}), ["reference.at: must be from 1 to"]),
        (changed(reference={"at": [1, 2, 3]}), ["reference.at: must be [first position, length]"]),
        (changed(reference={"at": [1, 2]}), ["reference.at:", 'kind "delimited"']),
        (changed(reference={}), ['reference: "at" is missing']),
        (changed(amount={"at": "a", "debit": "b"}), ["amount:", "one or the other"]),
        (changed(amount={"debit": "b"}), ['amount: needs "at", or both "debit" and "credit"']),
        (changed(amount={"at": "a", "implied_decimals": 2, "decimal_mark": ","}), ["amount.implied_decimals:"]),
        (changed(amount={"at": "a", "grouping": "."}), ["amount.grouping: is the decimal mark too"]),
        (changed(delimited={"header": False}), ["reference.at: without a header row columns have numbers, not names"]),
        (changed(currency={"default": "COP", "values": {"$": "COP"}}), ["currency:", 'need "at"']),
        (changed(date={"at": "d"}), ['date: "form" is missing']),
        (changed(row_kind={"at": "k", "values": {"X": "pay"}}), ["row_kind.values.X:", "payout"]),
        ({"kind": "json", "reference": {"at": 1}, "amount": {"at": "a"}}, ["reference.at: JSON fields"]),
        ({"kind": "fixed", "reference": {"at": [1, 2]}, "amount": {"at": [3, 4]}}, ["kind: a fixed layout needs [fixed]"]),
        ({"reference": {"at": "r"}, "amount": {"at": "a"}}, ['"kind" is missing']),
        (changed(date={"at": "d", "form": "YYYY-QQ"}), []),
        (changed(currency={"default": "COPS"}), []),
        (changed(delimited={"separator": ";", "quote": ";"}), []),
    ],
)
def test_refusals_name_the_key_and_help(declaration, expected):
    message = refused(declaration)
    for part in expected:
        assert part in message


def test_own_file_with_toml_fault_names_line_and_column(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('kind = "delimited"\nname = = 3\n')
    with pytest.raises(cuadre.CuadreError) as caught:
        Layout.load(path)
    assert (caught.value.code, caught.value.line) == ("layout_invalid", 2)
    assert "mine.toml" in str(caught.value)


def test_own_file_with_wrong_key_names_its_line(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('kind = "delimited"\n[reference]\nat = "r"\n\n[amount]\nat = "a"\ndecimal = ","\n')
    with pytest.raises(cuadre.CuadreError) as caught:
        Layout.load(path)
    assert caught.value.line == 7
    assert 'amount.decimal: unknown key: did you mean "decimal_mark"?' in str(caught.value)


def test_own_file_is_named_after_itself(tmp_path):
    path = tmp_path / "mi-banco.toml"
    path.write_text('kind = "delimited"\n[reference]\nat = "r"\n[amount]\nat = "a"\n[currency]\ndefault = "PEN"\n')
    layout = Layout.load(str(path))
    assert (layout.name, layout.status, layout.key) == ("mi-banco", "", [])
    assert "PEN" in layout.toml


def test_missing_directory_and_binary_layout_files(tmp_path):
    for path, code in ((tmp_path / "no.toml", "file_missing"), (tmp_path / "dir.toml", "file_unreadable")):
        if code == "file_unreadable":
            path.mkdir()
        with pytest.raises(cuadre.CuadreError) as caught:
            Layout.load(path)
        assert caught.value.code == code
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert refused(binary)


def test_to_dict_gives_the_same_layout_again():
    for name in settlement.layouts():
        layout = Layout.load(name)
        assert Layout.load(layout.to_dict()).to_dict() == layout.to_dict()


def test_changes_move_columns_and_set_a_currency():
    layout = Layout.load("plain").with_changes(currency="PEN", columns={"reference": "CIP", "booked_date": "Abono"})
    spec = layout.to_dict()
    assert spec["reference"]["at"] == "CIP"
    assert spec["booked_date"] == {"at": "Abono", "form": "YYYY-MM-DD"}
    assert spec["currency"] == {"at": "currency", "default": "PEN", "optional": True}


def test_changes_refuse_unknown_fields_and_currencies():
    with pytest.raises(cuadre.CuadreError, match='did you mean "reference"'):
        Layout.load("plain").with_changes(columns={"referenc": "CIP"})
    with pytest.raises(cuadre.CuadreError) as caught:
        Layout.load("plain").with_changes(currency="XXQ")
    assert caught.value.code == "currency_unknown"
