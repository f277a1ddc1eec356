#include "models/online/adaptive_random_forest.hpp"

#include "steps/infer/online_step.hpp"
#include "steps/infer/tree_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::models::online {

constexpr std::array<std::pair<std::string_view, forest_aggregation>, 2> forest_aggregation_words{{
    {"mean", forest_aggregation::mean},
    {"median", forest_aggregation::median},
}};
constexpr config::words<forest_aggregation> words_for(std::type_identity<forest_aggregation>) {
  return forest_aggregation_words;
}

} // namespace weir::models::online

namespace weir::steps {

namespace {

using namespace config;
using models::online::adaptive_random_forest;
using models::online::forest_aggregation;

struct value_forest_settings {
  online_columns columns;
  adaptive_random_forest forest;
  forest_aggregation aggregation = forest_aggregation::median;
  value_tree_settings trees{.tree = models::online::regression_tree_of_forest};
};

constexpr auto value_forest_fields = join(
    std::array{field<&value_forest_settings::columns, &online_columns::truth>(
        "adaptive_random_forest_regressor", "the column with the truth, a number; a null is not learned", required)},
    online_fields<&value_forest_settings::columns>, forest_fields<&value_forest_settings::forest>,
    std::array{
        field<&value_forest_settings::aggregation>("aggregation_method", "how what the trees say becomes one number")},
    value_tree_fields<&value_forest_settings::trees>, online_memory_fields<&value_forest_settings::columns>);

void complete(value_forest_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const value_forest_settings& s, binding& into) {
  bind_online_regressor(
      s.columns, adaptive_random_forest_regressor.name, layout_of(s.forest) + ", " + layout_of(s.trees),
      [&](std::size_t inputs) {
        return models::online::adaptive_random_forest_regressor(inputs, s.trees.standardize, s.forest, s.aggregation,
                                                                s.trees.tree);
      },
      into);
}

} // namespace

constexpr step_kind adaptive_random_forest_regressor =
    make_kind<value_forest_settings, value_forest_fields, bind, complete>(
        "adaptive_random_forest_regressor",
        "regression trees that learn on, of which one that has become worse is replaced",
        "{ adaptive_random_forest_regressor: Amount, inputs: [Age], as: expected_amount }");

} // namespace weir::steps
