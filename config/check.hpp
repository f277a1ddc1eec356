#pragma once

#include "config/pipeline.hpp"
#include "config/yaml_reader.hpp"

namespace weir::config {

/// Reports what is wrong across the sections of a pipeline: columns, expressions, names, guarantees. See
/// parse_pipeline().
void check(const pipeline& of, yaml_reader& reader);

} // namespace weir::config
