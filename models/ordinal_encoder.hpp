#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

/// Turns the texts of a feature into their index among its categories.
struct ordinal_encoder {
  std::string feature;
  std::vector<std::string> categories; ///< distinct; sorted where fit() made them

  /// The categories are the distinct values, sorted bytewise, as scikit-learn's OrdinalEncoder has them.
  static ordinal_encoder fit(std::string feature, std::vector<std::string> values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return {std::move(feature), std::move(values)};
  }

  /// Nothing for a text that is no category.
  /// @pre the categories are sorted
  std::optional<std::size_t> transform(std::string_view text) const {
    const auto at = std::lower_bound(categories.begin(), categories.end(), text);
    if (at == categories.end() || *at != text)
      return std::nullopt;
    return static_cast<std::size_t>(at - categories.begin());
  }
};

} // namespace weir::models
