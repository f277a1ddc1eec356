#pragma once

#include "config/endpoint.hpp"
#include "config/kind.hpp"
#include "core/batch/column.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/formats.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// A pipeline file as typed structs, with defaults. parse_pipeline() (config/parse.hpp) makes one and checks all that
// can be checked without opening anything; config/compile.hpp turns it into the pure objects that a lane runs.

namespace weir::config {

enum class guarantee : std::uint8_t { exactly_once, at_least_once };

inline constexpr std::array<std::pair<std::string_view, guarantee>, 2> guarantee_words{
    {{"exactly_once", guarantee::exactly_once}, {"at_least_once", guarantee::at_least_once}}};
inline words<guarantee> words_for(std::type_identity<guarantee>) {
  return guarantee_words;
}

enum class key_checking : std::uint8_t { on, off };

inline constexpr std::array<std::pair<std::string_view, key_checking>, 2> key_checking_words{
    {{"on", key_checking::on}, {"off", key_checking::off}}};
inline words<key_checking> words_for(std::type_identity<key_checking>) {
  return key_checking_words;
}

enum class repeat_handling : std::uint8_t { drop, keep };

inline constexpr std::array<std::pair<std::string_view, repeat_handling>, 2> repeat_handling_words{
    {{"drop", repeat_handling::drop}, {"keep", repeat_handling::keep}}};
inline words<repeat_handling> words_for(std::type_identity<repeat_handling>) {
  return repeat_handling_words;
}

/// What a number of a change event counts that is a time.
enum class time_unit : std::uint8_t { ms, us, ns, days };

inline constexpr std::array<std::pair<std::string_view, time_unit>, 4> time_unit_words{
    {{"ms", time_unit::ms}, {"us", time_unit::us}, {"ns", time_unit::ns}, {"days", time_unit::days}}};
inline words<time_unit> words_for(std::type_identity<time_unit>) {
  return time_unit_words;
}

struct source_section {
  std::shared_ptr<source> from; ///< never null in a pipeline that was read
  const core::format_kind* format = &core::json_format;
  std::vector<std::string> header; ///< a row's fields, where the format has a header; empty: a file's first row, for
                                   ///< Kafka the schema's
  std::optional<std::string> delimiter; ///< as the file says it; absent: a comma
  std::optional<std::string> quote;     ///< likewise: a double quote
  core::csv_dialect dialect;            ///< what both mean
  std::optional<bool> has_header;       ///< of a file in such a format; default: it has one
  key_checking key_check = key_checking::on;
  std::optional<repeat_handling> repeats; ///< of change events; default: drop
};

struct schema_field {
  std::string name;
  core::column_type type = core::column_type::string;
  bool required = false;
  bool key = false; ///< the record's key holds this field's value
  position at;
  bool assumed = false;                ///< no schema names it: it is an input of a model, taken for a double
  std::optional<time_unit> unit{};     ///< of change events without a schema; default: ms
  std::optional<std::int32_t> scale{}; ///< likewise: of a decimal in base64; absent: it is none
};

// --- alerts ---
enum class severity : std::uint8_t { low, medium, high, critical };

inline constexpr std::array<std::pair<std::string_view, severity>, 4> severity_words{
    {{"low", severity::low}, {"medium", severity::medium}, {"high", severity::high}, {"critical", severity::critical}}};
inline words<severity> words_for(std::type_identity<severity>) {
  return severity_words;
}

struct alert_rule {
  std::string name;
  expression_text
      when; ///< over columns; or over `engine.` metrics (core/alert/alert_rules.hpp) and cluster-wide aggregates
  located detector; ///< whose verdict `when` is, by the name of that column; empty: none's
  severity level = severity::medium;
  located summary;                    ///< text with {column} references
  std::optional<column_name> by;      ///< fingerprint; default: the record's key
  std::optional<milliseconds> repeat; ///< a firing alert is sent again after this time; absent: once until resolved
};

struct sink_section {
  std::shared_ptr<sink> to;
  const core::format_kind* format = &core::json_format;
  position at;
};

struct output {
  std::vector<located> drop; ///< columns and fields that are not written
};

struct processing {
  std::optional<config::guarantee> guarantee; ///< default: effective_guarantee()
  position at;
};

struct commit_settings {
  std::optional<milliseconds> interval; ///< default: effective_commit_interval()
  milliseconds timeout{30'000};
};

struct batch_settings {
  std::uint32_t records = 2048; ///< largest batch
  byte_size bytes = 1u << 20;   ///< largest batch, unless a single record is larger
};

struct stats_settings {
  std::string listen = "127.0.0.1";
  int port = 9187; ///< 0: any free one, said at start
  bool enabled = true;
  std::string token_file; ///< for what changes state; default: made at start beside the state
};

struct pipeline {
  std::string name;
  std::string file; ///< where it was read from
  source_section source;
  std::vector<schema_field> schema; ///< and inputs of models that it does not name: they are doubles
  std::vector<step_ptr> steps;      ///< of all sections, in the order in which records meet them
  bool lists_steps = false;         ///< they stand in one list, `steps`
  std::string schema_note;          ///< which fields were found in a file, for people; empty: the pipeline names them
  std::vector<alert_rule> alerts;
  std::vector<sink_section> alert_sinks; ///< default: console
  std::vector<sink_section> sinks;
  std::optional<sink_section> dead_letter;
  config::output output;
  config::processing processing;
  commit_settings commit;
  batch_settings batch;
  stats_settings stats;
  byte_size memory_limit = 256u << 20;
  int parallelism = 0; ///< preprocessing and inference actors; 0: one a core
  milliseconds shutdown_timeout{30'000};
  milliseconds rebalance_timeout{10'000};
  milliseconds stall_timeout{30'000};          ///< ready.stall_timeout
  std::optional<byte_size> state_memory_limit; ///< state.memory_limit, of a node; absent: half of the machine's memory
  std::string state_dir = ".weir";             ///< for sources and sinks that are files
};

/// What messages call the five sections of steps.
inline constexpr std::array<std::string_view, 5> step_sections{"preprocess", "aggregate", "infer", "detect", "drift"};

/// The steps of one section, or, of a list of steps, those that could stand in it.
inline std::vector<step_ptr> steps_of(const pipeline& of, std::string_view section) {
  std::vector<step_ptr> found;
  for (const auto& step : of.steps)
    if (step->section() == section)
      found.push_back(step);
  return found;
}

/// How the rows of a file are read, where the source's format has a header. Where the file has none, the fields are
/// those of source.header, or of the schema.
core::row_reading rows_of(const pipeline& of);

/// What a pipeline writes to a sink.
enum class sink_use { records, dead_letters, alerts };

struct used_sink {
  sink_use use;
  const sink_section* section;
};

/// All sinks of a pipeline, those of its records first. They refer into it.
inline std::vector<used_sink> sinks_of(const pipeline& of) {
  std::vector<used_sink> all;
  for (const auto& sink : of.sinks)
    all.push_back({sink_use::records, &sink});
  if (of.dead_letter)
    all.push_back({sink_use::dead_letters, &*of.dead_letter});
  for (const auto& sink : of.alert_sinks)
    all.push_back({sink_use::alerts, &sink});
  return all;
}

} // namespace weir::config
