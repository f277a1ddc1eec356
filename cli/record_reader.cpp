#include "cli/record_reader.hpp"

#include "core/format/json_number.hpp"
#include "core/format/json_text.hpp"

#include <algorithm>

#include <simdjson.h>

namespace weir::cli {

core::data_format format_of_file(std::string_view path) {
  return path.ends_with(".csv") ? core::data_format::csv : core::data_format::json;
}

core::result<record_reader> record_reader::make(std::istream& in, core::data_format format,
                                                const std::string& key_field) {
  record_reader reader{in, format, key_field};
  if (format == core::data_format::json)
    return reader;
  const auto row = reader.next_row();
  if (!row)
    return core::fail("the file is empty", {}, "a CSV file begins with the names of its columns");
  auto header = core::parse_csv_header(*row);
  if (!header)
    return tl::unexpected(header.error());
  reader.header_ = std::move(*header);
  for (const auto& name : reader.header_)
    reader.member_names_.push_back(core::json_quoted(name) + ':');
  const auto found = std::find(reader.header_.begin(), reader.header_.end(), key_field);
  if (!key_field.empty() && found == reader.header_.end())
    return core::fail("there is no column '" + key_field + "' to key by", {},
                      "the columns are in the first line of the file");
  reader.key_column_ = static_cast<std::size_t>(found - reader.header_.begin());
  return reader;
}

core::result<std::optional<record_reader::record>> record_reader::next() {
  while (const auto row = next_row()) {
    if (row->empty())
      continue;
    if (format_ == core::data_format::csv)
      return convert(*row);
    record found{.value = *row};
    if (!key_field_.empty())
      if (auto key = key_of_json(*row, key_field_)) {
        key_ = std::move(*key);
        found.key = key_;
      }
    return found;
  }
  return std::nullopt;
}

// Reads in blocks; a row lies whole in the buffer.
std::optional<std::string_view> record_reader::next_row() {
  constexpr std::size_t block = 1u << 18;
  while (true) {
    const auto rest = std::string_view{buffer_}.substr(at_);
    auto row = first_row(rest);
    if (!row && rest.size() < longest_row && *in_) {
      buffer_.erase(0, at_);
      at_ = 0;
      const auto size = buffer_.size();
      buffer_.resize(size + block);
      in_->read(buffer_.data() + size, block);
      buffer_.resize(size + static_cast<std::size_t>(in_->gcount()));
      continue;
    }
    if (!row && rest.empty())
      return std::nullopt;
    if (!row)
      row = core::csv_row{.size = rest.size(), .next = rest.size()};
    at_ += row->next;
    line_ = next_line_;
    next_line_ += static_cast<std::uint64_t>(std::count(rest.data(), rest.data() + row->next, '\n'));
    return rest.substr(0, row->size);
  }
}

std::optional<core::csv_row> record_reader::first_row(std::string_view text) const {
  if (format_ == core::data_format::csv)
    return core::find_csv_row(text);
  const auto end = text.find('\n');
  if (end == std::string_view::npos)
    return std::nullopt;
  return core::csv_row{.size = end, .next = end + 1};
}

core::result<record_reader::record> record_reader::convert(std::string_view row) {
  const auto where = "line " + std::to_string(line_);
  if (!fields_.read(row))
    return core::fail(fields_.problem(), where);
  if (fields_.size() != header_.size())
    return core::fail("the row has " + std::to_string(fields_.size()) + " fields, the header "
                          + std::to_string(header_.size()),
                      where);
  value_ = '{';
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (i > 0)
      value_ += ',';
    value_ += member_names_[i];
    append_json_value(fields_[i], value_);
  }
  value_ += '}';
  record made{.value = value_};
  if (!key_field_.empty() && (fields_[key_column_].is_quoted || !fields_[key_column_].text.empty())) {
    key_ = fields_[key_column_].text;
    made.key = key_;
  }
  return made;
}

void append_json_value(const core::csv_fields::field& field, std::string& out) {
  if (!field.is_quoted) {
    if (field.text.empty()) {
      out += "null";
      return;
    }
    // The number must be the whole field; a copy, because the field need not end in something that is no digit.
    const std::string text{field.text};
    core::json_number number;
    const bool is_number = core::read_json_number(text.c_str(), number) && number.end == text.c_str() + text.size();
    if (is_number || text == "true" || text == "false") {
      out += text;
      return;
    }
  }
  out += core::json_quoted(field.text);
}

std::optional<std::string> key_of_json(std::string_view object, const std::string& field) {
  thread_local simdjson::dom::parser parser;
  simdjson::dom::element value;
  if (parser.parse(object.data(), object.size()).at_key(field).get(value) != simdjson::SUCCESS || value.is_null())
    return std::nullopt;
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS)
    return std::string{text};
  return simdjson::minify(value);
}

} // namespace weir::cli
