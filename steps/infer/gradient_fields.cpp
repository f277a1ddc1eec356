#include "steps/infer/gradient_fields.hpp"

namespace weir::steps {

using models::online::rate_schedule;

void complete_gradient(gradient_settings& how, config::yaml_section& from) {
  if (how.l1 > 0 && how.l2 > 0)
    from.report(from.find("l1")->at, "'l1' and 'l2' are not for the same model, give one");
  const bool is_optimal = how.schedule == rate_schedule::optimal;
  const bool is_inverse = how.schedule == rate_schedule::invscaling;
  if (const auto* option = is_inverse ? nullptr : from.find("power"))
    from.report(option->at, "'power' belongs to 'schedule: invscaling'");
  if (const auto* option = is_optimal ? nullptr : from.find("alpha"))
    from.report(option->at, "'alpha' belongs to 'schedule: optimal'");
  if (const auto* option = is_optimal ? from.find("learning_rate") : nullptr)
    from.report(option->at, "'schedule: optimal' has no learning rate: 'alpha' says how long steps are");
  const models::online::learning_rate usual;
  if (!is_optimal)
    how.learning_rate = how.learning_rate.value_or(usual.rate);
  if (is_inverse)
    how.power = how.power.value_or(usual.power);
  if (is_optimal)
    how.alpha = how.alpha.value_or(usual.alpha);
}

models::online::gradient_descent descent_of(const gradient_settings& how) {
  const models::online::learning_rate usual;
  return {.rate = {how.schedule, how.learning_rate.value_or(usual.rate), how.power.value_or(usual.power),
                   how.alpha.value_or(usual.alpha)},
          .intercept_rate = how.intercept_lr,
          .l2 = how.l2,
          .l1 = how.l1,
          .clip = how.clip_gradient};
}

std::string layout_of(const gradient_settings& how) {
  return std::string{how.standardize ? "standardized" : "as given"} + (how.l1 > 0 ? ", l1" : "");
}

} // namespace weir::steps
