#pragma once

#include "config/field.hpp"
#include "config/yaml_reader.hpp"
#include "core/batch/column.hpp"
#include "core/drift/column_monitor.hpp"

#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace weir::steps {

/// What the windows of a column are compared with, as a file says it: a word, or where somebody else's baseline is.
struct baseline_choice {
  core::drift_baseline kind = core::drift_baseline::first;
  config::file_path model; ///< whose card has it
  config::file_path file;  ///< whose records make it
  config::position at;
};

inline constexpr std::array<std::pair<std::string_view, core::drift_baseline>, 2> baseline_words{{
    {"first", core::drift_baseline::first},
    {"sliding", core::drift_baseline::sliding},
}};
constexpr config::words<core::drift_baseline> words_for(std::type_identity<baseline_choice>) {
  return baseline_words;
}
config::section_info fields_for(std::type_identity<baseline_choice>);

bool read_value(config::yaml_section& from, std::string_view name, const config::limits&, baseline_choice& into);
config::value show_value(const baseline_choice& of);

/// A column that is watched.
struct watched_column {
  std::string name;
  core::column_type type = core::column_type::float64;
  bool is_predicted = false; ///< a model makes it
};

/// A monitor with that baseline, of numbers or texts as the column is. Of a model's card it is that of the feature of
/// the column's name, or of the prediction, where a model makes the column. Of a file, CSV or JSON lines by its name,
/// all records count. An error says what is missing.
/// @param beside a file beside which the other one may stand
core::result<core::column_monitor> read_baseline(const baseline_choice& from, const watched_column& of,
                                                 const core::monitor_options& how, const std::string& beside);

} // namespace weir::steps
