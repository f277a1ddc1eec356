#include "models/onnx/metadata.hpp"

#include "core/base/number_text.hpp"
#include "core/format/json_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
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
constexpr std::string_view imputed_key = "imputed";
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

bool read_keys(const json& from, std::vector<std::string>& into) {
  simdjson::dom::object fields;
  if (from.get(fields) != simdjson::SUCCESS)
    return false;
  for (const auto field : fields)
    into.emplace_back(field.key);
  return true;
}

std::string array_of(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const auto& text : texts)
    out += (out.size() > 1 ? "," : "") + core::json_quoted(text);
  return out + "]";
}

/// The fields of a file of Protocol Buffers, one after the other.
class proto_file {
public:
  explicit proto_file(const std::string& path) : file_{std::fopen(path.c_str(), "rb"), &std::fclose} {
    if (file_ && ::fseeko(file_.get(), 0, SEEK_END) == 0)
      size_ = static_cast<std::uint64_t>(::ftello(file_.get()));
    if (file_)
      std::rewind(file_.get());
  }

  bool is_open() const noexcept { return file_ != nullptr; }
  bool is_at_end() const noexcept { return at_ >= size_; }

  /// Passes over a field. @returns its number; 0 where there is none
  /// @param wanted the field whose @param bytes are read; of others they are empty
  int next_field(int wanted, std::string& bytes) {
    bytes.clear();
    const auto tag = varint();
    if (!tag)
      return 0;
    const auto field = static_cast<int>(*tag >> 3);
    std::optional<std::uint64_t> length;
    switch (*tag & 7) {
    case 0: return varint() ? field : 0;
    case 1: length = 8; break;
    case 2: length = varint(); break;
    case 5: length = 4; break;
    default: break;
    }
    if (!length || *length > size_ - at_)
      return 0;
    at_ += *length;
    if (field != wanted)
      return ::fseeko(file_.get(), static_cast<off_t>(at_), SEEK_SET) == 0 ? field : 0;
    bytes.resize(*length);
    return std::fread(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size() ? field : 0;
  }

private:
  std::optional<std::uint64_t> varint() {
    std::uint64_t made = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = std::fgetc(file_.get());
      if (byte == EOF)
        return std::nullopt;
      ++at_;
      made |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80)
        return made;
    }
    return std::nullopt;
  }

  std::unique_ptr<std::FILE, decltype(&std::fclose)> file_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
};

} // namespace

core::result<std::map<std::string, std::string>> read_metadata(const std::string& path) {
  proto_file file{path};
  if (!file.is_open())
    return core::cannot_reach("cannot read '" + path + "': " + std::strerror(errno), {}, "check the path");
  std::map<std::string, std::string> made;
  bool has_graph = false;
  std::string bytes;
  while (!file.is_at_end()) {
    const auto field = file.next_field(onnx::ModelProto::kMetadataPropsFieldNumber, bytes);
    onnx::StringStringEntryProto entry;
    if (field == 0 || (!bytes.empty() && !entry.ParseFromString(bytes)))
      return core::fail("this is no ONNX file", path);
    has_graph = has_graph || field == onnx::ModelProto::kGraphFieldNumber;
    if (!bytes.empty())
      made[entry.key()] = entry.value();
  }
  if (!has_graph)
    return core::fail("this is no ONNX file", path);
  return made;
}

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
    } else if (entry.key() == imputed_key) {
      into.filled.clear();
      if (parser.parse(entry.value()).get(value) != simdjson::SUCCESS || !read_keys(value, into.filled))
        return core::fail("the metadata 'imputed' are no object of values by feature");
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

void write_fills(const training_data& of, file_writer& file) {
  std::string text;
  std::array<char, core::number_text_size> number;
  for (std::size_t f = 0; f < of.feature_names.size(); ++f) {
    const auto* category = of.find_category(f);
    if (category != nullptr)
      text += (text.empty() ? "" : ",") + core::json_quoted(of.feature_names[f]) + ":null";
    if (category != nullptr || of.fills.empty() || std::isnan(of.fills[f]))
      continue;
    const auto encoder = std::ranges::find(of.encoders, of.feature_names[f], &ordinal_encoder::feature);
    text += (text.empty() ? "" : ",") + core::json_quoted(of.feature_names[f]) + ":";
    if (encoder == of.encoders.end())
      text.append(number.data(), core::write_double(of.fills[f], number.data()));
    else
      text += core::json_quoted(encoder->categories[static_cast<std::size_t>(of.fills[f])]);
  }
  if (!text.empty())
    file.metadata(imputed_key, "{" + text + "}");
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
