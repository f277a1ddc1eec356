#pragma once

#include "config/binding.hpp"
#include "config/pipeline.hpp"

namespace weir::config {

/// Adds the columns of what is known of a record beside its value, as far as steps and alerts read them: `_timestamp`,
/// `_partition`, `_offset`, `_key`, `_topic`, and `_headers.NAME` of records of a topic. They are not written. A field
/// of the schema or a step's column of such a name stands in its place.
void add_metadata(const pipeline& of, binding& into);

} // namespace weir::config
