#include "core/keyed/count_window.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct moving_average_settings {
  detection common;
  std::uint32_t min_count = 5;
  std::uint32_t last = 100;
};

constexpr auto moving_average_fields =
    join(std::array{field<&moving_average_settings::common, &detection::columns, &keyed_columns::of>(
                        "moving_average", "the column of numbers that is watched", required),
                    field<&moving_average_settings::last>("last", "the window: so many values before it",
                                                          between(2, 1'000'000))},
         judgement_fields<&moving_average_settings::common>, min_count_fields<&moving_average_settings::min_count>);

class from_mean_of_last : public deviation {
public:
  explicit from_mean_of_last(const moving_average_settings& s) : min_count_{s.min_count}, last_{s.last} {}

  std::size_t state_size() const noexcept { return core::spread_window::bytes(last_); }
  std::string layout() const { return "spreads of the last " + std::to_string(last_); }
  bool valid(const std::byte* state) const noexcept {
    return reinterpret_cast<const core::spread_window*>(state)->at.valid(last_);
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& window = *reinterpret_cast<core::spread_window*>(state);
    scored found{.count = static_cast<double>(window.at.size(last_))};
    if (found.count > 0 && found.count >= min_count_) {
      const auto past = window.value(last_);
      found.is_warm = true;
      found.expected = past.mean;
      found.score = past.m2 > 0 ? (x - past.mean) / std::sqrt(past.m2 / found.count) : 0;
    }
    window.push(x, last_);
    return found;
  }

private:
  std::uint32_t min_count_;
  std::uint32_t last_;
};

} // namespace

constexpr step_kind moving_average =
    make_kind<moving_average_settings, moving_average_fields, bind_scored<moving_average_settings, from_mean_of_last>,
              complete_window<moving_average_settings>>(
        "moving_average", "how many standard deviations a value lies from the mean of the last before it",
        "{ moving_average: Amount, by: CustomerID, last: 100, as: unusual }");

} // namespace weir::steps
