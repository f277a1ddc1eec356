#pragma once

#include "config/field.hpp"
#include "core/base/result.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/formats.hpp"
#include "core/format/type_guess.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::io {
class dead_letter_sink;
class output_opener;
class sink;
class topic_clients;
struct input;
struct input_options;
struct preparation;
struct sink_role;
} // namespace weir::io

namespace weir::config {

struct source_kind;
struct sink_kind;
struct pipeline;
struct schema_field;
class source;

/// How to reach a cluster of brokers whose transactions can hold offsets and outputs.
struct connection {
  std::string brokers; ///< host:port, comma-separated
  std::map<std::string, std::string> properties;
};

/// What a source or a sink may complete its settings with, once the file has been read.
struct completion {
  const std::string& pipeline;
  const std::vector<schema_field>& schema;
  const config::source* source; ///< null: it could not be read
  yaml_reader& reader;          ///< for what is wrong
};

/// Where the records come from. Its kinds stand in io/, which prepares and opens it.
class source {
public:
  explicit source(const source_kind& of) noexcept : kind_{&of} {}
  virtual ~source() = default;
  source(const source&) = delete;
  source& operator=(const source&) = delete;

  /// What alerts and dead letters call it: a topic, a path.
  virtual const std::string& name() const noexcept = 0;

  /// The file that is read; null: it is no file.
  virtual const std::string* file() const noexcept { return nullptr; }

  /// Whether several nodes may read it at once, each a part of it.
  virtual bool is_shared() const noexcept { return false; }

  /// The brokers whose transactions can hold its offsets; null: none can.
  virtual const connection* transactions() const noexcept { return nullptr; }

  /// How many partitions it has at least, as far as the pipeline file says.
  virtual int least_partitions() const noexcept { return 1; }

  /// The fields of its rows, with samples of the first `records` of them, where it can be looked at without taking
  /// anything away. An error says why it cannot.
  virtual core::result<std::vector<core::sampled_field>>
  sample(const core::format_kind& format, const core::row_reading& rows, std::uint64_t records) const;

  virtual void complete(const completion&) {}
  virtual value::mapping show() const = 0;

  /// What would keep it from being prepared or opened, as far as a look asks no broker, takes nothing away and changes
  /// nothing.
  virtual core::result<void> check(const pipeline&) const { return {}; }

  /// Sees to what has to be there before records can be read, behind check(). Blocks for some seconds at most.
  virtual io::preparation prepare(io::topic_clients& clients, const pipeline& of) const = 0;

  /// Opens what is local and makes the clients; no record is read before a node asks for it.
  virtual core::result<io::input> open(const io::input_options& options) const = 0;

  const source_kind& kind() const noexcept { return *kind_; }

private:
  const source_kind* kind_;
};

/// How long a setting may keep a transaction open: a broker allows 15 minutes in all by default
/// (transaction.max.timeout.ms).
inline constexpr double longest_commit_part_ms = 300'000;

/// How a sink writes whole parts, each of which is seen when the transaction that holds its records is committed.
struct part_settings {
  std::string folder;
  milliseconds every{10'000};   ///< a transaction is open for so long at least
  byte_size bytes = 128u << 20; ///< a part that is larger is followed by another
};

/// Where outputs, alerts or dead letters go. Its kinds stand in io/, which prepares and opens it.
class sink {
public:
  explicit sink(const sink_kind& of) noexcept : kind_{&of} {}
  virtual ~sink() = default;
  sink(const sink&) = delete;
  sink& operator=(const sink&) = delete;

  /// Whether a transaction of these brokers can hold what is written to it.
  virtual bool joins(const connection&) const noexcept { return false; }

  /// How it takes part in transactions that it does not join; null: it cannot. Only on demand: what is one file
  /// otherwise is many then.
  virtual const part_settings* parts() const noexcept { return nullptr; }

  /// What to say, and to do, where it has to and cannot. @param section that it stands in
  virtual std::string why_not(const std::string& section) const;

  /// Whether it only shows what is written to it: no guarantee is asked of it where alerts go.
  virtual bool only_shows() const noexcept { return false; }

  /// The file that is written to, or the folder of its parts; null: there is none.
  virtual const std::string* file() const noexcept { return nullptr; }

  /// Whether what is written to it comes in again by that source; files aside.
  virtual bool feeds(const source&) const noexcept { return false; }

  virtual void complete(const completion&) {}
  virtual value::mapping show() const = 0;

  /// As source::check().
  virtual core::result<void> check(const io::sink_role&) const { return {}; }

  /// Sees to what has to be there before it can be opened, behind check(). Blocks for some seconds at most.
  virtual io::preparation prepare(io::topic_clients& clients, const io::sink_role& role) const = 0;

  /// Says what it is going to write to, before any sink is opened.
  virtual void announce(io::output_opener&) const {}
  virtual core::result<std::shared_ptr<io::sink>> open(io::output_opener& with, const io::sink_role& role) const = 0;

  /// An error when dead letters would be lost there.
  virtual core::result<std::shared_ptr<io::dead_letter_sink>> open_dead_letters(io::output_opener& with) const = 0;
  virtual bool takes_dead_letters() const noexcept { return true; }

  const sink_kind& kind() const noexcept { return *kind_; }

private:
  const sink_kind* kind_;
};

/// A kind of source. In a file it is the field of its name in `source`.
struct source_kind : kind_info {
  bool has_short_form; ///< a single text stands for its first field: `file: data.csv`
  std::shared_ptr<source> (*read)(const source_kind& self, yaml_section& from);
};

/// A kind of sink.
struct sink_kind : kind_info {
  bool has_short_form;
  std::shared_ptr<sink> (*read)(const sink_kind& self, yaml_section& from);
};

/// A kind from a class that is made of its kind, its settings and the section that they were read from.
template <class Source, class Settings, const auto& Fields>
constexpr source_kind make_source_kind(std::string_view name, std::string_view help, std::string_view example,
                                       bool has_short_form) {
  return {{name, help, example, Fields, defaults_of<Settings, Fields>},
          has_short_form,
          [](const source_kind& self, yaml_section& from) -> std::shared_ptr<source> {
            Settings settings;
            read_fields(from, Fields, &settings);
            return std::make_shared<Source>(self, std::move(settings), from);
          }};
}

/// The same for a sink.
template <class Sink, class Settings, const auto& Fields>
constexpr sink_kind make_sink_kind(std::string_view name, std::string_view help, std::string_view example,
                                   bool has_short_form) {
  return {{name, help, example, Fields, defaults_of<Settings, Fields>},
          has_short_form,
          [](const sink_kind& self, yaml_section& from) -> std::shared_ptr<sink> {
            Settings settings;
            read_fields(from, Fields, &settings);
            return std::make_shared<Sink>(self, std::move(settings), from);
          }};
}

} // namespace weir::config
