#include <array>
#include <cstddef>

#include "cuadre/money.hpp"
#include "money/currency_table.hpp"

namespace cuadre {
namespace {

struct Entry {
  char code[4];
  std::uint16_t number;
  std::int8_t minor_units;
};

// Entry 0 is "no currency", so that a zeroed row has none.
constexpr auto kEntries = std::to_array<Entry>({{"", 0, -1},
#define CUADRE_X(code, number, minor_units) {#code, number, minor_units},
                                                CUADRE_CURRENCIES(CUADRE_X)
#undef CUADRE_X
});
static_assert(kEntries.size() < 256, "ids must fit the bytes of kIds");

constexpr std::size_t kLetters = 26;

constexpr std::size_t slot(std::string_view code) noexcept {
  std::size_t at = 0;
  for (const char letter : code) at = at * kLetters + static_cast<std::size_t>(letter - 'A');
  return at;
}

// Every three-letter word has its own byte: 17 KB, one load, no comparison.
constexpr auto kIds = [] {
  std::array<std::uint8_t, kLetters * kLetters * kLetters> ids{};
  for (std::size_t id = 1; id < kEntries.size(); ++id)
    ids[slot({kEntries[id].code, 3})] = static_cast<std::uint8_t>(id);
  return ids;
}();

constexpr bool is_capital(char c) noexcept { return c >= 'A' && c <= 'Z'; }

}  // namespace

std::optional<Currency> Currency::find(std::string_view code) noexcept {
  if (code.size() != 3 || !is_capital(code[0]) || !is_capital(code[1]) || !is_capital(code[2])) return std::nullopt;
  const std::uint8_t id = kIds[slot(code)];
  if (id == 0) return std::nullopt;
  return Currency(id);
}

Currency Currency::of(std::string_view code) {
  if (const auto found = find(code)) return *found;
  constexpr std::size_t kShown = 32;
  throw Error(ErrorCode::currency_unknown,
              "\"" + std::string(code.substr(0, kShown)) +
                  "\" is not an active currency code of ISO 4217 (three capitals, such as COP)");
}

std::string_view Currency::code() const noexcept { return kEntries[id_].code; }
std::uint16_t Currency::number() const noexcept { return kEntries[id_].number; }
int Currency::minor_units() const noexcept { return kEntries[id_].minor_units; }

Currency Currency::from_id(std::uint16_t id) noexcept { return Currency(id < kEntries.size() ? id : std::uint16_t{0}); }
std::uint16_t Currency::count() noexcept { return static_cast<std::uint16_t>(kEntries.size()); }

}  // namespace cuadre
