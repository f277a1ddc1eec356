#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "models/model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

/// The columns that a model makes at its place in a pipeline.
struct scored_columns {
  std::vector<std::string> as; ///< a regressor's targets (double), or a classifier's label (as its labels are)
  std::string probability{};   ///< of a classifier: of the second class where there are two, else of the chosen one
  std::vector<std::pair<std::string, std::string>> probabilities{}; ///< of single classes, by their labels: column
  std::optional<double> threshold{}; ///< of two classes the second is chosen from this probability on
  std::string version_as{};          ///< the model's version; empty: none
  std::vector<std::pair<std::string, std::string>> explain{}; ///< SHAP values of features, by their names: column
  std::string expected_value{}; ///< what is expected of any row: with all SHAP values it is what the trees say

  /// The model has to be loaded with explanations.
  bool explains() const noexcept { return !explain.empty() || !expected_value.empty(); }
};

/// A model at its place in a pipeline: which columns it reads, which it makes. Immutable, shared by lanes and threads.
class scorer {
public:
  /// Adds the columns of `names` to `columns`. A model needs as many `inputs` as it has features, in their order: texts
  /// where it takes texts, numbers where it takes numbers.
  static core::result<std::shared_ptr<const scorer>>
  make(model_ptr scores_with, core::layout& columns, std::vector<core::column_id> inputs, const scored_columns& names);

  /// Scores the rows that are alive. Inputs become what the model takes, float as a rule; NaN goes where the model
  /// sends what is missing. A row with a null input is rejected, unless the model fills that feature, and so is one
  /// that the model refuses. The columns made are dense; what stands in rows that are not alive means nothing.
  void run(core::batch& b) const;

  const model& scores_with() const noexcept { return *model_; }

  /// The columns that it makes, the prediction's first.
  std::vector<core::column_id> columns_made() const;

private:
  struct input {
    core::column_id id;
    std::string name;
    element type;
    bool is_filled; ///< by the model, where it is missing
  };

  /// A column that is filled from one that the model makes.
  struct output {
    core::column_id id;
    core::column_type type;
    std::size_t from; ///< which of model::columns()
    element is;
  };

  /// A column with the SHAP values of a feature.
  struct explained {
    core::column_id id;
    std::optional<std::size_t> feature; ///< nothing: the expected value
  };

  explicit scorer(model_ptr scores_with) : model_{std::move(scores_with)} {}

  core::result<void> add_prediction(core::layout& columns, const scored_columns& names);
  core::result<void> add_explanations(core::layout& columns, const scored_columns& names);
  core::result<void> add_probabilities(core::layout& columns, const scored_columns& names);
  void name_version(core::batch& b, std::size_t rows) const;
  void reject_missing(core::batch& b) const;
  void gather(const core::batch& b, const core::row_index* rows, std::size_t count, std::byte* into,
              const void** features) const;
  void reject(core::batch& b, std::vector<std::pair<core::row_index, std::size_t>>& refused) const;
  void choose(const core::row_index* rows, std::size_t count, const void* const* made, core::column& label) const;
  void explain(const core::row_index* rows, std::size_t count, const void* const* made,
               const std::vector<std::shared_ptr<core::column>>& into) const;
  void show_chosen(const core::row_index* rows, std::size_t count, const void* const* made, core::column& into) const;

  model_ptr model_;
  std::size_t block_rows_ = 0;
  std::vector<input> inputs_;
  std::vector<output> outputs_;
  std::vector<explained> explained_;
  std::optional<core::column_id> chosen_probability_; ///< of the chosen class, where there are more than two
  std::optional<double> threshold_;
  std::optional<core::column_id> version_as_;
};

using scorer_ptr = std::shared_ptr<const scorer>;

} // namespace weir::models
