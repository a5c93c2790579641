"""Amounts as text: Money.parse and format by locale, Spanish words, wire forms; against ICU, CLDR, dectest and slow twins."""

import json
import re
import warnings
from collections import Counter
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import places
from cuadre import _core, errors, money
from cuadre.money import Currency, Money, WireForm
from oracles import words

LOCALES = ["plain", "en", "es-CO", "es-PE"]
LEAST, MOST = -(2**63), 2**63 - 1
minors = st.one_of(st.sampled_from([0, 1, -1, 99, 100, LEAST, MOST]), st.integers(LEAST, MOST), st.integers(-(10**8), 10**8))
amounts = st.builds(Money.from_minor, minors, st.sampled_from(["COP", "PEN", "USD", "EUR", "CLP", "KWD", "MXN", "CLF"]))


def raises(code):
    return pytest.raises(errors.CLASSES[code])


def data(*parts):
    return places.data("money", *parts).read_text(encoding="utf-8")


# ---- parse and format invert


@given(amounts, st.sampled_from(LOCALES), st.sampled_from(["minus", "brackets"]), st.booleans())
def test_what_is_formatted_is_read_back(amount, locale, negative, grouping):
    text = amount.format(locale, negative=negative, grouping=grouping)
    assert Money.parse(text, locale=locale) == Money.parse(text, amount.currency, locale=locale) == amount
    code = amount.format(locale, currency="code", negative=negative)
    assert Money.parse(code.replace("\xa0", "\u202f"), locale=locale) == amount
    assert Money.parse(amount.format(locale, currency="none"), amount.currency, locale=locale) == amount


@given(amounts)
def test_plain_is_str(amount):
    assert amount.format() == amount.format("plain", currency="code") == str(amount)


@given(st.text("0123456789.,-+()S/$ PENCOP\xa0e", max_size=12), st.sampled_from(LOCALES))
def test_whatever_is_read_is_one_amount_or_one_error(text, locale):
    try:
        amount = Money.parse(text, locale=locale)
    except errors.CuadreError as error:
        assert error.code in {"amount_invalid", "amount_inexact", "amount_overflow", "currency_unknown", "argument_invalid"}
    else:
        assert Money.parse(amount.format(locale), locale=locale) == amount


def test_the_examples_of_the_documentation():
    assert Money.parse("S/ 1,234.50", locale="es-PE") == Money("1234.50", "PEN")
    assert Money.parse("$ 1.234", "COP", locale="es-CO") == Money(1234, "COP")
    assert Money.parse("PEN 1234.50", locale="plain") == Money("1234.50", "PEN")
    assert Money.parse("1.234,50", "PEN", decimal_mark=",", grouping=".") == Money("1234.50", "PEN")
    assert Money("1234.50", "PEN").format("es-PE") == "S/\xa01,234.50"
    assert Money(-5, "PEN").format("es-PE", negative="brackets") == "(S/\xa05.00)"


@pytest.mark.parametrize(
    ("text", "currency", "locale", "code", "column"),
    [
        ("1,234.50", "COP", "es-CO", "amount_invalid", 6),
        ("1,234", "COP", "es-CO", "amount_inexact", 5),
        ("1.234", "PEN", "es-PE", "amount_inexact", 5),
        ("1.234,50", "PEN", "es-PE", "amount_invalid", 6),
        ("0.123", "COP", "es-CO", "amount_invalid", 2),
        ("٣", "PEN", "es-PE", "amount_invalid", 1),
        ("１２", "PEN", "es-PE", "amount_invalid", 1),
        ("1" * 40, "PEN", "es-PE", "amount_overflow", 1),
        ("$ 5", None, "es-PE", "currency_unknown", 1),
        ("$ 5", "USD", "es-CO", "currency_mismatch", 1),
        ("\ud800", "PEN", "es-PE", "amount_invalid", None),
    ],
)
def test_refusals_have_a_column(text, currency, locale, code, column):
    with raises(code) as caught:
        Money.parse(text, currency, locale=locale)
    assert caught.value.column == column


@pytest.mark.parametrize("call", [
    lambda: Money.parse("5"),
    lambda: Money.parse("5", "PEN", locale="es"),
    lambda: Money.parse("5", "PEN", locale="en", grouping=","),
    lambda: Money.parse("5", "PEN", locale="en", decimal_mark=","),
    lambda: Money(5, "PEN").format("es_PE"),
    lambda: Money(5, "PEN").format("en", currency="name"),
    lambda: Money(5, "PEN").format("en", negative="red"),
    lambda: Money(5, "PEN").format("en", decimals=-1),
    lambda: Money(5, "PEN").in_words("en"),
    lambda: Money(5, "GBP").in_words("es-CO"),
])  # fmt: skip
def test_calls_that_make_no_sense(call):
    with raises("argument_invalid"):
        call()


