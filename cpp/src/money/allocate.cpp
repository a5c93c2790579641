#include "cuadre/money/allocate.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

namespace cuadre {
namespace {

namespace mp = boost::multiprecision;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::size_t kSharesMax = 100'000'000;

[[noreturn]] void refuse(const std::string& message) { throw Error(ErrorCode::argument_invalid, message); }

std::uint64_t magnitude(std::int64_t value) noexcept {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::uint64_t steps_of(std::int64_t amount_minor, std::int64_t step_minor) {
  if (step_minor <= 0) refuse("a step is a positive amount, not " + std::to_string(step_minor) + " minor units");
  if (amount_minor % step_minor != 0) {
    refuse("the amount of " + std::to_string(amount_minor) + " minor units is no multiple of the step of " +
           std::to_string(step_minor) + "; round it to the step first");
  }
  return magnitude(amount_minor) / static_cast<std::uint64_t>(step_minor);
}

void require_count(std::size_t count) {
  if (count == 0) refuse("an amount is split into one share or more, not into none");
  if (count > kSharesMax) refuse("more than 100 million shares");
}

std::uint64_t narrow(Int128 value) noexcept { return static_cast<std::uint64_t>(value); }
std::uint64_t narrow(const BigInteger& value) { return static_cast<std::uint64_t>(value); }

// Whole shares of `left` over the entries in `order` by largest remainder. Number is Int128 where products fit it.
template <class Number>
void share_out(std::uint64_t left, const std::vector<Number>& weights, std::vector<std::size_t>& order,
               std::vector<std::uint64_t>& shares) {
  Number total = 0;
  for (const std::size_t i : order) total += weights[i];
  std::vector<Number> rests(weights.size());
  std::uint64_t given = 0;
  const Number whole = left;
  for (const std::size_t i : order) {
    const Number product = whole * weights[i];
    shares[i] = narrow(Number(product / total));
    rests[i] = product % total;
    given += shares[i];
  }
  // Fewer units are left than entries have a remainder, so an entry of weight zero never gets one.
  const auto over = static_cast<std::ptrdiff_t>(left - given);
  const auto larger = [&rests](std::size_t a, std::size_t b) {
    if (rests[a] != rests[b]) return rests[a] > rests[b];
    return a < b;
  };
  std::nth_element(order.begin(), order.begin() + over, order.end(), larger);
  for (auto at = order.begin(); at != order.begin() + over; ++at) ++shares[*at];
}

// Entries whose exact part would reach their cap get the cap; the order of cap / weight finds them all in one pass,
// because each one that is capped only raises the parts of those behind it.
template <class Number>
void fill_caps(std::uint64_t& left, const std::vector<Number>& weights, const std::vector<std::uint64_t>& caps,
               std::vector<std::size_t>& order, std::vector<std::uint64_t>& shares) {
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Number first = Number(caps[a]) * weights[b];
    const Number second = Number(caps[b]) * weights[a];
    if (first != second) return first < second;
    return a < b;
  });
  Number total = 0;
  for (const std::size_t i : order) total += weights[i];
  std::size_t capped = 0;
  for (; capped < order.size(); ++capped) {
    const std::size_t i = order[capped];
    if (Number(caps[i]) * total > Number(left) * weights[i]) break;
    shares[i] = caps[i];
    left -= caps[i];
    total -= weights[i];
  }
  order.erase(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(capped));
}

template <class Number>
std::vector<std::uint64_t> shares_of(std::uint64_t left, const std::vector<Number>& weights,
                                     const std::vector<std::uint64_t>& caps) {
  std::vector<std::uint64_t> shares(weights.size(), 0);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] != 0) order.push_back(i);
  }
  if (!caps.empty()) fill_caps(left, weights, caps, order, shares);
  if (!order.empty()) {
    share_out(left, weights, order, shares);
  } else if (left != 0) {
    refuse("the caps together are too small for the amount");
  }
  return shares;
}

