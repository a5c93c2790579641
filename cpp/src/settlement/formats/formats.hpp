// The readers, one per kind of layout. Each takes an open file and keeps it open for `Source::fetch`.
#pragma once

#include <memory>

#include "base/file.hpp"
#include "cuadre/settlement.hpp"

namespace cuadre {

std::unique_ptr<Source> open_delimited(File file, const Layout& layout);
std::unique_ptr<Source> open_fixed(File file, const Layout& layout);
std::unique_ptr<Source> open_json(File file, const Layout& layout);  // json and json_lines

}  // namespace cuadre