def test_a_float_is_never_text():
    for value in (5.0, 5, None, b"5"):
        with raises("float_refused"):
            Money.parse(value, "PEN", locale="en")


# ---- conformance: ICU 78 as oracle, CLDR 48.2, ICU's own cases, dectest

MODES = {"halfEven2": ROUND_HALF_EVEN, "floor2": ROUND_FLOOR, "trunc2": ROUND_DOWN}
WIDE = Context(prec=60)


def exception_of(locale, currency, config, text):
    """Why a case of the oracle does not apply, or None."""
    if locale in ("es", "es-419"):
        return "no such locale here"
    if config == "name":
        return "currency names are written by in_words only"
    if config == "narrow":
        return "narrow symbols are ambiguous, so there is no such style"
    if Currency(currency).minor_units == 0 and config != "default" and Decimal(text) % 1:
        return "two decimals of a currency that has none are no Money"
    return None


def formatted(locale, currency, config, text):
    places = 0 if currency in ("COP", "CLP", "JPY") and config == "default" else 2
    exact = Decimal(text).quantize(Decimal(1).scaleb(-places), MODES.get(config, ROUND_HALF_UP), WIDE)
    amount = Money(exact, currency)
    return amount.format(
        locale,
        currency="code" if config == "code" else "symbol",
        decimals=places,
        negative="brackets" if config == "accounting" and locale == "en" else "minus",
    )


def test_icu_formats():
    cases = json.loads(data("oracle", "intl-currency-format-icu78.json"))["cases"]
    excepted, wrong, run = Counter(), [], 0
    for locale, currency, config, text, output in cases:
        locale = "en" if locale == "en-US" else locale  # ICU gives the two the same answers
        reason = exception_of(locale, currency, config, text)
        if reason:
            excepted[reason] += 1
            continue
        ours = formatted(locale, currency, config, text)
        run += 1
        if ours != output:
            wrong.append((locale, currency, config, text, output, ours))
    assert wrong == []
    assert run + sum(excepted.values()) == len(cases) == 6300
    assert (run, dict(excepted)) == ICU_COUNTS


ICU_COUNTS = (
    2672,
    {
        "currency names are written by in_words only": 408,
        "narrow symbols are ambiguous, so there is no such style": 432,
        "two decimals of a currency that has none are no Money": 688,
        "no such locale here": 2100,
    },
)

CLDR_EXCEPTIONS = {"XCG": "Cg.", "XPF": "CFPF"}  # the Caribbean guilder and the Pacific franc stay codes here


@pytest.mark.parametrize("locale", ["es-CO", "es-PE"])
def test_cldr_symbols_and_separators(locale):
    published = json.loads(data("cldr", f"currencies-{locale}-48.2.0.json"))["main"][locale]["numbers"]["currencies"]
    numbers = json.loads(data("cldr", f"numbers-{locale}-48.2.0.json"))["main"][locale]["numbers"]
    marks = numbers["symbols-numberSystem-latn"]
    pattern = numbers["currencyFormats-numberSystem-latn"]["standard"]
    assert Money("1234.5", "USD").format(locale, currency="none") == f"1{marks['group']}234{marks['decimal']}50"
    checked = 0
    for each in money.currencies():
        if each.minor_units is None or each.code in CLDR_EXCEPTIONS or each.code not in published:
            continue
        symbol = published[each.code].get("symbol", each.code)
        shown = Money(1, each).format(locale, decimals=0)
        assert shown == pattern.replace("¤", symbol).replace("#,##0.00", "1"), each
        checked += 1
    assert checked > 150


def test_dollar_is_taken_for_those_that_write_it_at_home():
    published = json.loads(data("cldr", "currencies-es-PE-48.2.0.json"))["main"]["es-PE"]["numbers"]["currencies"]
    for each in money.currencies():
        if each.minor_units is None or each.code not in published:
            continue
        if published[each.code].get("symbol-alt-narrow") == "$":
            assert Money.parse("$ 5", each, locale="es-PE") == Money.parse("$5", each, locale="en") == Money(5, each)
        else:
            with raises("currency_mismatch"):
                Money.parse("$ 5", each, locale="es-PE")


