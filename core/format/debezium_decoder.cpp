#include "core/base/content_hash.hpp"
#include "core/format/body_builder.hpp"
#include "core/format/change_field.hpp"
#include "core/format/change_source.hpp"
#include "core/format/connect_schema.hpp"
#include "core/format/debezium_format.hpp"
#include "core/format/json_format.hpp"
#include "core/format/json_scanner.hpp"

#include <algorithm>
#include <optional>

namespace weir::core {

namespace {

using cursor = json_tokens::cursor;
using part = change_column::part;

/// Text that is scanned for tokens at once, as json_decoder does.
constexpr std::size_t block_bytes = 16 * 1024;

/// A field that says something of the change, beside its rows.
struct change_note {
  change_field field;
  part of;
};

std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

class debezium_decoder final : public decoder {
public:
  explicit debezium_decoder(decode_options options);

  void decode(batch& b) override;

private:
  enum class verdict { row, filtered, refused };
  enum : std::size_t { before, after, source, op, ts_ms, ts_us, ts_ns, schema, payload };

  void add_column(column_id id);
  value_encoding declared_encoding(const std::string& name) const;
  void decode_block(batch& b, row_index first, row_index last);
  void decode_records(batch& b, row_index first, row_index last, cursor token, cursor end);
  cursor decode_record(batch& b, row_index row, cursor token, std::uint32_t end);
  cursor read_member(std::size_t slot, cursor token, std::uint32_t end);
  cursor read_object(json_index& into, const char* name, cursor token, std::uint32_t end);
  cursor read_schema(cursor token, std::uint32_t end);
  cursor refuse(stage at, std::string reason, cursor token);
  verdict read_change(batch& b, row_index row);
  bool read_fields(std::vector<change_field>& fields, const json_index* from, row_index row, bool is_delete);
  bool read_notes(row_index row, char operation);
  bool read_field(change_field& f, cursor value, row_index row, value_encoding as);
  void write_body(batch& b, row_index row, const json_index& from);
  void append_run(std::uint32_t from, std::uint32_t to);
  void note_position(row_index row, char operation);
  std::string_view object_text(const json_index& of) const;
  void finish(batch& b);

  decode_options options_;
  std::vector<change_field> row_fields_;
  std::vector<change_field> old_fields_;
  std::vector<change_note> notes_;
  bool adds_members_ = false;          ///< old fields or notes go through
  std::vector<column_id> through_;     ///< columns that go through, in the order of the schema
  std::vector<bool> cut_;              ///< by the slots of the row's names
  std::vector<change_field*> by_slot_; ///< likewise; null: no field of the row
  json_index root_{false};
  json_index payload_{false};
  json_index before_{true};
  json_index after_{true};
  json_index source_{false};
  change_source positions_{source_};
  json_scanner scanner_;
  json_tokens tokens_;
  known_schemas schemas_;

  // The record at hand.
  const json_index* envelope_ = nullptr;          ///< root_ or payload_
  const known_schemas::schema* schema_ = nullptr; ///< null: it has none, or none that says anything
  bool has_payload_ = false;
  std::optional<rejection> refused_;

