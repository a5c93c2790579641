"""Shares and roundings of other libraries, case by case: where ours agree, and each case where they do not, with the reason."""

import json
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest

import places
from cuadre import errors
from cuadre.money import ExactMoney, Money, MoneyColumn


def cases(*parts):
    return json.loads(places.data("money", *parts).read_text(encoding="utf-8"))


def said(suite, run, excepted):
    """One line a suite, shown by pytest -rA."""
    reasons = "; ".join(f"{count} {reason}" for reason, count in sorted(excepted.items())) or "none"
    print(f"conformance: {suite}: {run} run, excepted: {reasons}")


# ---- shares

# Every case in which another rule than ours hands out other shares. Ours is the largest remainder; ties go to the lowest
# index, and a negative amount gets the shares of the positive one with the sign turned. (library, method, amount, weights)
OTHER_RULE = {
    "its floor gives the odd unit of a negative amount to another share than that of the positive one": [
        ("moneyphp", "largest_fraction(floor)", "-5", "7 3"),
    ],
    "odd units go to the first shares, whatever their remainder": [
        ("brick", "FloorToFirst", "1", "2 3 1"),
        ("brick", "FloorToFirst", "100", "30 20 40"),
        ("brick", "FloorToFirst", "100", "30 20 40 40"),
        ("brick", "FloorToFirst", "100", "30 20 40 0 40 0"),
        ("brick", "FloorToFirst", "100", "1 2 3 7"),
        ("brick", "FloorToFirst", "-100", "30 20 40 40"),
        ("brick", "FloorToFirst", "0.03", "75 25"),
        ("brick", "FloorToFirst", "100", "30 20 40"),
        ("brick", "FloorToFirst", "100", "1/3 2/3"),
        ("brick", "FloorToFirst", "100", "2/7 1/3"),
        ("RubyMoney", "back_to_front(trunc)", "700273", f"{'1.1818583143661 ' * 7}1.170126087450276 1.0 1.0 1.0 1.0"),
        ("RubyMoney", "back_to_front(trunc)", "-700273", f"{'1.1818583143661 ' * 7}1.170126087450276 1.0 1.0 1.0 1.0"),
    ],
    "odd units go to the largest weights, whatever their remainder": [
        ("brick", "FloorToLargestRatio", "1", "2 3 1"),
        ("brick", "FloorToLargestRatio", "0.05", "3 3 4"),
        ("brick", "FloorToLargestRatio", "0.09", "3 3 4"),
    ],
    "odd units go round from the first share": [
        ("Shopify", "roundrobin", "10.55", "0.25 0.5 0.25"),
        ("Shopify", "roundrobin", "195.35", "0.025 0.025 0.125 0.125 0.4 0.3"),
        ("Shopify", "roundrobin", "19535", "0.025 0.025 0.125 0.125 0.4 0.3"),
    ],
    "odd units go round from the last share": [
        ("Shopify", "roundrobin_reverse", "488.51", "0.111 0.05 0.5"),
        ("Shopify", "roundrobin_reverse", "0.05", "0.3 0.7"),
        ("Shopify", "roundrobin_reverse", "10.55", "0.25 0.5 0.25"),
        ("Shopify", "roundrobin_reverse", "195.35", "0.025 0.025 0.125 0.125 0.4 0.3"),
        ("Shopify", "roundrobin_reverse", "31", "0.5 0.5"),
        ("Shopify", "roundrobin_reverse", "19535", "0.025 0.025 0.125 0.125 0.4 0.3"),
    ],
}
# They give nobody anything, or take weights for shares that nobody can mean.
REFUSED = [
    ("go-money", "first(trunc)", "0", "0 0 0 0"),
    ("go-money", "first(trunc)", "10", "0 0"),
    ("dinero.js", "largest_ratio(trunc)", "1003", "0 0"),
    ("dinero.js", "largest_ratio(trunc)", "1003", "-50 -50"),
    ("dinero.js", "largest_ratio(trunc)", "-1003", "-50 -50"),
]


