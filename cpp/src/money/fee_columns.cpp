// Fees of many rows: a schedule becomes a few steps floor((amount * a + b) / d), each with its rounding folded into the
// numbers, divided by multiplication in 64 bits. Where a block's largest amount would not fit, apply_fee answers.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <limits>
#include <mutex>

#include "base/threads.hpp"
#include "cuadre/money/fee.hpp"
#include "money/fee.hpp"

namespace cuadre {
namespace {

__extension__ typedef unsigned __int128 Wide;
constexpr std::uint64_t kLimit = std::uint64_t{1} << 61;  // amounts and results stay below, so that sums cannot wrap

// x / d for any x and d >= 2, without dividing (Granlund and Montgomery, round-up form).
struct Divider {
  std::uint64_t magic = 0;
  unsigned shift = 0;
  std::uint64_t divisor = 2;

  explicit Divider(std::uint64_t by = 2) : divisor(by) {
    const unsigned bits = 63U - static_cast<unsigned>(std::countl_zero(by));
    if (std::has_single_bit(by)) {
      shift = bits - 1;
      return;
    }
    const Wide power = Wide{1} << (64 + bits);
    auto low = static_cast<std::uint64_t>(power / by);
    const auto rest = static_cast<std::uint64_t>(power % by);
    const std::uint64_t twice = rest + rest;
    low += low + (twice >= by || twice < rest ? 1 : 0);
    magic = low + 1;
    shift = bits;
  }
  std::uint64_t operator()(std::uint64_t x) const noexcept {
    const auto high = static_cast<std::uint64_t>((Wide{magic} * x) >> 64);
    return (((x - high) >> 1) + high) >> shift;
  }
};

// round((x * rate + fixed) / step) * step for x >= 0. Modes come down to a bias before the floor, and for ties to even
// or odd to one step back.
class Line {
 public:
  // Returns nothing where the ratio is too long for 64 bits.
  static std::optional<Line> make(const Ratio& rate, const Ratio& fixed, RoundingMode mode, std::int64_t step) {
    const Ratio per_step = rate / Ratio(step);
    const Ratio fixed_step = fixed / Ratio(step);
    const BigInteger d = lcm(per_step.denominator(), fixed_step.denominator());
    const BigInteger n = per_step.numerator() * (d / per_step.denominator());
    const BigInteger c = fixed_step.numerator() * (d / fixed_step.denominator());
    constexpr std::int64_t kPartMax = std::int64_t{1} << 60;
    if (d > kPartMax || n > kPartMax || abs(c) > kPartMax) return std::nullopt;
    return Line(n.convert_to<std::int64_t>(), c.convert_to<std::int64_t>(), d.convert_to<std::int64_t>(), mode, step);
  }

  std::uint64_t operator()(std::uint64_t x) const noexcept {
    const std::uint64_t numerator = x * times_ + plus_;
    const std::uint64_t floor = divide_(numerator);
    const bool tie = numerator == floor * divide_.divisor;
    return (floor - static_cast<std::uint64_t>(tie && (floor & 1U) == tie_parity_)) * step_;
  }

  // The largest result for 0 <= x <= max, or nothing where 64 bits are too few.
  std::optional<std::uint64_t> bound(std::uint64_t max) const noexcept {
    const Wide plus = signed_plus_ > 0 ? static_cast<Wide>(signed_plus_) : 0;
    const Wide numerator = Wide{max} * times_ + plus;
    if (numerator >= (Wide{1} << 63)) return std::nullopt;
    const Wide result = (numerator / divide_.divisor + 1) * step_;
    if (result >= kLimit) return std::nullopt;
    return static_cast<std::uint64_t>(result);
  }

