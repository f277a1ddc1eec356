#pragma once

#include "config/lane_plan.hpp"
#include "config/pipeline.hpp"
#include "models/kinds/option_search.hpp"
#include "models/kinds/prepared_training.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

// A training file as typed structs, with defaults. parse_training() (config/parse_training.hpp) makes one.

namespace weir::config {

/// Where a topic's reading begins or ends.
struct topic_place {
  enum class kind : std::uint8_t {
    earliest,
    latest,
    time, ///< the first record from then on
    ago,  ///< the same, counted back from the start of the reading
  };

  topic_place::kind what = kind::earliest;
  std::int64_t ms = 0; ///< time: since the epoch; ago: how long

  bool has_time() const noexcept { return what == kind::time || what == kind::ago; }

  /// The time that is meant. @param now_ms when the reading starts
  /// @pre has_time()
  std::int64_t time_at(std::int64_t now_ms) const noexcept { return what == kind::ago ? now_ms - ms : ms; }
};

/// A topic that is learned from, up to its end as it stands when the reading starts.
struct training_topic {
  addresses brokers;
  topic_name topic;
  located from_text{"earliest"};
  located to_text{"latest"};
  std::map<std::string, std::string> properties; ///< any librdkafka property

  topic_place from{}; ///< what the texts mean
  topic_place to{topic_place::kind::latest};
};

/// One entry of `data`: a file or a topic.
struct training_data_entry {
  std::string file;
  std::optional<training_topic> topic; ///< nothing: it is the file
  const core::format_kind* format = &core::json_format;
  position at;

  const std::string& name() const noexcept { return topic ? topic->topic.text : file; }
};

enum class split_order : std::uint8_t { random, time };

inline constexpr std::array<std::pair<std::string_view, split_order>, 2> split_order_words{
    {{"random", split_order::random}, {"time", split_order::time}}};
inline words<split_order> words_for(std::type_identity<split_order>) {
  return split_order_words;
}

/// Which rows learn, which measure, and which do neither.
struct training_split {
  double test = 0.2;
  double holdout = 0;
  split_order by = split_order::random;
  column_name column; ///< by time: what says it
  bool stratify = false;
  int folds = 0; ///< of what learns; 0: none
  std::uint64_t random_state = 0;
};

enum class search_method : std::uint8_t {
  grid,   ///< all combinations
  random, ///< some of them
  global, ///< each by how good those before were
};

/// What is tried for the model's options.
struct training_search {
  std::vector<models::option_choice> choices; ///< of a global search all are ranges
  search_method by = search_method::grid;
  int trials = 20; ///< but for a grid
  located score;   ///< measure that the best one is chosen by; empty: rmse, or accuracy
};

/// Where the model becomes a version.
struct training_registration {
  located model;        ///< REGISTRY/NAME
  located alias;        ///< that it gets; empty: none
  expression_text when; ///< over `new.` and `old.` measures: only then; empty: always
  std::string note;
};

struct training {
  std::string name;
  std::string file; ///< where it was read from
  std::vector<training_data_entry> data;
  /// Its schema and its preprocess say how records become rows; nothing else of it counts.
  pipeline cleaning;
  std::string model; ///< a models::model_kind that has a trainer
  models::option_texts options;
  column_name target;                  ///< empty: the kind learns without one
  std::vector<column_name> features;   ///< in the order of the model's inputs; or `all`
  std::vector<column_name> categories; ///< features whose values have no order
  column_name sample_weight;           ///< of the rows that learn; empty: all weigh the same
  bool classify = false;
  bool drop_missing = true;
  models::imputations impute;                                          ///< what stands for missing values
  models::target_transform transform = models::target_transform::none; ///< what is learned in place of the target
  training_split split;
  std::optional<training_search> search;
  std::string out; ///< ONNX file to write; empty: none
  std::optional<training_registration> to;
  std::optional<milliseconds> every; ///< nothing: once

  bool takes_all() const { return features.size() == 1 && features.front().text == "all"; }
  models::preparation preparation() const;
  /// Whether a row in which that feature is missing learns.
  bool may_be_missing(std::string_view feature) const;
  bool has_rule() const { return to && !to->when.text.empty(); }
};

section_info fields_for(std::type_identity<training_topic>);
section_info fields_for(std::type_identity<training_split>);
section_info fields_for(std::type_identity<training_registration>);
section_info fields_for(std::type_identity<training_search>); ///< but for `grid`, `random` and `global`, which
                                                              ///< read themselves

/// The fields of a training file, but for `data`, `pipeline`, `schema`, `preprocess`, `model` and `impute`, which
/// read themselves.
std::span<const field_info> training_fields();

/// Whether the model learns to predict the target; a kind that learns without one only leaves it out of `all`.
bool has_target(const training& of);

/// Whether `model` learns classes from what the file says.
bool learns_classes(const training& of);

/// What trials are compared by.
std::string score_of(const training& of);

/// The measures of the model that a rule may name: `new.rmse`, `old.rmse`; in the order of the model's own measures.
core::layout promotion_columns(bool classes);

/// What makes rows of records in a format: the very steps that a pipeline with this schema and preprocess runs. All
/// that is wrong across the sections stands at its place: columns, expressions, names.
/// @pre the schema is known
tl::expected<lane_plan, std::vector<diagnostic>> bind_training(const training& of, const core::format_kind& format);

} // namespace weir::config
