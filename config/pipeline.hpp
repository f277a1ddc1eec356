#pragma once

#include "config/diagnostic.hpp"
#include "core/batch/column.hpp"
#include "core/format/data_format.hpp"
#include "core/keyed/moments.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// A pipeline file as typed structs, with defaults. parse_pipeline() (config/parse.hpp) makes one and checks all that
// can be checked without opening anything; config/compile.hpp turns it into the pure objects that a lane runs.

namespace weir::config {

using std::chrono::milliseconds;

/// A text from the file together with where it stands (expressions, names).
struct located {
  std::string text;
  position at;
  bool literal = false; ///< it stands so in the file, on one line: its byte N is at `at.column + N`
  bool hidden = false;  ///< it holds a value from the environment or a file, which no message may show
};

using core::data_format;
enum class guarantee : std::uint8_t { exactly_once, at_least_once };

/// Topic settings for `create:`.
struct topic_creation {
  int partitions = 1;
  int replication_factor = 1;
};

struct kafka_source {
  std::string brokers; ///< host:port, comma-separated
  std::string topic;
  std::string group; ///< default: `weir-<pipeline name>`
  std::optional<topic_creation> create;
  std::map<std::string, std::string> properties; ///< any librdkafka property
};

struct file_source {
  std::string path;
  int partitions = 1;       ///< virtual partitions
  std::string key;          ///< field whose value keys the record; empty: no key, records go round-robin
  double rate = 0;          ///< records a second; 0: full speed
  milliseconds duration{0}; ///< stop after this time; 0: to the end
  std::uint64_t limit = 0;  ///< stop after so many records; 0: to the end
};

struct source {
  std::variant<kafka_source, file_source> from;
  data_format format = data_format::json;
  std::vector<std::string> header; ///< CSV: a row's fields; empty: a file's first row, for Kafka the schema's
};

struct field {
  std::string name;
  core::column_type type = core::column_type::string;
  bool required = false;
  bool key = false; ///< the record's key holds this field's value
  position at;
};

// --- preprocess ---
struct filter_step {
  located when;
};
struct derive_step {
  std::vector<std::pair<located, located>> columns; ///< name, expression; in order
};
struct encode_step {
  located column;
  std::vector<std::string> categories; ///< a value's code is its index; a value that is not there is null
  located as;
};
struct drop_null_step {
  std::vector<located> columns; ///< a record with a null in any of them is filtered out
};
using preprocess_step = std::variant<filter_step, derive_step, encode_step, drop_null_step>;

// --- aggregate ---
using core::statistic;

struct rolling_aggregate {
  statistic what = statistic::mean;
  located of;
  std::optional<located> by; ///< per key in the lane; absent: over the whole cluster (needs `over`)
  std::uint32_t last = 0;    ///< window by count; 0 when `over` is given
  milliseconds over{0};      ///< window by event time
  milliseconds allowed_lateness{0};
  std::uint32_t panes = 0;            ///< resolution of `over`; 0: 12 by key, 60 cluster-wide
  std::optional<located> time;        ///< timestamp column for `over`; absent: the record's Kafka time
  std::uint32_t max_keys = 1'000'000; ///< a lane's keys; the least recently used goes
  located as;
  position at;
};

// --- infer ---
struct inference {
  located model;               ///< path of an ONNX file
  std::vector<located> inputs; ///< columns in the order of the model's features
  located as;
  std::string version; ///< the model's name in what is said of it, in front of the file's digest; default: its stem
  located version_as;  ///< optional string column with the version
};

// --- detect ---
enum class detector_kind : std::uint8_t { zscore, moving_average, threshold };

struct detection {
  detector_kind kind = detector_kind::zscore;
  located of;
  std::optional<located> by;
  double threshold = 3;        ///< zscore, moving_average: in standard deviations
  std::uint32_t min_count = 5; ///< fewer previous values than this: score 0
  std::uint32_t last = 20;     ///< moving_average: the window
  std::optional<double> above; ///< threshold
  std::optional<double> below; ///< threshold
  std::uint32_t max_keys = 1'000'000;
  located as;    ///< boolean column
  located score; ///< optional double column with the score
  position at;
};

// --- alerts ---
enum class severity : std::uint8_t { low, medium, high, critical };

struct alert_rule {
  std::string name;
  located when; ///< over columns; or over `engine.` metrics (core/alert/alert_rules.hpp) and cluster-wide aggregates
  severity level = severity::medium;
  located summary;           ///< text with {column} references
  std::optional<located> by; ///< fingerprint; default: the record's key
  milliseconds repeat{0};    ///< a firing alert is sent again after this time; 0: once until resolved
  position at;
};

// --- sinks ---
/// Which partition of a sink's topic a record goes to.
enum class partitioning : std::uint8_t {
  source, ///< the one of the number of that it came in by; in another cluster than the source's, as `key`
  key,    ///< by its key, as Kafka's default partitioner chooses
};

struct kafka_sink {
  std::string brokers; ///< default: the source's
  std::string topic;
  partitioning partition = partitioning::source;
  std::optional<topic_creation> create;
  std::map<std::string, std::string> properties;
};
struct file_sink {
  std::string path;
};
struct console_sink {};

struct sink {
  std::variant<kafka_sink, file_sink, console_sink> to;
  data_format format = data_format::json;
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
  milliseconds interval{100};
  milliseconds timeout{30'000};
};

struct batch_settings {
  std::uint32_t records = 2048;   ///< largest batch
  std::uint64_t bytes = 1u << 20; ///< largest batch, unless a single record is larger
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
  config::source source;
  std::vector<field> schema; ///< and inputs of models that it does not name: they are doubles
  std::vector<preprocess_step> preprocess;
  std::vector<rolling_aggregate> aggregate;
  std::vector<inference> infer;
  std::vector<detection> detect;
  std::vector<alert_rule> alerts;
  std::vector<config::sink> alert_sinks; ///< default: console
  std::vector<config::sink> sinks;
  std::optional<config::sink> dead_letter;
  config::output output;
  config::processing processing;
  commit_settings commit;
  batch_settings batch;
  stats_settings stats;
  std::uint64_t memory_limit = 256u << 20;
  int parallelism = 0; ///< preprocessing and inference actors; 0: one a core
  milliseconds shutdown_timeout{30'000};
  milliseconds rebalance_timeout{10'000};
  milliseconds stall_timeout{30'000};   ///< ready.stall_timeout
  std::uint64_t state_memory_limit = 0; ///< state.memory_limit, of a node; 0: half of the machine's memory
  std::string state_dir = ".weir";      ///< for sources and sinks that are files
};

} // namespace weir::config
