#include "models/onnx/operator.hpp"

#include "core/base/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

constexpr std::array families{
    &operators::arguments,   &operators::arithmetic, &operators::cast,           &operators::comparison,
    &operators::constants,   &operators::encoders,   &operators::linear,         &operators::matrices,
    &operators::normalizing, &operators::reductions, &operators::scaling,        &operators::selection,
    &operators::shapes,      &operators::svm,        &operators::tree_ensembles, &operators::tree_lists,
    &operators::zip_map,
};

/// An empty domain is the standard's own.
std::string_view domain_of(const onnx::NodeProto& node) {
  return node.domain().empty() ? std::string_view{"ai.onnx"} : node.domain();
}

} // namespace

const std::vector<const onnx_operator*>& onnx_operators() {
  static const auto all = [] {
    std::vector<const onnx_operator*> made;
    for (const auto* family : families)
      for (const auto& one : *family)
        made.push_back(&one);
    std::sort(made.begin(), made.end(), [](const auto* a, const auto* b) { return a->name < b->name; });
    return made;
  }();
  return all;
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
