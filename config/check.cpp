#include "config/check.hpp"

#include "config/compile.hpp"
#include "config/parse.hpp"
#include "core/format/debezium_format.hpp"

#include <algorithm>
#include <filesystem>

namespace weir::config {

namespace {

void check_schema(const pipeline& of, yaml_reader& reader) {
  const schema_field* key = nullptr;
  for (const auto& field : of.schema) {
    if (field.key && key != nullptr)
      reader.report(field.at, "'" + field.name + "' and '" + key->name + "' are both the key, there can be one");
    if (field.key && key == nullptr)
      key = &field;
    if (field.name.starts_with("engine."))
      reader.report(field.at, "names that begin with 'engine.' are Weir's own");
  }
}

/// What only change events have.
void check_changes(const pipeline& of, yaml_reader& reader) {
  using part = core::change_column::part;
  for (const auto& field : of.schema) {
    const auto wanted = [&](core::column_type type) {
      if (field.type != type)
        reader.report(field.at, "'" + field.name + "' of a change event is of type " + std::string{to_string(type)});
    };
    if (!of.source.format->holds_changes) {
      if (field.unit || field.scale)
        reader.report(field.at, "'unit' and 'scale' belong to formats of change events");
      continue;
    }
    if (field.unit && field.type != core::column_type::timestamp)
      reader.report(field.at, "'unit' belongs to fields of type timestamp");
    if (field.scale && (field.type == core::column_type::timestamp || field.type == core::column_type::boolean))
      reader.report(field.at, "'scale' belongs to fields of type double, int or string");
    const auto column = core::change_column_of(field.name);
    if (column.of == part::operation)
      wanted(core::column_type::string);
    else if (column.of == part::deleted)
      wanted(core::column_type::boolean);
    else if (column.of != part::row && column.name.empty())
      reader.report(field.at, "'" + field.name + "' names no field of a change event");
  }
}

void check_guarantee(const pipeline& of, yaml_reader& reader) {
  if (of.processing.guarantee != guarantee::exactly_once || !of.source.from)
    return;
  const auto* transactions = of.source.from->transactions();
  if (transactions == nullptr) {
    reader.report(of.processing.at,
                  "exactly_once needs a kafka source: use at_least_once, which makes files in and files "
                  "out exactly once too");
    return;
  }
  auto check = [&](const sink_section& sink, const std::string& name) {
    if (!sink.to->joins(*transactions) && sink.to->parts() == nullptr)
      reader.report(sink.at, sink.to->why_not(name));
  };
  for (const auto& sink : of.sinks)
    check(sink, "sink");
  if (of.dead_letter)
    check(*of.dead_letter, "dead_letter");
  for (const auto& sink : of.alert_sinks)
    if (!sink.to->only_shows())
      check(sink, "alert_sink");
}

void check_header(const pipeline& of, yaml_reader& reader) {
  const auto& header = of.source.header;
  if (header.empty())
    return;
  const auto look_for = [&](const std::string& name, position at) {
    if (std::find(header.begin(), header.end(), name) == header.end())
      reader.report(at, "field '" + name + "' is not in the header" + did_you_mean(name, header));
  };
  for (const auto& field : of.schema)
    look_for(field.name, field.at);
  for (const auto& name : dropped_fields(of))
    if (!name.hidden)
      look_for(name.text, name.at);
}

std::string written_formats() {
  std::string names;
  for (const auto* format : core::formats())
    if (format->make_writer != nullptr)
      names += (names.empty() ? "" : " or ") + std::string{format->name};
  return names;
}

/// A record's body is made once, in one format.
void check_formats(const pipeline& of, yaml_reader& reader) {
  for (const auto& s : of.sinks)
    if (s.format->make_writer == nullptr)
      reader.report(s.at,
                    "format " + std::string{s.format->name} + " is read only: give the sink " + written_formats());
    else if (s.format != of.sinks.front().format)
      reader.report(s.at, "all sinks of a pipeline have the same format");
  for (const auto& s : of.alert_sinks)
    if (s.format != &core::json_format)
      reader.report(s.at, "alerts are JSON, give no format");
  if (of.dead_letter && of.dead_letter->format != &core::json_format)
    reader.report(of.dead_letter->at, "dead letters have a format of their own, give none");
}

/// What is read and written at once would feed itself.
void check_loops(const pipeline& of, yaml_reader& reader) {
  for (const auto& [use, sink] : sinks_of(of))
    if (of.source.from && sink->to->feeds(*of.source.from))
      reader.report(sink->at, use == sink_use::records        ? "the sink writes to the topic that the source reads"
                              : use == sink_use::dead_letters ? "dead letters go to the topic that the source reads"
                                                              : "alerts go to the topic that the source reads");
}

/// By whatever name, or link, they are called. What is no file on a disk (a pipe, /dev/stdout) is nobody's.
bool is_same_file(const std::string& one, const std::string& other) {
  namespace fs = std::filesystem;
  std::error_code failed;
  const auto found = fs::status(one, failed);
  if (fs::exists(found) && !fs::is_regular_file(found) && !fs::is_directory(found))
    return false;
  const auto place = [&](const std::string& path) { return fs::weakly_canonical(fs::absolute(path, failed), failed); };
  return fs::equivalent(one, other, failed) || place(one) == place(other);
}

/// Each file has one reader or one writer.
void check_files(const pipeline& of, yaml_reader& reader) {
  struct user {
    std::string what;
    const std::string* file;
  };
  std::vector<user> users;
  const auto add = [&](const std::string& what, const std::string* file, position at) {
    if (file == nullptr || file->empty())
      return;
    for (const auto& other : users)
      if (is_same_file(*file, *other.file))
        reader.report(at, what + " is the same file as " + other.what + ", '" + *other.file + "'");
    users.push_back({what, file});
  };
  if (of.source.from)
    add("the source", of.source.from->file(), {});
  for (const auto& [use, sink] : sinks_of(of))
    add(use == sink_use::records        ? "the sink"
        : use == sink_use::dead_letters ? "the dead letters' file"
                                        : "the alerts' file",
        sink->to->file(), sink->at);
}

void check_dead_letter(const pipeline& of, yaml_reader& reader) {
  if (of.dead_letter && !of.dead_letter->to->takes_dead_letters())
    reader.report(of.dead_letter->at,
                  "dead letters would be lost in a " + std::string{of.dead_letter->to->kind().name} + " sink");
}

/// Columns, expressions and names.
void check_steps(const pipeline& of, yaml_reader& reader) {
  if (auto bound = compile(of, model_files::closed); !bound)
    for (auto& problem : bound.error())
      reader.report(problem.at, std::move(problem.message));
}

} // namespace

void check(const pipeline& of, yaml_reader& reader) {
  check_schema(of, reader);
  check_changes(of, reader);
  check_steps(of, reader);
  check_guarantee(of, reader);
  check_header(of, reader);
  check_formats(of, reader);
  check_loops(of, reader);
  check_files(of, reader);
  check_dead_letter(of, reader);
}

} // namespace weir::config
