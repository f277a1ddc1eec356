#include "models/kinds/option_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace weir::models {

namespace {

/// In [0, 1).
double uniform(std::mt19937_64& random) {
  constexpr int mantissa = 53;
  return std::ldexp(static_cast<double>(random() >> (64 - mantissa)), -mantissa);
}

std::string draw(const option_range& range, std::mt19937_64& random) {
  const auto share = uniform(random);
  if (range.is_log) {
    const auto value = range.from * std::pow(range.to / range.from, share);
    return range.is_whole ? detail::text_of(static_cast<std::uint64_t>(std::llround(value))) : detail::text_of(value);
  }
  if (range.is_whole)
    return detail::text_of(static_cast<std::uint64_t>(range.from + std::floor((range.to - range.from + 1) * share)));
  return detail::text_of(range.from + (range.to - range.from) * share);
}

} // namespace

std::size_t grid_size(std::span<const option_choice> choices) noexcept {
  constexpr auto most = std::numeric_limits<std::size_t>::max();
  std::size_t size = 1;
  for (const auto& choice : choices)
    size = choice.values.size() > 0 && size > most / choice.values.size() ? most : size * choice.values.size();
  return size;
}

std::vector<option_texts> grid_of(std::span<const option_choice> choices) {
  std::vector<option_texts> all{{}};
  for (const auto& choice : choices) {
    std::vector<option_texts> longer;
    for (const auto& one : all)
      for (const auto& value : choice.values)
        longer.emplace_back(one)[choice.name] = value;
    all = std::move(longer);
  }
  return all;
}

std::vector<option_texts> draw_options(std::span<const option_choice> choices, std::size_t trials, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::vector<option_texts> drawn;
  for (std::size_t i = 0; i < trials; ++i) {
    option_texts one;
    for (const auto& choice : choices)
      one[choice.name] = choice.range ? draw(*choice.range, random) : choice.values[random() % choice.values.size()];
    if (std::find(drawn.begin(), drawn.end(), one) == drawn.end())
      drawn.push_back(std::move(one));
  }
  return drawn;
}

} // namespace weir::models
