#include "models/online/hoeffding_regressor.hpp"

#include "steps/infer/online_step.hpp"
#include "steps/infer/tree_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct regression_tree_settings {
  online_columns columns;
  value_tree_settings how;
};

constexpr auto regression_tree_fields =
    join(std::array{field<&regression_tree_settings::columns, &online_columns::truth>(
             "hoeffding_tree_regressor", "the column with the truth, a number; a null is not learned", required)},
         online_fields<&regression_tree_settings::columns>, value_tree_fields<&regression_tree_settings::how>,
         online_memory_fields<&regression_tree_settings::columns>);

void complete(regression_tree_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const regression_tree_settings& s, binding& into) {
  bind_online_regressor(
      s.columns, hoeffding_tree_regressor.name, layout_of(s.how),
      [&](std::size_t inputs) {
        return models::online::hoeffding_tree_regressor(inputs, s.how.standardize, s.how.tree);
      },
      into);
}

} // namespace

constexpr step_kind hoeffding_tree_regressor =
    make_kind<regression_tree_settings, regression_tree_fields, bind, complete>(
        "hoeffding_tree_regressor", "a regression tree that learns on: it grows where it is sure of a split",
        "{ hoeffding_tree_regressor: Amount, inputs: [Age], as: expected_amount }");

} // namespace weir::steps
