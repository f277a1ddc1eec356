#include "models/online/adaptive_random_forest.hpp"

#include "models/online/random_forest_state.hpp"
#include "tests/models/online/drifting_series.hpp"

#include <cmath>

namespace weir::models::online {
namespace {

using test::drifting_series;
using test::trained;

learner_ptr forest_of(const std::string& kind, const adaptive_random_forest& how) {
  auto trees = regression_tree_of_forest;
  trees.max_leaves = 256; // river's trees grow without a bound
  return kind == "classifier" ? adaptive_random_forest_classifier(6, class_list{8}, how, tree_of_forest)
                              : adaptive_random_forest_regressor(6, true, how, forest_aggregation::median, trees);
}

constexpr int seeds = 5;

/// Accuracy, or mean absolute error, of what was said of each row before it was learned.
struct figures {
  weighted_moments all{};  ///< of forests of several seeds
  weighted_moments last{}; ///< the same of the last 1,000 rows
};

figures figures_of(const std::string& kind, const test::numbers& series) {
  figures found;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    trained model{forest_of(kind, {.seed = seed})};
    model.learn_without_checks(series);
    EXPECT_EQ(model.learned, series.size());
    double all = 0, last = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      const auto figure = kind == "classifier" ? (model.said[i] == series.labels[i] ? 1.0 : 0.0)
                                               : std::abs(model.predicted[i] - series.truth[i]);
      all += figure;
      last += i + 1000 < series.size() ? 0 : figure;
    }
    found.all = found.all.with(all / static_cast<double>(series.size()), 1);
    found.last = found.last.with(last / 1000, 1);
  }
  return found;
}

/// Two standard errors of the difference of two means over the seeds, river's being spread as ours.
double doubt(const weighted_moments& ours) {
  return 2 * std::sqrt(2 * ours.variance() / seeds);
}

TEST(adaptive_random_forest_test, is_as_right_as_rivers_on_series_that_stay_and_that_change) {
  const auto lines = weir::test::read_stream("forests.csv");
  ASSERT_EQ(lines.size(), 7u);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto &kind = lines[i][0], &name = lines[i][1];
    SCOPED_TRACE(kind + " " + name);
    const auto river = [&](std::size_t field) { return std::stod(lines[i][field]); };
    const auto [all, last] = figures_of(kind, drifting_series(name));
    RecordProperty(kind + "_" + name, std::to_string(all.mean) + " " + std::to_string(last.mean));
    if (kind == "classifier") {
      EXPECT_GT(all.mean, river(2) - 0.02);
      EXPECT_GT(last.mean, river(3) - 0.02);
    } else { // which inputs a leaf looks at makes more of a difference here
      EXPECT_LT(all.mean, river(2) * 1.05 + doubt(all));
      EXPECT_LT(last.mean, river(3) * 1.05 + doubt(last));
    }
  }
}

/// The share of rows from `begin` to `end` that were told rightly.
double accuracy(const trained& model, const test::numbers& series, std::size_t begin, std::size_t end) {
  double right = 0;
  for (auto i = begin; i < end; ++i)
    right += model.said[i] == series.labels[i] ? 1 : 0;
  return right / static_cast<double>(end - begin);
}

test::numbers part_of(const test::numbers& of, std::size_t begin, std::size_t end) {
  const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  return {.inputs = of.inputs,
          .rows = {of.rows.begin() + at(begin * of.inputs), of.rows.begin() + at(end * of.inputs)},
          .truth = {of.truth.begin() + at(begin), of.truth.begin() + at(end)},
          .labels = {of.labels.begin() + at(begin), of.labels.begin() + at(end)}};
}

TEST(adaptive_random_forest_test, is_soon_as_right_after_a_change_as_one_that_never_knew_what_was_before) {
  const auto series = drifting_series("abrupt");
  const auto changed = part_of(series, 3000, 6000);
  trained tree{hoeffding_tree_classifier(6, class_list{8}, {})};
  tree.learn_without_checks(series);
  double at_once = 0, later = 0, last = 0, last_of_fresh = 0;
  for (std::uint32_t seed = 1; seed <= seeds; ++seed) {
    trained forest{forest_of("classifier", {.seed = seed})}, fresh{forest_of("classifier", {.seed = seed})};
    forest.learn_without_checks(series);
    fresh.learn_without_checks(changed);
    at_once += accuracy(forest, series, 3000, 3050) / seeds;
    later += accuracy(forest, series, 3200, 4000) / seeds;
    last += accuracy(forest, series, 5000, 6000) / seeds;
    last_of_fresh += accuracy(fresh, changed, 2000, 3000) / seeds;
  }
  EXPECT_LT(at_once, 0.6);
  EXPECT_GT(last, last_of_fresh - 0.02);
  EXPECT_GT(later, accuracy(tree, series, 3200, 4000) + 0.1);
}

TEST(adaptive_random_forest_test, replaces_nearly_each_tree_soon_after_a_change) {
  trained model{forest_of("classifier", {})};
  const auto drifts = [&] { return read_words<forest_layout::head>(model.bytes(), 0).drifts; };
  const auto series = drifting_series("abrupt");
  model.learn_without_checks(part_of(series, 0, 2700));
  const auto at_first = drifts();
  model.learn_without_checks(part_of(series, 2700, 3000));
  const auto before = drifts();
  model.learn_without_checks(part_of(series, 3000, 3300));
  EXPECT_GE(drifts() - before, 8u);
  EXPECT_LE(before - at_first, 2u); // as many rows without a change
}

TEST(adaptive_random_forest_test, is_the_same_for_the_same_seed_and_another_for_another) {
  const auto series = drifting_series("gradual");
  trained one{forest_of("regressor", {.seed = 4})}, same{forest_of("regressor", {.seed = 4})},
      other{forest_of("regressor", {.seed = 5})};
  one.learn(series, 1000);
  same.learn_without_checks(series);
  other.learn_without_checks(series);
  EXPECT_EQ(one.predicted, same.predicted);
  EXPECT_NE(one.predicted, other.predicted);
}

TEST(adaptive_random_forest_test, stays_within_its_bound_of_leaves_through_many_replacements) {
  auto series = drifting_series("stationary");
  for (std::size_t i = 0; i < series.size(); ++i)
    if (i / 700 % 2 == 1) // changes to and fro
      series.labels[i] = series.labels[i] == "a" ? "b" : "a";
  const hoeffding_tree small{.grace_period = 20, .delta = 0.1, .tau = 0.3, .max_leaves = 5};
  const auto learner = adaptive_random_forest_classifier(6, class_list{3}, {.n_models = 4}, small);
  trained model{learner};
  model.learn(series, 97);
  EXPECT_LE(model.bytes().size(), learner->most_size());
  const auto head = read_words<forest_layout::head>(model.bytes(), 0);
  EXPECT_GT(head.drifts, 8u);
  EXPECT_LE(head.used, 2u * 4 * 5);
}

} // namespace
} // namespace weir::models::online
