"""Layouts: what can be declared, what is refused, and how well the refusal helps."""

import copy
import datetime
import tomllib

import pytest

import cuadre
from cuadre import _core, layouts, settlement
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


@pytest.mark.parametrize(
    ("toml", "line", "key"),
    [
        ("kind = 'csv'", 1, "kind"),
        ("title = 'x'\n", None, "kind"),
        ("kind = 'delimited'\n[reference]\nat = 'r'\n[amount]\nat = 1.5", 5, "amount.at"),
        ("kind = 'delimited'\n[amount]\nat = 'a'\n[reference]\n", 4, "reference"),
        ("kind = 'delimited'\nreference.at = 0\namount.at = 'a'", 2, "reference.at"),
        ("kind = 'delimited'\nreference = { at = '' }\namount.at = 'a'", 2, "reference.at"),
        (
            "kind = 'delimited'\nreference.at = 'r'\namount.at = 'a'\n[currency]\nat = 'c'\n[currency.values]\n\"S/\" = 'PES'",
            7,
            "currency.values.S/",
        ),
        (
            "kind = 'fixed'\nreference.at = [1, 2]\namount.at = [3, 4]\n[[fixed.records]]\nrole = 'detail'\nlength = 9\n"
            "[[fixed.records]]\nrole = 'ignored'\nlength = 9\n[[fixed.records]]\nrole = 'ignored'\nlength = 0",
            12,
            "fixed.records[2].length",
        ),
        (
            "kind = 'fixed'\nreference.at = [1, 2]\namount.at = [3, 4]\n[[fixed.records]]\nrole = 'detail'\nlength = 9\n"
            "[fixed.records.date]\nat = [1, 8]\nform = 'DD'\n",
            9,
            "fixed.records[0].date.form",
        ),
    ],
)
def test_refusals_name_key_and_line(tmp_path, toml, line, key):
    path = tmp_path / "mine.toml"
    path.write_text(toml)
    with pytest.raises(cuadre.errors.LayoutInvalidError) as caught:
        Layout.load(path)
    assert (caught.value.key, caught.value.line, caught.value.file) == (key, line, str(path))
    assert caught.value.message.startswith(key) or key == "kind"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1.5, "a number"),
        (datetime.date(2026, 3, 2), "date"),
        ((1, 2), "tuple"),
        (None, "NoneType"),
        (1 << 80, "a number of more than 64 bits"),
        (b"x", "bytes"),
    ],
)
def test_what_no_layout_takes_is_named(value, found):
    message = refused(changed(delimited={"columns": value}))
    assert message.startswith("delimited.columns: must be a whole number, not ") and found in message


def test_a_declaration_that_never_ends():
    endless: dict[str, object] = {}
    endless["about"] = endless
    assert "about.about: unknown key" in refused(changed(**endless))
    wide: list[object] = []
    wide.extend([wide] * 10)
    with pytest.raises(cuadre.errors.ArgumentInvalidError, match="more than a million values"):
        Layout.load(changed(empty=wide))


# ---- the reference


def test_the_reference_is_toml_that_the_core_takes_key_by_key():
    page = tomllib.loads(layouts.reference())
    page["booked_date"] = page["date"]  # what is the same is not told twice
    page["fixed"]["records"][0] |= {"date": page["date"], "booked_date": page["date"]}
    # Every value is of its kind; only together do they contradict each other: all ways to say a thing stand there.
    assert refused(page) == 'fixed: stands in a layout of kind "delimited"'
    del page["fixed"], page["amount"]["debit"], page["amount"]["credit"], page["amount"]["signed"]
    del page["amount"]["implied_decimals"]
    assert Layout.load(page).name == "my-bank"


def test_the_reference_tells_every_key_and_word():
    for key in _core.layout_keys():
        assert key.path.rpartition(".")[2] in layouts.__doc__
        assert all(word in layouts.__doc__ for word in key.words)
    assert "".join(layouts.reference().split()) in "".join(layouts.__doc__.split())


def test_fallbacks_are_values_that_their_keys_take():
    keys = _core.layout_keys()
    needy = {key.path.rpartition(".")[0] for key in keys if key.required and "." in key.path} | {"currency"}
    for key in keys:
        table, _, name = key.path.rpartition(".")
        if not key.fallback or table in needy or "." in table:
            continue
        spec = copy.deepcopy(MINIMAL)
        (spec.setdefault(table, {}) if table else spec)[name] = tomllib.loads(f"value = {key.fallback}")["value"]
        if key.path == "amount.signed":
            spec["amount"] |= {"debit": "d", "credit": spec["amount"].pop("at")}
        assert Layout.load(spec).to_dict() == spec


def test_every_field_can_be_moved():
    amounts = {"debit": "D", "credit": "C", "direction": {"at": "x", "debit": ["D"]}}
    split = Layout.load(changed(amount=amounts))
    for field, key in _core.layout_fields():
        spec = (Layout.load(MINIMAL) if field == "amount" else split).with_changes(columns={field: "Elsewhere"}).to_dict()
        for part in key.split("."):
            spec = spec[part]
        assert spec == "Elsewhere"
