#pragma once

#include "core/detect/sketched_window.hpp"
#include "core/keyed/sorted_window.hpp"
#include "steps/detect/deviation.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

// Detectors that compare a value with the middle of the last ones: its median, or its quartiles.

namespace weir::steps {

struct middle_settings {
  detection common;
  std::uint32_t last = 100;
  std::uint32_t min_count = 20;
};

/// Up to so many values a window is held, and its middle exact; of a larger one a sketch is.
inline constexpr std::uint32_t most_values_held = 1000;

/// `last` and `min_count`.
inline constexpr auto middle_fields = config::join(
    std::array{config::field<&middle_settings::last>(
        "last", "the window: so many values before it; of more than 1,000 a sketch", config::between(5, 100'000'000))},
    min_count_fields<&middle_settings::min_count>);

/// What scorers of this kind share: the window.
class middle_of_last : public deviation {
public:
  explicit middle_of_last(const middle_settings& s) : last_{s.last}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept {
    return is_held() ? core::sorted_window::bytes(last_) : sizeof(core::sketched_window);
  }
  std::string layout() const { return "the last " + std::to_string(last_) + (is_held() ? ", sorted" : ", sketched"); }
  bool valid(const std::byte* state) const noexcept {
    return is_held() ? reinterpret_cast<const core::sorted_window*>(state)->valid(last_)
                     : reinterpret_cast<const core::sketched_window*>(state)->valid(last_);
  }

protected:
  /// Of few values: what the middle tells of a normal distribution's spread is worth as much as the standard deviation
  /// of so large a share of them.
  static constexpr double efficiency = 0.37;

  /// The score that one of the two makes of a value, which then enters the window.
  /// @param by_values (ascending values, scored&) @param by_middle (core::middle, scored&): set `expected` and `score`
  template <class ByValues, class ByMiddle>
  scored score_and_push(std::byte* state, double x, ByValues by_values, ByMiddle by_middle) const noexcept {
    if (is_held()) {
      auto& window = *reinterpret_cast<core::sorted_window*>(state);
      scored found{.count = efficiency * window.size, .is_warm = window.size >= min_count_};
      if (found.is_warm)
        by_values(window.values(last_), found);
      window.push(x, last_);
      return found;
    }
    auto& window = *reinterpret_cast<core::sketched_window*>(state);
    const auto count = window.count(last_);
    scored found{.count = efficiency * static_cast<double>(count), .is_warm = count >= min_count_};
    if (found.is_warm)
      by_middle(window.of_last(), found);
    window.push(x, last_);
    return found;
  }

private:
  bool is_held() const noexcept { return last_ <= most_values_held; }

  std::uint32_t last_;
  std::uint32_t min_count_;
};

} // namespace weir::steps
