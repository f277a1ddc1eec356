#pragma once

#include "core/keyed/count_window.hpp"
#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/moments.hpp"
#include "core/keyed/pane_grid.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

namespace weir::core {

/// A statistic of the values in a window. One for each kind of aggregate (steps/aggregate).
struct statistic {
  std::string_view name;
  keyed_operator_ptr (*by_count)(std::uint32_t last); ///< over the last values of a key: a rolling_by_count
  double (*of)(const moments&);                       ///< of a set that is not empty
};

/// Over the last `last` values of a key, the record's own included. A missing value does not enter the window; its
/// record gets the window as it stands, null while that is empty. Right to rounding at any offset of the values.
/// @tparam Window flat state, as in count_window.hpp: bytes(last), valid(last), push(x, last), at, contents
/// @tparam Query reads the statistic of a window that is not empty
/// @pre last > 0
template <class Window, class Query>
keyed_operator_ptr rolling_by_count(std::uint32_t last) {
  class rolling final : public keyed_operator {
  public:
    explicit rolling(std::uint32_t values) : last_{values} {}

    std::size_t state_size() const noexcept override { return Window::bytes(last_); }
    std::string state_layout() const override {
      return std::string{Window::contents} + " of the last " + std::to_string(last_);
    }
    bool valid(const std::byte* state) const noexcept override {
      return reinterpret_cast<const Window*>(state)->valid(last_);
    }

    void process(const keyed_rows& rows, keyed_results& into) const override {
      const auto* values = rows.values[0];
      for (std::size_t i = 0; i < rows.size; ++i) {
        auto& window = rows.state<Window>(i);
        if (std::isfinite(values[i]))
          window.push(values[i], last_);
        into.value[i] = window.at.size(last_) == 0 ? std::numeric_limits<double>::quiet_NaN() : Query{}(window, last_);
      }
    }

  private:
    std::uint32_t last_;
  };
  return std::make_shared<rolling>(last);
}

/// A statistic of a key's values over event time. The window of a record ends at the newest event time that its key has
/// seen (see pane_grid). A record of a pane in front of it does not enter: within the allowed lateness it gets the
/// window as it stands, beyond it it is counted as late and gets null. State: 40 bytes a pane and some 80 more.
/// @pre window.valid()
keyed_operator_ptr rolling_by_time(const statistic& what, time_window window);

} // namespace weir::core
