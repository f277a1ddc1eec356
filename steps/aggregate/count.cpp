#include "steps/kinds.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

/// A window that counts only.
struct count_window {
  static constexpr std::string_view contents = "counts";

  core::window_position at;

  static constexpr std::size_t bytes(std::size_t) noexcept { return sizeof(count_window); }
  bool valid(std::uint32_t last) const noexcept { return at.valid(last); }
  void push(double, std::uint32_t last) noexcept { at.head = std::min(at.head + 1, last); }
};

struct of_window {
  double operator()(const count_window& w, std::uint32_t) const noexcept { return static_cast<double>(w.at.head); }
};

} // namespace

constexpr aggregate_kind count{{"count", core::rolling_by_count<count_window, of_window>,
                                [](const core::moments& m) { return static_cast<double>(m.count); }},
                               "how many values there are"};

} // namespace weir::steps
