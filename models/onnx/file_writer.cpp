#include "models/onnx/file_writer.hpp"

#include "models/onnx/element_type.hpp"
#include "models/onnx/operator.hpp"

#include <algorithm>
#include <type_traits>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using onnx::AttributeProto;

constexpr std::int64_t ir_version = 4;
constexpr std::int64_t onnx_version = 9;
constexpr std::int64_t ml_version = 2;

void describe(onnx::ValueInfoProto& value, std::string_view name, element type, std::size_t columns) {
  value.set_name(std::string{name});
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx_type_of(type));
  tensor.mutable_shape()->add_dim()->set_dim_param("rows");
  if (columns > 0)
    tensor.mutable_shape()->add_dim()->set_dim_value(static_cast<std::int64_t>(columns));
}

void write(const attribute& from, AttributeProto& into) {
  into.set_name(std::string{from.name});
  std::visit(
      [&]<class T>(const T& value) {
        if constexpr (std::is_same_v<T, std::int64_t>) {
          into.set_type(AttributeProto::INT);
          into.set_i(value);
        } else if constexpr (std::is_same_v<T, float>) {
          into.set_type(AttributeProto::FLOAT);
          into.set_f(value);
        } else if constexpr (std::is_same_v<T, std::string>) {
          into.set_type(AttributeProto::STRING);
          into.set_s(value);
        } else if constexpr (std::is_same_v<T, std::vector<std::int64_t>>) {
          into.set_type(AttributeProto::INTS);
          into.mutable_ints()->Assign(value.begin(), value.end());
        } else if constexpr (std::is_same_v<T, std::vector<float>>) {
          into.set_type(AttributeProto::FLOATS);
          into.mutable_floats()->Assign(value.begin(), value.end());
        } else {
          into.set_type(AttributeProto::STRINGS);
          into.mutable_strings()->Assign(value.begin(), value.end());
        }
      },
      from.value);
}

void write(const constant_values& from, onnx::TensorProto& into) {
  into.set_data_type(onnx_type_of(type_of(from)));
  std::visit(
      [&]<class T>(const std::vector<T>& values) {
        if constexpr (std::is_same_v<T, float>)
          into.mutable_float_data()->Assign(values.begin(), values.end());
        else if constexpr (std::is_same_v<T, double>)
          into.mutable_double_data()->Assign(values.begin(), values.end());
        else if constexpr (std::is_same_v<T, std::int64_t>)
          into.mutable_int64_data()->Assign(values.begin(), values.end());
        else if constexpr (std::is_same_v<T, std::string>)
          into.mutable_string_data()->Assign(values.begin(), values.end());
      },
      from);
}

std::string domain_of(std::string_view op) {
  const auto& all = onnx_operators();
  const auto known = std::find_if(all.begin(), all.end(), [&](const auto* one) { return one->name == op; });
  return known == all.end() || (*known)->domain == "ai.onnx" ? "" : std::string{(*known)->domain};
}

} // namespace

file_writer::file_writer() : file_{std::make_unique<onnx::ModelProto>()} {
  file_->set_ir_version(ir_version);
  file_->set_producer_name("weir");
  auto& standard = *file_->add_opset_import();
  standard.set_domain("");
  standard.set_version(onnx_version);
  auto& ml = *file_->add_opset_import();
  ml.set_domain("ai.onnx.ml");
  ml.set_version(ml_version);
  file_->mutable_graph()->set_name("model");
}

file_writer::~file_writer() = default;

void file_writer::input(std::string_view name, element type, std::size_t columns) {
  describe(*file_->mutable_graph()->add_input(), name, type, columns);
}

void file_writer::output(std::string_view name, element type, std::size_t columns) {
  describe(*file_->mutable_graph()->add_output(), name, type, columns);
}

void file_writer::constant(std::string_view name, const std::vector<float>& values) {
  constant(name, {static_cast<std::int64_t>(values.size())}, values);
}

void file_writer::constant(std::string_view name, const tensor_shape& shape, const constant_values& values) {
  auto& made = *file_->mutable_graph()->add_initializer();
  made.set_name(std::string{name});
  made.mutable_dims()->Assign(shape.begin(), shape.end());
  write(values, made);
}

void file_writer::node(std::string_view op, const std::vector<std::string>& inputs,
                       const std::vector<std::string>& outputs, const std::vector<attribute>& attributes) {
  auto& graph = *file_->mutable_graph();
  auto& made = *graph.add_node();
  made.set_name(std::string{op} + "_" + std::to_string(graph.node_size()));
  made.set_op_type(std::string{op});
  made.set_domain(domain_of(op));
  for (const auto& name : inputs)
    made.add_input(name);
  for (const auto& name : outputs)
    made.add_output(name);
  for (const auto& one : attributes)
    write(one, *made.add_attribute());
}

void file_writer::metadata(std::string_view key, std::string value) {
  auto& entry = *file_->add_metadata_props();
  entry.set_key(std::string{key});
  entry.set_value(std::move(value));
}

std::string file_writer::bytes() const {
  return file_->SerializeAsString();
}

} // namespace weir::models
