#include "models/onnx/metadata.hpp"

#include "core/base/number_text.hpp"
#include "core/format/json_text.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <onnx/onnx_pb.h>
#include <simdjson.h>

namespace weir::models {

namespace {

constexpr std::string_view names_key = "feature_names";
constexpr std::string_view encoders_key = "encoders";
constexpr std::string_view unknown_key = "unknown_categories";
constexpr std::string_view refuse = "refuse";

using json = simdjson::dom::element;

/// False when it is no array of texts.
bool read_texts(const json& from, std::vector<std::string>& into) {
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

bool read_encoders(const json& from, std::vector<ordinal_encoder>& into) {
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

} // namespace

core::result<void> read_metadata(const onnx::ModelProto& file, model_meaning& into) {
  simdjson::dom::parser parser;
  json value;
  std::vector<std::string> names;
  for (const auto& entry : file.metadata_props()) {
    into.metadata[entry.key()] = entry.value();
    if (entry.key() == names_key) {
      names.clear();
      if (parser.parse(entry.value()).get(value) != simdjson::SUCCESS || !read_texts(value, names))
        return core::fail("the metadata 'feature_names' are no array of texts");
    } else if (entry.key() == encoders_key) {
      into.encoders.clear();
      if (parser.parse(entry.value()).get(value) != simdjson::SUCCESS || !read_encoders(value, into.encoders))
        return core::fail("the metadata 'encoders' are no object of arrays of texts");
    }
  }
  for (auto& name : names)
    into.features.push_back({std::move(name)});
  return {};
}

void write_metadata(const std::vector<std::string>& feature_names, file_writer& file) {
  if (!feature_names.empty())
    file.metadata(names_key, array_of(feature_names));
  file.metadata(unknown_key, std::string{refuse});
}

void write_importances(const std::vector<std::string>& feature_names, const std::vector<double>& importances,
                       file_writer& file) {
  std::string text = "{";
  std::array<char, core::number_text_size> number;
  for (std::size_t i = 0; i < feature_names.size(); ++i) {
    const std::string_view value{number.data(), core::write_double(importances[i], number.data())};
    text += (i > 0 ? "," : "") + core::json_quoted(feature_names[i]) + ":" + std::string{value};
  }
  file.metadata("importances", text + "}");
}

bool refuses_unknown_categories(const model_meaning& of) {
  const auto said = of.metadata.find(std::string{unknown_key});
  return said != of.metadata.end() && said->second == refuse;
}

std::string with_metadata(std::string_view file, std::string_view key, std::string value) {
  onnx::ModelProto whole;
  whole.ParseFromArray(file.data(), static_cast<int>(file.size()));
  auto& entry = *whole.add_metadata_props();
  entry.set_key(std::string{key});
  entry.set_value(std::move(value));
  return whole.SerializeAsString();
}

} // namespace weir::models
