#pragma once

#include "config/parse_sections.hpp"
#include "config/training.hpp"

// What a training file says of the model: each of these reads itself, and reports what is wrong at its place.

namespace weir::config {

/// `model: random_forest`, or `model: { random_forest: { max_depth: 12 } }`.
void read_trained_model(yaml_section& top, training& into);

/// `search`, where there is one. @pre the model has been read
void read_search(yaml_section& top, training& into);

/// `impute: median`, or `impute: { Age: median, Rooms: 0 }`. @pre the features have been read
void read_imputations(yaml_section& top, training& into);

} // namespace weir::config
