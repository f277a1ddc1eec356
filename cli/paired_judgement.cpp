#include "cli/paired_judgement.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::cli {

namespace {

/// Where the rows that both have stand in each.
struct shared_rows {
  std::vector<std::size_t> in_first;
  std::vector<std::size_t> in_second;
};

shared_rows find_shared(const judged_rows& first, const judged_rows& second) {
  shared_rows made;
  for (std::size_t a = 0, b = 0; a < first.lines.size() && b < second.lines.size();) {
    if (first.lines[a] == second.lines[b]) {
      made.in_first.push_back(a);
      made.in_second.push_back(b);
    }
    const bool first_is_behind = first.lines[a] <= second.lines[b];
    const bool second_is_behind = second.lines[b] <= first.lines[a];
    a += first_is_behind ? 1 : 0;
    b += second_is_behind ? 1 : 0;
  }
  return made;
}

std::vector<std::size_t> pick(const std::vector<std::size_t>& from, std::span<const std::size_t> which) {
  std::vector<std::size_t> made;
  made.reserve(which.size());
  for (const auto at : which)
    made.push_back(from[at]);
  return made;
}

bool is_better_when_larger(std::string_view measure) {
  constexpr std::array<std::string_view, 7> gains{"r2",       "accuracy", "macro_precision", "macro_recall",
                                                  "macro_f1", "roc_auc",  "pr_auc"};
  return std::find(gains.begin(), gains.end(), measure) != gains.end();
}

better_model better_of(std::string_view measure, const models::interval& difference) {
  if (!(difference.low > 0 || difference.high < 0)) // NaN too
    return better_model::neither;
  return (difference.low > 0) == is_better_when_larger(measure) ? better_model::second : better_model::first;
}

paired_difference difference_of(const judged_rows& first, const judged_rows& second, const shared_rows& shared) {
  paired_difference made;
  const auto count = static_cast<double>(shared.in_first.size());
  for (std::size_t i = 0; i < shared.in_first.size(); ++i) {
    const auto a = shared.in_first[i], b = shared.in_second[i];
    if (first.has_classes()) {
      const auto differs = first.labels[first.predicted_class[a]] != second.labels[second.predicted_class[b]];
      made.disagreement += differs ? 1 / count : 0;
      continue;
    }
    const auto apart = std::abs(first.predicted[a] - second.predicted[b]);
    made.disagreement += apart > 0 ? 1 / count : 0;
    made.difference += apart / count;
    made.largest = std::max(made.largest, apart);
  }
  if (first.has_classes())
    made.difference = made.largest = std::numeric_limits<double>::quiet_NaN();
  return made;
}

} // namespace

core::result<paired_judgement> judge_pair(const judged_rows& first, const judged_rows& second, std::size_t samples,
                                          std::uint64_t random_state) {
  if (first.has_classes() != second.has_classes())
    return core::fail("one model predicts classes and the other values");
  const auto shared = find_shared(first, second);
  const auto count = shared.in_first.size();
  if (count == 0)
    return core::fail("there is no row that both models could be judged by");
  paired_judgement made{count, first.rows() + second.rows() - 2 * count, difference_of(first, second, shared), {}};
  if (!first.has_truth() || !second.has_truth())
    return made;
  const auto of_first = measures_of(measure(first, shared.in_first));
  const auto of_second = measures_of(measure(second, shared.in_second));
  constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<models::interval> intervals(of_first.size(), {nan, nan});
  const auto differences = [&](std::span<const std::size_t> drawn) {
    const auto a = measures_of(measure(first, pick(shared.in_first, drawn)));
    const auto b = measures_of(measure(second, pick(shared.in_second, drawn)));
    std::vector<double> apart;
    for (std::size_t i = 0; i < a.size(); ++i)
      apart.push_back(b[i].value - a[i].value);
    return apart;
  };
  if (samples > 0)
    intervals = models::bootstrap(count, samples, random_state, of_first.size(), differences);
  for (std::size_t i = 0; i < of_first.size(); ++i)
    made.measures.push_back({of_first[i].name, of_first[i].value, of_second[i].value, intervals[i],
                             better_of(of_first[i].name, intervals[i])});
  return made;
}

} // namespace weir::cli
