#pragma once

#include "config/pipeline.hpp"

#include <span>
#include <string_view>

// The sections of a pipeline file and their fields, but for the kinds (config/catalogue.hpp): what the reader, the
// schema, the docs and `weir echo` loop over.

namespace weir::core {

config::words<const format_kind*> words_for(std::type_identity<const format_kind*>);
config::words<column_type> words_for(std::type_identity<column_type>);

} // namespace weir::core

namespace weir::config {

/// A section whose fields are settings of the pipeline.
struct settings_section {
  std::string_view name;
  std::span<const field_info> fields; ///< of a pipeline
};

/// The sections that say how to run, in the order of the docs.
std::span<const settings_section> settings_sections();

/// `name` and `parallelism`: settings that stand in no section.
std::span<const field_info> top_fields();

std::span<const field_info> source_fields(); ///< of a source_section, beside its kind
std::span<const field_info> sink_fields();   ///< of a sink_section, beside its kind
std::span<const field_info> schema_fields(); ///< of a schema_field
std::span<const field_info> alert_fields();  ///< of an alert_rule

} // namespace weir::config
