#include "models/kernel/class_bounds.hpp"

#include "models/class_weight.hpp"
#include "models/kernel/support.hpp"

namespace weir::models {

core::result<std::vector<double>> bounds_of_classes(const training_data& data, double C,
                                                    const std::string& class_weight) {
  if (auto good = check_positive("C", C); !good)
    return tl::unexpected{good.error()};
  return weights_of_classes(data, class_weight).map([&](std::vector<double> bounds) {
    for (auto& bound : bounds)
      bound *= C;
    return bounds;
  });
}

} // namespace weir::models
