#include "models/onnx/metadata.hpp"

#include "core/format/json_text.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <onnx/onnx_pb.h>
#include <simdjson.h>

namespace weir::models {

namespace {

constexpr std::string_view names_key = "feature_names";
constexpr std::string_view encoders_key = "encoders";

using simdjson::dom::element;

/// False when it is no array of texts.
bool read_texts(const element& from, std::vector<std::string>& into) {
  simdjson::dom::array items;
  if (from.get(items) != simdjson::SUCCESS)
    return false;
  for (const auto item : items) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS)
      return false;
    into.emplace_back(text);
  }
  return true;
}

bool read_encoders(const element& from, std::vector<ordinal_encoder>& into) {
  simdjson::dom::object fields;
  if (from.get(fields) != simdjson::SUCCESS)
    return false;
  for (const auto field : fields) {
    into.push_back({std::string{field.key}, {}});
    if (!read_texts(field.value, into.back().categories))
      return false;
  }
  return true;
}

std::string array_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts)
    out += (out.size() > 1 ? "," : "") + core::json_quoted(text);
  return out + "]";
}

std::string object_of(const std::vector<ordinal_encoder>& encoders) {
  std::string out = "{";
  for (const auto& encoder : encoders)
    out += (out.size() > 1 ? "," : "") + core::json_quoted(encoder.feature) + ":" + array_of(encoder.categories);
  return out + "}";
}

} // namespace

core::result<void> read_metadata(const onnx::ModelProto& file, model_definition& into) {
  simdjson::dom::parser parser;
  element value;
  for (const auto& entry : file.metadata_props()) {
    if (entry.key() == names_key) {
      into.feature_names.clear();
      if (parser.parse(entry.value()).get(value) != simdjson::SUCCESS || !read_texts(value, into.feature_names)
          || into.feature_names.size() != into.features())
        return core::fail("the metadata 'feature_names' are not one text for each of " + std::to_string(into.features())
                          + " features");
    } else if (entry.key() == encoders_key) {
      into.encoders.clear();
      if (parser.parse(entry.value()).get(value) != simdjson::SUCCESS || !read_encoders(value, into.encoders))
        return core::fail("the metadata 'encoders' are no object of arrays of texts");
    }
  }
  return {};
}

void write_metadata(const model_meaning& from, onnx::ModelProto& file) {
  const auto add = [&](std::string_view key, std::string value) {
    auto& entry = *file.add_metadata_props();
    entry.set_key(std::string{key});
    entry.set_value(std::move(value));
  };
  if (!from.feature_names.empty())
    add(names_key, array_of(from.feature_names));
  if (!from.encoders.empty())
    add(encoders_key, object_of(from.encoders));
}

} // namespace weir::models
