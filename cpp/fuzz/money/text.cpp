// Reading amounts of every locale and every wire form: one amount or one Error whose column lies in the text; and what
// was read, or was made from the same bytes, is written, read back, and put in words.
// First byte: the locale, whether a currency is given, how to write; second: the currency; the rest is the text.
#include "cuadre/money/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "cuadre/money/wire.hpp"

namespace {

using namespace cuadre;

void require(bool holds) {
  if (!holds) std::abort();
}

void round_trip(Money amount, Locale locale, std::uint8_t bits) {
  const MoneyFormat format{.locale = locale,
                           .style = static_cast<CurrencyStyle>((bits >> 3) % 3),
                           .brackets = (bits & 32) != 0,
                           .grouping = (bits & 64) != 0};
  require(parse_money(format_money(amount, format), locale, amount.currency()) == amount);
}

void put_in_words(Money amount, Locale locale) {
  try {
    require(!money_in_words(amount, locale).empty());
  } catch (const Error& error) {
    require(error.code() == ErrorCode::argument_invalid);
  }
}

void on_the_wire(std::string_view text, std::uint8_t bits, Currency currency) {
  const int least = bits & 3;
  const WireForm form{.unit = static_cast<WireForm::Unit>((bits >> 2) & 1),
                      .decimals_min = least,
                      .decimals_max = (bits & 4) != 0 ? least : least + ((bits >> 3) & 3),
                      .trim_zeros = (bits & 32) != 0,
                      .negative_allowed = (bits & 64) != 0};
  try {
    const Money amount = read_wire(text, form, currency);
    require(read_wire(write_wire(amount, form), form, currency) == amount);
  } catch (const Error& error) {
    require(error.position().column <= text.size() + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 5000) return 0;
  const auto locale = static_cast<Locale>(data[0] & 3);
  const Currency currency = Currency::from_id(data[1]);
  // An exact-size copy on the heap, so that reading one byte too far is seen.
  const std::size_t length = size - 2;
  const auto copy = std::make_unique<char[]>(length);
  std::copy_n(data + 2, length, copy.get());
  const std::string_view text(copy.get(), length);

  try {
    const Money amount = parse_money(text, locale, (data[0] & 4) != 0 ? currency : Currency{});
    round_trip(amount, locale, data[0]);
    put_in_words(amount, locale);
  } catch (const Error& error) {
    require(error.position().column <= length + 1);
  }
  if (currency.minor_units() < 0) return 0;
  on_the_wire(text, data[0], currency);
  std::int64_t minor = 0;
  std::memcpy(&minor, text.data(), std::min(length, sizeof minor));
  round_trip(Money::from_minor(minor, currency), locale, data[0]);
  put_in_words(Money::from_minor(minor, currency), locale);
  return 0;
}
