#pragma once

#include "config/pipeline.hpp"
#include "core/base/result.hpp"
#include "io/output_opener.hpp"
#include "io/output_set.hpp"

#include <memory>
#include <string>

namespace weir::io {

/// Opens the sinks of a pipeline, its alert sinks and its dead letters.
/// @param header the first line of a file; empty: none
core::result<std::shared_ptr<output_set>> open_outputs(const config::pipeline& pipeline, const std::string& header,
                                                       output_opener& with);

} // namespace weir::io
