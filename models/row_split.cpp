#include "models/row_split.hpp"

#include "models/seeds.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace weir::models {

namespace {

using rows_of_data = std::vector<std::size_t>;

rows_of_data in_random_order(std::span<const std::uint64_t> hashes, std::uint64_t seed) {
  std::vector<std::uint64_t> keys(hashes.size());
  std::transform(hashes.begin(), hashes.end(), keys.begin(), [&](auto hash) { return seed_of(hash, seed); });
  rows_of_data order(hashes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Rows of one hash are the same, so it does not matter which comes first.
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return keys[a] < keys[b]; });
  return order;
}

/// The rows of each class, in the order that they have; all together where there are no classes.
std::map<double, rows_of_data> by_class(const rows_of_data& order, std::span<const double> classes) {
  std::map<double, rows_of_data> made;
  for (const auto row : order)
    made[classes.empty() ? 0 : classes[row]].push_back(row);
  return made;
}

struct part_counts {
  std::size_t test;
  std::size_t held;
};

part_counts counts_of(std::size_t rows, part_sizes sizes) {
  const auto part = [&](double share) {
    return static_cast<std::size_t>(std::ceil(static_cast<double>(rows) * share));
  };
  const auto test = std::min(part(sizes.test), rows);
  return {test, std::min(part(sizes.holdout), rows - test)};
}

/// Of several groups, together in the order of `order`.
void restore_order(rows_of_data& rows, const rows_of_data& order) {
  rows_of_data place(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    place[order[i]] = i;
  std::sort(rows.begin(), rows.end(), [&](auto a, auto b) { return place[a] < place[b]; });
}

} // namespace

row_split split_by_hash(std::span<const std::uint64_t> hashes, std::span<const double> classes, part_sizes sizes,
                        std::uint64_t seed) {
  const auto order = in_random_order(hashes, seed);
  row_split made;
  for (const auto& [label, rows] : by_class(order, classes)) {
    const auto [test, held] = counts_of(rows.size(), sizes);
    for (std::size_t i = 0; i < rows.size(); ++i)
      (i < test ? made.test : i < test + held ? made.held : made.train).push_back(rows[i]);
  }
  for (auto* part : {&made.train, &made.test, &made.held})
    restore_order(*part, order);
  return made;
}

row_split split_by_time(std::span<const double> times, std::span<const std::uint64_t> hashes, part_sizes sizes) {
  auto order = in_random_order(hashes, 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return times[a] < times[b]; });
  const auto [test, held] = counts_of(order.size(), sizes);
  const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
  const auto train = order.size() - test - held;
  return {{at(0), at(train)}, {at(train), at(train + test)}, {at(train + test), order.end()}};
}

std::vector<row_split> fold_by_hash(std::span<const std::uint64_t> hashes, std::span<const double> classes,
                                    std::size_t folds, std::uint64_t seed) {
  const auto order = in_random_order(hashes, seed);
  std::vector<std::size_t> fold_of(order.size());
  std::size_t next = 0; // goes on from class to class, so that folds differ by a row at most
  for (const auto& [label, rows] : by_class(order, classes))
    for (const auto row : rows)
      fold_of[row] = next++ % folds;
  std::vector<row_split> made(folds);
  for (const auto row : order)
    for (std::size_t fold = 0; fold < folds; ++fold)
      (fold == fold_of[row] ? made[fold].test : made[fold].train).push_back(row);
  return made;
}

std::vector<row_split> fold_by_time(std::span<const double> times, std::span<const std::uint64_t> hashes,
                                    std::size_t folds) {
  const auto order = split_by_time(times, hashes, {}).train;
  const auto part = order.size() / (folds + 1);
  std::vector<row_split> made;
  for (auto begin = order.size() - folds * part; begin < order.size(); begin += part) {
    const auto at = [&](std::size_t i) { return order.begin() + static_cast<std::ptrdiff_t>(i); };
    made.push_back({{at(0), at(begin)}, {at(begin), at(begin + part)}, {}});
  }
  return made;
}

} // namespace weir::models
