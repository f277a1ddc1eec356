#include "config/lane_plan.hpp"

#include "core/format/decoder.hpp"

#include <algorithm>

namespace weir::config {

using core::data_format;

std::unique_ptr<core::preprocessor> lane_plan::make_preprocessor(std::vector<std::string> header) const {
  core::decode_options options;
  options.columns = columns.get();
  options.cut = cut;
  options.sink = sink_format;
  options.csv_header = header.empty() ? source_fields : std::move(header);
  auto decoder = source_format == data_format::csv ? core::make_csv_decoder(std::move(options))
                                                   : core::make_json_decoder(std::move(options));
  return std::make_unique<core::preprocessor>(std::move(decoder), transforms);
}

std::unique_ptr<core::record_writer> lane_plan::make_writer() const {
  return sink_format == data_format::csv ? core::make_csv_writer(*columns) : core::make_json_writer(*columns);
}

std::string lane_plan::csv_header(const std::vector<std::string>& header) const {
  std::vector<std::string> fields;
  for (const auto& name : header.empty() ? source_fields : header)
    if (!std::binary_search(cut.begin(), cut.end(), name))
      fields.push_back(name);
  return core::csv_header(fields, *columns);
}

operator_list lane_plan::make_operators_before_inference() const {
  operator_list operators;
  if (!before_inference->empty())
    operators.push_back(
        before_inference->make_processor(static_cast<std::uint8_t>(state_tag::windows_before_inference)));
  return operators;
}

operator_list lane_plan::make_operators_after_inference() const {
  operator_list operators;
  if (!after_inference->empty())
    operators.push_back(after_inference->make_processor(static_cast<std::uint8_t>(state_tag::windows_and_detectors)));
  if (!cluster_aggregates.empty())
    operators.push_back(std::make_shared<core::pane_collector>(cluster_aggregates, *columns,
                                                               static_cast<std::uint8_t>(state_tag::panes)));
  if (!lane_rules->rules.empty())
    operators.push_back(std::make_shared<core::lane_alerts>(lane_rules, static_cast<std::uint8_t>(state_tag::alerts)));
  return operators;
}

core::engine_alerts lane_plan::make_engine_alerts() const {
  return {pipeline_name, cluster->names(), engine_rules};
}

} // namespace weir::config
