#pragma once

#include "config/pipeline.hpp"
#include "config/yaml_reader.hpp"
#include "core/alert_rules.hpp"
#include "core/layout.hpp"
#include "core/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace weir::config {

/// Reports what is wrong across the sections of a pipeline: columns, expressions, names, guarantees. See
/// parse_pipeline().
void check(const pipeline& of, yaml_reader& reader);

/// Aggregates and detectors run behind the models, unless a model's input is an aggregate: then all aggregates run
/// before all models.
bool aggregates_before_inference(const pipeline& of);

/// The columns that the steps of a pipeline make, in its order; not those of the cluster-wide aggregates.
std::vector<located> made_columns(const pipeline& of);

/// The names of the cluster-wide aggregates.
std::vector<std::string> cluster_names(const pipeline& of);

/// Whether a rule is over the engine and the cluster's aggregates, and not over the columns of a lane.
/// @param engine core::engine_alerts::columns(cluster_names(of))
bool is_engine_rule(const alert_rule& rule, const core::layout& engine);

/// Where and how to say what core found wrong with an expression or a summary.
std::pair<position, std::string> explain(const located& text, const core::error& e);

/// The text of `rule` that core::alert_rule::bind() complains about.
const located& alert_part(const alert_rule& rule, const core::error& e);

} // namespace weir::config
