// Any bytes as the body of any message of any gateway. Nothing may throw or crash; what is read twice is read the same;
// an event without faults has what its kind needs. First byte: which status word's message.
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include "cuadre/notification/table.hpp"
#include "cuadre/signature.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cuadre;
  if (size < 1) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  static const auto kMessages = [] {
    std::vector<std::pair<std::string_view, std::string_view>> all;
    for (const std::string_view gateway : gateway_names()) {
      for (const StatusWord& word : notification_table(gateway).words) all.emplace_back(gateway, word.message);
    }
    return all;
  }();
  const auto& [gateway, message] = kMessages[data[0] % kMessages.size()];
  const Notification event = read_notification(gateway, message, body);
  const Notification again = read_notification(gateway, message, body);
  if (event.event_id != again.event_id || event.amount != again.amount || event.faults.size() != again.faults.size())
    std::abort();
  if (event.faults.empty() && event.status_word.empty()) std::abort();
  if (event.status && event.kind == EventKind::payment && event.faults.empty() && event.gateway_id.empty() &&
      event.reference.empty())
    std::abort();
  return 0;
}
