"""General Decimal Arithmetic's own cases, mapped onto exact amounts rounded by name; what does not map is counted by reason."""

import contextlib
import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from fractions import Fraction

import pytest

import places
from cuadre import errors
from cuadre.money import ExactMoney, Money

MODES = {
    "ceiling": "toward_pos_inf",
    "floor": "toward_neg_inf",
    "up": "away_from_zero",
    "down": "toward_zero",
    "half_up": "half_away_from_zero",
    "half_down": "half_toward_zero",
    "half_even": "half_even",
}
LINE = re.compile(r"(\w+)\s+(\w+)\s+(.*?)\s*->\s*(\S+)\s*(.*)")
LIMIT = 1200  # powers of ten that surely fit the 4,096 bits of an exact amount
UNIT = "JPY"  # one major unit is one minor unit, so numbers stay as they are
INT64 = range(-(2**63), 2**63)


REASONS = {
    "no number": "NaN, an infinity or no number at all: refused here, and that is checked",
    "huge": "an operand of more than 4,096 bits: refused here, and that is checked; or a unit beyond them",
    "wide": "a result whose digits, once rounded, need more than 64 bits: refused here, and that is checked",
    "exponent": "a result rounded at the least or largest exponent of a format: there is no such exponent here",
    "precision": "refused there for more digits than the precision: there is no such limit here",
    "05up": "ROUND_05UP is for results to be rounded again: here nothing is rounded twice",
    "operation": "power: no such operation here",
    "null": "an operand left out",
}


class Excepted(Exception):
    """Why a case does not apply: a key of REASONS."""


def lines(name):
    """(operation, operands, expected, conditions, mode, precision) of each case."""
    path = places.data("money", "dectest", name)
    state = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("--") or not line.strip():
            continue
        if found := LINE.fullmatch(line.strip()):
            identity, operation, operands, expected, conditions = found.groups()
            conditions = set(conditions.partition("--")[0].lower().split())
            limits = state["rounding"], int(state["precision"])
            yield identity, operation.lower(), words(operands), words(expected)[0], conditions, *limits
        else:
            key, _, value = line.partition(":")
            state[key.strip().lower()] = value.partition("--")[0].strip().lower()


def words(text):
    return [word[1:-1] if word[0] in "'\"" else word for word in re.findall(r"'[^']*'|\"[^\"]*\"|\S+", text)]


def finite(text):
    """The operand as a Decimal. What is no number, and what no exact amount holds, is refused by ours too."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = None
    if text == "#":
        raise Excepted("null")
    if value is None or not value.is_finite():
        with pytest.raises(errors.AmountInvalidError):
            ExactMoney(text if value is None else value, UNIT)
        raise Excepted("no number")
    try:
        ExactMoney(value, UNIT)
    except errors.AmountOverflowError:
        raise Excepted("huge") from None
    return value or Decimal(0)


def power_of(value):
    """The power of ten of a fraction's first digit."""
    power = len(str(abs(value.numerator))) - len(str(value.denominator))
    return power if abs(value) >= Fraction(10) ** power else power - 1


def to_unit(exact, unit, mode):
    """An exact amount rounded to multiples of any unit, in one rounding."""
    try:
        rounded = (exact / unit).round(mode)
    except errors.AmountOverflowError:
        raise Excepted("wide") from None
    assert abs(rounded.rest.amount) < 1
    return rounded.money.amount_minor * unit


def to_precision(exact, precision, mode):
    """The value of an exact amount at so many digits, and the unit it was rounded to, if it was."""
    value = exact.amount
    if not value:
        return value, None
    unit = Fraction(10) ** (power_of(value) - precision + 1) if precision < LIMIT else None
    if unit is None or (value / unit).denominator == 1:
        return value, None
    return to_unit(exact, unit, mode), unit


def exactly(operation, left, right):
    left = ExactMoney(left, UNIT)
    right = right if isinstance(right, Fraction) else ExactMoney(right, UNIT)
    match operation:
        case "add":
            return left + right
        case "subtract":
            return left - right
        case "multiply":
            return left * right
        case "divide":
            return left / right
    raise AssertionError(operation)


def scalar(operation, left, right, unit, mode):
    """The same by Money.multiply and Money.divide, one rounding each; None where the digits do not fit 64 bits."""
    exponent = left.as_tuple().exponent
    coefficient = int(Fraction(left) / Fraction(10) ** exponent)
    if coefficient not in INT64:
        return None
    money, scale = Money.from_minor(coefficient, UNIT), Fraction(10) ** exponent / unit
    try:
        rounded = money.multiply(right * scale, mode) if operation == "multiply" else money.divide(right / scale, mode)
    except errors.AmountOverflowError:
        return None
    return rounded.amount_minor * unit


def arithmetic(operation, operands, expected, conditions, mode, precision):
    """Runs a case of + - * /; true where Money's own operation ran as well."""
    left, right = map(finite, operands)
    if operation == "divide" and not right:
        with pytest.raises(errors.ArgumentInvalidError):
            ExactMoney(left, UNIT) / 0
        with pytest.raises(errors.ArgumentInvalidError):
            Money(1, UNIT).divide(right, "half_even")
        assert Decimal(expected).is_infinite() or Decimal(expected).is_nan()
        return True
    result = applicable(expected, conditions)
    factor = Fraction(right)
    exact = exactly(operation, left, factor if operation in ("multiply", "divide") else right)
    ours, unit = to_precision(exact, precision, mode)
    assert ours == result
    if operation in ("multiply", "divide"):
        again = scalar(operation, left, factor, unit or Fraction(10) ** finite(expected).as_tuple().exponent, mode)
        assert again in (None, ours)
        return again is not None
    return added(operation, left, right, exact)


