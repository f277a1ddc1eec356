#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"

#include <functional>
#include <string>

namespace weir::steps {

/// Reads a file's records, CSV or JSON lines by its name, batch by batch: it is never in memory as a whole. An error
/// names the first record that cannot be read, or the column that a CSV file lacks.
/// @param columns all from the source
core::result<void> read_reference(const std::string& path, const core::layout& columns,
                                  const std::function<void(const core::batch&)>& visit);

} // namespace weir::steps
