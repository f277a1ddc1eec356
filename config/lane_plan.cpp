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
  options.dialect = dialect;
  options.encodings = encodings;
  options.positions = tells_repeats;
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
  for (const auto& name : makes_records ? std::vector<std::string>{} : header.empty() ? source_fields : header)
    if (!std::binary_search(cut.begin(), cut.end(), name))
      fields.push_back(name);
  return sink_format->header->write(fields, *columns);
}

std::vector<core::state_need> lane_plan::state_needs() const {
  std::vector<core::state_need> needs;
  for (const auto& stage : stages)
    for (const auto& step : stage.in_order)
      needs.insert(needs.end(), step.needs.begin(), step.needs.end());
  for (const auto& aggregate : cluster_aggregates)
    needs.push_back(core::pane_collector::needs(aggregate));
  if (drift)
    needs.push_back(core::drift_collector::needs(*drift));
  if (!lane_rules->rules.empty())
    needs.push_back(core::lane_alerts::needs(*lane_rules));
  return needs;
}

std::int64_t lane_plan::tick_ms() const {
  std::int64_t least = window_tick_ms;
  for (const auto& step : clock_steps)
    if (step.tick_ms > 0)
      least = least == 0 ? step.tick_ms : std::min(least, step.tick_ms);
  return least;
}

std::vector<operator_list> lane_plan::make_operators(std::uint64_t state_bytes) const {
  const auto all_shares = core::share_state(state_needs(), state_bytes);
  auto shares = std::span{all_shares};
  std::vector<operator_list> all;
  for (const auto& stage : stages) {
    auto& operators = all.emplace_back();
    for (const auto& step : stage.in_order) {
      operators.push_back(step.make(shares.first(step.needs.size())));
      shares = shares.subspan(step.needs.size());
    }
  }
  auto& last = all.back();
  if (!cluster_aggregates.empty())
    last.push_back(std::make_shared<core::pane_collector>(cluster_aggregates, *columns,
                                                          static_cast<std::uint8_t>(state_tag::panes)));
  if (drift)
    last.push_back(
        std::make_shared<core::drift_collector>(drift, drift_news, static_cast<std::uint8_t>(state_tag::stream_drift)));
  if (!lane_rules->rules.empty())
    last.push_back(std::make_shared<core::lane_alerts>(lane_rules, static_cast<std::uint8_t>(state_tag::alerts),
                                                       shares.back(), make_json_records()));
  return all;
}

void lane_plan::run_pooled(std::size_t stage, core::batch& b, const model_set_ptr& with) const {
  if (b.tick_ms)
    return; // it has no records, nor the columns of steps that do not see it
  for (const auto& step : stages[stage].pooled) {
    if (const auto* transform = std::get_if<core::transform_ptr>(&step)) {
      (*transform)->apply(b);
    } else {
      with->score(std::get<model_place>(step).slot, b);
      b.scored_with = with;
    }
  }
}

std::unique_ptr<core::json_records> lane_plan::make_json_records() const {
  return std::make_unique<core::json_records>(*columns, sink_format == &core::json_format);
}

core::engine_alerts lane_plan::make_engine_alerts() const {
  return {pipeline_name, cluster->names(), engine_rules};
}

} // namespace weir::config
