#include "io/preparation.hpp"

#include "config/parse.hpp"
#include "io/kafka/topics.hpp"

namespace weir::io {

preparation is_wrong(std::string what, std::string remedy) {
  return {preparation::outcome::wrong, {std::move(what), {}, std::move(remedy)}, 0};
}

std::vector<std::string> part_folders_of(const config::pipeline& pipeline) {
  std::vector<std::string> out;
  const auto add = [&](const config::sink_section& section) {
    if (const auto* parts = section.to->parts())
      out.push_back(parts->folder);
  };
  if (config::effective_guarantee(pipeline) != config::guarantee::exactly_once)
    return out;
  for (const auto* sections : {&pipeline.sinks, &pipeline.alert_sinks})
    for (const auto& section : *sections)
      add(section);
  if (pipeline.dead_letter)
    add(*pipeline.dead_letter);
  return out;
}

preparation prepare(const config::pipeline& pipeline) {
  if (const auto fits = pipeline.source.from->check_fields(pipeline); !fits)
    return {preparation::outcome::wrong, fits.error(), 0};
  topic_clients clients;
  const auto found = pipeline.source.from->prepare(clients, pipeline);
  if (found.what != preparation::outcome::ready)
    return found;
  sink_role role;
  role.pipeline = &pipeline;
  role.source_partitions = found.partitions;
  role.in_transactions = config::effective_guarantee(pipeline) == config::guarantee::exactly_once;
  const auto look = [&](const config::sink_section& sink) { return sink.to->prepare(clients, role); };
  for (const auto& sink : pipeline.sinks)
    if (auto looked = look(sink); looked.what != preparation::outcome::ready)
      return looked;
  role.takes_records = false;
  for (const auto& sink : pipeline.alert_sinks)
    if (auto looked = look(sink); looked.what != preparation::outcome::ready)
      return looked;
  if (pipeline.dead_letter)
    if (auto looked = look(*pipeline.dead_letter); looked.what != preparation::outcome::ready)
      return looked;
  return found;
}

} // namespace weir::io
