#include "models/online/sgd.hpp"
#include "steps/infer/gradient_fields.hpp"
#include "steps/infer/online_step.hpp"
#include "steps/kinds.hpp"

namespace weir::models::online {

constexpr std::array<std::pair<std::string_view, classification_loss>, 3> classification_loss_words{{
    {"log_loss", classification_loss::log_loss},
    {"hinge", classification_loss::hinge},
    {"modified_huber", classification_loss::modified_huber},
}};
constexpr config::words<classification_loss> words_for(std::type_identity<classification_loss>) {
  return classification_loss_words;
}

} // namespace weir::models::online

namespace weir::steps {

namespace {

using namespace config;
using models::online::classification_loss;

struct sgd_classifier_settings {
  online_columns columns;
  classification_loss loss = classification_loss::log_loss;
  gradient_settings how;
};

constexpr auto sgd_classifier_fields = join(
    std::array{field<&sgd_classifier_settings::columns, &online_columns::truth>(
        "sgd_classifier", "the column with the truth, a bool, an int or a string; a null is not learned", required)},
    online_fields<&sgd_classifier_settings::columns>, online_class_fields<&sgd_classifier_settings::columns>,
    std::array{field<&sgd_classifier_settings::loss>(
        "loss", "what is made small: log_loss is logistic regression, hinge a support vector machine, which has no "
                "probabilities")},
    gradient_fields<&sgd_classifier_settings::how>, online_memory_fields<&sgd_classifier_settings::columns>);

void complete(sgd_classifier_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
  complete_gradient(s.how, from);
  if (const auto* option = s.loss == classification_loss::hinge ? from.find("probability") : nullptr)
    from.report(option->at, "'loss: hinge' has no probabilities: take log_loss or modified_huber");
}

void bind(const sgd_classifier_settings& s, binding& into) {
  bind_online_classifier(
      s.columns, sgd_classifier.name,
      layout_of(s.how) + ", " + std::string{models::online::classification_loss_words[std::size_t(s.loss)].first},
      [&](std::size_t inputs, models::online::class_list classes) {
        return models::online::sgd_classifier(inputs, s.how.standardize, std::move(classes), s.loss, descent_of(s.how));
      },
      into);
}

} // namespace

constexpr step_kind sgd_classifier = make_kind<sgd_classifier_settings, sgd_classifier_fields, bind, complete>(
    "sgd_classifier",
    "weighted sums that learn to tell classes apart, record by record, by stochastic gradient descent",
    "{ sgd_classifier: Device, inputs: [Amount, Age], as: device_guess }");

} // namespace weir::steps
