// Runs a fuzz target without a fuzzer: over every file of the corpus directories or files named, and over the empty
// input. Each input is copied to a block of exactly its size, so that a sanitizer sees a read one byte past the end.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

void add_inputs(const fs::path& place, std::vector<fs::path>& inputs) {
  if (fs::is_regular_file(place)) inputs.push_back(place);
  if (!fs::is_directory(place)) return;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(place)) {
    if (entry.is_regular_file()) inputs.push_back(entry.path());
  }
}

void replay(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  // The name goes out first: after a crash the last line tells which input it was.
  std::fprintf(stderr, "%s (%zu bytes)\n", path.filename().c_str(), bytes.size());
  const auto exact = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), exact.get());
  LLVMFuzzerTestOneInput(exact.get(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<fs::path> inputs;
  for (int i = 1; i < argc; ++i) add_inputs(argv[i], inputs);
  std::sort(inputs.begin(), inputs.end());
  const auto nothing = std::make_unique<std::uint8_t[]>(0);
  LLVMFuzzerTestOneInput(nothing.get(), 0);
  for (const fs::path& input : inputs) replay(input);
  std::printf("%zu inputs replayed, and the empty one\n", inputs.size());
  return 0;
}
