#include "config/sections.hpp"

#include "core/format/format.hpp"

namespace weir::core {

namespace {

constexpr std::array<std::pair<std::string_view, column_type>, 5> type_words{{{"bool", column_type::boolean},
                                                                              {"int", column_type::int64},
                                                                              {"double", column_type::float64},
                                                                              {"timestamp", column_type::timestamp},
                                                                              {"string", column_type::string}}};

} // namespace

config::words<const format_kind*> words_for(std::type_identity<const format_kind*>) {
  static const auto all = [] {
    std::vector<std::pair<std::string_view, const format_kind*>> words;
    for (const auto* format : formats())
      words.emplace_back(format->name, format);
    return words;
  }();
  return all;
}
config::words<column_type> words_for(std::type_identity<column_type>) {
  return type_words;
}

} // namespace weir::core

namespace weir::config {

namespace {

constexpr double least_memory = 16 << 20;
constexpr double least_state = 1 << 20;
constexpr double least_batch = 1024;
constexpr double least_timeout = 100;

constexpr std::array source_section_fields{
    field<&source_section::format>("format", "how records are written down; default: as a file's name says, else json"),
    field<&source_section::header>("header", "the fields of a row, in a format whose files begin with them; default: "
                                             "a file's first row, for Kafka the fields of the schema"),
    field<&source_section::delimiter>("delimiter", "CSV only: what stands between two fields, one character such as "
                                                   "`;` or `|`, or `tab`; default: a comma"),
    field<&source_section::quote>("quote", "CSV only: what encloses a field that holds delimiters or line ends, or "
                                           "`none`; default: a double quote"),
    field<&source_section::has_header>("has_header", "CSV files only: false where the first row is data already; the "
                                                     "fields are those of `header`, or of the schema; default: true"),
    field<&source_section::key_check>("key_check",
                                      "`on`: a record of a topic whose key is not its `key: true` field ends the node"),
    field<&source_section::repeats>("repeats", "change events only: `drop` what a connector sends again, or `keep` it; "
                                               "default: drop"),
};

constexpr std::array sink_section_fields{
    field<&sink_section::format>("format", "how records are written down; all sinks of a pipeline have the same; "
                                           "default: as a file's name says, else json"),
};

constexpr std::array schema_field_fields{
    field<&schema_field::type>("type", "what its values are; a record with another one is a dead letter", required),
    field<&schema_field::required>("required", "a record in which it is missing or null is a dead letter"),
    field<&schema_field::key>("key", "the record's key holds this field's value"),
    field<&schema_field::unit>("unit",
                               "change events without a schema only: what the numbers of a timestamp count since "
                               "1970; default: ms"),
    field<&schema_field::scale>("scale",
                                "change events without a schema only: the digits behind the point of a decimal in "
                                "base64"),
};

constexpr std::array alert_rule_fields{
    field<&alert_rule::name>("name", "what the alert is called; default: the detector's `as`"),
    field<&alert_rule::when>("when",
                             "an expression over columns, or over `engine.` figures and cluster-wide aggregates"),
    field<&alert_rule::detector>(
        "detector", "instead of `when`: a detector of `detect` or `drift` by its `as`, or all that no other "
                    "rule names; its alerts have its score, its reason and the record"),
    field<&alert_rule::level>("severity", "how bad it is, where a detector does not say"),
    field<&alert_rule::summary>("summary", "a text with `{column}` in it; default: the detector's reason, or the name"),
    field<&alert_rule::by>("by", "the column that tells alerts apart; default: the detector's, or the record's key"),
    field<&alert_rule::repeat>("repeat", "a firing alert is said again after this time; default: once until resolved",
                               at_least(1)),
};

constexpr std::array name_and_parallelism{
    field<&pipeline::name>("name", "the pipeline's name: its topics and its state are called after it", required),
    field<&pipeline::parallelism>("parallelism", "preprocessing and inference actors; 0: one a core", between(0, 1024)),
};

constexpr std::array output_fields{
    field<&pipeline::output, &output::drop>("drop", "columns and fields that are not written"),
};
constexpr std::array processing_fields{
    field<&pipeline::processing, &processing::guarantee>(
        "guarantee",
        "default: exactly_once from Kafka to Kafka on the same brokers, else at_least_once; `exactly_once` from "
        "Kafka to files makes each of these a folder of parts"),
};
constexpr std::array commit_fields{
    field<&pipeline::commit, &commit_settings::interval>(
        "interval",
        "how long an output waits for its commit at most, a commit's own time aside; the sinks' `roll.every`, where it "
        "is longer and files take part in transactions; default: 100ms, from a file 1s",
        between(1, longest_commit_part_ms)),
    field<&pipeline::commit, &commit_settings::timeout>(
        "timeout",
        "a lane whose records have not come through its stages by then makes the node repeat the epoch; sinks that "
        "must acknowledge before a commit (files, `at_least_once`) have 330 s from then on",
        between(least_timeout, longest_commit_part_ms)),
};
constexpr std::array memory_fields{
    field<&pipeline::memory_limit>("limit", "of all that is in flight, librdkafka's queues included",
                                   at_least(least_memory)),
};
constexpr std::array batch_fields{
    field<&pipeline::batch, &batch_settings::records>("records", "of the largest batch", between(1, 1'000'000)),
    field<&pipeline::batch, &batch_settings::bytes>("bytes", "of the largest batch, unless a single record is larger",
                                                    at_least(least_batch)),
};
constexpr std::array stats_fields{
    field<&pipeline::stats, &stats_settings::listen>("listen", "the address that the stats endpoint listens on"),
    field<&pipeline::stats, &stats_settings::port>(
        "port", "0: any free one, said at start; where 9187 is taken, the next one that is free", between(0, 65535)),
    field<&pipeline::stats, &stats_settings::enabled>("enabled", "false: no stats endpoint"),
    field<&pipeline::stats, &stats_settings::token_file>(
        "token_file", "the token for what changes state; default: made at start, beside the state"),
};
constexpr std::array shutdown_fields{
    field<&pipeline::shutdown_timeout>("timeout", "for what was read, after SIGTERM", at_least(least_timeout)),
};
constexpr std::array rebalance_fields{
    field<&pipeline::rebalance_timeout>("timeout", "for what was read, when partitions go to another node",
                                        at_least(least_timeout)),
};
constexpr std::array ready_fields{
    field<&pipeline::stall_timeout>("stall_timeout", "without progress, a lane that has work counts as stalled",
                                    at_least(least_timeout)),
};
constexpr std::array state_fields{
    field<&pipeline::state_dir>("dir", "addresses, tokens, and the state of pipelines that read files"),
    field<&pipeline::state_memory_limit>("memory_limit",
                                         "of what the steps of a node remember; default: half of the machine's memory",
                                         at_least(least_state)),
};

constexpr std::array all_settings{
    settings_section{"output", output_fields},     settings_section{"processing", processing_fields},
    settings_section{"commit", commit_fields},     settings_section{"memory", memory_fields},
    settings_section{"batch", batch_fields},       settings_section{"stats", stats_fields},
    settings_section{"shutdown", shutdown_fields}, settings_section{"rebalance", rebalance_fields},
    settings_section{"ready", ready_fields},       settings_section{"state", state_fields},
};

} // namespace

std::span<const settings_section> settings_sections() {
  return all_settings;
}
std::span<const field_info> top_fields() {
  return name_and_parallelism;
}
std::span<const field_info> source_fields() {
  return source_section_fields;
}
std::span<const field_info> sink_fields() {
  return sink_section_fields;
}
std::span<const field_info> schema_fields() {
  return schema_field_fields;
}
std::span<const field_info> alert_fields() {
  return alert_rule_fields;
}

} // namespace weir::config
