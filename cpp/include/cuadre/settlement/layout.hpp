// What a file looks like, as data. A layout says where the fields stand and how they are written; it never parses.
// What people write becomes these structures in language.hpp; a member's initialiser is what holds where its key is
// absent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/base/text.hpp"
#include "cuadre/document/check_digit.hpp"
#include "cuadre/money.hpp"

namespace cuadre {

enum class LayoutKind : std::uint8_t { delimited, fixed, json, json_lines };
std::string_view name(LayoutKind kind) noexcept;

// What a row is about. Rows pair only with rows of the same kind: a refund never pays a voucher.
enum class RowKind : std::uint8_t { payment, refund, reversal, fee, adjustment, payout, other };
std::string_view name(RowKind kind) noexcept;
std::optional<RowKind> row_kind(std::string_view text) noexcept;

// A parsed pattern such as "DD/MM/YYYY[ hh:mm[:ss]]". Tokens: YYYY YY MM M DD D hh h mm ss f (1-9 digits of a fraction)
// zzz (Z or +hh:mm or +hhmm); [..] is optional; every other character stands for itself. The time is checked and not
// kept.
class DateForm {
 public:
  static DateForm compile(const std::string& pattern);  // throws Error(layout_invalid)

  // Days since 1970-01-01 or nullopt. The whole text must fit and the date must exist (1900-2199).
  std::optional<std::int32_t> scan(std::string_view text) const noexcept;
  const std::string& pattern() const noexcept { return pattern_; }

 private:
  struct Token {
    char kind;  // 'Y' 4 digits, 'y' 2, 'M' 'D' 'h' 'm' 's' two digits, 'o' 'd' 'H' one or two, 'f' 'z', 'l' literal,
                // '[' ']'
    char literal;
    std::uint8_t skip;  // for '[': index of the token after its ']'
  };
  std::string pattern_;
  std::vector<Token> tokens_;
  // YYYY, MM and DD at fixed places, with at most separators between: read without walking the tokens.
  struct Fixed {
    bool usable = false;
    std::uint8_t size = 0, year = 0, month = 0, day = 0;
  } fixed_;

