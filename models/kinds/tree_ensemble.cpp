#include "models/kinds/model_kind.hpp"

#include <array>

namespace weir::models {

namespace {

constexpr std::array<std::string_view, 3> written_as{"TreeEnsembleRegressor", "TreeEnsembleClassifier", "TreeEnsemble"};

} // namespace

constexpr model_kind kinds::tree_ensemble{
    .name = "tree_ensemble",
    .help = "a regressor or classifier of decision trees that was trained elsewhere: random forests, gradient boosting",
    .example = "{ model: risk.onnx, inputs: [Amount, Age], as: risk }",
    .operators = written_as};

} // namespace weir::models
