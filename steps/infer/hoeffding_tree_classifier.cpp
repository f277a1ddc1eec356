#include "models/online/hoeffding_tree.hpp"
#include "steps/infer/online_step.hpp"
#include "steps/infer/tree_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::hoeffding_tree;

struct hoeffding_settings {
  online_columns columns;
  hoeffding_tree how;
};

constexpr auto hoeffding_fields =
    join(std::array{field<&hoeffding_settings::columns, &online_columns::truth>(
             "hoeffding_tree_classifier",
             "the column with the truth, a bool, an int or a string; a null is not learned", required)},
         online_fields<&hoeffding_settings::columns>, online_class_fields<&hoeffding_settings::columns>,
         class_tree_fields<&hoeffding_settings::how>, online_memory_fields<&hoeffding_settings::columns>);

void complete(hoeffding_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const hoeffding_settings& s, binding& into) {
  bind_online_classifier(
      s.columns, hoeffding_tree_classifier.name,
      std::to_string(s.columns.max_classes.value_or(usual_max_classes)) + " classes",
      [&](std::size_t inputs, models::online::class_list classes) {
        return models::online::hoeffding_tree_classifier(inputs, std::move(classes), s.how);
      },
      into);
}

} // namespace

constexpr step_kind hoeffding_tree_classifier = make_kind<hoeffding_settings, hoeffding_fields, bind, complete>(
    "hoeffding_tree_classifier", "a decision tree that learns on: it grows where it is sure of a split",
    "{ hoeffding_tree_classifier: Device, inputs: [Amount, Age], max_classes: 8, as: device_guess }");

} // namespace weir::steps
