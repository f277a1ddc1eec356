#include "io/outputs.hpp"

#include "io/console/dead_letter_log.hpp"
#include "io/preparation.hpp"

namespace weir::io {

namespace {

using opened_sinks = std::vector<std::shared_ptr<sink>>;

/// Appends the sinks of one section.
core::result<void> open_all(const std::vector<config::sink_section>& sections, const sink_role& role,
                            output_opener& with, opened_sinks& into) {
  for (const auto& section : sections) {
    auto opened = section.to->open(with, role);
    if (!opened)
      return tl::unexpected{opened.error()};
    into.push_back(std::move(*opened));
  }
  return {};
}

} // namespace

core::result<std::shared_ptr<output_set>> open_outputs(const config::pipeline& pipeline, const std::string& header,
                                                       output_opener& with) {
  for (const auto& [use, section] : config::sinks_of(pipeline))
    section->to->announce(with);
  sink_role records;
  records.header = header;
  records.pipeline = &pipeline;
  sink_role alerts;
  alerts.pipeline = &pipeline;
  alerts.takes_records = false;
  auto engine_alerts = alerts;
  engine_alerts.in_transactions = false;

  auto set = std::make_shared<output_set>();
  for (auto& opened : {open_all(pipeline.sinks, records, with, set->sinks),
                       open_all(pipeline.alert_sinks, alerts, with, set->alert_sinks),
                       open_all(pipeline.alert_sinks, engine_alerts, with, set->engine_alert_sinks)})
    if (!opened)
      return tl::unexpected{opened.error()};
  if (!pipeline.dead_letter) {
    set->dead_letters = std::make_shared<logged_dead_letters>();
    return set;
  }
  auto letters = pipeline.dead_letter->to->open_dead_letters(with);
  if (!letters)
    return tl::unexpected{letters.error()};
  set->dead_letters = std::move(*letters);
  return set;
}

} // namespace weir::io
