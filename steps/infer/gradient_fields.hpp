#pragma once

#include "config/kind.hpp"
#include "models/online/linear_weights.hpp"

#include <array>
#include <optional>
#include <string>

// The options of stochastic gradient descent, as regressors and classifiers have them.

namespace weir::models::online {

constexpr std::array<std::pair<std::string_view, rate_schedule>, 3> rate_schedule_words{{
    {"constant", rate_schedule::constant},
    {"optimal", rate_schedule::optimal},
    {"invscaling", rate_schedule::invscaling},
}};
constexpr config::words<rate_schedule> words_for(std::type_identity<rate_schedule>) {
  return rate_schedule_words;
}

} // namespace weir::models::online

namespace weir::steps {

struct gradient_settings {
  models::online::rate_schedule schedule = models::online::rate_schedule::constant;
  std::optional<double> learning_rate; ///< not of optimal
  std::optional<double> power;         ///< of invscaling
  std::optional<double> alpha;         ///< of optimal
  double intercept_lr = 0.01;
  double l2 = 0;
  double l1 = 0;
  double clip_gradient = 1e12;
  bool standardize = true;
};

/// @tparam How the member of the settings that holds gradient_settings
template <auto How>
constexpr std::array gradient_fields{
    config::field<How, &gradient_settings::schedule>("schedule",
                                                     "how the steps become shorter, by scikit-learn's names"),
    config::field<How, &gradient_settings::learning_rate>(
        "learning_rate", "length of a step, of the first one; default 0.01, as river's SGD", config::above(0)),
    config::field<How, &gradient_settings::power>(
        "power", "of invscaling: learning_rate / (step + 1)^power; default 0.5", config::at_least(0)),
    config::field<How, &gradient_settings::alpha>(
        "alpha", "of optimal: 1 / (alpha (t0 + step)), Bottou's rule; default 0.0001", config::above(0)),
    config::field<How, &gradient_settings::intercept_lr>(
        "intercept_lr", "length of a step of the intercept, constant; 0: the intercept stays 0", config::at_least(0)),
    config::field<How, &gradient_settings::l2>("l2", "draws weights to 0; not together with l1", config::at_least(0)),
    config::field<How, &gradient_settings::l1>(
        "l1", "draws weights to 0 and keeps small ones there; not together with l2", config::at_least(0)),
    config::field<How, &gradient_settings::clip_gradient>(
        "clip_gradient", "the gradient of the loss counts up to this, either way", config::above(0)),
    config::field<How, &gradient_settings::standardize>(
        "standardize", "inputs are taken to mean 0 and variance 1 as they come, as by river's StandardScaler"),
};

/// Reports options that do not belong together, and fills in defaults.
void complete_gradient(gradient_settings& how, config::yaml_section& from);

models::online::gradient_descent descent_of(const gradient_settings& how);

/// What the meaning of the state depends on: the length of the steps does not count.
std::string layout_of(const gradient_settings& how);

} // namespace weir::steps
