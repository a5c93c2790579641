"""Money against decimal and fractions where amounts, steps and factors are as large as they get, and in long chains."""

import decimal
import itertools
import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import errors
from cuadre.money import ExactMoney, Money, MoneyColumn, currencies, rounding_modes

LEAST, MOST = -(2**63), 2**63 - 1
HALF = Fraction(1, 2)
MODES = [name for name, _ in rounding_modes()]
MIRROR = {
    "toward_pos_inf": "toward_neg_inf",
    "toward_neg_inf": "toward_pos_inf",
    "half_toward_pos_inf": "half_toward_neg_inf",
    "half_toward_neg_inf": "half_toward_pos_inf",
}
minors = st.one_of(
    st.integers(LEAST, MOST),
    st.sampled_from([LEAST, LEAST + 1, -1, 0, 1, MOST - 1, MOST]),
    st.integers(-1000, 1000),
)
steps = st.one_of(st.integers(1, 1000), st.sampled_from([10**18, 2**62, MOST - 1, MOST]), st.integers(1, MOST))
modes = st.sampled_from(MODES)
# Values at, just under and just over a tie, and anywhere else.
places = st.one_of(
    st.sampled_from([Fraction(0), HALF, HALF - Fraction(1, 10**30), HALF + Fraction(1, 10**30), Fraction(1, 10**30)]),
    st.fractions(0, 1).filter(lambda part: part < 1),
)


# ---- one rounding, judged by its name alone


def obeys(mode, exact, low, rounded):
    """Whether `rounded`, counted in steps, is where its name says; low <= exact < low + 1."""
    if exact == low:
        return rounded == low
    high, nearer = low + 1, exact - low
    match mode:
        case "toward_zero":
            return rounded == (low if exact > 0 else high)
        case "away_from_zero":
            return rounded == (high if exact > 0 else low)
        case "toward_pos_inf":
            return rounded == high
        case "toward_neg_inf":
            return rounded == low
    if nearer != HALF:
        return rounded == (low if nearer < HALF else high)
    return {
        "half_even": rounded % 2 == 0,
        "half_odd": rounded % 2 == 1,
        "half_away_from_zero": abs(rounded) > abs(exact),
        "half_toward_zero": abs(rounded) < abs(exact),
        "half_toward_pos_inf": rounded > exact,
        "half_toward_neg_inf": rounded < exact,
    }[mode]


