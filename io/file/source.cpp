#include "io/file/source.hpp"

#include "config/pipeline.hpp"
#include "io/file/feed.hpp"
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
};

/// What waits to be read takes so large a part of memory.limit.
constexpr std::uint64_t queue_share = 8;
constexpr std::size_t least_queue = 1u << 20;

} // namespace

void file_source::complete(const completion& with) {
  for (const auto& field : with.schema)
    if (field.key && settings_.key.empty())
      settings_.key = field.name;
}

value::mapping file_source::show() const {
  return show_fields(file_fields, &settings_);
}

preparation file_source::prepare(topic_clients&, const std::string&) const {
  return {.partitions = settings_.partitions};
}

core::result<input> file_source::open(const input_options& options) const {
  const auto& pipeline = *options.pipeline;
  const auto lanes = static_cast<std::uint64_t>(std::max(1, settings_.partitions));
  std::error_code ignored; // a folder that is not there is said by the store
  std::filesystem::create_directories(pipeline.state_dir, ignored);
  auto store = local_store::open(pipeline.state_dir + "/" + pipeline.name + ".state");
  if (!store)
    return tl::unexpected{store.error()};
  file_feed_options feed;
  feed.path = settings_.path;
  feed.format = pipeline.source.format;
  feed.partitions = settings_.partitions;
  feed.key = settings_.key;
  feed.rate = settings_.rate;
  feed.duration = settings_.duration;
  feed.limit = settings_.limit;
  feed.block = {pipeline.batch.records, pipeline.batch.bytes};
  feed.queue_bytes = std::max<std::size_t>(least_queue, pipeline.memory_limit / queue_share / lanes);
  auto first = file_feed::open(feed);
  if (!first)
    return tl::unexpected{first.error()};
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
