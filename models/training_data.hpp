#pragma once

#include "models/ordinal_encoder.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::models {

/// Rows to learn from, feature by feature.
struct training_data {
  std::vector<std::vector<float>> features; ///< each as long as `target`
  std::vector<double> target;
  std::vector<std::string> feature_names{}; ///< empty: they have none
  std::vector<ordinal_encoder> encoders{};  ///< what made numbers of texts, in the order of the features

  std::size_t rows() const noexcept { return target.size(); }
};

} // namespace weir::models
