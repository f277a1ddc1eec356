#include "steps/infer/online_step.hpp"
#include "steps/infer/passive_aggressive_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;

struct passive_classifier_settings {
  online_columns columns;
  passive_aggressive_settings rule;
};

constexpr auto passive_classifier_fields = join(
    std::array{field<&passive_classifier_settings::columns, &online_columns::truth>(
        "passive_aggressive_classifier", "the column with the truth, a bool, an int or a string; a null is not learned",
        required)},
    online_fields<&passive_classifier_settings::columns>, online_class_fields<&passive_classifier_settings::columns>,
    passive_aggressive_fields<&passive_classifier_settings::rule>,
    online_memory_fields<&passive_classifier_settings::columns>);

void complete(passive_classifier_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const passive_classifier_settings& s, binding& into) {
  bind_online_classifier(
      s.columns, passive_aggressive_classifier.name, s.rule.layout(),
      [&](std::size_t inputs, models::online::class_list classes) {
        return models::online::passive_aggressive_classifier(inputs, s.rule.standardize, std::move(classes),
                                                             s.rule.chosen());
      },
      into);
}

} // namespace

constexpr step_kind passive_aggressive_classifier =
    make_kind<passive_classifier_settings, passive_classifier_fields, bind, complete>(
        "passive_aggressive_classifier",
        "weighted sums that learn to tell classes apart: they change where they are wrong, as little as they must",
        "{ passive_aggressive_classifier: Device, inputs: [Amount, Age], as: device_guess }");

} // namespace weir::steps
