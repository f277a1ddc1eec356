#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::cli {

/// What a model's card says, as model_card() writes it; what it does not say is empty, or 0.
struct card_summary {
  std::string kind;
  std::string target;
  std::string data_file;
  std::string data_digest;
  std::uint64_t train_rows = 0;
  std::uint64_t test_rows = 0;
  std::optional<std::uint64_t> random_state;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::pair<std::string, double>> measures; ///< of the test rows; without those that could not be told

  /// The one that tells most by itself, whatever the target's unit: R2, else ROC AUC, else accuracy.
  std::optional<std::pair<std::string, double>> main_measure() const;
};

/// Of a model's metadata; nothing where there is no card.
std::optional<card_summary> read_card(const std::map<std::string, std::string>& metadata);

} // namespace weir::cli
