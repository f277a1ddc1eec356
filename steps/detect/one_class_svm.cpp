#include "models/online/one_class_svm.hpp"

#include "steps/detect/outlier_fields.hpp"
#include "steps/kinds.hpp"

namespace weir::steps {

namespace {

using namespace config;
using models::online::one_class_svm_options;

struct one_class_svm_settings {
  outlier_columns columns;
  std::optional<double> gamma;
  one_class_svm_options how;
};

constexpr auto one_class_svm_fields = join(
    std::array{
        field<&one_class_svm_settings::columns, &outlier_columns::inputs>("one_class_svm", inputs_help, required),
        field<&one_class_svm_settings::how, &one_class_svm_options::nu>(
            "nu", "the share of the window's rows that are taken to lie outside, about; fewer rows are faster",
            above(0) | between(0, 1)),
        field<&one_class_svm_settings::gamma>(
            "gamma", "how soon rows are no longer alike, in standard deviations; default 1 over the number of inputs",
            above(0)),
        field<&one_class_svm_settings::how, &one_class_svm_options::window_size>(
            "window_size", "the latest rows, of which it is trained", between(8, models::online::max_svm_window)),
        field<&one_class_svm_settings::how, &one_class_svm_options::train_every>(
            "train_every", "rows from one training to the next", between(1, 1'000'000))},
    judgement_fields<&one_class_svm_settings::columns, &outlier_columns::common>);

void complete(one_class_svm_settings& s, yaml_section& from) {
  complete_detection(s.columns.common, from);
  s.how.gamma = s.gamma.value_or(0);
}

void bind(const one_class_svm_settings& s, binding& into) {
  bind_outlier_detector(
      s.columns, "one_class_svm",
      "nu " + std::to_string(s.how.nu) + " gamma " + std::to_string(s.how.gamma) + " window_size "
          + std::to_string(s.how.window_size) + " train_every " + std::to_string(s.how.train_every),
      [&](std::size_t inputs) { return models::online::one_class_svm(inputs, s.how); }, into);
}

} // namespace

constexpr step_kind one_class_svm = make_kind<one_class_svm_settings, one_class_svm_fields, bind, complete>(
    "one_class_svm",
    "rows outside of a support vector machine's one class, trained anew of the latest rows (Schoelkopf et al. 2001)",
    "{ one_class_svm: [Amount, Age], as: unusual, score: unusual_score }");

} // namespace weir::steps
