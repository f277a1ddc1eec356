#include "io/file/source.hpp"

#include "config/parse.hpp"
#include "core/format/format.hpp"
#include "core/format/header_check.hpp"
#include "io/file/feed.hpp"
#include "io/file/file_print.hpp"
#include "io/file/record_file.hpp"
#include "io/input.hpp"
#include "io/kinds.hpp"
#include "io/preparation.hpp"
#include "io/store/local_backend.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace weir::io {

namespace {

using namespace config;

constexpr std::array file_fields{
    field<&file_source_settings::path>("path", "the file, `-`: standard input", required),
    field<&file_source_settings::partitions>("partitions", "virtual partitions, read side by side", between(1, 1024)),
    field<&file_source_settings::key>("key",
                                      "field whose value is the record's key and chooses its partition; default: "
                                      "the schema's key"),
    field<&file_source_settings::rate>("rate", "records a second; 0: full speed", at_least(0)),
    field<&file_source_settings::duration>("for", "stop after this time; 0: at the end", at_least(0)),
    field<&file_source_settings::limit>("limit", "stop after so many records; 0: at the end", at_least(0)),
    field<&file_source_settings::follow>("follow", "reads on as the file grows, until it is stopped"),
};

/// What waits to be read takes so large a part of memory.limit.
constexpr std::uint64_t queue_share = 8;
constexpr std::size_t least_queue = 1u << 20;

std::string state_path(const pipeline& of) {
  return of.state_dir + "/" + of.name + ".state";
}

/// Standard input, a pipe, a device: what was read of it cannot be read again.
bool is_read_once(const std::string& path) {
  std::error_code ignored; // said by the open file
  const auto found = std::filesystem::status(path, ignored);
  return path == "-" || (std::filesystem::exists(found) && !is_regular_file(found) && !is_directory(found));
}

/// What the numbers of records depend on beside the file; empty: on nothing.
std::string reading_of(const pipeline& of) {
  if (of.source.format->header == nullptr)
    return {};
  const auto rows = rows_of(of);
  std::string how{rows.names.empty() ? "header" : "no header"};
  for (const auto c : {rows.dialect.delimiter, rows.dialect.quote})
    how += " " + std::to_string(static_cast<unsigned char>(c));
  return how;
}

} // namespace

void file_source::complete(const completion& with) {
  for (const auto& field : with.schema)
    if (field.key && settings_.key.empty())
      settings_.key = field.name;
}

core::result<std::vector<core::sampled_field>>
file_source::sample(const core::format_kind& format, const core::row_reading& rows, std::uint64_t records) const {
  if (is_read_once(settings_.path))
    return core::fail("'" + settings_.path + "' can be read once only", {}, "name the fields of the schema");
  auto opened = record_file::open(settings_.path, format, {}, rows);
  if (!opened)
    return tl::unexpected{opened.error()};
  auto& file = **opened;
  std::vector<core::sampled_field> fields;
  for (const auto& name : file.header())
    fields.push_back({name});
  core::csv_fields row{rows.dialect};
  for (std::uint64_t i = 0; i < records; ++i) {
    const auto record = file.next([] { return false; });
    if (!record)
      break;
    if (row.read(record->text) && row.size() == fields.size()) // what cannot be read will be a dead letter
      for (std::size_t field = 0; field < fields.size(); ++field)
        fields[field].guess.take_field(row[field]);
  }
  if (file.failure())
    return tl::unexpected{*file.failure()};
  return fields;
}

value::mapping file_source::show() const {
  return show_fields(file_fields, &settings_);
}

/// A pipe can be read once, and is looked at by open().
core::result<void> file_source::check(const config::pipeline& of) const {
  if (is_read_once(settings_.path))
    return {};
  return record_file::open(settings_.path, *of.source.format, {}, rows_of(of)).and_then([&](const auto& file) {
    return check_header(file->header(), of);
  });
}

core::result<void> file_source::check_header(const std::vector<std::string>& header, const config::pipeline& of) const {
  if (of.source.format->header == nullptr)
    return {};
  auto fields = of.source.header;
  const auto add = [&](const std::string& name) {
    if (!name.empty() && std::find(fields.begin(), fields.end(), name) == fields.end())
      fields.push_back(name);
  };
  for (const auto& field : of.schema)
    add(field.name);
  add(settings_.key);
  for (const auto& name : dropped_fields(of))
    if (!name.hidden)
      add(name.text);
  auto good = core::check_header(header, fields);
  if (!good)
    good.error().where = settings_.path + ":1";
  return good;
}

