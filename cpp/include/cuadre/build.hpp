// What this build is made of, told at run time: for bug reports and for `cuadre --version`.
#pragma once

#include <string>

namespace cuadre {

struct BuildInfo {
  std::string openssl;   // of the library in use, for example "3.0.22"
  std::string simdjson;  // of the headers compiled in
  std::string simd;      // the instruction set in use: portable, avx2 or avx512
};

BuildInfo build_info();

}  // namespace cuadre
