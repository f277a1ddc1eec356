#include "steps/detect/middle_of_last.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

constexpr auto robust_zscore_fields =
    join(std::array{field<&middle_settings::common, &detection::columns, &keyed_columns::of>(
             "robust_zscore", "the column of numbers that is watched", required)},
         middle_fields, judgement_fields<&middle_settings::common>);

class from_median_of_last : public middle_of_last {
public:
  using middle_of_last::middle_of_last;

  scored score(std::byte* state, double x) const noexcept {
    const auto judge = [x](double median, double spread, scored& found) {
      found.expected = median;
      found.score = spread > 0 ? normal_median_distance * (x - median) / spread : 0;
    };
    return score_and_push(
        state, x,
        [&](std::span<const double> values, scored& found) {
          judge(core::quantile_of_sorted(values, 0.5), core::median_distance_of_sorted(values), found);
        },
        [&](const core::middle& past, scored& found) { judge(past.median, past.median_distance, found); });
  }

  static std::string describe(double x, const scored& found) {
    return "is " + core::short_number(std::abs(found.score)) + " robust standard deviations "
           + (x > found.expected ? "above the median " : "below the median ") + core::short_number(found.expected);
  }

private:
  /// Of a normal distribution with a standard deviation of 1.
  static constexpr double normal_median_distance = 0.6745;
};

} // namespace

constexpr step_kind robust_zscore =
    make_kind<middle_settings, robust_zscore_fields, bind_scored<middle_settings, from_median_of_last>,
              complete_window<middle_settings>>(
        "robust_zscore",
        "how far a value lies from the median of the last before it, by their median absolute deviation (Iglewicz and "
        "Hoaglin 1993)",
        "{ robust_zscore: Amount, by: CustomerID, last: 100, as: odd, score: robust_z }");

} // namespace weir::steps
