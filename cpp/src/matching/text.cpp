// What a break says to a person, in English and Spanish. Amounts are exact; nothing here decides anything.
#include <algorithm>
#include <array>
#include <charconv>

#include "cuadre/matching.hpp"

namespace cuadre {
namespace {

enum class Language : std::uint8_t { english, spanish };

constexpr auto kKindsSpanish =
    std::to_array<std::string_view>({"pago", "devolución", "reverso", "comisión", "ajuste", "giro", "otro"});
static_assert(kKindsSpanish.size() == static_cast<std::size_t>(RowKind::other) + 1);

// In Spanish the mark follows the money: a Colombian reads 1.234,50, a Peruvian 1,234.50.
bool comma_decimals(Currency currency, Language language) {
  static const auto kComma = [] {
    std::array<Currency, 9> all;
    constexpr std::array<std::string_view, 9> kCodes = {"COP", "CLP", "ARS", "BRL", "UYU", "PYG", "VES", "BOB", "EUR"};
    std::transform(kCodes.begin(), kCodes.end(), all.begin(), [](std::string_view code) { return Currency::of(code); });
    return all;
  }();
  return language == Language::spanish && std::find(kComma.begin(), kComma.end(), currency) != kComma.end();
}

// Digits from the right, with a mark before the decimals and one between groups of three. Returns where the text
// starts.
template <class Unsigned>
std::size_t write_digits(std::array<char, 64>& text, Unsigned value, int decimals, bool comma) {
  std::size_t at = text.size();
  int digits = 0;
  do {
    if (digits > decimals && (digits - decimals) % 3 == 0) text[--at] = comma ? '.' : ',';
    text[--at] = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
    ++digits;
    if (digits == decimals) text[--at] = comma ? ',' : '.';
  } while (value != 0 || digits <= decimals);
  return at;
}

void append_amount(std::string& out, Int128 minor, Currency currency, Language language) {
  __extension__ typedef unsigned __int128 Wide;
  const bool comma = comma_decimals(currency, language);
  const int decimals = std::max(currency.minor_units(), 0);
  const Wide size = minor < 0 ? Wide{0} - static_cast<Wide>(minor) : static_cast<Wide>(minor);
  std::array<char, 64> text;
  // 128-bit division is a function call; nearly all amounts do without
  const std::size_t at = size <= UINT64_MAX ? write_digits(text, static_cast<std::uint64_t>(size), decimals, comma)
                                            : write_digits(text, size, decimals, comma);
  out.append(currency.code()).append(minor < 0 ? " -" : " ");
  out.append(text.data() + at, text.size() - at);
}

Int128 absolute(Int128 value) { return value < 0 ? -value : value; }

class Sentence {
 public:
  Sentence(std::string& out, Language language, const Break& item, const KeyRule& key,
           const std::vector<FileReport>& ledger, const std::vector<FileReport>& settlement)
      : out_(out), language_(language), item_(item), key_(key), ledger_(ledger), settlement_(settlement) {}

  void write() {
    switch (item_.code) {
      case Bucket::matched:
        return;
      case Bucket::amount_differs:
        return amount_differs();
      case Bucket::currency_differs:
        return currency_differs();
      case Bucket::only_in_ledger:
        return only_in_ledger();
      case Bucket::only_in_settlement:
        return only_in_settlement();
      case Bucket::paid_twice:
        return paid_twice();
      case Bucket::repeated_in_ledger:
        return repeated_in_ledger();
    }
  }

 private:
  Sentence& say(std::string_view english, std::string_view spanish) {
    out_.append(language_ == Language::english ? english : spanish);
    return *this;
  }
  Sentence& say(std::string_view text) {
    out_.append(text);
    return *this;
  }
  Sentence& number(std::uint64_t value) {
    std::array<char, 20> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out_.append(text.data(), end);
    return *this;
  }
  Sentence& money(Int128 minor, Currency currency) {
    append_amount(out_, minor, currency, language_);
    return *this;
  }
  Sentence& money(const SideRow& row) { return money(row.amount_minor, row.currency); }

  // "(day.csv, line 7)": the file's name without its folders, which the table beside has in full.
  Sentence& at(const SideRow& row, const std::vector<FileReport>& files) {
    std::string_view file = row.source < files.size() ? std::string_view{files[row.source].file} : std::string_view{};
    if (const auto slash = file.rfind('/'); slash != std::string_view::npos) file.remove_prefix(slash + 1);
    return say(" (").say(file).say(", line ", ", línea ").number(row.line).say(")");
  }
  Sentence& in_ledger() { return at(item_.ledger, ledger_); }
  Sentence& in_settlement() { return at(item_.settlement, settlement_); }

  // The reference and how it was compared.
  Sentence& reference() {
    say("Reference ", "La referencia ").say(item_.reference);
    say(" (compared ", " (comparada ");
    std::string_view separator;
    const auto step = [&](bool on, std::string_view english, std::string_view spanish) {
      if (!on) return;
      say(separator).say(english, spanish);
      separator = ", ";
    };
    step(key_.trim, "without outer blanks", "sin espacios en los extremos");
    step(key_.digits_only, "by its digits only", "solo por sus dígitos");
    step(key_.upper, "in capitals", "en mayúsculas");
    step(key_.strip_left_zeros, "without left zeros", "sin ceros a la izquierda");
    if (separator.empty()) say("as written", "tal como está escrita");
    return say(")");
  }
  Sentence& kind(const SideRow& row) {
    return say("kind (", "tipo (").say(name(row.kind), kKindsSpanish[static_cast<std::size_t>(row.kind)]).say(")");
  }

