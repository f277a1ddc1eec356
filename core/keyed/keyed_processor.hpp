#pragma once

#include "core/batch/column_builder.hpp"
#include "core/batch/layout.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weir::core {

/// A keyed operator at its place in a pipeline: which columns it reads, which it makes.
struct keyed_step {
  keyed_operator_ptr run;
  column_id of = 0;
  std::optional<column_id> by{};   ///< absent: over the whole lane
  std::optional<column_id> time{}; ///< a timestamp column; absent: the record's own time
  std::uint32_t max_keys = 1'000'000;
  std::string value{};         ///< double column that it adds: the statistic or the score; empty: none
  std::string flag{};          ///< boolean column that it adds: is it an anomaly; empty: none
  std::string anomaly_score{}; ///< double column that it adds; empty: none
  std::string severity{};      ///< text column that it adds; empty: none
  std::string reason{};        ///< likewise

  /// What messages call it.
  const std::string& name() const noexcept { return flag.empty() ? value : flag; }
};

/// What one table of a processor holds, for the stats.
struct table_stats {
  std::string name; ///< of the key column, or `lane`
  operator_counts counts;
};

class keyed_processor;

/// Which tables of the changelog are a processor's.
struct keyed_tables {
  std::uint8_t tag = 0;   ///< the first byte of its keys
  std::uint8_t first = 0; ///< the number of its first table: several processors may share a tag
  bool are_last = true;   ///< no other processor has the numbers behind
};

/// The windows and detectors of a pipeline, in its order. Made once; each lane gets a processor of its own from it.
class keyed_plan {
public:
  /// Adds an operator and its columns to `columns`. Its input may be the output of an earlier one. Fails, naming the
  /// step, when a column has a type that does not fit or the state of a key is too large.
  result<void> add(layout& columns, keyed_step wanted);

  bool empty() const noexcept { return groups_.empty(); }

  /// What each table of a processor may take.
  std::vector<state_need> state_needs() const;

  /// A processor without state. The plan may end before it.
  /// @param bytes that each table may hold, as many as state_needs(); empty: no bound
  std::unique_ptr<keyed_processor> make_processor(keyed_tables tables, std::span<const std::uint64_t> bytes = {}) const;

private:
  friend class keyed_processor;

  struct step {
    keyed_operator_ptr run;
    column_id of;
    std::optional<column_id> time;
    std::optional<column_id> value{}; ///< column for the statistic or the score
    std::optional<column_id> flag{};
    std::optional<column_id> anomaly_score{};
    std::optional<column_id> severity{};
    std::optional<column_id> reason{};
    std::size_t state_offset = 0;
  };
  /// The steps that share a table: one look-up a record for all of them.
  struct group {
    std::optional<column_id> by;
    std::size_t max_keys = 0;
    std::vector<step> steps;
    std::size_t state_size = 0;
    std::string layout;     ///< what the fingerprint is taken of
    std::string steps_text; ///< for errors
    std::string key_name;
  };

  void place(const layout& columns, step s, std::optional<column_id> by, std::size_t max_keys, const std::string& as);

  std::vector<group> groups_;
};

/// All windows and detectors of one lane. Records that are rejected or filtered out before it do not enter. One with a
/// key that is longer than max_key_bytes is rejected, and enters none of them.
class keyed_processor final : public ordered_operator {
public:
  keyed_processor(const keyed_plan& plan, keyed_tables tables, std::span<const std::uint64_t> bytes);

  std::uint8_t tag() const noexcept override { return is_.tag; }
  bool owns(std::string_view key) const noexcept override;
  void process(batch& b) override;
  void collect_changes(record_block& into) override;
  result<void> restore(std::string_view key, const std::string_view* value) override;
  std::string describe(std::string_view key) const override;

  std::vector<table_stats> stats() const;

  /// Of all tables.
  operator_counts counts() const noexcept override;

private:
  struct table {
    keyed_plan::group plan;
    std::unique_ptr<key_table> keys;
    std::uint64_t late = 0;
    std::uint64_t ahead = 0;
  };

  const table* table_of(std::string_view key) const noexcept;
  void make_columns(batch& b);
  void process_part(table& t, batch& b, std::size_t begin, std::size_t count);
  void finish_texts(const table& t, batch& b);

  keyed_tables is_;
  std::vector<table> tables_;
  std::vector<std::shared_ptr<column>> made_; ///< the columns of the batch at hand, by column_id
  std::map<column_id, column_builder> texts_; ///< its reasons

  std::vector<std::byte*> states_;
  std::vector<double> values_;
  std::vector<std::int64_t> times_;
  std::vector<double> result_;
  std::vector<std::uint8_t> flags_;
  std::vector<double> anomaly_scores_;
  std::vector<severity> severities_;
  std::vector<std::string> reasons_;
};

} // namespace weir::core
