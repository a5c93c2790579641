// Documents of every type, from any bytes: one outcome each, never shown whole, and what was accepted is accepted
// again. First byte: which row of the rules; the rest is the text.
#include "cuadre/document.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

namespace {

using namespace cuadre;

void require(bool holds) {
  if (!holds) std::abort();
}

void judge(const Document& document) {
  require(document.valid() == !document.text.empty());
  const std::string shown =
      document.masked.substr(std::min(document.masked.find_first_not_of('*'), document.masked.size()));
  require(shown.size() <= 4);
  if (!document.valid()) return;
  require(2 * shown.size() <= document.text.size() && document.text.ends_with(shown));
  require(document.text.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string::npos);
  const Document again = read_document(document.country, document.type, document.text, document.rule);
  require(again.text == document.text || again.reason == DocumentReason::check_missing);  // its hyphen is gone
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1 || size > 1000) return 0;
  const DocumentRule& rule = document_rules()[data[0] % document_rules().size()];
  // An exact-size copy on the heap, so that reading one byte too far is seen.
  const std::size_t length = size - 1;
  const auto copy = std::make_unique<char[]>(length);
  std::copy_n(data + 1, length, copy.get());
  const Document document = read_document(rule.country, rule.type, {copy.get(), length}, rule.rule);
  judge(document);
  require(!sentence_en(document).empty() && !sentence_es(document).empty());
  return 0;
}