  void amount_differs() {
    const Int128 difference = Int128{item_.settlement.amount_minor} - item_.ledger.amount_minor;
    reference()
        .say(", ", ", el ")
        .kind(item_.ledger)
        .say(" and currency agree, the amount does not: the ledger has ",
             " y la moneda coinciden, el valor no: el libro tiene ");
    money(item_.ledger)
        .in_ledger()
        .say(", the settlement ", ", la liquidación ")
        .money(item_.settlement)
        .in_settlement();
    say(". ").say(difference < 0 ? "We are short by " : "The settlement brings more than we expect, by ",
                  difference < 0 ? "Nos faltan " : "La liquidación trae de más ");
    money(absolute(difference), item_.ledger.currency).say(".");
  }

  void currency_differs() {
    reference()
        .say(" and ", " y el ")
        .kind(item_.ledger)
        .say(" agree, the currency does not: the ledger has ", " coinciden, la moneda no: el libro tiene ");
    money(item_.ledger)
        .in_ledger()
        .say(", the settlement ", ", la liquidación ")
        .money(item_.settlement)
        .in_settlement();
    say(". At stake is the whole ", ". Está en juego el total de ").money(item_.ledger);
    say(" that we expect and did not get in that currency.", " que esperamos y no llegó en esa moneda.");
  }

  void only_in_ledger() {
    reference().say(" with ", " con ").kind(item_.ledger);
    say(" is in the ledger and in no settlement row: ", " está en el libro y en ninguna fila de la liquidación: ");
    money(item_.ledger).in_ledger().say(". ");
    const bool owed_to_us = item_.ledger.amount_minor >= 0;
    say(owed_to_us ? "We are short by " : "The settlement has not taken out ",
        owed_to_us ? "Nos faltan " : "La liquidación no ha descontado ");
    money(absolute(item_.ledger.amount_minor), item_.ledger.currency).say(".");
  }

  void only_in_settlement() {
    reference().say(" with ", " con ").kind(item_.settlement);
    say(" is in the settlement and in no ledger row: ", " está en la liquidación y en ninguna fila del libro: ");
    money(item_.settlement).in_settlement().say(". ");
    const RowKind kind = item_.settlement.kind;
    const bool came_in = item_.settlement.amount_minor >= 0;
    if (came_in && (kind == RowKind::reversal || kind == RowKind::refund)) {
      say("It undoes a payment and is no money that we hold: look for the payment.",
          "Deshace un pago y no es dinero que tengamos: busque el pago.");
      return;
    }
    say(came_in ? "We hold, without knowing whose it is, " : "Taken from us without an entry of ours: ",
        came_in ? "Tenemos, sin saber de quién, " : "Nos descontaron sin un registro nuestro ");
    money(absolute(item_.settlement.amount_minor), item_.settlement.currency).say(".");
  }

  void paid_twice() {
    reference().say(" and ", " y el ").kind(item_.settlement);
    say(" are on both sides; after equal amounts paired off, this settlement row is left over: ",
        " están en ambos lados; tras emparejar los valores iguales sobra esta fila de la liquidación: ");
    money(item_.settlement).in_settlement();
    if (item_.ledger.present) {
      say(". The ledger has ", ". El libro tiene ").money(item_.ledger).in_ledger();
    }
    const bool came_in = item_.settlement.amount_minor >= 0;
    say(". ").say(came_in ? "Settled beyond what we expect, and due back to the payer or to a new sale: "
                          : "Taken out beyond what we expect: ",
                  came_in ? "Liquidado por encima de lo que esperamos, por devolver al pagador o asignar a otra venta: "
                          : "Descontado por encima de lo que esperamos: ");
    money(absolute(item_.settlement.amount_minor), item_.settlement.currency).say(".");
  }

  void repeated_in_ledger() {
    reference().say(" and ", " y el ").kind(item_.ledger);
    say(" are on both sides; after equal amounts paired off, this ledger row is left over: ",
        " están en ambos lados; tras emparejar los valores iguales sobra esta fila del libro: ");
    money(item_.ledger).in_ledger();
    if (item_.settlement.present) {
      say(". The settlement has ", ". La liquidación tiene ").money(item_.settlement).in_settlement();
    }
    say(". Our ledger counts, without a payment behind it, ", ". Nuestro libro cuenta, sin un pago que lo respalde, ");
    money(absolute(item_.ledger.amount_minor), item_.ledger.currency).say(".");
  }

  std::string& out_;
  Language language_;
  const Break& item_;
  const KeyRule& key_;
  const std::vector<FileReport>& ledger_;
  const std::vector<FileReport>& settlement_;
};

}  // namespace

void append_sentence_english(std::string& out, const Break& item, const KeyRule& key,
                             const std::vector<FileReport>& ledger, const std::vector<FileReport>& settlement) {
  Sentence(out, Language::english, item, key, ledger, settlement).write();
}

void append_sentence_spanish(std::string& out, const Break& item, const KeyRule& key,
                             const std::vector<FileReport>& ledger, const std::vector<FileReport>& settlement) {
  Sentence(out, Language::spanish, item, key, ledger, settlement).write();
}

}  // namespace cuadre
