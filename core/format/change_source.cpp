#include "core/format/change_source.hpp"

#include "core/keyed/key_table.hpp"

#include <charconv>

namespace weir::core {

namespace {

/// The number at the front of `text`, which is cut off with it.
bool take_number(std::string_view& text, std::uint64_t& number, int base = 10) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (read.ec != std::errc{})
    return false;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return true;
}

bool read_number(std::string_view text, std::uint64_t& number) {
  return take_number(text, number) && text.empty();
}

/// `["24023119","24023128"]`, with escaped quotes: the last commit, or null, and the record.
bool read_sequence(std::string_view text, std::uint64_t& commit, std::uint64_t& record) {
  const auto next = [&](std::uint64_t& number) {
    text.remove_prefix(std::min(text.find_first_of("n0123456789"), text.size()));
    if (!text.starts_with("null"))
      return take_number(text, number);
    number = 0;
    text.remove_prefix(4);
    return true;
  };
  return next(commit) && next(record) && record != 0;
}

/// `00000027:00000ac0:0002`
bool read_server_lsn(std::string_view text, std::uint64_t& high, std::uint64_t& low) {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  if (text.size() != 22 || !take_number(text, first, 16) || !text.starts_with(':'))
    return false;
  text.remove_prefix(1);
  if (!take_number(text, second, 16) || !text.starts_with(':'))
    return false;
  text.remove_prefix(1);
  high = first << 32 | second;
  return take_number(text, low, 16) && text.empty();
}

} // namespace

change_source::change_source(json_index& source) :
    source_{source}, connector_{source.add("connector")}, time_{source.add("ts_ms")}, sequence_{source.add("sequence")},
    file_{source.add("file")}, pos_{source.add("pos")}, row_{source.add("row")}, commit_{source.add("commit_lsn")},
    change_{source.add("change_lsn")}, serial_{source.add("event_serial_no")}, identity_{connector_,
                                                                                         source.add("name"),
                                                                                         source.add("server_id"),
                                                                                         source.add("db"),
                                                                                         source.add("schema"),
                                                                                         source.add("table")} {}

void change_source::start(std::size_t records) {
  made_ = std::make_shared<change_positions>();
  made_->changes.resize(records);
  last_ = change_positions::unknown;
}

void change_source::note(const json_tokens& tokens, std::size_t record, std::uint64_t content) {
  auto& change = made_->changes[record];
  if (!find_position(tokens, change.position))
    return;
  change.content = content;
  if (std::uint64_t time = 0; read_number(text(tokens, time_), time))
    change.time_ms = static_cast<std::int64_t>(time);
  change.source = find_source(tokens);
}

/// A string without its quotes, a number as it stands; empty: it is not there, or null.
std::string_view change_source::text(const json_tokens& tokens, std::size_t slot) const {
  const auto token = source_[slot];
  if (token == nullptr || tokens.text()[*token] == 'n')
    return {};
  if (tokens.text()[*token] == '"')
    return tokens.string_at(token);
  std::string_view written{tokens.text() + token[0], token[1] - token[0]};
  return written.substr(0, written.find_last_not_of(" \t\r\n") + 1);
}

bool change_source::find_position(const json_tokens& tokens, std::array<std::uint64_t, 3>& position) const {
  const auto connector = text(tokens, connector_);
  if (connector == "postgresql")
    return read_sequence(text(tokens, sequence_), position[0], position[1]);
  if (connector == "mysql" || connector == "mariadb") {
    const auto file = text(tokens, file_);
    return read_number(file.substr(file.rfind('.') + 1), position[0]) && read_number(text(tokens, pos_), position[1])
           && (read_number(text(tokens, row_), position[2]) || source_[row_] == nullptr);
  }
  if (connector == "sqlserver") {
    std::uint64_t commit_low = 0;
    std::uint64_t change_high = 0;
    std::uint64_t change_low = 0;
    std::uint64_t serial = 0;
    if (!read_server_lsn(text(tokens, commit_), position[0], commit_low)
        || !read_server_lsn(text(tokens, change_), change_high, change_low)
        || !read_number(text(tokens, serial_), serial))
      return false;
    position[1] = commit_low << 48 | change_high >> 16;
    position[2] = change_high << 48 | change_low << 32 | (serial & 0xffffffffu);
    return true;
  }
  return false;
}

std::uint32_t change_source::find_source(const json_tokens& tokens) {
  name_.clear();
  for (const auto slot : identity_)
    name_.append(text(tokens, slot)).push_back('\n'); // in no string of JSON as it stands
  if (name_.size() > max_key_bytes)
    return change_positions::unknown;
  auto& sources = made_->sources;
  if (last_ == change_positions::unknown || sources[last_] != name_) {
    last_ = static_cast<std::uint32_t>(std::find(sources.begin(), sources.end(), name_) - sources.begin());
    if (last_ == sources.size())
      sources.push_back(name_);
  }
  return last_;
}

} // namespace weir::core
