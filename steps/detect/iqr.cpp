#include "steps/detect/middle_of_last.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

constexpr auto iqr_fields = join(std::array{field<&middle_settings::common, &detection::columns, &keyed_columns::of>(
                                     "iqr", "the column of numbers that is watched", required)},
                                 middle_fields, judgement_fields<&middle_settings::common>);

class beyond_quartiles : public middle_of_last {
public:
  using middle_of_last::middle_of_last;

  scored score(std::byte* state, double x) const noexcept {
    const auto judge = [x](double first, double third, scored& found) {
      found.expected = x > third ? third : first;
      if (third > first)
        found.score = x > third ? (x - third) / (third - first) : x < first ? (x - first) / (third - first) : 0;
    };
    return score_and_push(
        state, x,
        [&](std::span<const double> values, scored& found) {
          judge(core::quantile_of_sorted(values, 0.25), core::quantile_of_sorted(values, 0.75), found);
        },
        [&](const core::middle& past, scored& found) { judge(past.lower_quartile, past.upper_quartile, found); });
  }

  static double strangeness(const scored& found) noexcept {
    auto as_deviations = found;
    as_deviations.score = in_deviations(found);
    return deviation::strangeness(as_deviations);
  }
  static double most_strangeness(const scored& found) noexcept { return in_deviations(found); }

  static std::string describe(double x, const scored& found) {
    return "is " + core::short_number(std::abs(found.score)) + " interquartile ranges "
           + (x > found.expected ? "above the third quartile " : "below the first quartile ")
           + core::short_number(found.expected);
  }

private:
  /// Quartiles of a normal distribution lie 0.674 standard deviations from its mean, and 1.349 from each other.
  static double in_deviations(const scored& found) noexcept {
    return found.score == 0 ? 0 : 0.674 + 1.349 * std::abs(found.score);
  }
};

} // namespace

constexpr step_kind iqr = make_kind<middle_settings, iqr_fields, bind_scored<middle_settings, beyond_quartiles>,
                                    complete_window<middle_settings>>(
    "iqr",
    "how many interquartile ranges a value lies beyond the quartiles of the last before it; threshold 1.5: fences of "
    "Tukey (1977)",
    "{ iqr: Amount, by: CustomerID, last: 100, threshold: 1.5, as: odd }");

} // namespace weir::steps
