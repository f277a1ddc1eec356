#include "core/keyed/sorted_window.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct iqr_settings {
  detection common;
  std::uint32_t last = 100;
  std::uint32_t min_count = 20;
};

constexpr auto iqr_fields =
    join(std::array{field<&iqr_settings::common, &detection::columns, &keyed_columns::of>(
                        "iqr", "the column of numbers that is watched", required),
                    field<&iqr_settings::last>("last", "the window: so many values before it", between(5, 1000))},
         min_count_fields<&iqr_settings::min_count>, judgement_fields<&iqr_settings::common>);

/// Of few values: what quartiles tell of a normal distribution's spread is worth as much as the standard deviation of
/// so large a share of them.
constexpr double efficiency = 0.37;

class beyond_quartiles : public deviation {
public:
  explicit beyond_quartiles(const iqr_settings& s) : last_{s.last}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return core::sorted_window::bytes(last_); }
  std::string layout() const { return "the last " + std::to_string(last_) + ", sorted"; }
  bool valid(const std::byte* state) const noexcept {
    return reinterpret_cast<const core::sorted_window*>(state)->valid(last_);
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& window = *reinterpret_cast<core::sorted_window*>(state);
    scored found{.count = efficiency * window.size};
    if (window.size >= min_count_) {
      const auto first = window.quantile(0.25, last_);
      const auto third = window.quantile(0.75, last_);
      found.is_warm = true;
      found.expected = x > third ? third : first;
      if (third > first)
        found.score = x > third ? (x - third) / (third - first) : x < first ? (x - first) / (third - first) : 0;
    }
    window.push(x, last_);
    return found;
  }

  /// Quartiles of a normal distribution lie 0.674 standard deviations from its mean, and 1.349 from each other.
  static double strangeness(const scored& found) noexcept {
    auto in_deviations = found;
    if (found.score != 0)
      in_deviations.score = 0.674 + 1.349 * std::abs(found.score);
    return deviation::strangeness(in_deviations);
  }

  static std::string describe(double x, const scored& found) {
    return "is " + core::short_number(std::abs(found.score)) + " interquartile ranges "
           + (x > found.expected ? "above the third quartile " : "below the first quartile ")
           + core::short_number(found.expected);
  }

private:
  std::uint32_t last_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind iqr = make_kind<iqr_settings, iqr_fields, bind_scored<iqr_settings, beyond_quartiles>,
                                    complete_window<iqr_settings>>(
    "iqr",
    "how many interquartile ranges a value lies beyond the quartiles of the last before it; threshold 1.5: fences of "
    "Tukey (1977)",
    "{ iqr: Amount, by: CustomerID, last: 100, threshold: 1.5, as: odd }");

} // namespace weir::steps
