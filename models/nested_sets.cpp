#include "models/nested_sets.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models {

namespace {

bool are_small_whole_numbers(const std::vector<double>& set) {
  return std::all_of(set.begin(), set.end(),
                     [](double x) { return x >= 0 && x <= set_chains::most && std::trunc(x) == x; });
}

/// What is in the set and has no code yet gets one.
void append(const std::vector<double>& set, nested_sets& to) {
  const auto none = static_cast<std::uint16_t>(to.count + 1);
  const auto size = set.empty() ? 1 : static_cast<std::size_t>(set.back()) + 2;
  for (auto& code : to.codes)
    code = code == to.count ? none : code;
  to.codes.resize(std::max(to.codes.size(), size), none);
  for (const auto x : set) {
    auto& code = to.codes[static_cast<std::size_t>(x)];
    code = code == none ? static_cast<std::uint16_t>(to.count) : code;
  }
  ++to.count;
}

} // namespace

std::optional<set_chains> set_chains::make(std::vector<std::vector<double>> sets) {
  if (!std::all_of(sets.begin(), sets.end(), are_small_whole_numbers))
    return std::nullopt;
  std::sort(sets.begin(), sets.end(),
            [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  constexpr std::size_t longest = 32'000; // codes of a chain
  set_chains made;
  std::vector<const std::vector<double>*> largest; // of each chain
  for (const auto& set : sets) {
    const auto holds = [&](const std::vector<double>* other) {
      return std::includes(set.begin(), set.end(), other->begin(), other->end());
    };
    auto chain = static_cast<std::size_t>(std::find_if(largest.begin(), largest.end(), holds) - largest.begin());
    if (chain == largest.size() || made.chains_[chain].count == longest) {
      chain = largest.size();
      largest.push_back(&set);
      made.chains_.emplace_back();
    }
    largest[chain] = &set;
    made.places_[set] = {chain, made.chains_[chain].count};
    append(set, made.chains_[chain]);
  }
  return made;
}

} // namespace weir::models
