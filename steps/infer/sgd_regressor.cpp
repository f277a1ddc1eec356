#include "models/online/sgd.hpp"
#include "steps/infer/gradient_fields.hpp"
#include "steps/infer/online_step.hpp"
#include "steps/kinds.hpp"

namespace weir::models::online {

constexpr std::array<std::pair<std::string_view, regression_loss>, 5> regression_loss_words{{
    {"squared_error", regression_loss::squared_error},
    {"absolute_error", regression_loss::absolute_error},
    {"huber", regression_loss::huber},
    {"epsilon_insensitive", regression_loss::epsilon_insensitive},
    {"quantile", regression_loss::quantile},
}};
constexpr config::words<regression_loss> words_for(std::type_identity<regression_loss>) {
  return regression_loss_words;
}

} // namespace weir::models::online

namespace weir::steps {

namespace {

using namespace config;
using models::online::regression_cost;
using models::online::regression_loss;

struct sgd_regressor_settings {
  online_columns columns;
  regression_loss loss = regression_loss::squared_error;
  std::optional<double> epsilon;  ///< of huber and epsilon_insensitive
  std::optional<double> quantile; ///< of the loss of this name
  gradient_settings how;
};

constexpr auto sgd_regressor_fields =
    join(std::array{field<&sgd_regressor_settings::columns, &online_columns::truth>(
             "sgd_regressor", "the column with the truth, a number; a null is not learned", required)},
         online_fields<&sgd_regressor_settings::columns>,
         std::array{
             field<&sgd_regressor_settings::loss>(
                 "loss", "what is made small; of squared_error the gradient is river's, 2 (p - y), twice "
                         "scikit-learn's"),
             field<&sgd_regressor_settings::epsilon>(
                 "epsilon", "errors beyond it cost huber linearly, within it epsilon_insensitive nothing; default 0.1",
                 above(0)),
             field<&sgd_regressor_settings::quantile>("quantile", "that the loss of this name looks for; default 0.5",
                                                      above(0) | between(0, 1))},
         gradient_fields<&sgd_regressor_settings::how>, online_memory_fields<&sgd_regressor_settings::columns>);

void complete(sgd_regressor_settings& s, yaml_section& from) {
  complete_online(s.columns, from);
  complete_gradient(s.how, from);
  const bool has_epsilon = s.loss == regression_loss::huber || s.loss == regression_loss::epsilon_insensitive;
  if (const auto* option = has_epsilon ? nullptr : from.find("epsilon"))
    from.report(option->at, "'epsilon' belongs to 'loss: huber' and 'loss: epsilon_insensitive'");
  if (const auto* option = s.loss == regression_loss::quantile ? nullptr : from.find("quantile"))
    from.report(option->at, "'quantile' belongs to 'loss: quantile'");
  const regression_cost usual;
  if (has_epsilon)
    s.epsilon = s.epsilon.value_or(usual.epsilon);
  if (s.loss == regression_loss::quantile)
    s.quantile = s.quantile.value_or(usual.quantile);
}

void bind(const sgd_regressor_settings& s, binding& into) {
  bind_online_regressor(
      s.columns, sgd_regressor.name,
      layout_of(s.how) + ", " + std::string{models::online::regression_loss_words[std::size_t(s.loss)].first},
      [&](std::size_t inputs) {
        regression_cost cost{.loss = s.loss};
        cost.epsilon = s.epsilon.value_or(cost.epsilon);
        cost.quantile = s.quantile.value_or(cost.quantile);
        return models::online::sgd_regressor(inputs, s.how.standardize, cost, descent_of(s.how));
      },
      into);
}

} // namespace

constexpr step_kind sgd_regressor = make_kind<sgd_regressor_settings, sgd_regressor_fields, bind, complete>(
    "sgd_regressor", "a weighted sum that learns on, record by record, by stochastic gradient descent",
    "{ sgd_regressor: Amount, inputs: [Age], as: expected_amount }");

} // namespace weir::steps