 private:
  Line(std::int64_t n, std::int64_t c, std::int64_t d, RoundingMode mode, std::int64_t step)
      : step_(static_cast<std::uint64_t>(step)) {
    constexpr std::int64_t kScale = 2;  // of numerator and denominator: a half counts
    std::int64_t bias = 0;
    switch (mode) {
      case RoundingMode::toward_zero:
      case RoundingMode::toward_neg_inf:
        break;
      case RoundingMode::away_from_zero:
      case RoundingMode::toward_pos_inf:
        bias = kScale * (d - 1);
        break;
      case RoundingMode::half_even:
        bias = d, tie_parity_ = 1;
        break;
      case RoundingMode::half_odd:
        bias = d, tie_parity_ = 0;
        break;
      case RoundingMode::half_away_from_zero:
      case RoundingMode::half_toward_pos_inf:
        bias = d;
        break;
      case RoundingMode::half_toward_zero:
      case RoundingMode::half_toward_neg_inf:
        bias = d - 1;
        break;
    }
    times_ = static_cast<std::uint64_t>(kScale * n);
    signed_plus_ = kScale * c + bias;
    plus_ = static_cast<std::uint64_t>(signed_plus_);
    divide_ = Divider(static_cast<std::uint64_t>(kScale * d));
  }

  std::uint64_t times_ = 0;
  std::uint64_t plus_ = 0;  // may stand for a negative number: the sum is not
  std::int64_t signed_plus_ = 0;
  Divider divide_{};
  std::uint64_t tie_parity_ = 2;  // never
  std::uint64_t step_ = 1;
};

struct TierLine {
  std::uint64_t up_to = std::numeric_limits<std::uint64_t>::max();
  Line fee;
  Line total;  // one rounding: the fee with its tax
};

struct TaxLine {
  Line line;
  std::uint64_t minimum_base = 0;
  std::uint64_t operator()(std::uint64_t base) const noexcept { return base < minimum_base ? 0 : line(base); }
};

struct HeldLine {
  TaxLine tax;
  Withholding::Base base;
};

std::optional<TaxLine> tax_line(const TaxRule& rule) {
  const auto line = Line::make(rule.rate, Ratio(0), rule.mode, rule.step_minor);
  if (!line) return std::nullopt;
  return TaxLine{*line, static_cast<std::uint64_t>(rule.minimum_base_minor)};
}

// A schedule as numbers. `exact` is false where its ratios are too long, and then apply_fee does every row.
class Plan {
 public:
  Plan(const FeeSchedule& schedule, std::string_view method) : schedule_(schedule) {
    fits_ = add_tiers() && add_tax() && add_held(method);
  }

  bool fits() const noexcept { return fits_; }
  bool needs_sale_tax() const noexcept { return needs_sale_tax_; }

  // Whether every amount up to `max` can be worked out in 64 bits.
  bool fits(std::uint64_t max) const noexcept {
    if (!fits_ || max >= kLimit) return false;
    std::uint64_t total = low_total_;
    for (const TierLine& tier : tiers_) {
      const auto fee = tier.fee.bound(max);
      const auto all = tier.total.bound(max);
      if (!fee || !all) return false;
      total = std::max({total, *fee, *all});
    }
    if (total >= kLimit) return false;
    if (tax_) {
      const auto tax = schedule_.tax_included ? inside_->bound(total) : tax_->line.bound(total);
      if (!tax) return false;
      total = std::max(total, *tax);
    }
    const auto held_fits = [&](const HeldLine& held) {
      return held.tax.line.bound(std::max(max, total)).value_or(kLimit) < kLimit / 32;
    };
    return total < kLimit / 2 && std::ranges::all_of(held_, held_fits);
  }

  struct Row {
    std::uint64_t fee, tax, held;
  };
  Row row(std::uint64_t amount, std::uint64_t sale_tax) const noexcept {
    const TierLine* tier = tiers_.data();
    while (amount > tier->up_to) ++tier;
    Row row{};
    row.fee = std::clamp(tier->fee(amount), fee_low_, fee_high_);
    if (schedule_.tax_included) {
      const std::uint64_t all = row.fee;
      const bool taxed = all >= included_from_;
      row.fee = taxed ? std::min((*inside_)(all), all) : all;
      row.tax = all - row.fee;
    } else if (schedule_.one_rounding && tax_) {
      const std::uint64_t total = std::clamp(tier->total(amount), total_low_, total_high_);
      row.tax = row.fee < tax_->minimum_base ? 0 : total - row.fee;
    } else if (tax_) {
      row.tax = (*tax_)(row.fee);
    }
    for (const HeldLine& held : held_) row.held += held.tax(base(held.base, amount, sale_tax, row));
    return row;
  }
  bool merchant_pays() const noexcept { return schedule_.payer == Payer::merchant; }

