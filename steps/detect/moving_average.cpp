#include "core/keyed/count_window.hpp"
#include "steps/detect/detector.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct moving_average_settings {
  keyed_columns columns;
  double threshold = 3;
  std::uint32_t min_count = 5;
  std::uint32_t last = 20;
};

constexpr auto moving_average_fields =
    join(std::array{field<&moving_average_settings::columns, &keyed_columns::of>(
             "moving_average", "the column of numbers that is watched", required)},
         deviation_fields<&moving_average_settings::threshold, &moving_average_settings::min_count>,
         std::array{field<&moving_average_settings::last>("last", "the window: so many values before it",
                                                          between(2, 1'000'000))},
         memory_fields<&moving_average_settings::columns>, verdict_fields<&moving_average_settings::columns>);

void complete(moving_average_settings& s, yaml_section& from) {
  complete_memory(s.columns, from);
  if (s.min_count > s.last)
    from.report(from.at(), "'min_count' of detector is larger than its window 'last'");
}

class from_mean_of_last final : public core::keyed_operator {
public:
  explicit from_mean_of_last(const moving_average_settings& s) :
      threshold_{s.threshold}, min_count_{s.min_count}, last_{s.last} {}

  std::size_t state_size() const noexcept override { return core::spread_window::bytes(last_); }
  std::string state_layout() const override { return "spreads of the last " + std::to_string(last_); }
  bool valid(const std::byte* state) const noexcept override {
    return reinterpret_cast<const core::spread_window*>(state)->at.valid(last_);
  }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    score_each<core::spread_window>(rows, into, threshold_, [this](core::spread_window& window, double x) {
      const auto count = window.at.size(last_);
      double score = 0;
      if (count != 0 && count >= min_count_)
        if (const auto past = window.value(last_); past.m2 > 0)
          score = (x - past.mean) / std::sqrt(past.m2 / static_cast<double>(count));
      window.push(x, last_);
      return score;
    });
  }

private:
  double threshold_;
  std::uint32_t min_count_;
  std::uint32_t last_;
};

void bind(const moving_average_settings& s, binding& into) {
  into.add(std::make_shared<from_mean_of_last>(s), s.columns);
}

} // namespace

constexpr step_kind moving_average = make_kind<moving_average_settings, moving_average_fields, bind, complete>(
    "moving_average", "how many standard deviations a value lies from the mean of the last before it",
    "{ moving_average: Amount, by: CustomerID, last: 20, as: unusual }");

} // namespace weir::steps