  struct Parts;
  void settle_fixed();
  std::optional<std::int32_t> scan_fixed(std::string_view text) const noexcept;
  bool run(std::size_t token, std::size_t end, std::string_view text, std::size_t& at, Parts& parts) const noexcept;
};

// Where a field's text stands. Exactly one form is used, by the layout's kind.
struct Place {
  std::string column;        // delimited with a header row, or a JSON path ("amount.value"); names match exactly
  std::uint32_t index = 0;   // delimited without names: 1-based column number
  std::uint32_t start = 0;   // fixed: 1-based first position, in the layout's unit
  std::uint32_t length = 0;  // fixed: number of positions
  bool optional = false;     // delimited with a header row, Arrow: the column may be absent
  bool given() const noexcept { return !column.empty() || index != 0 || start != 0; }
};

struct TextField {
  Place place;
  // The file's token -> ours; no entries: the token itself. "" is the empty cell, "*" any other token; else unlisted is
  // a reject.
  std::map<std::string, std::string> values;
  bool given() const noexcept { return place.given(); }
};

struct DateField {
  Place place;
  DateForm form;
  bool given() const noexcept { return place.given(); }
};

// How an amount and its sign are written. Either `amount`, or `debit` and `credit` (then amount = credit - debit).
struct AmountField {
  Place amount;
  Place debit;
  Place credit;
  Place direction;                         // a column that says which way, for an unsigned amount
  std::vector<std::string> credit_tokens;  // direction values that leave the amount as it is
  std::vector<std::string> debit_tokens;   // direction values that negate it
  std::vector<std::string> symbols;        // marks that may stand before the number ("$", "S/", "S/.")
  AmountForm form;
  bool signed_columns = false;  // debit and credit carry their own signs: amount = debit + credit
  bool negate = false;          // the file writes money coming in as negative
};

struct Layout;

// What is read of a row, and where a layout says its place. The one list: readers, tables of Arrow, rejects, the
// `columns` of a call and the language go by it.
enum class Field : std::uint8_t {
  reference,
  amount,
  debit,
  credit,
  direction,
  currency,
  date,
  booked_date,
  kind,
  type
};
inline constexpr std::size_t kFieldCount = 10;
struct FieldInfo {
  Field field;
  std::string_view name;    // in rejects; and the column of a table that the layout does not name
  std::string_view called;  // where a call gives it another column: "row_kind"
  std::string_view key;     // of its place in a declaration: "row_kind.at"
  const Place& (*place)(const Layout& layout);
  Place& (*place_to_set)(Layout& layout);
};
std::span<const FieldInfo, kFieldCount> fields() noexcept;  // in the order of the enumeration
std::string_view name(Field field) noexcept;

enum class RecordRole : std::uint8_t { file_header, lot_header, detail, lot_control, file_control, ignored };

// A fixed-width record type, known by its tag. Header dates apply to the details below them.
struct FixedRecord {
  std::string tag;
  RecordRole role = RecordRole::detail;
  std::uint32_t length = 0;          // as written by the book
  std::uint32_t minimum_length = 0;  // shorter is a reject; trailing blanks may be trimmed down to this
  struct Named {
    std::string name;
    Place place;
    CheckDigit check = CheckDigit::none;
  };
  std::vector<Named> checked;  // fields with check digits
  Place lot;                   // lot number: lot_header and lot_control
  Place count;                 // controls: number of detail records
  Place total;                 // controls: value, with total_decimals implied
  int total_decimals = 2;
  std::optional<DateField> date;
  std::optional<DateField> booked_date;
};

// The steps of a normal form of references, in the order in which they are applied.
inline constexpr std::array<std::string_view, 4> kKeySteps = {"trim", "digits_only", "upper", "strip_left_zeros"};

// Where the knowledge comes from. Readers do not look at it.
struct LayoutOrigin {
  std::string status;  // "official", "community", "unverified"; empty for a layout of one's own
  std::string source;
  std::string notes;
};

struct Layout {
  std::string name;
  std::string title;
  LayoutOrigin about;
  LayoutKind kind = LayoutKind::delimited;
  Encoding encoding = Encoding::utf8;

  // delimited
  char separator = ',';
  char quote = '"';  // 0: quotes are ordinary characters
  bool header = true;
  std::uint32_t column_count = 0;  // without a header: how many columns every row must have; 0: at least those in use
  bool short_rows = false;         // rows may end early; what is missing is empty
  std::uint32_t skip_rows = 0;     // physical lines before the header (or the first row)
  bool trim = false;               // blanks around a cell do not count

  // fixed
  bool positions_in_characters = false;
  Place tag;  // where the record type stands; not given: every line is a detail
  std::vector<FixedRecord> records;

  // the fields of a row; places of fixed layouts are those of the detail record
  TextField reference;
  AmountField amount;
  TextField currency;
  DateField date;
  DateField booked_date;
  TextField kind_of_row;
  std::string default_currency;  // when there is no currency column
  RowKind default_kind = RowKind::payment;
  std::vector<std::string> empty_tokens;  // cells that mean "nothing here"; none by default: NA and null are references
  Place type;                             // delimited and JSON: a column that tells rows from other lines
  std::vector<std::string> type_rows;     // values of `type` that are rows; when empty, all but type_ignored
  std::vector<std::string> type_ignored;  // values that are counted and passed over
  std::vector<std::string> key_steps;     // normal form that this layout's references need, of kKeySteps

  std::uint32_t record_bytes_max = 1U << 20;  // a longer record is a reject, found without reading it whole

  // Throws Error(layout_invalid) naming the first contradiction, by the key of a declaration.
  void validate() const;
};

inline const Place& place_of(const Layout& layout, Field field) {
  return fields()[static_cast<std::size_t>(field)].place(layout);
}
inline Place& place_of(Layout& layout, Field field) {
  return fields()[static_cast<std::size_t>(field)].place_to_set(layout);
}

}  // namespace cuadre
