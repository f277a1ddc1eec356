#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

struct of_window {
  double operator()(const core::spread_window& w, std::uint32_t last) const noexcept {
    return std::sqrt(w.value(last).m2 / static_cast<double>(w.at.size(last)));
  }
};

} // namespace

constexpr aggregate_kind stddev{{"stddev", core::rolling_by_count<core::spread_window, of_window>,
                                 [](const core::moments& m) { return m.stddev(); }},
                                "the standard deviation, of the population"};

} // namespace weir::steps
