#pragma once

#include "core/base/result.hpp"
#include "models/model_definition.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weir::models {

/// A trained model, ready to score. Immutable, shared by threads. Each way of scoring derives from it.
class model {
public:
  /// Reads an ONNX file (what it may hold: read_onnx()). The version is `name@` and the file's short_digest().
  /// @param name empty: the file's stem
  static core::result<std::shared_ptr<const model>> load(const std::string& path, std::string name = {});

  virtual ~model() = default;
  model(const model&) = delete;
  model& operator=(const model&) = delete;

  /// Number of features.
  std::size_t inputs() const noexcept { return inputs_; }
  const std::string& version() const noexcept { return version_; }
  bool is_classifier() const noexcept { return meaning_.is_classifier; }
  const model_meaning::class_labels& labels() const noexcept { return meaning_.labels; }
  /// Empty when the file has none.
  const std::vector<std::string>& feature_names() const noexcept { return meaning_.feature_names; }
  const std::vector<ordinal_encoder>& encoders() const noexcept { return meaning_.encoders; }

  /// Scores a block of rows. What a row gets does not depend on the rows beside it.
  /// @param columns value of feature f of row r at [f * stride + r]; NaN is a missing value
  /// @param values for each row: a regressor's prediction, or the index of the class that a classifier chooses
  /// @param probabilities null, or for each row of a classifier: that of the second class where there are two, else
  /// that of the chosen class. What it is worth is the trainer's matter; a file may say nothing more than a score.
  virtual void predict(const float* columns, std::size_t stride, std::size_t rows, double* values,
                       double* probabilities = nullptr) const = 0;

protected:
  model(model_meaning meaning, std::size_t inputs, std::string version) :
      meaning_{std::move(meaning)}, inputs_{inputs}, version_{std::move(version)} {}

private:
  model_meaning meaning_;
  std::size_t inputs_;
  std::string version_;
};

using model_ptr = std::shared_ptr<const model>;

} // namespace weir::models
