#include "core/keyed/state_share.hpp"

#include <algorithm>
#include <numeric>

namespace weir::core {

namespace {

std::uint64_t least_of_all(std::span<const state_need> tables) {
  return std::accumulate(tables.begin(), tables.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const state_need& table) { return sum + table.least; });
}

} // namespace

std::uint64_t state_of_a_lane(std::uint64_t limit, int partitions) noexcept {
  return std::min(limit / static_cast<std::uint64_t>(std::max(partitions, 1)), most_state_of_a_lane);
}

// In the order of what they can use, so that what one leaves is known when the next takes its even share.
std::vector<std::uint64_t> share_state(std::span<const state_need> tables, std::uint64_t bytes) {
  std::vector<std::size_t> order(tables.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return tables[a].most - std::min(tables[a].least, tables[a].most)
           < tables[b].most - std::min(tables[b].least, tables[b].most);
  });
  const auto least = least_of_all(tables);
  auto left = bytes > least ? bytes - least : 0;
  std::vector<std::uint64_t> shares(tables.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& table = tables[order[i]];
    const auto more = std::min(table.most - std::min(table.least, table.most), left / (order.size() - i));
    shares[order[i]] = table.least + more;
    left -= more;
  }
  return shares;
}

result<void> check_state(std::span<const state_need> tables, std::uint64_t bytes) {
  const auto least = least_of_all(tables);
  if (least <= bytes)
    return {};
  const auto largest =
      std::max_element(tables.begin(), tables.end(), [](const auto& a, const auto& b) { return a.least < b.least; });
  return fail("the state of one lane needs " + std::to_string(least) + " bytes at least ('" + largest->name + "' "
                  + std::to_string(largest->least) + "), and its share of state.memory_limit is "
                  + std::to_string(bytes),
              {}, "raise state.memory_limit, or let the steps remember less");
}

} // namespace weir::core
