#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct cusum_settings {
  detection common;
  double drift = 0.5;
  std::uint32_t min_count = 20;
};

constexpr auto cusum_fields =
    join(std::array{field<&cusum_settings::common, &detection::columns, &keyed_columns::of>(
                        "cusum", "the column of numbers that is watched", required),
                    field<&cusum_settings::drift>("drift",
                                                  "standard deviations that a value may lie off the mean without "
                                                  "counting; half of the shift that is to be found soonest",
                                                  above(0) | between(0, 10))},
         min_count_fields<&cusum_settings::min_count>, judgement_fields<&cusum_settings::common>);

/// Page's two sums, of what values lie above and below the mean of all since the start or the last anomaly, in standard
/// deviations, less the drift. A single value counts as much as six deviations at most.
class cumulative_sums {
public:
  static constexpr core::tail_prior prior{};

  explicit cumulative_sums(const cusum_settings& s) : drift_{s.drift}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "mean, spread and sums, drift " + std::to_string(drift_); }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const auto delta = x - past.mean;
    scored found{.expected = past.mean};
    if (past.count >= min_count_ && past.m2 > 0) {
      const auto z = std::clamp(delta / std::sqrt(past.m2 / static_cast<double>(past.count)), -most, most);
      past.above = std::max(0.0, past.above + z - drift_);
      past.below = std::max(0.0, past.below - z - drift_);
      found.is_warm = true;
      found.score = std::copysign(std::max(past.above, past.below), past.above - past.below);
    }
    ++past.count;
    past.mean += delta / static_cast<double>(past.count);
    past.m2 += delta * (x - past.mean);
    return found;
  }

  static double strangeness(const scored& found) noexcept { return std::abs(found.score); }

  /// What comes behind an anomaly is compared with itself.
  static void begin_anew(std::byte* state) noexcept { *reinterpret_cast<history*>(state) = {}; }

  static std::string describe(double, const scored& found) {
    return std::string{"ends a rise of the sum of deviations "} + (found.score > 0 ? "above " : "below ")
           + core::short_number(found.expected) + " to " + core::short_number(std::abs(found.score));
  }

private:
  static constexpr double most = 6;

  struct history {
    std::uint64_t count;
    double mean;
    double m2;
    double above;
    double below;
  };

  double drift_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind cusum = make_kind<cusum_settings, cusum_fields, bind_scored<cusum_settings, cumulative_sums>,
                                      complete_common<cusum_settings>>(
    "cusum",
    "a small shift of the mean that lasts: sums of deviations from it (Page 1954); begins anew behind an anomaly",
    "{ cusum: Amount, by: CustomerID, drift: 0.5, as: shifted }");

} // namespace weir::steps
