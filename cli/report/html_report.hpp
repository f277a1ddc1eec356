#pragma once

#include "cli/eval_report.hpp"
#include "cli/feature_reader.hpp"
#include "models/model.hpp"

#include <string>

namespace weir::cli {

/// What was judged as one page of HTML: measures, pictures of the errors, what the features do, slices.
std::string html_report(const judged_model& of, const models::model& model, const feature_reader& features);

} // namespace weir::cli
