#include "io/preparation.hpp"

#include "config/parse.hpp"
#include "io/kafka/topics.hpp"

namespace weir::io {

preparation is_wrong(std::string what, std::string remedy) {
  return {preparation::outcome::wrong, {std::move(what), {}, std::move(remedy)}, 0};
}

std::vector<std::string> part_folders_of(const config::pipeline& pipeline) {
  std::vector<std::string> out;
  if (config::effective_guarantee(pipeline) != config::guarantee::exactly_once)
    return out;
  for (const auto& [use, section] : config::sinks_of(pipeline))
    if (const auto* parts = section->to->parts())
      out.push_back(parts->folder);
  return out;
}

namespace {

sink_role role_of(config::sink_use use, const config::pipeline& of, int source_partitions) {
  sink_role role;
  role.pipeline = &of;
  role.source_partitions = source_partitions;
  role.in_transactions = config::effective_guarantee(of) == config::guarantee::exactly_once;
  role.takes_records = use == config::sink_use::records;
  return role;
}

} // namespace

std::vector<core::error> check(const config::pipeline& pipeline) {
  std::vector<core::error> wrong;
  const auto note = [&](const core::result<void>& looked) {
    if (!looked)
      wrong.push_back(looked.error());
  };
  note(pipeline.source.from->check(pipeline));
  for (const auto& [use, section] : config::sinks_of(pipeline))
    note(section->to->check(role_of(use, pipeline, 0)));
  return wrong;
}

preparation prepare(const config::pipeline& pipeline) {
  if (auto wrong = check(pipeline); !wrong.empty())
    return {preparation::outcome::wrong, std::move(wrong.front()), 0};
  topic_clients clients;
  auto found = pipeline.source.from->prepare(clients, pipeline);
  for (const auto& [use, section] : config::sinks_of(pipeline)) {
    if (found.what != preparation::outcome::ready)
      break;
    if (auto looked = section->to->prepare(clients, role_of(use, pipeline, found.partitions));
        looked.what != preparation::outcome::ready)
      found = std::move(looked);
  }
  return found;
}

} // namespace weir::io
