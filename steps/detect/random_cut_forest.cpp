#include "models/online/random_cut_forest.hpp"

#include "steps/detect/outlier_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::random_cut_options;

struct random_cut_forest_settings {
  outlier_columns columns;
  random_cut_options how;
};

constexpr auto random_cut_forest_fields = join(
    std::array{
        field<&random_cut_forest_settings::columns, &outlier_columns::inputs>("random_cut_forest", inputs_help,
                                                                              required),
        field<&random_cut_forest_settings::how, &random_cut_options::n_trees>("n_trees", "trees", between(1, 1000)),
        field<&random_cut_forest_settings::how, &random_cut_options::sample_size>(
            "sample_size", "rows that a tree holds", between(2, 4096)),
        field<&random_cut_forest_settings::how, &random_cut_options::window_size>(
            "window_size", "how many rows a row stays in a tree on the mean", between(2, 1'000'000)),
        field<&random_cut_forest_settings::how, &random_cut_options::seed>("seed", "of all that is random")},
    judgement_fields<&random_cut_forest_settings::columns, &outlier_columns::common>);

void complete(random_cut_forest_settings& s, yaml_section& from) {
  complete_detection(s.columns.common, from);
}

void bind(const random_cut_forest_settings& s, binding& into) {
  bind_outlier_detector(
      s.columns, "random_cut_forest",
      "n_trees " + std::to_string(s.how.n_trees) + " sample_size " + std::to_string(s.how.sample_size) + " window_size "
          + std::to_string(s.how.window_size) + " seed " + std::to_string(s.how.seed),
      [&](std::size_t inputs) { return models::online::random_cut_forest(inputs, s.how); }, into);
}

} // namespace

constexpr step_kind random_cut_forest = make_kind<random_cut_forest_settings, random_cut_forest_fields, bind, complete>(
    "random_cut_forest", "rows whose presence would make others deeper in trees of random cuts (Guha et al. 2016)",
    "{ random_cut_forest: [Amount, Age], as: unusual, score: unusual_score }");

} // namespace weir::steps