// True where whole weights add up to no more than 64 bits hold; then every product fits 128.
bool small_weights(std::span<const Ratio> weights, std::vector<Int128>& small) {
  Int128 total = 0;
  for (const Ratio& weight : weights) {
    if (!weight.is_whole() || weight.numerator() > kMax) return false;
    small.push_back(static_cast<std::int64_t>(weight.numerator()));
    total += small.back();
    if (total > kMax) return false;
  }
  return true;
}

// Over their common denominator.
std::vector<BigInteger> wide_weights(std::span<const Ratio> weights) {
  BigInteger common = 1;
  for (const Ratio& weight : weights) {
    common = mp::lcm(common, weight.denominator());
    if (msb(common) > Ratio::kBitsMax) {
      throw Error(ErrorCode::amount_overflow, "the weights have no common denominator of " +
                                                  std::to_string(Ratio::kBitsMax) + " bits; give simpler ones");
    }
  }
  std::vector<BigInteger> wide;
  wide.reserve(weights.size());
  for (const Ratio& weight : weights) wide.push_back(weight.numerator() * (common / weight.denominator()));
  return wide;
}

void require_weights(std::span<const Ratio> weights) {
  require_count(weights.size());
  bool some = false;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i].sign() < 0) refuse("weight " + std::to_string(i) + " is negative: " + weights[i].text());
    some = some || weights[i].sign() > 0;
  }
  if (!some) refuse("the weights are all zero, so nobody is to get anything");
}

std::vector<std::uint64_t> cap_steps(std::span<const std::int64_t> caps_minor, std::size_t count,
                                     std::int64_t step_minor) {
  if (!caps_minor.empty() && caps_minor.size() != count) {
    refuse("there are " + std::to_string(caps_minor.size()) + " caps for " + std::to_string(count) + " weights");
  }
  std::vector<std::uint64_t> caps;
  caps.reserve(caps_minor.size());
  for (std::size_t i = 0; i < caps_minor.size(); ++i) {
    if (caps_minor[i] < 0) {
      refuse("cap " + std::to_string(i) + " is negative; a cap counts without the sign of the amount");
    }
    // The largest cap means none, and the smallest amount is one minor unit larger than it, signs aside.
    const bool none = caps_minor[i] == std::numeric_limits<std::int64_t>::max();
    caps.push_back(none ? std::uint64_t{1} << 63 : static_cast<std::uint64_t>(caps_minor[i] / step_minor));
  }
  return caps;
}

// Steps back to minor units. The amount itself fits, and no share is larger.
std::vector<std::int64_t> minor_of(const std::vector<std::uint64_t>& shares, std::int64_t amount_minor,
                                   std::int64_t step_minor) {
  std::vector<std::int64_t> result;
  result.reserve(shares.size());
  for (const std::uint64_t share : shares) {
    const std::uint64_t minor = share * static_cast<std::uint64_t>(step_minor);
    result.push_back(static_cast<std::int64_t>(amount_minor < 0 ? std::uint64_t{0} - minor : minor));
  }
  return result;
}

}  // namespace

std::vector<std::int64_t> allocate(std::int64_t amount_minor, std::span<const Ratio> weights, std::int64_t step_minor,
                                   std::span<const std::int64_t> caps_minor) {
  const std::uint64_t steps = steps_of(amount_minor, step_minor);
  require_weights(weights);
  const std::vector<std::uint64_t> caps = cap_steps(caps_minor, weights.size(), step_minor);
  std::vector<Int128> small;
  const std::vector<std::uint64_t> shares =
      small_weights(weights, small) ? shares_of(steps, small, caps) : shares_of(steps, wide_weights(weights), caps);
  return minor_of(shares, amount_minor, step_minor);
}

std::vector<std::int64_t> allocate(std::int64_t amount_minor, std::size_t count, std::int64_t step_minor) {
  const std::uint64_t steps = steps_of(amount_minor, step_minor);
  require_count(count);
  std::vector<std::uint64_t> shares(count, steps / count);
  for (std::size_t i = 0; i < steps % count; ++i) ++shares[i];
  return minor_of(shares, amount_minor, step_minor);
}

}  // namespace cuadre
