"""Rates and conversions against fractions.Fraction."""

import copy
import datetime as dt
import json
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuadre import errors
from cuadre.money import Conversion, ExactMoney, Money, Rate

MONDAY = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
TUESDAY = MONDAY + dt.timedelta(days=1)
BOGOTA = dt.timezone(dt.timedelta(hours=-5))

VALUES = st.fractions(min_value=Fraction(1, 10**9), max_value=10**9, max_denominator=10**9)
MINOR = st.integers(-(10**9), 10**9)


def rate(value="3.400", quote="PEN", **changes):
    named = {"kind": "SBS sell", "source": "SBS", "as_of": MONDAY, "valid_until": TUESDAY} | changes
    return Rate("USD", quote, value, **named)


@given(VALUES, MINOR)
def test_converts_as_fractions_do_both_ways(value, minor):
    def half_even(number):
        return round(number)  # Fraction rounds ties to even

    assert rate(value).convert(Money.from_minor(minor, "USD"), "half_even", at=MONDAY) == Money.from_minor(
        half_even(minor * value), "PEN"
    )
    back = Fraction(minor) / value
    if abs(back) < 2**63 - 1:
        assert rate(value).convert(Money.from_minor(minor, "PEN"), "half_even", at=MONDAY).amount_minor == half_even(back)


@given(VALUES, MINOR, st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6))
def test_exact_conversions_round_nothing(value, minor, exact):
    for amount in (Money.from_minor(minor, "USD"), ExactMoney(exact, "USD")):
        there = rate(value).convert_exact(amount, at=MONDAY)
        assert (there.amount, there.currency.code) == (Fraction(amount.amount) * value, "PEN")
        assert rate(value).convert_exact(there, at=MONDAY) == ExactMoney(Fraction(amount.amount), "USD")
        assert rate(value).convert(amount, "half_even", at=MONDAY) == there.round("half_even").money


def test_a_chain_of_rates_is_rounded_once():
    pesos = rate("4145.73", "COP")
    cents = Money("0.01", "PEN")
    dollars = rate().convert_exact(cents, at=MONDAY)
    exact = pesos.convert_exact(dollars, at=MONDAY)
    assert exact.amount == Fraction(1, 100) / Fraction("3.4") * Fraction("4145.73")
    rounded = exact.round("half_even")
    assert rounded.money == Money("12.19", "COP") and rounded.rest + rounded.money == exact
    assert pesos.convert(dollars, "half_even", at=MONDAY) == rounded.money
    assert pesos.convert(rate().convert(cents, "half_even", at=MONDAY), "half_even", at=MONDAY) == Money(0, "COP")
    for refused in (1.5, 1, "USD 1.00", Decimal(1), None):
        with pytest.raises(errors.FloatRefusedError, match="a rate converts Money or ExactMoney"):
            rate().convert_exact(refused, at=MONDAY)
    with pytest.raises(errors.RateOutdatedError):
        rate().convert_exact(cents, at=TUESDAY)
    assert rate().convert_exact(cents, at=TUESDAY, outdated="allow") == dollars
    with pytest.raises(errors.CurrencyMismatchError):
        pesos.convert_exact(cents, at=MONDAY)


def test_a_thousand_dollars_and_back():
    soles = rate().convert(Money(1000, "USD"), "half_even", at=MONDAY)
    assert soles == Money("3400.00", "PEN")
    assert rate().convert(soles, "half_even", at=MONDAY) == Money(1000, "USD")


def test_a_rate_ends():
    one = Money(1, "USD")
    for at in (MONDAY - dt.timedelta(microseconds=1), TUESDAY):
        with pytest.raises(errors.RateOutdatedError, match="2026-03"):
            rate().convert(one, "half_even", at=at)
        assert rate().convert(one, "half_even", at=at, outdated="allow") == Money("3.40", "PEN")
    last = (TUESDAY - dt.timedelta(microseconds=1)).astimezone(BOGOTA)
    assert rate().convert(one, "half_even", at=last) == Money("3.40", "PEN")


