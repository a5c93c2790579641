#include "cuadre/matching/sentence.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "cuadre/money/text.hpp"

namespace cuadre {
namespace {

// By the position of the kind; in English a kind is called by its name.
constexpr auto kKindsSpanish =
    std::to_array<std::string_view>({"pago", "devolución", "reverso", "comisión", "ajuste", "giro", "otro"});
static_assert(kKindsSpanish.size() == static_cast<std::size_t>(RowKind::other) + 1);

Term term_of(RowKind kind) noexcept { return {name(kind), name(kind), kKindsSpanish[static_cast<std::size_t>(kind)]}; }

// By their place in kKeySteps.
constexpr std::array<std::pair<std::string_view, std::string_view>, kKeySteps.size()> kStepWords = {
    {{"without outer blanks", "sin espacios en los extremos"},
     {"by its digits only", "solo por sus dígitos"},
     {"in capitals", "en mayúsculas"},
     {"without left zeros", "sin ceros a la izquierda"}}};
constexpr Term kAsWritten = {"as_written", "as written", "tal como está escrita"};

Term step_term(std::size_t step) noexcept { return {kKeySteps[step], kStepWords[step].first, kStepWords[step].second}; }

// Patterns taken apart by the compiler, to which a place that is none of these is an error.
constexpr auto kPlaces =
    std::to_array<std::string_view>({"reference", "compared", "kind", "ledger", "ledger_file", "ledger_line",
                                     "settlement", "settlement_file", "settlement_line", "stake"});
enum class Slot : std::uint8_t {
  reference,
  compared,
  kind,
  ledger,
  ledger_file,
  ledger_line,
  settlement,
  settlement_file,
  settlement_line,
  stake
};
static_assert(kPlaces.size() == static_cast<std::size_t>(Slot::stake) + 1);

struct Pattern {
  struct Piece {
    std::string_view before;
    Slot slot{};
  };
  std::array<Piece, 12> pieces;
  std::size_t count = 0;
  std::string_view tail;
};

consteval Pattern taken_apart(std::string_view text) {
  Pattern pattern;
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const std::size_t close = text.find('}');
    const auto* place = std::find(kPlaces.begin(), kPlaces.end(), text.substr(open + 1, close - open - 1));
    if (place == kPlaces.end()) throw "no such place";
    pattern.pieces.at(pattern.count++) = {text.substr(0, open), static_cast<Slot>(place - kPlaces.begin())};
    text.remove_prefix(close + 1);
  }
  pattern.tail = text;
  return pattern;
}

constexpr std::array<Pattern, 2> kPatterns[] = {
#define CUADRE_X(name, en, es) {taken_apart(en), taken_apart(es)},
    CUADRE_SENTENCES(CUADRE_X)
#undef CUADRE_X
};

Int128 absolute(Int128 value) { return value < 0 ? -value : value; }

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> text;
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}

std::string_view file_of(const SideRow& row, const std::vector<FileReport>& files) {
  if (row.source >= files.size()) return {};
  const std::string_view path = files[row.source].file;
  return path.substr(path.rfind('/') + 1);  // the whole where there is no folder
}

// Settlement minus ledger where both are accounted for, else the row that is; and its currency.
void append_stake(std::string& out, const Break& item, Language language) {
  const Int128 ours = item.ledger.owned ? item.ledger.amount_minor : 0;
  const Int128 theirs = item.settlement.owned ? item.settlement.amount_minor : 0;
  append_amount(out, absolute(theirs - ours), (item.ledger.owned ? item.ledger : item.settlement).currency, language);
}

}  // namespace

std::span<const Term> sentence_forms() noexcept {
  static constexpr Term kForms[] = {
#define CUADRE_X(name, en, es) {#name, en, es},
      CUADRE_SENTENCES(CUADRE_X)
#undef CUADRE_X
  };
  return kForms;
}

SentenceForm form_of(const Break& item) noexcept {
  const bool ours_positive = item.ledger.amount_minor >= 0;
  const bool came_in = item.settlement.amount_minor >= 0;
  const RowKind kind = item.settlement.kind;
  switch (item.code) {
    case Bucket::matched:
    case Bucket::amount_differs:
      break;
    case Bucket::currency_differs:
      return SentenceForm::other_currency;
    case Bucket::only_in_ledger:
      return ours_positive ? SentenceForm::not_settled : SentenceForm::not_taken_out;
    case Bucket::only_in_settlement:
      if (!came_in) return SentenceForm::taken_from_us;
      return kind == RowKind::reversal || kind == RowKind::refund ? SentenceForm::undone
                                                                  : SentenceForm::held_for_nobody;
    case Bucket::paid_twice:
      return came_in ? SentenceForm::settled_again : SentenceForm::taken_out_again;
    case Bucket::repeated_in_ledger:
      return SentenceForm::counted_again;
  }
  return item.settlement.amount_minor < item.ledger.amount_minor ? SentenceForm::amount_short
                                                                 : SentenceForm::amount_beyond;
}

std::vector<Term> row_kinds() {
  std::vector<Term> out;
  for (std::size_t kind = 0; kind < kKindsSpanish.size(); ++kind) out.push_back(term_of(static_cast<RowKind>(kind)));
  return out;
}

std::vector<Term> key_steps() {
  std::vector<Term> out;
  for (std::size_t step = 0; step < kKeySteps.size(); ++step) out.push_back(step_term(step));
  return out;
}

void append_compared(std::string& out, const KeyRule& key, Language language) {
  std::string_view separator;
  for (std::size_t step = 0; step < kKeySteps.size(); ++step) {
    if (!(key.*kKeyStepMembers[step])) continue;
    out.append(separator).append(step_term(step).in(language));
    separator = ", ";
  }
  if (separator.empty()) out.append(kAsWritten.in(language));
}

void append_sentence(std::string& out, Language language, const Break& item, const KeyRule& key,
                     const std::vector<FileReport>& ledger, const std::vector<FileReport>& settlement) {
  const auto put = [&](Slot slot) {
    switch (slot) {
      case Slot::reference:
        out.append(item.reference);
        break;
      case Slot::compared:
        append_compared(out, key, language);
        break;
      case Slot::kind:
        out.append(term_of((item.ledger.owned ? item.ledger : item.settlement).kind).in(language));
        break;
      case Slot::ledger:
        append_amount(out, item.ledger.amount_minor, item.ledger.currency, language);
        break;
      case Slot::ledger_file:
        out.append(file_of(item.ledger, ledger));
        break;
      case Slot::ledger_line:
        append_number(out, item.ledger.line);
        break;
      case Slot::settlement:
        append_amount(out, item.settlement.amount_minor, item.settlement.currency, language);
        break;
      case Slot::settlement_file:
        out.append(file_of(item.settlement, settlement));
        break;
      case Slot::settlement_line:
        append_number(out, item.settlement.line);
        break;
      case Slot::stake:
        append_stake(out, item, language);
        break;
    }
  };
  const Pattern& pattern = kPatterns[static_cast<std::size_t>(form_of(item))][static_cast<std::size_t>(language)];
  for (std::size_t i = 0; i < pattern.count; ++i) {
    out.append(pattern.pieces[i].before);
    put(pattern.pieces[i].slot);
  }
  out.append(pattern.tail);
}

}  // namespace cuadre
