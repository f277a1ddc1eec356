#pragma once

#include "core/base/result.hpp"
#include "models/forest.hpp"
#include "models/tree_model.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// A trained model, ready to score. Immutable, shared by threads.
class model {
public:
  /// Reads an ONNX file (what it may hold: read_onnx()). The version is `name@` and the file's short_digest().
  /// @param name empty: the file's stem
  static core::result<std::shared_ptr<const model>> load(const std::string& path, std::string name = {});

  /// @param version what outputs name it by
  static core::result<std::shared_ptr<const model>> make(tree_model from, std::string version);

  /// Number of features.
  std::size_t inputs() const noexcept { return forest_.features(); }
  const std::string& version() const noexcept { return version_; }
  bool is_classifier() const noexcept { return meaning_.is_classifier; }
  const tree_model::class_labels& labels() const noexcept { return meaning_.labels; }
  /// Empty when the file has none.
  const std::vector<std::string>& feature_names() const noexcept { return meaning_.feature_names; }
  const std::vector<ordinal_encoder>& encoders() const noexcept { return meaning_.encoders; }

  /// Bytes held.
  std::size_t footprint() const noexcept { return forest_.footprint(); }

  /// Scores a block of rows.
  /// @param columns value of feature f of row r at [f * stride + r]; NaN is a missing value
  /// @param values for each row: a regressor's prediction, or the index of the class that a classifier chooses
  /// @param probabilities null, or for each row of a classifier: that of the second class where there are two, else
  /// that of the chosen class. What it is worth is the trainer's matter; a file may say nothing more than a score.
  void predict(const float* columns, std::size_t stride, std::size_t rows, double* values,
               double* probabilities = nullptr) const;

private:
  model(forest trees, tree_model meaning, std::string version) :
      forest_{std::move(trees)}, meaning_{std::move(meaning)}, version_{std::move(version)} {}

  void decide(double* sums, double& value, double& probability) const;
  void decide_between_two(double score, double& value, double& probability) const;

  forest forest_;
  tree_model meaning_; ///< its ensemble is empty: the forest has it
  std::string version_;
};

using model_ptr = std::shared_ptr<const model>;

} // namespace weir::models
