#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct zscore_settings {
  keyed_columns columns;
  double threshold = 3;
  std::uint32_t min_count = 5;
};

constexpr auto zscore_fields =
    join(std::array{field<&zscore_settings::columns, &keyed_columns::of>(
             "zscore", "the column of numbers that is watched", required)},
         deviation_fields<&zscore_settings::threshold, &zscore_settings::min_count>,
         memory_fields<&zscore_settings::columns>, verdict_fields<&zscore_settings::columns>);

void complete(zscore_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

class from_mean_of_all final : public core::keyed_operator {
public:
  from_mean_of_all(double threshold, std::uint32_t min_count) : threshold_{threshold}, min_count_{min_count} {}

  std::size_t state_size() const noexcept override { return sizeof(history); }
  std::string state_layout() const override { return "mean and spread since the start"; }
  bool valid(const std::byte*) const noexcept override { return true; } // it is only calculated with

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    score_each<history>(rows, into, threshold_, [this](history& past, double x) {
      const auto delta = x - past.mean;
      const auto score =
          past.count < min_count_ || past.m2 <= 0 ? 0.0 : delta / std::sqrt(past.m2 / static_cast<double>(past.count));
      ++past.count;
      past.mean += delta / static_cast<double>(past.count);
      past.m2 += delta * (x - past.mean);
      return score;
    });
  }

private:
  struct history {
    std::uint64_t count;
    double mean;
    double m2;
  };

  double threshold_;
  std::uint32_t min_count_;
};

void bind(const zscore_settings& s, binding& into) {
  into.add(std::make_shared<from_mean_of_all>(s.threshold, s.min_count), s.columns);
}

} // namespace

constexpr step_kind zscore = make_kind<zscore_settings, zscore_fields, bind, complete>(
    "zscore", "how many standard deviations a value lies from the mean of all before it (Welford 1962)",
    "{ zscore: Amount, by: CustomerID, threshold: 3, as: anomaly, score: z }");

} // namespace weir::steps
