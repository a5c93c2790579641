// The sources of one side, laid one after the other into one address space, and single rows of them read again.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "cuadre/matching.hpp"

namespace cuadre {

class SideSources {
 public:
  explicit SideSources(std::vector<std::unique_ptr<Source>> sources);

  std::size_t size() const noexcept { return sources_.size(); }
  Source& source(std::size_t i) noexcept { return *sources_[i]; }
  std::uint64_t base(std::size_t i) const noexcept { return bases_[i]; }
  std::uint64_t rows_estimate() const noexcept;

  // A row whose offset_bytes is a joint address, and where its reference goes (null: nowhere).
  struct Wanted {
    SideRow* row;
    std::string* reference;
  };
  // Fills in source, offset, line and dates. Throws Error(file_changed) where a row is not what was matched.
  void complete(std::vector<Wanted>& rows, const ReadOptions& options);

 private:
  std::size_t source_of(std::uint64_t at) const noexcept;
  void complete_from(std::size_t source, std::span<Wanted> rows, const ReadOptions& options);

  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::uint64_t> bases_;
};

}  // namespace cuadre
