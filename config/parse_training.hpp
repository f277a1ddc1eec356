#pragma once

#include "config/catalogue.hpp"
#include "config/diagnostic.hpp"
#include "config/environment.hpp"
#include "config/training.hpp"

#include <filesystem>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace weir::config {

/// Reads a training file as parse_pipeline() reads a pipeline's: all that is wrong is reported, by position. Nothing is
/// opened but what `${file:...}` and `pipeline` name. Without a schema, which a CSV file can do without, columns and
/// expressions are checked by bind_training(), once it is known.
tl::expected<training, std::vector<diagnostic>> parse_training(std::string_view yaml, std::string_view file_name,
                                                               const catalogue& kinds, const environment& variables);

/// From a file; messages call it as `path` spells it.
tl::expected<training, std::vector<diagnostic>>
parse_training(const std::filesystem::path& path, const catalogue& kinds,
               const environment& variables = environment::of_process());

} // namespace weir::config