  // The batch at hand.
  std::uint32_t block_at_ = 0; ///< of the block in raw_block::text
  body_builder bodies_;
  std::string body_; ///< of the record at hand
};

debezium_decoder::debezium_decoder(decode_options options) : options_{std::move(options)} {
  for (auto* index : {&root_, &payload_})
    for (const auto* name : {"before", "after", "source", "op", "ts_ms", "ts_us", "ts_ns"})
      index->add(name);
  root_.add("schema");
  root_.add("payload");
  for (column_id id = 0; id < options_.columns->size(); ++id)
    if ((*options_.columns)[id].from_source)
      add_column(id);
  for (const auto& name : options_.cut)
    if (change_column_of(name).of == part::row) {
      before_.add(name);
      cut_.resize(std::max(cut_.size(), after_.add(name) + 1));
      cut_[after_.add(name)] = true;
    }
  cut_.resize(after_.names().size());
  by_slot_.resize(after_.names().size());
  for (auto& f : row_fields_)
    by_slot_[f.slot] = &f;
  adds_members_ = std::ranges::any_of(old_fields_, &change_field::through)
                  || std::ranges::any_of(notes_, [](const change_note& n) { return n.field.through; });
}

value_encoding debezium_decoder::declared_encoding(const std::string& name) const {
  const auto found = options_.encodings.find(name);
  return found == options_.encodings.end() ? value_encoding{} : found->second;
}

void debezium_decoder::add_column(column_id id) {
  const auto& column = (*options_.columns)[id];
  const auto is = change_column_of(column.name);
  const bool through = std::find(options_.cut.begin(), options_.cut.end(), column.name) == options_.cut.end();
  if (through)
    through_.push_back(id);
  auto declared = declared_encoding(column.name);
  switch (is.of) {
  case part::row:
  case part::old_row: {
    const auto slot = after_.add(is.name);
    before_.add(is.name); // both have the same slots
    (is.of == part::row ? row_fields_ : old_fields_).emplace_back(column, id, slot, through, declared);
    return;
  }
  case part::operation:
  case part::deleted:
  case part::envelope:
  case part::source: {
    if (declared.is == value_encoding::kind::plain && is.name.ends_with("ts_us"))
      declared.is = value_encoding::kind::microseconds;
    if (declared.is == value_encoding::kind::plain && is.name.ends_with("ts_ns"))
      declared.is = value_encoding::kind::nanoseconds;
    const auto slot = is.of == part::source     ? source_.add(is.name)
                      : is.of == part::envelope ? payload_.add(is.name)
                                                : static_cast<std::size_t>(op);
    notes_.push_back({{column, id, slot, through, declared}, is.of});
  }
  }
}

void debezium_decoder::decode(batch& b) {
  const auto& raw = *b.raw;
  const auto rows = static_cast<row_index>(raw.size());
  b.columns.resize(std::max(b.columns.size(), options_.columns->size()));
  b.rows.clear();
  b.rows.reserve(rows);
  b.body.assign(rows, {});
  for (auto& f : row_fields_)
    f.start(rows);
  for (auto& f : old_fields_)
    f.start(rows);
  for (auto& n : notes_)
    n.field.start(rows);
  if (options_.positions)
    positions_.start(rows);
  for (row_index first = 0; first < rows;) {
    auto last = first + 1;
    while (last < rows && raw.begin[last + 1] - raw.begin[first] <= block_bytes)
      ++last;
    decode_block(b, first, last);
    first = last;
  }
  finish(b);
}

void debezium_decoder::finish(batch& b) {
  if (options_.positions)
    b.positions = positions_.finish();
  for (auto& f : row_fields_)
    b.columns[f.id] = f.finish();
  for (auto& f : old_fields_)
    b.columns[f.id] = f.finish();
  for (auto& n : notes_)
    b.columns[n.field.id] = n.field.finish();
  if (options_.sink == &json_format) {
    bodies_.finish(b);
    return;
  }
  std::vector<body_field> through;
  for (const auto id : through_)
    through.push_back({(*options_.columns)[id].name, b.columns[id].get()});
  options_.sink->write_bodies(b, through);
}

void debezium_decoder::decode_block(batch& b, row_index first, row_index last) {
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
    b.rejected.push_back(
        {first, stage::decode, raw.is_cut(first) ? too_long_reason() : explain_scan_failure(raw.value(first))});
  }
}

void debezium_decoder::decode_records(batch& b, row_index first, row_index last, cursor token, cursor end) {
  const auto& raw = *b.raw;
  for (auto row = first; row < last; ++row) {
    const auto next = raw.begin[row + 1] - block_at_;
    const auto record_end = next - 1;
    refused_.reset();
    const auto behind = raw.has_value(row) && !raw.is_cut(row) ? decode_record(b, row, token, record_end) : nullptr;
    if (behind != nullptr) [[likely]] {
      token = behind;
      continue;
    }
    if (!raw.has_value(row)) // a tombstone: it has said all that it has to say to a compacted topic
      ++b.filtered;
    else if (raw.is_cut(row))
      b.rejected.push_back({row, stage::decode, too_long_reason()});
    else if (token == end || *token >= record_end)
      b.rejected.push_back({row, stage::decode, "empty record"});
    else if (refused_)
      b.rejected.push_back({row, refused_->stage, std::move(refused_->reason)});
    else if (tokens_.problem_at() >= record_end)
      b.rejected.push_back(
          {row, stage::decode, "unexpected end of the record (byte " + std::to_string(raw.value(row).size()) + ")"});
    else
      b.rejected.push_back({row, stage::decode,
                            std::string{tokens_.problem()} + " (byte "
                                + std::to_string(tokens_.problem_at() - (raw.begin[row] - block_at_)) + ")"});
    while (token < end && *token < next)
      ++token;
    tokens_.resume(next);
  }
}

/// Reads the record whose first token is `token`; returns the token behind it, null when it is refused.
cursor debezium_decoder::decode_record(batch& b, row_index row, cursor token, std::uint32_t end) {
  const char* text = tokens_.text();
  if (*token >= end)
    return nullptr;
  if (text[*token] != '{')
    return tokens_.fail("a change event has to be a JSON object", *token);
  envelope_ = &root_;
  schema_ = nullptr;
  has_payload_ = false;
  for (auto* index : {&payload_, &before_, &after_, &source_})
    index->clear();
  token =
      root_.walk(tokens_, token, end, [&](std::size_t slot, cursor value) { return read_member(slot, value, end); });
  if (token == nullptr)
    return nullptr;
  if (root_.end() >= end)
    return tokens_.fail("unexpected end", root_.end());
  if (*token < end)
    return tokens_.fail("something stands behind the object", *token);
  switch (read_change(b, row)) {
  case verdict::row: b.rows.push_back(row); break;
  case verdict::filtered: ++b.filtered; break;
  case verdict::refused: return nullptr;
  }
  return token;
}

cursor debezium_decoder::refuse(stage at, std::string reason, cursor token) {
  refused_ = rejection{0, at, std::move(reason)};
  return tokens_.fail("", *token);
}

/// Checks a member of the envelope whose name is known, and notes what it holds; gives the token behind it.
cursor debezium_decoder::read_member(std::size_t slot, cursor token, std::uint32_t end) {
  switch (slot) {
  case before: return read_object(before_, "before", token, end);
  case after: return read_object(after_, "after", token, end);
  case source: return read_object(source_, "source", token, end);
  case schema: return read_schema(token, end);
  case payload: {
    has_payload_ = true;
    if (tokens_.text()[*token] != '{')
      return tokens_.skip_value(token, end);
    envelope_ = &payload_;
    return payload_.walk(tokens_, token, end,
                         [&](std::size_t inner, cursor value) { return read_member(inner, value, end); });
  }
  default: return tokens_.skip_value(token, end);
  }
}

cursor debezium_decoder::read_object(json_index& into, const char* name, cursor token, std::uint32_t end) {
  const char first = tokens_.text()[*token];
  if (first == '{')
    return into.walk(tokens_, token, end, [&](std::size_t, cursor value) { return tokens_.skip_value(value, end); });
  const auto behind = tokens_.skip_value(token, end);
  if (behind != nullptr && first != 'n')
    return refuse(stage::decode, "field '" + std::string{name} + "': expected an object or null", token);
  return behind;
}

/// One that is known is neither checked nor read.
cursor debezium_decoder::read_schema(cursor token, std::uint32_t end) {
  if (*token >= end)
    return tokens_.fail("unexpected end", *token);
  const char* text = tokens_.text() + *token;
  schema_ = schemas_.find({text, std::size_t{end - *token}});
  if (schema_ != nullptr)
    return token + schema_->tokens;
  const auto behind = tokens_.skip_value(token, end);
  if (behind != nullptr && *text == '{' && *(behind - 1) < end)
    schema_ = schemas_.learn({text, std::size_t{*(behind - 1) + 1 - *token}}, behind - token, after_.names());
  return behind;
}

/// What the event says, of which all members have been noted. Refused: refused_ says why.
debezium_decoder::verdict debezium_decoder::read_change(batch& b, row_index row) {
  const auto& event = *envelope_;
  const auto refused = [&](std::string reason) {
    refused_ = rejection{0, stage::decode, std::move(reason)};
    return verdict::refused;
  };
  if (has_payload_ && envelope_ == &root_) {
    const bool is_null = tokens_.text()[*root_[payload]] == 'n';
    return is_null ? verdict::filtered : refused("field 'payload': expected an object or null");
  }
  const auto is_object = [&](std::size_t slot) {
    return event[slot] != nullptr && tokens_.text()[*event[slot]] == '{';
  };
  const auto what = event[op];
  if (what == nullptr)
    return refused(root_[schema] != nullptr && !has_payload_ ? "field 'payload' is missing" : "field 'op' is missing");
  const auto operation = tokens_.text()[*what] == '"' ? tokens_.string_at(what) : std::string_view{};
  if (operation.size() != 1 || std::string_view{"cudrtm"}.find(operation[0]) == std::string_view::npos)
    return refused("field 'op': expected c, u, d, r, t or m");
  const char is = operation[0];
  if (is == 't' || is == 'm')
    return verdict::filtered;
  const bool is_delete = is == 'd';
  const auto row_slot = is_delete ? before : after;
  if (!is_object(row_slot)) {
    const auto name = std::string{is_delete ? "before" : "after"};
    if (!is_object(before) && !is_object(after))
      return refused("fields 'before' and 'after' have no row");
    return refused("field '" + name + "' has no row, which the operation '" + is + "' needs");
  }
  const auto& row_index_of = is_delete ? before_ : after_;
  if (!read_fields(row_fields_, &row_index_of, row, is_delete)
      || !read_fields(old_fields_, is_object(before) ? &before_ : nullptr, row, true) || !read_notes(row, is))
    return verdict::refused;
  if (options_.sink == &json_format)
    write_body(b, row, row_index_of);
  if (options_.positions)
    note_position(row, is);
  return verdict::row;
}

/// @param from null: all are null @param partial required fields may be null: deletes have the primary key alone
bool debezium_decoder::read_fields(std::vector<change_field>& fields, const json_index* from, row_index row,
                                   bool partial) {
  for (auto& f : fields) {
    const auto value = from != nullptr ? (*from)[f.slot] : nullptr;
    const auto as = schema_ != nullptr ? schema_->of_row[f.slot] : f.declared;
    if (!read_field(f, value, row, as))
      return false;
    if (f.required && !partial && f.is_null(row)) {
      refused_ = rejection{0, stage::cast,
                           "field '" + f.name + "' is required and is " + (value == nullptr ? "missing" : "null")};
      return false;
    }
  }
  return true;
}

bool debezium_decoder::read_notes(row_index row, char operation) {
  for (auto& [f, of] : notes_) {
    if (of == part::deleted) {
      f.set_truth(row, operation == 'd');
      continue;
    }
    const auto value = of == part::source ? source_[f.slot] : (*envelope_)[f.slot];
    if (!read_field(f, value, row, f.declared))
      return false;
    if (f.required && f.is_null(row)) {
      refused_ = rejection{0, stage::cast, "field '" + f.name + "' is required and is missing"};
      return false;
    }
  }
  return true;
}

/// @param value null: it is missing
bool debezium_decoder::read_field(change_field& f, cursor value, row_index row, value_encoding as) {
  if (value == nullptr) {
    f.set_null(row);
    return true;
  }
  if (f.read(tokens_, value, row, as))
    return true;
  refused_ = rejection{0, stage::cast, f.problem()};
  return false;
}

std::string_view debezium_decoder::object_text(const json_index& of) const {
  return of.end() == 0 ? std::string_view{}
                       : std::string_view{tokens_.text() + of.begin(), std::size_t{of.end() - of.begin()}};
}

void debezium_decoder::note_position(row_index row, char operation) {
  if (operation == 'r') // a snapshot's rows have the position of their snapshot, all of them
    return;
  const auto old = content_hash(object_text(before_), static_cast<std::uint64_t>(operation));
  positions_.note(tokens_, row, content_hash(object_text(after_), old));
}

/// Appends what stands between two places of the row, without the commas at its ends.
void debezium_decoder::append_run(std::uint32_t from, std::uint32_t to) {
  std::string_view run{tokens_.text() + from, to - from};
  const auto is_between = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == ','; };
  while (!run.empty() && is_between(run.front()))
    run.remove_prefix(1);
  while (!run.empty() && is_between(run.back()))
    run.remove_suffix(1);
  if (run.empty())
    return;
  if (!body_.empty())
    body_.push_back(',');
  body_.append(run);
}

