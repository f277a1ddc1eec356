#include "config/lane_plan.hpp"

#include "core/cluster/drift_collector.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <span>

namespace weir::config {

std::unique_ptr<core::preprocessor> lane_plan::make_preprocessor(std::vector<std::string> header) const {
  core::decode_options options;
  options.columns = columns.get();
  options.cut = cut;
  options.sink = sink_format;
  options.encodings = encodings;
  options.positions = repeats.has_value();
  options.header = header.empty() ? source_fields : std::move(header);
  return std::make_unique<core::preprocessor>(source_format->make_decoder(std::move(options)), transforms, keys);
}

std::unique_ptr<core::record_writer> lane_plan::make_writer() const {
  return sink_format->make_writer(*columns);
}

std::string lane_plan::sink_header(const std::vector<std::string>& header) const {
  if (sink_format->header == nullptr)
    return {};
  std::vector<std::string> fields;
  for (const auto& name : header.empty() ? source_fields : header)
    if (!std::binary_search(cut.begin(), cut.end(), name))
      fields.push_back(name);
  return sink_format->header->write(fields, *columns);
}

std::vector<core::state_need> lane_plan::state_needs() const {
  std::vector<core::state_need> needs;
  if (repeats)
    needs.push_back(repeats->needs);
  for (const auto& step : dedupes)
    needs.push_back(step.needs);
  for (auto& more : before_inference->state_needs())
    needs.push_back(std::move(more));
  if (labels)
    needs.push_back(labels->join.needs);
  for (const auto& model : online_models)
    needs.push_back(model.needs);
  for (auto& more : after_inference->state_needs())
    needs.push_back(std::move(more));
  for (const auto& step : paged_steps)
    needs.push_back(step.needs);
  for (const auto& step : clock_steps)
    needs.push_back(step.run.needs);
  for (const auto& aggregate : cluster_aggregates)
    needs.push_back(core::pane_collector::needs(aggregate));
  if (drift)
    needs.push_back(core::drift_collector::needs(*drift));
  if (!lane_rules->rules.empty())
    needs.push_back(core::lane_alerts::needs(*lane_rules));
  return needs;
}

std::int64_t lane_plan::tick_ms() const {
  std::int64_t least = 0;
  for (const auto& step : clock_steps)
    if (step.tick_ms > 0)
      least = least == 0 ? step.tick_ms : std::min(least, step.tick_ms);
  return least;
}

bool lane_plan::has_operators_before_inference() const {
  return repeats || !dedupes.empty() || (before_inference && !before_inference->empty());
}

operator_list lane_plan::make_operators_before_inference(std::uint64_t state_bytes) const {
  const auto shares = core::share_state(state_needs(), state_bytes);
  auto operators = make_filters(shares);
  if (!before_inference->empty())
    operators.push_back(
        before_inference->make_processor(static_cast<std::uint8_t>(state_tag::windows_before_inference),
                                         std::span{shares}.first(needs_before_inference()).subspan(operators.size())));
  return operators;
}

operator_list lane_plan::make_operators_after_inference(std::uint64_t state_bytes) const {
  const auto all_shares = core::share_state(state_needs(), state_bytes);
  const auto tables = after_inference->state_needs().size();
  auto shares = std::span{all_shares}.subspan(needs_before_inference());
  operator_list operators;
  if (labels) {
    operators.push_back(labels->join.make(shares.front()));
    shares = shares.subspan(1);
  }
  for (std::size_t i = 0; i < online_models.size(); ++i)
    operators.push_back(online_models[i].make(shares[i]));
  shares = shares.subspan(online_models.size());
  if (!after_inference->empty())
    operators.push_back(after_inference->make_processor(static_cast<std::uint8_t>(state_tag::windows_and_detectors),
                                                        shares.first(tables)));
  for (std::size_t i = 0; i < paged_steps.size(); ++i)
    operators.push_back(paged_steps[i].make(shares[tables + i]));
  for (std::size_t i = 0; i < clock_steps.size(); ++i)
    operators.push_back(clock_steps[i].run.make(shares[tables + paged_steps.size() + i]));
  if (!cluster_aggregates.empty())
    operators.push_back(std::make_shared<core::pane_collector>(cluster_aggregates, *columns,
                                                               static_cast<std::uint8_t>(state_tag::panes)));
  if (drift)
    operators.push_back(
        std::make_shared<core::drift_collector>(drift, drift_news, static_cast<std::uint8_t>(state_tag::stream_drift)));
  if (!lane_rules->rules.empty())
    operators.push_back(std::make_shared<core::lane_alerts>(lane_rules, static_cast<std::uint8_t>(state_tag::alerts),
                                                            shares.back(), make_json_records()));
  return operators;
}

operator_list lane_plan::make_filters() const {
  return make_filters(std::vector<std::uint64_t>(1 + dedupes.size(), core::unbounded_state));
}

operator_list lane_plan::make_filters(std::span<const std::uint64_t> shares) const {
  operator_list operators;
  if (repeats)
    operators.push_back(repeats->make(shares[0]));
  for (const auto& step : dedupes)
    operators.push_back(step.make(shares[operators.size()]));
  return operators;
}

/// How many of state_needs().
std::size_t lane_plan::needs_before_inference() const {
  return (repeats ? 1 : 0) + dedupes.size() + before_inference->state_needs().size();
}

std::unique_ptr<core::json_records> lane_plan::make_json_records() const {
  return std::make_unique<core::json_records>(*columns, sink_format == &core::json_format);
}

core::engine_alerts lane_plan::make_engine_alerts() const {
  return {pipeline_name, cluster->names(), engine_rules};
}

} // namespace weir::config
