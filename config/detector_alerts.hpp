#pragma once

#include "config/binding.hpp"
#include "config/pipeline.hpp"
#include "config/yaml_reader.hpp"

// Alert rules over detectors: `detector: NAME`, by the column of its verdict, or `detector: all`.

namespace weir::config {

/// Makes a rule over a column of each rule over detectors: its name, its condition and what tells its alerts apart come
/// from the detector, where the rule does not say them. Each detector that has a rule makes all columns that it can,
/// for the alerts; those that the file does not name are not written to the sinks.
void complete_detector_alerts(pipeline& into, yaml_reader& reader);

/// The detector, or detector of drift, whose verdict stands in that column; null: there is none.
const step* find_detector(const pipeline& of, std::string_view verdict);

/// The name of a column as an expression has it, whatever is in it.
std::string in_backticks(const std::string& name);

/// What its alerts say of it, by its kind, its fields and the columns that it makes.
core::detector_facts facts_of(const step& detector, const binding& columns);

} // namespace weir::config
