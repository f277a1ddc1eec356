#include "core/cluster/contest_rules.hpp"

#include "core/base/fingerprint.hpp"
#include "core/batch/made_columns.hpp"
#include "core/cluster/prediction_drift.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::core {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double share(double part, std::uint64_t of) {
  return of == 0 ? unknown : part / static_cast<double>(of);
}

struct side_column {
  contest_column champion;
  contest_column challenger;
  double (*read)(const contest_side&);
};

constexpr std::array side_columns{
    side_column{{"champion.rows", "records that it was given"},
                {"challenger.rows", "records that it was given"},
                [](const contest_side& s) { return static_cast<double>(s.rows); }},
    side_column{{"champion.refused", "share of these for which it has no result"},
                {"challenger.refused", "share of these for which it has no result"},
                [](const contest_side& s) { return share(static_cast<double>(s.refused), s.rows); }},
    side_column{{"champion.latency_us", "microseconds a record"},
                {"challenger.latency_us", "microseconds a record"},
                [](const contest_side& s) { return share(static_cast<double>(s.nanoseconds) / 1000, s.rows); }},
    side_column{{"champion.truths", "records whose true value is known"},
                {"challenger.truths", "records whose true value is known"},
                [](const contest_side& s) { return static_cast<double>(s.truths); }},
    side_column{{"champion.rmse", "root mean squared error"},
                {"challenger.rmse", "root mean squared error"},
                [](const contest_side& s) { return std::sqrt(share(s.square_error, s.truths)); }},
    side_column{{"champion.mae", "mean absolute error"},
                {"challenger.mae", "mean absolute error"},
                [](const contest_side& s) { return share(s.absolute_error, s.truths); }},
    side_column{{"champion.accuracy", "share of right labels"},
                {"challenger.accuracy", "share of right labels"},
                [](const contest_side& s) { return share(static_cast<double>(s.correct), s.truths); }},
};

constexpr contest_column disagreement{"disagreement", "share of the records for which both say something else"};
constexpr contest_column difference{"difference", "mean absolute difference of what both say"};

/// Behind those of the contest.
constexpr std::array drift_columns{
    contest_column{"prediction.drifts", "1 where what is predicted drifts, over the whole stream; else 0"},
    contest_column{"prediction.drift_percent", "how much of it lies elsewhere than in its baseline"},
};

constexpr auto all_columns = [] {
  std::array<contest_column, 2 * side_columns.size() + 2> all{};
  for (std::size_t i = 0; i < side_columns.size(); ++i) {
    all[i] = side_columns[i].champion;
    all[side_columns.size() + i] = side_columns[i].challenger;
  }
  all[all.size() - 2] = disagreement;
  all[all.size() - 1] = difference;
  return all;
}();

std::uint64_t seen_by_both(const contest_figures& figures) {
  const auto truths = std::min(figures.champion.truths, figures.challenger.truths);
  return truths > 0 ? truths : std::min(figures.champion.rows, figures.challenger.rows);
}

std::string name_of(const chosen_model& model) {
  return "'" + model.path + "' (" + model.digest.substr(0, 8) + ")";
}

} // namespace

layout contest_columns() {
  layout columns;
  for (const auto& column : all_columns)
    columns.add({std::string{column.name}, column_type::float64});
  for (const auto& column : drift_columns)
    columns.add({std::string{column.name}, column_type::float64});
  return columns;
}

std::span<const contest_column> contest_column_table() noexcept {
  return all_columns;
}

std::vector<double> contest_values(const contest_figures& figures) {
  std::vector<double> values;
  for (const auto& side : {figures.champion, figures.challenger})
    for (const auto& column : side_columns)
      values.push_back(column.read(side));
  values.push_back(share(static_cast<double>(figures.different), figures.compared));
  values.push_back(share(figures.absolute_difference, figures.compared));
  return values;
}

prediction_drift drift_of(const drift_standing& stream, std::string_view step) noexcept {
  const auto found = std::find_if(stream.columns.begin(), stream.columns.end(),
                                  [&](const auto& column) { return column.name == step; });
  if (found == stream.columns.end())
    return {};
  return {found->is_drift ? 1.0 : 0.0, found->verdict.drift_percent};
}

bool is_about_drift(const contest_rule& rule) {
  std::vector<column_id> used;
  rule.condition.collect_columns(used);
  return std::any_of(used.begin(), used.end(), [](auto id) { return id >= all_columns.size(); });
}

std::optional<contest_decision> judge(const contest_rule& rule, const model_choice& choice,
                                      const contest_figures& figures) {
  return judge(rule, choice, figures, {});
}

std::optional<contest_decision> judge(const contest_rule& rule, const model_choice& choice,
                                      const contest_figures& figures, const prediction_drift& drift) {
  const auto* chosen = choice.of(rule.step, model_role::challenger);
  const auto challenger = chosen != nullptr ? std::optional{*chosen} : rule.challenger;
  if (!challenger || challenger->path.empty() || seen_by_both(figures) < rule.over)
    return std::nullopt;
  auto values = contest_values(figures);
  values.push_back(drift.drifts);
  values.push_back(drift.drift_percent);
  const auto is_true = rule.condition.evaluate(one_record(values));
  if (is_true->is_null(0) || is_true->i64[0] == 0)
    return std::nullopt;
  contest_decision made;
  auto& wish = made.wish;
  // The same decision about the same contest is one wish.
  const auto text = rule.step + (rule.promotes ? " promote " : " rollback ") + std::to_string(choice.number);
  wish.id = fingerprint(text) + (std::uint64_t{fingerprint("." + text)} << 32);
  chosen_model none;
  none.step = rule.step;
  none.role = model_role::challenger;
  none.named = challenger->named;
  none.is_pinned = true;
  wish.models.push_back(none);
  if (rule.promotes) {
    auto champion = *challenger;
    champion.role = model_role::champion;
    champion.named = rule.champion;
    champion.canary = 0;
    champion.is_pinned = true;
    wish.models.push_back(champion);
  }
  made.summary = "infer." + rule.step + ": " + "the challenger " + name_of(*challenger)
                 + (rule.promotes ? " takes the champion's place: " : " is taken away: ") + rule.when;
  return made;
}

} // namespace weir::core
