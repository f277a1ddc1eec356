#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

struct of_window {
  double operator()(const core::extreme_window<std::greater<>>& w, std::uint32_t last) const noexcept {
    return w.value(last);
  }
};

} // namespace

constexpr aggregate_kind max{{"max", core::rolling_by_count<core::extreme_window<std::greater<>>, of_window>,
                              [](const core::moments& m) { return m.max; }},
                             "the greatest value"};

} // namespace weir::steps
