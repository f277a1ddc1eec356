#pragma once

#include "core/key_table.hpp"
#include "core/keyed_operator.hpp"
#include "core/layout.hpp"
#include "core/moments.hpp"
#include "core/ordered_operator.hpp"
#include "models/detector.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace weir::models {

/// A rolling statistic: by count (`last`), or by event time (`over_ms`); exactly one of the two is not 0.
struct rolling_options {
  core::statistic what = core::statistic::mean;
  core::column_id of = 0;
  std::optional<core::column_id> by; ///< absent: over the whole lane
  std::uint32_t last = 0;
  std::int64_t over_ms = 0;
  std::int64_t allowed_lateness_ms = 0;
  std::uint32_t panes = 12;
  std::optional<core::column_id> time; ///< a timestamp column; absent: the record's own time
  std::uint32_t max_keys = 1'000'000;
  std::string as; ///< double column that it adds
};

/// A detector over one column.
struct detection_options {
  std::variant<zscore_options, moving_average_options, threshold_options> how;
  core::column_id of = 0;
  std::optional<core::column_id> by; ///< absent: over the whole lane
  std::uint32_t max_keys = 1'000'000;
  std::string as;    ///< boolean column that it adds
  std::string score; ///< double column that it adds; empty: none
};

/// What one table of a stage holds, for the stats.
struct table_stats {
  std::string name; ///< of the key column, or `lane`
  core::operator_counts counts;
};

class keyed_stage;

/// The windows and detectors of a pipeline, in its order. Made once; each lane gets its own stage from it.
class keyed_plan {
public:
  /// Adds an operator and its columns to `columns`. Its input may be the output of an earlier one. Fails, naming `as`,
  /// when a column has a type that does not fit or a size is out of its range.
  core::result<void> add(core::layout& columns, const rolling_options& options);
  core::result<void> add(core::layout& columns, const detection_options& options);

  bool empty() const noexcept { return groups_.empty(); }

  /// A stage without state. Its changelog keys begin with `tag`. The plan may end before it.
  std::unique_ptr<keyed_stage> make_stage(std::uint8_t tag) const;

private:
  friend class keyed_stage;

  struct step {
    core::keyed_operator_ptr run;
    core::column_id of;
    std::optional<core::column_id> time;
    std::optional<core::column_id> value; ///< column for the statistic or the score
    std::optional<core::column_id> flag;
    std::size_t state_offset = 0;
  };
  /// The steps that share a table: one look-up a record for all of them.
  struct group {
    std::optional<core::column_id> by;
    std::size_t max_keys = 0;
    std::vector<step> steps;
    std::size_t state_size = 0;
    std::string layout;     ///< what the fingerprint is taken of
    std::string steps_text; ///< for errors
    std::string key_name;
  };

  core::result<void> check(const core::layout& columns, core::column_id of, std::optional<core::column_id> by,
                           const std::string& as) const;
  void place(const core::layout& columns, step s, std::optional<core::column_id> by, std::size_t max_keys,
             const std::string& as);

  std::vector<group> groups_;
};

/// All windows and detectors of one lane. Records that are rejected or filtered out before it do not enter.
class keyed_stage final : public core::ordered_operator {
public:
  keyed_stage(const keyed_plan& plan, std::uint8_t tag);

  std::uint8_t tag() const noexcept override { return tag_; }
  void process(core::batch& b) override;
  void collect_changes(core::record_block& into) override;
  core::result<void> restore(std::string_view key, const std::string_view* value) override;

  std::vector<table_stats> stats() const;

  /// Of all tables.
  core::operator_counts counts() const noexcept override;

private:
  struct table {
    keyed_plan::group plan;
    std::unique_ptr<core::key_table> keys;
    std::uint64_t late = 0;
  };

  void process_part(table& t, core::batch& b, std::size_t begin, std::size_t count);

  std::uint8_t tag_;
  std::vector<table> tables_;
  std::vector<std::shared_ptr<core::column>> made_; ///< the columns of the batch at hand, by column_id

  std::vector<std::byte*> states_;
  std::vector<double> values_;
  std::vector<std::int64_t> times_;
  std::vector<double> result_;
  std::vector<std::uint8_t> flags_;
};

} // namespace weir::models
