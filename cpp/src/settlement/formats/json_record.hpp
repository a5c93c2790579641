// One JSON value in, one row or one reject out.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "cuadre/settlement.hpp"
#include "settlement/rows.hpp"

namespace cuadre {

inline constexpr std::size_t kJsonDepthMax = 64;  // objects and arrays inside one another, the record itself included

// Where the layout's fields stand in a record, and which of them were ever seen. Shared by the threads of one read.
class JsonFields {
 public:
  struct Node {
    std::string key;
    std::uint32_t exact = 0;  // bit per Field whose whole column name is this key
    std::uint32_t path = 0;   // bit per Field whose dotted path ends here
    std::vector<Node> children;
  };

  explicit JsonFields(const Layout& layout);

  const Node& root() const noexcept { return root_; }
  const std::string& column(Field field) const noexcept { return columns_[static_cast<std::size_t>(field)]; }

  void saw(std::uint32_t fields) const noexcept { seen_.fetch_or(fields, std::memory_order_relaxed); }
  bool wants_names(std::uint64_t offset) const noexcept { return offset < names_from_.load(std::memory_order_relaxed); }
  void offer_names(std::uint64_t offset, std::vector<std::string> names) const;

  // Throws Error(column_missing) when a field that every row needs occurred in no record at all.
  void require_seen(const std::string& file) const;

 private:
  void add(Field field, const Place& place);

  Node root_;
  std::array<std::string, kFieldCount> columns_;
  std::uint32_t needed_ = 0;
  mutable std::atomic<std::uint32_t> seen_{0};
  mutable std::mutex mutex_;
  mutable std::atomic<std::uint64_t> names_from_{UINT64_MAX};  // the first record whose keys are known
  mutable std::vector<std::string> names_;
};

// Reads the records of one block; one per thread. The text must have kSlack readable bytes behind it.
class JsonRecordReader {
 public:
  // `malformed_is_fatal`: throw Error(json_malformed) with the byte (an array), instead of a reject (a line).
  JsonRecordReader(const JsonFields& fields, const RowRules& rules, Emitter& out, bool malformed_is_fatal);
  ~JsonRecordReader();
  JsonRecordReader(const JsonRecordReader&) = delete;
  JsonRecordReader& operator=(const JsonRecordReader&) = delete;

  // `text` starts at the value's first byte and ends at its last.
  void read(std::string_view text, std::uint64_t offset_bytes, std::uint64_t line);
  // A record beyond the limit. How long it really is is not looked up, so the length given is limit + 1.
  void too_long(std::string_view text, std::uint64_t offset_bytes, std::uint64_t line);

 private:
  class Walk;
  void refuse(RejectReason reason, std::size_t at, std::string_view field);
  void judge(RejectReason reason, std::size_t at);
  void build();

  const JsonFields& fields_;
  const RowRules& rules_;
  Emitter& out_;
  bool malformed_is_fatal_;
  std::unique_ptr<Walk> walk_;
  std::string_view text_;
  std::uint64_t offset_bytes_ = 0;
  std::uint64_t line_ = 0;
};

}  // namespace cuadre
