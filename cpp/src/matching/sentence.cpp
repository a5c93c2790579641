#include "cuadre/matching/sentence.hpp"

#include <array>
#include <charconv>

#include "cuadre/money/text.hpp"

namespace cuadre {
namespace {

// By the position of the kind; in English a kind is called by its name.
constexpr std::array<std::string_view, 7> kKindsSpanish = {"pago",   "devolución", "reverso", "comisión",
                                                           "ajuste", "giro",       "otro"};

Term term_of(RowKind kind) noexcept { return {name(kind), name(kind), kKindsSpanish[static_cast<std::size_t>(kind)]}; }

struct Step {
  bool KeyRule::*member;
  Term term;
};
constexpr std::array<Step, 4> kSteps = {
    {{&KeyRule::trim, {"trim", "without outer blanks", "sin espacios en los extremos"}},
     {&KeyRule::digits_only, {"digits_only", "by its digits only", "solo por sus dígitos"}},
     {&KeyRule::upper, {"upper", "in capitals", "en mayúsculas"}},
     {&KeyRule::strip_left_zeros, {"strip_left_zeros", "without left zeros", "sin ceros a la izquierda"}}}};
constexpr Term kAsWritten = {"as_written", "as written", "tal como está escrita"};

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
  for (const Step& step : kSteps) out.push_back(step.term);
  return out;
}

void append_compared(std::string& out, const KeyRule& key, Language language) {
  std::string_view separator;
  for (const Step& step : kSteps) {
    if (!(key.*step.member)) continue;
    out.append(separator).append(step.term.in(language));
    separator = ", ";
  }
  if (separator.empty()) out.append(kAsWritten.in(language));
}

void append_sentence(std::string& out, Language language, const Break& item, const KeyRule& key,
                     const std::vector<FileReport>& ledger, const std::vector<FileReport>& settlement) {
  fill(out, sentence_forms()[static_cast<std::size_t>(form_of(item))].in(language), [&](std::string_view place) {
    if (place == "reference") {
      out.append(item.reference);
    } else if (place == "compared") {
      append_compared(out, key, language);
    } else if (place == "kind") {
      out.append(term_of((item.ledger.owned ? item.ledger : item.settlement).kind).in(language));
    } else if (place == "ledger") {
      append_amount(out, item.ledger.amount_minor, item.ledger.currency, language);
    } else if (place == "settlement") {
      append_amount(out, item.settlement.amount_minor, item.settlement.currency, language);
    } else if (place == "stake") {
      append_stake(out, item, language);
    } else if (place == "ledger_file") {
      out.append(file_of(item.ledger, ledger));
    } else if (place == "ledger_line") {
      append_number(out, item.ledger.line);
    } else if (place == "settlement_file") {
      out.append(file_of(item.settlement, settlement));
    } else {
      append_number(out, item.settlement.line);
    }
  });
}

}  // namespace cuadre
