#include "core/keyed/rolling.hpp"

#include <algorithm>

namespace weir::core {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();

// A ring of panes, one more than `over` has, so that it holds all that touch the window.
struct pane_window {
  std::int64_t newest_time;
  std::int64_t newest_pane;
  std::int64_t rest_from; ///< first pane that `rest` covers
  std::uint64_t started;
  moments rest; ///< all panes of the window but the newest; rebuilt when one enters or leaves

  /// Behind this, `slots` of them: pane p at p mod slots.
  moments* ring() noexcept { return reinterpret_cast<moments*>(this + 1); }

  static constexpr std::size_t bytes(std::size_t slots) noexcept {
    return sizeof(pane_window) + slots * sizeof(moments);
  }
};

class by_time final : public keyed_operator {
public:
  by_time(const statistic& what, time_window window) : value_of_{what.of}, grid_{window}, slots_{grid_.most_panes()} {}

  std::size_t state_size() const noexcept override { return pane_window::bytes(static_cast<std::size_t>(slots_)); }
  std::string state_layout() const override {
    return "panes of " + std::to_string(grid_.width()) + " ms over " + std::to_string(grid_.over()) + " ms";
  }
  bool uses_time() const noexcept override { return true; }

  bool valid(const std::byte* state) const noexcept override {
    const auto& w = *reinterpret_cast<const pane_window*>(state);
    if (w.started == 0)
      return w.newest_time == 0 && w.newest_pane == 0 && w.rest_from == 0;
    return w.started == 1 && w.newest_time > -event_time_limit && w.newest_time < event_time_limit
           && w.newest_pane == grid_.pane_of(w.newest_time) && w.rest_from == grid_.first_pane(w.newest_time);
  }

  void process(const keyed_rows& rows, keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      auto& window = rows.state<pane_window>(i);
      const auto time = rows.times[i];
      into.value[i] = missing;
      if (time != keyed_rows::no_time && std::isfinite(values[i])) {
        if (grid_.is_ahead(time, window.started != 0 ? std::max(window.newest_time, rows.now) : rows.now)) {
          ++into.ahead;
          continue;
        }
        if (!enter(window, time, values[i])) {
          ++into.late;
          continue;
        }
      }
      if (window.started != 0)
        into.value[i] = read(window);
    }
  }

private:
  // False when the record is late beyond what is allowed.
  bool enter(pane_window& w, std::int64_t time, double x) const noexcept {
    const auto pane = grid_.pane_of(time);
    if (w.started == 0) {
      w.started = 1;
      w.newest_time = time;
      w.newest_pane = pane;
      w.rest_from = grid_.first_pane(time);
    } else if (time > w.newest_time) {
      advance(w, time, pane);
    } else if (pane < grid_.first_pane(w.newest_time)) {
      return !grid_.is_late(time, w.newest_time);
    }
    slot(w, pane).add(x);
    if (pane != w.newest_pane)
      w.rest.add(x);
    return true;
  }

  void advance(pane_window& w, std::int64_t time, std::int64_t pane) const noexcept {
    w.newest_time = time;
    if (pane - w.newest_pane >= slots_) {
      for (std::int64_t p = 0; p < slots_; ++p)
        w.ring()[p] = {};
    } else {
      for (auto p = w.newest_pane + 1; p <= pane; ++p)
        slot(w, p) = {};
    }
    const auto from = grid_.first_pane(time);
    if (pane == w.newest_pane && from == w.rest_from)
      return;
    w.newest_pane = pane;
    w.rest_from = from;
    w.rest = {};
    for (auto p = from; p < pane; ++p)
      w.rest.merge(slot(w, p));
  }

  double read(pane_window& w) const noexcept {
    auto all = w.rest;
    all.merge(slot(w, w.newest_pane));
    return all.count == 0 ? missing : value_of_(all);
  }

  moments& slot(pane_window& w, std::int64_t pane) const noexcept {
    return w.ring()[pane - floor_div(pane, slots_) * slots_];
  }

  double (*value_of_)(const moments&);
  pane_grid grid_;
  std::int64_t slots_;
};

} // namespace

keyed_operator_ptr rolling_by_time(const statistic& what, time_window window) {
  return std::make_shared<by_time>(what, window);
}

} // namespace weir::core
