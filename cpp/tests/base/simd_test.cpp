// Every instruction set gives the answers of the portable twin.
#include "base/simd.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace cuadre {
namespace {

std::string noise(std::mt19937& random, std::size_t size) {
  using namespace std::string_view_literals;
  constexpr std::string_view kBytes = "abc019;,\n\r\"\0\x80\xFF"sv;  // sv: a plain literal would end at the NUL
  static_assert(kBytes.size() == 14 && kBytes.back() == '\xFF');
  std::string text(size, ' ');
  for (char& byte : text) byte = kBytes[random() % kBytes.size()];
  return text;
}

std::vector<std::uint32_t> ends(const std::string& text, std::size_t size, char separator) {
  std::vector<std::uint32_t> index(size + 64);
  index.resize(find_ends(text.data(), size, separator, index.data()));
  return index;
}

class Simd : public testing::TestWithParam<SimdLevel> {
 protected:
  void SetUp() override {
    before_ = simd_level();
    if (!simd_supported(GetParam())) GTEST_SKIP() << "this processor lacks " << name(GetParam());
  }
  void TearDown() override { set_simd_level(before_); }
  SimdLevel before_{};
};

TEST_P(Simd, AgreesWithPlainLoop) {
  std::mt19937 random(7);
  ASSERT_TRUE(set_simd_level(GetParam()));
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string text = noise(random, size + 64);
    std::vector<std::uint32_t> wanted;
    std::size_t lines = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if (text[i] == ';' || text[i] == '\n' || text[i] == '\r') wanted.push_back(static_cast<std::uint32_t>(i));
      lines += text[i] == '\n' ? 1U : 0U;
    }
    EXPECT_EQ(ends(text, size, ';'), wanted) << size;
    EXPECT_EQ(count_byte(text.data(), size, '\n'), lines) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Levels, Simd, testing::Values(SimdLevel::portable, SimdLevel::avx2, SimdLevel::avx512),
                         [](const auto& level) { return std::string(name(level.param)); });

}  // namespace
}  // namespace cuadre
