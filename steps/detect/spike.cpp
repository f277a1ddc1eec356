#include "core/keyed/count_window.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct spike_settings {
  detection common;
  std::uint32_t last = 50;
  std::uint32_t min_count = 20;
};

constexpr auto spike_fields = join(
    std::array{field<&spike_settings::common, &detection::columns, &keyed_columns::of>(
                   "spike", "the column of numbers that is watched", required),
               field<&spike_settings::last>("last", "the window: so many steps before this one", between(5, 1000000))},
    min_count_fields<&spike_settings::min_count>, judgement_fields<&spike_settings::common>);

/// The step from the value before, by the root mean square of the last steps.
class from_last_step : public deviation {
public:
  explicit from_last_step(const spike_settings& s) : last_{s.last}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history) + core::spread_window::bytes(last_); }
  std::string layout() const { return "spreads of the last " + std::to_string(last_) + " steps"; }
  bool valid(const std::byte* state) const noexcept {
    return window_of(*reinterpret_cast<const history*>(state)).at.valid(last_);
  }

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    auto& window = *reinterpret_cast<core::spread_window*>(&past + 1);
    const auto before = past.value;
    past.value = x;
    if (past.seen == 0) {
      past.seen = 1;
      return {};
    }
    scored found{.expected = before, .count = static_cast<double>(window.at.size(last_))};
    if (found.count >= min_count_) {
      const auto steps = window.value(last_);
      found.is_warm = true;
      const auto square = steps.m2 / found.count + steps.mean * steps.mean;
      found.score = square > 0 ? (x - before) / std::sqrt(square) : 0;
    }
    window.push(x - before, last_);
    return found;
  }

  static std::string describe(double x, const scored& found) {
    return std::string{x > found.expected ? "rose from " : "fell from "} + core::short_number(found.expected) + ", "
           + core::short_number(std::abs(found.score)) + " times the usual step";
  }

private:
  struct history {
    double value;
    std::uint64_t seen;
  };

  static const core::spread_window& window_of(const history& past) noexcept {
    return *reinterpret_cast<const core::spread_window*>(&past + 1);
  }

  std::uint32_t last_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind spike = make_kind<spike_settings, spike_fields, bind_scored<spike_settings, from_last_step>,
                                      complete_window<spike_settings>>(
    "spike", "a jump: the step from the value before, in the usual steps of the last values",
    "{ spike: Amount, by: CustomerID, last: 50, as: jumped }");

} // namespace weir::steps
