#include "core/base/civil_time.hpp"
#include "core/base/utf8.hpp"
#include "core/batch/column_builder.hpp"
#include "core/format/body_builder.hpp"
#include "core/format/csv_format.hpp"
#include "core/format/csv_objects.hpp"
#include "core/format/csv_rows.hpp"
#include "core/format/csv_text.hpp"
#include "core/format/json_number.hpp"
#include "core/format/json_text.hpp"
#include "core/format/text_value.hpp"
#include "core/format/value_text.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace weir::core {

namespace {

/// In front of a record of a topic, which a file may have given it; files are read without theirs.
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// A field of a row.
struct field {
  std::string name;
  std::string prefix; ///< `"name":`
  bool cut = false;   ///< does not go through
  bool required = false;
  std::optional<column_builder> column; ///< where the schema has it, or the sink's format wants it
  std::optional<column_id> id;          ///< in the schema
};

/// What the body of a record is made from.
enum class body_origin : std::uint8_t {
  row,     ///< it is the row as it came
  fields,  ///< a row of those that go through
  members, ///< the same as members of a JSON object, numbers as they are written
  columns, ///< the sink's format makes it
};

class csv_decoder final : public decoder {
public:
  explicit csv_decoder(decode_options options);

  void decode(batch& b) override;

private:
  /// What is wrong with a record; an empty reason: nothing.
  struct refusal {
    core::stage stage = core::stage::decode;
    std::string reason;
  };

  refusal decode_row(row_index row, std::string_view text);
  std::string what_is_open(std::string_view text);
  std::string problem() const;
  bool store(field& f, row_index row, const csv_fields::field& value);
  void write_body(batch& b, row_index row, std::string_view text);
  void write_members(row_index row, std::string& out) const;
  void write_fields(std::string& out) const;
  void finish(batch& b);
  void write_bodies(batch& b);

  decode_options options_;
  std::vector<field> fields_;
  std::vector<field> absent_; ///< of the schema, but not in the header: always null
  csv_fields values_;
  body_builder bodies_;
  body_origin origin_ = body_origin::row;
};

body_origin origin_of(const decode_options& options, bool cuts) noexcept {
  if (options.sink == &json_format)
    return body_origin::members;
  if (options.sink != &csv_format)
    return body_origin::columns;
  return options.dialect == csv_dialect{} && !cuts ? body_origin::row : body_origin::fields;
}

csv_decoder::csv_decoder(decode_options options) : options_{std::move(options)}, values_{options_.dialect} {
  const auto& columns = *options_.columns;
  for (const auto& name : options_.header) {
    auto& f = fields_.emplace_back();
    f.name = name;
    f.prefix = json_quoted(name) + ':';
    f.cut = std::find(options_.cut.begin(), options_.cut.end(), name) != options_.cut.end();
  }
  for (column_id id = 0; id < columns.size(); ++id) {
    if (!columns[id].from_source)
      continue;
    auto f = std::find_if(fields_.begin(), fields_.end(), [&](const field& g) { return g.name == columns[id].name; });
    auto& target = f != fields_.end() ? *f : absent_.emplace_back();
    target.name = columns[id].name;
    target.required = columns[id].required;
    target.column.emplace(columns[id].type);
    target.id = id;
  }
  const bool cuts = std::any_of(fields_.begin(), fields_.end(), [](const field& f) { return f.cut; });
  origin_ = origin_of(options_, cuts);
  if (origin_ == body_origin::columns)
    for (auto& f : fields_)
      if (!f.column && !f.cut)
        f.column.emplace(column_type::string);
}

void csv_decoder::decode(batch& b) {
  const auto& raw = *b.raw;
  const auto rows = raw.size();
  b.columns.resize(std::max(b.columns.size(), options_.columns->size()));
  b.rows.clear();
  b.rows.reserve(rows);
  b.body.assign(rows, {});
  for (auto* list : {&fields_, &absent_})
    for (auto& f : *list)
      if (f.column)
        f.column->start(rows);
  if (origin_ == body_origin::fields || origin_ == body_origin::members)
    bodies_.reserve(raw.text.size(), rows);
  const bool all_utf8 = is_utf8(raw.text);
  for (row_index row = 0; row < rows; ++row) {
    auto text = raw.value(row);
    if (text.ends_with('\r'))
      text.remove_suffix(1);
    if (text.starts_with(byte_order_mark))
      text.remove_prefix(byte_order_mark.size());
    refusal refused;
    if (!raw.has_value(row))
      refused.reason = "null value";
    else if (raw.is_cut(row))
      refused.reason = too_long_reason() + what_is_open(text);
    else if (text.empty() && fields_.size() > 1)
      refused.reason = "empty record";
    else if (!all_utf8 && !is_utf8(text))
      refused.reason = explain_bad_utf8(text);
    else
      refused = decode_row(row, text);
    if (refused.reason.empty()) {
      b.rows.push_back(row);
      write_body(b, row, text);
    } else {
      b.rejected.push_back({row, refused.stage, std::move(refused.reason)});
    }
  }
  finish(b);
}

void csv_decoder::finish(batch& b) {
  for (auto* list : {&fields_, &absent_})
    for (auto& f : *list)
      if (f.id)
        b.columns[*f.id] = f.column->finish();
  switch (origin_) {
  case body_origin::row: break;
  case body_origin::fields:
  case body_origin::members: bodies_.finish(b); break;
  case body_origin::columns: write_bodies(b); break;
  }
}

/// All fields that go through, for a sink of another format; those that the schema has not are texts.
void csv_decoder::write_bodies(batch& b) {
  std::vector<body_field> through;
  std::vector<column_ptr> others;
  for (auto& f : fields_)
    if (!f.cut)
      through.push_back({f.name, (f.id ? b.columns[*f.id] : others.emplace_back(f.column->finish())).get()});
  options_.sink->write_bodies(b, through);
}

/// Why a row may have become too long; empty: that is not known.
std::string csv_decoder::what_is_open(std::string_view text) {
  return values_.read(text) ? "" : ", which has " + problem();
}

std::string csv_decoder::problem() const {
  return std::string{values_.problem()} + " (byte " + std::to_string(values_.problem_at()) + ")";
}

csv_decoder::refusal csv_decoder::decode_row(row_index row, std::string_view text) {
  if (!values_.read(text))
    return {stage::decode, problem()};
  if (values_.size() != fields_.size())
    return {stage::decode,
            "expected " + std::to_string(fields_.size()) + " fields, found " + std::to_string(values_.size())};
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    auto& f = fields_[i];
    if (!f.column)
      continue;
    const auto& value = values_[i];
    if (value.text.empty() && !value.is_quoted) {
      if (f.required)
        return {stage::cast, "field '" + f.name + "' is required and is null"};
      f.column->set_null(row);
    } else if (!store(f, row, value)) {
      return {stage::cast, "field '" + f.name + "': expected " + std::string{to_string(f.column->type())} + ", found '"
                               + std::string{value.text.substr(0, 40)} + "'"};
    }
  }
  for (auto& f : absent_) {
    if (f.required)
      return {stage::cast, "field '" + f.name + "' is required and is missing"};
    f.column->set_null(row);
  }
  return {};
}

