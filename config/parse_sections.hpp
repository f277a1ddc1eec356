#pragma once

#include "config/catalogue.hpp"
#include "config/pipeline.hpp"
#include "config/yaml_reader.hpp"

#include <span>
#include <string>
#include <vector>

// The sections of a pipeline file. Each function reads those that its name says from the top level into `into`.

namespace weir::config {

/// The format that a file's name says; JSON, where it says none or there is no file.
inline const core::format_kind* format_by_name_of(const std::string* file) {
  return file != nullptr ? core::format_of_file(*file, &core::json_format) : &core::json_format;
}

void parse_source(yaml_section& top, std::span<const source_kind* const> kinds, pipeline& into);
void parse_schema(yaml_section& top, pipeline& into);

/// The five sections of steps, or `steps`: one list of all kinds. Aggregates run behind the models, unless a model's
/// input is an aggregate: then all aggregates run before all models. A list runs as it stands.
void parse_steps(yaml_section& top, const catalogue& kinds, pipeline& into);

/// One of these sections.
std::vector<step_ptr> parse_section(yaml_section& top, const step_family& family);

/// delimiter, quote and has_header of a source, behind its other fields.
void parse_dialect(yaml_section& section, bool has_schema, source_section& into);

void parse_alerts(yaml_section& top, pipeline& into);

/// sink, dead_letter, alert_sink
void parse_sinks(yaml_section& top, std::span<const sink_kind* const> kinds, pipeline& into);

/// All that says how to run, and the name.
void parse_settings(yaml_section& top, pipeline& into);

} // namespace weir::config
