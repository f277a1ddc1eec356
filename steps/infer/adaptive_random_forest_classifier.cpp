#include "models/online/adaptive_random_forest.hpp"

#include "steps/infer/online_step.hpp"
#include "steps/infer/tree_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::adaptive_random_forest;
using models::online::hoeffding_tree;

struct class_forest_settings {
  online_columns columns;
  adaptive_random_forest forest;
  hoeffding_tree trees = models::online::tree_of_forest;
};

constexpr auto class_forest_fields =
    join(std::array{field<&class_forest_settings::columns, &online_columns::truth>(
             "adaptive_random_forest_classifier",
             "the column with the truth, a bool, an int or a string; a null is not learned", required)},
         online_fields<&class_forest_settings::columns>, online_class_fields<&class_forest_settings::columns>,
         forest_fields<&class_forest_settings::forest>, class_tree_fields<&class_forest_settings::trees>,
         online_memory_fields<&class_forest_settings::columns>);

void complete(class_forest_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
}

void bind(const class_forest_settings& s, binding& into) {
  bind_online_classifier(
      s.columns, adaptive_random_forest_classifier.name,
      std::to_string(s.columns.max_classes.value_or(usual_max_classes)) + " classes, " + layout_of(s.forest),
      [&](std::size_t inputs, models::online::class_list classes) {
        return models::online::adaptive_random_forest_classifier(inputs, std::move(classes), s.forest, s.trees);
      },
      into);
}

} // namespace

constexpr step_kind adaptive_random_forest_classifier =
    make_kind<class_forest_settings, class_forest_fields, bind, complete>(
        "adaptive_random_forest_classifier",
        "trees that learn on and vote; one that has become worse is replaced, so it follows what changes",
        "{ adaptive_random_forest_classifier: Device, inputs: [Amount, Age], max_classes: 8, as: device_guess }");

} // namespace weir::steps
