#pragma once

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace weir::io {

/// Writes a JSON document in the order in which it is told. For documents of ours, not for records.
class json_document {
public:
  json_document& begin_object() { return does(writer_.StartObject()); }
  json_document& end_object() { return does(writer_.EndObject()); }
  json_document& begin_array() { return does(writer_.StartArray()); }
  json_document& end_array() { return does(writer_.EndArray()); }
  json_document& key(std::string_view name) {
    return does(writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())));
  }

  json_document& value(std::string_view text) {
    return does(writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size())));
  }
  json_document& value(const char* text) { return value(std::string_view{text}); }
  json_document& value(const std::string& text) { return value(std::string_view{text}); }
  json_document& value(bool truth) { return does(writer_.Bool(truth)); }
  json_document& value(double number) { return does(writer_.Double(number)); }
  template <class T>
  requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) json_document& value(T number) {
    return does(std::is_signed_v<T> ? writer_.Int64(static_cast<std::int64_t>(number))
                                    : writer_.Uint64(static_cast<std::uint64_t>(number)));
  }
  json_document& value(const std::vector<std::string>& texts) {
    begin_array();
    for (const auto& text : texts)
      value(text);
    return end_array();
  }
  json_document& null() { return does(writer_.Null()); }

  template <class T>
  json_document& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }

  /// JSON that is written already.
  json_document& raw(std::string_view text) {
    return does(writer_.RawValue(text.data(), text.size(), rapidjson::kNullType));
  }

  /// The document with a line for each member, and a line end.
  std::string pretty_text() const {
    rapidjson::Document whole;
    whole.Parse<rapidjson::kParseIterativeFlag>(buffer_.GetString(), buffer_.GetSize());
    rapidjson::StringBuffer out;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> pretty{out};
    pretty.SetIndent(' ', 2);
    whole.Accept(pretty);
    return std::string{out.GetString(), out.GetSize()} + "\n";
  }

  /// The document and a line end.
  std::string text() const { return std::string{buffer_.GetString(), buffer_.GetSize()} + "\n"; }

private:
  json_document& does(bool) { return *this; }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

} // namespace weir::io
