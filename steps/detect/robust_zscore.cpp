#include "core/keyed/sorted_window.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct robust_zscore_settings {
  detection common;
  std::uint32_t last = 100;
  std::uint32_t min_count = 20;
};

constexpr auto robust_zscore_fields = join(
    std::array{field<&robust_zscore_settings::common, &detection::columns, &keyed_columns::of>(
                   "robust_zscore", "the column of numbers that is watched", required),
               field<&robust_zscore_settings::last>("last", "the window: so many values before it", between(5, 1000))},
    min_count_fields<&robust_zscore_settings::min_count>, judgement_fields<&robust_zscore_settings::common>);

/// Of few values: what a median absolute deviation tells of a normal distribution's spread is worth as much as the
/// standard deviation of so large a share of them.
constexpr double efficiency = 0.37;

class from_median_of_last : public deviation {
public:
  explicit from_median_of_last(const robust_zscore_settings& s) : last_{s.last}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return core::sorted_window::bytes(last_); }
  std::string layout() const { return "the last " + std::to_string(last_) + ", sorted"; }
  bool valid(const std::byte* state) const noexcept {
    return reinterpret_cast<const core::sorted_window*>(state)->valid(last_);
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& window = *reinterpret_cast<core::sorted_window*>(state);
    scored found{.count = efficiency * window.size};
    if (window.size >= min_count_) {
      found.is_warm = true;
      found.expected = window.quantile(0.5, last_);
      const auto spread = window.median_distance(found.expected, last_);
      found.score = spread > 0 ? normal_median_distance * (x - found.expected) / spread : 0;
    }
    window.push(x, last_);
    return found;
  }

  static std::string describe(double x, const scored& found) {
    return "is " + core::short_number(std::abs(found.score)) + " robust standard deviations "
           + (x > found.expected ? "above the median " : "below the median ") + core::short_number(found.expected);
  }

private:
  /// Of a normal distribution with a standard deviation of 1.
  static constexpr double normal_median_distance = 0.6745;

  std::uint32_t last_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind robust_zscore =
    make_kind<robust_zscore_settings, robust_zscore_fields, bind_scored<robust_zscore_settings, from_median_of_last>,
              complete_window<robust_zscore_settings>>(
        "robust_zscore",
        "how far a value lies from the median of the last before it, by their median absolute deviation (Iglewicz and "
        "Hoaglin 1993)",
        "{ robust_zscore: Amount, by: CustomerID, last: 100, as: odd, score: robust_z }");

} // namespace weir::steps
