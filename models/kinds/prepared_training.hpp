#pragma once

#include "models/imputation.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/target_transform.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::models {

/// What is done to rows before a trainer gets them, whatever its kind.
struct preparation {
  imputations impute{};
  target_transform transform = target_transform::none;
  std::vector<std::string> categories{}; ///< names of features: encode_categories()

  bool is_nothing() const noexcept {
    return impute.empty() && transform == target_transform::none && categories.empty();
  }
};

/// model_kind::train of rows that are prepared: what their missing values are filled with, and how the target is
/// scaled, is learned from them alone. A missing category is not filled: it has a side of its own in each split. The
/// file does the same to what it scores, and predicts on the target's own scale. Fails where a feature has no value to
/// learn from, a text has no mean, or a target no such transform.
core::result<trained_model> train_prepared(const model_kind& kind, const training_data& data, const preparation& how,
                                           std::uint64_t random_state, const option_texts& given);

} // namespace weir::models
