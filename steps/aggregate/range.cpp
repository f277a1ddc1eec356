#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

/// The least and the greatest of the last values, one window after the other.
struct range_window {
  using least = core::extreme_window<std::less<>>;
  using greatest = core::extreme_window<std::greater<>>;

  static constexpr std::string_view contents = "minima and maxima";

  core::window_position at;

  /// Behind this: the two windows, of `capacity` values each.
  least& minima() noexcept { return *reinterpret_cast<least*>(this + 1); }
  const least& minima() const noexcept { return *reinterpret_cast<const least*>(this + 1); }
  greatest& maxima(std::uint32_t capacity) noexcept {
    return *reinterpret_cast<greatest*>(reinterpret_cast<std::byte*>(this + 1) + least::bytes(capacity));
  }
  const greatest& maxima(std::uint32_t capacity) const noexcept {
    return *reinterpret_cast<const greatest*>(reinterpret_cast<const std::byte*>(this + 1) + least::bytes(capacity));
  }

  static constexpr std::size_t bytes(std::size_t capacity) noexcept {
    return sizeof(range_window) + least::bytes(capacity) + greatest::bytes(capacity);
  }

  bool valid(std::uint32_t capacity) const noexcept {
    return at.valid(capacity) && minima().valid(capacity) && maxima(capacity).valid(capacity);
  }

  void push(double x, std::uint32_t capacity) noexcept {
    minima().push(x, capacity);
    maxima(capacity).push(x, capacity);
    at = minima().at;
  }
};

struct of_window {
  double operator()(const range_window& w, std::uint32_t last) const noexcept {
    return w.maxima(last).value(last) - w.minima().value(last);
  }
};

} // namespace

constexpr aggregate_kind range{
    {"range", core::rolling_by_count<range_window, of_window>, [](const core::moments& m) { return m.max - m.min; }},
    "the greatest value less the least"};

} // namespace weir::steps
