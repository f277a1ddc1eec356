#include "cli/report/drift_page.hpp"

#include "cli/measures.hpp"
#include "cli/report/chart.hpp"
#include "cli/report/markup.hpp"
#include "cli/report/page.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <utility>

namespace weir::cli {

namespace {

constexpr std::size_t most_categories = 12;
constexpr std::size_t steps = 32; ///< of a distribution of numbers
const std::array<std::string, 2> legend{"baseline", "data"};

std::vector<double> shares_of(std::span<const std::uint64_t> counts) {
  const auto sum = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  std::vector<double> made;
  for (const auto count : counts)
    made.push_back(sum > 0 ? static_cast<double>(count) / sum : 0);
  return made;
}

/// Shares of steps as a line that goes up and down between them.
std::vector<models::curve_point> outline(std::span<const double> edges, std::span<const double> shares) {
  std::vector<models::curve_point> made{{edges.front(), 0}};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    made.push_back({edges[i], shares[i]});
    made.push_back({edges[i + 1], shares[i]});
  }
  made.push_back({edges.back(), 0});
  return made;
}

std::string picture_of_outlines(const std::string& name, const std::string& what, std::span<const double> edges,
                                const std::array<std::vector<double>, 2>& shares, const std::string& of_y) {
  std::vector<double> heights{0};
  for (const auto& one : shares)
    heights.insert(heights.end(), one.begin(), one.end());
  auto y = axis_over(of_y, heights);
  y.from = 0;
  chart made{what + " of " + name + " before and after", axis_over(name, edges), y};
  for (std::size_t i = 0; i < 2; ++i)
    made.add_line(outline(edges, shares[i]), i);
  return figure(what, made.svg(), legend);
}

/// Between the ends of both but for their outermost hundredth, by what sketches hold.
std::string picture_of_values(const std::string& name, const core::quantile_sketch& before,
                              const core::quantile_sketch& after) {
  const auto least = std::min(before.quantile(0.005), after.quantile(0.005));
  auto most = std::max(before.quantile(0.995), after.quantile(0.995));
  if (!(most > least))
    most = least + 1;
  std::vector<double> edges;
  for (std::size_t i = 0; i <= steps; ++i)
    edges.push_back(std::lerp(least, most, static_cast<double>(i) / steps));
  std::array<std::vector<double>, 2> shares;
  for (std::size_t s = 0; s < 2; ++s) {
    const auto ranks = (s == 0 ? before : after).cdf(edges);
    for (std::size_t i = 0; i < steps; ++i)
      shares[s].push_back(ranks[i + 1] - (i == 0 ? 0 : ranks[i]));
  }
  return picture_of_outlines(name, "Values", edges, shares, "share");
}

/// Bins of a card have no ends: they stand side by side, each as wide as the others.
std::string picture_of_bins(const std::string& name, const core::number_monitor& of) {
  const auto bins = of.edges().size() + 1;
  std::vector<double> edges;
  for (std::size_t i = 0; i <= bins; ++i)
    edges.push_back(static_cast<double>(i));
  return picture_of_outlines(
      "bins of " + name, "Bins of the baseline", edges,
      {shares_of(std::span{of.baseline().counts}.first(bins)), shares_of(std::span{of.window().counts}.first(bins))},
      "share");
}

std::string picture_of_categories(const std::string& name, const core::category_monitor& of) {
  const auto before = shares_of(std::span{of.baseline().counts}.first(of.categories() + 1));
  const auto after = shares_of(of.counts());
  std::vector<named_pair> all;
  for (std::size_t i = 0; i < of.categories(); ++i)
    all.push_back({std::string{of.name(i)}, before[i], after[i]});
  std::stable_sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    return std::max(one.before, one.after) > std::max(other.before, other.after);
  });
  named_pair others{"all others", before.back(), after.back()};
  for (; all.size() > most_categories; all.pop_back()) {
    others.before += all.back().before;
    others.after += all.back().after;
  }
  if (others.before > 0 || others.after > 0)
    all.push_back(others);
  return figure("Categories", lying_pairs("shares of " + name + " before and after", all), legend);
}

