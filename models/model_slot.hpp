#pragma once

#include "core/base/result.hpp"
#include "core/batch/layout.hpp"
#include "models/scorer.hpp"

#include <optional>
#include <string>
#include <vector>

namespace weir::models {

/// The place of a model in a pipeline: what any model that scores there must fit.
struct model_slot {
  std::string named;                   ///< the model, as the pipeline file names it
  std::string file;                    ///< where that is: a path, or a reference into a registry
  bool is_followed = false;            ///< what `file` means may change: then the models do
  std::string name;                    ///< of the models' versions, in front of the digest; empty: the file's stem
  backend computed_by = backend::weir; ///< of all models there
  std::vector<core::column_id> inputs; ///< in the order of the features; empty: the columns that these are named by
  std::vector<input_meaning> meanings; ///< of the inputs; empty: they are taken as they stand
  std::string challenger;              ///< as `named`; empty: there is none
  std::string challenger_file{};       ///< where that is
  double canary = 0;                   ///< share of keys that get the challenger's results, where nobody says otherwise
  scored_columns makes;
  std::optional<core::column_id> truth{}; ///< what should have been said, null where that is not known
  core::layout columns;                   ///< those in front of the model
  std::vector<core::column_type> made{};  ///< types of the columns that it makes, as the first model made them

  /// The first column that it makes: how people name the slot.
  const std::string& step() const noexcept { return makes.as.front(); }

  /// Loads a model as the slot needs it.
  core::result<model_ptr> load(const std::string& path) const {
    return model::load(path, name, makes.explains(), computed_by);
  }

  /// The scorer for another model, with the same columns. An error says what does not fit.
  core::result<scorer_ptr> fit(model_ptr other) const;
};

} // namespace weir::models