/// The row's members as they stand, but for those that are cut or encoded; then what else the schema names.
void debezium_decoder::write_body(batch& b, row_index row, const json_index& from) {
  const auto is_changed = [&](const json_index::member& m) {
    const auto* f = by_slot_[m.slot];
    return cut_[m.slot] || (f != nullptr && f->is_made() && from[m.slot] == m.value);
  };
  if (!adds_members_ && std::ranges::none_of(from.members(), is_changed)) {
    b.body[row] = without_blanks(object_text(from));
    return;
  }
  body_.clear();
  auto run = from.begin();
  for (const auto& m : from.members()) {
    if (!is_changed(m))
      continue;
    append_run(run, cut_[m.slot] ? m.key : *m.value);
    if (!cut_[m.slot])
      body_.append(by_slot_[m.slot]->made());
    run = std::min(*m.after + 1, from.end());
  }
  append_run(run, from.end());
  const auto append = [&](const change_field& f) {
    if (!f.through)
      return;
    if (!body_.empty())
      body_.push_back(',');
    body_.append(f.prefix);
    f.append_json(tokens_, body_);
  };
  for (const auto& f : old_fields_)
    append(f);
  for (const auto& n : notes_)
    append(n.field);
  bodies_.next(row).append(body_);
}

} // namespace

std::unique_ptr<decoder> make_debezium_decoder(decode_options options) {
  return std::make_unique<debezium_decoder>(std::move(options));
}

} // namespace weir::core