def added(operation, left, right, exact):
    try:
        left, right = Money(left, "CLF"), Money(right, "CLF")  # four decimals
        money = left + right if operation == "add" else left - right
    except (errors.AmountInexactError, errors.AmountOverflowError):
        return False
    assert money.exact().amount == exact.amount
    return True


def applicable(expected, conditions):
    """The result as a fraction, where the case has one."""
    if "overflow" in conditions or ("subnormal" in conditions and "inexact" in conditions):
        raise Excepted("exponent")
    if "invalid_operation" in conditions or "division_impossible" in conditions:
        raise Excepted("precision")
    return Fraction(finite(expected))


def quantize(operation, operands, expected, conditions, mode, precision):
    """Rounding to a power of ten, whatever the number; by Money.round too where that is a whole step."""
    left = finite(operands[0])
    finite(operands[1])
    wanted = Decimal(operands[1])
    power = wanted.as_tuple().exponent if operation == "quantize" else int(max(min(wanted, LIMIT + 1), -LIMIT - 1))
    if abs(power) > LIMIT:
        raise Excepted("huge")
    result = applicable(expected, conditions)
    unit = Fraction(10) ** power
    ours = to_unit(ExactMoney(left, UNIT), unit, mode)
    assert ours == result
    assert scalar("multiply", left, 1, unit, mode) in (None, ours)
    exponent = left.as_tuple().exponent
    coefficient = Fraction(left) / Fraction(10) ** exponent
    if 0 <= power - exponent <= 18 and int(coefficient) in INT64:
        step = Money.from_minor(10 ** (power - exponent), UNIT)
        try:
            rounded = Money.from_minor(int(coefficient), UNIT).round(mode, step)
        except errors.AmountOverflowError:
            return False
        assert rounded.amount_minor * Fraction(10) ** exponent == ours
        return True
    return False


def compare(_operation, operands, expected, _conditions, _mode, _precision):
    left, right = map(finite, operands)
    sides = [(ExactMoney(left, UNIT), ExactMoney(right, UNIT))]
    with contextlib.suppress(errors.AmountInexactError, errors.AmountOverflowError):
        sides.append((Money(left, "CLF"), Money(right, "CLF")))
    for a, b in sides:
        assert (a > b) - (a < b) == int(expected)
        assert (a == b) == (expected == "0")
        assert (a >= b, a <= b, b > a) == (int(expected) >= 0, int(expected) <= 0, int(expected) < 0)
    return len(sides) == 2


def digits(_operation, operands, expected, conditions, mode, precision):
    """A number as it is written, at the precision that holds."""
    value = finite(operands[0])
    result = applicable(expected, conditions)
    ours, _ = to_precision(ExactMoney(value, UNIT), precision, mode)
    assert ours == result
    return False


RUN = {
    **dict.fromkeys(["add", "subtract", "multiply", "divide"], arithmetic),
    **dict.fromkeys(["quantize", "rescale"], quantize),
    **dict.fromkeys(["apply", "plus", "tosci", "toeng"], digits),
    "compare": compare,
}


def decided(operation, operands, expected, conditions, rounding, precision):
    if operation not in RUN:
        raise Excepted("operation")
    if rounding not in MODES:
        raise Excepted("05up")
    return RUN[operation](operation, operands, expected, conditions, MODES[rounding], precision)


# (run, run by Money"s own operation as well, excepted by reason)
COUNTS = {
    "add": (1684, 684, {"exponent": 180, "huge": 30, "no number": 186, "null": 2, "wide": 18}),
    "base": (743, 0, {"exponent": 90, "huge": 153, "no number": 184}),
    "compare": (514, 415, {"huge": 32, "no number": 91, "null": 2}),
    "divide": (452, 429, {"exponent": 3, "huge": 59, "no number": 101, "null": 2, "wide": 14}),
    "inexact": (147, 112, {"operation": 5}),
    "multiply": (235, 206, {"exponent": 47, "huge": 104, "no number": 117, "null": 2, "wide": 16}),
    "quantize": (547, 431, {"exponent": 11, "huge": 55, "no number": 113, "null": 2, "precision": 47}),
    "rescale": (421, 320, {"exponent": 11, "huge": 56, "no number": 85, "null": 2, "precision": 42}),
    "rounding": (707, 567, {"05up": 157, "huge": 62, "operation": 104}),
    "subtract": (549, 343, {"exponent": 28, "huge": 18, "no number": 84, "null": 2}),
}


@pytest.mark.parametrize("name", sorted(COUNTS))
def test_cases_of_general_decimal_arithmetic(name):
    run, by_money, excepted = 0, 0, Counter()
    for identity, *case in lines(f"{name}.decTest"):
        try:
            by_money += decided(*case)
            run += 1
        except Excepted as reason:
            excepted[str(reason)] += 1
        except Exception as error:
            raise AssertionError(f"{identity}: {case}") from error
    assert set(excepted) <= set(REASONS)
    print(
        f"conformance: dectest, {name}: {run} run, {by_money} of them by Money too; excepted: {dict(sorted(excepted.items()))}"
    )
    assert (run, by_money, dict(excepted)) == COUNTS[name]
