#include "core/base/civil_time.hpp"
#include "core/batch/column_builder.hpp"
#include "core/format/json_format.hpp"
#include "core/format/json_keys.hpp"
#include "core/format/json_scanner.hpp"
#include "core/format/json_tokens.hpp"

#include <algorithm>
#include <optional>

namespace weir::core {

namespace {

/// Text that is scanned for tokens at once. The tokens of so much fit in the first-level cache with the text itself,
/// and a record that makes the scan fail costs the others little.
constexpr std::size_t block_bytes = 16 * 1024;

/// A field of the source: what is expected, and where it goes.
struct field {
  field(const column_info& info, column_id at, bool is_cut) :
      column{info.type}, id{at}, required{info.required}, cut{is_cut}, name{info.name} {}

  column_builder column;
  void* values = nullptr; ///< those of `column`
  column_id id;
  row_index seen_in = 0; ///< the record that had it last, + 1
  bool required;
  bool cut; ///< does not go through
  std::string name;
};

class json_decoder final : public decoder {
public:
  explicit json_decoder(decode_options options);

  void decode(batch& b) override;

private:
  using cursor = json_tokens::cursor;

  void begin(batch& b);
  void finish(batch& b);
  void decode_block(batch& b, row_index first, row_index last);
  void decode_records(batch& b, row_index first, row_index last, cursor token, cursor end);
  cursor decode_record(row_index row, cursor token, std::uint32_t end);
  cursor read_value(field& f, row_index row, cursor token, std::uint32_t end);
  cursor read_float(field& f, row_index row, cursor token);
  cursor read_integer(field& f, row_index row, cursor token);
  cursor read_string(field& f, row_index row, cursor token);
  bool read_timestamp(field& f, row_index row, cursor token);
  bool check_presence(row_index row);
  cursor wrong_type(const field& f, cursor token, std::string_view found);
  void reject(batch& b, row_index row, stage at, std::string reason);
  void keep_member(bool cut, std::uint32_t key, std::uint32_t separator);
  void close_run(std::uint32_t end);
  void write_bodies(batch& b) const;

  decode_options options_;
  std::vector<field> fields_;
  json_keys keys_;
  json_scanner scanner_;
  json_tokens tokens_;
  bool cuts_ = false;

  // The record at hand.
  std::string cast_problem_; ///< why a value does not fit its field; empty: tokens_.problem() holds
  std::uint32_t found_ = 0;  ///< fields seen in it
  bool null_seen_ = false;
  std::uint32_t body_begin_ = 0;
  std::uint32_t body_end_ = 0;
  std::optional<std::uint32_t> run_begin_; ///< of members that go through, where some are cut
  std::uint32_t run_end_ = 0;
  bool run_cut_ = false; ///< a member was cut

