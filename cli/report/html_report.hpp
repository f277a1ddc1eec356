#pragma once

#include "cli/eval_report.hpp"
#include "cli/feature_reader.hpp"
#include "models/model.hpp"

#include <cstddef>
#include <string>

namespace weir::cli {

/// Rows of the sample that partial dependence is the mean over, at most: each is scored for each value of each picture.
inline constexpr std::size_t dependence_rows = 300;

/// What was judged as one page of HTML: measures, pictures of the errors, what the features do, slices.
std::string html_report(const judged_model& of, const models::model& model, const feature_reader& features);

} // namespace weir::cli
