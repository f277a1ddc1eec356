#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "models/model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// What is known of a model's input without a look at its values.
struct input_meaning {
  std::string name;                      ///< of the column
  std::string encoded{};                 ///< the column of texts whose codes it holds; empty: it was not encoded
  std::vector<std::string> categories{}; ///< of that: a text's code is its index
};

/// Whether the inputs mean what the model's features do, as far as its file names these and their encoders. No input
/// may stand at the place of another feature: one with the name of a feature, or that encodes it, is that feature. An
/// input that was encoded has the codes that the model learned. An error says both sides.
core::result<void> check_meaning(const model& of, const std::vector<input_meaning>& inputs);

/// A model at its place in a pipeline: which columns it reads, which it makes. Immutable, shared by lanes and threads.
class scorer {
public:
  /// Adds to `columns`: `as`, a regressor's prediction (double) or a classifier's label (int or string); and, unless
  /// they are empty, `probability` (double, see model::predict()) and `version_as`, the model's version (string). A
  /// model needs as many `inputs` as it has features, in their order, none of them a string.
  static core::result<std::shared_ptr<const scorer>> make(model_ptr scores_with, core::layout& columns,
                                                          std::vector<core::column_id> inputs, std::string as,
                                                          std::string probability = {}, std::string version_as = {});

  /// Scores the rows that are alive. Inputs become float32, as scikit-learn takes them; NaN goes where the model sends
  /// what is missing. A row with a null input is rejected. The columns made are dense; what stands in rows that are not
  /// alive means nothing.
  void run(core::batch& b) const;

  const model& scores_with() const noexcept { return *model_; }

private:
  struct input {
    core::column_id id;
    std::string name;
  };

  explicit scorer(model_ptr scores_with) : model_{std::move(scores_with)} {}

  void take_labels();
  void name_version(core::batch& b, std::size_t rows) const;
  void reject_missing(core::batch& b) const;
  void gather(const core::batch& b, const core::row_index* rows, std::size_t count, float* into) const;
  void scatter(const core::row_index* rows, std::size_t count, const double* values, core::column& into) const;

  model_ptr model_;
  std::vector<input> inputs_;
  core::column_type type_ = core::column_type::float64;
  core::column_id as_ = 0;
  std::optional<core::column_id> probability_;
  std::optional<core::column_id> version_as_;
  std::shared_ptr<const std::string> label_text_; ///< of a classifier with texts: what its column points into
  std::vector<std::string_view> text_labels_;
  std::vector<std::int64_t> number_labels_;
};

using scorer_ptr = std::shared_ptr<const scorer>;

} // namespace weir::models
