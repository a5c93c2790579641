"""Money and Currency as Python sees them, held against decimal.Decimal, fractions.Fraction and ISO's own list."""

import contextlib
import copy
import csv
import decimal
import fractions
import gc
import math
import operator
import pickle
import re
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import places
from cuadre import errors
from cuadre.money import Currency, ExactMoney, Money, MoneySum, currencies, rounding_modes, total

LEAST, MOST = -(2**63), 2**63 - 1
EDGES = [0, 1, -1, 99, 100, LEAST, LEAST + 1, MOST, MOST - 1]

minors = st.one_of(st.sampled_from(EDGES), st.integers(LEAST, MOST))
codes = st.sampled_from(["COP", "PEN", "USD", "CLP", "KWD", "CLF"])
amounts = st.builds(Money.from_minor, minors, codes)


def raises(code):
    return pytest.raises(errors.CLASSES[code])


# ---- currencies


def test_currency_says_what_iso_says():
    cop = Currency("COP")
    assert (cop.code, cop.number, cop.minor_units) == ("COP", 170, 2)
    assert Currency("CLP").minor_units == 0
    assert Currency("XAU").minor_units is None
    assert repr(cop) == "Currency('COP')"
    assert str(cop) == "COP"


def test_currency_is_a_value():
    cop = Currency("COP")
    assert cop == Currency("COP") == Currency(cop)
    assert cop != Currency("PEN")
    assert cop != "COP"
    assert len({cop, Currency("COP"), Currency("PEN")}) == 2
    assert copy.copy(cop) == copy.deepcopy(cop) == cop
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(cop, protocol)) == cop


@pytest.mark.parametrize("code", ["", "cop", "COPX", "CO", "BTC", "BGN", "C P", "ÑAA", "COP\0", "\ud800"])
def test_unknown_currencies_are_refused(code):
    with raises("currency_unknown"):
        Currency(code)


def test_currencies_agree_with_the_published_list():
    path = places.data("money", "iso4217", "codes-all-2026-02-01.csv")
    with path.open(encoding="utf-8", newline="") as file:
        published = {
            row["AlphabeticCode"]: (int(row["NumericCode"]), None if row["MinorUnit"] == "-" else int(row["MinorUnit"]))
            for row in csv.DictReader(file)
            if row["AlphabeticCode"] and not row["WithdrawalDate"]
        }
    assert {each.code: (each.number, each.minor_units) for each in currencies()} == published


# ---- making amounts


def test_amounts_are_major_units():
    assert Money("1234.50", "PEN").amount_minor == 123450
    assert Money(1234, "PEN").amount_minor == 123400
    assert Money(Decimal("1234.50"), "PEN") == Money("1234.5", Currency("PEN")) == Money.from_minor(123450, "PEN")
    assert Money(1234, "CLP").amount_minor == 1234
    assert Money("-0.05", "PEN").amount == Decimal("-0.05")
    assert Money(5, "PEN").amount.as_tuple().exponent == -2


@pytest.mark.parametrize("text", ["", "-", ".5", "5.", "1E5", "NaN", "inf", "1,234.50", " 5", "5 ", "0x5", "1_000", "٣", "5\0"])
def test_other_text_is_not_an_amount(text):
    with raises("amount_invalid"):
        Money(text, "PEN")


def test_a_fault_has_its_column():
    with raises("amount_invalid") as caught:
        Money("12.5x", "PEN")
    assert caught.value.column == 5
    with raises("amount_inexact") as caught:
        Money("8.951", "PEN")
    assert caught.value.column == 5


def inexact_numbers():
    numpy = pytest.importorskip("numpy")
    return [1.0, 0.0, float("nan"), True, False, fractions.Fraction(1, 2), 1j, numpy.float64(1), numpy.float32(1), numpy.float16(1),
            numpy.longdouble(1), numpy.bool_(True), None, b"5", [5], numpy.array([1, 2])]  # fmt: skip


def test_nothing_takes_a_float():
    money = Money(1, "PEN")
    for value in inexact_numbers():
        with raises("float_refused"):
            Money(value, "PEN")
        with raises("float_refused"):
            Money.from_minor(value, "PEN")
        for parse in (Money.parse, lambda text, code: Money.parse_implied(text, code, 2)):
            with raises("float_refused"):
                parse(value, "PEN")
        with raises("float_refused"):
            total([money, value])
        for operation in (
            operator.add,
            operator.sub,
            operator.lt,
            operator.truediv,
            operator.floordiv,
            operator.mod,
            operator.pow,
        ):
            if isinstance(value, fractions.Fraction) and operation is operator.truediv:
                continue  # exact
            if isinstance(value, bool | type(None) | bytes | list) or not hasattr(value, "dtype"):
                with pytest.raises(TypeError):
                    operation(money, value)


