#include "models/onnx/operator.hpp"

#include "core/base/nearest_name.hpp"

#include <array>
#include <string>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

constexpr std::array all_operators{
    &operators::cast,
    &operators::identity,
    &operators::tree_ensemble_classifier,
    &operators::tree_ensemble_regressor,
    &operators::zip_map,
};

/// An empty domain is the standard's own.
std::string_view domain_of(const onnx::NodeProto& node) {
  return node.domain().empty() ? std::string_view{"ai.onnx"} : node.domain();
}

} // namespace

std::span<const onnx_operator* const> onnx_operators() noexcept {
  return all_operators;
}

core::result<const onnx_operator*> find_operator(const onnx::NodeProto& node) {
  std::vector<std::string_view> names;
  for (const auto* known : onnx_operators()) {
    if (known->name == node.op_type() && known->domain == domain_of(node))
      return known;
    names.push_back(known->name);
  }
  std::string remedy = "`weir list operators` says which are; what prepares the inputs can be steps of the pipeline";
  for (const auto name : names)
    if (name == node.op_type())
      return core::fail("operator '" + node.op_type() + "' of domain '" + node.domain() + "' is not supported", {},
                        std::move(remedy));
  if (const auto near = core::did_you_mean(node.op_type(), names); !near.empty())
    remedy = near + " " + remedy;
  return core::fail("operator '" + node.op_type() + "' is not supported", {}, std::move(remedy));
}

} // namespace weir::models
