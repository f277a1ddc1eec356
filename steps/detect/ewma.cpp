#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct ewma_settings {
  keyed_columns columns;
  double threshold = 3;
  double alpha = 0.1;
  std::uint32_t min_count = 5;
};

constexpr auto ewma_fields = join(
    std::array{
        field<&ewma_settings::columns, &keyed_columns::of>("ewma", "the column of numbers that is watched", required)},
    deviation_fields<&ewma_settings::threshold, &ewma_settings::min_count>,
    std::array{field<&ewma_settings::alpha>(
        "alpha", "the weight of the newest value; those before it weigh 1 - alpha together", above(0) | between(0, 1))},
    memory_fields<&ewma_settings::columns>, verdict_fields<&ewma_settings::columns>);

void complete(ewma_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
}

/// Mean and variance with weights that fade exponentially, by the recurrence of West (1979) and Finch (2009):
/// mean += alpha d, variance = (1 - alpha) (variance + alpha d^2).
class from_fading_mean final : public core::keyed_operator {
public:
  explicit from_fading_mean(const ewma_settings& s) :
      threshold_{s.threshold}, alpha_{s.alpha}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept override { return sizeof(history); }
  std::string state_layout() const override { return "fading mean and variance, alpha " + std::to_string(alpha_); }
  bool valid(const std::byte*) const noexcept override { return true; } // it is only calculated with

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    score_each<history>(rows, into, threshold_, [this](history& past, double x) {
      const auto delta = x - past.mean;
      const auto score = past.count < min_count_ || past.variance <= 0 ? 0.0 : delta / std::sqrt(past.variance);
      if (past.count++ == 0) {
        past.mean = x;
      } else {
        past.mean += alpha_ * delta;
        past.variance = (1 - alpha_) * (past.variance + alpha_ * delta * delta);
      }
      return score;
    });
  }

private:
  struct history {
    std::uint64_t count;
    double mean;
    double variance;
  };

  double threshold_;
  double alpha_;
  std::uint32_t min_count_;
};

void bind(const ewma_settings& s, binding& into) {
  into.add(std::make_shared<from_fading_mean>(s), s.columns);
}

} // namespace

constexpr step_kind ewma = make_kind<ewma_settings, ewma_fields, bind, complete>(
    "ewma", "how many standard deviations a value lies from a mean in which older values fade",
    "{ ewma: Amount, by: CustomerID, alpha: 0.1, as: unusual_now }");

} // namespace weir::steps
