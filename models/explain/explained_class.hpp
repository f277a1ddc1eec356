#pragma once

#include "models/model.hpp"

#include <cstddef>

namespace weir::models {

/// Which target or class the SHAP values of a row are told of: of two classes the second, else the class with the
/// largest probability. @pre of.meaning().explanations
/// @param value the row's number in a column of model::columns(): `double(std::size_t column, element type)`
template <class Value>
std::size_t explained_class(const model& of, const Value& value) {
  const auto& meaning = of.meaning();
  const auto outputs = meaning.expected.size();
  if (outputs <= 2 || !meaning.probabilities)
    return outputs - 1;
  const auto first = of.first_column(*meaning.probabilities);
  const auto type = meaning.outputs[*meaning.probabilities].type;
  std::size_t most = 0;
  for (std::size_t k = 1; k < outputs; ++k)
    if (value(first + k, type) > value(first + most, type))
      most = k;
  return most;
}

/// Whether it says of one number for each row why that is so. @pre it was loaded with explanations
inline bool can_be_explained(const model& of) {
  return of.is_classifier() || of.meaning().expected.size() == 1;
}

} // namespace weir::models
