#pragma once

#include "config/kind.hpp"
#include "models/online/passive_aggressive.hpp"

#include <array>
#include <string>

// The options of passive-aggressive learning, as regressors and classifiers have them.

namespace weir::steps {

struct passive_aggressive_settings {
  models::online::passive_aggressive how;
  std::uint32_t mode = 1;
  bool standardize = true;

  models::online::passive_aggressive chosen() const noexcept {
    auto made = how;
    made.mode = static_cast<models::online::aggressiveness>(mode);
    return made;
  }

  /// What the meaning of the state depends on.
  std::string layout() const { return standardize ? "standardized" : "as given"; }
};

/// @tparam How the member of the settings that holds passive_aggressive_settings
template <auto How>
constexpr std::array passive_aggressive_fields{
    config::field<How, &passive_aggressive_settings::how, &models::online::passive_aggressive::C>(
        "C", "how far weights may go for one record", config::above(0)),
    config::field<How, &passive_aggressive_settings::mode>(
        "mode",
        "as in river: 0 goes until the record is right, 1 (PA-I) C times the record at most, 2 (PA-II) less the "
        "more there is to do",
        config::between(0, 2)),
    config::field<How, &passive_aggressive_settings::how, &models::online::passive_aggressive::learn_intercept>(
        "learn_intercept", "false: the intercept stays 0"),
    config::field<How, &passive_aggressive_settings::standardize>(
        "standardize", "inputs are taken to mean 0 and variance 1 as they come, as by river's StandardScaler"),
};

} // namespace weir::steps
