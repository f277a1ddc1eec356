#pragma once

#include "models/model.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// One thing that a model, or its card, says of itself.
struct model_fact {
  std::string section; ///< `model`, `data`, `parameter`, `input`, `output`, `test`
  std::string name;
  std::string text;    ///< as it is shown
  std::string exact{}; ///< as two are compared; empty: the text
};

std::vector<model_fact> facts_of(const models::model& of);

/// What two models say of one thing.
struct fact_pair {
  std::string section;
  std::string name;
  std::string first; ///< empty: that model does not say it
  std::string second;
  bool is_same = false;
};

/// The name of the fact that lists a model's inputs in their order.
inline constexpr auto order_of_inputs = "(order)";

/// Of all that one of them says, in the order of the first.
std::vector<fact_pair> pairs_of(const std::vector<model_fact>& first, const std::vector<model_fact>& second);

} // namespace weir::cli
