#pragma once

#include "config/catalogue.hpp"
#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "config/pipeline.hpp"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace weir::config {

/// Reads a pipeline file: structure, types, ranges, names, columns and expressions are checked, and all that is wrong
/// is reported, by position. Nothing is opened but what `${file:...}` names, so models and topics may still be missing.
tl::expected<pipeline, std::vector<diagnostic>> parse_pipeline(std::string_view yaml, std::string_view file_name,
                                                               const catalogue& kinds, const environment& variables);

/// From a file; messages call it as `path` spells it.
tl::expected<pipeline, std::vector<diagnostic>>
parse_pipeline(const std::filesystem::path& path, const catalogue& kinds,
               const environment& variables = environment::of_process());

/// exactly_once from Kafka to Kafka on the same brokers, unless the file says otherwise; else at_least_once.
guarantee effective_guarantee(const pipeline& of);

/// What `output.drop` names and no step makes: fields of the records that come in.
std::vector<located> dropped_fields(const pipeline& of);

/// From one commit to the next: commit.interval, and with exactly_once not less than the sinks' parts take. Unless the
/// file says otherwise 100 ms, from a file 1 s: its outputs are seen before they are committed.
milliseconds effective_commit_interval(const pipeline& of);

} // namespace weir::config
