// Any bytes as the body of any message of any gateway. Nothing may throw or crash; what is read twice is read the same;
// an event without faults has what its kind needs. First byte: which status word's message.
#include "cuadre/notification.hpp"

#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cuadre;
  if (size < 1) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto words = status_words();
  const StatusWord& word = words[data[0] % words.size()];
  const Notification event = read_notification(word.gateway, word.message, body);
  const Notification again = read_notification(word.gateway, word.message, body);
  if (event.event_id != again.event_id || event.amount != again.amount || event.faults.size() != again.faults.size())
    std::abort();
  if (event.faults.empty() && event.status_word.empty()) std::abort();
  if (event.status && event.kind == EventKind::payment && event.faults.empty() && event.gateway_id.empty() &&
      event.reference.empty())
    std::abort();
  return 0;
}