/// Converts a value to the field's type; false when it is none of it.
bool csv_decoder::store(field& f, row_index row, const csv_fields::field& value) {
  auto& column = *f.column;
  const auto integer = [&](std::optional<std::int64_t> v) {
    if (v)
      column.i64()[row] = *v;
    return v.has_value();
  };
  switch (column.type()) {
  case column_type::float64: {
    const auto v = read_double(value.text);
    if (v)
      column.f64()[row] = *v;
    return v.has_value();
  }
  case column_type::int64: return integer(read_int64(value.text));
  case column_type::boolean: return integer(read_boolean(value.text));
  case column_type::timestamp: return integer(read_timestamp(value.text));
  case column_type::string: break;
  }
  if (value.is_quoted && value.text.size() + 2 != value.raw.size()) { // doubled quotes: not a view into the record
    const auto begin = column.arena().size();
    column.arena().append(value.text);
    column.set_from_arena(row, begin);
  } else {
    column.text()[row] = value.text;
  }
  return true;
}

void csv_decoder::write_body(batch& b, row_index row, std::string_view text) {
  switch (origin_) {
  case body_origin::row: b.body[row] = text; break;
  case body_origin::fields: write_fields(bodies_.next(row)); break;
  case body_origin::members: write_members(row, bodies_.next(row)); break;
  case body_origin::columns: break;
  }
}

void csv_decoder::write_members(row_index row, std::string& out) const {
  bool first = true;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const auto& f = fields_[i];
    const auto& value = values_[i];
    if (f.cut)
      continue;
    if (!first)
      out.push_back(',');
    first = false;
    out.append(f.prefix);
    if (!f.column) {
      append_json_value(value, out);
      continue;
    }
    const auto type = f.column->type();
    if (value.text.empty() && !value.is_quoted) {
      out.append("null");
    } else if (type == column_type::string || type == column_type::timestamp) {
      append_json_text(value.text, out);
    } else if (type != column_type::boolean && json_number_of(value.text)) {
      out.append(value.text);
    } else {
      char text[plain_value_size];
      const auto* end = write_plain_value(f.column->values(), row, text);
      out.append(text, static_cast<std::size_t>(end - text));
    }
  }
}

void csv_decoder::write_fields(std::string& out) const {
  bool first = true;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].cut)
      continue;
    if (!first)
      out.push_back(',');
    first = false;
    const auto& value = values_[i];
    if (options_.dialect == csv_dialect{} || value.raw.empty())
      out.append(value.raw);
    else
      append_csv_text(value.text, out);
  }
}

} // namespace

std::unique_ptr<decoder> make_csv_decoder(decode_options options) {
  return std::make_unique<csv_decoder>(std::move(options));
}

} // namespace weir::core