@given(minors, places, steps, modes)
def test_a_rounding_goes_where_its_name_says_and_less_than_a_step(minor, part, step, mode):
    count = minor // step
    exact = ExactMoney((count + part) * step / 100, "PEN")
    try:
        money, rest = exact.round(mode, step=Money.from_minor(step, "PEN"))
    except errors.AmountOverflowError:
        assert not LEAST <= (count + 1) * step <= MOST or not LEAST <= count * step <= MOST
        return
    assert money.amount_minor % step == 0
    assert abs(rest.amount * 100) < step and money + rest == exact
    assert obeys(mode, count + part, count, money.amount_minor // step)


@given(minors, st.fractions(), steps, modes)
def test_roundings_mirror_keep_order_and_end(minor, factor, step, mode):
    exact, step_money = Money.from_minor(minor, "PEN").exact() * factor, Money.from_minor(step, "PEN")
    try:
        money = exact.round(mode, step=step_money).money
        mirrored = (-exact).round(MIRROR.get(mode, mode), step=step_money).money
        above = (exact + Money("0.01", "PEN")).round(mode, step=step_money).money
    except errors.AmountOverflowError:
        return
    assert mirrored == -money
    assert money <= above
    assert money.round(mode, step_money) == money == money.exact().round(mode, step=step_money).money


DECIMAL_MODES = {
    "toward_zero": decimal.ROUND_DOWN,
    "away_from_zero": decimal.ROUND_UP,
    "toward_pos_inf": decimal.ROUND_CEILING,
    "toward_neg_inf": decimal.ROUND_FLOOR,
    "half_even": decimal.ROUND_HALF_EVEN,
    "half_away_from_zero": decimal.ROUND_HALF_UP,
    "half_toward_zero": decimal.ROUND_HALF_DOWN,
}
WIDE = decimal.Context(prec=200, Emin=-9999, Emax=9999)


@given(minors, st.decimals(-(10**12), 10**12, allow_nan=False, places=18), st.sampled_from(sorted(DECIMAL_MODES)))
def test_products_are_those_of_decimal(minor, factor, mode):
    money = Money.from_minor(minor, "PEN")
    wanted = WIDE.multiply(money.amount, factor).quantize(Decimal("0.01"), DECIMAL_MODES[mode], WIDE)
    try:
        assert money.multiply(factor, mode).amount == wanted
        assert MoneyColumn([money]).multiply(factor, mode)[0].amount == wanted
    except errors.AmountOverflowError:
        assert not LEAST <= wanted * 100 <= MOST


# ---- factors of thousands of bits

huge = st.integers(-(2**4095), 2**4095).filter(bool)


@given(minors, huge, huge, modes)
def test_huge_factors_are_exact(minor, numerator, denominator, mode):
    factor = Fraction(numerator, denominator)
    money = Money.from_minor(minor, "PEN")
    for call, exact in ((money.multiply, minor * factor), (money.divide, minor / factor)):
        try:
            rounded = call(factor, mode).amount_minor
        except errors.AmountOverflowError:
            assert not LEAST < exact - 1 < exact + 1 < MOST
            continue
        assert obeys(mode, exact, math.floor(exact), rounded)


@given(minors, st.integers(1, 2**4000), st.integers(-9, 9), modes)
def test_huge_fractions_near_one_round_by_their_last_bit(minor, denominator, nudge, mode):
    factor = Fraction(denominator + nudge, denominator)
    exact = minor * factor
    try:
        assert obeys(mode, exact, math.floor(exact), Money.from_minor(minor, "PEN").multiply(factor, mode).amount_minor)
    except errors.AmountOverflowError:
        assert not LEAST < exact - 1 < exact + 1 < MOST


def test_factors_have_an_end():
    for beyond in (Fraction(2**4097), Fraction(1, 2**4097), Decimal("1E+1300")):
        with pytest.raises(errors.AmountOverflowError):
            Money(1, "PEN").multiply(beyond, "half_even")
        with pytest.raises(errors.AmountOverflowError):
            Money(1, "PEN").exact() * beyond


# ---- chains

operations = st.lists(
    st.one_of(
        st.tuples(st.just("+"), minors),
        st.tuples(st.just("-"), minors),
        st.tuples(st.just("*"), st.fractions(max_denominator=10**6)),
        st.tuples(st.just("/"), st.fractions(max_denominator=10**6).filter(bool)),
        st.tuples(st.sampled_from(["neg", "abs", "r-"]), minors),
    ),
    max_size=20,
)


def applied(operation, value, operand, amount):
    return {
        "+": lambda: value + amount(operand),
        "-": lambda: value - amount(operand),
        "r-": lambda: amount(operand) - value,
        "*": lambda: value * operand,
        "/": lambda: value / operand,
        "neg": lambda: -value,
        "abs": lambda: abs(value),
    }[operation]()


@given(minors, operations, modes)
def test_chains_are_those_of_fractions(minor, chain, mode):
    exact, fraction = Money.from_minor(minor, "PEN").exact(), Fraction(minor)
    for operation, operand in chain:
        exact = applied(operation, exact, operand, lambda value: Money.from_minor(value, "PEN"))
        fraction = applied(operation, fraction, operand, Fraction)
        assert exact.amount * 100 == fraction
    assert (exact < Money(0, "PEN"), bool(exact)) == (fraction < 0, bool(fraction))
    assert hash(exact) == hash(ExactMoney(fraction / 100, "PEN")) and exact == ExactMoney(fraction / 100, "PEN")
    try:
        assert obeys(mode, fraction, math.floor(fraction), exact.round(mode).money.amount_minor)
        if fraction.denominator == 1:
            assert exact.to_money().amount_minor == fraction
    except errors.AmountOverflowError:
        assert not LEAST < fraction - 1 < fraction + 1 < MOST


def test_no_chain_grows_without_end():
    exact = Money(1, "PEN").exact()
    with pytest.raises(errors.AmountOverflowError):
        for _ in range(10_000):
            exact = exact * Fraction(10**9 + 7, 10**9 + 9)


# ---- shares

weights = st.lists(st.one_of(st.integers(0, 9), st.fractions(0, 10**6), st.integers(0, 2**200)), min_size=1, max_size=8).filter(
    any
)


def largest_remainder(units, weights):
    """The rule as it is written down: floors, then one unit each by the size of the remainder, ties to the lowest index."""
    exact = [Fraction(units) * Fraction(weight) / sum(map(Fraction, weights)) for weight in weights]
    shares = [math.floor(each) for each in exact]
    order = sorted(range(len(exact)), key=lambda index: (shares[index] - exact[index], index))
    for index in order[: units - sum(shares)]:
        shares[index] += 1
    return shares


@given(st.integers(0, MOST), weights, st.sampled_from([1, 5, 10, 5000, 10**15]), st.booleans())
def test_shares_in_steps_are_those_of_the_rule(minor, parts, step, negative):
    minor -= minor % step
    money = Money.from_minor(-minor if negative else minor, "COP")
    shares = [share.amount_minor for share in money.allocate(parts, step=Money.from_minor(step, "COP"))]
    wanted = [share * step for share in largest_remainder(minor // step, parts)]
    assert shares == ([-share for share in wanted] if negative else wanted)


@given(st.integers(-(10**6), 10**6), weights, st.fractions(Fraction(1, 1000), 1000).filter(bool), st.data())
def test_only_proportions_count(minor, parts, factor, data):
    money = Money.from_minor(minor, "PEN")
    shares = money.allocate(parts)
    assert money.allocate([Fraction(part) * factor for part in parts]) == shares
    index = data.draw(st.integers(0, len(parts)))
    with_zero = money.allocate([*parts[:index], 0, *parts[index:]])
    assert with_zero.pop(index) == Money(0, "PEN") and with_zero == shares
    for (a, weight), (b, other) in itertools.combinations(zip(shares, parts, strict=True), 2):
        assert abs(a) >= abs(b) if weight >= other else abs(a) <= abs(b)  # who weighs more, or stands first, gets no less


@given(st.integers(-(10**6), 10**6), st.integers(1, 60))
def test_parts_differ_by_one_unit_and_the_first_get_it(minor, count):
    shares = [abs(share.amount_minor) for share in Money.from_minor(minor, "PEN").split(count)]
    assert sum(shares) == abs(minor) and shares == sorted(shares, reverse=True) and shares[0] - shares[-1] <= 1


@given(st.integers(0, 10**5), st.lists(st.tuples(st.integers(1, 9), st.none() | st.integers(0, 10**5)), min_size=1, max_size=6))
def test_caps_take_no_more_than_they_must(minor, pairs):
    parts = [part for part, _ in pairs]
    caps = [None if cap is None else Money.from_minor(cap, "PEN") for _, cap in pairs]
    money = Money.from_minor(minor, "PEN")
    try:
        shares = money.allocate(parts, caps=caps)
    except errors.ArgumentInvalidError:
        assert None not in caps and sum(cap.amount_minor for cap in caps) < minor
        return
    assert sum(shares) == money
    free = money.allocate(parts)
    if all(cap is None or share <= cap for share, cap in zip(free, caps, strict=True)):
        assert shares == free  # no cap was in the way
    for share, least, cap in zip(shares, free, caps, strict=True):
        assert share == cap or share >= least - Money("0.01", "PEN")  # what others may not take goes to the rest
    mirrored = (-money).allocate(parts, caps=caps)
    assert mirrored == [-share for share in shares]


@given(st.integers(0, MOST), st.integers(1, MOST), st.lists(st.fractions(0, 1), max_size=6))
def test_what_is_given_back_is_the_floor_and_never_shrinks(part, whole, stages):
    tax, price = Money.from_minor(part, "PEN"), Money.from_minor(whole, "PEN")
    given_back = Money(0, "PEN")
    for stage in sorted(stages):
        done = math.floor(whole * stage)
        share = tax.share_done(price, Money.from_minor(done, "PEN"))
        assert share.amount_minor == part * done // whole and given_back <= share <= tax
        given_back = share
    assert tax.share_done(price, price) == tax


# ---- text

MARKS = {"plain": (".", ""), "en": (".", ","), "es-CO": (",", "."), "es-PE": (".", ",")}
amounts = st.builds(Money.from_minor, minors, st.sampled_from([each for each in currencies() if each.minor_units is not None]))


@given(amounts, st.sampled_from(sorted(MARKS)), st.booleans(), st.integers(0, 9))
def test_numbers_are_written_as_python_writes_them(money, locale, grouping, decimals):
    point, comma = MARKS[locale]
    try:
        text = money.format(locale, currency="none", decimals=decimals, grouping=grouping)
    except errors.AmountInexactError:
        assert WIDE.quantize(money.amount, Decimal(1).scaleb(-decimals)) != money.amount
        return
    plain = f"{money.amount:,.{decimals}f}"
    swapped = plain.translate(str.maketrans({",": comma if grouping else "", ".": point}))
    assert text == swapped
    assert Money.parse(text, money.currency, locale=locale) == money


@given(amounts, st.sampled_from(sorted(MARKS)), st.sampled_from(["symbol", "code"]), st.sampled_from(["minus", "brackets"]))
def test_every_currency_is_read_back(money, locale, style, negative):
    text = money.format(locale, currency=style, negative=negative)
    assert Money.parse(text, money.currency, locale=locale) == Money.parse(text, locale=locale) == money