def units(case):
    """Amount and shares in the smallest unit in which the case is written; some share below the currency's own."""
    places = max(-Decimal(share).as_tuple().exponent for share in case["expected"]) if case["unit"] == "major" else 0
    amount, *shares = (int(Decimal(text).scaleb(places)) for text in (case["amount"], *case["expected"]))
    return Money.from_minor(amount, "USD"), shares


def shared(money, case, step):
    if "parts" in case:
        return money.split(case["parts"], step=step)
    shares = money.allocate(case["weights"], step=step)
    column = MoneyColumn.from_minor([money.amount_minor], "USD").allocate(case["weights"], step=step)
    assert [each[0] for each in column] == shares
    return shares


def verdict(case):
    money, expected = units(case)
    step = Money.from_minor(5, "USD") if case.get("note") == "cash step 5 minor units" else None
    try:
        shares = [share.amount_minor for share in shared(money, case, step)]
    except errors.ArgumentInvalidError:
        return "refused"
    assert sum(shares) == money.amount_minor, case
    assert all(share * money.amount_minor >= 0 for share in shares), case
    assert step is None or all(share % 5 == 0 for share in shares), case
    if "Separate" not in case["method"]:
        return "agrees" if shares == expected else "differs"
    rest = expected.pop()  # they hand out less, and the rest apart: ours are theirs with the rest handed out
    assert all(abs(ours) >= abs(theirs) for ours, theirs in zip(shares, expected, strict=True)), case
    assert sum(shares) - sum(expected) == rest, case
    return "agrees" if rest == 0 else "agrees but for the rest set apart"


def test_shares_of_eight_libraries():
    found, named = Counter(), {"differs": [], "refused": []}
    listed = cases("allocation", "allocation-tables.json")["cases"]
    for case in listed:
        result = verdict(case)
        found[result] += 1
        if result in named:
            named[result].append((case["lib"], case["method"], case["amount"], " ".join(case["weights"])))
    assert sorted(named["differs"]) == sorted(each for group in OTHER_RULE.values() for each in group)
    assert sorted(named["refused"]) == sorted(REFUSED)
    assert dict(found) == {"agrees": 141, "agrees but for the rest set apart": 26, "differs": 25, "refused": 5}
    assert sum(found.values()) == len(listed) == 197
    said("allocation", 167, {reason: len(group) for reason, group in OTHER_RULE.items()} | {"refused here": len(REFUSED)})


# ---- roundings


def rounded(text, mode):
    """A number of whole yen, in three ways that must agree."""
    exact = ExactMoney(Decimal(text), "JPY").round(mode)
    one = Money(1, "JPY")
    product, quotient = one.multiply(Decimal(text), mode), Money(100, "JPY").divide(100 / Fraction(text), mode)
    column = MoneyColumn([one]).multiply(Decimal(text), mode)
    assert exact.money == product == quotient == column[0]
    assert exact.money + exact.rest == ExactMoney(text, "JPY")
    return exact.money.amount


@pytest.mark.parametrize(("table", "count"), [("round", 55), ("arrow_modes", 40)])
def test_roundings_of_moneyphp_and_arrow(table, count):
    listed = cases("rounding", "rounding-tables.json")[table]
    for library, native, mode, text, expected in listed:
        assert rounded(text, mode) == Decimal(expected), (library, native, mode, text)
    assert len(listed) == count
    said(f"rounding, {table}", count, {})


def test_roundings_to_powers_of_ten():
    listed = cases("rounding", "rounding-tables.json")["round_to_unit"]
    for library, native, mode, minor, power, expected in listed:
        money, step = Money.from_minor(int(minor), "EUR"), Money.from_minor(10**power, "EUR")
        ours = money.round(mode, step)
        assert ours.amount_minor == int(expected), (library, native, mode, minor, power)
        assert ours == money.exact().round(mode, step).money == MoneyColumn([money]).round(mode, step)[0]
    assert len(listed) == 21
    said("rounding, round_to_unit", 21, {})


