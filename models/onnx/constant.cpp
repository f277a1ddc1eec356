#include "models/onnx/constant.hpp"

#include <bit>
#include <cstring>
#include <string>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using core::fail;

constexpr std::size_t max_elements = std::size_t{1} << 28;

/// Values stand in a field of their type, or as bytes. @tparam Stored as the bytes hold them
template <class T, class Stored, class Field>
std::vector<T> values_of(const onnx::TensorProto& from, const Field& field) {
  std::vector<T> made;
  if (!from.has_raw_data()) {
    made.reserve(static_cast<std::size_t>(field.size()));
    for (const auto value : field)
      made.push_back(static_cast<T>(static_cast<Stored>(value)));
    return made;
  }
  static_assert(std::endian::native == std::endian::little);
  const auto& bytes = from.raw_data();
  made.resize(bytes.size() / sizeof(Stored));
  for (std::size_t i = 0; i < made.size(); ++i) {
    Stored value;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    made[i] = static_cast<T>(value);
  }
  return made;
}

std::vector<bool> flags_of(const onnx::TensorProto& from) {
  const auto numbers = values_of<std::int64_t, std::uint8_t>(from, from.int32_data());
  std::vector<bool> made;
  for (const auto value : numbers)
    made.push_back(value != 0);
  return made;
}

core::result<constant_values> all_values_of(const onnx::TensorProto& from) {
  using type = onnx::TensorProto;
  switch (from.data_type()) {
  case type::FLOAT: return values_of<float, float>(from, from.float_data());
  case type::DOUBLE: return values_of<double, double>(from, from.double_data());
  case type::INT64: return values_of<std::int64_t, std::int64_t>(from, from.int64_data());
  case type::INT32: return values_of<std::int64_t, std::int32_t>(from, from.int32_data());
  case type::INT16: return values_of<std::int64_t, std::int16_t>(from, from.int32_data());
  case type::INT8: return values_of<std::int64_t, std::int8_t>(from, from.int32_data());
  case type::UINT8: return values_of<std::int64_t, std::uint8_t>(from, from.int32_data());
  case type::UINT16: return values_of<std::int64_t, std::uint16_t>(from, from.int32_data());
  case type::UINT32: return values_of<std::int64_t, std::uint32_t>(from, from.uint64_data());
  case type::BOOL: return flags_of(from);
  case type::STRING: return std::vector<std::string>(from.string_data().begin(), from.string_data().end());
  default:
    return fail("tensor '" + from.name() + "' has type " + std::to_string(from.data_type()), {},
                "weir computes with float, double, int64, bool and string");
  }
}

} // namespace

core::result<tensor> read_constant(const onnx::TensorProto& from) {
  if (from.data_location() == onnx::TensorProto::EXTERNAL || !from.external_data().empty())
    return fail("tensor '" + from.name() + "' stands in another file", {}, "export the model with its weights inside");
  std::size_t count = 1;
  for (const auto length : from.dims()) {
    if (length < 0 || (length > 0 && count > max_elements / static_cast<std::size_t>(length)))
      return fail("tensor '" + from.name() + "' has an axis of " + std::to_string(length));
    count *= static_cast<std::size_t>(length);
  }
  auto values = all_values_of(from);
  if (!values)
    return tl::unexpected{values.error()};
  if (size_of(*values) != count)
    return fail("tensor '" + from.name() + "' has " + std::to_string(size_of(*values)) + " values, its shape "
                + std::to_string(count));
  return make_constant({from.dims().begin(), from.dims().end()}, *std::move(values));
}

} // namespace weir::models
