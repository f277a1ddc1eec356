#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct relative_entropy_settings {
  detection common;
  std::uint32_t last = 50;
};

constexpr auto relative_entropy_fields =
    join(std::array{field<&relative_entropy_settings::common, &detection::columns, &keyed_columns::of>(
                        "relative_entropy", "the column of numbers that is watched", required),
                    field<&relative_entropy_settings::last>("last", "the window: so many values, this one included",
                                                            between(10, 1000))},
         judgement_fields<&relative_entropy_settings::common>);

void complete(relative_entropy_settings& s, yaml_section& from) {
  complete_detection(s.common, from);
}

/// Values fall into bins around the mean of all, by their distance in standard deviations. The window's shares are
/// compared with those of what has left it: twice the number of values times the relative entropy, which is about a
/// chi-square if both are of one distribution.
class shares_of_last {
public:
  static constexpr core::tail_prior prior{};

  explicit shares_of_last(const relative_entropy_settings& s) : last_{s.last} {}

  std::size_t state_size() const noexcept { return sizeof(history) + (last_ + 7) / 8 * 8; }
  std::string layout() const { return "shares of the last " + std::to_string(last_); }
  bool valid(const std::byte* state) const noexcept {
    const auto& past = *reinterpret_cast<const history*>(state);
    const auto* bins = ring(past);
    return past.head < last_ && std::all_of(bins, bins + last_, [](auto bin) { return bin <= edges.size(); });
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    auto* bins = const_cast<std::uint8_t*>(ring(past));
    const auto deviation = past.count > 1 ? std::sqrt(past.m2 / static_cast<double>(past.count)) : 0;
    const auto z = deviation > 0 ? (x - past.mean) / deviation : 0;
    const auto bin = static_cast<std::uint8_t>(std::upper_bound(edges.begin(), edges.end(), z) - edges.begin());
    if (past.count >= last_) {
      const auto oldest = bins[past.head];
      past.now[oldest] -= 1;
      past.before[oldest] += 1;
      past.left += 1;
    }
    bins[past.head] = bin;
    past.now[bin] += 1;
    past.head = past.head + 1 == last_ ? 0 : past.head + 1;
    scored found{.expected = past.mean};
    if (past.count >= 3ull * last_) {
      found.is_warm = true;
      found.score = distance(past);
    }
    ++past.count;
    const auto delta = x - past.mean;
    past.mean += delta / static_cast<double>(past.count);
    past.m2 += delta * (x - past.mean);
    return found;
  }

  static double strangeness(const scored& found) noexcept { return found.score; }

  static std::string describe(double, const scored& found) {
    return "ends a window that is spread otherwise than those before it: relative entropy "
           + core::short_number(found.score);
  }

private:
  static constexpr std::array edges{-2.0, -1.0, -0.4, 0.0, 0.4, 1.0, 2.0};
  static constexpr std::size_t bin_count = edges.size() + 1;

  struct history {
    std::uint64_t count;
    double mean;
    double m2;
    double left; ///< values that have left the window
    std::array<double, bin_count> now;
    std::array<double, bin_count> before;
    std::uint64_t head;
  };

  static const std::uint8_t* ring(const history& past) noexcept {
    return reinterpret_cast<const std::uint8_t*>(&past + 1);
  }

  /// Half a value in each bin beforehand: no share is 0.
  double distance(const history& past) const noexcept {
    double sum = 0;
    for (std::size_t i = 0; i < bin_count; ++i)
      if (past.now[i] > 0) {
        const auto share = past.now[i] / last_;
        sum += share * std::log(share * (past.left + 0.5 * bin_count) / (past.before[i] + 0.5));
      }
    return std::max(2 * last_ * sum, 0.0);
  }

  std::uint32_t last_;
};

void bind(const relative_entropy_settings& s, binding& into) {
  into.add(std::make_shared<scored_detector<shares_of_last>>(shares_of_last{s}, s.common), s.common.columns);
}

} // namespace

constexpr step_kind relative_entropy = make_kind<relative_entropy_settings, relative_entropy_fields, bind, complete>(
    "relative_entropy", "another spread: the shares of bins in a window against those before it (Wang et al. 2011)",
    "{ relative_entropy: Amount, last: 50, as: spread_otherwise }");

} // namespace weir::steps
