#include "models/onnx/target_node.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

bool needs_double(const std::vector<double>& target) {
  constexpr double steps = 1e4;
  const auto [least, most] = std::minmax_element(target.begin(), target.end());
  const auto farthest = std::max(std::abs(*least), std::abs(*most));
  return *most > *least
         && farthest * static_cast<double>(std::numeric_limits<float>::epsilon()) * steps > *most - *least;
}

} // namespace

void write_target_node(std::string_view op, const std::string& features, std::vector<attribute> attributes,
                       std::string_view named_intercept, double intercept, const std::vector<double>& target,
                       file_writer& file) {
  const auto is_double = needs_double(target);
  attributes.emplace_back(named_intercept, std::vector<float>{is_double ? 0 : static_cast<float>(intercept)});
  file.node(op, {features}, {is_double ? "products" : "variable"}, attributes);
  if (is_double) {
    file.constant("intercept", {1}, std::vector<double>{intercept});
    file.node("Cast", {"products"}, {"products_in_double"}, {{"to", std::int64_t{onnx::TensorProto::DOUBLE}}});
    file.node("Add", {"products_in_double", "intercept"}, {"variable"});
  }
  file.output("variable", is_double ? element::f64 : element::f32, 1);
}

} // namespace weir::models
