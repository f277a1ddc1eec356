#include "core/keyed/count_window.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct level_shift_settings {
  detection common;
  std::uint32_t last = 30;
};

constexpr auto level_shift_fields =
    join(std::array{field<&level_shift_settings::common, &detection::columns, &keyed_columns::of>(
                        "level_shift", "the column of numbers that is watched", required),
                    field<&level_shift_settings::last>("last", "each of the two windows has so many values",
                                                       between(5, 10000))},
         judgement_fields<&level_shift_settings::common>);

class between_two_windows : public deviation {
public:
  explicit between_two_windows(const level_shift_settings& s) : last_{s.last} {}

  // The newer values, the older ones, and the newer ones as they came, which become older.
  std::size_t state_size() const noexcept {
    return sizeof(history) + 2 * core::spread_window::bytes(last_) + last_ * sizeof(double);
  }
  std::string layout() const { return "two windows of " + std::to_string(last_); }
  bool valid(const std::byte* state) const noexcept {
    const auto [past, newer, older, ring] = parts_of(const_cast<std::byte*>(state));
    return newer->at.valid(last_) && older->at.valid(last_) && past->head < last_;
  }

  scored score(std::byte* state, double x) const noexcept {
    const auto [past, newer, older, ring] = parts_of(state);
    if (newer->at.size(last_) == last_)
      older->push(ring[past->head], last_);
    ring[past->head] = x;
    past->head = past->head + 1 == last_ ? 0 : past->head + 1;
    newer->push(x, last_);
    scored found{.count = 2.0 * last_};
    if (older->at.size(last_) != last_)
      return found;
    const auto before = older->value(last_);
    const auto now = newer->value(last_);
    const auto variance = (before.m2 + now.m2) / (last_ - 1.0) / last_; // of the difference of both means
    found.is_warm = true;
    found.expected = before.mean;
    found.score = variance > 0 ? (now.mean - before.mean) / std::sqrt(variance) : 0;
    return found;
  }

  static std::string describe(double, const scored& found) {
    return std::string{"ends a window whose mean is "} + core::short_number(std::abs(found.score))
           + (found.score > 0 ? " standard errors above " : " standard errors below ")
           + core::short_number(found.expected);
  }

private:
  struct history {
    std::uint64_t head;
  };
  struct parts {
    history* past;
    core::spread_window* newer;
    core::spread_window* older;
    double* ring;
  };

  parts parts_of(std::byte* state) const noexcept {
    auto* newer = state + sizeof(history);
    auto* older = newer + core::spread_window::bytes(last_);
    return {reinterpret_cast<history*>(state), reinterpret_cast<core::spread_window*>(newer),
            reinterpret_cast<core::spread_window*>(older),
            reinterpret_cast<double*>(older + core::spread_window::bytes(last_))};
  }

  std::uint32_t last_;
};

} // namespace

constexpr step_kind level_shift =
    make_kind<level_shift_settings, level_shift_fields, bind_scored<level_shift_settings, between_two_windows>,
              complete_common<level_shift_settings>>(
        "level_shift", "another level: the mean of the last values against that of as many before them (Welch 1947)",
        "{ level_shift: Amount, by: CustomerID, last: 30, as: shifted }");

} // namespace weir::steps
