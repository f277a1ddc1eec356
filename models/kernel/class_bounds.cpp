#include "models/kernel/class_bounds.hpp"

#include "models/kernel/support.hpp"

namespace weir::models {

core::result<std::vector<double>> bounds_of_classes(const training_data& data, double C,
                                                    const std::string& class_weight) {
  if (auto good = check_positive("C", C); !good)
    return tl::unexpected{good.error()};
  if (!class_weight.empty() && class_weight != "balanced")
    return core::fail("class_weight must be balanced, or left out, not '" + class_weight + "'");
  std::vector<double> bounds(size_of(*data.labels), C);
  if (class_weight.empty())
    return bounds;
  std::vector<double> counts(bounds.size());
  for (const auto y : data.target)
    ++counts[static_cast<std::size_t>(y)];
  for (std::size_t k = 0; k < bounds.size(); ++k)
    bounds[k] *= static_cast<double>(data.rows()) / (static_cast<double>(bounds.size()) * counts[k]);
  return bounds;
}

} // namespace weir::models
