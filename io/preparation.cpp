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

namespace {

/// Calls `look(sink, role)` for each of a pipeline's sinks, as long as it says true.
template <class Look>
void each_sink(const config::pipeline& of, int source_partitions, const Look& look) {
  sink_role role;
  role.pipeline = &of;
  role.source_partitions = source_partitions;
  role.in_transactions = config::effective_guarantee(of) == config::guarantee::exactly_once;
  std::vector<const config::sink_section*> others;
  for (const auto& sink : of.alert_sinks)
    others.push_back(&sink);
  if (of.dead_letter)
    others.push_back(&*of.dead_letter);
  for (const auto& sink : of.sinks)
    if (!look(*sink.to, role))
      return;
  role.takes_records = false;
  for (const auto* sink : others)
    if (!look(*sink->to, role))
      return;
}

} // namespace

std::vector<core::error> check(const config::pipeline& pipeline) {
  std::vector<core::error> wrong;
  const auto note = [&](const core::result<void>& looked) {
    if (!looked)
      wrong.push_back(looked.error());
    return true;
  };
  note(pipeline.source.from->check(pipeline));
  each_sink(pipeline, 0, [&](const config::sink& sink, const sink_role& role) { return note(sink.check(role)); });
  return wrong;
}

preparation prepare(const config::pipeline& pipeline) {
  if (auto wrong = check(pipeline); !wrong.empty())
    return {preparation::outcome::wrong, std::move(wrong.front()), 0};
  topic_clients clients;
  auto found = pipeline.source.from->prepare(clients, pipeline);
  if (found.what != preparation::outcome::ready)
    return found;
  each_sink(pipeline, found.partitions, [&](const config::sink& sink, const sink_role& role) {
    auto looked = sink.prepare(clients, role);
    if (looked.what != preparation::outcome::ready)
      found = std::move(looked);
    return found.what == preparation::outcome::ready;
  });
  return found;
}

} // namespace weir::io
