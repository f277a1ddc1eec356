#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct zscore_settings {
  detection common;
  std::uint32_t min_count = 5;
};

constexpr auto zscore_fields =
    join(std::array{field<&zscore_settings::common, &detection::columns, &keyed_columns::of>(
             "zscore", "the column of numbers that is watched", required)},
         judgement_fields<&zscore_settings::common>, min_count_fields<&zscore_settings::min_count>);

class from_mean_of_all : public deviation {
public:
  explicit from_mean_of_all(const zscore_settings& s) : min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "mean and spread since the start"; }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const auto delta = x - past.mean;
    scored found{.expected = past.mean, .count = static_cast<double>(past.count)};
    if (past.count >= min_count_) {
      found.is_warm = true;
      found.score = past.m2 > 0 ? delta / std::sqrt(past.m2 / found.count) : 0;
    }
    ++past.count;
    past.mean += delta / static_cast<double>(past.count);
    past.m2 += delta * (x - past.mean);
    return found;
  }

private:
  struct history {
    std::uint64_t count;
    double mean;
    double m2;
  };

  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind zscore = make_kind<zscore_settings, zscore_fields, bind_scored<zscore_settings, from_mean_of_all>,
                                       complete_common<zscore_settings>>(
    "zscore", "how many standard deviations a value lies from the mean of all before it (Welford 1962)",
    "{ zscore: Amount, by: CustomerID, threshold: 3, as: anomaly, score: z }");

} // namespace weir::steps