 private:
  static std::uint64_t base(Withholding::Base base, std::uint64_t amount, std::uint64_t sale_tax, const Row& row) {
    switch (base) {
      case Withholding::Base::sale:
        return amount;
      case Withholding::Base::sale_net:
        return amount - sale_tax;
      case Withholding::Base::sale_tax:
        return sale_tax;
      case Withholding::Base::fee:
        return row.fee;
      case Withholding::Base::fee_tax:
        return row.tax;
    }
    return 0;
  }

  std::optional<std::uint64_t> rounded(const Ratio& amount) const {
    const Ratio steps = amount / Ratio(schedule_.fee_step_minor);
    const BigInteger minor = steps.rounded(schedule_.fee_mode) * schedule_.fee_step_minor;
    if (minor >= kLimit) return std::nullopt;
    return minor.convert_to<std::uint64_t>();
  }

  bool add_tiers() {
    const Ratio tax = schedule_.tax ? Ratio(1) + schedule_.tax->rate : Ratio(1);
    Ratio before;  // marginal: what the tiers below add up to, less this tier's rate on their amounts
    std::int64_t from = 0;
    for (const FeeTier& tier : schedule_.tiers) {
      const Ratio fixed = Ratio(tier.fixed_minor) + before - (schedule_.marginal ? Ratio(from) * tier.rate : Ratio(0));
      const auto fee = Line::make(tier.rate, fixed, schedule_.fee_mode, schedule_.fee_step_minor);
      const auto total = Line::make(tier.rate * tax, fixed * tax, schedule_.fee_mode, schedule_.fee_step_minor);
      if (!fee || !total) return false;
      const bool last = tier.up_to_minor == 0;
      const auto up_to =
          last ? std::numeric_limits<std::uint64_t>::max() : static_cast<std::uint64_t>(tier.up_to_minor);
      tiers_.push_back({up_to, *fee, *total});
      if (schedule_.marginal) before = fixed + Ratio(tier.up_to_minor) * tier.rate;
      from = tier.up_to_minor;
    }
    const auto low = rounded(Ratio(schedule_.minimum_minor.value_or(0)));
    const auto low_total = rounded(Ratio(schedule_.minimum_minor.value_or(0)) * tax);
    if (!low || !low_total) return false;
    fee_low_ = *low, total_low_ = *low_total, low_total_ = std::max(*low, *low_total);
    if (schedule_.maximum_minor) {
      const auto high = rounded(Ratio(*schedule_.maximum_minor));
      const auto high_total = rounded(Ratio(*schedule_.maximum_minor) * tax);
      if (!high || !high_total) return false;
      fee_high_ = *high, total_high_ = *high_total;
    }
    return true;
  }

  bool add_tax() {
    if (!schedule_.tax) return true;
    tax_ = tax_line(*schedule_.tax);
    const Ratio all = Ratio(1) + schedule_.tax->rate;
    inside_ = Line::make(Ratio(1) / all, Ratio(0), schedule_.tax->mode, schedule_.tax->step_minor);
    // net >= minimum  <=>  all >= minimum * (1 + rate)
    const BigInteger from = (Ratio(schedule_.tax->minimum_base_minor) * all).rounded(RoundingMode::toward_pos_inf);
    if (!tax_ || !inside_ || from >= kLimit) return false;
    included_from_ = from.convert_to<std::uint64_t>();
    return true;
  }