def test_cash_steps_of_brick():
    excepted = Counter()
    listed = cases("rounding", "rounding-tables.json")["cash_context"]
    for _, step_minor, code, text, native, mode, expected in listed:
        step, exact = Money.from_minor(step_minor, code), ExactMoney(text, code)
        if expected == "error:ContextException":
            assert exact.round("half_even", step).money == Money("0.99", code)
            excepted["their cash steps are 2s and 5s only; ours are any"] += 1
        elif mode != "exact_or_error":
            ours = exact.round(mode, step).money
            assert ours == Money(expected, code) and str(ours.amount) == expected, (code, text, native)
        elif expected.startswith("error:"):  # inexact in the minor unit, or no multiple of the step
            with pytest.raises(errors.AmountInexactError):
                (exact / step_minor).to_money()
            if step_minor == 1:
                with pytest.raises(errors.AmountInexactError):
                    Money(text, code)
        else:
            ours = exact.to_money()
            assert ours == Money(expected, code) == (exact / step_minor).to_money() * step_minor
            assert str(ours.amount) == expected
    assert len(listed) == 22 and dict(excepted) == {"their cash steps are 2s and 5s only; ours are any": 1}
    said("rounding, cash_context", 21, excepted)


DINERO = {
    "halfUp": "half_toward_pos_inf",
    "halfDown": "half_toward_neg_inf",
    "halfEven": "half_even",
    "halfOdd": "half_odd",
    "halfAwayFromZero": "half_away_from_zero",
    "halfTowardsZero": "half_toward_zero",
    "up": "toward_pos_inf",
    "down": "toward_neg_inf",
}


def test_modes_observed_in_dinero():
    observed = cases("rounding", "rounding-tables.json")["dinero_2_0_2_observed"]
    inputs = observed.pop("inputs_tenths")
    assert set(observed) == set(DINERO)
    for native, results in observed.items():
        ours = [Money.from_minor(tenths, "JPY").divide(10, DINERO[native]).amount_minor for tenths in inputs]
        assert ours == [rounded(f"{Decimal(tenths) / 10}", DINERO[native]) for tenths in inputs] == results, native
    said("rounding, dinero.js observed", len(observed) * len(inputs), {})


def test_names_of_general_decimal_arithmetic():
    modes = cases("rounding", "rounding-tables.json")["gda_modes"]
    ours = {name for name in modes.values() if name in set(MODES)}
    assert set(modes.values()) - ours == {"away_from_zero_if_last_digit_0_or_5_else_toward_zero"}
    said(
        "rounding, names of GDA", len(ours), {"ROUND_05UP is for results to be rounded again: here nothing is rounded twice": 1}
    )


# ---- steps, against ICU

MODES = [
    "toward_zero",
    "away_from_zero",
    "toward_pos_inf",
    "toward_neg_inf",
    "half_even",
    "half_odd",
    "half_away_from_zero",
    "half_toward_zero",
    "half_toward_pos_inf",
    "half_toward_neg_inf",
]
ICU = {
    "ceil": "toward_pos_inf",
    "floor": "toward_neg_inf",
    "expand": "away_from_zero",
    "trunc": "toward_zero",
    "halfCeil": "half_toward_pos_inf",
    "halfFloor": "half_toward_neg_inf",
    "halfExpand": "half_away_from_zero",
    "halfTrunc": "half_toward_zero",
    "halfEven": "half_even",
}


def test_steps_of_icu():
    listed = cases("oracle", "intl-rounding-increment-icu78.json")["cases"]
    scalar = 0
    for mode, text, step_minor, decimals, expected in listed:
        code = {0: "JPY", 2: "USD"}[decimals]
        step = Money.from_minor(step_minor, code)
        ours = ExactMoney(Decimal(text), code).round(ICU[mode], step).money
        # ICU keeps the sign of a negative amount that became zero; no amount of money has one.
        assert f"{ours.amount:f}" == (expected.removeprefix("-") if Decimal(expected) == 0 else expected), (mode, text, step)
        try:
            money = Money(text, code)
        except errors.AmountInexactError:
            continue
        assert money.round(ICU[mode], step) == ours == MoneyColumn([money]).round(ICU[mode], step)[0]
        scalar += 1
    assert (len(listed), scalar) == (2304, 1476)
    said("steps of ICU 78", len(listed), {})
