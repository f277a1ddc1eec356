#include "steps/infer/online_step.hpp"
#include "steps/infer/passive_aggressive_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::passive_aggressive;

struct passive_regressor_settings {
  online_columns columns;
  passive_aggressive_settings rule;
};

constexpr auto passive_regressor_fields = join(
    std::array{field<&passive_regressor_settings::columns, &online_columns::truth>(
        "passive_aggressive_regressor", "the column with the truth, a number; a null is not learned", required)},
    online_fields<&passive_regressor_settings::columns>,
    std::array{field<&passive_regressor_settings::rule, &passive_aggressive_settings::how, &passive_aggressive::eps>(
        "eps", "errors up to this are right", at_least(0))},
    passive_aggressive_fields<&passive_regressor_settings::rule>,
    online_memory_fields<&passive_regressor_settings::columns>);

void complete(passive_regressor_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const passive_regressor_settings& s, binding& into) {
  bind_online_regressor(
      s.columns, passive_aggressive_regressor.name, s.rule.layout(),
      [&](std::size_t inputs) {
        return models::online::passive_aggressive_regressor(inputs, s.rule.standardize, s.rule.chosen());
      },
      into);
}

} // namespace

constexpr step_kind passive_aggressive_regressor =
    make_kind<passive_regressor_settings, passive_regressor_fields, bind, complete>(
        "passive_aggressive_regressor",
        "a weighted sum that learns on: it changes where it is wrong, as little as it must",
        "{ passive_aggressive_regressor: Amount, inputs: [Age], as: expected_amount }");

} // namespace weir::steps