@pytest.mark.parametrize("factor", [1.0, True, 1j, float("inf")])
def test_products_are_with_exact_numbers(factor):
    for product in (lambda: Money(1, "PEN") * factor, lambda: factor * Money(1, "PEN")):
        with raises("float_refused"):
            product()


def test_products_and_quotients_are_exact_or_refused():
    money = Money("1.50", "PEN")
    for factor in (Decimal("0.5"), fractions.Fraction(1, 2)):
        assert money * factor == factor * money == Money("0.75", "PEN")
        assert money / factor == Money(3, "PEN")
    assert money / 2 == Money("0.75", "PEN")
    with raises("amount_inexact") as caught:
        money * Decimal("0.333")
    assert "multiply(factor, rounding=...)" in str(caught.value)
    with raises("amount_inexact"):
        money / 4
    with raises("amount_invalid"):
        money * Decimal("NaN")
    for refused in ("2", None, [2]):
        with pytest.raises(TypeError):
            money * refused
        with pytest.raises(TypeError):
            money / refused
    for zero in (0, Decimal(0), Money(0, "PEN")):
        with raises("argument_invalid"):
            money / zero
    with raises("argument_invalid"):
        money % 0
    with raises("currency_mismatch"):
        money / Money(1, "COP")


@given(minors, minors)
def test_division_is_pythons(left, right):
    a, b = Money.from_minor(left, "PEN"), Money.from_minor(right, "PEN")
    if right == 0:
        with raises("argument_invalid"):
            divmod(a, b)
        return
    assert (a // b, a % b) == divmod(a, b) == (left // right, Money.from_minor(left % right, "PEN"))
    assert a / b == fractions.Fraction(left, right)
    if left // right <= MOST:
        assert (a // right).amount_minor * right + (a % right).amount_minor == left
        assert divmod(a, right) == (Money.from_minor(left // right, "PEN"), Money.from_minor(left % right, "PEN"))


MODES = {
    "toward_zero": lambda q: math.trunc(q),
    "away_from_zero": lambda q: math.floor(q) if q < 0 else math.ceil(q),
    "toward_pos_inf": math.ceil,
    "toward_neg_inf": math.floor,
    "half_even": round,
    "half_odd": lambda q: tie(q, lambda low: low if low % 2 else low + 1),
    "half_away_from_zero": lambda q: tie(q, lambda low: low if q < 0 else low + 1),
    "half_toward_zero": lambda q: tie(q, lambda low: low + 1 if q < 0 else low),
    "half_toward_pos_inf": lambda q: tie(q, lambda low: low + 1),
    "half_toward_neg_inf": lambda q: tie(q, lambda low: low),
}
ratios = st.one_of(
    st.fractions(),
    st.decimals(allow_nan=False, allow_infinity=False, places=4),
    st.integers(),
    st.builds(fractions.Fraction, minors, st.integers(1, 4)),
)


def tie(exact, broken):
    low = math.floor(exact)
    return broken(low) if exact - low == fractions.Fraction(1, 2) else round(exact)


def test_modes_are_the_ten():
    assert [name for name, _ in rounding_modes()] == list(MODES)


@given(minors, ratios, st.sampled_from(sorted(MODES)))
def test_one_rounding_moves_less_than_a_unit(minor, factor, mode):
    money = Money.from_minor(minor, "PEN")
    exact = minor * fractions.Fraction(factor)
    expected = MODES[mode](exact)
    assert abs(expected - exact) < 1
    for call, wanted in (
        (lambda: money.multiply(factor, mode), expected),
        (lambda: money.divide(factor, rounding=mode), factor and MODES[mode](minor / fractions.Fraction(factor))),
    ):
        try:
            assert call().amount_minor == wanted
        except errors.ArgumentInvalidError:
            assert factor == 0
        except errors.AmountOverflowError:
            assert not LEAST <= wanted <= MOST


@given(minors, st.integers(1, 10**6), st.sampled_from(sorted(MODES)))
def test_steps_are_rounded_in_one_pass(minor, step, mode):
    money, wanted = Money.from_minor(minor, "PEN"), MODES[mode](fractions.Fraction(minor, step)) * step
    try:
        assert money.round(mode, Money.from_minor(step, "PEN")).amount_minor == wanted
    except errors.AmountOverflowError:
        assert not LEAST <= wanted <= MOST


def test_rounding_must_be_named():
    money = Money("8.97", "PEN")
    for call in (
        lambda: money.multiply(2),
        lambda: money.divide(2),
        lambda: money.round(),
        lambda: money.multiply(2, "half_up"),
        lambda: money.multiply(2, None),
        lambda: money.round(rounding=1, step=50),
    ):
        with raises("argument_invalid") as caught:
            call()
        assert all(name in str(caught.value) for name in MODES)
    for call in (lambda: money.multiply(), lambda: money.multiply(1, "half_even", 2), lambda: money.multiply(1, mode="up")):
        with pytest.raises(TypeError):
            call()
    for refused in (1.5, True, None):
        with raises("float_refused"):
            money.multiply(refused, "half_even")
    assert money.multiply("18%", "half_even") == Money("1.61", "PEN")
    assert money.round("toward_neg_inf", "0.10") == Money("8.90", "PEN")
    assert money.round("toward_pos_inf", step=Decimal("0.5")) == Money(9, "PEN")
    with raises("argument_invalid"):
        money.round("half_even", 0)
    with raises("amount_overflow"):
        money.multiply(Decimal("1E+999999"), "half_even")


# ---- shares


@given(minors, st.lists(st.fractions(0, 100), min_size=1, max_size=8))
def test_shares_add_up_and_mirror(minor, weights):
    if not any(weights):
        with raises("argument_invalid"):
            Money.from_minor(minor, "PEN").allocate(weights)
        return
    if minor == LEAST:
        minor += 1
    shares = [share.amount_minor for share in Money.from_minor(minor, "PEN").allocate(weights)]
    assert sum(shares) == minor
    assert [-share.amount_minor for share in Money.from_minor(-minor, "PEN").allocate(weights)] == shares
    rests = []
    for share, weight in zip(shares, weights, strict=True):
        exact = abs(minor) * weight / sum(weights)
        assert math.floor(exact) <= abs(share) <= math.ceil(exact)
        rests.append((-(exact - math.floor(exact)), abs(share) - math.floor(exact)))
    odd = sum(extra for _, extra in rests)
    order = sorted(range(len(rests)), key=lambda i: (rests[i][0], i))
    assert all(rests[i][1] for i in order[:odd])


@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_caps_hold(minor, pairs):
    weights, caps = [pair[0] for pair in pairs], [Money.from_minor(pair[1], "PEN") for pair in pairs]
    money = Money.from_minor(minor, "PEN")
    try:
        shares = money.allocate(weights, caps=caps)
    except errors.ArgumentInvalidError:
        assert not any(weights) or sum(cap.amount_minor for w, cap in zip(weights, caps, strict=True) if w) < minor
        return
    assert sum(shares) == money
    assert all(share <= cap and (w or not share) for share, cap, w in zip(shares, caps, weights, strict=True))


def test_shares_by_count_and_step():
    money = Money(100, "PEN")
    assert money.split(3) == [Money("33.34", "PEN"), Money("33.33", "PEN"), Money("33.33", "PEN")]
    assert money.split(3, step=10) == [Money(40, "PEN"), Money(30, "PEN"), Money(30, "PEN")]
    assert sum(money.allocate(["50%", "1/3", Decimal("0.2"), 0], step="0.50")) == money
    assert money.allocate([1, 1], caps=[None, 20]) == [Money(80, "PEN"), Money(20, "PEN")]
    for call in (
        lambda: money.split(0),
        lambda: money.allocate([]),
        lambda: money.allocate([1, -1]),
        lambda: money.split(2, step=3),
    ):
        with raises("argument_invalid"):
            call()
    with raises("float_refused"):
        money.allocate([0.5, 0.5])


def test_what_is_given_back_bit_by_bit_adds_up():
    tax, price = Money(18, "PEN"), Money(118, "PEN")
    done = [Money(n, "PEN") for n in (0, 1, 50, 117, 118)]
    shares = [tax.share_done(price, each) for each in done]
    assert shares == sorted(shares) and shares[0] == Money(0, "PEN") and shares[-1] == tax
    with raises("argument_invalid"):
        tax.share_done(price, 119)


def test_numpy_integers_are_whole_numbers():
    numpy = pytest.importorskip("numpy")
    assert Money(numpy.int64(5), "PEN") == Money(5, "PEN")
    assert Money.from_minor(numpy.uint8(5), "PEN") == Money("0.05", "PEN")
    assert numpy.int32(3) * Money(5, "PEN") == Money(5, "PEN") * numpy.int32(3) == Money(15, "PEN")
    with raises("float_refused"):
        numpy.float64(3) * Money(5, "PEN")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (Decimal("NaN"), "amount_invalid"),
        (Decimal("sNaN"), "amount_invalid"),
        (Decimal("-Infinity"), "amount_invalid"),
        (Decimal("8.951"), "amount_inexact"),
        (Decimal("1E-999999"), "amount_inexact"),
        (Decimal("1E+999999"), "amount_overflow"),
        (Decimal("92233720368547758.08"), "amount_overflow"),
        (2**63, "amount_overflow"),
        (10**400, "amount_overflow"),
        ("9" * 4000, "amount_overflow"),
    ],
)
def test_values_that_do_not_fit(value, code):
    with raises(code):
        Money(value, "PEN")


def test_exact_decimals_of_any_shape_fit():
    assert Money(Decimal("8.95000"), "PEN") == Money("8.95000", "PEN") == Money("8.95", "PEN")
    assert Money(Decimal("0E-99999"), "PEN") == Money(Decimal("-0"), "PEN") == Money(0, "PEN")
    assert Money(Decimal("-1E+3"), "PEN") == Money(-1000, "PEN")
    with decimal.localcontext(decimal.Context(prec=2)):  # no ambient context takes part
        assert Money(Decimal("1234567.89"), "PEN").amount == Decimal("1234567.89")


def test_currencies_without_minor_units_have_no_amounts():
    with raises("argument_invalid"):
        Money(1, "XAU")


def test_parse_follows_the_declared_form():
    form = {"decimal_mark": ",", "grouping": "."}
    assert Money.parse("1.234.567,89", "COP", **form) == Money("1234567.89", "COP")
    assert Money.parse("1234,5", "COP", **form) == Money("1234.50", "COP")
    assert Money.parse("5.00-", "COP", sign="behind") == Money.parse("(5.00)", "COP", sign="brackets") == Money(-5, "COP")
    for text in ("1,234.56", "1.23", "1234.567,00"):
        with raises("amount_invalid"):
            Money.parse(text, "COP", **form)


@pytest.mark.parametrize(
    "form",
    [{"decimal_mark": ""}, {"decimal_mark": ";"}, {"grouping": "."}, {"grouping": ", "}, {"grouping": "\0"}, {"sign": "up"}],
)
def test_unknown_forms_are_refused(form):
    with raises("argument_invalid"):
        Money.parse("5", "COP", **form)


def test_parse_implied_counts_from_the_end():
    assert Money.parse_implied("00000000123450", "COP", 2) == Money("1234.50", "COP")
    assert Money.parse_implied("5", "COP", 2) == Money("0.05", "COP")
    assert Money.parse_implied("-895000", "COP", 5) == Money("-8.95", "COP")
    assert Money.parse_implied("5", "KWD", 0) == Money(5, "KWD")
    with raises("amount_inexact"):
        Money.parse_implied("5", "CLP", 2)
    with raises("amount_invalid"):
        Money.parse_implied("5.00", "COP", 2)
    for decimals in (-1, 19):
        with raises("argument_invalid"):
            Money.parse_implied("5", "COP", decimals)


# ---- against decimal and fractions


PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@given(
    st.one_of(
        st.text("0123456789.,+-eE ", max_size=30),
        st.from_regex(PLAIN, fullmatch=True),
        st.decimals(allow_nan=False, places=2).map(lambda value: f"{value:f}"),
        minors.map(lambda minor: f"{fractions.Fraction(minor, 100).numerator}"),
    ),
    codes,
)
def test_parse_is_judged_by_exact_value(text, code):
    if not PLAIN.fullmatch(text):
        with raises("amount_invalid"):
            Money.parse(text, code)
        return
    exact = fractions.Fraction(text) * 10 ** Currency(code).minor_units
    whole = abs(exact) // 1
    if whole > (2**63 if text.startswith("-") else MOST):
        with raises("amount_overflow"):
            Money.parse(text, code)
    elif exact.denominator != 1:
        with raises("amount_inexact"):
            Money.parse(text, code)
    else:
        assert Money.parse(text, code).amount_minor == exact


@given(st.decimals(allow_nan=False, allow_infinity=False), codes)
def test_decimals_are_judged_by_exact_value(value, code):
    exact = fractions.Fraction(value) * 10 ** Currency(code).minor_units
    try:
        assert Money(value, code).amount_minor == exact
    except errors.AmountInexactError:
        assert exact.denominator != 1
    except errors.AmountOverflowError:
        assert not LEAST <= exact <= MOST


@given(amounts)
def test_text_and_decimal_come_back(money):
    assert Money(str(money.amount), money.currency) == money
    assert Money(money.amount, money.currency) == money
    assert str(money) == f"{money.currency} {money.amount:f}"
    assert eval(repr(money), {"Money": Money}) == money


@given(minors, minors, st.one_of(st.integers(-3, 3), st.integers()))
def test_arithmetic_is_exact_or_refused(left, right, times):
    a, b = Money.from_minor(left, "PEN"), Money.from_minor(right, "PEN")
    for result, expected in (
        (lambda: a + b, left + right),
        (lambda: a - b, left - right),
        (lambda: a * times, left * times),
        (lambda: times * a, left * times),
        (lambda: -a, -left),
        (lambda: abs(a), abs(left)),
    ):
        if LEAST <= expected <= MOST:
            assert result().amount_minor == expected
        else:
            with raises("amount_overflow"):
                result()
    assert [a < b, a <= b, a > b, a >= b, a == b] == [left < right, left <= right, left > right, left >= right, left == right]
    assert bool(a) == bool(left)
    if a == b:
        assert hash(a) == hash(b)


@given(st.lists(amounts))
def test_totals_are_exact_at_any_width(items):
    sums = total(items)
    expected = {}
    for item in items:
        expected[item.currency] = expected.get(item.currency, 0) + item.amount_minor
    assert sums.currencies == sorted(expected, key=str)
    assert len(sums) == len(expected)
    for currency, minor in expected.items():
        assert sums.amount_minor(currency) == minor
        assert fractions.Fraction(sums.amount(currency)) == fractions.Fraction(minor, 10**currency.minor_units)
        if LEAST <= minor <= MOST:
            assert sums.money(currency) == Money.from_minor(minor, currency)
        else:
            with raises("amount_overflow"):
                sums.money(currency)


# ---- behaviour as a value


def test_currencies_do_not_mix():
    soles, pesos = Money(5, "PEN"), Money(5, "COP")
    assert soles != pesos
    assert len({soles, pesos, Money("5.00", "PEN")}) == 2
    for operation in (operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge):
        with raises("currency_mismatch"):
            operation(soles, pesos)


def test_sum_starts_from_the_int_zero_only():
    assert sum([Money(5, "PEN"), Money("0.50", "PEN")]) == Money("5.50", "PEN")
    for start in (0.0, False, 1, Decimal(0)):
        with pytest.raises(TypeError):
            sum([Money(5, "PEN")], start)
    with pytest.raises(TypeError):
        Money(5, "PEN") + 0


def test_money_is_a_value():
    money = Money("1234.50", "PEN")
    assert repr(money) == "Money('1234.50', 'PEN')"
    assert str(money) == f"{money}" == "PEN 1234.50"
    assert copy.copy(money) == copy.deepcopy(money) == +money == money
    assert money != 1234.5
    assert money != "PEN 1234.50"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(money, protocol)) == money
    for name in ("amount", "amount_minor", "currency", "anything"):
        with pytest.raises(AttributeError):
            setattr(money, name, 1)
    for conversion in (int, float, round, complex):
        with pytest.raises(TypeError):
            conversion(money)


def test_money_is_taken_apart_and_formatted():
    match Money("1.50", "PEN"):
        case Money(amount, currency):
            assert (amount, currency) == (Decimal("1.50"), Currency("PEN"))
        case _:
            pytest.fail("it is Money")
    assert f"{Money(5, 'PEN'):>10}" == "  PEN 5.00"
    assert Money.__new__(Money, currency="PEN", amount="5") == Money(amount=5, currency="PEN")
    with pytest.raises(ValueError, match="format"):
        f"{Money(5, 'PEN'):.2f}"


def test_the_type_is_closed():
    with pytest.raises(TypeError):
        type("Mine", (Money,), {})
    with pytest.raises(TypeError):
        Money.round = None
    for arguments, named in (((), {}), ((1,), {}), ((1, "PEN", 2), {}), ((1,), {"amount": 1}), ((1, "PEN"), {"other": 1})):
        with pytest.raises(TypeError):
            Money(*arguments, **named)


def test_nothing_leaks():
    def work():
        for _ in range(2000):
            money = Money("1.50", "PEN") + Money(5, "PEN") * 2
            (money / 2, money // 3, divmod(money, 7), money % Money(1, "PEN"), hash(money), str(money), f"{money:>20}")
            money.multiply(Decimal("0.19"), "half_even").round("half_even", "0.10")
            money.amount, money.amount_minor, money.currency, money.split(3), money.allocate([1, fractions.Fraction(1, 2)])
            for bad in (lambda: Money("x", "PEN"), lambda: Money(1), lambda: Money(1.0, "PEN").multiply(1, "up")):
                with contextlib.suppress(ValueError, TypeError):
                    bad()

    work()
    references = sys.getrefcount(Money)
    gc.collect()
    blocks = sys.getallocatedblocks()
    work()
    gc.collect()
    assert abs(sys.getrefcount(Money) - references) < 10
    assert sys.getallocatedblocks() - blocks < 500


# ---- amounts between two roundings


@given(minors, st.fractions(), st.fractions().filter(bool), st.sampled_from(sorted(MODES)), st.integers(1, 1000))
def test_exact_amounts_are_fractions(minor, factor, divisor, mode, step):
    exact = Money.from_minor(minor, "PEN").exact() * factor / divisor + Money(1, "PEN")
    value = fractions.Fraction(minor) * factor / divisor + 100
    assert exact.amount == value / 100
    assert eval(repr(exact), {"ExactMoney": ExactMoney}) == pickle.loads(pickle.dumps(exact)) == copy.deepcopy(exact) == exact
    wanted = MODES[mode](value / step) * step
    try:
        rounded = exact.round(mode, step=Money.from_minor(step, "PEN"))
    except errors.AmountOverflowError:
        assert not LEAST <= wanted <= MOST
        return
    assert rounded.money.amount_minor == wanted
    assert rounded.money + rounded.rest == exact and rounded.rest + rounded.money == exact
    assert abs(rounded.rest) < Money.from_minor(step, "PEN")


def test_exact_amounts_are_values():
    five, third = Money(5, "PEN"), ExactMoney(fractions.Fraction(1, 3), "PEN")
    assert five.exact() == five and five == five.exact() and hash(five.exact()) == hash(five)
    assert ExactMoney("1/3", "PEN") == third and hash(ExactMoney("1/3", "PEN")) == hash(third)
    assert third < five and five > third and sorted([five, third]) == [third, five]
    assert third != ExactMoney("1/3", "COP") and third != fractions.Fraction(1, 3)
    assert (third * 3).to_money() == Money(1, "PEN") and sum([third, third, third]) == Money(1, "PEN")
    assert five / third == 15 and third / five == fractions.Fraction(1, 15)
    assert (five - third) + third == five and -third < third == abs(-third) and bool(third)
    rounded = third.round("half_even")
    assert (rounded.money, rounded.rest) == rounded == pickle.loads(pickle.dumps(rounded))
    assert str(third) == "PEN 1/3"
    with raises("amount_inexact"):
        third.to_money()
    with raises("argument_invalid"):
        third.round()
    with raises("argument_invalid"):
        third / 0
    with raises("currency_mismatch"):
        third < Money(1, "COP")  # noqa: B015
    for refused in (0.5, True):
        for operation in (operator.add, operator.sub, operator.mul, operator.truediv):
            with raises("float_refused"):
                operation(third, refused)
        with raises("float_refused"):
            ExactMoney(refused, "PEN")


def test_totals_are_pickled():
    sums = total([Money.from_minor(MOST, "PEN")] * 3 + [Money.from_minor(LEAST, "COP")] * 3)
    assert pickle.loads(pickle.dumps(sums)) == copy.copy(sums) == sums


def test_totals_join():
    first, second = total([Money(5, "PEN")]), total([Money(5, "COP"), Money("0.01", "PEN")])
    assert repr(first + second) == "MoneySum(COP 5.00, PEN 5.01)"
    assert first + second == second + first
    assert first != second
    assert first.amount("USD") == 0
    assert isinstance(first, MoneySum)
    assert total([]).currencies == []


def test_no_cap_is_no_cap_for_the_smallest_amount_either():
    least = Money.from_minor(LEAST, "COP")
    assert least.allocate([1], caps=[None]) == [least]
    assert least.allocate([1, 0], caps=[None, None]) == [least, Money(0, "COP")]
