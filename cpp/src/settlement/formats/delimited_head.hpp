// What stands above the rows of a delimited file: a mark, lines to pass over, the header row.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "cuadre/settlement/layout.hpp"

namespace cuadre {

struct DelimitedHead {
  std::vector<std::string> names;  // UTF-8; empty without a header row
  std::uint64_t data_start = 0;    // of the first row
};

// Throws Error: encoding_unsupported, file_empty (it ends before its rows could begin), layout_mismatch (a header row
// that cannot be one), column_repeated.
DelimitedHead read_delimited_head(const File& file, const Layout& layout);

}  // namespace cuadre