  // The batch at hand.
  std::shared_ptr<std::string> arena_;
  std::size_t arena_mark_ = 0;
  std::uint32_t block_at_ = 0; ///< of the block in raw_block::text
  std::string unescaped_;
};

json_decoder::json_decoder(decode_options options) : options_{std::move(options)} {
  const auto& columns = *options_.columns;
  const auto is_cut = [&](const std::string& name) {
    return std::find(options_.cut.begin(), options_.cut.end(), name) != options_.cut.end();
  };
  for (column_id id = 0; id < columns.size(); ++id)
    if (columns[id].from_source) {
      keys_.add(columns[id].name, static_cast<std::int32_t>(fields_.size()), is_cut(columns[id].name));
      fields_.emplace_back(columns[id], id, is_cut(columns[id].name));
    }
  for (const auto& name : options_.cut)
    if (std::none_of(fields_.begin(), fields_.end(), [&](const field& f) { return f.name == name; }))
      keys_.add(name, json_keys::unused, true);
  cuts_ = !options_.cut.empty() && options_.sink == &json_format;
}

void json_decoder::begin(batch& b) {
  const auto rows = b.raw->size();
  b.columns.resize(std::max(b.columns.size(), options_.columns->size()));
  b.rows.clear();
  b.rows.reserve(rows);
  b.body.assign(rows, {});
  for (auto& f : fields_) {
    f.column.start(rows);
    f.seen_in = 0;
    switch (f.column.type()) {
    case column_type::float64: f.values = f.column.f64(); break;
    case column_type::string: f.values = f.column.text(); break;
    default: f.values = f.column.i64();
    }
  }
  if (cuts_) {
    arena_ = std::make_shared<std::string>();
    arena_->reserve(b.raw->text.size()); // what is left of a record is no longer than it was: views into it stay
  }
}

void json_decoder::finish(batch& b) {
  for (auto& f : fields_)
    b.columns[f.id] = f.column.finish();
  if (options_.sink == &json_format)
    b.body_arena = std::move(arena_);
  else
    write_bodies(b);
}

void json_decoder::decode(batch& b) {
  begin(b);
  const auto& raw = *b.raw;
  const auto rows = static_cast<row_index>(raw.size());
  for (row_index first = 0; first < rows;) {
    auto last = first + 1;
    while (last < rows && raw.begin[last + 1] - raw.begin[first] <= block_bytes)
      ++last;
    decode_block(b, first, last);
    first = last;
  }
  finish(b);
}

void json_decoder::decode_block(batch& b, row_index first, row_index last) {
  const auto& raw = *b.raw;
  block_at_ = raw.begin[first];
  const char* text = raw.text.data() + block_at_;
  const auto size = raw.begin[last] - block_at_;
  std::size_t count = 0;
  if (const auto* tokens = scanner_.scan(text, size, count)) {
    tokens_.start(text, size);
    decode_records(b, first, last, tokens, tokens + count);
  } else if (last - first > 1) {
    // Some record in it is broken, and may have made a mess of the ones behind it: each for itself.
    for (auto row = first; row < last; ++row)
      decode_block(b, row, row + 1);
  } else {
    reject(b, first, stage::decode, explain_scan_failure(raw.value(first)));
  }
}

void json_decoder::decode_records(batch& b, row_index first, row_index last, cursor token, cursor end) {
  const auto& raw = *b.raw;
  for (auto row = first; row < last; ++row) {
    const auto next = raw.begin[row + 1] - block_at_;
    const auto record_end = next - 1;
    const auto after = decode_record(row, token, record_end);
    if (after != nullptr && (found_ == fields_.size() && !null_seen_ ? true : check_presence(row))) [[likely]] {
      b.rows.push_back(row);
      b.body[row] = run_cut_ ? std::string_view{*arena_}.substr(arena_mark_)
                             : std::string_view{tokens_.text() + body_begin_, body_end_ - body_begin_};
      token = after;
      continue;
    }
    if (cuts_)
      arena_->resize(arena_mark_);
    if (!raw.has_value(row))
      reject(b, row, stage::decode, "null value");
    else if (token == end || *token >= record_end)
      reject(b, row, stage::decode, "empty record");
    else if (!cast_problem_.empty())
      reject(b, row, stage::cast, std::exchange(cast_problem_, {}));
    else if (tokens_.problem_at() >= record_end)
      reject(b, row, stage::decode,
             "unexpected end of the record (byte " + std::to_string(raw.value(row).size()) + ")");
    else
      reject(b, row, stage::decode,
             std::string{tokens_.problem()} + " (byte "
                 + std::to_string(tokens_.problem_at() - (raw.begin[row] - block_at_)) + ")");
    while (token < end && *token < next)
      ++token;
    tokens_.resume(next);
  }
}

/// Reads the record whose first token is `token`; returns the token behind it, null when it is refused.
json_decoder::cursor json_decoder::decode_record(row_index row, cursor token, std::uint32_t end) {
  const char* text = tokens_.text();
  found_ = 0;
  null_seen_ = false;
  run_cut_ = false;
  run_begin_.reset();
  arena_mark_ = cuts_ ? arena_->size() : 0;
  if (text[*token] != '{')
    return tokens_.fail("a record has to be a JSON object", *token);
  ++token;
  body_begin_ = *token;
  auto previous = json_keys::start;
  if (text[*token] != '}') {
    for (;;) {
      const auto key_at = *token;
      auto key = keys_[previous].next;
      if (keys_[key].matches(text + key_at)) [[likely]] {
        token += 2;
      } else {
        key = previous;
        if ((token = keys_.read(tokens_, token, key)) == nullptr)
          return nullptr;
      }
      previous = key;
      const auto& entry = keys_[key];
      token = entry.slot == json_keys::unused
                  ? tokens_.skip_value(token, end)
                  : read_value(fields_[static_cast<std::size_t>(entry.slot)], row, token, end);
      if (token == nullptr)
        return nullptr;
      if (cuts_)
        keep_member(entry.cut, key_at, *token);
      const char separator = text[*token];
      if (separator == '}')
        break;
      if (separator != ',')
        return tokens_.fail("expected ',' or '}'", *token);
      ++token;
    }
  }
  body_end_ = *token;
  if (*token >= end)
    return tokens_.fail("unexpected end", *token);
  ++token;
  if (*token < end)
    return tokens_.fail("something stands behind the object", *token);
  while (body_end_ > body_begin_ && static_cast<unsigned char>(text[body_end_ - 1]) <= ' ')
    --body_end_;
  if (run_cut_)
    close_run(body_end_);
  return token;
}

/// Reads the value at `token` into `f`; returns the token behind it, null when it is refused.
json_decoder::cursor json_decoder::read_value(field& f, row_index row, cursor token, std::uint32_t end) {
  if (f.seen_in != row + 1) [[likely]] {
    f.seen_in = row + 1;
    ++found_;
  } else {
    f.column.set_valid(row);
  }
  const char first = tokens_.text()[*token];
  const bool is_number = first == '-' || is_digit(first);
  if (first == 'n') {
    f.column.set_null(row);
    null_seen_ = true;
    return tokens_.check_literal(token);
  }
  switch (f.column.type()) {
  case column_type::float64:
    if (is_number)
      return read_float(f, row, token);
    break;
  case column_type::string:
    if (first == '"')
      return read_string(f, row, token);
    break;
  case column_type::timestamp:
    if (first == '"') {
      const auto after = tokens_.skip_value(token, end);
      return after != nullptr && read_timestamp(f, row, token) ? after : nullptr;
    }
    [[fallthrough]];
  case column_type::int64:
    if (is_number)
      return read_integer(f, row, token);
    break;
  case column_type::boolean:
    if (first == 't' || first == 'f') {
      static_cast<std::int64_t*>(f.values)[row] = first == 't';
      return tokens_.check_literal(token);
    }
    break;
  }
  return tokens_.skip_value(token, end) == nullptr ? nullptr : wrong_type(f, token, json_kind_of(first));
}

json_decoder::cursor json_decoder::read_float(field& f, row_index row, cursor token) {
  json_number number;
  const auto after = tokens_.read_number(token, number);
  if (after == nullptr)
    return nullptr;
  const auto value = to_double(number);
  if (!value)
    return wrong_type(f, token, "a number too large for it");
  static_cast<double*>(f.values)[row] = *value;
  return after;
}

json_decoder::cursor json_decoder::read_integer(field& f, row_index row, cursor token) {
  json_number number;
  const auto after = tokens_.read_number(token, number);
  if (after == nullptr)
    return nullptr;
  const auto value = to_int64(number);
  if (!value)
    return wrong_type(f, token, "a number with a fraction or out of range");
  static_cast<std::int64_t*>(f.values)[row] = *value;
  return after;
}

json_decoder::cursor json_decoder::read_string(field& f, row_index row, cursor token) {
  const auto text = tokens_.string_at(token);
  if (!tokens_.has_escape(token)) [[likely]] {
    static_cast<std::string_view*>(f.values)[row] = text;
    return token + 1;
  }
  const auto after = tokens_.check_escapes(token);
  if (after == nullptr)
    return nullptr;
  const auto begin = f.column.arena().size();
  if (!unescape(text, f.column.arena()))
    return wrong_type(f, token, "a string with a lone surrogate");
  f.column.set_from_arena(row, begin);
  return after;
}

bool json_decoder::read_timestamp(field& f, row_index row, cursor token) {
  auto text = tokens_.string_at(token);
  if (text.find('\\') != std::string_view::npos) {
    unescaped_.clear();
    if (unescape(text, unescaped_))
      text = unescaped_;
  }
  const auto ms = parse_timestamp(text);
  if (!ms) {
    wrong_type(f, token, '\'' + std::string{text.substr(0, 40)} + '\'');
    return false;
  }
  static_cast<std::int64_t*>(f.values)[row] = *ms;
  return true;
}

/// Notes the fields that the record lacks; false when one of them is required.
bool json_decoder::check_presence(row_index row) {
  for (auto& f : fields_) {
    const bool missing = f.seen_in != row + 1;
    if (missing)
      f.column.set_null(row);
    if (f.required && f.column.is_null(row)) {
      cast_problem_ = "field '" + f.name + "' is required and is " + (missing ? "missing" : "null");
      return false;
    }
  }
  return true;
}

json_decoder::cursor json_decoder::wrong_type(const field& f, cursor token, std::string_view found) {
  cast_problem_ = "field '" + f.name + "': expected ";
  cast_problem_.append(to_string(f.column.type())).append(", found ").append(found);
  return tokens_.fail("", *token);
}

void json_decoder::reject(batch& b, row_index row, stage at, std::string reason) {
  if (b.raw->is_cut(row))
    b.rejected.push_back({row, stage::decode, too_long_reason()});
  else
    b.rejected.push_back({row, at, std::move(reason)});
}

/// Notes the member whose key stands at `key` and which ends before `separator`.
void json_decoder::keep_member(bool cut, std::uint32_t key, std::uint32_t separator) {
  if (!cut) {
    if (!run_begin_)
      run_begin_ = key;
    run_end_ = separator;
    return;
  }
  close_run(run_end_);
  run_cut_ = true;
}

void json_decoder::close_run(std::uint32_t end) {
  if (!run_begin_)
    return;
  if (arena_->size() > arena_mark_)
    arena_->push_back(',');
  arena_->append(tokens_.text() + *run_begin_, end - *run_begin_);
  run_begin_.reset();
}

/// The fields of the schema, for a sink of another format.
void json_decoder::write_bodies(batch& b) const {
  std::vector<body_field> through;
  for (const auto& f : fields_)
    if (!f.cut)
      through.push_back({f.name, b.columns[f.id].get()});
  options_.sink->write_bodies(b, through);
}

} // namespace

std::unique_ptr<decoder> make_json_decoder(decode_options options) {
  return std::make_unique<json_decoder>(std::move(options));
}

} // namespace weir::core
