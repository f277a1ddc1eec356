#include "cli/measures.hpp"

#include <array>
#include <utility>

namespace weir::cli {

std::string_view title_of(std::string_view measure) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 16> titles{{
      {"rmse", "RMSE"},
      {"mae", "MAE"},
      {"r2", "R2"},
      {"mape", "MAPE"},
      {"pinball_0.1", "pinball 0.1"},
      {"pinball_0.5", "pinball 0.5"},
      {"pinball_0.9", "pinball 0.9"},
      {"macro_precision", "precision (macro)"},
      {"macro_recall", "recall (macro)"},
      {"macro_f1", "F1 (macro)"},
      {"roc_auc", "ROC AUC"},
      {"pr_auc", "PR AUC"},
      {"log_loss", "log loss"},
      {"brier", "Brier"},
      {"calibration_error", "calibration error"},
      {"accuracy", "accuracy"},
  }};
  for (const auto& [name, title] : titles)
    if (name == measure)
      return title;
  return measure;
}

} // namespace weir::cli