def test_dectest_strings():
    """base.decTest: what is plain digits is read by its value, all else is refused."""
    counts = Counter()
    plain = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
    for line in data("dectest", "base.decTest").splitlines():
        found = re.match(r"\w+\s+(?:toSci|toEng|apply)\s+('[^']*'|\"[^\"]*\"|\S+)\s+->", line)
        if not found:
            continue
        text = found.group(1)
        text = text[1:-1] if text[:1] in "'\"" and len(text) > 1 else text
        try:
            amount = Money(text, "CLF")  # four decimals
        except errors.MoneyError as error:
            fits = plain.fullmatch(text)
            assert error.code == "amount_invalid" if not fits else error.code in ("amount_inexact", "amount_overflow"), line
            counts[error.code] += 1
        else:
            assert plain.fullmatch(text) and amount.amount == Decimal(text), line
            counts["read"] += 1
    assert dict(counts) == DECTEST_COUNTS


DECTEST_COUNTS = {"read": 210, "amount_invalid": 866, "amount_inexact": 78, "amount_overflow": 4}

# ---- words


@given(minors)
def test_words_agree_with_the_slow_twin(minor):
    assert Money.from_minor(minor, "PEN").in_words("es-PE") == words.peru(minor)
    assert Money.from_minor(minor, "COP").in_words("es-CO") == words.colombia(minor)


def test_words_of_the_first_ten_thousand():
    for whole in range(10_000):
        assert Money(whole, "PEN").in_words("es-PE") == words.peru(whole * 100)
        assert Money(whole * 1000, "COP").in_words("es-CO") == words.colombia(whole * 100_000)


# ---- wire


@given(minors, st.integers(0, 4), st.integers(0, 4), st.sampled_from(["major", "scaled"]), st.booleans())
def test_wire_forms_read_what_they_write(minor, least, more, unit, trim_zeros):
    most = least if unit == "scaled" else least + more
    form = WireForm(least, most, unit=unit, trim_zeros=trim_zeros, negative_allowed=True)
    amount = Money.from_minor(minor, "PEN")
    try:
        text = form.write(amount)
    except errors.AmountInexactError:
        assert most < 2 and minor % 10 ** (2 - most) != 0
    else:
        assert form.read(text, "PEN") == amount
        assert Decimal(text) == (amount.amount if unit == "major" else amount.amount.scaleb(least, WIDE))


def test_wire_takes_exact_values_only():
    form = WireForm(0, 2)
    assert form.read("25.00", "PEN") == form.read(25, "PEN") == form.read(Decimal("25.00"), "PEN") == Money(25, "PEN")
    for value in (25.0, True, None, b"25"):
        with raises("float_refused"):
            form.read(value, "PEN")
    for value in (Decimal("NaN"), Decimal("25.000"), Decimal("1E-999999"), "2e1"):
        with raises("amount_invalid"):
            form.read(value, "PEN")
    for value in (Decimal("1E+999999"), 10**30, "9" * 40):
        with raises("amount_overflow"):
            form.read(value, "PEN")
    assert form == WireForm(0, 2) != WireForm(0, 1) and hash(form) == hash(WireForm(0, 2))
    assert eval(repr(WireForm(2, unit="scaled", maximum_minor=5))) == WireForm(2, unit="scaled", maximum_minor=5)


def table():
    return _core.wire_forms()


@pytest.mark.parametrize("row", table(), ids=lambda row: f"{row['gateway']}-{row['message']}-{row['currency']}")
def test_every_row_of_the_wire_table(row):
    assert row["status"] in ("official", "community", "unverified")
    assert re.fullmatch(r"https?://\S+", row["source"])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        form = money.wire(row["gateway"], row["message"], row["currency"])
    assert [each.category for each in said] == [money.UnverifiedRuleWarning] * (row["status"] == "unverified")
    amount = Money(50_000, row["currency"])
    assert form.read(form.write(amount), row["currency"]) == amount


def test_one_amount_on_many_wires():
    def write(gateway, message, amount):
        return money.wire(gateway, message, amount.currency).write(amount)

    pesos, soles = Money(12_000, "COP"), Money("12.00", "PEN")
    assert write("wompi", "transaction", pesos) == "1200000"
    assert write("kushki", "card_present", pesos) == "12000"
    assert write("kushki", "card_present", soles) == "1200"
    assert write("pagoefectivo", "cip_request", soles) == "12.00"
    assert write("payvalida", "payment", soles) == "12"
    assert [write("payu", "confirmation", Money(text, "USD")) for text in ("150.00", "150.26", "150.20", "150.05")] == [
        "150.0", "150.26", "150.2", "150.05"]  # fmt: skip
    with raises("amount_inexact"):
        write("mercadopago", "payment", Money("0.50", "COP"))
    with raises("argument_invalid"):
        write("payu", "request", Money(19_999, "COP"))


def test_unknown_wires_name_the_closest():
    with raises("rule_unknown") as caught:
        money.wire("payu", "confirmacion", "COP")
    assert "payu confirmation COP" in caught.value.message
    with raises("currency_unknown"):
        money.wire("payu", "confirmation", "XYZ")
