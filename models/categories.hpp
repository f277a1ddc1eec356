#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::models {

/// Categories of a feature that have a code of their own.
inline constexpr std::size_t most_categories = 254;

/// Makes categories of features: the most frequent values get codes, in the order of the values, and all others are
/// pooled: they count as missing. So a value that comes later and was never seen is treated as these are. Fails where a
/// name is no feature.
core::result<void> encode_categories(training_data& data, const std::vector<std::string>& names);

/// The same data with the codes of each category in the order of its mean target (of more than two classes along the
/// first principal component of their shares: Coppersmith, Hong and Hosking 1999). A split of that order is a split
/// into two sets: so trees that compare numbers tell sets apart, with one order for all nodes (Wright and König 2019).
training_data with_ordered_categories(training_data data);

} // namespace weir::models