  bool add_held(std::string_view method) {
    for (const Withholding& withholding : schedule_.withholdings) {
      if (!applies(withholding, method)) continue;
      const auto line = tax_line(withholding.rule);
      if (!line) return false;
      held_.push_back({*line, withholding.base});
      needs_sale_tax_ |=
          withholding.base == Withholding::Base::sale_tax || withholding.base == Withholding::Base::sale_net;
    }
    constexpr std::size_t kHeldMax = 16;  // as many as may be added without a look at the sum
    return held_.size() <= kHeldMax;
  }

  const FeeSchedule& schedule_;
  std::vector<TierLine> tiers_;
  std::uint64_t fee_low_ = 0, total_low_ = 0, low_total_ = 0;
  std::uint64_t fee_high_ = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t total_high_ = std::numeric_limits<std::uint64_t>::max();
  std::optional<TaxLine> tax_;
  std::optional<Line> inside_;
  std::uint64_t included_from_ = 0;
  std::vector<HeldLine> held_;
  bool needs_sale_tax_ = false;
  bool fits_ = false;
};

constexpr std::size_t kBlockRows = 4096;

class Columns {
 public:
  Columns(const FeeSchedule& schedule, const FeeRows& rows, const FeeSpans& out)
      : schedule_(schedule), rows_(rows), out_(out), plan_(schedule, rows.method) {}

  void block(std::size_t first) const {
    const std::size_t end = std::min(first + kBlockRows, rows_.amounts_minor.size());
    const bool plain = rows_.sale_taxes_minor.empty() && (!plan_.needs_sale_tax() || rows_.sale_tax_minor.has_value());
    std::int64_t low = rows_.sale_tax_minor.value_or(0);
    std::int64_t low_amount = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = 0;
    for (std::size_t i = first; i < end; ++i) {
      low_amount = std::min(low_amount, rows_.amounts_minor[i]);
      high = std::max(high, rows_.amounts_minor[i]);
    }
    const bool sound = low_amount >= (plan_.needs_sale_tax() ? low : 0) && low >= 0;
    if (plain && sound && plan_.fits(static_cast<std::uint64_t>(high))) return fast(first, end);
    careful(first, end);
  }

 private:
  void fast(std::size_t first, std::size_t end) const {
    const auto sale_tax = static_cast<std::uint64_t>(rows_.sale_tax_minor.value_or(0));
    for (std::size_t i = first; i < end; ++i) store(i, sale_tax);
    if (rows_.validity == nullptr) return;
    for (std::size_t i = first; i < end; ++i) {
      if (is_null(i)) store_null(i);
    }
  }

  void store_null(std::size_t i) const noexcept {
    for (const auto& column : {out_.fee_minor, out_.tax_minor, out_.withheld_minor, out_.net_minor}) column[i] = 0;
  }

  void store(std::size_t i, std::uint64_t sale_tax) const noexcept {
    const auto amount = static_cast<std::uint64_t>(rows_.amounts_minor[i]);
    const Plan::Row row = plan_.row(amount, sale_tax);
    out_.fee_minor[i] = static_cast<std::int64_t>(row.fee);
    out_.tax_minor[i] = static_cast<std::int64_t>(row.tax);
    out_.withheld_minor[i] = static_cast<std::int64_t>(row.held);
    const std::uint64_t total = plan_.merchant_pays() ? row.fee + row.tax : 0;
    out_.net_minor[i] = static_cast<std::int64_t>(amount - row.held - total);
  }

  bool is_null(std::size_t i) const noexcept {
    const std::size_t bit = rows_.validity_offset + i;
    return rows_.validity != nullptr && (rows_.validity[bit / 8] >> (bit % 8) & 1U) == 0;
  }