std::string picture_of(const reported_column& column) {
  const auto* numbers = column.monitor.numbers();
  if (numbers == nullptr)
    return picture_of_categories(column.name, *column.monitor.texts());
  const auto &before = numbers->baseline().sketch, &after = numbers->window().sketch;
  return before.count() > 0 && after.count() > 0 ? picture_of_values(column.name, before, after)
                                                 : picture_of_bins(column.name, *numbers);
}

std::string percent(double share) {
  return shown(100 * share) + " %";
}

/// Count, nulls and, of numbers, mean and deviation.
std::string figures_of(const reported_column& column) {
  std::vector<std::vector<std::string>> rows{{"", "baseline", "data"}};
  const auto add = [&](std::string name, std::string before, std::string after) {
    rows.push_back({std::move(name), std::move(before), std::move(after)});
  };
  const auto add_counts = [&](const auto& before, const auto& after) {
    const auto nulls = [](const auto& of) {
      return of.records == 0 ? std::string{"-"}
                             : percent(static_cast<double>(of.nulls) / static_cast<double>(of.records));
    };
    add("rows", before.records == 0 ? "-" : std::to_string(before.records), std::to_string(after.records));
    add("nulls", nulls(before), nulls(after));
  };
  if (const auto* numbers = column.monitor.numbers()) {
    add_counts(numbers->baseline(), numbers->window());
    const auto &before = numbers->baseline().moments, &after = numbers->window().moments;
    add("mean", shown(before.mean), shown(after.mean));
    add("deviation", shown(std::sqrt(before.variance())), shown(std::sqrt(after.variance())));
  } else {
    add_counts(column.monitor.texts()->baseline(), column.monitor.texts()->window());
  }
  return table(rows);
}

std::string methods_of(const reported_column& column) {
  std::vector<std::vector<std::string>> rows{{"method", "statistic", "p"}};
  for (const auto& one : column.verdict.methods)
    rows.push_back({std::string{core::name_of(one.method)}, shown(one.statistic), shown(one.p_value)});
  return table(rows);
}

std::string section_of(const reported_column& column) {
  const auto note = std::string{column.is_drift ? "Drifts: " : ""} + shown(column.verdict.drift_percent)
                    + " % lie elsewhere, " + shown(column.verdict.chance_percent) + " % by chance; p "
                    + shown(column.adjusted_p_value) + " among all columns.";
  const std::vector<std::string> parts{picture_of(column),
                                       "<div>" + methods_of(column) + figures_of(column) + "</div>\n"};
  return section(column.name, note, figures(parts));
}

std::string overview(const drift_report& of) {
  std::vector<std::vector<std::string>> rows{{"column", "drifts", "drift %", "by chance", "p"}};
  for (const auto& column : of.columns)
    rows.push_back({column.name, column.is_drift ? "yes" : "no", shown(column.verdict.drift_percent),
                    shown(column.verdict.chance_percent), shown(column.adjusted_p_value)});
  std::string left_out;
  for (const auto& name : of.left_out)
    left_out += (left_out.empty() ? " Not compared, since one of both lacks them: " : ", ") + name;
  return section("Columns",
                 "A column drifts where p is at most " + shown(of.alpha)
                     + ": then at most that share of those told so is told falsely (Benjamini and Hochberg)."
                     + (left_out.empty() ? "" : left_out + "."),
                 table(rows));
}

} // namespace

std::string drift_page(const drift_report& of) {
  auto body = "<h1>" + std::to_string(of.drifting()) + " of " + std::to_string(of.columns.size())
              + " columns drift</h1>\n<p class=\"note\">"
              + escaped(std::to_string(of.rows) + " rows of " + of.data + " against "
                        + (of.baseline_rows > 0 ? std::to_string(of.baseline_rows) + " of " : "") + of.baseline)
              + "</p>\n" + overview(of);
  for (const auto& column : of.columns)
    body += section_of(column);
  return page("drift of " + of.data, body);
}

} // namespace weir::cli
