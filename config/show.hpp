#pragma once

#include "config/pipeline.hpp"
#include "config/value.hpp"

namespace weir::config {

/// A pipeline as its file would say it with every default written out. What may be secret stands as `***`: values of
/// librdkafka's properties, and texts with a value from the environment.
value::mapping show(const pipeline& of);

} // namespace weir::config
