#include "config/units.hpp"

#include "core/base/read_number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace weir::config {

namespace {

using unit = std::pair<std::string_view, double>;

constexpr std::array duration_units{unit{"ms", 1}, unit{"s", 1e3}, unit{"m", 60e3}, unit{"h", 3'600e3},
                                    unit{"d", 86'400e3}};

constexpr std::array size_units{unit{"", 1},
                                unit{"B", 1},
                                unit{"KiB", 1024},
                                unit{"MiB", 1048576},
                                unit{"GiB", 1073741824},
                                unit{"TiB", 1099511627776},
                                unit{"kB", 1e3},
                                unit{"KB", 1e3},
                                unit{"MB", 1e6},
                                unit{"GB", 1e9},
                                unit{"TB", 1e12}};

/// Ten thousand years in milliseconds, nine petabytes: all below is exact in a double and fits an int64.
constexpr double largest = 9e15;

template <std::size_t N>
std::optional<double> quantity(std::string_view text, const std::array<unit, N>& units) {
  double number = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (failure != std::errc{} || !std::isfinite(number) || number < 0 || text.front() == '-')
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  for (auto [name, factor] : units)
    if (text == name && number * factor <= largest)
      return std::round(number * factor);
  return std::nullopt;
}

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (text == "0")
    return std::chrono::milliseconds{0};
  auto value = quantity(text, duration_units);
  return value ? std::optional{std::chrono::milliseconds{static_cast<std::int64_t>(*value)}} : std::nullopt;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  auto value = quantity(text, size_units);
  return value ? std::optional{static_cast<std::uint64_t>(*value)} : std::nullopt;
}

std::optional<double> parse_share(std::string_view text) {
  const auto percent = text.ends_with('%') ? core::read_number<double>(text.substr(0, text.size() - 1)) : std::nullopt;
  return percent && *percent >= 0 && *percent <= 100 ? std::optional{*percent / 100} : std::nullopt;
}

std::string duration_text(std::chrono::milliseconds of) {
  constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
      {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
  for (const auto& [name, factor] : units)
    if (of.count() != 0 && of.count() % factor == 0)
      return std::to_string(of.count() / factor) + std::string{name};
  return "0ms";
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<std::pair<std::string_view, unsigned>, 4> units{
      {{"TiB", 40}, {"GiB", 30}, {"MiB", 20}, {"KiB", 10}}};
  for (const auto& [name, shift] : units)
    if (bytes != 0 && bytes % (std::uint64_t{1} << shift) == 0)
      return std::to_string(bytes >> shift) + std::string{name};
  return std::to_string(bytes);
}

} // namespace weir::config
