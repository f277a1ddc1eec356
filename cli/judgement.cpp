#include "cli/judgement.hpp"

#include "cli/measures.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace weir::cli {

namespace {

constexpr std::size_t most_slices = 50;

void add_slices(const judged_rows& rows, judgement& into) {
  std::vector<std::vector<std::size_t>> rows_of(rows.slices.size());
  for (std::size_t row = 0; row < rows.slice_of.size(); ++row)
    rows_of[rows.slice_of[row]].push_back(row);
  std::vector<std::size_t> order(rows_of.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return rows_of[a].size() != rows_of[b].size() ? rows_of[a].size() > rows_of[b].size()
                                                  : rows.slices[a] < rows.slices[b];
  });
  into.other_slices = order.size() - std::min(order.size(), most_slices);
  order.resize(order.size() - into.other_slices);
  for (const auto slice : order)
    into.slices.push_back({rows.slices[slice], rows_of[slice].size(), measure(rows, rows_of[slice])});
}

std::vector<double> values_of(const metrics& measured) {
  std::vector<double> made;
  for (const auto& one : measures_of(measured))
    made.push_back(one.value);
  return made;
}

} // namespace

judgement judge_model(const judged_rows& rows, std::size_t samples, std::uint64_t random_state) {
  judgement made{measure(rows), {}, {}, 0};
  const auto again = [&](std::span<const std::size_t> drawn) { return values_of(measure(rows, drawn)); };
  if (samples > 0)
    made.intervals = models::bootstrap(rows.rows(), samples, random_state, measures_of(made.measured).size(), again);
  add_slices(rows, made);
  return made;
}

std::vector<models::named_measure> main_measures(const metrics& of) {
  constexpr std::array<std::string_view, 6> main{"rmse", "mae", "r2", "accuracy", "macro_f1", "roc_auc"};
  auto made = measures_of(of);
  std::erase_if(made, [&](const auto& one) { return std::find(main.begin(), main.end(), one.name) == main.end(); });
  return made;
}

std::vector<std::vector<std::string>> rows_of_slices(const judgement& of, const std::string& by) {
  std::vector<std::vector<std::string>> rows{{by, "rows"}};
  for (const auto& one : main_measures(of.measured))
    rows.front().emplace_back(title_of(one.name));
  for (const auto& slice : of.slices) {
    rows.push_back({slice.value.empty() ? "(empty)" : slice.value, std::to_string(slice.rows)});
    for (const auto& one : main_measures(slice.measured))
      rows.back().push_back(shown(one.value));
  }
  return rows;
}

} // namespace weir::cli
