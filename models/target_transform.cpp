#include "models/target_transform.hpp"

#include "core/base/number_text.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace weir::models {

namespace {

bool takes(target_transform by, double y) noexcept {
  switch (by) {
  case target_transform::log: return y > 0;
  case target_transform::log1p: return y > -1;
  case target_transform::sqrt: return y >= 0;
  default: return true;
  }
}

double transformed(const fitted_transform& of, double y) noexcept {
  switch (of.by) {
  case target_transform::log: return std::log(y);
  case target_transform::log1p: return std::log1p(y);
  case target_transform::sqrt: return std::sqrt(y);
  default: return (y - of.centre) / of.scale;
  }
}

fitted_transform standardizing(const std::vector<double>& targets) {
  const auto count = static_cast<double>(targets.size());
  double mean = 0, squares = 0, seen = 0;
  for (const auto y : targets) { // Welford: no cancellation
    const auto apart = y - mean;
    mean += apart / ++seen;
    squares += apart * (y - mean);
  }
  const auto deviation = std::sqrt(squares / count);
  return {target_transform::standardize, mean, deviation > 0 ? deviation : 1};
}

} // namespace

std::string_view name_of(target_transform of) noexcept {
  for (const auto& [name, by] : target_transform_words)
    if (by == of)
      return name;
  return {};
}

core::result<fitted_transform> transform_targets(target_transform by, std::vector<double>& targets) {
  const auto wrong = std::find_if(targets.begin(), targets.end(), [&](double y) { return !takes(by, y); });
  if (wrong != targets.end()) {
    std::array<char, core::number_text_size> text;
    return core::fail("the target has no " + std::string{name_of(by)} + " where it is "
                          + std::string{text.data(), core::write_double(*wrong, text.data())},
                      {}, "take another target_transform, or filter such rows");
  }
  const auto made = by == target_transform::standardize ? standardizing(targets) : fitted_transform{by};
  for (auto& y : targets)
    y = transformed(made, y);
  return made;
}

double original_of(const fitted_transform& of, double z) noexcept {
  switch (of.by) {
  case target_transform::log: return std::exp(z);
  case target_transform::log1p: return std::expm1(z);
  case target_transform::sqrt: return z * z;
  default: return z * of.scale + of.centre;
  }
}

} // namespace weir::models
