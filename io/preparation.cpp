#include "io/preparation.hpp"

#include "io/kafka/topics.hpp"

namespace weir::io {

preparation prepare(const config::pipeline& pipeline) {
  topic_clients clients;
  const auto found = pipeline.source.from->prepare(clients, pipeline.name);
  if (found.what != preparation::outcome::ready)
    return found;
  sink_role role;
  role.source = pipeline.source.from.get();
  role.source_partitions = found.partitions;
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
