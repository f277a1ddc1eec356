#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

struct of_window {
  double operator()(const core::sum_window& w, std::uint32_t last) const noexcept { return w.mean(last); }
};

} // namespace

constexpr aggregate_kind mean{
    {"mean", core::rolling_by_count<core::sum_window, of_window>, [](const core::moments& m) { return m.mean; }},
    "the arithmetic mean"};

} // namespace weir::steps
