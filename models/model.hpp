#pragma once

#include "core/base/result.hpp"
#include "models/backend.hpp"
#include "models/graph/tensor.hpp"
#include "models/ordinal_encoder.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::models {

/// A column that a model takes.
struct model_feature {
  std::string name; ///< as its file says; where that says none, `X[0]`, ...
  element type = element::f32;
};

/// Columns that a model makes: a regressor's targets, a classifier's label, its probabilities.
struct model_output {
  std::string name; ///< as its file says
  element type = element::f32;
  std::size_t columns = 1;
  std::shared_ptr<const class_labels> labels{}; ///< of a label and of probabilities, where the file says them
};

/// What a model takes and gives.
struct model_meaning {
  std::vector<model_feature> features{};
  bool has_names = false; ///< the features' names are those of columns; else they only say their places
  std::vector<model_output> outputs{};
  std::size_t prediction = 0;                 ///< which output is what it predicts: the targets, or the label
  std::optional<std::size_t> probabilities{}; ///< which one holds those of the classes
  /// Which one holds SHAP values, where they were asked for: of each feature for the first target or class, then for
  /// the second. Of two classes there may be those of the second alone.
  std::optional<std::size_t> explanations{};
  std::vector<double> expected{};          ///< of each of these: what they and it add up to is what the trees say
  std::vector<std::string> refusals{};     ///< why a row may have no result; one column of truth values each
  std::vector<ordinal_encoder> encoders{}; ///< what made numbers of texts before the model, by the names of features
  std::vector<std::string> filled{};       ///< names of features in place of whose missing values the model has others
  std::map<std::string, std::string> metadata{}; ///< whatever the file says of itself

  /// Whether a row in which that feature is missing has a result.
  bool fills(std::size_t feature) const {
    return std::find(filled.begin(), filled.end(), features[feature].name) != filled.end();
  }
};

/// Which model it is.
struct model_identity {
  std::string version{}; ///< what outputs name it by
  std::string digest{};  ///< the SHA-256 of its file, in hexadecimal digits
};

/// A trained model, ready to score. Immutable, shared by threads. Each way of scoring derives from it.
class model {
public:
  /// Reads an ONNX file (what it may hold: read_onnx(), read_runtime_model()). The version is
  /// resolved_model::version_text().
  /// @param path of a file, or a reference into a registry: resolve_model() @param name empty: that of the model
  /// @param explains it has explanations, or cannot be loaded @param computed_by what scores
  static core::result<std::shared_ptr<const model>> load(const std::string& path, std::string name = {},
                                                         bool explains = false, backend computed_by = backend::weir);

  virtual ~model() = default;
  model(const model&) = delete;
  model& operator=(const model&) = delete;

  const model_meaning& meaning() const noexcept { return meaning_; }
  const std::string& version() const noexcept { return who_.version; }
  const std::string& digest() const noexcept { return who_.digest; }

  /// Its prediction is one of several classes.
  bool is_classifier() const noexcept;

  const model_output& prediction() const noexcept { return meaning_.outputs[meaning_.prediction]; }

  /// Columns of all outputs, in their order, then of all refusals.
  std::size_t columns() const noexcept;

  /// Which of columns() is the first of an output.
  std::size_t first_column(std::size_t output) const noexcept;

  /// Rows that it scores at a time.
  virtual std::size_t block_rows() const noexcept = 0;

  /// Scores a block of rows. What a row gets does not depend on the rows beside it.
  /// @param features a column for each, of its type; NaN is a missing value
  /// @param columns out: columns() of them; valid until this thread scores again
  /// @pre rows <= block_rows()
  virtual void predict(const void* const* features, std::size_t rows, const void** columns) const = 0;

protected:
  model(model_meaning meaning, model_identity who) : meaning_{std::move(meaning)}, who_{std::move(who)} {}

private:
  model_meaning meaning_;
  model_identity who_;
};

using model_ptr = std::shared_ptr<const model>;

} // namespace weir::models