@pytest.mark.parametrize("at", [MONDAY.replace(tzinfo=None), dt.date(2026, 3, 2), "2026-03-02", 0, None, dt.datetime.max])
def test_a_moment_has_its_zone(at):
    with pytest.raises(errors.ArgumentInvalidError):
        rate().convert(Money(1, "USD"), "half_even", at=at)
    with pytest.raises(errors.ArgumentInvalidError):
        rate(as_of=at)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (lambda: rate(0), errors.RuleInvalidError),
        (lambda: rate("-3.4"), errors.RuleInvalidError),
        (lambda: rate(2, "USD"), errors.RuleInvalidError),
        (lambda: rate(1, "XAU"), errors.RuleInvalidError),
        (lambda: rate(kind=""), errors.RuleInvalidError),
        (lambda: rate(source=""), errors.RuleInvalidError),
        (lambda: rate(valid_until=MONDAY), errors.RuleInvalidError),
        (lambda: rate(3.4), errors.FloatRefusedError),
        (lambda: rate(True), errors.FloatRefusedError),
        (lambda: rate(None), errors.FloatRefusedError),
        (lambda: rate(Decimal("NaN")), errors.AmountInvalidError),
        (lambda: rate(Decimal("Infinity")), errors.AmountInvalidError),
        (lambda: rate("\ud800"), errors.AmountInvalidError),
        (lambda: rate(source="\ud800"), errors.ArgumentInvalidError),
        (lambda: rate(quote="BTC"), errors.CurrencyUnknownError),
        (lambda: rate().convert(1.5, "half_even", at=MONDAY), errors.FloatRefusedError),
        (lambda: rate().convert(Money(1, "COP"), "half_even", at=MONDAY), errors.CurrencyMismatchError),
        (lambda: rate().convert(Money(1, "USD"), "up", at=MONDAY), errors.ArgumentInvalidError),
        (lambda: rate().convert(Money(1, "USD"), "half_even", at=MONDAY, outdated="\ud800"), errors.ArgumentInvalidError),
        (lambda: rate(10**18).convert(Money(10**6, "USD"), "half_even", at=MONDAY), errors.AmountOverflowError),
    ],
)
def test_one_clear_error_each(make, kind):
    with pytest.raises(errors.CuadreError) as caught:
        make()
    assert type(caught.value) is kind
    assert caught.value.message


@given(st.sampled_from(["4145.73", "1/3", "3.400", "7", "0.000000001"]), st.sampled_from([None, TUESDAY]))
def test_rates_travel(value, end):
    one = rate(value, valid_until=end)
    twins = [copy.copy(one), copy.deepcopy(one), Rate.from_dict(json.loads(json.dumps(one.to_dict())))]
    twins += [pickle.loads(pickle.dumps(one, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    for twin in twins:
        assert twin == one and hash(twin) == hash(one) and twin.value == Fraction(value)
    assert one != rate("9")
    assert one != "USD"
    with pytest.raises(AttributeError):
        one.value = 5


def test_dicts_are_read_whole():
    good = rate().to_dict()
    assert good["value"] == "3.4"
    for bad in ({}, good | {"more": 1}, good | {"as_of": "Monday"}, {k: v for k, v in good.items() if k != "kind"}):
        with pytest.raises(errors.RuleInvalidError):
            Rate.from_dict(bad)
    with pytest.raises(errors.FloatRefusedError):
        Rate.from_dict(good | {"value": 3.4})


def test_mid_is_exact():
    middle = Rate.mid(rate("3.232"), rate("3.235"))
    assert (middle.value, middle.kind, middle.source) == (Fraction("3.2335"), "mid", "SBS")


@given(st.integers(1, 10**12), st.integers(1, 10**6), st.data())
def test_refunds_give_back_what_was_paid(paid, received, data):
    locked = Conversion(Money.from_minor(paid, "COP"), Money.from_minor(received, "USD"))
    done = back = 0
    while done < received:
        now = data.draw(st.integers(max(1, (received - done) // 4), received - done))
        part = locked.refund(Money.from_minor(now, "USD"), Money.from_minor(done, "USD"))
        done, back = done + now, back + part.amount_minor
        assert back == paid * done // received
    assert back == paid
    with pytest.raises(errors.ArgumentInvalidError):
        locked.refund(Money.from_minor(1, "USD"), locked.received)


def test_a_locked_rate_remembers():
    trm = rate("4145.73", "COP")
    locked = trm.lock(Money("414573.00", "COP"), "half_even", at=MONDAY)
    assert (locked.paid, locked.received, locked.rate) == (Money(414573, "COP"), Money(100, "USD"), trm)
    assert locked.refund(Money(100, "USD")) == locked.paid
    assert pickle.loads(pickle.dumps(locked)) == locked
    assert Conversion.from_dict(json.loads(json.dumps(locked.to_dict()))) == locked
    with pytest.raises(errors.ArgumentInvalidError):
        trm.lock(Money("0.01", "COP"), "half_even", at=MONDAY)
    with pytest.raises(errors.CurrencyMismatchError):
        Conversion(Money(1, "PEN"), Money(1, "USD"), trm)