  // A row that may be null, have a sale tax of its own, or not fit: looked at one by one.
  void careful(std::size_t first, std::size_t end) const {
    for (std::size_t i = first; i < end; ++i) {
      if (is_null(i)) {
        store_null(i);
        continue;
      }
      const std::int64_t amount = rows_.amounts_minor[i];
      std::optional<std::int64_t> sale_tax = rows_.sale_tax_minor;
      if (!rows_.sale_taxes_minor.empty()) sale_tax = rows_.sale_taxes_minor[i];
      const std::int64_t tax = sale_tax.value_or(plan_.needs_sale_tax() ? -1 : 0);
      const bool sound = amount >= 0 && (!plan_.needs_sale_tax() || (tax >= 0 && tax <= amount));
      if (sound && plan_.fits(static_cast<std::uint64_t>(amount))) {
        store(i, static_cast<std::uint64_t>(tax));
      } else {
        exact(i, amount, sale_tax);
      }
    }
  }

  void exact(std::size_t i, std::int64_t amount, std::optional<std::int64_t> sale_tax) const {
    try {
      const Fee fee = apply_fee(schedule_, Money::from_minor(amount, schedule_.currency), {rows_.method, sale_tax});
      out_.fee_minor[i] = fee.fee.amount_minor();
      out_.tax_minor[i] = fee.tax.amount_minor();
      out_.withheld_minor[i] = fee.withheld.amount_minor();
      out_.net_minor[i] = fee.net.amount_minor();
    } catch (const Error& error) {
      throw Error(error.code(), "row " + std::to_string(i) + ": " + error.message());
    }
  }

  const FeeSchedule& schedule_;
  const FeeRows& rows_;
  const FeeSpans& out_;
  Plan plan_;
};

// Every block runs even after a failure, so that the failure reported is that of the first row whatever the threads.
class FirstFailure {
 public:
  void note(std::size_t block, const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_ || block < block_) error_ = error, block_ = block;
  }
  void raise() const {
    if (error_) throw Error(*error_);
  }

 private:
  std::mutex mutex_;
  std::optional<Error> error_;
  std::size_t block_ = 0;
};

void require_sizes(const FeeRows& rows, const FeeSpans& out) {
  const std::size_t size = rows.amounts_minor.size();
  for (const auto& column : {out.fee_minor, out.tax_minor, out.withheld_minor, out.net_minor}) {
    if (column.size() != size) throw Error(ErrorCode::argument_invalid, "columns of fees are as long as the amounts");
  }
  if (!rows.sale_taxes_minor.empty() && rows.sale_taxes_minor.size() != size) {
    throw Error(ErrorCode::argument_invalid,
                std::to_string(rows.sale_taxes_minor.size()) + " sale taxes for " + std::to_string(size) + " amounts");
  }
}

}  // namespace

void apply_fee(const FeeSchedule& schedule, const FeeRows& rows, const FeeSpans& out, unsigned threads) {
  require_sizes(rows, out);
  const Columns columns(schedule, rows, out);
  const std::size_t blocks = (rows.amounts_minor.size() + kBlockRows - 1) / kBlockRows;
  std::atomic<std::size_t> next{0};
  FirstFailure failure;
  const auto work = [&](unsigned) {
    for (std::size_t block = next++; block < blocks; block = next++) {
      try {
        columns.block(block * kBlockRows);
      } catch (const Error& error) {
        failure.note(block, error);
      }
    }
  };
  constexpr std::size_t kBlocksAThread = 8;  // fewer are not worth a thread
  const auto most = static_cast<unsigned>(std::min<std::size_t>(blocks / kBlocksAThread + 1, thread_count(threads)));
  run_workers(most, work);
  failure.raise();
}

void apply_fee(const FeeSchedule& schedule, std::span<const std::int64_t> amounts_minor, const FeeInput& input,
               FeeColumns& out) {
  for (auto* column : {&out.fee_minor, &out.tax_minor, &out.withheld_minor, &out.net_minor}) {
    column->resize(amounts_minor.size());
  }
  const FeeRows rows{.amounts_minor = amounts_minor, .method = input.method, .sale_tax_minor = input.sale_tax_minor};
  apply_fee(schedule, rows, {out.fee_minor, out.tax_minor, out.withheld_minor, out.net_minor});
}

}  // namespace cuadre