preparation file_source::prepare(topic_clients&, const config::pipeline& of) const {
  if (auto known = check_known(of); !known)
    return {preparation::outcome::wrong, known.error(), 0};
  return {.partitions = settings_.partitions};
}

/// A run that was interrupted goes on by the numbers of records, so the file must be the one that they are of, and be
/// read as it was; and behind what the outputs had at its last commit.
core::result<void> file_source::check_known(const config::pipeline& of) const {
  const auto path = state_path(of);
  if (file() == nullptr || !std::filesystem::exists(path))
    return {};
  const auto store = local_store::open(path);
  if (!store)
    return {}; // open() says why
  const auto print = (*store)->source();
  if (!print)
    return tl::unexpected{print.error()};
  if (*print && std::filesystem::exists(settings_.path) && !is_known_by(settings_.path, **print))
    return core::fail("'" + settings_.path + "' is not the file any more that an earlier run has begun to read", {},
                      "put that one back, or remove '" + path + "' to begin anew with this one");
  const auto reading = (*store)->reading();
  if (!reading)
    return tl::unexpected{reading.error()};
  if (*print && !reading->empty() && *reading != reading_of(of))
    return core::fail("an earlier run, which was interrupted, has read '" + settings_.path
                          + "' with another delimiter, quote or has_header",
                      {}, "set these in source as they were, or remove '" + path + "' to begin anew");
  for (const auto& [use, section] : sinks_of(of)) {
    const auto* output = section->to->file();
    if (output == nullptr)
      continue;
    const auto length = (*store)->length_of(*output);
    if (!length)
      return tl::unexpected{length.error()};
    std::error_code is_not_there;
    const auto size = std::filesystem::file_size(*output, is_not_there);
    if (*length && (is_not_there ? 0 : size) < **length)
      return core::fail("'" + *output
                            + "' has not all of what an earlier run, which was interrupted, has written to it",
                        {}, "put it back, or remove '" + path + "' to begin anew");
  }
  return {};
}

core::result<input> file_source::open(const input_options& options) const {
  const auto& pipeline = *options.pipeline;
  const auto lanes = static_cast<std::uint64_t>(std::max(1, settings_.partitions));
  std::error_code ignored; // a folder that is not there is said by the store
  std::filesystem::create_directories(pipeline.state_dir, ignored);
  auto store = local_store::open(state_path(pipeline));
  if (!store)
    return tl::unexpected{store.error()};
  if (is_read_once(settings_.path)) // the numbers of its records begin anew
    if (auto cleared = (*store)->clear(); !cleared)
      return tl::unexpected{cleared.error()};
  if (const auto print = file() != nullptr ? print_of(settings_.path) : std::nullopt)
    if (auto kept = (*store)->keep_source(*print); !kept)
      return tl::unexpected{kept.error()};
  if (auto kept = (*store)->keep_reading(reading_of(pipeline)); !kept)
    return tl::unexpected{kept.error()};
  file_feed_options feed;
  feed.path = settings_.path;
  feed.format = pipeline.source.format;
  feed.rows = rows_of(pipeline);
  feed.partitions = settings_.partitions;
  feed.key = settings_.key;
  feed.rate = settings_.rate;
  feed.duration = settings_.duration;
  feed.limit = settings_.limit;
  feed.follow = settings_.follow;
  feed.keep_print = [kept = *store](const file_print& print) { return kept->keep_source(print); };
  feed.block = {pipeline.batch.records, pipeline.batch.bytes};
  feed.queue_bytes = std::max<std::size_t>(least_queue, pipeline.memory_limit / queue_share / lanes);
  auto first = file_feed::open(feed);
  if (!first)
    return tl::unexpected{first.error()};
  if (auto good = check_header((*first)->header(), pipeline); !good)
    return tl::unexpected{good.error()};
  // The first one has read the header: of standard input there is no other.
  const auto open_next = [feed, unread = *first]() mutable -> core::result<std::shared_ptr<io::feed>> {
    if (unread)
      return std::exchange(unread, nullptr);
    return file_feed::open(feed);
  };
  feed_input from{open_next, *store, settings_.partitions};
  return input{
      std::move(from),
      make_local_backend({options.pipeline, options.node, options.plan->sink_header((*first)->header())}, *store)};
}

constexpr source_kind file_source_kind = make_source_kind<file_source, file_source_settings, file_fields>(
    "file", "replays a file, at full speed or at a rate",
    "{ file: { path: transactions.csv, key: CustomerID }, format: csv }", true);

} // namespace weir::io
