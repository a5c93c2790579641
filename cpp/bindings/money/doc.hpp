// Docstrings of the type Money. Up to "--" stands the signature, which Python cuts off and inspect.signature reads.
#pragma once

namespace cuadre::bindings {

inline constexpr const char* kMoneyDoc =
    R"(Money(amount, currency)
--

An exact amount of one currency: whole minor units within 64 bits. Immutable and hashable.

Args:
    amount: Major units (pesos, soles) as text ("1234.50": digits, one point, a sign in front), int or decimal.Decimal.
        It is judged by its exact value: "8.95000" is 8.95, "8.951" PEN is refused. A float, a bool or a Fraction never passes.
    currency: A code such as "PEN", or a Currency.

Raises:
    FloatRefusedError: float_refused, for any other type of amount.
    AmountInvalidError: amount_invalid, for text of another form or a Decimal that is not finite.
    AmountInexactError: amount_inexact, for more decimals than the currency has.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for a currency without minor units (gold, XXX).)";

inline constexpr const char* kFromMinorDoc =
    R"(from_minor(amount_minor, currency)
--

Make an amount from whole minor units: Money.from_minor(123450, "PEN") is PEN 1234.50.

Args:
    amount_minor: Minor units (centavos, céntimos) as int, -2**63 to 2**63 - 1.
    currency: A code or a Currency.

Raises:
    FloatRefusedError: float_refused, where amount_minor is not an int.
    AmountOverflowError: amount_overflow, past 64 bits.
    CurrencyUnknownError: currency_unknown.
    ArgumentInvalidError: argument_invalid, for a currency without minor units.)";

inline constexpr const char* kMultiplyDoc =
    R"(multiply($self, factor, rounding)
--

Multiply in one rounding: Money("19.99", "PEN").multiply("18%", "half_even") is PEN 3.60.

Args:
    factor: an int, Fraction, Decimal or text such as "0.19", "19/100", "19%" or "4.14‰".
    rounding: toward_zero, away_from_zero, toward_pos_inf, toward_neg_inf, half_even, half_odd, half_away_from_zero,
        half_toward_zero, half_toward_pos_inf or half_toward_neg_inf; see money.rounding_modes().

Raises:
    ArgumentInvalidError: argument_invalid, for a rounding that is missing or unknown.
    FloatRefusedError: float_refused, for a float, a bool or another type of factor.
    AmountInvalidError: amount_invalid, for text that is no number or a Decimal that is not finite.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.)";

inline constexpr const char* kDivideDoc =
    R"(divide($self, divisor, rounding)
--

Divide in one rounding: Money(100, "PEN").divide(3, "half_even") is PEN 33.33.

Args:
    divisor: an int, Fraction, Decimal or text such as "0.19", "19/100", "19%" or "4.14‰".
    rounding: toward_zero, away_from_zero, toward_pos_inf, toward_neg_inf, half_even, half_odd, half_away_from_zero,
        half_toward_zero, half_toward_pos_inf or half_toward_neg_inf; see money.rounding_modes().

Raises:
    ArgumentInvalidError: argument_invalid, for a rounding that is missing or unknown, or a divisor of zero.
    FloatRefusedError: float_refused, for a float, a bool or another type of divisor.
    AmountInvalidError: amount_invalid, for text that is no number or a Decimal that is not finite.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.)";

inline constexpr const char* kRoundDoc =
    R"(round($self, rounding, step)
--

Round to a multiple of a step in one pass: Money("8.97", "PEN").round("toward_neg_inf", "0.10") is PEN 8.90.

Args:
    rounding: toward_zero, away_from_zero, toward_pos_inf, toward_neg_inf, half_even, half_odd, half_away_from_zero,
        half_toward_zero, half_toward_pos_inf or half_toward_neg_inf; see money.rounding_modes().
    step: A positive amount: Money of the same currency, or major units as text, int or Decimal.

Raises:
    ArgumentInvalidError: argument_invalid, for a rounding that is missing or unknown, or a step that is not positive.
    CurrencyMismatchError: currency_mismatch, for a step in another currency.
    AmountInexactError: amount_inexact, for a step with more decimals than the currency has.
    FloatRefusedError: float_refused, for a step that is a float or another type.
    AmountOverflowError: amount_overflow, past 64 bits of minor units.)";

}  // namespace cuadre::bindings
