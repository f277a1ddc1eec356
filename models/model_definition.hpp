#pragma once

#include "core/base/result.hpp"
#include "models/ordinal_encoder.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace weir::models {

class model;

/// What a model takes and gives.
struct model_meaning {
  /// Of a classifier, one for each class. A regressor has none.
  using class_labels = std::variant<std::vector<std::int64_t>, std::vector<std::string>>;

  bool is_classifier = false;
  class_labels labels;
  std::vector<std::string> feature_names; ///< empty when the file has none
  std::vector<ordinal_encoder> encoders;  ///< of text features, in the order of the features

  std::size_t classes() const noexcept {
    return std::visit([](const auto& values) { return values.size(); }, labels);
  }
};

/// A model as its trainer makes it and a file holds it, before it is laid out for speed. Each way of scoring derives
/// from it.
struct model_definition : model_meaning {
  model_definition() = default;
  model_definition(const model_definition&) = default;
  model_definition(model_definition&&) = default;
  model_definition& operator=(const model_definition&) = default;
  model_definition& operator=(model_definition&&) = default;
  virtual ~model_definition() = default;

  /// How many it takes.
  virtual std::size_t features() const noexcept = 0;

  /// The model, ready to score. Fails when there is too much of it. @param version what outputs name it by
  virtual core::result<std::shared_ptr<const model>> make_model(std::string version) const = 0;
};

} // namespace weir::models
