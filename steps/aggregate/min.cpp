#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

struct of_window {
  double operator()(const core::extreme_window<std::less<>>& w, std::uint32_t last) const noexcept {
    return w.value(last);
  }
};

} // namespace

constexpr aggregate_kind min{{"min", core::rolling_by_count<core::extreme_window<std::less<>>, of_window>,
                              [](const core::moments& m) { return m.min; }},
                             "the least value"};

} // namespace weir::steps
