#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct missing_settings {
  detection common;
  std::uint32_t min_count = 50;
};

constexpr auto missing_fields =
    join(std::array{field<&missing_settings::common, &detection::columns, &keyed_columns::of>(
                        "missing", "the column whose nulls are watched", required),
                    field<&missing_settings::min_count>("min_count", "with fewer records before it the score is 0",
                                                        between(1, 1'000'000))},
         judgement_fields<&missing_settings::common>);

/// A sum of log likelihood ratios (Page 1954): of nulls that come at the usual share against four times it, or half
/// of all records.
class burst_of_nulls {
public:
  static constexpr core::tail_prior prior{};
  static constexpr bool scores_missing = true;

  explicit burst_of_nulls(const missing_settings& s) : min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "share of nulls"; }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const bool is_null = std::isnan(x);
    const auto usual = (past.nulls + 0.5) / (past.count + 1);
    scored found{.expected = usual};
    if (past.count >= min_count_) {
      const auto burst = std::max(std::min(4 * usual, 0.5), 0.5 * (usual + 1) * (usual > 0.25));
      past.sum = std::max(0.0, past.sum + (is_null ? std::log(burst / usual) : std::log((1 - burst) / (1 - usual))));
      found.is_warm = true;
      found.score = past.sum;
    }
    past.count += 1;
    past.nulls += is_null ? 1 : 0;
    return found;
  }

  static double strangeness(const scored& found) noexcept { return found.score; }

  static void begin_anew(std::byte* state) noexcept { reinterpret_cast<history*>(state)->sum = 0; }

  static std::string describe(double, const scored& found) {
    return "ends a burst of nulls, which usually are " + core::short_number(100 * found.expected) + " % of the records";
  }

private:
  struct history {
    double count;
    double nulls;
    double sum;
  };

  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind missing = make_kind<missing_settings, missing_fields, bind_scored<missing_settings, burst_of_nulls>,
                                        complete_common<missing_settings>>(
    "missing", "a burst of nulls: far more of them than usual, one behind the other",
    "{ missing: Amount, as: amounts_missing }");

} // namespace weir::steps
